"""An FDF or XFDF file in; the fields that it names with their values out.

Programs export a form's answers without the form (ISO 32000-2, 12.7.8; ISO 19444-1). Such a file says neither which
form it is nor who signed it: the form is known by its names, and a person looks at every record of one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from xml.parsers import expat

import pikepdf

from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.returned.leaks import QPDF_OPENS
from schemebook.returned.limits import Limits
from schemebook.returned.opening import EDGE, HEADER, Data, set_aside
from schemebook.returned.raw_field import RawField
from schemebook.returned.raw_fields import fields_of_tree
from schemebook.returned.stored_values import is_dictionary
from schemebook.returned.widget_answers import KIND_OF

_FDF = b"%FDF-"
_XFDF = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:\w+:)?xfdf\b", re.DOTALL)
_ROOT = re.compile(rb"/Root\s+(\d{1,6}\s+\d{1,5})\s+R")
_OBJECT = re.compile(rb"\b(\d{1,6})\s+\d{1,5}\s+obj\b")
_AS_PDF = (
    b"\n%(catalogue)d 0 obj\n<< /Type /Catalog /Pages %(pages)d 0 R /Held %(root)s R >>\nendobj\n"
    b"%(pages)d 0 obj\n<< /Type /Pages /Kids [%(page)d 0 R] /Count 1 >>\nendobj\n"
    b"%(page)d 0 obj\n<< /Type /Page /Parent %(pages)d 0 R /MediaBox [0 0 9 9] >>\nendobj\n"
    b"trailer\n<< /Root %(catalogue)d 0 R /Size %(size)d >>\n%%%%EOF\n"
)
"""What qpdf needs to open an FDF as if it were a PDF: it finds the objects by itself."""
_FEWEST_NAMES = 3

Fields = dict[str, tuple[RawField, ...]]


def read_form_data(data: Data, limits: Limits) -> Fields | None:
    """What an FDF or XFDF file says, by full name of a field; None for another file. data: all its bytes.

    Raises SetAsideError damaged where it cannot be read, too-large past a limit.
    """
    head = data[:EDGE]
    if _FDF in head[: head.find(b"\n") + 1 or EDGE] and HEADER not in head:
        return _fdf(data[:], limits)
    return _xfdf(data[:], limits) if _XFDF.match(head) else None


def _fdf(data: bytes, limits: Limits) -> Fields:
    """An FDF is written like a PDF, but without pages and without a table of where things stand."""
    at = data.rfind(b"trailer")
    root = _ROOT.search(data, at) if at >= 0 else None
    if root is None:
        raise set_aside("damaged")
    last = max((int(number) for number in _OBJECT.findall(data, 0, at)), default=0)
    ours = {b"root": root[1], b"catalogue": last + 1, b"pages": last + 2, b"page": last + 3, b"size": last + 4}
    made = data[:at].replace(_FDF, b"%PDF-", 1) + _AS_PDF % ours
    try:
        with pikepdf.open(BytesIO(made)) as pdf:
            catalogue = pdf.Root.get("/Held")
            held = catalogue.get("/FDF") if is_dictionary(catalogue) else None
            return fields_of_tree(held.get("/Fields") if is_dictionary(held) else None, limits)
    except QPDF_OPENS:
        raise set_aside("damaged") from None


def _xfdf(data: bytes, limits: Limits) -> Fields:
    reader = _XfdfReader(limits)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.begin, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse  # nothing of ours has one, and entities are how bombs are made
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError):  # LookupError: it names an encoding that nobody has
        raise set_aside("damaged") from None
    return {name: (RawField("", tuple(values)),) for name, values in reader.found.items()}


class _XfdfReader:
    """Takes the events of an XFDF file; `found` has the values by full name."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.found: dict[str, list[str]] = {}
        self._path: list[str] = []
        self._names: list[str] = []
        self._value: list[str] | None = None
        self._size = 0

    def refuse(self, *_: object) -> None:
        raise set_aside("damaged")

    def begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._path.append(tag.rpartition(":")[2])
        if len(self._path) > self.limits.depth:
            raise set_aside("too-large", "too-large-inside", limit="levels of fields", most=self.limits.depth)
        if self._path[-1] == "field":
            self._names.append(attributes.get("name", ""))
            self.found.setdefault(".".join(self._names), [])
            if len(self.found) > self.limits.fields:
                raise set_aside("too-large", "too-large-inside", limit="fields", most=self.limits.fields)
        elif self._path[-1] == "value" and self._names:
            self._value, self._size = [], 0

    def text(self, text: str) -> None:
        if self._value is None:
            return
        self._size += len(text)
        if self._size > self.limits.value_bytes:
            most = self.limits.value_bytes
            raise set_aside("too-large", "too-large-inside", limit="bytes of one answer", most=most)
        self._value.append(text)

    def end(self, tag: str) -> None:
        ended = self._path.pop()
        if ended == "field":
            self._names.pop()
        elif ended == "value" and self._value is not None:
            if written := "".join(self._value):
                self.found[".".join(self._names)].append(written)
            self._value = None


def form_of_data(fields: Fields, known: Mapping[str, FormDescriptor]) -> tuple[FormDescriptor, Fields]:
    """The one published form that has these fields, and every field of it as a PDF would hold it.

    Fields that nobody filled in may be left out. Raises SetAsideError: no-fields, not-ours.
    """
    names = {name for name in fields if name}
    if not names:
        raise set_aside("no-fields")
    own = {id: form.names for id, form in known.items()}
    same = [form for id, form in known.items() if own[id] == names]
    wider = [form for id, form in known.items() if len(names) >= _FEWEST_NAMES and own[id] >= _leaves(names)]
    alike = {(form.meaning.scheme, form.meaning.form, form.meaning.version): form for form in reversed(same or wider)}
    if len(alike) != 1:
        raise set_aside("not-ours")
    (form,) = alike.values()
    return form, {
        widget.name: tuple(one._replace(kind=KIND_OF[widget.kind]) for one in fields.get(widget.name, (RawField(""),)))
        for widget in form.widgets
    }


def _leaves(names: set[str]) -> set[str]:
    """The names that are no other's beginning: a field above others is none itself."""
    above = {name[:at] for name in names for at, letter in enumerate(name) if letter == "."}
    return names - above

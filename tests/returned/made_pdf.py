"""One small published form and its PDF, made with pikepdf alone: every kind of field, none of the product's layout."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from schemebook.form_pdf.descriptor import Edition, FormDescriptor
from schemebook.returned.limits import Limits
from schemebook.returned.returned_pdf import ReturnedPdf, hashed
from schemebook.returned.submission import Submission, read_returned
from schemebook.scheme.meaning import Condition, FieldMeaning, FormMeaning, Widget

RADIO, COMBO = 1 << 15, 1 << 17


def _field(id: str, type: Any, **more: Any) -> FieldMeaning:
    return FieldMeaning(id=id, type=type, **{"required": False, **more})


MEANING = FormMeaning(
    scheme="club",
    form="application",
    version=1,
    fields=(
        _field("name", "text", required=True),
        _field("story", "long-text", most_words=20),
        _field("email", "email"),
        _field("day", "date"),
        _field("hours", "number"),
        _field("role", "one-of", options=("mentee", "mentor", "both")),
        _field("why", "text", required=True, only_if=Condition(field="role", is_=("mentor", "both"))),
        _field("region", "one-of", options=("north", "south"), drop_down=True),
        _field("topics", "several-of", options=("a", "b", "c"), at_least=1, at_most=2),
        _field("agrees", "yes-no"),
        _field("consent", "declaration"),
        _field("steps", "checklist", options=("one", "two")),
        _field(
            "skills",
            "table",
            rows=("x", "y"),
            columns=(_field("level", "text", required=True), _field("seen", "yes-no")),
        ),
        _field("met", "blank-table", blank_rows=3, columns=(_field("on", "date"), _field("note", "text"))),
        _field("home.town", "text"),
        _field("signed", "signature"),
    ),
)
LABELS = {"region/north": "The north", "region/south": "The south"}
EDITION = Edition(
    scheme="club", form="application", version=1, paper=(400, 600), text_size=10, language="en-GB", pages=2,
    title="Application", labels=LABELS, boxes=(),
)  # fmt: skip
FORM = FormDescriptor(MEANING, EDITION)
KNOWN = {EDITION.id: FORM}
FULL = {
    "name": "Tāne Mahuta",
    "story": "One line.\nAnother, with ʻokina.",
    "email": "tane@example.org",
    "day": "2026-11-24",
    "hours": 12,
    "role": "mentor",
    "why": "To give back",
    "region": "south",
    "topics": ["a", "c"],
    "agrees": False,
    "consent": True,
    "steps": ["two"],
    "skills": {"x": {"level": "good", "seen": True}, "y": {"level": "fair"}},
    "met": [{"on": "2026-01-02", "note": "first"}, {"note": "second"}],
    "home.town": "Łódź",
    "signed": {"name": "Tāne Mahuta", "date": "2026-11-24", "kind": "typed"},
}
"""An answer to every question, as `records` prints them."""

VALUES: dict[str, str] = {
    "name": "Tāne Mahuta",
    "story": "One line.\r\nAnother, with ʻokina.",
    "email": "tane@example.org",
    "day": "24 November 2026",
    "hours": "12",
    "role": "mentor",
    "why": "To give back",
    "region": "south",
    "topics.a": "on",
    "topics.c": "on",
    "agrees": "no",
    "consent": "on",
    "steps.two": "on",
    "skills.x.level": "good",
    "skills.x.seen": "yes",
    "skills.y.level": "fair",
    "met.1.on": "2 January 2026",
    "met.1.note": "first",
    "met.3.note": "second",
    "home.town": "Łódź",
    "signed.name": "Tāne Mahuta",
    "signed.date": "24 November 2026",
}
"""The same as a program writes them into the PDF's fields."""


def make_pdf(values: dict[str, str] | None = None, form: FormDescriptor = FORM, claim: bytes | None = b"") -> bytes:
    """The form with values in it, as a tidy program saves it. claim: its bytes; None for no claim."""
    with pikepdf.new() as pdf:
        for _ in range(2):
            pdf.add_blank_page(page_size=(400, 600))
        nodes: dict[str, Any] = {}
        fields = Array()
        for number, widget in enumerate(form.widgets):
            page = pdf.pages[number % 2]
            _hang(pdf, nodes, fields, widget.name, _made(pdf, page, widget, (values or {}).get(widget.name)))
        pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=fields))
        if claim is not None:
            _attach(pdf, claim or form.claim.as_bytes())
        return saved(pdf)


def saved(pdf: pikepdf.Pdf, **how: Any) -> bytes:
    out = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pikepdf 10.18 warns of widgets that the tree does not list: they are meant
        pdf.save(out, **{"static_id": True, **how})
    return out.getvalue()


def changed(data: bytes, change: Callable[[pikepdf.Pdf], object], **how: Any) -> bytes:
    """The file as a program saves it that does just this to it."""
    with pikepdf.open(BytesIO(data)) as pdf:
        change(pdf)
        return saved(pdf, **how)


def field(pdf: pikepdf.Pdf, name: str) -> Any:
    """The field of that full name, in the tree."""
    waiting = [("", node) for node in pdf.Root.AcroForm.Fields]
    while waiting:
        above, node = waiting.pop()
        full = ".".join(part for part in (above, str(node.get("/T", ""))) if part)
        if full == name:
            return node
        waiting += [(full, kid) for kid in node.get("/Kids", []) if "/T" in kid]
    raise KeyError(name)


def returned(folder: Path, data: bytes, name: str = "a.pdf", limits: Limits | None = None) -> ReturnedPdf:
    """The bytes as a file that came back."""
    path = folder / name
    path.write_bytes(data)
    return hashed(path, name, limits or Limits())


def read(folder: Path, data: bytes, limits: Limits | None = None) -> Submission:
    """What the reader makes of a file."""
    return read_returned(returned(folder, data, limits=limits), KNOWN, limits)


def kinds(submission: Submission) -> dict[str, str]:
    """Field -> kind of its problem, for forms whose fields have one at most."""
    return {problem.field: problem.kind for problem in submission.problems}


def _made(pdf: pikepdf.Pdf, page: pikepdf.Page, widget: Widget, value: str | None) -> Any:
    if widget.kind == "radio":
        group = pdf.make_indirect(Dictionary(FT=Name.Btn, Ff=RADIO, Kids=Array()))
        for option in widget.options:
            kid = _widget(pdf, page, AS=Name(f"/{option if option == value else 'Off'}"), AP=_states(pdf, option))
            kid.Parent = group
            group.Kids.append(kid)
        if value:
            group.V = Name(f"/{value}")
        return group
    if widget.kind == "tick":
        state = Name(f"/{value or 'Off'}")
        return _widget(pdf, page, FT=Name.Btn, V=state, AS=state, AP=_states(pdf, widget.options[0]))
    if widget.kind == "signature":
        return _widget(pdf, page, FT=Name.Sig)
    made = _widget(pdf, page, FT=Name.Ch if widget.kind == "drop-down" else Name.Tx)
    if widget.kind == "drop-down":
        made.Ff = COMBO
        made.Opt = Array([Array([String(one), String(LABELS[f"region/{one}"])]) for one in widget.options])
    if value is not None:
        made.V = String(value)
    return made


def _widget(pdf: pikepdf.Pdf, page: pikepdf.Page, **more: Any) -> Any:
    made = pdf.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array([10, 10, 90, 30]), F=4, P=page.obj, **more)
    )
    page.obj.Annots = Array([*page.obj.get("/Annots", []), made])
    return made


def _states(pdf: pikepdf.Pdf, on: str) -> Any:
    box = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 12, 12]))
    drawn = pdf.make_indirect(pikepdf.Stream(pdf, b"0 0 12 12 re f", box))
    return Dictionary(N=Dictionary({f"/{on}": drawn, "/Off": pikepdf.Stream(pdf, b"q Q", box)}))


def _hang(pdf: pikepdf.Pdf, nodes: dict[str, Any], fields: Array, name: str, made: Any) -> None:
    above, _, last = name.rpartition(".")
    made.T = String(last)
    if not above:
        fields.append(made)
        return
    if above not in nodes:
        nodes[above] = pdf.make_indirect(Dictionary(Kids=Array()))
        _hang(pdf, nodes, fields, above, nodes[above])
    made.Parent = nodes[above]
    nodes[above].Kids.append(made)


def _attach(pdf: pikepdf.Pdf, claim: bytes) -> None:
    held = pdf.make_indirect(pdf.make_stream(claim, Type=Name.EmbeddedFile))
    spec = pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String("schemebook.json"),
            UF=String("schemebook.json"),
            AFRelationship=Name.Data,
            EF=Dictionary(F=held, UF=held),
        )
    )
    pdf.Root.AF = Array([spec])
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("schemebook.json"), spec])))

"""What comes back: a PDF, form data, and the claim in a PDF. A record that can be kept, or a reason.

A record that is not marked for review has to stand up to a second reader: pypdf writes the file anew, and what is read
from that is the same, or marked, or refused.
"""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf
import pypdf
from pikepdf import Array, Dictionary, Name, String
from pypdf.errors import PyPdfError
from tests.failures.fuzzed.target import PLANTED, Target, folder, must_be_told_well
from tests.failures.hostile_containers import FORM_DATA as HOSTILE_FORM_DATA
from tests.failures.hostile_files import PDFS
from tests.flatteners import SMALL as FLATTENERS
from tests.returned.made_pdf import KNOWN as SMALL
from tests.returned.made_pdf import VALUES, make_pdf, returned
from tests.returned.quirks.cases import CASES
from tests.returned.quirks.test_merged_forms import FORMS, KNOWN, filled

from schemebook.errors import SetAsideError
from schemebook.form_pdf.descriptor import Claim
from schemebook.returned.leaks import LEAKS
from schemebook.returned.limits import Limits
from schemebook.returned.recognise import parse_claim
from schemebook.returned.recovery.page_codes import read_code
from schemebook.returned.submission import Submission, read_returned

_SLOW = ("bomb", "large", "many", "million", "deep-arrays", "rich-text")
"""Hostile files that are no seeds: a limit ends them, and each takes the time of a hundred others."""
_PROGRAMS = ("pdftk", "pdfium", "pypdf", "pdf-lib")
_SMALL = 40_000
_LOGGED: list[str] = []
FDF = (
    b"%FDF-1.2\n1 0 obj\n<</FDF<</Fields[<</T(name)/V(Ana)>><</T(met)/Kids[<</T(1)/Kids[<</T(on)/V[(x)(y)]>>]>>]>>]>>>>"
    b"\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"
)


class _Log(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        _LOGGED.append(record.getMessage())


logging.getLogger().addHandler(_Log())


def read_whole(data: bytes) -> list[Submission]:
    """The records of a file, each looked at: it can be kept, and nothing told of it quotes an answer. None: set aside.

    Breaks on any other error, and where anything is logged with an answer in it.
    """
    _LOGGED.clear()
    try:
        found = read_returned(returned(folder(), data), {**KNOWN, **SMALL})
    except SetAsideError as error:
        must_be_told_well(str(error))
        return []
    finally:
        assert not [text for text in _LOGGED if any(one in text for one in PLANTED)], "an answer in a log"
    records = [found, *found.others]
    for one in records:
        json.dumps([one.answers, [problem.text for problem in one.problems]], ensure_ascii=False).encode()
        json.dumps([part.as_json() for part in one.recovered], allow_nan=False)
        for said in (*one.review, *one.problems):
            must_be_told_well(said.message)
    return records


def _read(data: bytes) -> None:
    records = read_whole(data)
    if not records or any(one.review for one in records) or not data.startswith(b"%PDF"):
        return
    if len(data) > _SMALL and zlib.crc32(data) % 4:  # it takes ten times as long as to read the file
        return
    again = _written_by_pypdf(data)
    second = read_whole(again) if again else []
    if second and not any(one.review for one in second):
        assert [one.answers for one in second] == [one.answers for one in records], "two readers, two answers, no mark"


def _written_by_pypdf(data: bytes) -> bytes:
    """The file as pypdf reads it; nothing where it does not."""
    out = BytesIO()
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with suppress(PyPdfError, *LEAKS):
        pypdf.PdfWriter(clone_from=pypdf.PdfReader(BytesIO(data), strict=False)).write(out)
        return out.getvalue()
    return b""


def _pdfs() -> Iterator[bytes]:
    yield from (filled(name) for name in FORMS)
    yield make_pdf(VALUES)
    yield from (quirk.made() for quirk in CASES)
    yield from (make() for name, make in PDFS.items() if not any(word in name for word in _SLOW))


def _real_pdfs() -> Iterator[bytes]:
    """The bundled forms as programs fill them in, as programs print them flat, and written in other ways."""
    from tests.whole_path.test_filled_by_programs import EXAMPLES, PROGRAMS, form_of, typed

    with TemporaryDirectory() as held:
        place = Path(held)
        for number, example in enumerate(EXAMPLES):
            by = _PROGRAMS[number % len(_PROGRAMS)]
            (place / "blank.pdf").write_bytes(form_of(example).pdf)
            out = PROGRAMS[by](place / "blank.pdf", typed(example), place / f"{number}.pdf", form_of(example))
            yield out.read_bytes()
        (place / "filled.pdf").write_bytes(filled(FORMS[0]))
        for name, flatten in FLATTENERS.items():
            yield flatten(place / "filled.pdf", place / f"{name}.pdf").read_bytes()
    yield from _other_ways(filled(FORMS[1]))


def _other_ways(data: bytes) -> Iterator[bytes]:
    """One file as other savers write it: linearised, with plain objects, as an update, encrypted, ended long ago."""
    plain, packed = pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate
    ways: tuple[dict[str, Any], ...] = (
        {"linearize": True},
        {"object_stream_mode": plain, "qdf": True},
        {"object_stream_mode": packed, "min_version": "2.0"},
        {"encryption": pikepdf.Encryption(owner="o", user="")},
    )
    for way in ways:
        out = BytesIO()
        with pikepdf.open(BytesIO(data)) as pdf:
            pdf.save(out, static_id="encryption" not in way, **way)
        yield out.getvalue()
    writer = pypdf.PdfWriter(BytesIO(data), incremental=True)
    writer.add_metadata({"/Touched": "yes"})
    updated = BytesIO()
    writer.write(updated)
    yield updated.getvalue()
    yield updated.getvalue() + b"\0" * 900
    yield b"\r\n" * 20 + data
    yield _with_odd_strings()


def _with_odd_strings() -> bytes:
    """The small form with values in every encoding, a stream among them, and rich text."""
    from tests.returned.made_pdf import changed, field

    def change(pdf: pikepdf.Pdf) -> None:
        field(pdf, "name").V = String("Tāne Mahuta".encode("utf-16-le").join((b"\xff\xfe", b"")))
        field(pdf, "why").V = String(b"\xef\xbb\xbf" + b"To give back")
        field(pdf, "story").V = pdf.make_stream("\ufeffʻokina".encode("utf-16-be"))
        field(pdf, "home.town").RV = String("<body><p>Łódź</p></body>")
        field(pdf, "role").V = String("mentor")
        field(pdf, "region").V = Array([String("The south")])
        note = Dictionary(Subtype=Name.FreeText, Rect=Array([10, 10, 90, 30]), Contents=String("Łódź"))
        pdf.pages[0].obj.Annots.append(pdf.make_indirect(note))

    return changed(make_pdf(VALUES), change)


def _form_data() -> Iterator[bytes]:
    fields = "".join(f'<field name="{name}"><value>{value}</value></field>' for name, value in VALUES.items())
    yield f'<?xml version="1.0"?><xfdf><fields>{fields}</fields></xfdf>'.encode()
    yield FDF
    yield PDFS["entity-bomb"]()


def _real_form_data() -> Iterator[bytes]:
    """As pdftk exports it, with every field of a form named, and in other encodings."""
    from tests.returned.quirks.test_form_data import by_pdftk

    with TemporaryDirectory() as held:
        yield by_pdftk(Path(held), "generate_fdf")
    fields = "".join(f'<field name="{name}"><value>{value}</value></field>' for name, value in VALUES.items())
    for encoding in ("utf-16", "iso-8859-2"):
        text = (
            f'<?xml version="1.0" encoding="{encoding}"?><x:xfdf xmlns:x="http://ns.adobe.com/xfdf/"><fields>{fields}'
        )
        yield f"{text}</fields></x:xfdf>".encode(encoding, "xmlcharrefreplace")
    values = ((name, "/" + value if value.isalpha() else _hexadecimal(value)) for name, value in VALUES.items())
    listed = "".join(f"<</T({name})/V{value}>>" for name, value in values)
    head = "%FDF-1.2\n1 0 obj\n<</FDF<</F(a.pdf)/Fields 2 0 R>>>>\nendobj\n2 0 obj\n"
    yield f"{head}[{listed}]\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n".encode()
    yield from (data for make in HOSTILE_FORM_DATA.values() if len(data := make()) < 200_000)


def _hexadecimal(text: str) -> str:
    return f"<{text.encode('utf-16').hex()}>"


def _claim(data: bytes) -> None:
    """What a file says of itself, and a page by its printed code: strict, short, of plain letters; or nothing."""
    try:
        claim = parse_claim(data, Limits())
    except (SetAsideError, ValueError) as error:
        assert not isinstance(error, SetAsideError) or error.reason in ("unpublished-form", "too-large")
        assert isinstance(error, SetAsideError) or type(error).__name__ == "_NoClaim"
    else:
        assert parse_claim(claim.as_bytes(), Limits()) == claim
        assert claim.version < 10**9 and len(claim.edition) == 8
        assert claim.token is None or (len(claim.token), claim.token.isascii(), claim.token.isalnum()) == (
            8,
            True,
            True,
        )
    code = read_code(data.decode("utf-8", "replace"))
    if code is not None:
        shown = f"SB1/{code.edition.upper()}/{code.page}" + (f"/{code.token}" if code.token else "")
        assert shown.encode() == data


def _claims() -> Iterator[bytes]:
    yield from (form.claim.as_bytes() for form in SMALL.values())
    yield Claim("club", "application", 1, "0123abcd", "ABCDEF27").as_bytes()
    yield b'{"schemebook": 1, "scheme": "a", "form": "b", "version": 1e0, "edition": "\\u0030\xc3\xa9"}'
    yield b'{"schemebook": 1, "schemebook": 2}'
    yield b"SB1/0123ABCD/1"
    yield b"SB1/0123ABCD/12/ABCDEF27"


PDF = Target(_read, _pdfs, _real_pdfs)
FORM_DATA = Target(_read, _form_data, _real_form_data)
CLAIM = Target(_claim, _claims)

"""What a program wrote onto the pages, in the boxes of empty fields, is proposed as notes over boxes are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdf
import pytest
from pikepdf import Array, Dictionary, Name
from tests.programs import program, run
from tests.returned.made_pdf import changed
from tests.returned.quirks.test_merged_forms import FORMS, KNOWN, example, filled, form, read

from schemebook.form_pdf.descriptor import PIECES_OF_PRINT
from schemebook.returned.submission import Submission

FORM = form(FORMS[0])
SAID = {"name": "Tane Mahuta", "email": "tane@example.org", "role/mentor": "X"}
"""Full name of a box, and its option -> the text that is written into it."""
Draw = Callable[[Path, Path, Path], None]
"""A form, a page to lay over its first, and the file to write."""


def blank() -> bytes:
    assert FORM.blank is not None
    return FORM.blank.read_bytes()


def drawing(said: Mapping[str, str], hidden: bool = False) -> bytes:
    """The operators that write texts into the boxes of the first page. hidden: in letters that are not drawn."""
    boxes = {"/".join(filter(None, (one.name, one.option))): one for one in FORM.edition.boxes if one.page == 1}
    mode = "3 Tr " if hidden else ""
    lines = [
        f"BT {mode}/Helv 10 Tf {boxes[name].rect[0] + 3:g} {boxes[name].rect[1] + 2.5:g} Td ({text}) Tj ET"
        for name, text in said.items()
    ]
    return "\n".join(lines).encode()


def helvetica() -> Dictionary:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def sheet(said: Mapping[str, str]) -> bytes:
    """A page with nothing but the texts, and an empty one."""
    out = BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=FORM.edition.paper)
        page.obj.Resources = Dictionary(Font=Dictionary(Helv=helvetica()))
        page.obj.Contents = pdf.make_stream(drawing(said))
        pdf.add_blank_page(page_size=FORM.edition.paper)
        pdf.save(out)
    return out.getvalue()


def written_on(said: Mapping[str, str], hidden: bool = False) -> Callable[[pikepdf.Pdf], None]:
    """As libraries append to a page (pdf-lib, PDFBox, MuPDF): one more stream behind its print."""

    def write(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        page.obj.Resources.Font.Helv = helvetica()
        page.contents_add(drawing(said, hidden))

    return write


def with_pypdf(given: Path, over: Path, out: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=given)
    writer.pages[0].merge_page(pypdf.PdfReader(over).pages[0])
    writer.write(out)


def with_pikepdf(given: Path, over: Path, out: Path) -> None:
    with pikepdf.open(given) as pdf, pikepdf.open(over) as upper:
        pdf.pages[0].add_overlay(upper.pages[0])
        pdf.save(out)


def with_qpdf(given: Path, over: Path, out: Path) -> None:
    run([program("qpdf"), given, "--overlay", over, "--to=1", "--", out])


def with_pdftk(given: Path, over: Path, out: Path) -> None:
    run([program("pdftk"), given, "multistamp", over, "output", out])


def with_pymupdf(given: Path, over: Path, out: Path) -> None:
    import pymupdf  # of the tests with viewers only

    document = pymupdf.open(given)
    for box in FORM.edition.boxes:
        text = SAID.get("/".join(filter(None, (box.name, box.option))))
        if text and box.page == 1:
            document[0].insert_text((box.rect[0] + 3, FORM.edition.paper[1] - box.rect[1] - 2.5), text, fontsize=10)
    document.save(out)


def drawn(folder: Path, draw: Draw, said: Mapping[str, str] = SAID) -> bytes:
    given, over, out = (folder / name for name in ("given.pdf", "over.pdf", "out.pdf"))
    given.write_bytes(blank())
    over.write_bytes(sheet(said))
    draw(given, over, out)
    return out.read_bytes()


def is_proposed(found: Submission) -> None:
    assert {id: found.answers.get(id) for id in ("name", "email", "role")} == {
        "name": "Tane Mahuta",
        "email": "tane@example.org",
        "role": "mentor",
    }
    assert [(one.kind, one.field) for one in found.review] == [
        ("written-over", "role"),
        ("written-over", "name"),
        ("written-over", "email"),
    ]
    assert {(one.widget, one.door, one.accepted, one.page) for one in found.recovered} == {
        (name, "note", False, 1) for name in ("name", "email", "role")
    }


@pytest.mark.parametrize("draw", [with_pypdf, with_pikepdf], ids=lambda draw: str(draw.__name__))
def test_what_a_library_lays_over_a_page_is_proposed(tmp_path: Path, draw: Draw) -> None:
    (found,) = read(tmp_path, drawn(tmp_path, draw))
    is_proposed(found)


@pytest.mark.all_tiers
@pytest.mark.parametrize("draw", [with_qpdf, with_pdftk, with_pymupdf], ids=lambda draw: str(draw.__name__))
def test_what_a_program_stamps_onto_a_page_is_proposed(tmp_path: Path, draw: Draw) -> None:
    (found,) = read(tmp_path, drawn(tmp_path, draw))
    is_proposed(found)


def test_what_is_appended_to_a_page_is_proposed(tmp_path: Path) -> None:
    (found,) = read(tmp_path, changed(blank(), written_on(SAID)))
    is_proposed(found)


def test_a_text_over_a_filled_box_leaves_its_answer(tmp_path: Path) -> None:
    """Some programs draw what stands in the fields onto the page as well, and keep the fields."""
    (found,) = read(tmp_path, changed(filled(FORMS[0]), written_on({"name": "Somebody else"})))
    assert (found.answers, found.review) == (example(FORMS[0]), ())


@pytest.mark.parametrize("hidden", [True, False], ids=["not drawn", "beside all boxes"])
def test_what_nobody_sees_in_a_box_answers_nothing(tmp_path: Path, hidden: bool) -> None:
    """A reader of letters lays them over a page without drawing them; a gateway prints its line into the margin."""
    margin = (
        written_on({}) if hidden else lambda pdf: pdf.pages[0].contents_add(b"BT /Helv 8 Tf 20 8 Td (Received) Tj ET")
    )

    def write(pdf: pikepdf.Pdf) -> None:
        written_on(SAID if hidden else {}, hidden=True)(pdf)
        margin(pdf)

    (found,) = read(tmp_path, changed(blank(), write))
    assert (found.answers, [one.kind for one in found.review]) == ({}, ["nothing-filled-in"])


def test_a_page_whose_print_became_one_stream_has_nothing_in_its_boxes(tmp_path: Path) -> None:
    def join(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            page.contents_coalesce()

    (found,) = read(tmp_path, changed(filled(FORMS[0]), join))
    assert (found.answers, found.review) == (example(FORMS[0]), ())
    (empty,) = read(tmp_path, changed(blank(), join))
    assert (empty.answers, [one.kind for one in empty.review]) == ({}, ["nothing-filled-in"])


def test_a_drawing_that_is_too_large_to_be_looked_at_is_told(tmp_path: Path) -> None:
    """The answers in the fields are read; pdfium is not given what would take all memory."""

    def draw(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].contents_add(b"0 0 m\n" * 4_000_000)

    (found,) = read(tmp_path, changed(filled(FORMS[0]), draw))
    assert (found.answers, [one.kind for one in found.review]) == (example(FORMS[0]), ["notes"])


def test_every_page_that_is_published_has_its_print_in_so_many_pieces() -> None:
    """So that no usual file is looked at twice."""
    for one in KNOWN.values():
        assert one.blank is not None
        with pikepdf.open(one.blank) as pdf:
            assert {len(page.obj.Contents) for page in pdf.pages if isinstance(page.obj.Contents, Array)} == {
                PIECES_OF_PRINT
            }, one.blank.name

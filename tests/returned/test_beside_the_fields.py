"""What people put into a PDF beside its fields is never passed over: comments, and files attached inside."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, String
from tests.form_pdf.everything import everything
from tests.programs import Value, fill_with_pdftk, program, run
from tests.returned.made_pdf import changed, returned
from tests.returned.quirks.test_merged_forms import FORMS, KNOWN, example, filled, form, read, reviews

from schemebook.errors import SetAsideError
from schemebook.returned.submission import read_returned
from schemebook.scheme.words import what_and_to_do


def with_note(kind: str, **more: object) -> bytes:
    def write(pdf: pikepdf.Pdf) -> None:
        note = Dictionary(Subtype=Name(kind), Rect=Array([5, 5, 20, 20]), **more)
        page = pdf.pages[0].obj
        page.Annots = Array([*page.Annots, pdf.make_indirect(note)])

    return changed(filled(FORMS[0]), write)


@pytest.mark.parametrize("kind", ["/Text", "/Highlight", "/StrikeOut", "/Caret", "/Square"])
def test_a_comment_is_told(tmp_path: Path, kind: str) -> None:
    (found,) = read(tmp_path, with_note(kind, Contents=String("My address has changed: new@example.org")))
    assert (found.answers, reviews((found,))) == (example(FORMS[0]), {"notes"})


@pytest.mark.parametrize("more", [{}, {"Contents": String("")}, {"Contents": String(" ")}, {"Contents": Name.No}])
def test_a_mark_without_words_says_nothing(tmp_path: Path, more: dict[str, object]) -> None:
    (found,) = read(tmp_path, with_note("/Highlight", **more))
    assert reviews((found,)) == set()


def test_a_file_that_hangs_on_a_page_is_told(tmp_path: Path) -> None:
    assert reviews(read(tmp_path, with_note("/FileAttachment"))) == {"files-inside"}


def test_files_attached_inside_a_form_are_told(tmp_path: Path) -> None:
    form, other, out = tmp_path / "form.pdf", tmp_path / "other.pdf", tmp_path / "out.pdf"
    form.write_bytes(filled(FORMS[0]))
    other.write_bytes(filled(FORMS[1]))
    run([program("pdftk"), form, "attach_files", other, "output", out])
    found = read(tmp_path, out.read_bytes())
    assert ([one.answers for one in found], reviews(found)) == ([example(FORMS[0])], {"files-inside"})


def test_files_attached_inside_a_form_that_was_printed_flat_are_told(tmp_path: Path) -> None:
    form, flat, out = tmp_path / "form.pdf", tmp_path / "flat.pdf", tmp_path / "out.pdf"
    form.write_bytes(filled(FORMS[0]))
    run([program("qpdf"), "--flatten-annotations=all", form, flat])
    run([program("qpdf"), flat, "--add-attachment", form, "--", out])
    assert "files-inside" in reviews(read(tmp_path, out.read_bytes()))


def test_of_a_portfolio_it_is_told_where_its_forms_are(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for name in FORMS:
            pdf.attachments[f"{name}.pdf"] = AttachedFileSpec(pdf, filled(name), mime_type="application/pdf")
        pdf.Root.Collection = Dictionary(Type=Name.Collection)
        pdf.save(tmp_path / "portfolio.pdf")
    with pytest.raises(SetAsideError) as set_aside:
        read_returned(returned(tmp_path, (tmp_path / "portfolio.pdf").read_bytes()), KNOWN)
    told = set_aside.value
    assert (told.reason, told.what, told.to_do) == ("no-fields", *what_and_to_do("returned.files-inside"))


def test_a_form_that_came_back_blank_is_told(tmp_path: Path) -> None:
    blank = form(FORMS[0]).blank
    assert blank is not None
    (found,) = read(tmp_path, blank.read_bytes())
    assert (found.answers, reviews((found,))) == ({}, {"nothing-filled-in"})


def test_so_is_a_blank_one_that_asks_for_ticks_where_none_is_an_answer(tmp_path: Path) -> None:
    made = everything()
    found = read_returned(returned(tmp_path, made.pdf), {made.descriptor.edition.id: made.descriptor})
    assert found.answers["share"] is False
    assert reviews((found,)) == {"nothing-filled-in"}


def test_a_form_with_nothing_but_an_answer_that_cannot_be_read_is_not_blank(tmp_path: Path) -> None:
    blank = form(FORMS[0]).blank
    assert blank is not None
    typed: dict[str, Value] = {"sessions": "several"}
    filled_in = fill_with_pdftk(blank, typed, tmp_path / "typed.pdf")
    (found,) = read(tmp_path, filled_in.read_bytes())
    assert (found.answers, reviews((found,))) == ({}, set())


@pytest.mark.parametrize(
    ("date", "kind", "problems"),
    [
        ("Tues 3 Nov 2026", "typed", []),
        ("31/02/2026", "typed", ["not-a-date"]),
        ("as above", "typed", ["not-a-date"]),
        ("", "none", ["not-signed"]),
        ("\u200b", "none", ["not-signed"]),
    ],
)
def test_a_name_with_a_date_that_is_none_beside_it_is_signed(
    tmp_path: Path, date: str, kind: str, problems: list[str]
) -> None:
    """Who wrote name and date has signed; that the date is none is told once, and not that nobody signed."""
    blank = form("contract").blank
    assert blank is not None
    signed = next(one.id for one in form("contract").meaning.fields if one.type == "signature")
    typed: dict[str, Value] = {f"{signed}.name": "Rose Tyler", f"{signed}.date": date}
    (found,) = read(tmp_path, fill_with_pdftk(blank, typed, tmp_path / "typed.pdf").read_bytes())
    told = [one.kind for one in found.problems if one.field.partition(".")[0] == signed]
    assert (found.answers[signed]["kind"], told) == (kind, problems)

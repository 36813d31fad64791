"""A form that somebody took apart, so that one page of it comes alone: what stands on that page is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdf
import pytest
from tests.programs import Value, fill_with_pdftk, program, run
from tests.returned.made_pdf import returned
from tests.returned.quirks.test_merged_forms import KNOWN

from schemebook.errors import SetAsideError
from schemebook.returned.submission import Submission, read_returned

TYPED: dict[str, Value] = {
    "name": "Mele Tuʻipulotu",
    "years": "7",
    "fields.energy": True,
    "times": "Mornings, UTC+13",
    "gender": "woman",
}
ON_PAGE = {
    1: {"name": "Mele Tuʻipulotu", "fields": ["energy"], "years": 7},
    2: {"times": "Mornings, UTC+13", "gender": "woman"},
}
Take = Callable[[Path, int, Path], None]


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    name = ("plp-ess", "mentee-profile", "a4")
    form = next(one for one in KNOWN.values() if (one.meaning.scheme, one.meaning.form, one.edition.name) == name)
    assert form.blank is not None
    blank = tmp_path / "blank.pdf"
    blank.write_bytes(form.blank.read_bytes())
    return fill_with_pdftk(blank, TYPED, tmp_path / "whole.pdf")


def taken_by_qpdf(whole: Path, page: int, out: Path) -> None:
    """The claim stays, and of the fields those of the page."""
    run([program("qpdf"), whole, "--pages", ".", str(page), "--", out])


def taken_by_qpdf_that_splits(whole: Path, page: int, out: Path) -> None:
    """The claim is dropped."""
    run([program("qpdf"), "--split-pages", whole, out.with_name("s-%d.pdf")])
    out.with_name(f"s-{page}.pdf").rename(out)


def taken_by_pdftk(whole: Path, page: int, out: Path) -> None:
    """The claim is dropped."""
    run([program("pdftk"), whole, "cat", str(page), "output", out])


def taken_by_pdfseparate(whole: Path, page: int, out: Path) -> None:
    """Widgets lose the fields above them."""
    run([program("pdfseparate"), "-f", str(page), "-l", str(page), whole, out])


def read(folder: Path, page: Path) -> Submission:
    return read_returned(returned(folder, page.read_bytes()), KNOWN)


@pytest.mark.parametrize("page", [1, 2])
@pytest.mark.parametrize(
    "take",
    [taken_by_qpdf, taken_by_qpdf_that_splits, taken_by_pdftk, taken_by_pdfseparate],
    ids=lambda take: take.__name__,
)
def test_a_page_that_comes_alone_keeps_what_stood_in_its_fields(
    whole: Path, page: int, take: Take, tmp_path: Path
) -> None:
    take(whole, page, tmp_path / "page.pdf")
    found = read(tmp_path, tmp_path / "page.pdf")
    assert found.answers == ON_PAGE[page]
    assert "page-missing" in {reason.kind for reason in found.review}


def unlist(pdf: pikepdf.Pdf, name: str) -> None:
    """Take a field out of the form's list."""
    fields = pdf.Root.AcroForm.Fields
    del fields[next(number for number, one in enumerate(fields) if one.get("/T") == name)]


def test_a_page_that_lacks_a_field_is_damaged_and_not_missing(whole: Path, tmp_path: Path) -> None:
    with pikepdf.open(whole) as pdf:
        held = pdf.pages[1].Annots
        lost = next(number for number, one in enumerate(held) if one.get("/T") == "gender")
        del held[lost]
        unlist(pdf, "gender")
        pdf.save(tmp_path / "page.pdf")
    with pytest.raises(SetAsideError) as set_aside:
        read(tmp_path, tmp_path / "page.pdf")
    assert set_aside.value.reason == "damaged"


def test_answers_of_a_page_that_is_gone_are_not_passed_over(whole: Path, tmp_path: Path) -> None:
    """The page was taken out, its fields stayed in the form's list, but for one."""
    with pikepdf.open(whole) as pdf:
        del pdf.pages[1]
        unlist(pdf, "gender")
        pdf.save(tmp_path / "page.pdf")
    with pytest.raises(SetAsideError) as set_aside:
        read(tmp_path, tmp_path / "page.pdf")
    assert set_aside.value.reason == "damaged"


def test_a_page_alone_in_a_damaged_file_is_no_record(whole: Path, tmp_path: Path) -> None:
    taken_by_qpdf(whole, 1, tmp_path / "page.pdf")
    data = (tmp_path / "page.pdf").read_bytes()
    (tmp_path / "page.pdf").write_bytes(data[: data.rindex(b"startxref")])
    with pytest.raises(SetAsideError) as set_aside:
        read(tmp_path, tmp_path / "page.pdf")
    assert set_aside.value.reason == "damaged"


def test_fields_that_nobody_can_place_are_told(whole: Path, tmp_path: Path) -> None:
    """A page alone, made smaller, so that its boxes stand elsewhere: known by its print, in which nothing stands."""
    taken_by_pdftk(whole, 1, tmp_path / "page.pdf")
    writer = pypdf.PdfWriter(clone_from=tmp_path / "page.pdf")
    writer.pages[0].scale_by(0.9)
    writer.write(tmp_path / "small.pdf")
    found = read(tmp_path, tmp_path / "small.pdf")
    assert {"fields-unread", "page-missing"} <= {reason.kind for reason in found.review}

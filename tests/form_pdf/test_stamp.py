"""What is printed last: the code, its small print, DRAFT."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from tests.form_pdf.everything import everything, project_at
from tests.programs import pdftoppm, pdftotext

from schemebook.form_pdf.descriptor import page_code
from schemebook.form_pdf.finish import make_form_pdf
from schemebook.form_pdf.sheet import SHEETS
from schemebook.form_pdf.stamp import modules

DPI = 200


def codes_on(pdf: bytes, folder: Path) -> list[list[tuple[str, float, float]]]:
    """Each page's codes: text, and the place of their lower right corner in millimetres from that of the page."""
    path = folder / "made.pdf"
    path.write_bytes(pdf)
    found = []
    for picture in pdftoppm(path, DPI, folder):
        with Image.open(picture) as image:
            codes = zxingcpp.read_barcodes(image)
            size = image.size
        corners = [code.position.bottom_right for code in codes]
        found.append(
            [
                (code.text, (size[0] - corner.x) * 25.4 / DPI, (size[1] - corner.y) * 25.4 / DPI)
                for code, corner in zip(codes, corners, strict=True)
            ]
        )
    return found


@pytest.mark.parametrize("edition", SHEETS)
def test_every_page_names_its_edition_and_itself(edition: str, tmp_path: Path) -> None:
    made = everything(edition)
    pages = codes_on(made.pdf, tmp_path)
    assert len(pages) == made.descriptor.edition.pages
    for number, codes in enumerate(pages, 1):
        ((text, right, bottom),) = codes
        assert text == page_code(made.descriptor.edition.id, number)
        assert 7 < right < 10 and 7 < bottom < 10


def test_an_issued_copys_token_is_in_its_code(tmp_path: Path) -> None:
    made = make_form_pdf(project_at(tmp_path), "harbour", "everything", token="ABCDEFGH")
    edition = made.descriptor.edition
    for number, codes in enumerate(codes_on(made.pdf, tmp_path), 1):
        assert [text for text, *_ in codes] == [page_code(edition.id, number, "ABCDEFGH")]


def test_the_small_print_says_the_same_in_words(tmp_path: Path) -> None:
    made = everything()
    path = tmp_path / "made.pdf"
    path.write_bytes(made.pdf)
    pages = pdftotext(path).split("\f")
    for number in range(1, made.descriptor.edition.pages + 1):
        text = pages[number - 1]
        assert f"edition {made.descriptor.edition.id} · {page_code(made.descriptor.edition.id, number)}" in text
        assert f"Page {number} of {made.descriptor.edition.pages}" in text
        assert "Harbour everything, version 1" in text


@pytest.mark.parametrize("draft", [True, False])
def test_draft_stands_in_the_header_of_each_page_in_words_or_nowhere(draft: bool, tmp_path: Path) -> None:
    made = make_form_pdf(project_at(tmp_path), "harbour", "everything", draft=draft)
    path = tmp_path / "made.pdf"
    path.write_bytes(made.pdf)
    pages = pdftotext(path).split("\f")[:-1]
    assert [len(re.findall("DRAFT", page)) for page in pages] == [int(draft)] * made.descriptor.edition.pages


@pytest.mark.parametrize("text", ["SB1/00000000/1", "SB1/FFFFFFFF/99", "SB1/0A1B2C3D/500/ABCDEFGH"])
def test_a_code_is_square_and_its_modules_wide_enough_to_be_scanned(text: str) -> None:
    grid = modules(text)
    assert all(len(row) == len(grid) for row in grid)
    assert (12 if text.count("/") == 3 else 10) / len(grid) >= 0.6 - 0.01

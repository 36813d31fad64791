"""What each edition promises: large print is large throughout, black and white has no colour."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image, ImageChops
from tests.form_pdf.everything import EVERYTHING, SCHEME, everything, form_with, made_from
from tests.programs import pdftoppm

from schemebook.form_pdf.fill import fill_form
from schemebook.form_pdf.sheet import SHEETS, Sheet

LARGE = SHEETS["large-print"]
POINTS = 72 / 25.4
ANSWERS: dict[str, Any] = {
    "full-name": "Tāne Mahuta",
    "role": "mentor",
    "biography": "Words 漢字 that the field font lacks",
    "topics": ["career", "write"],
    "mentee-signed": {"name": "Tāne Mahuta", "date": "2026-11-24", "kind": "typed"},
}


def printed_sizes(pdf: bytes) -> list[tuple[float, float, str]]:
    """(height on the page in millimetres, size of type in points, letter) of every letter that is printed."""
    found = []
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            text = page.get_textpage()
            for index in range(text.count_chars()):
                letter = chr(pdfium.FPDFText_GetUnicode(text, index))
                x, y = ctypes.c_double(), ctypes.c_double()
                if letter.strip() and pdfium.FPDFText_GetCharOrigin(text, index, x, y):
                    found.append((y.value / POINTS, pdfium.FPDFText_GetFontSize(text, index), letter))
    finally:
        document.close()
    return found


def in_the_text(sheet: Sheet, height: float) -> bool:
    return sheet.bottom <= height <= sheet.height - sheet.top


def test_large_print_is_18_points_and_nothing_of_it_is_under_16() -> None:
    sizes = printed_sizes(everything("large-print").pdf)
    text = [round(size, 1) for height, size, _ in sizes if in_the_text(LARGE, height)]
    assert min(text) == 16
    assert max(set(text), key=text.count) == 18
    assert LARGE.text == 18


def test_what_is_read_in_the_margins_of_large_print_is_14_points_at_least() -> None:
    """Not the name of the form and the code in words: those are for the office."""
    sizes = printed_sizes(everything("large-print").pdf)
    margins = [(size, letter) for height, size, letter in sizes if not in_the_text(LARGE, height)]
    assert {round(size, 1) for size, _ in margins} == {8.5, 9, 10, 14, 16}  # 8.5 is the word DRAFT
    large = "".join(letter for size, letter in margins if size > 13)
    assert "Questions?" in large and "Page1of" in large and "HarbourMentoringScheme" in large and "Stage1of3" in large


def test_boxes_of_large_print_are_12_millimetres_high_and_hold_9_words_a_line() -> None:
    made = everything("large-print")
    texts = {widget.name for widget in made.descriptor.widgets if widget.kind in ("text", "drop-down")}
    framed = [(box.rect[3] - box.rect[1]) / POINTS for box in made.descriptor.edition.boxes if box.name in texts]
    assert min(framed) == pytest.approx(12, abs=0.05)
    assert LARGE.area_height(90, LARGE.text_width) == pytest.approx(10 * 8.1 + 3.2)


def test_large_print_has_one_column_but_for_name_and_date_of_a_signature() -> None:
    made = everything("large-print")
    texts = {widget.name for widget in made.descriptor.widgets if widget.kind in ("text", "drop-down")}
    wide = {
        box.name: (box.rect[2] - box.rect[0]) / POINTS for box in made.descriptor.edition.boxes if box.name in texts
    }
    narrow = {name for name, width in wide.items() if width < LARGE.text_width - 2 * LARGE.box_inset - 0.1}
    assert narrow == {f"{who}-signed.{part}" for who in ("mentee", "mentor") for part in ("name", "date")}


def test_what_fits_on_a_page_of_a4_can_be_made_in_large_print(tmp_path: Path) -> None:
    """A long list, a long statement with its signature, and a row of many words go on over the page's end."""
    options = ", ".join(f"o{number}: {'many words ' * 20}" for number in range(14))
    fields = f"""
- {{id: list, type: checklist, label: A list, options: {{{options}}}}}
- {{id: signed, type: signature, label: Signature, declaration: '{"many words " * 260}'}}
- id: table
  type: table
  label: A table
  columns: {{note: {{label: Note, type: long-text, most-words: 100}}, more: {{label: More, type: long-text}}}}
  rows: {{one: {{label: One, criteria: ['{"many words " * 150}']}}}}
"""
    assert made_from(tmp_path, form_with(fields)).descriptor.edition.pages > 1
    assert made_from(tmp_path, form_with(fields), edition="large-print").descriptor.edition.pages > 2


def most_colour(pdf: bytes, folder: Path) -> int:
    """The largest difference between red, green and blue anywhere on any page, of 255."""
    path = folder / "made.pdf"
    path.write_bytes(pdf)
    worst = 0
    for picture in pdftoppm(path, 50, folder):
        with Image.open(picture) as page:
            red, green, blue = page.convert("RGB").split()
        for one, other in ((red, green), (green, blue)):
            (_, most) = ImageChops.difference(one, other).getextrema()
            worst = max(worst, int(most))
    return worst


@pytest.mark.parametrize(("edition", "colour"), [("black-and-white", False), ("a4", True)])
def test_black_and_white_has_no_colour_be_it_blank_draft_or_filled(edition: str, colour: bool, tmp_path: Path) -> None:
    logo = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="#AB1234"/></svg>'
    )
    (tmp_path / "scheme-configs").mkdir()
    (tmp_path / "scheme-configs/mark.svg").write_text(logo, "utf-8")
    scheme = SCHEME.replace('"#1E6B52"}', '"#1E6B52", logo: mark.svg, logo-alt: A red square}')
    draft = made_from(tmp_path, EVERYTHING, scheme, edition)
    assert draft.draft
    assert (most_colour(draft.pdf, tmp_path) > 9) is colour
    filled = fill_form(everything(edition).pdf, everything(edition).descriptor, ANSWERS)
    assert (most_colour(filled.pdf, tmp_path) > 9) is colour

"""What a sheet measures."""

from __future__ import annotations

import pytest
from tests.form_pdf.everything import everything

from schemebook.form_pdf.sheet import SHEETS
from schemebook.form_pdf.text_measure import lines_needed, text_width


def test_a_box_has_a_line_for_each_sixteen_words_and_three_at_least() -> None:
    sheet = SHEETS["a4"]
    assert sheet.area_height(200, sheet.text_width) == pytest.approx(13 * 4.5 + 3.2)
    assert sheet.area_height(1, sheet.text_width) == pytest.approx(3 * 4.5 + 3.2)
    assert sheet.area_height(1500, sheet.text_width) == sheet.tallest_area < sheet.text_height


def test_the_grid_is_two_columns_of_84_with_6_between() -> None:
    sheet = SHEETS["a4"]
    assert [round(sheet.span_width(span), 3) for span in (2, 3, 4, 6)] == [54, 84, 114, 174]


@pytest.mark.parametrize("edition", SHEETS)
def test_no_box_is_lower_than_can_be_written_in_by_hand(edition: str) -> None:
    signs = {
        (widget.name, option)
        for widget in everything().descriptor.widgets
        if widget.kind in ("radio", "tick")
        for _, option in widget.boxes()
    }
    for box in everything(edition).descriptor.edition.boxes:
        height = (box.rect[3] - box.rect[1]) * 25.4 / 72
        assert height >= (4.1 if (box.name, box.option) in signs else 6), box


def test_a_paragraph_takes_the_lines_that_its_words_need() -> None:
    words = "one two three four five six seven eight nine ten"
    assert lines_needed(words, 10, 1000) == 1
    assert lines_needed(words, 10, text_width(words, 10) / 2) in (2, 3)
    assert lines_needed(words, 10, 1) == 10
    assert text_width(words, 20) == pytest.approx(2 * text_width(words, 10))
    assert text_width(words, 10, semibold=True) > text_width(words, 10)

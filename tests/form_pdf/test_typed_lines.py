"""Answers in the field font break into lines as programs break what is typed."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemebook.form_pdf.fonts import field_font
from schemebook.form_pdf.typed_lines import is_plain, line_height, line_width, set_line, set_lines

SCALES = (1.0, 0.9, 0.8)
ENGLISH = " ".join((Path(__file__).parent / "running_english.txt").read_text(encoding="utf-8").split())


def lines(text: str, width: float) -> list[str]:
    return list(set_lines(text, width, 1000, 10, (1.0,)).lines)


def test_a_word_that_does_not_fit_goes_to_the_next_line() -> None:
    width = line_width("one two") * 10 + 1
    assert lines("one two three", width) == ["one two", "three"]
    assert lines("one two  three", width) == ["one two", "three"], "spaces hang over the end of a line"


def test_line_ends_and_blank_lines_stay() -> None:
    assert lines("one\n\n two\n", 500) == ["one", "", " two", ""]


def test_a_line_may_end_after_a_hyphen_and_never_at_a_no_break_space() -> None:
    width = line_width("mother-in-") * 10 + 1
    assert lines("mother-in-law", width) == ["mother-in-", "law"]
    assert lines("one 10\u00a0km", line_width("one 10") * 10 + 1) == ["one", "10\u00a0km"]


LETTERS = st.sampled_from(sorted(chr(letter) for letter in field_font().glyphs if is_plain(chr(letter))))


@given(st.text(LETTERS | st.just("\n"), max_size=200), st.floats(60, 300))
def test_no_letter_is_lost_and_no_line_is_too_wide(text: str, width: float) -> None:
    made = set_lines(text, width, 10_000, 10, SCALES)
    assert "".join(made.lines).replace(" ", "") == text.replace("\n", "").replace(" ", "")
    if made.fits:
        assert max(line_width(line) * made.size for line in made.lines) <= width + 1e-6


def test_a_text_is_made_smaller_only_as_far_as_it_must() -> None:
    room = 10 * line_height(10)
    full = set_lines(ENGLISH[:400], 300, room, 10, SCALES)
    smaller = set_lines(ENGLISH[:750], 300, room, 10, SCALES)
    too_long = set_lines(ENGLISH[:4000], 300, room, 10, SCALES)
    assert (full.size, full.fits) == (10, True)
    assert smaller.size in (9, 8) and smaller.fits and len(smaller.lines) * line_height(smaller.size) <= room
    assert (too_long.size, too_long.fits) == (8, False)


def test_one_line_is_made_smaller_only_as_far_as_it_must() -> None:
    width = line_width("24 November 2026") * 10
    assert (set_line("24 November 2026", width + 1, 10, SCALES).size, True) == (10, True)
    assert set_line("24 November 2026", width * 0.95, 10, SCALES).size == 9
    assert not set_line("24 November 2026", width * 0.7, 10, SCALES).fits


@pytest.mark.parametrize("text", ["e\u0301", "王", "a\u200db", "soft\u00adhyphen", "a\tb", "\u1f60"])
def test_what_needs_shaping_or_another_face_is_not_plain(text: str) -> None:
    assert not is_plain(text)


def test_living_latin_greek_and_cyrillic_are_plain() -> None:
    text = "Tuʻipulotu Tāne Łódź ŵŷ Ğİş Nguyễn Thị Việt Ελληνικά Українська"
    assert is_plain(text) and unicodedata.is_normalized("NFC", text)

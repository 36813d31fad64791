"""Words are counted by UAX #29, in one way everywhere."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uniseg.wordbreak import words

from schemebook.scheme.counting import count_words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("   \n ", 0),
        ("word", 1),
        ("two words", 2),
        ("two\nlines", 2),
        ("Don't", 1),
        ("Don’t stop", 2),
        ("mother-in-law", 3),
        ("an e-mail", 3),
        ("3.5 hours, 1,000 words", 4),
        ("e.g. this", 2),
        ("Wait... what?! – Yes.", 3),
        ("• one\n• two", 2),
        ("a/b", 2),
        ("snake_case_word", 1),
        ("Kāinga whānau", 2),
        ("Łódź i Kraków", 3),
        ("Ma'asi mo e fa'ē", 4),
        ("مرحبا بالعالم", 2),
        ("日本語", 3),
        ("10:30", 2),
        ("office@example.org", 2),
        ("½ hour", 2),
        ("👍🏽 fine", 1),
        ("na\u00efve nai\u0308ve", 2),
    ],
)
def test_words_are_what_uax_29_cuts_and_holds_a_letter_or_a_digit(text: str, count: int) -> None:
    assert count_words(text) == count


def by_the_book(text: str) -> int:
    return sum(1 for segment in words(text) if any(sign.isalnum() for sign in segment))


LATIN = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x242), *range(0x2010, 0x2020), 0x2026, 0x20AC, 10, 9, 13]))


@settings(max_examples=400)
@given(st.text(LATIN, max_size=60) | st.text("ab1'.:,;’_- \n²½", max_size=20) | st.text(max_size=40))
def test_the_quick_way_counts_as_the_whole_algorithm_does(text: str) -> None:
    assert count_words(text) == by_the_book(text)

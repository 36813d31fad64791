from __future__ import annotations

from datetime import date

import pytest

from schemebook.desk.days import after, stretch_in_words
from schemebook.scheme.keys import Duration


@pytest.mark.parametrize(
    ("day", "length", "later"),
    [
        (date(2026, 8, 31), "6 months", date(2027, 2, 28)),
        (date(2027, 8, 31), "6 months", date(2028, 2, 29)),
        (date(2028, 2, 29), "1 year", date(2029, 2, 28)),
        (date(2026, 12, 31), "1 month", date(2027, 1, 31)),
        (date(2026, 11, 24), "2 weeks", date(2026, 12, 8)),
    ],
)
def test_months_clamp_to_the_last_day(day: date, length: str, later: date) -> None:
    assert after(day, Duration(length)) == later


def test_months_are_counted_from_the_first_day_so_that_no_clamp_is_carried_on() -> None:
    start = date(2026, 8, 31)
    assert [after(start, Duration("1 month"), times) for times in (1, 2)] == [date(2026, 9, 30), date(2026, 10, 31)]


def test_a_whole_month_is_named_and_another_stretch_says_both_ends() -> None:
    whole = stretch_in_words(date(2026, 9, 1), date(2026, 9, 30))
    part = stretch_in_words(date(2026, 9, 15), date(2026, 10, 14))
    assert "15" not in whole and "2026" in whole
    assert "15" in part and "14" in part

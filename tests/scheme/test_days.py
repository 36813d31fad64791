import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemebook.scheme.days import long_day, read_day


@pytest.mark.parametrize(
    "written",
    [
        "24 November 2026", "24th Nov 2026", "Tuesday, 24 November 2026", "November 24, 2026", "24/11/2026", "24.11.26",
        "24-11-2026", "2026-11-24", "24112026", "20261124", "24\\11\\2026", "24,11,2026", "24.11.2026.", "24/Nov/2026",
        "Tuesday 24/11/2026", "Tues the 24th of November 2026", "Nov 24, '26", "'24/11/2026", "24/11/2026 10:30",
        "24 November 2026 at 2pm", "24/11/2026, 2.30 pm", "2026-11-24T00:00:00", "2026-11-24 00:00:00", "٢٤/١١/٢٠٢٦",
        " 24  november  2026 ", "24th of November 2026", "24-Nov-26",
        "Tues 24 Nov 2026", "Tue., 24 Nov 2026", "Tue Nov 24 2026", "24 Nov '26", "24 Nov ’26",
        "\u200e24\u200e/\u200e11\u200e/\u200e2026", "２０２６－１１－２４", "24\u201311\u20132026",
    ],
)  # fmt: skip
def test_a_day_may_be_written_as_people_write_it(written: str) -> None:
    assert read_day(written) == datetime.date(2026, 11, 24)


@pytest.mark.parametrize(
    "written",
    [
        "31/2/2026", "next week", "11/24/2026", "", "3 March", "24 Foo 2026", "24/11/20261", "24/11", "241126",
        "November 2026",
        "24/11/2026 - 26/11/2026", "24 or 25 November 2026", "24-26 November 2026", "w/c 23 November 2026",
        "by 24 November 2026", "24 November 2026 (tbc)", "birthday 24 Nov 2026", "2026-11-24T23:30:00Z", "²24/11/2026",
    ],
)  # fmt: skip
def test_what_is_no_day_is_none(written: str) -> None:
    assert read_day(written) is None


@given(st.dates(min_value=datetime.date(1900, 1, 1), max_value=datetime.date(2100, 12, 31)))
def test_a_day_reads_back_from_its_long_form_and_its_iso_form(day: datetime.date) -> None:
    assert read_day(long_day(day)) == day
    assert read_day(day.isoformat()) == day


@pytest.mark.parametrize("written", ["Monday 24 November 2026", "Wed 24/11/2026", "Sat, Nov 24 2026"])
def test_a_weekday_that_is_another_days_is_a_doubt(written: str) -> None:
    """24 November 2026 is a Tuesday: the weekday is wrong, or the number."""
    assert read_day(written) is None


@pytest.mark.parametrize("written", ["24/11/0226", "24 November 1026", "2206-11-24", "24/11/1899", "1/1/2101"])
def test_a_year_that_nobody_meant_is_a_doubt(written: str) -> None:
    assert read_day(written) is None


@pytest.mark.parametrize("written", ["20111910", "19101120"])
def test_eight_digits_are_the_one_day_that_they_can_be(written: str) -> None:
    assert read_day(written) == datetime.date(1910, 11, 20)

"""Days: a day and a length of time in, another day out; days and stretches of days in words."""

from __future__ import annotations

import calendar
import datetime
from functools import lru_cache

from schemebook.scheme.keys import Duration
from schemebook.scheme.words import say

Day = datetime.date

RHYTHMS = {"week": "1 week", "fortnight": "2 weeks", "month": "1 month", "quarter": "3 months"}
"""How often meetings are, as lengths of time."""


@lru_cache(maxsize=10_000)
def after(day: Day, length: Duration, times: int = 1) -> Day:
    """The day so much later. Months clamp: 31 August and 6 months is the last of February."""
    amount = length.amount * times
    if length.unit in ("month", "year"):
        return _months_after(day, amount * (12 if length.unit == "year" else 1))
    minutes = Duration(f"1 {length.unit}").minutes
    return day + datetime.timedelta(minutes=minutes * amount)


def _months_after(day: Day, months: int) -> Day:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return Day(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_of(day: Day) -> int:
    """A month as a number, so that the next is one more."""
    return day.year * 12 + day.month - 1


def day_in_words(day: Day) -> str:
    """'24 November 2026'."""
    return say("desk.day", day=day.day, month=_month(day), year=day.year)


def date_or_month_in_words(text: str) -> str:
    """'24 November 2026' of 2026-11-24, 'November 2026' of 2026-11."""
    if len(text) == len("2026-11"):
        year, month = map(int, text.split("-"))
        return say("desk.month", month=_month(Day(year, month, 1)), year=year)
    return day_in_words(Day.fromisoformat(text))


def short_day(day: Day, as_of: Day) -> str:
    """A day that comes soon by its weekday, another of the year around without the year, else whole."""
    if 0 <= (day - as_of).days < 7:
        return say("desk.weekdays").split()[day.weekday()]
    if abs((day - as_of).days) < 200:
        return say("desk.day-of-year", day=day.day, month=_month(day))
    return day_in_words(day)


def stretch_in_words(starts: Day, ends: Day) -> str:
    """'September 2026' for a whole month, else '15 September to 14 October 2026'."""
    if starts.day == 1 and ends == _months_after(starts, 1) - datetime.timedelta(days=1):
        return say("desk.month", month=_month(starts), year=starts.year)
    first = day_in_words(starts) if starts.year != ends.year else short_day(starts, starts + datetime.timedelta(days=1))
    return say("desk.stretch", first=first, last=day_in_words(ends))


def _month(day: Day) -> str:
    return say("desk.months").split()[day.month - 1]

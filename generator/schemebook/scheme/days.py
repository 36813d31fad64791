"""A day as a person wrote it in, the day out; and a day as we write it.

What is in doubt is no day: a weekday that is another day's, two days, a month without a day, a year that nobody meant.
"""

from __future__ import annotations

import datetime
import re
from contextlib import suppress
from functools import lru_cache

from schemebook.scheme.letters import bare, plain

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_OUR_TIMES = range(1900, 2101)
"""Years that answers are about: 0226 and 1026 are slips of a finger."""
_WEEKDAY = re.compile(rf"({'|'.join(_WEEKDAYS)})(?:s|r|rs|day|sday|nesday|rsday|urday)?[.,]{{0,2}}\s+")
_BETWEEN = r"\s*[./\\,\- ]\s*"
_NUMERIC_DAY = re.compile(rf"(\d{{1,2}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{4}}|\d{{2}})\.?")
_ISO_DAY = re.compile(r"(\d{4})\s*[./\-]\s*(\d{1,2})\s*[./\-]\s*(\d{1,2})")
_EIGHT_DIGITS = re.compile(r"(?=(\d\d)(\d\d)(\d{4}))(\d{4})(\d\d)(\d\d)")
_NAMED_DAY = re.compile(
    r"(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[\s.\-/]+([a-z]{3,9})\.?,?[\s\-/]+(\d{4}|['’]?\d{2})\.?"
)
_NAMED_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4}|['’]\d{2})\.?")
_HOUR = r"(?:[01]?\d|2[0-3])"
_WITH_TIME = re.compile(
    rf"(.+?)(?:t|,? (?:at )?)(?:{_HOUR}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[ap]m)?|{_HOUR}(?:\.\d\d)? ?[ap]m)"
)


def read_day(text: str) -> datetime.date | None:
    """The day that a person wrote, the day before the month; None where it is none.

    24 November 2026, Tues 24th Nov '26, November 24, 2026, 24/11/2026, 24.11.26, 24112026 and 2026-11-24 are all read,
    with a time of day behind it too; a year of two digits is 2000 to 2068, else of the century before.
    """
    said = " ".join(bare(plain(text)).lower().split())
    weekday = _WEEKDAY.match(said)
    day = said[weekday.end() :] if weekday else said
    read = _day(day)
    if read is None and (timed := _WITH_TIME.fullmatch(day)):
        read = _day(timed[1])
    if read is None or read.year not in _OUR_TIMES or (weekday and _WEEKDAYS[read.weekday()] != weekday[1]):
        return None
    return read


def _day(said: str) -> datetime.date | None:
    try:
        if found := _ISO_DAY.fullmatch(said):
            return datetime.date(int(found[1]), int(found[2]), int(found[3]))
        if found := _NUMERIC_DAY.fullmatch(said):
            return datetime.date(_year(found[3]), int(found[2]), int(found[1]))
        if found := _NAMED_DAY.fullmatch(said):
            return datetime.date(_year(found[3]), _month(found[2]), int(found[1]))
        if found := _NAMED_MONTH_FIRST.fullmatch(said):
            return datetime.date(_year(found[3]), _month(found[1]), int(found[2]))
    except ValueError:
        return None
    if found := _EIGHT_DIGITS.fullmatch(said):
        return _one_of(*(found[place] for place in (3, 2, 1)), *(found[place] for place in (4, 5, 6)))
    return None


def _one_of(*parts: str) -> datetime.date | None:
    """The one of two readings (year, month, day) that is a day of our times. Both never are: 19 is no month."""
    days = (_real_day(*parts[:3]), _real_day(*parts[3:]))
    return next((day for day in days if day and day.year in _OUR_TIMES), None)


def _real_day(year: str, month: str, day: str) -> datetime.date | None:
    with suppress(ValueError):
        return datetime.date(int(year), int(month), int(day))
    return None


def _year(digits: str) -> int:
    digits = digits.lstrip("'’")
    if len(digits) == 4:
        return int(digits)
    return 2000 + int(digits) if int(digits) < 69 else 1900 + int(digits)


@lru_cache(maxsize=512)
def _month(name: str) -> int:
    found = [number for number, full in enumerate(_MONTHS, 1) if full.startswith(name) or name == "sept" == full[:4]]
    if len(found) != 1:
        raise ValueError(name)
    return found[0]


def long_day(day: datetime.date) -> str:
    """24 November 2026."""
    return f"{day.day} {_MONTHS[day.month - 1].capitalize()} {day.year}"

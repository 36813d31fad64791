"""A number as a person wrote it and the unit that stands beside the box in, the number out.

What is in doubt is no number: about 7, 7+, 5 to 7, 7 of another unit. A time that is given in another unit is turned
into the box's (90 mins are 1.5 hours), where that is exact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from schemebook.scheme.letters import bare, plain
from schemebook.scheme.written import spelled

_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:[ ,]\d{3})+|\d{1,15})(?:\.\d{1,9})?)\.?")
_HALVES = {"½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4)}
_HALVES |= {"1/2": Fraction(1, 2), "1/4": Fraction(1, 4), "3/4": Fraction(3, 4)}
_WITH_HALF = re.compile(r"(\d{1,3})? ?([½¼¾])|(\d{1,3}) ([13]/[24])")
_IN_TWO = re.compile(r"(\d{1,3}) ?([^\W\d]+)\.?(?: and |, ?| ?)(\d{1,2})(?: ?([^\W\d]+)\.?)?")
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)")
_LIKE_CLOCK = re.compile(r"\d{1,3}\.(?:15|30|45)(?!\d)")
_TIMES: tuple[Mapping[str, int], ...] = ({"hour": 60, "minute": 1}, {"year": 12, "month": 1})
"""Units that people write for each other, the larger first, and how many of the smallest each has."""
_MOST_DIGITS = 15
_MILLION = 10**6
"""A time is turned into another unit where six digits behind the point hold it: 20 minutes are no decimal hours."""


def read_number(text: str, unit: str | None = None) -> int | float | None:
    """The number that a person wrote (1,200, 1 200, 1½ and seven); None where it is none. Whole numbers come as int.

    unit: what stands beside the box. The number may have it, in the singular or the plural: 7 years, 1 hr 30 mins.
    """
    if len(text) <= _MOST_DIGITS and text.isdecimal():
        return int(text)  # most numbers, in a tenth of the time
    said = " ".join(bare(plain(text)).casefold().split())
    found = _amount(said)
    if found is None and unit:
        found = _with_unit(said, " ".join(unit.casefold().split()))
    if found is None:
        return None
    number = float(found)
    return int(number) if number == int(number) else number


def may_be_clock(text: str, unit: str | None) -> bool:
    """Whether a number of hours may be hours and minutes: who writes 0.45 often means three quarters of an hour."""
    if unit is None or "." not in text or unit.strip().casefold() not in spelled("unit-hour"):
        return False
    return _LIKE_CLOCK.match(bare(plain(text))) is not None


def _amount(said: str) -> Fraction | None:
    if found := _NUMBER.fullmatch(said):
        return Fraction(Decimal(re.sub("[ ,]", "", found[1])))
    if found := _WITH_HALF.fullmatch(said):
        half = _HALVES.get(found[2] or found[4])
        return None if half is None else int(found[1] or found[3] or 0) + half
    return Fraction(spelled("numbers").index(said)) if said in spelled("numbers") else None


def _with_unit(said: str, unit: str) -> Fraction | None:
    """The amount of what is written with its unit, or with one that is so many of it."""
    worth = _worth(unit)
    found = _in_one(said.rstrip("."), worth)
    if found is None and unit in spelled("unit-hour") and (clock := _CLOCK.fullmatch(said)):
        found = int(clock[1]) + Fraction(int(clock[2]), 60)
    elif found is None and len(set(worth.values())) > 1:
        found = _in_two(said, worth)
    return found if found is not None and _MILLION % found.denominator == 0 else None


def _in_one(said: str, worth: Mapping[str, Fraction]) -> Fraction | None:
    """7 years; half an hour."""
    for word, each in worth.items():
        amount = said.removesuffix(word)
        if amount == said or amount[-1:].isalpha():
            continue
        amount = amount.rstrip()
        parts = {"one-of-a-unit": Fraction(1), "half-of-a-unit": Fraction(1, 2)}
        part = next((value for name, value in parts.items() if amount in spelled(name)), None)
        number = _amount(amount) if part is None else part
        if number is not None:
            return number * each
    return None


def _in_two(said: str, worth: Mapping[str, Fraction]) -> Fraction | None:
    """1 hour 30 minutes, 1h30; the smaller part never makes one of the larger."""
    found = _IN_TWO.fullmatch(said)
    if not found or found[2] not in worth:
        return None
    larger = worth[found[2]]
    if found[4] is None and (found[2] not in spelled("unit-hour") or len(found[3]) < 2):
        return None
    smaller = larger / 60 if found[4] is None else worth.get(found[4], larger)
    rest = int(found[3]) * smaller
    return int(found[1]) * larger + rest if rest < larger and smaller < larger else None


@lru_cache(maxsize=512)
def _worth(unit: str) -> dict[str, Fraction]:
    """Every way to write a unit, or one that people write for it -> how many of the box's unit it is."""
    for family in _TIMES:
        own = next((name for name in family if unit in spelled(f"unit-{name}")), None)
        if own:
            return {word: Fraction(family[name], family[own]) for name in family for word in spelled(f"unit-{name}")}
    return dict.fromkeys(_singular_and_plural(unit), Fraction(1))


_STEM = 3
"""Letters that are left of a word at least when its plural is taken off."""


def _singular_and_plural(unit: str) -> set[str]:
    found = {unit}
    for ends in spelled("plurals"):
        one, several = ends.split("-")
        for old, new in ((one, several), (several, one)):
            stem = unit.removesuffix(old)
            if unit.endswith(old) and len(stem) >= _STEM:
                found.add(stem + new)
    return found

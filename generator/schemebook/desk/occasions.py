"""A form that is due again and again and its returns in; which return is about which time out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from schemebook.desk.days import Day, after, month_of
from schemebook.records.people.returns import Return, day_in
from schemebook.scheme.form import Each, Form
from schemebook.scheme.keys import Duration


@dataclass(frozen=True, slots=True)
class Occasion:
    """One time of a form that is due again and again. starts and ends: the days of its month or quarter.

    number: counted from 1; of a session, the number that people know it by.
    """

    number: int
    session: bool = True
    """Whether it is a session; else a month or quarter, whose days may not be known."""
    starts: Day | None = None
    ends: Day | None = None
    on: Day | None = None
    """The day that another form sets for it."""
    known: bool = True
    """Whether anything says that it takes place: a rule that counts the sessions, or a return about a later one."""


def _field(form: Form) -> str | None:
    return form.occasion.field if isinstance(form.occasion, Each) else None


def by_number(form: Form, occasions: list[Occasion], there: Iterable[Return]) -> dict[int, list[Return]]:
    """Session -> the returns about it, as the form's own field numbers them."""
    found: dict[int, list[Return]] = {}
    numbers = {occasion.number for occasion in occasions}
    unnumbered = []
    for one in there:
        number = session_number(form, one)
        if number is None:
            unnumbered.append(one)
        elif number in numbers:
            found.setdefault(number, []).append(one)
    return _fill_up(found, [occasion.number for occasion in occasions], unnumbered)


def of_stage(form: Form, stage: str, there: list[Return]) -> list[Return]:
    """The returns that answer a form due at a stage: all, unless the form is completed for each stage and says which.

    One that leaves that open answers the first stage for which no other came.
    """
    if not (isinstance(form.occasion, Each) and form.occasion.each == "stage"):
        return there
    said = [(one.answers.get(form.occasion.field), one) for one in there]
    return [one for at, one in said if at == stage] or [one for at, one in said if at is None][:1]


def session_number(form: Form, one: Return) -> int | None:
    """The session that a return is about: a number, or an option by the digits of its id, else by its position."""
    name = _field(form)
    said = one.answers.get(name) if name else None
    if isinstance(said, int | float) and not isinstance(said, bool):
        return int(said)
    options = next((list(field.options_by_id) for field in form.fields if field.id == name), [])
    if said not in options:
        return None
    digits = "".join(letter for letter in str(said).rpartition("-")[2] if letter.isdigit())
    return int(digits) if digits else options.index(said) + 1


def by_period(form: Form, occasions: list[Occasion], there: list[Return]) -> dict[int, list[Return]]:
    """Number of a month or quarter -> the returns about it, as the form's own date names them.

    The months of a rule may begin on any day and so touch two months of the calendar. A return about October answers
    the first of them that October touches and no earlier return has answered. Where a quarter that holds all of October
    is answered, it is one more return about that quarter; the later of the two to come in counts.
    """
    came = {one.id: place for place, one in enumerate(there)}
    found: dict[int, list[Return]] = {}
    unnamed = []
    by_month: dict[int, list[Return]] = {}
    for one in there:
        name = _field(form)
        day = day_in(one.answers, name) if name else None
        if day:
            by_month.setdefault(month_of(day), []).append(one)
        else:
            unnamed.append(one)
    for month, returns in sorted(by_month.items()):
        number = next(
            (one.number for one in occasions if one.number not in found and _touches(one, month)),
            None,
        ) or next((one.number for one in occasions if _holds(one, month)), None)
        if number is not None:
            found[number] = sorted([*found.get(number, ()), *returns], key=lambda one: came[one.id])
    return _fill_up(found, [occasion.number for occasion in occasions], unnamed)


def named_months(form: Form, first: int, there: Iterable[Return]) -> list[Occasion]:
    """The months that returns are about by their own dates, for those from whose first day nothing can be counted."""
    name = _field(form)
    days = [day for one in there if name and (day := day_in(one.answers, name))]
    months = sorted({day.replace(day=1) for day in days})
    ends = [after(month, Duration("1 month")) - datetime.timedelta(days=1) for month in months]
    pairs = zip(months, ends, strict=True)
    return [Occasion(number, False, starts, last) for number, (starts, last) in enumerate(pairs, first)]


def _touches(occasion: Occasion, month: int) -> bool:
    if occasion.starts is None or occasion.ends is None:
        return True
    return month_of(occasion.starts) <= month <= month_of(occasion.ends)


def _holds(occasion: Occasion, month: int) -> bool:
    """Whether all of a month of the calendar lies in it."""
    if occasion.starts is None or occasion.ends is None:
        return False
    first = Day(month // 12, month % 12 + 1, 1)
    return occasion.starts <= first and after(first, Duration("1 month")) - datetime.timedelta(days=1) <= occasion.ends


def _fill_up(found: dict[int, list[Return]], numbers: list[int], unnamed: list[Return]) -> dict[int, list[Return]]:
    """A return that does not say which time it is for answers the first that nothing has answered."""
    free = [number for number in numbers if number not in found]
    return {**found, **{number: [one] for number, one in zip(free, unnamed, strict=False)}}

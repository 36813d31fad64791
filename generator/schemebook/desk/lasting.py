"""What came in about two people, time by time, in; between which times they owe what is due again and again out.

A pair that was found later owes nothing for the times before, and one that has parted nothing for those after.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from schemebook.desk.days import Day
from schemebook.desk.occasions import Occasion, by_number, by_period
from schemebook.records.people.returns import Return
from schemebook.scheme.form import Form
from schemebook.scheme.rules import DueRule

Answers = Mapping[int, Sequence[Return]]
"""Number of a time -> the returns about it, in the order in which they came."""


@dataclass(frozen=True, slots=True)
class Lasting:
    """Between which times something is owed.

    known: the day from which those who owe it are known. first: the number of the first time that anything came in
    about; what ended before `known` and lies before `first` is not owed. last: the number of the last time that is
    owed, where one of them has said that it ends.
    """

    known: Day
    first: int | None = None
    last: int | None = None

    def holds(self, occasion: Occasion | None) -> bool:
        """Whether a time is owed."""
        if occasion is None:
            return True
        if self.last is not None and occasion.number > self.last:
            return False
        is_before = occasion.ends is not None and occasion.ends < self.known
        return not is_before or (self.first is not None and self.first <= occasion.number)


def by_time(rule: DueRule, form: Form, occasions: Iterable[Occasion | None], there: list[Return]) -> Answers:
    """The returns about each time."""
    known = [occasion for occasion in occasions if occasion]
    return by_number(form, known, there) if rule.each == "session" else by_period(form, known, there)


def lasting(
    rule: DueRule, known: datetime.date, answers: Answers, of_the_two: Answers, copy: datetime.date | None = None
) -> Lasting:
    """Between which times somebody owes a form. answers: their own returns of it. of_the_two: the pair's. copy: the day
    on which they were last sent a copy of it."""
    return Lasting(known, min((*answers, *of_the_two), default=None), _last(rule, of_the_two, copy))


def _last(rule: DueRule, of_the_two: Answers, copy: datetime.date | None) -> int | None:
    """The last time that anything came in about, where one of the two, by their latest word, says that it ends, and
    no copy was made since: whoever makes one knows that it goes on, perhaps with somebody else."""
    if not rule.until or not of_the_two:
        return None
    last = max(of_the_two)
    latest = {one.sender: one for one in of_the_two[last]}.values()
    over = [one.day for one in latest if any(until.is_met_by(one.answers) for until in rule.until)]
    return last if over and (copy is None or copy <= max(over)) else None

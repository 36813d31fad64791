"""The rule about CPD and people's returns in; for each pair the sessions that count, their year and the points out.

A session counts when its record gives its day, its length and all that the rule wants recorded. The year runs from the
first session that counts; if it is over and the time was not reached, the next session begins another. A pair is
credited once. Whether an objective is a good one is for a person to judge.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from schemebook.desk.days import Day, after
from schemebook.desk.occasions import session_number
from schemebook.records.people.people import Pair, People, Person
from schemebook.records.people.returns import Return, day_in
from schemebook.scheme.form import Form
from schemebook.scheme.model import Scheme
from schemebook.scheme.rules import CpdRule, CpdSessions

Fault = Literal["no-day", "not-yet", "no-length", "not-recorded", "again"]
"""no-day: its day is missing. not-yet: its day lies after the report's. no-length: it says not how long it was.
not-recorded: something is missing that the rule wants. again: another record of the same session counts."""

Standing = Literal["earned", "under-way", "year-over", "no-session"]
"""earned: the time was reached. under-way: it still can be. year-over: its year is over. no-session: none counts."""

_MINUTES = {"minutes": 1.0, "hours": 60.0}


@dataclass(frozen=True)
class Session:
    """One record of a session, and why it does not count, if it does not."""

    record: Return
    day: Day | None
    minutes: float
    fault: Fault | None = None
    missing: tuple[str, ...] = ()
    """The questions that are not answered, by id."""


@dataclass(frozen=True)
class Earned:
    """Points that are due to somebody."""

    person: Person
    role: str
    points: float


@dataclass(frozen=True)
class PairCredit:
    """How a pair stands towards its points."""

    pair: Pair
    standing: Standing
    counted: tuple[Session, ...]
    """The sessions of the year, in order."""
    minutes: float
    """Their time."""
    starts: Day | None
    """The first day of the year; None while no session counts."""
    ends: Day | None
    """Its last day."""
    reached: Day | None
    """The day of the session with which the time was full."""
    left_out: tuple[Session, ...]
    """The records that do not count."""
    earned: tuple[Earned, ...]
    claimed: Day | None
    """The day on which a claim came in."""


def pair_credits(
    scheme: Scheme, form: Form | None, people: People, standing: Iterable[Return], as_of: Day
) -> tuple[PairCredit, ...]:
    """How each pair stands towards its points at the end of a day, in the order of the pairs.

    form: the one that records sessions. standing: the returns that count, superseded ones left out.
    """
    rule = scheme.rules.cpd
    if rule is None or form is None:
        return ()
    returns = tuple(standing)
    found = []
    once: set[tuple[str, str]] = set()
    by_day = [_credit(rule, form, pair, people, returns, as_of) for pair in people.pairs]
    for credit in sorted(by_day, key=lambda one: one.reached or datetime.date.max):
        found.append(_with_points(scheme, rule, credit, once))
    place = {pair: number for number, pair in enumerate(people.pairs)}
    return tuple(sorted(found, key=lambda one: place[one.pair]))


def _credit(rule: CpdRule, form: Form, pair: Pair, people: People, returns: Sequence[Return], as_of: Day) -> PairCredit:
    theirs = [one for one in returns if people.pair_of(one) == pair]
    records = [_session(rule.sessions, one, as_of) for one in theirs if one.form == rule.sessions.form]
    sessions = _once_each(form, records)
    counting = sorted((one for one in sessions if one.fault is None), key=lambda one: one.day or as_of)
    year = _best_year(rule, counting)
    minutes = round(sum(one.minutes for one in year), 2)
    starts = year[0].day if year else None
    ends = after(starts, rule.within) - datetime.timedelta(days=1) if starts else None
    reached = _reached(rule, year)
    claim = rule.claim
    return PairCredit(
        pair=pair,
        standing=_standing(reached, ends, as_of),
        counted=year,
        minutes=minutes,
        starts=starts,
        ends=ends,
        reached=reached,
        left_out=tuple(one for one in sessions if one.fault),
        earned=(),
        claimed=next((one.day for one in theirs if claim and _claims(claim.form, claim.field, one)), None),
    )


def _claims(form: str, field: str, one: Return) -> bool:
    return one.form == form and one.answers.get(field) is True


def _session(said: CpdSessions, one: Return, as_of: Day) -> Session:
    day = day_in(one.answers, said.date)
    length = one.answers.get(said.length)
    known = isinstance(length, int | float) and not isinstance(length, bool) and length > 0
    minutes = float(length) * _MINUTES[said.counted_in] if known and length else 0.0
    missing = tuple(field for field in said.recorded if not _is_recorded(one, field))
    fault: Fault | None = None
    if day is None:
        fault = "no-day"
    elif day > as_of:
        fault = "not-yet"
    elif not known:
        fault = "no-length"
    elif missing:
        fault = "not-recorded"
    return Session(one, day, minutes, fault, missing)


def _is_recorded(one: Return, field: str) -> bool:
    """Whether something was written: what is too long stands with the problems, and was recorded all the same."""
    if one.answers.get(field) not in (None, "", [], {}, False):
        return True
    written = (problem for problem in one.problems if problem.text)
    return any(problem.field == field or problem.field.startswith(f"{field}.") for problem in written)


def _once_each(form: Form, records: Sequence[Session]) -> list[Session]:
    """Two records of one session count once: those with the same number, or on the same day where none is said."""
    seen: set[object] = set()
    found = []
    for one in records:
        key = session_number(form, one.record) or one.day
        if one.fault is None and key in seen:
            found.append(replace(one, fault="again"))
            continue
        if one.fault is None:
            seen.add(key)
        found.append(one)
    return found


def _best_year(rule: CpdRule, counting: Sequence[Session]) -> tuple[Session, ...]:
    """The sessions of the first year in which the time is reached, else of the last year."""
    year: list[Session] = []
    for one in counting:
        if year and one.day and year[0].day and one.day >= after(year[0].day, rule.within):
            if _reached(rule, year):
                break
            year = []
        year.append(one)
    return tuple(year)


def _reached(rule: CpdRule, year: Iterable[Session]) -> Day | None:
    total = 0.0
    for one in year:
        total = round(total + one.minutes, 2)
        if total >= rule.needs.minutes:
            return one.day
    return None


def _standing(reached: Day | None, ends: Day | None, as_of: Day) -> Standing:
    if reached:
        return "earned"
    if ends is None:
        return "no-session"
    return "under-way" if as_of <= ends else "year-over"


def _with_points(scheme: Scheme, rule: CpdRule, credit: PairCredit, once: set[tuple[str, str]]) -> PairCredit:
    """The same with what each of the two earns. once: who earned, in a role, what is given only once; it grows."""
    if credit.standing != "earned" or scheme.pair is None:
        return credit
    people = dict(zip(scheme.pair, (credit.pair.first, credit.pair.second), strict=True))
    earned = []
    for one in rule.earns:
        person = people.get(one.role)
        if person is None or (not one.for_each and (one.role, person.key) in once):
            continue
        once.add((one.role, person.key))
        earned.append(Earned(person, one.role, one.points))
    return replace(credit, earned=tuple(earned))

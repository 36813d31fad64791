"""Pairs' credits in; out comes what the report shows of them: hours, year, points, and why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemebook.desk.cpd import PairCredit, Session, pair_credits
from schemebook.desk.findings import Looked, Pill, Words
from schemebook.records.spreadsheet import Cell
from schemebook.scheme.days import long_day
from schemebook.scheme.rules import CpdRule, joined
from schemebook.scheme.words import say

COLUMNS = (
    "name", "email", "role", "partner", "points", "minutes", "sessions", "year-from", "year-to", "reached", "claimed",
    "why-none",
)  # fmt: skip


@dataclass(frozen=True)
class CreditRow:
    """One pair's row: who, the time that counts, its year, the points of each, and what to know besides."""

    first: str
    second: str
    time: str
    year: str
    pill: Pill
    points: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Credits:
    """All that the report shows of CPD."""

    rule: str
    rows: tuple[CreditRow, ...]
    pairs: tuple[PairCredit, ...]


def credits_of(looked: Looked, words: Words) -> Credits | None:
    """What the report shows of CPD; None where the scheme gives no points."""
    rule = words.scheme.rules.cpd
    if rule is None:
        return None
    form = words.forms.get(rule.sessions.form)
    found = pair_credits(words.scheme, form, looked.people, looked.standing, looked.as_of)
    rows = tuple(_row(one, rule, looked, words) for one in found)
    return Credits(rule.in_words(words.names), rows, found)


def _row(credit: PairCredit, rule: CpdRule, looked: Looked, words: Words) -> CreditRow:
    return CreditRow(
        first=looked.called(credit.pair.first),
        second=looked.called(credit.pair.second),
        time=_time(credit),
        year=_year(credit),
        pill=_pill(credit, rule),
        points=tuple(say("desk.cpd-points", name=one.person.name, points=f"{one.points:g}") for one in credit.earned),
        remarks=(*_claim(credit, rule), *(_left_out(one, rule, words) for one in credit.left_out)),
    )


def _time(credit: PairCredit) -> str:
    if not credit.counted:
        return say("desk.cpd-nothing")
    sessions = say("desk.cpd-sessions", count=len(credit.counted))
    return say("desk.cpd-time", time=minutes_in_words(credit.minutes), sessions=sessions)


def minutes_in_words(minutes: float) -> str:
    """'3 hours 15 minutes', '45 minutes', '1 hour': to the minute, rounded down."""
    hours, rest = divmod(int(minutes), 60)
    said = [say("desk.cpd-hours", count=hours)] if hours else []
    said += [say("desk.cpd-minutes", count=rest)] if rest or not hours else []
    return " ".join(said)


def _year(credit: PairCredit) -> str:
    if credit.starts is None or credit.ends is None:
        return ""
    return say("desk.cpd-year", starts=long_day(credit.starts), ends=long_day(credit.ends))


def _pill(credit: PairCredit, rule: CpdRule) -> Pill:
    if credit.reached:
        return Pill("done", say("desk.cpd-reached", day=long_day(credit.reached)))
    left = rule.needs.minutes - credit.minutes
    kind = "waiting" if credit.standing == "under-way" else "due"
    return Pill(kind if credit.standing != "no-session" else "waiting", why_none(credit, left))


def why_none(credit: PairCredit, left: float) -> str:
    """Why a pair has no points yet. left: the minutes that it lacks."""
    if credit.standing == "earned":
        return ""
    return say(f"desk.cpd-{credit.standing}", time=minutes_in_words(left))


def _claim(credit: PairCredit, rule: CpdRule) -> tuple[str, ...]:
    if rule.claim is None:
        return ()
    if credit.claimed:
        key = "cpd-claimed" if credit.reached else "cpd-claimed-early"
        return (say(f"desk.{key}", day=long_day(credit.claimed)),)
    return (say("desk.cpd-not-claimed"),) if credit.reached else ()


def _left_out(session: Session, rule: CpdRule, words: Words) -> str:
    day = long_day(session.day) if session.day else ""
    what = joined([rule.sessions.recorded[field] for field in session.missing])
    key = f"desk.cpd-left-out-{session.fault}"
    return say(key, day=day, came=long_day(session.record.day), what=what, form=words.form(session.record.form))


def credit_lines(credits: Credits, rule: CpdRule, words: Words) -> list[list[Cell]]:
    """The lines of a spreadsheet: one for each of a pair who can earn points."""
    lines: list[list[Cell]] = []
    for credit in credits.pairs:
        points = {(one.person.key, one.role): one.points for one in credit.earned}
        two = (credit.pair.first, credit.pair.second)
        for role, person, other in zip(words.scheme.pair or (), two, reversed(two), strict=True):
            if role not in {one.role for one in rule.earns}:
                continue
            earned = points.get((person.key, role), 0)
            earned = int(earned) if earned == int(earned) else earned
            why = why_none(credit, rule.needs.minutes - credit.minutes)
            if credit.reached and not earned:
                why = say("desk.cpd-given-before")
            lines.append(
                [person.name, person.email, words.role(role), other.name, earned, *_measures(credit), why or None]
            )
    return lines


def _measures(credit: PairCredit) -> Sequence[Cell]:
    days = (credit.starts, credit.ends, credit.reached, credit.claimed)
    return [credit.minutes, len(credit.counted), *(day.isoformat() if day else None for day in days)]

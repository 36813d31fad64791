"""A record as it was read and what people decided about it since in; the record as it counts now out.

Nothing is rewritten: the first answers stay as they were read, and each decision stands in a table of its own with who,
when and the old value. What counts is the first answers with the corrections since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, func, insert, select

from schemebook.records.record import Change, ChangeKind, Record
from schemebook.records.store.tables import changes
from schemebook.returned.submission import ReviewReason
from schemebook.scheme.answers import AnswerProblem


@dataclass(frozen=True)
class NewChange:
    """What somebody decides about a record, on its way into the store. The fields of `Change`, and what it leaves.

    answers, problems: all that the record has after a correction.
    """

    kind: ChangeKind
    who: str
    at: str
    field: str | None = None
    reason: str | None = None
    old: Any = None
    new: Any = None
    answers: Mapping[str, Any] | None = None
    problems: tuple[AnswerProblem, ...] | None = None


@dataclass(frozen=True)
class Doubt:
    """One thing for a person's eye: a reason for review, at one field or about the record as a whole.

    settled: the change by which somebody settled it.
    """

    kind: str
    message: str
    field: str | None = None
    settled: Change | None = None


@dataclass(frozen=True)
class Decided:
    """The changes of one record, and what its answers and problems are since the last correction."""

    changes: tuple[Change, ...]
    answers: dict[str, Any] | None = None
    problems: tuple[AnswerProblem, ...] = ()


def as_it_counts(record: Record, decided: Decided | None) -> Record:
    """A record with what was decided about it."""
    if decided is None:
        return record
    later = tuple(ReviewReason(one.reason or "", one.new) for one in decided.changes if one.kind == "doubted")
    now = replace(record, changes=decided.changes, review=(*record.review, *later))
    if decided.answers is not None:
        now = replace(now, answers=decided.answers, problems=decided.problems, first=record)
    return replace(now, needs_review=not now.voided and any(not doubt.settled for doubt in doubts_of(now)))


def doubts_of(record: Record) -> tuple[Doubt, ...]:
    """What of a record needs, or needed, a person's eye: each of its reasons, field by field where fields are known.

    A reason that names no field is about those whose problem is of its kind; without such, about the whole record.
    """
    found = {(one.kind, one.field): one for reason in reversed(record.review) for one in doubts_by(record, reason)}
    return tuple(reversed(found.values()))


def doubts_by(record: Record, reason: ReviewReason) -> tuple[Doubt, ...]:
    """The doubts that one reason gives, last field first."""
    named: list[str | None] = [one.field for one in record.as_read.problems if one.kind == reason.kind]
    fields = [reason.field] if reason.field else named or [None]
    return tuple(
        Doubt(reason.kind, reason.message, field, _settled(record.changes, reason.kind, field))
        for field in reversed(dict.fromkeys(fields))
    )


def _settled(decided: Sequence[Change], kind: str, field: str | None) -> Change | None:
    """The last change that accepts a doubt, or the whole record, or corrects the field that it is about."""
    for one in reversed(decided):
        whole = one.kind == "accepted" and one.reason is None
        this = one.kind == "accepted" and (one.reason, one.field) == (kind, field)
        if whole or this or (one.kind == "corrected" and field is not None and one.field == field):
            return one
    return None


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_OF_RECORDS = select(changes).where(changes.c.record.in_(_IDS)).order_by(changes.c.record, changes.c.number)


def changes_of(connection: Connection, ids: Sequence[str]) -> dict[str, Decided]:
    """Record id -> what was decided about it, of those about which something was."""
    found: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(_OF_RECORDS, {"ids": list(ids)}) if ids else ():
        found.setdefault(row.record, []).append(row)
    return {id: _decided(rows) for id, rows in found.items()}


def ids_changed(connection: Connection) -> frozenset[str]:
    """The ids of the records about which something was decided."""
    return frozenset(connection.scalars(select(changes.c.record).distinct()))


def _decided(rows: Sequence[Row[Any]]) -> Decided:
    made = tuple(
        Change(row.record, row.number, row.kind, row.who, row.at, row.field, row.reason, row.old, row.new)
        for row in rows
    )
    last = next((row for row in reversed(rows) if row.kind == "corrected"), None)
    if last is None:
        return Decided(made)
    return Decided(made, last.answers, tuple(AnswerProblem(**one) for one in last.problems))


def add_change(connection: Connection, record: Record, new: NewChange) -> None:
    """Keep a change as the record's next."""
    row = dict(vars(new))
    if new.problems is not None:
        row["problems"] = [vars(problem) for problem in new.problems]
    last = select(func.max(changes.c.number)).where(changes.c.record == record.id)
    number = (connection.execute(last).scalar_one() or 0) + 1
    connection.execute(insert(changes), [{**row, "record": record.id, "number": number}])


def unsettled(record: Record) -> Iterator[Doubt]:
    """The doubts that nobody has settled yet."""
    return (doubt for doubt in doubts_of(record) if not doubt.settled)

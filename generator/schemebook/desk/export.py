"""What a report is made from in, CSV files out: obligations, the answers of each form, and what does not fit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from schemebook.desk.cpd_findings import COLUMNS, credit_lines, credits_of
from schemebook.desk.findings import Looked, Words, days_late, pair_names, sender
from schemebook.desk.ledger import Obligation
from schemebook.desk.sums import COLUMNS as SUM_COLUMNS
from schemebook.desk.sums import sum_lines, sums_of
from schemebook.records import listing, spreadsheet
from schemebook.records.people.carried import carry
from schemebook.records.people.people import MadeFor
from schemebook.records.record import Record
from schemebook.records.spreadsheet import BYTE_ORDER_MARK, Cell
from schemebook.records.store.store import Records
from schemebook.scheme.form import Form
from schemebook.scheme.words import say

_OBLIGATION = (
    "name", "email", "role", "partner", "cohort", "form", "occasion", "due", "state", "days-late", "record", "received",
    "superseded", "half-filled", "issued",
)  # fmt: skip
_PROBLEM = ("record", "name", "form", "field", "question", "kind", "message", "written", "source")


def csv_files(looked: Looked, words: Words, records: Records) -> Iterator[tuple[str, Iterable[str]]]:
    """Names, and contents as they are made: with a byte order mark, and no cell that a spreadsheet takes for a formula.

    records: those of the scheme. They are walked form by form, and of each form those that count are told.
    """
    owed = (_obligation(one, looked, words) for one in looked.ledger.obligations)
    yield "obligations.csv", _file(_OBLIGATION, owed)
    yield "problems.csv", _file(_PROBLEM, _problems(looked, words))
    credits, rule = credits_of(looked, words), words.scheme.rules.cpd
    if credits and rule:
        yield "cpd.csv", _file(COLUMNS, credit_lines(credits, rule, words))
    if words.scheme.rules.sums:
        yield "sums.csv", _file(SUM_COLUMNS, sum_lines(sums_of(looked, words)))
    counting = {one.id: one.form for one in looked.standing} | {one.id: one.form for one in looked.people.anonymous}
    for form in dict.fromkeys(counting.values()):
        told = _Counting(counting, records.of_form(form), words.forms.get(form))
        yield f"answers-{form}.csv", chain([BYTE_ORDER_MARK], listing.csv_lines(told))


@dataclass(frozen=True)
class _Counting:
    """The records of one form that count, under today's questions; anonymous ones as they came."""

    counting: Collection[str]
    records: Records
    form: Form | None

    def __iter__(self) -> Iterator[Record]:
        for record in self.records:
            if record.id in self.counting:
                yield carry(self.form, record.scheme, record) if self.form and not record.anonymous else record


def _file(names: tuple[str, ...], rows: Iterable[list[Cell]]) -> Iterator[str]:
    head: list[Cell] = [say(f"desk.column-{name}") for name in names]
    return chain([BYTE_ORDER_MARK], spreadsheet.csv_lines(chain([head], rows)))


def _obligation(owed: Obligation, looked: Looked, words: Words) -> list[Cell]:
    person, other = pair_names(owed)
    return [
        person.name,
        person.email,
        words.role(owed.role),
        looked.called(other) if other else None,
        words.cohort(owed.cohort),
        words.form(owed.rule.form),
        words.occasion(owed.occasion),
        owed.due.isoformat() if owed.due else None,
        say(f"desk.state-{owed.state}"),
        days_late(owed, looked.as_of) or None,
        owed.answer.id if owed.answer else None,
        owed.came.isoformat() if owed.came else None,
        "; ".join(one.id for one in owed.superseded),
        "; ".join(one.id for one in owed.hands),
        min((copy.day.isoformat() for copy in _copies(owed, looked)), default=None),
    ]


def _copies(owed: Obligation, looked: Looked) -> Iterator[MadeFor]:
    """The copies of its form that were made for those who owe it."""
    for person in owed.people:
        if copy := looked.people.copies.get((person.key, owed.rule.form)):
            yield copy


def _problems(looked: Looked, words: Words) -> Iterator[list[Cell]]:
    for one in looked.standing:
        about = [one.id, sender(one, looked), words.form(one.form)]
        for problem in one.problems:
            question = words.question(one.form, problem.field)
            yield [
                *about, problem.field, question, problem.kind, problem.message, problem.text, one.source
            ]  # fmt: skip

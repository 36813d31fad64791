"""What a report is made from in, CSV files out: obligations, the answers of each form, and what does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemebook.desk.cpd_findings import COLUMNS, credit_lines, credits_of
from schemebook.desk.findings import Looked, Words, days_late, pair_names, sender
from schemebook.desk.ledger import Obligation
from schemebook.desk.sums import COLUMNS as SUM_COLUMNS
from schemebook.desk.sums import sum_lines, sums_of
from schemebook.records import listing, spreadsheet
from schemebook.records.people import MadeFor
from schemebook.records.spreadsheet import BYTE_ORDER_MARK, Cell
from schemebook.scheme.words import say

_OBLIGATION = (
    "name", "email", "role", "partner", "cohort", "form", "occasion", "due", "state", "days-late", "record", "received",
    "superseded", "half-filled", "issued",
)  # fmt: skip
_PROBLEM = ("record", "name", "form", "field", "question", "kind", "message", "written", "source")


def csv_files(looked: Looked, words: Words) -> Iterator[tuple[str, bytes]]:
    """Names and contents: UTF-8 with a byte order mark, and no cell that a spreadsheet takes for a formula."""
    owed = (_obligation(one, looked, words) for one in looked.ledger.obligations)
    yield "obligations.csv", _file(_OBLIGATION, owed)
    yield "problems.csv", _file(_PROBLEM, _problems(looked, words))
    credits, rule = credits_of(looked, words), words.scheme.rules.cpd
    if credits and rule:
        yield "cpd.csv", _file(COLUMNS, credit_lines(credits, rule, words))
    if words.scheme.rules.sums:
        yield "sums.csv", _file(SUM_COLUMNS, sum_lines(sums_of(looked, words)))
    counting = [*(one.record for one in looked.standing), *looked.people.anonymous]
    for form in dict.fromkeys(record.form for record in counting):
        records = [record for record in counting if record.form == form]
        yield f"answers-{form}.csv", _bytes(listing.csv_lines(records))


def _file(names: tuple[str, ...], rows: Iterable[list[Cell]]) -> bytes:
    head: list[Cell] = [say(f"desk.column-{name}") for name in names]
    return _bytes(spreadsheet.csv_lines([head, *rows]))


def _bytes(lines: Iterable[str]) -> bytes:
    return (BYTE_ORDER_MARK + "".join(lines)).encode("utf-8")


def _obligation(owed: Obligation, looked: Looked, words: Words) -> list[Cell]:
    person, other = pair_names(owed)
    return [
        person.name,
        person.email,
        words.role(owed.role),
        other.name if other else None,
        words.cohort(owed.cohort),
        words.form(owed.rule.form),
        words.occasion(owed.occasion),
        owed.due.isoformat() if owed.due else None,
        say(f"desk.state-{owed.state}"),
        days_late(owed, looked.as_of) or None,
        owed.answer.record.id if owed.answer else None,
        owed.came.isoformat() if owed.came else None,
        "; ".join(one.record.id for one in owed.superseded),
        "; ".join(one.record.id for one in owed.hands),
        min((copy.day.isoformat() for copy in _copies(owed, looked)), default=None),
    ]


def _copies(owed: Obligation, looked: Looked) -> Iterator[MadeFor]:
    """The copies of its form that were made for those who owe it."""
    for person in owed.people:
        if copy := looked.people.copies.get((person.key, owed.rule.form)):
            yield copy


def _problems(looked: Looked, words: Words) -> Iterator[list[Cell]]:
    for one in looked.standing:
        about = [one.record.id, sender(one, looked), words.form(one.form)]
        for problem in one.record.problems:
            question = words.question(one.form, problem.field)
            yield [
                *about, problem.field, question, problem.kind, problem.message, problem.text, one.record.source
            ]  # fmt: skip

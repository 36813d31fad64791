"""Records in; what `records` prints out: JSON, CSV, and text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from schemebook.records import spreadsheet
from schemebook.records.people.carried import Today
from schemebook.records.people.unfilled import unfilled_reason
from schemebook.records.record import Change, Record
from schemebook.records.spreadsheet import Cell, flat_answers, merged_columns
from schemebook.records.store.changes import doubts_by
from schemebook.returned.signatures import SignatureCheck
from schemebook.returned.submission import ReviewReason
from schemebook.scheme.answers import AnswerProblem
from schemebook.scheme.words import say

SHORT_ID = 10
_META = ("id", "scheme", "form", "version", "received", "source", "sender", "message_id", "sha256", "needs_review")
_CHANGE = ("number", "kind", "field", "old", "new", "reason", "who", "at")


def record_json(record: Record, carried: Today | None = None, standing: dict[str, Any] | None = None) -> dict[str, Any]:
    """A record as `records --format json` prints it.

    carried: the same under the questions that its form asks today. standing: what it is to what is owed.
    """
    return {
        "id": record.id,
        "scheme": record.scheme,
        "form": record.form,
        "version": record.version,
        "sha256": record.sha256,
        "received": record.received,
        "source": record.source,
        "needs_review": record.needs_review,
        "answers": record.answers,
        "problems": [
            {"field": one.field, "kind": one.kind, "message": one.message, "text": one.text} for one in record.problems
        ],
        "review": [
            {
                "kind": reason.kind,
                "message": reason.message,
                "field": reason.field or None,
                "settled": all(one.settled for one in doubts_by(record, reason)),
            }
            for reason in record.review
        ],
        "recovered": [one.as_json() for one in record.recovered],
        "sender": record.sender,
        "message_id": record.message_id,
        "signatures": [vars(check) | {"changed": list(check.changed)} for check in record.signatures],
        "voided": bool(record.voided),
        "given_to": record.given_to,
        "changes": [_change_json(change) for change in record.changes],
        "carried": carried.as_json() if carried else None,
        "standing": standing,
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {name: getattr(change, name) for name in _CHANGE}


def csv_lines(records: Iterable[Record]) -> Iterator[str]:
    """Lines of CSV: a head, then a line a record, one column a field. Walks the records twice."""
    columns = merged_columns(flat_answers(record.answers) for record in records)
    yield from spreadsheet.csv_lines([[*_META, "problems", "corrected", "voided", *columns]])
    yield from spreadsheet.csv_lines(_csv_row(record, columns) for record in records)


def _csv_row(record: Record, columns: list[str]) -> list[Cell]:
    meta: list[Cell] = [getattr(record, name) for name in _META]
    flat = flat_answers(record.answers)
    decided: list[Cell] = ["; ".join(record.corrected), bool(record.voided)]
    return [*meta, len(record.problems), *decided, *map(flat.get, columns)]


def records_table(records: Iterable[Record]) -> str:
    """A line a record, for a terminal."""
    head = [say(f"records.column-{name}") for name in ("id", "received", "form", "state", "source")]
    rows = [_line(record) for record in records]
    if not rows:
        return say("records.no-records")
    widths = [max(len(row[number]) for row in [head, *rows]) for number in range(len(head) - 1)]
    return "\n".join(_padded(row, widths) for row in [head, *rows])


def _line(record: Record) -> list[str]:
    states = [say("records.state-voided")] if record.voided else []
    states += [say("records.state-review")] if record.needs_review else []
    states += [say("records.state-unfilled")] if unfilled_reason(record) else []
    states += [say("records.state-corrected")] if record.corrected else []
    if record.problems:
        states.append(say("records.state-problems", count=len(record.problems)))
    form = f"{record.scheme}/{record.form}-v{record.version}"
    return [record.id[:SHORT_ID], record.received[:10], form, ", ".join(states), shown(record.source or "")]


def _padded(row: list[str], widths: list[int]) -> str:
    cells = (cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True))
    return "  ".join(cells).rstrip()


def record_table(record: Record, carried: Today | None = None, stands: Sequence[str] = ()) -> str:
    """One record whole, for a terminal: what is known of it, its answers, what does not fit.

    carried: the same under today's questions. stands: what it is to what is owed, in words.
    """
    lines = [f"{name}: {shown(getattr(record, name))}" for name in _META if getattr(record, name) is not None]
    if stands:
        lines += ["", say("records.heading-stands"), *(f"  {shown(one)}" for one in stands)]
    lines += ["", say("records.heading-answers"), *_answer_lines(record)]
    if record.problems:
        lines += ["", say("records.heading-problems"), *_problem_lines(record.problems)]
    if carried:
        lines += ["", say("records.heading-carried", version=carried.version), *_answer_lines(carried.record)]
        lines += _problem_lines(carried.not_carried)
    if record.signatures:
        lines += ["", say("records.heading-signatures"), *(f"  {_signature(check)}" for check in record.signatures)]
    if record.review:
        lines += ["", say("records.heading-review"), *(f"  {_about(reason)}" for reason in record.review)]
    if record.changes:
        lines += ["", say("records.heading-changes"), *(f"  {change_line(one)}" for one in record.changes)]
    return "\n".join(lines)


def _answer_lines(record: Record) -> Iterator[str]:
    return (f"  {name}: {shown(value)}" for name, value in flat_answers(record.answers).items())


def _problem_lines(problems: Iterable[AnswerProblem]) -> Iterator[str]:
    for problem in problems:
        yield f"  {problem.field}: {problem.message}"
        if problem.text:
            yield f"    {say('records.written')}: {shown(problem.text)}"


def change_line(change: Change) -> str:
    """A change in one line, for a terminal: when, who, what, and the answer before and after."""
    said = say(
        f"records.change-{change.kind}",
        field=change.field or say("records.whole-record"),
        old=_brief(change.old),
        new=_brief(change.new),
        reason=change.reason or "",
    )
    return f"{change.at}  {change.who}: {shown(said)}"


def _brief(value: Any) -> str:
    if value is None:
        return say("records.nothing")
    return "; ".join(map(str, value)) if isinstance(value, list) else str(shown(value))


def _signature(check: SignatureCheck) -> str:
    said = [check.field, check.signer or "?", check.signed or "?"]
    said += [say(f"records.signature-{check.trust}"), say(f"records.signature-{check.state}"), *check.changed]
    return ", ".join(map(shown, said))


def _about(reason: ReviewReason) -> str:
    return f"{reason.field}: {reason.message}" if reason.field else reason.message


def shown(value: Cell) -> str:
    """A value as a terminal shows it: without signs that steer it, which an answer may hold."""
    if isinstance(value, bool):
        return say("records.yes") if value else say("records.no")
    return "".join(letter for letter in str(value) if letter.isprintable() or letter == "\n").replace("\n", "\n    ")

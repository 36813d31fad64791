"""Records and the copies they are returns of in; the records out, marked where a locked answer came back changed.

A program that fills in a form may write into a field that is read-only: that a field is locked is told, not enforced
(ISO 32000-2, table 227). So what was filled in and locked is kept with the copy's token, and compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from schemebook.records.by_hand.keyed import widgets_of
from schemebook.records.people.issued import Issued
from schemebook.records.record import Record
from schemebook.records.spreadsheet import flat_answers
from schemebook.returned.submission import ReviewReason
from schemebook.returned.typed_answers import typed_answers
from schemebook.scheme.answers import AnswerProblem, Value
from schemebook.scheme.meaning import FormMeaning
from schemebook.scheme.words import say

KIND = "not-as-issued"
_NOT_ASKED = "not-for-you"


def locked_answers(meaning: FormMeaning, answers: Mapping[str, Value], locked: Sequence[str]) -> dict[str, Value]:
    """The answers of a copy that its person cannot change, as they are read when nobody did. locked: ids of fields."""
    mine = {id: value for id, value in answers.items() if id in locked}
    if not mine:
        return {}
    always = tuple(one.model_copy(update={"only_if": None}) for one in meaning.fields if one.id in mine)
    alone = meaning.model_copy(update={"fields": always})
    read, _ = typed_answers(alone, widgets_of(alone, mine))
    return {id: value for id, value in read.items() if id in mine}


def compared(record: Record, copies: Mapping[str, Issued]) -> Record:
    """A record with a problem and a reason for review at each place whose locked answer is not the one issued.

    copies: token -> the copy. A copy that was made again with other answers may come back as either. A question that
    the person's own answers close gives no answer, so nothing of it is compared.
    """
    copy = copies.get(record.token or "")
    if copy is None or (copy.scheme, copy.form, copy.version) != (record.scheme, record.form, record.version):
        return record
    changed = [list(_changed(record, locked)) for locked in copy.locked or ()]
    if not all(changed):
        return record
    problems = changed[-1] if changed else []
    doubted = {one.field for one in record.review}
    reasons = [
        ReviewReason(KIND, say("records.review-not-as-issued"), one.field)
        for one in problems
        if one.field not in doubted
    ]
    return replace(
        record,
        problems=(*record.problems, *problems),
        review=(*record.review, *reasons),
        needs_review=record.needs_review or bool(problems),
    )


def _changed(record: Record, locked: Mapping[str, Any]) -> Iterator[AnswerProblem]:
    """What is not as it was issued, place by place, each with what was issued there."""
    closed = {one.field for one in record.problems if one.kind == _NOT_ASKED}
    for id, value in locked.items():
        now = record.answers.get(id)
        if id in closed or now == value:
            continue
        was, came = flat_answers({id: value}), flat_answers({id: now} if now is not None else {})
        for name in dict.fromkeys((*was, *came)):
            if was.get(name) != came.get(name):
                yield AnswerProblem(name, KIND, say("records.answer-not-as-issued"), _as_text(was.get(name)))


def _as_text(value: Any) -> str | None:
    """An answer as somebody keys it in."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)

"""A record and what somebody decides about it in; the changes to keep out.

Each function gives what `Store.decide` keeps, in one transaction with the record that it was decided about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schemebook.errors import UsageError
from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.records.by_hand.keyed import NotTakenError, keyed_in, place_named, question_of, value_at, widgets_of
from schemebook.records.record import Record, utc_text
from schemebook.records.store.changes import Doubt, NewChange, unsettled
from schemebook.returned.typed_answers import asked_with, typed_answers
from schemebook.scheme.answers import AnswerProblem
from schemebook.scheme.meaning import FormMeaning
from schemebook.scheme.words import what_and_to_do

_NO_VALUE = ("not-a-date", "not-a-number")
"""A text that is none of its field's type gives no answer."""
_ABSENT = ("missing", "not-ticked", "not-signed")

Work = Callable[[Record], Sequence[NewChange]]


@dataclass(frozen=True)
class Reviewer:
    """Who decides, and when."""

    who: str
    when: datetime

    def at(self, record: Record) -> str:
        """The moment in UTC; for an anonymous record its month alone, like everything that is kept of it."""
        text = utc_text(self.when)
        return text[:7] if record.anonymous else text


def descriptor_of(record: Record, known: Mapping[str, FormDescriptor]) -> FormDescriptor:
    """The published form that a record was read by; of an anonymous record some edition of its version.

    known: as `load_published` gives them. Raises UsageError where it is published no more.
    """
    if record.edition and record.edition in known:
        return known[record.edition]
    named = (record.scheme, record.form, record.version)
    for one in known.values():
        if (one.meaning.scheme, one.meaning.form, one.meaning.version) == named:
            return one
    form = f"{record.scheme}/{record.form}-v{record.version}"
    raise UsageError(*what_and_to_do("records.published-gone", form=form), kind="published-gone")


def accept(by: Reviewer, doubt: Doubt | None = None) -> Work:
    """Take the answers as they are: one doubt, or all of them."""

    def work(record: Record) -> Iterator[NewChange]:
        open_ = [
            one for one in unsettled(record) if doubt is None or (one.kind, one.field) == (doubt.kind, doubt.field)
        ]
        for one in open_:
            yield NewChange("accepted", by.who, by.at(record), one.field, one.kind)

    return lambda record: list(work(record))


def void(by: Reviewer, why: str) -> Work:
    """Let a record count no more. Nothing of it is removed."""
    if not why.strip():
        raise UsageError(*what_and_to_do("records.no-reason"), kind="no-reason")
    return lambda record: [] if record.voided else [NewChange("voided", by.who, by.at(record), reason=why.strip())]


def restore(by: Reviewer) -> Work:
    """Let a voided record count again."""
    return lambda record: [NewChange("restored", by.who, by.at(record))] if record.voided else []


def give(by: Reviewer, person: str) -> Work:
    """Say whose a record is. person: their e-mail address, or the name they are known by. Raises UsageError."""
    person = " ".join(person.split())
    if not person:
        raise UsageError(*what_and_to_do("records.no-person"), kind="no-person")

    def work(record: Record) -> list[NewChange]:
        if record.anonymous:
            raise UsageError(*what_and_to_do("records.anonymous-is-nobodys"), kind="anonymous-is-nobodys")
        before = record.given_to
        return [] if before == person else [NewChange("given", by.who, by.at(record), old=before, new=person)]

    return work


def correct(by: Reviewer, descriptor: FormDescriptor, name: str, text: str) -> Work:
    """Put another answer in a place. text: as keyed in; empty for no answer.

    It is read as an answer typed into the PDF is: one that breaks a limit is kept with its problem. Raises UsageError
    for a place that is not there, NotTakenError for what is no answer to the question.
    """
    place = place_named(descriptor, name)
    keyed = keyed_in(place, text)

    def work(record: Record) -> list[NewChange]:
        meaning = descriptor.meaning
        read = typed_answers(meaning, widgets_of(meaning, record.answers) | keyed)
        wrong = next((one for one in read[1] if one.kind in _NO_VALUE and one.field == name), None)
        if wrong:
            raise NotTakenError(*what_and_to_do("records.not-taken", place=name, why=wrong.message), kind=wrong.kind)
        answers, problems = _merged(record, meaning, name, *read)
        old, new = value_at(meaning, record.answers, name), value_at(meaning, answers, name)
        if old == new and not any(one.field == name for one in record.problems):
            return []
        change = NewChange("corrected", by.who, by.at(record), name, None, old, new, answers, problems)
        return [change]

    return work


def _merged(
    record: Record,
    meaning: FormMeaning,
    name: str,
    answers: Mapping[str, Any],
    problems: Sequence[AnswerProblem],
) -> tuple[dict[str, Any], tuple[AnswerProblem, ...]]:
    """All answers and problems of a record after one place was read anew.

    What was found out about the other places of the file stays, unless the new answer opens or closes their question.
    """
    mine = question_of(meaning, name)
    before, after = asked_with(meaning, record.answers), asked_with(meaning, answers)
    found: dict[str, Any] = {}
    told: list[AnswerProblem] = []
    for field in meaning.fields:
        was = [one for one in record.problems if question_of(meaning, one.field) == field.id]
        now = [one for one in problems if question_of(meaning, one.field) == field.id]
        if field.id == mine:
            told += _of_question(name, was, now)
        elif (field.id in before) == (field.id in after):
            told += was
        else:
            told += now if field.id in after and not was else was + [one for one in now if one not in was]
        stays = record.answers.get(field.id) if field.id in before & after and field.id != mine else None
        value = answers.get(field.id) if stays is None else stays
        if value is not None:
            found[field.id] = value
    return found, tuple(told)


def _of_question(name: str, was: Sequence[AnswerProblem], now: Sequence[AnswerProblem]) -> list[AnswerProblem]:
    """The problems of the question that was corrected: as found now, with what was kept of its other places."""
    kept = [one for one in was if one.field != name and one.text is not None]
    places = {one.field for one in kept}
    return kept + [one for one in now if not (one.field in places and one.kind in _ABSENT)]

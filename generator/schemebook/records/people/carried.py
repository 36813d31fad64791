"""A record of an earlier or newer version and today's form in; the record under today's questions out.

What the form's `renames` and `defaults` say is carried, and what fits today's question. What cannot be carried is
listed as a problem `not-carried` with its text, never dropped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from schemebook.records.record import Record
from schemebook.scheme.answers import AnswerProblem, Value, answer_problem, misfit, read_text
from schemebook.scheme.form import Form
from schemebook.scheme.meaning import YES, FieldMeaning

NOT_CARRIED = "not-carried"
_TEXTS = ("text", "long-text", "email", "phone", "date", "number")


@dataclass(frozen=True)
class Today:
    """A record under the questions that its form asks today, where that is another version."""

    version: int
    record: Record

    @property
    def not_carried(self) -> tuple[AnswerProblem, ...]:
        """What today's form has no place for."""
        return tuple(one for one in self.record.problems if one.kind == NOT_CARRIED)

    def as_json(self) -> dict[str, Any]:
        """As `records --format json` prints it."""
        lost = [{"field": one.field, "text": one.text} for one in self.not_carried]
        return {"version": self.version, "answers": self.record.answers, "not_carried": lost}


def today(forms: Mapping[str, Form], record: Record) -> Today | None:
    """A record of another version under today's questions; None where it is of today's, or its form is gone.

    forms: those of its scheme, by id.
    """
    form = forms.get(record.form)
    if form is None or form.version == record.version:
        return None
    return Today(form.version, carry(form, record.scheme, record))


@dataclass
class _Carrying:
    """What is carried so far, and what could not be."""

    version: int
    answers: dict[str, Value] = field(default_factory=dict)
    problems: list[AnswerProblem] = field(default_factory=list)

    def lose(self, name: str, value: Value) -> None:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        self.problems.append(answer_problem(name, NOT_CARRIED, text, version=self.version))


def carry(form: Form, scheme: str, record: Record) -> Record:
    """A record with its answers and problems under the questions that the form asks today.

    version, answers as read and history stay what they are; a record of today's version is given back as it is.
    """
    if record.version == form.version:
        return record
    older = record.version < form.version
    fields = {one.id: one for one in form.meaning(scheme).fields}
    renames = form.renames if older else {}
    found = _Carrying(record.version)
    for id, value in record.answers.items():
        now = _id_now(id, renames, fields)
        if now is None or now in found.answers:
            found.lose(id, value)
        elif (kept := _fitting(fields[now], now, value, found)) is not None:
            found.answers[now] = kept
    if older:
        for id, said in form.defaults.items():
            if id in fields and id not in found.answers and (value := _default(fields[id], said)) is not None:
                found.answers[id] = value
    problems = [_renamed(one, renames, fields) for one in record.problems]
    return replace(record, answers=found.answers, problems=(*problems, *found.problems))


def _id_now(id: str, renames: Mapping[str, str], fields: Mapping[str, FieldMeaning]) -> str | None:
    """The id that a question has today; a question may have been renamed more than once."""
    seen = {id}
    while id in renames and renames[id] not in seen:
        id = renames[id]
        seen.add(id)
    return id if id in fields else None


def _renamed(problem: AnswerProblem, renames: Mapping[str, str], fields: Mapping[str, FieldMeaning]) -> AnswerProblem:
    """A problem under the id that its question has today; of one that is asked no more under the old id."""
    for old in sorted(renames, key=len, reverse=True):
        if problem.field == old or problem.field.startswith(f"{old}."):
            now = _id_now(old, renames, fields)
            return replace(problem, field=now + problem.field[len(old) :]) if now else problem
    return problem


def _fitting(one: FieldMeaning, name: str, value: Value, found: _Carrying) -> Value:
    """As much of a value as its question takes today; the rest is lost, place by place."""
    if misfit(one, value) is None:
        return value
    if one.type == "table" and isinstance(value, dict):
        return _rows(one, name, value, found)
    if one.type == "blank-table" and isinstance(value, list):
        return _blank_rows(one, name, value, found)
    if one.type in ("several-of", "checklist") and isinstance(value, list | str):
        return _options(one, name, [value] if isinstance(value, str) else value, found)
    if one.type in _TEXTS and isinstance(value, str | int | float) and not isinstance(value, bool):
        read, _ = read_text(one, str(value))
        if read is not None and misfit(one, read) is None:
            return read
    found.lose(name, value)
    return None


def _rows(one: FieldMeaning, name: str, value: Mapping[str, Any], found: _Carrying) -> Value:
    kept = {}
    for row, cells in value.items():
        if row not in one.rows or not isinstance(cells, dict):
            found.lose(f"{name}.{row}", cells)
        elif fitting := dict(_cells(one, f"{name}.{row}", cells, found)):
            kept[row] = fitting
    return kept or None


def _blank_rows(one: FieldMeaning, name: str, value: list[Any], found: _Carrying) -> Value:
    kept: list[dict[str, Value]] = []
    for number, cells in enumerate(value, 1):
        if len(kept) == one.blank_rows or not isinstance(cells, dict):
            found.lose(f"{name}.{number}", cells)
        elif fitting := dict(_cells(one, f"{name}.{number}", cells, found)):
            kept.append(fitting)
    return kept or None


def _cells(one: FieldMeaning, name: str, cells: Mapping[str, Any], found: _Carrying) -> Iterator[tuple[str, Value]]:
    columns = {column.id: column for column in one.columns}
    for id, value in cells.items():
        if id not in columns:
            found.lose(f"{name}.{id}", value)
        elif (kept := _fitting(columns[id], f"{name}.{id}", value, found)) is not None:
            yield id, kept


def _options(one: FieldMeaning, name: str, chosen: list[Any], found: _Carrying) -> Value:
    for option in chosen:
        if option not in one.options:
            found.lose(name, option)
    return [option for option in one.options if option in chosen] or None


def _default(one: FieldMeaning, said: str) -> Value:
    """An answer as the YAML gives it, as text, in the shape of its question; None where it is no answer to it."""
    if one.type in ("yes-no", "declaration"):
        return said.strip().casefold() in (YES, "true")
    if one.type in ("several-of", "checklist"):
        chosen = {part.strip() for part in said.replace(",", ";").split(";")}
        return [option for option in one.options if option in chosen] or None
    value = read_text(one, said)[0] if one.type in _TEXTS else said
    return value if misfit(one, value) is None else None

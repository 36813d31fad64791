"""A form in, the columns that a list may have for it out; the text of one cell in, its answer out.

Columns are named as exports name them: `<field>`; a table's cell `<table>.<row>.<column>`; of a signature the printed
name alone, since the rest is its person's to give. Several ticks stand in one cell, with semicolons between them;
options stand there by their ids or their words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.scheme.answers import Value, problems_of, read_text
from schemebook.scheme.letters import clean_text
from schemebook.scheme.meaning import NO, YES, FieldMeaning, FormMeaning
from schemebook.scheme.words import say

_PRINTED = "name"
_TRUE = ("yes", "true", "y", "1", "x", "ticked", "on")
_FALSE = ("no", "false", "n", "0", "off")


@dataclass(frozen=True)
class Cell:
    """What one column holds: the field it belongs to, the meaning of its text, and where in the answer it stands."""

    field: str
    meaning: FieldMeaning
    way: tuple[str, ...]
    labels: Mapping[str, str]
    """Option id -> its words in this edition."""


def cells_of(descriptor: FormDescriptor) -> dict[str, Cell]:
    """Name of a column -> what it holds, in the form's order."""
    return {name: cell for one in descriptor.meaning.fields for name, cell in _cells(one, descriptor.edition.labels)}


def _cells(one: FieldMeaning, words: Mapping[str, str]) -> list[tuple[str, Cell]]:
    if one.type in ("table", "blank-table"):
        return [
            (
                f"{one.id}.{row}.{column.id}",
                Cell(one.id, column, (row, column.id), _labels(column, f"{one.id}..{column.id}", words)),
            )
            for row in one.row_names()
            for column in one.columns
        ]
    if one.type == "signature":
        return [(f"{one.id}.{_PRINTED}", Cell(one.id, FieldMeaning(id=one.id, type="text"), (_PRINTED,), {}))]
    return [(one.id, Cell(one.id, one, (), _labels(one, one.id, words)))]


def _labels(one: FieldMeaning, name: str, words: Mapping[str, str]) -> dict[str, str]:
    options = (YES, NO) if one.type == "yes-no" else one.options
    return {option: words.get(f"{name}/{option}", option) for option in options}


def read_cell(cell: Cell, text: str, answers: dict[str, Value]) -> str:
    """Put a cell's answer among the answers; what is wrong with it, a sentence, or nothing."""
    text, removed = clean_text(text)
    if removed:
        return say("issue.half-a-letter")
    value, why = _value(cell, text.strip())
    if not why:
        _put(cell, value, answers)
    return why


def _value(cell: Cell, text: str) -> tuple[Value, str]:
    type = cell.meaning.type
    if type == "declaration" or type == "yes-no":
        return _yes_or_no(cell, text)
    if type == "one-of":
        found = _option(cell, text)
        return found, "" if found else say("issue.takes-option", options=", ".join(cell.labels))
    if type in ("several-of", "checklist"):
        return _options(cell, text)
    value, problems = read_text(cell.meaning, text)
    return value, problems[0].message if problems else ""


def _yes_or_no(cell: Cell, text: str) -> tuple[Value, str]:
    said = _option(cell, text) or text.casefold()
    if said in _TRUE or said == YES:
        return True, ""
    if said in _FALSE or said == NO:
        return False, ""
    return None, say("issue.takes-yes-no")


def _options(cell: Cell, text: str) -> tuple[Value, str]:
    ticked = {_option(cell, one.strip()) for one in text.split(";") if one.strip()}
    value = [option for option in cell.labels if option in ticked]
    if None in ticked:
        return None, say("issue.takes-options", options=", ".join(cell.labels))
    problems = problems_of(cell.meaning, value)
    return value, problems[0].message if problems else ""


def _option(cell: Cell, text: str) -> str | None:
    """The option that has this id, else these words."""
    if text in cell.labels:
        return text
    return next((id for id, words in cell.labels.items() if words.casefold() == text.casefold()), None)


def whole_answers(meaning: FormMeaning, answers: Mapping[str, Value]) -> dict[str, Value]:
    """Answers put together from cells, in the shape that `records` prints: blank rows as a list, a name unsigned."""
    found = dict(answers)
    for one in meaning.fields:
        if one.id in found and one.type == "blank-table":
            found[one.id] = [found[one.id][row] for row in one.row_names() if row in found[one.id]]
        elif one.id in found and one.type == "signature":
            found[one.id] = {**found[one.id], "kind": "none"}
    return found


def _put(cell: Cell, value: Any, answers: dict[str, Value]) -> None:
    if not cell.way:
        answers[cell.field] = value
        return
    place = answers.setdefault(cell.field, {})
    for step in cell.way[:-1]:
        place = place.setdefault(step, {})
    place[cell.way[-1]] = value

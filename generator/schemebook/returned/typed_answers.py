"""What each widget answers in; the form's answers by field id out, with the problems of each.

The shapes are those that `records` prints and `fill` takes. Nothing here raises for what a participant wrote.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from schemebook.returned.widget_answers import BY_HAND, DRAWN, SIGNED, WidgetAnswer
from schemebook.scheme.answers import AnswerProblem, answer_problem, holds, problems_of, read_text
from schemebook.scheme.letters import clean_text, is_blank
from schemebook.scheme.meaning import YES, FieldMeaning, FormMeaning
from schemebook.scheme.words import say
from schemebook.scheme.written import empty_words

_BLANK = WidgetAnswer()
_TEXTS = ("text", "long-text")
_TYPED = (*_TEXTS, "date", "number", "email", "phone")
"""Types of fields into which people write; all others are chosen, ticked or signed."""

Widgets = Mapping[str, WidgetAnswer]


@dataclass(slots=True)
class _Found:
    """The answer of one field as it was read, before it is known whether the field was asked.

    written: whether anybody wrote or ticked anything; a No is something, a tick left off is nothing.
    """

    value: Any = None
    problems: Sequence[AnswerProblem] = ()
    missing: Sequence[AnswerProblem] = ()
    written: bool = False


def typed_answers(meaning: FormMeaning, widgets: Widgets) -> tuple[dict[str, Any], tuple[AnswerProblem, ...]]:
    """The answers of a form and what is wrong with them, in the form's order.

    A field whose condition does not hold is absent; what was written there is a problem `not-for-you`.
    """
    found = {one.id: _field(one, widgets) for one in meaning.fields}
    asked = asked_with(meaning, {id: mine.value for id, mine in found.items()})
    answers: dict[str, Any] = {}
    problems: list[AnswerProblem] = []
    for one in meaning.fields:
        mine = found[one.id]
        if one.id in asked:
            problems += (*mine.problems, *mine.missing)
            if mine.value is not None:
                answers[one.id] = mine.value
        elif mine.written and not _is_none(one, mine):
            problems.append(answer_problem(one.id, "not-for-you", _as_text(mine)))
    return answers, tuple(problems)


def asked_with(meaning: FormMeaning, answers: Mapping[str, Any]) -> set[str]:
    """The fields whose conditions hold with these answers. A field opens another only while it is asked itself."""
    conditions = {one.id: one.only_if for one in meaning.fields if one.only_if}
    shut: set[str] = set()
    while more := {
        id
        for id, condition in conditions.items()
        if id not in shut and (condition.field in shut or not holds(condition, answers))
    }:
        shut |= more
    return {one.id for one in meaning.fields} - shut


def _is_none(one: FieldMeaning, found: _Found) -> bool:
    """Whether N/A, none or a dash stands where nothing was asked: who writes that did not answer."""
    return one.type in _TYPED and empty_words(_as_text(found)) in ("nothing", "none")


def _as_text(found: _Found) -> str:
    """What was written, as text: a text or option as it is, anything larger as JSON."""
    if found.value is None or found.value == {}:
        return "\n".join(problem.text for problem in found.problems if problem.text)
    if isinstance(found.value, str):
        return found.value
    return json.dumps(found.value, ensure_ascii=False)


def _field(one: FieldMeaning, widgets: Widgets) -> _Found:
    read = _OF_SEVERAL.get(one.type)
    if read:
        return read(one, widgets)
    found = _single(one, one.id, widgets)
    found.missing = _missing_single(one, one.id, found)
    return found


def _missing_single(one: FieldMeaning, name: str, found: _Found) -> Sequence[AnswerProblem]:
    if found.written or not one.required:
        return ()
    return (answer_problem(name, "not-ticked" if one.type == "declaration" else "missing"),)


def _single(one: FieldMeaning, name: str, widgets: Widgets) -> _Found:
    """The answer of a field or table cell that has one widget."""
    value, doubt, _ = widget = widgets.get(name, _BLANK)
    kind = one.type
    found = _Found(written=value is not None)
    if doubt:
        found.problems = tuple(_doubts(name, widget))
        found.written |= any(problem.text for problem in found.problems)
    if kind == "declaration":
        found.value = value is not None
    elif value is None or kind == "one-of":
        found.value = value
    elif kind == "yes-no":
        found.value = value == YES
    else:
        _read_text(one, name, value, found)
    return found


def _read_text(one: FieldMeaning, name: str, written: str, found: _Found) -> None:
    """Text as it is kept; a problem where something had to be taken out of it (half an emoji)."""
    text, removed = clean_text(written)
    if removed:
        found.problems = (*found.problems, answer_problem(name, "letters-removed"))
    if is_blank(text) or _left_out(one, text):
        found.written = False
        return
    found.value, wrong = read_text(one, text)
    if wrong:
        found.problems = (*found.problems, *(replace(problem, field=name) for problem in wrong))
    elif one.required and one.type in _TEXTS and empty_words(text) in ("nothing", "elsewhere"):
        found.problems = (*found.problems, answer_problem(name, "says-nothing"))


def _left_out(one: FieldMeaning, text: str) -> bool:
    """Whether somebody wrote N/A or a dash where they might have left the box empty. A text is kept as it is; of days,
    addresses and telephones none is nothing, and of numbers it may be counted."""
    if one.required or one.type in _TEXTS:
        return False
    empty = empty_words(text)
    return empty == "nothing" or (empty == "none" and one.type != "number")


def _doubts(name: str, widget: WidgetAnswer) -> Iterator[AnswerProblem]:
    """A widget that contradicts itself or cannot be read, as a problem that keeps what stood there."""
    if widget.doubt == "unknown-option":
        yield answer_problem(name, "unknown-option", clean_text(widget.stood or "")[0])
    elif widget.doubt:
        stood = clean_text(widget.stood)[0] if widget.stood else None
        yield AnswerProblem(name, widget.doubt, say(f"returned.answer-{widget.doubt}"), stood)


def _ticks(one: FieldMeaning, widgets: Widgets) -> _Found:
    names = {option: f"{one.id}.{option}" for option in one.options}
    ticked = [option for option, name in names.items() if widgets.get(name, _BLANK).value is not None]
    problems = [
        problem
        for name in names.values()
        if (widget := widgets.get(name, _BLANK)).doubt
        for problem in _doubts(name, widget)
    ]
    if ticked:
        return _Found(ticked, problems + problems_of(one, ticked), written=True)
    wanted = one.required and one.type == "several-of" and one.at_least != 0
    return _Found(None, problems, [answer_problem(one.id, "missing")] if wanted else [])


def _row(one: FieldMeaning, row: str, widgets: Widgets) -> _Found:
    """One row of a table: its answers by column, and a problem for each column that should have one."""
    names = {column.id: f"{one.id}.{row}.{column.id}" for column in one.columns}
    cells = {column.id: _single(column, names[column.id], widgets) for column in one.columns}
    return _Found(
        {id: cell.value for id, cell in cells.items() if cell.value is not None},
        [problem for cell in cells.values() for problem in cell.problems],
        [gap for column in one.columns for gap in _missing_single(column, names[column.id], cells[column.id])],
        any(cell.written for cell in cells.values()),
    )


def _table(one: FieldMeaning, widgets: Widgets) -> _Found:
    rows = {row: _row(one, row, widgets) for row in one.rows}
    found = _Found(
        {row: mine.value for row, mine in rows.items() if mine.value} or None,
        [problem for mine in rows.values() for problem in mine.problems],
        written=any(mine.written for mine in rows.values()),
    )
    if found.written:
        found.missing = [problem for mine in rows.values() for problem in mine.missing]
    elif one.required:
        found.missing = [answer_problem(one.id, "missing")]
    return found


def _blank_table(one: FieldMeaning, widgets: Widgets) -> _Found:
    """The rows in which something was written; a row that was left empty is dropped."""
    rows = [mine for row in one.row_names() if (mine := _row(one, row, widgets)).written]
    found = _Found(
        [mine.value for mine in rows if mine.value] or None,
        [problem for mine in rows for problem in mine.problems],
        [problem for mine in rows for problem in mine.missing],
        written=bool(rows),
    )
    least = one.at_least if one.at_least is not None else int(one.required)
    if not rows and one.required and least:
        found.missing = (answer_problem(one.id, "missing"),)
    elif len(rows) < least:
        found.missing = (*found.missing, answer_problem(one.id, "too-few-rows", rows=len(rows), least=least))
    return found


def _signature(one: FieldMeaning, widgets: Widgets) -> _Found:
    """Name, date and kind. A name with a date beside it is a typed signature, as our forms ask for it.

    digital: a signature stands in the field; who signed and whether it holds is not looked at here.
    drawn: a person says so; in a file it is not told apart from a name typed by `fill`.
    """
    parts = {part: _single(meaning, f"{one.id}.{part}", widgets) for part, meaning in _SIGNATURE_PARTS.items()}
    shown = widgets.get(f"{one.id}.signature", _BLANK)
    found = _Found(
        _with_kind(
            {part: read.value for part, read in parts.items() if read.value is not None},
            shown.value,
            parts["date"].written,
        ),
        [
            *(problem for read in parts.values() for problem in read.problems),
            *_doubts(f"{one.id}.signature", shown),
        ],
        written=any(read.written for read in parts.values()) or shown.value in (SIGNED, BY_HAND),
    )
    if one.required:
        found.missing = list(_missing_of_signature(one.id, found))
    return found


_OF_SEVERAL = {
    "several-of": _ticks,
    "checklist": _ticks,
    "table": _table,
    "blank-table": _blank_table,
    "signature": _signature,
}
"""How fields are read that have more than one widget."""
_SIGNATURE_PARTS = {"name": FieldMeaning(id="name", type="text"), "date": FieldMeaning(id="date", type="date")}


def _with_kind(said: dict[str, Any], shown: str | None, dated: bool) -> dict[str, Any] | None:
    """dated: something stands in the box for the date; that it is no date is a problem of its own."""
    if shown == SIGNED:
        return said | {"kind": "digital"}
    if shown == BY_HAND:
        return said | {"kind": "drawn"}
    if not said:
        return None
    typed = "name" in said and (shown == DRAWN or dated)
    return said | {"kind": "typed" if typed else "none"}


def _missing_of_signature(name: str, found: _Found) -> Iterator[AnswerProblem]:
    said = found.value or {}
    if said.get("kind", "none") == "none":
        yield answer_problem(name, "not-signed")
        return
    wrong = {problem.field for problem in found.problems}
    yield from (
        answer_problem(f"{name}.{part}", "missing")
        for part in ("name", "date")
        if part not in said and f"{name}.{part}" not in wrong
    )

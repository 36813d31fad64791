"""A table field in, its rows as questions of their own out: for sheets of one column, where no table has room."""

from __future__ import annotations

from typing import Any

from schemebook.form_pdf.arrangement import option_columns
from schemebook.form_pdf.printed_table import as_sentence, column_aside, column_options
from schemebook.form_pdf.sheet import Sheet
from schemebook.scheme.fields import BlankTable, Table
from schemebook.scheme.words import say


def rows_as_questions(field: Table | BlankTable, sheet: Sheet) -> dict[str, Any]:
    """What `rows-to-fill.typ` prints: each row's name, and under it its columns as questions.

    Where there is one column, its name stands once over all, and each row is one question.
    """
    only = next(iter(field.columns.values())) if len(field.columns) == 1 else None
    over = " ".join(filter(None, (only.label, column_aside(field, only)))) if only else None
    return {"over": over, "breaks": True, "rows": [_row(field, id, name, sheet) for id, name in _names(field)]}


def _names(field: Table | BlankTable) -> list[tuple[str, str]]:
    """Row id -> what the row is called: with its number, where the table is numbered."""
    if isinstance(field, Table):
        numbers = [f"{number}. " if field.numbered else "" for number in range(1, len(field.rows) + 1)]
        return [(id, number + row.label) for (id, row), number in zip(field.rows.items(), numbers, strict=True)]
    numbered = (str(number) for number in range(1, field.blank_rows + 1))
    return [
        (one, say("form_pdf.row-title", head=field.row_head or say("form_pdf.a-row"), number=one)) for one in numbered
    ]


def _row(field: Table | BlankTable, id: str, name: str, sheet: Sheet) -> dict[str, Any]:
    row = field.rows[id] if isinstance(field, Table) else None
    criteria = as_sentence(row.criteria) if row and row.criteria else None
    questions = [_question(field, key, id, sheet) for key in field.columns]
    if len(questions) == 1:
        if questions[0]["type"] == "declaration":
            return {"label": None, "criteria": criteria, "questions": [questions[0] | {"label": name}]}
        alone = questions[0] | {"label": name, "aside": None, "hints": [criteria] if criteria else []}
        return {"label": None, "criteria": None, "questions": [alone]}
    return {"label": name, "criteria": criteria, "questions": questions}


def _question(field: Table | BlankTable, id: str, row: str, sheet: Sheet) -> dict[str, Any]:
    column = field.columns[id]
    options = column_options(column)
    return {
        "type": "declaration" if column.type == "tick" else column.type,
        "name": f"{field.id}.{row}.{id}",
        "label": column.label,
        "aside": column_aside(field, column),
        "hints": [],
        "options": [{"id": id, "label": label} for id, label in options.items()],
        "joint": "/",
        "option-columns": option_columns(list(options.values()), sheet.text_width, sheet) if options else 1,
        "drop-down": False,
        "height": sheet.area_height(column.most_words or 0, sheet.text_width),
    }

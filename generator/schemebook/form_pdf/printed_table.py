"""A table field in, what the sheet prints of it out: columns with their widths, rows with their heights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schemebook.form_pdf.arrangement import row_of_options
from schemebook.form_pdf.least_width import date_box
from schemebook.form_pdf.sheet import Sheet
from schemebook.form_pdf.text_measure import lines_needed, paragraph_height, text_width
from schemebook.scheme.fields import BlankTable, Column, Table
from schemebook.scheme.meaning import NO, YES
from schemebook.scheme.words import say

_WRITES = ("text", "long-text", "date", "number")
_SHARES = {"text": 1.4, "long-text": 2.0}
"""Of what the other columns leave; a row's own name takes _LABEL_SHARE."""
_LABEL_SHARE = 1.6
_LEAST_SHARE = 1.5
"""The least of a share, in millimetres a point of text: narrower, a word would not go into a line."""
_PAD_X, _PAD_Y = 1.6, 1.7
_LABEL_RIGHT, _LABEL_BOTTOM = 4.0, 1.9
_CRITERIA_GAP = 1.6
_WHOLE_AT_MOST = 0.25
"""A table up to this part of a page goes to the next one whole."""
_LEADING = 0.46
"""Between the lines of a row's name, in em of the sheet's text (grid-to-fill.typ)."""


def printed_table(field: Table | BlankTable, sheet: Sheet) -> dict[str, Any]:
    """What `grid-to-fill.typ` prints. Lengths in millimetres."""
    number, widths = _number_width(field, sheet), column_widths(field, sheet)
    labels = sheet.text_width - number - sum(widths.values()) if isinstance(field, Table) else 0.0
    columns = [
        _printed_column(id, column, widths[id], sheet) | {"aside": column_aside(field, column)}
        for id, column in field.columns.items()
    ]
    least = max(column["height"] for column in columns)
    return {
        "number-width": round(number, 2),
        "label-width": round(labels, 2),
        "row-head": field.row_head or "",
        "columns": columns,
        "rows": (rows := _rows(field, labels, least, sheet)),
        "breaks": sum(row["height"] for row in rows) > sheet.text_height * _WHOLE_AT_MOST,
    }


def column_widths(field: Table | BlankTable, sheet: Sheet) -> dict[str, float]:
    """Column id -> width in millimetres. On a sheet of one column each is a question of the whole width."""
    if sheet.whole_width_only:
        return dict.fromkeys(field.columns, sheet.text_width)
    return _column_widths(field, sheet.text_width - _number_width(field, sheet), sheet)


def column_options(column: Column) -> dict[str, str]:
    """Option id -> words of a column; empty where it has none."""
    if column.type == "yes-no":
        return {YES: say("form_pdf.yes"), NO: say("form_pdf.no")}
    return dict(column.options or {})


def column_aside(field: Table | BlankTable, column: Column) -> str | None:
    """What stands behind a column's name: how to write it, and that it may stay empty where the whole table may not."""
    optional = column.optional and column.type != "tick" and not field.optional
    if column.type == "date":
        return say("form_pdf.day-month-year-optional" if optional else "form_pdf.day-month-year")
    return say("form_pdf.optional") if optional else None


def _number_width(field: Table | BlankTable, sheet: Sheet) -> float:
    return sheet.label * 0.85 if isinstance(field, BlankTable) or field.numbered else 0.0


def _printed_column(id: str, column: Column, width: float, sheet: Sheet) -> dict[str, Any]:
    options = column_options(column)
    inner = width - 2 * _PAD_X
    in_a_row = row_of_options(list(options.values()), sheet.label, sheet) <= inner
    return {
        "id": id,
        "kind": column.type,
        "label": column.label,
        "options": [{"id": one, "label": label} for one, label in options.items()],
        "in-a-row": in_a_row,
        "writes": column.type in _WRITES,
        "width": width,
        "height": round(_cell_height(column, width, in_a_row, sheet), 2),
    }


def _cell_height(column: Column, width: float, in_a_row: bool, sheet: Sheet) -> float:
    """The least height of the column's cells."""
    if column.type == "long-text":
        words = column.most_words
        return max(sheet.prose_row, sheet.area_height(words, width, least_lines=1) if words else 0.0)
    if column.type in _WRITES or column.type == "tick" or in_a_row:
        return sheet.mark_row
    inner = width - 2 * _PAD_X - sheet.tick - 2.2
    lines = [lines_needed(label, sheet.label, inner) for label in column_options(column).values()]
    more = sum(
        paragraph_height(count, sheet.label, _LEADING * sheet.text) - paragraph_height(1, sheet.label, 0)
        for count in lines
    )
    return 2 * _PAD_Y + (len(lines) - 1) * sheet.pitch + sheet.tick + more


def _column_widths(field: Table | BlankTable, width: float, sheet: Sheet) -> dict[str, float]:
    """Column id -> width. Marks and short answers take what they need; prose and the rows' names share the rest."""
    fixed = {id: own for id, one in field.columns.items() if (own := _own_width(one, sheet))}
    shares = {id: _SHARES[column.type] for id, column in field.columns.items() if id not in fixed}
    labels = _LABEL_SHARE if isinstance(field, Table) else 0.0
    whole = sum(shares.values()) + labels
    left = width - sum(fixed.values())
    least = _LEAST_SHARE * sheet.text * whole
    if left < least or not whole:
        # What has its own width gives way, or takes it all.
        fixed, left = _scaled(field, fixed, width - least), least
    return {id: round(fixed.get(id) or left * shares[id] / whole, 2) for id in field.columns}


def _scaled(field: Table | BlankTable, widths: Mapping[str, float], room: float) -> dict[str, float]:
    """Fill the room. Dates keep theirs, so that a day goes in, as long as the others keep half of theirs."""
    days = {id: own for id, own in widths.items() if field.columns[id].type == "date"}
    others = sum(widths.values()) - sum(days.values())
    if others and room - sum(days.values()) >= others / 2:
        scale = (room - sum(days.values())) / others
        return {id: own if id in days else own * scale for id, own in widths.items()}
    scale = room / sum(widths.values())
    return {id: own * scale for id, own in widths.items()}


def _own_width(column: Column, sheet: Sheet) -> float:
    """The width a column asks for, or needs; 0 where it shares."""
    needed = date_box(sheet) if column.type == "date" else 0.0
    if column.width:
        return max(column.width * sheet.text / 10, needed)
    head = max(text_width(word, sheet.label, semibold=True) for word in (column.label.split() or [""])) + 2 * _PAD_X
    if column.type in ("date", "number"):
        return max(head, needed or 2.0 * sheet.text)
    if column.type == "tick":
        return max(head, sheet.tick + 2 * _PAD_X)
    labels = list(column_options(column).values())
    if not labels:
        return 0.0
    beside = row_of_options(labels, sheet.label, sheet) + 2 * _PAD_X + 3
    below = max(text_width(label, sheet.label) for label in labels) + sheet.tick + 2.2 + 2 * _PAD_X + 0.5
    return max(head, beside if beside <= sheet.text_width * 0.34 else min(below, sheet.text_width * 0.3))


def _rows(field: Table | BlankTable, labels: float, least: float, sheet: Sheet) -> list[dict[str, Any]]:
    if isinstance(field, BlankTable):
        numbers = [str(number) for number in range(1, field.blank_rows + 1)]
        return [{"id": one, "number": one, "label": None, "criteria": None, "height": least} for one in numbers]
    found = []
    for number, (id, row) in enumerate(field.rows.items(), 1):
        criteria = as_sentence(row.criteria) if row.criteria else None
        height = max(least, _label_height(row.label, criteria, labels - _LABEL_RIGHT, sheet))
        found.append(
            {"id": id, "number": str(number), "label": row.label, "criteria": criteria, "height": round(height, 2)}
        )
    return found


def _first_line(sheet: Sheet) -> float:
    """How far below a tick's upper edge its words begin (parts.typ)."""
    return (sheet.tick - 0.68 * sheet.text * 25.4 / 72) / 2


def as_sentence(criteria: Sequence[str]) -> str:
    """Criteria as one sentence."""
    joined = "; ".join(one.rstrip(".") for one in criteria)
    return f"{joined[:1].upper()}{joined[1:]}."


def _label_height(label: str, criteria: str | None, width: float, sheet: Sheet) -> float:
    lines = lines_needed(label, sheet.label, width, semibold=True)
    height = paragraph_height(lines, sheet.label, _LEADING * sheet.text) + _PAD_Y + _first_line(sheet) + _LABEL_BOTTOM
    if criteria:
        lines = lines_needed(criteria, sheet.hint, width)
        height += _CRITERIA_GAP + paragraph_height(lines, sheet.hint, _LEADING * sheet.text)
    return height

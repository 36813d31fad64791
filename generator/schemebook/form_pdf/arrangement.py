"""Printed fields in, the rows they stand in out: how wide each is, which stand side by side, how options are spread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from schemebook.form_pdf.sheet import Sheet
from schemebook.form_pdf.text_measure import text_width

_WHOLE, _HALF = 6, 3
_OPTION_GAP = 3.0
"""Between two options in a row, in millimetres."""
_LABEL_AWAY = 2.2
"""From a tick box to its words."""
_SHORT = ("text", "email", "phone", "date", "number")
_SIDE_BY_SIDE_ABOVE = 6
"""So many tick boxes still stand one below another; a longer list of short ones goes into two columns."""
_MANY = 16
"""A list of more tick boxes than this goes into four columns, or three, if its words are that short."""
_IN_A_ROW_AT_MOST = 4


def rows_of(fields: Sequence[dict[str, Any]], sheet: Sheet) -> list[list[dict[str, Any]]]:
    """The fields in rows, each with its width in millimetres and the columns of its options."""
    rows: list[list[dict[str, Any]]] = []
    used = _WHOLE
    for field in fields:
        span = _span(field, sheet)
        if used + span > _WHOLE:
            rows.append([])
            used = 0
        rows[-1].append(field | {"span": span})
        used += span
    return [[_arranged(field, sheet) for field in _widened(row)] for row in rows]


def option_columns(labels: Sequence[str], width: float, sheet: Sheet) -> int:
    """How many equal columns short options stand in: up to four options in a row, otherwise one below another."""
    count = len(labels)
    equal = max(count, 4 if width > 120 else 2)
    return equal if count <= _IN_A_ROW_AT_MOST and _fit(labels, equal, width, sheet) else 1


def row_of_options(labels: Sequence[str], size: float, sheet: Sheet) -> float:
    """The width that options take side by side, each as wide as its words."""
    return sum(text_width(one, size) + sheet.tick + _LABEL_AWAY + _OPTION_GAP for one in labels) - _OPTION_GAP


def _span(field: dict[str, Any], sheet: Sheet) -> int:
    """The columns a field takes: as its form says or its words allow, and more where its box would be too narrow."""
    may_be_half = _may_be_half(field, sheet) and _head_fits(field, sheet.span_width(_HALF), sheet)
    wished = int(field["span"]) or (_HALF if may_be_half else _WHOLE)
    return next((span for span in range(wished, _WHOLE) if sheet.span_width(span) >= field["least-width"]), _WHOLE)


def _may_be_half(field: dict[str, Any], sheet: Sheet) -> bool:
    if field["type"] in _SHORT or field["drop-down"] or field["type"] == "yes-no":
        return True
    labels = [option["label"] for option in field["options"]]
    return (
        field["type"] == "one-of" and len(labels) == 2 and option_columns(labels, sheet.span_width(_HALF), sheet) == 2
    )


def _head_fits(field: dict[str, Any], width: float, sheet: Sheet) -> bool:
    """Whether label and hints stand on one line each."""
    label = text_width(field["label"], sheet.label, semibold=True)
    aside = text_width(" " + field["aside"], sheet.label) if field["aside"] else 0.0
    return label + aside <= width and all(text_width(hint, sheet.hint) <= width for hint in field["hints"])


def _widened(row: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A line of text left alone in its row by no one's wish takes the whole of it."""
    for field in row:
        alone = len(row) == 1 and field["type"] == "text" and not field["own-span"]
        yield field | ({"span": _WHOLE} if alone else {})


def _arranged(field: dict[str, Any], sheet: Sheet) -> dict[str, Any]:
    width = sheet.span_width(field["span"])
    return field | {"width": round(width, 3), "option-columns": _columns(field, width, sheet)}


def _columns(field: dict[str, Any], width: float, sheet: Sheet) -> int:
    labels = [option["label"] for option in field["options"]]
    if not labels or field["type"] == "checklist":
        return 1
    if field["type"] == "several-of" and len(labels) > _SIDE_BY_SIDE_ABOVE:
        wished = (4, 3, 2) if len(labels) > _MANY else (2,)
        return next((columns for columns in wished if _fit(labels, columns, width, sheet)), 1)
    return option_columns(labels, width, sheet)


def _fit(labels: Sequence[str], columns: int, width: float, sheet: Sheet) -> bool:
    each = (width - (columns - 1) * _OPTION_GAP) / columns
    return all(text_width(label, sheet.text) + sheet.tick + _LABEL_AWAY <= each for label in labels)

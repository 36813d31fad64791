"""A table of a page in; its rows, its heads and the widths of its columns for the handbook PDF out."""

from __future__ import annotations

import math
import re
from typing import Any

from schemebook.handbook.html_tree import Element
from schemebook.handbook.printed_line import Part, Walk, words_in

_SHORT = 16
"""Letters of the longest cell of a column that is as wide as its words."""
_TEXT, _SHEET, _GUTTER = 78, 104, 3
"""Letters that text's width holds in a table's type, those of the whole width, and those between two columns."""
_LONG = 700
"""Letters of a cell that may run over the end of a sheet."""
_TALL = 180
"""Millimetres of rows under one head that may run over the end of a sheet; fewer are kept together."""
_ALIGNED = re.compile(r"text-align:\s*(left|center|right)")


def printed_table(element: Element, walk: Walk) -> list[Part]:
    """Rows of cells; those of <thead> are repeated on each sheet that the table runs over.

    So is the head of a group of rows that stands over them, a <th> as wide as the table. One that stands beside them,
    by `rowspan`, is printed once: its rows are kept together while they fit on a sheet.
    """
    rows = [one for one in element.all() if one.tag == "tr"]
    head = [one for box in element.elements if box.tag == "thead" for one in box.all() if one.tag == "tr"]
    if not head and rows and all(cell.tag == "th" for cell in _cells(rows[0])):
        head = rows[:1]
    body = [one for one in rows if one not in head]
    caption = element.first("caption")
    columns = max((sum(_span(cell, "colspan") for cell in _cells(row)) for row in rows), default=0)
    if not columns:
        return []
    widths, wide = _widths(rows, columns)
    before, walk.longest = walk.longest, 46 if columns == 1 else 20
    head_rows = [_row([row], walk) for row in head]
    body_rows = [_row(body[at:], walk) for at in range(len(body))]
    walk.longest = before
    return [
        {
            "k": "table",
            "widths": widths,
            "wide": wide and not walk.beside,
            "head": head_rows,
            "body": body_rows,
            "over": [_stands_over(row, columns) for row in body],
            "caption": words_in(caption, walk),
        }
    ]


def _cells(row: Element) -> list[Element]:
    return [one for one in row.elements if one.tag in ("td", "th")]


def _stands_over(row: Element, columns: int) -> bool:
    """Whether a row is the head of those below it."""
    cells = _cells(row)
    return len(cells) == 1 and cells[0].tag == "th" and _span(cells[0], "colspan") == columns


def _row(rows: list[Element], walk: Walk) -> list[dict[str, Any]]:
    """The cells of the first of these rows."""
    return [_cell(cell, rows[: _span(cell, "rowspan")], walk) for cell in _cells(rows[0])]


def _cell(cell: Element, beside: list[Element], walk: Walk) -> dict[str, Any]:
    """beside: the rows that it stands in."""
    aligned = _ALIGNED.search(cell.attributes.get("style", ""))
    letters = sum(len(row.text) for row in beside)
    return {
        "head": cell.tag == "th",
        "c": walk.flow(cell),
        "columns": _span(cell, "colspan"),
        "rows": _span(cell, "rowspan"),
        "long": len(cell.text) > _LONG or (len(beside) > 1 and len(beside) * 7 + letters / 10 > _TALL),
        "align": aligned[1] if aligned else None,
    }


def _span(cell: Element, name: str) -> int:
    value = cell.attributes.get(name, "1")
    return max(1, int(value)) if value.isdigit() else 1


def _widths(rows: list[Element], columns: int) -> tuple[list[float], bool]:
    """A share for each column, 0 for one as wide as its words; and whether the table needs more than text's width."""
    lengths = _lengths(rows, columns)
    longest = [max(found, default=0) for found in lengths]
    whole = sum(longest) + _GUTTER * (columns - 1)
    if whole <= _SHEET:
        # All fits on one line each: the last column takes what is left.
        return [*[0.0] * (columns - 1), 1.0], whole > _TEXT
    shares = [0.0 if most <= _SHORT else _share(found) for found, most in zip(lengths, longest, strict=True)]
    return shares, columns > 2


def _lengths(rows: list[Element], columns: int) -> list[list[int]]:
    """The letters of each column's cells, without those that span several."""
    lengths: list[list[int]] = [[] for _ in range(columns)]
    taken = [0] * columns  # rows that a cell above still reaches into
    for row in rows:
        at = 0
        for cell in _cells(row):
            while at < columns and taken[at]:
                at += 1
            across = _span(cell, "colspan")
            if at < columns and across == 1:
                lengths[at].append(len(" ".join(cell.text.split())))
            for column in range(at, min(at + across, columns)):
                taken[column] = _span(cell, "rowspan")
            at += across
        taken = [max(0, left - 1) for left in taken]
    return lengths


def _share(lengths: list[int]) -> float:
    return round(math.sqrt(sum(lengths) / len(lengths) + max(lengths) / 2), 2)

"""A table of a page in; its rows, its heads and the widths of its columns for the handbook PDF out."""

from __future__ import annotations

import math
import re
from typing import Any

from schemebook.handbook.html_tree import Element
from schemebook.handbook.printed_line import Part, Walk, words_in

_SHORT = 16
"""Letters of the longest cell of a column that is as wide as its words."""
_ALIGNED = re.compile(r"text-align:\s*(left|center|right)")


def printed_table(element: Element, walk: Walk) -> list[Part]:
    """Rows of cells; those of <thead> are repeated on each sheet that the table runs over."""
    rows = [one for one in element.all() if one.tag == "tr"]
    head = [one for box in element.elements if box.tag == "thead" for one in box.all() if one.tag == "tr"]
    if not head and rows and all(cell.tag == "th" for cell in _cells(rows[0])):
        head = rows[:1]
    body = [one for one in rows if one not in head]
    caption = element.first("caption")
    columns = max((sum(_span(cell, "colspan") for cell in _cells(row)) for row in rows), default=0)
    if not columns:
        return []
    return [
        {
            "k": "table",
            "widths": _widths(rows, columns),
            "head": [_row(row, walk) for row in head],
            "body": [_row(row, walk) for row in body],
            "caption": words_in(caption, walk),
        }
    ]


def _cells(row: Element) -> list[Element]:
    return [one for one in row.elements if one.tag in ("td", "th")]


def _row(row: Element, walk: Walk) -> list[dict[str, Any]]:
    return [_cell(cell, walk) for cell in _cells(row)]


def _cell(cell: Element, walk: Walk) -> dict[str, Any]:
    aligned = _ALIGNED.search(cell.attributes.get("style", ""))
    return {
        "head": cell.tag == "th",
        "c": walk.flow(cell),
        "columns": _span(cell, "colspan"),
        "rows": _span(cell, "rowspan"),
        "align": aligned[1] if aligned else None,
    }


def _span(cell: Element, name: str) -> int:
    value = cell.attributes.get(name, "1")
    return max(1, int(value)) if value.isdigit() else 1


def _widths(rows: list[Element], columns: int) -> list[float]:
    """A share for each column, by the words it holds: 0 for one as wide as its words."""
    lengths: list[list[int]] = [[] for _ in range(columns)]
    reach = [0] * columns
    for row in rows:
        at = 0
        for cell in _cells(row):
            while at < columns and reach[at]:
                reach[at] -= 1
                at += 1
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            if at < columns and across == 1:
                lengths[at].append(len(" ".join(cell.text.split())))
            for taken in range(at, min(at + across, columns)):
                reach[taken] = down - 1
            at += across
        while at < columns and reach[at]:
            reach[at] -= 1
            at += 1
    return [_share(found) for found in lengths]


def _share(lengths: list[int]) -> float:
    if not lengths or max(lengths) <= _SHORT:
        return 0
    return round(math.sqrt(sum(lengths) / len(lengths) + max(lengths) / 2), 2)

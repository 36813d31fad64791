"""A printed question in, about how high it stands on its page out: enough to tell which forms need to be laid out.

Counted from the same measures as the templates; a few millimetres more or less. Nothing is placed by it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from schemebook.form_pdf.sheet import Sheet
from schemebook.form_pdf.text_measure import lines_needed, paragraph_height

_AWAY = 2.2
"""From a tick box to its words."""
_SIGNING = 30.0
"""The boxes of a signature and what stands over them."""


def question_height(field: Mapping[str, Any], sheet: Sheet) -> float:
    """The height in millimetres of the part of a question that is kept whole; of `rows_of`, with its width."""
    width = float(field["width"])
    head = _head(field, width, sheet)
    if "columns" in field:
        heights = [float(row["height"]) for row in field["rows"]]
        titles = max(_words(column["label"], sheet.label, column["width"], sheet) for column in field["columns"])
        return (head if not field["breaks"] else 0.0) + titles + (max(heights) if field["breaks"] else sum(heights))
    if field["type"] == "long-text":
        return head + sheet.box_gap + float(field["height"])
    if field["type"] == "declaration":
        return head
    if field["type"] == "signature":
        last = field["statement"][-1]["words"] if field["statement"] else ""
        return head + _words(last, sheet.text, width - 4, sheet) + _SIGNING
    if field["options"] and not field["drop-down"]:
        return 0.0 if field["breaks"] else head + sheet.box_gap + _options(field, width, sheet)
    return head + sheet.box_gap + sheet.box


def _head(field: Mapping[str, Any], width: float, sheet: Sheet) -> float:
    """Label and hints."""
    label = " ".join(filter(None, (field["label"], field["aside"])))
    hints = sum(sheet.hint_gap + _words(hint, sheet.hint, width, sheet) for hint in field["hints"])
    return _words(label, sheet.label, width, sheet, semibold=True) + float(hints)


def _options(field: Mapping[str, Any], width: float, sheet: Sheet) -> float:
    columns = int(field["option-columns"])
    if columns > 1:
        return math.ceil(len(field["options"]) / columns) * sheet.pitch
    inner = width - sheet.tick - _AWAY
    one_line = _words("x", sheet.text, inner, sheet)
    more = sum(_words(option["label"], sheet.text, inner, sheet) - one_line for option in field["options"])
    return len(field["options"]) * sheet.pitch + more


def _words(text: str, size: float, width: float, sheet: Sheet, *, semibold: bool = False) -> float:
    lines = lines_needed(text, size, width, semibold=semibold)
    return paragraph_height(lines, size, sheet.leading * sheet.text)

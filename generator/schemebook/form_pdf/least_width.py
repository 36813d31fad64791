"""A question of one line in, the least width of its box out, so that what is typed or chosen there is seen whole."""

from __future__ import annotations

import math
from collections.abc import Iterable

from schemebook.form_pdf.sheet import Sheet
from schemebook.form_pdf.text_measure import text_width

LONGEST_DATE = "24th September 2026"
"""As wide as a day written out gets in English, and also in Polish, Welsh or Greek."""
_PADDING = 2 * 25.4 / 72
"""What viewers leave free at each end of a box."""
_ARROW = 4.6
"""What viewers paint over the right end of a drop-down while it is chosen from."""


def date_box(sheet: Sheet) -> float:
    """The least width, in millimetres, of a box or a table's cell for a day."""
    return _around(text_width(LONGEST_DATE, sheet.text), sheet)


def drop_down_box(labels: Iterable[str], sheet: Sheet) -> float:
    """The least width of a drop-down's box, in millimetres: its longest entry, and the arrow beside it."""
    return _around(max(text_width(label, sheet.text) for label in labels) + _ARROW, sheet)


def _around(words: float, sheet: Sheet) -> float:
    return math.ceil(10 * (words + 2 * (_PADDING + sheet.box_inset))) / 10

"""A page seen in a picture in; what its tick boxes and radio buttons answer out, and which of it a machine may accept.

Accepted is a box that looks like the blank's empty one, and one that looks as the form's own mark makes it. Whatever
else is in a box or beside it, a pen's tick, a crumb, a mark that was crossed out, a person looks at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from schemebook.form_pdf.descriptor import Box
from schemebook.returned.recovery.recovered import BoxReading, around, marks_read
from schemebook.returned.recovery.seen_page import SeenPage
from schemebook.returned.recovery.tick_boxes import TickLook, tick_look
from schemebook.returned.widget_answers import WidgetAnswer
from schemebook.scheme.meaning import Widget

EMPTY, MARKED = 0.90, 0.86
"""How much a box is at least like the blank's empty one, or like it with the form's own mark. Of 1,100 boxes in copies
of seven kinds empty ones had 0.92 and more, but where a neighbour's pen reached them, and marked ones 0.94, in a fax
0.86; a pencil's faint tick had at most 0.85 of an empty box, a pen's tick 0.81 of a marked one, a half one 0.83."""
CLEARLY_MARKED = 0.60
"""The same less how much darker its darkest place is: marks that were crossed out had at most 0.56."""
INSIDE, PAPER = 0.10, 0.12
"""A box that has lost its frame, as in a fax, is empty when its darkest place is no darker, apart from shades, than the
first (a faint tick has 0.13), and all of it than the second: one that is filled evenly looks like a shade."""
ON_AT_LEAST, FULL_AT_LEAST = 0.20, 0.85
"""Ink in a box that looks like neither. With less it may be on or off; filled to the brim, crossed out again."""
HALO_OFF, HALO_ON = 40, 60
"""Pixels of ink just outside a box that is off or on; with more of them a line may only pass through."""

_State = Literal["off", "on", "by-hand", "unclear"]


def read_marks(page: SeenPage, widget: Widget, boxes: Sequence[Box]) -> BoxReading:
    """Which of a widget's boxes is marked."""
    looks = {box.option: tick_look(page, box) for box in boxes}
    states = {option: _state(look) for option, look in looks.items()}
    on = [option for option, state in states.items() if _counts(state, looks[option])]
    rect = page.place(around([box.rect for box in boxes]))
    sure = min(1 - look.inside if _is_empty(look) else look.marked for look in looks.values())
    by_form = "by-hand" not in states.values()
    reading = BoxReading(widget, WidgetAnswer(), "image", max(0.0, sure), by_form, rect)
    return marks_read(reading, on, "unclear" in states.values())


def _state(look: TickLook) -> _State:
    if _is_empty(look):
        return "off" if look.halo <= HALO_OFF else "unclear"
    if look.marked >= MARKED and look.marked - look.beyond >= CLEARLY_MARKED:
        return "on" if look.halo <= HALO_ON else "unclear"
    return "by-hand" if ON_AT_LEAST <= look.ink <= FULL_AT_LEAST and look.halo <= HALO_ON else "unclear"


def _counts(state: _State, look: TickLook) -> bool:
    """Whether a box answers: one that is on, or may be."""
    return state in ("on", "by-hand") or (state == "unclear" and not _is_empty(look) and look.ink >= ON_AT_LEAST)


def _is_empty(look: TickLook) -> bool:
    return look.empty >= EMPTY or (look.inside <= INSIDE and look.ink <= PAPER)

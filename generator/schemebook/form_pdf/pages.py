"""What a form prints in, the form on its pages out: no page is begun for next to nothing.

Where the last page would hold a paragraph and little more, what stands between the questions gives way a little, and
the page is saved; where that is not enough, the last question goes there too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pikepdf

from schemebook.form_pdf.boxes import LaidOutBox, boxes_of
from schemebook.form_pdf.layout import typeset
from schemebook.form_pdf.opened import opened
from schemebook.form_pdf.sheet import Sheet

_GIVE_WAY = (0.93, 0.87, 0.81)
"""Parts of the usual distances that are tried, the widest first."""
_MORE_AIR = (1.07, 1.15, 1.25)
"""Tried last: with wider distances what comes before the end may go there by itself."""
_TAKEN_ALONG = (1, 2, 3)
"""How many rows of questions go to the last page too."""
_ROOMIER = (1.05, 1.1, 1.2)
"""Where a table is last: how much higher its rows may become, so that one of them goes there."""
_LITTLE = 0.1
"""A last page with boxes in less than this part of its text, from the top, holds too little."""


@dataclass(frozen=True)
class LaidOut:
    """A form on its pages, and its boxes."""

    pdf: pikepdf.Pdf
    boxes: list[LaidOutBox]


@contextmanager
def laid_out(data: Mapping[str, Any], sheet: Sheet) -> Iterator[LaidOut]:
    """The form of `printed_form`, laid out on its sheet."""
    with _opened(typeset("form.typ", data)) as usual:
        pages = len(usual.pdf.pages)
        better = _better(data, sheet, pages) if _ends_on_little(usual, sheet) else None
        if better is None:
            yield usual
            return
    with _opened(better) as changed:
        yield changed


@contextmanager
def _opened(raw: bytes) -> Iterator[LaidOut]:
    with opened(raw) as pdf:
        yield LaidOut(pdf, boxes_of(pdf))


def _ends_on_little(done: LaidOut, sheet: Sheet) -> bool:
    """Whether the last of several pages holds next to nothing."""
    last = len(done.pdf.pages)
    lowest = (sheet.height - sheet.top - sheet.text_height * _LITTLE) * 72 / 25.4
    return last > 1 and all(one.box.rect[1] > lowest for one in done.boxes if one.box.page == last)


def _better(data: Mapping[str, Any], sheet: Sheet, pages: int) -> bytes | None:
    """Its PDF with the least change that makes the last page worth turning to; None where none is enough."""
    for changed, most in _changed(data, sheet, pages):
        raw = typeset("form.typ", changed)
        with _opened(raw) as made:
            if len(made.pdf.pages) <= most and not _ends_on_little(made, sheet):
                return raw
    return None


def _changed(data: Mapping[str, Any], sheet: Sheet, count: int) -> Iterator[tuple[dict[str, Any], int]]:
    """What to try, and how many pages it may have; the least change first."""
    for give in _GIVE_WAY:
        yield _spread(data, sheet, give), count - 1
    rows = data["sections"][-1]["rows"]
    for taken in _TAKEN_ALONG[: len(rows)]:
        yield {**data, "taken-along": taken}, count
    if rows and rows[-1][0]["type"] == "signature":
        yield {**data, "taken-along": 1, "in-parts": True}, count
    if rows and "columns" in rows[-1][0]:
        for more in _ROOMIER:
            yield _with_last_row(data, [_higher(rows[-1][0], more)]), count
    for more in _MORE_AIR:
        yield _spread(data, sheet, more), count


def _spread(data: Mapping[str, Any], sheet: Sheet, factor: float) -> dict[str, Any]:
    distances = {"row-gap": sheet.row_gap * factor, "spread": sheet.spread * factor}
    return {**data, "sheet": {**data["sheet"], **distances}}


def _with_last_row(data: Mapping[str, Any], row: list[dict[str, Any]]) -> dict[str, Any]:
    *before, last = data["sections"]
    return {**data, "sections": [*before, {**last, "rows": [*last["rows"][:-1], row]}]}


def _higher(table: dict[str, Any], factor: float) -> dict[str, Any]:
    return {**table, "rows": [{**row, "height": round(row["height"] * factor, 2)} for row in table["rows"]]}

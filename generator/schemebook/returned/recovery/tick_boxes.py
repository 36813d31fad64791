"""A page seen in a picture in; how each of its tick boxes looks out: like the empty one of the blank, like the one with
the form's own mark in it, or like neither, and how much ink stands in it and around it.

What a program sets is always the same mark, the one that the blank brings along, so it can be told from a pen's, from
a crumb and from one that was crossed out. Shades count for nothing: only what is sharp is compared.
Needs numpy and OpenCV: the extra `recover`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from schemebook.form_pdf.descriptor import Box
from schemebook.returned.recovery.own_marks import own_marks, spot
from schemebook.returned.recovery.page_place import Rect
from schemebook.returned.recovery.seen_page import SCALE, SeenPage, blank_page

_TICK_INSET = 0.2
_HALO = (0.5, 0.2, 0.4, 0.2)
"""How far around a tick box ink is looked for: left, below, right and above, in parts of its width."""
_AROUND = 20
"""Pixels around a box that are looked at, at least."""
_EDGE, _REACH = 2, 4
"""Pixels around a box that are compared, and how far beside its place it may be found."""
_SHADE = 5.0
"""What is softer than this many pixels is a shade: the edge of a stain, of a shadow, of a fold."""
_SOFT = (1.0, 1.8, 2.6)
"""Pixels by which a blank's picture is blurred before it is compared: copies are more or less sharp."""
_SEEN_SOFT = 0.8
_SHARP = 0.10
"""How much darker than its shade ink is, from paper to black."""
_PERHAPS, _SURELY = 0.5, 0.92
"""A box that is more than the second like one picture is not compared with another; one that is between them like a
marked box is compared with the mark alone."""
_CALM = 5
"""Pixels over which what is darker than a mark is averaged, so that noise is none."""


class TickLook(NamedTuple):
    """How a tick box looks.

    empty, marked: how much it looks like the blank's empty box, and like it with the form's own mark, at most 1.
    beyond: how much darker its darkest place is than that mark makes it, from 0 to 1. inside: how dark its darkest
    place is, apart from shades. ink: how dark it is inside, from 0 to 1, shades and all. halo: pixels of ink just
    outside, where the blank has no print: a stray line, a ring, a big mark.
    """

    empty: float
    marked: float
    beyond: float
    inside: float
    ink: float
    halo: int


@dataclass(frozen=True)
class _BlankBox:
    """A tick box of a blank and what is around it.

    rows, columns: of the page. box: left, top, right and bottom of it in those. near_print: where the blank has print,
    or nearly. marked: with the form's own mark, where it brings one. mark: that alone, as in a fax, which may
    leave grey frames out.
    """

    rows: slice
    columns: slice
    box: tuple[int, int, int, int]
    empty: Any
    near_print: Any
    marked: Any
    mark: Any


def tick_look(seen: SeenPage, box: Box) -> TickLook:
    """How one tick box looks in a page."""
    blank = _blank_boxes(seen)[box.rect]
    part = np.ascontiguousarray(seen.flat[blank.rows, blank.columns])
    soft = cv2.GaussianBlur(part, (0, 0), _SEEN_SOFT).astype(np.float32)
    sharp = _without_shade((soft - seen.black) / (seen.paper - seen.black))
    empty, _ = _likeness(sharp, blank.empty, blank.box)
    marked, beyond = 0.0, 1.0
    if blank.marked is not None and empty < _SURELY:
        marked, beyond = _likeness(sharp, blank.marked, blank.box)
    if _PERHAPS <= marked < _SURELY:
        marked, beyond = max((marked, beyond), _likeness(sharp, blank.mark, blank.box))
    inside = float(cv2.blur(-sharp, (_CALM, _CALM))[_inner(blank)].max())
    return TickLook(empty, marked, beyond, inside, _ink(seen, part, blank), _halo(seen, part, sharp, blank))


def _without_shade(picture: Any) -> Any:
    return picture - cv2.GaussianBlur(picture, (0, 0), _SHADE)


def _likeness(sharp: Any, expected: Any, box: tuple[int, int, int, int]) -> tuple[float, float]:
    """How much a box looks like what is expected, as sharp as fits best; and how much darker its darkest place is."""
    left, top, right, bottom = box
    wide, rows, columns = _EDGE + _REACH, slice(top - _EDGE, bottom + _EDGE), slice(left - _EDGE, right + _EDGE)
    near = np.ascontiguousarray(sharp[top - wide : bottom + wide, left - wide : right + wide])
    best = -1.0, 1.0
    for soft in _SOFT:
        drawn = _without_shade(cv2.GaussianBlur(expected.astype(np.float32) / 255, (0, 0), soft))
        drawn = np.ascontiguousarray(drawn[rows, columns])
        _, alike, _, (x, y) = cv2.minMaxLoc(cv2.matchTemplate(near, drawn, cv2.TM_CCOEFF_NORMED))
        if alike > best[0]:
            best = alike, _beyond(near[y : y + drawn.shape[0], x : x + drawn.shape[1]], drawn)
    return best


def _beyond(here: Any, drawn: Any) -> float:
    """How much darker the darkest place of a picture is than the drawing that it is like, at the strength that fits."""
    here, drawn = here - here.mean(), drawn - drawn.mean()
    strength = float((drawn * here).sum() / max(1e-6, float((drawn * drawn).sum())))
    return float(cv2.blur(strength * drawn - here, (_CALM, _CALM)).max())


def _ink(seen: SeenPage, part: Any, blank: _BlankBox) -> float:
    """How much ink a box holds, less what the blank has there (its wash)."""
    return _share(part[_inner(blank)], seen) - _share(blank.empty[_inner(blank)], seen)


def _inner(blank: _BlankBox) -> tuple[slice, slice]:
    """The rows and columns of a box without its frame."""
    left, top, right, bottom = blank.box
    inset = round((right - left) * _TICK_INSET)
    return slice(top + inset, bottom - inset), slice(left + inset, right - inset)


def _share(part: Any, seen: SeenPage) -> float:
    if not part.size:
        return 0.0
    return float(np.clip((seen.paper - part.astype(np.float32)) / (seen.paper - seen.black), 0, 1).mean())


def _halo(seen: SeenPage, part: Any, sharp: Any, blank: _BlankBox) -> int:
    left, top, right, bottom = blank.box
    width = right - left
    before, below, behind, above = (round(one * width) for one in _HALO)
    dark = (cv2.medianBlur(part, 5) < seen.black + (seen.paper - seen.black) * 0.6) & ~blank.near_print
    dark &= sharp < -_SHARP
    dark[top:bottom, left:right] = False
    return int(dark[max(0, top - above) : bottom + below, max(0, left - before) : right + behind].sum())


def _blank_boxes(seen: SeenPage) -> Mapping[Rect, _BlankBox]:
    form = seen.form
    assert form.blank is not None
    marks = {one.name for one in form.widgets if one.kind in ("radio", "tick")}
    rects = tuple(box.rect for box in form.edition.boxes if box.page == seen.page and box.name in marks)
    return _boxes_of_blank(form.blank, seen.page, form.edition.paper[1], rects)


@lru_cache(32)
def _boxes_of_blank(blank: Path, page: int, height: float, rects: tuple[Rect, ...]) -> Mapping[Rect, _BlankBox]:
    """The tick boxes of a page of a blank. Of its picture nothing else is kept."""
    printed = blank_page(blank, page)
    near_print = cv2.dilate((printed < 200).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    marks = own_marks(blank, page, SCALE)
    places = {
        rect: (rect[0] * SCALE, (height - rect[3]) * SCALE, rect[2] * SCALE, (height - rect[1]) * SCALE)
        for rect in rects
    }
    return {rect: _blank_box(printed, near_print, place, marks.get(spot(rect))) for rect, place in places.items()}


def _blank_box(printed: Any, near_print: Any, place: Rect, mark: Any) -> _BlankBox:
    """One box. place: its left, top, right and bottom in pixels."""
    left, top, right, bottom = (round(one) for one in place)
    margin = max(_AROUND, round(max(_HALO) * (right - left)))
    rows, columns = slice(max(0, top - margin), bottom + margin), slice(max(0, left - margin), right + margin)
    box = left - columns.start, top - rows.start, right - columns.start, bottom - rows.start
    empty = printed[rows, columns].copy()
    if mark is not None:
        move = np.array([[1, 0, place[0] - columns.start], [0, 1, place[1] - rows.start]], np.float64)
        mark = cv2.warpAffine(mark, move, (empty.shape[1], empty.shape[0]), borderValue=255)
    marked = None if mark is None else np.minimum(empty, mark)
    return _BlankBox(rows, columns, box, empty, near_print[rows, columns].copy(), marked, mark)

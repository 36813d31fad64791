"""A registered picture in; the page flat at 300 dpi in even light out, and how much ink stands in its boxes.

The blank says where print is: black is as dark as its print came out, and ink is what the blank does not have.
Needs numpy and OpenCV: the extra `recover`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.returned.recovery.page_place import Rect
from schemebook.returned.recovery.pictures import Grey, Matrix, PagePicture, even_light
from schemebook.returned.recovery.recovered import around
from schemebook.returned.recovery.registration import DPI as BLANK_DPI
from schemebook.returned.recovery.registration import Registered, blank_picture

DPI = 300
_SCALE = DPI / 72
_PRINT, _PAPER = 60, 80
_TICK_INSET = 0.2
_KEPT = 4
"""Pages of blanks that are kept at this size: each takes 26 MB with what is known of its print."""
_HALO = (0.5, 0.2, 0.4, 0.2)
"""How far around a tick box ink is looked for: left, below, right and above, in parts of its width."""


@dataclass(frozen=True)
class SeenPage:
    """A page of a published edition in a picture. number: in the file, from 1. page: of the form, from 1.

    flat: the page at 300 dpi, 250 where paper is. black, paper: how dark its print and its paper are.
    matrix: from the blank's pixels at 200 dpi to points of the file's page.
    """

    number: int
    form: FormDescriptor
    page: int
    token: str | None
    flat: Grey
    black: float
    paper: float
    matrix: Matrix

    def place(self, rect: Rect) -> Rect:
        """Where a rectangle of the blank lies on the file's page, in its points."""
        height = self.form.edition.paper[1]
        scale = BLANK_DPI / 72
        left, bottom, right, top = rect
        corners = np.array([[[x * scale, (height - y) * scale]] for x in (left, right) for y in (bottom, top)])
        found = cv2.perspectiveTransform(corners.astype(np.float64), self.matrix)[:, 0]
        return around([(float(x), float(y), float(x), float(y)) for x, y in found])


@dataclass(frozen=True)
class FoundPage:
    """A page of a published edition that was found in a picture, as small as it came: flat it takes twice as much.

    number: in the file, from 1. page: of the form, from 1. at: where the blank lies in the picture.
    """

    number: int
    form: FormDescriptor
    blank: Path
    page: int
    token: str | None
    picture: PagePicture
    at: Registered


def seen_page(found: FoundPage) -> SeenPage:
    """The page cut out of its picture."""
    form, blank, page, picture, at = found.form, found.blank, found.page, found.picture, found.at
    printed = blank_picture(blank, page, DPI)
    shrink = np.diag([BLANK_DPI / DPI, BLANK_DPI / DPI, 1.0])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    size = (printed.shape[1], printed.shape[0])
    warped = cv2.warpPerspective(picture.grey, at.matrix @ shrink, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    flat = even_light(np.asarray(warped, np.uint8), DPI)
    black = float(np.median(flat[_heart_of_print(blank, page)]))
    paper = float(np.percentile(flat[::4, ::4], _PAPER))
    matrix = picture.to_points @ at.matrix
    return SeenPage(found.number, form, page, found.token, flat, min(black, paper - 60), paper, matrix)


def _heart_of_print(blank: Path, page: int) -> Any:
    """Where the blank is black, without the edges of its letters."""
    dark = (blank_picture(blank, page, DPI) < _PRINT).astype(np.uint8)
    heart = cv2.erode(dark, np.ones((3, 3), np.uint8)) > 0
    return heart if heart.any() else dark > 0


@lru_cache(_KEPT)
def _blank_flat(blank: Path, page: int) -> Grey:
    return even_light(blank_picture(blank, page, DPI), DPI)


@lru_cache(_KEPT)
def _around_print(blank: Path, page: int) -> Any:
    """Where the blank has print, or nearly."""
    return cv2.dilate((_blank_flat(blank, page) < 200).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0


def cut(seen: SeenPage, rect: Rect, inset: float = 0.0, picture: Any = None) -> Any:
    """A rectangle of the blank in the flat page (or in another picture of its size), less `inset` points a side."""
    whole = seen.flat if picture is None else picture
    height = seen.form.edition.paper[1]
    left, bottom, right, top = rect
    rows = (height - top + inset) * _SCALE, (height - bottom - inset) * _SCALE
    columns = (left + inset) * _SCALE, (right - inset) * _SCALE
    return whole[_whole(*rows, whole.shape[0]), _whole(*columns, whole.shape[1])]


def _whole(start: float, end: float, most: int) -> slice:
    first = min(max(0, round(start)), most)
    return slice(first, min(max(first, round(end)), most))


def tick_ink(seen: SeenPage, rect: Rect) -> float:
    """How much ink a tick box holds, from 0 to 1, less what the blank has there (its wash)."""
    inset = (rect[2] - rect[0]) * _TICK_INSET
    blank = seen.form.blank
    assert blank is not None
    here = _share(cut(seen, rect, inset), seen)
    return here - _share(cut(seen, rect, inset, _blank_flat(blank, seen.page)), seen)


def _share(part: Any, seen: SeenPage) -> float:
    if not part.size:
        return 0.0
    return float(np.clip((seen.paper - part.astype(np.float32)) / (seen.paper - seen.black), 0, 1).mean())


def halo_ink(seen: SeenPage, rect: Rect) -> int:
    """Pixels of ink just outside a tick box where the blank has no print: a stray line, a ring, a big mark."""
    left, bottom, right, top = rect
    width = right - left
    wider = (left - _HALO[0] * width, bottom - _HALO[1] * width, right + _HALO[2] * width, top + _HALO[3] * width)
    blank = seen.form.blank
    assert blank is not None
    here = cv2.medianBlur(np.ascontiguousarray(cut(seen, wider)), 5)
    free = ~cut(seen, wider, picture=_around_print(blank, seen.page))
    dark = (here < seen.black + (seen.paper - seen.black) * 0.6) & free
    start, low = round(_HALO[0] * width * _SCALE), round(_HALO[3] * width * _SCALE)
    side = round(width * _SCALE)
    dark[low : low + side, start : start + side] = False
    return int(dark.sum())


def text_ink(seen: SeenPage, rect: Rect, inset: float) -> int:
    """Pixels of ink in a text box, single specks left out."""
    part = cut(seen, rect, inset)
    if not part.size:
        return 0
    calm = cv2.GaussianBlur(cv2.medianBlur(np.ascontiguousarray(part), 5), (0, 0), 0.8)
    return int((calm < seen.black + (seen.paper - seen.black) * 0.55).sum())

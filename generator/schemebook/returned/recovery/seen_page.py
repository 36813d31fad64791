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
from schemebook.returned.recovery.registration import Registered, blank_picture, cut_out

DPI = 300
SCALE = DPI / 72
"""Pixels a point."""
_PRINT, _PAPER = 60, 80
_PLACES = 20_000
"""Of a page's print, at which it is seen how dark it is."""


@dataclass(frozen=True)
class SeenPage:
    """A page of a published edition in a picture. number: in the file, from 1. page: of the form, from 1.

    flat: the page at 300 dpi, 250 where paper is. black, paper: how dark its print and its paper are.
    at: where the blank lies in the picture. to_points: from the picture's pixels to points of the file's page.
    """

    number: int
    form: FormDescriptor
    page: int
    token: str | None
    flat: Grey
    black: float
    paper: float
    at: Registered
    to_points: Matrix

    def place(self, rect: Rect) -> Rect:
        """Where a rectangle of the blank lies on the file's page, in its points."""
        height = self.form.edition.paper[1]
        scale = BLANK_DPI / 72
        left, bottom, right, top = rect
        corners = np.array([[x * scale, (height - y) * scale] for x in (left, right) for y in (bottom, top)])
        found = cv2.perspectiveTransform(self.at.points(corners)[None], self.to_points)[0]
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
    size, print_ = _size_and_print(blank, page)
    flat = even_light(cut_out(picture.grey, at, size, DPI / BLANK_DPI), DPI)
    black = float(np.median(flat.ravel()[print_]))
    paper = float(np.percentile(flat[::4, ::4], _PAPER))
    black = min(black, paper - 60)
    return SeenPage(found.number, form, page, found.token, flat, black, paper, at, picture.to_points)


@lru_cache(64)
def _size_and_print(blank: Path, page: int) -> tuple[tuple[int, int], Any]:
    """How wide and high a page of a blank is, and where it is black, without the edges of its letters: some of it."""
    printed = blank_picture(blank, page, DPI)
    dark = (printed < _PRINT).astype(np.uint8)
    heart = np.flatnonzero(cv2.erode(dark, np.ones((3, 3), np.uint8)))
    places = heart if len(heart) else np.flatnonzero(dark)
    size = printed.shape[1], printed.shape[0]
    return size, places[:: max(1, len(places) // _PLACES)].astype(np.int32)


def blank_page(blank: Path, page: int) -> Grey:
    """A page of a blank as large and as evenly lit as pages are seen."""
    return even_light(blank_picture(blank, page, DPI), DPI)


def cut(seen: SeenPage, rect: Rect, inset: float = 0.0) -> Any:
    """A rectangle of the blank in the flat page, less `inset` points a side."""
    whole = seen.flat
    height = seen.form.edition.paper[1]
    left, bottom, right, top = rect
    rows = (height - top + inset) * SCALE, (height - bottom - inset) * SCALE
    columns = (left + inset) * SCALE, (right - inset) * SCALE
    return whole[_whole(*rows, whole.shape[0]), _whole(*columns, whole.shape[1])]


def _whole(start: float, end: float, most: int) -> slice:
    first = min(max(0, round(start)), most)
    return slice(first, min(max(first, round(end)), most))


def text_ink(seen: SeenPage, rect: Rect, inset: float) -> int:
    """Pixels of ink in a text box, single specks left out."""
    part = cut(seen, rect, inset)
    if not part.size:
        return 0
    calm = cv2.GaussianBlur(cv2.medianBlur(np.ascontiguousarray(part), 5), (0, 0), 0.8)
    return int((calm < seen.black + (seen.paper - seen.black) * 0.55).sum())

"""A picture of a page and the blank of a form in; where each point of the blank lies in the picture, out.

ORB features of the blank's own print give a first place, and small patches of the blank found again near where they
should be give the last: no marks are printed for it. Needs numpy and OpenCV: the extra `recover`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import pypdfium2

from schemebook.returned.recovery.bend import CELL, Bend, Points, bend_of
from schemebook.returned.recovery.pictures import Grey, Matrix

DPI = 200
"""Of the blank that pictures are matched with."""
FEWEST_FEATURES = 30
"""Of the right page at least 192 agreed, of a wrong one at most 42; a poor copy of the right page may have few."""
ENOUGH_FEATURES = 80
FEWEST_PATCHES = 12
LEAST_SPREAD = 0.4
"""The patches found again must reach over this part of the page's width and height."""
_FEATURES = 3_000
_PATCHES, _PATCH, _SEARCH = 400, 14, 12
_ALIKE = 0.6
_FLAT_WITHIN, _FLAT_SHARE = 1.5, 0.9
"""Pixels beside the place of a flat sheet within which so many of the patches are found."""
_SIDES = (1_300, 2_400)
"""Longer side of the picture, in pixels, at the first try and the second."""


@dataclass(frozen=True)
class Registered:
    """The way from the blank's pixels at DPI to the picture's. features: how many agreed on the first place.

    bend: how the sheet bends, before the matrix is applied; None where it lies flat.
    """

    matrix: Matrix
    features: int
    bend: Bend | None = None

    def points(self, points: Points) -> Points:
        """Where points of the blank lie in the picture."""
        bent = points if self.bend is None else self.bend.moved(points)
        return np.asarray(cv2.perspectiveTransform(bent[None], self.matrix)[0], np.float64)


@dataclass(frozen=True)
class _Features:
    points: Any
    marks: Any


@lru_cache(1)
def blank_picture(blank: Path, page: int, dpi: int) -> Grey:
    """A page of a blank, from 1, as a grey picture: its print without its widgets."""
    with pypdfium2.PdfDocument(blank) as pdf:
        bitmap = pdf[page - 1].render(scale=dpi / 72, grayscale=True, may_draw_forms=False, draw_annots=False)
        whole = np.frombuffer(bitmap.buffer, np.uint8).reshape(bitmap.height, bitmap.stride)
        return np.ascontiguousarray(whole[:, : bitmap.width])


def register(picture: Grey, blank: Path, page: int) -> Registered | None:
    """Where a page of a blank lies in a picture; None where it is not in it, or too little of it."""
    printed = blank_picture(blank, page, DPI)
    first = first_place(picture, blank, page)
    if first is None or first.features < FEWEST_FEATURES:
        return None
    return _by_patches(picture, printed, _patches(blank, page), first)


def first_place(picture: Grey, blank: Path, page: int) -> Registered | None:
    """The place that most features agree on, at half size and, where few do, at full size."""
    best: Registered | None = None
    for side in _SIDES:
        scale = min(1.0, side / max(picture.shape))
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        blank_scale = side / _SIDES[1]
        found = _agreeing(_blank_features(blank, page, blank_scale), _features(small))
        if found is not None and (best is None or found[1] > best.features):
            grow = np.diag([1 / scale, 1 / scale, 1.0])
            best = Registered(grow @ found[0] @ np.diag([blank_scale, blank_scale, 1.0]), found[1])
        if best is not None and best.features >= ENOUGH_FEATURES:
            break
    return best


@lru_cache(64)
def _blank_features(blank: Path, page: int, scale: float) -> _Features:
    printed = blank_picture(blank, page, DPI)
    return _features(cv2.resize(printed, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def _features(grey: Any) -> _Features:
    points, marks = cv2.ORB_create(_FEATURES, fastThreshold=12).detectAndCompute(grey, None)
    return _Features(points, marks)


def _agreeing(blank: _Features, picture: _Features) -> tuple[Matrix, int] | None:
    """The homography that most of the matched features agree on, and how many do."""
    if blank.marks is None or picture.marks is None or len(picture.points) < FEWEST_FEATURES:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(blank.marks, picture.marks, k=2)
    clear = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < 0.75 * pair[1].distance]
    if len(clear) < 12:
        return None
    here = np.array([blank.points[one.queryIdx].pt for one in clear], np.float32)
    there = np.array([picture.points[one.trainIdx].pt for one in clear], np.float32)
    cv2.setRNGSeed(1)  # the same file gives the same place
    matrix, agree = cv2.findHomography(here, there, cv2.USAC_MAGSAC, 2.0)
    return None if matrix is None else (np.asarray(matrix, np.float64), int(agree.sum()))


@lru_cache(64)
def _patches(blank: Path, page: int) -> Any:
    """Corners of the blank's print around which it can be told where a piece of it lies."""
    printed = blank_picture(blank, page, DPI)
    half = cv2.resize(printed, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    found = cv2.goodFeaturesToTrack(half, _PATCHES, 0.05, 14)[:, 0] * 2
    height, width = printed.shape
    margin = _PATCH + _SEARCH + 1
    inside = (found > margin).all(1) & (found[:, 0] < width - margin) & (found[:, 1] < height - margin)
    return found[inside].astype(int)


def _by_patches(picture: Grey, printed: Grey, corners: Any, first: Registered) -> Registered | None:
    """The place evened out by what is found again of the blank around each corner; None where that is too little."""
    size = printed.shape[1], printed.shape[0]
    here, there = _patches_found(cut_out(picture, first, size, 1.0), printed, corners)
    if len(here) < FEWEST_PATCHES:
        return None
    found = _flat(first, here, there)
    if found is None or len(found.held) < _FLAT_SHARE * len(here):
        found = _bent(picture, printed, corners, first, here, there) or found
    if found is None or len(found.held) < FEWEST_PATCHES:
        return None
    return found.at if (np.ptp(found.held, axis=0) >= LEAST_SPREAD * np.array(size)).all() else None


class _Place(NamedTuple):
    """A place, and the patches that it was made of."""

    at: Registered
    held: Points


def _flat(first: Registered, here: Points, there: Points) -> _Place | None:
    """The place of a flat sheet that most patches agree on."""
    cv2.setRNGSeed(1)
    matrix, agree = cv2.findHomography(here, there, cv2.RANSAC, _FLAT_WITHIN)
    return None if matrix is None else _Place(replace(first, matrix=first.matrix @ matrix), here[agree.ravel() > 0])


def _bent(picture: Grey, printed: Grey, corners: Any, first: Registered, here: Points, there: Points) -> _Place | None:
    """The place of a bent sheet, seen twice: what lay too far off at first is found again. None where no bend fits."""
    size = printed.shape[1], printed.shape[0]
    bend = bend_of(here, there, size)
    if bend is None:
        return None
    at = replace(first, bend=bend)
    here, there = _patches_found(cut_out(picture, at, size, 1.0), printed, corners)
    bend = bend_of(here, bend.moved(here) + there - here, size)
    return None if bend is None else _Place(replace(at, bend=bend), bend.held)


def _patches_found(flat: Grey, printed: Grey, corners: Any) -> tuple[Points, Points]:
    """The corners of a blank whose surroundings are found again in a picture that lies as it does, and where."""
    found = [(x, y, *moved) for x, y in corners.tolist() if (moved := _found_again(printed, flat, x, y)) is not None]
    rows = np.array(found, np.float64).reshape(-1, 4)
    return rows[:, :2], rows[:, :2] + rows[:, 2:]


def cut_out(picture: Grey, at: Registered, size: tuple[int, int], finer: float) -> Grey:
    """The page of a picture, flat. size: in pixels, of which it has `finer` times as many as DPI says.

    Where the sheet bends it is cut out piece by piece, each as if it were flat.
    """
    if at.bend is None:
        return _warped(picture, at.matrix @ np.diag([1 / finer, 1 / finer, 1.0]), size, finer)
    found = np.empty(size[::-1], np.uint8)
    side = round(CELL * finer)
    for top in range(0, size[1], side):
        for left in range(0, size[0], side):
            right, bottom = min(left + side, size[0]), min(top + side, size[1])
            corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float64)
            lie = at.points(corners / finer).astype(np.float32)
            matrix = cv2.getPerspectiveTransform((corners - corners[0]).astype(np.float32), lie)
            found[top:bottom, left:right] = _warped(picture, matrix, (right - left, bottom - top), finer)
    return found


def _warped(picture: Grey, matrix: Matrix, size: tuple[int, int], finer: float) -> Grey:
    """A quadrangle of a picture; sharp where letters are to be read in it, and sooner where patches are looked for."""
    flags = (cv2.INTER_CUBIC if finer > 1 else cv2.INTER_LINEAR) | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpPerspective(picture, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def _found_again(printed: Grey, flat: Any, x: int, y: int) -> tuple[float, float] | None:
    """How far a patch of the blank lies from where it should, to parts of a pixel."""
    reach = _PATCH + _SEARCH
    patch = printed[y - _PATCH : y + _PATCH + 1, x - _PATCH : x + _PATCH + 1]
    around = flat[y - reach : y + reach + 1, x - reach : x + reach + 1]
    alike = cv2.matchTemplate(around, patch, cv2.TM_CCOEFF_NORMED)
    _, best, _, (column, row) = cv2.minMaxLoc(alike)
    if best < _ALIKE:
        return None
    return column - _SEARCH + _peak(alike[row, :], column), row - _SEARCH + _peak(alike[:, column], row)


def _peak(line: Any, at: int) -> float:
    """How far the top of a parabola through three neighbours lies beside the middle one."""
    if not 0 < at < len(line) - 1:
        return 0.0
    before, here, after = (float(line[at + step]) for step in (-1, 0, 1))
    return (before - after) / (2 * (before - 2 * here + after) + 1e-9)

"""A page in; a grey picture of it out, and how much ink stands in a rectangle of it. In plain Python."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2

from schemebook.returned.recovery.page_place import Rect

DPI = 150
LARGEST_SIDE = 3_000
"""Points. A larger page is none of ours, and its picture would fill the memory."""
_DARK = 128
"""Grey below this is ink: answers are blue-black, frames and washes are lighter."""
_MARKS = bytes(grey < _DARK for grey in range(256))


@dataclass(frozen=True)
class GreyPage:
    """A picture of a page, a byte a pixel, row by row from the top. left, top: of its page box, in points.

    marks: the same with 1 for each dark pixel, so that bytes.count counts them.
    """

    data: bytes
    marks: bytes
    stride: int
    width: int
    height: int
    left: float
    top: float

    def dark(self, rect: Rect) -> tuple[int, int]:
        """How many pixels of a rectangle are dark, and how many it has."""
        scale = DPI / 72
        columns = _within(rect[0] - self.left, rect[2] - self.left, self.width, scale)
        rows = _within(self.top - rect[3], self.top - rect[1], self.height, scale)
        dark = 0
        for row in range(*rows):
            start = row * self.stride
            dark += self.marks.count(1, start + columns[0], start + columns[1])
        return dark, (columns[1] - columns[0]) * (rows[1] - rows[0])


def _within(start: float, end: float, most: int, scale: float) -> tuple[int, int]:
    """The whole pixels between two places in points."""
    first = min(max(0, round(start * scale)), most)
    return first, min(max(first, round(end * scale)), most)


def is_drawable(page: pypdfium2.PdfPage) -> bool:
    """Whether a page is small enough for its picture to be made."""
    return bool(max(page.get_size()) <= LARGEST_SIDE)


def grey_page(page: pypdfium2.PdfPage) -> GreyPage:
    """The picture of a page as its text layer sees it: not turned, without annotations."""
    page.set_rotation(0)
    left, _, _, top = page.get_cropbox()
    bitmap = page.render(scale=DPI / 72, grayscale=True, may_draw_forms=False, draw_annots=False)
    data = bytes(bitmap.buffer)
    return GreyPage(data, data.translate(_MARKS), bitmap.stride, bitmap.width, bitmap.height, left, top)


def share_of_ink(page: GreyPage, rect: Rect, inset: float) -> float:
    """How much of a box is dark, a part of its width and height left out on each side so that its frame is no ink."""
    dark, all_ = page.dark(_inner(rect, inset))
    return dark / all_ if all_ else 0.0


def dark_in(page: GreyPage, rect: Rect, inset: float) -> int:
    """How many pixels of a box are dark, so many points left out on each side: of a wide box no more than of a cell."""
    left, bottom, right, top = rect
    return page.dark((left + inset, bottom + inset, right - inset, top - inset))[0]


def _inner(rect: Rect, inset: float) -> Rect:
    left, bottom, right, top = rect
    across, up = (right - left) * inset, (top - bottom) * inset
    return left + across, bottom + up, right - across, top - up

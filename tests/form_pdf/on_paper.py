"""A PDF in; where its words stand, as poppler sees them, out. For tests of layout."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.programs import pdftotext

from schemebook.form_pdf.descriptor import Box

Rect = tuple[float, float, float, float]
"""Left, bottom, right, top in points from the lower left corner."""


@dataclass(frozen=True)
class PrintedWord:
    """One word on a page, counted from 1."""

    text: str
    page: int
    rect: Rect


def printed_words(path: Path) -> list[PrintedWord]:
    """Every word that is drawn, form values included."""
    tree = ElementTree.fromstring(pdftotext(path, "-bbox"))
    found = []
    pages = tree.iter("{http://www.w3.org/1999/xhtml}page")
    for number, page in enumerate(pages, 1):
        height = float(page.attrib["height"])
        for word in page.iter("{http://www.w3.org/1999/xhtml}word"):
            left, top, right, bottom = (float(word.attrib[name]) for name in ("xMin", "yMin", "xMax", "yMax"))
            found.append(PrintedWord(word.text or "", number, (left, height - bottom, right, height - top)))
    return found


def meet(one: Rect, other: Rect, spare: float = 0) -> bool:
    """Whether two rectangles share more than a border of `spare` points."""
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > spare and min(one[3], other[3]) - max(one[1], other[1]) > spare
    )


FRAME = 0.9 * 72 / 25.4
"""How far outside its widget a box's frame stands."""


def inside(word: PrintedWord, box: Box) -> bool:
    """Whether a word stands within the frame of a box: poppler lets a line run up to 2 points out of the widget."""
    left, bottom, right, top = word.rect
    x0, y0, x1, y1 = box.rect
    return (
        word.page == box.page
        and left >= x0 - FRAME
        and right <= x1 + FRAME
        and bottom >= y0 - FRAME
        and top <= y1 + FRAME + 1  # the top of a font's letters is above those of this text
    )

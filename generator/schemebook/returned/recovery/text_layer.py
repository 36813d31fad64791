"""A page in; the letters that its text layer draws out, each with its place, and the words that they make.

The text of a page as pdfium reads it: annotations are no part of it, so a form's own fields do not show here.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

UNKNOWN = "\ufffd"
"""Stands for a letter that is drawn and of which the file does not say which it is."""

_INVISIBLE = 3
"""Text rendering mode of letters that are not drawn (ISO 32000-2, table 104): what a scanner's OCR lays over a page."""
_SAME_LINE = 1.0
_SEVERAL = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}
_SEVERAL |= {"\xad": "-", "\u2010": "-", "\u2011": "-", "\xa0": " "}
"""Ligatures, and signs that stand for others in a text layer: of three signs with one glyph MuPDF names the last."""


class Letter(NamedTuple):
    """One drawn letter: where its baseline begins, and the box around it, in points from the page's lower left."""

    text: str
    x: float
    y: float
    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        """Of its box, which holds ascenders and descenders."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """Half way along its width."""
        return (self.left + self.right) / 2


class Word(NamedTuple):
    """A run of letters without a gap, and where its baseline begins."""

    text: str
    x: float
    y: float


def letters_of(page: pypdfium2.PdfPage, most: int) -> list[Letter]:
    """The letters of a page in the order of its text, `most` at most: a page of print has some 3,000.

    Letters that are not drawn are left out: they are what somebody's OCR took the page for, right or wrong.
    """
    text_page = page.get_textpage()
    try:
        return list(_letters(text_page.raw, min(text_page.count_chars(), most)))
    finally:
        text_page.close()


def _letters(raw: object, count: int) -> Iterator[Letter]:
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    for number in range(count):
        text = _text(raw, number)
        if not text or pdfium.FPDFText_IsGenerated(raw, number) == 1 or _is_invisible(raw, number):
            continue
        pdfium.FPDFText_GetCharOrigin(raw, number, ctypes.byref(x), ctypes.byref(y))
        pdfium.FPDFText_GetLooseCharBox(raw, number, ctypes.byref(box))
        yield Letter(text, x.value, y.value, box.left, box.bottom, box.right, box.top)


def _text(raw: object, number: int) -> str:
    code = pdfium.FPDFText_GetUnicode(raw, number)
    if code in (0, 10, 13, 0xFFFE):
        return ""
    if pdfium.FPDFText_HasUnicodeMapError(raw, number) == 1 or 0xD800 <= code < 0xE000:
        return UNKNOWN
    letter = chr(code)
    return _SEVERAL.get(letter, letter)


def _is_invisible(raw: object, number: int) -> bool:
    drawn = pdfium.FPDFText_GetTextObject(raw, number)
    return bool(drawn) and pdfium.FPDFTextObj_GetTextRenderMode(drawn) == _INVISIBLE


def words_of(letters: Iterable[Letter]) -> list[Word]:
    """The words of a page: letters that follow one another on a line without a gap."""
    found: list[Word] = []
    run: list[Letter] = []
    for letter in letters:
        if run and (letter.text.isspace() or _breaks(run[-1], letter)):
            found.append(_word(run))
            run = []
        if not letter.text.isspace():
            run.append(letter)
    if run:
        found.append(_word(run))
    return found


def _breaks(before: Letter, after: Letter) -> bool:
    return abs(after.y - before.y) > _SAME_LINE or after.left - before.right > before.right - before.left + 1


def _word(run: Sequence[Letter]) -> Word:
    return Word("".join(letter.text for letter in run), run[0].x, run[0].y)

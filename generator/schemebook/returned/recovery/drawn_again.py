"""A picture of a typed line and what was read of it in; what it says out, if that looks the same when drawn again.

The recogniser takes a rare letter for a common one and leaves out those that it does not know. A typed answer is set in
the blank's own font, so each letter can be drawn where it should stand and compared with the ink. Where another letter
fits clearly better it is taken. Needs numpy and OpenCV: the extra `recover`.
"""

from __future__ import annotations

import ctypes
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import pypdfium2.raw as pdfium

from schemebook.returned.recovery.field_font import FieldFont, field_font

_SIDE = 6
"""Pixels left and right of a drawn letter, for what reaches out of it."""
_SEEN_SOFT, _DRAWN_SOFT = 0.8, 1.1
_AT_LEAST = 0.6
"""How alike the beginning of a line and its drawing are, for the line to be in this font and size."""
_FITS, _CLEARLY, _DOUBTFUL, _IS_NOT, _BOTH = 0.03, 0.01, 0.1, 0.2, 0.35
"""How far ink and drawing differ, from 0 to 1: of the right letter in a photograph at most about 0.1, of one of another
shape at least 0.3. Below the first no other letter is tried; one that differs by the second less is taken. Above the
third one that fits twice as well is taken, whatever was read; above the fourth the letter is not there. The last is
what a letter put in and the one after it may differ by together."""
_MOST_PUT_IN = 4
_LEFT_OVER = 8
_SHIFTS = (-1.0, -0.5, 0.0, 0.5, 1.0)
_DRIFT = 0.3
"""Pixels that a letter may lie beside its place, and how much of it the next ones take over."""
_LONGEST = 90
_BEGINNING = 200
_ALIKE = {"I": "l|1", "l": "I|1ł", "1": "lI", "O": "0", "0": "O", "t": "łŧ", "T": "Ŧ"}
_BARE = {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i"}
_OTHERS = "ʻ'’-.,0123456789"
_LETTERS = (*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00))
"""Of Latin, with those of Vietnamese."""


class _Glyph(NamedTuple):
    """How dark each pixel of a letter is, from 0 to 1, and how far the next one begins after it."""

    dark: Any
    width: float


class _Fit(NamedTuple):
    """How far a letter differs from the ink, how far it lies beside its place, and its width."""

    differs: float
    shift: float
    width: float

    @property
    def step(self) -> float:
        return self.width + self.shift * _DRIFT


@dataclass(frozen=True, eq=False)
class _Pen:
    """A blank's font in one size. size: in points. scale: pixels a point. up, down: pixels over and under the line."""

    font: FieldFont
    size: float
    scale: float
    up: int
    down: int
    glyphs: dict[str, _Glyph | None] = field(default_factory=dict)

    def glyph(self, letter: str) -> _Glyph | None:
        """The picture of a letter; None where the font does not have it."""
        if letter not in self.glyphs:
            advance = self.font.advance(letter)
            self.glyphs[letter] = None if advance is None else self._drawn(letter, advance * self.size * self.scale)
        return self.glyphs[letter]

    def _drawn(self, letter: str, width: float) -> _Glyph:
        document = self.font.document
        page = document.new_page((width + 2 * _SIDE) / self.scale, (self.up + self.down) / self.scale)
        drawn = pdfium.FPDFPageObj_CreateTextObj(document.raw, self.font.handle, ctypes.c_float(self.size))
        text = ctypes.create_string_buffer(f"{letter}\0".encode("utf-16-le"))
        pdfium.FPDFText_SetText(drawn, ctypes.cast(text, ctypes.POINTER(ctypes.c_ushort)))
        pdfium.FPDFPageObj_Transform(drawn, 1, 0, 0, 1, _SIDE / self.scale, self.down / self.scale)
        pdfium.FPDFPage_InsertObject(page.raw, drawn)
        bitmap = page.render(scale=self.scale, grayscale=True)
        whole = np.frombuffer(bitmap.buffer, np.uint8).reshape(bitmap.height, bitmap.stride)
        dark = 1 - whole[: self.up + self.down, : bitmap.width].astype(np.float32) / 255
        page.close()
        document.del_page(len(document) - 1)
        return _Glyph(cv2.GaussianBlur(dark, (0, 0), _DRAWN_SOFT), width)


@lru_cache(8)
def _pen(blank: Path, size: float, dpi: int) -> _Pen | None:
    font = field_font(blank)
    pixels = size * dpi / 72
    return _Pen(font, size, dpi / 72, round(1.2 * pixels), round(0.45 * pixels)) if font else None


@lru_cache(8)
def _letters(pen: _Pen) -> dict[str, list[str]]:
    """Bare letter -> the letters of a font that are this one, with and without marks."""
    found: dict[str, list[str]] = {}
    for letter in map(chr, _LETTERS):
        if letter.isalpha() and pen.font.advance(letter) is not None:
            found.setdefault(_bare(letter), []).append(letter)
    return found


def _bare(letter: str) -> str:
    return _BARE.get(letter, unicodedata.normalize("NFD", letter)[0])


@dataclass(frozen=True)
class TypedLine:
    """The ink of a box of one line, from 0 to 1 a pixel, and where the line begins and ends in it."""

    ink: Any
    start: int
    end: int


def typed_line(picture: Any, black: float, paper: float, start: int, end: int) -> TypedLine:
    """The line in a box's picture. black, paper: how dark print and paper are in it."""
    soft = cv2.GaussianBlur(picture.astype(np.float32), (0, 0), _SEEN_SOFT)
    return TypedLine(np.clip((paper - soft) / (paper - black), 0, 1), start, end)


def drawn_again(line: TypedLine, text: str, blank: Path, size: float, dpi: int) -> str | None:
    """The text that, set in a blank's font, looks as a line does; None where none like `text` does.

    size: of the font in points. text: what was read of the line.
    """
    pen, text = _pen(blank, size, dpi), unicodedata.normalize("NFC", text)
    if pen is None or not 0 < len(text) <= _LONGEST or any(pen.glyph(letter) is None for letter in text):
        return None
    placed = _placed(line, text, pen)
    return _walked(placed[0], text, placed[1], line.end, pen) if placed else None


def _placed(line: TypedLine, text: str, pen: _Pen) -> tuple[Any, float] | None:
    """The rows of a line as a letter's picture has them, and where its first letter begins; None where that is not."""
    beginning = _beginning(text, pen)
    over, beside, around = pen.up, _SIDE + 20, 16
    roomy = cv2.copyMakeBorder(line.ink, over, over, beside, beside, cv2.BORDER_CONSTANT, value=0)
    left = max(0, beside + line.start - around - _SIDE)
    part = roomy[:, left : left + beginning.shape[1] + 2 * around]
    if part.shape[0] < beginning.shape[0] or part.shape[1] < beginning.shape[1]:
        return None
    alike = cv2.matchTemplate(np.ascontiguousarray(part), beginning, cv2.TM_CCOEFF_NORMED)
    _, best, _, (x, y) = cv2.minMaxLoc(alike)
    if best < _AT_LEAST:
        return None
    return roomy[y : y + pen.up + pen.down, beside:], float(x + left - beside + _SIDE)


def _beginning(text: str, pen: _Pen) -> Any:
    """The first letters of a text, drawn."""
    drawn = np.zeros((pen.up + pen.down, _BEGINNING + 400), np.float32)
    at = 0.0
    for letter in text:
        glyph = pen.glyph(letter)
        if glyph is None or at > _BEGINNING:
            break
        start = round(at)
        height, width = glyph.dark.shape
        place = drawn[:height, start : start + width]
        np.maximum(place, glyph.dark[:, : place.shape[1]], out=place)
        at += glyph.width
    return drawn[:, : min(_BEGINNING, round(at) + 2 * _SIDE)]


def _walked(rows: Any, text: str, at: float, end: int, pen: _Pen) -> str | None:
    """Letter after letter, each as it fits best; None where one does not fit or ink is left over."""
    found, number, put_in = "", 0, 0
    while number < len(text):
        letter, fit = _best(rows, text[number], at, pen)
        missed = None
        if fit.differs > _DOUBTFUL and put_in < _MOST_PUT_IN:
            missed = _missed(rows, text[number : number + 2], at, pen)
        if missed and missed[1].differs < fit.differs / 2:
            letter, fit, instead = missed
            number += instead
            put_in += 1
        elif fit.differs <= _IS_NOT:
            number += 1
        else:
            return None
        found, at = found + letter, at + fit.step
    return found if end - at <= _LEFT_OVER else None


def _best(rows: Any, letter: str, at: float, pen: _Pen) -> tuple[str, _Fit]:
    """A letter, or one like it that fits clearly better."""
    best = letter, _fit(rows, letter, at, pen)
    if best[1].differs > _FITS:
        for other in (*_letters(pen).get(_bare(letter), ()), *_ALIKE.get(letter, "")):
            fit = _fit(rows, other, at, pen)
            if fit.differs + _CLEARLY < best[1].differs:
                best = other, fit
    return best


def _missed(rows: Any, then: str, at: float, pen: _Pen) -> tuple[str, _Fit, int] | None:
    """The letter that stands where another was read or none: with its fit, and 1 where it stands in another's place."""
    best: tuple[float, str, _Fit, int] | None = None
    for letter in (*(one for some in _letters(pen).values() for one in some), *_OTHERS):
        fit = _fit(rows, letter, at, pen)
        if fit.differs > _IS_NOT:
            continue
        for instead, next_one in enumerate(then):
            both = fit.differs + _fit(rows, next_one, at + fit.step, pen).differs
            if both < _BOTH and (best is None or both < best[0]):
                best = both, letter, fit, instead
    return best[1:] if best else None


def _fit(rows: Any, letter: str, at: float, pen: _Pen) -> _Fit:
    """How a letter fits the ink at a place."""
    glyph = pen.glyph(letter)
    if glyph is None:
        return _Fit(1.0, 0.0, 0.0)
    best, wide = _Fit(1.0, 0.0, glyph.width), max(4, round(glyph.width))
    for shift in _SHIFTS:
        whole = int(np.floor(at + shift))
        part = at + shift - whole
        if whole < 1 or whole + wide > rows.shape[1]:
            continue
        ink = rows[:, whole : whole + wide]
        drawn = glyph.dark[:, _SIDE : _SIDE + wide] * (1 - part) + glyph.dark[:, _SIDE - 1 : _SIDE - 1 + wide] * part
        apart = float(((ink - drawn) ** 2).sum()) / (float((ink**2).sum() + (drawn**2).sum()) + 6)
        if apart < best.differs:
            best = _Fit(apart, shift, glyph.width)
    return best

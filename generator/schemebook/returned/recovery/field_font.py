"""A blank in; the font that programs set its answers in out: how wide a typed text is."""

from __future__ import annotations

import ctypes
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

_KEPT = 8
_LARGEST = 20_000_000
_NOBODYS = "\ue000"
"""A letter that no font of ours has: what is drawn for it is drawn for every letter that a font lacks."""
_WIDE, _NARROW = 1.0, 0.55
"""About how wide letters are that another font has to draw: Chinese, Japanese and Korean; others."""


@dataclass(frozen=True, eq=False)
class FieldFont:
    """The font of a blank's fields, as pdfium has loaded it. data: its program, which pdfium goes on reading."""

    document: pypdfium2.PdfDocument
    handle: Any
    data: Any
    _advances: dict[str, float | None] = field(default_factory=dict)

    def advance(self, letter: str) -> float | None:
        """How far a letter moves the pen, in parts of the font's size; None where the font does not have it."""
        if letter not in self._advances:
            width = self._width(letter)
            self._advances[letter] = width if width not in (0.0, self._width(_NOBODYS)) else None
        return self._advances[letter]

    def _width(self, letter: str) -> float:
        found = ctypes.c_float()
        pdfium.FPDFFont_GetGlyphWidth(self.handle, ord(letter), ctypes.c_float(1.0), found)
        return found.value

    def width(self, text: str) -> float:
        """How wide a text is drawn, in parts of the font's size; about so, where it lacks some of the letters."""
        return sum(self.advance(letter) or _of_others(letter) for letter in text)


def _of_others(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    return _WIDE if unicodedata.east_asian_width(letter) in "WF" else _NARROW


@lru_cache(_KEPT)
def field_font(blank: Path) -> FieldFont | None:
    """The font that a blank names for its fields (ISO 32000-2, 12.7.4.3: the first of its default resources).

    None where the blank has none, or one that cannot be loaded.
    """
    try:
        with pikepdf.open(blank) as pdf:
            fonts = pdf.Root.AcroForm.DR.Font
            held = next(font for _, font in fonts.items() if "/DescendantFonts" in font)
            program = held.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
    except (pikepdf.PdfError, AttributeError, KeyError, StopIteration, IndexError):
        return None
    if len(program) > _LARGEST:
        return None
    document = pypdfium2.PdfDocument.new()
    data = (ctypes.c_ubyte * len(program)).from_buffer_copy(program)
    handle = pdfium.FPDFText_LoadFont(document.raw, data, len(program), pdfium.FPDF_FONT_TRUETYPE, 1)
    return FieldFont(document, handle, data) if handle else None

"""A text and the size of its box in, the lines that a program would show while somebody types it out.

In the field font alone, which every form carries: a copy filled so holds no second font, and is made in half the
time that the layout engine takes. What needs shaping, or a letter beyond that font, is not for here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from schemebook.form_pdf.fonts import field_font

_NEEDS_SHAPING = ("Mn", "Me", "Cf")
_PIECE = re.compile(r" +|[^ \-–—]*[\-–—]+|[^ \-–—]+")
"""What stays on one line: spaces, a word, a part of one up to its hyphen."""


@dataclass(frozen=True)
class TypedLines:
    """Lines of one size of type, in points."""

    lines: tuple[str, ...]
    size: float
    fits: bool


class _Letters(NamedTuple):
    """The field font by letter: advance widths in 1/1000 em, and glyph ids as a content stream writes them."""

    widths: dict[str, int]
    codes: dict[int, str]


@cache
def _letters() -> _Letters:
    face = field_font()
    return _Letters(
        {chr(letter): face.widths[glyph] for letter, glyph in face.glyphs.items()},
        {letter: f"{glyph:04X}" for letter, glyph in face.glyphs.items()},
    )


def is_plain(text: str) -> bool:
    """Whether the field font draws the text as it stands, letter by letter."""
    glyphs = field_font().glyphs
    return all(
        letter == "\n" or (ord(letter) in glyphs and unicodedata.category(letter) not in _NEEDS_SHAPING)
        for letter in set(text)
    )


def set_lines(text: str, width: float, height: float, size: float, scales: tuple[float, ...]) -> TypedLines:
    """Break a plain text into lines at the first scale of `size` at which it fits; at the last, where none does."""
    for scale in scales:
        lines = [line for paragraph in text.split("\n") for line in _broken(paragraph, width / (size * scale))]
        high = len(lines) * line_height(size * scale)
        wide = max(map(line_width, lines)) * size * scale
        if high <= height and wide <= width:
            return TypedLines(tuple(lines), size * scale, True)
    return TypedLines(tuple(lines), size * scale, False)


def set_line(text: str, width: float, size: float, scales: tuple[float, ...]) -> TypedLines:
    """A plain text on one line, at the first scale of `size` at which it fits."""
    wide = line_width(text) * size
    fitting = next((scale for scale in scales if wide * scale <= width), None)
    return TypedLines((text,), size * (fitting or scales[-1]), fitting is not None)


def line_height(size: float) -> float:
    """From one line to the next, in points."""
    return (field_font().ascent - field_font().descent) / 1000 * size


def line_width(text: str) -> float:
    """The width of a plain text in em."""
    return sum(map(_letters().widths.__getitem__, text)) / 1000


def show(typed: TypedLines, left: float, top: float, font: str, colour: str) -> bytes:
    """The content stream that shows the lines, the first one's top at `top`; between the marks that programs look for.

    font: the name of the field font among the stream's resources. colour: red, green and blue from 0 to 1.
    """
    codes = _letters().codes
    base = top - field_font().ascent / 1000 * typed.size
    shown = " T* ".join(f"<{line.translate(codes)}> Tj" for line in typed.lines)
    begin = f"BT {colour} rg /{font} {typed.size:g} Tf {line_height(typed.size):.3f} TL {left:.2f} {base:.2f} Td"
    return f"/Tx BMC\nq {begin} {shown} ET Q\nEMC\n".encode("ascii")


def _broken(paragraph: str, width: float) -> Iterator[str]:
    """The lines of one paragraph, filled greedily; width in em. Spaces at a line's end hang over it."""
    line, used = "", 0.0
    for piece in _PIECE.findall(paragraph):
        long = line_width(piece)
        if line.strip(" ") and not piece.isspace() and used + long > width:
            yield line.rstrip(" ")
            line, used = "", 0.0
        line, used = line + piece, used + long
    yield line.rstrip(" ")

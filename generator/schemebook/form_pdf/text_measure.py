"""A text in, the room it takes in the form's own face out: enough to choose columns before anything is laid out.

Kerning is left out, and lines are filled greedily, as the layout engine fills ragged lines. A choice that
comes out a letter wide of the mark costs a little white; no box depends on it for its words.
"""

from __future__ import annotations

from functools import cache, lru_cache

from schemebook.form_pdf.fonts import font_folder
from schemebook.form_pdf.truetype import read_face

_MILLIMETRES_A_POINT = 25.4 / 72
_CAP = 0.66
_UNKNOWN = 600
"""Advance of a letter that the face lacks, in 1/1000 em."""


def text_width(text: str, size: float, *, semibold: bool = False) -> float:
    """The width of one line in millimetres; size in points."""
    return _units(text, semibold) * size / 1000 * _MILLIMETRES_A_POINT


def lines_needed(text: str, size: float, width: float, *, semibold: bool = False) -> int:
    """How many lines a paragraph takes at that width in millimetres."""
    space = text_width(" ", size)
    lines, used = 1, 0.0
    for word in text.split():
        long = text_width(word, size, semibold=semibold)
        if used and used + space + long > width:
            lines, used = lines + 1, long
        else:
            used += long + (space if used else 0)
    return lines


def paragraph_height(lines: int, size: float, leading: float) -> float:
    """The height in millimetres from the first line's capitals to the last base line; size and leading in points."""
    return (lines * size * _CAP + (lines - 1) * leading) * _MILLIMETRES_A_POINT


@lru_cache(maxsize=1 << 14)
def _units(text: str, semibold: bool) -> int:
    """The width in 1/1000 em. The words of a form come again and again."""
    widths = _letter_widths(semibold)
    return sum(widths.get(letter, _UNKNOWN) for letter in text)


@cache
def _letter_widths(semibold: bool) -> dict[str, int]:
    name = "SourceSans3_600SemiBold.ttf" if semibold else "SourceSans3_400Regular.ttf"
    face = read_face((font_folder() / "source-sans-3" / name).read_bytes())
    return {chr(letter): face.widths[glyph] for letter, glyph in face.glyphs.items()}

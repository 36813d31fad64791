"""Letters of a copy and the boxes of its form in; the letters of each box out, and the text that they make.

A wrapped line is told from a line that its writer ended by whether the next word would still have fitted.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from schemebook.returned.recovery.page_place import PagePlace, Rect
from schemebook.returned.recovery.text_layer import Letter

_SLACK = 1.0
_SAME_LINE = 0.35
"""Two letters share a line when their baselines are nearer than this part of a letter's height."""
_SPACE = 0.13
"""A gap wider than this part of a letter's height is a space. Some programs write none."""
_PADDING = 2.0
_SPACE_WIDTH = 2.4
_PRINTED_NEAR = (4.0, 1.5)
"""How far a letter may stand from one of the blank, along and across, to be the same: a ligature comes back as two."""


def not_printed(letters: Sequence[Letter], blank: Sequence[Letter], place: PagePlace) -> list[Letter]:
    """The letters of a copy that do not stand where the blank has one."""
    along, across = _PRINTED_NEAR
    taken: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for one in blank:
        x, y = place.point(one.x, one.y)
        taken.setdefault((round(x / along), round(y / across)), []).append((x, y))

    def is_printed(letter: Letter) -> bool:
        column, row = round(letter.x / along), round(letter.y / across)
        return any(
            abs(x - letter.x) <= along and abs(y - letter.y) <= across
            for near in (-1, 0, 1)
            for low in (-1, 0, 1)
            for x, y in taken.get((column + near, row + low), ())
        )

    return [letter for letter in letters if not is_printed(letter)]


def letters_by_box(
    letters: Sequence[Letter], boxes: Mapping[str, Rect]
) -> tuple[dict[str, list[Letter]], list[Letter]]:
    """The letters that each box holds, and those that stand in none.

    A letter right of a box, where no other box begins before it, belongs to the box: some programs write a long line
    on past its edge.
    """
    held: dict[str, list[Letter]] = {name: [] for name in boxes}
    strays: list[Letter] = []
    for letter in letters:
        name = _box_of(letter, boxes)
        if name is not None:
            held[name].append(letter)
        elif not letter.text.isspace():
            strays.append(letter)
    return held, strays


def _box_of(letter: Letter, boxes: Mapping[str, Rect]) -> str | None:
    """The box on the letter's line that begins last before its middle."""
    height = letter.y + 0.25 * letter.height
    beside = [
        (rect[0], name)
        for name, rect in boxes.items()
        if rect[1] - _SLACK <= height <= rect[3] + _SLACK and rect[0] - _SLACK <= letter.middle
    ]
    return max(beside)[1] if beside else None


class _Line(NamedTuple):
    """One line of text, where it stands, and the width of its first word."""

    text: str
    base: float
    end: float
    first_word: float


def text_of(letters: Sequence[Letter], rect: Rect, several_lines: bool) -> str:
    """The text of a box, composed (NFC)."""
    lines = [_line(run) for run in _lines(letters)]
    lines = [line for line in lines if line.text]
    text = _joined(lines, rect) if several_lines else " ".join(line.text for line in lines)
    return unicodedata.normalize("NFC", text)


def _lines(letters: Sequence[Letter]) -> list[list[Letter]]:
    """Letters by their baselines, from the top, each line from the left."""
    lines: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda one: (-one.y, one.x)):
        near = max(2.0, _SAME_LINE * letter.height)
        line = next((line for line in lines[-2:] if abs(line[0].y - letter.y) < near), None)
        if line is None:
            lines.append([letter])
        else:
            line.append(letter)
    return [sorted(line, key=lambda one: one.x) for line in lines]


def _line(run: Sequence[Letter]) -> _Line:
    text, first_end = "", 0.0
    for before, letter in zip([None, *run[:-1]], run, strict=True):
        if before is not None and _has_gap(before, letter):
            text += " "
        text += letter.text
        if " " not in text.strip():
            first_end = letter.right
    return _Line(" ".join(text.split()), run[0].y, run[-1].right, first_end - run[0].left)


def _has_gap(before: Letter, after: Letter) -> bool:
    if before.text.isspace() or after.text.isspace():
        return False
    return after.left - before.right > _SPACE * after.height


def _joined(lines: Sequence[_Line], rect: Rect) -> str:
    """Lines joined by a space where the break came from the box's width, else by as many line ends as lie between."""
    if not lines:
        return ""
    steps = [before.base - after.base for before, after in pairwise(lines)]
    pitch = min(steps, default=math.inf)
    text = lines[0].text
    for before, after, step in zip(lines[:-1], lines[1:], steps, strict=True):
        room = rect[2] - _PADDING - before.end
        ends = max(1, round(step / pitch)) if pitch > 0 else 1
        wrapped = ends == 1 and after.first_word + _SPACE_WIDTH > room
        text += (" " if wrapped else "\n" * ends) + after.text
    return text

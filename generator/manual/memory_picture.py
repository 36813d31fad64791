"""The manual's picture of memory: benchmarks/memory.json in, docs/using-schemebook/pictures/memory.svg out.

One line for each worker and one for the program that hands files out, over the number of files read. Each line has its
name at its end and a dash of its own, so that none is known by colour alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from made_page import write_or_check

KEPT = Path("benchmarks", "memory.json")
PICTURE = Path("docs", "using-schemebook", "pictures", "memory.svg")
WIDTH, HEIGHT = 760, 380
LEFT, RIGHT, TOP, BOTTOM = 64, 190, 40, 56
INK, QUIET, RULE = "#1d2433", "#5a6275", "#d9dde5"
NEAREST = 18
"""Points between two names at the lines' ends."""


@dataclass(frozen=True)
class Line:
    """One process: its name, how its line is drawn, and its memory in MB by number of files."""

    name: str
    colour: str
    dash: str
    points: tuple[tuple[int, float], ...]


def lines(kept: dict[str, Any]) -> list[Line]:
    """The program first, then its workers."""
    samples = kept["samples"]
    found = [Line("the program", "#2f4b8f", "", tuple((one["files"], one["parent"] / 1000) for one in samples))]
    looks = (("#0b6e4f", "7 4"), ("#a0522d", "2 4"))
    for number, (colour, dash) in enumerate(looks[: len(samples[0]["workers"])]):
        points = tuple((one["files"], one["workers"][number] / 1000) for one in samples)
        found.append(Line(f"worker {number + 1}", colour, dash, points))
    return found


def described(drawn: list[Line]) -> str:
    """The same in words, for who does not see it."""
    ends = "; ".join(f"{one.name} from {one.points[0][1]:.0f} to {one.points[-1][1]:.0f} MB" for one in drawn)
    return f"Resident memory while {drawn[0].points[-1][0]:,} files are read: {ends}."


def picture(kept: dict[str, Any]) -> str:
    """The whole SVG."""
    drawn = lines(kept)
    most_files = round_up(max(point[0] for one in drawn for point in one.points), 10_000)
    most = round_up(max(point[1] for one in drawn for point in one.points), 50)

    def x(files: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * files / most_files

    def y(megabytes: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * megabytes / most

    body = [*_grid(x, y, most_files, most), *_lines(drawn, x, y)]
    words = escape(described(drawn))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{words}" '
        f'font-family="system-ui, sans-serif" font-size="14" fill="{INK}">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n' + "\n".join(body) + "\n</svg>\n"
    )


def round_up(value: float, step: int) -> int:
    """The next whole step."""
    return -int(-value // step) * step


def _grid(x: Any, y: Any, most_files: int, most: int) -> Iterator[str]:
    for megabytes in range(0, most + 1, 50 if most > 100 else 25):
        yield f'<path d="M{LEFT} {y(megabytes):.1f}H{WIDTH - RIGHT}" stroke="{RULE}"/>'
        yield f'<text x="{LEFT - 10}" y="{y(megabytes) + 5:.1f}" text-anchor="end" fill="{QUIET}">{megabytes}</text>'
    for files in range(0, most_files + 1, max(10_000, most_files // 5)):
        label = f"{files:,}"
        yield f'<text x="{x(files):.1f}" y="{HEIGHT - BOTTOM + 22}" text-anchor="middle" fill="{QUIET}">{label}</text>'
    yield f'<text x="{LEFT}" y="{TOP - 16}" fill="{QUIET}">MB resident</text>'
    yield f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - BOTTOM + 44}" text-anchor="end" fill="{QUIET}">files read</text>'


def _lines(drawn: list[Line], x: Any, y: Any) -> Iterator[str]:
    places: list[float] = []
    for one in sorted(drawn, key=lambda one: one.points[-1][1]):
        at = "L".join(f"{x(files):.1f} {y(megabytes):.1f}" for files, megabytes in one.points)
        dash = f' stroke-dasharray="{one.dash}"' if one.dash else ""
        yield f'<path d="M{at}" fill="none" stroke="{one.colour}" stroke-width="2"{dash}/>'
        last = one.points[-1]
        place = min([y(last[1]) + 5, *(other - NEAREST for other in places)])
        places.append(place)
        yield (
            f'<text x="{x(last[0]) + 10:.1f}" y="{place:.1f}" fill="{one.colour}">{one.name}, {last[1]:.0f} MB</text>'
        )


def main() -> int:
    """Draw the picture, or with --check tell whether it is current."""
    return write_or_check(PICTURE, picture(json.loads(KEPT.read_text("utf-8"))))


if __name__ == "__main__":
    sys.exit(main())

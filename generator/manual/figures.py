"""The manual's page of figures: benchmarks/figures.json in, docs/using-schemebook/figures.md out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import memory_picture
from made_page import write_or_check

FIGURES = Path("benchmarks", "figures.json")
PAGE = Path("docs", "using-schemebook", "figures.md")


def page(kept: dict[str, Any]) -> str:
    """Markdown of all figures, each table beside the command that makes it."""
    parts = [
        "# Figures",
        "Measured on a machine with two cores that others use too: the ratios carry over, the milliseconds do not.",
    ]
    for question, one in kept.items():
        versions = ", ".join(f"{name} {number}" for name, number in one["versions"].items())
        parts += [
            f"## {question}",
            *_told(one),
            f"Made by `{one['command']}` on {one['date']} ({one['machine']}; {versions}).",
        ]
    return "\n\n".join(parts) + "\n"


def _told(one: dict[str, Any]) -> list[str]:
    """The picture of a question, where it has one, and its table."""
    if "table" in one:
        return [one["note"], _table(one["head"], one["table"])]
    rows = [[row["what"], row["goal"], row["measured"]] for row in one["rows"]]
    pictures = [f"![{_alternative()}](pictures/{one['picture']}.svg)"] if "picture" in one else []
    return [*pictures, _table(["what", "goal", "measured"], rows)]


def _alternative() -> str:
    return memory_picture.described(memory_picture.lines(json.loads(memory_picture.KEPT.read_text("utf-8"))))


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])


def main() -> int:
    """Write the page, or with --check tell whether it is current."""
    return write_or_check(PAGE, page(json.loads(FIGURES.read_text("utf-8"))))


if __name__ == "__main__":
    sys.exit(main())

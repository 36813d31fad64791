"""The manual's page of figures: benchmarks/figures.json in, docs/using-schemebook/figures.md out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

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
        rows = "\n".join(f"| {row['what']} | {row['goal']} | {row['measured']} |" for row in one["rows"])
        parts += [
            f"## {question}",
            f"| what | goal | measured |\n| --- | --- | --- |\n{rows}",
            f"Made by `{one['command']}` on {one['date']} ({one['machine']}; {versions}).",
        ]
    return "\n\n".join(parts) + "\n"


def main() -> int:
    """Write the page, or with --check tell whether it is current."""
    return write_or_check(PAGE, page(json.loads(FIGURES.read_text("utf-8"))))


if __name__ == "__main__":
    sys.exit(main())

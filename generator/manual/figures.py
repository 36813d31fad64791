"""The manual's page of figures: benchmarks/figures.json in, docs/using-schemebook/figures.md out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

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
    text = page(json.loads(FIGURES.read_text("utf-8")))
    if PAGE.is_file() and PAGE.read_text("utf-8") == text:
        return 0
    if "--check" in sys.argv:
        print(PAGE)
        return 1
    PAGE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

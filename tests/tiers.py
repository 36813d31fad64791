"""Which of many like cases run in every `make test`, and which before a release only."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

NIGHT = float(os.environ.get("SCHEMEBOOK_NIGHT", "1"))
"""How long a night is: `SCHEMEBOOK_NIGHT=0.1 make nightly` does a tenth of what takes hours."""


def at_night(whole: int, least: int = 1) -> int:
    """So many seconds, files or kills of a whole night."""
    return max(least, round(whole * NIGHT))


def in_turn(examples: Sequence[Path], by: Iterable[str], each: bool = True) -> list[object]:
    """Every example by every program, as parameters of a test.

    At every run: the first example by all, and the others by one program each, in turn. each: so for every example;
    else for the first one of each scheme only.
    """
    programs = list(by)
    schemes: set[str] = set()
    cases: list[object] = []
    for number, example in enumerate(examples):
        chosen = each or example.parent.name not in schemes
        schemes.add(example.parent.name)
        for place, program in enumerate(programs):
            at_once = number == 0 or (chosen and place == number % len(programs))
            name = f"{example.parent.name}-{example.stem}-{program}"
            cases.append(pytest.param(example, program, marks=[] if at_once else [pytest.mark.all_tiers], id=name))
    return cases

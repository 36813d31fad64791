"""Drop-downs that some program mixes up or cannot show are refused, with their place."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.check.small_project import APPLICATION, FORM_FILE, check_files

EIGHT = "a: Ann, b: Bo, c: Cy, d: Di, e: Ed, f: Flo, g: Gus, h: Hal"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (f"options: {{{EIGHT}}}", []),
        (f"options: {{{EIGHT}, i: Ann}}", ["entries-alike", "entries-alike"]),
        (f"options: {{{EIGHT}, i: b}}", ["entries-alike"]),
        ("drawn-as: drop-down, options: {a: Same, b: Same}", ["entries-alike", "entries-alike"]),
        ("options: {a: Same, b: Same}", []),
        (f"drawn-as: radio, options: {{{EIGHT}, i: Ann}}", []),
        (f"options: {{{EIGHT}, i: ὠδή}}", ["entry-not-shown"]),
        (f"drawn-as: radio, options: {{{EIGHT}, i: ὠδή}}", []),
        (f"options: {{{EIGHT}, i: Łódź}}", []),
    ],
)
def test_the_entries_of_a_drop_down_can_be_told_apart_and_shown(question: str, told: list[str], tmp_path: Path) -> None:
    asked = f"      - {{id: who, type: one-of, label: Who?, {question}}}\n"
    problems, _ = check_files(tmp_path, {FORM_FILE: APPLICATION + asked})
    assert [one.kind for one in problems] == told
    assert all(one.place.line == APPLICATION.count("\n") + 1 for one in problems)

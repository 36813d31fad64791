"""Every reason and word of the reader stands in its catalogue, and the catalogue holds no other."""

from __future__ import annotations

import re
from pathlib import Path

from schemebook.scheme.words import catalogue, entry

RETURNED = Path(__file__).parents[2] / "generator/schemebook/returned"
REASONS = {
    "not-a-pdf", "damaged", "encrypted", "no-fields", "not-ours", "unpublished-form", "too-large", "too-slow",
    "reader-died", "several-forms", "changed", "not-readable", "nothing-attached",
}  # fmt: skip
"""Stable: others script against them. New ones may be added, none renamed. `other-scheme` belongs to the records."""


def source() -> str:
    return "\n".join(path.read_text("utf-8") for path in RETURNED.rglob("*.py"))


def test_the_reasons_are_those_that_were_promised() -> None:
    assert set(re.findall(r'set_aside\(\s*"([a-z-]+)"', source())) == REASONS


def test_every_way_to_set_a_file_aside_says_what_is_wrong_and_what_to_do() -> None:
    for reason, words in re.findall(r'set_aside\(\s*"([a-z-]+)"(?:, "([a-z-]+)")?', source()):
        parts = entry(f"returned.{words or reason}")
        assert parts["what"] and parts["to_do"]


def test_nothing_in_the_catalogue_is_left_over() -> None:
    text = source()
    told = set(re.findall(r'"([a-z-]+)"', text)) | set(re.findall(r"returned\.([a-z-]+)", text))
    left_over = {
        name
        for name in catalogue("returned")
        if name not in told and name.removeprefix("review-").removeprefix("answer-") not in told
    }
    assert left_over == set()

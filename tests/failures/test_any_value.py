"""Each value of a form's and a scheme's file, replaced by each of what nobody should write there: told, and no more."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

import pytest
import yaml
from tests.check.small_project import APPLICATION, SCHEME
from tests.failures.fuzz_targets import TARGETS
from tests.tiers import at_night

ODD = (
    "", "~", "0", "-1", "1e999", "9" * 5_000, "999999999999", "0.0000000001", "1/0", "24:61", "yes", "[]", "{}", "*x",
    "!!int 3", "2026-99-99", "0001-01-01", "9999-12-31", "99999999999 months", "999999999 hours", "{{ x", "a" * 3_000,
    "é" * 200, "W" * 200, "fi" * 60, "\u202eabc", "a\u0301" * 50, "\u200b" * 30, "漢字", "عربي", "😀", "' '", '"\\0"',
    '"\\ud800"', "'a\\nb'", "'\"'", "\\", "../../x", "a.md", "#", "'#12'", "<b>&amp;", "*bold* _i_ `c` @ref", "#let x",
    "$x^2$", "//x", "https://[", "mailto:x", "javascript:alert(1)", "[x](y)", "x@y", "a b" * 500,
)  # fmt: skip
"""Numbers, days and lengths that are none or have no end, letters that nobody draws, names of files, markup."""


def cases() -> Iterator[bytes]:
    """Every scalar, keys too, replaced by every odd value."""
    for first, text in ((b"0", APPLICATION), (b"1", SCHEME)):
        for token in yaml.scan(text):
            if isinstance(token, yaml.ScalarToken):
                for odd in ODD:
                    yield first + (text[: token.start_mark.index] + odd + text[token.end_mark.index :]).encode()


def run(changed: Iterable[bytes]) -> None:
    for data in changed:
        TARGETS["config"].run(data)


def test_any_value_anywhere_is_told_or_makes_a_form() -> None:
    run(random.Random(7).sample(list(cases()), 250))


@pytest.mark.nightly
@pytest.mark.timeout(7200)
def test_every_value_everywhere_is_told_or_makes_a_form() -> None:
    every = list(cases())
    run(random.sample(every, min(len(every), at_night(len(every)))))

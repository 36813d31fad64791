"""What check says: every entry is used, whole, and says what to do."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from schemebook.scheme.words import catalogue

PACKAGE = Path(__file__).parents[2] / "generator" / "schemebook"
TESTS = Path(__file__).parent
ENTRIES = catalogue("check")
PROBLEMS = sorted({name.removesuffix("-near") for name, entry in ENTRIES.items() if "what" in entry})
MADE_IN_PARTS = ("model-", "change-", "takes-", "no-such-", "key-belongs-", "change-of-")
"""Names that the code puts together out of a beginning and a word."""


def code() -> str:
    return "\n".join(
        path.read_text("utf-8") for folder in ("check", "scheme") for path in (PACKAGE / folder).glob("*.py")
    )


def test_every_entry_that_the_code_names_is_there() -> None:
    named = set(re.findall(r"""["']check\.([a-z][a-z-]*[a-z])["']""", code()))
    assert named
    assert named - set(ENTRIES) == set()


@pytest.mark.parametrize("name", sorted({name.removesuffix("-near") for name in ENTRIES}))
def test_every_entry_is_used(name: str) -> None:
    if not name.startswith(MADE_IN_PARTS):
        assert re.search(rf"""["'](check\.)?{name}["']""", code())


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_kind_of_problem_has_its_test(name: str) -> None:
    """Under its name; what does not occur is the one that stands in for kinds nobody thought of."""
    told = "\n".join(path.read_text("utf-8") for path in TESTS.glob("test_*.py"))
    assert f'"{name}"' in told or name.startswith("takes-")


@pytest.mark.parametrize("name", sorted(name for name, entry in ENTRIES.items() if "what" in entry))
def test_a_problem_says_what_is_wrong_and_what_to_do(name: str) -> None:
    entry = ENTRIES[name]
    assert set(entry) == {"what", "to_do"}
    for words in entry.values():
        assert not words.endswith((".", " "))
        list(string.Formatter().parse(words))
    assert entry["to_do"][0].isupper()
    assert not entry["what"][0].isupper() or entry["what"].startswith("YAML")


def test_a_near_miss_names_the_word_that_was_meant() -> None:
    near = {name: entry for name, entry in ENTRIES.items() if name.endswith("-near")}
    assert near
    assert [name for name, entry in near.items() if "{best}" not in entry["to_do"]] == []
    assert [name for name in near if name.removesuffix("-near") not in ENTRIES] == []

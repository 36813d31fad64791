"""The reader's limits may be set by name; a word that is none of them is told with the one that was meant."""

from __future__ import annotations

import pytest

from schemebook.cli.limits_option import read_limits
from schemebook.errors import UsageError
from schemebook.returned.limits import Limits


def test_limits_are_set_by_name_and_the_last_counts() -> None:
    found = read_limits(["seconds=2.5", "file-bytes=100_000_000", "pages=3", "pages=7"])
    assert found == Limits(seconds=2.5, file_bytes=100_000_000, pages=7)
    assert read_limits([]) == Limits()


@pytest.mark.parametrize(("word", "says"), [
    ("file-byte=3", "file-bytes=NUMBER"),
    ("Seconds=3", "seconds=NUMBER"),
    ("seconds", "seconds=NUMBER"),
    ("colour=3", "zip-members"),
    ("pages=0", "pages=100"),
    ("pages=many", "pages=100"),
    ("seconds=inf", "seconds=100"),
    ("seconds=nan", "seconds=100"),
    ("pages=", "pages=100"),
])  # fmt: skip
def test_a_word_that_is_no_limit_is_told_with_what_was_meant(word: str, says: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_limits([word])
    assert says in str(raised.value)

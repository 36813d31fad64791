"""Target: what a fuzzer feeds. Bytes in, nothing out; any error but those that a file may cause breaks it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Target:
    """seeds: what it starts from, small, read in every `make test` too. files: real files, for the fuzzer alone."""

    run: Callable[[bytes], None]
    seeds: Callable[[], Iterator[bytes]]
    files: Callable[[], Iterator[bytes]] = lambda: iter(())


@cache
def folder() -> Path:
    """A place for one file at a time, in memory where the system has such a place. It stays until the process ends."""
    memory = Path("/dev/shm")
    held = tempfile.TemporaryDirectory(prefix="fuzz-", dir=memory if memory.is_dir() else None)
    _HELD.append(held)
    return Path(held.name)


_HELD: list[tempfile.TemporaryDirectory[str]] = []

PLANTED = (
    "Tāne",
    "Mahuta",
    "ʻokina",
    "give back",
    "tane@",
    "Łódź",
    "x@planted",
    "Zq7planted",
)
"""Pieces of the answers in the seeds. No reason and no message may hold one."""


def must_be_told_well(text: str) -> None:
    """What is told of a file is one line that can be written, and holds nothing of its answers."""
    text.encode()
    assert text.isprintable(), "a message of several lines, or with control characters"
    assert not [one for one in PLANTED if one in text], "an answer in a message"

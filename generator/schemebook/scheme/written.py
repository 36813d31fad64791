"""What people write instead of an answer, and how they spell numbers and units: the catalogue's lists as sets."""

from __future__ import annotations

from functools import cache

from schemebook.scheme.letters import plain
from schemebook.scheme.words import entry


@cache
def spelled(name: str) -> tuple[str, ...]:
    """The ways to write one thing, as the catalogue lists them under `written.<name>`."""
    return tuple(one.strip() for one in entry(f"written.{name}")["text"].split(";"))


def says_nothing(text: str) -> bool:
    """Whether a whole answer is a dash or other signs without a letter or digit, or N/A."""
    return not any(map(_tells, text)) or _is_one(text, "nothing")


def says_none(text: str) -> bool:
    """The same, or that there is none: right only where a thing is asked for that one may not have."""
    return says_nothing(text) or _is_one(text, "none")


def stands_elsewhere(text: str) -> bool:
    """Whether a whole answer puts the answer off, or says that it stands elsewhere."""
    return _is_one(text, "elsewhere")


def _tells(letter: str) -> bool:
    """A letter, a digit, or what is drawn: an emoji may be an answer."""
    return letter.isalnum() or ord(letter) > _LAST_SIGN


_LAST_SIGN = 0x22FF
"""The punctuation of all that is written from left to right, arrows and mathematics end here."""
_LONGEST = 30


def _is_one(text: str, name: str) -> bool:
    if len(text) > _LONGEST:
        return False
    said = " ".join(plain(text).casefold().split()).strip("()[]").rstrip("!…")
    return said in spelled(name) or said.rstrip(".") in spelled(name)

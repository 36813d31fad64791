"""A whole answer in, whether it says anything out; and the spellings that the catalogue lists."""

from __future__ import annotations

from functools import cache
from typing import Literal, cast, get_args

from schemebook.scheme.words import entry

Empty = Literal["nothing", "none", "elsewhere"]
"""What a whole answer may be that answers nothing: a dash or N/A; that there is none, which answers some questions;
that the answer stands elsewhere, or comes later."""

_LAST_SIGN = 0x22FF
"""Punctuation, dashes, arrows and mathematics end here. What is drawn behind it, such as emoji, may be meant."""
_AROUND = " .!()"
_LONGEST = 30
"""No spelling in the catalogue is longer."""


@cache
def spelled(name: str) -> tuple[str, ...]:
    """The ways to write one thing, as the catalogue lists them under `written.<name>`."""
    return tuple(one.strip() for one in entry(f"written.{name}")["text"].split(";"))


def empty_words(text: str) -> Empty | None:
    """In which way a whole answer says nothing; None where it says something."""
    if len(text) > _LONGEST:
        return None
    said = text.casefold().strip(_AROUND)
    found = _empty().get(said)
    if found or said[:1].isalnum():
        return found
    return None if any(letter.isalnum() or ord(letter) > _LAST_SIGN for letter in said) else "nothing"


@cache
def _empty() -> dict[str, Empty]:
    kinds = cast(tuple[Empty, ...], get_args(Empty))
    return {words.strip(_AROUND): kind for kind in kinds for words in spelled(kind)}

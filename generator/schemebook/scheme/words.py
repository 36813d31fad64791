"""Every word of ours that a user reads: a key and values in, the sentence out of one message catalogue.

The catalogue is one TOML file a stage in `catalogue/<language>/`. A key is `<stage>.<name>`; its entry is
a string, or a table with these parts:

    text      the sentence
    formal    the same for schemes with `tone: formal` (the role named instead of "you")
    one       the sentence where `count` is 1
    what      for a problem: what is wrong, without a full stop
    to_do     for a problem: what to do, without a full stop

Values stand in braces, as in `str.format`.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from schemebook.errors import Note, Place, Problem

LANGUAGE = "en"


@cache
def catalogue(stage: str, language: str = LANGUAGE) -> dict[str, Any]:
    """The catalogue of one stage: entry name -> string or table of parts."""
    text = files("schemebook.scheme").joinpath("catalogue", language, f"{stage}.toml").read_text("utf-8")
    return tomllib.loads(text)


def entry(key: str, /) -> dict[str, str]:
    """The parts of one catalogue entry. A missing key is a bug of ours: KeyError."""
    stage, _, name = key.partition(".")
    found = catalogue(stage)[name]
    return {"text": found} if isinstance(found, str) else found


def say(key: str, /, *, formal: bool = False, **values: Any) -> str:
    """The sentence under `key`, with `values` put in. `count=1` takes the entry's `one`, if it has one."""
    parts = entry(key)
    if values.get("count") == 1 and "one" in parts:
        return parts["one"].format(**values)
    if formal and "formal" in parts:
        return parts["formal"].format(**values)
    return parts["text"].format(**values)


def what_and_to_do(key: str, /, **values: Any) -> tuple[str, str]:
    """What is wrong and what to do, for an error or a problem."""
    parts = entry(key)
    return parts["what"].format(**values), parts["to_do"].format(**values)


def problem(place: Place, key: str, /, **values: Any) -> Problem:
    """A problem in the catalogue's words. Its kind is the key without the stage."""
    what, to_do = what_and_to_do(key, **values)
    return Problem(place, what, to_do, kind=key.partition(".")[2])


def note(place: Place, key: str, /, **values: Any) -> Note:
    """A note in the catalogue's words."""
    return Note(place, say(key, **values), kind=key.partition(".")[2])

"""A word that is not known in, the known word that was probably meant out; and words as a message may quote them."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from schemebook.errors import Place, Problem
from schemebook.scheme.words import problem, say

LONGEST_QUOTE = 60
MOST_NAMED = 14


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word nearest to `word`; None where none is near. Underscores, spaces and capitals count for nothing."""
    if len(word) > LONGEST_QUOTE:
        return None
    plain = _plain(word)
    by_plain = {_plain(one): one for one in known}
    found = [plain] if plain in by_plain else get_close_matches(plain, by_plain, n=1, cutoff=0.6)
    return by_plain[found[0]] if found else None


def _plain(word: str) -> str:
    return word.strip().lower().replace("_", "-").replace(" ", "-")


def quoted(text: str) -> str:
    """Text of a file as a message shows it: one line, without control characters, cut short."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return line if len(line) <= LONGEST_QUOTE else line[:LONGEST_QUOTE].rstrip() + "…"


def listed(words: Collection[str]) -> str:
    """Words one after another, as many as a line can hold."""
    each = list(dict.fromkeys(words))
    shown = [quoted(word) for word in each[:MOST_NAMED]]
    more = len(each) - len(shown)
    if not shown:
        return say("check.none-yet")
    return ", ".join(shown) + (f" {say('check.and-more', count=more)}" if more else "")


def unknown(place: Place, key: str, word: str, known: Collection[str], /, **values: object) -> Problem:
    """A problem with a word that is not known.

    The catalogue holds `<key>` (with {known}) and `<key>-near` (with {best}); its kind is the key's name in both cases.
    """
    best = nearest(word, known)
    said: dict[str, object] = {"found": quoted(word), "known": listed(known), "best": best, **values}
    made = problem(place, f"{key}-near" if best else key, **said)
    return Problem(made.place, made.what, made.to_do, kind=key.partition(".")[2])

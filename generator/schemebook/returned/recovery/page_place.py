"""The words of a blank page and of a copy in; how the copy lies out: shifted, scaled, turned, by what is printed.

A page printed "fit to paper" is smaller than its blank, so points are never trusted as they stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # every reader of fields knows this module, and only few need the library behind that one
    from schemebook.returned.recovery.text_layer import Word

Rect = tuple[float, float, float, float]
"""Left, bottom, right, top in points."""

FEWEST_WORDS = 6
"""So many words must stand where the blank has them."""
LEAST_SHARE = 0.7
"""So many of the words that blank and copy both have once must fit one place: chance never gives that."""
_NEAR = 1.2
"""Points between where a word stands and where it should, to count."""
_TRIES = 60
_SHORTEST_WORD = 3

_Pair = tuple[complex, complex]


@dataclass(frozen=True)
class PagePlace:
    """How a copy of a page lies: a point of the blank, as a complex number, times `turn` plus `shift`.

    words: how many of the blank's words stand where that says.
    """

    turn: complex
    shift: complex
    words: int

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the blank lies on the copy."""
        found = self.turn * complex(x, y) + self.shift
        return found.real, found.imag

    def rect(self, rect: Rect) -> Rect:
        """The rectangle on the copy that holds a rectangle of the blank."""
        left, bottom, right, top = rect
        corners = [self.point(x, y) for x in (left, right) for y in (bottom, top)]
        across, up = zip(*corners, strict=True)
        return min(across), min(up), max(across), max(up)


def place_of_page(blank: Sequence[Word], copy: Sequence[Word]) -> PagePlace | None:
    """Where the blank page lies in the copy; None where the copy is not of that page.

    Words that stand once on both are matched. Of every two of them far apart follows a place; the one that most words
    agree with is taken, and evened out over them. The same words give the same place.
    """
    pairs = _pairs(blank, copy)
    if len(pairs) < FEWEST_WORDS:
        return None
    best = max((_agreeing(pairs, *guess) for guess in _guesses(pairs)), key=len, default=[])
    if len(best) < max(FEWEST_WORDS, LEAST_SHARE * len(pairs)):
        return None
    turn, shift = _evened(best)
    return PagePlace(turn, shift, len(_agreeing(pairs, turn, shift)))


def _pairs(blank: Sequence[Word], copy: Sequence[Word]) -> list[_Pair]:
    """Where each word stands that is on both pages once."""
    here, there = (Counter(word.text for word in words) for words in (blank, copy))
    places = {word.text: complex(word.x, word.y) for word in copy}
    return [
        (complex(word.x, word.y), places[word.text])
        for word in blank
        if here[word.text] == 1 and there[word.text] == 1 and len(word.text) >= _SHORTEST_WORD
    ]


def _guesses(pairs: Sequence[_Pair]) -> Iterator[tuple[complex, complex]]:
    """The places that pairs of words far apart give."""
    half = len(pairs) // 2
    for number in range(min(_TRIES, len(pairs))):
        (p, q), (r, s) = pairs[number], pairs[(number + half) % len(pairs)]
        if abs(p - r) > 30:
            turn = (q - s) / (p - r)
            yield turn, q - turn * p


def _agreeing(pairs: Sequence[_Pair], turn: complex, shift: complex) -> list[_Pair]:
    return [(p, q) for p, q in pairs if abs(turn * p + shift - q) <= _NEAR]


def _evened(pairs: Sequence[_Pair]) -> tuple[complex, complex]:
    """The place with the least squares of distance to all pairs."""
    middle = sum(p for p, _ in pairs) / len(pairs)
    goal = sum(q for _, q in pairs) / len(pairs)
    across = sum((q - goal) * (p - middle).conjugate() for p, q in pairs)
    turn = across / sum(abs(p - middle) ** 2 for p, _ in pairs)
    return turn, goal - turn * middle

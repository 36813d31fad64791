"""Counting words: text in, number of words out, in one way everywhere (Unicode UAX #29)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from uniseg.wordbreak import words

_LETTER_OR_DIGIT = re.compile(r"[^\W_]")

# UAX #29 rules WB5 to WB13b for letters of Latin (no soft hyphen), digits and the punctuation of prose. The full
# segmenter takes some 10 ms for 200 words, ten times the reading of the whole form.
_PLAIN = re.compile(r"[\t\n\r -~\u00a0-\u00ac\u00ae-\u0241\u1e00-\u1eff\u2010-\u201f\u2026\u20ac]*")
_LETTER = r"[^\W\d_²³¹¼-¾]"
_DIGIT = r"[0-9]"
_RUN = r"[^\W²³¹¼-¾]+"
_JOINED = rf"(?:(?<={_LETTER})['.:·’‘](?={_LETTER})|(?<={_DIGIT})['.,;’‘](?={_DIGIT}))"
_PLAIN_WORD = re.compile(rf"{_RUN}(?:{_JOINED}{_RUN})*|[²³¹¼-¾]")


def count_words(text: str) -> int:
    """How many words stand in `text`: the UAX #29 segments that hold a letter or a digit.

    This is what a browser's `Intl.Segmenter` calls word-like; "mother-in-law" counts three and "don't" one.
    Scripts without spaces are cut as UAX #29 cuts them by default (each Han character is a word).
    """
    if _PLAIN.fullmatch(text):
        found = _PLAIN_WORD.findall(text)
        return _words_among(found) if "_" in text else len(found)  # all else that is plain holds a letter or digit
    return sum(map(_words_of_chunk, text.split()))  # no rule of UAX #29 joins anything across a space


@lru_cache(maxsize=4096)
def _words_of_chunk(chunk: str) -> int:
    return _words_among(_PLAIN_WORD.findall(chunk) if _PLAIN.fullmatch(chunk) else words(chunk))


def _words_among(segments: Iterable[str]) -> int:
    return sum(1 for segment in segments if _LETTER_OR_DIGIT.search(segment))

"""The letters of an answer in; the same out without what no text can hold, or as a number or an address is read."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029|\x85|\x0b|\x0c")
_SPACES = re.compile(r"[\t\u00a0]")
_REFUSED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_IDLE = re.compile(r"[\u00ad\u200b\u2060\ufeff]")
_MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_SAY_MORE = ("<super", "<sub", "<fraction", "<circle", "<square")
"""Letters that are more than another way to draw a digit: 7² is not 72, and 1½ not 11/2."""
_AROUND = {"'": "'", '"': '"', "‘": "’", "’": "’", "“": "”", "„": "“", "«": "»"}


def clean_text(text: str) -> tuple[str, bool]:
    """NFC with LF line ends, tab and no-break space as space; and whether other control characters or lone
    surrogates had to be removed."""
    if text.isascii() and text.isprintable():
        return text, False
    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))
    kept = _REFUSED.sub("", text)
    return unicodedata.normalize("NFC", kept), kept != text


def plain(text: str) -> str:
    """A date, a number of a telephone or an address as it is read: without the letters that nobody sees and that come
    with what is copied (from contacts on a telephone, from web pages), wide letters and odd dashes as plain ones."""
    if text.isascii():
        return text
    return _DASHES.sub("-", _NOT_ASCII.sub(_plain_letter, _UNSEEN.sub("", text)))


def is_blank(text: str) -> bool:
    """Whether nothing is seen of a text: `plain` leaves nothing but space of it."""
    return not (text if text.isascii() else _UNSEEN.sub("", text)).strip()


def _plain_letter(found: re.Match[str]) -> str:
    letter = found[0]
    return letter if unicodedata.decomposition(letter).startswith(_SAY_MORE) else unicodedata.normalize("NFKC", letter)


def without_unseen(text: str) -> str:
    """One line of text with single spaces and without the letters that nobody sees and that do nothing in it; marks of
    direction only where it begins and ends. What joins letters or keeps them apart (Persian, emoji) stays."""
    if text.isascii():
        return " ".join(text.split())
    kept = " ".join(_IDLE.sub("", text).split()).strip(f"{_MARKS} ")
    return unicodedata.normalize("NFC", kept)


def bare(text: str) -> str:
    """Text of one thing without quotes around it, and without the apostrophe that spreadsheets put first."""
    text = text.strip()
    if len(text) > 2 and _AROUND.get(text[0]) == text[-1]:
        return text[1:-1].strip()
    return text[1:].lstrip() if text.startswith("'") and text.count("'") == 1 else text

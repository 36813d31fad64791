"""Records and the copies they are returns of in; the records out, told where nothing was changed in a copy.

What a copy held when it was made is kept as it is read back: answers and, of what gives no answer (a question that is
still closed), the text. A copy that was made again with other answers may come back as either.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from schemebook.records.by_hand.keyed import widgets_of
from schemebook.records.copies.as_issued import KIND as NOT_AS_ISSUED
from schemebook.records.people.issued import Issued
from schemebook.records.people.unfilled import AS_ISSUED, UNFILLED, only_read_otherwise
from schemebook.records.record import Record
from schemebook.records.spreadsheet import Cell, flat_answers
from schemebook.returned.submission import ReviewReason
from schemebook.returned.typed_answers import typed_answers
from schemebook.scheme.answers import AnswerProblem, Value
from schemebook.scheme.meaning import FormMeaning
from schemebook.scheme.words import say

_ALIKE = 0.75
"""How alike two texts are at least of which one was read from a picture of print, letter by letter."""


def held(meaning: FormMeaning, answers: Mapping[str, Value]) -> dict[str, Any]:
    """What a copy with these answers holds, as plain data: what is read of it when nobody changes anything."""
    read, problems = typed_answers(meaning, widgets_of(meaning, answers))
    return {"answers": read, "texts": _texts(problems)}


def _texts(problems: Collection[AnswerProblem]) -> dict[str, str]:
    return {one.field: one.text for one in problems if one.text and one.kind != NOT_AS_ISSUED}


def told_unchanged(record: Record, copies: Mapping[str, Issued]) -> Record:
    """A record with a reason for review where its copy came back as it was sent out.

    copies: token -> the copy. Of a copy that an earlier Schemebook made nobody knows what it held. Where something
    in the file may be an answer that was not read, nothing is said; nor where the form is blank, which is told already.
    """
    copy = copies.get(record.token or "")
    if copy is None or (copy.scheme, copy.form, copy.version) != (record.scheme, record.form, record.version):
        return record
    if not only_read_otherwise(record) or any(one.kind in UNFILLED for one in record.review):
        return record
    if not any(_is_same(record, made) for made in copy.held or ()):
        return record
    reason = ReviewReason(AS_ISSUED, say("records.review-as-issued"))
    return replace(record, review=(reason, *record.review), needs_review=True)


def _is_same(record: Record, made: Mapping[str, Any]) -> bool:
    """Whether a record says what its copy held. What was read from print is compared as print is read."""
    texts = _texts(record.problems)
    if not record.recovered:
        return bool(record.answers == made["answers"] and texts == made["texts"])
    was = flat_answers(made["answers"]) | made["texts"]
    came = flat_answers(record.answers) | texts
    guessed = {one.widget for one in record.recovered if not one.accepted}
    return was.keys() == came.keys() and all(_prints_alike(was[name], came[name], name in guessed) for name in was)


def _prints_alike(was: Cell, came: Cell, guessed: bool) -> bool:
    """Whether two answers are one, the second read from print. Lines may have been broken elsewhere.

    guessed: letter by letter from a picture, where a person has to look anyway: then accents do not count, and a few
    letters may differ, but no digit.
    """
    if was == came or not (isinstance(was, str) and isinstance(came, str)):
        return was == came
    one, other = ("".join(unicodedata.normalize("NFKC", text).split()) for text in (was, came))
    if one == other or not guessed:
        return one == other
    one, other = _without_accents(one), _without_accents(other)
    digits = [[sign for sign in text if sign.isdigit()] for text in (one, other)]
    return digits[0] == digits[1] and SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE


def _without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))

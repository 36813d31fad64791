"""Hypothesis strategies: the meaning of a field or form in, answers that fit it out, in the shape that records have."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import strategies as st

from schemebook.returned.text_strings import decode_text
from schemebook.scheme.answers import holds, problems_of, read_text
from schemebook.scheme.letters import clean_text, without_unseen
from schemebook.scheme.meaning import FieldMeaning, FormMeaning

AWKWARD = (
    "Tāne Mahuta", "Tuʻipulotu", "Łódź Świętokrzyski", "Nguyễn Thị Việt", "Siân Ŵyn", "Ğülşen İnce", "Ελένη", "Їжак",
    "محمد عبد الله", "שרה", "王小明", "たろう", "श्रीमती", "👩🏽‍🏫", "þÿ begins oddly",
    "a \\ ( ) < > % / b", "=1+1", "\"quoted\"",
    "ﬁne ligature", "e\u0301", "Off", "/mentee", "0123", "no",
)  # fmt: skip


OUR_TIMES = (datetime.date(1900, 1, 1), datetime.date(2100, 12, 31))
"""The first day and the last one that are read as what somebody meant."""


def lines() -> st.SearchStrategy[str]:
    """Any text of one line that can be stored."""
    text = st.one_of(st.text(min_size=1, max_size=40), st.sampled_from(AWKWARD))
    return text.map(lambda one: without_unseen(clean_text(one)[0])).filter(lambda one: one and not read_as_letters(one))


def read_as_letters(text: str) -> bool:
    """Whether the UTF-16 bytes of a text look like an answer that begins with þÿ.

    So do several rare Han letters, or scripts mixed, both bytes of each of which are letters of Latin:
    `returned/text_strings.py` says how it decides.
    """
    raw = b"\xfe\xff" + text.encode("utf-16-be")
    return decode_text(raw) != text


def prose() -> st.SearchStrategy[str]:
    """Any text of several lines that can be stored."""
    return st.lists(lines(), min_size=1, max_size=4).map("\n".join)


def days() -> st.SearchStrategy[str]:
    """A day as records write it."""
    return st.dates(*OUR_TIMES).map(lambda day: day.isoformat())


def answer_to(field: FieldMeaning) -> st.SearchStrategy[Any]:
    """An answer that fits the field and breaks none of its limits."""
    made = _ANSWERS[field.type](field)
    return made.filter(lambda value: not problems_of(field, value))


def answers_to(meaning: FormMeaning) -> st.SearchStrategy[dict[str, Any]]:
    """Answers to some of a form's questions; none whose condition does not hold."""
    asked = st.fixed_dictionaries({}, optional={field.id: answer_to(field) for field in meaning.fields})
    return asked.map(lambda answers: _only_asked(meaning, answers))


def _only_asked(meaning: FormMeaning, answers: dict[str, Any]) -> dict[str, Any]:
    for field in meaning.fields:
        if field.id in answers and not holds(field.only_if, answers):
            del answers[field.id]
    return answers


def _number(field: FieldMeaning) -> st.SearchStrategy[Any]:
    least = int(field.least if field.least is not None else -(10**6))
    most = int(field.most if field.most is not None else 10**6)
    return st.integers(least, most)


def _date(field: FieldMeaning) -> st.SearchStrategy[str]:
    first, last = OUR_TIMES
    return st.dates(field.earliest or first, field.latest or last).map(lambda day: day.isoformat())


def _long_text(field: FieldMeaning) -> st.SearchStrategy[str]:
    padded = st.integers(field.least_words, max(field.least_words, (field.most_words or 60) // 4))
    made = st.tuples(prose(), padded).map(lambda both: both[0] + " word" * both[1])
    return made.map(lambda text: read_text(field, text)[0])


def _some(field: FieldMeaning) -> st.SearchStrategy[list[str]]:
    least = max(1, field.at_least or 1)
    most = field.at_most or len(field.options)
    chosen = st.lists(st.sampled_from(field.options), min_size=least, max_size=most, unique=True)
    return chosen.map(lambda ticked: [option for option in field.options if option in ticked])


def _row(field: FieldMeaning) -> st.SearchStrategy[dict[str, Any]]:
    cells = {column.id: answer_to(column) for column in field.columns}
    # A row of ticks that are all off is an empty row.
    some = st.fixed_dictionaries({}, optional=cells)
    return some.filter(lambda row: any(value is not False for value in row.values()))


def _table(field: FieldMeaning) -> st.SearchStrategy[dict[str, Any]]:
    some = st.fixed_dictionaries({}, optional={row: _row(field) for row in field.rows})
    return some.filter(bool)


def _email(field: FieldMeaning) -> st.SearchStrategy[str]:
    names = st.text("abcdefghijklmnopqrstuvwxyzāéßø0123456789.+-_", min_size=1, max_size=20)
    return names.map(lambda name: f"{name}@example.org")


_ANSWERS = {
    "text": lambda field: lines().filter(lambda text: not field.most_letters or len(text) <= field.most_letters),
    "long-text": _long_text,
    "email": _email,
    "phone": lambda field: st.from_regex(r"\+?[0-9]{3,12}( [0-9]{1,4})?", fullmatch=True),
    "date": _date,
    "number": _number,
    "one-of": lambda field: st.sampled_from(field.options),
    "several-of": _some,
    "yes-no": lambda field: st.booleans(),
    "declaration": lambda field: st.just(True),
    "checklist": _some,
    "table": _table,
    "blank-table": lambda field: st.lists(_row(field), min_size=1, max_size=field.blank_rows),
    "signature": lambda field: st.fixed_dictionaries({"name": lines(), "date": days(), "kind": st.just("typed")}),
}

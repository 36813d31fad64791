"""Answers: text of one field in, typed value out; value in, text out; and whether a value fits its field.

A value has the shape that `records` prints and `fill` takes: option ids, ISO dates, JSON numbers, lists and objects.
Nothing here raises for what a participant wrote: what does not fit is an AnswerProblem with the text kept.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from schemebook.scheme.counting import count_words
from schemebook.scheme.days import long_day, read_day
from schemebook.scheme.letters import bare, plain, without_unseen
from schemebook.scheme.meaning import Condition, FieldMeaning
from schemebook.scheme.numbers import may_be_clock, read_number
from schemebook.scheme.words import say

Value = Any
"""str, bool, int, float, list or dict, as JSON has them; None where there is no answer."""


@dataclass(frozen=True)
class AnswerProblem:
    """What is wrong with one answer. The message never quotes it; `text` holds what was written."""

    field: str
    kind: str
    message: str
    text: str | None = None


def answer_problem(field: str, kind: str, text: str | None = None, **values: Any) -> AnswerProblem:
    """A problem of one answer in the catalogue's words (`scheme.answer-<kind>`)."""
    return AnswerProblem(field, kind, say(f"scheme.answer-{kind}", **values), text)


_IN_HOST = r"[^\s!-,./:-@\[-`{-~‘’“”„«»]"
_EMAIL = re.compile(rf"[^\s@\"(),:;<>\[\]\\‘’“”„«»]{{1,64}}@(?:(?!-){_IN_HOST}+(?<!-)\.)+(?!-){_IN_HOST}{{2,}}(?<!-)")
_PHONE = re.compile(r"\+?[\d\s()./\-]+(?:(?:x|ext\.?|extension)\s*\d{1,6})?", re.IGNORECASE)


def read_text(field: FieldMeaning, text: str) -> tuple[Value, list[AnswerProblem]]:
    """The value that cleaned, non-empty text gives in a field of a text kind, with its problems.

    The value is None where the text is none of its type (a date that is no date): the text is then in the problem.
    """
    if field.type == "date":
        day = read_day(text)
        if day is None:
            return None, [answer_problem(field.id, "not-a-date", text)]
        return day.isoformat(), problems_of(field, day.isoformat())
    if field.type == "number":
        number = read_number(text, field.unit)
        if number is None:
            return None, [answer_problem(field.id, "not-a-number", text)]
        doubt = [answer_problem(field.id, "decimal-or-clock")] if may_be_clock(text, field.unit) else []
        return number, problems_of(field, number) + doubt
    value = _LINES[field.type](text)
    return value, problems_of(field, value)


_LINK = re.compile(r"^(?:mailto|tel):\s*", re.IGNORECASE)
_AROUND_AT = re.compile(r"\s*@\s*")
_NAMED_ADDRESS = re.compile(r"[^<>]*<([^<>]+)>")


def _address(said: str) -> str:
    """The one address that somebody meant, where they copied it with a name, a `mailto:` or the end of a sentence;
    else what they wrote, without letters that nobody sees. Two spellings would be two people."""
    if said.isascii() and said[:1].isalnum() and _EMAIL.fullmatch(said):
        return said
    named = _NAMED_ADDRESS.fullmatch(plain(said))
    alone = bare(named[1] if named else plain(said))
    meant = _AROUND_AT.sub("@", _LINK.sub("", alone).rstrip(".,;")).replace("’", "'")
    return meant if _EMAIL.fullmatch(meant) else without_unseen(said)


def _telephone(said: str) -> str:
    """A number of a telephone as it was written, without what a spreadsheet or a link put before it."""
    if said.isascii() and _PHONE.fullmatch(said):
        return said
    meant = _LINK.sub("", bare(plain(said)))
    return meant if _PHONE.fullmatch(meant) else plain(said)


_LINES: dict[str, Callable[[str], str]] = {
    "long-text": lambda text: text.strip("\n "),
    "text": without_unseen,
    "email": lambda text: _address(" ".join(text.split())),
    "phone": lambda text: _telephone(" ".join(text.split())),
}
"""How text is kept, by the type of its field."""


def problems_of(field: FieldMeaning, value: Value) -> list[AnswerProblem]:
    """How a value of the right shape breaks its field's limits."""
    check = _LIMITS.get(field.type)
    return check(field, value) if check else []


def _text_limits(field: FieldMeaning, value: str) -> list[AnswerProblem]:
    if field.most_letters and len(value) > field.most_letters:
        return [answer_problem(field.id, "too-many-letters", count=len(value), most=field.most_letters)]
    return []


def _long_text_limits(field: FieldMeaning, value: str) -> list[AnswerProblem]:
    count = count_words(value)
    if field.most_words and count > field.most_words:
        return [answer_problem(field.id, "too-many-words", words=count, most=field.most_words)]
    if count < field.least_words:
        return [answer_problem(field.id, "too-few-words", words=count, least=field.least_words)]
    return []


def _email_limits(field: FieldMeaning, value: str) -> list[AnswerProblem]:
    return [] if _EMAIL.fullmatch(value) and len(value) <= 254 else [answer_problem(field.id, "not-an-email")]


def _phone_limits(field: FieldMeaning, value: str) -> list[AnswerProblem]:
    digits = sum(letter.isdigit() for letter in value)
    return [] if _PHONE.fullmatch(value) and 3 <= digits <= 20 else [answer_problem(field.id, "not-a-phone")]


def _date_limits(field: FieldMeaning, value: str) -> list[AnswerProblem]:
    day = datetime.date.fromisoformat(value)
    if field.earliest and day < field.earliest:
        return [answer_problem(field.id, "too-early", earliest=field.earliest.isoformat())]
    if field.latest and day > field.latest:
        return [answer_problem(field.id, "too-late", latest=field.latest.isoformat())]
    return []


def _number_limits(field: FieldMeaning, value: float) -> list[AnswerProblem]:
    if field.least is not None and value < field.least:
        return [answer_problem(field.id, "too-small", least=f"{field.least:g}")]
    if field.most is not None and value > field.most:
        return [answer_problem(field.id, "too-large", most=f"{field.most:g}")]
    if round(value, field.decimals) != value:
        return [answer_problem(field.id, "too-many-decimals", decimals=field.decimals)]
    return []


def _tick_limits(field: FieldMeaning, value: list[str]) -> list[AnswerProblem]:
    if field.at_least is not None and len(value) < field.at_least:
        return [answer_problem(field.id, "too-few-ticks", ticks=len(value), least=field.at_least)]
    if field.at_most is not None and len(value) > field.at_most:
        return [answer_problem(field.id, "too-many-ticks", ticks=len(value), most=field.at_most)]
    return []


_LIMITS: dict[str, Callable[[FieldMeaning, Any], list[AnswerProblem]]] = {
    "text": _text_limits,
    "long-text": _long_text_limits,
    "email": _email_limits,
    "phone": _phone_limits,
    "date": _date_limits,
    "number": _number_limits,
    "several-of": _tick_limits,
}


def holds(condition: Condition | None, answers: Mapping[str, Value]) -> bool:
    """Whether a condition holds for these answers; no condition always does, an unanswered question never opens one."""
    if condition is None:
        return True
    value = answers.get(condition.field)
    if value is None:
        return False
    said = {"yes", "ticked", "on"} if value is True else {"no"} if value is False else set()
    if isinstance(value, str):
        said = {value}
    elif isinstance(value, list):
        said = {one for one in value if isinstance(one, str)}
    return bool(said & set(condition.is_))


def text_of(field: FieldMeaning, value: Value) -> str:
    """What is typed into a text kind of field for this value: dates as 24 November 2026, numbers whole."""
    if field.type == "date":
        return long_day(datetime.date.fromisoformat(value))
    if field.type == "number":
        whole, _, behind = format(Decimal(str(value)), "f").partition(".")
        behind = behind.rstrip("0")
        filled_up = behind.ljust(field.decimals, "0")
        if not may_be_clock(f"{whole}.{filled_up}", field.unit):  # 1.3 hours; 1.30 may be an hour and a half
            behind = filled_up
        return f"{whole}.{behind}" if behind else whole
    return str(value)


def misfit(field: FieldMeaning, value: Value) -> str | None:
    """Why a value is not of its field's shape, in the catalogue's words; None where it is.

    This is for answers that come as JSON; limits are `problems_of`'s.
    """
    check = _SHAPES[field.type]
    return check(field, value)


def _is_text(field: FieldMeaning, value: Value) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return say("scheme.shape-text")
    return None


def _is_date(field: FieldMeaning, value: Value) -> str | None:
    try:
        datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        return say("scheme.shape-date")
    return None if len(value) == 10 else say("scheme.shape-date")


def _is_number(field: FieldMeaning, value: Value) -> str | None:
    fine = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
    return None if fine else say("scheme.shape-number")


def _is_yes_no(field: FieldMeaning, value: Value) -> str | None:
    return None if isinstance(value, bool) else say("scheme.shape-yes-no")


def _is_option(field: FieldMeaning, value: Value) -> str | None:
    return (
        None
        if isinstance(value, str) and value in field.options
        else say("scheme.shape-option", options=", ".join(field.options))
    )


def _is_options(field: FieldMeaning, value: Value) -> str | None:
    words = isinstance(value, list) and value and all(isinstance(one, str) for one in value)
    if words and [option for option in field.options if option in value] == value:
        return None
    return say("scheme.shape-options", options=", ".join(field.options))


def _is_row(field: FieldMeaning, row: Value) -> str | None:
    columns = {column.id: column for column in field.columns}
    if not isinstance(row, dict) or not row or set(row) - set(columns):
        return say("scheme.shape-row", columns=", ".join(columns))
    return next((why for id, value in row.items() if (why := misfit(columns[id], value))), None)


def _is_table(field: FieldMeaning, value: Value) -> str | None:
    if not isinstance(value, dict) or not value or set(value) - set(field.rows):
        return say("scheme.shape-table", rows=", ".join(field.rows))
    return next((why for row in value.values() if (why := _is_row(field, row))), None)


def _is_blank_table(field: FieldMeaning, value: Value) -> str | None:
    if not isinstance(value, list) or not 1 <= len(value) <= field.blank_rows:
        return say("scheme.shape-blank-table", rows=field.blank_rows)
    return next((why for row in value if (why := _is_row(field, row))), None)


def _is_signature(field: FieldMeaning, value: Value) -> str | None:
    if not isinstance(value, dict) or set(value) - {"name", "date", "kind"}:
        return say("scheme.shape-signature")
    if value.get("kind") not in ("digital", "typed", "drawn", "none"):
        return say("scheme.shape-signature")
    name, date = value.get("name"), value.get("date")
    if (name is not None and not isinstance(name, str)) or (date is not None and _is_date(field, date)):
        return say("scheme.shape-signature")
    return None


_SHAPES: dict[str, Callable[[FieldMeaning, Any], str | None]] = {
    "text": _is_text,
    "long-text": _is_text,
    "email": _is_text,
    "phone": _is_text,
    "date": _is_date,
    "number": _is_number,
    "one-of": _is_option,
    "several-of": _is_options,
    "yes-no": _is_yes_no,
    "declaration": _is_yes_no,
    "checklist": _is_options,
    "table": _is_table,
    "blank-table": _is_blank_table,
    "signature": _is_signature,
}

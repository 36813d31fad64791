"""Answers: text of one field in, typed value out; value in, text out; and whether a value fits its field.

A value has the shape that `records` prints and `fill` takes: option ids, ISO dates, JSON numbers, lists and objects.
Nothing here raises for what a participant wrote: what does not fit is an AnswerProblem with the text kept.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from schemebook.scheme.counting import count_words
from schemebook.scheme.meaning import Condition, FieldMeaning
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


_LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029|\x85|\x0b|\x0c")
_SPACES = re.compile(r"[\t\u00a0]")
_REFUSED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def clean_text(text: str) -> tuple[str, bool]:
    """NFC with LF line ends, tab and no-break space as space; and whether other control characters or lone
    surrogates had to be removed."""
    if text.isascii() and text.isprintable():
        return text, False
    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))
    kept = _REFUSED.sub("", text)
    return unicodedata.normalize("NFC", kept), kept != text


_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")


def plain(text: str) -> str:
    """A date, a number of a telephone or an address as it is read: without the letters that nobody sees and that come
    with what is copied (from contacts on a telephone, from web pages), wide letters and odd dashes as plain ones."""
    if text.isascii():
        return text
    return _DASHES.sub("-", unicodedata.normalize("NFKC", _UNSEEN.sub("", text)))


_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_NUMERIC_DAY = re.compile(r"(\d{1,2})\s*[./\- ]\s*(\d{1,2})\s*[./\- ]\s*(\d{4}|\d{2})")
_ISO_DAY = re.compile(r"(\d{4})\s*[./\-]\s*(\d{1,2})\s*[./\-]\s*(\d{1,2})")
_WEEKDAY = r"(?:(?:[a-z]+day|mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)[.,]{0,2}\s+)?"
_NAMED_DAY = re.compile(
    _WEEKDAY + r"(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[\s.\-]+([a-z]{3,9})\.?,?[\s\-]+(\d{4}|['’]?\d{2})"
)
_NAMED_MONTH_FIRST = re.compile(_WEEKDAY + r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")


def read_day(text: str) -> datetime.date | None:
    """The day that a person wrote, the day before the month; None where it is none.

    24 November 2026, Tues 24th Nov '26, November 24, 2026, 24/11/2026, 24.11.26 and 2026-11-24 are all read;
    a year of two digits is 2000 to 2068, else of the century before.
    """
    said = " ".join(plain(text).lower().split())
    try:
        if found := _ISO_DAY.fullmatch(said):
            return datetime.date(int(found[1]), int(found[2]), int(found[3]))
        if found := _NUMERIC_DAY.fullmatch(said):
            return datetime.date(_year(found[3]), int(found[2]), int(found[1]))
        if found := _NAMED_DAY.fullmatch(said):
            return datetime.date(_year(found[3]), _month(found[2]), int(found[1]))
        if found := _NAMED_MONTH_FIRST.fullmatch(said):
            return datetime.date(int(found[3]), _month(found[1]), int(found[2]))
    except ValueError:
        return None
    return None


def _year(digits: str) -> int:
    digits = digits.lstrip("'’")
    if len(digits) == 4:
        return int(digits)
    return 2000 + int(digits) if int(digits) < 69 else 1900 + int(digits)


@lru_cache(maxsize=512)
def _month(name: str) -> int:
    found = [number for number, full in enumerate(_MONTHS, 1) if full.startswith(name) or name == "sept" == full[:4]]
    if len(found) != 1:
        raise ValueError(name)
    return found[0]


_NUMBER = re.compile(r"[+-]?(\d{1,3}(?:[ ,]\d{3})+|\d{1,15})(\.\d{1,9})?")


def read_number(text: str) -> int | float | None:
    """The number that a person wrote (1,200 and 1 200 too); None where it is none. Whole numbers come as int."""
    said = text.strip().replace("\u2212", "-")
    if not _NUMBER.fullmatch(said):
        return None
    plain = re.sub(r"[ ,]", "", said)
    return float(plain) if "." in plain and float(plain) != int(float(plain)) else int(float(plain))


_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\]\\]{1,64}@(?:[^\s@.,;:<>()\"/\\]+\.)+[^\s@.,;:<>()\"/\\]{2,}")
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
        number = read_number(text)
        if number is None:
            return None, [answer_problem(field.id, "not-a-number", text)]
        return number, problems_of(field, number)
    value = text.strip("\n ") if field.type == "long-text" else " ".join(text.split())
    if field.type == "email":
        value = _address(value)
    elif field.type == "phone":
        value = plain(value)
    return value, problems_of(field, value)


_NAMED_ADDRESS = re.compile(r"[^<>]*<([^<>]+)>")


def _address(said: str) -> str:
    """The one address that somebody meant, where they copied it with a name, a `mailto:` or the end of a sentence;
    else what they wrote, without letters that nobody sees. Two spellings would be two people."""
    named = _NAMED_ADDRESS.fullmatch(plain(said))
    meant = (named[1] if named else plain(said)).strip().removeprefix("mailto:").rstrip(".,;")
    return meant if _EMAIL.fullmatch(meant) else _UNSEEN.sub("", said)


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
        behind = behind.rstrip("0").ljust(field.decimals, "0")
        return f"{whole}.{behind}" if behind else whole
    return str(value)


def long_day(day: datetime.date) -> str:
    """24 November 2026."""
    return f"{day.day} {_MONTHS[day.month - 1].capitalize()} {day.year}"


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

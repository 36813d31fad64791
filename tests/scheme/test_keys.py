"""The small types that keys take: what they make of typed text, and what they refuse."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from schemebook.scheme.keys import Day, Duration, Id, Number, Strict, Whole, Words, YesNoKey, kebab


def taken(kind: Any, text: Any) -> Any:
    return TypeAdapter(kind).validate_python(text)


def refused(kind: Any, text: Any) -> str:
    """The kind of the error that a text gives."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(text)
    return str(caught.value.errors()[0]["type"])


@pytest.mark.parametrize("text", ["a", "about-you", "a1", "stage-2-end", "no", "on", "x" * 60])
def test_an_id_is_lower_case_letters_digits_and_single_hyphens(text: str) -> None:
    assert taken(Id, text) == text


@pytest.mark.parametrize(
    "text",
    ["", "A", "aB", "1a", "-a", "a-", "a--b", "a_b", "a.b", "a b", "ā", "a\n", "x" * 61, "ａ", "a/b"],
)
def test_what_is_no_id_is_refused(text: str) -> None:
    assert refused(Id, text) == "not-an-id"


@pytest.mark.parametrize(
    ("text", "value"), [("yes", True), ("no", False), ("Yes", True), ("NO", False), ("true", True), ("off", False)]
)
def test_yes_and_no_are_taken_as_people_type_them(text: str, value: bool) -> None:
    assert taken(YesNoKey, text) is value


@pytest.mark.parametrize("text", ["", "y", "1", "0", "maybe", "ja", " yes"])
def test_what_is_neither_yes_nor_no_is_refused(text: str) -> None:
    assert refused(YesNoKey, text) == "not-yes-no"


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("007", 7), ("-3", -3), ("999999999", 999999999)])
def test_whole_numbers(text: str, value: int) -> None:
    assert taken(Whole, text) == value


@pytest.mark.parametrize("text", ["", "1.0", "1e3", "+1", "1,000", "١", "0x10", "1_000", " 1", "9999999999"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    assert refused(Whole, text) == "not-whole"


@pytest.mark.parametrize(("text", "value"), [("2.5", 2.5), ("-0.25", -0.25), ("10", 10.0)])
def test_numbers(text: str, value: float) -> None:
    assert taken(Number, text) == value


@pytest.mark.parametrize("text", ["", ".5", "1.", "1,5", "nan", "inf", "1e400", "-", "٢"])
def test_what_is_no_number_is_refused(text: str) -> None:
    assert refused(Number, text) == "not-number"


def test_a_day_is_written_in_one_way_only() -> None:
    assert taken(Day, "2026-02-28") == datetime.date(2026, 2, 28)
    for text in ("2026-02-30", "20260228", "2026-W09-6", "28/02/2026", "2026-2-8", "2026-02-28T00:00", ""):
        assert refused(Day, text) == "not-a-day"


@pytest.mark.parametrize(
    ("text", "kept", "amount", "unit"),
    [
        ("6 months", "6 months", 6, "month"),
        ("1 months", "1 month", 1, "month"),
        ("12 month", "12 months", 12, "month"),
        (" 90  Minutes ", "90 minutes", 90, "minute"),
        ("0 days", "0 days", 0, "day"),
    ],
)
def test_a_duration_is_an_amount_and_a_unit(text: str, kept: str, amount: int, unit: str) -> None:
    found = taken(Duration, text)
    assert (str(found), found.amount, found.unit) == (kept, amount, unit)


@pytest.mark.parametrize("text", ["", "6", "months", "six months", "6 moons", "-1 day", "1.5 hours", "6 months 2 days"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    assert refused(Duration, text) == "not-a-duration"


def test_durations_of_different_units_can_be_compared() -> None:
    lengths = [Duration(text).minutes for text in ("59 minutes", "1 hour", "1 day", "1 week", "1 month", "1 year")]
    assert lengths == sorted(lengths)
    assert len(set(lengths)) == 6


def test_words_are_not_empty_and_lose_the_space_around_them() -> None:
    assert taken(Words, "  Two words\n") == "Two words"
    for text in ("", "  ", "\n\t"):
        assert refused(Words, text) == "empty-words"


@pytest.mark.parametrize(
    ("python", "yaml"), [("most_words", "most-words"), ("is_", "is"), ("from_", "from"), ("id", "id")]
)
def test_a_key_is_spelt_with_hyphens_in_yaml(python: str, yaml: str) -> None:
    assert kebab(python) == yaml


class Sample(Strict):
    """A model for these tests."""

    most_words: Whole = 3


def test_a_model_takes_its_yaml_names_only_and_cannot_be_changed() -> None:
    made = Sample.model_validate({"most-words": "5"})
    assert made.most_words == 5
    for wrong in ({"most_words": "5"}, {"most-words": "5", "other": "x"}):
        with pytest.raises(ValidationError):
            Sample.model_validate(wrong)
    with pytest.raises(ValidationError):
        made.most_words = 6  # type: ignore[misc]

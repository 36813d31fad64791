import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemebook.scheme.answers import holds, misfit, read_text, text_of
from schemebook.scheme.letters import clean_text, is_blank, plain
from schemebook.scheme.meaning import Condition, FieldMeaning


def field(type: str, **limits: object) -> FieldMeaning:
    return FieldMeaning.model_validate({"id": "asked", "type": type, **limits})


@given(st.integers(-(10**9), 10**9))
def test_a_whole_number_reads_back_from_its_text(number: int) -> None:
    asked = field("number")
    assert read_text(asked, text_of(asked, number)) == (number, [])


def test_a_number_may_be_written_with_the_unit_of_its_box() -> None:
    assert read_text(field("number", unit="years"), "7 years") == (7, [])
    assert read_text(field("number"), "7 years")[0] is None


def test_a_filled_copy_writes_hours_so_that_they_are_no_hours_and_minutes() -> None:
    asked = field("number", unit="hours", decimals=2)
    assert [text_of(asked, hours) for hours in (1.3, 1.5)] == ["1.3", "1.50"]
    assert read_text(asked, text_of(asked, 1.3)) == (1.3, [])


@pytest.mark.parametrize(("written", "number"), [("0.45", 0.45), ("1.30", 1.3), ("2.15 hours", 2.15)])
def test_hours_that_may_be_hours_and_minutes_are_told_and_stand_as_decimals(written: str, number: float) -> None:
    value, problems = read_text(field("number", unit="hours", decimals=2), written)
    assert (value, [found.kind for found in problems]) == (number, ["decimal-or-clock"])


@pytest.mark.parametrize("written", ["0.5", "1.50", "0.75", "1.25", "1.3", "1.155", "30 minutes", "1h30", "45"])
def test_other_hours_are_in_no_doubt(written: str) -> None:
    assert read_text(field("number", unit="hours", decimals=3), written)[1] == []


def test_only_hours_may_be_hours_and_minutes() -> None:
    assert read_text(field("number", unit="km", decimals=2), "1.30") == (1.3, [])
    assert read_text(field("number", decimals=2), "1.30") == (1.3, [])


def test_text_that_is_no_date_is_kept_with_its_problem_and_not_quoted() -> None:
    value, (found,) = read_text(field("date"), "after the holidays")
    assert value is None
    assert (found.kind, found.text) == ("not-a-date", "after the holidays")
    assert "holidays" not in found.message


def test_words_over_the_limit_are_a_problem_and_the_answer_stands() -> None:
    value, problems = read_text(field("long-text", **{"most-words": 3}), "one two three four")
    assert value == "one two three four"
    assert [found.kind for found in problems] == ["too-many-words"]


@pytest.mark.parametrize("good", ["a@b.org", "tāne.mahuta@example.co.nz", "x+y@ex-ample.museum", "müller@exämple.de"])
def test_ordinary_addresses_are_addresses(good: str) -> None:
    assert read_text(field("email"), good) == (good, [])


@pytest.mark.parametrize(
    "written",
    [
        "Rose <rose@example.org>", "<rose@example.org>", "mailto:rose@example.org", "rose@example.org.",
        "\u200brose@example.org", "rose@exam\u00adple.org", "\ufeffrose@example.org",
        "ｒｏｓｅ＠ｅｘａｍｐｌｅ．ｏｒｇ", "rose @ example.org",
        "'rose@example.org", "“rose@example.org”", '"rose@example.org"',
    ],
)  # fmt: skip
def test_an_address_that_was_copied_with_something_is_one_and_the_same(written: str) -> None:
    """Two spellings of one address would be two people in the report."""
    assert read_text(field("email"), written) == ("rose@example.org", [])


@pytest.mark.parametrize("written", ["a@b.org or c@d.org", "<a@b.org>, <c@d.org>", "rose (at) example.org", "n/a"])
def test_what_may_be_two_addresses_or_none_stays_as_it_was_written(written: str) -> None:
    value, problems = read_text(field("email"), written)
    assert (value, [found.kind for found in problems]) == (written, ["not-an-email"])


def test_a_typographic_apostrophe_in_an_address_is_the_one_that_was_meant() -> None:
    """Telephones put it where ' is typed."""
    assert read_text(field("email"), "o’neill@example.org") == ("o'neill@example.org", [])


@pytest.mark.parametrize("written", ["'01522540069", "tel:01522540069", "Tel: 01522540069"])
def test_a_telephone_number_loses_what_a_spreadsheet_or_a_link_put_before_it(written: str) -> None:
    assert read_text(field("phone"), written) == ("01522540069", [])


@pytest.mark.parametrize(
    "written", ["Rose\u200b Smith", "\u202aRose Smith\u202c", "\ufeffRose Smith", "Rose\u00a0 Smith"]
)
def test_a_name_that_was_copied_is_the_name_that_is_seen(written: str) -> None:
    text, _ = clean_text(written)
    assert read_text(field("text"), text) == ("Rose Smith", [])


@given(st.text())
def test_a_name_that_was_read_once_reads_the_same_again(text: str) -> None:
    once, _ = read_text(field("text"), clean_text(text)[0])
    assert read_text(field("text"), clean_text(once)[0])[0] == once


@pytest.mark.parametrize("name", ["می\u200cنا", "👩\u200d🌾", "'Rose", "O’Neill", "Ｒｏｓｅ", "N/A"])
def test_all_else_of_a_text_stays_as_it_was_typed(name: str) -> None:
    assert read_text(field("text"), name) == (name, [])


def test_a_small_raised_digit_is_none_of_the_number() -> None:
    """A note's mark is no digit of a telephone number or a date."""
    assert read_text(field("phone"), "01522 540069²")[1]
    assert read_text(field("number"), "7²")[0] is None


def test_a_telephone_number_loses_what_nobody_sees() -> None:
    """Contacts put marks of direction around a number that is copied."""
    assert read_text(field("phone"), "\u202a+44\u20111522 540069\u202c") == ("+44-1522 540069", [])


@pytest.mark.parametrize(
    "bad",
    [
        "a@b", "two words@example.org", "a@@b.org", "no address", "a@b..org", "a@b.org?", "a@b.org!", "*a@b.org*",
        "“a@b.org",
        "a@-b.org", "a@b.org-",
    ],
)  # fmt: skip
def test_what_is_no_address_is_a_problem(bad: str) -> None:
    assert [found.kind for found in read_text(field("email"), bad)[1]] == ["not-an-email"]


@pytest.mark.parametrize("good", ["+44 (0)1522 540069", "020 7946 0812", "01632.960001 ext 12", "111"])
def test_telephone_numbers_are_taken_as_people_write_them(good: str) -> None:
    assert read_text(field("phone"), good)[1] == []


@given(st.text())
def test_cleaned_text_can_be_stored_and_cleaning_again_changes_nothing(text: str) -> None:
    once, _ = clean_text(text)
    once.encode()
    assert clean_text(once) == (once, False)
    assert "\r" not in once and "\t" not in once and "\x00" not in once


def test_line_ends_become_one_and_surrogates_are_told() -> None:
    assert clean_text("a\r\nb\rc\u2028d") == ("a\nb\nc\nd", False)
    assert clean_text("a\ud83d") == ("a", True)


def test_a_condition_opens_on_one_of_its_options() -> None:
    asked = Condition(field="role", is_=("mentor",))
    assert holds(asked, {"role": "mentor"})
    assert not holds(asked, {"role": "mentee"})
    assert not holds(asked, {})
    assert holds(Condition(field="agree", is_=("yes",)), {"agree": True})
    assert holds(Condition(field="topics", is_=("other",)), {"topics": ["career", "other"]})


@pytest.mark.parametrize(
    ("asked", "good", "bad"),
    [
        (field("one-of", options=["a", "b"]), "a", "c"),
        (field("several-of", options=["a", "b"]), ["a", "b"], ["b", "a"]),
        (field("several-of", options=["a", "b"]), ["a"], []),
        (field("yes-no"), False, "no"),
        (field("date"), "2026-11-24", "20261124"),
        (field("number"), 3, True),
        (field("signature"), {"name": "A", "kind": "typed"}, {"name": "A"}),
        (
            field("blank-table", **{"blank-rows": 1, "columns": [{"id": "c", "type": "text"}]}),
            [{"c": "x"}],
            [{"d": "x"}],
        ),
        (field("table", rows=["r"], columns=[{"id": "c", "type": "text"}]), {"r": {"c": "x"}}, {"s": {"c": "x"}}),
    ],
)
def test_a_json_answer_has_the_shape_of_its_field(asked: FieldMeaning, good: object, bad: object) -> None:
    assert misfit(asked, good) is None
    assert misfit(asked, bad)


def test_a_text_is_blank_where_nothing_is_seen_of_it_as_plain() -> None:
    letters = [chr(number) for number in range(0x10000)]
    assert [one for one in letters if is_blank(one)] == [one for one in letters if not plain(one).strip()]
    assert is_blank("\u200b \u3000\n\ufeff") and not is_blank("\u200b.")

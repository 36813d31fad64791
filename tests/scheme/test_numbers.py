import pytest

from schemebook.scheme.numbers import read_number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1,200", 1200),
        ("1 200.5", 1200.5),
        ("3.0", 3),
        ("−2", -2),
        ("+7", 7),
        ("007", 7),
        ("7.", 7),
        ("'7", 7),
        ("７", 7),
        ("٧", 7),
        ("\u200b7", 7),
        ("1\u202f200", 1200),
        ("½", 0.5),
        ("1½", 1.5),
        ("1 ½", 1.5),
        ("1 3/4", 1.75),
        ("Seven", 7),
        ("zero", 0),
    ],
)
def test_a_number_may_be_written_with_separators(written: str, number: float) -> None:
    assert read_number(written) == number


@pytest.mark.parametrize("written", ["1e9", "12 hours", "nan", "inf", "1,20", "0x10", "--1", "9" * 400])
def test_what_is_no_number_is_none(written: str) -> None:
    assert read_number(written) is None


@pytest.mark.parametrize(
    ("unit", "written", "number"),
    [
        ("years", "7 years", 7), ("years", "7years", 7), ("years", "1 Year", 1), ("years", "7 YRS.", 7),
        ("years", "7\u00a0years", 7),
        ("years", "seven years", 7), ("years", "24 months", 2), ("years", "7 years 6 months", 7.5), ("Years", "7 y", 7),
        ("minutes", "45 mins", 45), ("minutes", "45min", 45), ("minutes", "1 hour", 60), ("minutes", "1h30", 90),
        ("minutes", "1 hr 30 mins", 90), ("minutes", "1 hour, 5 minutes", 65), ("minutes", "1 hour and 30 minutes", 90),
        ("minutes", "1.5 hours", 90), ("minutes", "1½ hrs", 90), ("minutes", "half an hour", 30),
        ("minutes", "an hour", 60),
        ("hours", "90 mins", 1.5), ("hours", "1:30", 1.5), ("hours", "0:45", 0.75), ("hours", "1,200 hours", 1200),
        ("mentees", "2 mentees", 2), ("mentees", "1 mentee", 1), ("mentees", "Two mentees", 2),
        ("activities", "1 activity", 1),
        ("hours a month", "5 hours a month", 5),
    ],
)  # fmt: skip
def test_a_number_may_have_the_unit_of_its_box(unit: str, written: str, number: float) -> None:
    assert read_number(written, unit) == number


@pytest.mark.parametrize(
    ("unit", "written"),
    [
        ("years", "about 7 years"), ("years", "~7"), ("years", "7+"), ("years", "5 to 7 years"), ("years", "7-8"),
        ("years", "7 years old"),
        ("years", "over 7 years"), ("years", "< 1 year"), ("years", "7th year"), ("years", "since 2019"),
        ("years", "7 hours"),
        ("years", "10 months"), ("years", "7 years 6"), ("years", "7 years 12 months"), ("years", "years"),
        ("years", "7 jahre"),
        ("minutes", "1:30"), ("minutes", "2 hours 90 minutes"), ("minutes", "1 hour 1 hour"),
        ("minutes", "30 minutes 1 hour"),
        ("minutes", "60 minutes each"), ("minutes", "1h5"), ("minutes", "1.5 hours 10 minutes"),
        ("minutes", "60-90 minutes"),
        ("hours", "20 minutes"), ("hours", "1/2"), ("hours", "2 x 45 mins"), ("hours", "1:75"), ("hours", "(2)"),
        ("mentees", "2 people"), ("mentees", "up to 2"), ("mentees", "2 or 3 mentees"), ("mentees", "no mentees"),
        ("meetings", "1 meeting a month"), ("meetings", "45'"), ("hours a month", "5 hours a week"),
        ("hours a month", "5 hours"),
    ],
)  # fmt: skip
def test_what_is_in_doubt_is_no_number(unit: str, written: str) -> None:
    assert read_number(written, unit) is None


@pytest.mark.parametrize("written", ["7 years", "1:30", "1h30", "3rd", "#3", "no. 3", "session 3", "3 of 6"])
def test_a_box_without_a_unit_takes_none(written: str) -> None:
    assert read_number(written) is None

"""Rules say themselves in words, from their data alone."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from schemebook.scheme.rules import (
    CpdRule,
    DueRule,
    DurationRule,
    MatchingRule,
    MeetingsRule,
    OtherRule,
    RetentionRule,
    Rule,
    Rules,
    Span,
    joined,
)
from schemebook.scheme.yaml_source import parse_yaml

NAMES = {"mentee": "mentee", "mentor": "mentor", "diary": "Diary", "application": "Application", "meet": "Meetings"}


def rule(kind: type[Rule], text: str) -> Any:
    return kind.model_validate(parse_yaml(text, "rules.yml").data)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"at-least": "6 months", "at-most": "12 months"}, "6 to 12 months"),
        ({"at-least": "30 minutes", "at-most": "1 hour"}, "30 minutes to 1 hour"),
        ({"at-most": "6 months"}, "at most 6 months"),
        ({"at-least": "1 hour"}, "at least 1 hour"),
        ({"at-least": "1 hour", "at-most": "1 hour"}, "1 hour"),
    ],
)
def test_a_span_says_its_limits(limits: dict[str, str], words: str) -> None:
    assert Span.model_validate(limits).in_words() == words


@pytest.mark.parametrize(
    ("limits", "kind"),
    [({}, "no-limits"), ({"at-least": "2 hours", "at-most": "90 minutes"}, "limits-cross")],
)
def test_a_span_that_cannot_be_met_is_refused(limits: dict[str, str], kind: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Span.model_validate(limits)
    assert [error["type"] for error in caught.value.errors()] == [kind]


def test_a_list_of_words_ends_with_and() -> None:
    assert [joined([]), joined(["a"]), joined(["a", "b"]), joined(["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_duration_and_its_note() -> None:
    said = rule(DurationRule, "{at-least: 6 months, at-most: 1 year, source: '2', note: It may be longer.}").in_words(
        NAMES
    )
    assert "6 months to 1 year" in said
    assert said.endswith("It may be longer.")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("{length: {at-most: 1 hour}, every: month, source: ours}", ["at most 1 hour", "month"]),
        ("{every: fortnight, suggested: yes, source: ours}", ["fortnight", "suggestion"]),
        ("{time: {at-least: 2 hours}, source: ours}", ["at least 2 hours", "month"]),
    ],
)
def test_meetings(text: str, parts: list[str]) -> None:
    said = rule(MeetingsRule, text).in_words(NAMES)
    assert [part for part in parts if part not in said] == []


DUE = "{id: d, form: diary, from: mentee, stage: meet, source: ours%s}"


@pytest.mark.parametrize(
    ("more", "parts"),
    [
        ("", ["mentee", "Diary", "Meetings"]),
        (", each: month", ["every month", "Diary"]),
        (", each: quarter", ["every three months", "Diary"]),
        (", each: session", ["each session"]),
        (", each: session, first: 2", ["each session from number 2 on"]),
        (", each: session, first: 2, times: 4", ["each of the sessions 2 to 5"]),
        (", each: session, first: 6, times: 1", ["after session 6"]),
        (", each: session, after: {cohort: starts}, within: 1 month", ["first day of the cohort", "in the rhythm of"]),
        (", each: month, times: 6", ["6 times"]),
        (", each: month, times: 1", ["Once."]),
        (", after: {form: application, field: start}, within: 2 weeks", ["within 2 weeks of", "Application"]),
        (", after: {cohort: ends}, within: 1 month", ["last day of the cohort"]),
        (", after: {cohort: starts}, within: 1 month", ["first day of the cohort"]),
        (", together: yes", ["One form for the pair."]),
        (", optional: yes", ["not owed"]),
        (", note: Even when ill.", ["Even when ill."]),
    ],
)
def test_what_is_due_says_who_what_and_when(more: str, parts: list[str]) -> None:
    said = rule(DueRule, DUE % more).in_words(NAMES)
    assert [part for part in parts if part not in said] == []


def test_a_stage_is_told_from_a_form_of_the_same_id() -> None:
    text = "{id: d, form: diary, from: mentee, stage: diary, source: ours}"
    said = rule(DueRule, text).in_words({**NAMES, "stage:diary": "Keeping a diary"})
    assert said.count("Keeping a diary") == 1
    assert "Diary" in said


def test_several_who_owe_a_form_are_all_named() -> None:
    said = rule(DueRule, "{id: d, form: diary, from: [mentee, mentor], stage: meet, source: ours}").in_words(NAMES)
    assert "mentee and mentor" in said


def test_a_due_date_may_count_from_the_cohort_until_a_form_gives_the_day() -> None:
    after = ", after: {form: diary, field: start, cohort: starts}, within: 1 week"
    said = rule(DueRule, DUE % after).in_words(NAMES)
    assert "the date in “Diary”" in said and "the first day of the cohort" in said


@pytest.mark.parametrize("after", ["{}", "{field: start, cohort: ends}"])
def test_a_due_date_counts_from_one_day(after: str) -> None:
    with pytest.raises(ValidationError) as caught:
        rule(DueRule, DUE % f", after: {after}, within: 1 week")
    assert [error["type"] for error in caught.value.errors()] == ["after-unclear"]


def test_a_form_due_for_each_date_of_another_says_so() -> None:
    dates = ", each: session, after: {form: application, dates: [start, end]}, within: 2 weeks"
    said = rule(DueRule, DUE % dates).in_words({**NAMES, "application": "Application"})
    assert "for each date that “Application” sets" in said
    assert "within 2 weeks of that date" in said
    assert "rhythm" not in said


@pytest.mark.parametrize("after", ["{cohort: starts, dates: [a]}", "{form: diary, field: a, dates: [a]}"])
def test_dates_are_questions_of_a_form_and_stand_alone(after: str) -> None:
    with pytest.raises(ValidationError) as caught:
        rule(DueRule, DUE % f", each: session, after: {after}, within: 1 week")
    assert [error["type"] for error in caught.value.errors()] == ["after-dates"]


CPD = """\
needs: 6 hours
within: 1 year
sessions: {form: diary, date: met-on, length: hours, recorded: {aims: its aims, steps: the next steps}}
earns: [{role: mentee, points: 2.5}, {role: mentor, points: 5, for-each: mentee}]
claim: {form: diary, field: claim}
source: ours
"""


def test_cpd() -> None:
    said = rule(CpdRule, CPD).in_words(NAMES)
    parts = ("6 hours", "1 year", "its aims and the next steps", "mentee then earns 2.5", "mentor then earns 5")
    assert [part for part in parts if part not in said] == []
    assert said.count("for each mentee") == 1


def test_cpd_that_asks_for_nothing_recorded_says_nothing_of_it() -> None:
    text = CPD.replace(", recorded: {aims: its aims, steps: the next steps}", "")
    assert "counts when" not in rule(CpdRule, text).in_words(NAMES)


def test_matching() -> None:
    said = rule(
        MatchingRule, "{compare: [goals, days], prefer: [another team], exclude: [a line manager], source: ours}"
    )
    words = said.in_words(NAMES)
    assert [part for part in ("goals and days", "another team", "a line manager") if part not in words] == []


@pytest.mark.parametrize(("then", "part"), [("delete", "deleted"), ("anonymise", "whose"), ("review", "looked at")])
def test_retention(then: str, part: str) -> None:
    text = (
        f"{{record: Diaries, forms: diary, keep: 1 year, after: the end, then: {then}, reason: audits, source: ours}}"
    )
    said = rule(RetentionRule, text).in_words(NAMES)
    assert [piece for piece in ("Diaries", "1 year", "the end", "audits", part) if piece not in said] == []


def test_a_rule_for_people_says_what_was_written() -> None:
    assert rule(OtherRule, "{id: a, title: T, says: You wait., source: ours}").in_words(NAMES) == "You wait."


def test_a_name_that_is_not_known_stands_as_its_id() -> None:
    assert "diary" in rule(DueRule, DUE % "").in_words({})


def test_every_rule_has_a_source() -> None:
    for kind in (DurationRule, MeetingsRule, DueRule, CpdRule, MatchingRule, RetentionRule, OtherRule):
        with pytest.raises(ValidationError) as caught:
            kind.model_validate({})
        assert ("source",) in [error["loc"] for error in caught.value.errors()]


def test_all_rules_come_in_the_order_of_their_kinds() -> None:
    text = """\
other: [{id: a, title: T, says: x, source: ours}]
due:
  - {id: d, form: diary, from: mentee, stage: meet, source: ours}
  - {id: e, form: diary, from: mentor, stage: meet, source: ours}
duration: {at-most: 1 year, source: ours}
"""
    rules = Rules.model_validate(parse_yaml(text, "rules.yml").data)
    assert [(kind, getattr(one, "id", None)) for kind, one in rules.all()] == [
        ("duration", None),
        ("due", "d"),
        ("due", "e"),
        ("other", "a"),
    ]


def test_every_kind_of_rule_says_itself_in_whole_sentences() -> None:
    text = """\
duration: {at-most: 1 year, source: ours}
meetings: {every: month, length: {at-most: 1 hour}, source: ours}
due: [{id: d, form: diary, from: mentee, stage: meet, source: ours}]
cpd:
  needs: 6 hours
  within: 1 year
  sessions: {form: diary, date: met-on, length: hours}
  earns: [{role: mentor, points: 5}]
  source: ours
matching: {compare: [goals], source: ours}
retention: [{record: Diaries, keep: 1 year, after: the end, reason: audits, source: ours}]
other: [{id: a, title: T, says: You wait., source: ours}]
"""
    rules = Rules.model_validate(parse_yaml(text, "rules.yml").data)
    for _, one in rules.all():
        said = one.in_words(NAMES)
        assert said[0].isupper()
        assert said.endswith(".")
        assert "{" not in said

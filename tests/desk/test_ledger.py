from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.desk.club import LOG, SCHEME, application, ledger, log, owed, record, write_club

from schemebook.records.people import Pair
from schemebook.scheme.project import Project


@pytest.fixture
def club(tmp_path: Path) -> Project:
    return write_club(tmp_path)


def test_a_return_without_a_day_is_open_and_never_late_and_in_once_it_came(club: Project) -> None:
    first = log("2026-09-10T00:00:00Z", "2026-09-15")
    (before,) = owed(club, [first], "2027-07-01", "application")
    assert (before.state, before.due) == ("open", None)
    (after,) = owed(club, [first, application("2026-09-12T00:00:00Z")], "2027-07-01", "application")
    assert after.state == "in" and after.answer is not None and after.came == date(2026, 9, 12)


def test_equal_answers_count_once_and_later_ones_with_others_supersede(club: Project) -> None:
    first = application("2026-09-01T00:00:00Z", start="2026-09-01")
    again = application("2026-09-02T00:00:00Z", start="2026-09-01")
    other = application("2026-09-03T00:00:00Z", start="2026-09-05")
    (one,) = owed(club, [first, again, other], "2026-09-30", "application")
    assert one.answer is not None and one.answer.record == other
    assert [each.record for each in one.superseded] == [first]
    assert [each.record for each in one.saved_again] == [again]
    (earlier,) = owed(club, [first, again], "2026-09-30", "application")
    assert earlier.answer is not None and earlier.answer.record == first and not earlier.superseded


def test_a_day_counts_from_a_date_in_a_form_and_is_late_only_after_it(club: Project) -> None:
    records = [
        application("2026-09-01T00:00:00Z", start="2026-08-31"),
        log("2026-09-10T00:00:00Z", "2026-09-15", mentor="ben@example.org"),
    ]
    (on_the_day,) = owed(club, records, "2027-02-28", "agreement")
    (after,) = owed(club, records, "2027-03-01", "agreement")
    assert on_the_day.due == date(2027, 2, 28)
    assert (on_the_day.state, after.state) == ("open", "late")


def test_a_pair_owes_one_form_together_and_each_of_the_two_may_send_it(club: Project) -> None:
    start = application("2026-09-01T00:00:00Z", start="2026-08-31")
    half = record("agreement", "2026-09-05T00:00:00Z", mentee="ana@example.org", mentor="ben@example.org")
    whole = record("agreement", "2026-09-06T00:00:00Z", mentee="ana@example.org", mentor="ben@example.org", words="Yes")
    (one,) = owed(club, [start, half, whole], "2026-12-01", "agreement")
    assert isinstance(one.party, Pair) and [person.email for person in one.people] == [
        "ana@example.org",
        "ben@example.org",
    ]
    assert one.answer is not None and one.answer.record == whole and [each.record for each in one.superseded] == [half]


def test_an_unknown_day_is_waited_for(club: Project) -> None:
    (one,) = owed(club, [application("2026-09-01T00:00:00Z")], "2027-07-01", "agreement")
    assert (one.state, one.why_waiting) == ("waiting", "no-day")


def test_a_return_about_a_month_answers_that_month_whenever_it_comes(club: Project) -> None:
    records = [
        log("2026-09-10T00:00:00Z", "2026-09-15", words="September"),
        log("2026-12-24T00:00:00Z", "2026-11-15", words="November"),
    ]
    september, october, november = owed(club, records, "2026-12-25", "log")
    assert [one.state for one in (september, october, november)] == ["in", "late", "in"]
    assert november.answer is not None and november.answer.record == records[1]
    assert [one.due for one in (september, october, november)] == [
        date(2026, 9, 30),
        date(2026, 10, 30),
        date(2026, 11, 30),
    ]


def test_months_that_have_not_begun_lie_ahead_and_there_are_no_more_than_the_rule_says(club: Project) -> None:
    states = [one.state for one in owed(club, [log("2026-09-10T00:00:00Z", "2026-09-15")], "2026-09-12", "log")]
    assert states == ["in", "ahead", "ahead"]


def test_who_joins_late_owes_nothing_for_the_months_before(club: Project) -> None:
    late = log("2026-11-20T00:00:00Z", "2026-11-15")
    assert [one.state for one in owed(club, [late], "2026-11-21", "log")] == ["in"]


def test_a_month_between_two_answered_ones_is_owed_although_both_came_at_once(club: Project) -> None:
    both = [log("2026-12-20T00:00:00Z", "2026-09-15"), log("2026-12-21T00:00:00Z", "2026-11-15")]
    assert [one.state for one in owed(club, both, "2026-12-22", "log")] == ["in", "late", "in"]


def test_a_form_due_each_quarter_is_answered_by_a_return_about_any_day_of_it(tmp_path: Path) -> None:
    swapped = SCHEME.replace("each: month, times: 3", "each: quarter, times: 3").replace(
        "within: 1 month", "within: 4 months"
    )
    club = write_club(tmp_path, scheme=swapped)
    records = [log("2026-11-30T00:00:00Z", "2026-10-15"), log("2027-01-10T00:00:00Z", "2027-01-09")]
    first, second, third = owed(club, records, "2027-01-11", "log")
    assert [one.state for one in (first, second, third)] == ["in", "in", "ahead"]
    assert [(one.occasion.starts, one.occasion.ends, one.due) for one in (first, third) if one.occasion] == [
        (date(2026, 8, 31), date(2026, 11, 29), date(2026, 12, 31)),
        (date(2027, 2, 28), date(2027, 5, 30), date(2027, 6, 28)),
    ]


def test_sessions_without_a_number_in_the_rule_go_on_as_long_as_they_are_recorded(tmp_path: Path) -> None:
    swapped = SCHEME.replace(
        "each: month, times: 3,\n       after: {cohort: starts}, within: 1 month,", "each: session,"
    )
    club = write_club(
        tmp_path, scheme=swapped, log=LOG.replace("each: month, field: month", "each: session, field: words")
    )
    records = [log("2026-10-01T00:00:00Z", "2026-10-01", words=number) for number in (1, 3)]
    assert [(one.occasion and one.occasion.number, one.state) for one in owed(club, records, "2027-01-01", "log")] == [
        (1, "in"),
        (2, "open"),
        (3, "in"),
        (4, "open"),
    ]


def test_mentor_and_mentee_owe_their_own_though_the_form_is_the_same(club: Project) -> None:
    records = [
        log("2026-09-10T00:00:00Z", "2026-09-15", mentor="ben@example.org"),
        log("2026-09-11T00:00:00Z", "2026-09-15", "ben", "mentor", mentee="ana@example.org"),
    ]
    found = owed(club, records, "2026-09-12", "log")
    assert {(one.role, one.people[0].email) for one in found if one.state == "in"} == {
        ("mentee", "ana@example.org"),
        ("mentor", "ben@example.org"),
    }


def test_somebody_only_named_owes_nothing_alone(club: Project) -> None:
    found = owed(club, [log("2026-09-10T00:00:00Z", "2026-09-15", mentor="ben@example.org")], "2026-12-25", "log")
    assert {one.people[0].email for one in found} == {"ana@example.org"}


def test_what_came_after_the_day_is_not_known_on_it_and_the_day_ends_in_the_scheme_s_time_zone(club: Project) -> None:
    # 11:30 UTC is half an hour into the next day in Auckland (UTC+13 in October).
    night = application("2026-10-01T11:30:00Z")
    assert owed(club, [night], "2026-10-01", "application") == []
    assert [one.state for one in owed(club, [night], "2026-10-02", "application")] == ["in"]


def test_an_optional_return_is_owed_by_nobody_and_answered_by_who_sends_it(tmp_path: Path) -> None:
    swapped = SCHEME.replace("stage: apply, source: ours}", "stage: apply, optional: yes, source: ours}")
    club = write_club(tmp_path, scheme=swapped)
    assert owed(club, [log("2026-09-10T00:00:00Z", "2026-09-15")], "2026-12-01", "application") == []
    (one,) = owed(club, [application("2026-09-01T00:00:00Z")], "2026-12-01", "application")
    assert one.state == "in"


def test_a_return_that_names_nobody_answers_nothing_and_is_told(club: Project) -> None:
    nobody = record("application", "2026-09-01T00:00:00Z", start="2026-09-01")
    found = ledger(club, [nobody], "2026-12-01")
    assert found.obligations == () and [one.record for one in found.spare] == [nobody]

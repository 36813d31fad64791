from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.desk.club import LOG, SCHEME, application, ledger, log, owed, record, write_club

from schemebook.desk.findings import Words
from schemebook.desk.ledger import Obligation, draw_up
from schemebook.records.people.issued import Issued
from schemebook.records.people.people import Pair, Person, known_people
from schemebook.records.record import Change, ChangeKind, Record
from schemebook.scheme.answers import AnswerProblem, answer_problem
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
    assert one.answer is not None and one.answer.id == other.id
    assert [each.id for each in one.superseded] == [first.id, again.id] and not one.saved_again
    (earlier,) = owed(club, [first, again], "2026-09-30", "application")
    assert earlier.answer is not None and earlier.answer.id == first.id and not earlier.superseded
    assert [each.id for each in earlier.saved_again] == [again.id]


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
    assert one.answer is not None and one.answer.id == whole.id and one.came == date(2026, 9, 6)
    assert [each.id for each in one.hands] == [half.id] and not one.superseded
    (late,) = owed(club, [start, whole, replace(half, received="2026-09-07T00:00:00Z")], "2026-12-01", "agreement")
    assert late.answer is not None and late.answer.id == whole.id and len(late.hands) == 1
    other = record("agreement", "2026-09-08T00:00:00Z", mentee="ana@example.org", mentor="ben@example.org", words="No")
    (anew,) = owed(club, [start, half, whole, other], "2026-12-01", "agreement")
    assert [each.id for each in anew.superseded] == [whole.id] and len(anew.hands) == 1


def test_a_copy_saved_again_does_not_undo_a_correction(club: Project) -> None:
    first = application("2026-09-01T00:00:00Z", start="2026-09-01")
    mended = replace(first, answers=first.answers | {"start": "2026-09-02"}, first=first)
    (one,) = owed(club, [mended, application("2026-09-02T00:00:00Z", start="2026-09-01")], "2026-09-30", "application")
    assert one.answer is not None and one.answer.id == mended.id and len(one.saved_again) == 1


def test_another_text_that_is_no_date_is_another_answer(club: Project) -> None:
    said = [
        replace(application(f"2026-09-0{day}T00:00:00Z"), problems=(AnswerProblem("start", "not-a-date", "x", text),))
        for day, text in ((1, "soon"), (2, "later"))
    ]
    (one,) = owed(club, said, "2026-09-30", "application")
    assert [each.id for each in one.superseded] == [said[0].id]


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
    assert november.answer is not None and november.answer.id == records[1].id
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


QUARTERS = SCHEME.replace("each: month, times: 3", "each: quarter, times: 3").replace("2026-08-31", "2026-09-01")


def test_of_two_returns_about_one_quarter_the_one_that_came_later_counts(tmp_path: Path) -> None:
    club = write_club(tmp_path, scheme=QUARTERS)
    about = [("2026-11-05", "2026-10-31"), ("2026-11-20", "2026-09-30"), ("2026-12-20", "2026-12-15")]
    records = [log(f"{came}T00:00:00Z", day, words=day) for came, day in about]
    found = ledger(club, records, "2027-01-10")
    first, second, _ = [one for one in found.obligations if one.rule.id == "log"]
    assert first.answer is not None and first.answer.id == records[1].id
    assert [one.id for one in first.superseded] == [records[0].id] and not found.spare
    assert second.answer is not None and second.answer.id == records[2].id


def test_a_month_that_touches_two_quarters_still_answers_the_next(tmp_path: Path) -> None:
    """The quarters begin in the middle of a month: November touches two, and the second of them is not answered."""
    club = write_club(tmp_path, scheme=QUARTERS.replace("2026-09-01", "2026-08-15"))
    records = [log("2026-09-20T00:00:00Z", "2026-09-15"), log("2026-11-20T00:00:00Z", "2026-11-10")]
    first, second, _ = owed(club, records, "2027-01-10", "log")
    assert [one.answer.id if one.answer else None for one in (first, second)] == [one.id for one in records]


BEGUN = SCHEME.replace(
    "after: {cohort: starts}, within: 1 month",
    "after: {form: agreement, field: signed, cohort: starts}, within: 1 month",
)


def test_days_count_from_the_cohort_until_a_form_gives_the_day(tmp_path: Path) -> None:
    club = write_club(tmp_path, scheme=BEGUN)
    pair = {"mentee": "ana@example.org", "mentor": "ben@example.org"}
    records = [log("2026-09-10T00:00:00Z", "2026-09-09")]
    (before, *_) = owed(club, records, "2026-12-31", "log")
    assert before.counts_from == date(2026, 8, 31)
    records.append(record("agreement", "2026-09-12T00:00:00Z", signed="2026-09-05", **pair))
    (after, *_) = [one for one in owed(club, records, "2026-12-31", "log") if one.people[0].key == "ana@example.org"]
    assert (after.counts_from, after.due) == (date(2026, 9, 5), date(2026, 10, 5))


def test_of_a_form_that_comes_again_and_again_the_earliest_day_counts(tmp_path: Path) -> None:
    swapped = SCHEME.replace("after: {form: application, field: start}", "after: {form: log, field: month}")
    club = write_club(tmp_path, scheme=swapped)
    both = {"mentee": "ana@example.org", "mentor": "ben@example.org"}
    records = [
        log("2026-11-12T00:00:00Z", "2026-11-10", **both), log("2026-11-13T00:00:00Z", "2026-10-10", **both),
        log("2026-12-12T00:00:00Z", "2026-12-10", **both),
    ]  # fmt: skip
    (one,) = owed(club, records, "2026-12-31", "agreement")
    assert one.counts_from == date(2026, 10, 10)


def test_months_that_nothing_counts_from_are_those_that_the_returns_name(tmp_path: Path) -> None:
    swapped = SCHEME.replace(
        "after: {cohort: starts}, within: 1 month", "after: {form: application, field: start}, within: 1 month"
    )
    club = write_club(tmp_path, scheme=swapped)
    records = [
        log("2026-11-30T00:00:00Z", "2026-10-15", who="bo", role="mentor"),
        log("2026-12-01T00:00:00Z", "2026-11-02", who="bo", role="mentor"),
    ]
    found = owed(club, records, "2026-12-02", "log")
    assert [(one.state, one.occasion.starts, one.due) for one in found if one.occasion] == [
        ("in", date(2026, 10, 1), None),
        ("in", date(2026, 11, 1), None),
    ]
    (waiting,) = owed(club, [application("2026-11-30T00:00:00Z")], "2026-12-02", "log")
    words = Words(club.schemes["club"], club.forms["club"], {})
    assert waiting.state == "waiting" and words.occasion(waiting.occasion) == ""


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
        (4, "ahead"),
    ]


SESSIONS = SCHEME.replace("each: month, times: 3,\n       after: {cohort: starts}, within: 1 month,", "each: session,")
SESSION_LOG = LOG.replace("each: month, field: month", "each: session, field: words")
DATED = SCHEME.replace(
    "each: month, times: 3,\n       after: {cohort: starts}, within: 1 month,",
    "each: session,\n       after: {form: application, dates: [start, middle, end]}, within: 2 weeks,",
)


def test_the_first_session_is_owed_and_the_next_is_not_until_something_says_it_was_held(tmp_path: Path) -> None:
    club = write_club(tmp_path, scheme=SESSIONS, log=SESSION_LOG)
    pair = log("2026-10-01T00:00:00Z", "2026-10-01", "ben", "mentor", mentee="ana@example.org", words=1)
    (first,) = owed(club, [application("2026-09-01T00:00:00Z"), pair], "2027-01-01", "log")[:1]
    assert (first.people[0].email, first.state) == ("ana@example.org", "open")
    (_, second) = [one for one in owed(club, [pair], "2027-01-01", "log") if one.role == "mentor"]
    assert (second.occasion and second.occasion.number, second.state) == (2, "ahead")


def test_sessions_that_a_rule_counts_are_owed_all_and_others_answer_nothing(tmp_path: Path) -> None:
    counted = SESSIONS.replace("each: session,", "each: session, first: 2, times: 2,")
    club = write_club(tmp_path, scheme=counted, log=SESSION_LOG)
    records = [
        log("2026-10-01T00:00:00Z", "2026-10-01", words=number, mentor="ben@example.org") for number in (1, 3, 4)
    ]
    found = ledger(club, records, "2027-01-01")
    logs = [one for one in found.obligations if one.rule.id == "log"]
    assert [(one.occasion and one.occasion.number, one.state) for one in logs] == [(2, "open"), (3, "in")]
    assert [one.id for one in found.spare] == [records[0].id, records[2].id]


def test_a_form_is_due_for_each_date_that_another_form_sets(tmp_path: Path) -> None:
    club = write_club(tmp_path, scheme=DATED, log=SESSION_LOG)
    records = [
        application("2026-09-01T00:00:00Z", start="2026-09-20", end="2027-03-01"),
        log("2026-09-25T00:00:00Z", "2026-09-20", words=1, mentor="ben@example.org"),
    ]
    first, third = owed(club, records, "2027-02-28", "log")
    assert (first.state, first.counts_from, first.due) == ("in", date(2026, 9, 20), date(2026, 10, 4))
    assert (third.occasion and third.occasion.number, third.state) == (3, "ahead")
    assert [one.state for one in owed(club, records, "2027-03-15", "log")] == ["in", "open"]
    assert [one.state for one in owed(club, records, "2027-03-16", "log")] == ["in", "late"]


def test_dates_set_anew_count_and_a_return_for_a_date_that_was_not_set_is_not_lost(tmp_path: Path) -> None:
    club = write_club(tmp_path, scheme=DATED, log=SESSION_LOG)
    records = [
        application("2026-09-01T00:00:00Z", start="2026-09-20", end="2027-03-01"),
        application("2026-10-01T00:00:00Z", start="2026-10-20"),
        log("2026-11-25T00:00:00Z", "2026-11-20", words=2, mentor="ben@example.org"),
    ]
    found = [
        (one.occasion and one.occasion.number, one.state, one.due) for one in owed(club, records, "2027-01-01", "log")
    ]
    assert found == [(1, "late", date(2026, 11, 3)), (2, "in", None)]


def test_dates_that_nobody_has_set_yet_are_waited_for(tmp_path: Path) -> None:
    club = write_club(tmp_path, scheme=DATED, log=SESSION_LOG)
    (one,) = owed(club, [application("2026-09-01T00:00:00Z")], "2027-01-01", "log")
    assert (one.state, one.why_waiting) == ("waiting", "no-day")


def test_who_is_in_two_pairs_owes_a_form_that_names_both_for_each_of_them(tmp_path: Path) -> None:
    club = write_club(tmp_path, scheme=SESSIONS, log=SESSION_LOG)
    records = [
        log("2026-10-01T00:00:00Z", "2026-10-01", "ben", "mentor", mentee="ana@example.org", words=1),
        log("2026-10-02T00:00:00Z", "2026-10-02", "ben", "mentor", mentee="cyd@example.org", words=1),
        log("2026-10-03T00:00:00Z", "2026-10-03", "ben", "mentor", mentee="cyd@example.org", words=2),
    ]
    found = ledger(club, records, "2027-01-01")
    assert [
        (one.partner and one.partner.email, one.occasion and one.occasion.number, one.state, len(one.superseded))
        for one in found.obligations
        if one.rule.id == "log"
    ] == [
        ("ana@example.org", 1, "in", 0),
        ("ana@example.org", 2, "ahead", 0),
        ("cyd@example.org", 1, "in", 0),
        ("cyd@example.org", 2, "in", 0),
        ("cyd@example.org", 3, "ahead", 0),
    ]
    assert not found.spare


def test_a_pair_counts_from_its_own_form_and_not_from_the_mentor_s_other_pair(tmp_path: Path) -> None:
    swapped = SCHEME.replace(
        "each: month, times: 3,\n       after: {cohort: starts}, within: 1 month,",
        "together: yes,\n       after: {form: agreement, field: signed}, within: 1 week,",
    )
    club = write_club(tmp_path, scheme=swapped)
    ben = {"mentor": "ben@example.org"}
    records = [
        record("agreement", "2026-09-05T00:00:00Z", mentee="ana@example.org", signed="2026-09-05", **ben),
        record("agreement", "2026-09-06T00:00:00Z", mentee="cyd@example.org", signed="2026-09-30", **ben),
    ]
    assert [one.due for one in owed(club, records, "2026-09-07", "log")] == [date(2026, 9, 12), date(2026, 10, 7)]


STAGED = SCHEME.replace(
    "each: month, times: 3,\n       after: {cohort: starts}, within: 1 month,", "each: once,"
).replace(
    "\ndata-protection",
    "\n    - {id: early-log, form: log, from: [mentee, mentor], stage: apply, source: ours}\ndata-protection",
)


def test_a_form_for_each_stage_answers_the_rule_of_the_stage_that_it_names(tmp_path: Path) -> None:
    club = write_club(
        tmp_path, scheme=STAGED, log=LOG.replace("each: month, field: month", "each: stage, field: words")
    )
    records = [
        log("2026-09-10T00:00:00Z", "2026-09-10", words="meet", mentor="ben@example.org"),
        log("2026-09-11T00:00:00Z", "2026-09-11", words="apply"),
        log("2026-09-12T00:00:00Z", "2026-09-12", words="apply", mentor="ben@example.org"),
    ]
    (meet,) = owed(club, records[:1], "2026-10-01", "log")
    (apply,) = owed(club, records[:1], "2026-10-01", "early-log")
    assert (meet.state, apply.state) == ("in", "open")
    (meet,) = owed(club, records, "2026-10-01", "log")
    (apply,) = owed(club, records, "2026-10-01", "early-log")
    assert meet.answer and meet.answer.id == records[0].id and not meet.superseded
    assert apply.answer and apply.answer.id == records[2].id
    assert [one.id for one in apply.superseded] == [records[1].id]


def test_a_form_that_does_not_say_its_stage_answers_the_first_rule_that_nothing_has_answered(tmp_path: Path) -> None:
    club = write_club(
        tmp_path, scheme=STAGED, log=LOG.replace("each: month, field: month", "each: stage, field: words")
    )
    records = [
        log("2026-09-10T00:00:00Z", "2026-09-10", mentor="ben@example.org"),
        log("2026-09-11T00:00:00Z", "2026-09-11", words="meet"),
    ]
    found = ledger(club, records, "2026-10-01")
    answers = {one.rule.id: one.answer and one.answer.id for one in found.obligations if one.rule.form == "log"}
    assert answers == {"log": records[1].id, "early-log": records[0].id}


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
    assert found.obligations == () and [one.id for one in found.spare] == [nobody.id]


def test_a_dash_for_a_name_names_nobody(club: Project) -> None:
    told = [answer_problem("name", "says-nothing")]
    dashed = record("application", "2026-09-01T00:00:00Z", told, name="-", start="2026-09-01")
    found = ledger(club, [dashed], "2026-12-01")
    assert found.obligations == () and [one.id for one in found.spare] == [dashed.id]


def decided(one: Record, kind: ChangeKind, **said: str) -> Record:
    return replace(one, changes=(Change(one.id, 1, kind, "Anahera", "2026-11-27T09:30:00Z", **said),))


def test_a_voided_record_answers_nothing_and_the_one_before_it_counts_again(club: Project) -> None:
    first, other = application("2026-09-01T00:00:00Z"), application("2026-09-03T00:00:00Z", start="2026-09-05")
    (one,) = owed(club, [first, decided(other, "voided", reason="Sent by mistake")], "2026-09-30", "application")
    assert one.answer is not None and one.answer.id == first.id and not one.superseded
    assert owed(club, [decided(first, "voided", reason="Nobody's")], "2026-09-30", "application") == []


def test_a_record_given_to_somebody_is_theirs_and_says_nothing_of_who_stands_in_it(club: Project) -> None:
    wrong = decided(application("2026-09-01T00:00:00Z", "ana"), "given", new="Rose@example.org ")
    hers = application("2026-09-03T00:00:00Z", "rose", start="2026-09-05")
    (one,) = owed(club, [wrong, hers], "2026-09-30", "application")
    assert [person.key for person in one.people] == ["rose@example.org"]
    assert one.people[0].names == ("Rose",)
    assert [each.id for each in one.superseded] == [wrong.id]


def test_a_return_given_to_the_other_of_a_pair_is_the_other_s(club: Project) -> None:
    sent = decided(log("2026-09-10T00:00:00Z", "2026-09-15", mentor="ben@example.org"), "given", new="eva@example.org")
    found = owed(club, [sent], "2026-10-30", "log")
    assert [one.people[0].key for one in found if one.state == "in"] == ["eva@example.org"]


PARTING = SCHEME.replace(
    "times: 3,\n       after: {cohort: starts}, within: 1 month,",
    "times: 4,\n       after: {cohort: starts}, within: 1 month, until: [{field: on, is: no}],",
)
PARTING_LOG = LOG.replace(
    "      - {id: words,", "      - {id: on, type: yes-no, label: Go on?, optional: yes}\n      - {id: words,"
)


def months(found: list[Obligation], who: str) -> list[tuple[str | None, int, str]]:
    """What somebody owes each month: of which partner, the number of the month, and how it stands."""
    return [
        (one.partner and one.partner.key[:3], one.occasion.number, one.state)
        for one in found
        if one.occasion and isinstance(one.party, Person) and one.party.key == f"{who}@example.org"
    ]


def test_once_one_of_a_pair_says_that_it_ends_neither_owes_more(tmp_path: Path) -> None:
    club = write_club(tmp_path, scheme=PARTING, log=PARTING_LOG)
    ben = {"mentor": "ben@example.org"}
    first = log("2026-09-20T00:00:00Z", "2026-09-10", **ben)
    over = log("2026-10-20T00:00:00Z", "2026-10-10", on=False, **ben)
    his = log("2026-09-21T00:00:00Z", "2026-09-10", "ben", "mentor", mentee="ana@example.org")
    found = owed(club, [first, his, over], "2027-01-15", "log")
    assert months(found, "ana") == [(None, 1, "in"), (None, 2, "in")]
    assert months(found, "ben") == [(None, 1, "in"), (None, 2, "late")]
    after_all = log("2026-10-22T00:00:00Z", "2026-10-10", on=True, **ben)
    assert months(owed(club, [first, his, over, after_all], "2027-01-15", "log"), "ana")[2:] == [
        (None, 3, "late"),
        (None, 4, "late"),
    ]
    later = log("2026-12-20T00:00:00Z", "2026-12-10", "ben", "mentor", mentee="ana@example.org")
    assert months(owed(club, [first, his, over, later], "2027-01-15", "log"), "ana")[2:] == [
        (None, 3, "late"),
        (None, 4, "late"),
    ]


def test_who_says_so_alone_owes_no_more_though_no_partner_is_known(tmp_path: Path) -> None:
    club = write_club(tmp_path, scheme=PARTING, log=PARTING_LOG)
    found = owed(club, [log("2026-09-20T00:00:00Z", "2026-09-10", on=False)], "2027-01-15", "log")
    assert months(found, "ana") == [(None, 1, "in")]


def test_a_copy_that_is_made_after_it_ended_is_owed_again(tmp_path: Path) -> None:
    club = write_club(tmp_path, scheme=PARTING, log=PARTING_LOG)
    over = log("2026-09-20T00:00:00Z", "2026-09-10", on=False, mentor="ben@example.org")

    def asked_for(*days: str) -> list[int]:
        copies = {
            day: Issued(
                day, "club", "log", 1, "0a1b2c3d", "ana@example.org", day, "person", None, None, f"{day}T00:00:00Z"
            )
            for day in days
        }
        scheme, day = club.schemes["club"], date(2026, 11, 5)
        found = draw_up(club, scheme, known_people(club, scheme, [over], day, copies), day).obligations
        return [number for _, number, _ in months([one for one in found if one.rule.id == "log"], "ana")]

    assert asked_for("2026-09-18") == [1]
    assert asked_for("2026-09-18", "2026-10-20") == [1, 2, 3, 4]


def test_with_another_partner_only_the_months_of_each_pair_are_owed(tmp_path: Path) -> None:
    club = write_club(tmp_path, scheme=PARTING, log=PARTING_LOG)
    records = [
        log("2026-09-29T00:00:00Z", "2026-09-10", on=False, mentor="ben@example.org"),
        log("2026-11-29T00:00:00Z", "2026-11-10", mentor="cyd@example.org"),
        log("2026-11-30T00:00:00Z", "2026-11-10", "cyd", "mentor", mentee="ana@example.org"),
    ]
    found = owed(club, records, "2027-01-15", "log")
    assert months(found, "ana") == [("ben", 1, "in"), ("cyd", 3, "in"), ("cyd", 4, "late")]
    assert months(found, "cyd") == [(None, 3, "in"), (None, 4, "late")]


def test_of_two_pairs_each_owes_from_the_first_month_that_one_of_the_two_tells_of(club: Project) -> None:
    ana, eve = {"mentee": "ana@example.org"}, {"mentee": "eve@example.org"}
    records = [
        log("2026-09-20T00:00:00Z", "2026-09-10", "ben", "mentor", **ana),
        log("2026-11-05T00:00:00Z", "2026-10-10", "eve", mentor="ben@example.org"),
        log("2026-11-06T00:00:00Z", "2026-11-10", "ben", "mentor", **eve),
    ]
    found = owed(club, records, "2026-12-31", "log")
    assert months(found, "ben") == [
        ("ana", 1, "in"),
        ("ana", 2, "late"),
        ("ana", 3, "late"),
        ("eve", 2, "late"),
        ("eve", 3, "in"),
    ]

"""Which sessions count for CPD, within which year, and what each of a pair earns."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.browser import open_in_chromium
from tests.desk.club import SCHEME, record, write_club

from schemebook.desk.cpd import PairCredit, pair_credits
from schemebook.desk.cpd_findings import minutes_in_words
from schemebook.desk.findings import Looked
from schemebook.desk.ledger import draw_up
from schemebook.desk.report import write_report
from schemebook.records.people.people import known_people
from schemebook.records.record import Record
from schemebook.records.store.store import NewReturn, open_store
from schemebook.scheme.answers import AnswerProblem
from schemebook.scheme.project import Project

RULE = """\
  cpd:
    needs: 3 hours
    within: 1 year
    sessions: {form: log, date: day, length: minutes, recorded: {aims: its aims, steps: the next steps}}
    earns: [{role: mentee, points: 15}, {role: mentor, points: 12.5, for-each: mentee}]
    claim: {form: agreement, field: claim}
    source: ours
data-protection"""
CREDITED = SCHEME.replace("each: month, times: 3,\n       after: {cohort: starts}, within: 1 month,", "each: session,")
CREDITED = CREDITED.replace("data-protection", RULE, 1)

LOG = """
form: log
title: Session record
version: 1
completed-by: mentee
occasion: {each: session, field: number}
about: What was done.
sections:
  - title: You
    fields:
      - {id: mentee, type: email, label: The mentee, identifies: mentee}
      - {id: mentor, type: email, label: The mentor, identifies: mentor}
      - {id: number, type: number, label: Which session?, optional: yes}
      - {id: day, type: date, label: When?}
      - {id: minutes, type: number, label: How long?, decimals: 1}
      - {id: aims, type: long-text, label: What for?}
      - {id: steps, type: blank-table, label: What next?, blank-rows: 3, columns: {step: {label: Step}}}
"""
STEPS = [{"step": "Ask Cyd"}]


@pytest.fixture
def club(tmp_path: Path) -> Project:
    return write_club(tmp_path, scheme=CREDITED, log=LOG)


def session(day: str, minutes: float, mentee: str = "ana", mentor: str = "ben", **answers: Any) -> Record:
    """A session on record, received when it was held."""
    whole = {"aims": "To plan.", "steps": STEPS, **answers}
    told = {name: value for name, value in whole.items() if value is not None}
    who = {"mentee": f"{mentee}@example.org", "mentor": f"{mentor}@example.org"}
    return record("log", f"{day}T12:00:00Z", day=day, minutes=minutes, **who, **told)


def credits(club: Project, records: Sequence[Record], as_of: str = "2027-12-31") -> tuple[PairCredit, ...]:
    day = date.fromisoformat(as_of)
    scheme = club.schemes["club"]
    people = known_people(club, scheme, records, day)
    looked = Looked(day, people, draw_up(club, scheme, people, day), ())
    return pair_credits(scheme, club.forms["club"]["log"], people, looked.standing, day)


def one_credit(club: Project, records: Sequence[Record], as_of: str = "2027-12-31") -> PairCredit:
    (found,) = credits(club, records, as_of)
    return found


def points(credit: PairCredit) -> list[tuple[str, float]]:
    return [(one.role, one.points) for one in credit.earned]


def test_three_hours_within_a_year_earn_the_points_of_both(club: Project) -> None:
    found = one_credit(club, [session("2026-09-01", 60), session("2026-12-01", 60), session("2027-08-31", 60)])
    assert (found.standing, found.minutes, found.reached) == ("earned", 180, date(2027, 8, 31))
    assert (found.starts, found.ends) == (date(2026, 9, 1), date(2027, 8, 31))
    assert points(found) == [("mentee", 15), ("mentor", 12.5)]


def test_the_day_after_the_year_is_too_late_and_begins_another(club: Project) -> None:
    records = [session("2026-09-01", 60), session("2026-12-01", 60), session("2027-09-01", 60)]
    found = one_credit(club, records)
    assert (found.standing, found.minutes, points(found)) == ("under-way", 60, [])
    assert (found.starts, found.ends) == (date(2027, 9, 1), date(2028, 8, 31))
    more = [*records, session("2027-10-01", 60), session("2027-11-01", 60)]
    assert one_credit(club, more).reached == date(2027, 11, 1)


def test_a_minute_less_earns_nothing(club: Project) -> None:
    found = one_credit(club, [session("2026-09-01", 60), session("2026-12-01", 60), session("2027-01-10", 59)])
    assert (found.standing, found.minutes, points(found)) == ("year-over", 179, [])
    assert one_credit(club, [session("2026-09-01", 60)], "2027-08-31").standing == "under-way"
    assert one_credit(club, [session("2026-09-01", 60)], "2027-09-01").standing == "year-over"


def test_sessions_after_the_time_was_reached_earn_nothing_more(club: Project) -> None:
    records = [session(f"2026-{month:02}-01", 60) for month in range(9, 13)]
    again = [session(f"2027-{month:02}-15", 60) for month in (10, 11, 12)]
    found = one_credit(club, [*records, *again])
    assert (found.reached, found.minutes, points(found)) == (date(2026, 11, 1), 240, [("mentee", 15), ("mentor", 12.5)])


@pytest.mark.parametrize(
    ("answers", "fault", "missing"),
    [
        ({"aims": None}, "not-recorded", ("aims",)),
        ({"steps": None}, "not-recorded", ("steps",)),
        ({"aims": None, "steps": []}, "not-recorded", ("aims", "steps")),
    ],
)
def test_a_session_without_aims_or_steps_does_not_count(
    club: Project, answers: dict[str, Any], fault: str, missing: tuple[str, ...]
) -> None:
    found = one_credit(club, [session("2026-09-01", 180, **answers)])
    assert (found.standing, found.minutes, found.starts) == ("no-session", 0, None)
    assert [(one.fault, one.missing) for one in found.left_out] == [(fault, missing)]


def test_a_session_that_does_not_count_does_not_begin_the_year(club: Project) -> None:
    records = [session("2026-09-01", 60, aims=None), session("2026-12-01", 180)]
    assert one_credit(club, records).starts == date(2026, 12, 1)


def test_a_session_without_a_day_or_a_length_does_not_count(club: Project) -> None:
    who = {"mentee": "ana@example.org", "mentor": "ben@example.org", "aims": "x", "steps": STEPS}
    records = [
        record("log", "2026-09-01T00:00:00Z", minutes=60, **who),
        record("log", "2026-09-02T00:00:00Z", day="2026-09-02", **who),
        record("log", "2026-09-03T00:00:00Z", day="2026-09-03", minutes=0, **who),
        record("log", "2026-09-04T00:00:00Z", day="2028-09-03", minutes=60, **who),
    ]
    found = one_credit(club, records)
    assert [one.fault for one in found.left_out] == ["no-day", "no-length", "no-length", "not-yet"]


def test_what_is_too_long_was_recorded_all_the_same(club: Project) -> None:
    long = AnswerProblem("aims", "too-many-words", "It is too long.", "To plan. " * 200)
    told = session("2026-09-01", 180, aims=None)
    found = one_credit(club, [Record(**{**vars(told), "problems": (long,)})])
    assert found.standing == "earned"


def test_each_pair_is_counted_on_its_own_and_the_mentor_earns_for_each(club: Project) -> None:
    records = [
        session("2026-09-01", 120),
        session("2026-09-02", 120, "cyd"),
        session("2026-10-01", 60),
        session("2026-10-02", 30, "cyd"),
    ]
    ana, cyd = credits(club, records)
    assert (ana.minutes, points(ana)) == (180, [("mentee", 15), ("mentor", 12.5)])
    assert (cyd.minutes, points(cyd)) == (150, [])
    ana, cyd = credits(club, [*records, session("2026-11-02", 30, "cyd")])
    assert points(ana) == points(cyd) == [("mentee", 15), ("mentor", 12.5)]


def test_points_that_are_not_for_each_are_given_once_for_the_pair_that_was_first(tmp_path: Path) -> None:
    club = write_club(tmp_path, scheme=CREDITED.replace(", for-each: mentee", ""), log=LOG)
    ana, cyd = credits(club, [session("2026-09-02", 180), session("2026-09-01", 180, "cyd")])
    assert (points(ana), points(cyd)) == ([("mentee", 15)], [("mentee", 15), ("mentor", 12.5)])


def test_hours_are_hours_where_the_rule_says_so(tmp_path: Path) -> None:
    club = write_club(
        tmp_path, scheme=CREDITED.replace("length: minutes,", "length: minutes, counted-in: hours,"), log=LOG
    )
    thirds = [session(f"2026-09-{day:02}", 0.1) for day in range(1, 31)]
    assert (one_credit(club, thirds).minutes, one_credit(club, thirds).standing) == (180, "earned")
    assert one_credit(club, thirds[1:]).standing == "year-over"


def test_a_session_put_right_counts_as_it_is_now_and_one_sent_twice_counts_once(club: Project) -> None:
    first = session("2026-09-01", 180, number=1)
    less = session("2026-09-01", 60, number=1)
    later = Record(**{**vars(less), "received": "2026-09-05T00:00:00Z"})
    assert one_credit(club, [first, later]).minutes == 60
    again = Record(**{**vars(first), "id": "0" * 32, "received": "2026-09-06T00:00:00Z"})
    assert one_credit(club, [first, again]).minutes == 180


def test_sessions_of_one_day_without_a_number_are_one(club: Project) -> None:
    found = one_credit(club, [session("2026-09-01", 90), session("2026-09-01", 90, aims="Another.")])
    assert (found.minutes, [one.fault for one in found.left_out]) == (90, ["again"])


def test_what_came_later_or_was_claimed_later_is_not_known_before(club: Project) -> None:
    who = {"mentee": "ana@example.org", "mentor": "ben@example.org"}
    claim = record("agreement", "2026-10-01T00:00:00Z", claim=True, **who)
    records = [session("2026-09-01", 90), session("2026-09-20", 90), claim]
    assert one_credit(club, records, "2026-09-19").minutes == 90
    assert one_credit(club, records, "2026-09-30").claimed is None
    assert one_credit(club, records, "2026-10-01").claimed == date(2026, 10, 1)
    refused = record("agreement", "2026-10-01T00:00:00Z", claim=False, **who)
    assert one_credit(club, [*records[:2], refused]).claimed is None


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 minutes"), (45, "45 minutes"), (60, "1 hour"), (195, "3 hours 15 minutes"), (61.5, "1 hour 1 minute")],
)
def test_a_time_in_words(minutes: float, words: str) -> None:
    assert minutes_in_words(minutes) == words


MIXED = [
    session("2026-09-01", 90, number=1),
    session("2026-10-01", 100, number=2),
    session("2026-09-15", 60, "cyd", number=1),
    session("2026-11-15", 60, "cyd", number=2, steps=None),
    record("agreement", "2026-11-20T00:00:00Z", mentee="ana@example.org", mentor="ben@example.org", claim=True),
]


def written(club: Project, records: Sequence[Record], as_of: str = "2026-12-25") -> dict[str, str]:
    with open_store(club.root, create=True) as store:
        store.put([NewReturn(one.sha256 or "", (one,)) for one in records])
        files = write_report(club, "club", store, club.root / "out", date.fromisoformat(as_of))
    return {path.name: path.read_bytes().decode("utf-8") for path in files}


def test_the_report_tells_hours_year_and_points_and_why_there_are_none(club: Project) -> None:
    page = written(club, MIXED)["index.html"]
    wanted = (
        "3 hours 10 minutes in 2 sessions",
        "Year: 1 September 2026 to 31 August 2027.",
        "reached on 1 October 2026",
        "ana@example.org: 15 points",
        "ben@example.org: 12.5 points",
        "Claimed on 20 November 2026.",
        "none yet: 2 hours to go",
        "The session of 15 November 2026 does not count: “Session record” does not say the next steps.",
    )
    assert [words for words in wanted if words not in page] == []


def test_the_table_has_a_line_for_each_of_a_pair(club: Project) -> None:
    text = written(club, MIXED)["cpd.csv"]
    lines = list(csv.DictReader(io.StringIO(text[1:], newline="")))
    assert [(one["e-mail"], one["role"], one["points"], one["minutes that count"]) for one in lines] == [
        ("ana@example.org", "Mentee", "15", "190.0"),
        ("ben@example.org", "Mentor", "12.5", "190.0"),
        ("cyd@example.org", "Mentee", "0", "60.0"),
        ("ben@example.org", "Mentor", "0", "60.0"),
    ]
    assert [bool(one["why there are none"]) for one in lines] == [False, False, True, True]


def test_a_scheme_without_points_says_nothing_of_them(tmp_path: Path) -> None:
    files = written(write_club(tmp_path), [])
    assert "cpd.csv" not in files and "CPD" not in files["index.html"]


@pytest.mark.all_tiers
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (320, False), (320, True)])
def test_the_table_of_points_fits_the_page_and_axe_finds_nothing(club: Project, width: int, dark: bool) -> None:
    written(club, MIXED)
    opened = open_in_chromium(
        club.root / "out" / "index.html",
        width=width,
        dark=dark,
        with_axe=True,
        evaluate="document.documentElement.scrollWidth",
    )
    assert (opened.violations, opened.value) == ([], width)

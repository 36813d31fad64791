"""Who was issued a copy and never returned anything owes that form, and is told by name, page and CSV."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from tests.desk.club import SCHEME, application, log, write_club

from schemebook.desk.ledger import Ledger, draw_up
from schemebook.desk.report import write_report
from schemebook.form_pdf.descriptor import Claim
from schemebook.records.people.issued import Issued, NewCopy, issue_tokens
from schemebook.records.people.people import known_people
from schemebook.records.record import Record
from schemebook.records.store.store import NewReturn, open_store
from schemebook.scheme.project import Project
from schemebook.scheme.words import say

MADE = "2026-09-14T12:30:00Z"
"""In Auckland it is the 15th already."""


def copy(who: str, form: str = "application", whose: str = "person", token: str = "", **changed: str) -> Issued:
    named = {"name": who.title(), "email": f"{who}@example.org", "issued": MADE} | changed
    return Issued(token or f"{form}{who}"[:8], "club", form, 1, "0a1b2c3d", who, "once", whose, **named)  # type: ignore[arg-type]


def drawn(club: Project, records: Sequence[Record], copies: Sequence[Issued], as_of: str = "2026-10-01") -> Ledger:
    day, scheme = datetime.date.fromisoformat(as_of), club.schemes["club"]
    return draw_up(club, scheme, known_people(club, scheme, records, day, {one.token: one for one in copies}), day)


def owed(found: Ledger) -> set[tuple[str, str, str]]:
    return {(one.people[0].name, one.rule.id, one.state) for one in found.obligations}


@pytest.fixture
def club(tmp_path: Path) -> Project:
    return write_club(tmp_path)


def test_who_was_issued_a_form_owes_that_form_and_no_other(club: Project) -> None:
    assert owed(drawn(club, [], [copy("ben")])) == {("Ben", "application", "open")}
    assert owed(drawn(club, [], [])) == set()


def test_who_returned_something_owes_what_the_rules_say_and_not_twice(club: Project) -> None:
    came = application("2026-09-20T00:00:00Z", "ben")
    with_copy = drawn(club, [came], [copy("ben")])
    assert owed(with_copy) == owed(drawn(club, [came], []))
    assert len(with_copy.obligations) == len(drawn(club, [came], []).obligations)


def test_a_return_of_the_copy_is_theirs_and_answers_it(club: Project) -> None:
    one = copy("ben", email="ben@old.example")
    came = replace(application("2026-09-20T00:00:00Z", "benjamin"), token=one.token)
    found = drawn(club, [came], [one])
    assert ("application", "in") in {(rule, state) for _, rule, state in owed(found)}
    assert {one.people[0].key for one in found.obligations} == {"ben@old.example"}


def test_a_copy_that_was_not_made_yet_is_not_known_and_its_day_is_the_scheme_s(club: Project) -> None:
    assert owed(drawn(club, [], [copy("ben")], "2026-09-14")) == set()
    assert owed(drawn(club, [], [copy("ben")], "2026-09-15")) == {("Ben", "application", "open")}


def test_a_voided_return_leaves_the_form_owed(club: Project) -> None:
    from schemebook.records.record import Change

    came = replace(
        application("2026-09-20T00:00:00Z", "ben"),
        changes=(Change("x", 1, "voided", "Anahera", "2026-09-21T00:00:00Z", reason="a test"),),
    )
    assert owed(drawn(club, [came], [copy("ben")])) == {("Ben", "application", "open")}


def test_a_copy_for_a_role_is_owed_in_that_role_alone_and_makes_nobody_s_other_forms_due(club: Project) -> None:
    found = drawn(club, [], [copy("mia", "log", "mentor")], "2026-12-25")
    assert {(one.rule.id, one.role, one.people[0].roles) for one in found.obligations} == {
        ("log", "mentor", ("mentor",))
    }


def test_a_copy_that_does_not_say_the_role_is_owed_once(club: Project) -> None:
    found = drawn(club, [], [copy("ben", "log")], "2026-12-25")
    assert {(one.rule.id, one.role) for one in found.obligations} == {("log", None)}
    numbers = [one.occasion.number for one in found.obligations if one.occasion]
    assert len(numbers) == len(set(numbers)) > 0


def test_a_pair_owes_together_what_one_of_them_was_issued(club: Project) -> None:
    both = log("2026-09-10T00:00:00Z", "2026-09-15", "ana", mentor="mia@example.org")
    found = drawn(club, [both], [copy("ana", "agreement", "mentee"), copy("mia", "agreement", "mentor")])
    assert [len(one.people) for one in found.obligations if one.rule.id == "agreement"] == [2]


def test_the_report_tells_them_by_name_in_the_table_among_the_people_and_in_the_csv(club: Project) -> None:
    claim = Claim("club", "application", 1, "0a1b2c3d")
    with open_store(club.root, create=True) as store:
        copies = [NewCopy(who, "once", "person", who.title(), f"{who}@example.org") for who in ("ana", "ben")]
        issue_tokens(store, claim, copies, MADE)
        empty = write_report(club, "club", store, club.root / "before", datetime.date(2026, 9, 20))[0].read_text(
            "utf-8"
        )
        came = application("2026-09-20T00:00:00Z", "ana")
        store.put([NewReturn(came.sha256 or "", (came,))])
        written = write_report(club, "club", store, club.root / "out", datetime.date(2026, 9, 25))
    text = {path.name: path.read_bytes().decode("utf-8-sig") for path in written}
    assert say("desk.lede-silent", count=2) in empty and say("desk.nothing-back") not in empty
    page = text["index.html"]
    assert say("desk.lede-silent", count=1) in page
    assert page.count(say("desk.silent", day="15 September 2026")) == 1
    (row,) = [
        row
        for row in csv.DictReader(io.StringIO(text["obligations.csv"], newline=""))
        if row[say("desk.column-email")] == "ben@example.org"
    ]
    assert (row[say("desk.column-state")], row[say("desk.column-issued")]) == (say("desk.state-open"), "2026-09-15")


def test_a_form_that_is_due_by_the_cohort_is_late_for_who_was_issued_it_and_sent_nothing(tmp_path: Path) -> None:
    dated = SCHEME.replace(
        "from: mentee, stage: apply, source: ours}",
        "from: mentee, stage: apply, after: {cohort: starts}, within: 1 week, source: ours}",
    )
    assert owed(drawn(write_club(tmp_path, scheme=dated), [], [copy("ben")])) == {("Ben", "application", "late")}

"""Decisions about records: what counts afterwards, and what is kept of before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.records.club import SCHEME, filled, make_club, put_in

from schemebook.errors import UsageError
from schemebook.form_pdf.descriptor import FormDescriptor, load_published
from schemebook.records.by_hand.keyed import NotTakenError, places_of, widgets_of
from schemebook.records.by_hand.review import Reviewer, accept, correct, descriptor_of, give, restore, void
from schemebook.records.intake.ingest import ingest_paths
from schemebook.records.listing import record_json
from schemebook.records.record import Record
from schemebook.records.store.changes import doubts_of, unsettled
from schemebook.records.store.store import NewReturn, Store, open_store
from schemebook.returned.submission import ReviewReason
from schemebook.returned.typed_answers import typed_answers
from schemebook.scheme.answers import AnswerProblem
from schemebook.scheme.project import Project

BY = Reviewer("Anahera", datetime(2026, 11, 27, 9, 30, tzinfo=UTC))
ANSWERS: dict[str, Any] = {
    "name": "Tāne Mahuta",
    "email": "tane@example.org",
    "team": "office",
    "topics": ["career", "skills"],
    "goal": "To ask for feedback.",
    "mentored-before": False,
    "start": "2026-12-01",
    "hours": 2,
    "strengths": {"listen": {"now": "well"}},
    "experience": [{"what": "Choir", "year": 2019}],
    "agree": True,
    "signed": {"name": "Tāne Mahuta", "date": "2026-11-24", "kind": "typed"},
}


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_club(tmp_path_factory.mktemp("review") / "club")


@pytest.fixture(scope="module")
def form(club: Project) -> FormDescriptor:
    return next(one for one in load_published(club.root).values() if one.meaning.form == "application")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path, create=True) as opened:
        yield opened


def put(store: Store, form: FormDescriptor, **changed: Any) -> Record:
    plain = Record(
        "ab" * 16, SCHEME, "application", 1, "2026-11-24T09:12:05Z", ANSWERS,
        problems=(AnswerProblem("team", "disagreement", "Two answers.", "field"),),
        review=(ReviewReason("disagreement", "Two."), ReviewReason("proposed", "Print.", "goal")),
        needs_review=True, sha256="c" * 64, part=0, edition=form.edition.id, source="a.pdf",
    )  # fmt: skip
    record = replace(plain, **changed)
    store.put([NewReturn("c" * 64, (record,))])
    return record


def test_each_doubt_is_settled_by_itself_and_the_last_settles_the_record(store: Store, form: FormDescriptor) -> None:
    record = put(store, form)
    first, second = doubts_of(record)
    assert [(one.kind, one.field) for one in (first, second)] == [("disagreement", "team"), ("proposed", "goal")]
    assert store.decide(record.id, accept(BY, first)).needs_review
    after = store.decide(record.id, accept(BY, second))
    assert not after.needs_review
    assert [(one.number, one.kind, one.field, one.who, one.at) for one in after.changes] == [
        (1, "accepted", "team", "Anahera", "2026-11-27T09:30:00Z"),
        (2, "accepted", "goal", "Anahera", "2026-11-27T09:30:00Z"),
    ]
    assert (after.answers, after.first) == (record.answers, None)


def test_all_that_is_left_can_be_accepted_at_once_and_only_once(store: Store, form: FormDescriptor) -> None:
    record = put(store, form)
    assert not store.decide(record.id, accept(BY)).needs_review
    assert len(store.decide(record.id, accept(BY)).changes) == 2


def test_a_correction_counts_and_the_first_answer_stays_where_it_was(store: Store, form: FormDescriptor) -> None:
    record = put(store, form)
    after = store.decide(record.id, correct(BY, form, "team", "Field work"))
    assert after.answers == ANSWERS | {"team": "field"}
    (change,) = after.changes
    assert (change.field, change.old, change.new, change.who) == ("team", "office", "field", "Anahera")
    assert [one.field for one in unsettled(after)] == ["goal"]
    assert after.problems == ()
    assert replace(after.as_read, changes=()) == record
    again = store.decide(record.id, correct(BY, form, "goal", ""))
    assert "goal" not in again.answers and again.answers["team"] == "field"
    assert [one.kind for one in again.problems] == ["missing"]
    with closing(sqlite3.connect(store.folder.parent / "schemebook.db")) as database:
        ((kept,),) = database.execute("SELECT answers ->> 'team' FROM records")
    assert kept == "office"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("start", "2 January 2027", "2027-01-02"),
        ("hours", "3", 3),
        ("topics", "people; A skill that I am learning", ["skills", "people"]),
        ("topics", "", None),
        ("mentored-before", "yes", True),
    ],
)
def test_what_is_keyed_in_is_read_as_what_is_typed(
    store: Store, form: FormDescriptor, name: str, text: str, value: Any
) -> None:
    record = put(store, form)
    assert store.decide(record.id, correct(BY, form, name, text)).answers.get(name) == value


def test_one_cell_of_a_table_and_one_part_of_a_signature_can_be_corrected(store: Store, form: FormDescriptor) -> None:
    record = put(store, form)
    store.decide(record.id, correct(BY, form, "experience.1.year", "2020"))
    store.decide(record.id, correct(BY, form, "signed.date", "25/11/2026"))
    after = store.decide(record.id, correct(BY, form, "strengths.listen.next", "More of it."))
    assert after.answers["experience"] == [{"what": "Choir", "year": 2020}]
    assert after.answers["signed"] == {"name": "Tāne Mahuta", "date": "2026-11-25", "kind": "typed"}
    assert after.answers["strengths"]["listen"] == {"now": "well", "next": "More of it."}
    assert [(one.old, one.new) for one in after.changes] == [
        (2019, 2020), ("2026-11-24", "2026-11-25"), (None, "More of it."),
    ]  # fmt: skip


def test_a_text_that_is_no_answer_changes_nothing_and_is_not_quoted(store: Store, form: FormDescriptor) -> None:
    record = put(store, form)
    with pytest.raises(UsageError):
        correct(BY, form, "strengths", "no place of its own")
    for name, text in (("start", "secretly"), ("hours", "secretly"), ("team", "secretly"), ("agree", "secretly")):
        with pytest.raises(NotTakenError) as caught:
            store.decide(record.id, correct(BY, form, name, text))
        assert "secretly" not in str(caught.value)
    assert store.record(record.id).changes == ()


def test_an_answer_over_its_limit_is_kept_with_its_problem(store: Store, form: FormDescriptor) -> None:
    record = put(store, form)
    after = store.decide(record.id, correct(BY, form, "goal", "word " * 500))
    assert [one.kind for one in after.problems if one.field == "goal"] == ["too-many-words"]


def test_a_correction_that_closes_a_question_keeps_its_text_as_a_problem(store: Store, form: FormDescriptor) -> None:
    record = put(store, form, answers=ANSWERS | {"team": "other", "team-name": "Night shift"})
    after = store.decide(record.id, correct(BY, form, "team", "office"))
    assert "team-name" not in after.answers
    assert ("team-name", "not-for-you", "Night shift") in {(one.field, one.kind, one.text) for one in after.problems}


def test_a_voided_record_says_why_and_can_count_again(store: Store, form: FormDescriptor) -> None:
    record = put(store, form)
    after = store.decide(record.id, void(BY, "Sent by mistake"))
    assert after.voided and after.voided.reason == "Sent by mistake" and not after.needs_review
    assert len(store.decide(record.id, void(BY, "again")).changes) == 1
    back = store.decide(record.id, restore(BY))
    assert back.voided is None and back.needs_review and len(back.changes) == 2
    with pytest.raises(UsageError):
        void(BY, " ")


def test_a_record_is_given_to_somebody_and_it_is_kept_whose_it_was(store: Store, form: FormDescriptor) -> None:
    record = put(store, form)
    store.decide(record.id, give(BY, "rose@example.org"))
    after = store.decide(record.id, give(BY, " ana@example.org "))
    assert after.given_to == "ana@example.org"
    assert [(one.old, one.new) for one in after.changes] == [
        (None, "rose@example.org"), ("rose@example.org", "ana@example.org"),
    ]  # fmt: skip


def test_of_an_anonymous_record_no_day_is_kept_and_it_is_given_to_nobody(store: Store, form: FormDescriptor) -> None:
    nameless = put(store, form, received="2026-11", sha256=None, part=None, edition=None, source=None)
    assert {one.at for one in store.decide(nameless.id, accept(BY)).changes} == {"2026-11"}
    with pytest.raises(UsageError):
        store.decide(nameless.id, give(BY, "rose@example.org"))
    assert descriptor_of(nameless, {form.edition.id: form}) == form


def test_two_who_decide_see_what_the_other_did(store: Store, form: FormDescriptor) -> None:
    record = put(store, form)
    with open_store(store.folder.parent) as other:
        store.decide(record.id, correct(BY, form, "team", "field"))
        after = other.decide(record.id, correct(Reviewer("Ben", BY.when), form, "goal", "Less."))
    assert (after.answers["team"], after.answers["goal"]) == ("field", "Less.")
    assert [(one.number, one.who) for one in after.changes] == [(1, "Anahera"), (2, "Ben")]


def test_json_keeps_its_keys_and_tells_the_changes(store: Store, form: FormDescriptor) -> None:
    record = put(store, form)
    store.decide(record.id, correct(BY, form, "team", "field"))
    found = record_json(store.decide(record.id, void(BY, "Twice")))
    assert found["answers"]["team"] == "field"
    assert found["changes"][0] == {
        "number": 1, "kind": "corrected", "field": "team", "old": "office", "new": "field", "reason": None,
        "who": "Anahera", "at": "2026-11-27T09:30:00Z",
    }  # fmt: skip
    assert (found["voided"], found["given_to"]) == (True, None)
    assert [one["settled"] for one in found["review"]] == [True, False]


def test_every_place_of_a_form_takes_what_its_answers_hold(form: FormDescriptor) -> None:
    places = places_of(form)
    assert {name for one in places.values() for name in one.widgets} == {one.name for one in form.widgets}
    assert typed_answers(form.meaning, widgets_of(form.meaning, ANSWERS))[0] == ANSWERS


def test_a_file_that_was_taken_in_is_reviewed_and_taken_in_again_changes_nothing(club: Project, tmp_path: Path) -> None:
    path = put_in(tmp_path / "in", "a.pdf", filled(club, "application", ANSWERS))
    (outcome,) = ingest_paths([path], root=club.root)
    with open_store(club.root) as store:
        record = store.record(outcome.records[0])
        form = descriptor_of(record, load_published(club.root))
        corrected = store.decide(record.id, correct(BY, form, "hours", "4"))
        (again,) = ingest_paths([path], root=club.root)
        assert again.outcome == "duplicate"
        assert store.record(record.id) == corrected

"""A locked answer of an issued copy that comes back changed is told, whatever program changed it."""

from __future__ import annotations

import datetime
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from tests.pdf_fields import Value
from tests.programs import fill_with_pdftk
from tests.records.club import SCHEME, make_club

from schemebook.desk.review_cards import cards_of
from schemebook.form_pdf.descriptor import load_published
from schemebook.records.by_hand.review import Reviewer, accept, correct, descriptor_of
from schemebook.records.copies.issuing import issue
from schemebook.records.intake.ingest import ingest_paths
from schemebook.records.record import Record
from schemebook.records.store.changes import unsettled
from schemebook.records.store.store import open_store
from schemebook.scheme.project import Project, load_project

NOW = datetime.datetime(2026, 11, 24, 9, 12, 5, tzinfo=datetime.UTC)
BY = Reviewer("Anahera", NOW)
LOCKED = ("team", "topics", "mentored-before", "start", "strengths")
LIST = (
    "key,name,team,topics,mentored-before,start,strengths.listen.now,address\n"
    "E1,Tāne Mahuta,other,career;skills,no,2026-12-01,well,Words\n"
)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Project:
    club = make_club(tmp_path_factory.mktemp("issued") / "club")
    path = club.root / "forms" / SCHEME / "application.yml"
    text = path.read_text("utf-8")
    for id in LOCKED:
        text = re.sub(rf"^( +)- id: {id}\n", r"\g<0>\1  locked: yes\n", text, flags=re.MULTILINE)
    assert text.count("locked: yes") == len(LOCKED)
    path.write_text(text, "utf-8")
    return load_project(club.root)


@pytest.fixture
def club(published: Project, tmp_path: Path) -> Project:
    shutil.copytree(published.root, tmp_path / "club")
    return load_project(tmp_path / "club")


def copy_of(club: Project, text: str = LIST, folder: str = "copies") -> Path:
    people = club.root.parent / "people.csv"
    people.write_text(text, "utf-8")
    (copy,) = issue(club, SCHEME, "application", people, club.root.parent / folder, now=NOW)
    return copy.files[0]


def by_pikepdf(copy: Path, values: Mapping[str, Value], to: Path) -> Path:
    """As a program does that asks no leave: the locked fields are written over like all others."""
    with pikepdf.open(copy) as pdf:
        for name, value in values.items():
            waiting = list(pdf.Root.AcroForm.Fields)
            first, *rest = name.split(".")
            field = next(one for one in waiting if str(one.T) == first)
            for part in rest:
                field = next(one for one in field.Kids if str(one.T) == part)
            if isinstance(value, bool):
                state = pikepdf.Name("/yes" if value else "/Off")
                field.V = state
                for kid in field.get("/Kids", [field]):
                    kid.AS = state
            elif "/Kids" in field:
                field.V = pikepdf.Name(f"/{value}")
                for kid in field.Kids:
                    kid.AS = pikepdf.Name(f"/{value}" if f"/{value}" in kid.AP.N else "/Off")
            else:
                field.V = pikepdf.String(str(value))
                if "/AP" in field:
                    del field.AP
        pdf.save(to)
    return to


PROGRAMS = {"pikepdf": by_pikepdf, "pdftk": fill_with_pdftk}


def returned(club: Project, file: Path) -> Record:
    (told,) = ingest_paths([file], root=club.root)
    assert told.outcome == "recorded"
    with open_store(club.root) as store:
        return store.record(told.records[0])


def told(record: Record) -> dict[str, Any]:
    return {one.field: one.text for one in record.problems if one.kind == "not-as-issued"}


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_locked_answer_that_was_changed_is_a_problem_of_its_place_and_needs_review(
    club: Project, tmp_path: Path, program: str
) -> None:
    changed = {"team": "field", "start": "2 December 2026", "strengths.listen.now": "not-yet", "address": "Mine."}
    record = returned(club, PROGRAMS[program](copy_of(club), changed, tmp_path / "back.pdf"))
    assert record.needs_review
    assert told(record) == {"team": "other", "start": "2026-12-01", "strengths.listen.now": "well"}
    assert {one.field for one in record.review if one.kind == "not-as-issued"} == set(told(record))
    assert (record.answers["team"], record.answers["address"]) == ("field", "Mine.")
    for one in record.review:
        assert "other" not in one.message and "2026" not in one.message


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_was_not_locked_may_be_changed_and_what_was_locked_is_compared_as_it_is_read(
    club: Project, tmp_path: Path, program: str
) -> None:
    changed = {"address": "Mine.", "name": "T. M.", "team-name": "Choir"}
    record = returned(club, PROGRAMS[program](copy_of(club), changed, tmp_path / "back.pdf"))
    assert not record.needs_review
    assert told(record) == {}


def test_ticks_taken_away_and_a_no_turned_into_yes_are_told(club: Project, tmp_path: Path) -> None:
    copy = copy_of(club)
    with pikepdf.open(copy) as pdf:
        ticks = next(one for one in pdf.Root.AcroForm.Fields if str(one.T) == "topics")
        for kid in ticks.Kids:
            if str(kid.T) == "skills":
                kid.V = kid.AS = pikepdf.Name.Off
        pdf.save(tmp_path / "less.pdf")
    record = returned(club, by_pikepdf(tmp_path / "less.pdf", {"mentored-before": "yes"}, tmp_path / "back.pdf"))
    assert told(record) == {"topics": "career; skills", "mentored-before": "no"}
    known = load_published(club.root)
    (topics,) = [one for card in cards_of(record, known) for one in card.readings if one.name == "topics"]
    assert (topics.value, topics.other) == ("Where I want to go", "Where I want to go; A skill that I am learning")
    with open_store(club.root) as store:
        taken = correct(BY, descriptor_of(record, known), "topics", topics.other or "")
        assert store.decide(record.id, taken).answers["topics"] == ["career", "skills"]


def test_a_copy_made_again_with_other_answers_may_come_back_as_either(club: Project, tmp_path: Path) -> None:
    first = copy_of(club)
    second = copy_of(club, LIST.replace("2026-12-01", "2026-12-08"), "again")
    for file in (first, second):
        assert told(returned(club, by_pikepdf(file, {"address": file.parent.name}, tmp_path / "back.pdf"))) == {}
    other = by_pikepdf(first, {"start": "9 December 2026"}, tmp_path / "back.pdf")
    assert told(returned(club, other)) == {"start": "2026-12-08"}


def test_the_issued_answer_stands_beside_the_other_and_is_taken_by_one_key(club: Project, tmp_path: Path) -> None:
    changed = {"team": "field", "start": "2 December 2026", "strengths.listen.now": "not-yet"}
    record = returned(club, by_pikepdf(copy_of(club), changed, tmp_path / "back.pdf"))
    known = load_published(club.root)
    read = {one.name: one for card in cards_of(record, known) for one in card.readings}
    assert {name: (one.value, one.other, one.other_from) for name, one in read.items()} == {
        "team": ("Field work", "Another", "issued"),
        "start": ("2 December 2026", "1 December 2026", "issued"),
        "strengths.listen.now": ("Not yet", "Well", "issued"),
    }
    form = descriptor_of(record, known)
    with open_store(club.root) as store:
        for name in ("team", "strengths.listen.now"):
            record = store.decide(record.id, correct(BY, form, name, read[name].other or ""))
        assert (record.answers["team"], record.answers["strengths"]["listen"]["now"]) == ("other", "well")
        assert [one.field for one in unsettled(record)] == ["start"]
        assert told(record) == {"start": "2026-12-01"}
        record = store.decide(record.id, accept(BY))
        assert not record.needs_review and record.answers["start"] == "2026-12-02"


def test_a_locked_answer_whose_question_the_person_closed_is_not_compared(club: Project, tmp_path: Path) -> None:
    path = club.root / "forms" / SCHEME / "application.yml"
    text = re.sub(r"^( +)- id: team-name\n", r"\g<0>\1  locked: yes\n", path.read_text("utf-8"), flags=re.MULTILINE)
    text = text.replace("- id: team\n        locked: yes\n", "- id: team\n")
    path.write_text(text, "utf-8")
    asked = load_project(club.root)
    copy = copy_of(asked, "key,team-name\nE1,Choir\n")
    closed = returned(asked, by_pikepdf(copy, {"team": "office"}, tmp_path / "closed.pdf"))
    assert told(closed) == {}
    opened = returned(asked, by_pikepdf(copy, {"team": "other"}, tmp_path / "opened.pdf"))
    assert (told(opened), opened.answers["team-name"]) == ({}, "Choir")


def test_a_copy_that_an_earlier_schemebook_made_is_taken_as_it_comes(club: Project, tmp_path: Path) -> None:
    copy = copy_of(club)
    with open_store(club.root) as store, store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE issued SET locked = NULL")
    record = returned(club, by_pikepdf(copy, {"team": "field"}, tmp_path / "back.pdf"))
    assert (record.answers["team"], told(record)) == ("field", {})

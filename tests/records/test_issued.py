"""Issued copies: one token a person and occasion, the copies in the folder, and whose return a copy is."""

from __future__ import annotations

import datetime
import email
import email.policy
import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from tests.form_pdf.test_stamp import codes_on
from tests.pdf_fields import read_with_pikepdf
from tests.programs import outloud_check, pdfua_check, qpdf_check
from tests.records.club import SCHEME
from tests.records.test_store import FIRST_TABLES

from schemebook.errors import SchemebookError, UsageError
from schemebook.form_pdf.descriptor import page_code
from schemebook.form_pdf.fill import fill_form
from schemebook.form_pdf.finish import make_form_pdf
from schemebook.records.copies.issuing import MadeCopy, file_name, issue
from schemebook.records.copies.recipients import WrongListError
from schemebook.records.intake.ingest import ingest_paths
from schemebook.records.people.issued import Issued, NewCopy, issue_tokens, issued_copies
from schemebook.records.people.people import People, known_people
from schemebook.records.people.returns import moved_addresses
from schemebook.records.store.store import open_store
from schemebook.scheme.project import Project, load_project

NOW = datetime.datetime(2026, 11, 24, 9, 12, 5, tzinfo=datetime.UTC)
LIST = "key,name,email,topics,start\nE1,Tāne Mahuta,tane@example.org,career;skills,2026-12-01\nE2,Rose,,,\n"


def people(club: Project, text: str = LIST) -> Path:
    path = club.root.parent / "people.csv"
    path.write_text(text, "utf-8")
    return path


def made(club: Project, text: str = LIST, form: str = "application", **how: Any) -> list[MadeCopy]:
    output = how.pop("output", club.root.parent / "copies")
    return list(issue(club, SCHEME, form, people(club, text), output, now=how.pop("now", NOW), **how))


def tokens(club: Project) -> dict[str, Issued]:
    with open_store(club.root) as store:
        return issued_copies(store, SCHEME)


def claim_of(pdf: bytes) -> dict[str, Any]:
    with pikepdf.open(BytesIO(pdf)) as opened:
        found: dict[str, Any] = json.loads(opened.attachments["schemebook.json"].get_file().read_bytes())
        return found


def test_each_copy_is_marked_as_its_persons_own_in_claim_codes_and_store(club: Project, tmp_path: Path) -> None:
    copies = made(club)
    kept = {one.person: one for one in tokens(club).values()}
    assert set(kept) == {"e1", "e2"}
    for copy, person in zip(copies, ("e1", "e2"), strict=True):
        (path,) = copy.files
        token = kept[person].token
        assert re.fullmatch("[A-Z2-7]{8}", token)
        assert claim_of(path.read_bytes())["token"] == token
        codes = [[text for text, *_ in page] for page in codes_on(path.read_bytes(), tmp_path)]
        edition = kept[person].edition
        assert codes == [[page_code(edition, page, token)] for page in range(1, len(codes) + 1)]
        assert token in path.name
    assert kept["e1"] == Issued(
        kept["e1"].token, SCHEME, "application", 1, kept["e1"].edition, "e1", "once", "person", "Tāne Mahuta",
        "tane@example.org", "2026-11-24T09:12:05Z", locked=[{}],
    )  # fmt: skip


def test_what_is_known_is_filled_in_and_the_rest_is_as_in_the_blank(club: Project) -> None:
    first, second = (read_with_pikepdf(copy.files[0]) for copy in made(club))
    assert {name: value for name, value in first.items() if value} == {
        "name": "Tāne Mahuta",
        "email": "tane@example.org",
        "topics.career": True,
        "topics.skills": True,
        "start": "1 December 2026",
    }
    assert {name for name, value in second.items() if value} == {"name"}


def test_the_same_list_again_gives_the_same_copies_and_writes_none(club: Project) -> None:
    before = made(club, drafts=True)
    assert [copy.new for copy in before] == [2, 1]
    content = {path: path.read_bytes() for copy in before for path in copy.files}
    again = made(club, drafts=True, now=NOW + datetime.timedelta(days=1))
    assert [copy.new for copy in again] == [0, 0]
    assert {path: path.read_bytes() for copy in again for path in copy.files} == content
    assert len(tokens(club)) == 2


def test_a_person_has_another_token_for_another_form_edition_and_occasion(club: Project) -> None:
    made(club)
    rows = "key,met-on\nE1,2026-03-01\nE1,2026-04-01\n"
    made(club, rows, "meeting-record")
    made(club, rows, "meeting-record")
    mine = [one for one in tokens(club).values() if one.person == "e1"]
    assert len(mine) == 3 and len({one.token for one in mine}) == 3
    with open_store(club.root) as store:
        claim = replace(make_claim(mine[0]), edition="0a1b2c3d")
        (other,) = issue_tokens(store, claim, [NewCopy("e1", "once", "person")], "2026-11-24T09:12:05Z")
    assert other not in {one.token for one in mine}


def make_claim(one: Issued) -> Any:
    from schemebook.form_pdf.descriptor import Claim

    return Claim(one.scheme, one.form, one.version, one.edition)


def test_what_a_later_list_says_of_somebody_is_known_and_what_it_leaves_out_stays(club: Project) -> None:
    made(club)
    made(club, "key,email\nE1,\nE2,rose@example.org\n")
    assert {one.person: (one.name, one.email) for one in tokens(club).values()} == {
        "e1": ("Tāne Mahuta", "tane@example.org"),
        "e2": ("Rose", "rose@example.org"),
    }


def test_programs_find_nothing_wrong_with_a_copy(club: Project, tmp_path: Path) -> None:
    (path, *_) = made(club)[0].files
    assert qpdf_check(path) == []
    assert pdfua_check(path) == []
    assert outloud_check(path, tmp_path) == []


def test_what_the_owner_calls_locked_cannot_be_changed_where_it_is_filled(club: Project) -> None:
    path = club.root / "forms" / SCHEME / "application.yml"
    text = path.read_text("utf-8").replace("        at-least: 2\n", "        at-least: 2\n        locked: yes\n", 1)
    path.write_text(text, "utf-8")
    changed = load_project(club.root)
    first, second = (copy.files[0] for copy in made(changed))
    assert read_only(first) == {"topics.career", "topics.skills", "topics.people", "topics.balance"}
    assert read_only(second) == set()


def read_only(path: Path) -> set[str]:
    with pikepdf.open(path) as pdf:
        waiting = [(field, "") for field in pdf.Root.AcroForm.Fields]
        found = set()
        while waiting:
            field, above = waiting.pop()
            name = f"{above}{field.T}" if "/T" in field else above
            if int(field.get("/Ff", 0)) & 1:
                found.add(name)
            waiting += [(kid, f"{name}.") for kid in field.get("/Kids", []) if "/T" in kid]
        return found


def test_a_draft_goes_to_the_persons_address_with_the_copy_attached(club: Project) -> None:
    first, second = made(club, drafts=True)
    pdf, eml = first.files
    message = email.message_from_bytes(eml.read_bytes(), policy=email.policy.default)
    assert (message["To"], message["X-Unsent"], message["From"], message["Date"]) == (
        "tane@example.org",
        "1",
        None,
        None,
    )
    assert "Application" in message["Subject"]
    (attached,) = message.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == pdf.read_bytes()
    body = message.get_body(("plain",))
    assert body is not None and "Tāne Mahuta" in body.get_content() and "office@example.org" in body.get_content()
    assert [path.suffix for path in second.files] == [".pdf"]
    assert len(second.notes) == 1 and "Rose" not in second.notes[0]


def test_a_value_that_its_box_does_not_show_whole_is_told_without_it(club: Project) -> None:
    (copy,) = made(club, f"key,name\nE1,{'QUOKKABERRY' * 7}\n")
    assert len(copy.notes) == 1
    assert "'name'" in copy.notes[0] and "QUOKKABERRY" not in copy.notes[0]


def test_a_form_that_is_not_published_as_it_is_now_is_not_issued(club: Project) -> None:
    path = club.root / "forms" / SCHEME / "application.yml"
    path.write_text(path.read_text("utf-8").replace("Which team do you work in?", "Which team?"), "utf-8")
    with pytest.raises(SchemebookError) as raised:
        made(load_project(club.root))
    assert raised.value.kind == "not-published"
    assert not (club.root / "schemebook.db").exists()


def test_an_anonymous_form_is_not_issued(club: Project) -> None:
    path = club.root / "forms" / SCHEME / "application.yml"
    text = re.sub("^version: 1", "version: 1\nanonymous: yes", path.read_text("utf-8"), flags=re.MULTILINE)
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError) as raised:
        made(load_project(club.root))
    assert raised.value.kind == "anonymous"


def test_a_list_with_a_mistake_leaves_neither_token_nor_file(club: Project) -> None:
    with pytest.raises(WrongListError):
        made(club, LIST + "E3,Ana,not-an-address,,\n")
    assert not (club.root / "schemebook.db").exists()
    assert not (club.root.parent / "copies").exists()


def test_a_folder_that_cannot_be_written_to_is_told_before_a_token_is_kept(club: Project) -> None:
    (club.root.parent / "taken").write_text("a file")
    with pytest.raises(SchemebookError) as raised:
        made(club, output=club.root.parent / "taken" / "copies")
    assert raised.value.kind == "folder"
    assert not (club.root / "schemebook.db").exists()


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("E1", "application-E1-ABCDEFGH"),
        ("../../etc/passwd", "application-etc-passwd-ABCDEFGH"),
        ("Tāne O'Brien", "application-Tāne-O-Brien-ABCDEFGH"),
        ("::", "application-ABCDEFGH"),
        ("क" * 320, f"application-{'क' * 33}-ABCDEFGH"),
    ],
)
def test_a_copys_file_is_named_for_people_and_fits_every_file_system(key: str, name: str) -> None:
    assert file_name("application", key, "ABCDEFGH") == name


def test_a_store_made_before_there_were_issued_copies_takes_them(club: Project) -> None:
    with closing(sqlite3.connect(club.root / "schemebook.db")) as database:
        database.executescript(FIRST_TABLES)
    assert len(made(club)) == 2
    assert len(tokens(club)) == 2


# Whose return a copy is.


def answered(copy: MadeCopy, to: Path, **answers: str) -> Path:
    """A copy as it comes back: its person has typed these over what was there."""
    with pikepdf.open(copy.files[0]) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            if str(field.T) in answers:
                field.V = pikepdf.String(answers[str(field.T)])
        to.parent.mkdir(exist_ok=True)
        pdf.save(to)
    return to


def known(club: Project, *, with_copies: bool = True) -> People:
    with open_store(club.root) as store:
        found = list(store.records())
        copies = issued_copies(store, SCHEME) if with_copies else {}
    return known_people(club, club.scheme(SCHEME), found, datetime.date(2100, 1, 1), copies)


def test_a_return_of_a_copy_is_theirs_whom_it_was_made_for_whatever_name_they_typed(club: Project) -> None:
    first, second = made(club)
    inbox = club.root.parent / "inbox"
    answered(first, inbox / "a.pdf", name="T. M.", email="someone-else@example.org")
    answered(second, inbox / "b.pdf", name="Rosemary", email="rosemary@example.org")
    outcomes = list(ingest_paths([inbox], root=club.root))
    assert {one.outcome for one in outcomes} == {"recorded"}
    found = known(club)
    assert {(person.key, person.name) for person in found.people} == {("tane@example.org", "T. M."), ("e2", "Rosemary")}
    assert {one.sender for one in found.returns} == {"tane@example.org", "e2"}
    assert {one.sender for one in known(club, with_copies=False).returns} == {
        "someone-else@example.org",
        "rosemary@example.org",
    }


def test_a_key_stays_with_a_person_from_list_to_list(club: Project) -> None:
    _, second = made(club)
    (later,) = made(club, "key,email,met-on\nE2,rose@example.org,2026-11-01\n", "meeting-record")
    inbox = club.root.parent / "inbox"
    answered(second, inbox / "a.pdf", name="R.")
    answered(later, inbox / "b.pdf", name="Rosie")
    list(ingest_paths([inbox], root=club.root))
    (person,) = (one for one in known(club).people if one.returned)
    assert person.key == "rose@example.org"
    assert {one.sender for one in known(club).returns} == {person.key}


def test_a_token_that_nobody_issued_or_of_another_form_says_nothing(club: Project) -> None:
    first, _ = made(club)
    inbox = club.root.parent / "inbox"
    answered(first, inbox / "a.pdf", name="T. M.", email="someone-else@example.org")
    list(ingest_paths([inbox], root=club.root))
    other_form = {token: replace(one, form="meeting-record") for token, one in tokens(club).items()}
    with open_store(club.root) as store:
        records = list(store.records())
    for copies in ({}, other_form):
        found = known_people(club, club.scheme(SCHEME), records, datetime.date(2100, 1, 1), copies)
        assert [one.sender for one in found.returns] == ["someone-else@example.org"]


def test_who_has_another_address_in_a_later_list_stays_one_person_with_what_came_from_the_first(
    club: Project, tmp_path: Path
) -> None:
    made(club)
    later = NOW + datetime.timedelta(days=1)
    made(club, "key,email\nE1,tane@new.example\n", "meeting-record", now=later)
    blank, inbox = make_form_pdf(club, SCHEME, "application"), tmp_path / "inbox"
    inbox.mkdir()
    for number, address in enumerate(("Tane@Example.org", "tane@new.example")):
        (inbox / f"{number}.pdf").write_bytes(fill_form(blank.pdf, blank.descriptor, {"email": address}).pdf)
    assert {one.outcome for one in ingest_paths([inbox], root=club.root)} == {"recorded"}
    assert [one.sender for one in known(club).returns] == ["tane@new.example"] * 2


def test_an_address_that_two_people_had_is_neither_s_and_one_s_own_of_today_is_not_another_s_of_yesterday() -> None:
    had = [("e1", "office@x.example"), ("e2", "Office@X.example"), ("e1", "ana@x.example"), ("e2", "mia@x.example")]
    assert moved_addresses(had) == {}
    assert moved_addresses([("e1", "a@x.example"), ("e1", "b@x.example"), ("e1", "C@x.example")]) == {
        "a@x.example": "c@x.example",
        "b@x.example": "c@x.example",
    }
    assert moved_addresses([("e1", "a@x.example"), ("e1", "b@x.example"), ("e2", "a@x.example")]) == {}
    assert moved_addresses([("e1", "a@x.example"), ("e1", "b@x.example"), ("e1", "a@x.example")]) == {
        "b@x.example": "a@x.example"
    }

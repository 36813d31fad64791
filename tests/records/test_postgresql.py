"""A store in PostgreSQL keeps the promises of the one in a file."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect
from tests.programs import fill_with_pdftk
from tests.records.club import SCHEME, put_in
from tests.records.runs import kept, kill_and_take_up, returned, run_two_at_once, sha256
from tests.records.test_review import BY
from tests.records.test_store import FIRST_TABLES
from tests.servers import new_database, postgresql
from tests.tiers import at_night

from schemebook.errors import SchemebookError, UsageError
from schemebook.form_pdf.descriptor import Claim, load_published
from schemebook.records.by_hand.entering import enter, find_file
from schemebook.records.by_hand.keyed import keyed_in, places_of
from schemebook.records.by_hand.review import accept, correct, descriptor_of, give, restore, void
from schemebook.records.copies.issuing import issue
from schemebook.records.intake.ingest import ingest_paths
from schemebook.records.listing import record_json
from schemebook.records.people.issued import NewCopy, issue_tokens, issued_copies
from schemebook.records.record import Record, record_id
from schemebook.records.store.store import NewReturn, NewSetAside, open_store
from schemebook.records.store.taken_messages import mail_memory
from schemebook.returned.arrivals.imap import MailPlace
from schemebook.scheme.project import Project, load_project

pytestmark = pytest.mark.all_tiers


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as address:
        yield address


@pytest.fixture
def database(server: str) -> str:
    """The address of a database that nothing is in."""
    return new_database(server)


def made(number: int, **said: object) -> NewReturn:
    hash = sha256(str(number).encode())
    record = Record(
        id=record_id(hash, 0), scheme="club", form="meeting-record", version=1, received="2026-11-24T00:00:00Z",
        answers={"name": f"Tāne {number}"} | said, sha256=hash, part=0, edition="00000000", source=f"{number}.pdf",
    )  # fmt: skip
    return NewReturn(hash, (record,))


def test_a_return_is_stored_once_and_read_back_as_it_was(database: str, tmp_path: Path) -> None:
    new = [made(number, minutes=45, met=True, rows=[{"a": "ễ"}, {"b": "𓀀"}]) for number in range(300)]
    with open_store(tmp_path, database, create=True) as store:
        assert store.put(new[:200]) == {one.sha256 for one in new[:200]}
        assert store.put(new) == {one.sha256 for one in new[200:]}
        assert {record.id: record for record in store.records()} == {one.records[0].id: one.records[0] for one in new}
        assert store.record(new[7].records[0].id[:12]) == new[7].records[0]
    with open_store(tmp_path, database) as store:
        assert len(store.records()) == 300


def test_text_that_the_database_refuses_loses_no_return(database: str, tmp_path: Path) -> None:
    with open_store(tmp_path, database, create=True) as store:
        store.put([made(1, agreed="half \ud83d of a smile, \0 and a zero")])
        assert [record.answers["agreed"] for record in store.records()] == ["half  of a smile,  and a zero"]


def test_what_was_set_aside_goes_when_its_file_becomes_a_record(database: str, tmp_path: Path) -> None:
    new = made(1)
    with open_store(tmp_path, database, create=True) as store:
        aside = NewSetAside(new.sha256, "a.pdf", "unpublished-form", "Words.", None)
        store.put([], [aside])
        store.put([], [aside])
        assert store.put([new]) == {new.sha256}
        with store.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM set_aside").scalar_one() == 0


def test_a_folder_is_taken_in_as_into_a_file(database: str, club: Project, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    for number in range(20):
        put_in(inbox, f"{number:02}.pdf", returned(club, number) if number % 5 else b"no PDF")
    told = [one.outcome for one in ingest_paths([inbox], root=club.root, database=database)]
    assert told == ["recorded" if number % 5 else "set-aside" for number in range(20)]
    list(ingest_paths([inbox], root=club.root))
    assert kept(club, database) == kept(club)


def test_two_at_once_record_each_return_once(database: str, club: Project, tmp_path: Path) -> None:
    """The second takes the same files in another order: neither may wait for the other for ever."""
    inbox, backwards = tmp_path / "inbox", tmp_path / "backwards"
    for number in range(40):
        content = returned(club, number)
        put_in(inbox, f"{number:02}.pdf", content)
        put_in(backwards, f"{99 - number:02}.pdf", content)
    told = run_two_at_once(club, inbox, backwards, database)
    assert told == ["duplicate"] * 40 + ["recorded"] * 40
    assert len(kept(club, database)) == 40


def test_programs_that_store_the_same_in_any_order_wait_for_each_other_and_never_fail(
    database: str, tmp_path: Path
) -> None:
    """Four at once, with batches of their own sizes and order: of two that wait crosswise one is ended."""
    new = [made(number) for number in range(600)]

    def put_all(seed: int) -> int:
        mine, chance, stored = list(new), random.Random(seed), 0
        chance.shuffle(mine)
        with open_store(tmp_path, database, create=True) as store:
            while mine:
                batch = [mine.pop() for _ in range(min(len(mine), chance.randrange(20, 90)))]
                stored += len(store.put(batch))
        return stored

    open_store(tmp_path, database, create=True).__exit__(None, None, None)
    with ThreadPoolExecutor(4) as programs:
        stored = list(programs.map(put_all, range(4)))
    assert sum(stored) == 600
    with open_store(tmp_path, database) as store:
        assert len(store.records()) == 600


def keys_of_records(address: str) -> list[list[str | None]]:
    engine = create_engine(address)
    found = inspect(engine)
    keys = [found.get_pk_constraint("records")["constrained_columns"]]
    keys += [one["column_names"] for one in found.get_indexes("records")]
    engine.dispose()
    return keys


def tables(address: str) -> dict[str, dict[str, str]]:
    engine = create_engine(address)
    found = inspect(engine)
    columns = {
        name: {one["name"]: str(one["type"]) for one in found.get_columns(name)} for name in found.get_table_names()
    }
    engine.dispose()
    return columns


def test_a_store_of_an_earlier_schemebook_is_brought_up_to_date_and_has_all_that_a_new_one_has(
    database: str, server: str, tmp_path: Path
) -> None:
    engine = create_engine(database)
    with engine.begin() as connection:
        for statement in FIRST_TABLES.replace("WITHOUT ROWID", "").replace("    0, '{", "    false, '{").split(";"):
            if statement.strip():
                connection.exec_driver_sql(statement)
    engine.dispose()
    with open_store(tmp_path, database) as store:
        assert [one.answers for one in store.records()] == [{"name": "Rose"}]
    new = new_database(server)
    open_store(tmp_path, new, create=True).__exit__(None, None, None)
    old, anew = tables(database), tables(new)
    assert {name: set(columns) for name, columns in old.items()} == {
        name: set(columns) for name, columns in anew.items()
    }
    assert keys_of_records(database) == keys_of_records(new) == [["id"]]
    assert {name: old[name] for name in ("changes", "issued", "mail_taken")} == {
        name: anew[name] for name in ("changes", "issued", "mail_taken")
    }


def steps(club: Project, database: str | None) -> list[object]:
    """Copies are issued, one comes back with a locked answer changed, and all is decided that can be. What was told."""
    people = club.root.parent / "people.csv"
    people.write_text("key,name,email,topics\nE1,Tāne Mahuta,tane@example.org,career;skills\nE2,Rose,,\n", "utf-8")
    output = club.root.parent / f"copies-{bool(database)}"
    copies = [
        list(issue(club, SCHEME, "application", people, output, now=BY.when, database=database)) for _ in range(2)
    ]
    back = club.root.parent / f"back-{bool(database)}.pdf"
    fill_with_pdftk(copies[0][0].files[0], {"topics.people": True, "address": "Ponsonby"}, back)
    (outcome,) = ingest_paths([back], root=club.root, database=database)
    with open_store(club.root, database) as store:
        form = descriptor_of(store.record(outcome.records[0]), load_published(club.root))
        made = [
            store.decide(outcome.records[0], *works)
            for works in (
                [correct(BY, form, "goal", "half \ud83d of a smile, \0 and a zero")],
                [correct(BY, form, "hours", "3"), give(BY, "rose@example.org")],
                [correct(BY, form, "hours", "")],
                [accept(BY)],
                [void(BY, "Sent twice")],
                [restore(BY)],
            )
        ]
        photo = put_in(club.root.parent, "photo.jpg", b"\xff\xd8\xff no picture")
        entered = enter(store, find_file(store, str(photo)), form, keyed_in(places_of(form)["team"], "1"), BY)
        with pytest.raises(UsageError):
            find_file(store, str(photo))
        issued = sorted(issued_copies(store, SCHEME).values(), key=lambda one: one.person)
        found = list(map(record_json, store.records()))
    told = [[new["answers"], new["problems"], new["review"], new["changes"]] for new in map(record_json, made)]
    named = ("id", "sha256", "source", "received")  # what is another in each run: tokens are random
    return [
        [len(one) for one in copies], [copy.new for copy in copies[1]], told, entered.answers,
        [replace(one, token="") for one in issued],
        sorted([{name: value for name, value in one.items() if name not in named} for one in found], key=str),
    ]  # fmt: skip


def test_issued_copies_and_all_that_is_decided_are_what_they_are_in_a_file(
    database: str, club: Project, tmp_path: Path
) -> None:
    path = club.root / "forms" / SCHEME / "application.yml"
    path.write_text(path.read_text("utf-8").replace("- id: topics\n", "- id: topics\n        locked: yes\n"), "utf-8")
    asked = load_project(club.root)
    in_a_file = steps(asked, None)
    assert steps(asked, database) == in_a_file
    assert "not-as-issued" in str(in_a_file) and "entered" in str(in_a_file)


def test_of_many_who_decide_at_once_each_is_kept_and_numbered(database: str, tmp_path: Path) -> None:
    (record,) = made(1).records
    with open_store(tmp_path, database, create=True) as store:
        store.put([made(1)])

    def decide(number: int) -> None:
        with open_store(tmp_path, database) as mine:
            for turn in range(5):
                mine.decide(record.id, give(BY, f"person-{number}-{turn}@example.org"))

    with ThreadPoolExecutor(4) as programs:
        list(programs.map(decide, range(4)))
    with open_store(tmp_path, database) as store:
        found = store.record(record.id).changes
    assert [one.number for one in found] == list(range(1, 21))
    assert [one.old for one in found[1:]] == [one.new for one in found[:-1]]


def test_of_many_who_issue_at_once_each_person_has_one_token(database: str, tmp_path: Path) -> None:
    claim, copies = (
        Claim("club", "application", 1, "00000000"),
        [NewCopy(f"e{one}", "once", "person") for one in range(50)],
    )
    open_store(tmp_path, database, create=True).__exit__(None, None, None)

    def issued(_: int) -> list[str]:
        with open_store(tmp_path, database) as store:
            return issue_tokens(store, claim, copies, "2026-11-24T09:12:05Z")

    with ThreadPoolExecutor(4) as programs:
        first, *others = programs.map(issued, range(4))
    assert len(set(first)) == 50 and all(other == first for other in others)


def test_messages_that_were_stored_are_unmarked_until_that_is_noted(database: str, tmp_path: Path) -> None:
    one, two = (MailPlace("imaps://office@localhost:993/INBOX", 7, uid) for uid in (1, 2))
    with open_store(tmp_path, database, create=True) as store:
        store.put([made(1)], taken=[one])
        store.put([], taken=[one, two])
        memory = mail_memory(store.look, store.change)
        assert memory.unmarked(one.mailbox, 7) == {1, 2} == memory.taken(one.mailbox, 7)
        memory.note_marked([one])
        assert memory.unmarked(one.mailbox, 7) == {2} and memory.unmarked(one.mailbox, 8) == set()


def test_a_history_that_cannot_be_kept_leaves_no_record(database: str, club: Project) -> None:
    form = next(one for one in load_published(club.root).values() if one.meaning.form == "application")
    photo = put_in(club.root.parent, "photo.jpg", b"\xff\xd8\xff no picture")
    with open_store(club.root, database, create=True) as store:
        with store.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE changes ADD CONSTRAINT refuses CHECK (kind <> 'entered')")
        with pytest.raises(SchemebookError):
            enter(store, find_file(store, str(photo)), form, {}, BY)
        assert len(store.records()) == 0


def test_a_database_that_is_not_there_is_told_in_our_words(server: str, tmp_path: Path) -> None:
    with pytest.raises(SchemebookError) as told:
        open_store(tmp_path, server.removesuffix("postgres") + "nobodys", create=True)
    assert told.value.kind == "database-not-opened"
    with pytest.raises(SchemebookError) as told:
        open_store(tmp_path, "postgresql+psycopg://office@127.0.0.1:1/office", create=True)
    assert told.value.kind == "database-not-opened"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_run_killed_at_any_instant_and_taken_up_again_equals_an_unbroken_one(
    database: str, club: Project, tmp_path: Path
) -> None:
    kill_and_take_up(club, tmp_path, times=10, seed=3, database=database)


@pytest.mark.nightly
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_two_hundred_kills_lose_nothing_and_double_nothing(database: str, club: Project, tmp_path: Path) -> None:
    kill_and_take_up(club, tmp_path, times=at_night(200, 6), seed=random.randrange(10**6), database=database)

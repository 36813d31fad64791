"""A store in PostgreSQL keeps the promises of the one in a file."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from tests.records.club import make_club, put_in
from tests.records.runs import kept, kill_and_take_up, returned, run_two_at_once, sha256
from tests.servers import postgresql

from schemebook.errors import SchemebookError
from schemebook.records.ingest import ingest_paths
from schemebook.records.record import Record, record_id
from schemebook.records.store import NewReturn, NewSetAside, open_store
from schemebook.scheme.project import Project

pytestmark = pytest.mark.all_tiers
_NUMBERS = count()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as address:
        yield address


@pytest.fixture
def database(server: str) -> str:
    """The address of a database that nothing is in."""
    name = f"office{next(_NUMBERS)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return server.removesuffix("postgres") + name


@pytest.fixture(scope="module")
def clean_club(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_club(tmp_path_factory.mktemp("club"))


@pytest.fixture
def club(clean_club: Project, tmp_path: Path) -> Project:
    shutil.copytree(clean_club.root, tmp_path / "club")
    return replace(clean_club, root=tmp_path / "club")


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
    kill_and_take_up(club, tmp_path, times=200, seed=random.randrange(10**6), database=database)

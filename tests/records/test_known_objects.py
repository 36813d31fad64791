"""Objects of object storage: known again without being fetched, and only where that loses nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import obstore
import pytest
from obstore.store import from_url
from tests.dask_cluster import scheduler, worker
from tests.records.club import make_club
from tests.records.runs import kept, returned, sha256
from tests.records.test_store import ONE, THREE, TWO, nameless, record
from tests.returned.test_sources import zipped
from tests.servers import S3Server, postgresql

from schemebook.records.intake.arrived import told_known
from schemebook.records.intake.cluster import ingest_on_cluster
from schemebook.records.intake.ingest import ingest_paths
from schemebook.records.outcomes import Outcome
from schemebook.records.store.store import NewReturn, Store, open_store
from schemebook.returned.arrivals.object_storage import KnownObject, ListedObject, ObjectEnd
from schemebook.returned.limits import Limits

LISTED = ListedObject("s3://returns/2026", "a.pdf", '"d41d8"', None, 7, "2026-11-27T09:30:00.588000+00:00")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path, create=True) as opened:
        yield opened


def end(*files: str, listed: ListedObject = LISTED) -> ObjectEnd:
    return ObjectEnd(listed, files)


def test_an_object_is_known_once_its_file_is_recorded(store: Store) -> None:
    assert store.known_objects([LISTED]) == {}
    store.put([NewReturn(ONE, (record(),))], objects=[end(ONE)])
    assert store.known_objects([LISTED]) == {LISTED: ONE}
    store.put([], objects=[end(ONE)])
    assert store.known_objects([LISTED]) == {LISTED: ONE}


def test_an_object_whose_end_comes_before_its_file_is_stored_is_fetched_again(store: Store) -> None:
    store.put([NewReturn(TWO, (record(TWO),))], objects=[end(ONE)])
    assert store.known_objects([LISTED]) == {}


def test_a_container_is_known_where_everything_in_it_is_recorded(store: Store) -> None:
    store.put([NewReturn(ONE, (record(),))], objects=[end(ONE, TWO)])
    assert store.known_objects([LISTED]) == {}
    store.put([NewReturn(TWO, (record(TWO),))], objects=[end(ONE, TWO)])
    assert store.known_objects([LISTED]) == {LISTED: None}


def test_of_an_anonymous_return_nothing_but_that_its_object_came_is_kept(store: Store, tmp_path: Path) -> None:
    store.put([NewReturn(THREE, (nameless(),))], objects=[end(THREE)])
    assert store.known_objects([LISTED]) == {LISTED: None}
    stored = (tmp_path / "schemebook.db").read_bytes()
    assert THREE.encode() not in stored and b"a.pdf" not in stored and b"d41d8" not in stored


def test_pages_that_were_joined_count_as_recorded(store: Store) -> None:
    store.put([NewReturn(ONE, (record(),), joined=(TWO,))], objects=[end(TWO)])
    assert store.known_objects([LISTED]) == {LISTED: None}


def test_an_object_whose_record_is_gone_is_fetched_again(store: Store) -> None:
    store.put([NewReturn(ONE, (record(),))], objects=[end(ONE)])
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM records")
    assert store.known_objects([LISTED]) == {}


@pytest.mark.parametrize(
    "other",
    [
        replace(LISTED, etag='"d41d9"'),
        replace(LISTED, version="2"),
        replace(LISTED, size=8),
        replace(LISTED, changed="2026-11-27T09:30:00.589000+00:00"),
        replace(LISTED, key="b.pdf"),
        replace(LISTED, address="s3://other/2026"),
        replace(LISTED, etag=None),
    ],
)
def test_an_object_that_is_told_of_in_another_way_is_fetched(store: Store, other: ListedObject) -> None:
    store.put([NewReturn(ONE, (record(),))], objects=[end(ONE), end(ONE, listed=replace(other, etag=None))])
    assert store.known_objects([other, LISTED]) == {LISTED: ONE}


def test_one_object_is_the_same_however_its_address_is_cut(store: Store) -> None:
    store.put([NewReturn(ONE, (record(),))], objects=[end(ONE)])
    same = replace(LISTED, address="s3://returns/", key="2026/a.pdf")
    assert store.known_objects([same]) == {same: ONE}


def test_a_container_of_very_many_files_is_known_too(store: Store) -> None:
    many = [f"{number:064x}" for number in range(1_200)]
    store.put([NewReturn(one, (record(one),)) for one in many], objects=[end(*many)])
    assert store.known_objects([LISTED]) == {LISTED: None}


# the whole way, with a storage that is not ours


def put(key: str, data: bytes) -> None:
    obstore.put(from_url("s3://returns/"), key, data)


def spoil(storage: S3Server, key: str) -> None:
    """Change an object's bytes behind the storage's back: whoever fetches it gets something else."""
    path = storage.objects / key
    before = path.stat()
    path.write_bytes(b"?" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def told(outcomes: list[Outcome]) -> dict[str, tuple[str, str | None, int]]:
    return {one.file.rpartition("/")[2]: (one.outcome, one.sha256, len(one.records)) for one in outcomes}


@pytest.mark.all_tiers
def test_a_second_run_fetches_what_is_new_changed_or_was_set_aside_and_nothing_else(
    tmp_path: Path, storage: S3Server
) -> None:
    club = make_club(tmp_path / "club")
    one, two, three, four = (returned(club, number) for number in range(4))
    put("1.pdf", one)
    put("2.pdf", two)
    put("3.zip", zipped({"a.pdf": three}))
    put("9.pdf", b"Dear coordinator,")
    first = told(list(ingest_paths(["s3://returns"], root=club.root)))
    assert [outcome for outcome, _, _ in first.values()] == ["recorded"] * 3 + ["set-aside"]
    for key in ("1.pdf", "3.zip"):
        spoil(storage, key)
    put("2.pdf", four)
    put("5.pdf", one)
    put("9.pdf", returned(club, 9))
    again = told(list(ingest_paths(["s3://returns"], root=club.root)))
    assert again == {
        "1.pdf": ("duplicate", sha256(one), 1),
        "2.pdf": ("recorded", sha256(four), 1),
        "3.zip": ("duplicate", sha256(three), 1),
        "5.pdf": ("duplicate", sha256(one), 1),
        "9.pdf": ("recorded", sha256(returned(club, 9)), 1),
    }
    for key in ("2.pdf", "5.pdf", "9.pdf"):
        spoil(storage, key)
    assert {outcome for outcome, _, _ in told(list(ingest_paths(["s3://returns"], root=club.root))).values()} == {
        "duplicate"
    }
    assert len(kept(club)) == 5


@pytest.mark.all_tiers
def test_what_a_limit_kept_out_is_fetched_once_it_is_raised(tmp_path: Path, storage: S3Server) -> None:
    club = make_club(tmp_path / "club")
    put("1.pdf", returned(club))
    small = Limits(file_bytes=1_000, mail_bytes=1_000)
    runs = [list(ingest_paths(["s3://returns"], root=club.root, limits=limits)) for limits in (small, None)]
    assert [run[0].outcome for run in runs] == ["set-aside", "recorded"]


@pytest.mark.all_tiers
def test_a_cluster_hands_out_only_what_is_not_known_and_keeps_originals_in_storage(
    tmp_path: Path, storage: S3Server
) -> None:
    club = make_club(tmp_path / "club")
    for number in range(30):
        put(f"in/{number:02}.pdf", returned(club, number))
    with ExitStack() as ends:
        database = ends.enter_context(postgresql())
        address = ends.enter_context(scheduler(tmp_path / "scheduler.log"))
        ends.enter_context(worker(address, tmp_path / "worker.log"))

        def run() -> list[str]:
            kept = "s3://returns/kept"
            told = ingest_on_cluster(address, ["s3://returns/in"], root=club.root, database=database, originals=kept)
            return sorted(one.outcome for one in told)

        assert run() == ["recorded"] * 30
        for number in range(30):
            spoil(storage, f"in/{number:02}.pdf")
        put("in/31.pdf", returned(club, 31))
        assert run() == ["duplicate"] * 30 + ["recorded"]
    originals = {path.stem for path in (storage.objects / "kept").rglob("*.pdf")}
    assert originals == {sha256(returned(club, number)) for number in (*range(30), 31)}
    assert [path for path in (club.root / "records").rglob("*") if path.is_file()] == []


def test_a_scheme_that_was_not_asked_for_is_told_as_such_of_a_known_object_too() -> None:
    before = {ONE: (("id", "club"),)}
    known = KnownObject(LISTED.name, ONE)
    assert [told_known(known, before, schemes).outcome for schemes in ((), ("club",), ("other",))] == [
        "duplicate",
        "duplicate",
        "set-aside",
    ]

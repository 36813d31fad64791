"""Returns taken in by a Dask cluster into PostgreSQL: each once, though workers and scheduler are killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from distributed import Client
from PIL import Image
from tests.dask_cluster import scheduler, worker
from tests.records.club import make_club
from tests.records.test_ingest import put_in, returned
from tests.servers import free_port, postgresql

from schemebook.cli.coordinator import ingest as take_in_by_command
from schemebook.errors import SchemebookError, UsageError
from schemebook.records.intake import cluster
from schemebook.records.intake.cluster import Batch, Work, ingest_on_cluster, take_in_batch
from schemebook.records.store.store import open_store
from schemebook.returned.limits import Limits
from schemebook.scheme.project import Project

FILES = 120
LONGEST = Limits(file_bytes=300_000)


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgresql() as url:
        yield url


@pytest.fixture
def inbox(club: Project, tmp_path: Path) -> Path:
    for number in range(FILES):
        put_in(tmp_path / "inbox", f"{number:03}.pdf", returned(club, number))
    put_in(tmp_path / "inbox", "letter.pdf", b"Dear coordinator,")
    put_in(tmp_path / "inbox", "long.pdf", returned(club, FILES) + b"\0" * LONGEST.file_bytes)
    return tmp_path / "inbox"


def recorded(club: Project, database: str) -> list[str]:
    with open_store(club.root, database) as store:
        return sorted(Path(record.source or "").name for record in store.records())


@pytest.mark.all_tiers
def test_a_worker_killed_on_the_way_loses_nothing_and_a_second_run_doubles_nothing(
    club: Project, inbox: Path, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "FILES_A_BATCH", 10)
    with ExitStack() as ends:
        address = ends.enter_context(scheduler(tmp_path / "scheduler.log"))
        workers = [ends.enter_context(worker(address)) for _ in range(2)]
        outcomes = []
        for outcome in ingest_on_cluster(address, [inbox], root=club.root, database=database, limits=LONGEST):
            outcomes.append(outcome)
            if len(outcomes) == 20:
                os.killpg(workers[0].pid, signal.SIGKILL)
        assert len(outcomes) == FILES + 2
        assert {one.reason for one in outcomes if one.outcome == "set-aside"} == {"not-a-pdf", "too-large"}
        assert recorded(club, database) == [f"{number:03}.pdf" for number in range(FILES)]
        again = [one.outcome for one in ingest_on_cluster(address, [inbox], root=club.root, database=database)]
        assert sorted(again) == ["duplicate"] * FILES + ["recorded", "set-aside"]  # today's limits let the long one in
    assert len(recorded(club, database)) == FILES + 1
    assert {path.name for path in (club.root / "records").iterdir()} == {"originals", "set-aside", "unpacked"}


@pytest.mark.all_tiers
def test_a_scheduler_that_is_lost_ends_in_one_clear_line_and_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "FILES_A_BATCH", 5)
    club = make_club(tmp_path / "other")
    for number in range(40):
        put_in(tmp_path / "inbox", f"{number:03}.pdf", returned(club, number))
    with postgresql() as database:
        with ExitStack() as ends:
            first = ends.enter_context(ExitStack())
            address = first.enter_context(scheduler(tmp_path / "scheduler.log"))
            first.enter_context(worker(address))
            with pytest.raises(SchemebookError) as raised:
                for _ in ingest_on_cluster(address, [tmp_path / "inbox"], root=club.root, database=database):
                    first.close()
            assert raised.value.kind == "cluster-lost"
        with ExitStack() as ends:
            address = ends.enter_context(scheduler(tmp_path / "scheduler2.log"))
            ends.enter_context(worker(address))
            list(ingest_on_cluster(address, [tmp_path / "inbox"], root=club.root, database=database))
        assert recorded(club, database) == [f"{number:03}.pdf" for number in range(40)]


@pytest.mark.all_tiers
def test_what_fails_on_a_worker_leaves_no_password_and_no_file_s_name_in_its_log(club: Project, tmp_path: Path) -> None:
    nobodys = f"postgresql+psycopg://office:hush-37@127.0.0.1:{free_port()}/office"
    batch = Batch(Work(str(club.root), nobodys, (), Limits()), [str(tmp_path / "Ana Lomu.pdf")])
    log = tmp_path / "worker.log"
    with scheduler(tmp_path / "scheduler.log") as address, worker(address, log), Client(address) as client:
        with pytest.raises(SchemebookError) as raised:
            client.submit(take_in_batch, batch, pure=False).result()
        assert raised.value.kind == "database-not-opened"
    told = log.read_text() + (tmp_path / "scheduler.log").read_text()
    assert "take_in_batch" in told
    assert "hush-37" not in told and "Lomu" not in told


def test_a_worker_keeps_its_readers_from_batch_to_batch(club: Project, tmp_path: Path) -> None:
    work = Work(str(club.root), f"sqlite:///{club.root / 'schemebook.db'}", (), Limits())
    open_store(club.root, create=True).__exit__(None, None, None)
    before, readers = {child.pid for child in multiprocessing.active_children()}, []
    for number in range(2):
        form = put_in(tmp_path / "inbox", f"{number}.pdf", returned(club, number))
        photograph = tmp_path / "inbox" / f"{number}.png"
        Image.new("RGB", (400, 600), (number, 255, 255)).save(photograph)
        told = take_in_batch(Batch(work, [str(form), str(photograph)]))
        assert [one.outcome for one in told] == ["recorded", "set-aside"]
        readers.append({child.pid for child in multiprocessing.active_children()} - before)
    assert readers[0] == readers[1] and len(readers[0]) == 2


def test_one_file_for_many_writers_and_a_mailbox_are_refused(club: Project, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        list(ingest_on_cluster("tcp://127.0.0.1:1", [tmp_path], root=club.root, database="sqlite:///a.db"))
    assert raised.value.kind == "cluster-needs-a-server"
    with pytest.raises(UsageError) as raised:
        list(ingest_on_cluster("tcp://h:1", ["imaps://a@b"], root=club.root, database="postgresql+psycopg://h/d"))
    assert raised.value.kind == "cluster-needs-places"


def test_a_cluster_does_not_watch(club: Project, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        take_in_by_command([str(tmp_path)], cluster="tcp://127.0.0.1:1", watch=True)
    assert raised.value.kind == "cluster-or-watch"

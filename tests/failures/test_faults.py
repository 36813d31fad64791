"""A failing disk, a database that goes, a kill at every n-th write: nothing lost, doubled or half, one clear line."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.failures.faults import (
    Done,
    Place,
    fresh,
    mixed_inbox,
    must_be_sound,
    must_become_whole,
    port_of,
    run_with,
    seen,
    unbroken,
    was_killed,
)
from tests.records.club import make_club
from tests.records.runs import kept
from tests.servers import new_database, postgresql
from tests.tiers import at_night

from schemebook.errors import SchemebookError
from schemebook.records.intake import ingest
from schemebook.scheme.project import Project

FAULTS = ("kill", "torn", "io", "full", "gone")
SOME = 9
"""How many of a run's writes fail in turn before a release; every one does at night."""


@pytest.fixture(scope="module")
def clean_club(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_club(tmp_path_factory.mktemp("club"))


@pytest.fixture(scope="module")
def inbox(clean_club: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("returned") / "inbox"
    mixed_inbox(clean_club, folder)
    return folder


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as address:
        yield address


def suffer(what: str, new_place: Callable[[], Place], most: int | None, under: str | None = None) -> str:
    """Let it happen at some writes of an intake, or at every one (most: None). Gives how often what came of it."""
    place = new_place()
    before, wanted = seen(place.inbox), unbroken(place, under)
    numbers = range(1, wanted.writes + 1)
    most = at_night(len(numbers), SOME) if most is None else most
    chosen = sorted(random.Random(what).sample(numbers, min(most, len(numbers))))
    counted: dict[str, int] = {}
    broken: list[str] = []
    for at in chosen:
        place = new_place()
        done, _ = run_with(what, at, place, under)
        outcome = "killed" if was_killed(done) else f"exit {done.returncode}"
        counted[outcome] = counted.get(outcome, 0) + 1
        try:
            must_have_told(what, done, all_there=len(kept_in(place)) == len(wanted.records))
            must_be_sound(place, wanted.records)
            must_become_whole(place, wanted.records, before)
        except (AssertionError, SchemebookError) as error:
            broken.append(f"{what} at {at}: {error}")
    assert not broken, "\n".join(broken)
    return f"{what} at {len(chosen)} of {wanted.writes} writes: {counted}"


def must_have_told(what: str, done: Done, all_there: bool) -> None:
    """A run that did not keep everything says so in one line, or in the list of what it set aside."""
    assert "Traceback" not in done.stderr, done.stderr
    assert done.stderr.count("\n") <= 1, done.stderr
    if what in ("kill", "torn"):
        assert was_killed(done), done
    elif not all_there:
        assert done.returncode != 0, done
        assert done.stderr.startswith("schemebook: ") or done.returncode == 3, done


def kept_in(place: Place) -> list[object]:
    there = place.database or (place.club.root / "schemebook.db").exists()
    return list(kept(place.club, place.database)) if there else []


def on_sqlite(clean: Project, inbox: Path, folder: Path) -> Callable[[], Place]:
    return lambda: Place(fresh(clean, folder, "club"), inbox)


def on_postgresql(clean: Project, inbox: Path, folder: Path, server: str) -> Callable[[], Place]:
    return lambda: Place(fresh(clean, folder, "club"), inbox, new_database(server))


def test_a_database_that_is_deleted_under_a_run_is_told_and_the_next_run_is_whole(
    clean_club: Project, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite sees that its file has gone, since it keeps a rollback journal."""
    monkeypatch.setattr(ingest, "FILES_A_COMMIT", 2)
    place = on_sqlite(clean_club, inbox, tmp_path)()
    with pytest.raises(SchemebookError) as told:
        for number, _ in enumerate(ingest.ingest_paths([inbox], root=place.club.root)):
            if number == 0:
                (place.club.root / "schemebook.db").unlink()
    assert told.value.kind == "database-read-only" and told.value.exit_status == 1
    assert {one.outcome for one in ingest.ingest_paths([inbox], root=place.club.root)} == {
        "recorded",
        "duplicate",
        "set-aside",
    }
    assert len(kept_in(place)) == 12


@pytest.mark.skipif(os.name == "nt", reason="Windows starts workers without a socket")
def test_a_system_that_starts_no_reader_is_told_in_one_line(clean_club: Project, inbox: Path, tmp_path: Path) -> None:
    """The server that forks workers listens in the folder for temporary files; a socket's path has 107 bytes."""
    place = on_sqlite(clean_club, inbox, tmp_path)()
    (tmp_path / ("x" * 100)).mkdir()
    settings = os.environ | {"TMPDIR": str(tmp_path / ("x" * 100))}
    done = subprocess.run(place.command, env=settings, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("schemebook: ") and "TMPDIR" in done.stderr and done.stderr.count("\n") == 1
    assert kept_in(place) == []


@pytest.mark.all_tiers
@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_at_some_writes_loses_nothing(what: str, clean_club: Project, inbox: Path, tmp_path: Path) -> None:
    print(suffer(what, on_sqlite(clean_club, inbox, tmp_path), SOME))


@pytest.mark.all_tiers
@pytest.mark.parametrize("what", ["kill", "gone"])
def test_a_fault_on_the_line_to_postgresql_loses_nothing(
    what: str, clean_club: Project, inbox: Path, tmp_path: Path, server: str
) -> None:
    new_place = on_postgresql(clean_club, inbox, tmp_path, server)
    print(suffer(what, new_place, SOME, under=port_of(server)))


@pytest.mark.nightly
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_at_every_write_loses_nothing(what: str, clean_club: Project, inbox: Path, tmp_path: Path) -> None:
    print(suffer(what, on_sqlite(clean_club, inbox, tmp_path), None))


@pytest.mark.nightly
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("where", ["disk", "line"])
@pytest.mark.parametrize("what", ["kill", "gone"])
def test_a_fault_at_every_write_beside_postgresql_loses_nothing(
    what: str, where: str, clean_club: Project, inbox: Path, tmp_path: Path, server: str
) -> None:
    new_place = on_postgresql(clean_club, inbox, tmp_path, server)
    print(suffer(what, new_place, None, under=port_of(server) if where == "line" else None))

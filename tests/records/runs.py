"""Runs of the intake in processes of their own, which may be killed at any instant or go at the same time."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.records.club import MEETING, filled, put_in

from schemebook.records.intake.ingest import ingest_paths
from schemebook.records.record import Record
from schemebook.records.store.originals import original_path
from schemebook.records.store.store import open_store
from schemebook.scheme.project import Project

RUN = """
import json, sys
from pathlib import Path
from schemebook.records.intake import ingest
ingest.FILES_A_COMMIT, ingest.SECONDS_A_COMMIT = 4, 60
for one in ingest.ingest_paths([Path(sys.argv[2])], root=Path(sys.argv[1]), database=sys.argv[3] or None):
    print(json.dumps(one.as_json()), flush=True)
"""


def returned(club: Project, number: int = 0, **changed: Any) -> bytes:
    """A filled form that differs from those of other numbers."""
    return filled(club, "meeting-record", MEETING | {"name": f"Person {number}"} | changed)


def sha256(content: bytes) -> str:
    """The hash under which a file is known."""
    return hashlib.sha256(content).hexdigest()


def kept(club: Project, database: str | None = None) -> list[Record]:
    """All records, in their order."""
    with open_store(club.root, database, create=database is not None) as store:
        return list(store.records())


def start(club: Project, inbox: Path, database: str | None = None) -> subprocess.Popen[str]:
    """An intake in small batches, in a process of its own with all that it starts."""
    command = [sys.executable, "-c", RUN, club.root, inbox, database or ""]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)


def run_two_at_once(club: Project, one: Path, other: Path, database: str | None = None) -> list[str]:
    """What two intakes that go at the same time tell of their files, sorted. Both must end well."""
    both = [start(club, inbox, database) for inbox in (one, other)]
    told = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    return sorted(json.loads(line)["outcome"] for text in told for line in text.splitlines())


def kill_and_take_up(club: Project, folder: Path, times: int, seed: int, database: str | None = None) -> None:
    """Kill at random instants, run again: exactly the records of a run that nothing broke.

    Where all are there, the store is forgotten and the next runs begin anew.
    """
    inbox = folder / "inbox"
    _mixed_inbox(club, inbox, 40)
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in inbox.iterdir()}
    wanted, took = _unbroken(club, inbox, folder / "unbroken")
    chance = random.Random(seed)
    killed = 0
    for _ in range(times):
        process = start(club, inbox, database)
        time.sleep(chance.uniform(0.3, 0.8 + took))
        killed += process.poll() is None
        os.killpg(process.pid, signal.SIGKILL) if process.poll() is None else None
        process.communicate()
        there = kept(club, database)
        assert [one for one in there if one not in wanted] == []
        for record in there:
            assert sha256(original_path(club.root / "records", record.sha256 or "").read_bytes()) == record.sha256
        if len(there) == len(wanted):
            _forget(club, database)
    assert killed >= times // 3
    list(ingest_paths([inbox], root=club.root, database=database))
    assert kept(club, database) == wanted
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in inbox.iterdir()} == before


def _mixed_inbox(club: Project, inbox: Path, count: int) -> None:
    for number in range(count):
        content = {5: b"no PDF", 6: returned(club, 1)}.get(number % 8, returned(club, number))
        put_in(inbox, f"{number:02}.pdf", content)


def _unbroken(club: Project, inbox: Path, root: Path) -> tuple[list[Record], float]:
    """The records of a run that nothing breaks, and its seconds."""
    shutil.copytree(club.root, root)
    started = time.monotonic()
    list(ingest_paths([inbox], root=root))
    return kept(replace(club, root=root)), time.monotonic() - started


def _forget(club: Project, database: str | None) -> None:
    shutil.rmtree(club.root / "records")
    if database is None:
        (club.root / "schemebook.db").unlink()
        return
    with open_store(club.root, database) as store, store.engine.begin() as connection:
        for table in ("records", "anonymous_records", "anonymous_seen", "set_aside"):
            connection.exec_driver_sql(f"DELETE FROM {table}")

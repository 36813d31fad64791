"""An intake on a disk that fails at its n-th write, or with a line to its database that breaks: faults.c does it.

The intake is the command line's own, in commits of a few files each.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from tests.programs import program
from tests.records.club import put_in
from tests.records.runs import kept, returned, sha256
from tests.returned.test_mail import message
from tests.returned.test_sources import zipped

from schemebook.records.intake.ingest import ingest_paths
from schemebook.records.record import Record
from schemebook.records.store.originals import original_path
from schemebook.scheme.project import Project

SOURCE = Path(__file__).with_name("faults.c")
RUN = """
import sys
from schemebook.records.intake import ingest
ingest.FILES_A_COMMIT, ingest.SECONDS_A_COMMIT = 4, 60
from schemebook.cli.app import main
sys.argv = ["schemebook", *sys.argv[1:]]
main()
"""


Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Place:
    """A project, its inbox, and the database where it is not the project's own."""

    club: Project
    inbox: Path
    database: str | None = None

    @property
    def command(self) -> list[str]:
        """The intake of the whole inbox."""
        given = ["--database", self.database] if self.database else []
        return [sys.executable, "-c", RUN, "--project", str(self.club.root), "ingest", str(self.inbox), *given]


@cache
def shim() -> Path:
    """The library, compiled beside the programs of this environment. Skips where it cannot be."""
    if sys.platform != "linux":
        pytest.skip("writes are made to fail by LD_PRELOAD, which is Linux's")
    made = Path(sys.prefix) / "faults.so"
    if not made.is_file() or made.stat().st_mtime < SOURCE.stat().st_mtime:
        aside = made.with_suffix(f".{os.getpid()}")
        subprocess.run([program("cc"), "-O1", "-shared", "-fPIC", "-o", aside, SOURCE, "-ldl"], check=True)
        aside.replace(made)
    return made


def mixed_inbox(club: Project, inbox: Path) -> None:
    """Twelve returns, of which two come twice, some in a zip and a message, beside a file that is none."""
    for number in range(6):
        put_in(inbox, f"{number}.pdf", returned(club, number))
    put_in(inbox, "7.pdf", b"no PDF")
    put_in(inbox, "6.zip", zipped({f"{number}.pdf": returned(club, number) for number in (5, 6, 7, 8)}))
    put_in(inbox, "8.eml", message(a_pdf=returned(club, 9), b_pdf=returned(club, 0)).as_bytes())
    for number in range(10, 12):
        put_in(inbox, f"{number}.pdf", returned(club, number))


def seen(folder: Path) -> dict[Path, tuple[bytes, int]]:
    """What an inbox is like: nothing of it may change."""
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in sorted(folder.iterdir())}


def run_with(what: str, at: int, place: Place, under: str | None = None) -> tuple[Done, int]:
    """An intake to which something happens at its n-th write; and how many writes it came to."""
    counter = place.club.root.parent / "counter"
    counter.write_bytes(bytes(8))
    told = {"FAULT_UNDER": under or str(place.club.root), "FAULT_COUNTER": str(counter)}
    told |= {"FAULT_DO": what, "FAULT_AT": str(at), "LD_PRELOAD": str(shim())}
    process = subprocess.Popen(
        place.command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, **told},
    )  # fmt: skip
    out, err = process.communicate(timeout=120)
    done = subprocess.CompletedProcess(process.args, process.returncode, out, err)
    return done, int.from_bytes(counter.read_bytes(), sys.byteorder)


def port_of(database: str) -> str:
    """The port that a database's address names."""
    return str(make_url(database).port)


@dataclass(frozen=True)
class Unbroken:
    """What an intake comes to that nothing breaks: records, and how many writes it took."""

    records: list[Record]
    writes: int


def unbroken(place: Place, under: str | None = None) -> Unbroken:
    """The same intake, counted."""
    done, writes = run_with("count", 0, place, under)
    assert (done.returncode, done.stderr) == (3, ""), done.stderr
    return Unbroken(kept(place.club, place.database), writes)


def must_be_sound(place: Place, wanted: list[Record]) -> None:
    """After any fault: no record that an unbroken run would not have, none twice, and the original of each."""
    there = kept(place.club, place.database) if place.database or (place.club.root / "schemebook.db").exists() else []
    assert [one for one in there if one not in wanted] == []
    assert len({one.id for one in there}) == len(there)
    for record in there:
        assert sha256(original_path(place.club.root / "records", record.sha256 or "").read_bytes()) == record.sha256


def must_become_whole(place: Place, wanted: list[Record], inbox: dict[Path, tuple[bytes, int]]) -> None:
    """The next run ends with exactly the records of an unbroken one, and nothing in the inbox was touched."""
    list(ingest_paths([place.inbox], root=place.club.root, database=place.database))
    must_be_sound(place, wanted)
    assert kept(place.club, place.database) == wanted
    assert seen(place.inbox) == inbox


def fresh(clean: Project, folder: Path, name: str) -> Project:
    """A copy of a project that nothing was taken into."""
    shutil.rmtree(folder / name, ignore_errors=True)
    shutil.copytree(clean.root, folder / name)
    return replace(clean, root=folder / name)


def was_killed(done: Done) -> bool:
    """Whether an intake ended by SIGKILL."""
    return done.returncode == -signal.SIGKILL

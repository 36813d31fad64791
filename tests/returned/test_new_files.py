"""A watched folder: each file once it is whole, and again when it has changed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.records.club import make_club
from tests.records.test_ingest import returned

from schemebook.returned.arrivals.new_files import NewFiles


def written(path: Path, content: bytes, seconds_ago: float = 60) -> None:
    path.write_bytes(content)
    os.utime(path, (time.time() - seconds_ago,) * 2)


def test_a_file_is_told_once_and_again_when_it_has_changed(tmp_path: Path) -> None:
    new = NewFiles()
    written(tmp_path / "a.pdf", b"one")
    assert [new(tmp_path / "a.pdf") for _ in range(3)] == [True, False, False]
    written(tmp_path / "a.pdf", b"two, longer")
    assert [new(tmp_path / "a.pdf") for _ in range(2)] == [True, False]


def test_a_file_that_is_being_written_is_left_for_the_next_look(tmp_path: Path) -> None:
    new = NewFiles()
    written(tmp_path / "a.pdf", b"half", seconds_ago=0)
    assert not new(tmp_path / "a.pdf")
    written(tmp_path / "a.pdf", b"half and half", seconds_ago=5)
    assert new(tmp_path / "a.pdf")


def test_a_watched_folder_gives_what_comes_while_it_is_watched(tmp_path: Path) -> None:
    club = make_club(tmp_path / "club")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    written(inbox / "a.pdf", returned(club, 1))
    short = "import schemebook.cli.coordinator as c; c.WATCH_SECONDS = 0.2; from schemebook.cli.app import main; main()"
    command = [sys.executable, "-c", short, "--project", str(club.root), "ingest", str(inbox), "--watch"]
    with subprocess.Popen(
        [*command, "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as run:  # fmt: skip
        assert run.stdout and run.stderr
        assert "a.pdf" in run.stdout.readline()
        written(inbox / "b.pdf", returned(club, 2))
        assert "b.pdf" in run.stdout.readline()
        run.send_signal(signal.SIGINT)
        rest, told = run.communicate(timeout=30)
    assert (rest, run.returncode) == ("", 0)
    assert "Traceback" not in told

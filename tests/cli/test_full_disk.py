"""A disk that is full: one line that says where, and every file that stood there before stands there still, whole.

A limit on the size of a file stands in for it (RLIMIT_FSIZE): writing then fails in the middle, as on a full disk.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

SCHEMEBOOK = Path(sys.executable).with_name("schemebook")
LARGEST = 9_000
"""Bytes: less than any form and most files of a site have."""


def schemebook(root: Path, *words: str | Path, full: bool = False) -> subprocess.CompletedProcess[str]:
    limits = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (LARGEST, LARGEST)) if full else None
    return subprocess.run(
        [SCHEMEBOOK, "-q", *words], cwd=root, capture_output=True, text=True, timeout=120, preexec_fn=limits
    )


def everything(root: Path) -> dict[str, bytes]:
    """All files of a project but those that a build makes for itself, by name."""
    found = (path for path in root.rglob("*") if path.is_file() and "build" not in path.relative_to(root).parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter, published and built, with answers and a list of people."""
    root = tmp_path_factory.mktemp("project")
    assert schemebook(root, "init", ".").returncode == 0
    assert schemebook(root, "build").returncode == 0
    (root / "answers.json").write_text(json.dumps({"name": "Ann Vale"}), "utf-8")
    (root / "people.csv").write_text("key,name\nE1,Ann Vale\nE2,Bo Reed\n", "utf-8")
    return root


def change_words(root: Path) -> None:
    """An edit after which the form is another edition, and the site has other pages."""
    for path in (root / "forms").rglob("application.yml"):
        path.write_text(path.read_text("utf-8").replace("title: ", "title: New ", 1), "utf-8")


COMMANDS: dict[str, tuple[str, ...]] = {
    "fill": ("fill", "our-scheme/application", "answers.json", "--output", "filled.pdf"),
    "publish": ("publish", "--anew"),
    "build": ("build",),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_is_told_in_one_line_and_changes_no_file_and_the_next_run_is_whole(
    command: str, project: Path
) -> None:
    change_words(project)
    before = everything(project)
    done = schemebook(project, *COMMANDS[command], full=True)
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if "cannot be written (File too large)" in line]
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert everything(project) == before
    again = schemebook(project, *COMMANDS[command])
    assert again.returncode == 0, again.stderr


def test_no_copy_is_left_in_half_when_the_disk_is_full_of_issued_ones(project: Path) -> None:
    words = ("issue", "our-scheme/application", "--to", "people.csv", "--output", "build/copies")
    database = ("--database", f"sqlite:///{project / 'build' / 'issued.db'}")
    assert schemebook(project, "publish", "--anew").returncode == 0
    whole = schemebook(project, *words, *database)
    assert whole.returncode == 0, whole.stderr
    (one, *_) = (project / "build" / "copies").glob("*.pdf")
    one.unlink()
    done = schemebook(project, *words, *database, full=True)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert sorted(path.suffix for path in (project / "build" / "copies").iterdir()) == [".pdf"]

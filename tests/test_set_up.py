"""What sets a machine up says in one line what is missing, and does nothing twice."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from tests.set_up import Program, have_programs, is_current

TESTS = Path(__file__).parent


def new_environment(path: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the script that makes .venv, with only the programs of one folder within reach."""
    command = ["/bin/sh", str(TESTS / "new_environment.sh"), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, env={"PATH": str(path)})


def stand_in(folder: Path, name: str, body: str) -> None:
    script = folder / name
    script.write_text(f"#!/bin/sh\n{body}\n")
    script.chmod(0o755)


def test_without_python_one_line_says_what_to_install(tmp_path: Path) -> None:
    done = new_environment(tmp_path, tmp_path / "env")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "apt-get install python3 python3-venv" in done.stderr


def test_a_python_that_is_too_old_or_cannot_make_environments_is_passed_over(tmp_path: Path) -> None:
    python = Path(sys.executable).resolve()
    stand_in(tmp_path, "python3", "exit 1")
    stand_in(tmp_path, "python3.13", f'case "$*" in *ensurepip*) exit 1;; esac\nexec {python} "$@"')
    done = new_environment(tmp_path, tmp_path / "env")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "apt-get install python3-venv" in done.stderr
    stand_in(tmp_path, "python3.11", f'exec {python} "$@"')
    assert new_environment(tmp_path, tmp_path / "env").returncode == 0
    assert (tmp_path / "env" / "bin" / "python").exists()


def test_a_program_that_is_not_here_is_told_with_its_tests_and_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    missing = Program("no-such-program", "no-such-package", "the tests of nothing")
    have_programs((missing, Program("sh", "dash", "nothing")), may_install=False, why_not="nobody may install")
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 1
    assert all(part in told[0] for part in ("no-such-program", "no-such-package", "the tests of nothing", "nobody may"))


def test_a_stamp_holds_until_what_it_was_made_from_changes(tmp_path: Path) -> None:
    source, stamp = tmp_path / "lock", tmp_path / "stamp"
    source.write_text("one")
    assert not is_current(stamp, source)
    stamp.write_text(sha256(b"one").hexdigest())
    assert is_current(stamp, source)
    source.write_text("two")
    assert not is_current(stamp, source)

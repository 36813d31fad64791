"""The command review: a list without a terminal, one key a decision on one, and options that decide."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.desk.test_review_page import contradicting
from tests.records.club import filled, make_club, put_in
from tests.records.test_review import ANSWERS

SCHEMEBOOK = Path(sys.executable).with_name("schemebook")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = make_club(tmp_path_factory.mktemp("review") / "club")
    put_in(project.root / "in", "a.pdf", contradicting(filled(project, "application", ANSWERS)))
    assert run(project.root, "ingest", "in").returncode == 0
    return project.root


@pytest.fixture
def club(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "club")


def run(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SCHEMEBOOK, *words], cwd=root, capture_output=True, text=True, timeout=120, check=False)


def record(root: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(run(root, "records", "--format", "json").stdout)
    return found


def on_a_terminal(root: Path, *steps: tuple[str, str]) -> str:
    """Start review on a terminal; wait for a text, then type, step by step. All that was shown.

    A key that comes before the program listens for one is thrown away by the terminal, so it is pressed again.
    """
    main, other = pty.openpty()
    environment = os.environ | {"COLUMNS": "100", "TERM": "xterm", "NO_COLOR": "1"}
    command = [SCHEMEBOOK, "review", "--as", "Anahera"]
    shown, keys = "", ""
    with subprocess.Popen(command, cwd=root, stdin=other, stdout=other, stderr=other, env=environment) as process:
        os.close(other)
        try:
            for wanted, then in (*steps, (None, "")):
                shown += _until(main, wanted, keys if len(keys) == 1 else "")
                keys = then
                os.write(main, keys.encode())
            assert process.wait(20) == 0
        finally:
            process.kill()
            os.close(main)
    return shown


def _until(main: int, wanted: str | None, key: str) -> str:
    """What is shown until a text comes; with None until the program ends."""
    part = ""
    for _ in range(40):
        if select.select([main], [], [], 1)[0]:
            try:
                part += os.read(main, 4096).decode("utf-8", "replace")
            except OSError:  # how Linux tells the end
                return part
        elif key:
            os.write(main, key.encode())
        if wanted is not None and wanted in part:
            return part
    raise AssertionError(f"{wanted!r} did not come in {part[-300:]!r}")


def test_without_a_terminal_it_lists_each_reason_with_both_readings(club: Path) -> None:
    told = run(club, "review").stdout
    assert "name: Tāne Mahuta" in told and "Field work" in told and "Office" in told
    lines = [json.loads(line) for line in run(club, "review", "--format", "json").stdout.splitlines()]
    assert [(one["kind"], one["field"]) for one in lines] == [("disagreement", "name"), ("disagreement", "team")]


def test_one_key_accepts_and_one_takes_the_other_reading(club: Path) -> None:
    shown = on_a_terminal(club, ("[q]", "a"), ("[q]", "o"))
    assert "Full name" in shown and "Which team" in shown
    found = record(club)
    assert found["needs_review"] is False
    assert isinstance(found["answers"], dict) and found["answers"]["team"] == "office"
    changes = found["changes"]
    assert isinstance(changes, list)
    assert [(one["kind"], one["who"], one["old"], one["new"]) for one in changes] == [
        ("accepted", "Anahera", None, None), ("corrected", "Anahera", "field", "office"),
    ]  # fmt: skip


def test_a_correction_is_asked_again_until_it_is_an_answer_and_stopping_keeps_what_was_decided(club: Path) -> None:
    shown = on_a_terminal(
        club, ("[q]", "s"), ("[q]", "c"), ("work in?", "nowhere\n"), ("no option", "c"), ("work in?", "another\n")
    )
    assert "Which team do you work in?" in shown
    answers = record(club)["answers"]
    assert isinstance(answers, dict) and answers["team"] == "other"
    on_a_terminal(club, ("[q]", "q"))
    assert record(club)["needs_review"] is True


def test_options_decide_all_or_nothing(club: Path) -> None:
    id = str(record(club)["id"])
    done = run(club, "review", id, "--as", "Ben", "--set", "team=office", "--set", "hours=secretly")
    assert done.returncode == 2 and "secretly" not in done.stderr and "Traceback" not in done.stderr
    assert record(club)["changes"] == []
    done = run(club, "review", id, "--as", "Ben", "--set", "hours=3", "--give", "rose@example.org", "--accept")
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 4
    found = record(club)
    assert (found["needs_review"], found["given_to"]) == (False, "rose@example.org")
    assert run(club, "review", id, "--void", "Twice").returncode == 0
    assert record(club)["voided"] is True
    assert "Twice" in run(club, "records", id).stdout
    assert run(club, "review", "--void", "no id").returncode == 2


def test_the_page_is_only_its_owner_s_to_read(club: Path) -> None:
    assert run(club, "review", "--page", "review.html").returncode == 0
    assert (club / "review.html").stat().st_mode & 0o777 == 0o600

"""The command review: a list without a terminal, one key a decision on one, and options that decide."""

from __future__ import annotations

import datetime
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.desk.test_review_page import contradicting
from tests.records.club import filled, make_club, put_in
from tests.records.test_review import ANSWERS
from tests.terminal import SCHEMEBOOK, on_a_terminal

from schemebook.records.listing import record_json
from schemebook.records.store.store import open_store
from schemebook.scheme.words import say

REVIEW = ("review", "--as", "Anahera")


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
    """The only record, as `records --format json` tells it."""
    with open_store(root) as store:
        (found,) = store.records()
    return record_json(found)


def test_without_a_terminal_it_lists_each_reason_with_both_readings(club: Path) -> None:
    told = run(club, "review").stdout
    assert "(in/a.pdf): " in told
    assert "name: Tāne Mahuta" in told and "Field work" in told and "Office" in told
    lines = [json.loads(line) for line in run(club, "review", "--format", "json").stdout.splitlines()]
    assert [(one["kind"], one["field"]) for one in lines] == [("disagreement", "name"), ("disagreement", "team")]


def test_one_key_accepts_and_one_takes_the_other_reading(club: Path) -> None:
    shown = on_a_terminal(club, REVIEW, ("[q]", "a"), ("[q]", "o"))
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
        club,
        REVIEW,
        ("[q]", "s"),
        ("[q]", "c"),
        ("work in?", "nowhere\n"),
        ("no option", "c"),
        ("work in?", "another\n"),
    )
    assert "Which team do you work in?" in shown
    answers = record(club)["answers"]
    assert isinstance(answers, dict) and answers["team"] == "other"
    on_a_terminal(club, REVIEW, ("[q]", "q"))
    assert record(club)["needs_review"] is True


def changes(root: Path) -> list[dict[str, object]]:
    found = record(root)["changes"]
    assert isinstance(found, list)
    return found


def test_a_correction_keeps_who_when_and_what_was_there_before(club: Path) -> None:
    on_a_terminal(club, REVIEW, ("[q]", "c"), ("Full name", "Rose Tyler\n"), ("[q]", "q"))
    (one,) = changes(club)
    assert (one["kind"], one["field"], one["who"]) == ("corrected", "name", "Anahera")
    assert (one["old"], one["new"]) == ("Tāne Mahuta", "Rose Tyler")
    age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(str(one["at"]))
    assert datetime.timedelta(0) <= age < datetime.timedelta(minutes=5)


def test_a_record_is_given_to_somebody_and_voided_for_a_reason_on_the_terminal(club: Path) -> None:
    """Nothing said is nothing done: the same card asks on."""
    on_a_terminal(
        club, REVIEW,
        ("[q]", "g"), ("Whose", " \n"), ("Nothing was said", "g"), ("Whose", "rose@example.org\n"),
        ("[q]", "v"), ("count?", "Sent twice\n"),
    )  # fmt: skip
    assert [(one["kind"], one["new"], one["reason"]) for one in changes(club)] == [
        ("given", "rose@example.org", None), ("voided", None, "Sent twice"),
    ]  # fmt: skip
    found = record(club)
    assert (found["given_to"], found["voided"], found["needs_review"]) == ("rose@example.org", True, False)


def test_one_key_accepts_all_of_a_record_and_then_nothing_is_left_to_ask(club: Path) -> None:
    on_a_terminal(club, REVIEW, ("[q]", "l"))
    assert [one["kind"] for one in changes(club)] == ["accepted", "accepted"]
    assert say("desk.look-none") in on_a_terminal(club, REVIEW)


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_ctrl_c_and_ctrl_d_stop_and_keep_what_was_decided(club: Path, key: str) -> None:
    shown = on_a_terminal(club, REVIEW, ("[q]", "a"), ("[q]", key))
    assert "Traceback" not in shown and [one["kind"] for one in changes(club)] == ["accepted"]


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

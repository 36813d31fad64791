"""The command enter on a real terminal: question by question, and all that was said or nothing is kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.records.club import SCHEME, make_club, put_in
from tests.terminal import on_a_terminal

from schemebook.records.record import Record
from schemebook.records.store.store import open_store
from schemebook.scheme.words import say

JPEG = b"\xff\xd8\xff\xe0 not a whole one"
ENTER = ("enter", "in/photo.jpg", "--form", f"{SCHEME}/meeting-record", "--as", "Anahera")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = make_club(tmp_path_factory.mktemp("enter") / "club")
    put_in(project.root / "in", "photo.jpg", JPEG)
    return project.root


@pytest.fixture
def club(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "club")


def records(root: Path) -> list[Record]:
    with open_store(root, create=True) as store:
        return list(store.records())


def test_each_question_is_asked_once_and_what_was_said_is_a_record_with_its_history(club: Path) -> None:
    shown = on_a_terminal(
        club, ENTER,
        ("Full name", "Tāne Mahuta\n"), ("E-mail", "tane@example.org\n"), ("When did you meet", "12 October 2026\n"),
        ("How long did it", "45\n"), ("agree", " \n"),
    )  # fmt: skip
    (record,) = records(club)
    assert record.id in shown
    assert record.answers == {
        "name": "Tāne Mahuta", "email": "tane@example.org", "met-on": "2026-10-12", "minutes": 45,
    }  # fmt: skip
    assert [(one.kind, one.who) for one in record.changes] == [("entered", "Anahera")]
    assert {one.door for one in record.recovered} == {"person"}


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_ctrl_c_and_ctrl_d_keep_nothing(club: Path, key: str) -> None:
    shown = on_a_terminal(club, ENTER, ("Full name", "Tāne Mahuta\n"), ("E-mail", key), status=130)
    assert say("cli.enter-stopped") in shown and records(club) == []
    assert not list((club / "records").rglob("*.pdf"))

"""A second scheme made by `schemebook init` goes the whole path with no change in Python."""

from __future__ import annotations

import json
from pathlib import Path

from tests.whole_path.commands import schemebook

ANSWERS = {
    "name": "Hēmi Tuʻipulotu",
    "email": "hemi@example.org",
    "team": "other",
    "team-name": "Ōtautahi – 北京",
    "topics": ["career", "people"],
    "goal": "I want to speak up in meetings, plan my weeks and finish the course that I began last spring with Zoë.",
    "mentored-before": False,
    "start": "2026-10-05",
    "hours": 3,
    "strengths": {
        "listen": {"now": "well"},
        "ask": {"now": "a-bit", "next": "Ask earlier."},
        "plan": {"now": "not-yet"},
    },
    "experience": [{"what": "Welding", "year": 2019}],
    "ready": ["read"],
    "agree": True,
    "signed": {"name": "Hēmi Tuʻipulotu", "date": "2026-09-20", "kind": "typed"},
}


def test_a_project_made_by_init_checks_builds_and_reads_its_forms_at_once(tmp_path: Path) -> None:
    project = tmp_path / "club"
    schemebook(tmp_path, "init", "club", "--scheme", "chess-club")
    schemebook(project, "check")
    schemebook(project, "build")
    (project / "answers.json").write_text(json.dumps(ANSWERS), "utf-8")
    schemebook(project, "fill", "chess-club/application", "answers.json", "--output", "inbox/hemi.pdf")
    schemebook(project, "ingest", "inbox")
    (record,) = map(json.loads, schemebook(project, "records", "--format", "json").splitlines())
    assert record["answers"] == ANSWERS
    assert record["problems"] == [] and record["needs_review"] is False
    schemebook(project, "report", "chess-club")
    assert "Hēmi Tuʻipulotu" in (project / "records/reports/chess-club/index.html").read_text("utf-8")


def test_a_second_scheme_in_the_same_project_does_too(tmp_path: Path) -> None:
    schemebook(tmp_path, "init", "--scheme", "first")
    schemebook(tmp_path, "init", "--scheme", "second")
    schemebook(tmp_path, "check")
    schemebook(tmp_path, "build")
    for scheme in ("first", "second"):
        assert (tmp_path / "site" / scheme / "forms" / "application.pdf").is_file()


def test_nothing_of_an_answer_reaches_the_site(tmp_path: Path) -> None:
    schemebook(tmp_path, "init", "--scheme", "club")
    (tmp_path / "answers.json").write_text(json.dumps(ANSWERS), "utf-8")
    schemebook(tmp_path, "fill", "club/application", "answers.json", "--output", "inbox/a.pdf")
    schemebook(tmp_path, "ingest", "inbox")
    (tmp_path / "answers.json").unlink()
    schemebook(tmp_path, "build")
    for path in (tmp_path / "site").rglob("*"):
        if path.is_file():
            assert "Tuʻipulotu".encode() not in path.read_bytes(), path
            assert path.suffix not in (".db", ".json5"), path

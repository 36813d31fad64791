from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

from schemebook.records.listing import csv_lines, record_json, record_table, records_table
from schemebook.records.record import Record
from schemebook.returned.submission import ReviewReason
from schemebook.scheme.answers import AnswerProblem

RECORD = Record(
    id="ab" * 16,
    scheme="club",
    form="application",
    version=2,
    received="2026-11-24T09:12:05Z",
    answers={"name": "=Tāne", "start": "2026-12-01", "agree": True},
    problems=(AnswerProblem("hours", "not-a-number", "This is not a number.", "two-ish"),),
    review=(ReviewReason("repaired", "Compare."),),
    needs_review=True,
    sha256="c" * 64,
    part=0,
    edition="0a1b2c3d",
    source="in/a.pdf",
)


def test_json_has_the_keys_that_others_script_against() -> None:
    found = record_json(RECORD)
    assert list(found)[:10] == [
        *("id", "scheme", "form", "version", "sha256", "received", "source", "needs_review", "answers", "problems"),
    ]
    assert found["problems"] == [
        {"field": "hours", "kind": "not-a-number", "message": "This is not a number.", "text": "two-ish"}
    ]
    assert json.loads(json.dumps(found)) == found


def test_csv_has_a_line_a_record_and_a_column_a_field() -> None:
    other = replace(RECORD, id="cd" * 16, answers={"name": "Ana", "team": "north"})
    head, first, second = csv.reader(io.StringIO("".join(csv_lines([RECORD, other])), newline=""))
    assert set(head) >= {"id", "source", "name", "start", "team", "agree"}
    assert dict(zip(head, first, strict=True))["name"] == "'=Tāne"
    assert dict(zip(head, first, strict=True))["agree"] == "yes"
    assert dict(zip(head, second, strict=True))["start"] == ""


def test_the_table_has_a_line_a_record_and_says_so_when_there_is_none() -> None:
    assert len(records_table([RECORD, RECORD]).splitlines()) == 3
    assert len(records_table([]).splitlines()) == 1


def test_a_record_is_shown_whole() -> None:
    shown = record_table(RECORD)
    for part in (RECORD.id, RECORD.sha256, "=Tāne", "2026-12-01", "two-ish", "This is not a number.", "Compare."):
        assert str(part) in shown


def test_no_control_character_of_a_file_name_reaches_the_terminal() -> None:
    wild = replace(RECORD, source="a\x1b[2J\x07.pdf")
    for shown in (records_table([wild]), record_table(wild)):
        assert "\x1b" not in shown and "\x07" not in shown

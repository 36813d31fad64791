"""A scheme that is no mentoring, made with YAML and Markdown alone, goes the whole path without a word of mentoring.

`volunteering/` holds it: nobody is paired, nobody meets in sessions, hours are recorded month by month.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.handbook.built_site import Site
from tests.programs import pdftotext
from tests.whole_path.commands import schemebook

ID = "riverside-volunteers"
SIGNED = {"name": "Moana Tūhoe", "date": "2026-08-01", "kind": "typed"}
MOANA = {"name": "Moana Tūhoe", "email": "moana@example.org"}
SENT: list[tuple[str, dict[str, Any]]] = [
    (
        "agreement",
        {
            **MOANA,
            "born": "1990-05-05",
            "emergency": "01632 960200",
            "day": "tuesday",
            "work": ["sort", "van"],
            "licence": True,
            "begins": "2026-08-10",
            "promise": True,
            "signed": SIGNED,
        },
    ),
    (
        "hours",
        {
            **MOANA,
            "month": "2026-08-31",
            "shifts": [
                {"day": "2026-08-12", "work": "Sorting", "hours": 4},
                {"day": "2026-08-19", "work": "The van", "hours": 3.5},
            ],
            "total": 7.5,
            "fares": 12.4,
        },
    ),
    (
        "review",
        {
            "name": "Ada Okonjo",
            "email": "ada@example.org",
            "role": "shift-leader",
            "held-on": "2026-11-05",
            "well": "The Tuesday crew.",
            "newcomers": "They settle in.",
        },
    ),
    ("leaving", {"stayed": "months", "better": "More tea."}),
]
OF_MENTORING = re.compile(r"mentor|mentee|\bpairs?\b|\bsessions?\b|\bcohort|\bmatch(?:ed|ing)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, checked, published, built; its returns taken in, its report written."""
    folder = tmp_path_factory.mktemp("volunteering") / "project"
    shutil.copytree(Path(__file__).with_name("volunteering"), folder)
    schemebook(folder, "check")
    schemebook(folder, "publish")
    schemebook(folder, "build")
    (folder / "inbox").mkdir()
    for number, (form, answers) in enumerate(SENT):
        (folder / "answers.json").write_text(json.dumps(answers), "utf-8")
        schemebook(folder, "fill", f"{ID}/{form}", "answers.json", "--output", f"inbox/{number}.pdf")
    schemebook(folder, "ingest", "inbox")
    schemebook(folder, "report", ID, "--output", "report", "--as-of", "2026-11-27")
    return folder


def test_it_checks_clean(root: Path) -> None:
    assert schemebook(root, "check") == ""


def test_every_form_comes_back_as_the_record_of_what_was_filled_in(root: Path) -> None:
    lines = schemebook(root, "records", "--format", "json").splitlines()
    records = {record["form"]: record for record in map(json.loads, lines)}
    assert {form: record["answers"] for form, record in records.items()} == dict(SENT)
    assert [form for form, record in records.items() if record["problems"] or record["needs_review"]] == []


def words_of(page: Path) -> Iterator[str]:
    """What a page says, without styles and scripts."""
    html = re.sub(r"<(style|script)\b.*?</\1>", " ", page.read_text("utf-8"), flags=re.DOTALL)
    yield from re.sub(r"<[^>]*>", " ", html).split("\n")


def test_no_page_no_form_and_no_report_speaks_of_mentoring(root: Path) -> None:
    pages = [*(root / "site").rglob("*.html"), root / "report" / "index.html"]
    assert len(pages) > 10
    found = {(page.name, line.strip()) for page in pages for line in words_of(page) if OF_MENTORING.search(line)}
    found |= {
        (path.name, line)
        for path in (root / "site").rglob("*.pdf")
        for line in pdftotext(path).splitlines()
        if OF_MENTORING.search(line)
    }
    assert found == set()


def test_the_site_is_whole(root: Path) -> None:
    site = Site(root / "site")
    assert (site.broken_links(), site.foreign_parts(), site.duplicate_ids()) == ([], [], [])


def test_the_report_knows_who_gave_which_hours_and_what_is_owed(root: Path) -> None:
    with (root / "report" / "obligations.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert {(row["name"], row["form"], row["occasion"], row["state"]) for row in rows} == {
        ("Moana Tūhoe", "Volunteering agreement", "", "in"),
        ("Moana Tūhoe", "Hours of a month", "10 August to 9 September 2026", "in"),
        ("Moana Tūhoe", "Hours of a month", "10 September to 9 October 2026", "late"),
        ("Moana Tūhoe", "Hours of a month", "10 October to 9 November 2026", "late"),
        ("Ada Okonjo", "How it goes", "November 2026", "in"),
    }
    with (root / "report" / "sums.csv").open(encoding="utf-8-sig") as file:
        given = [(row["name"], row["sum"], row["amount"], row["unit"], row["returns"]) for row in csv.DictReader(file)]
    assert given == [
        ("Moana Tūhoe", "Hours given", "7.5", "hours", "1"),
        ("Moana Tūhoe", "Fares paid back", "12.4", "£", "1"),
    ]
    with (root / "report" / "answers-hours.csv").open(encoding="utf-8-sig") as file:
        (hours,) = csv.DictReader(file)
    assert (hours["name"], hours["total"], hours["shifts.2.hours"]) == ("Moana Tūhoe", "7.5", "3.5")

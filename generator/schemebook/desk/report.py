"""A project and its store in, a scheme's report out: one HTML page that needs no other file, and CSVs beside it."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from schemebook.desk import findings
from schemebook.desk.cpd_findings import credits_of
from schemebook.desk.export import csv_files
from schemebook.desk.findings import SERIES, Looked, Words
from schemebook.desk.ledger import draw_up
from schemebook.desk.one_file import whole_page
from schemebook.desk.sums import sums_of
from schemebook.records.people.issued import issued_copies
from schemebook.records.people.near_matches import near_matches
from schemebook.records.people.people import known_people
from schemebook.records.store.store import Store
from schemebook.scheme.days import long_day
from schemebook.scheme.files import write_file, write_lines
from schemebook.scheme.project import Project
from schemebook.scheme.words import say

PAGE = "index.html"


def write_report(project: Project, scheme_id: str, store: Store, output: Path, as_of: datetime.date) -> list[Path]:
    """Write a scheme's report into a folder, and give the files: the page first.

    as_of: what had come in by the end of that day, in the scheme's time zone, is reported. Raises UsageError for a
    scheme that is not there, SchemebookError where the store or the folder is at fault.
    """
    scheme = project.scheme(scheme_id)
    words = Words(scheme, project.forms.get(scheme_id, {}), project.names(scheme_id))
    found = store.records(schemes=(scheme_id,))
    people = known_people(project, scheme, found, as_of, issued_copies(store, scheme_id))
    near = near_matches(people.people)  # before the ledger: both at once would take the most memory
    looked = Looked(as_of, people, draw_up(project, scheme, people, as_of), near)
    write_file(output / PAGE, report_page(looked, words))
    written = [output / PAGE]
    for name, lines in csv_files(looked, words, found):
        write_lines(output / name, lines)
        written.append(output / name)
    return written


def report_page(looked: Looked, words: Words) -> bytes:
    """The page of a report."""
    scheme, day = words.scheme, long_day(looked.as_of)
    shown: dict[str, Any] = {
        "scheme": scheme,
        "day": day,
        "heading": findings.heading(looked),
        "lede": findings.lede(looked),
        "bars": findings.bars(looked, words),
        "series": SERIES,
        "most": findings.MOST_SHOWN,
        "missing": findings.missing(looked, words),
        "missing_count": len(findings.not_there(looked)),
        "people": findings.everybody(looked, words),
        "people_count": len(looked.concerned),
        "incomplete": findings.incomplete(looked, words),
        "review": findings.for_review(looked, words),
        "near": findings.near(looked.near),
        "nameless": findings.nameless(looked, words),
        "sums": sums_of(looked, words),
        "credits": credits_of(looked, words),
        "nobodys": findings.nobodys(looked, words),
        "obligations": len(looked.owed),
        "records": looked.count,
        "superseded": len(looked.people.returns) - len(looked.standing),
        "unfilled": len(looked.people.unfilled),
        "later": looked.people.later,
    }
    title = say("desk.title", scheme=scheme.name, day=day)
    return whole_page("report.html", scheme.language, title, scheme.branding, shown)

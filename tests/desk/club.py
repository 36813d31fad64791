"""A project of one scheme with a form of each kind of occasion, and records of it made on the spot."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from schemebook.desk.ledger import Ledger, Obligation, draw_up
from schemebook.records.people.people import known_people
from schemebook.records.record import Record, record_id
from schemebook.scheme.answers import AnswerProblem
from schemebook.scheme.project import Project, load_project

SCHEME = """
scheme: club
name: The club
run-by: The club
timezone: Pacific/Auckland
branding: {colour: "#E3A71B"}
contact: {name: The keepers}
returns: {email: keepers@example.org}
front:
  headline: A head
  lede: A lede
  eligible: [You are a member.]
  asks: [{figure: 1 hour, words: a month.}]
  next: [Begin.]
roles:
  mentee: {title: Mentee, plural: mentees, what: Learns.}
  mentor: {title: Mentor, plural: mentors, what: Helps.}
pair: [mentee, mentor]
stages:
  - {id: apply, title: Apply, who: mentee, when: first, what: Apply., forms: [application]}
  - {id: meet, title: Meet, who: both, when: then, what: Meet., forms: [log, agreement]}
cohorts:
  - {id: spring, title: Spring, starts: 2026-08-31, ends: 2027-07-31}
rules:
  due:
    - {id: application, form: application, from: mentee, stage: apply, source: ours}
    - {id: agreement, form: agreement, from: [mentee, mentor], stage: meet, together: yes,
       after: {form: application, field: start}, within: 6 months, source: ours}
    - {id: log, form: log, from: [mentee, mentor], stage: meet, each: month, times: 3,
       after: {cohort: starts}, within: 1 month, source: ours}
data-protection: {statement: Kept safe., controller: The club}
forms: [application, agreement, log]
"""

APPLICATION = """
form: application
title: Application
version: 1
completed-by: mentee
about: To apply.
sections:
  - title: You
    fields:
      - {id: name, type: text, label: Your name, identifies: person}
      - {id: email, type: email, label: Your e-mail, identifies: person}
      - {id: start, type: date, label: When do you start?}
      - id: skills
        type: table
        label: Your skills
        columns: {mark: {label: How good}}
        rows: {rowing: Rowing boats, knots: Tying knots}
"""

LOG = """
form: log
title: Log
version: 1
completed-by: [mentee, mentor]
role-field: role
occasion: {each: month, field: month}
about: What was done.
sections:
  - title: You
    fields:
      - {id: role, type: one-of, label: Who are you?, options: {mentee: Mentee, mentor: Mentor}}
      - {id: month, type: date, label: Which month?}
      - {id: email, type: email, label: Your e-mail, identifies: person}
      - {id: mentor, type: email, label: Your mentor, identifies: mentor, optional: yes}
      - {id: mentee, type: email, label: Your mentee, identifies: mentee, optional: yes}
      - {id: words, type: long-text, label: What was done?}
"""

AGREEMENT = """
form: agreement
title: Agreement
version: 1
completed-by: [mentee, mentor]
about: What the two agree on.
sections:
  - title: You
    fields:
      - {id: mentee, type: email, label: The mentee, identifies: mentee}
      - {id: mentor, type: email, label: The mentor, identifies: mentor, optional: yes}
      - {id: words, type: long-text, label: What is agreed?, optional: yes}
"""


def write_club(root: Path, **swaps: str) -> Project:
    """The project in a folder; `scheme` and `log` may stand in for the texts of its scheme and its log."""
    files = {
        "mkdocs.yml": "site_name: x\n",
        "scheme-configs/club.yml": swaps.get("scheme", SCHEME),
        "forms/club/application.yml": APPLICATION,
        "forms/club/log.yml": swaps.get("log", LOG),
        "forms/club/agreement.yml": AGREEMENT,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    project = load_project(root)
    assert not project.unfit
    return project


def record(form: str, received: str, problems: Sequence[AnswerProblem] = (), **answers: Any) -> Record:
    """A record that came in at a moment in UTC; its file is another for each moment."""
    sha256 = hashlib.sha256(f"{form} {received} {answers}".encode()).hexdigest()
    return Record(
        id=record_id(sha256, 0),
        scheme="club",
        form=form,
        version=1,
        received=received,
        answers=answers,
        problems=tuple(problems),
        sha256=sha256,
        part=0,
        edition="0a1b2c3d",
        source="inbox/a.pdf",
    )


def application(received: str, who: str = "ana", **answers: Any) -> Record:
    """An application of somebody."""
    return record("application", received, name=who.title(), email=f"{who}@example.org", **answers)


def log(received: str, month: str, who: str = "ana", role: str = "mentee", **answers: Any) -> Record:
    """A log of somebody about a month."""
    return record("log", received, role=role, month=month, email=f"{who}@example.org", **answers)


def ledger(project: Project, records: Sequence[Record], as_of: str) -> Ledger:
    """The ledger of the club on a day."""
    day = datetime.date.fromisoformat(as_of)
    scheme = project.schemes["club"]
    return draw_up(project, scheme, known_people(project, scheme, records, day), day)


def owed(project: Project, records: Sequence[Record], as_of: str, rule: str) -> list[Obligation]:
    """What is owed by one rule on a day."""
    return [one for one in ledger(project, records, as_of).obligations if one.rule.id == rule]

"""A small project that has nothing wrong with it, for tests that put one thing wrong."""

from __future__ import annotations

from pathlib import Path

from schemebook.check.check import check_project
from schemebook.errors import Note, Problem
from schemebook.scheme.project import Project, load_project

SCHEME = """\
scheme: demo
name: The demo scheme
run-by: A body
branding: {colour: '#1E6B52'}
contact: {name: Office, email: office@example.org, website: 'https://example.org'}
returns: {email: office@example.org}
front:
  headline: Talk
  lede: For up to {{ rules.duration.at_most }}.
  eligible: [You work here.]
  asks: [{figure: 1 hour, words: a month}]
  next: [Apply.]
  start-form: application
  rule: waiting
roles:
  mentee: {title: Mentee, plural: mentees, what: Learns.}
  mentor: {title: Mentor, plural: mentors, what: Listens.}
  office: {title: Office, plural: offices, what: Runs it., office: yes}
pair: [mentee, mentor]
stages:
  - {id: apply, title: Apply, who: mentee, when: now, what: Send it., forms: [application]}
  - {id: meet, title: Meet, who: both, when: monthly, what: Meet., duties: {mentee: Ask.}, forms: [diary]}
process:
  states:
    applied: {title: Applied, kind: start}
    paired: {title: Paired, kind: pair}
  transitions:
    - {from: applied, to: paired, when: a mentor is found}
cohorts:
  - {id: one, title: One, starts: 2026-01-01, ends: 2026-12-31}
rules:
  duration: {at-most: 6 months, source: ours}
  due:
    - {id: apply-once, form: application, from: mentee, stage: apply, source: ours}
    - id: keep-diary
      form: diary
      from: [mentee]
      stage: meet
      each: month
      times: 6
      after: {form: application, field: start}
      within: 1 month
      source: ours
  sums: [{id: hours-kept, title: Hours, form: diary, field: hours, source: ours}]
  cpd:
    needs: 6 hours
    within: 1 year
    sessions: {form: diary, date: met-on, length: hours, counted-in: hours, recorded: {agreed: what was agreed}}
    earns: [{role: mentor, points: 5, for-each: mentee}]
    claim: {form: application, field: agree}
    source: ours
  retention:
    - {record: Applications, forms: application, keep: 1 year, after: the end, reason: questions, source: ours}
  other:
    - {id: waiting, title: Waiting, says: You wait., source: ours}
data-protection: {statement: Kept safe., controller: A body}
chapters:
  - {file: about.md, title: About}
forms: [application, diary]
"""

APPLICATION = """\
form: application
title: Application
version: 1
completed-by: mentee
about: Tells us who you are.
sections:
  - title: You
    fields:
      - use: contact
      - id: team
        type: one-of
        label: Team?
        options: {north: North, south: South}
      - id: street
        type: text
        label: Street?
        only-if: {field: team, is: north}
      - id: start
        type: date
        label: From when?
      - id: agree
        type: declaration
        label: I agree.
"""

DIARY = """\
form: diary
title: Diary
version: 1
completed-by: mentee
occasion: {each: month, field: met-on}
about: Keeps what you agreed.
sections:
  - title: The meeting
    fields:
      - use: contact
      - {id: met-on, type: date, label: When?}
      - {id: hours, type: number, label: How long?, decimals: 1}
      - {id: agreed, type: long-text, label: What?, most-words: 100}
"""

CONTACT = """\
block: contact
fields:
  - {id: name, type: text, label: Name, identifies: person}
  - {id: email, type: email, label: E-mail, identifies: person}
"""

FILES = {
    "mkdocs.yml": "site_name: Demo\n",
    "scheme-configs/demo.yml": SCHEME,
    "forms/shared/contact.yml": CONTACT,
    "forms/demo/application.yml": APPLICATION,
    "forms/demo/diary.yml": DIARY,
    "docs/demo/about.md": "# About\n\nWrite to {{ contact.email }}.\n",
}

SCHEME_FILE, FORM_FILE, BLOCK_FILE = "scheme-configs/demo.yml", "forms/demo/application.yml", "forms/shared/contact.yml"
CHAPTER_FILE = "docs/demo/about.md"


def write_project(root: Path, changed: dict[str, str | None] | None = None) -> Project:
    """The small project with some of its files written otherwise, or left out (None); read."""
    for name, text in {**FILES, **(changed or {})}.items():
        if text is not None:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return load_project(root)


def check_changed(root: Path, file: str, *changes: tuple[str, str]) -> list[Problem]:
    """What `check` finds when pieces of one file are replaced."""
    text = FILES[file]
    for before, after in changes:
        assert before in text, f"{before!r} does not stand in {file}"
        text = text.replace(before, after, 1)
    return check_project(write_project(root, {file: text}))[0]


def check_files(root: Path, changed: dict[str, str | None]) -> tuple[list[Problem], list[Note]]:
    """What `check` finds when whole files are written otherwise."""
    return check_project(write_project(root, changed))


def line_of(text: str, piece: str) -> int:
    """The line, from 1, in which a piece of text begins."""
    return text[: text.index(piece)].count("\n") + 1

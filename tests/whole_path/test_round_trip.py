"""Value -> PDF -> value: what was answered is what is read, for every field type and every form."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.answers import answer_to, answers_to
from tests.returned.made_pdf import returned

from schemebook.form_pdf.fill import fill_form
from schemebook.form_pdf.finish import FormPdf, make_form_pdf
from schemebook.returned.submission import Submission, read_returned
from schemebook.scheme.fields import FIELD_TYPES
from schemebook.scheme.project import Project, load_project
from schemebook.scheme.starter import start_project

ROOT = Path(__file__).parents[2]
TOLD = {"missing", "not-ticked", "not-signed", "too-few-rows", "lost-letters", "says-nothing"}
"""Problems that good answers may have: what was left out, a private-use letter (maybe half an emoji), or a dash."""
OFTEN = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
SOMETIMES = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))

ONE_OF_EACH = """
form: each
title: Every kind of question
version: 1
completed-by: mentee
about: One question of every kind.
sections:
  - title: All of them
    fields:
      - {id: text, type: text, label: A line}
      - {id: long-text, type: long-text, label: Some lines, most-words: 120}
      - {id: email, type: email, label: An address}
      - {id: phone, type: phone, label: A number to ring}
      - {id: date, type: date, label: A day}
      - {id: number, type: number, label: A number}
      - {id: one-of, type: one-of, label: One, options: {no: "No", off: "Off", yes-please: "Yes, please"}}
      - {id: several-of, type: several-of, label: Some, options: {a: A, b: B, c: C}, at-least: 0}
      - {id: yes-no, type: yes-no, label: Yes or no?}
      - {id: declaration, type: declaration, label: It is true.}
      - {id: checklist, type: checklist, label: Done?, options: {a: A, b: B}}
      - id: table
        type: table
        label: Rows that are given
        rows: {first: First, second: Second}
        columns:
          text: {label: Text}
          choice: {label: Choice, type: one-of, options: {x: X, y: Y}}
          tick: {label: Tick, type: tick}
          day: {label: Day, type: date}
      - id: blank-table
        type: blank-table
        label: Rows that are blank
        blank-rows: 3
        columns:
          text: {label: Text}
          long: {label: Long, type: long-text, most-words: 40}
          count: {label: Count, type: number}
      - {id: signature, type: signature, label: Signature}
"""
DROP_DOWN = """
form: drop-down
title: A long list
version: 1
completed-by: mentee
about: A drop-down.
sections:
  - title: All of it
    fields:
      - id: one-of
        type: one-of
        drawn-as: drop-down
        label: One
        options: {no: "No", off: "Off", yes-please: "Yes, please"}
"""


@cache
def project() -> Project:
    """The starter with two forms that ask one question of every kind."""
    folder = Path(tempfile.mkdtemp(prefix="round-trip-"))
    start_project(folder, "club")
    (folder / "forms/club/each.yml").write_text(ONE_OF_EACH)
    (folder / "forms/club/drop-down.yml").write_text(DROP_DOWN)
    return load_project(folder)


@cache
def blank(form: str, root: Path | None = None, scheme: str = "club") -> FormPdf:
    return make_form_pdf(load_project(root) if root else project(), scheme, form)


def read(pdf: bytes, made: FormPdf) -> Submission:
    with tempfile.TemporaryDirectory() as folder:
        file = returned(Path(folder), pdf)
        return read_returned(file, {made.descriptor.edition.id: made.descriptor})


def assert_comes_back(form: FormPdf, answers: dict[str, Any]) -> None:
    copy = fill_form(form.pdf, form.descriptor, answers)
    found = read(copy.pdf, form)
    assert comparable(found.answers) == comparable(answers)
    assert {problem.kind for problem in found.problems} <= TOLD
    assert {reason.kind for reason in found.review} <= (set() if answers else {"nothing-filled-in"})


@pytest.mark.parametrize("type", [*FIELD_TYPES, "drop-down"])
def test_every_answer_to_every_field_type_comes_back(type: str) -> None:
    form = blank("drop-down" if type == "drop-down" else "each")
    field = form.descriptor.meaning.field("one-of" if type == "drop-down" else type)

    @OFTEN
    @given(answer_to(field))
    def comes_back(answer: Any) -> None:
        assert_comes_back(form, {field.id: answer})

    comes_back()


def comparable(answers: dict[str, Any]) -> dict[str, Any]:
    """Answers without the ticks that were left off: a tick box cannot say whether anybody looked at it."""
    plain = {id: value if id == "yes-no" else without_unticked(value) for id, value in answers.items()}
    return {id: value for id, value in plain.items() if id == "yes-no" or value not in (False, {}, [])}


def without_unticked(value: Any) -> Any:
    """A table's value without the ticks that were left off; any other value as it is."""
    if isinstance(value, dict) and all(isinstance(row, dict) for row in value.values()):
        rows = {id: {name: cell for name, cell in row.items() if cell is not False} for id, row in value.items()}
        return {id: row for id, row in rows.items() if row}
    return value


def forms_of_the_checkout() -> list[tuple[str, str]]:
    found = load_project(ROOT)
    return [(scheme, form) for scheme in found.schemes for form in found.form_ids(scheme)]


@pytest.mark.parametrize(("scheme", "form"), forms_of_the_checkout())
def test_answers_to_every_bundled_form_come_back_whole(scheme: str, form: str) -> None:
    made = blank(form, ROOT, scheme)

    @SOMETIMES
    @given(answers_to(made.descriptor.meaning))
    def come_back(answers: dict[str, Any]) -> None:
        assert_comes_back(made, answers)

    come_back()

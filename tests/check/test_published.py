"""A form in people's hands cannot be unpublished: a changed meaning asks for a new version, and says what changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.check.small_project import APPLICATION, BLOCK_FILE, FORM_FILE, SCHEME, SCHEME_FILE, line_of, write_project

from schemebook.check.check import check_project
from schemebook.check.published import changes
from schemebook.errors import Note, Problem
from schemebook.form_pdf.descriptor import Edition, edition_path, version_path
from schemebook.form_pdf.spoken import edition_labels
from schemebook.scheme.form import Form
from schemebook.scheme.yaml_source import parse_yaml


def publish(root: Path, text: str = APPLICATION) -> Edition:
    """What `publish` writes of the application's version; where its boxes stand is no matter here."""
    project = write_project(root, {FORM_FILE: text})
    form = project.forms["demo"]["application"]
    path = version_path(root, "demo", "application", form.version)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(form.meaning("demo").as_json()), "utf-8")
    edition = Edition(
        scheme="demo", form="application", version=form.version, paper=(595.28, 841.89), text_size=10, language="en-GB",
        pages=1, title=form.title, labels=edition_labels(form), boxes=(),
    )  # fmt: skip
    where = edition_path(root, "demo", "application", form.version, edition.id)
    where.write_text(json.dumps(edition.as_json()), "utf-8")
    return edition


def after_change(root: Path, *pieces: tuple[str, str]) -> tuple[list[Problem], list[Note]]:
    text = APPLICATION
    for before, after in pieces:
        assert before in text
        text = text.replace(before, after, 1)
    problems, notes = check_project(write_project(root, {FORM_FILE: text}))
    return problems, [note for note in notes if note.place.file == FORM_FILE]


def test_a_form_that_is_not_published_is_noted(tmp_path: Path) -> None:
    problems, notes = after_change(tmp_path)
    assert problems == []
    assert [note.kind for note in notes] == ["not-published"]


def test_a_published_form_has_nothing_to_tell(tmp_path: Path) -> None:
    publish(tmp_path)
    assert after_change(tmp_path) == ([], [])


def test_an_edition_that_is_not_published_yet_is_noted_by_its_name(tmp_path: Path) -> None:
    publish(tmp_path)
    more = SCHEME.replace("run-by: A body", "run-by: A body\neditions: [large-print, a4]")
    _, notes = check_project(write_project(tmp_path, {SCHEME_FILE: more}))
    (note,) = [note for note in notes if note.place.file == FORM_FILE]
    assert note.kind == "editions-not-published"
    assert "large-print" in note.what
    assert "a4" not in note.what


@pytest.mark.parametrize(
    "change",
    [
        ("title: Application", "title: Application form"),
        ("label: Team?", "label: Which team?"),
        ("North, south: South", "The north, south: The south"),
    ],
    ids=["title", "label", "option's words"],
)
def test_words_are_no_part_of_the_meaning_and_wait_for_a_new_edition(tmp_path: Path, change: tuple[str, str]) -> None:
    publish(tmp_path)
    problems, notes = after_change(tmp_path, change)
    assert problems == []
    assert [(one.kind, one.place.line) for one in notes] == [("words-not-published", 3)]
    assert "schemebook publish demo/application" in notes[0].what


def test_what_stands_around_a_question_is_no_part_of_the_meaning(tmp_path: Path) -> None:
    publish(tmp_path)
    more = "label: I agree.\n        help: Tick it.\n        width: half\n        personal: yes"
    assert after_change(tmp_path, ("label: I agree.", more)) == ([], [])


def test_a_version_that_asks_the_same_as_the_one_before_is_told_so(tmp_path: Path) -> None:
    publish(tmp_path)
    _, (note,) = after_change(tmp_path, ("version: 1", "version: 2"))
    assert "Since version 1: what is asked is the same. Earlier" in note.what


# What is changed, and what the message says of it.
CHANGES = [
    ("- id: agree", "- {id: extra, type: text, label: x}\n      - id: agree", "'extra' was added"),
    ("      - id: start\n        type: date\n        label: From when?\n", "", "'start' was removed"),
    ("type: date", "type: text", "'start': its type was date and is text"),
    ("label: From when?", "label: x\n        optional: yes", "'start': it may be left empty now"),
    ("label: From when?", "label: x\n        earliest: 2026-01-01", "'start': 'earliest' was none and is 2026-01-01"),
    ("is: north", "is: south", "'street': its condition changed"),
    ("south: South}", "south: South, east: East}", "'team': option 'east' was added"),
    ("{north: North, south: South}", "{north: North, west: West}", "'team': option 'south' was removed"),
    ("{north: North, south: South}", "{south: South, north: North}", "'team': its options stand in another order"),
    ("about: Tells", "anonymous: no\nabout: Tells", None),
]


@pytest.mark.parametrize(("before", "after", "says"), CHANGES, ids=[str(line[2]) for line in CHANGES])
def test_a_changed_meaning_asks_for_a_new_version_and_says_what_changed(
    tmp_path: Path, before: str, after: str, says: str | None
) -> None:
    publish(tmp_path)
    problems, _ = after_change(tmp_path, (before, after))
    found = [one for one in problems if one.kind == "meaning-changed"]
    if says is None:
        assert found == []
        return
    (one,) = found
    assert (one.place.file, one.place.line) == (FORM_FILE, line_of(APPLICATION, "version: 1"))
    assert says in one.what
    assert "'version: 2'" in one.to_do
    assert "schemebook publish --anew demo/application" in one.to_do


def test_what_becomes_of_earlier_answers_is_said(tmp_path: Path) -> None:
    publish(tmp_path)
    problems, _ = after_change(tmp_path, ("- id: start", "- id: begin"))
    (one,) = [found for found in problems if found.kind == "meaning-changed"]
    assert "nothing carries over 'start'" in one.to_do


def test_a_new_version_is_noted_with_its_changes_and_what_carries_answers_over(tmp_path: Path) -> None:
    publish(tmp_path)
    problems, notes = after_change(
        tmp_path,
        ("version: 1", "version: 2\nrenames: {start: begin}\ndefaults: {more: no}"),
        ("- id: start", "- {id: more, type: yes-no, label: More?}\n      - id: begin"),
    )
    assert [one.kind for one in problems] == ["no-such-question"]  # the scheme's rule still names 'start'
    (note,) = notes
    assert note.kind == "version-not-published"
    assert "'begin' was added" in note.what
    assert "'start' is carried over to 'begin'" in note.what
    assert "'more' is taken as 'no'" in note.what


def test_a_version_does_not_go_back(tmp_path: Path) -> None:
    publish(tmp_path)
    publish(tmp_path, APPLICATION.replace("version: 1", "version: 2"))
    problems, _ = after_change(tmp_path)
    assert [one.kind for one in problems] == ["version-went-back"]


def test_a_rename_of_what_was_never_asked_is_told(tmp_path: Path) -> None:
    publish(tmp_path)
    problems, _ = after_change(tmp_path, ("version: 1", "version: 1\nrenames: {never: start}"))
    assert [one.kind for one in problems] == ["rename-of-nothing"]


def test_a_published_file_that_was_changed_by_hand_is_told(tmp_path: Path) -> None:
    publish(tmp_path)
    path = version_path(tmp_path, "demo", "application", 1)
    path.write_text(path.read_text("utf-8").replace('"form": "application"', '"form": "diary"'), "utf-8")
    problems, _ = after_change(tmp_path)
    assert "published-damaged" in [one.kind for one in problems]
    path.write_text("{", "utf-8")
    problems, _ = after_change(tmp_path)
    assert [(one.kind, one.place.file) for one in problems] == [
        ("published-damaged", "forms/published/demo/application-v1.json")
    ]


def test_a_shared_block_that_cannot_be_read_is_no_change_of_the_forms_that_use_it(tmp_path: Path) -> None:
    publish(tmp_path)
    problems, _ = check_project(write_project(tmp_path, {BLOCK_FILE: "block: [\n"}))
    assert {one.kind for one in problems} == {"bad-yaml"}


def test_a_published_file_with_another_name_is_told(tmp_path: Path) -> None:
    publish(tmp_path)
    path = version_path(tmp_path, "demo", "application", 1)
    path.with_name("application-1.json").write_bytes(path.read_bytes())
    assert [one.kind for one in after_change(tmp_path)[0]] == ["published-misnamed"]


def test_an_edition_is_known_by_its_own_content(tmp_path: Path) -> None:
    edition = publish(tmp_path)
    path = edition_path(tmp_path, "demo", "application", 1, edition.id)
    assert after_change(tmp_path) == ([], [])
    path.write_text(json.dumps(edition.as_json() | {"pages": 2}), "utf-8")
    assert [one.kind for one in after_change(tmp_path)[0]] == ["published-damaged"]
    path.write_text(json.dumps(edition.as_json()), "utf-8")
    version_path(tmp_path, "demo", "application", 1).unlink()
    assert [one.kind for one in after_change(tmp_path)[0]] == ["edition-without-version"]


TABLE = """\
form: t
title: T
version: 1
completed-by: m
about: x
sections:
  - title: x
    fields:
      - {id: a, type: table, label: x, rows: {one: One, two: Two}, columns: {now: {label: Now}, then: {label: Then}}}
      - {id: b, type: several-of, label: x, at-most: 2, options: {x: X, y: Y}}
      - {id: c, type: long-text, label: x}
      - {id: d, type: number, label: x, unit: hours}
"""


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("two: Two", "three: Three", ["'a': row 'two' was removed", "'a': row 'three' was added"]),
        (
            "then: {label: Then}",
            "later: {label: L}",
            ["'a': column 'then' was removed", "'a': column 'later' was added"],
        ),
        ("then: {label: Then}", "then: {label: T, optional: yes}", ["'a': column 'then': it may be left empty now"]),
        ("at-most: 2", "at-most: 1", ["'b': 'at-most' was 2 and is 1"]),
        ("label: x}\n", "label: x, most-words: 50}\n", ["'c': 'most-words' was 100 and is 50"]),
        ("unit: hours", "unit: minutes", ["'d': 'unit' was hours and is minutes"]),
        ("version: 1", "version: 1\nanonymous: yes", ["the form became anonymous"]),
    ],
)
def test_changes_are_said_in_words(before: str, after: str, says: list[str]) -> None:
    assert before in TABLE
    old, new = (
        Form.model_validate(parse_yaml(text, "t.yml").data).meaning("demo")
        for text in (TABLE, TABLE.replace(before, after))
    )
    assert changes(old, new) == says


def test_every_way_in_which_two_meanings_differ_is_told() -> None:
    """`changes` says nothing only where nothing changed, or `check` would ask for a version without a reason."""
    old = Form.model_validate(parse_yaml(TABLE, "t.yml").data).meaning("demo")
    swapped = old.model_copy(update={"fields": (old.fields[1], old.fields[0], *old.fields[2:])})
    assert changes(old, swapped)
    assert changes(old, old) == []

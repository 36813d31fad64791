"""What is due, and when, as pages tell it: from the rules, and at each stage no more than the stage has not said."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.handbook.small_project import SCHEME, write_project

from schemebook.handbook.book import Book
from schemebook.scheme.model import Role

SEVERAL = SCHEME.replace(
    "- {id: feedback,",
    "- {id: other, form: feedback, from: mentee, stage: end, each: session, first: 6, times: 1, optional: yes,"
    " source: ours}\n    - {id: feedback,",
)
BOTH_AT_ONCE = SCHEME.replace("stage: meet, each: month, times: 6", "stage: apply").replace(
    "from: [mentee, mentor]", "from: mentee"
)


def book(root: Path, scheme: str = SCHEME) -> Book:
    project = write_project(root, scheme=scheme)
    return Book(project, project.scheme("lighthouse"))


def test_forms_that_are_due_together_say_once_from_whom(tmp_path: Path) -> None:
    apart = book(tmp_path / "a").dues.listed()
    assert [(when, [one.remarks for one in found]) for when, found in apart.items()] == [
        ("on day 1", [("Mentee",)]),
        ("Every month", [("Mentee and mentor",)]),
    ]
    (together,) = book(tmp_path / "b", BOTH_AT_ONCE).dues.listed()["on day 1"]
    assert together.forms == (("application", "Application"), ("feedback", "Monthly feedback"))


def test_without_rules_the_stages_say_what_is_due(tmp_path: Path) -> None:
    start, end = SCHEME.index("  due:\n"), SCHEME.index("  retention:\n")
    assert list(book(tmp_path, SCHEME[:start] + SCHEME[end:]).dues.listed()) == ["on day 1", "each month"]


def test_each_rule_of_a_form_has_a_line_of_its_own(tmp_path: Path) -> None:
    dues = book(tmp_path, SEVERAL).dues
    assert dues.lines("application") == ["on day 1"]
    assert dues.lines("feedback") == ["After session 6. It is welcome, and not owed.", "Every month. At most 6 times."]


def test_a_row_under_a_stage_leaves_out_what_the_stage_says(tmp_path: Path) -> None:
    found = book(tmp_path, SEVERAL)
    stages = {stage.id: stage for stage in found.scheme.stages}
    assert found.row_words("application").startswith("Mentee\u00a0· on day 1\u00a0· ")
    assert found.row_words("application", stages["apply"]) == "One question and one signature"
    assert found.row_words("application", stages["match"]).startswith("Mentee\u00a0· on day 1\u00a0· ")
    assert found.row_words("feedback", stages["meet"]).startswith("Every month\u00a0· ")
    assert found.row_words("feedback", stages["end"]).startswith("After session 6\u00a0· ")


@pytest.mark.parametrize(
    ("title", "inside", "without_article"),
    [
        ("Mentee", "mentee", "mentee"),
        ("Line manager", "line manager", "line manager"),
        ("The Institute", "the Institute", "Institute"),
        ("Human Resources", "Human Resources", "Human Resources"),
        ("HR", "HR", "HR"),
    ],
)
def test_a_role_has_a_title_for_inside_a_sentence(title: str, inside: str, without_article: str) -> None:
    role = Role(title=title, plural="x", what="x")
    assert (role.inside, role.without_article) == (inside, without_article)

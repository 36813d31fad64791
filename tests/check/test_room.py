"""What finds no room on paper is told with its place, and forms are laid out only where it may be so."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.check.small_project import APPLICATION, FORM_FILE, SCHEME, check_files
from tests.form_pdf.everything import form_with, project_at

from schemebook.errors import Problem
from schemebook.form_pdf import finish
from schemebook.form_pdf.arrangement import rows_of
from schemebook.form_pdf.heights import question_height
from schemebook.form_pdf.printed_fields import printed_fields
from schemebook.form_pdf.sheet import SHEETS
from schemebook.scheme.fields import BaseField

LINE = APPLICATION.count("\n") + 1
WORDS = "an entry of so many words "
TALL = ", ".join(f"o{number}: {WORDS * 18}" for number in range(13))
DAYS = ", ".join(f"d{number}: {{label: Day, type: date}}" for number in range(6))
LARGE = SCHEME.replace("contact:", "editions: [a4, large-print]\ncontact:", 1)


def asked(tmp_path: Path, question: str, scheme: str = SCHEME) -> list[Problem]:
    files = {
        "scheme-configs/demo.yml": scheme,
        FORM_FILE: f"{APPLICATION}      - {{id: one, label: One, {question}}}\n",
    }
    return check_files(tmp_path, files)[0]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (f"type: one-of, drawn-as: drop-down, options: {{a: A, b: {WORDS * 6}}}", ["entry-too-long"]),
        (f"type: one-of, drawn-as: radio, options: {{a: A, b: {WORDS * 6}}}", []),
        (f"type: one-of, drawn-as: drop-down, options: {{a: A, b: {WORDS * 3}}}", []),
        (f"type: blank-table, blank-rows: 2, columns: {{{DAYS}}}", ["day-too-narrow"] * 6),
        (f"type: blank-table, blank-rows: 2, columns: {{{DAYS[: DAYS.index('d4') - 2]}}}", []),
        (f"type: one-of, drawn-as: radio, options: {{{TALL}}}", ["taller-than-a-page"]),
        (f"type: several-of, width: full, options: {{{TALL}, more: More, still: More}}", []),
        ("type: long-text, most-words: 1500", []),
    ],
)
def test_what_has_no_room_is_told_with_its_line(question: str, told: list[str], tmp_path: Path) -> None:
    found = asked(tmp_path, question)
    assert [one.kind for one in found] == told
    assert {one.place.line for one in found} <= {LINE}
    assert all(one.place.column > 9 for one in found)


def test_an_entry_may_be_too_long_in_large_print_alone_and_is_told_once(tmp_path: Path) -> None:
    question = f"type: one-of, drawn-as: drop-down, options: {{a: A, b: {WORDS * 3}}}"
    (found,) = asked(tmp_path, question, LARGE)
    assert found.kind == "entry-too-long" and "large-print" in found.what


def test_forms_are_laid_out_only_where_a_question_comes_near_to_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def laid_out(*_: object, **__: object) -> None:
        raise AssertionError("laid out")

    monkeypatch.setattr(finish, "make_form_pdf", laid_out)
    assert asked(tmp_path / "a", "type: long-text, most-words: 300") == []
    with pytest.raises(AssertionError, match="laid out"):
        asked(tmp_path / "b", f"type: one-of, drawn-as: radio, options: {{{TALL}}}")


MEASURED = [
    "type: long-text, most-words: 100",
    "type: several-of, width: full, options: {a: A, b: B, c: C, d: D, e: E, f: F, g: G, h: H, i: I}",
    f"type: one-of, width: full, options: {{a: A, b: {WORDS * 9}, c: C, d: D, e: E}}",
    f"type: checklist, options: {{a: {WORDS * 20}, b: {WORDS * 30}, c: C}}",
    "type: table, columns: {a: {label: A, type: long-text}}, rows: {a: {label: A}, b: {label: B}}",
]


@pytest.mark.parametrize("question", MEASURED)
def test_a_question_is_about_as_high_as_it_is_measured(question: str, tmp_path: Path) -> None:
    """From the box of the question before it to its own lowest one."""
    before = "- {id: before, type: text, label: Before, width: full}\n"
    project = project_at(tmp_path, form_with(f"{before}- {{id: one, label: One, {question}}}"))
    scheme, form, sheet = project.scheme("harbour"), project.form("harbour", "everything"), SHEETS["a4"]
    fields = [one for one in form.sections[0].fields if isinstance(one, BaseField)]
    _, (field,) = rows_of(printed_fields(scheme, form, fields, sheet), sheet)
    boxes = finish.make_form_pdf(project, "harbour", "everything").descriptor.edition.boxes
    (top,) = (box.rect[1] for box in boxes if box.name == "before")
    low = min(box.rect[1] for box in boxes if box.name != "before" and box.page == 1)
    assert question_height(field, sheet) == pytest.approx((top - low) * 25.4 / 72 - sheet.row_gap, abs=9)

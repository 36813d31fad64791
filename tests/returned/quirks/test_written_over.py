"""Notes over a form's empty boxes are proposed as answers; over a filled one they are only told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from tests.returned.made_pdf import changed
from tests.returned.quirks.test_merged_forms import FORMS, example, filled, form, read

FORM = form(FORMS[0])
BLANK = FORM.blank


def box_of(name: str, option: str = "") -> Any:
    return next(box for box in FORM.edition.boxes if (box.name, box.option) == (name, option))


def over(name: str, kind: Name, option: str = "", **more: Any) -> Callable[[pikepdf.Pdf], None]:
    """A note a little smaller than a box, over it."""
    box = box_of(name, option)
    left, bottom, right, top = box.rect

    def write(pdf: pikepdf.Pdf) -> None:
        note = Dictionary(Subtype=kind, Rect=Array([left + 2, bottom + 1, right - 2, top - 1]), **more)
        page = pdf.pages[box.page - 1].obj
        page.Annots = Array([*page.Annots, pdf.make_indirect(note)])

    return write


def all_of(*changes: Callable[[pikepdf.Pdf], None]) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        for one in changes:
            one(pdf)

    return change


def test_texts_and_strokes_over_empty_boxes_are_proposed(tmp_path: Path) -> None:
    """As of iOS Markup, feedback-assistant/reports#605: free texts over the fields, which stay empty."""
    assert BLANK is not None
    write = all_of(
        over("name", Name.FreeText, Contents=String("Tāne Mahuta")),
        over("email", Name.FreeText, Contents=String("tane@example.org")),
        over("role", Name.Ink, option="mentor"),
    )
    (found,) = read(tmp_path, changed(BLANK.read_bytes(), write))
    assert {id: found.answers.get(id) for id in ("name", "email", "role")} == {
        "name": "Tāne Mahuta",
        "email": "tane@example.org",
        "role": "mentor",
    }
    assert [(one.kind, one.field) for one in found.review] == [
        ("written-over", "name"),
        ("written-over", "email"),
        ("written-over", "role"),
    ]
    assert {(one.widget, one.door, one.accepted, one.page) for one in found.recovered} == {
        (name, "note", False, 1) for name in ("name", "email", "role")
    }


def test_two_lines_over_one_box_are_one_answer(tmp_path: Path) -> None:
    assert BLANK is not None
    left, bottom, right, top = box_of("works").rect
    page = box_of("works").page

    def write(pdf: pikepdf.Pdf) -> None:
        for text, up in (("second", bottom + 4), ("first", top - 16)):
            note = Dictionary(Subtype=Name.FreeText, Rect=Array([left, up, right, up + 12]), Contents=String(text))
            pdf.pages[page - 1].obj.Annots.append(pdf.make_indirect(note))

    (found,) = read(tmp_path, changed(BLANK.read_bytes(), write))
    assert found.answers["works"] == "first\nsecond"


def test_a_note_over_a_filled_box_leaves_its_answer(tmp_path: Path) -> None:
    data = changed(filled(FORMS[0]), over("name", Name.FreeText, Contents=String("Somebody else")))
    (found,) = read(tmp_path, data)
    assert found.answers == example(FORMS[0])
    assert [one.kind for one in found.review] == ["notes"]


@pytest.mark.parametrize("rect", [[0, 0, 20, 9], [0, 0, 595, 842]], ids=["in the margin", "over the page"])
def test_a_note_over_no_one_box_is_told(tmp_path: Path, rect: list[int]) -> None:
    def write(pdf: pikepdf.Pdf) -> None:
        note = Dictionary(Subtype=Name.FreeText, Contents=String("Kia ora"), Rect=Array(rect))
        pdf.pages[0].obj.Annots.append(pdf.make_indirect(note))

    (found,) = read(tmp_path, changed(filled(FORMS[0]), write))
    assert (found.answers, [one.kind for one in found.review]) == (example(FORMS[0]), ["notes"])

"""Room for the words asked for: each long text filled to its limit, and all of it found inside its box."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from tests.form_pdf.everything import everything, form_with, made_from
from tests.form_pdf.on_paper import inside, printed_words
from tests.programs import fill_with_pdfium, fill_with_pdftk

from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.form_pdf.finish import FormPdf, make_form_pdf
from schemebook.form_pdf.sheet import SHEETS
from schemebook.scheme.counting import count_words
from schemebook.scheme.meaning import FieldMeaning
from schemebook.scheme.project import load_project
from schemebook.scheme.starter import start_project

ROOT = Path(__file__).parents[2]
ENGLISH = Path(__file__).with_name("running_english.txt").read_text("utf-8").split()


def running_english(words: int) -> str:
    """So many words of running English, counted as answers are counted."""
    text: list[str] = []
    source = iter(ENGLISH * 10)
    while count_words(" ".join(text)) < words:
        text.append(next(source))
    return " ".join(text)


def long_texts(descriptor: FormDescriptor) -> dict[str, int]:
    """Widget name -> the most words it is asked for, of every long text with a limit."""

    def limit(field: FieldMeaning, column: str | None) -> int | None:
        asked = next(one for one in field.columns if one.id == column) if column else field
        return asked.most_words if asked.type == "long-text" else None

    fields = {field.id: field for field in descriptor.meaning.fields}
    found = {widget.name: limit(fields[widget.field], widget.column) for widget in descriptor.widgets}
    return {name: words for name, words in found.items() if words}


def misplaced_words(filled: Path, made: FormPdf, values: dict[str, str]) -> list[str]:
    """What of the values is not drawn inside its box."""
    boxes = {box.name: box for box in made.descriptor.edition.boxes}
    drawn = printed_words(filled)
    wrong = []
    for name, text in values.items():
        found = [word.text for word in drawn if inside(word, boxes[name])]
        if found != text.split():
            wrong.append(f"{name}: {len(found)} of {len(text.split())} words")
    return wrong


FILLERS = {"pdfium": fill_with_pdfium, "poppler": fill_with_pdftk}  # pdftk leaves the drawing to poppler


@pytest.mark.parametrize("program", FILLERS)
@pytest.mark.parametrize("edition", SHEETS)
def test_a_long_text_filled_to_its_limit_is_drawn_inside_its_box(program: str, edition: str, tmp_path: Path) -> None:
    made = everything(edition)
    values = {name: running_english(words) for name, words in long_texts(made.descriptor).items()}
    assert len(values) > 10
    blank = tmp_path / "blank.pdf"
    blank.write_bytes(made.pdf)
    filled = FILLERS[program](blank, values, tmp_path / "filled.pdf")
    assert misplaced_words(filled, made, values) == []


def test_typed_lines_stand_as_far_apart_as_the_boxes_count_them(tmp_path: Path) -> None:
    made = made_from(tmp_path, form_with("- {id: story, type: long-text, label: A story, most-words: 200}"))
    (tmp_path / "blank.pdf").write_bytes(made.pdf)
    filled = fill_with_pdfium(tmp_path / "blank.pdf", {"story": running_english(200)}, tmp_path / "filled.pdf")
    (box,) = made.descriptor.edition.boxes
    lines = sorted({round(word.rect[1], 1) for word in printed_words(filled) if inside(word, box)})
    pitches = [higher - lower for lower, higher in itertools.pairwise(lines)]
    assert len(lines) >= 10
    assert all(abs(pitch * 25.4 / 72 - SHEETS["a4"].line) < 0.1 for pitch in pitches)


@pytest.mark.parametrize("words", [1, 20, 75, 200, 350, 500, 1000, 1500])
@pytest.mark.parametrize("width", ["third", "half", "two-thirds", "full"])
def test_there_is_room_at_any_width_for_any_number_of_words(words: int, width: str, tmp_path: Path) -> None:
    field = f"- {{id: story, type: long-text, label: A story, most-words: {words}, width: {width}}}"
    made = made_from(tmp_path, form_with(field))
    values = {"story": running_english(words)}
    blank = tmp_path / "blank.pdf"
    blank.write_bytes(made.pdf)
    for program, fill in FILLERS.items():
        filled = fill(blank, values, tmp_path / f"{program}.pdf")
        assert misplaced_words(filled, made, values) == [], program


@pytest.mark.parametrize("words", [40, 150, 300])
def test_there_is_room_in_a_tables_cell(words: int, tmp_path: Path) -> None:
    table = f"""
- id: t
  type: table
  label: T
  columns: {{mark: {{label: Mark, type: yes-no}}, why: {{label: Why, type: long-text, most-words: {words}, width: 62}}}}
  rows: {{one: One, two: Two}}
"""
    made = made_from(tmp_path, form_with(table))
    values = {"t.one.why": running_english(words), "t.two.why": running_english(words)}
    (tmp_path / "blank.pdf").write_bytes(made.pdf)
    for program, fill in FILLERS.items():
        filled = fill(tmp_path / "blank.pdf", values, tmp_path / f"{program}.pdf")
        assert misplaced_words(filled, made, values) == [], program


WIDTHS = ("a4", "large-print")
"""The editions that differ in what fits into a line; the others have A4's lines."""


def all_forms(root: Path) -> list[tuple[Path, str, str, str]]:
    project = load_project(root)
    return [
        (root, scheme, form, edition)
        for scheme in project.schemes
        for form in project.form_ids(scheme)
        for edition in project.scheme(scheme).editions
        if edition in WIDTHS
    ]


@pytest.mark.parametrize(("program", "editions"), [("pdfium", WIDTHS), ("poppler", WIDTHS[:1])])
def test_the_starters_and_every_bundled_form_have_the_room_they_ask_for(
    program: str, editions: tuple[str, ...], tmp_path: Path
) -> None:
    """Large print by one program: a test above has it by both, and starting pdftk takes long."""
    start_project(tmp_path / "new", "club")
    projects = {root: load_project(root) for root in (ROOT, tmp_path / "new")}
    for root, scheme, form, edition in all_forms(ROOT) + all_forms(tmp_path / "new"):
        if edition not in editions:
            continue
        made = make_form_pdf(projects[root], scheme, form, edition)
        values = {name: running_english(words) for name, words in long_texts(made.descriptor).items()}
        blank = tmp_path / f"{scheme}-{form}.pdf"
        blank.write_bytes(made.pdf)
        if values:
            filled = FILLERS[program](blank, values, tmp_path / f"{scheme}-{form}-filled.pdf")
            assert misplaced_words(filled, made, values) == [], (scheme, form, edition)

"""How a form lies on paper: nothing overlaps, nothing is split, every label beside its box."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from tests.form_pdf.everything import everything, form_with, made_from
from tests.form_pdf.on_paper import PrintedWord, meet, printed_words
from tests.programs import pdftotext

from schemebook.errors import SchemebookError
from schemebook.form_pdf.descriptor import Box
from schemebook.form_pdf.finish import FormPdf
from schemebook.form_pdf.layout import typeset
from schemebook.form_pdf.least_width import LONGEST_DATE
from schemebook.form_pdf.sheet import SHEETS
from schemebook.form_pdf.text_measure import text_width
from schemebook.scheme.fields import FIELD_TYPES

TEMPLATES = Path(__file__).parents[2] / "generator/schemebook/form_pdf/templates"
MILLIMETRE = 72 / 25.4


def words_of(made: FormPdf, folder: Path) -> list[PrintedWord]:
    path = folder / "made.pdf"
    path.write_bytes(made.pdf)
    return printed_words(path)


@pytest.mark.parametrize("type", FIELD_TYPES)
def test_every_field_type_has_a_template_that_the_form_knows(type: str) -> None:
    assert (TEMPLATES / f"{type}.typ").is_file()
    assert f'  "{type}": ' in (TEMPLATES / "form.typ").read_text("utf-8")


@pytest.mark.parametrize("edition", SHEETS)
def test_no_box_overlaps_another_or_leaves_the_text_area(edition: str) -> None:
    made, sheet = everything(edition), SHEETS[edition]
    boxes = made.descriptor.edition.boxes
    for one, other in itertools.combinations(boxes, 2):
        assert one.page != other.page or not meet(one.rect, other.rect), (one, other)
    for box in boxes:
        assert box.rect[0] >= sheet.side * MILLIMETRE - 1
        assert box.rect[2] <= (sheet.width - sheet.side) * MILLIMETRE + 1
        assert box.rect[1] >= sheet.bottom * MILLIMETRE - 1, box
        assert box.rect[3] <= (sheet.height - sheet.top) * MILLIMETRE + 1


@pytest.mark.parametrize("edition", SHEETS)
def test_no_box_overlaps_printed_text(edition: str, tmp_path: Path) -> None:
    made = everything(edition)
    boxes = made.descriptor.edition.boxes
    words = words_of(made, tmp_path)
    assert len(words) > 200
    # poppler's rectangles of words reach from ascent to descent, a little beyond the ink.
    wrong = [
        (box.name, word.text)
        for word in words
        for box in boxes
        if box.page == word.page and meet(ink_of(word), box.rect, 0.5)
    ]
    assert not wrong


@pytest.mark.parametrize("edition", SHEETS)
def test_no_words_are_printed_over_others(edition: str, tmp_path: Path) -> None:
    words = words_of(everything(edition), tmp_path)
    for one, other in itertools.combinations(words, 2):
        assert one.page != other.page or not meet(ink_of(one), ink_of(other), 0.5), (one, other)


def ink_of(word: PrintedWord) -> tuple[float, float, float, float]:
    """The middle of a word, where its letters surely are."""
    left, bottom, right, top = word.rect
    height = top - bottom
    return left, bottom + 0.3 * height, right, top - 0.3 * height


def label_words(label: str) -> str:
    return label.split()[0]


def nearest_above(box: Box, words: list[PrintedWord]) -> list[str]:
    """The first words of the lines over a box, that begin at its left edge."""
    left, _, _, top = box.rect
    over = [
        word
        for word in words
        if word.page == box.page and abs(word.rect[0] - left) < 12 and -3 < word.rect[1] - top < 16 * MILLIMETRE
    ]
    return [word.text for word in over]


def right_of(box: Box, words: list[PrintedWord]) -> list[str]:
    """The words that begin right beside a tick box, on its height."""
    _, bottom, right, top = box.rect
    return [
        word.text
        for word in words
        if word.page == box.page
        and 0 < word.rect[0] - right < 4 * MILLIMETRE
        and bottom - 2 < (word.rect[1] + word.rect[3]) / 2 < top + 2
    ]


@pytest.mark.parametrize("edition", ["a4", "letter", "black-and-white"])
def test_each_label_stands_beside_its_box(edition: str, tmp_path: Path) -> None:
    made = everything(edition)
    words, labels = words_of(made, tmp_path), made.descriptor.edition.labels
    boxes = {(box.name, box.option): box for box in made.descriptor.edition.boxes}
    checked = 0
    for widget in made.descriptor.widgets:
        for key in widget.boxes():
            option = key[1] or widget.option
            if option and widget.column:
                beside, said = right_of(boxes[key], words), labels[f"{widget.field}..{widget.column}/{option}"]
            elif option:
                beside, said = right_of(boxes[key], words), labels[f"{widget.field}/{option}"]
            elif widget.kind == "tick" and not widget.column:
                beside, said = right_of(boxes[key], words), labels[widget.field]
            elif widget.column or widget.name.endswith((".name", ".date")):
                continue  # a table's heads are told by its tags; a signature's parts by their own words
            else:
                beside, said = nearest_above(boxes[key], words), labels[widget.field]
            assert label_words(said) in beside, (key, said, beside)
            checked += 1
    assert checked > 60


FILLERS = "\n".join(f"- {{id: filler-{number}, type: text, width: full, label: Filler}}" for number in range(30))
LATE = """
- id: late-choice
  type: one-of
  label: A choice
  options: {one: The first of them, two: "The second of them, in words that take more than one line of the page, so \
that the row is higher than its button", three: Third, four: Fourth, five: Fifth}
- {id: late-story, type: long-text, label: A story, most-words: 80}
- id: late-table
  type: table
  label: A table
  columns: {mark: {label: Mark, type: yes-no}, why: {label: Why, type: long-text}}
  rows: {one: One, two: Two, three: Three, four: Four, five: Five, six: Six, seven: Seven, eight: Eight, nine: Nine}
- {id: late-promise, type: declaration, label: I promise.}
- {id: late-signature, type: signature, label: Signature}
"""


@pytest.mark.parametrize("before", range(4, 18))
def test_no_question_is_split_wherever_the_page_ends(before: int, tmp_path: Path) -> None:
    fields = "\n".join(FILLERS.splitlines()[:before]) + LATE
    made = made_from(tmp_path, form_with(fields))  # a box split over two pages raises
    words = words_of(made, tmp_path)
    boxes = {(box.name, box.option): box for box in made.descriptor.edition.boxes}
    bound = [boxes[name, ""].page for name in ("late-promise", "late-signature.signature", "late-signature.date")]
    assert len(set(bound)) == 1
    assert len({boxes["late-choice", option].page for option in ("one", "two", "three", "four", "five")}) == 1
    assert "A" in nearest_above(boxes["late-choice", "one"], words)
    assert "A" in nearest_above(boxes["late-story", ""], words)
    for row in ("one", "five", "nine"):
        assert boxes[f"late-table.{row}.mark", "yes"].page == boxes[f"late-table.{row}.why", ""].page


def test_a_long_statement_goes_on_over_the_page_and_ends_with_its_signature(tmp_path: Path) -> None:
    paragraphs = "\\n\\n".join(f"{number}. " + "Something that I undertake to do. " * 12 for number in range(1, 20))
    fields = f'- {{id: signed, type: signature, label: Signature, declaration: "{paragraphs}"}}'
    made = made_from(tmp_path, form_with(fields))
    words = words_of(made, tmp_path)
    boxes = made.descriptor.edition.boxes
    assert {box.page for box in boxes} == {made.descriptor.edition.pages} and made.descriptor.edition.pages == 2
    last = [word.page for word in words if word.text == "19"]
    assert last == [2]


def test_a_long_list_of_ticks_goes_on_over_the_page_between_two_of_them(tmp_path: Path) -> None:
    label = " ".join(["A thing that I might choose or leave just as I like it"] * 3)
    options = ", ".join(f"o{number}: {label}" for number in range(60))
    made = made_from(tmp_path, form_with(f"- {{id: t, type: several-of, label: T, options: {{{options}}}}}"))
    assert made.descriptor.edition.pages >= 2


def test_what_cannot_stand_on_a_page_is_told_by_its_field(tmp_path: Path) -> None:
    criteria = ", ".join("a criterion of many words that goes on and on over more than a line" for _ in range(140))
    table = f"""
- id: huge
  type: table
  label: T
  columns: {{why: {{label: Why, type: long-text}}}}
  rows: {{one: {{label: One, criteria: [{criteria}]}}}}
"""
    with pytest.raises(SchemebookError) as caught:
        made_from(tmp_path, form_with(table))
    assert caught.value.kind == "taller-than-a-page" and "'huge'" in caught.value.what


def test_a_part_with_words_alone_is_printed(tmp_path: Path) -> None:
    form = (
        form_with("- {id: one, type: text, label: One}") + "  - {title: Please note, intro: Nothing is asked here.}\n"
    )
    path = tmp_path / "made.pdf"
    path.write_bytes(made_from(tmp_path, form).pdf)
    text = pdftotext(path)
    assert "Please note" in text and "Nothing is asked here." in text


def test_the_heads_of_a_table_stand_on_each_of_its_pages(tmp_path: Path) -> None:
    rows = ", ".join(f"row-{number}: The row {number}" for number in range(30))
    table = f"""
- id: long
  type: table
  label: Long
  row-head: Uncommonly
  columns: {{why: {{label: Reasoning, type: long-text}}}}
  rows: {{{rows}}}
"""
    words = words_of(made_from(tmp_path, form_with(table)), tmp_path)
    pages = {word.page for word in words}
    assert len(pages) >= 2
    for head in ("Uncommonly", "Reasoning"):
        assert [word.page for word in words if word.text == head] == sorted(pages)


def test_a_heading_stands_on_the_page_of_its_first_question(tmp_path: Path) -> None:
    for before in range(9, 15):
        fillers = "\n".join(f"      {line}" for line in FILLERS.splitlines()[:before])
        form = form_with("- {id: one, type: text, label: One}") + fillers
        form += (
            "\n  - title: Unmistakable\n    fields:\n      - {id: story, type: long-text, label: A, most-words: 90}\n"
        )
        made = made_from(tmp_path, form)
        (heading,) = [word for word in words_of(made, tmp_path) if word.text == "Unmistakable"]
        (box,) = [box for box in made.descriptor.edition.boxes if box.name == "story"]
        assert heading.page == box.page, before


MARKUP = [
    "#pagebreak()",
    "*bold* _slanted_ $x^2$ @ref <label>",
    'a " quote \\ backslash',
    '#import "x.typ": *',
    "= heading // comment /* more */",
    "[brackets] {braces} `raw` ~ -- ... 1. 2.",
]


@pytest.mark.parametrize("text", MARKUP)
def test_what_a_scheme_owner_writes_is_printed_and_never_a_command(text: str, tmp_path: Path) -> None:
    quoted = "'" + text.replace("'", "''") + "'"
    made = made_from(tmp_path, form_with(f"- {{id: one, type: text, width: full, label: {quoted}}}"))
    path = tmp_path / "made.pdf"
    path.write_bytes(made.pdf)
    assert text in " ".join(pdftotext(path, "-layout").split()).replace("  ", " ")
    assert made.descriptor.edition.pages == 1


def test_a_template_is_named_by_its_file_alone() -> None:
    with pytest.raises(ValueError):
        typeset("../form.typ", {})


def rectangles(made: FormPdf) -> dict[str, tuple[float, float, float, float]]:
    return {box.name: box.rect for box in made.descriptor.edition.boxes}


def test_a_days_cell_is_wide_enough_though_its_form_asks_for_less_and_others_crowd_it(tmp_path: Path) -> None:
    columns = ", ".join(f"c{number}: {{label: Prose, type: long-text, width: 60}}" for number in range(3))
    day = "by: {label: By, type: date, width: 20}"
    table = f"- {{id: t, type: blank-table, label: T, blank-rows: 2, columns: {{{day}, {columns}}}}}"
    left, _, right, _ = rectangles(made_from(tmp_path, form_with(table)))["t.1.by"]
    assert right - left - 4 >= text_width(LONGEST_DATE, SHEETS["a4"].text) * MILLIMETRE


def test_a_drop_down_is_as_wide_as_its_longest_entry_though_its_form_asks_for_less(tmp_path: Path) -> None:
    entry = "An entry that is wider than a third of the page"
    fields = (
        f"- {{id: who, type: one-of, label: Who, width: third, drawn-as: drop-down, options: {{a: A, b: {entry}}}}}"
    )
    left, _, right, _ = rectangles(made_from(tmp_path, form_with(fields)))["who"]
    assert text_width(entry, SHEETS["a4"].text) * MILLIMETRE < right - left - 4 < 100 * MILLIMETRE


LINES = "- {id: f%d, type: text, label: Field, width: full}"


@pytest.mark.parametrize("edition", ["a4", "large-print"])
def test_the_closing_words_never_stand_on_a_page_alone(edition: str, tmp_path: Path) -> None:
    """Whatever the number of questions, and so wherever the last page ends."""
    pages = set()
    for count in range(8, 20):
        made = made_from(tmp_path, form_with("\n".join(LINES % number for number in range(count))), edition=edition)
        pages.add(made.descriptor.edition.pages)
        assert any(box.page == made.descriptor.edition.pages for box in made.descriptor.edition.boxes), count
    assert len(pages) > 1

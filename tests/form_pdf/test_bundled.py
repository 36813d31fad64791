"""Every form that comes along, the starter's too: sound, accessible, small, and nothing in the way of a box."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.form_pdf.on_paper import meet, printed_words
from tests.form_pdf.test_layout import ink_of
from tests.programs import outloud_check_of_each, pdfua_check, qpdf_check, verapdf_ua1_of_each

from schemebook.form_pdf.finish import FormPdf, make_form_pdf
from schemebook.form_pdf.sheet import SHEETS
from schemebook.form_pdf.text_measure import text_width
from schemebook.scheme.project import Project, load_project
from schemebook.scheme.starter import start_project

ROOT = Path(__file__).parents[2]
LARGEST, LARGEST_LARGE = 77_500, 104_000
"""Bytes: the longest form, 28 answers on four sheets of US Letter, and the same on fourteen pages of large print."""


@cache
def projects() -> tuple[Project, ...]:
    with TemporaryDirectory() as folder:
        start_project(Path(folder) / "new", "club")
        return (load_project(ROOT), load_project(Path(folder) / "new"))


SAME_LINES = "black-and-white"
"""Stands as A4 does, box by box; a test says so."""
FORMS = [
    (number, scheme, form, edition)
    for number, project in enumerate(projects())
    for scheme in project.schemes
    for form in project.form_ids(scheme)
    for edition in project.scheme(scheme).editions
]


@cache
def made(number: int, scheme: str, form: str, edition: str) -> FormPdf:
    return make_form_pdf(projects()[number], scheme, form, edition)


@pytest.fixture(params=[one for one in FORMS if one[3] != SAME_LINES], ids=lambda one: "-".join(one[1:]))
def form(request: pytest.FixtureRequest) -> FormPdf:
    return made(*request.param)


@pytest.fixture
def path(form: FormPdf, tmp_path: Path) -> Path:
    return written(form, tmp_path)


def written(form: FormPdf, folder: Path) -> Path:
    path = folder / f"{form.descriptor.meaning.form}.pdf"
    path.write_bytes(form.pdf)
    return path


def test_there_are_forms_of_a_real_scheme_and_of_the_starter() -> None:
    assert {number for number, *_ in FORMS} == {0, 1}


@pytest.mark.parametrize("edition", SHEETS)
def test_programs_find_nothing_wrong_with_any(edition: str, tmp_path: Path) -> None:
    paths = []
    for number, scheme, form_id, name in FORMS:
        if name == edition:
            (tmp_path / scheme).mkdir(exist_ok=True)
            paths.append(written(made(number, scheme, form_id, name), tmp_path / scheme))
    found = {path: qpdf_check(path) + pdfua_check(path) for path in paths}
    for path, errors in outloud_check_of_each(paths, tmp_path).items():
        found[path] += errors
    assert {path.stem: errors for path, errors in found.items() if errors} == {}


def test_it_is_small(form: FormPdf) -> None:
    large = form.descriptor.edition.name == "large-print"
    assert len(form.pdf) <= (LARGEST_LARGE if large else LARGEST)


def test_nothing_stands_in_the_way_of_a_box(form: FormPdf, path: Path) -> None:
    boxes = form.descriptor.edition.boxes
    for one, other in itertools.combinations(boxes, 2):
        assert one.page != other.page or not meet(one.rect, other.rect), (one, other)
    for word in printed_words(path):
        for box in boxes:
            assert box.page != word.page or not meet(ink_of(word), box.rect, 0.5), (box.name, word.text)


PADDING = 2
"""What viewers leave free at each end of a box, in points."""
WRITTEN_OUT = "24 September 2026"
"""The longest written date; the widest day of the year."""


def one_of_these_is_shown(form: FormPdf) -> Iterator[tuple[str, str]]:
    """(widget, text) of every day written out, and of every entry of a drop-down."""
    labels = form.descriptor.edition.labels
    fields = {field.id: field for field in form.descriptor.meaning.fields}
    for widget in form.descriptor.widgets:
        columns = {column.id: column.type for column in fields[widget.field].columns}
        signed = fields[widget.field].type == "signature" and widget.name.endswith(".date")
        if signed or columns.get(widget.column or "", fields[widget.field].type) == "date":
            yield widget.name, WRITTEN_OUT
        if widget.kind == "drop-down":
            yield from ((widget.name, labels[f"{widget.field}/{option}"]) for option in widget.options)


def test_a_day_written_out_and_each_entry_of_a_drop_down_fit_their_boxes(form: FormPdf) -> None:
    edition = form.descriptor.edition
    room = {box.name: box.rect[2] - box.rect[0] - 2 * PADDING for box in edition.boxes}
    wide = {one: text_width(one[1], edition.text_size) * 72 / 25.4 for one in one_of_these_is_shown(form)}
    assert [one for one, width in wide.items() if width > room[one[0]]] == []


def test_no_page_is_begun_for_the_closing_words_alone(form: FormPdf) -> None:
    """But where the question before fills most of its page, and could not go along."""
    edition = form.descriptor.edition
    before = [box for box in edition.boxes if box.page == edition.pages - 1]
    highest = max((box.rect[3] - box.rect[1] for box in before), default=0)
    assert highest > edition.paper[1] / 2 or any(box.page == edition.pages for box in edition.boxes)


def test_no_words_are_printed_over_others(path: Path) -> None:
    words = printed_words(path)
    for one, other in itertools.combinations(words, 2):
        assert one.page != other.page or not meet(ink_of(one), ink_of(other), 0.5), (one, other)


def test_black_and_white_stands_as_a4_does_box_by_box() -> None:
    others = [one for one in FORMS if one[3] == SAME_LINES]
    for number, scheme, form, edition in others:
        mine, usual = (made(number, scheme, form, name).descriptor.edition for name in (edition, "a4"))
        assert mine.boxes == usual.boxes


@pytest.mark.all_tiers
def test_verapdf_finds_pdf_ua_1_in_all(tmp_path: Path) -> None:
    paths = []
    for number, scheme, form, edition in FORMS:
        paths.append(tmp_path / f"{scheme}-{form}.{edition}.pdf")
        paths[-1].write_bytes(made(number, scheme, form, edition).pdf)
    assert {path.name: found for path, found in verapdf_ua1_of_each(paths).items() if found} == {}

"""Every form that comes along, the starter's too: sound, accessible, small, and nothing in the way of a box."""

from __future__ import annotations

import itertools
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.form_pdf.on_paper import meet, printed_words
from tests.form_pdf.test_layout import ink_of
from tests.programs import outloud_check, pdfua_check, qpdf_check, verapdf_ua1_of_each

from schemebook.form_pdf.finish import FormPdf, make_form_pdf
from schemebook.scheme.project import Project, load_project
from schemebook.scheme.starter import start_project

ROOT = Path(__file__).parents[2]
LARGEST = 82_000
"""Bytes: the longest form, three pages with 28 answers. One of two pages has 70 000."""


@cache
def projects() -> tuple[Project, ...]:
    with TemporaryDirectory() as folder:
        start_project(Path(folder) / "new", "club")
        return (load_project(ROOT), load_project(Path(folder) / "new"))


FORMS = [
    (number, scheme, form)
    for number, project in enumerate(projects())
    for scheme in project.schemes
    for form in project.form_ids(scheme)
]


@cache
def made(number: int, scheme: str, form: str) -> FormPdf:
    return make_form_pdf(projects()[number], scheme, form)


@pytest.fixture(params=FORMS, ids=lambda one: f"{one[1]}-{one[2]}")
def form(request: pytest.FixtureRequest) -> FormPdf:
    return made(*request.param)


@pytest.fixture
def path(form: FormPdf, tmp_path: Path) -> Path:
    path = tmp_path / f"{form.descriptor.meaning.form}.pdf"
    path.write_bytes(form.pdf)
    return path


def test_there_are_forms_of_a_real_scheme_and_of_the_starter() -> None:
    assert {number for number, *_ in FORMS} == {0, 1}


def test_programs_find_nothing_wrong_with_it(path: Path, tmp_path: Path) -> None:
    assert qpdf_check(path) == []
    assert pdfua_check(path) == []
    assert outloud_check(path, tmp_path) == []


def test_it_is_small(form: FormPdf) -> None:
    assert len(form.pdf) <= LARGEST


def test_nothing_stands_in_the_way_of_a_box(form: FormPdf, path: Path) -> None:
    boxes = form.descriptor.edition.boxes
    for one, other in itertools.combinations(boxes, 2):
        assert one.page != other.page or not meet(one.rect, other.rect), (one, other)
    for word in printed_words(path):
        for box in boxes:
            assert box.page != word.page or not meet(ink_of(word), box.rect, 0.5), (box.name, word.text)


def test_no_words_are_printed_over_others(path: Path) -> None:
    words = printed_words(path)
    for one, other in itertools.combinations(words, 2):
        assert one.page != other.page or not meet(ink_of(one), ink_of(other), 0.5), (one, other)


@pytest.mark.all_tiers
def test_verapdf_finds_pdf_ua_1_in_all(tmp_path: Path) -> None:
    paths = []
    for number, scheme, form in FORMS:
        paths.append(tmp_path / f"{scheme}-{form}.pdf")
        paths[-1].write_bytes(made(number, scheme, form).pdf)
    assert {path.name: found for path, found in verapdf_ua1_of_each(paths).items() if found} == {}

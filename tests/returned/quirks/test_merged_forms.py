"""Several forms merged into one file give a record each, whatever the program did to their fields."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from tests.returned.made_pdf import returned
from tests.returned.quirks.merged_files import (
    KEEP_FIELDS,
    Merge,
    with_mutool,
    with_pdfbox,
    with_pdfbox_that_joins,
    with_pdfcpu,
    with_pdfunite,
    with_pikepdf_pages,
    with_pypdf,
    with_qpdf,
    with_qpdf_into_the_first,
    with_shared_fields,
)

from schemebook.errors import SetAsideError
from schemebook.form_pdf.descriptor import FormDescriptor, load_published
from schemebook.form_pdf.fill import fill_form
from schemebook.form_pdf.finish import make_unmarked
from schemebook.form_pdf.issued_copy import issued_copy
from schemebook.returned.submission import Submission, read_returned
from schemebook.scheme.project import load_project

ROOT = Path(__file__).parents[3]
KNOWN = load_published(ROOT)
FORMS = ("evaluation-statement", "session-summary")
"""Two of the bundled forms, with radio buttons, ticks, tables and texts, of two pages each."""


@cache
def form(name: str) -> FormDescriptor:
    return next(one for one in KNOWN.values() if one.meaning.form == name and one.edition.name == "a4")


@cache
def filled(name: str, answers: str = "") -> bytes:
    """A bundled form with its example's answers, or with others."""
    said: dict[str, Any] = json.loads(answers) if answers else example(name)
    blank = form(name).blank
    assert blank is not None
    return fill_form(blank.read_bytes(), form(name), said).pdf


def example(name: str) -> dict[str, Any]:
    (path,) = (ROOT / "tests/demo").glob(f"*/{name}-1.json")
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def files(folder: Path, *data: bytes) -> list[Path]:
    found = []
    for number, one in enumerate(data):
        found.append(folder / f"given-{number}.pdf")
        found[-1].write_bytes(one)
    return found


def read(folder: Path, data: bytes) -> tuple[Submission, ...]:
    first = read_returned(returned(folder, data), KNOWN)
    return first, *first.others


def reviews(found: tuple[Submission, ...]) -> set[str]:
    return {reason.kind for one in found for reason in one.review}


OTHERS = example(FORMS[0]) | {"name": "Tāne Mahuta", "wish": "go-on"}


@pytest.mark.parametrize("by", KEEP_FIELDS)
def test_two_forms_in_one_file_give_a_record_each(tmp_path: Path, by: str) -> None:
    given = files(tmp_path, *map(filled, FORMS))
    found = read(tmp_path, KEEP_FIELDS[by](given, tmp_path / "m.pdf").read_bytes())
    assert [(one.form, one.part, one.answers) for one in found] == [
        (name, part, example(name)) for part, name in enumerate(FORMS)
    ]
    assert reviews(found) == ({"by-place"} if by == "pdfunite" else set())


@pytest.mark.parametrize("by", KEEP_FIELDS)
def test_one_form_of_two_people_gives_a_record_each(tmp_path: Path, by: str) -> None:
    given = files(tmp_path, filled(FORMS[0]), filled(FORMS[0], json.dumps(OTHERS)))
    found = read(tmp_path, KEEP_FIELDS[by](given, tmp_path / "m.pdf").read_bytes())
    assert [one.answers for one in found] == [example(FORMS[0]), OTHERS]
    assert reviews(found) == ({"by-place"} if by == "pdfunite" else set())


@pytest.mark.all_tiers
def test_pdfcpu_hangs_the_second_form_below_a_number(tmp_path: Path) -> None:
    given = files(tmp_path, filled(FORMS[0]), filled(FORMS[0], json.dumps(OTHERS)))
    found = read(tmp_path, with_pdfcpu(given, tmp_path / "m.pdf").read_bytes())
    assert ([one.answers for one in found], reviews(found)) == ([example(FORMS[0]), OTHERS], set())


@pytest.mark.all_tiers
@pytest.mark.parametrize("merge", [with_pdfbox, with_pdfbox_that_joins])
def test_pdfbox_gives_the_second_form_s_fields_names_of_its_own(tmp_path: Path, merge: Merge) -> None:
    given = files(tmp_path, filled(FORMS[0]), filled(FORMS[0], json.dumps(OTHERS)))
    found = read(tmp_path, merge(given, tmp_path / "m.pdf").read_bytes())
    assert ([one.answers for one in found], reviews(found)) == ([example(FORMS[0]), OTHERS], {"by-place"})


def test_two_copies_that_share_their_fields_are_told(tmp_path: Path) -> None:
    given = files(tmp_path, filled(FORMS[0]), filled(FORMS[0], json.dumps(OTHERS)))
    found = read(tmp_path, with_shared_fields(given, tmp_path / "m.pdf").read_bytes())
    assert [one.answers["name"] for one in found] == [example(FORMS[0])["name"]] * 2
    assert all("shared-fields" in {reason.kind for reason in one.review} for one in found)


@pytest.mark.all_tiers
def test_a_program_that_drops_the_fields_leaves_blank_forms_for_a_person_to_ask_about(tmp_path: Path) -> None:
    given = files(tmp_path, *map(filled, FORMS))
    found = read(tmp_path, with_mutool(given, tmp_path / "m.pdf").read_bytes())
    assert [one.form for one in found] == list(FORMS)
    assert reviews(found) == {"nothing-printed"}


def cv(folder: Path) -> bytes:
    """Somebody's own page, with a form field of its own."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        box = pikepdf.Array([50, 50, 200, 70])
        note = pikepdf.Dictionary(Subtype=pikepdf.Name.Link, Rect=box)
        pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])
        pdf.save(folder / "cv.pdf")
    return (folder / "cv.pdf").read_bytes()


@pytest.mark.parametrize("merge", [with_qpdf_into_the_first, with_pypdf, with_pdfunite, with_pikepdf_pages])
@pytest.mark.parametrize("first", [True, False], ids=["before it", "behind it"])
def test_a_form_beside_a_letter_is_read(tmp_path: Path, merge: Any, first: bool) -> None:
    both = [cv(tmp_path), filled(FORMS[0])] if first else [filled(FORMS[0]), cv(tmp_path)]
    found = read(tmp_path, merge(files(tmp_path, *both), tmp_path / "m.pdf").read_bytes())
    assert [one.answers for one in found] == [example(FORMS[0])]
    assert reviews(found) <= {"by-place", "unlisted", "no-claim"}


def test_a_form_of_which_a_page_is_missing_takes_none_of_the_other_with_it(tmp_path: Path) -> None:
    given = files(tmp_path, *map(filled, FORMS))
    merged = with_qpdf(given, tmp_path / "m.pdf")
    with pikepdf.open(merged, allow_overwriting_input=True) as pdf:
        del pdf.pages[3]
        pdf.save(merged)
    with pytest.raises(SetAsideError) as raised:
        read(tmp_path, merged.read_bytes())
    assert raised.value.reason == "several-forms"


def test_the_person_of_each_issued_copy_is_known_by_its_page(tmp_path: Path) -> None:
    scheme = form(FORMS[0]).meaning.scheme
    unmarked = make_unmarked(load_project(ROOT), scheme, FORMS[0])
    tokens = ["ABCDEFG2", "HIJKLMN3"]
    given = files(tmp_path, *(issued_copy(unmarked, token, OTHERS, ()).pdf for token in tokens))
    found = read(tmp_path, with_qpdf_into_the_first(given, tmp_path / "m.pdf").read_bytes())
    assert [(one.token, one.answers) for one in found] == [(token, OTHERS) for token in tokens]
    assert reviews(found) == set()

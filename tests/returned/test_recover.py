"""Copies without fields: flattened by real programs, and pages that people make of them, are read from their print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Name
from tests.flatteners import OTHERS, SMALL, Flattener, with_qpdf
from tests.form_pdf.everything import everything, project_at
from tests.returned.made_pdf import returned, saved

from schemebook.errors import SetAsideError
from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.form_pdf.fill import fill_form
from schemebook.form_pdf.finish import make_form_pdf
from schemebook.returned.recovery.ink import DPI, GreyPage, dark_in
from schemebook.returned.recovery.recover import RecoveredForm, forms_of
from schemebook.returned.recovery.recovered import BoxReading
from schemebook.returned.submission import Submission, read_returned
from schemebook.returned.widget_answers import WidgetAnswer

ANSWERS: dict[str, Any] = {
    "full-name": "Nguyễn Thị Việt",
    "phone": "+44 20 7946 0018",
    "email": "viet@example.org",
    "role": "mentee",
    "address": "The Office, Łódź – “Świat”",
    "organisation-kind": "public",
    "postcode": "LN2 4QT",
    "born": "1999-03-01",
    "years": 1,
    "driving": False,
    "county": "c",
    "level": "dual",
    "when": "May 2027",
    "biography": "I affirm that the office was fine, and that the difficult flow of work taught me what I know of "
    "harbours and of the people in them.\nThen I went on.\n\nAnd it cost €12.",
    "side": "A short line.",
    "other-side": "Nothing that would not fit on one line of this box.",
    "topics": ["career", "data"],
    "other-topic": "The next",
    "ready": ["cv"],
    "gap": {"trends": {"competent": "able", "next": "Read more"}, "people": {"competent": "not-yet"}},
    "skills": {
        "listening": {"now": "two", "done": True, "due": "2026-12-01"},
        "feedback": {"fine": True, "hours": 4.5},
    },
    "meetings": [{"day": "2026-11-02", "about": "First steps", "useful": True}],
    "share": True,
    "mentee-signed": {"name": "Nguyễn Thị Việt", "date": "2026-11-24", "kind": "typed"},
}


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> FormDescriptor:
    """The form that asks everything, with its blank where a project has it."""
    made = everything()
    blank = tmp_path_factory.mktemp("published") / "blank.pdf"
    blank.write_bytes(made.pdf)
    return replace(made.descriptor, blank=blank)


@pytest.fixture(scope="module")
def filled(form: FormDescriptor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled copy, its fields as they were."""
    path = tmp_path_factory.mktemp("filled") / "filled.pdf"
    assert form.blank is not None
    path.write_bytes(fill_form(form.blank.read_bytes(), form, ANSWERS).pdf)
    return path


@pytest.fixture(scope="module")
def flat(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The same, flattened by qpdf."""
    return with_qpdf(filled, tmp_path_factory.mktemp("flat") / "flat.pdf").read_bytes()


def read(folder: Path, data: bytes, form: FormDescriptor) -> Submission:
    return read_returned(returned(folder, data), {form.edition.id: form})


def changed(data: bytes, change: Callable[[pikepdf.Pdf], object]) -> bytes:
    with pikepdf.open(BytesIO(data)) as pdf:
        change(pdf)
        return saved(pdf)


def in_fields(folder: Path, filled: Path, form: FormDescriptor) -> dict[str, Any]:
    """The answers as the fields give them, and the table of ticks as print gives it."""
    return read(folder, filled.read_bytes(), form).answers


def reasons(found: Submission) -> set[str]:
    return {one.kind for one in found.review}


def _flattened_gives_what_the_fields_gave(
    flattener: Flattener, folder: Path, filled: Path, form: FormDescriptor
) -> None:
    found = read(folder, flattener(filled, folder / "flat.pdf").read_bytes(), form)
    assert found.answers == in_fields(folder, filled, form)
    assert reasons(found) == {"proposed"}


@pytest.mark.parametrize("program", SMALL)
def test_a_flattened_copy_gives_what_the_fields_gave(
    program: str, tmp_path: Path, filled: Path, form: FormDescriptor
) -> None:
    _flattened_gives_what_the_fields_gave(SMALL[program], tmp_path, filled, form)


def test_the_longer_small_print_of_an_issued_copy_is_nothing_that_somebody_wrote(
    tmp_path: Path, form: FormDescriptor
) -> None:
    made = make_form_pdf(project_at(tmp_path), "harbour", "everything", token="ABCDEFG2", draft=False)
    copy = tmp_path / "copy.pdf"
    copy.write_bytes(fill_form(made.pdf, form, ANSWERS).pdf)
    found = read(tmp_path, with_qpdf(copy, tmp_path / "flat.pdf").read_bytes(), form)
    assert (found.token, reasons(found)) == ("ABCDEFG2", {"proposed"})


def test_what_is_written_beside_the_boxes_of_an_issued_copy_is_told(tmp_path: Path, form: FormDescriptor) -> None:
    made = make_form_pdf(project_at(tmp_path), "harbour", "everything", token="ABCDEFG2", draft=False)

    def write(pdf: pikepdf.Pdf) -> None:
        font = pikepdf.Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        pdf.pages[0].Resources.Font.Beside = font
        pdf.pages[0].contents_add(pdf.make_stream(b"BT /Beside 9 Tf 300 40 Td (Call me) Tj ET"))

    written = tmp_path / "written.pdf"
    written.write_bytes(changed(made.pdf, write))
    found = read(tmp_path, with_qpdf(written, tmp_path / "flat.pdf").read_bytes(), form)
    assert "written-beside" in reasons(found)


@pytest.mark.all_tiers
@pytest.mark.parametrize("program", OTHERS)
def test_so_does_one_by_a_program_that_not_every_machine_has(
    program: str, tmp_path: Path, filled: Path, form: FormDescriptor
) -> None:
    _flattened_gives_what_the_fields_gave(OTHERS[program], tmp_path, filled, form)


def test_marks_are_accepted_and_text_is_proposed_each_with_its_place(
    tmp_path: Path, flat: bytes, form: FormDescriptor
) -> None:
    found = read(tmp_path, flat, form)
    by_widget = {one.widget: one for one in found.recovered}
    assert {one.door for one in found.recovered} == {"text-layer"}
    assert by_widget["topics.career"].accepted and by_widget["role"].accepted
    assert by_widget["county"].accepted == (found.answers["county"] == "c")
    assert not by_widget["full-name"].accepted
    assert ("proposed", "full-name") in {(one.kind, one.field) for one in found.review}
    assert "topics" not in {one.field for one in found.review}
    box = next(box for box in form.edition.boxes if box.name == "full-name")
    assert by_widget["full-name"].page == box.page
    assert by_widget["full-name"].rect == pytest.approx(box.rect, abs=0.5)


def test_a_copy_without_answers_may_have_lost_them(tmp_path: Path, form: FormDescriptor) -> None:
    assert form.blank is not None
    found = read(tmp_path, with_qpdf(form.blank, tmp_path / "flat.pdf").read_bytes(), form)
    assert (found.recovered, [one.kind for one in found.review]) == ((), ["nothing-printed"])
    assert set(found.answers) <= {"share", "news", "skills"}  # those with ticks, which were left off


def test_pages_in_another_order_are_put_right(tmp_path: Path, flat: bytes, filled: Path, form: FormDescriptor) -> None:
    found = read(tmp_path, changed(flat, lambda pdf: pdf.pages.reverse()), form)
    assert found.answers == in_fields(tmp_path, filled, form)


def test_a_missing_page_is_told(tmp_path: Path, flat: bytes, form: FormDescriptor) -> None:
    def drop(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[0]

    found = read(tmp_path, changed(flat, drop), form)
    assert "page-missing" in reasons(found)
    assert "full-name" not in found.answers and found.answers["share"] is True


def test_two_whole_forms_in_one_file_are_two_submissions(tmp_path: Path, flat: bytes, form: FormDescriptor) -> None:
    def twice(pdf: pikepdf.Pdf) -> None:
        pdf.pages.extend(list(pdf.pages))

    found = read(tmp_path, changed(flat, twice), form)
    assert [one.part for one in (found, *found.others)] == [0, 1]
    assert found.others[0].answers == found.answers


def test_forms_whose_pages_cannot_be_told_apart_set_the_file_aside(
    tmp_path: Path, flat: bytes, form: FormDescriptor
) -> None:
    assert form.blank is not None
    other = tmp_path / "other.pdf"
    other.write_bytes(fill_form(form.blank.read_bytes(), form, ANSWERS | {"full-name": "Benjamin Ott"}).pdf)

    def first_page_of_somebody_else(pdf: pikepdf.Pdf) -> None:
        with pikepdf.open(with_qpdf(other, tmp_path / "other-flat.pdf")) as theirs:
            pdf.pages.append(theirs.pages[0])

    with pytest.raises(SetAsideError) as raised:
        read(tmp_path, changed(flat, first_page_of_somebody_else), form)
    assert raised.value.reason == "several-forms"


def test_a_page_that_is_in_the_file_twice_counts_once(
    tmp_path: Path, flat: bytes, filled: Path, form: FormDescriptor
) -> None:
    found = read(tmp_path, changed(flat, lambda pdf: pdf.pages.append(pdf.pages[0])), form)
    assert (found.answers, found.others) == (in_fields(tmp_path, filled, form), ())


def _shrunk(pdf: pikepdf.Pdf) -> None:
    """As a driver prints A4 to fit Letter: 91 % in size, and moved."""
    for page in pdf.pages:
        page.contents_add(pdf.make_stream(b"q 0.91 0 0 0.91 31 14 cm\n"), prepend=True)
        page.contents_add(pdf.make_stream(b"\nQ"))
        page.mediabox = (0, 0, 612, 792)


def test_a_copy_printed_to_fit_other_paper_is_read_where_its_words_stand(
    tmp_path: Path, flat: bytes, filled: Path, form: FormDescriptor
) -> None:
    found = read(tmp_path, changed(flat, _shrunk), form)
    assert found.answers == in_fields(tmp_path, filled, form)


def test_a_turned_page_is_read(tmp_path: Path, flat: bytes, filled: Path, form: FormDescriptor) -> None:
    def turn(pdf: pikepdf.Pdf) -> None:
        for page, angle in zip(pdf.pages, (90, 180, 270, 0), strict=False):
            page.rotate(angle, relative=False)

    assert read(tmp_path, changed(flat, turn), form).answers == in_fields(tmp_path, filled, form)


def _cover(pdf: pikepdf.Pdf, box: tuple[float, float, float, float], grey: float) -> None:
    left, bottom, right, top = box
    drawing = f"q {grey} g {left} {bottom} {right - left} {top - bottom} re f Q".encode()
    pdf.pages[0].contents_add(pdf.make_stream(b"q\n"), prepend=True)
    pdf.pages[0].contents_add(pdf.make_stream(b"\nQ " + drawing))


def box_of(form: FormDescriptor, name: str) -> tuple[float, float, float, float]:
    return next(box.rect for box in form.edition.boxes if box.name == name)


def test_a_copy_without_claim_and_without_a_code_is_known_by_its_words(
    tmp_path: Path, flat: bytes, filled: Path, form: FormDescriptor
) -> None:
    def crop(pdf: pikepdf.Pdf) -> None:
        for key in ("/AF", "/Names"):
            if key in pdf.Root:
                del pdf.Root[key]
        for page in pdf.pages:
            page.cropbox = (0, 60, 595, 842)

    found = read(tmp_path, changed(flat, crop), form)
    assert found.answers == in_fields(tmp_path, filled, form)


def test_something_drawn_in_a_box_is_not_taken_for_an_empty_one(tmp_path: Path, form: FormDescriptor) -> None:
    assert form.blank is not None
    flat = with_qpdf(form.blank, tmp_path / "flat.pdf").read_bytes()
    left, bottom, _, _ = box_of(form, "full-name")
    line = (left + 9, bottom + 5, left + 60, bottom + 7)
    found = read(tmp_path, changed(flat, lambda pdf: _cover(pdf, line, 0)), form)
    assert ("full-name", "only-drawn") in {(one.field, one.kind) for one in found.problems}
    assert {"only-drawn", "proposed"} <= reasons(found)


def test_letters_that_somebody_covered_are_not_accepted(tmp_path: Path, flat: bytes, form: FormDescriptor) -> None:
    found = read(tmp_path, changed(flat, lambda pdf: _cover(pdf, box_of(form, "full-name"), 1)), form)
    assert ("full-name", "unreadable") in {(one.field, one.kind) for one in found.problems}


def test_a_faint_mark_is_neither_on_nor_off(tmp_path: Path, form: FormDescriptor) -> None:
    assert form.blank is not None
    flat = with_qpdf(form.blank, tmp_path / "flat.pdf").read_bytes()
    mentor = next(box.rect for box in form.edition.boxes if (box.name, box.option) == ("role", "mentor"))
    left, bottom, right, top = mentor
    line = (left, (bottom + top) / 2, right, (bottom + top) / 2 + 0.5)
    found = read(tmp_path, changed(flat, lambda pdf: _cover(pdf, line, 0)), form)
    assert "role" not in found.answers
    assert ("role", "unclear-mark") in {(one.field, one.kind) for one in found.problems}


def test_letters_that_are_not_drawn_are_no_answer(tmp_path: Path, form: FormDescriptor) -> None:
    """What a scanner's OCR lays invisibly over a page (text rendering mode 3)."""
    assert form.blank is not None
    left, bottom, _, _ = box_of(form, "full-name")

    def over(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        page.obj.Resources.Font[Name.Helv] = pikepdf.Dictionary(
            Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica
        )
        text = f"BT 3 Tr /Helv 10 Tf {left + 4} {bottom + 6} Td (Wrong) Tj ET".encode()
        page.contents_add(pdf.make_stream(b"q\n"), prepend=True)
        page.contents_add(pdf.make_stream(b"\nQ " + text))

    flat = with_qpdf(form.blank, tmp_path / "flat.pdf").read_bytes()
    assert "full-name" not in read(tmp_path, changed(flat, over), form).answers


def test_without_its_blank_a_flattened_copy_is_set_aside(tmp_path: Path, flat: bytes, form: FormDescriptor) -> None:
    with pytest.raises(SetAsideError) as raised:
        read(tmp_path, flat, replace(form, blank=tmp_path / "gone.pdf"))
    assert raised.value.reason == "no-fields"


def test_a_digit_at_the_left_of_a_wide_box_is_ink() -> None:
    """A share of the width left out at the sides took "1" in a box of 500 points for nothing."""
    stride, height = 1_100, 60
    data = bytearray(b"\xff" * stride * height)
    for row in range(20, 40):
        data[row * stride + 8 : row * stride + 11] = bytes(3)
    page = GreyPage(bytes(data), bytes(grey < 128 for grey in data), stride, stride, height, 0.0, height * 72 / DPI)
    assert dark_in(page, (0.0, 0.0, 500.0, height * 72 / DPI), 1.0) == 60


@dataclass(frozen=True)
class _Page:
    """A page that somebody scanned: its form, which page it is, whose, and the name that stands on it."""

    form: FormDescriptor
    page: int
    token: str | None
    name: str
    number: int = 0


def _forms(form: FormDescriptor, scanned: list[tuple[int, str | None, str]]) -> list[RecoveredForm]:
    """The forms of a scan of two-page forms."""
    two = replace(form, edition=form.edition.model_copy(update={"pages": 2}))
    name = next(one for one in form.widgets if one.name == "full-name")

    def read(page: _Page) -> tuple[list[BoxReading], bool]:
        answer = WidgetAnswer(page.name if page.page == 1 else None)
        return [BoxReading(name, answer, "image", 0.9, False, (0, 0, 1, 1))] if page.page == 1 else [], False

    pages = [_Page(two, page, token, said, number) for number, (page, token, said) in enumerate(scanned, start=1)]
    return forms_of(pages, read)


def test_fronts_and_then_backs_of_two_issued_copies_are_two_forms(form: FormDescriptor) -> None:
    found = _forms(form, [(1, "AAAAAAA2", "Ana"), (1, "BBBBBBB2", "Ben"), (2, "BBBBBBB2", ""), (2, "AAAAAAA2", "")])
    assert [(one.token, one.pages, one.review) for one in found] == [
        ("AAAAAAA2", {1: 1, 2: 4}, []),
        ("BBBBBBB2", {1: 2, 2: 3}, []),
    ]


def test_a_page_that_was_scanned_twice_counts_once(form: FormDescriptor) -> None:
    (found,) = _forms(form, [(1, None, "Ana Kovacs-Meyer"), (1, None, "Ana Kovács-Meyer"), (2, None, "")])
    assert len(found.pages) == 2 and found.review == []


def test_a_page_of_somebody_else_is_not_taken_for_one_scanned_twice(form: FormDescriptor) -> None:
    with pytest.raises(SetAsideError) as raised:
        _forms(form, [(1, None, "Ana Kovacs"), (1, None, "Benjamin Ott"), (2, None, "")])
    assert raised.value.reason == "several-forms"


def test_fronts_and_then_backs_without_tokens_are_nobodys(form: FormDescriptor) -> None:
    with pytest.raises(SetAsideError):
        _forms(form, [(1, None, "Ana"), (1, None, "Ben"), (2, None, ""), (2, None, "")])

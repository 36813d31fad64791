"""Pages of one form in several files: joined where something says whose they are, never on a guess."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from tests.form_pdf.everything import everything
from tests.returned.made_pdf import returned

from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.returned.joined_files import join_files
from schemebook.returned.limits import Limits
from schemebook.returned.recovery.recover import RecoveredForm
from schemebook.returned.recovery.recovered import PageCopy, Recovered
from schemebook.returned.returned_pdf import Letter
from schemebook.returned.submission import Submission, recovered_submission
from schemebook.returned.widget_answers import WidgetAnswer
from schemebook.returned.worker import Reading

GREY = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300" + "01" * 64 + "ffc0000b08000800080101110000ffc4001500010100"
    "000000000000000000000000000008ffc40014100100000000000000000000000000000000ffda0008010100003f00bf80ffd9"
)
"""A baseline JPEG of 8 by 8 grey pixels."""


@pytest.fixture(scope="module")
def form() -> FormDescriptor:
    made = everything().descriptor
    return replace(made, edition=made.edition.model_copy(update={"pages": 2}))


def page(
    folder: Path, form: FormDescriptor, name: str, number: int, token: str | None = None, letter: Letter | None = None
) -> Reading:
    """A file that shows one page of the form: its name is answered on the first, its e-mail address on the second."""
    pdf = replace(returned(folder, name.encode(), name.replace("/", "-")), name=name, letter=letter)
    found = RecoveredForm(form, token, {number: 1})
    field = ("full-name", "email")[number - 1]
    found.widgets[field] = WidgetAnswer(f"{name}@example.org")
    found.recovered.append(Recovered(field, field, "image", 0.9, False, 1, (1.0, 2.0, 3.0, 4.0)))
    found.review.append("page-missing")
    found.copies = (PageCopy(number, 1, GREY, (400.0, 600.0)),)
    return Reading(pdf, recovered_submission([found]))


def settled(form: FormDescriptor, folder: Path, readings: Sequence[Reading]) -> list[Reading]:
    return list(join_files(iter(readings), {form.edition.id: form}, folder, Limits()))


def names(found: Sequence[Reading]) -> list[tuple[str, ...]]:
    return [tuple(one.name for one in each.members) or (each.pdf.name,) for each in found]


def reasons(reading: Reading) -> set[str]:
    assert isinstance(reading.outcome, Submission)
    return {one.kind for one in reading.outcome.review}


def mail(number: int) -> Letter:
    return Letter(datetime(2026, 11, number, tzinfo=UTC), "ana@example.org", f"<{number}@example.org>")


def test_the_pages_of_one_message_are_one_return_in_their_order(form: FormDescriptor, tmp_path: Path) -> None:
    given = [
        page(tmp_path, form, name, number, letter=mail(1)) for name, number in (("m/IMG_2.jpg", 2), ("m/IMG_1.jpg", 1))
    ]
    (found,) = settled(form, tmp_path, given)
    assert names([found]) == [("m/IMG_1.jpg", "m/IMG_2.jpg")]
    assert isinstance(found.outcome, Submission)
    assert found.outcome.answers["email"] == "m/IMG_2.jpg@example.org"
    assert {one.field: one.page for one in found.outcome.recovered} == {"full-name": 1, "email": 2}
    assert "joined" in reasons(found) and "page-missing" not in reasons(found)
    assert found.pdf.letter == mail(1)


def test_the_joined_file_shows_the_pages_and_holds_the_files_that_came(form: FormDescriptor, tmp_path: Path) -> None:
    given = [page(tmp_path, form, f"ana-{number}.jpg", number) for number in (1, 2)]
    (found,) = settled(form, tmp_path, given)
    with pypdfium2.PdfDocument(found.pdf.path) as pdf:
        assert [one.get_size() for one in pdf] == [(400.0, 600.0)] * 2
        assert pdf[1].render(scale=0.1).to_numpy().min() < 250
    with pikepdf.open(found.pdf.path) as pdf:
        held = {name: pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments}
    assert held == {"1-ana-1.jpg": b"ana-1.jpg", "2-ana-2.jpg": b"ana-2.jpg"}
    (again,) = settled(form, tmp_path, given)
    assert again.pdf.sha256 == found.pdf.sha256


def test_two_people_in_one_folder_stay_apart_and_each_is_told_of_the_others(
    form: FormDescriptor, tmp_path: Path
) -> None:
    given = [page(tmp_path, form, f"in/IMG_{number}.jpg", page_) for number, page_ in ((1, 1), (2, 2), (3, 1), (4, 2))]
    found = settled(form, tmp_path, given)
    assert [len(one.members) for one in found] == [0, 0, 0, 0]
    assert all({"page-missing", "other-pages"} <= reasons(one) for one in found)
    assert isinstance(found[0].outcome, Submission)
    (told,) = [one.message for one in found[0].outcome.review if one.kind == "other-pages"]
    assert "IMG_2.jpg, IMG_4.jpg" in told and "IMG_3.jpg" not in told


def test_a_cameras_names_say_nothing_even_where_the_pages_fit(form: FormDescriptor, tmp_path: Path) -> None:
    found = settled(form, tmp_path, [page(tmp_path, form, f"in/IMG_000{number}.jpg", number) for number in (1, 2)])
    assert [len(one.members) for one in found] == [0, 0]


def test_a_name_that_somebody_gave_joins(form: FormDescriptor, tmp_path: Path) -> None:
    given = [("Ana p1.jpg", 1), ("Ana p2.jpg", 2), ("Ben p1.jpg", 1), ("Ben p2.jpg", 2), ("Cleo p1.jpg", 1)]
    found = settled(form, tmp_path, [page(tmp_path, form, f"in/{name}", number) for name, number in given])
    assert sorted(names(found)) == [
        ("in/Ana p1.jpg", "in/Ana p2.jpg"),
        ("in/Ben p1.jpg", "in/Ben p2.jpg"),
        ("in/Cleo p1.jpg",),
    ]


def test_a_page_that_came_twice_joins_nothing(form: FormDescriptor, tmp_path: Path) -> None:
    given = [("ana-1.jpg", 1), ("ana-1b.jpg", 1), ("ana-2.jpg", 2)]
    found = settled(form, tmp_path, [page(tmp_path, form, name, number, letter=mail(1)) for name, number in given])
    assert [len(one.members) for one in found] == [0, 0, 0]


def test_a_token_joins_without_a_look_and_keeps_others_apart(form: FormDescriptor, tmp_path: Path) -> None:
    given = [("IMG_1.jpg", 1, "AAAAAAA2"), ("IMG_2.jpg", 2, "BBBBBBB2"), ("IMG_3.jpg", 2, "AAAAAAA2")]
    found = settled(form, tmp_path, [page(tmp_path, form, name, number, token) for name, number, token in given])
    assert names(found) == [("IMG_1.jpg", "IMG_3.jpg"), ("IMG_2.jpg",)]
    assert "joined" not in reasons(found[0])


def test_the_pages_of_two_messages_are_two_peoples(form: FormDescriptor, tmp_path: Path) -> None:
    given = [page(tmp_path, form, f"m{number}/a.jpg", number, letter=mail(number)) for number in (1, 2)]
    found = settled(form, tmp_path, given)
    assert [len(one.members) for one in found] == [0, 0]
    assert all("other-pages" not in reasons(one) for one in found)


def test_what_is_no_page_keeps_its_place(form: FormDescriptor, tmp_path: Path) -> None:
    def given() -> Iterator[Reading | str]:
        yield page(tmp_path, form, "in/ana-1.jpg", 1)
        yield "something else"
        yield page(tmp_path, form, "in/ana-2.jpg", 2)

    first, second = join_files(given(), {form.edition.id: form}, tmp_path, Limits())
    assert first == "something else"
    assert isinstance(second, Reading) and len(second.members) == 2


def test_a_reading_without_a_picture_of_its_pages_is_left_alone(form: FormDescriptor, tmp_path: Path) -> None:
    given = [page(tmp_path, form, f"ana-{number}.jpg", number) for number in (1, 2)]
    plain = [replace(one, outcome=replace(one.outcome, partial=None)) for one in given]  # type: ignore[type-var]
    assert settled(form, tmp_path, plain) == plain

"""Scans and photographs, made by a program: what is accepted is right, what is not is a proposal or only told."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.form_pdf.everything import everything
from tests.returned.made_pdf import returned
from tests.returned.test_recover import ANSWERS

cv2 = pytest.importorskip("cv2", reason="OpenCV (the extra recover) is not installed")
np = pytest.importorskip("numpy", reason="numpy (the extra recover) is not installed")

from tests import paper  # noqa: E402  # needs OpenCV

from schemebook.errors import SetAsideError  # noqa: E402
from schemebook.form_pdf.descriptor import FormDescriptor  # noqa: E402
from schemebook.form_pdf.fill import fill_form  # noqa: E402
from schemebook.returned.crew import Crew, _in_order, hire_crew, read_all  # noqa: E402
from schemebook.returned.limits import Limits  # noqa: E402
from schemebook.returned.recovery.image_boxes import can_read_letters  # noqa: E402
from schemebook.returned.recovery.image_door import read_pictures  # noqa: E402
from schemebook.returned.submission import Submission, read_returned, recovered_submission  # noqa: E402
from schemebook.returned.worker import Reading, SetAside, Worker, read_one  # noqa: E402

needs_letters = pytest.mark.skipif(not can_read_letters(), reason="rapidocr (the extra recover-ocr) is not installed")


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> FormDescriptor:
    made = everything()
    blank = tmp_path_factory.mktemp("published") / "blank.pdf"
    blank.write_bytes(made.pdf)
    return replace(made.descriptor, blank=blank)


@pytest.fixture(scope="module")
def filled(form: FormDescriptor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "filled.pdf"
    assert form.blank is not None
    path.write_bytes(fill_form(form.blank.read_bytes(), form, ANSWERS).pdf)
    return path


@pytest.fixture(scope="module")
def scan(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The filled copy, printed and scanned at 200 dpi."""
    chance = np.random.default_rng(41)
    pages = [paper.scanned(page, chance) for page in paper.printed(filled, 200)]
    return paper.pdf_of(pages, 200, tmp_path_factory.mktemp("scan") / "scan.pdf")


@pytest.fixture(scope="module")
def seen(scan: Path, form: FormDescriptor) -> Submission:
    """What the scan gave."""
    return look(scan, form)


def look(path: Path, form: FormDescriptor) -> Submission:
    known = {form.edition.id: form}
    return recovered_submission(read_pictures(path, known, Limits()))


def in_fields(folder: Path, filled: Path, form: FormDescriptor) -> dict[str, Any]:
    return read_returned(returned(folder, filled.read_bytes()), {form.edition.id: form}).answers


MARKED = ("role", "organisation-kind", "driving", "level", "topics", "ready", "share", "gap")


def test_every_mark_of_a_typed_and_scanned_form_is_read(
    seen: Submission, tmp_path: Path, filled: Path, form: FormDescriptor
) -> None:
    meant = in_fields(tmp_path, filled, form)
    plain = [name for name in MARKED if form.meaning.field(name).type not in ("table",)]
    assert {name: seen.answers.get(name) for name in plain} == {name: meant.get(name) for name in plain}
    assert {one.door for one in seen.recovered} == {"image"}


@needs_letters
def test_what_is_accepted_of_a_scan_is_right_and_text_is_proposed(
    seen: Submission, tmp_path: Path, filled: Path, form: FormDescriptor
) -> None:
    meant = in_fields(tmp_path, filled, form)
    by_field = {one.field: one.accepted for one in seen.recovered}
    assert by_field["email"] and by_field["born"] and by_field["years"]
    for name in ("email", "born", "years"):
        assert seen.answers[name] == meant[name]
    assert not by_field["full-name"] and not by_field["biography"]
    assert ("proposed", "full-name") in {(one.kind, one.field) for one in seen.review}


def test_the_place_of_an_answer_is_told_on_the_page_of_the_file(seen: Submission, form: FormDescriptor) -> None:
    """Within what a page may lie askew in the scanner."""
    found = next(one for one in seen.recovered if one.widget == "email")
    box = next(box for box in form.edition.boxes if box.name == "email")
    assert found.page == box.page
    assert found.rect == pytest.approx(box.rect, abs=40)


def test_a_photograph_of_one_page_is_a_return_with_a_page_missing(
    filled: Path, form: FormDescriptor, tmp_path: Path
) -> None:
    picture = paper.photographed(paper.printed(filled, 300)[0], np.random.default_rng(5))
    path = tmp_path / "IMG_1.jpg"
    path.write_bytes(paper.jpeg(picture))
    found = look(path, form)
    assert "page-missing" in {one.kind for one in found.review}
    assert (found.answers["role"], found.answers["driving"]) == ("mentee", False)


def test_upside_down_and_without_its_code_a_page_is_still_known(
    filled: Path, form: FormDescriptor, tmp_path: Path
) -> None:
    page = paper.scanned(paper.printed(filled, 200)[0], np.random.default_rng(6))
    page[-260:, -400:] = 240  # a thumb
    found = look(paper.pdf_of([cv2.rotate(page, cv2.ROTATE_180)], 200, tmp_path / "turned.pdf"), form)
    assert (found.form, found.answers["role"]) == ("everything", "mentee")


def _on_blank(form: FormDescriptor, draw: Any, out: Path) -> Path:
    """The first page of a blank with something drawn on it by hand, scanned."""
    assert form.blank is not None
    page = paper.printed(form.blank, 200)[0]
    draw(page)
    return paper.pdf_of([paper.scanned(page, np.random.default_rng(8))], 200, out)


def box_in_pixels(form: FormDescriptor, name: str, option: str = "") -> tuple[int, int, int, int]:
    rect = next(box.rect for box in form.edition.boxes if (box.name, box.option) == (name, option))
    return paper.pixels(rect, form.edition.paper[1], 200)


def test_an_empty_form_gives_no_answer(form: FormDescriptor, tmp_path: Path) -> None:
    found = look(_on_blank(form, lambda page: None, tmp_path / "empty.pdf"), form)
    assert found.recovered == ()
    assert {one.kind for one in found.review} == {"page-missing", "nothing-printed"}


def test_a_stray_line_and_a_ring_are_not_taken_for_marks_nor_for_nothing(form: FormDescriptor, tmp_path: Path) -> None:
    def draw(page: Any) -> None:
        left, top, right, bottom = box_in_pixels(form, "role", "mentor")
        cv2.line(page, (left - 40, top + 4), (right + 40, bottom - 4), 60, 3, cv2.LINE_AA)
        left, top, right, bottom = box_in_pixels(form, "driving", "yes")
        middle = (left + right) // 2, (top + bottom) // 2
        cv2.ellipse(page, middle, (right - left, bottom - top), 0, 0, 360, 60, 3, cv2.LINE_AA)

    found = look(_on_blank(form, draw, tmp_path / "line.pdf"), form)
    doubted = {one.field for one in found.problems if one.kind == "unclear-mark"}
    assert {"role", "driving"} <= doubted
    assert not any(one.accepted for one in found.recovered)


def test_where_somebody_wrote_by_hand_a_clear_mark_is_a_proposal(form: FormDescriptor, tmp_path: Path) -> None:
    def draw(page: Any) -> None:
        left, top, right, bottom = box_in_pixels(form, "role", "mentor")
        cv2.line(page, (left + 4, top + 4), (right - 4, bottom - 4), 60, 4, cv2.LINE_AA)
        cv2.line(page, (left + 4, bottom - 4), (right - 4, top + 4), 60, 4, cv2.LINE_AA)
        left, top, right, bottom = box_in_pixels(form, "full-name")
        waves = [(left + 10 + 6 * step, (top + bottom) // 2 + (-1) ** step * 9 + step % 5) for step in range(40)]
        cv2.polylines(page, [np.array(waves, np.int32)], False, 60, 3, cv2.LINE_AA)

    found = look(_on_blank(form, draw, tmp_path / "pen.pdf"), form)
    assert found.answers["role"] == "mentor"
    by_field = {one.field: one for one in found.recovered}
    assert not by_field["role"].accepted and not by_field["full-name"].accepted
    assert {"role", "full-name"} <= {one.field for one in found.review if one.kind == "proposed"}


BY_PEN = {
    "topics.write": "tick",
    "topics.grants": "cross",
    "topics.teach": "dot",
    "topics.lead": "fill",
    "topics.balance": "faint",
    "topics.net": "outside",
    "meet.person": "big",
    "meet.video": "stray",
    "ready.undertaking": "ring",
    "ready.gap": "dirt",
}
TAKEN_BACK = {"topics.career": "crossed", "topics.data": "scribbled", "ready.cv": "half gone"}


@pytest.fixture(scope="module")
def worked_on(filled: Path, form: FormDescriptor, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bool]:
    """Which widgets are accepted of a typed form that somebody went over with a pen: ticks, and a text."""
    chance = np.random.default_rng(12)
    pages = paper.printed(filled, 200)
    paper.written(pages[0], box_in_pixels(form, "years"), chance)
    for name, how in (BY_PEN | TAKEN_BACK).items():
        paper.marked(pages[1], box_in_pixels(form, name), how, chance)
    path = tmp_path_factory.mktemp("pen") / "pen.pdf"
    found = look(paper.pdf_of([paper.scanned(page, chance) for page in pages], 200, path), form)
    return {one.widget: one.accepted for one in found.recovered}


@pytest.mark.parametrize("name", BY_PEN)
def test_what_a_pen_did_in_a_box_or_dirt_is_asked(name: str, worked_on: dict[str, bool]) -> None:
    assert worked_on[name] is False


@pytest.mark.parametrize("name", TAKEN_BACK)
def test_a_typed_mark_that_was_taken_back_is_asked(name: str, worked_on: dict[str, bool]) -> None:
    assert worked_on[name] is False


def test_the_forms_own_marks_are_accepted_beside_writing_by_hand(worked_on: dict[str, bool]) -> None:
    """Nothing but a program sets them."""
    typed = ("role", "organisation-kind", "driving", "level", "gap.trends.competent", "skills.listening.done", "share")
    assert not worked_on["years"]
    assert {name: worked_on[name] for name in typed} == dict.fromkeys(typed, True)


def test_two_typed_buttons_where_one_is_meant_are_asked(filled: Path, form: FormDescriptor, tmp_path: Path) -> None:
    """As where somebody pasted a second mark in."""
    page = paper.printed(filled, 200)[0]
    left, top, right, bottom = box_in_pixels(form, "role", "mentee")
    to_left, to_top, _, _ = box_in_pixels(form, "role", "mentor")
    page[to_top : to_top + bottom - top, to_left : to_left + right - left] = page[top:bottom, left:right]
    scan = paper.pdf_of([paper.scanned(page, np.random.default_rng(8))], 200, tmp_path / "two.pdf")
    found = look(scan, form)
    assert ("role", "disagreement") in {(one.field, one.kind) for one in found.problems}
    assert [one.accepted for one in found.recovered if one.widget == "role"] == [False]


def test_a_shade_over_a_page_is_no_ink(filled: Path, form: FormDescriptor, tmp_path: Path) -> None:
    """The soft edge of a stain lies across the boxes."""
    pages = paper.printed(filled, 200)
    left, _, _, bottom = box_in_pixels(form, "topics.write")
    shade = np.zeros(pages[1].shape, np.float32)
    cv2.circle(shade, (left - 60, bottom + 40), 90, 0.45, 14, cv2.LINE_AA)
    pages[1] = (pages[1] * (1 - cv2.GaussianBlur(shade, (0, 0), 4))).astype(np.uint8)
    scans = [paper.scanned(page, np.random.default_rng(9)) for page in pages]
    found = look(paper.pdf_of(scans, 200, tmp_path / "stain.pdf"), form)
    assert found.answers["topics"] == ["career", "data"]
    assert {one.accepted for one in found.recovered if one.field == "topics"} == {True}


def test_a_page_that_bends_by_more_than_a_millimetre_is_read_as_if_it_were_flat(
    filled: Path, form: FormDescriptor, tmp_path: Path
) -> None:
    page = paper.curled(paper.printed(filled, 300)[0], np.random.default_rng(23))
    found = look(paper.pdf_of([page], 150, tmp_path / "bent.pdf"), form)
    accepted = {one.widget for one in found.recovered if one.accepted}
    assert {"role", "organisation-kind", "driving", "level"} <= accepted
    assert {name: found.answers[name] for name in ("role", "driving", "level")} == {
        "role": "mentee",
        "driving": False,
        "level": "dual",
    }


def test_neat_writing_is_not_accepted_though_every_letter_is_sure(form: FormDescriptor, tmp_path: Path) -> None:
    """The recogniser reads a script face with 0.99: type is told by where programs set it."""

    def draw(page: Any) -> None:
        left, _, _, bottom = box_in_pixels(form, "years")
        cv2.putText(page, "12", (left + 22, bottom - 10), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.1, 60, 2, cv2.LINE_AA)

    found = look(_on_blank(form, draw, tmp_path / "neat.pdf"), form)
    assert [one.accepted for one in found.recovered if one.widget == "years"] == [False]


def test_a_picture_of_anything_else_is_no_form(form: FormDescriptor, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (800, 600)).astype(np.uint8)
    path = paper.pdf_of([noise], 100, tmp_path / "cat.pdf")
    with pytest.raises(SetAsideError) as raised:
        look(path, form)
    assert raised.value.reason == "no-fields"


def test_scans_are_looked_at_in_a_process_of_their_own_and_keep_their_place_in_the_order(
    scan: Path, filled: Path, form: FormDescriptor, tmp_path: Path
) -> None:
    known = {form.edition.id: form}
    files = [returned(tmp_path, path.read_bytes(), f"{number}.pdf") for number, path in enumerate((scan, filled, scan))]
    patient = Limits(picture_seconds=120)  # on a busy machine
    found = [one.outcome for one in read_all(iter(files), known, patient) if isinstance(one, Reading)]
    assert [bool(one.recovered) for one in found if isinstance(one, Submission)] == [True, False, True]


def test_where_nobody_can_look_a_scan_is_set_aside_with_what_to_install(
    scan: Path, form: FormDescriptor, tmp_path: Path
) -> None:
    known = {form.edition.id: form}
    crew = Crew([Worker(known, Limits())])
    try:
        (found,) = _in_order(iter([returned(tmp_path, scan.read_bytes())]), crew)
    finally:
        crew.stop()
    assert isinstance(found, Reading) and isinstance(found.outcome, SetAside)
    assert found.outcome.reason == "no-fields"
    assert "schemebook[recover-ocr]" in found.outcome.message


def _page_files(filled: Path) -> dict[str, bytes]:
    """The first page of a filled form as telephones and fax machines keep it."""
    page = paper.photographed(paper.printed(filled, 300)[0], np.random.default_rng(5))
    found = {}
    for suffix in (".png", ".webp", ".tif"):
        done, data = cv2.imencode(suffix, page)
        assert done
        found[suffix] = data.tobytes()
    return found


@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif"])
def test_pictures_of_every_kind_are_read(suffix: str, filled: Path, form: FormDescriptor, tmp_path: Path) -> None:
    path = tmp_path / f"page{suffix}"
    path.write_bytes(_page_files(filled)[suffix])
    assert look(path, form).answers["role"] == "mentee"


def test_the_pages_of_a_fax_are_one_return(filled: Path, form: FormDescriptor, tmp_path: Path) -> None:
    """Black and white, several pages in one TIFF, as fax servers send."""
    pages = [
        np.where(page > 150, 255, 0).astype(np.uint8)
        for page in (paper.scanned(page, np.random.default_rng(3)) for page in paper.printed(filled, 200))
    ]
    packed = [cv2.IMWRITE_TIFF_COMPRESSION, 5]
    done, data = cv2.imencodemulti(".tif", pages, packed)
    assert done
    path = tmp_path / "fax.tif"
    path.write_bytes(data.tobytes())
    found = look(path, form)
    assert "page-missing" not in {one.kind for one in found.review}
    assert {one.page for one in found.recovered} == set(range(1, form.edition.pages + 1))
    aside = read_one(returned(tmp_path, data.tobytes(), "fax2.tif"), {form.edition.id: form}, Limits())
    assert aside.pictures == form.edition.pages


def test_an_iphones_photograph_is_read(filled: Path, form: FormDescriptor, tmp_path: Path) -> None:
    heif = pytest.importorskip("pillow_heif", reason="pillow-heif, which makes a HEIC, is not installed")
    pytest.importorskip("pi_heif", reason="pi-heif (the extra recover) is not installed")
    page = paper.photographed(paper.printed(filled, 300)[0], np.random.default_rng(5))
    colours = np.repeat(page[..., None], 3, 2)
    made = heif.from_bytes(mode="RGB", size=(page.shape[1], page.shape[0]), data=colours.tobytes())
    path = tmp_path / "IMG_0001.HEIC"
    made.save(path, quality=60)
    assert look(path, form).answers["role"] == "mentee"
    path.write_bytes(path.read_bytes()[:2_000])
    with pytest.raises(SetAsideError) as raised:
        look(path, form)
    assert raised.value.reason == "damaged"


def test_without_what_reads_it_an_iphones_photograph_is_set_aside_with_what_to_install(
    form: FormDescriptor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)  # as where it is not installed
    path = tmp_path / "IMG_0002.HEIC"
    path.write_bytes(b"\0\0\0\x18ftypheic" + bytes(40))
    with pytest.raises(SetAsideError, match=r"schemebook\[recover-ocr\]") as raised:
        look(path, form)
    assert raised.value.reason == "not-a-pdf"


def test_who_looks_at_pictures_is_hired_once_for_all_batches_of_a_crew(
    scan: Path, filled: Path, form: FormDescriptor, tmp_path: Path
) -> None:
    """Starting costs seconds: the libraries and the recogniser's model."""
    known = {form.edition.id: form}
    crew = hire_crew(known, Limits(picture_seconds=120))
    pdf = returned(tmp_path, scan.read_bytes())
    try:
        pids = []
        for _ in range(2):
            (found,) = read_all(iter([pdf]), known, crew=crew)
            assert isinstance(found, Reading) and isinstance(found.outcome, Submission)
            assert crew.looker is not None
            pids.append(crew.looker.pid)
        assert pids[0] == pids[1]
        stopped = read_all(iter([pdf, pdf]), known, crew=crew)
        next(stopped)
        stopped.close()  # type: ignore[attr-defined]  # a generator
        (found,) = read_all(iter([returned(tmp_path, filled.read_bytes(), "filled.pdf")]), known, crew=crew)
        assert isinstance(found, Reading) and found.pdf.name == "filled.pdf"
    finally:
        crew.stop()


@needs_letters
def test_letters_that_the_recogniser_does_not_know_are_found_by_drawing_the_line_again(
    seen: Submission, tmp_path: Path, filled: Path, form: FormDescriptor
) -> None:
    """It leaves Vietnamese vowels out, and is sure of what is left."""
    assert seen.answers["full-name"] == in_fields(tmp_path, filled, form)["full-name"]
    assert not next(one for one in seen.recovered if one.widget == "full-name").accepted

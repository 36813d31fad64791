"""The pictures of a review: of a form merged behind others, of a photograph, and of originals by any name."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.browser import open_in_chromium
from tests.desk.test_review_page import SPITEFUL, contradicting
from tests.records.club import SCHEME, filled, make_club, put_in
from tests.records.test_review import ANSWERS
from tests.returned.quirks.merged_files import with_qpdf

from schemebook.desk.entry_page import entry_page
from schemebook.desk.review_cards import cards_of
from schemebook.desk.review_page import review_page
from schemebook.form_pdf.descriptor import FormDescriptor, load_published
from schemebook.records.by_hand.entering import find_file
from schemebook.records.intake.ingest import ingest_paths
from schemebook.records.record import Record, record_id
from schemebook.records.store.originals import (
    ToKeep,
    ending_of,
    find_original,
    keep_files,
    original_path,
    original_place,
)
from schemebook.records.store.store import NewReturn, Store, open_store
from schemebook.returned.cut_outs import Cut, pictures
from schemebook.returned.recovery.recovered import Recovered
from schemebook.returned.submission import ReviewReason
from schemebook.scheme.project import Project

DARK, LIGHT = (40, 40, 40), (200, 200, 200)


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_club(tmp_path_factory.mktemp("pictures") / "club")


@pytest.fixture
def store(club: Project, tmp_path: Path) -> Iterator[Store]:
    with open_store(club.root, f"sqlite:///{tmp_path / 'office.db'}", create=True) as opened:
        yield opened


def form_of(club: Project, id: str = "application") -> FormDescriptor:
    return next(one for one in load_published(club.root).values() if one.meaning.form == id)


def pixels(png: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)


def merged(club: Project, folder: Path) -> Path:
    """A meeting record, and behind it an application whose witnesses disagree."""
    given = [
        put_in(folder, "one.pdf", filled(club, "meeting-record", {"name": "Ana"})),
        put_in(folder, "two.pdf", contradicting(filled(club, "application", ANSWERS | {"name": SPITEFUL}))),
    ]
    return with_qpdf(given, folder / "merged.pdf")


def take_in(store: Store, club: Project, path: Path) -> list[Record]:
    url = store.engine.url.render_as_string(hide_password=False)
    assert [one.outcome for one in ingest_paths([path], root=club.root, database=url)] == ["recorded"]
    return sorted(store.records(), key=lambda one: one.part or 0)


def test_a_form_merged_behind_another_is_cut_out_of_the_page_on_which_it_lies(
    club: Project, store: Store, tmp_path: Path
) -> None:
    first, second = take_in(store, club, merged(club, tmp_path / "in"))
    before = form_of(club, "meeting-record").edition.pages
    assert first.pages == {}
    assert second.pages == {page: page + before for page in range(1, form_of(club).edition.pages + 1)}
    (card,) = [one for one in cards_of(second, load_published(club.root)) if one.doubt.field == "team"]
    (reading,) = card.readings
    box = next(one for one in form_of(club).edition.boxes if one.name == "team")
    assert reading.page == before + box.page
    original = find_original(store.folder, second.sha256 or "")
    assert original is not None and reading.rect is not None
    (shown,) = pictures(original, [Cut(reading.page, reading.rect)])
    alone = put_in(tmp_path, "alone.pdf", (tmp_path / "in" / "two.pdf").read_bytes())
    (wanted,) = pictures(alone, [Cut(box.page, reading.rect)])
    assert shown is not None and wanted is not None
    assert np.abs(pixels(shown.png).astype(int) - pixels(wanted.png)).mean() < 2


def test_a_doubt_about_the_whole_return_shows_the_pages_of_its_form_alone(
    club: Project, store: Store, tmp_path: Path
) -> None:
    records = take_in(store, club, merged(club, tmp_path / "in"))
    whole = [replace(one, review=(ReviewReason("no-claim", "Compare it."),)) for one in records]
    found = [card for record in whole for card in cards_of(record, load_published(club.root))]
    page = review_page("Club", club.schemes[SCHEME].branding, found, store.archive).decode()
    assert re.findall(r'alt="(Page \d)', page) == ["Page 1", "Page 2", "Page 3"]
    assert not re.search(r"\d{4}-\d\d-\d\d", re.sub(r"base64,[^\"]+", "", page))


def photograph(to: Path, turned: bool = False) -> Path:
    """A picture of 2000 x 3000 pixels, light, with a dark box 300 pixels from its left and 600 from its lower edge.

    turned: stored lying on its side, with a note of the camera's that says so (Exif 2.32, tag 0112, value 6).
    """
    picture = np.full((3000, 2000, 3), LIGHT, np.uint8)
    picture[2300:2400, 300:900] = DARK
    if turned:
        picture = cv2.rotate(picture, cv2.ROTATE_90_COUNTERCLOCKWISE)
    data = cv2.imencode(".jpg", picture)[1].tobytes()
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    if turned:
        data = data[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + data[2:]
    return put_in(to.parent, to.name, data)


PLACE = (300.0, 600.0, 900.0, 700.0)


@pytest.mark.parametrize("turned", [False, True])
def test_a_place_on_a_photograph_is_cut_out_with_what_stands_around_it(tmp_path: Path, turned: bool) -> None:
    path = photograph(tmp_path / "in" / "IMG_1.JPG", turned)
    scale = 2000 / 595
    cut, wide, small = pictures(path, [Cut(1, PLACE), Cut(1, PLACE, around=(20, 10, 20, 10)), Cut(1, None, 0.32)])
    assert cut is not None and wide is not None and small is not None
    assert cut.paper == (2000, 3000)
    assert np.abs(pixels(cut.png)[5:-5, 5:-5].astype(int) - DARK).mean() < 8
    around = pixels(wide.png)
    assert around.shape[1] / around.shape[0] == pytest.approx((600 + 40 * scale) / (100 + 20 * scale), rel=0.03)
    assert np.abs(around[:10].astype(int) - LIGHT).mean() < 8
    assert pixels(small.png).shape[1] == pytest.approx(595 * 0.32, abs=2)


def of_photo(form: FormDescriptor, sha256: str) -> Record:
    """A record of a photograph, with an answer that is a proposal."""
    read = Recovered("goal", "goal", "image", 0.6, False, 1, PLACE)
    return Record(
        record_id(sha256, 0), SCHEME, "application", 1, "2026-11-24T09:12:05Z", ANSWERS | {"goal": SPITEFUL},
        review=(ReviewReason("proposed", "Compare it.", "goal"),), needs_review=True, recovered=(read,),
        sha256=sha256, part=0, edition=form.edition.id, source=f"{SPITEFUL}.jpg",
    )  # fmt: skip


def page_of_photo(club: Project, store: Store, folder: Path, kept_as: str) -> str:
    path = photograph(folder / "in" / "IMG_1.JPG")
    record = of_photo(form_of(club), "ab" * 32)
    place = original_path(store.folder, record.sha256 or "", kept_as)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(path.read_bytes())
    store.put([NewReturn(record.sha256 or "", (record,))])
    found = cards_of(store.record(record.id), load_published(club.root))
    return review_page("Club", club.schemes[SCHEME].branding, found, store.archive).decode()


@pytest.mark.parametrize("kept_as", [".jpg", ".pdf"])
def test_the_page_shows_a_photograph_s_place_and_an_earlier_schemebook_kept_it_as_a_pdf(
    club: Project, store: Store, tmp_path: Path, kept_as: str
) -> None:
    page = page_of_photo(club, store, tmp_path, kept_as)
    cut = re.search(r'class="cut">.*?base64,([^"]+)"', page, re.DOTALL)
    assert cut is not None
    found = pixels(base64.b64decode(cut[1]))
    assert np.abs(found[found.shape[0] // 2, found.shape[1] // 2].astype(int) - DARK).mean() < 8
    assert "<script" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("name", "content", "ending"),
    [
        ("answers.fdf", b"%FDF-1.2\n", ".fdf"),
        ("answers.XFDF", b"<xfdf/>", ".xfdf"),
        ("inbox.zip!/IMG_1.JPEG", b"\xff\xd8\xff", ".jpeg"),
        ("a.PDF", b"%PDF-1.7\n", ".pdf"),
        ("mail.eml!/no-name", b"%PDF-1.7\n", ".pdf"),
        ("page.html", b"%PDF-1.7\n", ".pdf"),
        ("in/IMG_1.jpg + IMG_2.jpg", b"%PDF-1.7\n", ".pdf"),
    ],
)
def test_an_original_keeps_the_ending_of_its_own_name_and_is_found_by_its_hash(
    tmp_path: Path, name: str, content: bytes, ending: str
) -> None:
    given = put_in(tmp_path / "in", "given", content)
    assert ending_of(given, name) == ending
    place = original_path(tmp_path, "ab" * 32, ending)
    assert find_original(tmp_path, "ab" * 32) is None
    keep_files(tmp_path, [ToKeep(given, hashlib.sha256(content).hexdigest(), original_place("ab" * 32, ending))])
    assert find_original(tmp_path, "ab" * 32) == place


def test_form_data_is_kept_by_its_own_ending(club: Project, store: Store, tmp_path: Path) -> None:
    """pdftk-java 3.3.3 writes one as answers without their form."""
    lines = "".join(
        f"<< /T ({name}) /V ({value}) >>\n" for name, value in [("name", "Ana"), ("email", "a@example.org")]
    )
    fields = {widget.name for widget in form_of(club, "meeting-record").widgets} - {"name", "email"}
    lines += "".join(f"<< /T ({name}) >>\n" for name in sorted(fields))
    data = f"%FDF-1.2\n1 0 obj\n<< /FDF << /Fields [\n{lines}] >> >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
    (record,) = take_in(store, club, put_in(tmp_path / "in", "answers.fdf", data.encode()))
    place = find_original(store.folder, record.sha256 or "")
    assert place is not None and place.suffix == ".fdf" and place.read_bytes() == data.encode()
    page = review_page(
        "Club", club.schemes[SCHEME].branding, cards_of(record, load_published(club.root)), store.archive
    )
    assert b"data:image" not in page.replace(b"data:image/svg", b"")


LOOKS = [(1280, False), (1280, True), (390, False), (320, True)]
WIDE = "document.documentElement.scrollWidth"


@pytest.mark.all_tiers
@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_the_pages_are_accessible_ask_nobody_and_never_scroll_sideways(
    club: Project, store: Store, tmp_path: Path, width: int, dark: bool
) -> None:
    known, branding = load_published(club.root), club.schemes[SCHEME].branding
    records = [*take_in(store, club, merged(club, tmp_path / "in"))]
    records[0] = replace(records[0], review=(ReviewReason("no-claim", "Compare it."),), needs_review=True)
    page_of_photo(club, store, tmp_path, ".jpg")
    records += [store.record(record_id("ab" * 32, 0))]
    found = [card for record in records for card in cards_of(record, known)]
    path = tmp_path / "review.html"
    path.write_bytes(review_page("The club", branding, found, store.archive))
    photo = find_file(store, str(photograph(tmp_path / "in" / "IMG_2.jpg", turned=True)))
    entry = tmp_path / "enter.html"
    entry.write_bytes(entry_page("The club", branding, photo, form_of(club)))
    for page in (path, entry):
        opened = open_in_chromium(page, width=width, dark=dark, with_axe=True, evaluate=WIDE)
        assert opened.violations == [] and opened.foreign == [] and opened.failed == [] and opened.said == []
        assert opened.value == width


def test_a_photograph_that_is_none_costs_its_pictures(tmp_path: Path) -> None:
    broken = put_in(tmp_path / "in", "IMG.jpg", b"\xff\xd8\xff\xe0 not a whole one")
    assert pictures(broken, [Cut(1), Cut(1, PLACE)]) == [None, None]

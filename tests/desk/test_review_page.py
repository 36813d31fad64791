"""What needs a person's eye: on cards, and on a page with a picture of each place."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from tests.records.club import SCHEME, filled, make_club, put_in
from tests.records.test_review import ANSWERS, BY

from schemebook.desk.review_cards import card_json, cards_of
from schemebook.desk.review_page import review_page
from schemebook.form_pdf.descriptor import load_published
from schemebook.records.by_hand.review import accept, correct, descriptor_of
from schemebook.records.intake.ingest import ingest_paths
from schemebook.records.record import Record
from schemebook.records.store.archive import Archive
from schemebook.records.store.store import open_store
from schemebook.returned.cut_outs import Cut, pictures
from schemebook.scheme.project import Project

SPITEFUL = '<script>alert("ʻ")</script>'


def fields(found: Any) -> Any:
    for one in found:
        yield one
        yield from fields(one.get("/Kids", ()))


def contradicting(pdf: bytes) -> bytes:
    """The same form with a rich text that says another name, and a team of which the boxes show another."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for one in fields(opened.Root.AcroForm.Fields):
            if str(one.get("/T", "")) == "name" and "/Parent" not in one:
                one.RV = pikepdf.String("<body><p>&lt;script&gt;other</p></body>")
            if str(one.get("/T", "")) == "team":
                one.V = pikepdf.Name("/field")
        opened.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = make_club(tmp_path_factory.mktemp("page") / "club")
    answers = ANSWERS | {"name": SPITEFUL, "strengths": {}}
    answers.pop("strengths")
    path = put_in(made.root / "in", "a.pdf", contradicting(filled(made, "application", answers)))
    assert [one.outcome for one in ingest_paths([path], root=made.root)] == ["recorded"]
    return made


def only(club: Project) -> Record:
    with open_store(club.root) as store:
        (record,) = store.records()
        return record


def test_a_card_gives_both_readings_in_the_form_s_words_and_where_they_stand(club: Project) -> None:
    known = load_published(club.root)
    by_field = {card.doubt.field: card for card in cards_of(only(club), known)}
    assert set(by_field) == {"name", "team"}
    (team,) = by_field["team"].readings
    assert (team.value, team.other, team.page) == ("Field work", "Office", 1)
    (box, *_) = [one for one in descriptor_of(only(club), known).edition.boxes if one.name == "team"]
    assert team.rect is not None and team.rect[:2] == box.rect[:2]
    assert json.loads(json.dumps(card_json(by_field["team"])))["readings"][0]["other"] == "Office"


def test_a_settled_card_is_gone_unless_all_are_asked_for(club: Project) -> None:
    known = load_published(club.root)
    with open_store(club.root) as store:
        record = only(club)
        team = next(one for one in cards_of(record, known) if one.doubt.field == "team")
        after = store.decide(record.id, accept(BY, team.doubt))
        assert [one.doubt.field for one in cards_of(after, known)] == ["name"]
        assert len(cards_of(after, known, settled=True)) == 2
        again = store.decide(record.id, correct(BY, descriptor_of(record, known), "team", "office"))
        (reading,) = next(one for one in cards_of(again, known, settled=True) if one.doubt.field == "team").readings
        assert (reading.value, reading.other) == ("Office", None)  # both witnesses agree by now


def test_the_page_shows_the_drawn_field_and_lets_no_answer_become_markup(club: Project) -> None:
    record = only(club)
    with open_store(club.root) as store:
        page = review_page("A <b> scheme", club.schemes[SCHEME].branding, cards_of(record, load_published(club.root)),
                           store.archive).decode()  # fmt: skip
    assert "<script" not in page and "&lt;script&gt;" in page and "<b> scheme" not in page
    assert not re.findall(r'(?:src|href)="(?!data:image/png|#)', page)
    cut = next(found for found in re.findall(r'class="cut">.*?base64,([^"]+)"', page, re.DOTALL))
    assert base64.b64decode(cut).startswith(b"\x89PNG")


def test_a_picture_is_what_pdfium_draws_there(club: Project) -> None:
    path = next((club.root / "in").glob("*.pdf"))
    rect = (60.0, 600.0, 260.0, 700.0)
    (cut, beyond, none) = pictures(path, [Cut(1, rect, 1.0), Cut(9), Cut(1, (900.0, 0.0, 990.0, 10.0))])
    assert cut is not None and beyond is None and none is None
    with pypdfium2.PdfDocument(path) as pdf:
        pdf.init_forms()
        assert cut.paper == pdf[0].get_size()
    width, height = (int.from_bytes(cut.png[at : at + 4]) for at in (16, 20))
    assert (width, height) == (200, 100)


def test_a_file_that_is_no_pdf_or_is_gone_costs_its_pictures(tmp_path: Path) -> None:
    assert pictures(put_in(tmp_path, "no.pdf", b"not one"), [Cut(1), Cut(2)]) == [None, None]
    assert pictures(tmp_path / "gone.pdf", [Cut(1)]) == [None]


def test_the_page_is_the_same_where_the_originals_lie_in_storage(club: Project, tmp_path: Path) -> None:
    """A folder read as storage is read: what a real one does is tried with the intake."""
    with open_store(club.root) as store:
        here = store.archive
    shutil.copytree(here.folder / "originals", tmp_path / "kept" / "originals")
    there = Archive(tmp_path / "records", f"file://{tmp_path / 'kept'}")
    branding, found = club.schemes[SCHEME].branding, cards_of(only(club), load_published(club.root))
    pages = [review_page("Club", branding, found, archive) for archive in (here, there)]
    assert pages[0] == pages[1] and b"data:image/png" in pages[1]
    assert [path for path in (tmp_path / "records").rglob("*") if path.is_file()] == []

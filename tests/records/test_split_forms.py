"""A form that was filled in and then split: its pages come in files of their own and still have their fields."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdf
import pypdfium2
import pytest

pytest.importorskip("numpy", reason="numpy (the extra recover) is not installed")
pytest.importorskip("cv2", reason="OpenCV (the extra recover) is not installed")

from tests.programs import program, run  # after what it skips without
from tests.records.club import filled, put_in
from tests.records.test_joined_messages import TANE, mailed
from tests.records.test_review import ANSWERS, BY

from schemebook.desk.review_cards import cards_of
from schemebook.form_pdf.descriptor import load_published
from schemebook.records.intake.ingest import ingest_paths
from schemebook.records.intake.joined_by_hand import join_by_hand
from schemebook.records.record import Record
from schemebook.records.store.originals import find_original
from schemebook.records.store.store import open_store
from schemebook.scheme.project import Project


def by_qpdf(whole: Path, page: int, out: Path) -> bytes:
    run([program("qpdf"), whole, "--pages", ".", str(page), "--", out])
    return out.read_bytes()


def by_pypdf(whole: Path, page: int, out: Path) -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_page(pypdf.PdfReader(whole).pages[page - 1])
    writer.write(out)
    return out.read_bytes()


Split = Callable[[Path, int, Path], bytes]
SPLITTERS: dict[str, Split] = {"qpdf": by_qpdf, "pypdf": by_pypdf}


def split(club: Project, folder: Path, by: Split = by_qpdf) -> list[bytes]:
    whole = folder / "whole.pdf"
    whole.write_bytes(filled(club, "application", ANSWERS))
    return [by(whole, page, folder / f"page-{page}.pdf") for page in (1, 2)]


def kept(club: Project) -> list[Record]:
    with open_store(club.root) as store:
        return list(store.records())


def kinds(record: Record) -> set[str]:
    return {one.kind for one in record.review}


@pytest.mark.parametrize("program", SPLITTERS)
def test_pages_that_bear_a_persons_name_become_one_record_with_the_answers_of_all(
    club: Project, tmp_path: Path, program: str
) -> None:
    pages = split(club, tmp_path, SPLITTERS[program])
    for number, content in enumerate(pages, start=1):
        put_in(tmp_path / "in", f"tane-{number}.pdf", content)
    assert [one.outcome for one in ingest_paths([tmp_path / "in"], root=club.root)] == ["recorded"] * 2
    (record,) = kept(club)
    assert record.answers == ANSWERS | {"signed": record.answers["signed"]} and not record.recovered
    assert record.answers["signed"]["name"] == "Tāne Mahuta"
    assert "joined" in kinds(record) and not {"page-missing", "nothing-printed", "nothing-filled-in"} & kinds(record)
    original = find_original(club.root / "records", record.sha256 or "")
    assert original is not None
    with pikepdf.open(original) as pdf:
        held = {bytes(pdf.attachments[name].get_file().read_bytes()) for name in pdf.attachments}
        assert held == set(pages) and not any("/Annots" in page for page in pdf.pages)
    with pypdfium2.PdfDocument(original) as drawn, pypdfium2.PdfDocument(tmp_path / "whole.pdf") as whole:
        whole.init_forms()
        for mine, theirs in zip(drawn, whole, strict=True):
            shown, wanted = (page.render(scale=150 / 72, grayscale=True).to_numpy() for page in (mine, theirs))
            assert shown.shape == wanted.shape and abs(shown.astype(int) - wanted).mean() < 3


def test_pages_in_two_messages_are_joined_unless_the_form_gives_another_address(club: Project, tmp_path: Path) -> None:
    pages = split(club, tmp_path)
    for sender, joined in (("office-of-two@example.org", 0), (TANE, 1)):
        root = shutil.copytree(club.root, tmp_path / f"club-{joined}")
        folder = tmp_path / f"in-{joined}"
        files = [attached(mailed(folder, number, b"-", sender), page) for number, page in enumerate(pages, start=2)]
        for file in files:
            list(ingest_paths([file], root=root))
        with open_store(root) as store:
            found = list(store.records())
        assert [sum("joined-messages" in kinds(one) for one in found), len(found)] == [joined, 2 + joined]
        assert ("pages-not-joined" in {kind for one in found for kind in kinds(one)}) == (not joined)


def attached(message: Path, pdf: bytes) -> Path:
    """The message with a PDF in place of the photograph."""
    from email import message_from_bytes, policy

    made = message_from_bytes(message.read_bytes(), policy=policy.SMTP)
    (photograph,) = made.iter_attachments()
    photograph.set_content(pdf, "application", "pdf", filename=f"scan{message.stem}.pdf")
    message.write_bytes(made.as_bytes())
    return message


def test_pages_that_nothing_joins_are_joined_by_hand(club: Project, tmp_path: Path) -> None:
    pages = split(club, tmp_path)
    for number, content in enumerate(pages, start=1):
        path = put_in(tmp_path / f"in{number}", f"scan000{number}.pdf", content)
        assert [one.outcome for one in ingest_paths([path], root=club.root)] == ["recorded"]
    parts = kept(club)
    assert all("page-missing" in kinds(part) for part in parts)
    known = load_published(club.root)
    (second,) = [part for part in parts if part.pages == {2: 1}]
    assert {card.pages for card in cards_of(second, known)} == {(1,)}, "its only page is shown once"
    with open_store(club.root) as store:
        whole = join_by_hand(store, known, [part.id for part in parts], BY)
    assert whole.answers["name"] == "Tāne Mahuta" and whole.answers["agree"] is True
    assert "page-missing" not in kinds(whole)


def test_a_turned_page_stays_a_record_of_its_own(club: Project, tmp_path: Path) -> None:
    for number, content in enumerate(split(club, tmp_path), start=1):
        path = put_in(tmp_path / "in", f"tane-{number}.pdf", content)
        if number == 1:
            with pikepdf.open(path, allow_overwriting_input=True) as pdf:
                pdf.pages[0].rotate(90, relative=True)
                pdf.save()
    assert [one.outcome for one in ingest_paths([tmp_path / "in"], root=club.root)] == ["recorded"] * 2
    assert ["page-missing" in kinds(one) for one in kept(club)] == [True, True]


def test_a_page_whose_print_is_too_large_to_be_drawn_stays_a_record_of_its_own(club: Project, tmp_path: Path) -> None:
    """With as many streams as ours have, so that nobody would have looked at what is drawn on it."""
    for number, content in enumerate(split(club, tmp_path), start=1):
        path = put_in(tmp_path / "in", f"tane-{number}.pdf", content)
        if number == 1:
            with pikepdf.open(path, allow_overwriting_input=True) as pdf:
                print_ = pdf.pages[0].obj.Contents[1]
                print_.write(print_.read_bytes() + b" " * 30_000_000)
                pdf.save()
    assert [one.outcome for one in ingest_paths([tmp_path / "in"], root=club.root)] == ["recorded"] * 2
    found = kept(club)
    assert ["page-missing" in kinds(one) for one in found] == [True, True]
    assert ["notes" in kinds(one) for one in sorted(found, key=lambda one: one.source or "")] == [True, False]

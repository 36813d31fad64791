"""A copy that comes back as it was sent out is told so, answers nothing and takes nothing back, whatever its way."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from tests.flatteners import SMALL
from tests.programs import fill_with_pdf_lib, fill_with_pdftk, fill_with_pypdf
from tests.records.club import SCHEME, put_in

from schemebook.desk.report import write_report
from schemebook.desk.stands import Stand, Stands
from schemebook.form_pdf.descriptor import load_published
from schemebook.records.by_hand.review import Reviewer, accept, correct, descriptor_of
from schemebook.records.copies.issuing import issue
from schemebook.records.intake.ingest import ingest_paths
from schemebook.records.listing import records_table
from schemebook.records.outcomes import Outcome
from schemebook.records.record import Record
from schemebook.records.store.store import open_store
from schemebook.scheme.project import Project
from schemebook.scheme.words import say

NOW = datetime.datetime(2026, 11, 24, 9, 12, 5, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 12, 25)
LATER = 1_797_000_000
"""Seconds since 1970: 11 December 2026."""
BY = Reviewer("Anahera", NOW)
LIST = (
    "key,name,email,team,topics,start,hours,strengths.listen.now,experience.1.what,address\n"
    "E1,Tāne Mahuta,tane@example.org,field,career;skills,2026-12-01,2,well,Choir,"
    "The house behind the harbour where the old ferry used to land before the bridge was built\n"
)
"""With a text that a printer breaks into lines, and with answers of every kind but a signature."""


def copy_of(club: Project, text: str = LIST, folder: str = "copies", form: str = "application") -> Path:
    people = club.root.parent / "people.csv"
    people.write_text(text, "utf-8")
    (copy,) = issue(club, SCHEME, form, people, club.root.parent / folder, now=NOW)
    return copy.files[0]


def by_pikepdf(copy: Path, to: Path) -> Path:
    with pikepdf.open(copy) as pdf:
        pdf.save(to, linearize=True)
    return to


SAVED: dict[str, Callable[[Path, Path], Path]] = {
    "as it is": lambda copy, to: Path(shutil.copy(copy, to)),
    "pikepdf": by_pikepdf,
    "pypdf": lambda copy, to: fill_with_pypdf(copy, {}, to),
    "pdf-lib": lambda copy, to: fill_with_pdf_lib(copy, {}, to),
    "pdftk": lambda copy, to: fill_with_pdftk(copy, {}, to),
    **{f"flattened by {name}": flatten for name, flatten in SMALL.items()},
}


def take_in(club: Project, file: Path, when: float = LATER) -> tuple[Outcome, Record]:
    path = put_in(club.root.parent / "in", file.name, file.read_bytes(), when)
    (told,) = ingest_paths([path], root=club.root)
    with open_store(club.root) as store:
        return told, store.record(told.records[0])


def kinds(record: Record) -> set[str]:
    return {one.kind for one in record.review}


def stand(club: Project, record: Record) -> Stand | None:
    with open_store(club.root) as store:
        whole, alone = (Stands(club, store, DAY, one_by_one=one_by_one) for one_by_one in (False, True))
        found = whole.of(store.record(record.id))
        assert found == alone.of(store.record(record.id))
        return found


@pytest.mark.parametrize("way", SAVED)
def test_an_untouched_copy_that_comes_after_the_filled_one_takes_nothing_back(
    club: Project, tmp_path: Path, way: str
) -> None:
    copy = copy_of(club)
    _, filled = take_in(club, fill_with_pdftk(copy, {"team": "office"}, tmp_path / "filled.pdf"), LATER - 86_400)
    assert "as-issued" not in kinds(filled)
    told, untouched = take_in(club, SAVED[way](copy, tmp_path / "untouched.pdf"))
    assert (told.outcome, told.reason) == ("recorded", "as-issued")
    assert untouched.needs_review and "as-issued" in kinds(untouched)
    assert stand(club, untouched) == Stand("unfilled")
    answering = stand(club, filled)
    assert answering and (answering.state, answering.instead_of) == ("answers", ())


def test_an_untouched_copy_alone_leaves_its_form_owed_and_stands_in_report_and_records(
    club: Project, tmp_path: Path
) -> None:
    told, untouched = take_in(club, copy_of(club))
    assert told.message and "Tāne" not in told.message
    with open_store(club.root) as store:
        page, *_ = write_report(club, SCHEME, store, tmp_path / "report", DAY)
    said, files = page.read_text("utf-8"), {one.name: one.read_text("utf-8-sig") for one in page.parent.glob("*.csv")}
    assert untouched.id[:10] in said and say("records.review-as-issued").split(":")[0] in said
    assert say("desk.made-unfilled", count=1) in said
    assert untouched.id not in files["obligations.csv"] and "answers-application.csv" not in files
    assert say("records.state-unfilled") in records_table([untouched])


def test_one_that_somebody_accepts_answers_only_where_no_filled_one_does(club: Project, tmp_path: Path) -> None:
    copy = copy_of(club)
    _, untouched = take_in(club, copy)
    with open_store(club.root) as store:
        store.decide(untouched.id, accept(BY))
    assert stand(club, untouched) == Stand("answers", None, (), "application", "")
    _, before = take_in(club, fill_with_pdftk(copy, {"team": "office"}, tmp_path / "before.pdf"), LATER - 86_400)
    assert stand(club, untouched) == Stand("unfilled", before.id, (), "application", "")
    _, after = take_in(club, fill_with_pdftk(copy, {"team": "other"}, tmp_path / "after.pdf"), LATER + 86_400)
    found = stand(club, after)
    assert found and (found.state, found.instead_of) == ("answers", (before.id,))
    assert stand(club, untouched) == Stand("unfilled", after.id, (), "application", "")


def test_one_into_which_somebody_keyed_an_answer_counts_like_any_other(club: Project, tmp_path: Path) -> None:
    _, untouched = take_in(club, copy_of(club))
    form = descriptor_of(untouched, load_published(club.root))
    with open_store(club.root) as store:
        store.decide(untouched.id, correct(BY, form, "team", "office"))
    found = stand(club, untouched)
    assert found and found.state == "answers"


CHANGES = {
    "team": "office",
    "topics.people": True,
    "hours": "3",
    "address": "Elsewhere",
    "agree": True,
    "goal": "Rest.",
}


@pytest.mark.parametrize(
    ("field", "flattened"), [*((field, False) for field in CHANGES), ("team", True), ("address", True), ("agree", True)]
)
def test_a_single_answer_that_is_changed_added_or_ticked_makes_it_a_return(
    club: Project, tmp_path: Path, field: str, flattened: bool
) -> None:
    path = fill_with_pdftk(copy_of(club), {field: CHANGES[field]}, tmp_path / "back.pdf")
    path = SMALL["pdfium"](path, tmp_path / "flat.pdf") if flattened else path
    told, record = take_in(club, path)
    assert told.reason is None and "as-issued" not in kinds(record)
    found = stand(club, record)
    assert found and found.state == "answers"


def test_an_answer_that_was_taken_away_makes_it_a_return(club: Project, tmp_path: Path) -> None:
    _, record = take_in(club, fill_with_pdftk(copy_of(club), {"address": ""}, tmp_path / "back.pdf"))
    assert "address" not in record.answers and "as-issued" not in kinds(record)


def test_a_note_on_the_page_may_be_an_answer_so_nothing_is_said(club: Project, tmp_path: Path) -> None:
    with pikepdf.open(copy_of(club)) as pdf:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[20, 20, 40, 40], Contents="All as you say."
        )
        pdf.pages[0].Annots.append(pdf.make_indirect(note))
        pdf.save(tmp_path / "noted.pdf")
    _, record = take_in(club, tmp_path / "noted.pdf")
    assert "notes" in kinds(record) and "as-issued" not in kinds(record)


@pytest.mark.parametrize(("across", "up"), [(250, 28.46), (440, 20)])
def test_what_is_written_beside_the_boxes_of_a_flattened_copy_is_told_and_its_longer_code_is_not(
    club: Project, tmp_path: Path, across: float, up: float
) -> None:
    """Written on the line of the code, left of it, and just below it."""
    with pikepdf.open(SMALL["pdfium"](copy_of(club), tmp_path / "flat.pdf")) as pdf:
        page = pdf.pages[0]
        page.Resources.Font.Beside = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.contents_add(f"q BT /Beside 7 Tf 1 0 0 1 {across} {up} Tm (All as you say) Tj ET Q".encode())
        pdf.save(tmp_path / "beside.pdf")
    _, record = take_in(club, tmp_path / "beside.pdf")
    assert "written-beside" in kinds(record) and "as-issued" not in kinds(record)


@pytest.mark.parametrize(
    ("form", "field"),
    [("application", "goal"), ("meeting-record", "agreed")],
)
def test_a_blank_copy_that_comes_back_blank_takes_nothing_back_either(
    club: Project, tmp_path: Path, form: str, field: str
) -> None:
    copy = copy_of(club, f"key,{field}\nE1,\n", form=form)
    _, filled = take_in(club, fill_with_pdftk(copy, {field: "Rest."}, tmp_path / "filled.pdf"), LATER - 86_400)
    told, blank = take_in(club, copy)
    assert told.reason == "nothing-filled-in" and "as-issued" not in kinds(blank)
    assert stand(club, blank) == Stand("unfilled")
    found = stand(club, filled)
    assert found and (found.state, found.instead_of) == ("answers", ())


def test_an_answer_to_a_question_that_is_still_closed_is_part_of_what_was_sent(club: Project, tmp_path: Path) -> None:
    copy = copy_of(club, "key,team-name\nE1,Choir\n")
    _, untouched = take_in(club, copy)
    assert {one.kind for one in untouched.problems if one.text} == {"not-for-you"}
    assert "as-issued" in kinds(untouched)
    _, other = take_in(club, fill_with_pdftk(copy, {"team-name": "Crew"}, tmp_path / "other.pdf"))
    assert "as-issued" not in kinds(other)


def test_a_copy_made_again_with_other_answers_may_come_back_as_either(club: Project) -> None:
    first = copy_of(club)
    second = copy_of(club, LIST.replace("2026-12-01", "2026-12-08"), "again")
    for number, file in enumerate((first, second)):
        path = put_in(club.root.parent / "in", f"{number}.pdf", file.read_bytes())
        assert [one.reason for one in ingest_paths([path], root=club.root)] == ["as-issued"]


def test_a_copy_that_an_earlier_schemebook_made_counts_as_before_until_it_is_made_again(club: Project) -> None:
    copy = copy_of(club)
    with open_store(club.root) as store, store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE issued SET held = NULL")
    _, record = take_in(club, copy)
    assert "as-issued" not in kinds(record)
    found = stand(club, record)
    assert found and found.state == "answers"
    copy_of(club)
    saved_again = by_pikepdf(copy, club.root.parent / "again.pdf")
    assert "as-issued" in kinds(take_in(club, saved_again)[1])


@pytest.mark.parametrize("how", ["scanned", "photographed"])
def test_an_untouched_copy_on_paper_is_known_and_a_mark_on_it_is_not_overlooked(
    club: Project, tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.token_bytes", lambda count: bytes(range(count)))  # the same page each time
    np = pytest.importorskip("numpy", reason="numpy (the extra recover) is not installed")
    pytest.importorskip("cv2", reason="OpenCV (the extra recover) is not installed")
    pytest.importorskip("rapidocr", reason="rapidocr (the extra recover-ocr) is not installed")
    from tests import paper

    copy = copy_of(club)
    for changed, name in ((copy, "same"), (fill_with_pdftk(copy, {"agree": True}, tmp_path / "ticked.pdf"), "ticked")):
        chance = np.random.default_rng(7)
        pages = [getattr(paper, how)(page, chance) for page in paper.printed(changed, 200)]
        _, record = take_in(club, paper.pdf_of(pages, 200, tmp_path / f"{name}.pdf"))
        assert record.token and record.recovered and record.needs_review
        assert ("as-issued" in kinds(record)) == (name == "same"), (name, kinds(record), record.answers)


def test_two_people_with_equal_copies_are_told_apart(club: Project, tmp_path: Path) -> None:
    people = club.root.parent / "people.csv"
    people.write_text("key,team\nE1,office\nE2,field\n", "utf-8")
    copies = [one.files[0] for one in issue(club, SCHEME, "application", people, tmp_path / "two", now=NOW)]
    _, mine = take_in(club, fill_with_pdftk(copies[0], {"team": "field"}, tmp_path / "mine.pdf"))
    assert "as-issued" not in kinds(mine), "what the other's copy held says nothing of this one"

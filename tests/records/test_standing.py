"""Which return counts, with copies that real programs saved again."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pikepdf
from tests.programs import fill_with_pdf_lib, fill_with_pypdf
from tests.records.club import SCHEME, filled, put_in
from tests.records.test_review import ANSWERS

from schemebook.records.intake.ingest import ingest_paths
from schemebook.records.people.people import known_people
from schemebook.records.people.standing import Standing, settle
from schemebook.records.store.store import open_store
from schemebook.scheme.project import Project


def standing(club: Project, *paths: Path, two_parties: bool = False) -> Standing:
    assert {one.outcome for one in ingest_paths(paths, root=club.root)} == {"recorded"}
    with open_store(club.root) as store:
        people = known_people(club, club.schemes[SCHEME], store.records(), date(2027, 1, 1))
    return settle(people.returns, two_parties=two_parties)


def test_a_return_that_pikepdf_pypdf_and_pdf_lib_saved_again_counts_once(club: Project) -> None:
    folder = club.root / "in"
    first = put_in(folder, "first.pdf", filled(club, "application", ANSWERS))
    out = io.BytesIO()
    with pikepdf.open(first) as opened:
        opened.save(out)
    again = [
        put_in(folder, "pikepdf.pdf", out.getvalue(), 1_795_000_100),
        put_in(folder, "pypdf.pdf", fill_with_pypdf(first, {}, folder / "a").read_bytes(), 1_795_000_200),
        put_in(folder, "pdf-lib.pdf", fill_with_pdf_lib(first, {}, folder / "b").read_bytes(), 1_795_000_300),
    ]
    found = standing(club, first, *again)
    assert found.answer is not None and found.answer.source == str(first)
    assert [one.source for one in found.saved_again] == [str(path) for path in again]
    assert not found.superseded


def test_a_form_of_two_parties_half_filled_and_then_whole_is_one_return_by_two_hands(club: Project) -> None:
    mentee = {"name": "Tāne", "date": "2026-11-24", "kind": "typed"}
    half = {"went": "well", "learnt": "word " * 30, "mentee-signed": mentee}
    whole = half | {"mentor-signed": {"name": "Rose", "date": "2026-11-25", "kind": "typed"}}
    folder = club.root / "in"
    first = put_in(folder, "half.pdf", filled(club, "closing-statement", half))
    second = put_in(folder, "whole.pdf", filled(club, "closing-statement", whole), 1_795_000_100)
    found = standing(club, first, second, two_parties=True)
    assert found.answer is not None and found.answer.source == str(second)
    assert [one.source for one in found.hands] == [str(first)] and not found.superseded

"""One record: whether it counts, which one does in its place, and what it says under today's questions."""

from __future__ import annotations

import datetime
import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.desk.club import application, log, record, write_club
from tests.records.test_review import BY
from tests.terminal import SCHEMEBOOK

from schemebook.desk.stands import Stand, Stands
from schemebook.records.by_hand.review import void
from schemebook.records.record import Record
from schemebook.records.store.store import NewReturn, Store, open_store
from schemebook.scheme.project import Project
from schemebook.scheme.words import say

DAY = datetime.date(2026, 12, 25)


@pytest.fixture
def club(tmp_path: Path) -> Project:
    return write_club(tmp_path)


@pytest.fixture
def store(club: Project) -> Iterator[Store]:
    with open_store(club.root, create=True) as opened:
        yield opened


def put(store: Store, *records: Record) -> None:
    store.put([NewReturn(one.sha256 or "", (one,)) for one in records])


FIRST = log("2026-09-20T00:00:00Z", "2026-09-15", words="Once.")
LIKE_FIRST = log("2026-09-21T00:00:00Z", "2026-09-15", words="Once.")
LATER = log("2026-09-22T00:00:00Z", "2026-09-15", words="Otherwise.")
AGAIN = log("2026-09-22T12:00:00Z", "2026-09-15", words="Otherwise.")
SPARE = record("log", "2026-09-23T00:00:00Z", month="2026-09-15", words="Nobody's.")


def test_each_record_says_whether_it_counts_and_which_does_in_its_place(club: Project, store: Store) -> None:
    joined = application("2026-09-01T00:00:00Z")
    put(store, joined, FIRST, LIKE_FIRST, LATER, AGAIN, SPARE)
    stands = Stands(club, store, DAY)
    assert stands.of(joined) == Stand("answers", None, (), "application", "")
    assert stands.of(LATER) == Stand(
        "answers", None, (FIRST.id, LIKE_FIRST.id, AGAIN.id), "log", stands.of(LATER).occasion
    )  # type: ignore[union-attr]
    assert {
        one.id: (stand.state, stand.by) for one in (FIRST, LIKE_FIRST, AGAIN, SPARE) if (stand := stands.of(one))
    } == {
        FIRST.id: ("superseded", LATER.id),
        LIKE_FIRST.id: ("superseded", LATER.id),
        AGAIN.id: ("saved-again", LATER.id),
        SPARE.id: ("spare", None),
    }
    assert "September" in stands.lines_of(FIRST)[0] and LATER.id[:10] in stands.lines_of(FIRST)[0]
    assert FIRST.id[:10] in stands.lines_of(LATER)[1]


def test_half_filled_copies_name_the_one_that_holds_them_whole(club: Project, store: Store) -> None:
    half = record("agreement", "2026-09-20T00:00:00Z", mentee="ana@example.org")
    whole = record("agreement", "2026-09-21T00:00:00Z", mentee="ana@example.org", mentor="mia@example.org")
    put(store, half, whole)
    stand = Stands(club, store, DAY).of(half)
    assert stand is not None and (stand.state, stand.by, stand.rule) == ("half-filled", whole.id, "agreement")


def test_a_voided_record_counts_for_nothing_and_the_one_before_it_counts_again(club: Project, store: Store) -> None:
    put(store, FIRST, LATER)
    voided = store.decide(LATER.id, void(BY, "A test"))
    stands = Stands(club, store, DAY)
    assert stands.of(voided) is None and stands.lines_of(voided) == [say("desk.stands-voided")]
    assert stands.of(FIRST) == Stand("answers", None, (), "log", stands.of(FIRST).occasion)  # type: ignore[union-attr]


def test_an_anonymous_record_and_one_whose_scheme_is_gone_are_nothing(club: Project, store: Store) -> None:
    nameless = replace(FIRST, id="f" * 32, sha256=None, part=None, received="2026-09")
    gone = replace(FIRST, scheme="gone")
    assert [Stands(club, store, DAY).of(one) for one in (nameless, gone)] == [None, None]


def test_records_tells_it_in_json_and_for_one_record_in_words_with_what_could_not_be_carried(
    club: Project, store: Store
) -> None:
    newer = replace(
        application(
            "2026-09-01T00:00:00Z", start="2026-09-30", shoes="brown, size 44", skills={"knots": {"mark": "A"}}
        ),
        version=2,
    )
    put(store, newer, FIRST, LATER)

    def run(*words: str) -> str:
        command = [SCHEMEBOOK, "--project", str(club.root), "records", *words]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout

    found = {one["id"]: one for one in map(json.loads, run("--format", "json").splitlines())}
    assert found[FIRST.id]["standing"]["state"] == "superseded" and found[FIRST.id]["carried"] is None
    carried = found[newer.id]["carried"]
    assert carried["version"] == 1 and carried["not_carried"] == [{"field": "shoes", "text": "brown, size 44"}]
    assert carried["answers"] == {name: value for name, value in newer.answers.items() if name != "shoes"}
    assert found[newer.id]["answers"] == newer.answers
    shown = run(newer.id)
    assert say("records.heading-carried", version=1) in shown and shown.count("brown, size 44") == 2
    assert say("desk.stands-answers", owed="Application") in shown

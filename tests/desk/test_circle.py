"""What one record is to what is owed, told from the records around it, is what the whole scheme says of it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from tests.desk.club import LOG, application, log, record, write_club
from tests.servers import new_database, postgresql

from schemebook.desk.stands import Stand, Stands
from schemebook.records.people.circle import MOST_ROUNDS, people_around
from schemebook.records.people.issued import Issued
from schemebook.records.record import Record, record_id
from schemebook.records.store.changes import NewChange
from schemebook.records.store.store import NewReturn, Store, open_store
from schemebook.records.store.tables import issued
from schemebook.scheme.project import Project, load_project

DAY = datetime.date(2026, 12, 25)
ROOT = Path(__file__).parents[2]
TWO_NAMES = LOG.replace(
    "      - {id: mentor, ",
    "      - {id: first, type: text, label: First, identifies: person, optional: yes}\n"
    "      - {id: last, type: text, label: Last, identifies: person, optional: yes}\n"
    "      - {id: helper, type: text, label: Helper, identifies: mentor, optional: yes}\n"
    "      - {id: mentor, ",
)


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_club(tmp_path_factory.mktemp("circle"), log=TWO_NAMES).root


loaded = cache(load_project)


def in_memory(project: Project, records: Sequence[Record], copies: Sequence[Issued] = ()) -> Store:
    store = open_store(project.root)
    store.put([NewReturn(one.sha256 or "", (one,)) for one in records])
    if copies:
        store.change(lambda connection: connection.execute(insert(issued), [vars(one) for one in copies]))
    return store


def both(project: Project, store: Store) -> Iterator[tuple[Record, Stand | None, Stand | None]]:
    """Each record with what the whole says of it and what its part does."""
    whole, part = Stands(project, store, DAY), Stands(project, store, DAY, one_by_one=True)
    for one in list(store.records()):
        yield one, whole.of(one), part.of(one)


WHO = ("ana", "mia", "Tāne", "TA\u0304NE", "Straße", "STRASSE", "o'neil")
ADDRESSES = tuple(f"{who}@example.org" for who in ("ana", "ANA", "mia", "ana.mia", "tāne", "Ta\u0304ne"))
NAMES = ("Ana", "ana  Mia", "Mia", "Tāne Mia", 'Ana "Mia"', "Straße Ana", "K", "\u212a", "ana\u00a0mia", 'A\\"B', "ſa")
maybe = st.none() | st.sampled_from(ADDRESSES)
days = st.integers(1, 28).map(lambda day: f"2026-{9 + day % 3:02}-{day:02}")
said = {
    "application": st.fixed_dictionaries(
        {}, optional={"name": st.sampled_from(NAMES), "email": st.sampled_from(ADDRESSES), "start": days}
    ),
    "agreement": st.fixed_dictionaries(
        {}, optional={"mentee": st.sampled_from(ADDRESSES), "mentor": st.sampled_from(ADDRESSES), "words": days}
    ),
    "log": st.fixed_dictionaries(
        {"role": st.sampled_from(["mentee", "mentor"])},
        optional={
            "month": days,
            "email": st.sampled_from(ADDRESSES),
            "first": st.sampled_from(NAMES),
            "last": st.sampled_from(NAMES),
            "helper": st.sampled_from(NAMES),
            "mentor": st.sampled_from(ADDRESSES),
            "mentee": st.sampled_from(ADDRESSES),
            "words": st.sampled_from(["Once.", "Often. “Ana”", "K"]),
        },
    ),
}
returned = st.sampled_from(sorted(said)).flatmap(lambda form: st.tuples(st.just(form), said[form]))
decision = st.one_of(
    st.just(("voided", None)),
    st.tuples(st.just("given"), st.sampled_from([*ADDRESSES, *NAMES])),
    st.tuples(st.just("corrected"), st.sampled_from(ADDRESSES)),
)
copy = st.tuples(
    st.sampled_from(["e1", "e2", "ana@example.org"]),
    maybe,
    st.none() | st.sampled_from(NAMES),
    st.sampled_from([("application", "person"), ("log", "person"), ("agreement", "mentee")]),
)


def made(number: int, form: str, answers: dict[str, Any], token: str | None) -> Record:
    plain = record(form, f"2026-{9 + number % 3:02}-{1 + number:02}T00:00:00Z", **answers)
    sha256 = f"{number:064x}"
    return replace(plain, sha256=sha256, id=record_id(sha256, 0), token=token)


def decided(kind: str, new: str | None, record: Record) -> list[NewChange]:
    at = "2026-12-01T00:00:00Z"
    if kind != "corrected":
        return [NewChange(kind, "Kim", at, reason="A test", new=new)]  # type: ignore[arg-type]
    answers = record.answers | {"mentee" if record.form == "agreement" else "email": new}
    return [NewChange("corrected", "Kim", at, field="email", new=new, answers=answers, problems=())]


@settings(max_examples=50)
@given(
    returns=st.lists(st.tuples(returned, st.none() | st.integers(0, 3)), min_size=1, max_size=12),
    decisions=st.dictionaries(st.integers(0, 11), decision, max_size=3),
    copies=st.lists(copy, max_size=4),
)
def test_a_record_is_the_same_in_its_circle_as_in_the_whole(
    club: Path,
    returns: list[tuple[tuple[str, dict[str, Any]], int | None]],
    decisions: dict[int, tuple[str, str | None]],
    copies: list[tuple[str, str | None, str | None, tuple[str, str]]],
) -> None:
    records = [
        made(number, form, answers, None if token is None else f"TOKEN{token:03}")
        for number, ((form, answers), token) in enumerate(returns)
    ]
    issued_ = [
        Issued(
            f"TOKEN{number:03}", "club", form, 1, f"{number:08x}", person, "", whose, name, email,
            f"2026-08-{1 + number:02}T00:00:00Z",
        )
        for number, (person, email, name, (form, whose)) in enumerate(copies)
    ]  # fmt: skip
    with in_memory(loaded(club), records, issued_) as store:
        for number, (kind, new) in decisions.items():
            if number < len(records):
                store.decide(records[number].id, lambda one, kind=kind, new=new: decided(kind, new, one))  # type: ignore[misc]
        for one, whole, part in both(loaded(club), store):
            assert part == whole, one


ANA, MIA, NOBODY = "ana@example.org", "mia@example.org", "nobody@example.org"
FIRST = log("2026-09-20T00:00:00Z", "2026-09-15", words="Once.")
OTHER = log("2026-09-22T00:00:00Z", "2026-09-15", "someone-else", words="Otherwise.")


def copy_for(number: int, form: str, email: str | None) -> Issued:
    at = f"2026-08-{1 + number:02}T00:00:00Z"
    return Issued(f"TOKEN{number:03}", "club", form, 1, "0a1b2c3d", "e1", "", "person", None, email, at)


@pytest.mark.parametrize(
    ("other", "copies", "change"),
    [
        (OTHER, [], NewChange("given", "Kim", "2026-12-01T00:00:00Z", new=" Ana@Example.org")),
        (
            OTHER,
            [],
            NewChange(
                "corrected", "Kim", "2026-12-01T00:00:00Z", "email", answers=OTHER.answers | {"email": ANA}, problems=()
            ),
        ),
        (replace(OTHER, token="TOKEN001"), [copy_for(1, "log", ANA)], None),
        (replace(OTHER, token="TOKEN001"), [copy_for(1, "log", None), copy_for(2, "application", ANA)], None),
        (OTHER, [copy_for(1, "log", "someone-else@example.org"), copy_for(2, "application", ANA)], None),
        (OTHER, [copy_for(1, "log", ANA), copy_for(2, "application", "someone-else@example.org")], None),
    ],
    ids=["given", "corrected", "of a copy made for her", "of a copy, and her address is with another",
         "by an address that she had before", "by one that she has since"],
)  # fmt: skip
def test_what_makes_another_record_hers_without_her_name_in_it_is_found(
    club: Path, other: Record, copies: list[Issued], change: NewChange | None
) -> None:
    with in_memory(loaded(club), [FIRST, other], copies) as store:
        if change:
            store.decide(other.id, lambda _: [change])
        found = {one.id: (whole, part) for one, whole, part in both(loaded(club), store)}
    assert {one: part for one, (_, part) in found.items()} == {one: whole for one, (whole, _) in found.items()}
    assert [part and part.state for _, part in found.values()] == ["superseded", "answers"]


def test_pairs_are_followed_from_one_to_the_next_and_beyond_the_last_round_all_is_drawn_up(club: Path) -> None:
    names = [f"m{at}@example.org" for at in range(2 * MOST_ROUNDS)]
    chain = [
        record("agreement", f"2026-09-{at:02}T00:00:00Z", mentee=first, mentor=second)
        for at, (first, second) in enumerate(pairwise(names), 1)
    ]
    project, scheme = loaded(club), loaded(club).schemes["club"]
    with in_memory(project, chain) as store:
        assert people_around(project, scheme, store, chain[0], DAY) is None
        assert all(part == whole for _, whole, part in both(project, store))
    with in_memory(project, chain[: MOST_ROUNDS - 2]) as store:
        around = people_around(project, scheme, store, chain[0], DAY)
    assert around is not None and len(around.pairs) == MOST_ROUNDS - 2


def test_whom_a_form_takes_earlier_versions_to_name_is_not_looked_for_in_their_texts(tmp_path: Path) -> None:
    newer = LOG.replace("version: 1", f'version: 2\ndefaults: {{mentor: "{MIA}"}}')
    project = write_club(tmp_path, log=newer)
    records = [FIRST, log("2026-09-21T00:00:00Z", "2026-09-15", "mia", "mentor"), replace(OTHER, version=2)]
    with in_memory(project, records) as store:
        assert people_around(project, project.schemes["club"], store, FIRST, DAY) is None
        assert all(part == whole for _, whole, part in both(project, store))


def test_of_a_large_store_only_the_records_around_one_are_read(club: Path) -> None:
    project = loaded(club)
    others = [application(f"2026-10-{1 + at % 28:02}T00:00:{at % 60:02}Z", f"p{at}") for at in range(400)]
    paired = record("agreement", "2026-09-21T00:00:00Z", mentee=ANA, mentor=MIA)
    hers = log("2026-09-25T00:00:00Z", "2026-09-15", "mia", "mentor")
    with in_memory(project, [FIRST, paired, hers, *others]) as store:
        around = people_around(project, project.schemes["club"], store, FIRST, DAY)
        assert around is not None and {one.key for one in around.people} == {ANA, MIA}
        assert {one.form for one in around.returns} == {"log", "agreement"} and len(around.returns) == 3
        assert around.by_key[MIA].roles == ("mentor",)


@pytest.mark.all_tiers
def test_the_same_is_found_in_postgresql(club: Path) -> None:
    project = loaded(club)
    hers = replace(OTHER, token="TOKEN001")
    macron = log("2026-10-02T00:00:00Z", "2026-10-15", "Ta\u0304ne", mentor="mia@example.org")
    again = log("2026-10-03T00:00:00Z", "2026-10-15", "T\u0100NE", words="“Again”")
    given_ = log("2026-10-04T00:00:00Z", "2026-10-15", "nobody", words="Given.")
    with (
        postgresql() as server,
        open_store(project.root, new_database(server), create=True) as store,
    ):
        store.put([NewReturn(one.sha256 or "", (one,)) for one in (FIRST, hers, macron, again, given_)])
        store.change(lambda connection: connection.execute(insert(issued), [vars(copy_for(1, "log", ANA))]))
        store.decide(given_.id, lambda _: [NewChange("given", "Kim", "2026-12-01T00:00:00Z", new="tāne@example.org")])
        assert [one.id for one in store.records()] == [one.id for one in (FIRST, hers, macron, again, given_)]
        told = [(one.id, whole, part) for one, whole, part in both(project, store)]
        assert store.record(given_.id[:12]).given_to == "tāne@example.org"
    assert [part for *_, part in told] == [whole for _, whole, _ in told]
    assert [part and part.state for *_, part in told] == [
        "superseded",
        "answers",
        "superseded",
        "superseded",
        "answers",
    ]


def demo_records(project: Project, scheme: str) -> list[Record]:
    """The answers of the demo as returns of one scheme, a day apart, and each of them once more with a word changed."""
    found = []
    for number, path in enumerate(sorted((ROOT / "tests" / "demo" / scheme).glob("*.json"))):
        form = project.forms[scheme].get(path.stem.rpartition("-")[0])
        if form and not form.anonymous:
            answers = json.loads(path.read_text("utf-8"))
            for again in range(2):
                sha256 = f"{number:060x}{again:04x}"
                found.append(
                    replace(
                        record(form.form, f"2026-{9 + again:02}-{1 + number % 28:02}T00:00:00Z", **answers),
                        scheme=scheme, sha256=sha256, id=record_id(sha256, 0), version=form.version,
                        answers=answers | ({"words": "Again"} if again else {}),
                    )
                )  # fmt: skip
    return found


SCHEMES = sorted(path.name for path in (ROOT / "tests" / "demo").iterdir() if any(path.glob("*.json")))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_bundled_schemes_say_the_same_of_each_record_of_the_demo(tmp_path: Path, scheme: str) -> None:
    project = load_project(ROOT)
    records = demo_records(project, scheme)
    with open_store(tmp_path, create=True) as store:
        store.put([NewReturn(one.sha256 or "", (one,)) for one in records])
        told = list(both(project, store))
    assert len(told) == len(records) > 5
    assert all(part == whole for _, whole, part in told)
    assert any(whole and whole.instead_of for _, whole, _ in told)

"""Who a return is from: the address, else the name; what only looks alike is listed and never joined."""

from __future__ import annotations

import datetime
import random
from itertools import combinations

import pytest

from schemebook.records.people.near_matches import are_near, near_matches
from schemebook.records.people.people import Person, fold


def person(key: str, name: str, email: str | None) -> Person:
    return Person(key, name, email, (name,), ("mentee",), datetime.date(2026, 9, 1), None, True)


def test_case_spaces_and_composed_letters_do_not_count() -> None:
    assert fold("  Tāne   MAHUTA ") == fold("Ta\u0304ne Mahuta")
    assert fold("Tane Mahuta") != fold("Tāne Mahuta")


def test_the_same_name_with_and_without_an_address_is_listed_as_near() -> None:
    people = (person("a@example.org", "Ana Lomu", "a@example.org"), person("ana lomu", "Ana Lomu", None))
    (found,) = near_matches(people)
    assert found.kind == "same-name"
    assert {found.first, found.second} == set(people)


def test_a_letter_too_many_is_near_and_another_name_is_not() -> None:
    assert are_near("małgorzata", "malgorzata")
    assert not are_near("ana", "ben")


@pytest.mark.parametrize(
    ("first", "second", "listed"),
    [
        ("Ana Lomu", "Ana Reed", True),
        ("Ana Lomu", "A. Reed", True),
        ("Ana Lomu", "Anna L", True),
        ("Ana Lomu", None, True),
        ("Ana Lomu", "Tane Reed", False),
        ("I1 Learner", "N2 Guide", False),
    ],
)
def test_addresses_that_are_near_are_listed_unless_the_names_are_different_people_s(
    first: str, second: str | None, listed: bool
) -> None:
    one = person("ana@example.org", first, "ana@example.org")
    other = person("tane@example.org", second or "tane@example.org", "tane@example.org")
    assert [match.kind for match in near_matches((one, other))] == (["near-email"] if listed else [])


def test_different_people_are_no_match() -> None:
    people = (person("a@example.org", "Ana Lomu", "a@example.org"), person("b@other.example", "Ben Reed", None))
    assert near_matches(people) == ()


def test_all_that_are_near_are_found_among_many() -> None:
    """As a comparison of everybody with everybody finds them: names of few letters, a letter or two apart."""
    chance = random.Random(7)
    names = [
        "".join(chance.choice("abn") for _ in range(chance.choice((3, 5, 6, 12, 13)))).title() for _ in range(300)
    ] + [f"Member Number {number}" for number in range(40)]
    people = tuple(person(f"{number}", name, None) for number, name in enumerate(names))
    wanted = {
        frozenset((one.key, other.key))
        for one, other in combinations(people, 2)
        if are_near(one.name.lower(), other.name.lower())
    }
    found = near_matches(people)
    assert len(wanted) > 200
    assert {frozenset((match.first.key, match.second.key)) for match in found if match.second} == wanted
    assert len(found) == len(wanted)

"""Who a return is from: the address, else the name; what only looks alike is listed and never joined."""

from __future__ import annotations

import datetime

from schemebook.records.near_matches import are_near, near_matches
from schemebook.records.people import Person, fold


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


def test_different_people_are_no_match() -> None:
    people = (person("a@example.org", "Ana Lomu", "a@example.org"), person("b@other.example", "Ben Reed", None))
    assert near_matches(people) == ()

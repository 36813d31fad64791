"""People in; those who may be one and the same out. They are told to a person, and never joined."""

from __future__ import annotations

import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal

from schemebook.records.people.people import Person
from schemebook.records.people.returns import fold

Likeness = Literal["same-name", "near-name", "near-email", "two-names"]

_LETTERS_FOR_ONE, _LETTERS_FOR_TWO = 5, 12
"""From so many letters on, one or two of them may differ."""
_HEAP_BITS, _MARK = 6, 0xFFFFFFFF
_HEAPS = 1 << _HEAP_BITS
"""Parts in which shortened forms are compared, so that a table of one part alone is in memory."""


@dataclass(frozen=True)
class NearMatch:
    """Two people who may be one; or, with `two-names`, one address under which two names stand."""

    kind: Likeness
    first: Person
    second: Person | None = None


def near_matches(people: Iterable[Person]) -> tuple[NearMatch, ...]:
    """Everybody who looks like somebody else: same name and other address, names or addresses a letter or two apart."""
    people = tuple(people)
    found: dict[frozenset[str], NearMatch] = {}
    for kind, pairs in _likenesses(people):
        for first, second in pairs:
            found.setdefault(frozenset((first.key, second.key)), NearMatch(kind, first, second))
    order = {person.key: number for number, person in enumerate(people)}
    near = sorted(found.values(), key=lambda match: [order[one.key] for one in (match.first, match.second) if one])
    return (*near, *(NearMatch("two-names", person) for person in people if _has_two_names(person)))


def _likenesses(people: tuple[Person, ...]) -> Iterator[tuple[Likeness, Iterator[tuple[Person, Person]]]]:
    yield "same-name", _alike(people, lambda person: {fold(name) for name in person.names}, exact=True)
    yield "near-name", _alike(people, lambda person: {_plain(name) for name in person.names})
    near = _alike(people, lambda person: {fold(person.email)} if person.email else set())
    yield "near-email", ((one, other) for one, other in near if _share_a_name(one, other))


def _share_a_name(one: Person, other: Person) -> bool:
    """Whether a part of one's name is near to one of the other's, or its initial; or one has no name but the address.

    Addresses of one office are often a letter apart, and those of two people there by their names.
    """
    parts = [
        {part for name in person.names if "@" not in name for part in _plain(name).split()} for person in (one, other)
    ]
    return not all(parts) or any(
        are_near(a, b) or ((len(a) == 1 or len(b) == 1) and a[0] == b[0]) for a, b in product(*parts)
    )


def _alike(
    people: tuple[Person, ...], texts: Callable[[Person], set[str]], exact: bool = False
) -> Iterator[tuple[Person, Person]]:
    """Pairs of people of whom a text is the same or near."""
    whose: dict[str, list[int]] = defaultdict(list)
    for number, person in enumerate(people):
        for text in texts(person) - {""}:
            whose[text].append(number)
    for numbers in whose.values():
        yield from ((people[a], people[b]) for a, b in combinations(numbers, 2))
    for one, other in () if exact else _near_texts(list(whose)):
        for a, b in product(whose[one], whose[other]):
            if a != b:
                yield people[min(a, b)], people[max(a, b)]


def _near_texts(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of texts that are near. Those that share no shortened form are never compared.

    A text has hundreds of shortened forms. Of each only a part of its hash is kept, eight bytes with the text's number:
    as texts they took 170 kB a person. Who shares no form but that part is told apart in the end.
    """
    forms = [(array("I"), array("I")) for _ in range(_HEAPS)]
    put = [(marks.append, owners.append) for marks, owners in forms]
    for number, text in enumerate(texts):
        for mark in map(hash, _shortened(text)):
            put_mark, put_owner = put[mark % _HEAPS]
            put_mark(mark >> _HEAP_BITS & _MARK)
            put_owner(number)
    letters = [_without_digits(text) for text in texts]
    found = {(a, b) for heap in forms for a, b in _sharing(*heap) if letters[a] != letters[b]}
    for a, b in sorted(found):
        if are_near(texts[a], texts[b]):
            yield texts[a], texts[b]


def _sharing(marks: array[int], owners: array[int]) -> Iterator[tuple[int, int]]:
    """The owners of equal marks, two by two."""
    first: dict[int, int] = {}
    more: dict[int, list[int]] = {}
    for mark, owner in zip(marks, owners, strict=True):
        one = first.setdefault(mark, owner)
        if one != owner:
            more.setdefault(mark, [one]).append(owner)
    for sharing in more.values():
        yield from combinations(sharing, 2)


def _without_digits(text: str) -> str:
    return "".join(letter for letter in text if not letter.isdigit())


def _plain(name: str) -> str:
    """A name without accents, marks and the order of its words."""
    letters = unicodedata.normalize("NFKD", fold(name))
    kept = "".join(letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter))
    return " ".join(sorted(kept.split()))


def _allowed(length: int) -> int:
    return 2 if length >= _LETTERS_FOR_TWO else 1 if length >= _LETTERS_FOR_ONE else 0


def _shortened(text: str) -> list[str]:
    """The text with up to as many letters left out as may differ: near texts share one of these."""
    found, allowed = [text], _allowed(len(text))
    for at in range(len(text)) if allowed else ():
        before, rest = text[:at], text[at + 1 :]
        found.append(before + rest)
        if allowed == 2:
            found += [before + rest[:next_] + rest[next_ + 1 :] for next_ in range(at, len(rest))]
    return found


def are_near(a: str, b: str) -> bool:
    """Whether two texts are a letter apart, or two where they are long, or two letters in the other order.

    Texts that differ in their digits alone (mentee1@, mentee2@) are meant to differ.
    """
    if a == b:
        return True
    if _without_digits(a) == _without_digits(b):
        return False
    return distance(a, b) <= _allowed(min(len(a), len(b)))


def distance(a: str, b: str) -> int:
    """How many letters must be put in, left out, changed or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        before, last, row = row, before, [i]
        for j, other in enumerate(b, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                best = min(best, last[j - 2] + 1)
            row.append(best)
    return row[-1]


def _has_two_names(person: Person) -> bool:
    """Whether the names under one address are those of two people, not two ways to write one name."""
    names = sorted({_plain(name) for name in person.names})
    return person.email is not None and any(
        not are_near(a, b) and not set(a.split()) <= set(b.split()) and not set(b.split()) <= set(a.split())
        for at, a in enumerate(names)
        for b in names[at + 1 :]
    )

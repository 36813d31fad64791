"""Records and issued copies in; who returned what out: people, pairs, and each return with its sender, role and day.

Until a list of participants is kept, a person is who returned a form, known by the fields that a form marks with
`identifies`: by the e-mail address, and where a return gives none, by the name. Upper and lower case and spaces do not
count, everything else does. What only looks alike is never joined (see near_matches.py).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

from schemebook.records.people.issued import Issued
from schemebook.records.people.returns import (
    PERSON,
    Named,
    Naming,
    Return,
    ReturnReader,
    day_of,
    fold,
    known_by,
    moved_addresses,
    role_in,
)
from schemebook.records.people.unfilled import is_confirmed
from schemebook.records.record import Record
from schemebook.scheme.form import Form
from schemebook.scheme.model import Scheme
from schemebook.scheme.project import Project


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who returned a form, whom one names, or for whom a copy was made.

    key: the address or the name that they are known by.
    """

    key: str
    name: str
    email: str | None
    names: tuple[str, ...]
    roles: tuple[str, ...]
    first: datetime.date
    """The day of their first return; else of the first return that names them or the first copy made for them."""
    cohort: str | None
    returned: bool
    """Whether they returned something themselves."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people whom a form names together, in the order of the scheme's `pair`."""

    first: Person
    second: Person

    @property
    def keys(self) -> tuple[str, str]:
        """The keys of the two."""
        return self.first.key, self.second.key


@dataclass(frozen=True, slots=True)
class MadeFor:
    """A copy of a form, made for somebody. day: of the first. role: theirs in it; None where nothing says so.
    latest: the day of the last that was made.
    """

    day: datetime.date
    role: str | None
    latest: datetime.date


@dataclass(frozen=True, slots=True)
class Nameless:
    """A return of an anonymous form: nobody's. id, form: of its record."""

    id: str
    form: str


@dataclass(frozen=True)
class People:
    """Everybody of a scheme, the pairs, and all returns in the order in which they came."""

    people: tuple[Person, ...]
    pairs: tuple[Pair, ...]
    returns: tuple[Return, ...]
    anonymous: tuple[Nameless, ...] = ()
    copies: Mapping[tuple[str, str], MadeFor] = field(default_factory=dict)
    """(key, form) -> the copy that was made for that person."""
    unfilled: tuple[Return, ...] = ()
    """Returns with nothing filled in, in the order in which they came, that nobody has accepted: nothing is known by
    them of anybody, and they answer nothing."""
    later: int = 0
    """How many records bear a later day, by a wrong clock or because the day lies back: nothing is known by them."""

    @cached_property
    def by_key(self) -> Mapping[str, Person]:
        """Key -> person."""
        return {person.key: person for person in self.people}

    @cached_property
    def _pairs_by_key(self) -> Mapping[str, tuple[Pair, ...]]:
        found: dict[str, tuple[Pair, ...]] = {}
        for pair in self.pairs:
            for key in {pair.first.key, pair.second.key}:
                found[key] = (*found.get(key, ()), pair)
        return found

    def pairs_with(self, key: str) -> tuple[Pair, ...]:
        """The pairs that the person of a key is in."""
        return self._pairs_by_key.get(key, ())

    def pair_of(self, one: Return) -> Pair | None:
        """The pair that a return is about.

        A half-filled form names one of the two: it is the pair's where that one is in no other.
        """
        named = one.names()
        pairs = {pair.keys: pair for key in named for pair in self.pairs_with(key)}
        if len(named) == 2:
            return next((pair for keys, pair in pairs.items() if named == set(keys)), None)
        return next(iter(pairs.values())) if len(named) == 1 and len(pairs) == 1 else None


def known_people(
    project: Project,
    scheme: Scheme,
    records: Iterable[Record],
    as_of: datetime.date,
    issued: Mapping[str, Issued] = MappingProxyType({}),
    moved: Mapping[str, str] | None = None,
) -> People:
    """Everybody whom the returns of a scheme name or copies were made for, by the end of a day in its time zone.

    Answers are those that count, with every correction; voided records are left out. issued: token -> whom a copy was
    made for. A return of such a copy is theirs, whatever name stands in it. moved: as `moved_addresses` gives it, where
    these are not all copies of the scheme.
    """
    if moved is None:
        moved = moved_addresses((one.person, one.email) for one in _by_age(issued.values()))
    zone, issued = ZoneInfo(scheme.timezone), _one_address_each(issued)
    forms = project.forms.get(scheme.scheme, {})
    reader, gathered = ReturnReader(scheme, forms, issued, moved), _Gathering()
    returns: list[Return] = []
    unfilled: list[Return] = []
    anonymous = []
    later = 0
    for record in records:
        if record.voided:
            continue
        if record.anonymous:
            if record.received <= as_of.isoformat()[:7]:
                anonymous.append(Nameless(record.id, record.form))
            continue
        day = reader.day(record)
        if day > as_of:
            later += 1
            continue
        one, namings = reader.read(record, day)
        if one.unfilled and not is_confirmed(record):
            unfilled.append(one)
            continue
        gathered.add(one, namings)
        returns.append(one)
    by_then = {token: one for token, one in issued.items() if day_of(one.issued, zone) <= as_of}
    copies = _copies(forms, by_then.values(), zone)
    gathered.add_copies(by_then.values(), copies)
    people = gathered.people(scheme)
    return People(people, _pairs(returns, people), tuple(returns), tuple(anonymous), copies, tuple(unfilled), later)


def _copies(forms: Mapping[str, Form], issued: Iterable[Issued], zone: ZoneInfo) -> dict[tuple[str, str], MadeFor]:
    """(key, form) -> the first copy of it that was made for somebody. Of a form that is no longer there none."""
    found: dict[tuple[str, str], MadeFor] = {}
    for one in _by_age(issued):
        if form := forms.get(one.form):
            role = role_in(form, {}) if one.whose == PERSON else one.whose
            key, day = (known_by(one), one.form), day_of(one.issued, zone)
            found[key] = replace(found[key], latest=day) if key in found else MadeFor(day, role, day)
    return found


def _by_age(issued: Iterable[Issued]) -> list[Issued]:
    return sorted(issued, key=lambda one: (one.issued, one.token))


def _one_address_each(issued: Mapping[str, Issued]) -> dict[str, Issued]:
    """The copies, each with the address in the latest list: a person keeps their key, and addresses change."""
    latest: dict[str, str] = {}
    for one in _by_age(issued.values()):
        if one.email:
            latest[one.person] = one.email
    return {token: replace(one, email=latest.get(one.person)) for token, one in issued.items()}


@dataclass(slots=True)
class _Gathered:
    """What the returns say of one person. names: each with how often it was written."""

    names: dict[str, int] = field(default_factory=dict)
    first_email: str | None = None
    last_email: str | None = None
    roles: tuple[str, ...] = ()
    first: datetime.date = datetime.date.max
    first_named: datetime.date = datetime.date.max

    def add(self, named: Named, role: str | None, day: datetime.date) -> None:
        """One more place where they are named."""
        if named.name:
            self.names[named.name] = self.names.get(named.name, 0) + 1
        if named.email:
            self.first_email, self.last_email = self.first_email or named.email, named.email
        if role and role not in self.roles:
            self.roles = (*self.roles, role)
        self.first_named = min(self.first_named, day)

    def add_copy(self, copy: Issued, made: MadeFor) -> None:
        """A copy that was made for them. What it says of them counts where they returned nothing."""
        if self.first < datetime.date.max:
            return
        known = Named() if self.names or self.first_email else Named(copy.name or copy.person, copy.email)
        self.add(known, made.role, made.day)

    def person(self, scheme: Scheme, key: str) -> Person:
        """Them, with the name that they wrote most often."""
        returned = self.first < datetime.date.max
        first = self.first if returned else self.first_named
        return Person(
            key=key,
            name=max(self.names, key=self.names.__getitem__) if self.names else self.first_email or "",
            email=self.last_email,
            names=tuple(self.names),
            roles=tuple(role for role in scheme.roles if role in self.roles),
            first=first,
            cohort=next((cohort.id for cohort in scheme.cohorts if cohort.starts <= first <= cohort.ends), None),
            returned=returned,
        )


class _Gathering:
    """What the returns of a scheme say of everybody, put together return by return."""

    def __init__(self) -> None:
        self.found: dict[str, _Gathered] = defaultdict(_Gathered)

    def add(self, one: Return, namings: Iterable[Naming]) -> None:
        """A return and whom it names."""
        for whose, key, named in namings:
            self.found[key].add(named, one.role if whose == PERSON else whose, one.day)
        if one.sender:
            sender = self.found[one.sender]
            sender.first = min(sender.first, one.day)

    def add_copies(self, issued: Iterable[Issued], copies: Mapping[tuple[str, str], MadeFor]) -> None:
        """The copies that were made, after all returns."""
        for copy in issued:
            key = known_by(copy)
            if made := copies.get((key, copy.form)):
                self.found[key].add_copy(copy, made)

    def people(self, scheme: Scheme) -> tuple[Person, ...]:
        """Everybody, by name."""
        people = (gathered.person(scheme, key) for key, gathered in self.found.items())
        return tuple(sorted(people, key=lambda person: (fold(person.name), person.key)))


def _pairs(returns: Iterable[Return], people: Iterable[Person]) -> tuple[Pair, ...]:
    by_key = {person.key: person for person in people}
    found = {one.pair: None for one in returns if all(one.pair) and one.pair[0] != one.pair[1]}
    return tuple(Pair(by_key[first or ""], by_key[second or ""]) for first, second in found)

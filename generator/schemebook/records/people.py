"""Records and issued copies in; who returned what out: people, pairs, each return with its sender, role and day.

Until a list of participants is kept, a person is who returned a form, known by the fields that a form marks with
`identifies`: by the e-mail address, and where a return gives none, by the name. Upper and lower case and spaces do not
count, everything else does. What only looks alike is never joined (see near_matches.py).
"""

from __future__ import annotations

import datetime
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from schemebook.records.carried import carry
from schemebook.records.issued import Issued
from schemebook.records.record import Record
from schemebook.scheme.answers import read_day
from schemebook.scheme.form import Form
from schemebook.scheme.model import Scheme
from schemebook.scheme.project import Project

PERSON = "person"
_NO_ADDRESS = "not-an-email"


@dataclass(frozen=True)
class Named:
    """How a form names somebody, as they wrote it."""

    name: str | None = None
    email: str | None = None


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Pair:
    """Two people whom a form names together, in the order of the scheme's `pair`."""

    first: Person
    second: Person


@dataclass(frozen=True)
class MadeFor:
    """A copy of a form, made for somebody. day: of the first. role: theirs in it; None where nothing says so."""

    day: datetime.date
    role: str | None


@dataclass(frozen=True)
class Return:
    """One record, read as a return of somebody. Answers and problems of other versions stand under today's fields."""

    record: Record
    form: str
    day: datetime.date
    """The day it came in, in the scheme's time zone."""
    answers: Mapping[str, Any]
    sender: str | None
    """The key of who sent it; None where nothing says so."""
    role: str | None
    """The role the sender has in it; None where nothing says so."""
    pair: tuple[str | None, str | None] = (None, None)
    """The keys of the pair's two people, as far as it names them."""

    def is_about(self, key: str) -> bool:
        """Whether somebody sent it, or is named in it where nobody is said to have sent it."""
        return self.sender == key if self.sender else key in self.pair


@dataclass(frozen=True)
class People:
    """Everybody of a scheme, the pairs, and all returns in the order in which they came."""

    people: tuple[Person, ...]
    pairs: tuple[Pair, ...]
    returns: tuple[Return, ...]
    anonymous: tuple[Record, ...] = ()
    """Returns of anonymous forms: nobody's."""
    copies: Mapping[tuple[str, str], MadeFor] = field(default_factory=dict)
    """(key, form) -> the copy that was made for that person."""

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
        named = {key for key in (*one.pair, one.sender) if key}
        pairs = {pair for key in named for pair in self.pairs_with(key)}
        if len(named) == 2:
            return next((pair for pair in pairs if named == {pair.first.key, pair.second.key}), None)
        return pairs.pop() if len(named) == 1 and len(pairs) == 1 else None


def known_people(
    project: Project,
    scheme: Scheme,
    records: Iterable[Record],
    as_of: datetime.date,
    issued: Mapping[str, Issued] = MappingProxyType({}),
) -> People:
    """Everybody whom the returns of a scheme name or copies were made for, by the end of a day in its time zone.

    Answers are those that count, with every correction; voided records are left out. issued: token -> whom a copy was
    made for. A return of such a copy is theirs, whatever name stands in it.
    """
    zone, issued = ZoneInfo(scheme.timezone), _one_address_each(issued)
    forms = project.forms.get(scheme.scheme, {})
    readings, anonymous = [], []
    for record in records:
        if record.voided:
            continue
        if record.anonymous:
            if record.received <= as_of.isoformat()[:7]:
                anonymous.append(record)
            continue
        day = _day(record.received, zone)
        if day <= as_of:
            readings.append(_read(scheme, forms.get(record.form), record, day, _copy(record, issued)))
    returns = tuple(reading.as_return(scheme) for reading in readings)
    by_then = {token: one for token, one in issued.items() if _day(one.issued, zone) <= as_of}
    copies = _copies(forms, by_then.values(), zone)
    people = _people(scheme, readings, returns, by_then.values(), copies)
    return People(people, _pairs(returns, people), returns, tuple(anonymous), copies)


def _day(moment: str, zone: ZoneInfo) -> datetime.date:
    return datetime.datetime.fromisoformat(moment).astimezone(zone).date()


def _copies(forms: Mapping[str, Form], issued: Iterable[Issued], zone: ZoneInfo) -> dict[tuple[str, str], MadeFor]:
    """(key, form) -> the first copy of it that was made for somebody. Of a form that is no longer there none."""
    found: dict[tuple[str, str], MadeFor] = {}
    for one in sorted(issued, key=lambda one: (one.issued, one.token)):
        if form := forms.get(one.form):
            role = _role(form, {}) if one.whose == PERSON else one.whose
            found.setdefault((_known_by(one), one.form), MadeFor(_day(one.issued, zone), role))
    return found


def _known_by(copy: Issued) -> str:
    """The key of the person for whom a copy was made."""
    return fold(copy.email or copy.person)


def fold(text: str) -> str:
    """A name or address as it is compared: NFC, without case, with single spaces."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())


@dataclass(frozen=True)
class _Reading:
    """A record and whom it names, before it is known who is who."""

    record: Record
    day: datetime.date
    answers: Mapping[str, Any]
    role: str | None
    named: Mapping[str, Named] = field(default_factory=dict)
    """`person`, or the id of a role -> who."""
    copy: Issued | None = None
    """Whom its copy was made for."""
    given: str | None = None
    """The place of its sender, `person` or a role, where a coordinator said whose it is."""

    def key(self, whose: str) -> str:
        """Whom a naming means: the address, else the name. Whoever gives the name alone is listed as near.

        What is written in the place of the one whom the copy was made for means that one; whom a coordinator gave it
        to goes before both.
        """
        if self.given == whose:
            return fold(self.named[whose].email or self.named[whose].name or "")
        if self.copy and self.copy.whose == whose:
            return _known_by(self.copy)
        return fold(self.named[whose].email or self.named[whose].name or "")

    def as_return(self, scheme: Scheme) -> Return:
        found = {whose: self.key(whose) for whose in self.named}
        sender = found.get(PERSON) or found.get(self.role or "")
        if sender and self.role:
            found.setdefault(self.role, sender)
        first, second = (found.get(role) for role in scheme.pair or ("", ""))
        return Return(self.record, self.record.form, self.day, self.answers, sender, self.role, (first, second))


def _one_address_each(issued: Mapping[str, Issued]) -> dict[str, Issued]:
    """The copies, each with the address in the latest list: a person keeps their key, and addresses change."""
    latest: dict[str, str] = {}
    for one in sorted(issued.values(), key=lambda one: (one.issued, one.token)):
        if one.email:
            latest[one.person] = one.email
    return {token: replace(one, email=latest.get(one.person)) for token, one in issued.items()}


def _copy(record: Record, issued: Mapping[str, Issued]) -> Issued | None:
    """The copy that a return is of. A token says nothing where it was made for another form."""
    found = issued.get(record.token or "")
    return found if found and (found.scheme, found.form) == (record.scheme, record.form) else None


def _read(scheme: Scheme, form: Form | None, record: Record, day: datetime.date, copy: Issued | None) -> _Reading:
    if form is None:
        found = _Reading(record, day, record.answers, None, _with_copy({}, copy), copy)
        return _given(found, record.given_to)
    record = carry(form, scheme.scheme, record)
    answers = record.answers
    wrong = {problem.field for problem in record.problems if problem.kind == _NO_ADDRESS}
    parts: dict[str, dict[str, list[str]]] = defaultdict(lambda: {"name": [], "email": []})
    for one in form.fields:
        said = answers.get(one.id)
        said = said.get("name") if isinstance(said, dict) else said
        if one.identifies and isinstance(said, str) and said.strip() and one.id not in wrong:
            kind = "email" if one.type == "email" else "name"  # type: ignore[attr-defined]
            parts[one.identifies][kind].append(said.strip())
    named = {
        whose: Named(" ".join(found["name"]) or None, found["email"][0] if found["email"] else None)
        for whose, found in parts.items()
    }
    found = _Reading(record, day, answers, _role(form, answers), _with_copy(named, copy), copy)
    return _given(found, record.given_to)


def _given(reading: _Reading, person: str | None) -> _Reading:
    """A reading of which a coordinator said whose it is: that one stands where its sender stood."""
    if person is None:
        return reading
    whose = PERSON if PERSON in reading.named or not reading.role else reading.role
    named = Named(email=person) if "@" in person else Named(name=person)
    return replace(reading, named={**reading.named, whose: named}, given=whose)


def _with_copy(named: dict[str, Named], copy: Issued | None) -> dict[str, Named]:
    """Whom a return names, and whom its copy was made for: as they wrote themselves, else as the list knew them."""
    if copy is None:
        return named
    said = named.get(copy.whose, Named())
    known = Named(said.name or copy.name or copy.person, said.email or copy.email)
    return {**named, copy.whose: known}


def _role(form: Form, answers: Mapping[str, Any]) -> str | None:
    if form.role_field:
        said = answers.get(form.role_field)
        return said if said in form.completed_by else None
    return form.completed_by[0] if len(form.completed_by) == 1 else None


@dataclass
class _Gathered:
    """What the returns say of one person."""

    named: list[Named] = field(default_factory=list)
    roles: dict[str, None] = field(default_factory=dict)
    first: datetime.date = datetime.date.max
    first_named: datetime.date = datetime.date.max

    def add_copy(self, copy: Issued, made: MadeFor) -> None:
        """A copy that was made for them. What it says of them counts where they returned nothing."""
        if self.first < datetime.date.max:
            return
        self.first_named = min(self.first_named, made.day)
        if made.role:
            self.roles[made.role] = None
        if not self.named:
            self.named.append(Named(copy.name or copy.person, copy.email))


def _people(
    scheme: Scheme,
    readings: Iterable[_Reading],
    returns: Iterable[Return],
    issued: Iterable[Issued],
    copies: Mapping[tuple[str, str], MadeFor],
) -> tuple[Person, ...]:
    found: dict[str, _Gathered] = defaultdict(_Gathered)
    for reading, one in zip(readings, returns, strict=True):
        for whose, named in reading.named.items():
            person = found[reading.key(whose)]
            person.named.append(named)
            person.first_named = min(person.first_named, reading.day)
            role = reading.role if whose == PERSON else whose
            if role:
                person.roles[role] = None
        if one.sender:
            found[one.sender].first = min(found[one.sender].first, reading.day)
    for copy in issued:
        if made := copies.get((_known_by(copy), copy.form)):
            found[_known_by(copy)].add_copy(copy, made)
    people = (_person(scheme, key, gathered) for key, gathered in found.items())
    return tuple(sorted(people, key=lambda person: (fold(person.name), person.key)))


def _person(scheme: Scheme, key: str, gathered: _Gathered) -> Person:
    names = Counter(named.name for named in gathered.named if named.name)
    emails = [named.email for named in gathered.named if named.email]
    returned = gathered.first < datetime.date.max
    first = gathered.first if returned else gathered.first_named
    return Person(
        key=key,
        name=names.most_common(1)[0][0] if names else emails[0],
        email=emails[-1] if emails else None,
        names=tuple(names),
        roles=tuple(role for role in scheme.roles if role in gathered.roles),
        first=first,
        cohort=next((cohort.id for cohort in scheme.cohorts if cohort.starts <= first <= cohort.ends), None),
        returned=returned,
    )


def _pairs(returns: Iterable[Return], people: Iterable[Person]) -> tuple[Pair, ...]:
    by_key = {person.key: person for person in people}
    found = {one.pair: None for one in returns if all(one.pair) and one.pair[0] != one.pair[1]}
    return tuple(Pair(by_key[first or ""], by_key[second or ""]) for first, second in found)


def day_in(answers: Mapping[str, Any], field_id: str) -> datetime.date | None:
    """The day that an answer gives: a date, or the date beside a signature; None where it gives none."""
    said = answers.get(field_id)
    said = said.get("date") if isinstance(said, dict) else said
    return read_day(said) if isinstance(said, str) else None

"""The records of pages that one address sent in; why those pages may be several people's, or nothing, out.

An address may be an office's, or of somebody who hands on what others fill in. So pages are taken for one person's
only where nothing that came from the address speaks for a second one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Literal

from schemebook.records.issued import issued_copies
from schemebook.records.people import Person, known_people
from schemebook.records.record import Record
from schemebook.records.returns import fold
from schemebook.records.store import Store
from schemebook.scheme.project import Project

MOST_LOOKED_AT = 200
"""Records of one address in which other people are looked for."""

Doubt = Literal["office-address", "other-address", "several-people"]


def doubt_of_sender(
    store: Store, project: Project, sender: str, parts: Sequence[Record], sent: Sequence[Record]
) -> Doubt | None:
    """Why the pages that an address sent may be several people's.

    sender: in lower case. parts: the records of the pages. sent: all records that came from the address.
    """
    if sender in _offices(project):
        return "office-address"
    if any(fold(email) != sender for email in _own_addresses(project, parts)):
        return "other-address"
    found = list(_senders(store, project, sent))
    return "several-people" if any(_differ(*two) for two in combinations(found, 2)) else None


def _offices(project: Project) -> set[str]:
    """The addresses to which forms are sent back, and at which people ask."""
    found = (email for one in project.schemes.values() for email in (one.contact.email, one.returns.email))
    return {fold(email) for email in found if email}


def _own_addresses(project: Project, parts: Sequence[Record]) -> Iterator[str]:
    """The e-mail addresses that whoever filled in the pages gives as theirs, where they were read for sure."""
    scheme = project.schemes[parts[0].scheme]
    found, records = known_people(project, scheme, parts, datetime.date.max), {one.id: one for one in parts}
    for one in found.returns:
        person = found.by_key.get(one.sender or "")
        record = records[one.id]
        sure = {fold(str(record.answers.get(each.field))) for each in record.recovered if each.accepted}
        if person and person.email and fold(person.email) in sure:
            yield person.email


def _senders(store: Store, project: Project, sent: Sequence[Record]) -> Iterator[Person]:
    """Everybody who returned one of some records, scheme by scheme."""
    by_scheme: dict[str, list[Record]] = {}
    for record in sent:
        by_scheme.setdefault(record.scheme, []).append(record)
    for id, some in by_scheme.items():
        if scheme := project.schemes.get(id):
            found = known_people(project, scheme, some, datetime.date.max, issued_copies(store, id))
            keys: Mapping[str, None] = dict.fromkeys(one.sender for one in found.returns if one.sender)
            yield from (found.by_key[key] for key in keys)


def _differ(one: Person, other: Person) -> bool:
    """Whether two that are known by an address or a name are surely not one: a name alone may be of either."""
    if one.email and other.email:
        return fold(one.email) != fold(other.email)
    names = [{fold(name) for name in each.names} for each in (one, other)]
    return all(names) and not names[0] & names[1]

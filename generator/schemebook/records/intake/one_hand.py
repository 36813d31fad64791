"""The records of pages that one address sent in; why those pages may be several people's, or nothing, out.

An address may be an office's, or of somebody who hands on what others fill in. So pages are taken for one person's
only where nothing that came from the address speaks for a second one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import combinations
from typing import Literal

from schemebook.records.people.issued import issued_copies
from schemebook.records.people.people import People, Person, known_people
from schemebook.records.people.returns import fold
from schemebook.records.record import Record
from schemebook.records.store.store import Store
from schemebook.scheme.fields import Signature
from schemebook.scheme.form import Form
from schemebook.scheme.project import Project

MOST_LOOKED_AT = 200
"""Records of one address in which other people are looked for."""
_ALIKE = 0.75
"""How alike two words of a name are at least: what is read from paper may lack a letter, and initials say nothing."""
_SHORTEST = 3

Doubt = Literal["office-address", "other-address", "other-name", "several-people"]


def doubt_of_sender(
    store: Store, project: Project, sender: str, parts: Sequence[Record], sent: Sequence[Record]
) -> Doubt | None:
    """Why the pages that an address sent may be several people's.

    sender: in lower case. parts: the records of the pages. sent: all records that came from the address.
    """
    if sender in _offices(project):
        return "office-address"
    returns = known_people(project, project.schemes[parts[0].scheme], parts, datetime.date.max)
    if any(fold(email) != sender for email in _own_addresses(returns, parts)):
        return "other-address"
    if _signed_by_another(project.forms[parts[0].scheme][parts[0].form], returns, parts):
        return "other-name"
    found = list(_senders(store, project, sent))
    return "several-people" if any(_differ(*two) for two in combinations(found, 2)) else None


def _offices(project: Project) -> set[str]:
    """The addresses to which forms are sent back, and at which people ask."""
    found = (email for one in project.schemes.values() for email in (one.contact.email, one.returns.email))
    return {fold(email) for email in found if email}


def _own_addresses(found: People, parts: Sequence[Record]) -> Iterator[str]:
    """The e-mail addresses that whoever filled in the pages gives as theirs, where they were read for sure."""
    records = {one.id: one for one in parts}
    for one in found.returns:
        person, record = found.by_key.get(one.sender or ""), records[one.id]
        unsure = {each.field for each in record.recovered if not each.accepted}
        sure = {fold(str(said)) for field, said in record.answers.items() if field not in unsure}
        if person and person.email and fold(person.email) in sure:
            yield person.email


def _signed_by_another(form: Form, found: People, parts: Sequence[Record]) -> bool:
    """Whether a page is signed by another name than a page gives. Of a form of two parties nobody knows who signs."""
    if len(form.completed_by) != 1:
        return False
    fields = [field for field in form.fields if isinstance(field, Signature)]
    own = [field.id for field in fields if field.party in (None, *form.completed_by)]
    signatures = [record.answers.get(id) for record in parts for id in own]
    signed = [str(one["name"]) for one in signatures if isinstance(one, dict) and one.get("name")]
    names = [name for one in found.returns if one.sender for name in found.by_key[one.sender].names]
    return any(not _may_be_one(name, other) for name in names for other in signed)


def _may_be_one(one: str, other: str) -> bool:
    """Whether two names share a word, as nearly as paper is read: initials and a left-out middle name say nothing."""
    words = [[word for word in fold(name).split() if len(word) >= _SHORTEST] for name in (one, other)]
    if not all(words):
        return True
    return any(SequenceMatcher(None, here, there).ratio() >= _ALIKE for here in words[0] for there in words[1])


def _senders(store: Store, project: Project, sent: Sequence[Record]) -> Iterator[Person]:
    """Everybody who returned one of some records, scheme by scheme."""
    by_scheme: dict[str, list[Record]] = {}
    for record in sent:
        by_scheme.setdefault(record.scheme, []).append(record)
    for id, some in by_scheme.items():
        if scheme := project.schemes.get(id):
            found = known_people(project, scheme, some, datetime.date.max, issued_copies(store, id))
            returns = (*found.returns, *found.unfilled)  # a blank copy, too, is made for somebody
            keys: Mapping[str, None] = dict.fromkeys(one.sender for one in returns if one.sender)
            yield from (found.by_key[key] for key in keys if key in found.by_key)


def _differ(one: Person, other: Person) -> bool:
    """Whether two that are known by an address or a name are surely not one: a name alone may be of either."""
    if one.email and other.email:
        return fold(one.email) != fold(other.email)
    names = [{fold(name) for name in each.names} for each in (one, other)]
    return all(names) and not names[0] & names[1]

"""One record and its store in; the people whom it is about out, with all returns and copies that tell of them.

What a record is to what is owed hangs on other records: those of the same person, those of the pairs that this person
is in, and so on from pair to pair. That circle is looked for in the texts of the store, so that of a large one only
a few records are made.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, Text, cast, select

from schemebook.records.people.issued import addresses, copies_of
from schemebook.records.people.people import People, known_people
from schemebook.records.people.returns import Return, fold, moved_addresses
from schemebook.records.record import Record
from schemebook.records.store.kept import records_of_ids
from schemebook.records.store.store import Store
from schemebook.records.store.tables import changes, records
from schemebook.scheme.model import Scheme
from schemebook.scheme.project import Project

MOST_ROUNDS = 6
"""So many times the store is gone through for people whom the last round added. Whoever knows more is most of it."""


def people_around(
    project: Project, scheme: Scheme, store: Store, record: Record, as_of: datetime.date
) -> People | None:
    """Everybody whom a record is about, everybody paired with them, and so on, and what `known_people` says of them.

    What is owed by these people hangs on nothing else: drawn up from this it is what it is in the whole scheme. None
    where the record cannot be told from most of the scheme: then the whole is to be drawn up.
    """
    if _takes_names_from_its_form(project, scheme):
        return None
    copies = _Copies(store, scheme)
    keys: set[str] = set()
    found = {record.id: record}
    for _ in range(MOST_ROUNDS):
        tokens = copies.of(keys) | copies.beside(one.token for one in found.values())
        in_order = sorted(found.values(), key=lambda one: (one.received, one.id))
        people = known_people(project, scheme, in_order, as_of, copies_of(store, sorted(tokens)), copies.moved)
        near = [one for one in people.returns if one.id == record.id or one.names() & keys]
        unfilled = [one for one in people.unfilled if one.id == record.id]
        if unfilled:
            return replace(_only(people, (), ()), unfilled=tuple(unfilled))  # it answers nothing, whoever sent it
        new = {key for one in near for key in one.names()} - keys
        if not new:
            return _only(people, keys, near)
        keys |= new
        found |= {one.id: one for one in _naming(store, scheme.scheme, copies.written(new), copies.of(new), found)}
    return None


def _only(people: People, keys: Collection[str], returns: Iterable[Return]) -> People:
    """Those of some keys. Whoever else some of the records name is not known whole."""
    return replace(
        people,
        people=tuple(person for person in people.people if person.key in keys),
        pairs=tuple(pair for pair in people.pairs if pair.first.key in keys),
        returns=tuple(returns),
        anonymous=(),
        unfilled=(),
        copies={(key, form): made for (key, form), made in people.copies.items() if key in keys},
    )


def _takes_names_from_its_form(project: Project, scheme: Scheme) -> bool:
    """Whether earlier versions are taken to name somebody who does not stand in their answers."""
    forms = project.forms.get(scheme.scheme, {}).values()
    return any(field.identifies and field.id in form.defaults for form in forms for field in form.fields)


class _Copies:
    """The tokens of the copies made for a scheme's people: all of a person's, by any of them or by their key."""

    def __init__(self, store: Store, scheme: Scheme) -> None:
        self.person: dict[str, str] = {}
        self.tokens: dict[str, list[str]] = {}
        latest: dict[str, str] = {}
        rows = list(addresses(store, scheme.scheme))
        self.moved = moved_addresses((person, email) for _, person, email in rows)
        for token, person, email in rows:
            self.person[token] = person
            self.tokens.setdefault(person, []).append(token)
            if email:
                latest[person] = email
        self.known: dict[str, list[str]] = {}
        for person in self.tokens:
            self.known.setdefault(fold(latest.get(person) or person), []).append(person)

    def of(self, keys: Iterable[str]) -> set[str]:
        """Of the copies made for the people of some keys."""
        return {token for key in keys for person in self.known.get(key, ()) for token in self.tokens[person]}

    def written(self, keys: Collection[str]) -> set[str]:
        """Some keys, and the addresses by which the same people were known before."""
        return {*keys, *(before for before, now in self.moved.items() if now in keys)}

    def beside(self, tokens: Iterable[str | None]) -> set[str]:
        """Of the copies made for the same people as some copies."""
        people = {self.person[token] for token in tokens if token in self.person}
        return {token for person in people for token in self.tokens[person]}


def _naming(
    store: Store, scheme: str, keys: Iterable[str], tokens: Collection[str], known: Container[str]
) -> list[Record]:
    """The records, but those known, that may name somebody: of which a text has all the words of a key, or that are
    copies made for them. What a coordinator put there since counts too."""
    wanted = [_words(key) for key in keys]

    def look(connection: Connection) -> list[Record]:
        ids = {id for id, token, text in _texts(connection, scheme) if token in tokens or _has_one(text, wanted)}
        ids |= {id for id, *texts in _later_texts(connection) if any(text and _has_one(text, wanted) for text in texts)}
        new = records_of_ids(connection, records, [id for id in ids if id not in known])
        return [one for one in new if one.scheme == scheme]

    return store.look(look)


def _texts(connection: Connection, scheme: str) -> Iterator[Any]:
    """Id, token and answers of each record of a scheme."""
    columns = (records.c.id, records.c.token, cast(records.c.answers, Text))
    return _few_at_once(connection, select(*columns).where(records.c.scheme == scheme))


def _later_texts(connection: Connection) -> Iterator[Any]:
    """The id of the record, all its answers and the new one, of each decision about a record."""
    return _few_at_once(connection, select(changes.c.record, cast(changes.c.answers, Text), cast(changes.c.new, Text)))


def _few_at_once(connection: Connection, wanted: Select[Any]) -> Iterator[Any]:
    return iter(connection.execute(wanted, execution_options={"yield_per": 2_000}))


_BETWEEN = re.compile(r'[\s"\\\x00-\x1f]+')


def _words(key: str) -> list[str]:
    """The parts of a key that stand unchanged in JSON: a name may be spread over several answers, word by word."""
    return [part for part in _BETWEEN.split(key) if part]


def _has_one(text: str, wanted: Iterable[list[str]]) -> bool:
    """Whether all words of a key stand in a JSON text, written as keys are; or might, in letters that JSON escapes."""
    if text.isascii():
        plain = text.lower()
    else:
        plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return "\\u" in plain or any(all(word in plain for word in words) for words in wanted)

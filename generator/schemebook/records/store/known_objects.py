"""Objects of object storage of which everything is stored in; kept, and known again without being fetched.

A wrong "known" would lose a return. So an object is kept only in the transaction that finds each of its files in the
store, whatever became of them on the way, and it is known only where the listing tells of it in just the same way.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from sqlalchemy import Connection, select

from schemebook.records.record import record_id
from schemebook.records.store.rows import put_rows, those_there
from schemebook.records.store.tables import anonymous_seen, objects_taken, records
from schemebook.returned.arrivals.object_storage import ListedObject, ObjectEnd

_AT_ONCE = 500
_LETTERS = 32
"""Of a keyed hash of 64: 128 bits."""

Keyed = Callable[[str], str]
"""A hash that only this store can make."""


def take_objects(connection: Connection, ends: Sequence[ObjectEnd], keyed: Keyed) -> None:
    """Keep the objects of which every file is recorded, in a transaction that has stored what there was to store."""
    if not ends:
        return
    hashes = list(dict.fromkeys(file for end in ends for file in end.files))
    named, nameless = _recorded(connection, hashes), _nameless(connection, hashes, keyed)
    rows = {
        _key(end.object, keyed): end.files[0] if len(end.files) == 1 and end.files[0] in named else None
        for end in ends
        if all(file in named or file in nameless for file in end.files)
    }
    there = _there(connection, list(rows))
    put_rows(
        connection, objects_taken, [{"hash": key, "sha256": file} for key, file in rows.items() if key not in there]
    )


def known_among(
    connection: Connection, objects: Sequence[ListedObject], keyed: Keyed
) -> Mapping[ListedObject, str | None]:
    """Which of some objects need not be fetched, each with the hash of its one file where that is kept."""
    keys = {one: _key(one, keyed) for one in objects if one.recognisable}
    there = _there(connection, list(keys.values()))
    files = [file for file in there.values() if file]
    recorded = _recorded(connection, files)
    found = {one: there[key] for one, key in keys.items() if key in there}
    return {one: file for one, file in found.items() if file is None or file in recorded}


def _key(one: ListedObject, keyed: Keyed) -> str:
    said = [one.name, one.etag, one.version, one.size, one.changed]
    return keyed(json.dumps(said))[:_LETTERS]


def _there(connection: Connection, keys: Sequence[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for some in _some_at_once(keys):
        wanted = select(objects_taken).where(objects_taken.c.hash.in_(some))
        found |= {row.hash: row.sha256 for row in connection.execute(wanted)}
    return found


def _recorded(connection: Connection, hashes: Sequence[str]) -> set[str]:
    first = {record_id(one, 0): one for one in hashes}
    ids = list(first)
    return {first[id] for some in _some_at_once(ids) for id in those_there(connection, records.c.id, some)}


def _nameless(connection: Connection, hashes: Sequence[str], keyed: Keyed) -> set[str]:
    """Those of which no hash but a keyed one is kept: anonymous forms, and pages that were joined."""
    by_key = {keyed(one): one for one in hashes}
    keys = list(by_key)
    found = (one for some in _some_at_once(keys) for one in those_there(connection, anonymous_seen.c.hash, some))
    return {by_key[key] for key in found}


def _some_at_once(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[first : first + _AT_ONCE] for first in range(0, len(values), _AT_ONCE))

"""Ids, or what a database is asked, in; the records of those rows out, each as it counts now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, Table, bindparam, func, literal, select

from schemebook.errors import UsageError
from schemebook.records.record import ID_LENGTH, Record
from schemebook.records.store.changes import as_it_counts, changes_of, ids_changed
from schemebook.records.store.rows import record_of, record_of_values
from schemebook.records.store.tables import anonymous_records, records
from schemebook.scheme.words import what_and_to_do

KINDS = (records, anonymous_records)
"""The tables in which records lie."""
ROWS_AT_ONCE = 500
_LAST = "\U0010ffff"
"""No text that goes on after some letters comes after the same letters with this one."""


def fetch(connection: Connection, wanted: Select[Any]) -> Iterable[Record]:
    """The records of some rows, as they count now."""
    for rows in connection.execute(wanted, execution_options={"yield_per": ROWS_AT_ONCE}).partitions():
        decided = changes_of(connection, [row.id for row in rows])
        yield from (as_it_counts(record_of(row), decided.get(row.id)) for row in rows)


def record_named(connection: Connection, id: str) -> Record:
    """The record of that id, or of the one id that begins so. Raises UsageError."""
    binary = connection.dialect.name == "sqlite"
    found = [record for table in KINDS for record in fetch(connection, _beginning_with(table, id, binary))]
    if len(found) == 1:
        return found[0]
    key = "records.no-record" if not found else "records.ambiguous-id"
    raise UsageError(*what_and_to_do(key, id=id), kind=key.partition(".")[2])


def _beginning_with(table: Table, id: str, binary: bool) -> Select[Any]:
    """binary: texts are put in the order of their letters' numbers, so that an index finds those between two."""
    if len(id) == ID_LENGTH:
        return select(table).where(table.c.id == literal(id))
    wanted = select(table).where(func.substr(table.c.id, 1, len(id)) == literal(id)).limit(2)
    return wanted.where(table.c.id >= literal(id), table.c.id < literal(f"{id}{_LAST}")) if binary else wanted


def records_of_ids(connection: Connection, table: Table, ids: Iterable[str]) -> Iterator[Record]:
    """The records of some ids, in the order of the ids, a few in memory at a time.

    A database that is told to put whole rows in order holds all of them meanwhile: let it put ids in order.
    """
    rest, wanted = iter(ids), _of_ids(connection, table)
    changed, names = ids_changed(connection), table.columns.keys()
    while some := list(islice(rest, ROWS_AT_ONCE)):
        rows = {row.id: row for row in connection.execute(wanted, {"ids": _as_given(connection, some)})}
        decided = changes_of(connection, [id for id in some if id in changed])
        there = ((id, rows[id]) for id in some if id in rows)
        yield from (as_it_counts(record_of_values(names, row), decided.get(id)) for id, row in there)


_IDS: BindParameter[Any] = bindparam("ids")


def _of_ids(connection: Connection, table: Table) -> Select[Any]:
    """The rows of the ids that are given as `ids`. SQLite takes them as one text: a place for each takes longer."""
    if connection.dialect.name == "sqlite":
        given = func.json_each(_IDS).table_valued("value")
        return select(table).where(table.c.id.in_(select(given.c.value)))
    return select(table).where(table.c.id.in_(bindparam("ids", expanding=True)))


def _as_given(connection: Connection, ids: list[str]) -> str | list[str]:
    return json.dumps(ids) if connection.dialect.name == "sqlite" else ids

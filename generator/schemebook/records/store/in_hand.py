"""A form's version in; how many returns and issued copies of it the store knows out: whether people have the form."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from schemebook.records.store.tables import anonymous_records, issued, records


def count_in_hand(connection: Connection, scheme: str, form: str, version: int) -> int:
    """How many returns of a version were taken in, and copies of it issued, taken together."""
    counts = (
        select(func.count()).where(table.c.scheme == scheme, table.c.form == form, table.c.version == version)
        for table in (records, anonymous_records, issued)
    )
    return sum(connection.scalars(count).one() for count in counts)

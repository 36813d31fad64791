"""Records in, rows of the store's tables out, and back; the statements of which a run of the intake makes thousands.

SQLAlchemy looks at each value of each row, which takes longer than the databases' own work. So records go to the
drivers that we know as the tuples that they take, all of a batch at once. To others SQLAlchemy writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, Column, Connection, Row, Table, bindparam, delete, insert, select

from schemebook.records.record import Record
from schemebook.records.store.tables import anonymous_records, dump_json, records
from schemebook.returned.recovery.recovered import Recovered
from schemebook.returned.signatures import SignatureCheck
from schemebook.returned.submission import ReviewReason
from schemebook.scheme.answers import AnswerProblem

_DECIDED = ("changes", "first")
"""What stands in a table of its own."""


def record_of(row: Row[Any]) -> Record:
    """The record of a row, as it was read."""
    return record_of_values(row._fields, row)


def record_of_values(names: Sequence[str], row: Iterable[Any]) -> Record:
    """The record of a row whose columns have these names: to ask each of many rows for them takes longer."""
    found: dict[str, Any] = dict(zip(names, row, strict=True))
    for name, make in _MAKING:
        kept = found.get(name)
        found[name] = tuple(map(make, kept)) if kept else ()
    pages = found.get("pages")
    found["pages"] = {int(page): number for page, number in pages.items()} if pages else {}
    if "month" in found:
        found["received"] = found.pop("month")
    return Record(**found)


_MAKING: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("problems", lambda one: AnswerProblem(**one)),
    ("review", lambda one: ReviewReason(**one)),
    ("signatures", lambda one: SignatureCheck(**one | {"changed": tuple(one["changed"])})),
    ("recovered", Recovered.of_json),
)
"""What is more than a text, a number or the answers, and what makes it of its JSON."""


def _row(record: Record) -> dict[str, Any]:
    row = {name: value for name, value in vars(record).items() if name not in _DECIDED}
    return row | _composite(record)


def _composite(record: Record) -> dict[str, Any]:
    """What is more than a text, a number or the answers, as plain data."""
    return {
        "problems": [vars(problem) for problem in record.problems],
        "review": [vars(reason) for reason in record.review],
        "signatures": [vars(check) for check in record.signatures],
        "recovered": [one.as_json() for one in record.recovered],
        "pages": {str(page): number for page, number in record.pages.items()},
    }


def nameless_row(record: Record) -> dict[str, Any]:
    """The row of an anonymous form's record."""
    kept = _row(record)
    kept["month"] = kept["received"]
    return {column.name: kept[column.name] for column in anonymous_records.columns}


def _marks(mark: str, values: Sequence[str]) -> str:
    return ", ".join([mark] * len(values))


_COMPOSITE = ("problems", "review", "signatures", "recovered", "pages")
_PLAIN = tuple(name for name in records.columns.keys() if name not in ("answers", *_COMPOSITE))  # noqa: SIM118
_plain_values, _composite_values = itemgetter(*_PLAIN), itemgetter(*_COMPOSITE)
_NOTHING_MORE = ("[]", "[]", "[]", "[]", "{}")
"""What these are of most records: no problem, no reason for review, no signature, read from fields, one form a file."""
_NAMES = (*_PLAIN, "answers", *_COMPOSITE)
_MARKS = {"pysqlite": "?", "psycopg": "%s"}
"""Of each driver that is handed tuples, how it marks the place of a value."""
_INTO = {mark: f"INSERT INTO records ({', '.join(_NAMES)}) VALUES ({_marks(mark, _NAMES)})" for mark in _MARKS.values()}


def put_records(connection: Connection, new: Sequence[Record]) -> None:
    """Write records that are not there yet, none of them anonymous."""
    mark = _MARKS.get(connection.dialect.driver)
    if new and mark:
        connection.exec_driver_sql(_INTO[mark], [_values(record) for record in new])
    else:
        put_rows(connection, records, [_row(record) for record in new])


def _values(record: Record) -> tuple[Any, ...]:
    """A record's row as drivers take it, in the order of `_NAMES`."""
    kept = vars(record)
    answers = dump_json(record.answers)
    if not any(_composite_values(kept)):
        return (*_plain_values(kept), answers, *_NOTHING_MORE)
    found = _composite(record)
    return (*_plain_values(kept), answers, *(dump_json(found[name]) for name in _COMPOSITE))


def put_rows(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Write rows that are not there yet."""
    if rows:
        connection.execute(insert(table), rows)


_VALUES: BindParameter[Any] = bindparam("values", expanding=True)


def those_there(connection: Connection, column: Column[str], values: Sequence[str]) -> set[str]:
    """Which of some texts stand in a column."""
    mark = _MARKS.get(connection.dialect.driver)
    if values and mark:
        wanted = f"SELECT {column.name} FROM {_where_among(column, mark, values)}"
        return {row[0] for row in connection.exec_driver_sql(wanted, tuple(values))}
    if values:
        return set(connection.scalars(select(column).where(column.in_(_VALUES)), {"values": list(values)}))
    return set()


def remove_those(connection: Connection, column: Column[str], values: Sequence[str]) -> None:
    """Remove the rows that have one of some texts in a column."""
    mark = _MARKS.get(connection.dialect.driver)
    if values and mark:
        connection.exec_driver_sql(f"DELETE FROM {_where_among(column, mark, values)}", tuple(values))
    elif values:
        connection.execute(delete(column.table).where(column.in_(_VALUES)), {"values": list(values)})


def _where_among(column: Column[str], mark: str, values: Sequence[str]) -> str:
    return f"{column.table.name} WHERE {column.name} IN ({_marks(mark, values)})"

"""A record stored, durably, in batches as the intake stores them: microseconds each.

Beside it what the disk and SQLite itself take: a bare program that writes the same rows, their JSON made before, with
the same flushes, once with the key by which a file that comes again is known, and once without.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from measured import ROOT, keep
from sqlalchemy import insert
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.schema import CreateTable

from schemebook.records.record import Record, record_id
from schemebook.records.store.store import NewReturn, open_store
from schemebook.records.store.tables import dump_json, records

sys.path.insert(0, str(ROOT))
from tests.servers import postgresql

COUNT, BATCH, ROUNDS = 20_000, 200, 3
Rival = Callable[[int], None]
"""Stores the batch that begins at a number."""
Row = tuple[str | int | None, ...]


class Took(NamedTuple):
    """Seconds by the clock, and seconds of this process's work: the rest is waited for, the disk or the server."""

    clock: float
    worked: float


def returns() -> list[NewReturn]:
    """Made-up returns with the answers of a real form."""
    answers = json.loads(sorted((ROOT / "tests/demo").glob("*/application-*.json"))[0].read_text("utf-8"))
    made = []
    for number in range(COUNT):
        sha256 = hashlib.sha256(str(number).encode()).hexdigest()
        record = Record(
            id=record_id(sha256, 0),
            scheme="club",
            form="application",
            version=1,
            edition="00000000",
            sha256=sha256,
            part=0,
            received="2026-11-24T00:00:00Z",
            source=f"{number}.pdf",
            answers=answers,
        )
        made.append(NewReturn(sha256, (record,)))
    return made


def row(record: Record) -> Row:
    """What the columns of the table hold of such a record, made by nothing of the store's own but its JSON."""
    nothing = dict.fromkeys(("problems", "review", "signatures", "recovered"), "[]") | {"pages": "{}"}
    made = vars(record) | nothing | {"answers": dump_json(record.answers)}
    return tuple(made[name] for name in records.c.keys())  # noqa: SIM118


@contextmanager
def ours(new: Sequence[NewReturn], database: str | None) -> Iterator[Rival]:
    """The store."""
    with tempfile.TemporaryDirectory() as name, open_store(Path(name), database, create=True) as store:

        def put(at: int) -> None:
            assert len(store.put(new[at : at + BATCH])) == BATCH

        yield put


@contextmanager
def bare(rows: Sequence[Row], *, key: bool) -> Iterator[Rival]:
    """A program that writes the rows and does nothing else."""
    table = str(CreateTable(records).compile(dialect=dialect()))
    text = str(insert(records).compile(dialect=dialect()))
    with tempfile.TemporaryDirectory() as name, closing(sqlite3.connect(Path(name, "bare.db"))) as database:
        for pragma in ("page_size = 8192", "journal_mode = TRUNCATE", "synchronous = EXTRA", "secure_delete = ON"):
            database.execute(f"PRAGMA {pragma}")
        database.execute(table if key else table.replace("PRIMARY KEY (id)", "CHECK (part >= 0)"))

        def put(at: int) -> None:
            with database:
                database.executemany(text, rows[at : at + BATCH])

        yield put


def each(rivals: Mapping[str, Rival]) -> dict[str, Took]:
    """Name -> what a record took: the median batch, so that one wait for somebody else's writing does not count.

    They take turns batch by batch, in any order, so that a machine that slows down slows all of them.
    """
    batches: dict[str, list[Took]] = {name: [] for name in rivals}
    order, chance = list(rivals), random.Random(0)
    for at in range(0, COUNT, BATCH):
        chance.shuffle(order)
        for name in order:
            start, worked = time.perf_counter(), time.process_time()
            rivals[name](at)
            batches[name].append(Took(time.perf_counter() - start, time.process_time() - worked))
    return {name: median(times, BATCH) for name, times in batches.items()}


def median(found: Sequence[Took], records: int = 1) -> Took:
    """The median of either time, for so many records each."""
    return Took(*(statistics.median(times) / records for times in zip(*found, strict=True)))


def one_round(new: Sequence[NewReturn], rows: Sequence[Row]) -> dict[str, Took]:
    """Name -> what a record took, of each way to store them."""
    with ExitStack() as open_:
        rivals = {"sqlite": open_.enter_context(ours(new, None))}
        rivals |= {name: open_.enter_context(bare(rows, key=name == "bare")) for name in ("bare", "keyless")}
        if shutil.which("pg_ctlcluster"):
            server = open_.enter_context(postgresql(durable=True))
            rivals["postgresql"] = open_.enter_context(ours(new, server))
        return each(rivals)


def main() -> None:
    """Measure and print."""
    new = returns()
    rows = [row(one.records[0]) for one in new]
    rounds = [one_round(new, rows) for _ in range(ROUNDS)]
    took = {name: median([one[name] for one in rounds]) for name in rounds[0]}

    def told(name: str) -> str:
        return f"{took[name].clock * 1e6:.0f} us, {took[name].worked * 1e6:.0f} of them work"

    size = f"{COUNT} in batches of {BATCH}, median batch"
    found: list[tuple[str, str, str]] = [
        (f"a record stored, full sync, SQLite, {size}", "<= 20 us", told("sqlite")),
        ("the same row by a bare program: its JSON made before, nothing looked up", "-", told("bare")),
        ("the same without the key by which a file is known again", "-", told("keyless")),
    ]
    if "postgresql" in took:
        times = took["postgresql"].clock / took["sqlite"].clock
        found.append(("the record in PostgreSQL, against SQLite", "<= 5x", f"{times:.1f}x ({told('postgresql')})"))
    table: list[dict[str, Any]] = [dict(zip(("what", "goal", "measured"), one, strict=True)) for one in found]
    keep("The store", table, ("SQLAlchemy", "psycopg"))


if __name__ == "__main__":
    main()

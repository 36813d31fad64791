"""A record stored, durably, in batches as the intake stores them: microseconds each."""

from __future__ import annotations

import hashlib
import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from measured import ROOT, keep

from schemebook.records.record import Record, record_id
from schemebook.records.store import NewReturn, open_store

sys.path.insert(0, str(ROOT))
from tests.servers import postgresql

COUNT, BATCH, ROUNDS = 20_000, 200, 3


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


def each(new: list[NewReturn], database: str | None) -> float:
    """Seconds a record: the median batch, so that one wait for somebody else's writing does not count."""
    batches = []
    with tempfile.TemporaryDirectory() as name, open_store(Path(name), database, create=True) as store:
        for at in range(0, COUNT, BATCH):
            start = time.perf_counter()
            assert len(store.put(new[at : at + BATCH])) == BATCH
            batches.append(time.perf_counter() - start)
    return statistics.median(batches) / BATCH


def main() -> None:
    """Measure and print."""
    new = returns()
    sqlite = statistics.median(each(new, None) for _ in range(ROUNDS))
    rows = [
        {
            "what": f"a record stored, full sync, SQLite, {COUNT} in batches of {BATCH}, median batch",
            "goal": "<= 20 us",
            "measured": f"{sqlite * 1e6:.0f} us",
        }
    ]
    if shutil.which("pg_ctlcluster"):
        times = []
        for _ in range(ROUNDS):
            with postgresql(durable=True) as database:
                times.append(each(new, database))
        post = statistics.median(times)
        rows.append(
            {
                "what": "the same in PostgreSQL, against SQLite",
                "goal": "<= 5x",
                "measured": f"{post / sqlite:.1f}x ({post * 1e6:.0f} us)",
            }
        )
    keep("The store", rows, ("SQLAlchemy", "psycopg"))


if __name__ == "__main__":
    main()

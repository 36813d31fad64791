"""A record stored, durably, in batches as the intake stores them: microseconds each."""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from pathlib import Path

from measured import ROOT, keep

from schemebook.records.record import Record, record_id
from schemebook.records.store import NewReturn, open_store

COUNT, BATCH = 20_000, 200


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


def main() -> None:
    """Measure and print."""
    new = returns()
    with tempfile.TemporaryDirectory() as name, open_store(Path(name), create=True) as store:
        start = time.perf_counter()
        for at in range(0, COUNT, BATCH):
            store.put(new[at : at + BATCH])
        each = (time.perf_counter() - start) / COUNT
    row = {
        "what": f"a record stored, full sync, SQLite, {COUNT} in batches of {BATCH}",
        "goal": "<= 20 us",
        "measured": f"{each * 1e6:.0f} us",
    }
    keep("The store", [row], ("SQLAlchemy",))


if __name__ == "__main__":
    main()

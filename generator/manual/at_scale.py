"""The manual's page on planning: benchmarks/figures.json and at-scale.md beside this in, the page of that name out."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from made_page import write_or_check

from schemebook.records.intake.ingest import FILES_A_COMMIT

FIGURES = Path("benchmarks", "figures.json")
TEXT = Path(__file__).with_name("at-scale.md")
PAGE = Path("docs", "using-schemebook", "at-scale.md")

RETURNS = 10_000_000
CORES = (2, 8, 16, 32, 64)
FLUSH_US = 1_000
"""What the page takes for one flush of a good disk."""
CLUSTER, STORE = "A cluster", "A large store"


def measured(kept: dict[str, Any], question: str, says: str) -> str:
    """What was measured in the one row of a question whose words hold these."""
    (found,) = [row["measured"] for row in kept[question]["rows"] if says in row["what"]]
    return str(found)


def number(text: str) -> float:
    """The first number of a text."""
    found = re.search(r"\d+(\.\d+)?", text)
    assert found is not None, text
    return float(found[0])


def planned(kept: dict[str, Any]) -> dict[str, str]:
    """Everything that the page has in braces."""

    def of(says: str, question: str = CLUSTER) -> float:
        return number(measured(kept, question, says))

    each_ms, again_ms = of("processor time of scheduler"), of("there already")
    object_kb, record_kb = of("return's object"), of("a record in PostgreSQL")
    one, four = of("stored a second in PostgreSQL, 1 at once"), of("stored a second in PostgreSQL, 4 at once")
    record_us = of("processor time of a record stored")
    most = 1e6 / (record_us + FLUSH_US / FILES_A_COMMIT)
    hours, gigabytes = RETURNS * each_ms / 3.6e6, RETURNS * object_kb / 1e6
    database = RETURNS * record_kb / 1e6
    rows = [row for row in kept[STORE]["rows"] if "records in SQLite" in row["what"]]
    return {
        "each_ms": f"{each_ms:g}",
        "again_ms": f"{again_ms:g}",
        "object_kb": f"{object_kb:g}",
        "postgresql_kb": f"{record_kb:g}",
        "sqlite_kb": f"{of('a record in SQLite', STORE):g}",
        "one_writer": f"{one:,.0f}",
        "four_writers": f"{four:,.0f}",
        "worker_mb": f"{of('memory of a worker'):.0f}",
        "ten_million_hours": f"{hours:.0f}",
        "ten_million_again": f"{RETURNS * again_ms / 3.6e6:.1f}",
        "ten_million_objects": f"{gigabytes:,.0f}",
        "ten_million_postgresql": f"{database:.0f}",
        "cores_table": "\n".join(_of_cores(cores, each_ms, object_kb) for cores in CORES),
        "record_us": f"{record_us:.0f}",
        "most_records": f"{most:,.0f}",
        "busy_cores": f"{most * each_ms / 1000:.0f}",
        "example_machines": f"{hours * 0.05:.2f}",
        "example_requests": f"{RETURNS / 1000 * 0.0004 + RETURNS / 1e6 * 0.005:.2f}",
        "example_originals": f"{gigabytes * 0.10:.2f}",
        "example_database": f"{database * 2 * 0.10:.2f}",
        "rehearsed": f"{of('from an S3 server'):,.0f}",
        "rehearsal_seconds": measured(kept, CLUSTER, "the same, beside other work"),
        "rehearsal_recorded": measured(kept, CLUSTER, "recorded, each once"),
        "rehearsal_twice": measured(kept, CLUSTER, "told as duplicates"),
        "ratio_processor": measured(kept, CLUSTER, "against two of the pool"),
        "ratio_clock": measured(kept, CLUSTER, "the same by the clock"),
        "large": f"{number(rows[0]['what'].rpartition(': ')[2]):,.0f}",
        "commands_table": "\n".join(f"| {row['what'].rpartition(':')[0]} | {row['measured']} |" for row in rows),
    }


def _of_cores(cores: int, each_ms: float, object_kb: float) -> str:
    """The row of so many cores."""
    a_second = cores * 1000 / each_ms
    hours = RETURNS / a_second / 3600
    return f"| {cores} | {hours:.1f} | {a_second * object_kb / 1000:.0f} | {a_second:,.0f} |"


def main() -> int:
    """Write the page, or with --check tell whether it is current."""
    kept = json.loads(FIGURES.read_text("utf-8"))
    return write_or_check(PAGE, TEXT.read_text("utf-8").format(**planned(kept)))


if __name__ == "__main__":
    sys.exit(main())

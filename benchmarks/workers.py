"""Two workers on two cores against one on one, and the memory of a worker while many files go through it.

Usage: python benchmarks/workers.py [number of files, 10000 unless told]
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from ingest import copies
from measured import ROOT, cores, keep

from schemebook.records.ingest import ingest_paths
from schemebook.scheme.project import load_project

FILES, ROUNDS = 1_500, 5


def project_in(folder: Path) -> Path:
    """A new project folder with what is published."""
    for part in ("forms", "scheme-configs"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    return folder


def workers_kb() -> int:
    """Resident memory of the workers, in kB (Linux): the server of forks is their parent, and this process its."""
    parents, memory = {}, {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        pid = int(status.parent.name)
        parents[pid], memory[pid] = int(lines["PPid"]), int(lines.get("VmRSS", "0").split()[0])
    servers = {pid for pid, parent in parents.items() if parent == os.getpid()}
    return sum(memory[pid] for pid, parent in parents.items() if parent in servers)


def timed(
    inbox: Path, root: Path, workers: int, at: tuple[int, ...] = (), most: int | None = None
) -> tuple[float, dict[int, int]]:
    """Seconds of one intake of at most so many files, and the workers' memory after each number of files in `at`."""
    start, memory = time.perf_counter(), {}
    for number, outcome in enumerate(islice(ingest_paths([inbox], root=root, workers=workers), most), 1):
        assert outcome.outcome == "recorded", outcome.as_json()
        if number in at:
            memory[number] = workers_kb()
    return time.perf_counter() - start, memory


def gain_of_two(folder: Path, number: int) -> float:
    """How many times faster two workers on two cores are than one on one, in one round.

    Each round begins the other way about: what else the machine does falls on both.
    """
    seconds = {}
    for workers in ((1, 2), (2, 1))[number % 2]:
        root = project_in(folder / f"{workers}-{number}")
        with cores(workers):
            seconds[workers], _ = timed(folder / "inbox", root, workers, most=FILES)
        shutil.rmtree(root)
    return seconds[1] / seconds[2]


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "inbox").mkdir()
        copies(load_project(ROOT), folder / "inbox", count)
        first, last = count // 10, count - count % 100 - 1_000
        _, memory = timed(folder / "inbox", project_in(folder / "memory"), 1, at=(first, last))
        gain = statistics.median(gain_of_two(folder, number) for number in range(ROUNDS))
    assert memory[first], "no worker was found"
    grown = (memory[last] - memory[first]) / 1000
    rows = [
        {
            "what": f"two workers on two cores against one on one, {FILES} files, median of {ROUNDS} rounds",
            "goal": ">= 1.85x",
            "measured": f"{gain:.2f}x",
        },
        {
            "what": f"memory of the worker, from file {first} to file {last}",
            "goal": "<= 5 MB more (to 50,000)",
            "measured": f"{grown:+.1f} MB",
        },
    ]
    keep("Workers", rows, ("pikepdf", "SQLAlchemy"))


if __name__ == "__main__":
    main()

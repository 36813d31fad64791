"""Two workers against one, and the memory of the intake while many files go through it.

Usage: python benchmarks/workers.py [number of files, 3000 unless told]
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from ingest import copies
from measured import ROOT, keep

from schemebook.records.ingest import ingest_paths
from schemebook.scheme.project import load_project


def project_in(folder: Path) -> Path:
    """A new project folder with what is published."""
    for part in ("forms", "scheme-configs"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    return folder


def children_kb() -> int:
    """Resident memory of this process's children, in kB (Linux)."""
    found = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if lines.get("PPid", "").strip() == str(os.getpid()) and "VmRSS" in lines:
            found += int(lines["VmRSS"].split()[0])
    return found


def timed(inbox: Path, root: Path, workers: int, at: tuple[int, ...] = ()) -> tuple[float, dict[int, int]]:
    """Seconds of one intake, and the workers' memory after each of the numbers of files in `at`."""
    start, memory = time.perf_counter(), {}
    for number, outcome in enumerate(ingest_paths([inbox], root=root, workers=workers), 1):
        assert outcome.outcome == "recorded", outcome.as_json()
        if number in at:
            memory[number] = children_kb()
    return time.perf_counter() - start, memory


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "inbox").mkdir()
        copies(load_project(ROOT), folder / "inbox", count)
        last = count - count % 100 - 100
        one, memory = timed(folder / "inbox", project_in(folder / "one"), 1, at=(count // 3, last))
        two, _ = timed(folder / "inbox", project_in(folder / "two"), 2)
    grown = (memory[last] - memory[count // 3]) / 1000
    rows = [
        {"what": f"two workers against one, {count} files", "goal": ">= 1.85x", "measured": f"{one / two:.2f}x"},
        {
            "what": f"memory of the worker, from file {count // 3} to file {last}",
            "goal": "<= 5 MB more (to 50,000)",
            "measured": f"{grown:+.1f} MB",
        },
    ]
    keep("Workers", rows, ("pikepdf", "SQLAlchemy"))


if __name__ == "__main__":
    main()

"""Two workers on two cores against one on one.

Each intake has a process of its own: the server that workers are forked from lives as long as the process that started
it, and stays on the cores that it began with.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from ingest import copies
from measured import ROOT, cores, keep

from schemebook.records.intake.ingest import ingest_paths
from schemebook.scheme.project import load_project

FILES, ROUNDS = 3_000, 5


def project_in(folder: Path) -> Path:
    """A new project folder with what is published."""
    for part in ("forms", "scheme-configs"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    return folder


def timed(inbox: Path, root: Path, workers: int) -> float:
    """Seconds of one intake on as many cores."""
    with cores(workers):
        start = time.perf_counter()
        for outcome in ingest_paths([inbox], root=root, workers=workers):
            assert outcome.outcome == "recorded", outcome.as_json()
        return time.perf_counter() - start


def gain_of_two(folder: Path, number: int) -> float:
    """How many times faster two workers on two cores are than one on one, in one round.

    Each round begins the other way about: what else the machine does falls on both.
    """
    seconds = {}
    for workers in ((1, 2), (2, 1))[number % 2]:
        root = project_in(folder / f"{workers}-{number}")
        with ProcessPoolExecutor(1, get_context("spawn")) as apart:
            seconds[workers] = apart.submit(timed, folder / "inbox", root, workers).result()
        shutil.rmtree(root)
    return seconds[1] / seconds[2]


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "inbox").mkdir()
        copies(load_project(ROOT), folder / "inbox", FILES)
        gain = statistics.median(gain_of_two(folder, number) for number in range(ROUNDS))
    rows = [
        {
            "what": f"two workers on two cores against one on one, {FILES} files, median of {ROUNDS} rounds",
            "goal": ">= 1.85x",
            "measured": f"{gain:.2f}x",
        }
    ]
    keep("Workers", rows, ("pikepdf", "SQLAlchemy"))


if __name__ == "__main__":
    main()

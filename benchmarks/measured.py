"""What all benchmarks share: timing in turns, and figures.json with versions, date and command."""

from __future__ import annotations

import datetime
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FIGURES = Path(__file__).with_name("figures.json")


def in_turns(rivals: Mapping[str, Callable[[], Any]], rounds: int = 5) -> dict[str, float]:
    """Name -> median seconds; the rivals take turns, so that a machine that slows down slows all of them."""
    times: dict[str, list[float]] = {name: [] for name in rivals}
    for number in range(rounds + 1):
        for name, rival in rivals.items():
            start = time.perf_counter()
            rival()
            if number:  # the first round warms up
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(seconds) for name, seconds in times.items()}


@contextmanager
def cores(count: int) -> Iterator[None]:
    """Hold this process, and all that it starts, to so many cores (Linux; elsewhere it has what it has)."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    all_ = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(all_)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_)


def keep(question: str, rows: list[dict[str, str]], packages: tuple[str, ...]) -> None:
    """Print the rows (what, goal, measured) and keep them under the question."""
    for row in rows:
        print(f"{row['what']:<78} {row['measured']:>16}   goal {row['goal']}")
    kept = json.loads(FIGURES.read_text("utf-8")) if FIGURES.is_file() else {}
    kept[question] = {
        "command": " ".join(["python", f"benchmarks/{Path(sys.argv[0]).name}", *sys.argv[1:]]),
        "date": datetime.date.today().isoformat(),
        "machine": f"Python {platform.python_version()}, {platform.system()} {platform.machine()}",
        "versions": {name: version(name) for name in packages},
        "rows": rows,
    }
    FIGURES.write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")

"""What all benchmarks share: timing in turns, and figures.json with versions, date and command."""

from __future__ import annotations

import datetime
import json
import os
import platform
import resource
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


def processor_seconds(run: Callable[[], Any]) -> float:
    """What the processor works for it, here, in threads and in programs that it starts and waits for."""
    before = _worked()
    run()
    return _worked() - before


def _worked() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def in_turns_of_the_processor(
    rivals: Mapping[str, Callable[[], float]], rounds: int = 5, copies: int = 1
) -> dict[str, float]:
    """Name -> median of the processor's seconds, each of which a rival tells itself. They take turns, `copies` each."""
    times: dict[str, list[float]] = {name: [] for name in rivals}
    for number in range(rounds + 1):
        for name, rival in rivals.items():
            seconds = sum(rival() for _ in range(copies)) / copies
            if number:  # the first round warms up
                times[name].append(seconds)
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


def origin(packages: tuple[str, ...]) -> dict[str, Any]:
    """How something came to be measured: command, date, machine, versions."""
    return {
        "command": " ".join(["python", f"benchmarks/{Path(sys.argv[0]).name}", *sys.argv[1:]]),
        "date": datetime.date.today().isoformat(),
        "machine": f"Python {platform.python_version()}, {platform.system()} {platform.machine()}",
        "versions": {name: version(name) for name in packages},
    }


def keep(question: str, rows: list[dict[str, str]], packages: tuple[str, ...], picture: str = "") -> None:
    """Print the rows (what, goal, measured) and keep them under the question. picture: one of the manual's pictures."""
    for row in rows:
        print(f"{row['what']:<78} {row['measured']:>16}   goal {row['goal']}")
    kept = json.loads(FIGURES.read_text("utf-8")) if FIGURES.is_file() else {}
    kept[question] = {**origin(packages), "rows": rows} | ({"picture": picture} if picture else {})
    FIGURES.write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")


def keep_table(question: str, head: list[str], table: list[list[str]], packages: tuple[str, ...], note: str) -> None:
    """Print a table of its own columns, and keep it under the question. note: what the manual says before it."""
    for row in (head, *table):
        print(" | ".join(row))
    kept = json.loads(FIGURES.read_text("utf-8")) if FIGURES.is_file() else {}
    kept[question] = {**origin(packages), "head": head, "table": table, "note": " ".join(note.split())}
    FIGURES.write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")

"""One hostile file read in a process of its own, held as a worker is: what came of it, in what time and memory.

`python -m tests.failures.measured FILE` prints one line of JSON.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from time import process_time
from typing import Any

from tests.returned.made_pdf import KNOWN

from schemebook.returned.arrivals.sources import find_returned
from schemebook.returned.crew import looking
from schemebook.returned.limits import Limits
from schemebook.returned.returned_pdf import ReturnedPdf, SetAside, hashed
from schemebook.returned.worker import hold_to, look_at_pictures, read_one

CONTAINERS, PHOTOGRAPHS = (".zip", ".eml", ".mbox"), (".png", ".jpg")


def measured(path: Path) -> dict[str, Any]:
    """The outcome of one file, and seconds and megabytes beyond those of the reader itself."""
    done = subprocess.run([sys.executable, "-m", __name__, path], capture_output=True, text=True)
    if done.returncode:
        return {"outcome": "reader-died", "review": [], "seconds": None, "megabytes": None}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _of_file(path: Path, limits: Limits) -> tuple[str, list[str]]:
    look = look_at_pictures if path.suffix in PHOTOGRAPHS else None
    told = read_one(hashed(path, path.name, limits), KNOWN, limits, look)
    if isinstance(told, SetAside):
        return told.reason, []
    return "read", [reason.kind for reason in told.review]


def _of_container(path: Path, limits: Limits) -> tuple[str, list[str]]:
    told = ["read" if isinstance(one, ReturnedPdf) else one.reason for one in find_returned([path], limits)]
    return ", ".join(dict.fromkeys(told)), []


def _peak() -> int:
    """The most memory of this process so far, in kilobytes; getrusage counts what its parent had (Linux)."""
    status = Path("/proc/self/status")
    said = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.is_file() else None
    return int(said[1]) if said else 0


def main() -> None:
    path, limits = Path(sys.argv[1]), Limits()
    if path.suffix in PHOTOGRAPHS:
        import schemebook.returned.recovery.image_door  # noqa: F401  # a worker has it before its first file

        limits = looking(limits)
    hold_to(limits)
    before, started = _peak(), process_time()
    outcome, review = (_of_container if path.suffix in CONTAINERS else _of_file)(path, limits)
    seconds = round(process_time() - started, 1)
    more = _peak() - before
    print(json.dumps({"outcome": outcome, "review": review, "seconds": seconds, "megabytes": round(more / 1_000)}))


if __name__ == "__main__":
    main()

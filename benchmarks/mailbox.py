"""A mailbox (mbox) of 1 GB, a return in each message, taken in whole: time and memory, beside one of 10 MB.

`python benchmarks/mailbox.py` writes 1 GB into the folder for temporary files, and its originals.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from measured import ROOT, keep

sys.path.insert(0, str(ROOT))
from tests.records.club import make_club
from tests.records.large_mailbox import Taken, make_mailbox, take_in

SMALL, LARGE = 10, 1_000
RETURNS = 1_000
"""So many different ones; each comes again and again, as people send a form twice."""


def of(megabytes: int) -> tuple[int, Taken]:
    """How many messages a mailbox of that size has, and what it took."""
    with tempfile.TemporaryDirectory() as name:
        club = make_club(Path(name) / "club")
        count = make_mailbox(club, Path(name) / "a.mbox", megabytes, RETURNS)
        return count, take_in(club, Path(name) / "a.mbox")


def main() -> None:
    """Measure and print."""
    _, small = of(SMALL)
    count, large = of(LARGE)
    more = large.megabytes - small.megabytes
    rows = [
        {
            "what": f"returns recorded, of {RETURNS:,} in {count:,} messages",
            "goal": "all",
            "measured": f"{large.recorded:,}",
        },
        {
            "what": "each message: found, unpacked, read, stored (processor)",
            "goal": "",
            "measured": f"{large.seconds / count * 1_000:.1f} ms",
        },
        {
            "what": f"most memory of the intake, {LARGE} MB against {SMALL} MB",
            "goal": "<= 15 MB more",
            "measured": f"{large.megabytes:.0f} MB, {more:+.0f} MB",
        },
        {
            "what": "the same of a worker",
            "goal": "<= 15 MB more",
            "measured": f"{large.worker_megabytes:.0f} MB, {large.worker_megabytes - small.worker_megabytes:+.0f} MB",
        },
        {"what": "most files unpacked at once", "goal": "<= 400", "measured": f"{large.most_unpacked}"},
    ]
    keep("A mailbox of 1 GB", rows, ("pikepdf", "sqlalchemy"))


if __name__ == "__main__":
    main()

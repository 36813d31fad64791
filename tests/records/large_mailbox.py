"""An mbox as large as one likes, each message with a return of its own, and what an intake of it takes."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.records.runs import returned

from schemebook.scheme.project import Project

MEGABYTE = 1_000_000
_RUN = """
import json, os, re, sys
from pathlib import Path
from schemebook.records.intake.ingest import ingest_paths

def looked_at():
    # Memory and time of all processes of this run: the workers are children of a server, and are nobody's to wait for.
    for one in Path("/proc").glob("[0-9]*"):
        try:
            numbers = (one / "stat").read_text().rpartition(")")[2].split()
            peak = re.search("VmHWM: *([0-9]+)", (one / "status").read_text().replace(chr(9), " "))
        except OSError:
            continue
        if int(numbers[3]) == os.getsid(0) and peak:
            used[one.name] = int(peak[1]) / 1000, (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")

recorded = most_unpacked = 0
used = {}
root = Path(sys.argv[1])
for number, one in enumerate(ingest_paths([Path(sys.argv[2])], root=root)):
    recorded += one.outcome == "recorded"
    if number % 50 == 0:
        most_unpacked = max(most_unpacked, sum(1 for _ in (root / "records" / "unpacked").rglob("*")))
        looked_at()
mine, seconds = used[str(os.getpid())][0], sum(one[1] for one in used.values())
workers = max(one[0] for name, one in used.items() if name != str(os.getpid()))
print(json.dumps([recorded, most_unpacked, mine, workers, seconds]))
"""


@dataclass(frozen=True)
class Taken:
    """What an intake took: returns recorded, files unpacked at once, the most memory in MB, the processor's seconds."""

    recorded: int
    most_unpacked: int
    megabytes: float
    worker_megabytes: float
    seconds: float


def make_mailbox(club: Project, path: Path, megabytes: int, returns: int = 1_000_000) -> int:
    """Write an mbox of at least that size, and give how many messages it has.

    returns: how many different ones, which then come again and again. They differ in their last line.
    """
    form = returned(club)
    written = number = 0
    with path.open("wb") as out:
        while written < megabytes * MEGABYTE:
            number += 1
            written += out.write(_message(number, form + b"%% %d\n" % (number % returns)))
    return number


def _message(number: int, pdf: bytes) -> bytes:
    head = (
        f"From rose@example.org Tue Nov  3 09:30:02 2026\nFrom: Rose {number} <rose{number}@example.org>\n"
        f"Date: Tue, 03 Nov 2026 09:30:02 +0100\nMessage-ID: <{number}@example.org>\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nHere it is.\n--x\n"
        "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
    )
    return head.encode() + base64.encodebytes(pdf) + b"--x--\n\n"


def take_in(club: Project, mailbox: Path) -> Taken:
    """One intake in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN, club.root, mailbox], capture_output=True, text=True, start_new_session=True
    )
    assert done.returncode == 0, done.stderr
    return Taken(*json.loads(done.stdout.splitlines()[-1]))

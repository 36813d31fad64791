"""The memory of each worker and of the program itself while very many files go through: benchmarks/memory.json.

Usage: python benchmarks/memory.py [number of files, 50000 unless told]

The files are filled forms whose bytes differ in one answer. `generator/manual/memory_picture.py` draws what is kept.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from ingest import filled_forms
from measured import ROOT, keep, origin
from workers import project_in

from schemebook.records.intake.ingest import ingest_paths
from schemebook.scheme.project import load_project

KEPT = Path(__file__).with_name("memory.json")
WORKERS, EVERY, FIRST = 2, 250, 1_000
ANSWER = "Answer {:07}"
AT = (1_000, 10_000, 50_000)


def make_copies(folder: Path, count: int) -> None:
    """So many forms, each with an answer of its own. Written with plain objects, so that it can be changed in place."""
    templates = [one for one in map(_with_answer, filled_forms(load_project(ROOT))) if one]
    assert templates, "no form has a short text"
    standing = ANSWER.format(0).encode()
    for number in range(count):
        made = templates[number % len(templates)].replace(standing, ANSWER.format(number + 1).encode())
        (folder / f"{number:06}.pdf").write_bytes(made)


def _with_answer(form: bytes) -> bytes | None:
    """A form whose first short text is an answer that is easily found again; None where it has none."""
    with tempfile.TemporaryDirectory() as name:
        path, made = Path(name, "form.pdf"), Path(name, "made.pdf")
        path.write_bytes(form)
        with pikepdf.open(path) as pdf:
            texts = [one for one in pdf.Root.AcroForm.Fields if one.get("/FT") == "/Tx" and str(one.get("/V", ""))]
            if not texts:
                return None
            texts[0].V = pikepdf.String(ANSWER.format(0))
            pdf.save(made, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return made.read_bytes()


def resident_kb(pid: int) -> int:
    """Resident memory of a process, in kB (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(one) for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()]


def workers() -> list[int]:
    """The process ids of the workers: the server of forks is their parent, and this process its."""
    return sorted(worker for server in children(os.getpid()) for worker in children(server))


def samples(inbox: Path, root: Path) -> Iterator[dict[str, object]]:
    """Memory in kB after every so many files."""
    for number, outcome in enumerate(ingest_paths([inbox], root=root, workers=WORKERS), 1):
        assert outcome.outcome == "recorded", outcome.as_json()
        if number % EVERY == 0 and (mine := workers()):
            yield {
                "files": number,
                "parent": resident_kb(os.getpid()),
                "workers": [resident_kb(pid) for pid in mine],
                "pids": mine,
            }


def grown(kept: list[dict[str, object]], at: int) -> tuple[float, float]:
    """MB more, at most, than after the first 1,000 files: of any worker, and of the program itself.

    A worker gives place to a new process after some thousand files: the most that one takes in between counts.
    """
    first = next(one for one in kept if one["files"] == FIRST)
    since = [one for one in kept if FIRST <= one["files"] <= at]
    worker = max(max(one["workers"]) for one in since) - max(first["workers"])
    return worker / 1_000, (max(one["parent"] for one in since) - first["parent"]) / 1_000


def main() -> None:
    """Measure, print and keep."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else AT[-1]
    with tempfile.TemporaryDirectory(dir=os.environ.get("SCRATCH")) as name:
        folder = Path(name)
        (folder / "inbox").mkdir()
        command = [sys.executable, __file__, "--make", str(folder / "inbox"), str(count)]
        subprocess.run(command, check=True)  # apart: what it takes is not to be counted here
        kept = list(samples(folder / "inbox", project_in(folder / "project")))
        shutil.rmtree(folder / "inbox")
    KEPT.write_text(json.dumps({**origin(("pikepdf", "SQLAlchemy")), "samples": kept}, indent=None) + "\n", "utf-8")
    rows = []
    for at in [one for one in AT[1:] if one < count] + [kept[-1]["files"]]:
        worker, parent = grown(kept, at)
        rows += [
            {
                "what": f"the most that a worker of {WORKERS} takes, from file {FIRST:,} to file {at:,}",
                "goal": "<= 5 MB more",
                "measured": f"{worker:+.1f} MB",
            },
            {
                "what": f"memory of the program that hands files out, from file {FIRST:,} to file {at:,}",
                "goal": "-",
                "measured": f"{parent:+.1f} MB",
            },
        ]
    keep("Memory", rows, ("pikepdf", "SQLAlchemy"), picture="memory")


if __name__ == "__main__":
    if "--make" in sys.argv:
        make_copies(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()

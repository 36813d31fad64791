"""Commands over a store of very many records: their processor time, and the memory that they need at most.

Usage: python benchmarks/large_store.py [number of records, 100000 unless told]
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from measured import ROOT, keep
from workers import project_in

from schemebook.records.record import Record, record_id
from schemebook.records.store.store import NewReturn, open_store
from schemebook.returned.submission import ReviewReason
from schemebook.scheme.answers import AnswerProblem
from schemebook.scheme.project import Project, load_project

BATCH, FOR_REVIEW = 2_000, 50
"""Records a transaction; one in so many needs review."""


def person(number: int) -> tuple[str, str]:
    """A name and an address that nobody else has, and that look like nobody else's."""
    chance = random.Random(number)
    words = ["".join(chance.choice("bdfgklmnprstvw") + chance.choice("aeiou") for _ in range(4)) for _ in range(2)]
    return " ".join(word.title() for word in words), f"{'.'.join(words)}@example.org"


def examples(project: Project) -> tuple[str, list[tuple[str, int, dict[str, Any]]]]:
    """The scheme with the most example answers, and those: form, its version, answers."""
    found = sorted((ROOT / "tests" / "demo").glob("*/*.json"))
    scheme = Counter(path.parent.name for path in found).most_common(1)[0][0]
    forms = project.forms[scheme]
    mine = [(path.stem.rpartition("-")[0], path) for path in found if path.parent.name == scheme]
    return scheme, [
        (form, forms[form].version, json.loads(path.read_text("utf-8")))
        for form, path in mine
        if form in forms and not forms[form].anonymous
    ]


def said_by(project: Project, scheme: str, form: str, answers: dict[str, Any], group: int) -> dict[str, Any]:
    """The answers as others would give them: whoever is named by them is somebody of another group of people."""
    said, names = dict(answers), {}
    for field in project.forms[scheme][form].fields:
        value = said.get(field.id)
        if field.identifies and isinstance(value, str):
            own = value.split("@")[0].replace(".", " ").split()[0].casefold()
            who = int(hashlib.sha256(f"{group} {own}".encode()).hexdigest()[:12], 16)
            names[field.id] = person(who)[field.type == "email"]  # type: ignore[attr-defined]
    return said | names


def returns(project: Project) -> Iterator[NewReturn]:
    """Returns of one group of people after another, each of whom sent what the examples hold."""
    scheme, found = examples(project)
    for group in count():
        for number, (form, version, answers) in enumerate(found):
            sha256 = hashlib.sha256(f"{group}-{number}".encode()).hexdigest()
            doubtful = int(sha256[:8], 16) % FOR_REVIEW == 0
            wrong = AnswerProblem("name", "disagreement", "Two places differ.", "x")
            reason = ReviewReason("disagreement", "Two places differ.", "name")
            yield NewReturn(
                sha256,
                (
                    Record(
                        id=record_id(sha256, 0),
                        scheme=scheme,
                        form=form,
                        version=version,
                        edition="00000000",
                        sha256=sha256,
                        part=0,
                        received=f"2026-{1 + group % 11:02}-{1 + group % 28:02}T09:12:05Z",
                        source=f"inbox/{group}/{form}.pdf",
                        answers=said_by(project, scheme, form, answers, group),
                        problems=(wrong,) if doubtful else (),
                        review=(reason,) if doubtful else (),
                        needs_review=doubtful,
                    ),
                ),
            )


def fill(root: Path, number: int) -> tuple[str, str]:
    """A store of so many records. Gives the scheme, and the id of one record."""
    project = load_project(root)
    made = returns(project)
    with open_store(root, create=True) as store:
        for at in range(0, number, BATCH):
            new = list(islice(made, min(BATCH, number - at)))
            assert len(store.put(new)) == len(new)
    return new[-1].records[0].scheme, new[-1].records[0].id


def spent(root: Path, *words: str) -> tuple[float, float]:
    """Seconds of the processor, and megabytes at most, of a command."""
    command = [sys.executable, "-m", "schemebook.cli.app", "--project", str(root), *words]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        told = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, told.decode()
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def main() -> None:
    """Measure and print."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rows = []
    with tempfile.TemporaryDirectory() as name:
        root = project_in(Path(name))
        shutil.copytree(ROOT / "docs", root / "docs")
        with ProcessPoolExecutor(1, get_context("spawn")) as apart:  # a command begins with its parent's peak of memory
            scheme, id = apart.submit(fill, root, number).result()
        size = (root / "schemebook.db").stat().st_size
        commands = {
            "records, a line each": ["records"],
            "records as JSON": ["records", "--format", "json"],
            "records as CSV": ["records", "--format", "csv"],
            "one record": ["records", id],
            f"review, {number // FOR_REVIEW} waiting": ["review", "--format", "json"],
            "the scheme's report": ["report", scheme, "--output", f"{name}/report"],
        }
        for what, words in commands.items():
            seconds, megabytes = spent(root, *words)
            print(what, f"{seconds:.1f} s, {megabytes:.0f} MB", flush=True)
            rows.append(
                {
                    "what": f"{what}: {number} records in SQLite",
                    "goal": "-",
                    "measured": f"{seconds:.1f} s of the processor, {megabytes:.0f} MB",
                }
            )
    each = f"{size / number / 1000:.2f} kB"
    rows.append({"what": "a record in SQLite, indexes included", "goal": "-", "measured": each})
    keep("A large store", rows, ("SQLAlchemy",))


if __name__ == "__main__":
    main()

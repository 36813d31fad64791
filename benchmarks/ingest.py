"""The whole intake against a bare pikepdf walk and pypdf's get_fields, on the same filled forms, all on one core.

Usage: python benchmarks/ingest.py [number of files, 600 unless told]
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdf
from measured import ROOT, cores, in_turns, keep

from schemebook.form_pdf.fill import fill_form
from schemebook.form_pdf.finish import make_form_pdf
from schemebook.form_pdf.publish import publish_forms
from schemebook.records.intake.ingest import ingest_paths, known_forms
from schemebook.returned.arrivals.sources import find_returned
from schemebook.returned.limits import Limits
from schemebook.returned.returned_pdf import ReturnedPdf
from schemebook.returned.worker import read_one
from schemebook.scheme.project import Project, load_project


def walk(path: Path) -> int:
    """Open a file with pikepdf and read each field's value: the least that any reader does."""
    found = 0
    with pikepdf.open(path) as pdf:
        waiting = list(pdf.Root.AcroForm.Fields)
        while waiting:
            field = waiting.pop()
            if "/Kids" in field:
                waiting.extend(field.Kids)
            if "/V" in field:
                str(field.V)
                found += 1
    return found


def published(root: Path) -> Project:
    """A copy of this checkout's project in which every form is published: nothing else is read when it comes back."""
    for part in ("forms", "scheme-configs"):
        shutil.copytree(ROOT / part, root / part)
    shutil.copy(ROOT / "mkdocs.yml", root)
    project = load_project(root)
    for scheme in project.schemes:
        publish_forms(project, scheme, project.form_ids(scheme))
    return project


def filled_forms(project: Project) -> list[bytes]:
    """A filled form for each of the demo's answers."""
    made = []
    for answers in sorted((ROOT / "tests" / "demo").glob("*/*.json")):
        scheme, form = answers.parent.name, answers.stem.rpartition("-")[0]
        blank = make_form_pdf(project, scheme, form)
        made.append(fill_form(blank.pdf, blank.descriptor, json.loads(answers.read_text("utf-8"))).pdf)
    return made


def copies(project: Project, folder: Path, count: int) -> list[Path]:
    """`count` filled forms, made from the demo's answers; each differs from the others in its bytes."""
    made, paths = filled_forms(project), []
    for number in range(count):
        path = folder / f"{number:05}.pdf"
        with pikepdf.open(_as_file(folder, made[number % len(made)])) as pdf:
            pdf.docinfo["/Copy"] = str(number)
            pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        paths.append(path)
    (folder / "one").unlink()
    return paths


def _as_file(folder: Path, content: bytes) -> Path:
    path = folder / "one"
    path.write_bytes(content)
    return path


def stores(project: Project, folder: Path) -> Iterator[Path]:
    """A new project folder a run, with what is published and no records."""
    number = 0
    while True:
        number += 1
        root = folder / f"project-{number}"
        shutil.copytree(project.root, root)
        yield root


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    with tempfile.TemporaryDirectory() as name, cores(1):
        folder = Path(name)
        (folder / "inbox").mkdir()
        project = published(folder / "published")
        paths = copies(project, folder / "inbox", count)
        roots = stores(project, folder)
        last: list[Path] = []

        def intake() -> None:
            last[:] = [next(roots)]
            outcomes = [outcome.outcome for outcome in ingest_paths([folder / "inbox"], root=last[0])]
            assert outcomes.count("recorded") == count, outcomes

        def again() -> None:
            assert {outcome.outcome for outcome in ingest_paths([folder / "inbox"], root=last[0])} == {"duplicate"}

        known = known_forms(project.root)
        found = [one for one in find_returned([folder / "inbox"]) if isinstance(one, ReturnedPdf)]
        assert len(found) == count
        times = in_turns(
            {
                "read": lambda: [read_one(one, known, Limits()) for one in found],
                "walk": lambda: [walk(path) for path in paths],
                "pypdf": lambda: [pypdf.PdfReader(path).get_fields() for path in paths],
                "ingest": intake,
                "again": again,
            },
            rounds=3,
        )
    rows = [
        {
            "what": f"whole ingest of {count} forms against a bare pikepdf walk, one core",
            "goal": "<= 1.5x, then 1.25x",
            "measured": f"{times['ingest'] / times['walk']:.2f}x",
        },
        {
            "what": "of it reading alone: opened, checked, read, validated",
            "goal": "-",
            "measured": f"{times['read'] / times['walk']:.2f}x",
        },
        {
            "what": "the whole ingest against pypdf's get_fields alone",
            "goal": ">= 7x faster",
            "measured": f"{times['pypdf'] / times['ingest']:.1f}x faster",
        },
        {
            "what": "second run over the same folder, of the first",
            "goal": "<= 10 %",
            "measured": f"{100 * times['again'] / times['ingest']:.0f} %",
        },
        {"what": "one file of the whole ingest", "goal": "-", "measured": f"{1000 * times['ingest'] / count:.2f} ms"},
    ]
    keep("Reading returned forms", rows, ("pikepdf", "pypdf", "pydantic", "SQLAlchemy"))


if __name__ == "__main__":
    main()

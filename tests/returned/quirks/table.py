"""Every quirk and every hostile file, read as it stands; outcomes.json out, of which the manual's page is made.

`python -m tests.returned.quirks.table` (two minutes; all programs have to be there).
"""

from __future__ import annotations

import inspect
import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.check.small_project import write_project
from tests.check.test_hostile_projects import HOSTILE, cost_of_check
from tests.failures.hostile_containers import FORM_DATA, PICTURES, ZIPS
from tests.failures.hostile_files import PDFS
from tests.failures.hostile_mail import MAILBOXES, MAILS
from tests.failures.measured import measured
from tests.returned.made_pdf import FULL
from tests.returned.made_pdf import read as read_small
from tests.returned.quirks.cases import CASES
from tests.returned.quirks.cases_by_programs import BY_PROGRAMS
from tests.returned.quirks.merged_files import (
    KEEP_FIELDS,
    Merge,
    is_there,
    version_of,
    with_mutool,
    with_pdfbox,
    with_pdfbox_that_joins,
    with_pdfcpu,
    with_shared_fields,
)
from tests.returned.quirks.test_merged_forms import FORMS, example, files, filled, read

OUTCOMES = Path(__file__).with_name("outcomes.json")
COMMAND = "python -m tests.returned.quirks.table"
HOSTILE_FILES = (
    ("pdf", ".pdf", PDFS),
    ("form data", ".pdf", FORM_DATA),
    ("picture", ".png", PICTURES),
    ("zip", ".zip", ZIPS),
    ("mail", ".eml", MAILS),
    ("mail", ".mbox", MAILBOXES),
)
MERGES: dict[str, Merge] = {
    **KEEP_FIELDS,
    "pdfcpu": with_pdfcpu,
    "mutool": with_mutool,
    "PDFBox": with_pdfbox,
    "PDFBox, joined": with_pdfbox_that_joins,
    "fields joined (by hand)": with_shared_fields,
}


def quirks(folder: Path) -> Iterator[dict[str, Any]]:
    """Each case of cases.py: who does it, what the file is like, what was read."""
    for one in [*CASES, *BY_PROGRAMS]:
        found = read_small(folder, one.made())
        yield {
            "id": one.id,
            "program": one.program,
            "like": one.like,
            "report": one.report,
            "by": f"{one.by} {version_of(one.by)}" if one.by else "by hand",
            "answers": "all as entered" if found.answers == one.answers else "other",
            "everything": found.answers == FULL,
            "review": [reason.kind for reason in found.review],
            "told": [problem.kind for problem in found.problems],
        }


def merges(folder: Path) -> Iterator[dict[str, Any]]:
    """Two forms, and one form of two people, in one file, as each program makes it."""
    second = json.dumps(example(FORMS[0]) | {"name": "Tāne Mahuta"})
    both = {"two forms": [filled(FORMS[0]), filled(FORMS[1])], "one form twice": [filled(FORMS[0])]}
    both["one form twice"].append(filled(FORMS[0], second))
    wanted = {"two forms": [example(name) for name in FORMS], "one form twice": [example(FORMS[0]), json.loads(second)]}
    for name, merge in MERGES.items():
        program = name.split(",")[0].split()[0]
        row: dict[str, Any] = {"program": name, "does": inspect.getdoc(merge)}
        row["version"] = version_of(program) if is_there(program) else ""
        for what, given in both.items():
            found = read(folder, merge(files(folder, *given), folder / "m.pdf").read_bytes())
            right = sum(one.answers == said for one, said in zip(found, wanted[what], strict=False))
            review = sorted({reason.kind for one in found for reason in one.review})
            row[what] = {"records": len(found), "right": right, "review": review}
        yield row


def hostile(folder: Path) -> Iterator[dict[str, Any]]:
    """Each hostile file: its size, what came of it, in what time and memory."""
    for group, suffix, made in HOSTILE_FILES:
        for name, make in made.items():
            path = folder / f"hostile{suffix}"
            path.write_bytes(make())
            row = {"group": group, "id": name, "like": inspect.getdoc(make), "bytes": path.stat().st_size}
            yield {**row, **measured(path)}
            path.unlink()


def hostile_projects(folder: Path) -> Iterator[dict[str, Any]]:
    """Each hostile file of a project: which problem `check` tells, in what time and memory."""
    for number, (name, (file, content, kind, _)) in enumerate(HOSTILE.items()):
        root = folder / f"project-{number}"
        write_project(root)
        (root / file).write_bytes(content if isinstance(content, bytes) else content.encode())
        found, seconds, megabytes, _ = cost_of_check(root)
        kinds = [one[0] for one in found]
        yield {
            "group": "project",
            "id": name,
            "like": file,
            "bytes": (root / file).stat().st_size,
            "outcome": (kind if kind in kinds else next(iter(kinds), "")) or "",
            "review": [],
            "seconds": round(seconds, 1),
            "megabytes": round(megabytes),
        }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = {
            "command": COMMAND,
            "date": datetime.now(UTC).date().isoformat(),
            "quirks": list(quirks(Path(folder))),
            "merged": list(merges(Path(folder))),
            "hostile": [*hostile(Path(folder)), *hostile_projects(Path(folder))],
        }
    OUTCOMES.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

"""A filled copy against laying the form out anew, a thousand of them, and a thousand copies issued from a list."""

from __future__ import annotations

import datetime
import json
import tempfile
import time
from pathlib import Path

from measured import ROOT, in_turns, keep

from schemebook.form_pdf.fill import fill_form
from schemebook.form_pdf.finish import make_form_pdf
from schemebook.records.copies.issuing import issue
from schemebook.scheme.project import Project, load_project

COPIES = 1000


def main() -> None:
    """Measure and print."""
    project = load_project(ROOT)
    path = sorted((ROOT / "tests" / "demo").glob("*/application-*.json"))[0]
    scheme = path.parent.name
    answers = json.loads(path.read_text("utf-8"))
    blank = make_form_pdf(project, scheme, "application")
    names = [{**answers, "name": f"Person {number}"} for number in range(COPIES)]
    upcoming = iter(names)
    times = in_turns(
        {
            "anew": lambda: make_form_pdf(project, scheme, "application"),
            "fill": lambda: fill_form(blank.pdf, blank.descriptor, next(upcoming)),
        },
        rounds=15,
    )
    start = time.perf_counter()
    for one in names:
        fill_form(blank.pdf, blank.descriptor, one)
    each = (time.perf_counter() - start) / COPIES
    with tempfile.TemporaryDirectory() as folder:
        issued = seconds_to_issue(project, scheme, Path(folder)) / COPIES
    rows = [
        {
            "what": "filled copy against laying the form out anew",
            "goal": "<= 1x",
            "measured": f"{times['fill'] / times['anew']:.2f}x",
        },
        {"what": f"{COPIES} copies, each", "goal": "<= 10 ms", "measured": f"{1000 * each:.1f} ms"},
        {
            "what": f"{COPIES} copies issued from a list, tokens kept and files written, each",
            "goal": "<= 10 ms",
            "measured": f"{1000 * issued:.1f} ms",
        },
    ]
    keep("Filled copies", rows, ("typst", "pikepdf"))


def seconds_to_issue(project: Project, scheme: str, folder: Path) -> float:
    """The whole command but for starting Python and reading the project."""
    people = folder / "people.csv"
    rows = (f"E{number},Person {number},person-{number}@example.org" for number in range(COPIES))
    people.write_text("\n".join(["key,name,email", *rows]), "utf-8")
    start = time.perf_counter()
    now = datetime.datetime.now(datetime.UTC)
    database = f"sqlite:///{folder / 'schemebook.db'}"
    made = list(issue(project, scheme, "application", people, folder / "copies", now=now, database=database))
    assert len(made) == COPIES
    return time.perf_counter() - start


if __name__ == "__main__":
    main()

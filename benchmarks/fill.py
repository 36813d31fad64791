"""A filled copy against laying the form out anew, and a thousand of them."""

from __future__ import annotations

import json
import time

from measured import ROOT, in_turns, keep

from schemebook.form_pdf.fill import fill_form
from schemebook.form_pdf.finish import make_form_pdf
from schemebook.scheme.project import load_project

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
    rows = [
        {
            "what": "filled copy against laying the form out anew",
            "goal": "<= 1x",
            "measured": f"{times['fill'] / times['anew']:.2f}x",
        },
        {"what": f"{COPIES} copies, each", "goal": "<= 10 ms", "measured": f"{1000 * each:.1f} ms"},
    ]
    keep("Filled copies", rows, ("typst", "pikepdf"))


if __name__ == "__main__":
    main()

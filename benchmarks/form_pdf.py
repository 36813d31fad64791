"""How long a form takes to lay out and finish, warm, and how large it is: every form of the project, one process."""

from __future__ import annotations

import statistics
import time

from measured import ROOT, keep

from schemebook.form_pdf.finish import make_form_pdf
from schemebook.scheme.project import load_project

ROUNDS = 8


def main() -> None:
    """Measure and print."""
    project = load_project(ROOT)
    forms = [(scheme, form) for scheme in project.schemes for form in project.form_ids(scheme)]
    start = time.perf_counter()
    sizes = {one: len(make_form_pdf(project, *one).pdf) for one in forms}
    cold = time.perf_counter() - start
    warm = {}
    for one in forms:
        times = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            make_form_pdf(project, *one)
            times.append(time.perf_counter() - start)
        warm[one] = statistics.median(times) * 1000
    slowest, largest = max(warm, key=warm.__getitem__), max(sizes, key=sizes.__getitem__)
    rows = [
        {
            "what": f"layout and finish, warm, median of {len(forms)} forms",
            "goal": "<= 25 ms",
            "measured": f"{statistics.median(warm.values()):.1f} ms",
        },
        {
            "what": f"the same, slowest form ({'/'.join(slowest)})",
            "goal": "<= 25 ms",
            "measured": f"{warm[slowest]:.1f} ms",
        },
        {
            "what": f"all {len(forms)} bundled forms in one process, from cold",
            "goal": "< 1 s",
            "measured": f"{cold:.2f} s",
        },
        {
            "what": f"largest form PDF ({'/'.join(largest)})",
            "goal": "<= 75 kB",
            "measured": f"{sizes[largest] / 1000:.1f} kB",
        },
    ]
    keep("Form PDFs", rows, ("typst", "pikepdf"))


if __name__ == "__main__":
    main()

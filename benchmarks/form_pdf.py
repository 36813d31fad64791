"""How long a form takes to lay out and finish, warm, and how large it is: every form of the project, one process.

By the processor's time.
"""

from __future__ import annotations

import statistics

from measured import ROOT, keep, processor_seconds

from schemebook.form_pdf.finish import make_form_pdf
from schemebook.scheme.project import Project, load_project

ROUNDS = 8


def main() -> None:
    """Measure and print."""
    project = load_project(ROOT)
    forms = [(scheme, form) for scheme in project.schemes for form in project.form_ids(scheme)]
    sizes: dict[tuple[str, str], int] = {}

    def make_all() -> None:
        sizes.update({one: len(make_form_pdf(project, *one).pdf) for one in forms})

    cold = processor_seconds(make_all)
    warm = {one: 1000 * statistics.median(rounds(project, one)) for one in forms}
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


def rounds(project: Project, one: tuple[str, str]) -> list[float]:
    """The processor's seconds for one form, again and again."""
    return [processor_seconds(lambda: make_form_pdf(project, *one)) for _ in range(ROUNDS)]


if __name__ == "__main__":
    main()

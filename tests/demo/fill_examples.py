"""The example answers in; a filled form of each out, in one process: starting a command for each would take longer.

python tests/demo/fill_examples.py FOLDER    fills tests/demo/<scheme>/<form>-<n>.json, as `schemebook fill` does
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from schemebook.form_pdf.fill import fill_form, read_answers
from schemebook.form_pdf.finish import FormPdf, make_form_pdf
from schemebook.scheme.project import load_project

HERE = Path(__file__).parent


def main(folder: Path) -> None:
    project = load_project(HERE.parents[1])

    @cache
    def form(scheme: str, name: str) -> FormPdf:
        return make_form_pdf(project, scheme, name)

    examples = sorted(HERE.glob("*/*.json"))
    for path in examples:
        scheme, name = path.parent.name, path.stem.rpartition("-")[0]
        made = form(scheme, name)
        copy = fill_form(made.pdf, made.descriptor, read_answers(path))
        (folder / f"{scheme}-{path.stem}.pdf").write_bytes(copy.pdf)
        for note in copy.notes:
            print(f"{scheme}/{path.stem}: {note}", file=sys.stderr)
    print(f"{len(examples)} returns in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

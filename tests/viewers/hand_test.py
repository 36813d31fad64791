"""For the programs that no test drives: the forms to fill in by hand, and what a form that was filled in holds.

    python -m tests.viewers.hand_test forms            writes the two forms and the texts to build/hand-test
    python -m tests.viewers.hand_test read SAVED.pdf   tells field by field what came back, and what is drawn

docs/using-schemebook/hand-tests.md is the sheet that goes with it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from tests.viewers.cases import every_field_type, every_text
from tests.viewers.judged import Judged, Verdict, judge
from tests.viewers.texts import SAMPLES

KIT = Path("build", "hand-test")


def write_kit(folder: Path) -> list[Path]:
    """The two forms, and every text to be pasted; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for case in (every_text(), every_field_type()):
        made.append(folder / f"{case.name.replace(' ', '-')}.pdf")
        made[-1].write_bytes(case.form.pdf)
    texts = folder / "texts.txt"
    texts.write_text("\n\n".join(f"{one.title}:\n{one.text}" for one in SAMPLES) + "\n", "utf-8")
    return [*made, texts]


def told(saved: Path) -> Iterator[str]:
    """What came back of a form of the kit, a field a line."""
    with TemporaryDirectory() as folder:
        copy = Path(folder, "saved.pdf")
        copyfile(saved, copy)
        verdict = _verdict(copy)
    if verdict is None:
        yield f"{saved} is neither of the two forms, or its fields are gone."
        return
    yield from (f"{name}: {_words(one)}" for name, one in verdict.fields.items())
    yield from (f"To be reviewed: {reason}" for reason in verdict.review)


def _verdict(saved: Path) -> Verdict | None:
    """Of the form that our reader does not set aside."""
    found = (judge(case, saved) for case in (every_text(), every_field_type()))
    return next((one for one in found if not any(reason.startswith("set aside") for reason in one.review)), None)


def _words(one: Judged) -> str:
    if not one.kept:
        return f"another answer: {one.found}" if one.found else "empty"
    missing = f", not drawn by {' and '.join(one.not_drawn_by)}" if one.not_drawn_by else ""
    return f"as it should be{missing}"


def main() -> int:
    """Write the kit, or tell of a saved form."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["forms", "read"])
    parser.add_argument("saved", nargs="?", type=Path)
    asked = parser.parse_args()
    if asked.what == "forms":
        print("\n".join(str(path) for path in write_kit(KIT)))
    elif asked.saved is None or not asked.saved.is_file():
        parser.error("Name the PDF that was saved.")
    else:
        print("\n".join(told(asked.saved)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

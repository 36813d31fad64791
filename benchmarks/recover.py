"""Copies without fields: printed flat by real programs, scanned and photographed by a program of ours. What comes back?

For each kind of copy: how much was read right, what was accepted though wrong, and what a person was asked for nothing.
Scans and photographs are rendered and degraded with seeds that no limit was set on; no real device has seen them.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from measured import ROOT, keep

sys.path.insert(0, str(ROOT))

import numpy as np
from tests import flatteners, paper

from schemebook.errors import SetAsideError
from schemebook.form_pdf.descriptor import FormDescriptor, load_published
from schemebook.form_pdf.entries import entries
from schemebook.form_pdf.fill import fill_form
from schemebook.returned.image_boxes import PATTERNED, asked_by
from schemebook.returned.image_door import read_pictures
from schemebook.returned.limits import Limits
from schemebook.returned.recover import RecoveredForm
from schemebook.scheme.meaning import Widget

SEED = 90_001
FORMS = int(sys.argv[1]) if len(sys.argv) > 1 else 12
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "ʻ": "'"})
_KINDS = {
    "mark": "ticks and buttons",
    "pattern": "dates, numbers, e-mail, telephone",
    "short": "short text",
    "long": "long text",
}
_GOALS = {
    ("flat", "mark"): "100 %",
    ("flat", "pattern"): "100 %",
    ("flat", "short"): "100 %",
    ("paper", "mark"): ">= 99.9 %",
    ("paper", "pattern"): ">= 99.5 %",
    ("paper", "short"): ">= 93 %",
}

Maker = Callable[[Path, Path, int], Path]


def copies() -> dict[str, tuple[str, Maker]]:
    """Kind of copy -> whether it is flat or paper, and what makes it of a filled form."""
    made: dict[str, tuple[str, Maker]] = {
        f"printed flat, {name}": ("flat", lambda given, out, _, how=how: how(given, out))
        for name, how in {**flatteners.SMALL, **flatteners.OTHERS}.items()
    }
    made["scan, 200 dpi, typed"] = ("paper", _scan)
    made["photograph, 150 dpi, typed"] = ("paper", _photograph)
    return made


def _scan(given: Path, out: Path, seed: int) -> Path:
    chance = np.random.default_rng(seed)
    return paper.pdf_of([paper.scanned(page, chance) for page in paper.printed(given, 200)], 200, out)


def _photograph(given: Path, out: Path, seed: int) -> Path:
    chance = np.random.default_rng(seed)
    return paper.pdf_of([paper.photographed(page, chance) for page in paper.printed(given, 300)], 150, out)


def main() -> None:
    """Measure and print."""
    known = load_published(ROOT)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        filled = list(_filled(known, Path(folder)))
        for name, (sort, make) in copies().items():
            rows += _rows(name, sort, make, filled, known, Path(folder))
    packages = ("pypdfium2", "opencv-python-headless", "onnxruntime", "rapidocr", "zxing-cpp")
    keep("Copies without fields", rows, packages)


def _filled(known: dict[str, FormDescriptor], folder: Path) -> Iterator[tuple[FormDescriptor, Path, dict[str, object]]]:
    """Filled copies of bundled forms, spread over the schemes, and what was filled into their widgets."""
    examples = sorted((ROOT / "tests" / "demo").glob("*/*-1.json"))
    for path in examples[:: max(1, len(examples) // FORMS)][:FORMS]:
        form = next(
            one for one in known.values() if (one.claim.scheme, f"{one.claim.form}-1") == (path.parent.name, path.stem)
        )
        answers = json.loads(path.read_text("utf-8"))
        out = folder / f"{path.parent.name}-{path.stem}.pdf"
        assert form.blank is not None
        out.write_bytes(fill_form(form.blank.read_bytes(), form, answers).pdf)
        yield form, out, dict(entries(form.meaning, answers))


def _rows(
    name: str,
    sort: str,
    make: Maker,
    filled: list[tuple[FormDescriptor, Path, dict[str, object]]],
    known: dict[str, FormDescriptor],
    folder: Path,
) -> list[dict[str, str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    seconds, pages, lost = 0.0, 0, 0
    for number, (form, path, meant) in enumerate(filled):
        copy = make(path, folder / "copy.pdf", SEED + number)
        start = time.perf_counter()
        try:
            found = read_pictures(copy, known, Limits())
        except SetAsideError as error:  # a copy that is set aside is a result
            print(name, path.name, error)
            lost += 1
            continue
        seconds += time.perf_counter() - start
        pages += form.edition.pages
        _count(form, meant, found[0], counts)
    rows = [_row(name, sort, kind, counts[kind]) for kind in _KINDS if counts[kind]["all"]]
    rows.append({"what": f"{name}: not read at all, of {len(filled)} forms", "goal": "0", "measured": str(lost)})
    rows.append({"what": f"{name}: each page", "goal": "<= 1.2 s", "measured": f"{seconds / max(1, pages):.2f} s"})
    return rows


def _count(
    form: FormDescriptor, meant: dict[str, object], found: RecoveredForm, counts: dict[str, Counter[str]]
) -> None:
    asked = {one.widget for one in found.recovered if not one.accepted}
    for widget in form.widgets:
        if widget.kind == "signature":
            continue
        kind = _kind(form, widget)
        want, got = _folded(meant.get(widget.name)), _folded(found.widgets[widget.name].value)
        if widget.kind not in ("tick", "radio") and not want and not got:
            continue
        counts[kind]["all"] += 1
        counts[kind]["right"] += want == got
        counts[kind]["asked"] += widget.name in asked
        counts[kind]["for nothing"] += widget.name in asked and want == got
        counts[kind]["wrong"] += widget.name not in asked and want != got


def _kind(form: FormDescriptor, widget: Widget) -> str:
    if widget.kind in ("tick", "radio"):
        return "mark"
    question = asked_by(form.meaning.field(widget.field), widget)
    if question is not None and question.type in PATTERNED:
        return "pattern"
    return "long" if widget.multi_line else "short"


def _folded(value: object) -> str:
    if value in (None, False):
        return ""
    return "".join(str("on" if value is True else value).split()).translate(_QUOTES)


def _row(name: str, sort: str, kind: str, count: Counter[str]) -> dict[str, str]:
    """Right; accepted though wrong; and asked though right."""
    everything = count["all"]
    right = f"{100 * count['right'] / everything:.1f} %"
    said = (
        f"{right} right; {count['wrong']} wrong accepted; {count['asked']} asked, {count['for nothing']} of them right"
    )
    goal = _GOALS.get((sort, kind))
    return {
        "what": f"{name}: {everything} {_KINDS[kind]}",
        "goal": f"{goal} right; 0 wrong accepted" if goal else "0 wrong accepted",
        "measured": said,
    }


if __name__ == "__main__":
    main()

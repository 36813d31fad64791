"""Copies without fields: printed flat by real programs, scanned and photographed by a program of ours. What comes back?

For each kind of copy: how much was read right, what was accepted though wrong, and what a person was asked for nothing.
Scans and photographs are rendered and degraded with seeds that no limit was set on; no real device has seen them.
Times are of the processor, so that other work beside does not count.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from measured import ROOT, keep

sys.path.insert(0, str(ROOT))

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the process that looks at pictures

import numpy as np
from tests import flatteners, paper

from schemebook.errors import SetAsideError
from schemebook.form_pdf.descriptor import FormDescriptor, load_published
from schemebook.form_pdf.entries import entries
from schemebook.form_pdf.fill import fill_form
from schemebook.returned.crew import hire_crew, read_all
from schemebook.returned.limits import Limits
from schemebook.returned.recovery.image_boxes import PATTERNED, asked_by
from schemebook.returned.recovery.image_door import read_pictures
from schemebook.returned.recovery.recover import RecoveredForm
from schemebook.returned.returned_pdf import hashed
from schemebook.scheme.meaning import Widget

SEED = 97_001
FORMS = int(sys.argv[1]) if len(sys.argv) > 1 else 12
WORSE = "worse" in sys.argv
"""Measure the copies that are worse than most, writing by hand and memory."""
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "ʻ": "'"})
_KINDS = {
    "mark": "ticks and buttons",
    "pattern": "dates, numbers, e-mail, telephone",
    "short": "short text",
    "long": "long text",
    "text": "text",
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


def worse_copies() -> dict[str, tuple[str, Maker]]:
    """The same for copies that are worse than most."""
    return {name: ("poor", partial(_poor, worsen=worsen, dpi=dpi)) for name, (worsen, dpi) in POOR.items()}


POOR = {
    "scan of a print at 93 % on Letter": (lambda page, chance: paper.scanned(paper.shrunk(page, chance), chance), 200),
    "fax, black and white, 200 dpi": (paper.faxed, 200),
    "scan, 100 dpi": (paper.coarse, 100),
    "scan, corner torn off": (paper.torn, 200),
    "scan, coffee stain": (paper.stained, 200),
    "photograph, 150 dpi, page bent": (paper.curled, 150),
}
"""Copies that are worse than most: what makes one of a page, and its dots an inch."""


def _poor(given: Path, out: Path, seed: int, worsen: Callable[..., paper.Picture], dpi: int) -> Path:
    chance = np.random.default_rng(seed)
    printed = paper.printed(given, 300 if worsen is paper.curled else 200)
    return paper.pdf_of([worsen(page, chance) for page in printed], dpi, out)


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
        for name, (sort, make) in (worse_copies() if WORSE else copies()).items():
            rows += _rows(name, sort, make, filled, known, Path(folder))
        if WORSE:
            rows += _handwriting([form for form, _, _ in filled], known, Path(folder))
            rows += _marks_by_hand(filled, known, Path(folder))
            rows += _memory(filled, known, Path(folder))
    packages = ("pypdfium2", "opencv-python-headless", "onnxruntime", "rapidocr", "zxing-cpp")
    keep("Copies without fields, worse than most" if WORSE else "Copies without fields", rows, packages)


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
        start = time.process_time()
        try:
            found = read_pictures(copy, known, Limits())
        except SetAsideError as error:  # a copy that is set aside is a result
            print(name, path.name, error)
            lost += 1
            continue
        seconds += time.process_time() - start
        pages += form.edition.pages
        _count(form, meant, found[0], counts)
    if sort == "poor":
        for kind in ("short", "long"):
            counts["text"] += counts[kind]
        rows = [_row(name, sort, kind, counts[kind]) for kind in ("mark", "pattern", "text") if counts[kind]["all"]]
    else:
        rows = [_row(name, sort, kind, counts[kind]) for kind in _KINDS if kind != "text" and counts[kind]["all"]]
    rows.append({"what": f"{name}: not read at all, of {len(filled)} forms", "goal": "0", "measured": str(lost)})
    each = f"{seconds / max(1, pages):.2f} s"
    rows.append({"what": f"{name}: each page, of the processor", "goal": "<= 1.2 s", "measured": each})
    return rows


def _handwriting(
    forms: list[FormDescriptor], known: dict[str, FormDescriptor], folder: Path
) -> Iterator[dict[str, str]]:
    """Blanks of which every second text box is written into by a program's pen, scanned."""
    count: Counter[str] = Counter()
    for number, form in enumerate(forms):
        assert form.blank is not None
        chance = np.random.default_rng(SEED + 500 + number)
        pages = paper.printed(form.blank, 200)
        texts = [one for one in form.widgets if one.kind == "text"]
        boxes = {box.name: box for box in form.edition.boxes}
        by_hand = {one.name for one in texts[::2]}
        for name in sorted(by_hand):
            rect = paper.pixels(boxes[name].rect, form.edition.paper[1], 200)
            paper.written(pages[boxes[name].page - 1], rect, chance)
        scan = paper.pdf_of([paper.scanned(page, chance) for page in pages], 200, folder / "pen.pdf")
        found = read_pictures(scan, known, Limits())[0]
        accepted = {one.widget for one in found.recovered if one.accepted}
        told = {one.widget for one in found.recovered}
        for one in texts:
            kind = "pen" if one.name in by_hand else "empty"
            count[kind] += 1
            count[f"{kind} told"] += one.name in told
            count["accepted"] += one.name in accepted
    told = f"{count['pen told']} of {count['pen']} told, {count['accepted']} accepted"
    yield {
        "what": "scan, written by a program's pen: boxes written in",
        "goal": "all told, 0 accepted",
        "measured": told,
    }
    empty = f"{count['empty'] - count['empty told']} of {count['empty']} empty"
    yield {"what": "scan, written by a program's pen: boxes left empty", "goal": "all empty", "measured": empty}


def _marks_by_hand(
    filled: list[tuple[FormDescriptor, Path, dict[str, object]]], known: dict[str, FormDescriptor], folder: Path
) -> Iterator[dict[str, str]]:
    """Typed forms of which every third box was gone over by a program's pen, scanned: what is taken though somebody
    should be asked, and what is asked of the boxes that nobody touched."""
    touched: dict[str, Counter[bool]] = defaultdict(Counter)
    others: Counter[bool] = Counter()
    for number, (form, path, meant) in enumerate(filled):
        chance = np.random.default_rng(SEED + 700 + number)
        pages = paper.printed(path, 200)
        hows = _go_over(pages, form, meant, chance)
        scan = paper.pdf_of([paper.scanned(page, chance) for page in pages], 200, folder / "marks.pdf")
        found = read_pictures(scan, known, Limits())[0]
        asked = {one.widget for one in found.recovered if not one.accepted}
        for name in found.widgets:
            if name in hows:
                touched[hows[name]][name in asked] += 1
            elif any(one.name == name and one.kind in ("tick", "radio") for one in form.widgets):
                others[name in asked] += 1
    for what, kinds in (
        ("marked by a pen", paper.MARKS_BY_HAND),
        ("with a stray line, a ring, dirt", ("stray", "ring", "dirt")),
        ("with a pencil's mark rubbed out", ("rubbed",)),
        ("with a typed mark taken back", paper.TAKEN_BACK_BY_HAND),
    ):
        counts = sum((touched[kind] for kind in kinds), Counter[bool]())
        said = f"{counts[True]} of {counts.total()} asked"
        goal = "read as empty, or asked" if kinds == ("rubbed",) else "all asked"
        yield {"what": f"scan, by a program's pen: boxes {what}", "goal": goal, "measured": said}
    said = f"{others[True]} of {others.total()} asked"
    yield {"what": "scan, by a program's pen: the boxes beside them", "goal": "few asked", "measured": said}


def _go_over(
    pages: list[paper.Picture], form: FormDescriptor, meant: dict[str, object], chance: np.random.Generator
) -> dict[str, str]:
    """Do something by hand to one box of every third question with boxes; widget -> what was done."""
    hows: dict[str, str] = {}
    kinds = {one.name: one.kind for one in form.widgets if one.kind in ("tick", "radio")}
    for box in form.edition.boxes:
        if box.name not in kinds or box.name in hows or chance.random() > 1 / 3:
            continue
        value = meant.get(box.name)
        is_on = value == box.option if kinds[box.name] == "radio" else bool(value)
        by_hand = paper.TAKEN_BACK_BY_HAND if is_on else (*paper.MARKS_BY_HAND, *paper.UNSURE_BY_HAND)
        hows[box.name] = str(chance.choice(by_hand))
        place = paper.pixels(box.rect, form.edition.paper[1], 200)
        paper.marked(pages[box.page - 1], place, hows[box.name], chance)
    return hows


def _memory(
    filled: list[tuple[FormDescriptor, Path, dict[str, object]]], known: dict[str, FormDescriptor], folder: Path
) -> Iterator[dict[str, str]]:
    """What the process that looks at pictures took at most, over all scans one after another (Linux)."""
    if sys.platform != "linux":
        return
    crew = hire_crew(known, Limits(picture_seconds=600))
    try:
        for number, (_, path, _) in enumerate(filled):
            copy = _scan(path, folder / f"memory-{number}.pdf", SEED + 900 + number)
            list(read_all(iter([hashed(copy, copy.name, Limits())]), known, crew=crew))
        assert crew.looker is not None
        status = Path("/proc", str(crew.looker.pid), "status").read_text("ascii")
    finally:
        crew.stop()
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1000
    yield {"what": "the process that looks at pictures, at most", "goal": "<= 350 MB", "measured": f"{peak:.0f} MB"}


def _count(
    form: FormDescriptor, meant: dict[str, object], found: RecoveredForm, counts: dict[str, Counter[str]]
) -> None:
    answers = {name: answer.value for name, answer in found.widgets.items()}
    asked = {one.widget for one in found.recovered if not one.accepted}
    asked |= {one.name for one in form.widgets} - set(answers)  # of a page that was not made out
    for widget in form.widgets:
        if widget.kind == "signature":
            continue
        kind = _kind(form, widget)
        want, got = _folded(meant.get(widget.name)), _folded(answers.get(widget.name))
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

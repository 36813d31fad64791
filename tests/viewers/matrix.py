"""Drive every program over every form, judge what it saved, and keep the result in matrix.json.

    python -m tests.viewers.matrix                    all programs, all forms: make viewers
    python -m tests.viewers.matrix --only pypdf       one program; the rows of the others stay as they are
    python -m tests.viewers.matrix --forms-made-for-it   without the bundled forms, and without their other editions
    python -m tests.viewers.matrix --first-edition       without their other editions
    python -m tests.viewers.matrix --saved            judge the files of the last run again, drive nothing
    python -m tests.viewers.matrix --reasons          drive nothing, only write the reasons anew

A program that is not on the machine is told, and its row stays as it was. Saved files go to build/viewers.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Any

import pytest
from tests.viewers.cases import Case, bundled, bundled_editions, bundled_names, every_field_type, every_text
from tests.viewers.fillers import FILLERS, Filler, Refused
from tests.viewers.judged import Judged, Verdict, judge
from tests.viewers.reasons import why
from tests.viewers.texts import SAMPLES

KEPT = Path(__file__).with_name("matrix.json")
SAVED = Path("build", "viewers")
COMMAND = "make viewers"
EDITIONS = ("letter", "large-print")
"""Beside the first: another paper, and larger boxes over more pages. Black and white has the first one's boxes."""
STATES = ("drawn", "kept", "changed", "refused")
"""Best first. drawn: read back as entered, and poppler and pdfium show it; kept: read back as entered, not shown by
both; changed: something else is read; refused: the program does not take it."""

Cell = dict[str, Any]


def driven(filler: Filler, case: Case, drive: bool = True) -> tuple[Verdict, Refused]:
    """Fill one form with one program, and judge what it saved. Skips where the program is not on the machine.

    drive: otherwise the file of an earlier run is judged.
    """
    folder = SAVED / filler.id
    folder.mkdir(parents=True, exist_ok=True)
    name = case.name.replace("/", "-").replace(" ", "-")
    blank, out = folder / f"{name}.blank.pdf", folder / f"{name}.pdf"
    refused: Refused = {}
    if drive:
        blank.write_bytes(case.form.pdf)
        out.unlink(missing_ok=True)
        refused = filler.fill(blank.absolute(), case, out.absolute())
    return judge(case, out), refused


def row(filler: Filler, cases: Iterable[Case], drive: bool = True, editions: Iterable[str] = ()) -> dict[str, Any]:
    """What the matrix holds of one program. editions: those in which it fills all bundled forms again."""
    texts, fields = driven(filler, every_text(), drive), driven(filler, every_field_type(), drive)
    return {
        "title": filler.title,
        "opened": filler.opened,
        "version": filler.version(),
        "how": filler.how,
        "date": datetime.date.today().isoformat(),
        "types": types_of(*fields),
        "texts": texts_of(*texts),
        "read_otherwise": sorted({name.partition("-")[2] for name, one in texts[0].fields.items() if _otherwise(one)}),
        "review": sorted({*texts[0].review, *fields[0].review}),
        "forms": {case.name: _form(filler, case, drive) for case in cases},
        "editions": {
            edition: _sum([_form(filler, case, drive) for case in bundled_editions(edition)]) for edition in editions
        },
    }


def _sum(forms: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Many forms as one line: counts added up, lists joined."""
    counts = {key: sum(form[key] for form in forms) for key in ("fields", "kept", "to_be_drawn", "drawn")}
    lists = {key: sorted({name for form in forms for name in form[key]}) for key in ("undrawn", "changed", "review")}
    return {"forms": len(forms), **counts, **lists}


def _otherwise(one: Judged) -> bool:
    """Whether pdf.js reads something else where our reader has what was entered."""
    return one.kept and not one.kept_for_others


def types_of(verdict: Verdict, refused: Refused) -> dict[str, Cell]:
    """Field type -> the worst that happened to a field of that type."""
    found: dict[str, Cell] = {}
    for name, one in verdict.fields.items():
        kind = _kind(one)
        cell = _cell(name, one, refused)
        if kind not in found or _rank(cell) > _rank(found[kind]):
            found[kind] = cell
    return found


def _kind(one: Judged) -> str:
    """The field type; a choice of one is two things, by how it is laid out."""
    if one.entry.type == "one-of":
        return "one-of, drop-down" if one.entry.widget.kind == "drop-down" else "one-of, buttons"
    return one.entry.type


def texts_of(verdict: Verdict, refused: Refused) -> dict[str, dict[str, Cell]]:
    """Text -> what happened to it in a field of one line, and in one of several."""
    found: dict[str, dict[str, Cell]] = {}
    for name, one in verdict.fields.items():
        kind = name.partition("-")[0]
        if one.entry.sample:
            found.setdefault(one.entry.sample.id, {})[kind] = _cell(name, one, refused)
    return found


def _cell(name: str, one: Judged, refused: Refused) -> Cell:
    if not one.kept:
        return {"state": "refused", "said": refused[name]} if name in refused else {"state": "changed"}
    if one.not_drawn_by:
        return {"state": "kept", "not_drawn_by": list(one.not_drawn_by)}
    return {"state": "drawn"}


def _rank(cell: Cell) -> int:
    return STATES.index(cell["state"])


def _form(filler: Filler, case: Case, drive: bool) -> dict[str, Any]:
    """What happened to a bundled form; one that the program does not get through is a finding, and the others go on."""
    try:
        return _of_form(case, *driven(filler, case, drive))
    except (AssertionError, TimeoutExpired) as error:
        print(f"{filler.title}, {case.name}: {error}", flush=True)
        nothing = dict.fromkeys(("kept", "to_be_drawn", "drawn"), 0)
        return {"fields": len(case.entries), **nothing, "undrawn": [], "changed": ["not filled at all"], "review": []}


def _of_form(case: Case, verdict: Verdict, refused: Refused) -> dict[str, Any]:
    """How many fields came back, and how many are drawn of those whose text has to be and fits its box."""
    fields = verdict.fields
    due = {name: one for name, one in fields.items() if not _need_not_be_drawn(case, one)}
    changed = [_sample_or(name, one) for name, one in fields.items() if not one.kept]
    undrawn = [_sample_or(name, one) for name, one in due.items() if one.kept and one.not_drawn_by]
    return {
        "fields": len(fields),
        "kept": len(fields) - len(changed),
        "to_be_drawn": len(due),
        "drawn": sum(one.kept and not one.not_drawn_by for one in due.values()),
        "changed": sorted(set(changed)),
        "undrawn": sorted(set(undrawn)),
        "review": list(verdict.review),
    }


def _need_not_be_drawn(case: Case, one: Judged) -> bool:
    return bool(one.entry.sample and one.entry.sample.why_not_drawn) or not case.fits(one.entry)


def _sample_or(name: str, one: Judged) -> str:
    """What stands for a field in the lists: its text, or a choice's kind, or its own name."""
    return one.entry.sample.id if one.entry.sample else _kind(one) if one.entry.widget.options else name


def worse(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """The cells of a program that are worse than they were, in words."""
    for kind, cell in new["types"].items():
        if kind in old["types"] and _score(cell) > _score(old["types"][kind]):
            yield f"{kind}: {_told(old['types'][kind])} before, {_told(cell)} now"
    for sample, cells in new["texts"].items():
        for place, cell in cells.items():
            before = old["texts"].get(sample, {}).get(place)
            if before and _score(cell) > _score(before):
                yield f"{sample}, {place}: {_told(before)} before, {_told(cell)} now"


def _score(cell: Cell) -> tuple[int, int]:
    return _rank(cell), len(cell.get("not_drawn_by", ()))


def _told(cell: Cell) -> str:
    return cell["state"] + "".join(f", not by {one}" for one in cell.get("not_drawn_by", ()))


def kept() -> dict[str, Any]:
    """The matrix as it was committed."""
    found: dict[str, Any] = json.loads(KEPT.read_text("utf-8")) if KEPT.is_file() else {"programs": {}}
    return found


def with_reasons(matrix: dict[str, Any]) -> dict[str, Any]:
    """The matrix with the reasons that are known today."""
    for id, one in matrix["programs"].items():
        keyed = [*one["types"].items(), *((key, cell) for key, both in one["texts"].items() for cell in both.values())]
        for key, cell in keyed:
            if cell["state"] != "drawn":
                cell["why"] = why(id, key, cell["state"]) or cell.get("said", "")
        one["forms_why"] = sorted(_reasons_of_forms(id, [*one["forms"].values(), *one["editions"].values()]))
    return matrix


def _reasons_of_forms(program: str, forms: Iterable[dict[str, Any]]) -> set[str]:
    """Why fields of bundled forms are changed or not drawn; an empty text among them where nobody knows."""
    changed = {(name, ("changed",)) for form in forms for name in form["changed"]}
    undrawn = {(name, ("kept", "undrawn")) for form in forms for name in form["undrawn"]}
    return {next(filter(None, (why(program, name, one) for one in states)), "") for name, states in changed | undrawn}


def write(matrix: dict[str, Any]) -> None:
    """Keep the matrix, its programs in the order of `FILLERS`."""
    programs = matrix["programs"]
    matrix["programs"] = {one.id: programs[one.id] for one in FILLERS if one.id in programs}
    matrix |= {"command": COMMAND, "texts": {one.id: one.title for one in SAMPLES}}
    KEPT.write_text(json.dumps(with_reasons(matrix), ensure_ascii=False, indent=1) + "\n", "utf-8")


def rows(
    fillers: Sequence[Filler], cases: Sequence[Case], drive: bool, editions: Sequence[str]
) -> Iterator[tuple[Filler, dict[str, Any]]]:
    """One row a program that is on the machine; the others are told on standard output. Browsers come last."""
    for filler in reversed(fillers):
        began = time.monotonic()
        try:
            made = row(filler, cases, drive, editions if filler.editions else ())
        except pytest.skip.Exception as skipped:
            print(f"Left out: {filler.title}. {skipped}.", flush=True)
            continue
        print(f"{filler.title} {made['version']}: {time.monotonic() - began:.0f} s", flush=True)
        yield filler, made


def main() -> int:
    """Make the rows that are asked for, and write them. Returns 1 where a cell got worse."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=[one.id for one in FILLERS])
    parser.add_argument("--forms-made-for-it", action="store_true")
    parser.add_argument("--first-edition", action="store_true")
    parser.add_argument("--saved", action="store_true")
    parser.add_argument("--reasons", action="store_true")
    asked = parser.parse_args()
    if asked.reasons:
        write(kept())
        return 0
    fillers = [one for one in FILLERS if not asked.only or one.id in asked.only]
    cases = [] if asked.forms_made_for_it else [bundled(*names) for names in bundled_names()]
    editions = () if asked.forms_made_for_it or asked.first_edition else EDITIONS
    got_worse: list[str] = []
    for filler, made in rows(fillers, cases, not asked.saved, editions):
        matrix = kept()  # read each time, for other rows may be made meanwhile
        before = matrix["programs"].get(filler.id)
        if before:
            got_worse += [f"{filler.title}: {one}" for one in worse(before, made)]
            made |= {key: made[key] or before.get(key, {}) for key in ("forms", "editions")}
        matrix["programs"][filler.id] = made
        write(matrix)
    print("\n".join(got_worse))
    return 1 if got_worse else 0


if __name__ == "__main__":
    sys.exit(main())

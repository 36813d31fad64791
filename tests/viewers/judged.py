"""A saved form and what was entered in, for each field whether it came back and whether it is drawn out.

Two readers read every file: ours, and pdf.js, which shares nothing with it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from tests.programs import read_with_pdfjs
from tests.returned.made_pdf import returned
from tests.viewers.cases import Case, Entry
from tests.viewers.drawn import ENGINES, Looks, looks

from schemebook.errors import SetAsideError
from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.form_pdf.entries import entries
from schemebook.returned.submission import read_returned


@dataclass(frozen=True)
class Judged:
    """One field of one saved form.

    kept: our reader gives what was entered. kept_for_others: so does pdf.js. not_drawn_by: the engines that do not
    show it. found: what our reader gave instead, where it is something else.
    """

    entry: Entry
    kept: bool
    kept_for_others: bool
    not_drawn_by: tuple[str, ...] = ()
    found: str = ""


@dataclass(frozen=True)
class Verdict:
    """A saved form: its fields by full name, and why our reader wants a person to look at it (kinds, mostly none)."""

    fields: dict[str, Judged]
    review: tuple[str, ...] = ()


def judge(case: Case, saved: Path) -> Verdict:
    """Judge every field that was filled."""
    ours, review = _by_our_reader(case, saved)
    theirs = _by_pdfjs(saved)
    seen = looks(case.form.pdf, saved, case.form.descriptor.edition.boxes)
    fields = {}
    for name, entry in case.entries.items():
        got, other = ours.get(name, ""), theirs.get(name, "")
        kept, kept_there = is_as_entered(entry, got), _folded(other) in _taken_for(entry)
        missing = tuple(engine for engine in ENGINES if not _is_drawn(case, entry, seen[engine]))
        fields[name] = Judged(entry, kept, kept_there, missing, "" if kept else got)
    return Verdict(fields, review)


def is_as_entered(entry: Entry, got: str) -> bool:
    """Whether our reader gave what was entered; a number may come with decimals."""
    if entry.type == "number" and got.replace(".", "", 1).isdecimal():
        return float(got) == float(entry.value)
    return got == expected(entry)


def expected(entry: Entry) -> str:
    """What our reader gives for an entry: text in one form (NFC, LF, plain spaces), an option's id, on or nothing."""
    if isinstance(entry.value, bool):
        return "on" if entry.value else ""
    if entry.widget.options:
        return entry.value
    text = unicodedata.normalize("NFC", entry.value)
    return text.replace("\t", " ").strip("\n ") if entry.type == "long-text" else " ".join(text.split())


def _taken_for(entry: Entry) -> set[str]:
    """What another reader may give for an entry, folded."""
    if isinstance(entry.value, bool):
        return {"on"} if entry.value else {""}
    return {_folded(entry.value)}


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _unconditional(descriptor: FormDescriptor) -> FormDescriptor:
    """The same form with every question asked of everybody, so that each answer counts."""
    fields = tuple(field.model_copy(update={"only_if": None}) for field in descriptor.meaning.fields)
    return FormDescriptor(descriptor.meaning.model_copy(update={"fields": fields}), descriptor.edition)


def _by_our_reader(case: Case, saved: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    form = _unconditional(case.form.descriptor)
    file = returned(saved.parent, saved.read_bytes(), "to-read.pdf")
    try:
        found = read_returned(file, {form.edition.id: form})
    except SetAsideError as error:
        return {}, (f"set aside: {error.reason}",)
    texts = {problem.field: problem.text for problem in found.problems if problem.text}
    return {**texts, **entries(form.meaning, found.answers)}, tuple(reason.kind for reason in found.review)


def _by_pdfjs(saved: Path) -> dict[str, str]:
    found = read_with_pdfjs(saved)
    return {name: ("on" if value else "") if isinstance(value, bool) else value for name, value in found.items()}


def _is_drawn(case: Case, entry: Entry, seen: Looks) -> bool:
    widget = entry.widget
    if widget.kind == "tick":
        return seen[widget.name, ""].ticked is (entry.value is True)
    if widget.kind == "radio":
        return all(seen[widget.name, option].ticked is (option == entry.value) for option in widget.options)
    return seen[widget.name, ""].shows(case.shown(entry))

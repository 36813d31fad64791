"""Side by side, by the processor's time and in turns: a form laid out by WeasyPrint too, a copy filled by others too.

    python benchmarks/side_by_side.py            the peers first: python tests/set_up.py peers

Layout: the same words, boxes and heights, WeasyPrint with its own form fields as PDF/UA-1. Filling: the same answers
into the same blank; what every program made is read back by us and by pdf.js and rendered by poppler and by pdfium.
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
from form_html import FONTS, html
from measured import ROOT, in_turns_of_the_processor, keep, processor_seconds

sys.path.insert(0, str(ROOT))

import pymupdf
from tests.pdf_fields import Value, fields_of
from tests.peers import ask, version
from tests.programs import fill_with_pdftk
from tests.viewers.cases import Case, Entry
from tests.viewers.fillers import FILLERS
from tests.viewers.judged import Verdict, judge

from schemebook.form_pdf.entries import entries
from schemebook.form_pdf.fill import fill_form
from schemebook.form_pdf.finish import FormPdf, make_form_pdf
from schemebook.form_pdf.printed_form import printed_form
from schemebook.form_pdf.sheet import SHEETS
from schemebook.scheme.meaning import field_widgets
from schemebook.scheme.project import Project, load_project

ROUNDS = 7
SCHEME = "iema"
FORM = "application"
Row = dict[str, str]


def main() -> None:
    """Measure, print and keep."""
    project = load_project(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        laid_out = list(layout_rows(project, Path(folder)))
        filled = list(filling_rows(project, Path(folder)))
    keep("Layout side by side", laid_out, ("typst", "pikepdf"), {"weasyprint": version("weasyprint")})
    foreign = {"PyPDFForm": version("pypdfform"), "pdf-oxide": version("pdf_oxide"), "pdftk": _pdftk_version()}
    keep("Filling side by side", filled, ("pikepdf", "pypdf", "pymupdf", "typst"), foreign)


def layout_rows(project: Project, folder: Path) -> Iterator[Row]:
    """Two rows a form: the processor's time, and the size."""
    scheme = project.scheme(SCHEME)
    titles = {id: one.title for id, one in project.forms[SCHEME].items()}
    for form in project.form_ids(SCHEME):
        page = html(printed_form(scheme, project.form(SCHEME, form), SHEETS["a4"], titles, None))
        out = folder / f"{form}.pdf"
        times = in_turns_of_the_processor(
            {
                "ours": lambda form=form: processor_seconds(lambda: make_form_pdf(project, SCHEME, form)),
                "theirs": lambda page=page, out=out: ask("weasyprint", out, html=page, fonts=str(FONTS)).seconds,
            },
            rounds=ROUNDS,
            copies=1,
        )
        faster = f"{times['theirs'] / times['ours']:.1f}x as fast"
        ours, theirs = len(make_form_pdf(project, SCHEME, form).pdf), out.stat().st_size
        yield {
            "what": f"{form}: layout and fields, against WeasyPrint with its own fields",
            "goal": "-",
            "measured": f"{_ms(times['ours'])} against {_ms(times['theirs'])}, {faster}",
        }
        yield {
            "what": f"{form}: size, against WeasyPrint with its own fields",
            "goal": "<= 75 kB",
            "measured": f"{ours / 1000:.0f} against {theirs / 1000:.0f} kB",
        }


def filling_rows(project: Project, folder: Path) -> Iterator[Row]:
    """A row a program: the processor's time for one copy, its size, and what of it is read back and shown."""
    path = sorted((ROOT / "tests" / "demo" / SCHEME).glob(f"{FORM}-*.json"))[0]
    made = make_form_pdf(project, SCHEME, FORM)
    blank = folder / "blank.pdf"
    blank.write_bytes(made.pdf)
    upcoming = _people(made, json.loads(path.read_text("utf-8")))
    filled: dict[str, tuple[Path, Person]] = {}

    def one(name: str, fill: Fill) -> Callable[[], float]:
        def copy() -> float:
            filled[name] = folder / f"{len(name)}-{hash(name)}.pdf", next(upcoming)
            return fill(*filled[name])

        return copy

    fillers = {name: one(name, fill) for name, fill in _fillers(made, blank).items()}
    times = in_turns_of_the_processor(fillers, rounds=ROUNDS, copies=2)
    for name, seconds in times.items():
        out, person = filled[name]
        size = out.stat().st_size / 1000
        told = _shown(judge(person.case, out))
        yield {"what": name, "goal": "-", "measured": f"{_ms(seconds)}, {size:.0f} kB; {told}"}


@dataclass(frozen=True)
class Person:
    """The answers of one, as `fill` takes them, and as what is entered in each PDF field."""

    answers: dict[str, Any]
    case: Case


Fill = Callable[[Path, Person], float]


def _people(made: FormPdf, answers: Mapping[str, Any]) -> Iterator[Person]:
    """One after another, each with texts of their own, so that nothing is drawn from a store of what was drawn before.

    Signatures are left out: only ours can draw a typed one.
    """
    types = {field.id: field.type for field in made.descriptor.meaning.fields}
    for number in count(1):
        own = {
            id: f"{value} {number}" if types[id] in ("text", "long-text") else value
            for id, value in answers.items()
            if types[id] != "signature"
        }
        yield Person(own, _case(made, entries(made.descriptor.meaning, own)))


def _case(made: FormPdf, held: Mapping[str, str]) -> Case:
    types = {widget.name: field.type for field in made.descriptor.meaning.fields for widget in field_widgets(field)}
    found: dict[str, Entry] = {}
    for widget in made.descriptor.widgets:
        if widget.name in held:
            value: Value = True if widget.kind == "tick" else held[widget.name]
            found[widget.name] = Entry(widget, types[widget.name], value)
    return Case(f"{SCHEME}/{FORM}", made, found)


def _fillers(made: FormPdf, blank: Path) -> dict[str, Fill]:
    """What each program does for one copy; the seconds that the processor worked for it."""
    options = {widget.name: widget.options for widget in made.descriptor.widgets}

    def timed(fill: Callable[[Path, dict[str, Value]], object]) -> Fill:
        return lambda out, person: processor_seconds(lambda: fill(out, person.case.values))

    def asked(do: str, **words: object) -> Fill:
        given = {"blank": str(blank), "options": options, **words}
        return lambda out, person: ask(do, out, values=person.case.values, shown=_words(person), **given).seconds

    def ours(out: Path, person: Person) -> float:
        return processor_seconds(lambda: out.write_bytes(fill_form(made.pdf, made.descriptor, person.answers).pdf))

    return {
        "Schemebook, `fill`: draws every answer": ours,
        "PyPDFForm: leaves drawing to viewers": asked("pypdfform", drawn=False),
        "PyPDFForm, `generate_appearance_streams`": asked("pypdfform", drawn=True),
        "pypdf: draws every answer": timed(_pypdf(blank)),
        "pikepdf alone: leaves drawing to viewers": timed(_pikepdf(blank)),
        "PyMuPDF: draws every answer": timed(_pymupdf(made, blank)),
        "pdf-oxide: leaves drawing to viewers": asked("pdf-oxide"),
        "pdftk: leaves drawing to viewers; starts Java for a copy": timed(
            lambda out, values: fill_with_pdftk(blank, values, out)
        ),
    }


def _words(person: Person) -> dict[str, str]:
    return {
        name: person.case.shown(entry)
        for name, entry in person.case.entries.items()
        if entry.widget.kind == "drop-down"
    }


def _pypdf(blank: Path) -> Callable[[Path, dict[str, Value]], object]:
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it tells each letter that it cannot draw
    states = {name for name, field in fields_of(blank).items() if field.kind in ("tick", "radio")}

    def fill(out: Path, values: dict[str, Value]) -> None:
        wanted = {name: f"/{_state(value)}" if name in states else str(value) for name, value in values.items()}
        writer = pypdf.PdfWriter(clone_from=str(blank))
        for page in writer.pages:
            if "/Annots" in page:
                writer.update_page_form_field_values(page, wanted, auto_regenerate=False)
        writer.write(str(out))

    return fill


def _state(value: Value) -> str:
    return "on" if value is True else str(value)


def _pikepdf(blank: Path) -> Callable[[Path, dict[str, Value]], object]:
    def fill(out: Path, values: dict[str, Value]) -> None:
        with pikepdf.open(blank) as pdf:
            waiting = [(node, "") for node in pdf.Root.AcroForm.Fields]
            while waiting:
                node, above = waiting.pop()
                name = f"{above}.{node.T}" if above else str(node.T)
                if "/FT" not in node:
                    waiting += [(kid, name) for kid in node.Kids]
                elif name in values:
                    _enter(node, values[name])
            pdf.Root.AcroForm.NeedAppearances = True
            pdf.save(out)

    return fill


def _enter(field: pikepdf.Object, value: Value) -> None:
    if field.FT != "/Btn":
        field.V = pikepdf.String(str(value))
    elif value is True:
        field.V = field.AS = pikepdf.Name.on
    else:
        field.V = pikepdf.Name(f"/{value}")
        for button in field.Kids:
            button.AS = field.V if field.V in button.AP.N else pikepdf.Name.Off


def _pymupdf(made: FormPdf, blank: Path) -> Callable[[Path, dict[str, Value]], object]:
    labels = made.descriptor.edition.labels

    def fill(out: Path, values: dict[str, Value]) -> None:
        document = pymupdf.open(blank)
        for page in document:
            for widget in page.widgets():
                value = values.get(widget.field_name)
                if value is None:
                    continue
                if widget.field_type == pymupdf.PDF_WIDGET_TYPE_RADIOBUTTON and widget.on_state() != value:
                    continue
                is_list = widget.field_type == pymupdf.PDF_WIDGET_TYPE_COMBOBOX
                widget.field_value = labels[f"{widget.field_name}/{value}"] if is_list else value
                widget.update()
        document.save(out)

    return fill


def _shown(verdict: Verdict) -> str:
    fields = verdict.fields.values()
    kept = sum(one.kept for one in fields)
    drawn = {engine: sum(engine not in one.not_drawn_by for one in fields) for engine in ("poppler", "pdfium")}
    less = ", ".join(f"{engine} shows {number}" for engine, number in drawn.items())
    shown = "all shown" if set(drawn.values()) == {len(fields)} else less
    return f"of {len(fields)} answers {kept} read back, {shown}"


def _pdftk_version() -> str:
    return next(one.version() for one in FILLERS if one.id == "pdftk-fdf")


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.1f} ms"


if __name__ == "__main__":
    main()

"""Each bundled form, filled by programs that are not ours, comes back as the same record with no needless review."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.programs import fill_with_pdf_lib, fill_with_pdfium, fill_with_pdftk, fill_with_pypdf
from tests.returned.made_pdf import returned

from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.form_pdf.finish import FormPdf, make_form_pdf
from schemebook.returned.submission import read_returned
from schemebook.scheme.answers import text_of
from schemebook.scheme.meaning import FieldMeaning
from schemebook.scheme.project import load_project

ROOT = Path(__file__).parents[2]
PROGRAMS = {
    "pdftk": fill_with_pdftk,
    "pdfium": fill_with_pdfium,
    "pypdf": fill_with_pypdf,
    "pdf-lib": fill_with_pdf_lib,
}
EXAMPLES = sorted((ROOT / "tests" / "demo").glob("*/*.json"))


@cache
def blank(scheme: str, form: str) -> FormPdf:
    return make_form_pdf(load_project(ROOT), scheme, form)


def values_of(descriptor: FormDescriptor, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What a person would type, tick and choose for these answers: name of a PDF field -> value."""
    return {
        name: value for id, answer in answers.items() for name, value in typed(descriptor.meaning.field(id), id, answer)
    }


def typed(field: FieldMeaning, name: str, answer: Any) -> Iterator[tuple[str, Any]]:
    if field.type in ("several-of", "checklist"):
        yield from ((f"{name}.{option}", True) for option in answer)
    elif field.type in ("table", "blank-table"):
        rows = answer.items() if isinstance(answer, dict) else enumerate(answer, 1)
        columns = {column.id: column for column in field.columns}
        for row, cells in rows:
            for column, value in cells.items():
                yield from typed(columns[column], f"{name}.{row}.{column}", value)
    elif field.type == "signature":
        yield f"{name}.name", answer.get("name", "")
        yield f"{name}.date", day(answer["date"]) if "date" in answer else ""
    elif field.type == "yes-no":
        yield name, "yes" if answer else "no"
    elif field.type == "declaration" or field.type == "one-of":
        yield name, answer
    else:
        yield name, text_of(field, answer)


def day(iso: str) -> str:
    return "/".join(reversed(iso.split("-")))


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_form_filled_by_another_program_is_the_same_record(program: str, example: Path, tmp_path: Path) -> None:
    form = blank(example.parent.name, example.stem.rpartition("-")[0])
    answers = json.loads(example.read_text("utf-8"))
    values = values_of(form.descriptor, answers)
    if program == "pypdf":  # it takes `name` for the last part of a name too, unless the whole name follows
        texts = {widget.name: "" for widget in form.descriptor.widgets if widget.kind == "text"}
        values = dict(sorted((texts | values).items(), key=lambda one: one[0].count(".")))
    (tmp_path / "blank.pdf").write_bytes(form.pdf)
    fill: Callable[..., Path] = PROGRAMS[program]
    filled = fill(tmp_path / "blank.pdf", values, tmp_path / "filled.pdf")
    known = {form.descriptor.edition.id: form.descriptor}
    found = read_returned(returned(tmp_path, filled.read_bytes(), "again.pdf"), known)
    assert found.answers == answers
    assert not found.review

"""Each bundled form, filled by programs that are not ours, comes back as the record that our own fill gives."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from tests.programs import (
    Value,
    fill_with_pdf_lib,
    fill_with_pdfium,
    fill_with_pdftk,
    fill_with_pypdf,
    program,
    run,
)
from tests.returned.made_pdf import returned
from tests.tiers import in_turn

from schemebook.form_pdf.entries import entries
from schemebook.form_pdf.fill import fill_form
from schemebook.form_pdf.finish import FormPdf, make_form_pdf
from schemebook.returned.limits import Limits
from schemebook.returned.raw_fields import read_raw_fields
from schemebook.returned.submission import Submission, read_returned
from schemebook.scheme.project import load_project

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "tests/demo").glob("*/*-1.json"))


def named(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


@cache
def made(scheme: str, form: str) -> FormPdf:
    return make_form_pdf(load_project(ROOT), scheme, form, draft=False)


def form_of(example: Path) -> FormPdf:
    return made(example.parent.name, example.stem.rpartition("-")[0])


def answers_in(example: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(example.read_text("utf-8"))
    return found


def typed(example: Path) -> dict[str, Value]:
    """Full name of a PDF field -> what a person would enter; a signature field takes no text."""
    form = form_of(example)
    kinds = {widget.name: widget.kind for widget in form.descriptor.widgets}
    held = entries(form.descriptor.meaning, answers_in(example))
    return {name: True if kinds[name] == "tick" else text for name, text in held.items() if kinds[name] != "signature"}


def read(folder: Path, data: bytes, form: FormPdf) -> Submission:
    return read_returned(returned(folder, data), {form.descriptor.edition.id: form.descriptor})


def _pypdf(blank: Path, values: dict[str, Value], out: Path, form: FormPdf) -> Path:
    """Pypdf takes `name` for every field whose last part is that: the others are emptied after it."""
    last = {name.rpartition(".")[2] for name in values}
    texts = [one.name for one in form.descriptor.widgets if one.kind == "text"]
    others = {name: "" for name in texts if name not in values and name.rpartition(".")[2] in last}
    return fill_with_pypdf(blank, {**values, **others}, out)


PROGRAMS: dict[str, Callable[[Path, dict[str, Value], Path, FormPdf], Path]] = {
    "pdftk": lambda blank, values, out, form: fill_with_pdftk(blank, values, out),
    "pdfium": lambda blank, values, out, form: fill_with_pdfium(blank, values, out),
    "pypdf": _pypdf,
    "pdf-lib": lambda blank, values, out, form: fill_with_pdf_lib(blank, values, out),
    "@cantoo/pdf-lib": lambda blank, values, out, form: fill_with_pdf_lib(blank, values, out, "@cantoo/pdf-lib"),
}


@pytest.mark.parametrize(("example", "by"), in_turn(EXAMPLES, PROGRAMS))
def test_what_a_program_fills_in_is_the_record_that_our_own_fill_gives(tmp_path: Path, example: Path, by: str) -> None:
    form = form_of(example)
    ours = read(tmp_path, fill_form(form.pdf, form.descriptor, answers_in(example)).pdf, form)
    blank = tmp_path / "blank.pdf"
    blank.write_bytes(form.pdf)
    theirs = read(tmp_path, PROGRAMS[by](blank, typed(example), tmp_path / "out.pdf", form).read_bytes(), form)
    assert theirs.answers == ours.answers
    assert [(one.field, one.kind) for one in theirs.problems] == [(one.field, one.kind) for one in ours.problems]
    assert theirs.review == ours.review == ()


def _pikepdf_linear(source: Path, out: Path) -> None:
    with pikepdf.open(source) as pdf:
        pdf.save(out, linearize=True)


def _pypdf_again(source: Path, out: Path) -> None:
    pypdf.PdfWriter(clone_from=str(source)).write(out)


def _pypdf_update(source: Path, out: Path) -> None:
    writer = pypdf.PdfWriter(str(source), incremental=True)
    writer.add_metadata({"/Touched": "yes"})
    writer.write(out)


def _by(*command: str) -> Callable[[Path, Path], None]:
    def saves(source: Path, out: Path) -> None:
        words = [program(command[0]), *(word.format(source=source, out=out) for word in command[1:])]
        done: subprocess.CompletedProcess[bytes] = run(words)
        assert done.returncode in (0, 3), done.stderr

    return saves


SAVES: dict[str, Callable[[Path, Path], None]] = {
    "pikepdf, linear": _pikepdf_linear,
    "pypdf, anew": _pypdf_again,
    "pypdf, as an update": _pypdf_update,
    "qpdf, readable": _by("qpdf", "--qdf", "--object-streams=disable", "{source}", "{out}"),
    "qpdf, old": _by("qpdf", "--force-version=1.3", "--object-streams=disable", "{source}", "{out}"),
    "qpdf, encrypted": _by("qpdf", "--encrypt", "", "owner", "256", "--", "{source}", "{out}"),
    "pdftk, anew": _by("pdftk", "{source}", "output", "{out}"),
    "pdftk, uncompressed": _by("pdftk", "{source}", "output", "{out}", "uncompress"),
}


@pytest.mark.parametrize("save", SAVES)
def test_a_return_that_another_program_saved_again_has_equal_answers(tmp_path: Path, save: str) -> None:
    example = EXAMPLES[0]
    form = form_of(example)
    first, again = tmp_path / "first.pdf", tmp_path / "again.pdf"
    first.write_bytes(fill_form(form.pdf, form.descriptor, answers_in(example)).pdf)
    SAVES[save](first, again)
    found = read(tmp_path, again.read_bytes(), form)
    assert found.answers == read(tmp_path, first.read_bytes(), form).answers
    assert found.review == ()


def test_every_example_comes_back_from_our_own_fill(tmp_path: Path) -> None:
    """Ticks left off read as false, which an example may leave out."""
    for example in sorted((ROOT / "tests/demo").glob("*/*.json")):
        form, wanted = form_of(example), answers_in(example)
        found = read(tmp_path, fill_form(form.pdf, form.descriptor, wanted).pdf, form)
        assert {id: value for id, value in found.answers.items() if value is not False or id in wanted} == wanted
        assert found.review == ()


@pytest.mark.parametrize("example", sorted((ROOT / "tests/demo").glob("*/*.json")), ids=named)
def test_pypdf_reads_every_answer_as_pikepdf_does(tmp_path: Path, example: Path) -> None:
    form = form_of(example)
    path = tmp_path / "a.pdf"
    path.write_bytes(fill_form(form.pdf, form.descriptor, answers_in(example)).pdf)
    theirs = pypdf.PdfReader(path).get_fields() or {}
    with pikepdf.open(path) as pdf:
        ours = read_raw_fields(pdf, Limits()).fields
    for widget in form.descriptor.widgets:
        value = theirs[widget.name].get("/V")
        said = "" if value is None else str(value).removeprefix("/")
        (copy,) = ours[widget.name]
        assert "".join(copy.values) == said

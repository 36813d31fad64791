"""The programs that fill forms, each as its users would drive it: a blank and the values in, the saved file out."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pikepdf
import pymupdf
import pypdf
import pypdfium2
import pytest
from pikepdf.form import CheckboxField, ChoiceField, Form, RadioButtonGroup, TextField
from tests import peers, programs
from tests.pdf_fields import Value, fields_of
from tests.viewers import chromium, firefox, java_fillers, others, pdfcpu, poppler_glib
from tests.viewers.cases import Case

Refused = Mapping[str, str]
"""Full name of a field that a program would not fill -> what it said."""
Fill = Callable[[Path, Case, Path], Refused]


@dataclass(frozen=True)
class Filler:
    """One program. how: what was done with it, for the page. fast: it takes part in `make test-all`.

    opened: people open a form in it; otherwise it is a library or a command, which fills for them.
    editions: it fills other editions than the first, too.
    """

    id: str
    title: str
    how: str
    version: Callable[[], str]
    fill: Fill
    fast: bool = False
    opened: bool = False
    editions: bool = False


def _npm(package: str) -> Callable[[], str]:
    def version() -> str:
        path = programs.TESTS / "node_modules" / package / "package.json"
        if not path.is_file():
            pytest.skip(f"the npm package {package} is not installed (npm ci in tests/)")
        return str(json.loads(path.read_text("utf-8"))["version"])

    return version


def _pdftk_version() -> str:
    said = programs.run([programs.program("pdftk"), "--version"]).stdout.decode()
    found = re.search(r"(\d+\.[\d.]+\d)", said)
    assert found, said
    return found[1]


def _pdfium_version() -> str:
    return str(pypdfium2.version.PDFIUM_INFO.build)


def _pymupdf_version() -> str:
    return str(pymupdf.VersionBind)


def _pdfium(blank: Path, case: Case, out: Path) -> Refused:
    programs.fill_with_pdfium(blank, case.values, out)
    return {}


def _pdfjs(blank: Path, case: Case, out: Path) -> Refused:
    programs.node("fill_pdfjs.mjs", {"blank": str(blank), "values": case.values, "out": str(out)})
    return {}


def _pdf_lib(package: str) -> Fill:
    def fill(blank: Path, case: Case, out: Path) -> Refused:
        programs.fill_with_pdf_lib(blank, case.values, out, package)
        return {}

    return fill


def _pdftk_fdf(blank: Path, case: Case, out: Path) -> Refused:
    programs.fill_with_pdftk(blank, case.values, out)
    return {}


def _pdftk_xfdf(blank: Path, case: Case, out: Path) -> Refused:
    command: list[str | Path] = [programs.program("pdftk"), blank, "fill_form", "-", "output", out, "need_appearances"]
    done = programs.run(command, _xfdf(blank, case.values))
    assert not done.returncode, done.stderr
    return {}


def _xfdf(blank: Path, values: Mapping[str, Value]) -> str:
    """The values as XFDF, a field tree as nested elements (ISO 19444-1)."""
    fields = fields_of(blank)
    tree: dict[str, Any] = {}
    for name, value in values.items():
        *above, last = name.split(".")
        node = tree
        for part in above:
            node = node.setdefault(part, {})
        isstate = isinstance(value, bool) or fields[name].kind == "radio"
        node[last] = fields[name].state_for(value) if isstate else value
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<xfdf xmlns="http://ns.adobe.com/xfdf/" xml:space="preserve">'
    return f"{head}<fields>{_xfdf_fields(tree)}</fields></xfdf>"


def _xfdf_fields(tree: Mapping[str, Any]) -> str:
    parts = []
    for name, inner in tree.items():
        content = _xfdf_fields(inner) if isinstance(inner, dict) else f"<value>{escape(inner)}</value>"
        parts.append(f'<field name="{escape(name)}">{content}</field>')
    return "".join(parts)


def _pypdf(blank: Path, case: Case, out: Path) -> Refused:
    """By full names. pypdf takes `name` for every field whose last part is that, unless the whole name follows."""
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it tells each letter that it cannot draw
    programs.fill_with_pypdf(blank, dict(sorted(case.values.items(), key=lambda one: one[0].count("."))), out)
    return {}


def _pikepdf(blank: Path, case: Case, out: Path) -> Refused:
    with pikepdf.open(blank) as pdf:
        form = Form(pdf)
        by_name = {field.fully_qualified_name: field for field in form}
        for name, value in case.values.items():
            field = by_name[name]
            if isinstance(field, CheckboxField):
                field.checked = value is True
            elif isinstance(field, RadioButtonGroup):
                field.value = pikepdf.Name(f"/{value}")
            elif isinstance(field, ChoiceField | TextField):
                field.value = str(value)
        pdf.Root.AcroForm.NeedAppearances = True
        pdf.save(out)
    return {}


def _pymupdf(blank: Path, case: Case, out: Path) -> Refused:
    """By its widgets. A radio button is one widget each, known by its state."""
    document = pymupdf.open(blank)
    for page in document:
        for widget in page.widgets():
            value = case.values.get(widget.field_name, False)
            if value is False:
                continue
            if widget.field_type == pymupdf.PDF_WIDGET_TYPE_RADIOBUTTON:
                if widget.on_state() != value:
                    continue
                widget.field_value = value
            elif widget.field_type == pymupdf.PDF_WIDGET_TYPE_COMBOBOX:
                widget.field_value = case.form.descriptor.edition.labels[f"{widget.field_name}/{value}"]
            else:
                widget.field_value = value
            widget.update()
    document.save(out)
    return {}


FILLERS: tuple[Filler, ...] = (
    Filler(
        "firefox",
        "Firefox",
        "its own viewer without a window: clicks and keys by Marionette, saved by its button; the test answers the "
        "dialog that asks where",
        firefox.version,
        firefox.fill,
        opened=True,
    ),
    Filler(
        "chromium",
        "Chromium",
        "its own viewer without a window: clicks and keys by the DevTools protocol, saved by its button; the test "
        "answers the dialog that asks where",
        chromium.version,
        chromium.fill,
        fast=True,
        opened=True,
    ),
    Filler(
        "pdfjs-viewer",
        "pdf.js, whole viewer",
        "the viewer that websites embed (npm ng2-pdfjs-viewer), served from this machine, opened in Chromium: clicks "
        "and keys, saved by its button",
        others.whole_viewer_version,
        others.fill_by_whole_viewer,
        opened=True,
    ),
    Filler(
        "pdfium",
        "pdfium, form-fill calls",
        "clicked and typed through FORM_OnLButtonDown, FORM_ReplaceSelection and their kin",
        _pdfium_version,
        _pdfium,
        fast=True,
        editions=True,
        opened=True,
    ),
    Filler(
        "poppler",
        "poppler, GLib",
        "the form calls that Evince uses, saved with poppler_document_save",
        poppler_glib.version,
        poppler_glib.fill,
        opened=True,
    ),
    Filler(
        "pdfjs",
        "pdf.js, library",
        "values set in its annotation storage, saved with saveDocument",
        _npm("pdfjs-dist"),
        _pdfjs,
        fast=True,
        editions=True,
    ),
    Filler(
        "pdftk-fdf",
        "pdftk, from FDF",
        "fill_form from FDF in UTF-16, need_appearances",
        _pdftk_version,
        _pdftk_fdf,
        fast=True,
        editions=True,
    ),
    Filler("pdftk-xfdf", "pdftk, from XFDF", "fill_form from XFDF, need_appearances", _pdftk_version, _pdftk_xfdf),
    Filler(
        "pdf-lib",
        "pdf-lib",
        "its form calls; appearances left to the next viewer, as its own fonts are Western European",
        _npm("pdf-lib"),
        _pdf_lib("pdf-lib"),
    ),
    Filler(
        "cantoo-pdf-lib",
        "@cantoo/pdf-lib",
        "as pdf-lib",
        _npm("@cantoo/pdf-lib"),
        _pdf_lib("@cantoo/pdf-lib"),
    ),
    Filler(
        "pypdf",
        "pypdf",
        "update_page_form_field_values, with the appearances that it draws",
        lambda: pypdf.__version__,
        _pypdf,
        fast=True,
        editions=True,
    ),
    Filler(
        "pikepdf",
        "pikepdf",
        "its form interface; appearances left to the next viewer (NeedAppearances)",
        lambda: pikepdf.__version__,
        _pikepdf,
    ),
    Filler(
        "pdfbox",
        "Apache PDFBox",
        "PDField.setValue; where it cannot draw a value, once more with NeedAppearances",
        java_fillers.version_of("pdfbox"),
        java_fillers.fill_by("FillPdfBox"),
    ),
    Filler(
        "openpdf",
        "OpenPDF",
        "AcroFields.setField, appearances left to the next viewer",
        java_fillers.version_of("openpdf"),
        java_fillers.fill_by("FillOpenPdf"),
    ),
    Filler("pdfcpu", "pdfcpu", "form fill, from the JSON that form export gives", pdfcpu.version, pdfcpu.fill),
    Filler("pymupdf", "PyMuPDF", "Widget.update, with the appearances that it draws", _pymupdf_version, _pymupdf),
    Filler(
        "mupdf",
        "MuPDF, mutool",
        "a script of `mutool run`: setTextValue, setChoiceValue, toggle, update; it draws each answer",
        others.mutool_version,
        others.fill_by_mutool,
        fast=True,
        editions=True,
    ),
    Filler(
        "itext",
        "iText",
        "PdfFormField.setValue, with NeedAppearances",
        java_fillers.version_of("forms"),
        java_fillers.fill_by("FillIText"),
    ),
    Filler(
        "pypdfform",
        "PyPDFForm",
        "PdfWrapper.fill with full names and need_appearances",
        lambda: peers.version("pypdfform"),
        others.fill_by_peer("pypdfform", drawn=False),
    ),
    Filler(
        "fillpdf",
        "fillpdf (pdfrw)",
        "write_fillable_pdf",
        lambda: peers.version("fillpdf"),
        others.fill_by_peer("fillpdf"),
    ),
    Filler(
        "pdf-oxide",
        "pdf-oxide",
        "set_form_field_value, save",
        lambda: peers.version("pdf_oxide"),
        others.fill_by_peer("pdf-oxide"),
    ),
    Filler(
        "oxidize-pdf",
        "oxidize-pdf",
        "IncrementalFormFiller.fill_many, without the fields that it refuses",
        lambda: peers.version("oxidize_pdf"),
        others.fill_by_peer("oxidize-pdf"),
    ),
    Filler("libpdf", "@libpdf/core", "PDFForm.fill, field by field", _npm("@libpdf/core"), others.fill_by_libpdf),
)

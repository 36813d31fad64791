"""Two PDFs in; one PDF out, as a program that merges files makes it. Each names what it does to forms."""

from __future__ import annotations

import shutil
import sys
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pikepdf
import pypdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from tests.programs import TESTS, program, run

PDF_FILLERS = Path(sys.prefix) / "pdf-fillers"
PDFBOX = next(PDF_FILLERS.glob("pdfbox-[0-9]*.jar"), None)
HANDLE_PDFBOX = TESTS / "java" / "fillers" / "HandlePdfBox.java"
Merge = Callable[[list[Path], Path], Path]


def with_qpdf(given: list[Path], out: Path) -> Path:
    """Names that are taken get `+1`; the claims are dropped."""
    return _made([program("qpdf"), "--empty", "--pages", *given, "--", out], out)


def with_qpdf_into_the_first(given: list[Path], out: Path) -> Path:
    """The same; the first file's claim stays, for all."""
    return _made([program("qpdf"), given[0], "--pages", *given, "--", out], out)


def with_pdftk(given: list[Path], out: Path) -> Path:
    """Names that are taken are hung below a field `1`; the claims are dropped."""
    return _made([program("pdftk"), *given, "cat", "output", out], out)


def with_pdfunite(given: list[Path], out: Path) -> Path:
    """Widgets lose the fields above them, and so their names; the list of fields has nulls."""
    return _made([program("pdfunite"), *given, out], out)


def with_pdfcpu(given: list[Path], out: Path) -> Path:
    """The second form's fields are hung below a number; the first file's claim stays."""
    return _made([program("pdfcpu"), "merge", out, *given], out)


def with_mutool(given: list[Path], out: Path) -> Path:
    """Every widget is dropped, and what stood in it: two blank forms come back."""
    return _made([program("mutool"), "merge", "-o", out, *given], out)


def pdfbox(what: str, out: Path, *given: Path) -> list[str | Path]:
    """The command by which PDFBox does one thing to files. Skips where it is not here."""
    if not PDFBOX or not shutil.which("javac"):
        pytest.skip("PDFBox or a JDK is not here (make viewers fetches PDFBox)")
    return [program("java"), "-cp", f"{PDF_FILLERS}/*", HANDLE_PDFBOX, what, out, *given]


def with_pdfbox(given: list[Path], out: Path) -> Path:
    """Names that are taken become `dummyFieldName` and a number; the first file's claim stays."""
    return _made(pdfbox("merge", out, *given), out)


def with_pdfbox_that_joins(given: list[Path], out: Path) -> Path:
    """In its mode that joins the fields of one name: on these forms the same."""
    return _made(pdfbox("join", out, *given), out)


def with_pypdf(given: list[Path], out: Path) -> Path:
    """Two fields of every name; the claims are dropped."""
    with pypdf.PdfWriter() as writer:
        for one in given:
            writer.append(one)
        writer.write(out)
    return out


def with_pikepdf_pages(given: list[Path], out: Path) -> Path:
    """Pages taken over: widgets without a list of fields."""
    with pikepdf.new() as merged, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of just that
        for one in given:
            with pikepdf.open(one) as pdf:
                merged.pages.extend(pdf.pages)
        merged.save(out)
    return out


def with_shared_fields(given: list[Path], out: Path) -> Path:
    """By hand, as py-pdf/pypdf#606 tells of it: one field of each name, two widgets."""
    with_pikepdf_pages(given, out)
    with pikepdf.open(out, allow_overwriting_input=True) as pdf:
        owners: dict[str, pikepdf.Object] = {}
        for page in pdf.pages:
            for widget in page.obj.get("/Annots", []):
                if widget.get("/Subtype") == Name.Widget:
                    _share(pdf, widget, owners)
        pdf.Root.AcroForm = Dictionary(Fields=Array(list(owners.values())))
        pdf.save(out)
    return out


def _share(pdf: pikepdf.Pdf, widget: pikepdf.Object, owners: dict[str, pikepdf.Object]) -> None:
    """Hang a widget below the one field of its name."""
    node, names, held = widget, [], {}
    while True:
        held = {**{key: node[key] for key in ("/FT", "/Ff", "/V", "/Opt") if key in node}, **held}
        names += [str(node.T)] if "/T" in node else []
        if "/Parent" not in node:
            break
        node = node.Parent
    name = ".".join(reversed(names))
    if name not in owners:
        owners[name] = pdf.make_indirect(
            Dictionary(T=String(name), Kids=Array(), **{k[1:]: v for k, v in held.items()})
        )
    for key in ("/T", "/FT", "/Ff", "/V", "/Opt"):
        if key in widget:
            del widget[key]
    widget.Parent = owners[name]
    owners[name].Kids.append(widget)


def version_of(name: str) -> str:
    """The version of a program, as the manual's tables print it."""
    if name in ("pypdf", "pikepdf"):
        return version(name)
    if name.startswith("PDFBox") or name == "pdfbox":
        return PDFBOX.stem.removeprefix("pdfbox-") if PDFBOX else "?"
    flag = {"pdfcpu": "version", "pdfunite": "-v", "mutool": "-v"}.get(name, "--version")
    done = run([program(name), flag])
    words = (done.stdout + done.stderr).decode("utf-8", "replace").split()
    return next((word.strip(",;()") for word in words if word[:1].isdigit() or word[:2] in ("v0", "v1")), "?")


def _made(command: list[str | Path], out: Path) -> Path:
    out.unlink(missing_ok=True)  # pdfcpu leaves a file that is there
    done = run(command)
    assert out.is_file(), done.stderr.decode("utf-8", "replace")[-2000:]
    return out


def is_there(name: str) -> bool:
    return name in ("pypdf", "pikepdf", "PDFBox") or shutil.which(name) is not None


KEEP_FIELDS: dict[str, Merge] = {
    "qpdf": with_qpdf,
    "qpdf into the first": with_qpdf_into_the_first,
    "pdftk": with_pdftk,
    "pdfunite": with_pdfunite,
    "pypdf": with_pypdf,
    "pikepdf, pages only": with_pikepdf_pages,
}
"""Those that every machine that runs the tests has, and that leave the answers in the file."""

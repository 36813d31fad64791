"""Programs that turn the fields of a form into plain print: a filled form in, a copy without fields out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from tests.programs import program, run


def with_qpdf(given: Path, out: Path) -> Path:
    """Let qpdf put the appearances into the pages; the claim stays."""
    return _made([program("qpdf"), "--flatten-annotations=all", given, out], out)


def with_pdftocairo(given: Path, out: Path) -> Path:
    """Let poppler draw the pages anew by cairo."""
    return _made([program("pdftocairo"), "-pdf", given, out], out)


def with_mutool(given: Path, out: Path) -> Path:
    """Let MuPDF draw the pages anew."""
    return _made([program("mutool"), "convert", "-o", out, given], out)


def with_ghostscript(given: Path, out: Path) -> Path:
    """Ghostscript writes the PDF anew as a printer's driver does."""
    return _made([program("gs"), "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-o", out, given], out)


def through_postscript(given: Path, out: Path) -> Path:
    """Printed to PostScript and made a PDF again: the letters lose their names."""
    between = out.with_suffix(".ps")
    _made([program("pdftops"), given, between], between)
    return _made([program("gs"), "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-o", out, between], out)


def with_pdfium(given: Path, out: Path) -> Path:
    """Let pdfium do what Chrome does before it prints."""
    with pypdfium2.PdfDocument(given) as document:
        document.init_forms()
        for page in document:
            assert pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_PRINT) != pdfium.FLATTEN_FAIL
        document.save(str(out))
    return out


def _made(command: list[str | Path], out: Path) -> Path:
    done = run(command)
    assert out.is_file(), done.stderr.decode("utf-8", "replace")[-2000:]
    return out


Flattener = Callable[[Path, Path], Path]
SMALL: dict[str, Flattener] = {"qpdf": with_qpdf, "pdftocairo": with_pdftocairo, "pdfium": with_pdfium}
"""Those that every machine that runs the tests has."""
OTHERS: dict[str, Flattener] = {"mutool": with_mutool, "ghostscript": with_ghostscript}

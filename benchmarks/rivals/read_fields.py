"""A reader's name and a list of files in; what the reader says of each field out, a JSON line a file.

Usage: python read_fields.py READER LIST. It imports nothing of ours, and one library: some live in an environment of
their own. Each file is read as that library's own manual says.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

Fields = dict[str, Any]


def by_pikepdf() -> Callable[[str], Fields]:
    """The bare walk: open, and read each field's value."""
    import pikepdf

    def read(path: str) -> Fields:
        found: Fields = {}
        with pikepdf.open(path) as pdf:
            waiting = [("", field) for field in pdf.Root.AcroForm.Fields]
            while waiting:
                above, field = waiting.pop()
                name = above
                if "/T" in field:
                    name = f"{above}.{field.T}" if above else str(field.T)
                if "/Kids" in field:
                    waiting.extend((name, kid) for kid in field.Kids)
                if "/V" in field:
                    found[name] = str(field.V)
        return found

    return read


def by_pypdf() -> Callable[[str], Fields]:
    """`PdfReader.get_fields`."""
    import pypdf

    def read(path: str) -> Fields:
        return {name: field.get("/V") for name, field in (pypdf.PdfReader(path).get_fields() or {}).items()}

    return read


def by_pypdfform() -> Callable[[str], Fields]:
    """`PdfWrapper.data`. A radio button comes as the place of its option."""
    from PyPDFForm import PdfWrapper

    return lambda path: PdfWrapper(path, use_full_widget_name=True).data


def by_pdfium() -> Callable[[str], Fields]:
    """Form-fill calls on the widgets of every page."""
    import ctypes

    import pypdfium2
    import pypdfium2.raw as pdfium

    def words(ask: Callable[..., int], form: Any, annotation: Any) -> str:
        length = ask(form, annotation, None, 0)
        buffer = ctypes.create_string_buffer(max(length, 2))
        ask(form, annotation, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), length)
        return buffer.raw[: max(length - 2, 0)].decode("utf-16-le", "surrogatepass")

    def read(path: str) -> Fields:
        document = pypdfium2.PdfDocument(path)
        try:
            document.init_forms()
            return dict(_widgets(document, document.formenv.raw)) if document.formenv else {}
        finally:
            document.close()

    def _widgets(document: Any, form: Any) -> Iterator[tuple[str, str]]:
        buttons = (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON)
        for page in document:
            for index in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
                annotation = pdfium.FPDFPage_GetAnnot(page.raw, index)
                if pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_WIDGET:
                    name = words(pdfium.FPDFAnnot_GetFormFieldName, form, annotation)
                    if pdfium.FPDFAnnot_GetFormFieldType(form, annotation) not in buttons:
                        yield name, words(pdfium.FPDFAnnot_GetFormFieldValue, form, annotation)
                    elif pdfium.FPDFAnnot_IsChecked(form, annotation):
                        yield name, words(pdfium.FPDFAnnot_GetFormFieldExportValue, form, annotation)
                pdfium.FPDFPage_CloseAnnot(annotation)
            page.close()

    return read


def by_pdftk() -> Callable[[str], Fields]:
    """`pdftk FILE dump_data_fields_utf8`: a program run for every file."""

    def read(path: str) -> Fields:
        done = subprocess.run(["pdftk", path, "dump_data_fields_utf8"], capture_output=True, check=True)
        found: Fields = {}
        for field in done.stdout.decode().split("---\n")[1:]:
            said: dict[str, str] = {}
            key = ""
            for line in field.splitlines():
                before, colon, after = line.partition(": ")
                if colon and before.startswith("Field"):
                    key = before
                    said[key] = after
                elif key:
                    said[key] += "\n" + line
            found[said.get("FieldName", "")] = said.get("FieldValue", "")
        return found

    return read


READERS = {
    "pikepdf": by_pikepdf,
    "pypdf": by_pypdf,
    "PyPDFForm": by_pypdfform,
    "pdfium": by_pdfium,
    "pdftk": by_pdftk,
}


def read_all(read: Callable[[str], Fields], paths: Iterable[str]) -> Iterator[Fields | None]:
    """What each file says; None where the reader refuses it."""
    for path in paths:
        try:
            yield read(path)
        except Exception:  # noqa: BLE001 - whatever a library raises, it does not read the file
            yield None


def of_pdfbox(lines: Iterable[str], count: int) -> list[Fields | None]:
    """What ReadPdfBox.java printed."""
    found: list[Fields | None] = [{} for _ in range(count)]
    for number, *said in (line.split("\t") for line in lines):
        place = found[int(number)]
        if said == ["refused"]:
            found[int(number)] = None
        elif place is not None:
            name, value = (base64.b64decode(one).decode("utf-8", "surrogatepass") for one in said)
            place[name] = value
    return found


if __name__ == "__main__":
    files = Path(sys.argv[2]).read_text("utf-8").splitlines()
    for one in read_all(READERS[sys.argv[1]](), files):
        print(json.dumps(one, default=str))

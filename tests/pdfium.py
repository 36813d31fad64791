"""Fill a form by pdfium (Chrome) as a person would: click into a field, type or choose, leave it, save a copy."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from tests.pdf_fields import Value, fields_of


@dataclass(frozen=True)
class Widget:
    """One widget on a page: its field's full name, type, export value, and centre in points from the bottom left."""

    name: str
    type: int
    export_value: str
    x: float
    y: float


def fill_with_pdfium(blank: Path, values: Mapping[str, Value], out: Path) -> Path:
    """Fill by pdfium's form environment, by mouse and keyboard events, and save.

    A tick or radio button is clicked only when it must change. Raises AssertionError where a name has no widget.
    """
    waiting = dict(values)
    options = {name: field.options for name, field in fields_of(blank).items()}
    with _opened(blank) as (document, form):
        for index in range(len(document)):
            page = document[index]
            for widget in _widgets(page, form):
                if widget.name in waiting and _enter(form, page, widget, waiting[widget.name], options[widget.name]):
                    del waiting[widget.name]
            pdfium.FORM_ForceToKillFocus(form)
        assert not {name for name, value in waiting.items() if value is not False}, f"no widget took {sorted(waiting)}"
        document.save(str(out))
    return out


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Any, Any]]:
    document = pypdfium2.PdfDocument(str(path))
    try:
        document.init_forms()
        yield document, document.formenv.raw
    finally:
        document.close()


def _words(read: Callable[[Any, int], int]) -> str:
    """A string that pdfium gives in UTF-16: asked first for its length in bytes, then for itself."""
    length = read(None, 0)
    buffer = ctypes.create_string_buffer(max(length, 2))
    read(ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), length)
    return buffer.raw[: max(length - 2, 0)].decode("utf-16-le")


def _widgets(page: Any, form: Any) -> list[Widget]:
    found = []
    for index in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, index)
        if pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_WIDGET:
            found.append(_widget(form, annotation))
        pdfium.FPDFPage_CloseAnnot(annotation)
    return found


def _widget(form: Any, annotation: Any) -> Widget:
    box = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, box)
    return Widget(
        _words(lambda buffer, length: pdfium.FPDFAnnot_GetFormFieldName(form, annotation, buffer, length)),
        pdfium.FPDFAnnot_GetFormFieldType(form, annotation),
        _words(lambda buffer, length: pdfium.FPDFAnnot_GetFormFieldExportValue(form, annotation, buffer, length)),
        (box.left + box.right) / 2,
        (box.top + box.bottom) / 2,
    )


def _enter(form: Any, page: Any, widget: Widget, value: Value, options: tuple[str, ...]) -> bool:
    """Give one widget its value. Returns whether this was the widget that takes it."""
    if widget.type == pdfium.FPDF_FORMFIELD_CHECKBOX:
        if value is not _is_on(form, page, widget):
            _click(form, page, widget)
        return True
    if widget.type == pdfium.FPDF_FORMFIELD_RADIOBUTTON:
        if widget.export_value != value:
            return False
        _click(form, page, widget)
        return True
    _click(form, page, widget)
    if widget.type == pdfium.FPDF_FORMFIELD_COMBOBOX:
        return bool(pdfium.FORM_SetIndexSelected(form, page.raw, options.index(str(value)), True))
    _type(form, page, str(value))
    return True


def _click(form: Any, page: Any, widget: Widget) -> None:
    pdfium.FORM_OnMouseMove(form, page.raw, 0, widget.x, widget.y)
    pdfium.FORM_OnLButtonDown(form, page.raw, 0, widget.x, widget.y)
    pdfium.FORM_OnLButtonUp(form, page.raw, 0, widget.x, widget.y)


def _type(form: Any, page: Any, text: str) -> None:
    """Put text in place of all that stands in the field with the focus."""
    data = ctypes.create_string_buffer(text.encode("utf-16-le") + b"\0\0")
    pdfium.FORM_SelectAllText(form, page.raw)
    pdfium.FORM_ReplaceSelection(form, page.raw, ctypes.cast(data, ctypes.POINTER(pdfium.FPDF_WCHAR)))


def _is_on(form: Any, page: Any, widget: Widget) -> bool:
    point = pdfium.FS_POINTF(widget.x, widget.y)
    annotation = pdfium.FPDFAnnot_GetFormFieldAtPoint(form, page.raw, point)
    try:
        return bool(pdfium.FPDFAnnot_IsChecked(form, annotation))
    finally:
        pdfium.FPDFPage_CloseAnnot(annotation)

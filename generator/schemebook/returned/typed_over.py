"""A form whose fields are whole in, with the pages on which a program drew; what stands in empty boxes there out.

Who fills in a form with a tool that writes onto pages (a stamp, an overlay, the text tool of a library) leaves its
fields empty, and a person sees an answered form. What is found goes the way of notes over boxes: a person has to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pypdfium2

from schemebook.form_pdf.descriptor import Box, FormDescriptor
from schemebook.returned.recovery.page_place import Rect
from schemebook.returned.recovery.printed_pages import PrintedPage, pages_on_sheet
from schemebook.returned.recovery.text_layer import Letter
from schemebook.returned.recovery.typed_print import letters_by_box, text_of
from schemebook.returned.widget_answers import WidgetAnswer
from schemebook.returned.written_over import Note

_INSET = 1.0
"""Points inside a box, in which a letter of it stands."""


def typed_over(
    path: Path, form: FormDescriptor, drawn_on: Iterable[int], answers: Mapping[str, WidgetAnswer]
) -> list[Note]:
    """The texts that stand on the pages in the boxes of empty fields, each as a note over its box.

    drawn_on: numbers of pages, from 1, the same in the file and in the form; other pages are looked at by nobody.
    A file or a page that this library refuses gives none.
    """
    empty = [box for box in form.edition.boxes if answers[box.name] == WidgetAnswer()]
    try:
        with pypdfium2.PdfDocument(path) as pdf:
            pages = [number for number in drawn_on if number <= min(len(pdf), form.edition.pages)]
            return [
                note for number in pages for note in _on_page(pdf, number, form, [b for b in empty if b.page == number])
            ]
    except pypdfium2.PdfiumError:
        return []


def _on_page(pdf: pypdfium2.PdfDocument, number: int, form: FormDescriptor, empty: list[Box]) -> Iterator[Note]:
    page = pdf[number - 1]
    try:
        if _has_text(page, empty):
            for one in pages_on_sheet(page, number, {form.edition.id: form}, form.claim):
                if isinstance(one, PrintedPage) and one.page == number:
                    yield from _notes(one, empty)
    finally:
        page.close()


def _has_text(page: pypdfium2.PdfPage, boxes: list[Box]) -> bool:
    """Whether any text stands in some boxes: a page that was only written anew has none, and this is soon known."""
    left, bottom, *_ = page.get_mediabox()
    words = page.get_textpage()
    try:
        return any(
            words.get_text_bounded(
                *(at + origin for at, origin in zip(box.rect, (left, bottom) * 2, strict=True))
            ).strip()
            for box in boxes
        )
    finally:
        words.close()


def _notes(page: PrintedPage, empty: list[Box]) -> Iterator[Note]:
    """What stands in the empty boxes of a page, beside what the blank prints."""
    several_lines = {widget.name: widget.multi_line for widget in page.form.widgets}
    places = {
        f"{box.name}/{box.option}": page.place.rect(box.rect)
        for box in page.form.edition.boxes
        if box.page == page.page
    }
    held, _ = letters_by_box(page.letters, places)
    for box in empty:
        key = f"{box.name}/{box.option}"
        if any(_is_in(letter, places[key]) for letter in held[key]):
            text = text_of(held[key], places[key], several_lines[box.name])
            if text:
                yield Note(page.number, box.rect, text)


def _is_in(letter: Letter, rect: Rect) -> bool:
    left, bottom, right, top = rect
    middle = (letter.bottom + letter.top) / 2
    return left + _INSET <= letter.middle <= right - _INSET and bottom <= middle <= top and not letter.text.isspace()

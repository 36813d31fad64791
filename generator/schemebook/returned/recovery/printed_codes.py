"""A returned PDF and some of its pages in; the codes that are printed there as text out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pypdfium2

from schemebook.returned.recovery.page_codes import PageCode, codes_in
from schemebook.returned.recovery.printed_pages import MOST_LETTERS
from schemebook.returned.recovery.text_layer import letters_of, words_of


def codes_of_pages(path: Path, numbers: Iterable[int]) -> dict[int, list[PageCode]]:
    """Number of a page, from 1 -> the codes among its words. A file that this library refuses gives none."""
    try:
        with pypdfium2.PdfDocument(path) as pdf:
            return {number: _codes(pdf[number - 1]) for number in numbers if number <= len(pdf)}
    except pypdfium2.PdfiumError:
        return {}


def _codes(page: pypdfium2.PdfPage) -> list[PageCode]:
    try:
        return codes_in(word.text for word in words_of(letters_of(page, MOST_LETTERS)))
    finally:
        page.close()

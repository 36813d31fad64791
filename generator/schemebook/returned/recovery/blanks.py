"""A published edition in; what its blank prints out, page by page: read when it is first asked for, then kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pypdfium2

from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.returned.recovery.text_layer import Letter, Word, letters_of, words_of

_KEPT = 32
_MOST_LETTERS = 50_000


@dataclass(frozen=True)
class BlankPage:
    """The print of one page of a blank."""

    letters: tuple[Letter, ...]
    words: tuple[Word, ...]


def blank_pages(form: FormDescriptor) -> tuple[BlankPage, ...]:
    """The pages of an edition's blank; none where it is not there or is not that edition's."""
    pages = _pages(form.blank) if form.blank is not None and form.blank.is_file() else ()
    return pages if len(pages) == form.edition.pages else ()


@lru_cache(_KEPT)
def _pages(blank: Path) -> tuple[BlankPage, ...]:
    with pypdfium2.PdfDocument(blank) as pdf:
        found = []
        for page in pdf:
            letters = tuple(letters_of(page, _MOST_LETTERS))
            found.append(BlankPage(letters, tuple(words_of(letters))))
        return tuple(found)

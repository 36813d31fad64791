"""A chapter in; the elements of HTML and the letters that its PDF cannot show out, as problems with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from schemebook.errors import Place, Problem
from schemebook.form_pdf.fonts import missing_letters, missing_scripts
from schemebook.handbook.book import Book
from schemebook.handbook.html_tree import parse_html
from schemebook.handbook.printed_line import Part, Walk
from schemebook.handbook.printed_links import Links
from schemebook.handbook.printed_page import KNOWN, flow, printed_page
from schemebook.handbook.scheme_pages import scheme_page
from schemebook.handbook.site_config import page_html
from schemebook.scheme.project import DOCS
from schemebook.scheme.words import problem

_TAG = re.compile(r"<([A-Za-z][\w-]*)")
_NO_WORDS = frozenset(("k", "id", "to", "url", "svg", "role", "who", "align"))
"""Keys of a block whose text is not printed. What a drawing says is drawn from the scheme's file."""


def problems_on_paper(book: Book, page: str) -> Iterator[Problem]:
    """What of a chapter cannot be shown. Raises SchemebookError as the page does."""
    text = _source(book, page)
    if {tag.casefold() for tag in _TAG.findall(text)} <= KNOWN and not missing_letters(text):
        return
    walk = Walk(page, Links(frozenset(), frozenset()), flow)
    blocks = printed_page(parse_html(page_html(scheme_page(book, page))), walk)
    yield from unprintable(book, walk, blocks)


def unprintable(book: Book, walk: Walk, blocks: list[Part]) -> Iterator[Problem]:
    """A problem for each element that a walk over a page did not know, and one for letters that no font has."""
    text = _source(book, walk.page)
    for tag in sorted(walk.unknown):
        found = re.search(rf"<{re.escape(tag)}\b", text, re.IGNORECASE)
        place = _place(book, walk.page, text, found.start() if found else 0)
        yield problem(place, "handbook.not-on-paper", tag=tag)
    if letters := missing_letters("".join(_words_of(blocks))):
        yield letter_problem(_place(book, walk.page, text, max(0, text.find(letters[0]))), letters)


def letter_problem(place: Place, letters: str) -> Problem:
    """Letters that cannot be printed, at their place; so many as a line holds."""
    shown = letters if len(letters) <= 12 else f"{letters[:12]}…"
    return problem(place, "handbook.no-font", letters=shown, scripts=", ".join(missing_scripts(letters)))


def _words_of(parts: Any) -> Iterator[str]:
    if isinstance(parts, str):
        yield parts
    elif isinstance(parts, list):
        for part in parts:
            yield from _words_of(part)
    elif isinstance(parts, dict):
        for key, part in parts.items():
            if key not in _NO_WORDS:
                yield from _words_of(part)


def _place(book: Book, page: str, text: str, at: int) -> Place:
    chapter = book.chapters.get(page)
    file = f"{DOCS}/{book.scheme.scheme}/{chapter.file if chapter else f'{page}.md'}"
    return Place(file, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))


def _source(book: Book, page: str) -> str:
    chapter = book.chapters.get(page)
    path = book.project.root / DOCS / book.scheme.scheme / (chapter.file if chapter else f"{page}.md")
    return path.read_text("utf-8-sig") if path.is_file() else ""

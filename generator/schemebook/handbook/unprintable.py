"""A chapter in; the elements of HTML in it that the handbook PDF cannot show out, as problems with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from schemebook.errors import Place, Problem
from schemebook.handbook.book import Book
from schemebook.handbook.html_tree import parse_html
from schemebook.handbook.printed_line import Walk
from schemebook.handbook.printed_links import Links
from schemebook.handbook.printed_page import KNOWN, flow, printed_page
from schemebook.handbook.scheme_pages import scheme_page
from schemebook.handbook.site_config import page_html
from schemebook.scheme.project import DOCS
from schemebook.scheme.words import problem

_TAG = re.compile(r"<([A-Za-z][\w-]*)")


def problems_on_paper(book: Book, page: str) -> Iterator[Problem]:
    """What of a chapter cannot be shown. Raises SchemebookError as the page does."""
    text = _source(book, page)
    if {tag.casefold() for tag in _TAG.findall(text)} <= KNOWN:
        return
    walk = Walk(page, Links(frozenset(), frozenset()), flow)
    printed_page(parse_html(page_html(scheme_page(book, page))), walk)
    yield from unprintable(book, page, walk.unknown)


def unprintable(book: Book, page: str, tags: Iterable[str]) -> Iterator[Problem]:
    """A problem for each element that a walk over a page did not know. Our own pages hold none: it is a chapter's."""
    text = _source(book, page)
    chapter = book.chapters.get(page)
    file = f"{DOCS}/{book.scheme.scheme}/{chapter.file if chapter else f'{page}.md'}"
    for tag in sorted(tags):
        found = re.search(rf"<{re.escape(tag)}\b", text, re.IGNORECASE)
        at = found.start() if found else 0
        place = Place(file, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
        yield problem(place, "handbook.not-on-paper", tag=tag)


def _source(book: Book, page: str) -> str:
    chapter = book.chapters.get(page)
    path = book.project.root / DOCS / book.scheme.scheme / (chapter.file if chapter else f"{page}.md")
    return path.read_text("utf-8-sig") if path.is_file() else ""

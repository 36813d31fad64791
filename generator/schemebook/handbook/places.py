"""A scheme in; what a link can lead to out: the files that its part of the site will have, and the places on a page."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import get_args

from schemebook.handbook.book import Book, edition_address
from schemebook.handbook.facts import PAGES, SHEETS, book_address, book_addresses
from schemebook.handbook.scheme_pages import chapter_assets, scheme_page
from schemebook.handbook.site_config import page_html
from schemebook.scheme.model import EditionName, Scheme
from schemebook.scheme.project import DOCS, Project


def site_files(project: Project, scheme: Scheme) -> set[str]:
    """What a scheme's folder on the site holds, as a chapter links to it: pages with .md, forms as PDFs, pictures."""
    folder = project.root / DOCS / scheme.scheme
    pages = {f"{page}.md" for page in Book(project, scheme).titles}
    forms = {edition_address(form, name, scheme.editions[0]) for form in scheme.forms for name in scheme.editions}
    others = {path.relative_to(folder).as_posix() for path in chapter_assets(project.root, scheme.scheme)}
    return pages | forms | others | set(map(posixpath.basename, book_addresses(scheme).values()))


def possible_files(root: Path, scheme: str, chapters: Iterable[str], forms: Iterable[str]) -> set[str]:
    """What `site_files` can be once a scheme's own file is mended, as far as its chapters and forms can be read."""
    pages = {f"{page}.md" for page in (*PAGES, "help", *(PurePosixPath(file).stem for file in chapters))}
    names = get_args(EditionName)
    addresses = {edition_address(form, name, usual) for form in forms for name in names for usual in names}
    folder = root / DOCS / scheme
    others = {path.relative_to(folder).as_posix() for path in chapter_assets(root, scheme)}
    books = {posixpath.basename(book_address(scheme, sheet)) for sheet in ("", *SHEETS)}
    return pages | addresses | others | books


def places_on(book: Book, page: str) -> frozenset[str]:
    """The names of the places on a page that a link may end with, after #. Raises SchemebookError as the page does."""
    found = _Names()
    found.feed(page_html(scheme_page(book, page)))
    return frozenset(found.names)


class _Names(HTMLParser):
    """Collects the ids of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names |= {value for name, value in attrs if value and name in ("id", "name")}

"""A scheme in, the Markdown pages of its handbook out: file below the scheme's folder -> text.

What stands on a page comes from book.py, how it is written from templates/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from schemebook.errors import Place, SchemebookError
from schemebook.handbook import path_sign
from schemebook.handbook.book import Book, FormFile, begun, edition_words, size_words
from schemebook.handbook.facts import PAGES, help_page, page_titles, slug, stem
from schemebook.handbook.sentences import WordMarks, paragraphs, sentence
from schemebook.scheme.model import Chapter, Scheme
from schemebook.scheme.project import DOCS, Project
from schemebook.scheme.templating import render_text
from schemebook.scheme.words import what_and_to_do

TABS = ("index", "path", "forms", "rules")
"""The words of the head; the fifth leads to help."""
WIDE = ("index", "path")
"""Pages that take the whole width; the others have the handbook's contents beside them."""


def scheme_pages(project: Project, scheme: Scheme, files: Mapping[str, tuple[FormFile, ...]]) -> dict[str, str]:
    """Every page of a scheme's handbook: file name -> Markdown. files: form id -> its PDFs.

    Raises SchemebookError for a chapter that is not there or takes the name of a page of ours, and TemplateError for a
    text whose facts cannot be put in.
    """
    book = Book(project, scheme, files)
    return {f"{page}.md": scheme_page(book, page) for page in page_titles(scheme)}


def scheme_page(book: Book, page: str) -> str:
    """One page of a scheme's handbook, by the stem of its file. Raises as `scheme_pages` does."""
    scheme = book.scheme
    chapter = book.chapters.get(page)
    text = _chapter(book, chapter) if chapter else _written(book, page)
    beside = _beside(book.chapters, page) if chapter else {}
    return _with_front_matter(scheme, page, book.titles[page], text, beside)


def tab_of(scheme: Scheme, page: str) -> str:
    """The word of the head that a page belongs to; empty for the others."""
    return "help" if page == help_page(scheme) else page if page in TABS else ""


def _beside(chapters: Mapping[str, Chapter], page: str) -> dict[str, dict[str, str]]:
    """The chapters before and after one: title and address.

    They stand in the page itself, so that nothing but its own Markdown and mkdocs.yml says what it shows.
    """
    names = list(chapters)
    at = names.index(page)
    beside = {"before": names[at - 1 : at] if at else [], "after": names[at + 1 : at + 2]}
    return {key: {"title": chapters[one].title, "url": f"{one}.html"} for key, found in beside.items() for one in found}


def _with_front_matter(scheme: Scheme, page: str, title: str, text: str, beside: Mapping[str, dict[str, str]]) -> str:
    meta: dict[str, object] = {"title": title, "scheme": scheme.scheme, **beside}
    if tab := tab_of(scheme, page):
        meta["tab"] = tab
    if page in WIDE:
        meta["wide"] = True
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in meta.items()]
    return "\n".join(["---", *lines, "---", "", text.strip(), ""])


def _chapter(book: Book, chapter: Chapter) -> str:
    """A chapter with its facts put in, and the words of the glossary marked."""
    scheme = book.scheme
    if stem(chapter) in PAGES:
        raise SchemebookError(*what_and_to_do("handbook.chapter-takes-our-name", file=chapter.file))
    file = f"{DOCS}/{scheme.scheme}/{chapter.file}"
    path = book.project.root / file
    if not path.is_file():
        raise SchemebookError(*what_and_to_do("handbook.chapter-missing", file=chapter.file, scheme=scheme.scheme))
    text = render_text(path.read_text("utf-8-sig"), book.context, Place(file))
    if not any(line.startswith("# ") for line in text.splitlines()):
        text = f"# {chapter.title}\n\n{text}"
    text = _marked(text, tuple(scheme.glossary.items()))
    return f"{text.rstrip()}\n\n{_written(book, 'contact')}" if chapter.help else text


@lru_cache(maxsize=2000)
def _marked(text: str, glossary: tuple[tuple[str, str], ...]) -> str:
    """Most chapters are as they were when a project is written again under `serve`."""
    return WordMarks(dict(glossary))(text)


def _written(book: Book, page: str) -> str:
    """A page of ours, or a part of one, from its template."""
    template = _templates().get_template(f"{page}.md")
    return template.render(book=book, scheme=book.scheme, say=book.say, **_filters_of(book))


def page_from_template(name: str, project: Project, schemes: Sequence[Scheme], intro: Markup, place: Place) -> str:
    """The front page of the whole site. intro: its Markdown. place: the file that holds it, for messages."""
    books = [Book(project, scheme) for scheme in schemes]
    text = render_text(intro, {"schemes": [scheme.name for scheme in schemes]}, place)
    listed = [(book.scheme, f"{book.scheme.scheme}/index.html", _on_the_front_page(book), book.say) for book in books]
    body = _templates().get_template(name).render(intro=Markup(text), schemes=listed)
    return f"---\nwide: true\n---\n\n{body.strip()}\n"


def _on_the_front_page(book: Book) -> Markup:
    """What a scheme says first, on the page above its folder: its links lead into the folder."""
    html = sentence(book.put_in(book.scheme.front.lede))
    return Markup(re.sub(r'href="(?![a-z][a-z0-9+.-]+:|/|#)', f'href="{book.scheme.scheme}/', html))


def _filters_of(book: Book) -> dict[str, Callable[..., Any]]:
    marks = WordMarks(book.scheme.glossary)
    return {
        "known": lambda html: Markup(marks(html)),
        "text": lambda words: sentence(book.put_in(words)),
        "prose": lambda words: paragraphs(book.put_in(words)),
        "plain": lambda words: Markup(sentence(book.put_in(words))).striptags(),
    }


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("schemebook", "handbook/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        actor=path_sign.actor,
        sign=path_sign.sign,
        rail=path_sign.rail,
        segment=path_sign.segment,
        most_across=path_sign.MOST_ACROSS,
        slug=slug,
        size_words=size_words,
        edition_words=edition_words,
        begun=begun,
    )
    return made


def chapter_assets(root: Path, scheme: str) -> list[Path]:
    """What stands in a scheme's docs folder beside its chapters: pictures and other files that they show."""
    folder = root / DOCS / scheme
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")
    return sorted(path for path in found if not path.name.startswith("."))

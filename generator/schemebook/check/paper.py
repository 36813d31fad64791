"""A project in; what stands in its files and cannot be printed out: letters that no font has, and elements of HTML."""

from __future__ import annotations

from collections.abc import Iterator

from schemebook.check.project_files import blocks_of, forms_of, schemes_of
from schemebook.check.texts import strings, with_stand_ins
from schemebook.errors import Problem, SchemebookError
from schemebook.form_pdf.fonts import missing_letters
from schemebook.handbook.book import Book
from schemebook.handbook.unprintable import letter_problem, problems_on_paper
from schemebook.scheme.project import Project
from schemebook.scheme.yaml_source import YamlSource


def problems_with_paper(project: Project) -> Iterator[Problem]:
    """What forms and handbooks cannot show as PDFs. A chapter that is wrong otherwise is told elsewhere."""
    for source in blocks_of(project).values():
        yield from _letters(source)
    for id, scheme in schemes_of(project).items():
        yield from _letters(scheme)
        for source in forms_of(project, id).values():
            yield from _letters(source)
        whole = with_stand_ins(project, id)
        if whole:
            yield from _in_chapters(Book(whole, whole.schemes[id]))


def _letters(source: YamlSource) -> Iterator[Problem]:
    for steps, text in strings(source.data):
        if letters := missing_letters(text):
            yield letter_problem(source.place(steps), letters)


def _in_chapters(book: Book) -> Iterator[Problem]:
    for page in book.chapters:
        try:
            yield from problems_on_paper(book, page)
        except (SchemebookError, OSError, UnicodeDecodeError):
            continue

"""A project in; what stands in its chapters and cannot be shown in a handbook's PDF out."""

from __future__ import annotations

from collections.abc import Iterator

from schemebook.check.project_files import schemes_of
from schemebook.check.texts import with_stand_ins
from schemebook.errors import Problem, SchemebookError
from schemebook.handbook.book import Book
from schemebook.handbook.unprintable import problems_on_paper
from schemebook.scheme.project import Project


def problems_with_paper(project: Project) -> Iterator[Problem]:
    """Every element of a chapter that paper cannot show. A chapter that is wrong otherwise is told elsewhere."""
    for id in schemes_of(project):
        whole = with_stand_ins(project, id)
        book = Book(whole, whole.schemes[id]) if whole else None
        for page in book.chapters if book else ():
            try:
                yield from problems_on_paper(book, page) if book else ()
            except (SchemebookError, OSError, UnicodeDecodeError):
                continue

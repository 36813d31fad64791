"""A returned PDF without fields in; its answers out, read from the print of its pages, each with how sure it is.

Ticks are told by their ink. Text comes from the text layer of the page and is a proposal: a text layer can be wrong
where the labels are right, which only a look at the picture shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

import pypdfium2

from schemebook.form_pdf.descriptor import Claim, FormDescriptor
from schemebook.returned.limits import Limits
from schemebook.returned.opening import set_aside
from schemebook.returned.printed_pages import OtherPage, PrintedPage, printed_pages
from schemebook.returned.recovered import BoxReading, Recovered
from schemebook.returned.text_layer_door import read_printed_page
from schemebook.returned.widget_answers import WidgetAnswer


class PageOfForm(Protocol):
    """A page of which it is known what it is: number in the file, form, page of the form, token."""

    @property
    def number(self) -> int: ...
    @property
    def form(self) -> FormDescriptor: ...
    @property
    def page(self) -> int: ...
    @property
    def token(self) -> str | None: ...


AnyPage = TypeVar("AnyPage", bound=PageOfForm)
ReadPage = Callable[[AnyPage], tuple[list[BoxReading], bool]]
"""What each widget of a page answers, and whether something is written outside all boxes."""


@dataclass
class RecoveredForm:
    """One form of a file, read from its print.

    widgets: what each of its widgets answers. review: kinds of reasons why a person should look at the whole.
    """

    form: FormDescriptor
    token: str | None
    widgets: dict[str, WidgetAnswer] = field(default_factory=dict)
    recovered: list[Recovered] = field(default_factory=list)
    review: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Recovery:
    """What the text layer of a file gave. pictures: how many pages only a look at the picture may read or confirm."""

    forms: list[RecoveredForm]
    pictures: int


def recover(path: Path, known: Mapping[str, FormDescriptor], claim: Claim | None, limits: Limits) -> Recovery:
    """The forms that the pages of a PDF show as text; none where no page is of a published form.

    Raises SetAsideError several-forms where its pages cannot be told apart.
    """
    try:
        with pypdfium2.PdfDocument(path) as pdf:
            pages = list(printed_pages(pdf, known, claim)) if len(pdf) <= limits.printed_pages else []
    except pypdfium2.PdfiumError:
        return Recovery([], 0)
    others = {page.kind for page in pages if isinstance(page, OtherPage)}
    forms = forms_of([page for page in pages if isinstance(page, PrintedPage)], read_printed_page)
    if "picture" in others and any("page-missing" in form.review for form in forms):
        return Recovery([], len(pages))  # a page of it is a scan: read with the others or not at all
    if others - {"empty"}:
        for form in forms:
            form.review.append("strange-pages")
    unsure = any(not one.accepted for form in forms for one in form.recovered)
    return Recovery(forms, len(pages) if unsure or "picture" in others else 0)


def forms_of(pages: Sequence[AnyPage], read_page: ReadPage[AnyPage]) -> list[RecoveredForm]:
    """The forms that some pages make, read. Raises SetAsideError several-forms."""
    return [_form(copy, read_page) for copy in _copies(pages)]


def _copies(pages: Sequence[AnyPage]) -> list[list[AnyPage]]:
    """The pages of each form. Of several forms in one file each must be whole, or nobody knows whose a page is."""
    copies: list[list[AnyPage]] = []
    for page in pages:
        if not copies or not _belongs(page, copies[-1]):
            copies.append([])
        copies[-1].append(page)
    whole = [len(copy) == copy[0].form.edition.pages for copy in copies]
    if len(copies) > 1 and not all(whole):
        raise set_aside("several-forms")
    return copies


def _belongs(page: PageOfForm, copy: Sequence[PageOfForm]) -> bool:
    """Whether a page goes with those before it: of their edition and token, and none of them again."""
    same = page.form.edition.id == copy[0].form.edition.id and page.token == copy[0].token
    return same and page.page not in {one.page for one in copy}


def _form(copy: Sequence[AnyPage], read_page: ReadPage[AnyPage]) -> RecoveredForm:
    found = RecoveredForm(copy[0].form, copy[0].token)
    if len(copy) < found.form.edition.pages:
        found.review.append("page-missing")
    for page in copy:
        readings, beside = read_page(page)
        if beside:
            found.review.append("written-beside")
        for reading in readings:
            found.widgets[reading.widget.name] = reading.answer
            found.recovered += filter(None, [reading.recovered(page.number)])
    return found

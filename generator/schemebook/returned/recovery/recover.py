"""A returned PDF without fields in; its answers out, read from the print of its pages, each with how sure it is.

Ticks are told by their ink. Text comes from the text layer of the page and is a proposal: a text layer can be wrong
where the labels are right, which only a look at the picture shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Protocol, TypeVar

import pypdfium2

from schemebook.form_pdf.descriptor import Claim, FormDescriptor
from schemebook.returned.limits import Limits
from schemebook.returned.opening import set_aside
from schemebook.returned.recovery.printed_pages import OtherPage, PrintedPage, printed_pages
from schemebook.returned.recovery.recovered import BoxReading, PageCopy, Recovered
from schemebook.returned.recovery.text_layer_door import read_printed_page
from schemebook.returned.widget_answers import WidgetAnswer

_NEARLY = 0.85
"""How alike two readings of one proposal are at least."""


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

    pages: page of the form -> page of the file. widgets: what each of its widgets answers. review: kinds of reasons why
    a person should look at the whole. copies: pictures of its pages, where others may lie in other files.
    in_fields: of its pages some had fields.
    """

    form: FormDescriptor
    token: str | None
    pages: dict[int, int] = field(default_factory=dict)
    widgets: dict[str, WidgetAnswer] = field(default_factory=dict)
    recovered: list[Recovered] = field(default_factory=list)
    review: list[str] = field(default_factory=list)
    copies: tuple[PageCopy, ...] = ()
    in_fields: bool = False

    @property
    def whole(self) -> bool:
        """Whether all its pages are there."""
        return len(self.pages) == self.form.edition.pages


@dataclass(frozen=True)
class Recovery:
    """What the text layer of a file gave.

    pictures: how many pages only a look at the picture may read or confirm, or keep until the others of their form
    come.
    """

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
    unsure = any(not form.whole or any(not one.accepted for one in form.recovered) for form in forms)
    return Recovery(forms, len(pages) if unsure or "picture" in others else 0)


def forms_of(pages: Sequence[AnyPage], read_page: ReadPage[AnyPage]) -> list[RecoveredForm]:
    """The forms that some pages make, read, in the order of their first pages.

    Pages of one edition and token belong together whatever lies between them, as where both sides of several forms
    went through a scanner one after the other. A page that comes twice is left out the second time.
    Of several forms in one file each must be whole, or nobody knows whose a page is: SetAsideError several-forms.
    """
    forms = [_form(copy, read_page) for copy in _copies(pages)]
    if len(forms) > 1 and not all(form.whole for form in forms):
        forms = _without_repeated(forms)
    if len(forms) > 1 and not all(form.whole for form in forms):
        raise set_aside("several-forms")
    for form in forms:
        if not form.whole:
            form.review.append("page-missing")
    return forms


def _copies(pages: Sequence[AnyPage]) -> list[list[AnyPage]]:
    """The pages of each form: a page that the last form of its edition and token has already begins another."""
    copies: list[list[AnyPage]] = []
    last: dict[tuple[str, str | None], list[AnyPage]] = {}
    for page in pages:
        key = page.form.edition.id, page.token
        copy = last.get(key)
        if copy is None or page.page in {one.page for one in copy}:
            copy = last[key] = []
            copies.append(copy)
        copy.append(page)
    return copies


def _form(copy: Sequence[AnyPage], read_page: ReadPage[AnyPage]) -> RecoveredForm:
    found = RecoveredForm(copy[0].form, copy[0].token)
    for page in copy:
        readings, beside = read_page(page)
        found.pages[page.page] = page.number
        if beside:
            found.review.append("written-beside")
        for reading in readings:
            found.widgets[reading.widget.name] = reading.answer
            found.recovered += filter(None, [reading.recovered(page.number)])
    return found


def _without_repeated(forms: Sequence[RecoveredForm]) -> list[RecoveredForm]:
    """Some forms without those whose every page another has too, with the same answers."""
    kept = [one for one in forms if one.whole] or [max(forms, key=lambda one: len(one.pages))]
    return [one for one in forms if any(one is other for other in kept) or not any(_repeats(one, it) for it in kept)]


def _repeats(one: RecoveredForm, other: RecoveredForm) -> bool:
    """Whether a form says only what another says too. Proposals, read from pictures, may differ by a letter."""
    same = (one.form.edition.id, one.token) == (other.form.edition.id, other.token)
    if not (same and set(one.pages) <= set(other.pages)):
        return False
    sure = {each.widget for each in one.recovered if each.accepted}
    return all(_alike(answer, other.widgets[name], name in sure) for name, answer in one.widgets.items())


def _alike(one: WidgetAnswer, other: WidgetAnswer, exactly: bool) -> bool:
    if one.value == other.value:
        return True
    if exactly or not (isinstance(one.value, str) and isinstance(other.value, str)):
        return False
    return SequenceMatcher(None, one.value, other.value).ratio() >= _NEARLY

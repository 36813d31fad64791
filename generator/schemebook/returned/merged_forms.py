"""An open PDF in; the forms that somebody merged into it out, each with its own fields.

Programs that put several files into one give the fields other names (`1.name`, `name+1`), take the names away (their
/Parent is lost), leave two fields of one name, or drop the list of fields. What none of them changes is where a box
stands. So a page is known by its boxes: all those of one page of a published edition, each with a widget of the right
kind in just that place. This is what a person sees, and the names in the file are a witness only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import pikepdf

from schemebook.form_pdf.descriptor import Box, Claim, FormDescriptor
from schemebook.returned.limits import Limits
from schemebook.returned.opening import set_aside
from schemebook.returned.placed_widgets import PlacedWidget, raw_field_of, widgets_of_pages
from schemebook.returned.raw_field import RawField
from schemebook.returned.raw_fields import RawForm
from schemebook.returned.widget_answers import KIND_OF

_NEAR = 1.5
"""Points that a box may lie off its published place: programs round differently."""
_NUMBER = r"(?:[+_.\- ]?\(?\d{1,4}\)?)?"
"""What merge tools put behind a name that is taken: `+1`, `_2`, ` (3)`."""

Known = Mapping[str, FormDescriptor]
_Place = tuple[str, str]
"""Full name of a widget, and the option of a radio button."""


@dataclass(frozen=True)
class MergedForm:
    """One form of a file that holds several, or that lost the names of its fields.

    fields: by published name. token: of an issued copy, as its page says. own_name: published name -> name in the file.
    said: it is what the file claims or what is printed on its page. doubts: kinds of reasons to look at it.
    pages: page of the file -> page of the form, of those with boxes. whole: all those of the form are there.
    """

    form: FormDescriptor
    fields: dict[str, tuple[RawField, ...]]
    token: str | None = None
    own_name: Mapping[str, str] = field(default_factory=dict)
    said: bool = False
    doubts: tuple[str, ...] = ()
    pages: Mapping[int, int] = field(default_factory=dict)
    whole: bool = True


@dataclass(frozen=True)
class _Page:
    """A page of the file that is one page of a published edition. placed: its widgets by what stands in their place."""

    number: int
    form: FormDescriptor
    page: int
    placed: Mapping[_Place, PlacedWidget]


def may_be_merged(raw: RawForm, claims: Sequence[Claim], known: Known) -> bool:
    """Whether a file may hold more than one form, or one whose fields have lost their names. Cheap, for every file."""
    if not raw.fields or len(claims) > 1:
        return bool(raw.fields)
    names = raw.fields.keys()
    if claims:
        form = known.get(claims[0].edition)
    else:
        form = next((one for one in known.values() if one.names == names), None)
    if form is None:
        return not claims
    return raw.pages > form.edition.pages or not form.names <= names


def merged_forms(
    pdf: pikepdf.Pdf, path: Path, claims: Sequence[Claim], known: Known, limits: Limits
) -> list[MergedForm]:
    """The forms of a file, in the order of its pages; none where no page has just the boxes of a published one.

    One form may lack pages: who split a PDF sends its pages one by one, or only the page that was changed.
    Raises SetAsideError several-forms where one of several is not whole: nobody knows whose a page is.
    """
    index = _Index(known)
    found = [
        (widgets, index.page(number, widgets, claims, path))
        for number, widgets in enumerate(widgets_of_pages(pdf, limits), start=1)
    ]
    copies = _copies(page for _, page in found if page)
    whole = [len(copy) == index.pages_with_boxes(copy[0].form) for copy in copies]
    if len(copies) > 1 and not all(whole):
        raise set_aside("several-forms")
    if not all(whole) and any(widgets and not page for widgets, page in found):
        return []  # a page that is there and not as it was published is no missing page
    return _told([_form(copy, limits, all(whole)) for copy in copies], copies, path, claims)


class _Index:
    """The published pages by the place of their first box, so that not every edition is tried on every page."""

    def __init__(self, known: Known) -> None:
        self._by_count: dict[int, list[tuple[FormDescriptor, int, tuple[Box, ...]]]] = {}
        self._pages: dict[str, int] = {}
        for form in known.values():
            boxes: dict[int, list[Box]] = {}
            for box in form.edition.boxes:
                boxes.setdefault(box.page, []).append(box)
            self._pages[form.edition.id] = len(boxes)
            for page, held in boxes.items():
                self._by_count.setdefault(len(held), []).append((form, page, tuple(held)))

    def pages_with_boxes(self, form: FormDescriptor) -> int:
        return self._pages[form.edition.id]

    def page(self, number: int, widgets: Sequence[PlacedWidget], claims: Sequence[Claim], path: Path) -> _Page | None:
        """The published page whose boxes are all there; of several the largest, a claimed one, the best named.

        Two editions may have the same boxes (black and white has those of colour): the code that is printed on the page
        tells them apart.
        """
        cells = _by_cell(widgets)
        found = []
        for count in sorted((count for count in self._by_count if count <= len(widgets)), reverse=True):
            for form, page, boxes in self._by_count[count]:
                if placed := _placed(boxes, form, cells):
                    found.append(_Page(number, form, page, placed))
            if found:
                break
        editions = {claim.edition for claim in claims}
        if len(found) > 1 and not any(one.form.edition.id in editions for one in found):
            from schemebook.returned.recovery.printed_codes import (
                codes_of_pages,  # only now: it brings a second PDF library
            )

            editions = {code.edition for code in codes_of_pages(path, [number]).get(number, ())}
        return max(found, key=lambda one: (one.form.edition.id in editions, _named_alike(one)), default=None)


_Cells = dict[tuple[int, int], list[PlacedWidget]]
_CELL = 8.0


def _by_cell(widgets: Iterable[PlacedWidget]) -> _Cells:
    cells: _Cells = {}
    for one in widgets:
        cells.setdefault((int(one.rect[0] // _CELL), int(one.rect[1] // _CELL)), []).append(one)
    return cells


def _placed(boxes: Iterable[Box], form: FormDescriptor, cells: _Cells) -> dict[_Place, PlacedWidget]:
    """The widget that stands in each of some boxes; nothing where one box has none."""
    kinds = {widget.name: KIND_OF[widget.kind] for widget in form.widgets}
    found: dict[_Place, PlacedWidget] = {}
    for box in boxes:
        near = next((one for one in _around(box, cells) if one.kind in ("", kinds[box.name])), None)
        if near is None:
            return {}
        found[box.name, box.option] = near
    return found


def _around(box: Box, cells: _Cells) -> Iterator[PlacedWidget]:
    left, bottom = box.rect[0], box.rect[1]
    for across in {int((left - _NEAR) // _CELL), int((left + _NEAR) // _CELL)}:
        for up in {int((bottom - _NEAR) // _CELL), int((bottom + _NEAR) // _CELL)}:
            for one in cells.get((across, up), ()):
                if all(abs(here - there) <= _NEAR for here, there in zip(one.rect, box.rect, strict=True)):
                    yield one


def _named_alike(page: _Page) -> int:
    return sum(_is_renamed(one.name, name) for (name, _), one in page.placed.items())


def _is_renamed(said: str, published: str) -> bool:
    """Whether a name in the file is the published one, or what a merge tool makes of it."""
    return said == published or _renamed(published).fullmatch(said) is not None


@lru_cache(4_096)
def _renamed(published: str) -> re.Pattern[str]:
    first, dot, rest = published.partition(".")
    below = re.escape(dot + rest) + _NUMBER if dot else ""
    return re.compile(rf"(?:.*\.|.*[_\-])?{re.escape(first)}{_NUMBER}{below}", re.DOTALL)


def _copies(pages: Iterable[_Page]) -> list[list[_Page]]:
    """The pages of each form: a new one begins with another edition, or with a page that is there already."""
    copies: list[list[_Page]] = []
    for page in pages:
        copy = copies[-1] if copies else []
        same = bool(copy) and page.form.edition.id == copy[0].form.edition.id
        if not same or page.page in {one.page for one in copy}:
            copies.append(copy := [])
        copy.append(page)
    return copies


def _form(copy: Sequence[_Page], limits: Limits, whole: bool) -> MergedForm:
    """The fields of one form, under their published names. What stood on pages that are not there is missing."""
    form = copy[0].form
    held: dict[str, list[PlacedWidget]] = {}
    for page in copy:
        for (name, _), one in page.placed.items():
            held.setdefault(name, []).append(one)
    kinds = {widget.name: KIND_OF[widget.kind] for widget in form.widgets}
    fields = {name: raw_field_of(widgets, kinds[name], limits) for name, widgets in held.items()}
    known = all(_is_renamed(one.name, name) for name, widgets in held.items() for one in widgets)
    names = {name: widgets[0].name for name, widgets in held.items()}
    pages = {page.number: page.page for page in copy}
    doubts = (*(() if known else ("by-place",)), *(() if whole else ("page-missing",)))
    return MergedForm(form, fields, own_name=names, doubts=doubts, pages=pages, whole=whole)


def _told(
    forms: list[MergedForm], copies: Sequence[Sequence[_Page]], path: Path, claims: Sequence[Claim]
) -> list[MergedForm]:
    """The same with what their pages and the file's claims say of them, and whether two share their fields."""
    if len(forms) == 1 and claims:
        return [replace(forms[0], token=claims[0].token, said=claims[0].edition == forms[0].form.edition.id)]
    from schemebook.returned.recovery.printed_codes import codes_of_pages  # only now: it brings a second PDF library

    codes = codes_of_pages(path, [copy[0].number for copy in copies])
    owners = [{one.owner for page in copy for one in page.placed.values()} - {(0, 0)} for copy in copies]
    editions = {claim.edition for claim in claims}
    told = []
    for place, (form, copy) in enumerate(zip(forms, copies, strict=True)):
        code = next((one for one in codes.get(copy[0].number, ()) if one.edition == form.form.edition.id), None)
        shared = any(owners[place] & other for at, other in enumerate(owners) if at != place)
        doubts = (*form.doubts, *(("shared-fields",) if shared else ()))
        said = code is not None or form.form.edition.id in editions
        told.append(replace(form, token=code.token if code else None, said=said, doubts=doubts))
    return told

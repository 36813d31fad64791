"""A returned PDF without fields in; its answers out, read from the print of its pages, each with how sure it is.

Ticks are told by their ink. Text comes from the text layer of the page and is a proposal: a text layer can be wrong
where the labels are right, which only a look at the picture shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2

from schemebook.form_pdf.descriptor import Box, Claim, FormDescriptor
from schemebook.returned.ink import dark_in, share_of_ink
from schemebook.returned.limits import Limits
from schemebook.returned.opening import set_aside
from schemebook.returned.page_place import Rect
from schemebook.returned.printed_pages import OtherPage, PrintedPage, printed_pages
from schemebook.returned.recovered import Recovered
from schemebook.returned.text_layer import UNKNOWN, Letter
from schemebook.returned.typed_print import letters_by_box, text_of
from schemebook.returned.widget_answers import DRAWN, WidgetAnswer
from schemebook.scheme.meaning import Widget

OFF_AT_MOST, ON_AT_LEAST = 0.02, 0.20
"""Share of ink in a tick box, a fifth of it left out on each side. Printed flat, boxes had 0.000 and at least 0.302."""
_TICK_INSET, _TEXT_INSET = 0.2, 0.03
_TEXT_LAYER, _SURE = 0.9, 0.99
_LEAST_TEXT_INK = 5
"""Dark pixels: a full stop in the smallest print has some six."""


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


def recover(
    path: Path, known: Mapping[str, FormDescriptor], claim: Claim | None, limits: Limits
) -> list[RecoveredForm]:
    """The forms that the pages of a PDF show; none where no page is of a published form.

    Raises SetAsideError several-forms where its pages cannot be told apart.
    """
    try:
        with pypdfium2.PdfDocument(path) as pdf:
            pages = list(printed_pages(pdf, known, claim)) if len(pdf) <= limits.printed_pages else []
    except pypdfium2.PdfiumError:
        return []
    ours = [page for page in pages if isinstance(page, PrintedPage)]
    strange = any(isinstance(page, OtherPage) and page.kind != "empty" for page in pages)
    found = [_form(copy) for copy in _copies(ours)]
    for one in found if strange else ():
        one.review.append("strange-pages")
    return found


def _copies(pages: Sequence[PrintedPage]) -> list[list[PrintedPage]]:
    """The pages of each form. Of several forms in one file each must be whole, or nobody knows whose a page is."""
    copies: list[list[PrintedPage]] = []
    for page in pages:
        copy = copies[-1] if copies else []
        if not copies or not _belongs(page, copy):
            copies.append(copy := [])
        copy.append(page)
    whole = [len(copy) == copy[0].form.edition.pages for copy in copies]
    if len(copies) > 1 and not all(whole):
        raise set_aside("several-forms")
    return copies


def _belongs(page: PrintedPage, copy: Sequence[PrintedPage]) -> bool:
    """Whether a page goes with those before it: of their edition and token, and none of them again."""
    same = page.form.edition.id == copy[0].form.edition.id and page.token == copy[0].token
    return same and page.page not in {one.page for one in copy}


def _form(copy: Sequence[PrintedPage]) -> RecoveredForm:
    found = RecoveredForm(copy[0].form, copy[0].token)
    if len(copy) < found.form.edition.pages:
        found.review.append("page-missing")
    for page in copy:
        _read_page(page, found)
    return found


def _read_page(page: PrintedPage, found: RecoveredForm) -> None:
    """Add what one page answers."""
    edition = page.form.edition
    boxes: dict[str, list[Box]] = {}
    for box in edition.boxes:
        if box.page == page.page:
            boxes.setdefault(box.name, []).append(box)
    widgets = [widget for widget in page.form.widgets if widget.name in boxes]
    written = [widget for widget in widgets if widget.kind not in ("radio", "tick")]
    places = {widget.name: page.place.rect(boxes[widget.name][0].rect) for widget in written}
    held, strays = letters_by_box(page.letters, places)
    if strays:
        found.review.append("written-beside")
    for widget in widgets:
        if widget.name in places:
            answer = _written(page, widget, held[widget.name], places[widget.name])
            _keep(found, page, widget, answer, places[widget.name])
        else:
            marks = {box.option: page.place.rect(box.rect) for box in boxes[widget.name]}
            _keep(found, page, widget, _marked(page, widget, marks), _around(list(marks.values())))


@dataclass(frozen=True)
class _Read:
    """What one widget answers and how sure that is."""

    answer: WidgetAnswer
    confidence: float
    accepted: bool


def _keep(found: RecoveredForm, page: PrintedPage, widget: Widget, read: _Read, rect: Rect) -> None:
    """Put an answer among those of its form; of a blank one nothing is told."""
    found.widgets[widget.name] = read.answer
    if read.answer.value is None and read.answer.doubt is None:
        return
    rounded = tuple(round(one, 1) for one in rect)
    assert len(rounded) == 4
    found.recovered.append(
        Recovered(widget.field, widget.name, "text-layer", read.confidence, read.accepted, page.number, rounded)
    )


def _written(page: PrintedPage, widget: Widget, letters: Sequence[Letter], rect: Rect) -> _Read:
    """The text of a box. Ink without letters, letters without ink and unknown letters are told."""
    text = text_of(letters, rect, widget.multi_line)
    has_ink = dark_in(page.picture, rect, _TEXT_INSET) >= _LEAST_TEXT_INK
    if widget.kind == "signature":
        signed = has_ink or bool(text)
        return _Read(WidgetAnswer(DRAWN if signed else None), _TEXT_LAYER, accepted=not signed)
    if not text:
        return _Read(WidgetAnswer(None, "only-drawn") if has_ink else WidgetAnswer(), 0.0, accepted=not has_ink)
    if UNKNOWN in text or not has_ink:
        return _Read(WidgetAnswer(text.replace(UNKNOWN, "?"), "unreadable", text.replace(UNKNOWN, "?")), 0.0, False)
    if widget.kind == "drop-down":
        option = _option(widget, text, page.form.edition.labels)
        return _Read(option, _SURE, accepted=option.doubt is None)  # damaged text is no other option's label
    return _Read(WidgetAnswer(text), _TEXT_LAYER, False)


def _option(widget: Widget, text: str, labels: Mapping[str, str]) -> WidgetAnswer:
    """The option of a drop-down, of which programs print the label or the export value."""
    folded = " ".join(text.split())
    for option in widget.options:
        if folded in (option, " ".join(labels.get(f"{widget.field}/{option}", option).split())):
            return WidgetAnswer(option)
    return WidgetAnswer(None, "unknown-option", text)


def _marked(page: PrintedPage, widget: Widget, marks: Mapping[str, Rect]) -> _Read:
    """Which of a widget's boxes is ticked. marks: option -> its box on the copy."""
    ink = {option: share_of_ink(page.picture, rect, _TICK_INSET) for option, rect in marks.items()}
    on = [option for option, share in ink.items() if share >= ON_AT_LEAST]
    unclear = any(OFF_AT_MOST < share < ON_AT_LEAST for share in ink.values())
    value = (on[0] or widget.options[0]) if on else None
    if unclear:
        return _Read(WidgetAnswer(value, "unclear-mark"), 0.0, False)
    if len(on) > 1:
        return _Read(WidgetAnswer(value, "disagreement", on[1]), 0.0, False)
    return _Read(WidgetAnswer(value), _SURE, True)


def _around(rects: Sequence[Rect]) -> Rect:
    """The rectangle around some others."""
    lefts, bottoms, rights, tops = zip(*rects, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)

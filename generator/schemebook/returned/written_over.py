"""Notes that lie over a form's boxes in; what they answer out, each as a proposal with its place.

Who fills in a form with a marker tool (iOS Markup, the comment tools of many viewers) leaves the fields empty and lays
texts and strokes over them. A person sees an answered form; so is it proposed, and a person has to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pikepdf

from schemebook.form_pdf.descriptor import Box, FormDescriptor
from schemebook.returned.limits import Limits
from schemebook.returned.placed_widgets import Rect, corner_of, rect_of
from schemebook.returned.raw_field import str_name
from schemebook.returned.raw_fields import pages_of
from schemebook.returned.recovery.recovered import Recovered
from schemebook.returned.stored_values import is_dictionary, items, rich_text, stored_texts
from schemebook.returned.widget_answers import BY_HAND, WidgetAnswer
from schemebook.scheme.meaning import Widget

_KINDS = {"/FreeText", "/Ink", "/Stamp"}
_SURE = 0.9
_AROUND = 3.0
"""Points that a note may stand beside its box."""


@dataclass(frozen=True)
class Note:
    """One note. page: in the file, from 1. text: what a free text says; empty for strokes and stamps."""

    page: int
    rect: Rect
    text: str


@dataclass(frozen=True)
class WrittenOver:
    """What notes answer. widgets: by full name. left: notes that lie over no empty box."""

    widgets: Mapping[str, WidgetAnswer]
    recovered: tuple[Recovered, ...]
    left: int


def read_notes(pdf: pikepdf.Pdf, limits: Limits) -> list[Note]:
    """The free texts, strokes and stamps of a file, in its order."""
    found = []
    for number, page in enumerate(pages_of(pdf, limits), start=1):
        corner = corner_of(page)
        for one in items(page.get("/Annots"), limits, "notes on a page"):
            if is_dictionary(one) and str_name(one.get("/Subtype")) in _KINDS:
                rect = rect_of(one, corner)
                found.append(Note(number, rect or (0, 0, 0, 0), _text(one, limits)))
    return found


def _text(note: pikepdf.Object, limits: Limits) -> str:
    """What a free text says (12.5.6.6); a stamp's comment is not on the page."""
    if str_name(note.get("/Subtype")) != "/FreeText":
        return ""
    texts, _ = stored_texts(note.get("/Contents"), limits)
    return texts[0] if texts else rich_text(note.get("/RC"), limits) or ""


def written_over(
    form: FormDescriptor, notes: Iterable[Note], pages: Mapping[int, int], answers: Mapping[str, WidgetAnswer]
) -> WrittenOver:
    """What notes over empty boxes answer. pages: page of the file -> page of the form. answers: those in the fields."""
    widgets = {widget.name: widget for widget in form.widgets}
    held: dict[tuple[str, str], list[Note]] = {}
    left = 0
    for note in notes:
        box = _box_under(note, pages, form.edition.boxes)
        if box is None or answers[box.name].value is not None:
            left += 1
        else:
            held.setdefault((box.name, box.option), []).append(note)
    found = dict(_read(widgets, held, form.edition.labels))
    recovered = tuple(
        Recovered(widgets[name].field, name, "note", _SURE, False, over[0].page, _outline(over))
        for (name, _), over in held.items()
    )
    return WrittenOver(found, recovered, left)


def _box_under(note: Note, pages: Mapping[int, int], boxes: Iterable[Box]) -> Box | None:
    """The box that a note lies over: its middle is in it, or it covers the box's middle; of several the nearest."""
    page = pages.get(note.page)
    across, up = _middle(note.rect)
    near = [
        box
        for box in boxes
        if box.page == page and (_holds(box.rect, across, up, _AROUND) or _holds(note.rect, *_middle(box.rect), 0.0))
    ]
    return min(near, key=lambda box: _away(box.rect, across, up), default=None)


def _middle(rect: Rect) -> tuple[float, float]:
    return (rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2


def _away(rect: Rect, across: float, up: float) -> float:
    middle = _middle(rect)
    return abs(middle[0] - across) + abs(middle[1] - up)


def _holds(rect: Rect, across: float, up: float, around: float) -> bool:
    left, bottom, right, top = rect
    return left - around <= across <= right + around and bottom - around <= up <= top + around


def _read(
    widgets: Mapping[str, Widget], held: Mapping[tuple[str, str], Sequence[Note]], labels: Mapping[str, str]
) -> Iterator[tuple[str, WidgetAnswer]]:
    """What each box with notes over it answers."""
    marked: dict[str, list[str]] = {}
    for (name, option), notes in held.items():
        widget = widgets[name]
        if widget.kind in ("radio", "tick"):
            marked.setdefault(name, []).append(option or widget.options[0])
            continue
        text = "\n".join(one.text for one in sorted(notes, key=lambda one: -one.rect[3]) if one.text)
        if widget.kind == "signature":
            yield name, WidgetAnswer(BY_HAND)
        elif not text:
            yield name, WidgetAnswer(None, "only-drawn")
        elif widget.kind == "drop-down":
            yield name, _option(widget, text, labels)
        else:
            yield name, WidgetAnswer(text)
    for name, options in marked.items():
        yield name, WidgetAnswer(options[0], "disagreement", options[1]) if options[1:] else WidgetAnswer(options[0])


def _option(widget: Widget, text: str, labels: Mapping[str, str]) -> WidgetAnswer:
    said = " ".join(text.split())
    for option in widget.options:
        if said in (option, " ".join(labels.get(f"{widget.field}/{option}", option).split())):
            return WidgetAnswer(option)
    return WidgetAnswer(None, "unknown-option", text)


def _outline(notes: Sequence[Note]) -> Rect:
    lefts, bottoms, rights, tops = zip(*(note.rect for note in notes), strict=True)
    return round(min(lefts), 1), round(min(bottoms), 1), round(max(rights), 1), round(max(tops), 1)

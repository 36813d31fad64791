"""Recovered: where and how one answer was read from print, and whether a machine may take it as it stands.

BoxReading is the same while a page is read. Both doors, the text layer and the picture, give these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from schemebook.form_pdf.descriptor import Box, FormDescriptor
from schemebook.returned.recovery.page_place import Rect
from schemebook.returned.widget_answers import WidgetAnswer
from schemebook.scheme.meaning import Widget

Door = Literal["text-layer", "image", "note", "person"]
"""How an answer that stood in no field came: by the print's text, by a picture, by a note over the box, or keyed in by
somebody who looked."""


@dataclass(frozen=True)
class Recovered:
    """How one widget of a copy without fields was read.

    field: the question's id. widget: the full name. confidence: from 0 to 1; compare it within one door only.
    accepted: taken without a person's look. page: in the returned file, from 1. rect: where it stands there, in points
    from the page's lower left, so that a picture can be cut out.
    """

    field: str
    widget: str
    door: Door
    confidence: float
    accepted: bool
    page: int
    rect: Rect

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> Recovered:
        """The same from what `as_json` gave."""
        return cls(**{**said, "rect": tuple(said["rect"])})

    def as_json(self) -> dict[str, Any]:
        """Plain data, as a record keeps and prints it."""
        return {**vars(self), "rect": list(self.rect)}


@dataclass(frozen=True)
class BoxReading:
    """What one widget answers on a page, and how sure that is. rect: on the page of the file."""

    widget: Widget
    answer: WidgetAnswer
    door: Door
    confidence: float
    accepted: bool
    rect: Rect

    def recovered(self, page: int) -> Recovered | None:
        """What is kept of it; nothing of a widget that is blank for sure."""
        if self.answer.value is None and self.answer.doubt is None and self.accepted:
            return None
        left, bottom, right, top = (round(one, 1) for one in self.rect)
        rect = (left, bottom, right, top)
        name, confidence = self.widget.name, round(self.confidence, 3)
        return Recovered(self.widget.field, name, self.door, confidence, self.accepted, page, rect)


@dataclass(frozen=True)
class PageCopy:
    """A picture of one page of a form, in grey. page: of the form, from 1. number: of its file, from 1.

    size: in points, as places on the page are told. picture: a JPEG; where `lines` gives its width and height, a byte a
    pixel instead, packed (ISO 32000-2, 7.4.4).
    """

    page: int
    number: int
    picture: bytes
    size: tuple[float, float]
    lines: tuple[int, int] | None = None


@dataclass(frozen=True)
class PartOfForm:
    """Those pages of a form that one file shows, while others may lie in other files.

    widgets: what the boxes of these pages answer. review: why a person should look, but for the missing pages.
    in_fields: the answers stood in fields.
    """

    edition: str
    token: str | None
    pages: tuple[PageCopy, ...]
    widgets: Mapping[str, WidgetAnswer]
    recovered: tuple[Recovered, ...]
    review: tuple[str, ...]
    in_fields: bool = False


def boxes_on_page(form: FormDescriptor, page: int) -> dict[Widget, list[Box]]:
    """The widgets of one page of a form, in reading order, each with its boxes."""
    boxes: dict[str, list[Box]] = {}
    for box in form.edition.boxes:
        if box.page == page:
            boxes.setdefault(box.name, []).append(box)
    return {widget: boxes[widget.name] for widget in form.widgets if widget.name in boxes}


def option_of(widget: Widget, text: str, labels: Mapping[str, str]) -> WidgetAnswer:
    """The option of a drop-down, of which programs print the label or the export value."""
    folded = " ".join(text.split())
    for option in widget.options:
        if folded in (option, " ".join(labels.get(f"{widget.field}/{option}", option).split())):
            return WidgetAnswer(option)
    return WidgetAnswer(None, "unknown-option", text)


def marks_read(reading: BoxReading, on: Sequence[str], unclear: bool) -> BoxReading:
    """The reading of some tick boxes or radio buttons. on: the options whose boxes are marked.

    A mark that may be none, and two marks where one is meant, are not accepted.
    """
    value = (on[0] or reading.widget.options[0]) if on else None
    if unclear:
        return replace(reading, answer=WidgetAnswer(value, "unclear-mark"), confidence=0.0, accepted=False)
    if len(on) > 1:
        return replace(reading, answer=WidgetAnswer(value, "disagreement", on[1]), confidence=0.0, accepted=False)
    return replace(reading, answer=WidgetAnswer(value))


def around(rects: Sequence[Rect]) -> Rect:
    """The rectangle around some others."""
    lefts, bottoms, rights, tops = zip(*rects, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)

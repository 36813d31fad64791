"""A page printed flat in; what each of its widgets answers out, from its text layer and the ink in its boxes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from schemebook.returned.recovery.ink import dark_in, share_of_ink
from schemebook.returned.recovery.page_place import Rect
from schemebook.returned.recovery.printed_pages import PrintedPage
from schemebook.returned.recovery.recovered import BoxReading, around, boxes_on_page, marks_read, option_of
from schemebook.returned.recovery.text_layer import UNKNOWN, Letter
from schemebook.returned.recovery.typed_print import letters_by_box, text_of
from schemebook.returned.widget_answers import DRAWN, WidgetAnswer
from schemebook.scheme.meaning import Widget

OFF_AT_MOST, ON_AT_LEAST = 0.02, 0.20
"""Share of ink in a tick box, a fifth of it left out on each side. Printed flat, boxes had 0.000 and at least 0.302."""
PROPOSED, SURE = 0.9, 0.99
_TICK_INSET = 0.2
"""Of a tick box's width, on each side."""
_TEXT_INSET = 1.0
"""Points on each side of a text box, for its frame."""
_LEAST_TEXT_INK = 5
"""Dark pixels: a full stop in the smallest print has some six."""

SeesTheSame = Callable[[PrintedPage, Rect, str, bool], bool]
"""Whether a look at the picture of a box gives the same text; the last tells a box of several lines."""


def _nobody_looks(page: PrintedPage, rect: Rect, text: str, several_lines: bool) -> bool:
    return False


def read_printed_page(page: PrintedPage, sees_the_same: SeesTheSame = _nobody_looks) -> tuple[list[BoxReading], bool]:
    """What each widget of a page answers, and whether something is written outside all boxes.

    sees_the_same: asked for each text before it is accepted. Without it every text is a proposal.
    """
    boxes = boxes_on_page(page.form, page.page)
    written = [widget for widget in boxes if widget.kind not in ("radio", "tick")]
    places = {widget.name: page.place.rect(boxes[widget][0].rect) for widget in written}
    held, strays = letters_by_box(page.letters, places)
    found = []
    for widget, mine in boxes.items():
        if widget.name in places:
            found.append(_written(page, widget, held[widget.name], places[widget.name], sees_the_same))
        else:
            found.append(_marked(page, widget, {box.option: page.place.rect(box.rect) for box in mine}))
    return found, bool(strays)


def _written(
    page: PrintedPage, widget: Widget, letters: Sequence[Letter], rect: Rect, sees_the_same: SeesTheSame
) -> BoxReading:
    """The text of a box. Ink without letters, letters without ink and unknown letters are told."""
    text = text_of(letters, rect, widget.multi_line)
    has_ink = dark_in(page.picture, rect, _TEXT_INSET) >= _LEAST_TEXT_INK

    def reading(answer: WidgetAnswer, confidence: float = 0.0, accepted: bool = False) -> BoxReading:
        return BoxReading(widget, answer, "text-layer", confidence, accepted, rect)

    if widget.kind == "signature":
        signed = has_ink or bool(text)
        return reading(WidgetAnswer(DRAWN if signed else None), PROPOSED, accepted=not signed)
    if not text:
        return reading(WidgetAnswer(None, "only-drawn") if has_ink else WidgetAnswer(), accepted=not has_ink)
    if UNKNOWN in text or not has_ink:
        told = text.replace(UNKNOWN, "?")
        return reading(WidgetAnswer(told, "unreadable", told))
    if widget.kind == "drop-down":
        option = option_of(widget, text, page.form.edition.labels)
        return reading(option, SURE, accepted=option.doubt is None)  # damaged text is no other option's label
    same = sees_the_same(page, rect, text, widget.multi_line)
    return reading(WidgetAnswer(text), SURE if same else PROPOSED, accepted=same)


def _marked(page: PrintedPage, widget: Widget, marks: Mapping[str, Rect]) -> BoxReading:
    """Which of a widget's boxes is ticked. marks: option -> its box on the copy."""
    ink = {option: share_of_ink(page.picture, rect, _TICK_INSET) for option, rect in marks.items()}
    on = [option for option, share in ink.items() if share >= ON_AT_LEAST]
    unclear = any(OFF_AT_MOST < share < ON_AT_LEAST for share in ink.values())
    rect = around(list(marks.values()))
    return marks_read(BoxReading(widget, WidgetAnswer(), "text-layer", SURE, True, rect), on, unclear)

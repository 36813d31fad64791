"""A page seen in a picture in; what each of its widgets answers out, and which of it a machine may accept.

Accepted are only: tick boxes as image_marks.py says; answers that have a pattern (dates, numbers, e-mail, telephone)
and fit it, typed, with every letter sure; boxes that are empty. Other text is a proposal. Writing that is not typed is
told, and never guessed at.
Needs numpy and OpenCV, and for letters the extra `recover-ocr`.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from schemebook.form_pdf.descriptor import Box
from schemebook.returned.recovery.drawn_again import drawn_again, typed_line
from schemebook.returned.recovery.field_font import field_font
from schemebook.returned.recovery.image_marks import read_marks
from schemebook.returned.recovery.page_place import Rect
from schemebook.returned.recovery.recovered import BoxReading, boxes_on_page, option_of
from schemebook.returned.recovery.seen_page import DPI, SeenPage, cut, text_ink
from schemebook.returned.widget_answers import DRAWN, WidgetAnswer
from schemebook.scheme.answers import read_text
from schemebook.scheme.meaning import FieldMeaning, Widget

if TYPE_CHECKING:
    from schemebook.returned.recovery.reading_letters import LinePicture

EMPTY_BELOW = 25
"""Pixels of ink in a text box: of 132 empty ones none had so many, of 978 filled ones none so few."""
SURE_LETTER = 0.95
"""Patterned answers whose least sure letter is this sure were right in all of about 1,617."""
TYPED_MEAN = 0.80
"""Where the letters of a box are together less sure than this, it is taken for writing by hand."""
PATTERNED = ("date", "number", "email", "phone")
_MARKS = ("radio", "tick")
_TALLEST = 1.4
"""Typed lines are no taller than this times the size of answers."""
_STARTS, _ASIDE = (1.4, 3.9), 2.6
"""Points from a box's left, and from its middle, between which programs set what is typed. The recogniser reads neat
writing by hand as surely as type, so where it stands has to tell them apart."""
_WIDTH_SLACK, _WIDTH_OFF = 15, 0.25
"""Pixels, and a part of the ink's width: programs set a long answer a little smaller, or in a font of their own."""
_DIGITS = str.maketrans("OoIl|", "00111")
"""Letters as which a lone digit is read."""
_TEXT_INSET = 1.6
_ARROW = 0.1
"""The right end of a drop-down, where programs draw an arrow."""
_SPACE = 0.012


def can_read_letters() -> bool:
    """Whether the extra `recover-ocr` is there."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


@dataclass(frozen=True)
class _Text:
    """What stands in a text box, and how sure its least sure letter and all together are.

    In pixels: the height of its tallest line, where its ink begins, and how far that lies from the middle of the box.
    lines: what each line says, and how wide its ink is.
    """

    text: str
    least: float
    mean: float
    height: int = 0
    start: int = 0
    aside: float = 0.0
    lines: tuple[tuple[str, int], ...] = ()


def read_seen_page(page: SeenPage) -> tuple[list[BoxReading], bool]:
    """What each widget of a page answers. The second, always False, is whether something is written beside the boxes:
    a picture does not tell that from its specks."""
    boxes = boxes_on_page(page.form, page.page)
    marks = [read_marks(page, widget, mine) for widget, mine in boxes.items() if widget.kind in _MARKS]
    written = [_written(page, widget, mine[0]) for widget, mine in boxes.items() if widget.kind not in _MARKS]
    return [*marks, *written], False


def _written(page: SeenPage, widget: Widget, box: Box) -> BoxReading:
    """What a text box says."""
    rect = _without_arrow(box.rect) if widget.kind == "drop-down" else box.rect
    blank = BoxReading(widget, WidgetAnswer(), "image", 1.0, True, page.place(box.rect))
    if text_ink(page, rect, _TEXT_INSET) < EMPTY_BELOW:
        return blank
    if widget.kind == "signature":
        return replace(blank, answer=WidgetAnswer(DRAWN), confidence=0.9, accepted=False)
    found = _text_of(page, widget, rect)
    if found is None or found.mean < TYPED_MEAN or not found.text:
        return replace(blank, answer=WidgetAnswer(None, "only-drawn"), confidence=0.0, accepted=False)
    typed = _looks_typed(found, page.form.edition.text_size) and _is_as_wide(page, found)
    if widget.kind == "drop-down":
        option = option_of(widget, found.text, page.form.edition.labels)
        sure = typed and option.doubt is None and found.least >= SURE_LETTER
        return replace(blank, answer=option, confidence=found.least, accepted=sure)
    sure = typed and found.least >= SURE_LETTER and _fits_pattern(page, widget, found.text)
    text = found.text if sure else _proposal(page, widget, rect, found)
    return replace(blank, answer=WidgetAnswer(text), confidence=found.least, accepted=sure)


def _proposal(page: SeenPage, widget: Widget, rect: Rect, found: _Text) -> str:
    """What a box may say that is not taken as it was read: a number of which a digit was read as a letter, or a short
    text of which letters were taken for others or left out."""
    asked = asked_by(page.form.meaning.field(widget.field), widget)
    digits = found.text.translate(_DIGITS)
    if asked is not None and asked.type == "number" and digits.isdecimal():
        return digits
    if widget.multi_line or (asked is not None and asked.type in PATTERNED) or page.form.blank is None:
        return found.text
    (_, width), size = found.lines[0], page.form.edition.text_size
    line = typed_line(cut(page, rect, _TEXT_INSET), page.black, page.paper, found.start, found.start + width)
    return drawn_again(line, found.text, page.form.blank, size, DPI) or found.text


def _looks_typed(found: _Text, size: float) -> bool:
    """Whether a text stands where programs set it, in the size of answers."""
    scale = DPI / 72
    begins = _STARTS[0] <= found.start / scale + _TEXT_INSET <= _STARTS[1]
    sure = found.mean >= SURE_LETTER - 0.05
    return sure and begins and abs(found.aside) <= _ASIDE * scale and found.height <= _TALLEST * size * scale


def _is_as_wide(page: SeenPage, found: _Text) -> bool:
    """Whether the ink of each line is about as wide as its text when typed: pen strokes may be read as one w."""
    assert page.form.blank is not None
    font = field_font(page.form.blank)
    if font is None:
        return True
    size = page.form.edition.text_size * DPI / 72
    return all(abs(font.width(text) * size - ink) <= _WIDTH_SLACK + _WIDTH_OFF * ink for text, ink in found.lines)


def _without_arrow(rect: Rect) -> Rect:
    left, bottom, right, top = rect
    return left, bottom, right - _ARROW * (right - left), top


def _fits_pattern(page: SeenPage, widget: Widget, text: str) -> bool:
    """Whether a text answers a question whose answers have a pattern, and fits it."""
    asked = asked_by(page.form.meaning.field(widget.field), widget)
    if asked is None or asked.type not in PATTERNED:
        return False
    value, problems = read_text(asked, text)
    return value is not None and not problems


def asked_by(field: FieldMeaning, widget: Widget) -> FieldMeaning | None:
    """What a widget asks: the field itself, or the column of its table."""
    if widget.column is not None:
        return next((column for column in field.columns if column.id == widget.column), None)
    return None if field.type == "signature" else field


def _text_of(page: SeenPage, widget: Widget, rect: Rect) -> _Text | None:
    """The typed text of a box; None where the recogniser is not there."""
    if not can_read_letters():
        return None
    return text_in_picture(cut(page, rect, _TEXT_INSET), widget.multi_line, DPI)


def text_in_picture(picture: Any, several_lines: bool, dpi: int) -> _Text:
    """The text of a box's picture, lines joined where the box's width broke them."""
    from schemebook.returned.recovery.reading_letters import lines_of_picture, read_line, read_line_twice

    if not several_lines:
        one, pieces = read_line_twice(picture), lines_of_picture(picture)
        ink = max((piece.end for piece in pieces), default=0) - min((piece.start for piece in pieces), default=0)
        found = _Text(one.text, one.least, one.mean, lines=((one.text, ink),))
        return _placed(found, pieces, picture.shape[0] / 2)
    lines = [(line, read_line(line.picture)) for line in lines_of_picture(picture)]
    lines = [(line, read) for line, read in lines if read.text]
    if not lines:
        return _Text("", 0.0, 0.0)
    pitch = min((after.bottom - line.bottom for (line, _), (after, _) in pairwise(lines)), default=1)
    text = lines[0][1].text
    for (line, _), (after, read) in pairwise(lines):
        first_word = len(read.text.split()[0]) / len(read.text) * (after.end - after.start)
        wrapped = first_word + _SPACE * dpi > picture.shape[1] - line.end
        ends = max(1, round((after.bottom - line.bottom) / max(1, pitch)))
        text += (" " if wrapped and ends == 1 else "\n" * ends) + read.text
    least, mean = min(read.least for _, read in lines), min(read.mean for _, read in lines)
    said = tuple((read.text, line.end - line.start) for line, read in lines)
    return _placed(_Text(text, least, mean, lines=said), [line for line, _ in lines], None)


def _placed(text: _Text, lines: Sequence[LinePicture], middle: float | None) -> _Text:
    """The same with where it stands. middle: of a box of one line."""
    if not lines:
        return text
    height, start = max(line.bottom - line.top for line in lines), min(line.start for line in lines)
    aside = 0.0 if middle is None else (lines[0].top + lines[-1].bottom) / 2 - middle
    return replace(text, height=height, start=start, aside=aside)

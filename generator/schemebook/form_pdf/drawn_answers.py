"""Filled fields in, what they show drawn in.

Most answers are set here in the field font, as programs show them while somebody types. Signatures, and letters that
need more than that font, take the way of the layout engine: one small page each, taken over as an appearance.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import pikepdf
from pikepdf import Array, Dictionary, Name

from schemebook.form_pdf.fonts import SANS, covered
from schemebook.form_pdf.layout import typeset
from schemebook.form_pdf.more_fonts import families, font_folders
from schemebook.form_pdf.typed_lines import is_plain, line_height, set_line, set_lines, show
from schemebook.scheme.meaning import Widget

PADDING = 2.0
"""Points between a widget's side and its text. With the 0.9 mm between frame and widget it makes 1.6 mm."""
SCALES = (1.0, 0.95, 0.9, 0.85, 0.8)
"""A text that does not fit is drawn smaller, and cut where even the last does not make it fit."""


@dataclass(frozen=True)
class Answer:
    """The text of one field, to be drawn into its widget. Sizes in points.

    font: the field font's name among the form's resources. stands: where the text stands in its box. above: what is
    kept free above and below it. colour: red, green and blue from 0 to 1.
    """

    widget: Widget
    field: pikepdf.Object
    text: str
    size: float
    font: str = ""
    face: str = SANS
    stands: Literal["top", "middle", "bottom"] = "middle"
    above: float = 0
    colour: str = "0 0 0"

    def extent(self) -> tuple[float, float]:
        """The widget's width and height."""
        left, bottom, right, top = (float(number) for number in self.field.Rect)
        return round(right - left, 2), round(top - bottom, 2)


def draw(pdf: pikepdf.Pdf, answers: Sequence[Answer], language: str) -> frozenset[str]:
    """Give each field the appearance that shows its answer. Returns the names of those whose text does not fit."""
    cut, others = set(), []
    for answer in answers:
        if answer.face != SANS or not is_plain(answer.text):
            others.append(answer)
        elif not _type_in(pdf, answer):
            cut.add(answer.widget.name)
    return frozenset(cut | _lay_out(pdf, others, language))


def _type_in(pdf: pikepdf.Pdf, answer: Answer) -> bool:
    """Draw a plain answer; whether it fits."""
    width, height = answer.extent()
    room = width - 2 * PADDING
    if answer.widget.multi_line:
        typed = set_lines(answer.text, room, height - 2 * answer.above, answer.size, SCALES)
        top = height - answer.above
    else:
        typed = set_line(answer.text, room, answer.size, SCALES)
        top = (height + line_height(typed.size)) / 2
    answer.field.AP = Dictionary(
        N=pdf.make_stream(
            show(typed, PADDING, top, answer.font, answer.colour),
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, width, height]),
            Resources=Dictionary(Font=pdf.Root.AcroForm.DR.Font),
        )
    )
    return typed.fits


def _lay_out(pdf: pikepdf.Pdf, answers: Sequence[Answer], language: str) -> set[str]:
    """Draw answers by the layout engine; the names of those that do not fit."""
    if not answers:
        return set()
    more = font_folders() if not all(covered(answer.text) for answer in answers) else ()
    drawn = typeset("answers.typ", _page_data(answers, language), tagged=False, fonts=more)
    cut = set()
    with pikepdf.open(BytesIO(drawn)) as pages:
        for answer, page in zip(answers, pages.pages, strict=True):
            if "/Annots" in page.obj:  # the template's sign for text that was cut
                cut.add(answer.widget.name)
            answer.field.AP = Dictionary(N=_appearance(pdf, page, answer.widget))
    return cut


def _page_data(answers: Sequence[Answer], language: str) -> dict[str, object]:
    return {
        "language": language.partition("-")[0],
        "padding": PADDING,
        "scales": SCALES,
        "answers": [_one_page(answer) for answer in answers],
    }


def _one_page(answer: Answer) -> dict[str, object]:
    width, height = answer.extent()
    return {
        "text": answer.text,
        "width": width,
        "height": height,
        "lines": answer.widget.multi_line,
        "size": answer.size,
        "faces": [answer.face, *(families(answer.text) if not covered(answer.text) else [])],
        "direction": direction(answer.text),
        "colour": [float(part) for part in answer.colour.split()],
        "stands": answer.stands,
        "above": answer.above,
    }


def direction(text: str) -> str:
    """Where a text begins: its first letter that has a direction says so (UAX #9, P2)."""
    strong = (unicodedata.bidirectional(letter) for letter in text)
    first = next((one for one in strong if one in ("L", "R", "AL")), "L")
    return "ltr" if first == "L" else "rtl"


def _appearance(pdf: pikepdf.Pdf, page: pikepdf.Page, widget: Widget) -> pikepdf.Object:
    """The page as a form XObject. Text stands between marks, where a program that edits it looks (12.7.4.3)."""
    made = pdf.copy_foreign(page.as_form_xobject())
    if widget.kind != "signature":
        made.write(b"/Tx BMC\n" + made.read_bytes() + b"\nEMC\n")
    return made

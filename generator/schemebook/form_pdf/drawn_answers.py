"""Filled fields in, what they show drawn in: one small page each by the layout engine, taken over as its appearance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import pikepdf
from pikepdf import Dictionary

from schemebook.form_pdf.fonts import SANS
from schemebook.form_pdf.layout import typeset
from schemebook.scheme.meaning import Widget

PADDING = 2.0
"""Points between a widget's side and its text. With the 0.9 mm between frame and widget it makes 1.6 mm."""


SCALES = (1.0, 0.95, 0.9, 0.85, 0.8)
"""A text that does not fit is drawn smaller, and cut where even the last does not make it fit."""


@dataclass(frozen=True)
class Answer:
    """The text of one field, to be drawn into its widget. Sizes in points.

    stands: where the text stands in its box. above: what is kept free above and below it.
    """

    widget: Widget
    field: pikepdf.Object
    text: str
    size: float
    face: str = SANS
    stands: Literal["top", "middle", "bottom"] = "middle"
    above: float = 0


def draw(pdf: pikepdf.Pdf, answers: Sequence[Answer], language: str) -> frozenset[str]:
    """Give each field the appearance that shows its answer. Returns the names of those whose text does not fit."""
    if not answers:
        return frozenset()
    drawn = typeset("answers.typ", _page_data(answers, language), tagged=False)
    cut = set()
    with pikepdf.open(BytesIO(drawn)) as pages:
        for answer, page in zip(answers, pages.pages, strict=True):
            if "/Annots" in page.obj:  # the template's sign for text that was cut
                cut.add(answer.widget.name)
            answer.field.AP = Dictionary(N=_appearance(pdf, page, answer.widget))
    return frozenset(cut)


def _page_data(answers: Sequence[Answer], language: str) -> dict[str, object]:
    return {
        "language": language.partition("-")[0],
        "padding": PADDING,
        "scales": SCALES,
        "answers": [_one_page(answer) for answer in answers],
    }


def _one_page(answer: Answer) -> dict[str, object]:
    left, bottom, right, top = (float(number) for number in answer.field.Rect)
    return {
        "text": answer.text,
        "width": round(right - left, 2),
        "height": round(top - bottom, 2),
        "lines": answer.widget.multi_line,
        "size": answer.size,
        "face": answer.face,
        "stands": answer.stands,
        "above": answer.above,
    }


def _appearance(pdf: pikepdf.Pdf, page: pikepdf.Page, widget: Widget) -> pikepdf.Object:
    """The page as a form XObject. Text stands between marks, where a program that edits it looks (12.7.4.3)."""
    made = pdf.copy_foreign(page.as_form_xobject())
    if widget.kind != "signature":
        made.write(b"/Tx BMC\n" + made.read_bytes() + b"\nEMC\n")
    return made

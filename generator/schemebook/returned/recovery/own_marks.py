"""A blank in; pictures of the marks that it brings along for its tick boxes and buttons out.

Every program that fills in a form shows a box that is on by the appearance that the form has for it (ISO 32000-2,
12.5.5): one mark, whoever set it. Needs numpy: the extra `recover`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
from pikepdf import Dictionary

from schemebook.returned.recovery.page_place import Rect
from schemebook.returned.recovery.pictures import Grey

Spot = tuple[int, int]


def spot(rect: Rect) -> Spot:
    """Where a box stands, to the point: no two stand so near."""
    return round(rect[0]), round(rect[1])


def own_marks(blank: Path, page: int, scale: float) -> Mapping[Spot, Grey]:
    """Where a button of a page (from 1) stands -> its mark from the box's upper left corner, so many pixels a point."""
    marks: dict[Spot, Grey] = {}
    drawn: dict[tuple[int, int], Grey] = {}
    with pikepdf.open(blank) as pdf:
        for widget in pdf.pages[page - 1].obj.get("/Annots", ()):
            stream = _when_on(widget)
            if stream is not None:
                if stream.objgen not in drawn:
                    drawn[stream.objgen] = _drawn(stream, scale)
                left, bottom, right, top = (float(side) for side in widget["/Rect"])
                marks[spot((left, bottom, right, top))] = drawn[stream.objgen]
    return marks


def _when_on(widget: pikepdf.Object) -> pikepdf.Object | None:
    """The appearance of a button that is on; None of any other widget."""
    states = widget.get("/AP", Dictionary()).get("/N")
    if not isinstance(states, Dictionary):
        return None
    return next((stream for name, stream in states.items() if name != "/Off"), None)


def _drawn(stream: pikepdf.Object, scale: float) -> Grey:
    left, bottom, right, top = (float(side) for side in stream["/BBox"])
    width, height = (math.ceil(side * scale) / scale for side in (right - left, top - bottom))  # in whole pixels
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(width, height))
        page.obj.Resources = Dictionary(XObject=Dictionary(Mark=pdf.copy_foreign(stream)))
        page.obj.Contents = pdf.make_stream(f"q 1 0 0 1 {-left} {height - top} cm /Mark Do Q".encode())
        made = BytesIO()
        pdf.save(made)
    with pypdfium2.PdfDocument(made) as pdf_of_mark:
        bitmap = pdf_of_mark[0].render(scale=scale, grayscale=True)
        whole = np.frombuffer(bitmap.buffer, np.uint8).reshape(bitmap.height, bitmap.stride)
        return whole[:, : bitmap.width].copy()

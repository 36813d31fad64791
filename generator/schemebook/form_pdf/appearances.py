"""A box in, its appearance streams out (ISO 32000-2, 12.5.5): what an empty or ticked widget shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from schemebook.form_pdf.descriptor import Box

_NOTHING = b"q Q"
"""Never an empty stream: pdf.js warns of one that is compressed."""
_XOBJECT, _FORM = Name.XObject, Name.Form
"""Made once: a form has hundreds."""
_CIRCLE = 0.5523
"""Where the handles of a Bézier quarter circle stand, as a part of its radius."""

Appearance = dict[str, Any]
"""An /AP, to be put into a widget."""
_Draw = Callable[[float, float, str], bytes]
"""Width, height and colour in, a content stream out."""


class Appearances:
    """Makes the streams of one PDF. Those of buttons are shared by all boxes of one size.

    colour: of ticks and dots, as an operator takes it: red, green and blue from 0 to 1.
    """

    def __init__(self, pdf: pikepdf.Pdf, colour: str) -> None:
        self._pdf, self._colour = pdf, colour
        self._shared: dict[tuple[tuple[float, float], _Draw], pikepdf.Object] = {}

    def text(self, box: Box) -> Appearance:
        """/AP of an empty text field, with a stream of its own: what writes into a shared one shows everywhere."""
        return {"/N": self._stream(*_size(box), b"/Tx BMC EMC")}

    def nothing(self, box: Box) -> Appearance:
        """/AP of an empty signature."""
        return {"/N": self._stream(*_size(box), _NOTHING)}

    def tick_box(self, box: Box, on: str) -> Appearance:
        """/AP of a tick box whose ticked state is called `on`."""
        return self._two_states(box, on, _tick)

    def round_button(self, box: Box, on: str) -> Appearance:
        """/AP of a radio button whose chosen state is called `on`."""
        return self._two_states(box, on, _dot)

    def _two_states(self, box: Box, on: str, mark: _Draw) -> Appearance:
        return {
            "/N": {"/Off": self._shared_stream(_size(box), _nothing), f"/{on}": self._shared_stream(_size(box), mark)}
        }

    def _shared_stream(self, size: tuple[float, float], draw: _Draw) -> pikepdf.Object:
        if (size, draw) not in self._shared:
            self._shared[size, draw] = self._stream(*size, draw(*size, self._colour))
        return self._shared[size, draw]

    def _stream(self, width: float, height: float, content: bytes) -> pikepdf.Object:
        box = Array([0, 0, width, height])
        return self._pdf.make_stream(content, Type=_XOBJECT, Subtype=_FORM, BBox=box, Resources=Dictionary())


def _size(box: Box) -> tuple[float, float]:
    left, bottom, right, top = box.rect
    return round(right - left, 1), round(top - bottom, 1)


def _nothing(_width: float, _height: float, _colour: str) -> bytes:
    return _NOTHING


def _tick(width: float, height: float, colour: str) -> bytes:
    points = ((0.20, 0.50), (0.42, 0.26), (0.80, 0.74))
    (x0, y0), (x1, y1), (x2, y2) = ((x * width, y * height) for x, y in points)
    path = f"{x0:.2f} {y0:.2f} m {x1:.2f} {y1:.2f} l {x2:.2f} {y2:.2f} l S"
    return f"q {colour} RG {0.13 * width:.2f} w 1 J 1 j {path} Q".encode()


def _dot(width: float, height: float, colour: str) -> bytes:
    x, y, r = width / 2, height / 2, 0.274 * width
    k = r * _CIRCLE
    quarters = (
        (x + r, y + k, x + k, y + r, x, y + r),
        (x - k, y + r, x - r, y + k, x - r, y),
        (x - r, y - k, x - k, y - r, x, y - r),
        (x + k, y - r, x + r, y - k, x + r, y),
    )
    curves = " ".join(" ".join(f"{number:.2f}" for number in quarter) + " c" for quarter in quarters)
    return f"q {colour} rg {x + r:.2f} {y:.2f} m {curves} f Q".encode()

"""A box in, its appearance streams out (ISO 32000-2, 12.5.5): what an empty or ticked widget shows."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name

from schemebook.form_pdf.descriptor import Box

_NOTHING = b"q Q"
"""Never an empty stream: pdf.js warns of one that is compressed."""
_CIRCLE = 0.5523
"""Where the handles of a Bézier quarter circle stand, as a part of its radius."""


class Appearances:
    """Makes the streams of one PDF. Those of buttons are shared by all boxes of one size.

    colour: of ticks and dots, as an operator takes it: red, green and blue from 0 to 1.
    """

    def __init__(self, pdf: pikepdf.Pdf, colour: str) -> None:
        self._pdf, self._colour = pdf, colour
        self._shared: dict[tuple[float, float, bytes], pikepdf.Object] = {}

    def text(self, box: Box) -> pikepdf.Object:
        """/AP of an empty text field, with a stream of its own: what writes into a shared one shows everywhere."""
        return Dictionary(N=self._stream(*_size(box), b"/Tx BMC EMC"))

    def nothing(self, box: Box) -> pikepdf.Object:
        """/AP of an empty signature."""
        return Dictionary(N=self._stream(*_size(box), _NOTHING))

    def tick_box(self, box: Box, on: str) -> pikepdf.Object:
        """/AP of a tick box whose ticked state is called `on`."""
        return self._two_states(box, on, _tick(*_size(box), self._colour))

    def round_button(self, box: Box, on: str) -> pikepdf.Object:
        """/AP of a radio button whose chosen state is called `on`."""
        return self._two_states(box, on, _dot(*_size(box), self._colour))

    def _two_states(self, box: Box, on: str, mark: bytes) -> pikepdf.Object:
        states = Dictionary(Off=self._shared_stream(*_size(box), _NOTHING))
        states[Name(f"/{on}")] = self._shared_stream(*_size(box), mark)
        return Dictionary(N=states)

    def _shared_stream(self, width: float, height: float, content: bytes) -> pikepdf.Object:
        key = (width, height, content)
        if key not in self._shared:
            self._shared[key] = self._stream(*key)
        return self._shared[key]

    def _stream(self, width: float, height: float, content: bytes) -> pikepdf.Object:
        box = Array([0, 0, width, height])
        return self._pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=box, Resources=Dictionary())


def _size(box: Box) -> tuple[float, float]:
    left, bottom, right, top = box.rect
    return round(right - left, 1), round(top - bottom, 1)


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

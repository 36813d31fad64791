"""A photograph in; its pixels in colour out, the right way up, and pieces of them.

Needs numpy and OpenCV: the extra `recover`.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from schemebook.returned.opening import set_aside

Pixels = NDArray[np.uint8]
"""Rows of red, green and blue."""


def read_photo(path: Path) -> Pixels:
    """A JPEG or PNG, turned as its camera says: the same picture that `pictures.photograph` reads in grey.

    Raises SetAsideError damaged where it cannot be read or is too large.
    """
    data = np.frombuffer(path.read_bytes(), np.uint8)
    try:
        found = cv2.imdecode(data, cv2.IMREAD_COLOR)
        if found is None:
            raise set_aside("damaged", "damaged-picture")
        return np.asarray(cv2.cvtColor(found, cv2.COLOR_BGR2RGB), np.uint8)
    except (cv2.error, MemoryError):
        raise set_aside("damaged", "damaged-picture") from None


def cut_out(photo: Pixels, crop: tuple[float, float, float, float], scale: float) -> Pixels:
    """A piece of it. crop: how many pixels are left out on the left, below, on the right and above."""
    height, width = photo.shape[:2]
    left, below, right, above = (round(side) for side in crop)
    piece = photo[above : max(above + 1, height - below), left : max(left + 1, width - right)]
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.ascontiguousarray(cv2.resize(piece, None, fx=scale, fy=scale, interpolation=way), np.uint8)

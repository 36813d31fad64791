"""A picture of a page in; a piece of it, larger or smaller, out. Needs OpenCV: the extra `recover`."""

from __future__ import annotations

import cv2
import numpy as np

from schemebook.returned.recovery.pictures import Grey, PagePicture


def points_of(picture: PagePicture) -> float:
    """How many points, of those in which a record names places, a pixel is wide."""
    return float(picture.to_points[0, 0])


def cut_out(picture: PagePicture, crop: tuple[float, float, float, float], scale: float) -> Grey:
    """A piece of it. crop: how many points are left out on the left, below, on the right and above. scale: pixels a
    point."""
    points = points_of(picture)
    left, below, right, above = (round(side / points) for side in crop)
    height, width = picture.grey.shape
    piece = picture.grey[above : max(above + 1, height - below), left : max(left + 1, width - right)]
    across, up = (max(1, round(side * points * scale)) for side in (piece.shape[1], piece.shape[0]))
    way = cv2.INTER_AREA if points * scale < 1 else cv2.INTER_CUBIC
    return np.ascontiguousarray(cv2.resize(piece, (across, up), interpolation=way), np.uint8)

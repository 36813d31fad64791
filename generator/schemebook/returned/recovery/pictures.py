"""A returned PDF or picture in; its pages as grey pictures out, dark on light, the right way up where it says which.

Needs numpy and OpenCV: the extra `recover`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray

from schemebook.errors import SetAsideError
from schemebook.returned.limits import Limits
from schemebook.returned.opening import EDGE, set_aside
from schemebook.returned.recovery.picture_files import MOST_PIXELS, is_cut_png, picture_kind, picture_pages
from schemebook.returned.recovery.recovered import PageCopy

cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # it prints what it meets in broken pictures

Grey = NDArray[np.uint8]
Matrix = NDArray[np.float64]

LONGEST_SIDE = 2_480
"""Pixels that a page of a PDF is drawn with along its longer side: some 210 a inch for A4, as most scans have."""
LONGEST_PHOTO = 3_300
"""A photograph that is larger is made smaller."""
_COPY_QUALITY = 85


@dataclass(frozen=True)
class PagePicture:
    """A page as a picture. to_points: pixels -> points from the page's lower left, as a record names places."""

    grey: Grey
    to_points: Matrix


def pdf_picture(page: pypdfium2.PdfPage) -> PagePicture:
    """The picture of a page as a person sees it, turned as the file says."""
    width, height = page.get_size()
    scale = LONGEST_SIDE / max(width, height)
    bitmap = page.render(scale=scale, grayscale=True)
    whole = np.frombuffer(bitmap.buffer, np.uint8).reshape(bitmap.height, bitmap.stride)
    grey = np.ascontiguousarray(whole[:, : bitmap.width])
    return PagePicture(grey, _to_points(1 / scale, height))


def box_picture(page: pypdfium2.PdfPage, rect: tuple[float, float, float, float], dpi: int) -> Grey:
    """A rectangle of a page (in points, before any turning) as a picture."""
    page.set_rotation(0)
    left, bottom, right, top = page.get_cropbox()
    crop = (rect[0] - left, rect[1] - bottom, right - rect[2], top - rect[3])
    bitmap = page.render(scale=dpi / 72, grayscale=True, crop=tuple(max(0.0, side) for side in crop))
    whole = np.frombuffer(bitmap.buffer, np.uint8).reshape(bitmap.height, bitmap.stride)
    return np.ascontiguousarray(whole[:, : bitmap.width])


def photographs(path: Path, limits: Limits) -> list[PagePicture]:
    """The pages of a picture, each turned as its camera says. Its points are its pixels, from the lower left.

    path: a JPEG, PNG, WebP, TIFF (a fax has several pages) or HEIC. Raises SetAsideError damaged where it cannot be
    read, too-large, and not-a-pdf for HEIC where nothing here reads it.
    """
    data = path.read_bytes()
    kind = picture_kind(data[:EDGE])
    if kind == "heic":
        return [_made_smaller(_heic(data))]
    count = picture_pages(data, limits.printed_pages)
    if count > limits.printed_pages:
        raise set_aside("too-large", "too-large-inside", limit="pages without fields", most=limits.printed_pages)
    if kind == "png" and is_cut_png(data):
        raise set_aside("damaged", "damaged-picture")
    raw = np.frombuffer(data, np.uint8)
    return [_made_smaller(_page(raw, kind, number)) for number in range(count)]


def _page(raw: Any, kind: str | None, number: int) -> Any:
    """One page of a picture: 17 kB of a fax took 1,400 MB with all its twenty pages at once."""
    try:
        if kind == "tiff":
            page = next(iter(cv2.imdecodemulti(raw, cv2.IMREAD_GRAYSCALE, range=(number, number + 1))[1]), None)
        else:
            page = cv2.imdecode(raw, cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        raise _too_many_pixels() from None
    if page is None:
        raise set_aside("damaged", "damaged-picture")
    return page


def _heic(data: bytes) -> Any:
    """A HEIC as a grey picture, upright as its own transformations make it."""
    try:
        from pi_heif import open_heif
    except ImportError:
        raise set_aside("not-a-pdf", "no-heic") from None
    try:
        found = open_heif(data)
        if found.size[0] * found.size[1] > MOST_PIXELS:
            raise _too_many_pixels()
        pixels = np.array(found)  # a copy: what it reads goes away with it
    except (ValueError, OSError, EOFError, SyntaxError, RuntimeError):
        raise set_aside("damaged", "damaged-picture") from None
    return pixels if pixels.ndim == 2 else cv2.cvtColor(pixels[:, :, :3], cv2.COLOR_RGB2GRAY)


def _too_many_pixels() -> SetAsideError:
    return set_aside("too-large", "too-large-inside", limit="pixels", most=MOST_PIXELS)


def _made_smaller(grey: Any) -> PagePicture:
    height, width = grey.shape
    scale = min(1.0, LONGEST_PHOTO / max(height, width))
    if min(height, width) * scale < 1:  # a line, of which nothing would be left
        raise set_aside("damaged", "damaged-picture")
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return PagePicture(np.asarray(grey, np.uint8), _to_points(1 / scale, height))


def page_copy(picture: PagePicture, page: int, number: int) -> PageCopy:
    """A picture of a page to be kept. page: of the form. number: of its file."""
    done, jpeg = cv2.imencode(".jpg", picture.grey, [cv2.IMWRITE_JPEG_QUALITY, _COPY_QUALITY])
    assert done
    height, width = picture.grey.shape
    scale = float(picture.to_points[0, 0])
    return PageCopy(page, number, jpeg.tobytes(), (width * scale, height * scale))


def _to_points(scale: float, height: float) -> Matrix:
    return np.array([[scale, 0, 0], [0, -scale, height], [0, 0, 1]], np.float64)


def even_light(grey: Grey, dpi: int) -> Grey:
    """The picture divided by how bright the paper is around each place, so that paper is 250 everywhere."""
    step = max(1, dpi // 50)
    small = cv2.resize(grey, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 9)
    paper = cv2.resize(cv2.GaussianBlur(paper, (0, 0), 3), (grey.shape[1], grey.shape[0]))
    return np.asarray(cv2.divide(grey, np.maximum(paper, 30), scale=250), np.uint8)

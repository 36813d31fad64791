"""Photographs and scans: which kind of picture some bytes are, how many pages, and each page as grey dots."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from tests.failures.fuzzed.target import Target, folder, must_be_told_well
from tests.failures.hostile_containers import PICTURES

from schemebook.errors import SetAsideError
from schemebook.returned.limits import Limits
from schemebook.returned.recovery.picture_files import picture_kind, picture_pages

_LIMITS = Limits(printed_pages=4)
_HEIC = Path(__file__).with_name("heic")
"""Small pictures as libheif packs them: grey, see-through, of three colours, of ten bits. Nothing here can make one."""


def _look(data: bytes) -> None:
    """Each page of the picture is grey and no larger than a page is looked at; or a reason says why there is none."""
    from schemebook.returned.recovery.image_door import seen_codes
    from schemebook.returned.recovery.pictures import LONGEST_PHOTO, page_copy, photographs

    path = folder() / "a.png"
    path.write_bytes(data)
    try:
        kind = picture_kind(data[:16])
        pages = picture_pages(data, _LIMITS.printed_pages)
        assert 1 <= pages <= _LIMITS.printed_pages + 1
        if kind is None:
            return
        for page in photographs(path, _LIMITS):
            assert page.grey.ndim == 2 and page.grey.dtype == np.uint8 and 1 <= max(page.grey.shape) <= LONGEST_PHOTO
            assert page_copy(page, 1, 1).picture.startswith(b"\xff\xd8")
            seen_codes(page)
    except SetAsideError as error:
        must_be_told_well(str(error))


@cache
def _page() -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """A small page with a code of ours on it."""
    import zxingcpp

    sign = zxingcpp.create_barcode("SB1/0123ABCD/1", zxingcpp.BarcodeFormat.DataMatrix)
    code = np.array(zxingcpp.write_barcode_to_image(sign, scale=2), np.uint8)
    page = np.full((150, 110), 255, np.uint8)
    page[80 : 80 + code.shape[0], 40 : 40 + code.shape[1]] = code[:70, :70]
    return page


def _pictures() -> Iterator[bytes]:
    """One small page in each kind of file that is read, by OpenCV's own writers; a fax of two pages; a HEIC."""
    cv2 = pytest.importorskip("cv2", reason="OpenCV (the extra recover) is not installed")
    colours = np.repeat(_page()[..., None], 3, 2)
    for suffix, pixels in ((".png", _page()), (".jpg", colours), (".webp", colours), (".tif", colours)):
        done, made = cv2.imencode(suffix, pixels)
        assert done
        yield made.tobytes()
    for packed in (1, 5, 32_946):  # none, LZW, deflate
        done, made = cv2.imencodemulti(".tif", [_page(), _page()], [cv2.IMWRITE_TIFF_COMPRESSION, packed])
        assert done
        yield made.tobytes()
    done, made = cv2.imencode(".png", np.zeros((9, 9, 4), np.uint16))
    assert done
    yield made.tobytes()
    yield b"MM\0*" + struct.pack(">I", 8) + struct.pack(">HHHII", 1, 256, 3, 1, 1) + struct.pack(">I", 8)
    yield b"\0\0\0\x18ftypheic" + bytes(40)
    yield b"\0\0\0\x18ftypavif" + bytes(40)


def _real_pictures() -> Iterator[bytes]:
    """As telephones and scanners write them: turned by a mark, of sixteen bits, grey with a see-through part, HEIC."""
    cv2 = pytest.importorskip("cv2", reason="OpenCV (the extra recover) is not installed")
    _, jpeg = cv2.imencode(".jpg", _page())
    turned = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    yield b"\xff\xd8\xff\xe1" + struct.pack(">H", len(turned) + 2) + turned + jpeg.tobytes()[2:]
    for depth in (np.uint16, np.float32, np.float64):
        _, made = cv2.imencode(".tif", _page().astype(depth))
        yield made.tobytes()
    for rows in (_page()[:1], _page()[:, :1]):
        yield cv2.imencode(".png", rows)[1].tobytes()
    yield from (path.read_bytes() for path in sorted(_HEIC.glob("*.heic")))
    yield from (data for name, make in PICTURES.items() if len(data := make()) < 200_000 and "3600" not in name)


TARGET = Target(_look, _pictures, _real_pictures)

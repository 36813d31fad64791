"""A file's first bytes in; which kind of picture it is out, and how many pages it has. In plain Python."""

from __future__ import annotations

import os
import struct
from typing import Literal

from schemebook.returned.opening import Data, set_aside

MOST_PIXELS = 120_000_000
"""Dots of one picture: a page at 600 dots an inch has 35 million."""
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(MOST_PIXELS))
"""OpenCV reads it when it is imported, which whatever looks at pictures does after this; by itself it takes nine times
as many, in a gigabyte."""

Kind = Literal["jpeg", "png", "webp", "tiff", "heic"]

_PNG = b"\x89PNG\r\n\x1a\n"
_PIECE = 12
"""Bytes of a piece of a PNG beside its content: its size, its kind and its check sum."""
_STARTS: dict[bytes, Kind] = {
    b"\xff\xd8\xff": "jpeg",
    _PNG: "png",
    b"II*\0": "tiff",
    b"MM\0*": "tiff",
}
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
"""Brands of a picture that HEVC packs (ISO/IEC 23008-12, annex B)."""
_OTHERS = (b"avif", b"avis")


def picture_kind(head: bytes) -> Kind | None:
    """The kind of picture that begins so; None for what is no picture. Raises SetAsideError not-a-pdf for AVIF."""
    for start, kind in _STARTS.items():
        if head.startswith(start):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] != b"ftyp":
        return None
    if head[8:12] in _OTHERS:
        raise set_aside("not-a-pdf", "photograph")
    return "heic" if head[8:12] in _HEIC else None


def is_cut_png(data: Data) -> bool:
    """Whether a PNG ends before its end, or a piece of it says more bytes than there are (PNG, third edition, 5.3).

    A library makes room for what a piece says: 70 bytes took 2,400 MB and five seconds.
    """
    place = len(_PNG)
    while place + _PIECE <= len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        place += _PIECE + size
        if kind == b"IEND":
            return bool(place > len(data))
    return True


def picture_pages(data: Data, most: int) -> int:
    """How many pages a picture has: a fax as TIFF has several; counted no further than just past `most`."""
    if picture_kind(data[:16]) != "tiff":
        return 1
    order = "<" if data[:2] == b"II" else ">"
    seen: list[int] = []
    try:
        (place,) = struct.unpack_from(f"{order}I", data, 4)
        while place and place not in seen and len(seen) <= most:  # directory after directory (TIFF 6.0, section 2)
            seen.append(place)
            (entries,) = struct.unpack_from(f"{order}H", data, place)
            (place,) = struct.unpack_from(f"{order}I", data, place + 2 + 12 * entries)
    except struct.error:
        pass
    return max(1, len(seen))

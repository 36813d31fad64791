"""A returned file, PDF or picture, and places on its pages in; pictures of them out, as PNG.

The file is drawn in a process of its own with limits of time and memory: what it does to the library that draws it
costs its pictures and nothing else.
"""

from __future__ import annotations

import multiprocessing
import struct
import sys
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from schemebook.errors import SetAsideError
from schemebook.returned.hiring import without_main_module
from schemebook.returned.limits import Limits
from schemebook.returned.opening import first_bytes
from schemebook.returned.recovery.picture_files import picture_kind
from schemebook.returned.worker import hold_to

if TYPE_CHECKING:  # Windows has no ForkServerContext
    from multiprocessing.context import ForkServerContext, SpawnContext

Rect = tuple[float, float, float, float]

POINTS_TO_PIXELS = 150 / 72
"""Answers are read well at 150 dots an inch."""
_MOST_PIXELS = 3_000_000
_A4_WIDTH = 595.0
_START_SECONDS = 30.0


@dataclass(frozen=True)
class Cut:
    """A piece of a page. page: from 1. rect: in points from the lower left; None for the whole page.

    scale: pixels a point. around: what is shown with it on the left, below, on the right and above. Of a photograph,
    whose points are its pixels, both are taken as if its shorter side were as wide as A4.
    """

    page: int
    rect: Rect | None = None
    scale: float = POINTS_TO_PIXELS
    around: Rect = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Picture:
    """A piece of a page as PNG, and the paper's size in points; of a photograph in its pixels."""

    png: bytes
    paper: tuple[float, float]


def pictures(path: Path, cuts: Sequence[Cut], limits: Limits | None = None) -> list[Picture | None]:
    """The pictures of some pieces of a PDF or a photograph; None for each that cannot be had.

    path: any file; of what is neither, or is gone, nothing is had, nor of a photograph where the extra `recover`, which
    reads photographs, is not installed.
    """
    limits = limits or Limits()
    context: SpawnContext | ForkServerContext
    if sys.platform == "win32":
        context = multiprocessing.get_context("spawn")
    else:
        context = multiprocessing.get_context("forkserver")
    near, far = context.Pipe(duplex=False)
    process = context.Process(target=_draw, args=(far, path, list(cuts), limits), daemon=True)
    with without_main_module():
        process.start()
    far.close()
    found: list[Picture | None] = []
    with near, suppress(EOFError, OSError):
        while len(found) < len(cuts) and near.poll(limits.seconds + (0 if found else _START_SECONDS)):
            found.append(near.recv())
    process.kill()
    process.join()
    return found + [None] * (len(cuts) - len(found))


def page_count(path: Path, limits: Limits | None = None) -> int:
    """How many pages of a PDF can be drawn, up to the limit of printed pages; 0 for what is no PDF."""
    limits = limits or Limits()
    tiny = [Cut(number, None, 0.02) for number in range(1, limits.printed_pages + 1)]
    return sum(one is not None for one in pictures(path, tiny, limits))


def _draw(line: Connection, path: Path, cuts: Sequence[Cut], limits: Limits) -> None:
    """The life of the drawing process."""
    pages: _Pages | None = None
    with suppress(OSError, SetAsideError, ImportError):
        photograph = picture_kind(first_bytes(path)) is not None
        hold_to(limits.model_copy(update={"worker_bytes": limits.picture_bytes}) if photograph else limits)
        pages = _photographs(path, limits) if photograph else _pdf(path)
    for cut in cuts if pages else ():
        assert pages
        line.send(_picture(pages, cut) if 1 <= cut.page <= pages.count else None)


@dataclass(frozen=True)
class _Pixels:
    """A drawn piece: rows of grey, RGB or RGBA, `stride` bytes each."""

    rows: bytes
    width: int
    height: int
    stride: int
    channels: int


@dataclass(frozen=True)
class _Pages:
    """What can be drawn of a file. size: of a page, in its points. points: how many of them are one of A4's."""

    count: int
    size: Callable[[int], tuple[float, float]]
    draw: Callable[[int, Rect, float], _Pixels]
    points: Callable[[int], float]


def _pdf(path: Path) -> _Pages | None:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(path)
        pdf.init_forms()
    except (pypdfium2.PdfiumError, ValueError):
        return None

    def draw(number: int, crop: Rect, scale: float) -> _Pixels:
        drawn = pdf[number - 1].render(scale=scale, crop=crop, rev_byteorder=True, prefer_bgrx=False)
        return _Pixels(bytes(drawn.buffer), drawn.width, drawn.height, drawn.stride, drawn.n_channels)

    return _Pages(len(pdf), lambda number: pdf[number - 1].get_size(), draw, lambda number: 1.0)


def _photographs(path: Path, limits: Limits) -> _Pages:
    from schemebook.returned.picture_cuts import cut_out, points_of  # only here: it needs the extra `recover`
    from schemebook.returned.recovery.pictures import photographs

    found = photographs(path, limits)

    def size(number: int) -> tuple[float, float]:
        height, width = found[number - 1].grey.shape
        return width * points_of(found[number - 1]), height * points_of(found[number - 1])

    def draw(number: int, crop: Rect, scale: float) -> _Pixels:
        piece = cut_out(found[number - 1], crop, scale)
        return _Pixels(piece.tobytes(), piece.shape[1], piece.shape[0], piece.shape[1], 1)

    return _Pages(len(found), size, draw, lambda number: min(size(number)) / _A4_WIDTH)


def _picture(pages: _Pages, cut: Cut) -> Picture | None:
    (width, height), unit = pages.size(cut.page), pages.points(cut.page)
    left, bottom, right, top = cut.rect or (0.0, 0.0, width, height)
    beside = [side * unit for side in cut.around]
    left, bottom, right, top = left - beside[0], bottom - beside[1], right + beside[2], top + beside[3]
    crop = (max(0.0, left), max(0.0, bottom), max(0.0, width - right), max(0.0, height - top))
    across, up = width - crop[0] - crop[2], height - crop[1] - crop[3]
    if across <= 0 or up <= 0:
        return None
    scale = min(cut.scale / unit, (_MOST_PIXELS / (across * up)) ** 0.5)
    drawn = pages.draw(cut.page, crop, scale)
    return Picture(_png(drawn), (width, height))


def _png(drawn: _Pixels) -> bytes:
    """A PNG of what was drawn (ISO/IEC 15948, 11)."""
    wide, whole = drawn.width * drawn.channels, drawn.height * drawn.stride
    rows = b"".join(b"\0" + drawn.rows[at : at + wide] for at in range(0, whole, drawn.stride))
    kind = {1: 0, 3: 2, 4: 6}[drawn.channels]
    head = struct.pack(">IIBBBBB", drawn.width, drawn.height, 8, kind, 0, 0, 0)
    chunks = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(rows, 6)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

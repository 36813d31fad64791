"""A returned file and places on its pages in; pictures of them out, as PNG.

The file is drawn in a process of its own with limits of time and memory: what it does to the library that draws it
costs its pictures and nothing else.
"""

from __future__ import annotations

import multiprocessing
import struct
import sys
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path
from typing import Any

from schemebook.returned.limits import Limits
from schemebook.returned.worker import hold_to, without_main_module

Rect = tuple[float, float, float, float]

POINTS_TO_PIXELS = 150 / 72
"""Answers are read well at 150 dots an inch."""
_MOST_PIXELS = 3_000_000
_START_SECONDS = 30.0


@dataclass(frozen=True)
class Cut:
    """A piece of a page. page: from 1. rect: in points from the lower left; None for the whole page."""

    page: int
    rect: Rect | None = None
    scale: float = POINTS_TO_PIXELS


@dataclass(frozen=True)
class Picture:
    """A piece of a page as PNG, and the paper's size in points."""

    png: bytes
    paper: tuple[float, float]


def pictures(path: Path, cuts: Sequence[Cut], limits: Limits | None = None) -> list[Picture | None]:
    """The pictures of some pieces of a PDF; None for each that cannot be had.

    path: any file; of what is no PDF, or is gone, nothing is had.
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
    hold_to(limits)
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(path)
        pdf.init_forms()
    except (pypdfium2.PdfiumError, OSError, ValueError):
        return
    for cut in cuts:
        line.send(_picture(pdf, cut) if 1 <= cut.page <= len(pdf) else None)


def _picture(pdf: Any, cut: Cut) -> Picture | None:
    page = pdf[cut.page - 1]
    width, height = page.get_size()
    left, bottom, right, top = cut.rect or (0.0, 0.0, width, height)
    crop = [max(0.0, left), max(0.0, bottom), max(0.0, width - right), max(0.0, height - top)]
    across, up = width - crop[0] - crop[2], height - crop[1] - crop[3]
    if across <= 0 or up <= 0:
        return None
    scale = min(cut.scale, (_MOST_PIXELS / (across * up)) ** 0.5)
    drawn = page.render(scale=scale, crop=tuple(crop), rev_byteorder=True, prefer_bgrx=False)
    return Picture(
        _png(bytes(drawn.buffer), drawn.width, drawn.height, drawn.stride, drawn.n_channels), (width, height)
    )


def _png(pixels: bytes, width: int, height: int, stride: int, channels: int) -> bytes:
    """A PNG of rows of grey, RGB or RGBA (ISO/IEC 15948, 11)."""
    rows = b"".join(b"\0" + pixels[at : at + width * channels] for at in range(0, height * stride, stride))
    kind = {1: 0, 3: 2, 4: 6}[channels]
    head = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    chunks = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(rows, 6)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

"""Copies on paper, made by a program: a PDF in; scans and photographs of its pages out, worse the way real ones are.

They are rendered and then degraded: no real scanner, telephone or pen has been near them.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pikepdf
import pypdfium2
from pikepdf import Dictionary, Name

Picture = Any
"""A grey picture: rows of bytes."""


def printed(path: Path, dpi: int) -> list[Picture]:
    """The pages of a PDF as a printer draws them, fields and all."""
    with pypdfium2.PdfDocument(path) as pdf:
        pdf.init_forms()
        found = []
        for page in pdf:
            bitmap = page.render(scale=dpi / 72, grayscale=True)
            whole = np.frombuffer(bitmap.buffer, np.uint8).reshape(bitmap.height, bitmap.stride)
            found.append(whole[:, : bitmap.width].copy())
        return found


def scanned(page: Picture, chance: np.random.Generator) -> Picture:
    """A page of 200 dpi out of a flatbed scanner: askew, grey, soft, noisy, specked, and squeezed as a JPEG."""
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), chance.uniform(-3, 3), chance.uniform(0.99, 1.01))
    turn[:, 2] += chance.uniform(-0.012, 0.012, 2) * width
    seen = cv2.warpAffine(page.astype(np.float32), turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=250)
    seen = seen * chance.uniform(0.82, 0.97) + chance.uniform(0, 22)
    seen += np.linspace(0, chance.uniform(-14, 6), width)[None, :]
    seen = cv2.GaussianBlur(seen, (0, 0), chance.uniform(0.45, 0.85))
    seen += chance.normal(0, chance.uniform(3, 9), seen.shape)
    seen[chance.random(seen.shape) < 0.0006] = 30
    return _squeezed(seen, int(chance.integers(55, 85)))


def photographed(page: Picture, chance: np.random.Generator) -> Picture:
    """A page of 300 dpi before a telephone that sees 150: tilted, on a dark desk, lit from one side, in a shadow."""
    height, width = page.shape
    wide, high = width / 2, height / 2
    edge = 0.08 * wide
    corners = [(edge, edge), (edge + wide, edge), (edge + wide, edge + high), (edge, edge + high)]
    moved = np.array(corners, np.float32) + chance.uniform(-0.7, 0.7, (4, 2)).astype(np.float32) * edge
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    place = cv2.getPerspectiveTransform(flat, moved)
    size = (int(wide + 2 * edge), int(high + 2 * edge))
    turn = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), chance.uniform(-4, 4), 0.97)
    place = np.vstack([turn, [0, 0, 1]]) @ place
    paper = cv2.warpPerspective(np.full_like(page, 255), place, size)
    soft = cv2.GaussianBlur(page, (0, 0), 0.8)
    seen = np.where(paper > 127, cv2.warpPerspective(soft, place, size), 70 + chance.normal(0, 6, paper.shape))
    seen = seen * _light(size, chance)
    seen = cv2.GaussianBlur(seen, (0, 0), chance.uniform(0.4, 0.9)) + chance.normal(0, chance.uniform(2, 5), seen.shape)
    return _squeezed(seen, int(chance.integers(55, 80)))


def _light(size: tuple[int, int], chance: np.random.Generator) -> Picture:
    """How bright each place is: a lamp somewhere, and half the time the shadow of a hand."""
    across, down = np.meshgrid(np.linspace(0, 1, size[0]), np.linspace(0, 1, size[1]))
    x, y = chance.uniform(0.1, 0.9, 2)
    light = 1 - chance.uniform(0.2, 0.5) * ((across - x) ** 2 + (down - y) ** 2)
    if chance.random() < 0.5:
        angle = chance.uniform(0, np.pi)
        far = (across - chance.uniform(0.3, 0.7)) * np.cos(angle) + (down - chance.uniform(0.3, 0.7)) * np.sin(angle)
        light *= 1 - chance.uniform(0.15, 0.4) / (1 + np.exp(-far / chance.uniform(0.01, 0.05)))
    return light


def _squeezed(seen: Picture, quality: int) -> Picture:
    done, data = cv2.imencode(".jpg", seen.clip(0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)


def jpeg(page: Picture) -> bytes:
    """A page as the file that a telephone keeps."""
    done, data = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 80])
    assert done
    return bytes(data.tobytes())


def pdf_of(pages: list[Picture], dpi: int, out: Path) -> Path:
    """Pages as the PDF that a scanner makes: a picture a page."""
    with pikepdf.new() as pdf:
        for page in pages:
            height, width = (side * 72 / dpi for side in page.shape)
            drawn = pikepdf.Stream(
                pdf, jpeg(page), Type=Name.XObject, Subtype=Name.Image, Width=page.shape[1], Height=page.shape[0],
                BitsPerComponent=8, ColorSpace=Name.DeviceGray, Filter=Name.DCTDecode,
            )  # fmt: skip
            made = pdf.add_blank_page(page_size=(width, height))
            made.obj.Resources = Dictionary(XObject=Dictionary(Im=drawn))
            made.obj.Contents = pikepdf.Stream(pdf, f"q {width} 0 0 {height} 0 0 cm /Im Do Q".encode())
        pdf.save(out)
    return out


def pixels(rect: tuple[float, float, float, float], height: float, dpi: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of a rectangle of points in the picture of a page that is so high."""
    scale = dpi / 72
    left, bottom, right, top = rect
    return round(left * scale), round((height - top) * scale), round(right * scale), round((height - bottom) * scale)


def shrunk(page: Picture, chance: np.random.Generator) -> Picture:
    """A page of A4 at 200 dpi as a driver fits it to a sheet of Letter: 93 % in size, moved."""
    sheet = np.full((2_200, 1_700), 255, np.uint8)
    small = cv2.resize(page, None, fx=0.93, fy=0.93, interpolation=cv2.INTER_AREA)
    left, top = (int(chance.integers(0, sheet.shape[side] - small.shape[side])) for side in (1, 0))
    sheet[top : top + small.shape[0], left : left + small.shape[1]] = small
    return sheet


def faxed(page: Picture, chance: np.random.Generator) -> Picture:
    """A scan as a fax machine sends it: black or white, nothing between."""
    return np.where(scanned(page, chance) < int(chance.integers(140, 170)), 0, 255).astype(np.uint8)


def coarse(page: Picture, chance: np.random.Generator) -> Picture:
    """A page of 200 dpi scanned at 100."""
    return cv2.resize(scanned(page, chance), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)


def curled(page: Picture, chance: np.random.Generator) -> Picture:
    """A photograph of a page whose sheet bends: its middle is up to 1.4 mm off, as a fold leaves it."""
    height, width = page.shape
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    bend = chance.uniform(8, 16)
    seen = cv2.remap(
        page,
        across + bend * np.sin(np.pi * down / height).astype(np.float32),
        down + bend / 2 * np.sin(np.pi * across / width).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return photographed(seen, chance)


def torn(page: Picture, chance: np.random.Generator) -> Picture:
    """A scan of a page that was torn off its staple: a corner is gone, the lid of the scanner shows."""
    side = int(chance.uniform(0.08, 0.14) * page.shape[1])
    out = page.copy()
    cv2.fillPoly(out, [np.array([(0, 0), (side, 0), (0, side)], np.int32)], 235)
    return scanned(out, chance)


def stained(page: Picture, chance: np.random.Generator) -> Picture:
    """A scan of a page on which a cup of coffee stood."""
    height, width = page.shape
    middle = int(chance.uniform(0.25, 0.75) * width), int(chance.uniform(0.25, 0.75) * height)
    stain = np.zeros(page.shape, np.float32)
    cv2.circle(stain, middle, int(0.2 * width), 0.12, -1, cv2.LINE_AA)
    cv2.circle(stain, middle, int(0.2 * width), 0.4, 14, cv2.LINE_AA)
    stained_page = page * (1 - cv2.GaussianBlur(stain, (0, 0), 4))
    return scanned(stained_page.clip(0, 255).astype(np.uint8), chance)


def written(page: Picture, rect: tuple[int, int, int, int], chance: np.random.Generator) -> None:
    """Write into a box by hand: joined strokes of a pen whose line is now thicker, now thinner.

    rect: left, top, right, bottom in pixels of a page of 200 dpi.
    """
    left, top, right, bottom = rect
    high = min(bottom - top, 60) * chance.uniform(0.45, 0.8)
    pen = np.array([left + chance.uniform(8, 30), (top + min(bottom, top + 70)) / 2])
    grey = int(chance.integers(20, 110))
    for _ in range(int(chance.integers(4, 9))):
        corners = [pen]
        for _ in range(int(chance.integers(2, 5))):
            corners.append(corners[-1] + [chance.uniform(1, 9), chance.uniform(-0.5, 0.5) * high])
        curve = cv2.resize(np.array(corners, np.float32)[None], (40, 1), interpolation=cv2.INTER_CUBIC)[0]
        thick = chance.uniform(1.5, 4.5, 2)
        dots = np.rint(curve).astype(int).tolist()
        for place, (start, end) in enumerate(pairwise(dots)):
            width = max(1, round(thick[0] + (thick[1] - thick[0]) * place / 40))
            cv2.line(page, start, end, grey, width, cv2.LINE_AA)
        pen = np.array([corners[-1][0] + chance.uniform(2, 12), (top + min(bottom, top + 70)) / 2])
        if pen[0] > right - 40:
            break


MARKS_BY_HAND = ("tick", "cross", "dot", "fill", "faint", "outside", "big")
"""Marks of a pen that mean: this one."""
UNSURE_BY_HAND = ("stray", "ring", "dirt", "rubbed")
"""What is in a box or around it though it may mean nothing."""
TAKEN_BACK_BY_HAND = ("crossed", "scribbled", "half gone")
"""What is done by hand to a mark that a program has set."""


def marked(page: Picture, rect: tuple[int, int, int, int], how: str, chance: np.random.Generator) -> None:
    """Do something to a tick box by hand. rect: left, top, right, bottom in pixels of a page of 200 dpi."""
    grey, pen = int(chance.integers(20, 110)), float(chance.uniform(2.0, 4.5))
    if how in ("dot", "fill", "dirt"):
        return _blotted(page, rect, how, chance)
    if how in ("rubbed", "half gone"):
        return _rubbed(page, rect, how, chance)
    if how == "ring":
        left, top, right, bottom = rect
        middle, axes = ((left + right) // 2, (top + bottom) // 2), (round(0.9 * (right - left)), bottom - top)
        return cv2.ellipse(page, middle, axes, chance.uniform(-20, 20), 0, 360, grey, round(pen), cv2.LINE_AA)
    if how == "faint":
        grey, pen = int(chance.integers(150, 190)), 2.0
    for stroke in _STROKES[how]:
        _stroke(page, rect, stroke, grey, pen, chance)
    return None


_Stroke = tuple[tuple[float, float], ...]
_TICK: _Stroke = ((0.15, 0.5), (0.4, 0.85), (0.9, 0.1))
_CROSS: tuple[_Stroke, ...] = (((0.15, 0.15), (0.85, 0.85)), ((0.15, 0.85), (0.85, 0.15)))
_STROKES: dict[str, tuple[_Stroke, ...]] = {
    "tick": (_TICK,),
    "faint": (_TICK,),
    "cross": _CROSS,
    "outside": (((0.5, 0.5), (0.8, 0.9), (1.7, -0.3)),),
    "big": (((-0.3, 0.5), (0.4, 1.3), (1.6, -0.6)),),
    "stray": (((-1.5, 0.3), (2.5, 0.7)),),
    "crossed": (((-0.3, 0.8), (1.3, 0.2)),),
    "scribbled": (((0.1, 0.3), (0.9, 0.25), (0.1, 0.5), (0.9, 0.5), (0.1, 0.75), (0.9, 0.7)),),
}


def _stroke(
    page: Picture,
    rect: tuple[int, int, int, int],
    corners: _Stroke,
    grey: int,
    pen: float,
    chance: np.random.Generator,
) -> None:
    left, top, right, bottom = rect
    moved = np.array(corners) + chance.normal(0, 0.06, (len(corners), 2))
    dots = np.rint(moved * [right - left, bottom - top] + [left, top]).astype(np.int32)
    cv2.polylines(page, [dots], False, grey, round(pen), cv2.LINE_AA)


def _blotted(page: Picture, rect: tuple[int, int, int, int], how: str, chance: np.random.Generator) -> None:
    """A dot of a pen, a box filled to its edges, or a crumb on the glass."""
    left, top, right, bottom = rect
    side = right - left
    if how == "fill":
        inner = round(chance.uniform(0.0, 0.15) * side)
        grey = int(chance.integers(20, 150))
        cv2.rectangle(page, (left + inner, top + inner), (right - inner, bottom - inner), grey, -1)
        return
    away = chance.uniform(-0.25, 0.25, 2) * side
    middle = round((left + right) / 2 + away[0]), round((top + bottom) / 2 + away[1])
    most = 0.3 if how == "dot" else 0.22
    axes = tuple(max(2, round(one * side)) for one in chance.uniform(0.1, most, 2))
    cv2.ellipse(page, middle, axes, chance.uniform(0, 180), 0, 360, int(chance.integers(20, 110)), -1, cv2.LINE_AA)


def _rubbed(page: Picture, rect: tuple[int, int, int, int], how: str, chance: np.random.Generator) -> None:
    """A pencil's tick of which a shade is left, or a typed mark half under correction fluid."""
    left, top, right, bottom = rect
    if how == "half gone":
        cut = round(left + chance.uniform(0.4, 0.6) * (right - left))
        page[top + 4 : bottom - 4, left + 4 : cut] = 250
        return
    whole = page.copy()
    _stroke(whole, rect, _TICK, 120, 3.0, chance)
    near = slice(top - 10, bottom + 10), slice(left - 10, right + 10)
    page[near] = cv2.addWeighted(page[near], 0.65, cv2.GaussianBlur(whole[near], (0, 0), 2.0), 0.35, 0)

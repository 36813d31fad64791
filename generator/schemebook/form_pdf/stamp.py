"""A laid-out form and its edition in; printed onto its pages: the edition's id, each page's code, and DRAFT.

These are known only when every box stands, so they are put on last, outside the text and as artifacts: no box can move.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pikepdf
import zxingcpp
from pikepdf import Dictionary, Name

from schemebook.form_pdf.descriptor import page_code
from schemebook.form_pdf.fonts import field_font
from schemebook.form_pdf.sheet import Sheet
from schemebook.scheme.words import say

_POINTS = 72 / 25.4
_FONT = "SchemebookStamp"
CODE_AWAY = 8.2
"""From the page's right and lower edges to the code, in millimetres."""
CODE_SIZE, CODE_SIZE_WITH_TOKEN = 10.0, 12.0
_QUIET_ZONE = 1.2
_PILL_HEIGHT, _PILL_AWAY, _PILL_TEXT = 4.6, 7.9, 8.5
"""Of DRAFT: height, from the page's upper edge to its lower one, in millimetres; size of type in points."""


def stamp(
    pdf: pikepdf.Pdf,
    sheet: Sheet,
    edition: str,
    colours: Mapping[str, str],
    font: pikepdf.Object,
    *,
    draft: bool = False,
    token: str | None = None,
) -> None:
    """Print the edition and the codes onto every page.

    colours: "quiet", "late" and "late-ground" as "#RRGGBB". font: the field font, embedded.
    """
    before = pdf.make_stream(b"q\n")
    for number, page in enumerate(pdf.pages, 1):
        code = page_code(edition, number, token)
        drawing = _code(sheet, code, token is not None) + _small_print(sheet, edition, code, token, colours["quiet"])
        if draft:
            drawing += _draft(sheet, colours["late"], colours["late-ground"])
        _use_font(page, font)
        page.contents_add(before, prepend=True)
        page.contents_add(pdf.make_stream(f"Q\n/Artifact <</Type /Pagination>> BDC\nq\n{drawing}Q\nEMC\n".encode()))


@cache
def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """The DataMatrix of a text, row by row from the top, True where it is dark; square, without a margin."""
    sign = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
    grid: Any = memoryview(sign.to_image(scale=1, add_quiet_zones=False))  # type: ignore[arg-type]
    rows, columns = grid.shape
    return tuple(tuple(grid[row, column] == 0 for column in range(columns)) for row in range(rows))


def _use_font(page: pikepdf.Page, font: pikepdf.Object) -> None:
    """Pages may share one dictionary of resources; the name is put in once."""
    resources = page.obj.Resources
    if "/Font" not in resources:
        resources.Font = Dictionary()
    resources.Font[Name(f"/{_FONT}")] = font


def _code_size(with_token: bool) -> float:
    return CODE_SIZE_WITH_TOKEN if with_token else CODE_SIZE


def _code(sheet: Sheet, text: str, with_token: bool) -> str:
    """The dark runs of each row, over a white ground. One module is the unit, which is short and leaves no hairline."""
    size = _code_size(with_token)
    left, bottom = sheet.width - CODE_AWAY - size, CODE_AWAY
    grid = modules(text)
    module = size / len(grid) * _POINTS
    around = size + 2 * _QUIET_ZONE
    ground = f"1 g {_rectangle(left - _QUIET_ZONE, bottom - _QUIET_ZONE, around, around)}f 0 g\n"
    drawn = "".join(
        f"{start} {len(grid) - down} {long} 1 re " for down, row in enumerate(grid, 1) for start, long in _runs(row)
    )
    return f"{ground}q {module:.5f} 0 0 {module:.5f} {_at(left, bottom)} cm {drawn}f Q\n"


def _runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """(start, length) of each dark run, so that no hairline shows between neighbours."""
    found: list[tuple[int, int]] = []
    for place, dark in enumerate(row):
        if dark and found and sum(found[-1]) == place:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((place, 1))
    return found


def _small_print(sheet: Sheet, edition: str, code: str, token: str | None, colour: str) -> str:
    """The edition and the code's text in the footer, ending before the code."""
    words = say("form_pdf.edition", edition=edition, code=code)
    right = sheet.width - max(sheet.side, sheet.code_room)
    width = _width(words, sheet.code_text)
    return _text(words, right - width, sheet.small_print, sheet.code_text, colour)


def _draft(sheet: Sheet, colour: str, ground: str) -> str:
    """The word, over the header, on the ground of what is late."""
    words = say("form_pdf.draft")
    bottom = sheet.height - _PILL_AWAY
    width = _width(words, _PILL_TEXT) + 4
    pill = f"{_rgb(ground)} rg {_rectangle(sheet.side, bottom, width, _PILL_HEIGHT)}f\n"
    lift = (_PILL_HEIGHT - 0.66 * _PILL_TEXT / _POINTS) / 2
    return pill + _text(words, sheet.side + 2, bottom + lift, _PILL_TEXT, colour)


def _text(words: str, left: float, base: float, size: float, colour: str) -> str:
    glyphs = field_font().glyphs
    codes = "".join(f"{glyphs.get(ord(letter), 0):04X}" for letter in words)
    return f"BT {_rgb(colour)} rg /{_FONT} {size:g} Tf {_at(left, base)} Td <{codes}> Tj ET\n"


def _width(words: str, size: float) -> float:
    face = field_font()
    return sum(face.widths[face.glyphs.get(ord(letter), 0)] for letter in words) * size / 1000 / _POINTS


def _rectangle(left: float, bottom: float, width: float, height: float) -> str:
    return f"{_at(left, bottom)} {_at(width, height)} re "


def _at(x: float, y: float) -> str:
    return f"{x * _POINTS:.3f} {y * _POINTS:.3f}"


def _rgb(colour: str) -> str:
    return " ".join(f"{int(colour[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5))

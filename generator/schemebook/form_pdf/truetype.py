"""A TrueType file in, what it covers and how wide its letters are out.

Only what a PDF font dictionary and the question "can this be drawn?" need, so that no font library is needed
at run time. Made for the faces shipped here: one font a file, a Unicode cmap of format 4 or 12.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

_DRAWN_WITH = (b"cvt ", b"fpgm", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"post", b"prep")
"""`post` holds what the glyphs are called (some hundred bytes): MuPDF knows by it which letters they are when it writes
a page anew, and leaves all text nameless without it."""


@dataclass(frozen=True)
class Face:
    """One face: its file, the glyph id of each code point, and its measures in 1/1000 em.

    widths: advance widths by glyph id. box: the least box that holds every glyph (left, bottom, right, top).
    """

    ttf: bytes
    glyphs: Mapping[int, int]
    widths: tuple[int, ...]
    ascent: int
    descent: int
    cap_height: int
    box: tuple[int, int, int, int]

    def covers(self, text: str) -> bool:
        """Whether the face has a glyph for every code point of the text."""
        return all(ord(letter) in self.glyphs for letter in text)


def read_face(ttf: bytes) -> Face:
    """The face in a TrueType file. ValueError when it has no Unicode cmap that can be read."""
    tables = _tables(ttf)
    head, hhea = tables["head"], tables["hhea"]
    (units,) = struct.unpack_from(">H", head, 18)
    ascent, descent = struct.unpack_from(">hh", hhea, 4)
    (cap_height,) = struct.unpack_from(">h", tables["OS/2"], 88)

    def scaled(*values: int) -> tuple[int, ...]:
        return tuple(round(value * 1000 / units) for value in values)

    left, bottom, right, top = scaled(*struct.unpack_from(">4h", head, 36))
    return Face(
        ttf=ttf,
        glyphs=MappingProxyType(dict(_cmap(tables["cmap"]))),
        widths=scaled(*_advances(tables)),
        ascent=scaled(ascent)[0],
        descent=scaled(descent)[0],
        cap_height=scaled(cap_height)[0],
        box=(left, bottom, right, top),
    )


def for_drawing(ttf: bytes) -> bytes:
    """The same with only the tables that a PDF draws glyph ids with (ISO 32000-2, 9.9.1), and the glyphs' names."""
    (count,) = struct.unpack_from(">H", ttf, 4)
    records = [struct.unpack_from(">4s4sLL", ttf, 12 + 16 * number) for number in range(count)]
    kept = [record for record in records if record[0] in _DRAWN_WITH]
    power = len(kept).bit_length() - 1
    head = struct.pack(">4s4H", ttf[:4], len(kept), 16 << power, power, 16 * len(kept) - (16 << power))
    directory, body = b"", b""
    for tag, check_sum, offset, length in kept:
        directory += struct.pack(">4s4sLL", tag, check_sum, len(head) + 16 * len(kept) + len(body), length)
        body += ttf[offset : offset + length] + bytes(-length % 4)
    return head + directory + body


def letters_of(path: Path) -> frozenset[int]:
    """The code points of a font's file, without reading the rest of it. OSError, or ValueError for what is no font."""
    with path.open("rb") as file:
        try:
            (count,) = struct.unpack(">4xH6x", file.read(12))
            records = struct.iter_unpack(">4s4xLL", file.read(16 * count))
            offset, length = next((offset, length) for tag, offset, length in records if tag == b"cmap")
            file.seek(offset)
            return frozenset(letter for letter, _ in _cmap(file.read(length)))
        except (struct.error, StopIteration):
            raise ValueError("not a font with a cmap") from None


def _tables(ttf: bytes) -> dict[str, bytes]:
    (count,) = struct.unpack_from(">H", ttf, 4)
    tables = {}
    for number in range(count):
        tag, _, offset, length = struct.unpack_from(">4sLLL", ttf, 12 + 16 * number)
        tables[tag.decode("latin-1")] = ttf[offset : offset + length]
    return tables


def _advances(tables: Mapping[str, bytes]) -> list[int]:
    """The last advance stands for all glyphs after it (OpenType, hmtx)."""
    (glyphs,) = struct.unpack_from(">H", tables["maxp"], 4)
    (measured,) = struct.unpack_from(">H", tables["hhea"], 34)
    advances = [int(advance) for advance, _ in struct.iter_unpack(">Hh", tables["hmtx"][: 4 * measured])]
    return advances + advances[-1:] * int(glyphs - measured)


def _cmap(cmap: bytes) -> Iterator[tuple[int, int]]:
    """Code point and glyph id, from the largest Unicode subtable."""
    (count,) = struct.unpack_from(">H", cmap, 2)
    formats = {}
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHL", cmap, 4 + 8 * number)
        if platform == 0 or (platform, encoding) in ((3, 1), (3, 10)):
            formats[struct.unpack_from(">H", cmap, offset)[0]] = cmap[offset:]
    if 12 in formats:
        return _format_12(formats[12])
    if 4 in formats:
        return _format_4(formats[4])
    raise ValueError("the font has no Unicode cmap of format 4 or 12")


def _format_4(table: bytes) -> Iterator[tuple[int, int]]:
    (doubled,) = struct.unpack_from(">H", table, 6)
    ends, starts, deltas, offsets = (14, 16 + doubled, 16 + 2 * doubled, 16 + 3 * doubled)
    for place in range(0, doubled, 2):
        (end,) = struct.unpack_from(">H", table, ends + place)
        (start,) = struct.unpack_from(">H", table, starts + place)
        (delta,) = struct.unpack_from(">H", table, deltas + place)
        (offset,) = struct.unpack_from(">H", table, offsets + place)
        for letter in range(start, end + 1):
            glyph = letter
            if offset:
                (glyph,) = struct.unpack_from(">H", table, offsets + place + offset + 2 * (letter - start))
            if (offset == 0 or glyph) and (glyph := (glyph + delta) & 0xFFFF) and letter != 0xFFFF:
                yield letter, glyph


def _format_12(table: bytes) -> Iterator[tuple[int, int]]:
    (groups,) = struct.unpack_from(">L", table, 12)
    for start, end, glyph in struct.iter_unpack(">LLL", table[16 : 16 + 12 * groups]):
        yield from ((letter, glyph + letter - start) for letter in range(start, end + 1))

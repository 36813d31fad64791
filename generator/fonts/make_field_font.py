"""Source Sans 3 in, the field font out: its Latin, Greek and Cyrillic letters under the name "Schemebook Field".

Cut so that each form can carry it whole. It keeps its cmap and is a complete font of its own name, since a
program that finds a subset, or no cmap, puts a font of its own in its place while one types. The same bytes each time.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.reorderGlyphs import reorderGlyphs

NAME = "Schemebook Field"

LETTERS = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x017F),  # Latin-1, Extended-A: European languages, Māori and Tongan macrons
    (0x0192, 0x0192),
    (0x01A0, 0x01A1),  # Vietnamese
    (0x01AF, 0x01B0),
    (0x01CD, 0x01DC),  # Pinyin
    (0x01E6, 0x01EB),
    (0x01FA, 0x01FF),
    (0x0218, 0x021B),  # Romanian
    (0x0228, 0x022B),
    (0x0232, 0x0233),
    (0x0237, 0x0237),
    (0x0259, 0x0259),
    (0x02B9, 0x02BC),  # ʻokina and the apostrophes that are letters
    (0x02C6, 0x02C7),
    (0x02D8, 0x02DD),
    (0x0300, 0x0304),  # combining marks
    (0x0306, 0x030C),
    (0x031B, 0x031B),
    (0x0323, 0x0323),
    (0x0326, 0x0328),
    (0x0331, 0x0331),
    (0x0384, 0x03CE),  # Greek, monotonic
    (0x0400, 0x045F),  # Cyrillic
    (0x0490, 0x0491),
    (0x1E00, 0x1EFF),  # Welsh, Vietnamese
    (0x2010, 0x2015),
    (0x2018, 0x201E),
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x2030, 0x2030),
    (0x2039, 0x203A),
    (0x20AC, 0x20AC),
    (0x2116, 0x2116),
    (0x2122, 0x2122),
    (0x2212, 0x2212),
)


def field_font(full: Path) -> bytes:
    """The field font cut from the full face at `full`, as a TrueType file."""
    font = TTFont(full, recalcTimestamp=False)
    cut(font)
    order_by_letter(font)
    rename(font)
    set_lines_close(font)
    font["head"].modified = font["head"].created
    written = BytesIO()
    font.save(written, reorderTables=False)
    return written.getvalue()


def cut(font: TTFont) -> None:
    """Keep the letters and what PDF programs read; nothing for hinting or layout."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.legacy_cmap = False
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = [0, 13, 14]
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "DSIG", "STAT", "MVAR", "meta", "gasp"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[letter for first, last in LETTERS for letter in range(first, last + 1)])
    cutter.subset(font)


def order_by_letter(font: TTFont) -> None:
    """Glyph ids in the order of the letters, which makes the tables of a PDF font small."""
    first_letter: dict[str, int] = {}
    for letter, glyph in sorted(font.getBestCmap().items()):
        first_letter.setdefault(glyph, letter)
    order = sorted(font.getGlyphOrder(), key=lambda glyph: (glyph != ".notdef", first_letter.get(glyph, 0x110000)))
    for table in font.keys():  # noqa: SIM118 - a TTFont yields its tables by keys() alone
        font[table]  # fontTools 4.68 orders anew only what has been read
    for glyph in font["glyf"].glyphs.values():
        glyph.expand(font["glyf"])
    reorderGlyphs(font, order)


def rename(font: TTFont) -> None:
    """Every name of the font is ours; its authors' notice and licence stay, as the licence demands."""
    plain = NAME.replace(" ", "")
    names = {1: NAME, 2: "Regular", 3: f"1.0;{plain}", 4: NAME, 5: "Version 1.0", 6: plain}
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font["OS/2"].achVendID = "    "


def set_lines_close(font: TTFont) -> None:
    """Lines as far apart as the letters are high: the full face's would not leave room for the words asked for.

    Programs space the lines that somebody types by these measures.
    """
    glyphs = [glyph for glyph in font["glyf"].glyphs.values() if glyph.numberOfContours]
    for glyph in glyphs:
        glyph.recalcBounds(font["glyf"])
    top, bottom = max(glyph.yMax for glyph in glyphs), min(glyph.yMin for glyph in glyphs)
    font["hhea"].ascent = font["OS/2"].sTypoAscender = font["OS/2"].usWinAscent = top
    font["hhea"].descent = font["OS/2"].sTypoDescender = bottom
    font["OS/2"].usWinDescent = -bottom
    font["hhea"].lineGap = font["OS/2"].sTypoLineGap = 0


def for_forms(ttf: bytes) -> bytes:
    """The field font as a form holds it: without its names, which only an installed font needs.

    Its cmap stays, since a program that finds none draws with a font of its own.
    """
    font = TTFont(BytesIO(ttf), recalcTimestamp=False)
    del font["name"]
    written = BytesIO()
    font.save(written, reorderTables=False)
    return written.getvalue()


def to_unicode(letters: Mapping[int, int]) -> bytes:
    """Letter -> glyph id in; the CMap from glyph id to letter out, in bfchar alone: Ghostscript loses letters through
    bfrange.
    """
    lines = [f"<{glyph:04X}><{letter:04X}>\n" for glyph, letter in sorted(_letter_of_glyph(letters).items())]
    blocks = (lines[start : start + 100] for start in range(0, len(lines), 100))
    mapped = "".join(f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n{mapped}"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


def letters_of(ttf: bytes) -> dict[int, int]:
    """Letter -> glyph id of a font's file."""
    font = TTFont(BytesIO(ttf))
    return {letter: font.getGlyphID(name) for letter, name in font.getBestCmap().items()}


def _letter_of_glyph(letters: Mapping[int, int]) -> dict[int, int]:
    """One letter a glyph: where two share one, the one that is not a compatibility form of the other (μ, not µ)."""
    chosen: dict[int, int] = {}
    for letter, glyph in sorted(letters.items(), key=lambda pair: (_is_compatibility_form(pair[0]), pair[0])):
        chosen.setdefault(glyph, letter)
    return chosen


def _is_compatibility_form(letter: int) -> bool:
    return unicodedata.normalize("NFKC", chr(letter)) != chr(letter)

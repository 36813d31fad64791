"""The own reader of TrueType files says of each shipped face what fontTools says."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from schemebook.form_pdf.fonts import font_folder
from schemebook.form_pdf.truetype import for_drawing, read_face

FACES = sorted(font_folder().rglob("*.ttf"))


@pytest.mark.parametrize("path", FACES, ids=lambda path: path.stem)
def test_a_face_reads_as_fonttools_reads_it(path: Path) -> None:
    face, font = read_face(path.read_bytes()), TTFont(path)
    order = font.getGlyphOrder()
    assert {letter: order[glyph] for letter, glyph in face.glyphs.items()} == font.getBestCmap()
    assert face.widths == tuple(font["hmtx"][glyph][0] for glyph in order), "these faces have 1000 units an em"
    assert (face.ascent, face.descent) == (font["hhea"].ascent, font["hhea"].descent)
    assert face.cap_height == font["OS/2"].sCapHeight
    assert face.box == (font["head"].xMin, font["head"].yMin, font["head"].xMax, font["head"].yMax)


@pytest.mark.parametrize("path", FACES, ids=lambda path: path.stem)
def test_a_face_for_drawing_has_the_same_outlines_widths_and_glyph_names_and_nothing_else(path: Path) -> None:
    whole, lean = TTFont(path), TTFont(BytesIO(for_drawing(path.read_bytes())))
    assert {"glyf", "head", "hhea", "hmtx", "loca", "maxp", "post"} <= set(lean.reader.keys())
    assert not {"name", "OS/2", "cmap"} & set(lean.reader.keys())
    for tag in sorted(lean.reader.keys()):
        assert lean.reader[tag] == whole.reader[tag], tag


def test_measures_are_told_in_thousandths_of_an_em() -> None:
    font = TTFont(FACES[0])
    font["head"].unitsPerEm = 2000
    written = BytesIO()
    font.save(written)
    half, whole = read_face(written.getvalue()), read_face(FACES[0].read_bytes())
    assert half.widths == tuple(round(width / 2) for width in whole.widths)
    assert half.ascent == round(whole.ascent / 2)


def test_a_font_without_a_unicode_cmap_is_refused() -> None:
    font = TTFont(FACES[0])
    font["cmap"].tables = font["cmap"].tables[:1]
    font["cmap"].tables[0].platformID, font["cmap"].tables[0].platEncID = 1, 0
    written = BytesIO()
    font.save(written)
    with pytest.raises(ValueError):
        read_face(written.getvalue())

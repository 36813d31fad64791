"""A text in, whether a shipped font can draw it out; and the field font, ready to be put into a form.

The full faces draw what is laid out. The field font is the one that PDF programs draw with while somebody
types; it goes whole into each form, so it holds fewer letters.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import takewhile
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, String

from schemebook.form_pdf import more_fonts
from schemebook.form_pdf.truetype import Face, for_drawing, read_face
from schemebook.scheme.words import say

SANS = "Source Sans 3"
SERIF = "Source Serif 4"
FIELD_NAME = "SchemebookField"

_ANSWER_FACE = "source-sans-3/SourceSans3_400Regular.ttf"
_SIGNATURE_FACE = "source-serif-4/SourceSerif4_400Regular.ttf"
_FIELD_FACE = "schemebook-field/SchemebookField.ttf"
_PACKED_FACE, _PACKED_CMAP = f"{_FIELD_FACE}.z", "schemebook-field/SchemebookField.cmap.z"
"""The field font without its names, and its CMap from glyph id to letter; deflated when they were made, and smaller so
than at run time (generator/fonts/make_fonts.py)."""

_HAN = ("CJK", "IDEOGRAPHIC", "KANGXI")
_NO_SCRIPT = ("MATHEMATICAL", "COMBINING", "MODIFIER", "FULLWIDTH", "HALFWIDTH")
_EMOJI = ((0x1F000, 0x1FAFF), (0x2600, 0x27BF))
_PARTS = ("LETTER", "SYLLABLE", "SYLLABICS", "CHARACTER", "VOWEL", "SIGN", "DIGIT", "CAPITAL", "SMALL", "LIGATURE")
"""What follows the script in a letter's name."""


def font_folder() -> Path:
    """The folder of the shipped faces, with subfolders: SANS (400, 600, italic) and SERIF (400, 600)."""
    return Path(str(files("schemebook") / "fonts"))


@cache
def field_font() -> Face:
    """The field font. Its glyph ids are the codes that a content stream writes."""
    return _face(_FIELD_FACE)


def covered(text: str) -> bool:
    """Whether the shipped faces draw every letter of the text. What has no shape of its own counts as drawn."""
    return not any(_undrawn(text))


def missing_letters(text: str) -> str:
    """The letters that no shipped face has, each once, in the order of the text."""
    return "" if text.isascii() else "".join(_undrawn(text))


def missing_scripts(text: str, *, with_more: bool = False) -> tuple[str, ...]:
    """The scripts of the letters that no shipped face has, in the order of the text: "Arabic", "Han", "emoji".

    with_more: only of those that no other installed font has either (more_fonts.py).
    Python knows no scripts: the name is what a letter's name in Unicode begins with, which tells the scripts in
    living use apart.
    """
    letters = (letter for letter in _undrawn(text) if not (with_more and more_fonts.draws(letter)))
    return tuple(dict.fromkeys(map(_script, letters)))


def embed_field_font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Put the field font into a PDF, with all its letters. Returns the font, for a resource dictionary.

    Text in it is written as glyph ids of two bytes. The name has no subset prefix and the file keeps its
    cmap, since programs put another font in the place of a subset while one types.
    """
    face = field_font()
    name = Name(f"/{FIELD_NAME}")
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=Array(list(face.box)),
        ItalicAngle=0,
        Ascent=face.ascent,
        Descent=face.descent,
        CapHeight=face.cap_height,
        StemV=80,
        FontFile2=pdf.make_stream(_read(_PACKED_FACE), Length1=_unpacked_length(), Filter=Name.FlateDecode),
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=face.widths[0],
        W=Object.parse(_widths()),
        CIDToGIDMap=Name.Identity,
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(_read(_PACKED_CMAP), Filter=Name.FlateDecode),
        )
    )


def lean_fonts(pdf: pikepdf.Pdf) -> None:
    """Leave out of each page's fonts what only an installed font needs, and which letters a subset has (/CIDSet):
    each subset holds its licence, and PDF 2.0 has given up the set (ISO 32000-2, table 122).
    """
    descriptors = {}
    for page in pdf.pages:
        for font in page.obj.Resources.get("/Font", Dictionary()).as_dict().values():
            for descendant in font.get("/DescendantFonts", ()):
                descriptors[descendant.FontDescriptor.objgen] = descendant.FontDescriptor
    for descriptor in descriptors.values():
        if "/CIDSet" in descriptor:
            del descriptor.CIDSet
        if file := descriptor.get("/FontFile2"):
            lean = for_drawing(file.read_bytes())
            file.write(zlib.compress(lean, 9), filter=Name.FlateDecode)
            file.Length1 = len(lean)


@cache
def _read(path: str) -> bytes:
    return (font_folder() / path).read_bytes()


@cache
def _unpacked_length() -> int:
    return len(zlib.decompress(_read(_PACKED_FACE)))


@cache
def _widths() -> bytes:
    """The widths of the glyphs from the first one on, as /W: PDF source, for it is read faster than made."""
    return f"[0 [{' '.join(map(str, field_font().widths))}]]".encode()


@cache
def _face(path: str) -> Face:
    return read_face(_read(path))


def _undrawn(text: str) -> Iterator[str]:
    """The letters that no face has, each once. Composed first: a marked letter is drawn as one."""
    faces = (_face(_ANSWER_FACE), _face(_SIGNATURE_FACE))
    for letter in dict.fromkeys(unicodedata.normalize("NFC", text)):
        if not _shapeless(letter) and not any(ord(letter) in face.glyphs for face in faces):
            yield letter


def _shapeless(letter: str) -> bool:
    """Line ends, joiners, direction and variation marks: no face need draw them."""
    return unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") or 0xFE00 <= ord(letter) <= 0xFE0F


def _script(letter: str) -> str:
    if any(first <= ord(letter) <= last for first, last in _EMOJI):
        return say("fill.emoji")
    words = unicodedata.name(letter, "").replace("-", " ").split()
    if words and words[0] in _HAN:
        return "Han"
    if not words or words[0] in _NO_SCRIPT or not _belongs_to_a_script(letter):
        return say("fill.symbols")
    before = list(takewhile(lambda word: word not in _PARTS, words))
    return " ".join(before if 0 < len(before) < len(words) else words[:1]).title()


def _belongs_to_a_script(letter: str) -> bool:
    category = unicodedata.category(letter)
    return category[0] in "LM" or category == "Nd"

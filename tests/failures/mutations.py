"""A filled form and a seed in; the form with some of its objects changed at random out: what a fuzzer feeds the reader.

A bundled form in full, so that every path of the reader has something to break: fields, kids, states, options, notes,
attachments, pages. Most changes are to the objects, since bytes at random seldom get past the table of a PDF.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from tests.returned.made_pdf import saved

KEYS = (
    "/Kids",
    "/Parent",
    "/T",
    "/FT",
    "/V",
    "/AS",
    "/AP",
    "/N",
    "/Opt",
    "/I",
    "/RV",
    "/Ff",
    "/Rect",
    "/Subtype",
    "/Annots",
    "/Fields",
    "/AcroForm",
    "/AF",
    "/EF",
    "/F",
    "/UF",
    "/Names",
    "/Pages",
    "/Contents",
    "/MediaBox",
    "/Filter",
    "/Length",
    "/DecodeParms",
    "/A",
    "/AA",
    "/Next",
    "/S",
    "/NeedAppearances",
    "/XFA",
    "/Resources",
    "/XObject",
    "/Type",
    "/DA",
    "/OpenAction",
    "/Count",
    "/EmbeddedFiles",
    "/Font",
    "/Rotate",
    "/Limits",
    "/TU",
    "/StructParent",
    "/Lock",
)
STRINGS = (
    b"",
    b"\xfe\xff",
    b"\xfe\xff\xd8\x3d",
    b"\xff\xfe",
    b"\x00",
    b"/Off",
    b"a" * 5_000,
    b"\xed\xa0\x80",
    b"..",
    b"\xef\xbb\xbf\xff",
    b"1.2.3",
    b"\xfe\xff\xfe\xff",
    b"name",
    b"\r\n\r",
    b"\x1b\x1b",
)
NAMES = (
    "/Off",
    "/On",
    "/Btn",
    "/Tx",
    "/Ch",
    "/Sig",
    "/Widget",
    "/FreeText",
    "/Ink",
    "/JavaScript",
    "/FlateDecode",
    "/#ff",
    "/a#20b",
    "/mentor",
    "/DCTDecode",
    "/Page",
    "/Pages",
    "/XRef",
)
NUMBERS = (0, -1, 1, 2**31, -(2**63), 10**12)

Value = Callable[[random.Random, pikepdf.Pdf, pikepdf.Object], Any]


def _reference(chance: random.Random, pdf: pikepdf.Pdf, node: pikepdf.Object) -> Any:
    return pdf.get_object(chance.randrange(1, len(pdf.objects)), 0)


def _itself(node: pikepdf.Object, pdf: pikepdf.Pdf) -> pikepdf.Object:
    """A reference back; an object without a number cannot be written inside itself."""
    return node if node.is_indirect else pdf.Root


def _nested(chance: random.Random, pdf: pikepdf.Pdf, node: pikepdf.Object) -> Any:
    made: Any = String("x")
    for _ in range(chance.choice((2, 20, 60))):
        made = Array([made]) if chance.random() < 0.5 else Dictionary(Kids=Array([made]))
    return made


VALUES: tuple[Value, ...] = (
    lambda chance, pdf, node: String(chance.choice(STRINGS)),
    lambda chance, pdf, node: Name(chance.choice(NAMES)),
    lambda chance, pdf, node: chance.choice(NUMBERS),
    lambda chance, pdf, node: chance.choice((True, False)),
    lambda chance, pdf, node: Array([chance.choice(NUMBERS) for _ in range(chance.randrange(5))]),
    lambda chance, pdf, node: Array([String(chance.choice(STRINGS)), Array([String("a"), 3])]),
    lambda chance, pdf, node: Dictionary({chance.choice(KEYS): String(chance.choice(STRINGS))}),
    lambda chance, pdf, node: pdf.make_stream(bytes(chance.randrange(256) for _ in range(40))),
    lambda chance, pdf, node: _itself(node, pdf),
    lambda chance, pdf, node: Array([_itself(node, pdf)] * 2),
    _reference,
    _reference,
    _nested,
)


_UNDOABLE = (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RuntimeError)
"""What the library that writes the file raises for changes that it will not do."""
ANSWERING = frozenset({"/V", "/AS", "/AP", "/N", "/D", "/Opt", "/I", "/RV", "/DV"})
"""Keys that hold an answer, or say what one means."""
_TREE = frozenset({"/T", "/Kids", "/Parent", "/Annots", "/AcroForm", "/Fields", "/Subtype"})
"""Keys by which fields, widgets and pages hang together."""


def mutated(form: bytes, seed: int) -> bytes:
    """The form after a few changes that follow from the seed alone."""
    chance = random.Random(seed)
    if chance.random() < 0.15:
        return flipped(form, chance)
    with pikepdf.open(BytesIO(form)) as pdf:
        for _ in range(chance.choice((1, 1, 2, 4, 10))):
            with suppress(*_UNDOABLE):
                node = _reference(chance, pdf, pdf.Root) if chance.random() < 0.85 else _near_the_root(chance, pdf)
                _change(chance, pdf, node)
        try:
            data = saved(pdf)
        except (pikepdf.PdfError, ValueError, TypeError, AttributeError, RuntimeError):
            return flipped(form, chance)
    return flipped(data, chance) if chance.random() < 0.1 else data


def rearranged(form: bytes, seed: int) -> bytes:
    """The form after a few changes to how its parts hang together; what stands in its fields is left as it was.

    Where the library will not write what came of it: the form itself.
    """
    chance = random.Random(seed)
    with pikepdf.open(BytesIO(form)) as pdf:
        tree = [node for node in pdf.objects if isinstance(node, Dictionary) and not _TREE.isdisjoint(node.keys())]
        for _ in range(chance.choice((1, 1, 2, 4, 10))):
            with suppress(*_UNDOABLE):
                _change(chance, pdf, chance.choice(tree), ANSWERING)
        with suppress(*_UNDOABLE):
            return saved(pdf)
    return form


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, taken out or put in twice."""
    broken = bytearray(data)
    for _ in range(chance.choice((1, 3, 30))):
        if not broken:
            break
        at = chance.randrange(len(broken))
        what = chance.randrange(3)
        if what == 0:
            broken[at] = chance.randrange(256)
        elif what == 1:
            del broken[at : at + chance.randrange(1, 50)]
        else:
            broken[at:at] = broken[at : at + chance.randrange(1, 200)]
    return bytes(broken)


def _change(
    chance: random.Random, pdf: pikepdf.Pdf, node: pikepdf.Object, left_alone: frozenset[str] = frozenset()
) -> None:
    """Change one thing in an object. left_alone: keys that keep what they have."""
    if isinstance(node, pikepdf.Array):
        _change_array(chance, pdf, node)
    elif isinstance(node, pikepdf.Dictionary | pikepdf.Stream):
        there = list(node.keys())
        key = chance.choice(there) if there and chance.random() < 0.7 else chance.choice(KEYS)
        if key in left_alone:
            return
        if key in node and chance.random() < 0.25:
            del node[key]
        elif isinstance(node.get(key), Array) and chance.random() < 0.5:
            _change_array(chance, pdf, node[key])
        else:
            node[key] = chance.choice(VALUES)(chance, pdf, node)


def _near_the_root(chance: random.Random, pdf: pikepdf.Pdf) -> Any:
    near = [pdf.Root, pdf.Root.get("/AcroForm"), pdf.Root.get("/Names"), pdf.Root.get("/Pages"), pdf.pages[0].obj]
    return chance.choice([one for one in near if one is not None])


def _change_array(chance: random.Random, pdf: pikepdf.Pdf, array: Any) -> None:
    what = chance.randrange(4)
    if what == 0 and len(array):
        del array[chance.randrange(len(array))]
    elif what == 1 and len(array):
        array[chance.randrange(len(array))] = chance.choice(VALUES)(chance, pdf, array)
    elif what == 2 and len(array):
        array.append(array[chance.randrange(len(array))])
    else:
        array.append(chance.choice(VALUES)(chance, pdf, array))

"""What a saved form shows: poppler and pdfium render it, and each box is looked at for its text and its ink.

Text alone is not enough (a font may name letters that it draws blank), nor is ink (a row of empty squares is ink too).
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree
from zlib import compress, decompress

import numpy
import pikepdf
import pypdfium2
from PIL import Image
from tests.programs import pdftoppm, pdftotext

from schemebook.form_pdf.descriptor import Box

DPI = 108
INK_PER_LETTER = 6
"""Pixels that a letter of the form's size changes at the least; an i changes about 20."""
INK_OF_A_TICK = 12
CHANGED = 60
"""How much one channel of a pixel differs where something was drawn."""

Picture = numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.int16]]


@dataclass(frozen=True)
class Look:
    """One box as one engine shows it: the text found in it, and how many pixels differ from the blank form."""

    text: str
    ink: int

    def shows(self, expected: str) -> bool:
        """Whether every letter stands there. Their order is not asked: engines give right-to-left text in theirs."""
        wanted = letters(expected)
        return not wanted - letters(self.text) and self.ink >= INK_PER_LETTER * wanted.total()

    @property
    def ticked(self) -> bool:
        """Whether something is drawn in a tick box or radio button."""
        return self.ink >= INK_OF_A_TICK


def letters(text: str) -> Counter[str]:
    """How often each letter stands in a text, spaces and invisible ones left out."""
    plain = unicodedata.normalize("NFKC", text)
    return Counter(one for one in plain if not one.isspace() and unicodedata.category(one) not in ("Cf", "Cc"))


Looks = dict[tuple[str, str], Look]
"""Full name and option -> what its box shows."""


def looks(blank: bytes, saved: Path, boxes: Iterable[Box]) -> dict[str, Looks]:
    """What each engine shows in each box of a saved form: engine -> box -> look."""
    found = {}
    boxes = tuple(boxes)
    for engine, (text, pictures) in ENGINES.items():
        file = _without_what_poppler_hangs_on(saved) if engine == "poppler" else saved
        before, after = _pictures_of_blank(engine, blank), pictures(file)
        words = text(file, boxes)
        found[engine] = {
            (box.name, box.option): Look(
                words[box.name, box.option], _ink(before[box.page - 1], after[box.page - 1], box)
            )
            for box in boxes
        }
    return found


def _without_what_poppler_hangs_on(saved: Path) -> Path:
    """The file, or a copy without values that begin with the bytes FE FF and go on with half a letter of UTF-16.

    Poppler 22.12 never ends when it is to draw such a value in a field of several lines (NeedAppearances). Several
    programs write þÿ so. Without its value the field counts as one that poppler does not draw.
    """
    with pikepdf.open(saved) as pdf:
        form = pdf.Root.AcroForm
        odd = [field for field in _with_values(form.Fields) if _is_half_a_letter(bytes(field.V))]
        if not odd or not bool(form.get("/NeedAppearances", False)):
            return saved
        for field in odd:
            del field.V
        mended = saved.with_suffix(".poppler.pdf")
        pdf.save(mended)
        return mended


def _is_half_a_letter(value: bytes) -> bool:
    return value.startswith(b"\xfe\xff") and len(value) % 2 == 1


def _with_values(fields: Iterable[pikepdf.Object]) -> Iterator[pikepdf.Object]:
    for field in fields:
        if isinstance(field.get("/V"), pikepdf.String):
            yield field
        yield from _with_values(field.get("/Kids", ()))


def _ink(before: Picture, after: Picture, box: Box) -> int:
    left, bottom, right, top = (value * DPI / 72 for value in box.rect)
    height = before.shape[0]
    rows, columns = slice(round(height - top) + 1, round(height - bottom) - 1), slice(round(left) + 1, round(right) - 1)
    return int((abs(after[rows, columns] - before[rows, columns]).max(axis=2) > CHANGED).sum())


def _pictures_of_blank(engine: str, blank: bytes) -> list[Picture]:
    """Kept packed: many programs fill the same blank, and a thousand pages as they are would take gigabytes."""
    return [
        numpy.frombuffer(decompress(data), dtype=numpy.int16).reshape(shape)
        for data, shape in _packed_pictures_of_blank(engine, blank)
    ]


@cache
def _packed_pictures_of_blank(engine: str, blank: bytes) -> list[tuple[bytes, tuple[int, ...]]]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "blank.pdf")
        path.write_bytes(blank)
        return [(compress(picture.tobytes(), 1), picture.shape) for picture in ENGINES[engine][1](path)]


def _poppler_pictures(path: Path) -> list[Picture]:
    with TemporaryDirectory() as folder:
        return [_pixels(Image.open(page)) for page in pdftoppm(path, DPI, Path(folder), "ppm")]


def _pdfium_pictures(path: Path) -> list[Picture]:
    document = pypdfium2.PdfDocument(str(path))
    try:
        document.init_forms()
        return [_pixels(document[index].render(scale=DPI / 72).to_pil()) for index in range(len(document))]
    finally:
        document.close()


def _pixels(image: Image.Image) -> Picture:
    return numpy.asarray(image.convert("RGB"), dtype=numpy.int16)


def _poppler_text(path: Path, boxes: tuple[Box, ...]) -> dict[tuple[str, str], str]:
    """The words that poppler extracts, each given to the box that its centre lies in."""
    space = "{http://www.w3.org/1999/xhtml}"
    tree = ElementTree.fromstring(_without_controls(pdftotext(path, "-bbox")))
    found: dict[tuple[str, str], list[str]] = {(box.name, box.option): [] for box in boxes}
    for number, page in enumerate(tree.iter(f"{space}page"), 1):
        here = [box for box in boxes if box.page == number]
        height = float(page.get("height", 0))
        for word in page.iter(f"{space}word"):
            x = (float(word.get("xMin", 0)) + float(word.get("xMax", 0))) / 2
            y = height - (float(word.get("yMin", 0)) + float(word.get("yMax", 0))) / 2
            for box in here:
                if box.rect[0] <= x <= box.rect[2] and box.rect[1] <= y <= box.rect[3]:
                    found[box.name, box.option].append(word.text or "")
    return {key: " ".join(words) for key, words in found.items()}


def _without_controls(text: str) -> str:
    return "".join(one for one in text if one in "\n\t" or unicodedata.category(one) != "Cc")


def _pdfium_text(path: Path, boxes: tuple[Box, ...]) -> dict[tuple[str, str], str]:
    """The text that pdfium extracts once the drawn fields have been made part of the page."""
    document = pypdfium2.PdfDocument(str(path))
    try:
        document.init_forms()
        for index in range(len(document)):
            document[index].flatten()
        flat = BytesIO()
        document.save(flat)
    finally:
        document.close()
    document = pypdfium2.PdfDocument(flat)
    try:
        pages = [document[index].get_textpage() for index in range(len(document))]
        return {(box.name, box.option): pages[box.page - 1].get_text_bounded(*box.rect) for box in boxes}
    finally:
        document.close()


Engine = tuple[Callable[[Path, tuple[Box, ...]], Mapping[tuple[str, str], str]], Callable[[Path], list[Picture]]]
ENGINES: dict[str, Engine] = {
    "poppler": (_poppler_text, _poppler_pictures),
    "pdfium": (_pdfium_text, _pdfium_pictures),
}

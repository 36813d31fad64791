"""An open PDF in; on which of its pages a program drew, and whether they are small enough to be drawn, out.

pdfium has no limit of its own: a drawing that inflates to 400 MB ends the process that draws it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import pikepdf

from schemebook.form_pdf.descriptor import PIECES_OF_PRINT
from schemebook.returned.limits import Limits
from schemebook.returned.opening import set_aside
from schemebook.returned.raw_fields import pages_of
from schemebook.returned.stored_values import entry, is_array, is_dictionary, is_stream

_CONTENTS, _RESOURCES, _XOBJECT = (pikepdf.Name(key) for key in ("/Contents", "/Resources", "/XObject"))
_CHUNK = 1 << 20


def refuse_large_drawings(pdf: pikepdf.Pdf, limits: Limits) -> None:
    """Raise SetAsideError too-large where the drawings of the pages, and those within them, inflate past the limit."""
    if not are_drawable(pdf, limits):
        raise set_aside("too-large", "too-large-inside", limit="bytes of drawings", most=limits.drawing_bytes)


def are_drawable(pdf: pikepdf.Pdf, limits: Limits) -> bool:
    """Whether the drawings of the pages, and those within them, inflate to no more than the limit."""
    left = limits.drawing_bytes
    for stream in _drawings(pdf, limits):
        left -= _size(stream, left)
        if left < 0:
            return False
    return True


def drawn_on(pdf: pikepdf.Pdf, limits: Limits) -> list[int]:
    """The numbers of the pages, from 1, whose print is in other pieces than that of a form as it is sent out."""
    prints = [entry(page, _CONTENTS) for page in pages_of(pdf, limits)]
    return [
        number
        for number, print_ in enumerate(prints, start=1)
        if (len(print_) if is_array(print_) else 1) != PIECES_OF_PRINT
    ]


def _drawings(pdf: pikepdf.Pdf, limits: Limits) -> Iterator[pikepdf.Object]:
    """The streams that draw the pages, each once: the pages' own and the forms that they use. Pictures are none."""
    seen: set[tuple[int, int]] = set()
    for page in pages_of(pdf, limits):
        contents = entry(page, _CONTENTS)
        waiting: list[object] = [*(list(contents) if is_array(contents) else [contents]), *_used(page)]
        while waiting:
            one = waiting.pop()
            if is_stream(one) and one.objgen not in seen and one.get("/Subtype") != pikepdf.Name.Image:
                seen.add(one.objgen)
                yield one
                waiting += _used(one)


def _used(node: pikepdf.Object) -> list[object]:
    """The drawings among a page's or a form's resources."""
    resources = entry(node, _RESOURCES)
    held = entry(resources, _XOBJECT) if is_dictionary(resources) else None
    return [one for _, one in held.items()] if is_dictionary(held) else []


def _size(stream: pikepdf.Object, most: int) -> int:
    """How large a stream inflates, counted no further than just past `most`."""
    raw = stream.read_raw_bytes()
    if stream.get("/Filter") not in (pikepdf.Name.FlateDecode, pikepdf.Array([pikepdf.Name.FlateDecode])):
        return len(raw)
    inflater, size = zlib.decompressobj(), 0
    try:
        while raw and size <= most:
            size += len(inflater.decompress(raw, _CHUNK))
            raw = inflater.unconsumed_tail
    except zlib.error:
        pass
    return size

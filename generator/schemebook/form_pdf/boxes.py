"""A laid-out PDF in, its boxes out: every link with our private address, where it stands, and its place in the tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

import pikepdf

from schemebook.form_pdf.descriptor import Box

ADDRESS = "schemebook:field/"


@dataclass(frozen=True)
class LaidOutBox:
    """One box as the engine left it: a link annotation, and the element that holds it in the structure tree."""

    box: Box
    annotation: pikepdf.Object
    page: pikepdf.Object
    element: pikepdf.Object


def boxes_of(pdf: pikepdf.Pdf) -> list[LaidOutBox]:
    """Every box, page by page in the order of the page. Real links are left out."""
    elements = dict(_parents(pdf.Root.StructTreeRoot.ParentTree))
    found = []
    for number, page in enumerate(pdf.pages, 1):
        for annotation in page.obj.get("/Annots", []):
            address = _address(annotation)
            if address is not None:
                element = elements[int(annotation["/StructParent"])]
                found.append(LaidOutBox(_box(address, number, annotation), annotation, page.obj, element))
    return found


def misplaced(found: Iterable[LaidOutBox], wanted: Iterable[tuple[str, str]]) -> list[str]:
    """The boxes that are missing, strange, or there more than once (a box split over two pages is there twice)."""
    names = [(one.box.name, one.box.option) for one in found]
    wrong = set(wanted).symmetric_difference(names) | {name for name, times in Counter(names).items() if times > 1}
    return sorted("/".join(filter(None, name)) for name in wrong)


def _address(annotation: pikepdf.Object) -> str | None:
    action = annotation.get("/A")
    uri = str(action.get("/URI", "")) if action is not None else ""
    return uri.removeprefix(ADDRESS) if uri.startswith(ADDRESS) else None


def _box(address: str, page: int, annotation: pikepdf.Object) -> Box:
    name, _, option = address.partition("/")
    rect = pikepdf.Rectangle(cast(pikepdf.Array, annotation["/Rect"]))
    if rect.width < 1 or rect.height < 1:
        raise ValueError(f"the box {address} has no size")
    corners = (round(rect.llx, 2), round(rect.lly, 2), round(rect.urx, 2), round(rect.ury, 2))
    return Box(name=name, option=option, page=page, rect=corners)


def _parents(node: pikepdf.Object) -> Iterator[tuple[int, pikepdf.Object]]:
    """The number tree's pairs: /StructParent -> structure element."""
    for kid in node.get("/Kids", []):
        yield from _parents(kid)
    pairs = list(node.get("/Nums", []))
    yield from zip(map(int, pairs[::2]), pairs[1::2], strict=True)

"""An open PDF in; the widgets of each page with the place where they stand out, whatever the form's list says.

For files in which names are no help. The walk of raw_fields.py is the one for all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pikepdf

from schemebook.returned.limits import Limits
from schemebook.returned.raw_field import RawField, str_name
from schemebook.returned.raw_fields import field_above, fields_of_one, pages_of
from schemebook.returned.stored_values import is_array, is_dictionary, items

Rect = tuple[float, float, float, float]


@dataclass(frozen=True)
class PlacedWidget:
    """One widget of a page. rect: left, bottom, right, top in points from the page's lower left corner.

    name: full, as far as the file has it. kind: of its field, empty where the file does not say. owner: number of the
    object that holds the field's value, (0, 0) where that is no object of its own.
    """

    rect: Rect
    name: str
    kind: str
    owner: tuple[int, int]
    held: pikepdf.Object


def widgets_of_pages(pdf: pikepdf.Pdf, limits: Limits) -> Iterator[list[PlacedWidget]]:
    """The widgets of every page, page after page."""
    for page in pages_of(pdf, limits):
        corner = corner_of(page)
        yield [
            placed
            for one in items(page.get("/Annots"), limits, "notes on a page")
            if is_dictionary(one)
            and str_name(one.get("/Subtype")) == "/Widget"
            and (placed := _placed(one, corner, limits))
        ]


def _placed(widget: pikepdf.Object, corner: tuple[float, float], limits: Limits) -> PlacedWidget | None:
    rect = rect_of(widget, corner)
    if rect is None:
        return None
    owner, name, kind = field_above(widget, limits)
    return PlacedWidget(rect, name, kind, owner.objgen, widget)


def rect_of(annotation: pikepdf.Object, corner: tuple[float, float]) -> Rect | None:
    """Where an annotation stands; None where it says no place. corner: the page's lower left."""
    numbers = _numbers(annotation.get("/Rect"))
    if numbers is None:
        return None
    left, bottom, right, top = numbers
    across, up = corner
    return min(left, right) - across, min(bottom, top) - up, max(left, right) - across, max(bottom, top) - up


def corner_of(page: pikepdf.Object) -> tuple[float, float]:
    """The lower left corner of a page's paper, which a parent may give (ISO 32000-2, 7.7.3.4)."""
    node: object = page
    for _ in range(32):
        if not is_dictionary(node):
            break
        numbers = _numbers(node.get("/MediaBox"))
        if numbers is not None:
            return min(numbers[0], numbers[2]), min(numbers[1], numbers[3])
        node = node.get("/Parent")
    return 0.0, 0.0


def _numbers(value: object) -> Rect | None:
    if not is_array(value) or len(value) != 4:
        return None
    try:
        found = [float(one) for one in value]
    except (TypeError, ValueError):
        return None
    return found[0], found[1], found[2], found[3]


def raw_field_of(widgets: Sequence[PlacedWidget], kind: str, limits: Limits) -> tuple[RawField, ...]:
    """What stands in one field, from the widgets that stand in its places. kind: what the published form says it is."""
    return fields_of_one([one.held for one in widgets], kind, limits)

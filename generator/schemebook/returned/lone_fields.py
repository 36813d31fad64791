"""Pages with fields that came without the others of their form in; what is kept of them until those come out.

Their answers, and a picture of each page: whoever joins pages later makes a file of pictures, and opens no file that
somebody sent.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from pathlib import Path

import pypdfium2

from schemebook.returned.merged_forms import MergedForm
from schemebook.returned.recovery.ink import is_drawable
from schemebook.returned.recovery.recovered import PageCopy, PartOfForm
from schemebook.returned.widget_answers import WidgetAnswer

_DPI = 150
_OFF_PAPER = 1.5
"""Points by which a page may be larger or smaller than its paper."""


def part_in_fields(
    path: Path, one: MergedForm, widgets: Mapping[str, WidgetAnswer], review: tuple[str, ...]
) -> PartOfForm | None:
    """What may be joined with the other pages of a form. review: why a person should look, but for the missing pages.

    None where a page is turned, cut or of other paper, so that places on its picture would not be those of the form,
    and where a question has boxes on a page that is not there: its answer there may be another.
    """
    there = set(one.pages.values())
    if any(box.name in one.fields and box.page not in there for box in one.form.edition.boxes):
        return None
    copies = _copies(path, one)
    if not copies:
        return None
    mine = {name: widgets[name] for name in one.fields}
    return PartOfForm(one.form.edition.id, one.token, copies, mine, (), review, in_fields=True)


def _copies(path: Path, one: MergedForm) -> tuple[PageCopy, ...]:
    """Pictures of the pages, with what their fields show; none where one cannot be made."""
    found = []
    try:
        with pypdfium2.PdfDocument(path) as pdf:
            pdf.init_forms()
            for number, page in sorted(one.pages.items(), key=lambda each: each[1]):
                if not _lies_as_published(pdf[number - 1], one.form.edition.paper):
                    return ()
                found.append(_copy(pdf[number - 1], page, number))
    except pypdfium2.PdfiumError:
        return ()
    return tuple(found)


def _lies_as_published(page: pypdfium2.PdfPage, paper: tuple[float, float]) -> bool:
    left, bottom, _, _ = page.get_cropbox()
    size = zip((left, bottom, *page.get_size()), (0, 0, *paper), strict=True)
    return is_drawable(page) and page.get_rotation() == 0 and all(abs(is_ - was) <= _OFF_PAPER for is_, was in size)


def _copy(page: pypdfium2.PdfPage, of_form: int, number: int) -> PageCopy:
    bitmap = page.render(scale=_DPI / 72, grayscale=True)
    data, width = bytes(bitmap.buffer), bitmap.width
    lines = b"".join(data[start : start + width] for start in range(0, bitmap.height * bitmap.stride, bitmap.stride))
    return PageCopy(of_form, number, zlib.compress(lines), page.get_size(), (width, bitmap.height))

"""A scan, a photograph or a copy printed flat in; its forms out, read from the pictures of its pages.

What page a picture shows is said by its printed code; without one, by the blank whose print alone is found in it.
Needs numpy and OpenCV: the extra `recover`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

import cv2
import pypdfium2
import zxingcpp

from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.returned.limits import Limits
from schemebook.returned.opening import first_bytes, set_aside
from schemebook.returned.recovery.image_boxes import can_read_letters, read_seen_page, text_in_picture
from schemebook.returned.recovery.page_codes import PageCode, codes_in
from schemebook.returned.recovery.page_place import Rect
from schemebook.returned.recovery.picture_files import picture_kind
from schemebook.returned.recovery.pictures import PagePicture, box_picture, page_copy, pdf_picture, photographs
from schemebook.returned.recovery.printed_pages import Known, OtherPage, PrintedPage, pages_on_sheet
from schemebook.returned.recovery.recover import RecoveredForm, forms_of
from schemebook.returned.recovery.recovered import BoxReading
from schemebook.returned.recovery.registration import FEWEST_FEATURES, Registered, first_place, register
from schemebook.returned.recovery.seen_page import FoundPage, seen_page
from schemebook.returned.recovery.text_layer_door import read_printed_page

_CHECK_DPI = 300
_CLEARLY_MORE = 2
"""Without a code, the right page must agree on so many times the features of the next best."""
_MOST_TRIED = 40
"""So many pages of blanks are tried on a picture without a code."""
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "ʻ": "'", "I": "l", "|": "l"})
"""Signs that a picture does not tell apart."""


def read_pictures(path: Path, known: Known, limits: Limits) -> list[RecoveredForm]:
    """The forms that a file shows, each page by its text layer where it has a sound one, else by its picture.

    path: a PDF or a picture. A page of no form that is not empty is told for review.
    Raises SetAsideError: too-large (pages), several-forms, no-fields where no page shows a form of ours.
    """
    cv2.setNumThreads(1)
    if picture_kind(first_bytes(path)):
        seen = [_Seen(number, page, []) for number, page in enumerate(photographs(path, limits), start=1)]
        pages = _told_apart(seen, known)
        if all(isinstance(page, OtherPage) for page in pages):
            raise set_aside("not-a-pdf", "not-seen")
        return _with_copies(_forms(pages, _read_found_page), pages, photographs(path, limits))
    with pypdfium2.PdfDocument(path) as pdf:
        if len(pdf) > limits.printed_pages:
            raise set_aside("too-large", "too-large-inside", limit="pages without fields", most=limits.printed_pages)
        pages = _pages_of_pdf(pdf, known)
        forms = _forms(pages, partial(_read_page, pdf))
        return _with_copies(forms, pages, (pdf_picture(page) for page in pdf))


def _with_copies(
    forms: list[RecoveredForm], pages: Sequence[AnyPage | OtherPage], pictures: Iterable[PagePicture]
) -> list[RecoveredForm]:
    """The same with pictures of its pages, where one form lacks some and nothing else came with it."""
    if len(forms) == 1 and not forms[0].whole and not any(isinstance(page, OtherPage) for page in pages):
        pages_of_form = {number: page for page, number in forms[0].pages.items()}
        forms[0].copies = tuple(
            page_copy(picture, pages_of_form[number], number)
            for number, picture in enumerate(pictures, start=1)
            if number in pages_of_form
        )
    return forms


class _Seen:
    """A page that is only a picture, and the codes in it."""

    def __init__(self, number: int, picture: PagePicture, codes: Sequence[PageCode]) -> None:
        self.number, self.picture = number, picture
        self.codes = list(codes) or seen_codes(picture)


def seen_codes(picture: PagePicture) -> list[PageCode]:
    """The codes of ours in a picture."""
    signs = zxingcpp.read_barcodes(picture.grey, formats=zxingcpp.barcode_formats_from_str("DataMatrix"))
    return codes_in(sign.text for sign in signs)


AnyPage = PrintedPage | FoundPage


def _pages_of_pdf(pdf: pypdfium2.PdfDocument, known: Known) -> list[AnyPage | OtherPage]:
    found: list[PrintedPage | OtherPage | _Seen] = []
    for number in range(len(pdf)):
        for page in pages_on_sheet(pdf[number], number + 1, known, None):
            if isinstance(page, PrintedPage) or page.kind != "picture":
                found.append(page)
            else:
                found.append(_Seen(number + 1, pdf_picture(pdf[number]), []))
    return _told_apart(found, known)


def _told_apart(pages: Sequence[PrintedPage | OtherPage | _Seen], known: Known) -> list[AnyPage | OtherPage]:
    """What each page is; a picture without a code may be a page of a form that another page's code names."""
    named = {page.form.edition.id for page in pages if isinstance(page, PrintedPage)}
    named |= {code.edition for page in pages if isinstance(page, _Seen) for code in page.codes if code.edition in known}
    return [_seen(page, named, known) if isinstance(page, _Seen) else page for page in pages]


def _seen(page: _Seen, named: set[str], known: Known) -> FoundPage | OtherPage:
    for code in page.codes:
        form = known.get(code.edition)
        found = _registered(page.picture, form, code.page) if form else None
        if form is not None and form.blank is not None and found is not None:
            return FoundPage(page.number, form, form.blank, code.page, code.token, page.picture, found)
    if any(code.edition in known for code in page.codes):
        return OtherPage(page.number, "picture")
    forms = [known[id] for id in sorted(named or known)]
    return _by_look(page, forms) if forms else OtherPage(page.number, "picture")


def _registered(picture: PagePicture, form: FormDescriptor, page: int) -> Registered | None:
    if form.blank is None or not form.blank.is_file() or page > form.edition.pages:
        return None
    return register(picture.grey, form.blank, page)


def _by_look(page: _Seen, forms: Sequence[FormDescriptor]) -> FoundPage | OtherPage:
    """The one page of some blanks whose print is in a picture; none where two are, as of two versions of a form."""
    tried = [(form, number) for form in forms for number in range(1, form.edition.pages + 1)][:_MOST_TRIED]
    places = [(_features(page.picture, form, number), form, number) for form, number in tried]
    places.sort(key=lambda one: -one[0])
    best, *others = places
    if best[0] < max([FEWEST_FEATURES, *(_CLEARLY_MORE * other[0] for other in others)]):
        return OtherPage(page.number, "picture")
    found = _registered(page.picture, best[1], best[2])
    if found is None or best[1].blank is None:
        return OtherPage(page.number, "picture")
    return FoundPage(page.number, best[1], best[1].blank, best[2], None, page.picture, found)


def _features(picture: PagePicture, form: FormDescriptor, page: int) -> int:
    if form.blank is None or not form.blank.is_file():
        return 0
    found = first_place(picture.grey, form.blank, page)
    return found.features if found else 0


def _forms(pages: Sequence[AnyPage | OtherPage], read: object) -> list[RecoveredForm]:
    ours = [page for page in pages if not isinstance(page, OtherPage)]
    if not ours:
        raise set_aside("no-fields", "not-seen")
    forms = forms_of(ours, read)  # type: ignore[arg-type]  # a reader of each kind of page
    if any(isinstance(page, OtherPage) and page.kind != "empty" for page in pages):
        for form in forms:
            form.review.append("strange-pages")
    return forms


def _read_found_page(page: FoundPage) -> tuple[list[BoxReading], bool]:
    return read_seen_page(seen_page(page))


def _read_page(pdf: pypdfium2.PdfDocument, page: AnyPage) -> tuple[list[BoxReading], bool]:
    if isinstance(page, FoundPage):
        return _read_found_page(page)
    if not can_read_letters():
        return read_printed_page(page)
    return read_printed_page(page, partial(_shows_the_same, pdf))


def _shows_the_same(pdf: pypdfium2.PdfDocument, page: PrintedPage, rect: Rect, text: str, several_lines: bool) -> bool:
    """Whether the picture of a box says what the text layer says, which can be wrong where the labels are right."""
    picture = box_picture(pdf[page.number - 1], rect, _CHECK_DPI)
    return _folded(text_in_picture(picture, several_lines, _CHECK_DPI).text) == _folded(text)


def _folded(text: str) -> str:
    return "".join(text.split()).translate(_QUOTES)

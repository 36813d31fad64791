"""A PDF without fields in; which page of which published edition each of its pages is out, found by what is printed.

The printed code says which edition and page it is; where it cannot be read, what the file claims, else the form whose
labels stand on the page. Whatever says so, the words of that blank have to stand where the blank has them.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

import pypdfium2
import pypdfium2.raw as pdfium

from schemebook.form_pdf.descriptor import Claim, FormDescriptor
from schemebook.returned.recovery.blanks import BlankPage, blank_pages
from schemebook.returned.recovery.ink import GreyPage, grey_page, is_drawable
from schemebook.returned.recovery.page_codes import PageCode, codes_in, drawn_codes, read_code
from schemebook.returned.recovery.page_place import FEWEST_WORDS, PagePlace, place_of_page
from schemebook.returned.recovery.text_layer import Letter, Word, letters_of, words_of
from schemebook.returned.recovery.typed_print import not_printed

Known = Mapping[str, FormDescriptor]
Kind = Literal["form", "empty", "picture", "other"]

MOST_LETTERS = 50_000
"""Of one page; what comes behind them is not read."""
_SAME_LINE = 1.5
"""Points up or down, and along, within which two words of one line of print begin where they are said to."""
_GUESSED_FORMS = 3
"""How many published forms are tried on a page without a code: those that share the most words with it."""


@dataclass(frozen=True)
class PrintedPage:
    """A page of a published edition, printed flat.

    number: in the file, from 1. page: of the form, from 1. letters: those that the blank does not have.
    """

    number: int
    form: FormDescriptor
    page: int
    token: str | None
    place: PagePlace
    letters: tuple[Letter, ...]
    picture: GreyPage


@dataclass(frozen=True)
class OtherPage:
    """A page that no published form prints: empty, a picture (a scan), or somebody's text."""

    number: int
    kind: Kind


_Found = tuple[FormDescriptor, PageCode, BlankPage, PagePlace]


def printed_pages(pdf: pypdfium2.PdfDocument, known: Known, claim: Claim | None) -> Iterator[PrintedPage | OtherPage]:
    """What each page of a file is, one after another."""
    for number in range(len(pdf)):
        page = pdf[number]
        try:
            yield from pages_on_sheet(page, number + 1, known, claim)
        finally:
            page.close()


def pages_on_sheet(
    page: pypdfium2.PdfPage, number: int, known: Known, claim: Claim | None
) -> list[PrintedPage | OtherPage]:
    """What one page of a file is: several pages of forms, where somebody printed several on one sheet.

    number: its own, from 1.
    """
    letters = letters_of(page, MOST_LETTERS)
    words = words_of(letters)
    if len(words) < FEWEST_WORDS or not is_drawable(page):
        return [OtherPage(number, _kind(page, words))]
    codes = codes_in(word.text for word in words)
    found = [one for code in codes if (one := _by_words(words, [code], known))]
    picture = grey_page(page)
    if not found:
        drawn = drawn_codes(picture)
        guessed = _by_words(words, drawn, known) or _by_words(words, _guesses(words, known, claim), known)
        if guessed is None:  # a code of ours over letters that have lost their names: a picture of our page
            is_ours = any(code.edition in known for code in drawn)
            return [OtherPage(number, "picture" if is_ours else _kind(page, words))]
        found = [guessed]
    return [_printed(number, one, letters, words, picture, alone=len(codes) < 2) for one in found]


def _printed(
    number: int, found: _Found, letters: list[Letter], words: list[Word], picture: GreyPage, alone: bool
) -> PrintedPage:
    """One page of a form on a sheet. alone: nothing else is on it; else what stands beside is of another page."""
    form, code, blank, place = found
    typed = not_printed(letters, blank.letters, place)
    if code.token:
        typed = _without_small_print(typed, words, code, blank, place)
    if not alone:
        left, bottom, right, top = place.rect((0, 0, *form.edition.paper))
        typed = [one for one in typed if left <= one.x <= right and bottom <= one.y <= top]
    return PrintedPage(number, form, code.page, code.token, place, tuple(typed), picture)


def _without_small_print(
    typed: list[Letter], words: list[Word], code: PageCode, blank: BlankPage, place: PagePlace
) -> list[Letter]:
    """Some letters without those of the line of the code: an issued copy's is longer by its token, and as it ends
    where the blank's ends, it begins further left."""
    ours = next((word for word in words if read_code(word.text) == code), None)
    at = next((at for at, word in enumerate(blank.words) if read_code(word.text)), None)
    if ours is None or at is None:
        return typed
    theirs = blank.words[at]
    before = takewhile(lambda word: abs(word.y - theirs.y) <= _SAME_LINE, reversed(blank.words[:at]))
    first = min([theirs, *before], key=lambda word: word.x)
    left = ours.x - (place.point(theirs.x, theirs.y)[0] - place.point(first.x, first.y)[0]) - _SAME_LINE
    return [one for one in typed if abs(one.y - ours.y) > _SAME_LINE or one.x < left]


def _kind(page: pypdfium2.PdfPage, words: list[Word]) -> Kind:
    images = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    if next(iter(images), None) is not None:
        return "picture"
    return "other" if words else "empty"


def _by_words(words: list[Word], codes: list[PageCode], known: Known) -> _Found | None:
    """The first of some possible pages whose words stand on this one."""
    for code in codes:
        form = known.get(code.edition)
        pages = blank_pages(form) if form else ()
        if form is None or code.page > len(pages):
            continue
        blank = pages[code.page - 1]
        place = place_of_page(blank.words, words)
        if place is not None:
            return form, code, blank, place
    return None


def _guesses(words: list[Word], known: Known, claim: Claim | None) -> list[PageCode]:
    """The pages that one without a readable code may be: of the form that the file claims to be, else by its labels."""
    forms = [known[claim.edition]] if claim is not None and claim.edition in known else _likely_forms(words, known)
    return [PageCode(form.edition.id, page) for form in forms for page in range(1, form.edition.pages + 1)]


def _likely_forms(words: list[Word], known: Known) -> list[FormDescriptor]:
    """The published forms whose labels share the most words with a page."""
    there = {word.text for word in words}

    def shared(form: FormDescriptor) -> int:
        labels = (form.edition.title, *form.edition.labels.values())
        return len(there & {word for label in labels for word in label.split()})

    return heapq.nlargest(_GUESSED_FORMS, known.values(), key=shared)

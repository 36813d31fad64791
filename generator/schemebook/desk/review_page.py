"""Cards and the kept originals in; one HTML page out: beside each answer its place on the page and a picture of it.

The page needs no other file and runs no script. It holds answers: it is written where only its owner reads it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from schemebook.desk.one_file import whole_page
from schemebook.desk.review_cards import Card, Reading
from schemebook.records.listing import SHORT_ID
from schemebook.records.store.archive import Archive, original_at_hand
from schemebook.returned.cut_outs import Cut, Picture, Rect, pictures
from schemebook.scheme.model import Branding
from schemebook.scheme.words import LANGUAGE

_BESIDE, _BELOW, _ABOVE = 8.0, 6.0, 22.0
"""Points around a field that are shown with it: above it stands its label."""
_WORDS_BESIDE = 100.0
"""Points beside a tick or a round in which its words stand."""
_SMALL = 0.32
_WHOLE = 1.1
MOST_WHOLE_PAGES = 3


@dataclass(frozen=True)
class Place:
    """Where a field stands: its page made small, and the field's box on it in hundredths of the page."""

    page: int
    small: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Shown:
    """A reading with its pictures, as addresses that hold the data; empty where there is none."""

    reading: Reading
    cut: str
    place: Place | None


def review_page(title: str, branding: Branding, cards: Iterable[Card], archive: Archive) -> bytes:
    """The page of some cards. archive: where the originals lie."""
    found = [_with_pictures(list(group), archive) for _, group in groupby(cards, key=lambda card: card.record.id)]
    shown = {"records": found, "count": sum(len(one["cards"]) for one in found)}
    return whole_page("review.html", LANGUAGE, title, branding, shown)


def _with_pictures(cards: Sequence[Card], archive: Archive) -> dict[str, Any]:
    """One record's cards, its original drawn once."""
    record = cards[0].record
    drawn = _drawn(cards, archive)
    whole = _whole_pages(cards[0]) if any(not card.readings for card in cards) else []
    return {
        "record": record,
        "short": record.id[:SHORT_ID],
        "form": cards[0].form,
        "cards": [(card, [_shown(one, drawn) for one in card.readings]) for card in cards],
        "pages": [(cut.page, address) for cut in whole if (address := _address(drawn.get(cut)))],
        "original": any(drawn.values()),
        "may_be_joined": any(card.may_be_joined for card in cards),
    }


def _drawn(cards: Sequence[Card], archive: Archive) -> dict[Cut, Picture | None]:
    """What is cut out of the original of a record; nothing where there is no original."""
    sha256 = cards[0].record.sha256
    if not sha256:
        return {}
    wanted = list(dict.fromkeys(_cuts(cards)))
    with original_at_hand(archive, sha256) as path:
        return dict(zip(wanted, pictures(path, wanted), strict=True)) if path and wanted else {}


def _cuts(cards: Sequence[Card]) -> Iterator[Cut]:
    for card in cards:
        for reading in card.readings:
            if reading.page and reading.rect:
                yield from (_field_cut(reading), Cut(reading.page, None, _SMALL))
        if not card.readings:
            yield from _whole_pages(card)


def _whole_pages(card: Card) -> list[Cut]:
    """The form's first pages: a reason that names no field is about all of it."""
    pages = card.pages or tuple(range(1, MOST_WHOLE_PAGES + 1))
    return [Cut(number, None, _WHOLE) for number in pages[:MOST_WHOLE_PAGES]]


def _field_cut(reading: Reading) -> Cut:
    assert reading.page and reading.rect
    right = _BESIDE if reading.kind == "text" else _BESIDE + _WORDS_BESIDE
    return Cut(reading.page, reading.rect, around=(_BESIDE, _BELOW, right, _ABOVE))


def _shown(reading: Reading, drawn: dict[Cut, Picture | None]) -> Shown:
    if not reading.page or not reading.rect:
        return Shown(reading, "", None)
    cut = drawn.get(_field_cut(reading))
    small = drawn.get(Cut(reading.page, None, _SMALL))
    return Shown(reading, _address(cut), _place(reading.page, reading.rect, small) if small else None)


def _place(page: int, rect: Rect, small: Picture) -> Place:
    (width, height), (left, bottom, right, top) = small.paper, rect
    across, up = 100 / width, 100 / height
    return Place(
        page, _address(small), left * across, (height - top) * up, (right - left) * across, (top - bottom) * up
    )


def _address(picture: Picture | None) -> str:
    return "data:image/png;base64," + base64.b64encode(picture.png).decode() if picture else ""

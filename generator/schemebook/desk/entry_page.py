"""A file that only a person can read and the form it is, in; one HTML page out: its pages beside the questions."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from schemebook.desk.one_file import whole_page
from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.records.by_hand.keyed import Place, places_of
from schemebook.returned.cut_outs import Cut, page_count, pictures
from schemebook.returned.returned_pdf import ReturnedPdf
from schemebook.scheme.model import Branding
from schemebook.scheme.words import LANGUAGE

_SCALE = 1.6
_PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
"""How the pictures begin that a browser shows as they are."""


@dataclass(frozen=True)
class EntryPage:
    """One page of the file, as an address that holds its picture, and the questions that stand on the form's page."""

    number: int
    picture: str
    places: tuple[Place, ...]


def entry_page(title: str, branding: Branding, file: ReturnedPdf, descriptor: FormDescriptor) -> bytes:
    """The page, for a person who keys in what they see."""
    shown = {"form": descriptor.edition.title, "source": file.name, "pages": _pages(file, descriptor)}
    return whole_page("enter.html", LANGUAGE, title, branding, shown)


def _pages(file: ReturnedPdf, descriptor: FormDescriptor) -> list[EntryPage]:
    drawn = _pictures(file)
    on = {box.name: box.page for box in reversed(descriptor.edition.boxes)}
    places = list(places_of(descriptor).values())
    return [
        EntryPage(
            number,
            drawn[number - 1] if number <= len(drawn) else "",
            tuple(place for place in places if on.get(place.widgets[0]) == number),
        )
        for number in range(1, max(len(drawn), descriptor.edition.pages) + 1)
    ]


def _pictures(file: ReturnedPdf) -> list[str]:
    """The pages of a PDF as PNG; a photograph as it is; nothing of any other file."""
    with file.path.open("rb") as opened:
        beginning = opened.read(8)
    kind = next((kind for signs, kind in _PICTURES.items() if beginning.startswith(signs)), None)
    if kind:
        return [_address(kind, file.path.read_bytes())]
    cuts = [Cut(number, None, _SCALE) for number in range(1, page_count(file.path) + 1)]
    return [_address("image/png", one.png) if one else "" for one in pictures(file.path, cuts)]


def _address(kind: str, content: bytes) -> str:
    return f"data:{kind};base64," + base64.b64encode(content).decode()

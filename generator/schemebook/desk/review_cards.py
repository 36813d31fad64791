"""Records and the forms they were read by in; what needs a person's eye out, card by card.

A card is one reason at one question: what was read, the other witness, and where it stands in the returned file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schemebook.desk.days import date_or_month_in_words
from schemebook.errors import UsageError
from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.records.by_hand.keyed import Place, places_of, value_at
from schemebook.records.by_hand.review import descriptor_of
from schemebook.records.copies.as_issued import KIND as NOT_AS_ISSUED
from schemebook.records.listing import SHORT_ID, shown
from schemebook.records.record import Record
from schemebook.records.store.changes import Doubt, doubts_of
from schemebook.returned.recovery.recovered import Recovered
from schemebook.scheme.answers import Value
from schemebook.scheme.days import long_day, read_day
from schemebook.scheme.words import say

Rect = tuple[float, float, float, float]

_WITNESSES = (NOT_AS_ISSUED, "disagreement", "unreadable", "unknown-option", "only-drawn", "unclear-mark")
"""Kinds of problems whose text is what else stands in the file, or stood in it when it was sent out."""
_LONE_PAGES = ("page-missing", "other-pages", "pages-not-joined")
"""Reasons for review of records that show some pages of a form."""
MOST_PLACES = 12
"""So many places of one question are shown on a card; a table may have a hundred."""


@dataclass(frozen=True)
class Reading:
    """One place of a card: its question, what was read there, and what else stands there.

    value, other: in the form's words, None for no answer. other_from: `other` where it stands in the file too,
    `issued` where it stood in the copy that was sent out.
    page, rect: where it stands in the returned file, from 1 and in points from the lower left; None where not known.
    kind: of the place, as `Place` has it.
    """

    name: str
    label: str
    value: str | None
    other: str | None
    page: int | None
    rect: Rect | None
    kind: str
    other_from: str | None = None
    door: str | None = None
    confidence: float | None = None


@dataclass(frozen=True)
class Card:
    """One thing for a person's eye.

    left_out: how many further places of the question are not shown. pages: those of the file on which the form lies;
    empty where that is not known.
    """

    record: Record
    form: str
    doubt: Doubt
    readings: tuple[Reading, ...]
    left_out: int = 0
    pages: tuple[int, ...] = ()

    @property
    def came(self) -> str:
        """When and as what it came, in a line."""
        day = date_or_month_in_words(self.record.received[:10])
        return say("desk.look-of", source=self.record.source or "-", day=day, version=self.record.version)

    @property
    def may_be_joined(self) -> bool:
        """Whether its record may hold some pages of a form that others hold the rest of."""
        return self.doubt.kind in _LONE_PAGES and not self.record.anonymous


def cards(records: Iterable[Record], known: Mapping[str, FormDescriptor], *, settled: bool = False) -> Iterator[Card]:
    """The cards of records, in their order. settled: also of what somebody has settled already."""
    for record in records:
        yield from cards_of(record, known, settled=settled)


def cards_of(record: Record, known: Mapping[str, FormDescriptor], *, settled: bool = False) -> list[Card]:
    """The cards of one record. Of a form that is published no more the reasons are shown without places."""
    wanted = [one for one in doubts_of(record) if settled or not one.settled]
    try:
        descriptor = descriptor_of(record, known) if wanted else None
    except UsageError:
        descriptor = None
    return [_card(record, descriptor, doubt) for doubt in wanted]


def _card(record: Record, descriptor: FormDescriptor | None, doubt: Doubt) -> Card:
    if descriptor is None:
        return Card(record, record.form, doubt, ())
    places = list(_places(record, descriptor, doubt.field)) if doubt.field else []
    readings = tuple(_reading(record, descriptor, place) for place in places[:MOST_PLACES])
    left_out, pages = max(0, len(places) - MOST_PLACES), _pages(record, descriptor)
    return Card(record, descriptor.edition.title, doubt, readings, left_out, pages)


def _pages(record: Record, descriptor: FormDescriptor) -> tuple[int, ...]:
    if record.recovered:
        return tuple(sorted({one.page for one in record.recovered}))
    return tuple(sorted({record.pages.get(page, page) for page in range(1, descriptor.edition.pages + 1)}))


def _places(record: Record, descriptor: FormDescriptor, field: str) -> Iterator[Place]:
    """The place that a doubt names; of a whole question those that were read from print, else those with an answer."""
    places = places_of(descriptor)
    named = next((place for place in places.values() if field == place.name or field in place.widgets), None)
    if named:
        yield named
        return
    unsure = {one.widget for one in record.recovered if one.field == field and not one.accepted}
    mine = [place for place in places.values() if place.field.id == field]
    in_print = [place for place in mine if unsure & set(place.widgets)]
    yield from in_print or [place for place in mine if value_at(descriptor.meaning, record.answers, place.name)]


def _reading(record: Record, descriptor: FormDescriptor, place: Place) -> Reading:
    names = {place.name, *place.widgets}
    told = [one for one in record.as_read.problems if one.field in names and one.text is not None]
    witness = next((one for one in told if one.kind in _WITNESSES), told[0] if told else None)
    issued = witness is not None and witness.kind == NOT_AS_ISSUED
    other = (witness.text or None) if witness else None
    if issued and other and place.takes_several:
        other = in_words(place, other.split("; "))
    else:
        other = in_words(place, other) if issued else place.options.get(other, other) if other else None
    value = in_words(place, value_at(descriptor.meaning, record.answers, place.name))
    read = [one for one in record.recovered if one.widget in place.widgets]
    page, rect = _where(record, descriptor, place, read)
    return Reading(
        name=place.name,
        label=place.label,
        value=value,
        other=other if other and _folded(other) != _folded(value or "") else None,
        page=page,
        rect=rect,
        kind=place.kind,
        other_from=None if other is None else "issued" if issued else "other",
        door=read[0].door if read else None,
        confidence=min((one.confidence for one in read), default=None),
    )


def _folded(text: str) -> str:
    return " ".join(text.split())


def _where(
    record: Record, descriptor: FormDescriptor, place: Place, read: list[Recovered]
) -> tuple[int | None, Rect | None]:
    """Where a place stands in the returned file: as recovery found it, else as the edition was laid out."""
    found = [(one.page, one.rect) for one in read]
    boxes = (box for box in descriptor.edition.boxes if box.name in place.widgets)
    found = found or [(record.pages.get(box.page, box.page), box.rect) for box in boxes]
    if not found:
        return None, None
    page = found[0][0]
    return page, around([rect for on, rect in found if on == page])


def around(rects: list[Rect]) -> Rect:
    """The rectangle around some others."""
    lefts, bottoms, rights, tops = zip(*rects, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def in_words(place: Place, value: Value) -> str | None:
    """An answer as the form says it: options by their words, days in full; None for no answer."""
    if value is None:
        return None
    if isinstance(value, bool):
        return say("records.yes") if value else say("records.no")
    if isinstance(value, list):
        return "; ".join(place.options.get(str(one), str(one)) for one in value)
    if isinstance(value, str) and place.name.endswith(".signature"):
        return say(f"desk.signature-{value}")
    day = read_day(value) if isinstance(value, str) and _is_day(place) else None
    return long_day(day) if day else place.options.get(str(value), str(value))


def _is_day(place: Place) -> bool:
    column = place.name.rpartition(".")[2]
    inner = next((one.type for one in place.field.columns if one.id == column), None)
    return place.field.type == "date" or inner == "date" or (place.field.type == "signature" and column == "date")


def card_json(card: Card) -> dict[str, Any]:
    """A card as `review --format json` prints it."""
    settled = card.doubt.settled
    return {
        "record": card.record.id,
        "scheme": card.record.scheme,
        "form": card.record.form,
        "source": card.record.source,
        "field": card.doubt.field,
        "kind": card.doubt.kind,
        "message": card.doubt.message,
        "settled": {"kind": settled.kind, "who": settled.who, "at": settled.at} if settled else None,
        "readings": [vars(one) | {"rect": list(one.rect) if one.rect else None} for one in card.readings],
    }


def card_text(card: Card) -> str:
    """A card in a few lines, for where there is no terminal: record, its file, reason, and each place with what was
    read."""
    file = f" ({card.record.source})" if card.record.source else ""
    lines = [f"{card.record.id[:SHORT_ID]}  {card.form}{file}: {card.doubt.message}"]
    for one in card.readings:
        read = say("desk.look-empty") if one.value is None else one.value
        lines.append(f"  {one.name}: {shown(read)}")
        if one.other is not None:
            lines.append(f"    {say(f'desk.look-from-{one.other_from}')}: {shown(one.other)}")
    return "\n".join(lines)

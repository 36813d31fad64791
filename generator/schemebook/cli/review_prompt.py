"""Records that need a person's eye in, shown card by card on a terminal; what is decided is kept at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from schemebook.cli.limits_option import limits_of_environment
from schemebook.desk.review_cards import Card, Reading, cards_of
from schemebook.errors import UsageError
from schemebook.records.by_hand import review
from schemebook.records.by_hand.keyed import NotTakenError, Place, keyed_in, places_of
from schemebook.records.intake.joined_by_hand import join_by_hand
from schemebook.records.listing import SHORT_ID, shown
from schemebook.records.record import Record
from schemebook.returned.typed_answers import asked_with, typed_answers
from schemebook.returned.widget_answers import WidgetAnswer
from schemebook.scheme.words import say

if TYPE_CHECKING:
    from schemebook.form_pdf.descriptor import FormDescriptor
    from schemebook.records.store.store import Store

_ACCEPT, _OTHER, _CORRECT, _ALL, _VOID, _GIVE, _JOIN, _SKIP, _QUIT = "aoclvgjsq"


class _Stop(Exception):
    """The person wants to stop. What was decided is kept."""


def ask_about(
    records: Sequence[Record], known: Mapping[str, FormDescriptor], store: Store, by: review.Reviewer
) -> None:
    """Show each record's cards and do what is asked, until all were shown or the person stops."""
    console = Console(highlight=False)
    if not records:
        console.print(say("desk.look-none"))
    try:
        for number, record in enumerate(records, 1):
            now = store.record(record.id)  # pages that were joined with an earlier one are voided by now
            _one_record(console, now, known, store, by, f"{number}/{len(records)}")
    except (_Stop, KeyboardInterrupt, EOFError, click.Abort):
        console.print(say("cli.review-stopped"))


def _one_record(
    console: Console,
    record: Record,
    known: Mapping[str, FormDescriptor],
    store: Store,
    by: review.Reviewer,
    counted: str,
) -> None:
    seen: set[tuple[str, str | None]] = set()
    while waiting := [one for one in cards_of(record, known) if (one.doubt.kind, one.doubt.field) not in seen]:
        card = waiting[0]
        if record.voided:
            return
        console.print(card_panel(card, counted))
        now = _decide(console, card, known, store, by)
        if now is None:
            seen.add((card.doubt.kind, card.doubt.field))
        else:
            record = now


def _decide(
    console: Console, card: Card, known: Mapping[str, FormDescriptor], store: Store, by: review.Reviewer
) -> Record | None:
    """Ask for one key until it is one that means something; the record as it is then, or None to go on."""
    while True:
        key = click.getchar().lower()
        if key in (_QUIT, "\x03", "\x04"):
            raise _Stop
        if key in (_SKIP, "\r", "\n", " "):
            return None
        try:
            if key == _JOIN and card.may_be_joined and (joined := _joined(console, card, known, store, by)):
                return joined
            work = _work(console, key, card, known, by)
            if work is not None:
                return store.decide(card.record.id, *work)
            if key in (_VOID, _GIVE) or (key == _JOIN and card.may_be_joined) or (key == _CORRECT and card.readings):
                console.print(say("cli.review-unchanged"))
        except UsageError as error:
            console.print(Text(str(error), style="bold red"))


def _work(
    console: Console, key: str, card: Card, known: Mapping[str, FormDescriptor], by: review.Reviewer
) -> list[review.Work] | None:
    """What a key asks for; None where it means nothing here or nothing was said."""
    if key == _ACCEPT:
        return [review.accept(by, card.doubt)]
    if key == _ALL:
        return [review.accept(by)]
    if key == _VOID:
        why = _asked(console, say("cli.review-why"))
        return [review.void(by, why)] if why.strip() else None
    if key == _GIVE:
        person = _asked(console, say("cli.review-whose"))
        return [review.give(by, person)] if person.strip() else None
    if key in (_CORRECT, _OTHER) and card.readings:
        return _correction(console, key, card, known, by)
    return None


def _joined(
    console: Console, card: Card, known: Mapping[str, FormDescriptor], store: Store, by: review.Reviewer
) -> Record | None:
    """The card's record after it was joined with those that are named; None where none is."""
    ids = _asked(console, say("cli.review-which-records")).replace(",", " ").split()
    if not ids:
        return None
    whole = join_by_hand(store, known, [card.record.id, *ids], by, limits_of_environment())
    console.print(say("cli.review-joined", id=whole.id[:SHORT_ID]))
    return store.record(card.record.id)


def _correction(
    console: Console, key: str, card: Card, known: Mapping[str, FormDescriptor], by: review.Reviewer
) -> list[review.Work] | None:
    """A keyed-in answer, or the other witness, at one place of the card; then the doubt is settled with it."""
    reading = card.readings[0] if len(card.readings) == 1 else _choose(console, card)
    if reading is None or (key == _OTHER and reading.other is None):
        return None
    text = (
        reading.other if key == _OTHER else console.input(f"{say('cli.review-instead', label=shown(reading.label))} ")
    )
    descriptor = review.descriptor_of(card.record, known)
    made = [review.correct(by, descriptor, reading.name, text or "")]
    return made if len(card.readings) > 1 else [*made, review.accept(by, card.doubt)]


def _asked(console: Console, question: str) -> str:
    return console.input(f"{question} ", markup=False)


def _choose(console: Console, card: Card) -> Reading | None:
    said = _asked(console, say("cli.review-which-place")).strip()
    if said.isdecimal() and 0 < int(said) <= len(card.readings):
        return card.readings[int(said) - 1]
    return next((one for one in card.readings if one.name == said), None)


def card_panel(card: Card, counted: str) -> RenderableType:
    """A card as it stands on the terminal."""
    title = Text.assemble((card.form, "bold"), f"  {card.record.id[:SHORT_ID]}  {counted}")
    parts: list[RenderableType] = [Text(shown(card.came), style="dim"), Text(card.doubt.message, style="magenta")]
    for number, one in enumerate(card.readings, 1):
        parts += [Text(), _reading(one, number if len(card.readings) > 1 else None)]
    if card.left_out:
        parts.append(Text(say("desk.look-more", count=card.left_out)))
    parts += [Text(), Text(_keys(card), style="dim")]
    return Panel(Group(*parts), title=title, title_align="left", padding=(1, 2), width=None)


def _reading(one: Reading, number: int | None) -> RenderableType:
    """A place with what was read there, and the other witness as its equal."""
    label = f"{number}. {shown(one.label)}" if number else shown(one.label)
    rows = Table.grid(padding=(0, 2))
    rows.add_column(overflow="fold")
    rows.add_column(style="dim")
    rows.add_row(_answer(one.value), say(f"desk.look-from-{one.door or 'fields'}"))
    if one.other is not None:
        rows.add_row(_answer(one.other), say(f"desk.look-from-{one.other_from}"))
    return Group(Text(label, style="bold"), rows)


def _answer(value: str | None) -> Text:
    return Text(say("desk.look-empty"), style="italic") if value is None else Text(shown(value))


def _keys(card: Card) -> str:
    keys = ["accept", "correct", "all", "void", "give", *(["join"] if card.may_be_joined else []), "skip", "quit"]
    if not card.readings:
        keys.remove("correct")
    elif any(one.other is not None for one in card.readings):
        keys.insert(1, "other")
    return "   ".join(say(f"cli.review-key-{key}") for key in keys)


def ask_for_answers(descriptor: FormDescriptor) -> dict[str, WidgetAnswer]:
    """Ask for the answer at each place of a form that its answers so far open; what its widgets then hold."""
    console = Console(highlight=False)
    console.print(say("cli.enter-how"))
    found: dict[str, WidgetAnswer] = {}
    for place in places_of(descriptor).values():
        answers, _ = typed_answers(descriptor.meaning, found)
        if place.field.id in asked_with(descriptor.meaning, answers):
            found |= _ask_for(console, place)
    return found


def _ask_for(console: Console, place: Place) -> dict[str, WidgetAnswer]:
    """Ask for one place until what is said is an answer, or nothing."""
    console.print(Text(shown(place.label), style="bold"))
    hints = [say("cli.enter-options", number=at, words=words) for at, words in enumerate(place.options.values(), 1)]
    if place.kind == "yes-no":
        hints = [say("cli.enter-yes-no")]
    if hints:
        console.print(Text("; ".join(hints), style="dim"))
    while True:
        try:
            return keyed_in(place, _asked(console, ">"))
        except NotTakenError as error:
            console.print(Text(str(error), style="bold red"))

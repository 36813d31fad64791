"""The coordinator's commands review and enter: what a person's eye decides."""

from __future__ import annotations

import datetime
import getpass
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schemebook.cli.coordinator import Database, Schemes, known_format
from schemebook.cli.told import root, tell
from schemebook.errors import UsageError
from schemebook.scheme.words import say, what_and_to_do

if TYPE_CHECKING:
    from schemebook.desk.review_cards import Card
    from schemebook.form_pdf.descriptor import FormDescriptor
    from schemebook.records.by_hand.review import Reviewer, Work
    from schemebook.records.record import Record
    from schemebook.records.store.store import Store
    from schemebook.returned.returned_pdf import ReturnedPdf
    from schemebook.returned.widget_answers import WidgetAnswer

_INTERRUPTED = 130
"""128 and the number of the interrupt, as shells tell it."""

As = Annotated[str | None, typer.Option("--as", help=say("cli.option-as"))]


def review(
    record: Annotated[str | None, typer.Argument(help=say("cli.option-review-record"), metavar="ID")] = None,
    accept: Annotated[bool, typer.Option("--accept", help=say("cli.option-accept"))] = False,
    set: Annotated[list[str] | None, typer.Option("--set", metavar="FIELD=TEXT", help=say("cli.option-set"))] = None,
    void: Annotated[str | None, typer.Option(metavar="WHY", help=say("cli.option-void"))] = None,
    restore: Annotated[bool, typer.Option("--restore", help=say("cli.option-restore"))] = False,
    give: Annotated[str | None, typer.Option("--give", metavar="PERSON", help=say("cli.option-give"))] = None,
    join: Annotated[list[str] | None, typer.Option("--join", metavar="ID", help=say("cli.option-join"))] = None,
    who: As = None,
    page: Annotated[Path | None, typer.Option("--page", help=say("cli.option-page"))] = None,
    database: Database = None,
    scheme: Schemes = None,
    format: Annotated[str, typer.Option(help=say("cli.option-format-review"))] = "table",
) -> None:
    """What needs a person's eye, record by record; decisions are kept with who and when."""
    from schemebook.records.intake.ingest import known_forms, refuse_unknown_schemes
    from schemebook.records.store.store import open_store

    known_format(format, ("table", "json"))
    refuse_unknown_schemes(root(), scheme or ())
    known, by = known_forms(root()), reviewer(who)
    decides = accept or set or void is not None or restore or give is not None
    if (decides or join) and record is None:
        raise UsageError(*what_and_to_do("cli.no-record-named"))
    if decides and join:
        raise UsageError(*what_and_to_do("cli.review-join-alone"))
    with open_store(root(), database) as store:
        if record and join:
            _join(store, known, [record, *join], by)
            return
        if record and decides:
            made = _decisions(store.record(record), known, by, accept, set or [], void, restore, give)
            _tell_changes(store, store.record(record).id, made)
            return
        found = [store.record(record)] if record else store.records(schemes=tuple(scheme or ()), doubtful=True)
        waiting = [one for one in found if record or one.needs_review]
        if page is not None:
            _write_page(page, waiting, known, store)
        elif format == "table" and sys.stdin.isatty() and sys.stdout.isatty():
            from schemebook.cli.review_prompt import ask_about

            ask_about(waiting, known, store, by)
        else:
            _list(waiting, known, format, whole=record is not None)


def reviewer(who: str | None) -> Reviewer:
    """Who decides: as they say, else the name they are logged in by."""
    from schemebook.records.by_hand.review import Reviewer

    name = " ".join((who if who is not None else getpass.getuser()).split())
    if not name:
        raise UsageError(*what_and_to_do("cli.no-name"))
    return Reviewer(name[:320], datetime.datetime.now(datetime.UTC))


def _decisions(
    record: Record,
    known: dict[str, FormDescriptor],
    by: Reviewer,
    accept: bool,
    set: Sequence[str],
    void: str | None,
    restore: bool,
    give: str | None,
) -> Iterator[Work]:
    """What the options ask for, in an order in which none undoes another."""
    from schemebook.records.by_hand import review

    for one in set:
        name, equals, text = one.partition("=")
        if not equals:
            raise UsageError(*what_and_to_do("cli.no-equals"))
        yield review.correct(by, review.descriptor_of(record, known), name.strip(), text)
    if give is not None:
        yield review.give(by, give)
    if restore:
        yield review.restore(by)
    if accept:
        yield review.accept(by)
    if void is not None:
        yield review.void(by, void)


def _tell_changes(store: Store, id: str, made: Iterator[Work]) -> None:
    """Keep decisions, all or none, and tell what was kept."""
    from schemebook.records.listing import SHORT_ID, change_line

    steps = list(made)  # what is called wrongly is told before anything is kept
    before = len(store.record(id).changes)
    after = store.decide(id, *steps)
    for change in after.changes[before:]:
        typer.echo(change_line(change))
    tell(say("cli.review-left" if after.needs_review else "cli.review-done", id=id[:SHORT_ID]))


def _join(store: Store, known: dict[str, FormDescriptor], ids: Sequence[str], by: Reviewer) -> None:
    """Make one record of some, and tell of each what was kept."""
    from schemebook.cli.limits_option import limits_of_environment
    from schemebook.records.intake.joined_by_hand import join_by_hand
    from schemebook.records.listing import SHORT_ID, change_line

    whole = join_by_hand(store, known, ids, by, limits_of_environment())
    typer.echo(whole.id)
    for change in whole.changes:
        typer.echo(change_line(change))
    tell(say("cli.review-joined", id=whole.id[:SHORT_ID]))


def _write_page(page: Path, waiting: Sequence[Record], known: dict[str, FormDescriptor], store: Store) -> None:
    from schemebook.desk.review_cards import cards
    from schemebook.desk.review_page import review_page
    from schemebook.scheme.files import write_file
    from schemebook.scheme.project import load_project

    schemes = load_project(root()).schemes
    named = [schemes[id] for id in dict.fromkeys(one.scheme for one in waiting) if id in schemes] or [*schemes.values()]
    title = ", ".join(one.name for one in named)
    content = review_page(title, named[0].branding, cards(waiting, known), store.archive)
    write_file(page, content, mode=0o600)
    tell(say("cli.review-page", page=page))


def _list(waiting: Sequence[Record], known: dict[str, FormDescriptor], format: str, whole: bool) -> None:
    from schemebook.desk.review_cards import card_json, card_text, cards
    from schemebook.records.listing import record_table

    told: Callable[[Card], str] = card_text
    if format == "json":
        told = lambda card: json.dumps(card_json(card), ensure_ascii=False)  # noqa: E731 - one of two ways to print
    found = list(cards(waiting, known, settled=whole))
    for card in found:
        typer.echo(told(card))
    if format == "table" and whole:
        typer.echo(record_table(waiting[0]))
    elif not found:
        tell(say("desk.look-none"))


def enter(
    file: Annotated[str, typer.Argument(help=say("cli.option-file"), metavar="FILE")],
    form: Annotated[str, typer.Option("--form", metavar="SCHEME/FORM", help=say("cli.option-enter-form"))],
    answers: Annotated[Path | None, typer.Option("--answers", help=say("cli.option-keyed-answers"))] = None,
    who: As = None,
    page: Annotated[Path | None, typer.Option("--page", help=say("cli.option-enter-page"))] = None,
    database: Database = None,
) -> None:
    """Key in a file that only a person can read; it becomes a record."""
    from schemebook.records.by_hand import entering
    from schemebook.records.intake.ingest import known_forms
    from schemebook.records.listing import SHORT_ID
    from schemebook.records.store.store import open_store

    by = reviewer(who)
    descriptor = entering.form_named(known_forms(root()), form)
    with open_store(root(), database, create=True) as store, ExitStack() as ends:
        found = entering.find_file(store, file, ends)
        if page is not None:
            _write_entry_page(page, found, descriptor)
            return
        record = entering.enter(store, found, descriptor, _keyed(descriptor, answers), by)
        typer.echo(record.id)
        tell(say("cli.enter-done", id=record.id[:SHORT_ID], count=len(record.problems)))


def _keyed(descriptor: FormDescriptor, answers: Path | None) -> dict[str, WidgetAnswer]:
    """What somebody read in the file: from a file of answers, else asked for on the terminal."""
    from schemebook.form_pdf.fill import read_answers
    from schemebook.records.by_hand.entering import widgets_of_answers

    if answers is not None:
        return widgets_of_answers(descriptor, read_answers(answers))
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(*what_and_to_do("cli.enter-no-terminal"))
    from schemebook.cli.review_prompt import ask_for_answers

    try:
        return ask_for_answers(descriptor)
    except (KeyboardInterrupt, EOFError):
        tell(say("cli.enter-stopped"))
        raise typer.Exit(_INTERRUPTED) from None


def _write_entry_page(page: Path, found: ReturnedPdf, descriptor: FormDescriptor) -> None:
    from schemebook.desk.entry_page import entry_page
    from schemebook.scheme.files import write_file
    from schemebook.scheme.project import load_project

    scheme = load_project(root()).scheme(descriptor.meaning.scheme)
    write_file(page, entry_page(scheme.name, scheme.branding, found, descriptor), mode=0o600)
    tell(say("cli.enter-page", page=page))

"""The coordinator's commands: issue, ingest, records, report."""

from __future__ import annotations

import datetime
import json
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemebook.cli.collecting import collecting_rarely
from schemebook.cli.told import on_a_terminal, root, settings, tell
from schemebook.errors import ExitStatus, UsageError
from schemebook.scheme.words import say, what_and_to_do

if TYPE_CHECKING:
    from schemebook.records.outcomes import Outcome
    from schemebook.records.record import Record
    from schemebook.records.store.store import Store

WATCH_SECONDS = 10.0
"""How long `ingest --watch` waits between two looks."""

Schemes = Annotated[list[str] | None, typer.Option("--scheme", help=say("cli.option-schemes"))]
Database = Annotated[str | None, typer.Option(envvar="SCHEMEBOOK_DATABASE", help=say("cli.option-database"))]


def issue(
    form: Annotated[str, typer.Argument(help=say("cli.option-form"), metavar="SCHEME/FORM")],
    to: Annotated[Path, typer.Option(help=say("cli.option-to"))],
    output: Annotated[Path, typer.Option(help=say("cli.option-copies-folder"))],
    database: Database = None,
    edition: Annotated[str | None, typer.Option(help=say("cli.option-edition"))] = None,
    eml: Annotated[bool, typer.Option("--eml", help=say("cli.option-eml"))] = False,
) -> None:
    """Make a copy of a form for each person of a list; nothing is sent."""
    from schemebook.cli.told import form_named, project_without_problems
    from schemebook.records.copies.issuing import issue as issue_copies

    project = project_without_problems()
    scheme, name = form_named(project, form)
    now = datetime.datetime.now(datetime.UTC)
    count = new = 0
    for copy in issue_copies(
        project, scheme, name, to, output, now=now, database=database, edition=edition, drafts=eml
    ):
        count, new = count + 1, new + copy.new
        for note in copy.notes:
            tell(say("cli.note", note=note))
    tell(say("issue.done", count=count, new=new, folder=output))


def ingest(
    paths: Annotated[list[str], typer.Argument(help=say("cli.option-paths"), metavar="PATH...")],
    database: Database = None,
    scheme: Schemes = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help=say("cli.option-workers"))] = 1,
    format: Annotated[str, typer.Option(help=say("cli.option-format-ingest"))] = "table",
    watch: Annotated[bool, typer.Option("--watch", help=say("cli.option-watch"))] = False,
    cluster: Annotated[str | None, typer.Option(help=say("cli.option-cluster"))] = None,
    originals: Annotated[
        str | None, typer.Option(help=say("cli.option-originals"), metavar="ADDRESS", envvar="SCHEMEBOOK_ORIGINALS")
    ] = None,
    limit: Annotated[
        list[str] | None,
        typer.Option(help=say("cli.option-limit"), metavar="NAME=NUMBER", envvar="SCHEMEBOOK_LIMITS"),
    ] = None,
) -> None:
    """Read returned files into records; exit status 3 where some were set aside."""
    from schemebook.cli.limits_option import read_limits
    from schemebook.records.intake.ingest import ingest_paths

    known_format(format, ("table", "json"))
    if cluster and watch:
        raise UsageError(*what_and_to_do("cli.cluster-or-watch"), kind="cluster-or-watch")
    limits = read_limits(limit or ())
    schemes = tuple(scheme or ())
    how: dict[str, Any] = {"root": root(), "schemes": schemes, "limits": limits, "originals": originals}
    take_in = partial(ingest_paths, paths, database=database, workers=workers, **how)
    if cluster:
        from schemebook.records.intake.cluster import ingest_on_cluster

        url = database or f"sqlite:///{root() / 'schemebook.db'}"
        set_aside = _tell_outcomes(ingest_on_cluster(cluster, paths, database=url, **how), format)
    else:
        set_aside = _watch(take_in, format) if watch else _tell_outcomes(take_in(), format)
    if set_aside:
        raise typer.Exit(ExitStatus.SOME_SET_ASIDE)


def _watch(take_in: Callable[..., Iterator[Outcome]], format: str) -> int:
    """Take in what is new again and again, until Ctrl-C. Gives how many files were set aside.

    What is being taken in when it comes is finished first; a second Ctrl-C ends at once.
    """
    from schemebook.returned.arrivals.new_files import NewFiles

    new_files, set_aside, ended = NewFiles(), 0, threading.Event()

    def end(number: int, frame: object) -> None:
        if ended.is_set():
            raise KeyboardInterrupt
        ended.set()

    before = signal.signal(signal.SIGINT, end)
    tell(say("cli.ingest-watching"))
    try:
        while not ended.is_set():
            outcomes = take_in(wanted=new_files)
            first = next(outcomes, None)
            if first is not None:
                set_aside += _tell_outcomes(chain([first], outcomes), format)
            ended.wait(WATCH_SECONDS)
    finally:
        signal.signal(signal.SIGINT, before)
    return set_aside


def _tell_outcomes(outcomes: Iterable[Outcome], format: str) -> int:
    """Print what became of each file, and the table at the end. Gives how many were set aside."""
    counted: Counter[str] = Counter()
    told: list[Outcome] = []
    to_look_at = 0
    for outcome in _with_progress(outcomes):
        counted[outcome.outcome] += 1
        to_look_at += outcome.to_look_at
        if format == "json":
            typer.echo(json.dumps(outcome.as_json(), ensure_ascii=False))
        elif outcome.reason:
            told.append(outcome)
    if format == "table":
        _print_outcomes(counted, told)
    if to_look_at:
        tell(say("cli.ingest-to-look-at", count=to_look_at))
    return counted["set-aside"]


def _with_progress(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    if not on_a_terminal():
        yield from outcomes
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(say("cli.ingest-progress"), total=None)
        for outcome in outcomes:
            progress.advance(task)
            yield outcome


def _print_outcomes(counted: Counter[str], told: list[Outcome]) -> None:
    """told: the files that were set aside, and those in which nothing was filled in."""
    for outcome in told:
        typer.echo(f"{outcome.file}: {outcome.reason}: {outcome.message}")
    if settings.quiet:
        return
    rows = [(say(f"cli.ingest-{name}"), counted[name]) for name in ("recorded", "duplicate", "set-aside")]
    rows.append((say("cli.ingest-total"), sum(counted.values())))
    width = max(len(name) for name, _ in rows)
    for name, count in rows:
        typer.echo(f"{name:<{width}}  {count:>6}")


def records(
    record: Annotated[str | None, typer.Argument(help=say("cli.option-record"), metavar="ID")] = None,
    database: Database = None,
    scheme: Schemes = None,
    format: Annotated[str, typer.Option(help=say("cli.option-format-records"))] = "table",
) -> None:
    """List records, or show one whole."""
    from schemebook.records.intake.ingest import refuse_unknown_schemes
    from schemebook.records.listing import csv_lines, records_table
    from schemebook.records.store.store import open_store

    known_format(format, ("table", "json", "csv"))
    refuse_unknown_schemes(root(), scheme or ())
    with open_store(root(), database) as store, collecting_rarely():
        found = [store.record(record)] if record else store.records(schemes=tuple(scheme or ()))
        if format == "csv":
            _print_as_made(csv_lines(found))
        elif format == "table" and not record:
            typer.echo(records_table(found))
        else:
            _print_as_made(f"{told}\n" for told in _told_whole(found, store, format, one_by_one=record is not None))


def _print_as_made(lines: Iterable[str]) -> None:
    """Print many lines, a few at once: each by itself takes as long as making it does."""
    parts = iter(lines)
    while some := "".join(islice(parts, 1_000)):
        typer.echo(some, nl=False)


def _told_whole(found: Iterable[Record], store: Store, format: str, *, one_by_one: bool) -> Iterator[str]:
    """Each record with all that is known of it: under today's questions too, and what it is to what is owed."""
    from schemebook.desk.stands import Stands
    from schemebook.records.listing import record_json, record_table
    from schemebook.records.people.carried import today
    from schemebook.scheme.project import load_project

    project = load_project(root())
    stands = Stands(project, store, datetime.date.today(), one_by_one=one_by_one)
    encode = json.JSONEncoder(ensure_ascii=False).encode
    for one in found:
        carried = today(project.forms.get(one.scheme, {}), one)
        if format == "json":
            yield encode(record_json(one, carried, stands.json_of(one)))
        else:
            yield record_table(one, carried, stands.lines_of(one))


def report(
    scheme: Annotated[str, typer.Argument(metavar="SCHEME")],
    output: Annotated[Path | None, typer.Option(help=say("cli.option-output-folder"))] = None,
    database: Database = None,
    as_of: Annotated[str | None, typer.Option(help=say("cli.option-as-of"))] = None,
) -> None:
    """Write a scheme's report."""
    from schemebook.cli.told import project_without_problems
    from schemebook.desk.report import write_report
    from schemebook.records.store.store import open_store

    project = project_without_problems()
    day = _day(as_of) if as_of else datetime.date.today()
    where = output or project.root / "records" / "reports" / project.scheme(scheme).scheme
    with open_store(project.root, database) as store, collecting_rarely():
        written = write_report(project, scheme, store, where, as_of=day)
    page = next((path for path in written if path.suffix == ".html"), where)
    tell(say("cli.report-done", count=len(written), folder=where, page=page))


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise UsageError(*what_and_to_do("cli.bad-day", day=text)) from None


def known_format(format: str, known: tuple[str, ...]) -> None:
    """Raise UsageError for a format that a command does not print."""
    if format not in known:
        raise UsageError(*what_and_to_do("cli.no-format", format=format, known=", ".join(known)))

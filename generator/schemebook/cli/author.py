"""The scheme owner's commands: init, check, publish, build, serve, fill, schema."""

from __future__ import annotations

import datetime
import logging
import signal
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemebook.cli.told import form_named, project_without_problems, root, settings, tell
from schemebook.errors import ExitStatus
from schemebook.scheme.words import say

if TYPE_CHECKING:
    from schemebook.scheme.project import Project

Schemes = Annotated[list[str] | None, typer.Option("--scheme", help=say("cli.option-schemes"))]


def init(
    folder: Annotated[Path, typer.Argument(help=say("cli.option-folder"), metavar="DIR")] = Path(),
    scheme: Annotated[str, typer.Option(help=say("cli.option-new-scheme"))] = "our-scheme",
) -> None:
    """A folder and an id in; a project that checks, publishes and builds at once."""
    from schemebook.check.json_schema import write_schemas
    from schemebook.form_pdf.publish import publish_forms
    from schemebook.scheme.project import load_project
    from schemebook.scheme.starter import start_project

    where = settings.project or folder
    written = [*start_project(where.resolve(), scheme), *write_schemas(where.resolve())]
    project = load_project(where.resolve())
    publish_forms(project, scheme, project.form_ids(scheme))
    tell(say("cli.init-done", count=len(written), folder=where, scheme=scheme))


def check() -> None:
    """Print every problem of the project; exit status 1 on any."""
    from schemebook.check.check import check_project
    from schemebook.scheme.project import load_project

    project = load_project(root())
    problems, notes = check_project(project)
    for note in notes:
        tell(str(note))
    for found in problems:
        typer.echo(str(found))
    if problems:
        tell(say("cli.check-problems", count=len(problems)))
        raise typer.Exit(ExitStatus.PROJECT_AT_FAULT)
    schemes = say("cli.schemes", count=len(project.schemes))
    forms = say("cli.forms", count=sum(map(len, project.forms.values())))
    tell(say("cli.check-clean", schemes=schemes, forms=forms))


def publish(
    what: Annotated[str | None, typer.Argument(help=say("cli.option-what"), metavar="SCHEME[/FORM]")] = None,
    anew: Annotated[bool, typer.Option("--anew", help=say("cli.option-anew"))] = False,
    database: Annotated[str | None, typer.Option(envvar="SCHEMEBOOK_DATABASE", help=say("cli.option-database"))] = None,
) -> None:
    """Keep versions, editions and blanks in forms/published."""
    from schemebook.form_pdf.publish import publish_forms

    project = _project_to_publish(anew)
    in_hand = partial(_in_hand, project.root, database) if anew else None
    scheme, _, form = (what or "").partition("/")
    for one in [scheme] if scheme else list(project.schemes):
        forms = (project.form(one, form).form,) if form else project.form_ids(one)
        for done in publish_forms(project, one, forms, anew=anew, in_hand=in_hand):
            key = "cli.published" if done.new else "cli.published-before"
            tell(
                say(key, form=f"{done.scheme}/{done.form}", version=done.version, name=done.name, edition=done.edition)
            )


def _in_hand(where: Path, database: str | None, scheme: str, form: str, version: int) -> int:
    """How many returns and issued copies of a version the store knows."""
    from schemebook.records.store.in_hand import count_in_hand
    from schemebook.records.store.store import open_store

    with open_store(where, database) as store:
        return store.look(lambda connection: count_in_hand(connection, scheme, form, version))


def _project_to_publish(anew: bool) -> Any:
    """The project; with `anew` a changed meaning is no obstacle: its published version is about to be taken back."""
    from schemebook.check.check import check_project
    from schemebook.errors import ProjectError
    from schemebook.scheme.project import load_project

    project = load_project(root())
    problems = [found for found in check_project(project)[0] if not (anew and found.kind == "meaning-changed")]
    if problems:
        raise ProjectError(problems)
    return project


def build(
    scheme: Schemes = None,
    site: Annotated[Path | None, typer.Option(help=say("cli.option-site"))] = None,
) -> None:
    """Write the handbook site."""
    from schemebook.handbook.facts import book_addresses
    from schemebook.handbook.pages import build_site, write_pages

    project = project_without_problems()
    chosen = tuple(project.scheme(id).scheme for id in scheme) if scheme else None
    folder = project.root / "build" / "handbook"
    written = write_pages(project, folder, schemes=chosen, today=datetime.date.today(), tell=tell)
    where = site or project.root / "site"
    build_site(folder, where)
    tell(say("cli.build-done", count=len(written), site=where))
    for id in chosen or project.schemes:
        for address in book_addresses(project.scheme(id)).values():
            book = where / address
            tell(say("cli.build-book", book=book, size=-(-book.stat().st_size // 1000)))


def serve(address: Annotated[str, typer.Option(help=say("cli.option-address"))] = "127.0.0.1:8000") -> None:
    """Show the site while it is edited, until Ctrl-C."""
    from schemebook.handbook.preview import Preview, keep_current
    from schemebook.handbook.preview_server import serve_preview

    where = root()
    logging.getLogger("mkdocs").setLevel(logging.CRITICAL)  # `check` tells the same, with line and column
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), tempfile.TemporaryDirectory(prefix="schemebook-serve-") as work:
        preview = Preview(where, Path(work), _problems_in_lines)
        with serve_preview(preview, address) as found:
            tell(say("cli.serving", address=found))
            keep_current(preview, _tell_problems)


def _problems_in_lines(project: Project) -> list[str]:
    from schemebook.check.check import check_project

    return [str(found) for found in check_project(project)[0]]


def _tell_problems(problems: Sequence[str]) -> None:
    for found in problems:
        typer.echo(found, err=True)
    tell(say("cli.check-problems", count=len(problems)) if problems else say("cli.serve-mended"))


def fill(
    form: Annotated[str, typer.Argument(help=say("cli.option-form"), metavar="SCHEME/FORM")],
    answers: Annotated[Path, typer.Argument(help=say("cli.option-answers"), metavar="ANSWERS.json")],
    output: Annotated[Path, typer.Option(help=say("cli.option-output"))],
    edition: Annotated[str | None, typer.Option(help=say("cli.option-edition"))] = None,
) -> None:
    """Answers in, a filled copy of a form out."""
    from schemebook.form_pdf.fill import fill_form, read_answers
    from schemebook.form_pdf.finish import make_form_pdf
    from schemebook.scheme.files import write_file

    project = project_without_problems()
    scheme, name = form_named(project, form)
    given = read_answers(answers)
    made = make_form_pdf(project, scheme, name, edition)
    copy = fill_form(made.pdf, made.descriptor, given)
    write_file(output, copy.pdf)
    for note in copy.notes:
        tell(str(note))
    tell(say("cli.fill-done", output=output))


def schema(check: Annotated[bool, typer.Option("--check", help=say("cli.option-schema-check"))] = False) -> None:
    """Write the JSON Schemas, or tell which are not current."""
    from schemebook.check.json_schema import stale_schemas, write_schemas

    if not check:
        for path in write_schemas(root()):
            tell(say("cli.schema-written", path=path))
        return
    stale = stale_schemas(root())
    for path in stale:
        typer.echo(say("cli.schema-stale", path=path))
    if stale:
        raise typer.Exit(ExitStatus.PROJECT_AT_FAULT)

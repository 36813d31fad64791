"""The command `schemebook`: options before any command, and errors told in one line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from schemebook.cli import author, coordinator, review
from schemebook.cli.told import settings
from schemebook.errors import ProjectError, SchemebookError
from schemebook.scheme.words import say

app = typer.Typer(
    name="schemebook",
    help=say("cli.help"),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS = (
    *(author.init, author.check, author.publish, author.build, author.serve, author.fill),
    *(coordinator.issue, coordinator.ingest, coordinator.records, review.review, review.enter),
    *(coordinator.report, author.schema),
)
for command in COMMANDS:
    words = say(f"cli.{command.__name__}")
    app.command(help=words, short_help=words.partition("\n")[0])(command)


@app.callback()
def options(
    project: Annotated[Path | None, typer.Option(help=say("cli.option-project"))] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help=say("cli.option-quiet"))] = False,
    version: Annotated[bool, typer.Option("--version", help=say("cli.option-version"), is_eager=True)] = False,
) -> None:
    """Options before any command."""
    settings.project, settings.quiet = project, quiet
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"schemebook {installed('schemebook')}")
        raise typer.Exit


def main() -> None:
    """Run the command line; what a person can mend is told in a line each, without a traceback."""
    try:
        app(standalone_mode=True)
    except ProjectError as error:
        for found in error.problems:
            typer.echo(str(found), err=True)
        sys.exit(error.exit_status)
    except SchemebookError as error:
        typer.echo(f"schemebook: {error}", err=True)
        sys.exit(error.exit_status)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except typer.Abort:
        sys.exit(130)


if __name__ == "__main__":
    main()

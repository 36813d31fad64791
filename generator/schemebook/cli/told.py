"""What all commands share: the options before them, the project they work on, and how they tell things."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from schemebook.errors import ProjectError, UsageError
from schemebook.scheme.words import what_and_to_do

if TYPE_CHECKING:
    from schemebook.scheme.project import Project


@dataclass
class Settings:
    """The options before a command."""

    project: Path | None = None
    quiet: bool = False


settings = Settings()


def tell(words: str) -> None:
    """Say something on stderr, unless --quiet."""
    if not settings.quiet:
        typer.echo(words, err=True)


def root() -> Path:
    """The project's folder: --project, else the one we stand in. Raises UsageError."""
    from schemebook.scheme.project import find_root

    return find_root(settings.project or Path.cwd())


def project_without_problems() -> Project:
    """The project, read whole. Raises ProjectError with all its problems; notes are told."""
    from schemebook.check.check import check_project
    from schemebook.scheme.project import load_project

    project = load_project(root())
    problems, _ = check_project(project)
    if problems:
        raise ProjectError(problems)
    return project


def form_named(project: Project, words: str) -> tuple[str, str]:
    """SCHEME/FORM as its two ids. Raises UsageError where either is not there or not named."""
    id, _, form = words.partition("/")
    scheme = project.scheme(id)
    if not form:
        known = ", ".join(f"{id}/{one}" for one in project.form_ids(id)) or "-"
        raise UsageError(*what_and_to_do("cli.no-form-named", scheme=scheme.scheme, known=known))
    return id, project.form(id, form).form


def on_a_terminal() -> bool:
    """Whether stderr is a terminal, so that a progress bar helps."""
    return sys.stderr.isatty() and not settings.quiet

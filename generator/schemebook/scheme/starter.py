"""A folder and a scheme's id in, a new project (or a new scheme in a project) out, copied from the starter."""

from __future__ import annotations

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from schemebook.errors import UsageError
from schemebook.scheme.files import write_file
from schemebook.scheme.keys import ID_PATTERN
from schemebook.scheme.model import RESERVED
from schemebook.scheme.project import CONFIGS, DOCS, FORMS, scheme_file
from schemebook.scheme.words import what_and_to_do

TOKEN = "our-scheme"
"""What stands in the starter for the new scheme's id, in names of files and in texts."""


def start_project(folder: Path, scheme: str) -> list[Path]:
    """Write a new project with one scheme, or add the scheme to the project that stands there.

    Returns the files written. What a project already has (its mkdocs.yml, its shared blocks) is left as it is. Raises
    UsageError for a bad or taken id and for a folder that holds something else.
    """
    if not re.fullmatch(ID_PATTERN, scheme) or scheme in RESERVED:
        raise UsageError(*what_and_to_do("project.bad-scheme-id", id=scheme, reserved=", ".join(RESERVED)))
    if (
        (folder / scheme_file(scheme)).exists()
        or (folder / FORMS / scheme).exists()
        or (folder / DOCS / scheme).exists()
    ):
        raise UsageError(*what_and_to_do("project.scheme-exists", id=scheme))
    inside = (folder / "mkdocs.yml").is_file() and (folder / CONFIGS).is_dir()
    if not inside and folder.is_dir() and any(path.name != ".git" for path in folder.iterdir()):
        raise UsageError(*what_and_to_do("project.folder-not-empty", folder=folder))
    return _copy(files("schemebook").joinpath("starter"), folder, scheme)


def _copy(start: Traversable, folder: Path, scheme: str) -> list[Path]:
    written = []
    for name, content in _files_below(start, ""):
        path = folder / name.replace(TOKEN, scheme).replace("dot-gitignore", ".gitignore")
        if not path.exists():
            write_file(path, content.replace(TOKEN.encode(), scheme.encode()))
            written.append(path)
    return written


def _files_below(start: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for one in sorted(start.iterdir(), key=lambda item: item.name):
        if one.is_dir():
            found += _files_below(one, f"{prefix}{one.name}/")
        elif not one.name.endswith(".pyc"):
            found.append((prefix + one.name, one.read_bytes()))
    return found

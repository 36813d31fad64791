"""A project in; YAML files whose names keep them from being read, or say something else than they do, out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from schemebook.check.nearest import quoted
from schemebook.check.ways import at
from schemebook.errors import Place, Problem
from schemebook.scheme.keys import is_id
from schemebook.scheme.project import CONFIGS, FORMS, SHARED, Project
from schemebook.scheme.words import problem
from schemebook.scheme.yaml_source import YamlSource

_PUBLISHED = "published"
_OTHER_ENDING = re.compile(r"(?P<stem>.+?)\.ya?ml(?:\.txt)?", re.IGNORECASE)
"""What editors make of `.yml`, some of it out of sight: Windows hides `.txt`."""


def meant_files(root: Path) -> dict[str, str]:
    """The file that a name with another ending is meant to be -> the file that is there, both from the root."""
    folders = (root / CONFIGS, *sorted(path for path in (root / FORMS).glob("*") if path.name != _PUBLISHED))
    found = {}
    for path in (path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir())):
        named = _OTHER_ENDING.fullmatch(path.name)
        if named and path.suffix != ".yml" and path.is_file():
            there = path.relative_to(root)
            found[there.with_name(f"{named['stem']}.yml").as_posix()] = there.as_posix()
    return found


def problems_with_names(project: Project, meant: Mapping[str, str]) -> Iterator[Problem]:
    """Files that are not read for their ending, and files called otherwise than they say. meant: of `meant_files`."""
    for file, there in meant.items():
        yield problem(Place(there), "check.other-ending", name=quoted(PurePosixPath(file).name))
    for file, source in project.sources.items():
        yield from _misnamed(source, _naming_key(file))


def _naming_key(file: str) -> str:
    """The key that says a file's name."""
    if file.startswith(f"{CONFIGS}/"):
        return "scheme"
    return "block" if file.startswith(f"{FORMS}/{SHARED}/") else "form"


def _misnamed(source: YamlSource, key: str) -> Iterator[Problem]:
    name = at(source.data, key)
    stem = PurePosixPath(source.file).stem
    if isinstance(name, str) and name and name != stem:
        kind = "misnamed" if is_id(stem) else "misnamed-copy"
        yield problem(source.place((key,)), f"check.{kind}", key=key, found=quoted(name), name=stem)

"""Project: the folder that holds mkdocs.yml in; its schemes, forms and shared blocks as models out.

Nothing is raised for what is wrong inside a file: the file's problems are kept, and `check` tells them in our words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from schemebook.errors import UsageError
from schemebook.scheme.form import Block, Form, put_in_blocks
from schemebook.scheme.model import Scheme
from schemebook.scheme.words import what_and_to_do
from schemebook.scheme.yaml_source import YamlSource, read_yaml

M = TypeVar("M", bound=BaseModel)

CONFIGS, FORMS, DOCS = "scheme-configs", "forms", "docs"
SHARED = "shared"


@dataclass(frozen=True)
class Unfit:
    """A file whose data does not fit its model."""

    source: YamlSource
    model: type[BaseModel]
    error: ValidationError


@dataclass(frozen=True)
class Project:
    """Everything that stands in a project's folder."""

    root: Path
    schemes: Mapping[str, Scheme] = field(default_factory=dict)
    """By scheme id; files that could not be read are missing."""
    forms: Mapping[str, Mapping[str, Form]] = field(default_factory=dict)
    """Scheme id -> form id -> form, with its shared blocks put in."""
    raw_forms: Mapping[str, Form] = field(default_factory=dict)
    """File -> form as written, before its shared blocks are put in."""
    blocks: Mapping[str, Block] = field(default_factory=dict)
    """By name."""
    sources: Mapping[str, YamlSource] = field(default_factory=dict)
    """File (relative to the root, with /) -> where everything in it stands."""
    unfit: tuple[Unfit, ...] = ()

    def scheme(self, id: str) -> Scheme:
        """The scheme of that id. Raises UsageError."""
        if id not in self.schemes:
            raise UsageError(*what_and_to_do("project.no-scheme", id=id, known=", ".join(self.schemes) or "-"))
        return self.schemes[id]

    def form(self, scheme: str, form: str) -> Form:
        """One form, with its shared blocks put in. Raises UsageError."""
        forms = self.forms.get(self.scheme(scheme).scheme, {})
        if form not in forms:
            raise UsageError(*what_and_to_do("project.no-form", id=form, scheme=scheme, known=", ".join(forms) or "-"))
        return forms[form]

    def names(self, scheme: str) -> dict[str, str]:
        """Id -> title, for rules in words: the scheme's roles and stages, and its forms."""
        titles = {id: form.title for id, form in self.forms.get(scheme, {}).items()}
        return titles | self.scheme(scheme).names()

    def form_ids(self, scheme: str) -> tuple[str, ...]:
        """The ids of a scheme's forms, in the scheme's own order, as far as their files could be read."""
        return tuple(id for id in self.scheme(scheme).forms if id in self.forms.get(scheme, {}))


def find_root(start: Path) -> Path:
    """The folder with mkdocs.yml and scheme-configs/ at or above `start`. Raises UsageError.

    A folder that is not there is in no project: a mistyped name must not lead to the project around it.
    """
    for folder in (start.resolve(), *start.resolve().parents) if start.is_dir() else ():
        if (folder / "mkdocs.yml").is_file() and (folder / CONFIGS).is_dir():
            return folder
    raise UsageError(*what_and_to_do("project.no-project", folder=start))


def scheme_file(scheme: str) -> str:
    """The file of a scheme, relative to the project."""
    return f"{CONFIGS}/{scheme}.yml"


def form_file(scheme: str, form: str) -> str:
    """The file of a form, relative to the project."""
    return f"{FORMS}/{scheme}/{form}.yml"


def load_project(root: Path) -> Project:
    """Read every YAML file of a project; what is wrong with them stands in `sources` and `unfit`."""
    reading = _Reading(root)
    blocks = {block.block: block for _, block in reading.all(Block, f"{FORMS}/{SHARED}/*.yml")}
    schemes = {Path(file).stem: scheme for file, scheme in reading.all(Scheme, f"{CONFIGS}/*.yml")}
    raw = {
        file: form
        for folder in sorted((root / FORMS).glob("*/"))
        if folder.is_dir() and folder.name not in (SHARED, "published")
        for file, form in reading.all(Form, f"{FORMS}/{folder.name}/*.yml")
    }
    forms: dict[str, dict[str, Form]] = {}
    for file, form in raw.items():
        path = Path(file)
        forms.setdefault(path.parent.name, {})[path.stem] = put_in_blocks(form, blocks)
    return Project(root, schemes, forms, raw, blocks, reading.sources, tuple(reading.unfit))


class _Reading:
    """Reads files one after another and keeps what is wrong with them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sources: dict[str, YamlSource] = {}
        self.unfit: list[Unfit] = []

    def all(self, model: type[M], pattern: str) -> list[tuple[str, M]]:
        found = []
        for path in sorted(self.root.glob(pattern)):
            one = self.one(model, path)
            if one is not None:
                found.append((path.relative_to(self.root).as_posix(), one))
        return found

    def one(self, model: type[M], path: Path) -> M | None:
        file = path.relative_to(self.root).as_posix()
        source = self.sources[file] = read_yaml(path, file)
        data: Any = source.data
        if data is None and source.problems:
            return None
        try:
            return model.model_validate(data)
        except ValidationError as error:
            self.unfit.append(Unfit(source, model, error))
            return None

"""Claim: the few names a PDF says of itself. FormDescriptor: a published version and edition, the only thing read by.

forms/published/<scheme>/<form>-v<n>.json holds a version (the meaning), <form>-v<n>.<id>.json an edition (the layout),
<form>-v<n>.<id>.pdf its blank.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from schemebook.scheme.keys import Made
from schemebook.scheme.meaning import FormMeaning, Widget, widgets

CLAIM_FILE = "schemebook.json"
CODE_PREFIX = "SB1"
PIECES_OF_PRINT = 3
"""The streams of each page of a form: its print, and what `stamp` puts before and behind it. Who draws on a page adds
some, or makes them one."""
PUBLISHED = Path("forms", "published")


@dataclass(frozen=True)
class Claim:
    """What a PDF says of itself. Only a claim: the names are looked up, nothing else is believed."""

    scheme: str
    form: str
    version: int
    edition: str
    token: str | None = None

    def as_bytes(self) -> bytes:
        """The attached file's bytes."""
        said: dict[str, Any] = {
            "schemebook": 1,
            "scheme": self.scheme,
            "form": self.form,
            "version": self.version,
            "edition": self.edition,
        }
        if self.token:
            said["token"] = self.token
        return canonical_json(said)


class Box(Made):
    """One box on a page: where a widget stands."""

    name: str
    """The widget's full name."""
    option: str = ""
    """For a radio button: its export value."""
    page: int
    """Counted from 1."""
    rect: tuple[float, float, float, float]
    """Left, bottom, right, top in points from the page's lower left corner, to two decimals."""


class Edition(Made):
    """One layout of a version: paper, text size, language, wording, and where every box stands."""

    scheme: str
    form: str
    version: int
    name: str = "a4"
    paper: tuple[float, float]
    """Width and height in points."""
    text_size: float
    """Size of answers in points."""
    language: str
    pages: int
    title: str
    labels: Mapping[str, str]
    """Field id -> label; `<field>/<option>` -> the option's words; `<table>.<row>` and `<table>..<column>` likewise."""
    boxes: tuple[Box, ...]

    @cached_property
    def id(self) -> str:
        """The first 8 hex digits of the SHA-256 of the edition's JSON."""
        return hashlib.sha256(canonical_json(self.as_json())).hexdigest()[:8]

    def as_json(self) -> dict[str, Any]:
        """Plain data as it stands in forms/published."""
        return self.model_dump(mode="json", by_alias=True)


@dataclass(frozen=True)
class FormDescriptor:
    """A version and one of its editions."""

    meaning: FormMeaning
    edition: Edition
    blank: Path | None = field(default=None, compare=False)
    """Where its blank PDF lies, by whose print a copy without fields is known."""

    @property
    def claim(self) -> Claim:
        """What the blank says of itself."""
        return Claim(self.meaning.scheme, self.meaning.form, self.meaning.version, self.edition.id)

    @cached_property
    def widgets(self) -> tuple[Widget, ...]:
        """Every PDF field, in reading order."""
        return widgets(self.meaning)

    @cached_property
    def names(self) -> frozenset[str]:
        """The full names of all PDF fields."""
        return frozenset(widget.name for widget in self.widgets)


def canonical_json(data: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys in UTF-8: the same bytes for the same data."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def page_code(edition: str, page: int, token: str | None = None) -> str:
    """The text of the printed code: SB1/<edition>/<page>, and the token of an issued copy."""
    return "/".join([CODE_PREFIX, edition.upper(), str(page), *([token] if token else [])])


def version_path(root: Path, scheme: str, form: str, version: int) -> Path:
    """Where a version is published."""
    return root / PUBLISHED / scheme / f"{form}-v{version}.json"


def edition_path(root: Path, scheme: str, form: str, version: int, edition: str, suffix: str = ".json") -> Path:
    """Where an edition (or with `.pdf` its blank) is published."""
    return root / PUBLISHED / scheme / f"{form}-v{version}.{edition}{suffix}"


def read_version(path: Path) -> FormMeaning:
    """One published version. A file that was edited by hand raises pydantic's ValidationError or ValueError."""
    return FormMeaning.model_validate_json(path.read_bytes())


def read_edition(path: Path) -> Edition:
    """One published edition. A file that was edited by hand raises pydantic's ValidationError or ValueError."""
    return Edition.model_validate_json(path.read_bytes())


def load_published(root: Path) -> dict[str, FormDescriptor]:
    """Every published edition of a project with its version, by edition id.

    root: the project's folder. Raises as `read_version` and `read_edition` do.
    """
    found: dict[str, FormDescriptor] = {}
    versions: dict[Path, FormMeaning] = {}
    for path in sorted((root / PUBLISHED).glob("*/*-v*.*.json")):
        edition = read_edition(path)
        where = version_path(root, edition.scheme, edition.form, edition.version)
        if where not in versions:
            versions[where] = read_version(where)
        found[edition.id] = FormDescriptor(versions[where], edition, path.with_suffix(".pdf").absolute())
    return found


Packed = tuple[list[str], list[tuple[str, int, str, Path | None]]]
"""Versions as JSON; editions with their id, the place of their version among these, their JSON, and their blank."""


def pack(known: Mapping[str, FormDescriptor]) -> Packed:
    """Published forms as they go to another process. Pickled as models they would take ten times as long."""
    meanings = {id(one.meaning): one.meaning for one in known.values()}
    places = {key: place for place, key in enumerate(meanings)}
    return (
        [one.model_dump_json(by_alias=True, exclude_defaults=True) for one in meanings.values()],
        [(key, places[id(one.meaning)], one.edition.model_dump_json(), one.blank) for key, one in known.items()],
    )


def unpack(packed: Packed) -> dict[str, FormDescriptor]:
    """What `pack` was given."""
    versions, editions = packed
    meanings = [FormMeaning.model_validate_json(one) for one in versions]
    return {
        key: FormDescriptor(meanings[place], Edition.model_validate_json(edition), blank)
        for key, place, edition, blank in editions
    }

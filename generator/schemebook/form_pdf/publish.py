"""Forms in; their published versions, editions and blanks out: files of forms/published, never edited afterwards."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemebook.errors import SchemebookError
from schemebook.form_pdf.descriptor import (
    FormDescriptor,
    edition_path,
    load_published,
    read_version,
    version_path,
)
from schemebook.form_pdf.finish import make_form_pdf
from schemebook.scheme.files import write_file
from schemebook.scheme.project import Project
from schemebook.scheme.words import what_and_to_do


@dataclass(frozen=True)
class Published:
    """One form as it now stands in forms/published."""

    scheme: str
    form: str
    version: int
    edition: str
    new: bool
    """Whether anything was written: False where this edition stood there already."""


def publish_forms(project: Project, scheme: str, forms: tuple[str, ...], *, anew: bool = False) -> list[Published]:
    """Publish the forms' present versions and editions.

    anew: what is published of a form's present version is taken back first; right only while nobody has the form.
    Raises SchemebookError where a published version means something else than the form does now.
    """
    return [_publish(project, scheme, form, anew) for form in forms]


def _publish(project: Project, scheme: str, form: str, anew: bool) -> Published:
    root = project.root
    meaning = project.form(scheme, form).meaning(scheme)
    where = version_path(root, scheme, form, meaning.version)
    if anew:
        for path in where.parent.glob(f"{form}-v{meaning.version}.*"):
            path.unlink()
    if where.exists() and read_version(where) != meaning:
        raise SchemebookError(
            *what_and_to_do("publish.meaning-changed", form=f"{scheme}/{form}", version=meaning.version)
        )
    made = make_form_pdf(project, scheme, form, draft=False)
    descriptor = made.descriptor
    new = not edition_path(root, scheme, form, meaning.version, descriptor.edition.id).exists()
    if new:
        _refuse_taken_id(root, descriptor)
        write_file(where, _pretty(meaning.as_json()))
        blank = edition_path(root, scheme, form, meaning.version, descriptor.edition.id, ".pdf")
        write_file(blank, made.pdf)
        write_file(blank.with_suffix(".json"), _pretty(descriptor.edition.as_json()))
    return Published(scheme, form, meaning.version, descriptor.edition.id, new)


def _refuse_taken_id(root: Path, descriptor: FormDescriptor) -> None:
    other = load_published(root).get(descriptor.edition.id)
    if other and other.claim != descriptor.claim:
        raise SchemebookError(
            *what_and_to_do(
                "publish.id-taken", id=descriptor.edition.id, form=f"{other.claim.scheme}/{other.claim.form}"
            )
        )


def _pretty(data: dict[str, Any]) -> bytes:
    """JSON that reads well in a diff: sorted keys, one value a line, boxes' rectangles kept on theirs."""
    return (json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()

"""Forms in; their published versions, editions and blanks out: files of forms/published, never edited afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
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
from schemebook.form_pdf.finish import FormPdf, make_form_pdf
from schemebook.scheme.files import write_files
from schemebook.scheme.project import Project
from schemebook.scheme.words import what_and_to_do


@dataclass(frozen=True)
class Published:
    """One edition of a form as it now stands in forms/published."""

    scheme: str
    form: str
    version: int
    name: str
    """The edition's name."""
    edition: str
    """The edition's id."""
    new: bool
    """Whether anything was written: False where this edition stood there already."""


InHand = Callable[[str, str, int], int]
"""Scheme, form and version -> how many returns and issued copies of it are known: 0 while nobody has the form."""


def publish_forms(
    project: Project, scheme: str, forms: tuple[str, ...], *, anew: bool = False, in_hand: InHand | None = None
) -> list[Published]:
    """Publish the forms' present versions, each in all of its scheme's editions.

    anew: what is published of a form's present version is taken back first; right only while nobody has the form.
    in_hand: asked before anything is taken back; None: the caller knows that nobody has it.
    Raises SchemebookError where a published version means something else than the form does now, or would be taken
    back from those who have it.
    """
    return [done for form in forms for done in _publish(project, scheme, form, anew, in_hand)]


def _publish(project: Project, scheme: str, form: str, anew: bool, in_hand: InHand | None) -> list[Published]:
    """Every edition is laid out before the first file is written, and all are written before one is taken back."""
    root = project.root
    meaning = project.form(scheme, form).meaning(scheme)
    where = version_path(root, scheme, form, meaning.version)
    made = [make_form_pdf(project, scheme, form, name, draft=False) for name in project.scheme(scheme).editions]
    asks_the_same = not where.exists() or read_version(where) == meaning
    if not anew and not asks_the_same:
        raise SchemebookError(
            *what_and_to_do("publish.meaning-changed", form=f"{scheme}/{form}", version=meaning.version)
        )
    done = [_published(root, one, anew) for one in made]
    files: dict[Path, bytes] = {}
    for one, stands in zip(made, done, strict=True):
        if stands.new:
            _refuse_taken_id(root, one.descriptor)
            files |= _files(root, one)
    gone = set(where.parent.glob(f"{form}-v{meaning.version}.*")) - set(files) if anew else set()
    if in_hand and (gone or not asks_the_same):
        _refuse_in_hand(f"{scheme}/{form}", meaning.version, in_hand(scheme, form, meaning.version))
    write_files(files)
    _take_back(gone)
    return done


def _refuse_in_hand(form: str, version: int, count: int) -> None:
    """What is taken back can be read no more: returns of it that are still to come would be set aside for good."""
    if count:
        words = what_and_to_do("publish.in-hand", form=form, version=version, count=count, next=version + 1)
        raise SchemebookError(*words, kind="in-hand")


def _published(root: Path, made: FormPdf, anew: bool) -> Published:
    meaning, edition = made.descriptor.meaning, made.descriptor.edition
    named = (meaning.scheme, meaning.form, meaning.version)
    new = anew or not edition_path(root, *named, edition.id).exists()
    return Published(*named, edition.name, edition.id, new)


def _files(root: Path, made: FormPdf) -> dict[Path, bytes]:
    """What stands in forms/published for one edition: its version, its blank, its layout."""
    meaning, edition = made.descriptor.meaning, made.descriptor.edition
    named = (meaning.scheme, meaning.form, meaning.version)
    blank = edition_path(root, *named, edition.id, ".pdf")
    return {
        version_path(root, *named): _pretty(meaning.as_json()),
        blank: made.pdf,
        blank.with_suffix(".json"): _pretty(edition.as_json()),
    }


def _take_back(paths: set[Path]) -> None:
    for path in sorted(paths):
        try:
            path.unlink()
        except OSError as error:
            raise SchemebookError(*what_and_to_do("project.not-written", path=path, reason=error.strerror)) from None


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

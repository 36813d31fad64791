"""A published starter project and filled copies of its forms, made once; for tests of what comes back."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from schemebook.form_pdf.descriptor import FormDescriptor, edition_path, load_published
from schemebook.form_pdf.fill import fill_form
from schemebook.form_pdf.publish import publish_forms
from schemebook.scheme.project import Project, load_project
from schemebook.scheme.starter import start_project

SCHEME = "club"
WHEN = 1_795_000_000
"""Seconds since 1970: 18 November 2026."""

MEETING: dict[str, Any] = {
    "name": "Tāne Mahuta",
    "email": "tane@example.org",
    "met-on": "2026-10-12",
    "minutes": 45,
    "agreed": "To ask for feedback.\nAnd to read less.",
}


def make_club(root: Path, *schemes: str) -> Project:
    """A new project with the starter's scheme under one or several ids, published."""
    for scheme in schemes or (SCHEME,):
        start_project(root, scheme)
    project = load_project(root)
    for scheme in project.schemes:
        publish_forms(project, scheme, project.form_ids(scheme))
    return project


def filled(project: Project, form: str, answers: dict[str, Any], scheme: str = SCHEME) -> bytes:
    """A published form with answers in it."""
    blank, descriptor = _published(project.root, scheme, form)
    return fill_form(blank, descriptor, answers).pdf


@cache
def _published(root: Path, scheme: str, form: str) -> tuple[bytes, FormDescriptor]:
    for descriptor in load_published(root).values():
        claim = descriptor.claim
        if (claim.scheme, claim.form) == (scheme, form):
            path = edition_path(root, scheme, form, claim.version, claim.edition, ".pdf")
            return path.read_bytes(), descriptor
    raise LookupError(form)


def put_in(folder: Path, name: str, content: bytes, when: float = WHEN) -> Path:
    """A file of an inbox, as it came at a moment."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    os.utime(path, (when, when))
    return path

"""A project in; logos and chapters' pictures that cannot be shown, or are far too large, as problems, out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from schemebook.check.project_files import LOGO_ENDINGS, schemes_of
from schemebook.check.ways import at
from schemebook.errors import Place, Problem
from schemebook.handbook.pages import PICTURES
from schemebook.handbook.scheme_pages import chapter_assets
from schemebook.scheme.project import CONFIGS, Project
from schemebook.scheme.words import problem

LARGEST_LOGO = 250_000
"""Bytes. Each form carries the logo, on a tile of 8 mm: what people open and send grows by as much."""


def problems_with_pictures(project: Project) -> Iterator[Problem]:
    """Each picture that the layout engine refuses, and logos of many bytes. One that is not there is told elsewhere."""
    for id, scheme in schemes_of(project).items():
        logo = at(scheme.data, "branding", "logo")
        if isinstance(logo, str) and logo.lower().endswith(LOGO_ENDINGS) and "/" not in logo and "\\" not in logo:
            yield from _of_logo(project.root / CONFIGS / logo, scheme.place(("branding", "logo")))
        for path in chapter_assets(project.root, id):
            if path.suffix.lower() in PICTURES:
                yield from _fault(path, Place(path.relative_to(project.root).as_posix()))


def _of_logo(path: Path, place: Place) -> Iterator[Problem]:
    try:
        size = path.stat().st_size
    except OSError:
        return
    if size > LARGEST_LOGO:
        values = {"file": f"{CONFIGS}/{path.name}", "size": -(-size // 1000), "most": LARGEST_LOGO // 1000}
        yield problem(place, "check.logo-too-large", **values)
    else:
        yield from _fault(path, place)


def _fault(path: Path, place: Place) -> Iterator[Problem]:
    try:
        status = path.stat()
        reason = _reason(path, status.st_size, status.st_mtime_ns)
    except OSError:
        return
    if reason:
        yield problem(place, "check.picture-broken", file=path.name, reason=reason)


@lru_cache(maxsize=500)
def _reason(path: Path, size: int, written: int) -> str | None:
    """Why a picture cannot be shown. Under `serve` each is tried once for as long as it is not written anew."""
    from schemebook.form_pdf.layout import picture_fault  # brings the layout engine, which most projects need not here

    return picture_fault(path.read_bytes(), path.suffix.lower())

"""What is bundled is published as it stands: no form of the site says DRAFT, and every return of it is read."""

from __future__ import annotations

import pytest
from tests.whole_path.commands import ROOT

from schemebook.form_pdf.descriptor import edition_path
from schemebook.form_pdf.finish import make_form_pdf
from schemebook.scheme.project import load_project

PROJECT = load_project(ROOT)


EDITIONS = [
    (scheme, form, edition)
    for scheme in PROJECT.schemes
    for form in PROJECT.form_ids(scheme)
    for edition in PROJECT.scheme(scheme).editions
]


@pytest.mark.parametrize(("scheme", "form", "name"), EDITIONS)
def test_every_edition_of_every_bundled_form_is_published(scheme: str, form: str, name: str) -> None:
    made = make_form_pdf(PROJECT, scheme, form, name)
    edition = made.descriptor.edition.id
    blank = edition_path(ROOT, scheme, form, made.descriptor.meaning.version, edition, ".pdf")
    assert not made.draft, f"run 'schemebook publish --anew {scheme}/{form}'"
    assert blank.read_bytes().startswith(b"%PDF-1.7")

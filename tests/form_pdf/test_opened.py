"""A PDF is opened from memory."""

from __future__ import annotations

import resource
from io import BytesIO

import pikepdf
import pytest

from schemebook.form_pdf.opened import opened


def test_it_is_the_pdf_that_was_given() -> None:
    out = BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(100, 200))
        made.save(out)
    with opened(out.getvalue()) as pdf:
        assert [float(side) for side in pdf.pages[0].mediabox] == [0, 0, 100, 200]


def test_what_is_no_pdf_is_told_as_pikepdf_tells_it() -> None:
    with pytest.raises(pikepdf.PdfError), opened(b"no PDF"):
        pass


def test_a_full_disk_is_no_matter() -> None:
    out = BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out)
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, usual[1]))
    try:
        with opened(out.getvalue()) as pdf:
            assert len(pdf.pages) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)

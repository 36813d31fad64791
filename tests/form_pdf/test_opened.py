"""A PDF is opened from memory."""

from __future__ import annotations

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

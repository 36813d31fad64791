"""What a form's metadata say."""

from __future__ import annotations

import pikepdf
from pikepdf import Name

from schemebook.form_pdf.metadata import shorten_metadata


def test_title_and_language_are_told_whatever_signs_they_hold() -> None:
    title = 'Whāinga & <goals>, "ours"'
    with pikepdf.new() as pdf:
        pdf.Root.Metadata = pdf.make_stream(b"<x/>", Type=Name.Metadata, Subtype=Name.XML)
        shorten_metadata(pdf, title, "mi")
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == title
            assert metadata["dc:language"] == {"mi"}
            assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"

"""A form's title and language in, its XMP metadata out (ISO 32000-2, 14.3.2): what PDF/UA-1 asks for, and no more."""

from __future__ import annotations

from html import escape

import pikepdf

_XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
    '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>'
    "<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>"
    "<pdfuaid:part>1</pdfuaid:part></rdf:Description></rdf:RDF></x:xmpmeta>"
    '<?xpacket end="r"?>'
)


def shorten_metadata(pdf: pikepdf.Pdf, title: str, language: str) -> None:
    """In the place of the engine's, which is indented and tells of the engine: it is stored as it is, not deflated."""
    pdf.Root.Metadata.write(_XMP.format(title=escape(title), language=escape(language)).encode())

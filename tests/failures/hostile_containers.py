"""Zips, form data and pictures made to break what reads them, each named by what it does."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.failures.hostile_files import BURSTING_ZIPS
from tests.failures.hostile_mail import MAILBOXES, MAILS

_GOOD = b"%PDF-1.7 one %%EOF\n"


def _zip(*names: str, data: bytes = _GOOD) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 3, 9, 30, 2)), data)
    return out.getvalue()


def names_that_climb() -> bytes:
    """Members called `../../a.pdf`, `/etc/a.pdf`, `C:\\a.pdf` and `..`: each is unpacked under a name of ours."""
    return _zip("../../a.pdf", "/etc/a.pdf", "C:\\a.pdf", "..")


def name_without_end() -> bytes:
    """A member whose name has 65,000 letters, and one with lines and an escape sequence in it."""
    return _zip("a" * 65_000 + ".pdf", "a\n\x1b[2Jb.pdf")


def linked_member() -> bytes:
    """A member that is a link to /etc/passwd."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("a.pdf")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def one_name_twice() -> bytes:
    """Two members of one name: both are read."""
    data = _zip("a.pdf", "b.pdf")
    return data.replace(b"b.pdf", b"a.pdf")


def locked_member() -> bytes:
    """A member that needs a password."""
    data = bytearray(_zip("a.pdf"))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    return bytes(data)


def size_that_is_a_lie() -> bytes:
    """A member that says it has 19 bytes and unpacks to 50,000."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", bytes(range(256)) * 200)
    return out.getvalue().replace(struct.pack("<L", 51_200), struct.pack("<L", 19))


def list_that_is_a_lie() -> bytes:
    """A list that says it has 4,000 MB."""
    data = bytearray(_zip("a.pdf"))
    struct.pack_into("<L", data, data.index(b"PK\x05\x06") + 12, 4_000_000_000)
    return bytes(data)


ZIPS: dict[str, Callable[[], bytes]] = BURSTING_ZIPS | {
    made.__name__.replace("_", "-"): made
    for made in (
        names_that_climb, name_without_end, linked_member, one_name_twice, locked_member, size_that_is_a_lie,
        list_that_is_a_lie,
    )
}  # fmt: skip


def _xfdf(inside: bytes, before: bytes = b"") -> bytes:
    return (
        b'<?xml version="1.0"?>'
        + before
        + b'<xfdf xmlns="http://ns.adobe.com/xfdf/"><fields>'
        + inside
        + b"</fields></xfdf>"
    )


def thousand_million_laughs() -> bytes:
    """XFDF whose one value is an entity that grows to a thousand million letters."""
    grown = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10 if n else b"x" * 10) for n in range(9))
    return _xfdf(b'<field name="a"><value>&e8;</value></field>', b"<!DOCTYPE x [" + grown + b"]>")


def entity_from_outside() -> bytes:
    """XFDF that asks for a file of this machine as its value."""
    return _xfdf(
        b'<field name="a"><value>&e;</value></field>', b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    )


def deep_xfdf() -> bytes:
    """XFDF of 100,000 fields inside one another."""
    return _xfdf(b'<field name="a">' * 100_000 + b"</field>" * 100_000)


def wide_xfdf() -> bytes:
    """XFDF of a million fields."""
    return _xfdf(b"".join(b'<field name="%d"/>' % number for number in range(1_000_000)))


def large_xfdf_value() -> bytes:
    """XFDF with a value of 40 MB."""
    return _xfdf(b'<field name="a"><value>' + b"a" * 40_000_000 + b"</value></field>")


def wide_form_data() -> bytes:
    """FDF of 200,000 fields."""
    fields = b"".join(b"<</T(%d)/V(a)>>" % number for number in range(200_000))
    return b"%FDF-1.2\n1 0 obj\n<< /FDF << /Fields [" + fields + b"] >> >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


FORM_DATA: dict[str, Callable[[], bytes]] = {
    made.__name__.replace("_", "-"): made
    for made in (
        thousand_million_laughs, entity_from_outside, deep_xfdf, wide_xfdf, large_xfdf_value, wide_form_data,
    )
}  # fmt: skip


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def _png(wide: int, high: int, rows: int) -> bytes:
    """A PNG of one bit a dot that says how large it is, and has so many of its rows."""
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + wide // 8)
    body = b"".join(packer.compress(row) for _ in range(rows)) + packer.flush()
    head = struct.pack(">LLBBBBB", wide, high, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def photograph_of_3600_million_dots() -> bytes:
    """A PNG of 60,000 by 60,000 dots in 440 kB."""
    return _png(60_000, 60_000, 60_000)


def photograph_larger_than_it_is() -> bytes:
    """A PNG that says it has 10,000 by 10,000 dots, and ends after ten rows."""
    return _png(10_000, 10_000, 10)


def photograph_of_one_line() -> bytes:
    """A PNG of 1,000,000 by 1 dots."""
    return _png(1_000_000, 1, 1)


def photograph_cut_short() -> bytes:
    """The beginning of a JPEG that says it has 65,500 by 65,500 dots."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + (
        b"\xff\xc0\x00\x11\x08\xff\xdc\xff\xdc\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
    )


PICTURES: dict[str, Callable[[], bytes]] = {
    made.__name__.replace("_", "-"): made
    for made in (
        photograph_of_3600_million_dots, photograph_larger_than_it_is, photograph_of_one_line, photograph_cut_short,
    )
}  # fmt: skip

IN_SUFFIX = {".zip": ZIPS, ".eml": MAILS, ".mbox": MAILBOXES}
"""Containers by how their file's name has to end."""

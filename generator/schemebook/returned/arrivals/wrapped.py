"""What mail programs wrap attached files in; the files out. Outlook's winmail.dat (TNEF), and signed S/MIME.

Nothing is decrypted, and no signature of a message is checked: who sent it is no more than what it says.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from schemebook.returned.opening import set_aside

TNEF = b"\x78\x9f\x3e\x22"
"""The first bytes of a winmail.dat (MS-OXTNEF, 2.1.3.2)."""

_ATTRIBUTE = struct.Struct("<BII")
_BEGINS, _TITLE, _DATA = 0x00069002, 0x00018010, 0x0006800F
"""attAttachRendData, attAttachTitle, attAttachData."""
_OF_AN_ATTACHMENT = 2
_SIGNED = bytes.fromhex("06092a864886f70d010702")
"""The object identifier of signed-data (RFC 5652, 5.1)."""
_SEQUENCE, _CONTENT, _BYTES, _BYTES_IN_PIECES = 0x30, 0xA0, 0x04, 0x24
_DEEPEST = 16
_MOST_ELEMENTS = 1_000_000
"""Of an envelope; openssl cuts 50 MB into 50,000 pieces, which are passed ten times."""


def files_of_tnef(data: bytes) -> list[tuple[str, bytes | None]]:
    """The name and the bytes of each file in a winmail.dat, in its order; no bytes where they lie among its properties,
    as those of messages and of objects in a text do.

    Raises SetAsideError damaged where a length or a check sum in it is wrong.
    """
    names: list[str] = []
    contents: list[bytes | None] = []
    for attribute, value in _attributes(data):
        if attribute == _BEGINS:
            names.append("")
            contents.append(None)
        elif names and attribute == _TITLE:
            names[-1] = _text(value)
        elif names and attribute == _DATA:
            contents[-1] = value
    return list(zip(names, contents, strict=True))


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each attribute of an attachment, by its number (MS-OXTNEF, 2.1.3.3)."""
    place = len(TNEF) + 2
    while place + _ATTRIBUTE.size <= len(data):
        level, attribute, size = _ATTRIBUTE.unpack_from(data, place)
        start = place + _ATTRIBUTE.size
        place = start + size + 2
        if place > len(data):
            raise set_aside("damaged", "cut-attachment")
        if level != _OF_AN_ATTACHMENT:
            continue
        value = data[start : start + size]
        if sum(value) & 0xFFFF != int.from_bytes(data[place - 2 : place], "little"):
            raise set_aside("damaged", "damaged-mail")
        yield attribute, value


def _text(value: bytes) -> str:
    raw = value.split(b"\0", 1)[0]
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def signed_content(data: bytes) -> bytes | None:
    """What a signed S/MIME envelope holds (RFC 5652, 5.1 and 5.2); None of an encrypted one, and of what is neither."""
    try:
        return _Envelope(data).signed_content()
    except (IndexError, ValueError):
        return None


class _Envelope:
    """Some bytes as elements in elements (X.690, 8.1), of which so many are looked at and no more.

    Its functions raise ValueError for what is no envelope, IndexError where the bytes end before it does.
    """

    def __init__(self, data: bytes) -> None:
        self._data, self._left = data, _MOST_ELEMENTS

    def signed_content(self) -> bytes | None:
        kids = self._kids(*self._inside(0, _SEQUENCE))
        if self._data[slice(*kids[0])] != _SIGNED:
            return None
        signed = self._kids(*self._inside(self._inside(kids[1][0], _CONTENT)[0], _SEQUENCE))
        content = self._kids(*self._inside(signed[2][0], _SEQUENCE))  # behind the version and the digests
        if len(content) < 2:
            return None
        return b"".join(self._bytes(self._inside(content[1][0], _CONTENT)[0], _DEEPEST))

    def _inside(self, place: int, tag: int) -> tuple[int, int]:
        """Where the content of an element begins and ends, which has to have some tag."""
        if self._data[place] != tag:
            raise ValueError(tag)
        return self._element(place, _DEEPEST)[:2]

    def _kids(self, start: int, end: int) -> list[tuple[int, int]]:
        """Where each element between two places begins and ends."""
        found = []
        while start < end:
            after = self._element(start, _DEEPEST)[2]
            found.append((start, after))
            start = after
        return found

    def _element(self, place: int, levels: int) -> tuple[int, int, int]:
        """Of the element at a place: where its content begins and ends, and where the next one is."""
        self._left -= 1
        if levels == 0 or self._left < 0 or self._data[place] & 0x1F == 0x1F:
            raise ValueError(place)
        said, start = self._data[place + 1], place + 2
        if said == 0x80:  # its end is marked
            at = start
            while self._data[at] or self._data[at + 1]:
                at = self._element(at, levels - 1)[2]
            return start, at, at + 2
        if said > 0x80:
            count = said & 0x7F
            said, start = int.from_bytes(self._data[start : start + count], "big"), start + count
        if start + said > len(self._data):
            raise IndexError(place)
        return start, start + said, start + said

    def _bytes(self, place: int, levels: int) -> Iterator[bytes]:
        """The pieces of an octet string, which may lie in pieces of pieces (X.690, 8.7)."""
        start, end, _ = self._element(place, levels)
        if self._data[place] == _BYTES:
            yield self._data[start:end]
            return
        if self._data[place] != _BYTES_IN_PIECES:
            raise ValueError(place)
        while start < end:
            yield from self._bytes(start, levels - 1)
            start = self._element(start, levels - 1)[2]

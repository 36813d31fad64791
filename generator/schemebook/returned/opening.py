"""A returned file in; an open PDF out, with what its bytes say of whether it is whole.

A reader that opens every file without complaint is no use: of 2,014 forms cut short, pikepdf opened
226 with answers missing or changed. So the bytes are looked at before the library is asked.
"""

from __future__ import annotations

import mmap
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pikepdf

from schemebook.errors import SetAsideError
from schemebook.returned.leaks import QPDF_OPENS
from schemebook.returned.limits import Limits
from schemebook.returned.other_kinds import is_tar, words_of_kind
from schemebook.scheme.words import what_and_to_do

EDGE = 1_024
"""Bytes at each end of a file in which its header and its end must stand (ISO 32000-2, annex on viewers' habits)."""

_CHUNK = 1 << 16
SMALL = 4_000_000
"""Bytes up to which a file is read at once."""

Data = bytes | mmap.mmap
HEADER = b"%PDF-"
_OTHER_CONTAINERS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b")
_END = re.compile(rb"startxref\s+(\d{1,15})\s+%%EOF")
_MORE = re.compile(rb"[\s\0]*[0-9x%]")
_PACKED = re.compile(rb"/(?:ObjStm|XRef)")
_STREAM = re.compile(rb"\bstream\r?\n")
_OBJECT = re.compile(rb"(\d{1,10})\s+(\d{1,5})\s+obj\b")
_LONGEST_DICTIONARY = 400
_XREF = re.compile(rb"\s*(?:xref|\d+\s+\d+\s+obj)\b")
_LINEARIZED = re.compile(rb"/Linearized\b")
_LENGTH = re.compile(rb"/L\s+(\d{1,15})\b")


def set_aside(reason: str, words: str = "", **values: object) -> SetAsideError:
    """The error that sets a file aside: a reason of the fixed list, in the words of `words` (else its own)."""
    return SetAsideError(reason, *what_and_to_do(f"returned.{words or reason}", **values))


def first_bytes(path: Path) -> bytes:
    """The bytes at a file's beginning by which its kind is known."""
    with path.open("rb") as file:
        return file.read(EDGE)


class UnseenError(SetAsideError):
    """A file without text to read, of which a look at its pictures may tell more. pictures: how many pages it has."""

    def __init__(self, reason: str, what: str, to_do: str, pictures: int) -> None:
        super().__init__(reason, what, to_do)
        self.pictures = pictures


def to_be_looked_at(error: SetAsideError, pictures: int) -> SetAsideError:
    """Why a file is set aside, with how many of its pages could be looked at. None to look at: as it was."""
    return UnseenError(error.reason, error.what, error.to_do, pictures) if pictures else error


class RefusedError(SetAsideError):
    """pikepdf cannot open the file at all; another reader may."""

    def __init__(self) -> None:
        super().__init__("damaged", *what_and_to_do("returned.damaged"))


@dataclass(frozen=True)
class Stamp:
    """What tells whether a file is still the one that was hashed."""

    device: int
    inode: int
    size: int
    changed: int

    @classmethod
    def of(cls, file: BinaryIO) -> Stamp:
        """The stamp of an open file."""
        found = os.fstat(file.fileno())
        return cls(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


@dataclass(frozen=True)
class OpenPdf:
    """An open PDF. whole: its end stands where it should, and its cross-reference table is where it says."""

    pdf: pikepdf.Pdf
    whole: bool

    def repaired(self) -> bool:
        """Whether anything had to be mended to read what was read so far."""
        return not self.whole or bool(self.pdf.get_warnings())


@dataclass(frozen=True)
class HeldFile:
    """A returned file that is open, and all its bytes."""

    file: BinaryIO
    data: Data


@contextmanager
def hold_file(path: Path, stamp: Stamp, limits: Limits) -> Iterator[HeldFile]:
    """Open a returned file: read where it is small, which is faster than mapping it, else mapped.

    Raises SetAsideError: changed when it is not the file of `stamp`, too-large; and OSError.
    """
    with path.open("rb", buffering=0) as file:
        if Stamp.of(file) != stamp:
            raise set_aside("changed")
        if stamp.size > limits.file_bytes:
            raise set_aside("too-large", most=limits.file_bytes)
        if stamp.size < SMALL:
            yield HeldFile(file, file.read())
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield HeldFile(file, data)


@contextmanager
def open_pdf(held: HeldFile, limits: Limits) -> Iterator[OpenPdf]:
    """Open a returned PDF for reading, from the descriptor that is held.

    Raises SetAsideError: not-a-pdf, damaged, encrypted, too-large. An empty user password opens by itself (some
    office gateways set one).
    """
    data = held.data
    whole = look_at_bytes(data)
    sound = sums_hold(data, limits)
    with _open(held.file, data) as pdf:
        if pdf.is_encrypted:
            sound = _encrypted_sums_hold(pdf, data, limits)
        if not (whole and sound) or pdf.get_warnings():
            refuse_two_in_one(data)
        yield OpenPdf(pdf, whole and sound)


def look_at_bytes(data: Data) -> bool:
    """Whether a file ends as a whole PDF does. Raises SetAsideError: not-a-pdf, damaged (cut short)."""
    head = data[: 2 * EDGE]
    start = head.find(HEADER, 0, EDGE)
    if start < 0 or head.startswith(_OTHER_CONTAINERS) or is_tar(head):
        raise set_aside("not-a-pdf", words_of_kind(head))
    if _is_cut(head[start:], len(data) - start):
        raise set_aside("damaged", "cut")
    tail = data[-EDGE:]
    ends = list(_END.finditer(tail))
    if not ends or _MORE.match(tail, ends[-1].end()):
        return False  # behind its end an update begins: a cut left the earlier answers
    said = int(ends[-1][1])
    places = (said, said + start)
    return any(place > 0 and _XREF.match(data[place : place + 64]) for place in places) and not _goes_on(data, said)


def _goes_on(data: Data, said: int) -> bool:
    """Whether another PDF begins behind the table that a file names last: of two whose sizes are alike, run together,
    the second's end names the first's table, and only the first would be read."""
    again = data.find(HEADER, said)
    return again >= 0 and data[max(0, again - EDGE) : again].rstrip().endswith(b"%%EOF")


def _is_cut(head: bytes, size: int) -> bool:
    """A linearised file says its own length; later updates make it longer, only a cut makes it shorter."""
    if not _LINEARIZED.search(head):
        return False
    said = _LENGTH.search(head)
    return said is not None and size < int(said[1])


def sums_hold(data: Data, limits: Limits) -> bool:
    """Whether every stream that packs objects or the cross-reference table has the check sum that it says.

    qpdf 12 inflates a stream whose sum is wrong without a word, as other readers do: of 300 bits flipped in a form
    one changed "January" to "Janpary". It also inflates without a limit of its own, so this comes first.
    Raises SetAsideError too-large where they inflate past the limit.
    """
    left, sound = limits.inflated_bytes, True
    for start in {_stream_after(data, place) for place in _packed(data)} - {-1}:
        size = _inflated_size(data, start, left)
        sound = sound and size is not None
        left -= size or 0
        if left < 0:
            raise set_aside("too-large", "too-large-inside", limit="bytes inflated", most=limits.inflated_bytes)
    return sound


def _packed(data: Data) -> Iterator[int]:
    """Where a dictionary says that its stream packs objects, or is the cross-reference table."""
    return (found.start() for found in _PACKED.finditer(data))


def _encrypted_sums_hold(pdf: pikepdf.Pdf, data: Data, limits: Limits) -> bool:
    """The same for a file whose streams only the library can decrypt."""
    places = {place for found in _packed(data) if (place := _object_before(data, found))}
    streams = [one for place in places if isinstance(one := pdf.get_object(place), pikepdf.Stream)]
    deflated = [one.read_raw_bytes() for one in streams if one.get("/Filter") == pikepdf.Name.FlateDecode]
    return all(_inflated_size(raw, 0, limits.inflated_bytes) is not None for raw in deflated)


def _stream_after(data: Data, place: int) -> int:
    """Where the bytes of a deflated stream begin, from a place in its dictionary; -1 where there is none."""
    found = _STREAM.search(data, place, place + _LONGEST_DICTIONARY)
    if found is None or b"/FlateDecode" not in data[max(0, place - _LONGEST_DICTIONARY) : found.start()]:
        return -1
    return found.end()


def _object_before(data: Data, place: int) -> tuple[int, int] | None:
    """The number of the object whose dictionary holds this place."""
    found = _OBJECT.findall(data, max(0, place - _LONGEST_DICTIONARY), place)
    return (int(found[-1][0]), int(found[-1][1])) if found else None


def _inflated_size(data: Data, place: int, most: int) -> int | None:
    """How large a stream inflates, counted no further than just past `most`; None where it is broken."""
    inflater = zlib.decompressobj()
    size, waiting = 0, b""
    try:
        while not inflater.eof and size <= most:
            if not waiting:
                waiting, place = data[place : place + _CHUNK], place + _CHUNK
                if not waiting:
                    return None
            size += len(inflater.decompress(waiting, 16 * _CHUNK))
            waiting = inflater.unconsumed_tail
    except zlib.error:
        return None
    return size


def _open(file: BinaryIO, data: Data) -> pikepdf.Pdf:
    file.seek(0)
    try:
        return pikepdf.open(file, access_mode=pikepdf.AccessMode.mmap, inherit_page_attributes=False)
    except pikepdf.PasswordError:
        raise set_aside("encrypted") from None
    except QPDF_OPENS:
        refuse_two_in_one(data)
        raise RefusedError from None


def refuse_two_in_one(data: Data) -> None:
    """Set aside a file in need of repair that has a second PDF or a zip in it.

    A repair takes every object that it finds, the inner file's too: its answers would be invented ones.
    """
    first = data.find(HEADER)
    if data.find(HEADER, first + 1) >= 0 or data.find(b"PK\x03\x04") >= 0:
        raise set_aside("damaged", "two-in-one")

"""A zip in; its members out one by one, each unpacked to a file of its own, never past the limits.

zipfile is not asked to extract: names, links, sizes and overlaps are looked at first, and what a member
says of its size must be what comes out.
"""

from __future__ import annotations

import lzma
import os
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from schemebook.errors import SetAsideError
from schemebook.returned.copies import let_go
from schemebook.returned.limits import Limits
from schemebook.returned.opening import set_aside
from schemebook.returned.returned_pdf import ReturnedPdf, SetAside, hashed

PART = "!/"
"""Stands between a container and its member in the name of a file: `inbox.zip!/a.pdf`."""

_NOBODYS = {"thumbs.db", "desktop.ini", "__macosx"}
_BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06")
_CHUNK = 1 << 16
_LOCAL_HEADER = 30
_LONGEST_END = 65_557
_END = struct.Struct("<4s4H2LH")
_LOCATOR = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_BYTES_A_MEMBER = 1_024
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    UnicodeDecodeError,
    ValueError,
    OverflowError,
    struct.error,
)


def is_nobodys(name: str) -> bool:
    """Whether a name is of those that systems leave behind and no person sends."""
    return name.startswith(".") or name.lower() in _NOBODYS


@dataclass
class _Budget:
    """What is left of the bytes that one zip, with the zips inside it, may unpack to."""

    left: int
    most: int

    def take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise set_aside("too-large", "zip-too-large", limit="bytes unpacked", most=self.most)


def is_zip(path: Path, name: str | None = None) -> bool:
    """Whether a file is a zip to look into: by its name and by its first bytes.

    A Word document is a zip too, and no place to look for returns in: a PDF in it is not what was sent.
    """
    if not (name or path.name).lower().endswith(".zip"):
        return False
    with path.open("rb") as file:
        return file.read(4) in _BEGINNINGS


def members(path: Path, name: str, folder: Path, limits: Limits) -> Iterator[ReturnedPdf | SetAside]:
    """The files in a zip, in the order of its own list. folder: where they are unpacked, one at a time.

    A zip that is broken, too large or made to mislead gives one SetAside; so does a member that is.
    """
    budget = _Budget(limits.zip_inflated_bytes, limits.zip_inflated_bytes)
    yield from _members(path, name, folder, limits, budget, level=1)


def _members(
    path: Path, name: str, folder: Path, limits: Limits, budget: _Budget, level: int
) -> Iterator[ReturnedPdf | SetAside]:
    try:
        _must_list_few(path, limits)
        with zipfile.ZipFile(path) as archive:
            for info in _sound_list(archive, path, limits):
                yield from _member(archive, info, f"{name}{PART}{_shown(info)}", folder, limits, budget, level)
    except SetAsideError as error:
        yield SetAside.unread(name, error)
    except _BROKEN:
        yield SetAside.unread(name, set_aside("damaged", "damaged-zip"))


def _must_list_few(path: Path, limits: Limits) -> None:
    """Zipfile reads a zip's whole list into memory; refuse it by its size first (APPNOTE 4.3.14 and 4.3.16)."""
    with path.open("rb") as file:
        start = max(0, path.stat().st_size - _LONGEST_END)
        file.seek(start)
        tail = file.read()
        end = tail.rfind(b"PK\x05\x06", 0, len(tail) - _END.size + 4)
        if end < 0:
            raise set_aside("damaged", "damaged-zip")
        bytes_of_list = _END.unpack_from(tail, end)[5]
        if bytes_of_list == 0xFFFFFFFF and end >= _LOCATOR.size:
            file.seek(_LOCATOR.unpack_from(tail, end - _LOCATOR.size)[2])
            bytes_of_list = _END_64.unpack(file.read(_END_64.size))[8]
    if bytes_of_list > limits.zip_members * _BYTES_A_MEMBER:
        raise set_aside("too-large", "zip-too-large", limit="members", most=limits.zip_members)


def _sound_list(archive: zipfile.ZipFile, path: Path, limits: Limits) -> list[zipfile.ZipInfo]:
    """The members that are files somebody sent. Raises SetAsideError: too many, or two in the same bytes."""
    found = archive.infolist()
    if len(found) > limits.zip_members:
        raise set_aside("too-large", "zip-too-large", limit="members", most=limits.zip_members)
    end = 0
    for info in sorted(found, key=lambda one: one.header_offset):
        if info.header_offset < end:
            raise set_aside("damaged", "damaged-zip")
        end = info.header_offset + _LOCAL_HEADER + info.compress_size
    if end > path.stat().st_size:
        raise set_aside("damaged", "damaged-zip")
    return [info for info in found if not info.filename.endswith("/") and not any(map(is_nobodys, _parts(info)))]


def _parts(info: zipfile.ZipInfo) -> tuple[str, ...]:
    return tuple(part for part in PurePosixPath(info.filename.replace("\\", "/")).parts if part not in ("..", "/"))


def _shown(info: zipfile.ZipInfo) -> str:
    """A member's name as it is shown: relative, without `..`, on one line. It names no place on this machine."""
    kept = "/".join(_parts(info)).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else " " for letter in kept) or "?"


def _member(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    name: str,
    folder: Path,
    limits: Limits,
    budget: _Budget,
    level: int,
) -> Iterator[ReturnedPdf | SetAside]:
    try:
        unpacked = _unpack(archive, info, folder, limits, budget)
    except SetAsideError as error:
        if budget.left < 0:
            raise
        yield SetAside.unread(name, error)
        return
    except _BROKEN:
        yield SetAside.unread(name, set_aside("damaged", "damaged-member"))
        return
    if not is_zip(unpacked, name):
        yield hashed(unpacked, name, limits, _day(info), unpacked=True)
        return
    try:
        if level >= limits.zip_levels:
            yield SetAside.unread(name, set_aside("too-large", "zip-too-deep"))
        else:
            yield from _members(unpacked, name, folder, limits, budget, level + 1)
    finally:
        let_go(unpacked)


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, folder: Path, limits: Limits, budget: _Budget) -> Path:
    """One member in a file of its own. Raises SetAsideError, and what zipfile and zlib raise for broken ones."""
    if stat.S_ISLNK(info.external_attr >> 16):
        raise set_aside("not-a-pdf", "no-file")
    if info.flag_bits & 0x1:
        raise set_aside("encrypted", "encrypted-member")
    most = limits.zip_inflated_bytes if _shown(info).lower().endswith(".zip") else limits.file_bytes
    if info.file_size > most:
        raise set_aside("too-large", most=most)
    if info.file_size > limits.zip_ratio * max(info.compress_size, 1):
        raise set_aside("too-large", "zip-too-large", limit="growth of a member", most=limits.zip_ratio)
    handle, place = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as out:
            _copy(archive, info, out.write, budget)
    except BaseException:
        let_go(Path(place))
        raise
    return Path(place)


def _copy(archive: zipfile.ZipFile, info: zipfile.ZipInfo, write: Callable[[bytes], object], budget: _Budget) -> None:
    """Copy a member; its bytes must be as many as it says. zipfile checks their CRC at the end."""
    count = 0
    with archive.open(info) as member:
        while chunk := member.read(_CHUNK):
            count += len(chunk)
            budget.take(len(chunk))
            if count > info.file_size:
                raise set_aside("damaged", "damaged-member")
            write(chunk)
    if count != info.file_size:
        raise set_aside("damaged", "damaged-member")


def _day(info: zipfile.ZipInfo) -> datetime:
    """A member's date. A zip says no time zone; UTC is taken, so that every machine reads the same."""
    try:
        return datetime(*info.date_time, tzinfo=UTC)
    except ValueError:
        return datetime(1980, 1, 1, tzinfo=UTC)

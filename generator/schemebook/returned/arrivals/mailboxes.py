"""A mailbox on disk in, mbox or Maildir; its messages out, one after another and never two at once."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from schemebook.returned.limits import Limits

_LONGEST_LINE = 1 << 16
_SPOOLED = 8_000_000
MBOX = b"From "
"""How every mbox begins; most files do not, and need no second look."""
_FROM = re.compile(rb"From \S.*\d{1,2}:\d{2}(:\d{2})?\b.*\b\d{4}\b")
"""The line before each message of an mbox: whom it is from, and a day with its time and year (RFC 4155)."""
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,76}:|\r?\n$|>?From ")
_BOUNDARY = re.compile(rb'boundary=(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)
_QUOTED = re.compile(rb">+From ")
_MAILDIR = ("cur", "new", "tmp")


@dataclass(frozen=True)
class MailboxMessage:
    """One message of a mailbox: its number in an mbox or its name in a Maildir, and its bytes."""

    name: str
    file: IO[bytes]


def is_mbox(path: Path) -> bool:
    """Whether a file is an mbox: its first line is such as stands before a message, and a header comes next."""
    with path.open("rb") as file:
        return _FROM.match(file.readline(_LONGEST_LINE)) is not None and _begins_message(file.readline(_LONGEST_LINE))


def is_maildir(path: Path) -> bool:
    """Whether a folder is a Maildir: it has the three folders that every one has."""
    return all((path / name).is_dir() for name in _MAILDIR)


def mbox_messages(path: Path, limits: Limits) -> Iterator[MailboxMessage]:
    """The messages of an mbox, numbered from 1. Past its limit of bytes a message is cut: its reader refuses it.

    A line that begins with From inside a message's text, as careless programs leave it, ends no message: what
    follows it would have to be a header, and a message of several parts ends where it says that it does.
    """
    with path.open("rb") as file:
        number, line = 0, file.readline(_LONGEST_LINE)
        while line:
            number += 1
            with tempfile.SpooledTemporaryFile(_SPOOLED) as message:
                line = _copy_message(file, message, limits)
                message.seek(0)
                yield MailboxMessage(str(number), message)


def _copy_message(file: IO[bytes], message: IO[bytes], limits: Limits) -> bytes:
    """Copy up to the line before the next message, and give that line; empty at the end of the mbox."""
    open_until = _Boundary()
    size = 0
    line = file.readline(_LONGEST_LINE)
    while line:
        if _FROM.match(line):
            following = file.readline(_LONGEST_LINE)
            if _begins_message(following) and not open_until.is_ahead(file, limits):
                file.seek(-len(following), 1)
                return line
            size = _write(message, line, size, limits)
            line = following
            continue
        open_until.look_at(line)
        size = _write(message, line[1:] if _QUOTED.match(line) else line, size, limits)
        line = file.readline(_LONGEST_LINE)
    return b""


def _write(message: IO[bytes], line: bytes, size: int, limits: Limits) -> int:
    """Write a line, and none once the message is one byte longer than the limit."""
    if size <= limits.mail_bytes:
        message.write(line[: limits.mail_bytes + 1 - size])
    return size + len(line)


def _begins_message(line: bytes) -> bool:
    return _HEADER_LINE.match(line) is not None


class _Boundary:
    """How the message that is being copied says that it ends, where it has several parts."""

    def __init__(self) -> None:
        self._in_header = True
        self._end = b""

    def look_at(self, line: bytes) -> None:
        """Take note of a line: the boundary that the message's header names, or that it has been reached."""
        if self._in_header:
            if found := _BOUNDARY.search(line):
                self._end = b"--" + (found[1] or found[2]) + b"--"
            self._in_header = bool(line.strip())
        elif self._end and line.startswith(self._end):
            self._end = b""

    def is_ahead(self, file: IO[bytes], limits: Limits) -> bool:
        """Whether the end that is still missing comes before the next message of the mbox does."""
        if not self._end:
            return False
        place, size, before = file.tell(), 0, b""
        try:
            while (line := file.readline(_LONGEST_LINE)) and size <= limits.mail_bytes:
                size += len(line)
                if line.startswith(self._end):
                    return True
                if _FROM.match(before) and _begins_message(line):
                    return False
                before = line
            return False
        finally:
            file.seek(place)


def maildir_messages(path: Path) -> Iterator[MailboxMessage]:
    """The messages of a Maildir, by their names. One that a mail program moves meanwhile is found where it went."""
    names = {_base(one.name): one for folder in ("new", "cur") for one in _listed(path / folder)}
    for base, file in sorted(names.items()):
        opened = _open(file) or _open(_moved(path, base))
        if opened is not None:
            with opened:
                yield MailboxMessage(file.name, opened)


def _base(name: str) -> str:
    """A message's lasting name: its flags stand behind the colon."""
    return name.partition(":2,")[0]


def _listed(folder: Path) -> list[Path]:
    return [one for one in folder.iterdir() if not one.name.startswith(".") and one.is_file() and not one.is_symlink()]


def _open(file: Path | None) -> IO[bytes] | None:
    with suppress(FileNotFoundError):
        return file.open("rb") if file else None
    return None


def _moved(path: Path, base: str) -> Path | None:
    return next((one for one in _listed(path / "cur") if _base(one.name) == base), None)

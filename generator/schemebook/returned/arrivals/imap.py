"""A mailbox on a server in (IMAP over TLS); its messages out, one after another, left as they are until told.

A line that drops is taken up again where it was.
"""

from __future__ import annotations

import imaplib
import re
import tempfile
import time
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any

from schemebook.errors import SchemebookError
from schemebook.returned.arrivals.imap_line import DROPPED, ODD, Address, log_in, odd, password_of, unreachable
from schemebook.returned.limits import Limits
from schemebook.scheme.words import what_and_to_do

_TRIES = 5
_WAIT_SECONDS = 0.5
_AT_ONCE = 200
_SPOOLED = 8_000_000
_LARGEST = 2**32 - 1
"""The largest number of a message, and the largest validity (RFC 9051, 2.3.1.1)."""
_LEAST_ANSWER = 16_000_000
"""Bytes that any answer may have, whatever the limit of a message is: a list of numbers is long."""
_NUMBER = re.compile(rb"[0-9]{1,10}")
_UID = re.compile(rb"UID ([0-9]{1,10})(?![0-9])")
_SIZE = re.compile(rb"RFC822\.SIZE ([0-9]{1,19})")


@dataclass(frozen=True)
class MailPlace:
    """Where a message lies for good: its mailbox, that mailbox's validity, and its number (RFC 9051, 2.3.1.1)."""

    mailbox: str
    validity: int
    uid: int


@dataclass(frozen=True)
class ServerMessage:
    """One message of a server: its place, when it came, its bytes as the server gives them; None past the limit."""

    place: MailPlace
    received: datetime
    file: IO[bytes] | None


@dataclass(frozen=True)
class MessageEnd:
    """Comes after all that was attached to a message: once that is stored, `box` may mark the message."""

    place: MailPlace
    box: ServerMailbox


@dataclass(frozen=True)
class MailMemory:
    """What is kept of a mailbox from run to run; each by its name and validity.

    taken: the messages whose returns are all stored. unmarked: those of them that nobody has marked as seen yet.
    note_marked: keeps that some are.
    """

    taken: Callable[[str, int], frozenset[int]]
    unmarked: Callable[[str, int], frozenset[int]]
    note_marked: Callable[[Sequence[MailPlace]], None]


class ServerMailbox:
    """One mailbox on a server.

    Of each message that was not taken before, `messages` gives the bytes. `mark` notes messages whose returns are
    stored; they become seen with the next message that is fetched, and at the end by `close`. So do those that a run
    stored and was ended before it could mark them, once: one that somebody has made unread again stays so.
    """

    def __init__(self, address: Address, limits: Limits, memory: MailMemory) -> None:
        self.address = address
        self._limits, self._memory = limits, memory
        self._password = password_of(address)
        self._line: imaplib.IMAP4 | None = None
        self._validity = 0
        self._done: set[tuple[int, int]] = set()
        self._to_mark: deque[MailPlace] = deque()
        self._marked: list[MailPlace] = []

    def messages(self) -> Iterator[ServerMessage]:
        """Every message not yet taken, the oldest first. Raises SchemebookError where the server cannot be reached."""
        tries = 0
        while True:
            try:
                for message in self._messages():
                    tries = 0
                    yield message
                return
            except DROPPED as error:
                tries += 1
                self._hang_up()
                if tries == _TRIES:
                    raise unreachable(self.address, error) from None
                time.sleep(_WAIT_SECONDS * tries)

    def mark(self, place: MailPlace) -> None:
        """Note that what was attached to a message is stored."""
        self._to_mark.append(place)

    def close(self) -> None:
        """Mark what is still to be marked, and hang up. A line that drops here leaves the rest to the next run."""
        with suppress(*DROPPED, SchemebookError):
            self._mark_seen()
        self._hang_up()
        if self._marked:
            self._memory.note_marked(self._marked)
            self._marked = []

    def _messages(self) -> Iterator[ServerMessage]:
        numbers = self._numbers()
        for start in range(0, len(numbers), _AT_ONCE):
            for uid, size, received in self._sizes(numbers[start : start + _AT_ONCE]):
                place = MailPlace(str(self.address), self._validity, uid)
                with tempfile.SpooledTemporaryFile(_SPOOLED) as file:
                    fits = size <= self._limits.mail_bytes
                    if fits and not self._fetch(uid, file):
                        continue
                    self._done.add((self._validity, uid))
                    yield ServerMessage(place, received, file if fits else None)
                self._mark_seen()

    def _numbers(self) -> list[int]:
        """The numbers of the messages still to be taken."""
        line = self._connected()
        status, found = self._asked(line.uid, "SEARCH", "ALL")
        said = [word for part in found if isinstance(part, bytes) for word in part.split()]
        there = [number for word in said if (number := _number(word))]
        if status != "OK" or len(there) < len(said):
            raise odd(self.address)
        name = str(self.address)
        taken = self._memory.taken(name, self._validity)
        left = [MailPlace(name, self._validity, uid) for uid in self._memory.unmarked(name, self._validity)]
        self._to_mark += [place for place in left if place.uid in there and place not in self._to_mark]
        return [uid for uid in there if uid not in taken and (self._validity, uid) not in self._done]

    def _sizes(self, numbers: list[int]) -> list[tuple[int, int, datetime]]:
        """Number, bytes and day of some messages; those that are gone meanwhile are missing."""
        asked = "(UID RFC822.SIZE INTERNALDATE)"
        _, found = self._asked(self._connected().uid, "FETCH", ",".join(map(str, numbers)), asked)
        sizes: dict[int, tuple[int, datetime]] = {}
        for line in found:
            text = line if isinstance(line, bytes) else b""
            uid, size = _UID.search(text), _SIZE.search(text)
            if uid and size:
                sizes.setdefault(int(uid[1]), (int(size[1]), _day(text)))
        return [(uid, *sizes[uid]) for uid in numbers if uid in sizes]

    def _fetch(self, uid: int, file: IO[bytes]) -> bool:
        """Write a message's bytes to a file, without marking it seen; whether it is still there."""
        _, found = self._asked(self._connected().uid, "FETCH", str(uid), "(BODY.PEEK[])")
        body = next((part[1] for part in found if isinstance(part, tuple)), None)
        if body is None:
            return False
        file.write(body)
        file.seek(0)
        return True

    def _mark_seen(self) -> None:
        if not self._to_mark:
            return
        line = self._connected()
        marked = [place for place in self._to_mark if place.validity == self._validity]
        try:
            self._asked(line.select, _quoted(self.address.mailbox))
        except imaplib.IMAP4.readonly:  # nobody may mark here; the messages can be read all the same
            self._to_mark.clear()
        for place in marked if self._to_mark else ():
            self._asked(line.uid, "STORE", str(place.uid), "+FLAGS.SILENT", r"(\Seen)")
        self._asked(line.select, _quoted(self.address.mailbox), True)
        for _ in range(len(self._to_mark)):
            self._marked.append(self._to_mark.popleft())

    def _connected(self) -> imaplib.IMAP4:
        if self._line is None:
            self._line = log_in(self.address, self._password, max(self._limits.mail_bytes, _LEAST_ANSWER))
            status, _ = self._asked(self._line.select, _quoted(self.address.mailbox), True)
            if status != "OK":
                words = what_and_to_do("returned.no-mailbox", mailbox=self.address.mailbox)
                raise SchemebookError(*words, kind="no-mailbox")
            said = self._line.response("UIDVALIDITY")[1]
            self._validity = _number(said[0]) if said and isinstance(said[0], bytes) else 0
        return self._line

    def _asked(self, command: Callable[..., tuple[str, list[Any]]], *words: object) -> tuple[str, list[Any]]:
        """What a server answers to a command. Raises what tells of a dropped line; SchemebookError for odd answers."""
        try:
            return command(*words)
        except DROPPED:
            raise
        except ODD:
            raise odd(self.address) from None

    def _hang_up(self) -> None:
        if self._line is not None:
            with suppress(*DROPPED, *ODD):
                self._line.logout()
            with suppress(OSError):
                self._line.shutdown()
        self._line = None


def _number(word: bytes) -> int:
    """The number of a message, or a validity; 0 for what is none (RFC 9051: 1 to 4294967295)."""
    found = int(word) if _NUMBER.fullmatch(word) else 0
    return found if found <= _LARGEST else 0


def _day(text: bytes) -> datetime:
    """The day that a server says a message came; today where it says none that is one."""
    try:
        day = imaplib.Internaldate2tuple(text)
        return datetime.fromtimestamp(time.mktime(day), UTC) if day else datetime.now(UTC)
    except (ArithmeticError, LookupError, OSError, ValueError):
        return datetime.now(UTC)


def _quoted(mailbox: str) -> str:
    """A mailbox's name as IMAP writes it: in its own UTF-7 (RFC 3501, 5.1.3), between quotation marks."""
    pieces = re.split(r"([^\x20-\x7e]+)", mailbox)
    written = [_utf_7(piece) if number % 2 else piece.replace("&", "&-") for number, piece in enumerate(pieces)]
    return '"' + "".join(written).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _utf_7(text: str) -> str:
    return "&" + b64encode(text.encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"

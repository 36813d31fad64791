"""A mailbox on a server in (IMAP over TLS); its messages out, one after another, left as they are until told.

    imaps://office@mail.example.org/INBOX     TLS from the start, port 993
    imap://office@mail.example.org/INBOX      the server must offer STARTTLS, port 143

The password comes from the environment (SCHEMEBOOK_MAIL_PASSWORD), else from the system's keyring where the package
`keyring` is installed; never from the address. A line that drops is taken up again where it was.
"""

from __future__ import annotations

import imaplib
import os
import re
import ssl
import tempfile
import time
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO
from urllib.parse import unquote, urlsplit

from schemebook.errors import SchemebookError, UsageError
from schemebook.returned.limits import Limits
from schemebook.scheme.words import what_and_to_do

PASSWORD = "SCHEMEBOOK_MAIL_PASSWORD"
_PORTS = {"imaps": 993, "imap": 143}
_SECONDS = 60.0
_TRIES = 5
_WAIT_SECONDS = 0.5
_AT_ONCE = 200
_SPOOLED = 8_000_000
_DROPPED = (imaplib.IMAP4.abort, OSError, EOFError, ssl.SSLError)
_UID = re.compile(rb"UID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


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


@dataclass(frozen=True)
class Address:
    """A mailbox on a server, as the command line names it, without its password."""

    scheme: str
    user: str
    host: str
    port: int
    mailbox: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.user}@{self.host}:{self.port}/{self.mailbox}"


def is_address(text: str) -> bool:
    """Whether a text names a mailbox on a server."""
    return text.partition("://")[0] in _PORTS


def read_address(text: str) -> Address:
    """The parts of a mailbox's address. Raises UsageError where one is missing, or a password stands in it."""
    parts = urlsplit(text)
    try:
        port = parts.port or _PORTS[parts.scheme]
    except ValueError:
        port = 0
    if not (parts.username and parts.hostname and port) or parts.password:
        raise UsageError(*what_and_to_do("returned.mail-address"), kind="mail-address")
    mailbox = unquote(parts.path.strip("/")) or "INBOX"
    return Address(parts.scheme, unquote(parts.username), parts.hostname, port, mailbox)


class ServerMailbox:
    """One mailbox on a server.

    Of each message that was not taken before, `messages` gives the bytes. `mark` notes messages whose returns are
    stored; they become seen with the next message that is fetched, and at the end by `close`. So do those that a run
    stored and was ended before it could mark them, once: one that somebody has made unread again stays so.
    """

    def __init__(self, address: Address, limits: Limits, memory: MailMemory) -> None:
        self.address = address
        self._limits, self._memory = limits, memory
        self._password = _password(address)
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
            except _DROPPED as error:
                tries += 1
                self._hang_up()
                if tries == _TRIES:
                    raise _unreachable(self.address, error) from None
                time.sleep(_WAIT_SECONDS * tries)

    def mark(self, place: MailPlace) -> None:
        """Note that what was attached to a message is stored."""
        self._to_mark.append(place)

    def close(self) -> None:
        """Mark what is still to be marked, and hang up. A line that drops here leaves the rest to the next run."""
        with suppress(*_DROPPED, SchemebookError):
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
        _, found = line.uid("SEARCH", "ALL")
        there = [int(number) for number in (found[0] or b"").split()]
        name = str(self.address)
        taken = self._memory.taken(name, self._validity)
        left = [MailPlace(name, self._validity, uid) for uid in self._memory.unmarked(name, self._validity)]
        self._to_mark += [place for place in left if place.uid in there and place not in self._to_mark]
        return [uid for uid in there if uid not in taken and (self._validity, uid) not in self._done]

    def _sizes(self, numbers: list[int]) -> list[tuple[int, int, datetime]]:
        """Number, bytes and day of some messages; those that are gone meanwhile are missing."""
        _, found = self._connected().uid("FETCH", ",".join(map(str, numbers)), "(UID RFC822.SIZE INTERNALDATE)")
        sizes = []
        for line in found:
            text = line if isinstance(line, bytes) else b""
            uid, size, day = _UID.search(text), _SIZE.search(text), imaplib.Internaldate2tuple(text)
            if uid and size:
                when = datetime.fromtimestamp(time.mktime(day), UTC) if day else datetime.now(UTC)
                sizes.append((int(uid[1]), int(size[1]), when))
        return sizes

    def _fetch(self, uid: int, file: IO[bytes]) -> bool:
        """Write a message's bytes to a file, without marking it seen; whether it is still there."""
        _, found = self._connected().uid("FETCH", str(uid), "(BODY.PEEK[])")
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
        line.select(_quoted(self.address.mailbox))
        for place in marked:
            line.uid("STORE", str(place.uid), "+FLAGS.SILENT", r"(\Seen)")
        line.select(_quoted(self.address.mailbox), readonly=True)
        for _ in range(len(self._to_mark)):
            self._marked.append(self._to_mark.popleft())

    def _connected(self) -> imaplib.IMAP4:
        if self._line is None:
            self._line = _log_in(self.address, self._password)
            status, _ = self._line.select(_quoted(self.address.mailbox), readonly=True)
            if status != "OK":
                words = what_and_to_do("returned.no-mailbox", mailbox=self.address.mailbox)
                raise SchemebookError(*words, kind="no-mailbox")
            said = self._line.response("UIDVALIDITY")[1]
            self._validity = int(said[0]) if said and said[0] else 0
        return self._line

    def _hang_up(self) -> None:
        if self._line is not None:
            with suppress(*_DROPPED, imaplib.IMAP4.error):
                self._line.logout()
            with suppress(OSError):
                self._line.shutdown()
        self._line = None


def _password(address: Address) -> str:
    found = os.environ.get(PASSWORD) or _from_keyring(address)
    if not found:
        words = what_and_to_do("returned.no-password", host=address.host, user=address.user, variable=PASSWORD)
        raise UsageError(*words, kind="no-password")
    return found


def _from_keyring(address: Address) -> str | None:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    with suppress(KeyringError):
        found: str | None = keyring.get_password(address.host, address.user)
        return found
    return None


def _log_in(address: Address, password: str) -> imaplib.IMAP4:
    """A line to the server, encrypted before the password is sent. Raises SchemebookError where it is refused."""
    trusted = ssl.create_default_context()
    line: imaplib.IMAP4
    try:
        if address.scheme == "imaps":
            line = imaplib.IMAP4_SSL(address.host, address.port, ssl_context=trusted, timeout=_SECONDS)
        else:
            line = imaplib.IMAP4(address.host, address.port, timeout=_SECONDS)
            line.starttls(trusted)
    except ssl.SSLCertVerificationError:
        raise SchemebookError(*what_and_to_do("returned.mail-certificate", host=address.host)) from None
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        line.shutdown()
        raise SchemebookError(*what_and_to_do("returned.no-starttls", host=address.host)) from None
    try:
        line.login(address.user, password)
    except (*_DROPPED,):
        line.shutdown()
        raise
    except imaplib.IMAP4.error:
        line.shutdown()
        words = what_and_to_do("returned.mail-refused", host=address.host, user=address.user)
        raise SchemebookError(*words, kind="mail-refused") from None
    return line


def _unreachable(address: Address, error: BaseException) -> SchemebookError:
    why = getattr(error, "strerror", None) or type(error).__name__
    return SchemebookError(*what_and_to_do("returned.mail-dropped", host=address.host, why=why), kind="mail-dropped")


def _quoted(mailbox: str) -> str:
    """A mailbox's name as IMAP writes it: in its own UTF-7 (RFC 3501, 5.1.3), between quotation marks."""
    pieces = re.split(r"([^\x20-\x7e]+)", mailbox)
    written = [_utf_7(piece) if number % 2 else piece.replace("&", "&-") for number, piece in enumerate(pieces)]
    return '"' + "".join(written).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _utf_7(text: str) -> str:
    return "&" + b64encode(text.encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"

"""The address of a mailbox on a server in; a line to that server out, encrypted, its answers bounded.

    imaps://office@mail.example.org/INBOX     TLS from the start, port 993
    imap://office@mail.example.org/INBOX      the server must offer STARTTLS, port 143

The password comes from the environment (SCHEMEBOOK_MAIL_PASSWORD), else from the system's keyring where the package
`keyring` is installed; never from the address.
"""

from __future__ import annotations

import imaplib
import os
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from schemebook.errors import SchemebookError, UsageError
from schemebook.scheme.words import what_and_to_do

PASSWORD = "SCHEMEBOOK_MAIL_PASSWORD"
_PORTS = {"imaps": 993, "imap": 143}
_SECONDS = 60.0
DROPPED = (imaplib.IMAP4.abort, OSError, EOFError, ssl.SSLError)
"""What tells that a line has dropped: it may be taken up again."""
imaplib._MAXLINE = 50_000_000  # type: ignore[attr-defined]
"""A server lists its messages in one line: with 130,000 of them it is longer than imaplib takes by itself. What all
lines of an answer may have together is bounded below."""
ODD = (imaplib.IMAP4.error, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What imaplib raises for answers that no mail server should give, and where one refuses a command."""


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


def password_of(address: Address) -> str:
    """The password for a mailbox. Raises UsageError where nothing holds one."""
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


class _Line(imaplib.IMAP4):
    """A line that takes no more bytes as the answer to one command than `most`.

    imaplib makes room for as many as the server says, and reads whatever comes.
    """

    def __init__(self, most: int, *where: Any, **how: Any) -> None:
        self._most, self._taken = most, 0
        super().__init__(*where, **how)

    def send(self, data: Any) -> None:
        """Send a command, whose answer begins to count."""
        self._taken = 0
        super().send(data)

    def read(self, size: int) -> bytes:
        """So many bytes of an answer."""
        self._count(size)
        return super().read(size)

    def readline(self) -> bytes:
        """The next line of an answer."""
        line = super().readline()
        self._count(len(line))
        return line

    def _count(self, size: int) -> None:
        self._taken += size
        if self._taken > self._most:
            raise self.error("too long an answer")


class _TlsLine(_Line, imaplib.IMAP4_SSL):
    """The same, encrypted from its beginning."""


def log_in(address: Address, password: str, most: int) -> imaplib.IMAP4:
    """A line to the server, encrypted before the password is sent. Raises SchemebookError where it is refused."""
    try:
        line = _opened(address, most)
    except ssl.SSLCertVerificationError:
        raise SchemebookError(*what_and_to_do("returned.mail-certificate", host=address.host)) from None
    try:
        line.login(address.user, password)
    except DROPPED:
        line.shutdown()
        raise
    except ODD:
        line.shutdown()
        words = what_and_to_do("returned.mail-refused", host=address.host, user=address.user)
        raise SchemebookError(*words, kind="mail-refused") from None
    return line


def _opened(address: Address, most: int) -> imaplib.IMAP4:
    """A line that is encrypted and trusted. Raises SchemebookError, and what tells of a dropped line."""
    trusted = ssl.create_default_context()
    try:
        if address.scheme == "imaps":
            return _TlsLine(most, address.host, address.port, ssl_context=trusted, timeout=_SECONDS)
        line = _Line(most, address.host, address.port, timeout=_SECONDS)
    except DROPPED:
        raise
    except ODD:
        raise odd(address) from None
    try:
        line.starttls(trusted)
    except DROPPED:
        line.shutdown()
        raise
    except ODD:
        line.shutdown()
        raise SchemebookError(*what_and_to_do("returned.no-starttls", host=address.host)) from None
    return line


def odd(address: Address) -> SchemebookError:
    """Why a server whose answers make no sense is not read on."""
    return SchemebookError(*what_and_to_do("returned.mail-odd", host=address.host), kind="mail-odd")


def unreachable(address: Address, error: BaseException) -> SchemebookError:
    """Why a server is given up, by the error that came last."""
    why = getattr(error, "strerror", None) or type(error).__name__
    return SchemebookError(*what_and_to_do("returned.mail-dropped", host=address.host, why=why), kind="mail-dropped")

"""A mailbox on a real server for tests: the fixtures `imap` and `server`, and what puts messages into it."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator

import pytest

from tests.returned.test_mail import message
from tests.servers import ImapServer, dovecot


@pytest.fixture(scope="session")
def imap() -> Iterator[ImapServer]:
    """A running server, for all tests of a process."""
    with dovecot() as server:
        yield server


@pytest.fixture
def server(imap: ImapServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[ImapServer]:
    """The server, trusted and with its password told, its mailbox empty."""
    monkeypatch.setenv("SSL_CERT_FILE", str(imap.certificate))
    monkeypatch.setenv("SCHEMEBOOK_MAIL_PASSWORD", imap.password)
    monkeypatch.setattr("schemebook.returned.arrivals.imap._WAIT_SECONDS", 0.01)
    yield imap
    with logged_in(imap) as line:
        line.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
        line.expunge()


def logged_in(server: ImapServer) -> imaplib.IMAP4_SSL:
    """A line to the mailbox, its messages open to changes."""
    trusted = ssl.create_default_context(cafile=str(server.certificate))
    line = imaplib.IMAP4_SSL("localhost", server.port, ssl_context=trusted)
    line.login(server.user, server.password)
    line.select("INBOX")
    return line


def sent(server: ImapServer, **attachments: bytes) -> None:
    """One more message in the mailbox, with these files."""
    with logged_in(server) as line:
        line.append("INBOX", "", None, message(**attachments).as_bytes())


def flags(server: ImapServer) -> list[bytes]:
    """What each message is marked with."""
    with logged_in(server) as line:
        return [found for found in line.uid("FETCH", "1:*", "(FLAGS)")[1] if isinstance(found, bytes)]

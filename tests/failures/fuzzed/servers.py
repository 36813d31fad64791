"""A mail server whose answers are the fuzzer's bytes: the mailbox is read, or one line says why it cannot be."""

from __future__ import annotations

import imaplib
import io
import os
import ssl
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from unittest.mock import patch

from tests.failures.fuzzed.target import Target, folder, must_be_told_well
from tests.returned.test_mail import message

from schemebook.errors import SchemebookError
from schemebook.returned.arrivals import imap
from schemebook.returned.arrivals.imap import MailMemory, MailPlace, MessageEnd, ServerMailbox
from schemebook.returned.arrivals.imap_line import PASSWORD, read_address
from schemebook.returned.arrivals.sources import find_in_mailbox
from schemebook.returned.limits import Limits

_TRUSTED = ssl.create_default_context()

_ANSWER = b"\0"
"""Parts the answer to one command from that to the next."""
_TAG = b"$"
"""Stands where a server repeats the tag of a command."""
_PASSWORD = "Zq7planted"
_LARGEST = 2**32 - 1
_LIMITS = Limits(mail_bytes=100_000)


class _Socket:
    """What imaplib takes for a socket: the server's answers, one for each command that is sent."""

    def __init__(self, answers: deque[bytes]) -> None:
        self._answers = answers
        self._said = _Said()
        self._said.more(_next(answers))

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._said)

    def sendall(self, data: bytes) -> None:
        self._said.more(_next(self._answers).replace(_TAG, data.split(b" ", 1)[0]))

    def shutdown(self, *how: int) -> None:
        """As a socket has it."""

    close = shutdown


class _Said(io.RawIOBase):
    """The bytes that the server has sent and nobody has read yet; behind them, the end of the line."""

    def __init__(self) -> None:
        self._left = memoryview(b"")

    def more(self, data: bytes) -> None:
        self._left = memoryview(bytes(self._left) + data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size


def _next(answers: deque[bytes]) -> bytes:
    return answers.popleft() if answers else b""


@contextmanager
def server_that_says(data: bytes) -> Iterator[list[int]]:
    """Inside, every line of imaplib's leads to a server that gives these answers; how many lines were asked for.

    A line that is taken up again goes on with the answers that are left.
    """
    answers, lines = deque(data.split(_ANSWER)), [0]

    def connected(line: object, timeout: float | None) -> _Socket:
        lines[0] += 1
        if not answers:
            raise ConnectionRefusedError
        return _Socket(answers)

    with (
        patch.object(imaplib.IMAP4_SSL, "_create_socket", connected),
        patch.object(imap, "_WAIT_SECONDS", 0),
        patch.object(ssl, "create_default_context", lambda: _TRUSTED),  # it takes longer than all the rest
        patch.dict(os.environ, {PASSWORD: _PASSWORD}),
    ):
        yield lines


def mailbox(marked: list[MailPlace]) -> ServerMailbox:
    """A mailbox on that server; what is kept of it goes into `marked`."""
    memory = MailMemory(lambda name, validity: frozenset(), lambda name, validity: frozenset({2}), marked.extend)
    return ServerMailbox(read_address("imaps://office@mail.example.org/INBOX"), _LIMITS, memory)


def _read_mailbox(data: bytes) -> None:
    marked: list[MailPlace] = []
    with server_that_says(data), closing(mailbox(marked)) as box:
        try:
            for one in find_in_mailbox(box, _LIMITS, folder()):
                if isinstance(one, MessageEnd):
                    assert 0 < one.place.uid <= _LARGEST and 0 <= one.place.validity <= _LARGEST
                    box.mark(one.place)
                else:
                    one.discard()
        except SchemebookError as error:
            must_be_told_well(str(error))


def answers(*said: bytes) -> bytes:
    """What a server says, one answer for each command; `$` stands for the command's tag."""
    return _ANSWER.join(part + b"\r\n" for part in said)


HELLO = (
    b"* OK ready",
    b"* CAPABILITY IMAP4rev1\r\n$ OK done",
    b"$ OK in",
    b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n$ OK [READ-ONLY] open",
)
SIZES = (
    b'* 1 FETCH (UID 1 RFC822.SIZE 400 INTERNALDATE " 3-Nov-2026 09:30:02 +0100")\r\n'
    b'* 2 FETCH (UID 2 RFC822.SIZE 900000 INTERNALDATE "13-Nov-2026 09:30:02 +0100")\r\n$ OK done'
)


def _conversations() -> Iterator[bytes]:
    raw = message(a_pdf=b"%PDF-1.7 one %%EOF").as_bytes().replace(_ANSWER, b"").replace(_TAG, b"")
    body = b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%b)\r\n$ OK done" % (len(raw), raw)
    marks = (b"$ OK [READ-WRITE] open", b"$ OK stored", b"$ OK [READ-ONLY] open", b"* BYE bye\r\n$ OK bye")
    yield answers(*HELLO, b"* SEARCH 1 2\r\n$ OK done", SIZES, body, *marks)
    yield answers(*HELLO, b"* SEARCH\r\n$ OK none", b"* BYE\r\n$ OK bye")
    yield answers(*HELLO, b"$ NO not now") + _ANSWER + answers(*HELLO, b"$ BAD what")
    yield answers(*HELLO[:2], b"$ NO [AUTHENTICATIONFAILED] no")
    yield answers(*HELLO[:3], b"$ NO no such mailbox")
    yield answers(b"* PREAUTH in", *HELLO[1:], b"* SEARCH 1\r\n* BYE going", *HELLO)
    yield answers(*HELLO, b"* SEARCH 1\r\n$ OK done", SIZES, b"* 1 FETCH (UID 1 BODY[] {99999999}\r\nshort)")


TARGET = Target(_read_mailbox, _conversations)

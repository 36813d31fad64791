"""Messages and mailboxes made to break what reads them, each named by what it does. `.eml`, or `.mbox` where said."""

from __future__ import annotations

import base64
from collections.abc import Callable

from tests.failures.hostile_files import zip_that_inflates

HEAD = b"From: a@example.org\nDate: Tue, 03 Nov 2026 09:30:02 +0100\nMIME-Version: 1.0\n"
PDF = b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
PDF += base64.encodebytes(b"%PDF-1.7 one %%EOF\n")


def parts_in_parts() -> bytes:
    """2,000 levels of parts, each in the one before."""
    levels = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2_000))
    return HEAD + levels + PDF


def messages_in_messages() -> bytes:
    """300 messages, each forwarded in the next."""
    return HEAD + b"Content-Type: message/rfc822\n\n" * 300 + PDF


def many_parts() -> bytes:
    """100,000 empty parts."""
    return HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\n" * 100_000 + b"--x--\n"


def long_header() -> bytes:
    """A subject of 20 MB."""
    return HEAD + b"Subject: " + b"a" * 20_000_000 + b"\nContent-Type: multipart/mixed; boundary=x\n\n--x\n" + PDF


def many_headers() -> bytes:
    """A million headers."""
    return HEAD + b"X-A: b\n" * 1_000_000 + PDF


def brackets_in_an_address() -> bytes:
    """A sender whose address has 100,000 remarks inside one another."""
    return b"From: " + b"(" * 100_000 + b" a@example.org\n" + PDF


def encoded_words_without_end() -> bytes:
    """A sender and a file name of 40,000 encoded words each."""
    words = b" ".join([b"=?utf-8?Q?=C4=81?="] * 40_000)
    return b"From: " + words + b"\nContent-Disposition: attachment; filename=" + words + b"\n" + PDF


def name_in_pieces() -> bytes:
    """The name of a file in 50,000 pieces."""
    pieces = b"".join(b"; filename*%d=a" % number for number in range(50_000))
    return HEAD + b"Content-Disposition: attachment" + pieces + b"\n" + PDF


def charset_that_is_none() -> bytes:
    """A charset of bytes that no charset's name has, and one with a zero in it."""
    return b"From: =?utf-8\xff?Q?a?= <a@example.org>\nContent-Type: multipart/mixed; boundary=x\n\n--x\n" + (
        b"Content-Type: text/plain; charset=a\0b\n\nHello\n--x\n" + PDF + b"--x--\n"
    )


def boundary_that_is_everywhere() -> bytes:
    """A boundary that is a single dash, and a million lines of dashes."""
    return HEAD + b"Content-Type: multipart/mixed; boundary=-\n\n" + b"---\n" * 1_000_000


def zip_bomb_in_a_message() -> bytes:
    """A zip whose member inflates to a thousand times its place."""
    packed = base64.encodebytes(zip_that_inflates())
    return HEAD + b"Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n" + packed


def message_past_its_size() -> bytes:
    """120 MB of letters."""
    return HEAD + b"Content-Type: text/plain\n\n" + (b"a" * 75 + b"\n") * 1_580_000


def day_that_is_none() -> bytes:
    """Sent in the year 99999999999999999999, received in no year at all."""
    return b"Received: by x; " + b"9" * 5_000 + b"\nDate: Tue, 03 Nov 99999999999999999999 09:30:02 +9999\n" + PDF


def messages_of_nothing() -> bytes:
    """A mailbox of 10,000 messages with nothing in them (mbox)."""
    return b"From a@b Tue Nov  3 09:30:02 2026\nA: b\n\n" * 10_000


def message_that_never_ends() -> bytes:
    """A mailbox whose first message has parts that do not end, before 10,000 lines that begin like others (mbox)."""
    first = b"From a@b Tue Nov  3 09:30:02 2026\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n"
    return first + b"From a@b Tue Nov  3 09:30:02 2026\nSaid: nothing\n" * 10_000


MAILS: dict[str, Callable[[], bytes]] = {
    made.__name__.replace("_", "-"): made
    for made in (
        parts_in_parts, messages_in_messages, many_parts, long_header, many_headers, brackets_in_an_address,
        encoded_words_without_end, name_in_pieces, charset_that_is_none, boundary_that_is_everywhere,
        zip_bomb_in_a_message, message_past_its_size, day_that_is_none,
    )
}  # fmt: skip
MAILBOXES: dict[str, Callable[[], bytes]] = {
    made.__name__.replace("_", "-"): made for made in (messages_of_nothing, message_that_never_ends)
}

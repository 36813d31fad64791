"""Zips, messages and mailboxes: whatever is in one comes out with a name that can be stored; nothing of ours stays."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import SMTP

from tests.failures.fuzzed.target import Target, folder, must_be_told_well
from tests.failures.hostile_containers import ZIPS
from tests.failures.hostile_mail import MAILBOXES, MAILS
from tests.returned.made_pdf import VALUES, make_pdf
from tests.returned.test_mail import message
from tests.returned.test_sources import zipped

from schemebook.returned.arrivals.sources import find_returned
from schemebook.returned.limits import Limits
from schemebook.returned.opening import set_aside
from schemebook.returned.returned_pdf import ReturnedPdf

LONGEST = 200_000
"""Bytes of a file that a fuzzer starts from."""
_BROKEN_MAIL = str(set_aside("damaged", "damaged-mail"))
"""What is said of a message whose error nobody foresaw: here the error counts."""
_SMALL = Limits(mail_parts=100, mail_headers=200, zip_members=100, zip_inflated_bytes=20_000_000)
"""A fuzzer soon makes many parts, and each is looked into: time that tells nothing."""


def _find_in(name: str) -> Callable[[bytes], None]:
    """A file of that name."""

    def run(data: bytes) -> None:
        path = folder() / name
        path.write_bytes(data)
        unpacked = folder() / "unpacked"
        unpacked.mkdir(exist_ok=True)
        for one in find_returned([path], _SMALL, unpack_in=unpacked):
            assert one.name.isprintable()
            if isinstance(one, ReturnedPdf):
                assert one.letter is None or f"{one.letter.sender}{one.letter.message}".isprintable()
                assert one.received.utcoffset() is not None
                assert one.path.stat().st_size == one.size
            else:
                assert one.message != _BROKEN_MAIL
                must_be_told_well(one.message.replace(path.as_posix(), ""))
            one.discard()
        assert not any(unpacked.iterdir())

    return run


def _mails() -> Iterator[bytes]:
    inner = message(a_pdf=b"%PDF-1.7 one %%EOF")
    outer = message(b_zip=zipped({"c.pdf": b"%PDF-1.7 two %%EOF"}))
    outer.add_attachment(inner)
    for made in (inner.as_bytes(), outer.as_bytes()):
        yield made
        yield b"From a@b Tue Nov  3 09:30:02 2026\n" + made.replace(b"\r\n", b"\n")
    yield b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/x; name*=utf-8''a%C4.pdf\n\n--x"


def _real_mails() -> Iterator[bytes]:
    """Messages as mail programs write them, with a whole form in them, and those made to break a reader."""
    pdf = make_pdf(VALUES)
    yield _as_apple_mail_writes(pdf)
    yield _with_size(pdf, len(pdf))
    yield _with_size(pdf, len(pdf) * 2)
    yield _in_quoted_printable(pdf)
    yield message(
        a_pdf=pdf, b_xfdf=b"<xfdf><fields/></xfdf>", c_zip=zipped({"d.eml": message(e_pdf=pdf).as_bytes()})
    ).as_bytes()
    yield from _at_most(made() for name, made in MAILS.items() if name != "message-past-its-size")


def _as_apple_mail_writes(pdf: bytes) -> bytes:
    """Inline, its name in decomposed Unicode and in pieces (RFC 2231)."""
    head = (
        b"From: =?utf-8?Q?Rose_=C5=8Ctaki?= <rose@example.org>\r\n"
        b"Received: from a by b; Tue, 3 Nov 2026 09:30:02 +0100\r\nMime-Version: 1.0 (Mac OS X Mail 16.0)\r\n"
        b'Content-Type: multipart/mixed; boundary="A=_1"\r\n\r\n--A=_1\r\n'
    )
    name = b"Content-Disposition: inline;\r\n\tfilename*0*=utf-8''Ta%CC%84ne%20;\r\n\tfilename*1=form.pdf\r\n"
    kind = b"Content-Type: application/pdf;\r\n\tx-unix-mode=0644\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head + name + kind + base64.encodebytes(pdf) + b"\r\n--A=_1--\r\n"


def _with_size(pdf: bytes, size: int) -> bytes:
    """A forwarded message whose attachment says how many bytes it has."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["Content-ID"] = "rose@example.org (Rose (Office))", "<a@b>"
    made.set_content("Seen.", charset="iso-8859-1")
    made.add_attachment(pdf, "application", "octet-stream", filename="form.pdf")
    made.get_payload()[1].set_param("size", str(size), "Content-Disposition")  # type: ignore[union-attr, index]
    around = EmailMessage(policy=SMTP)
    around["From"], around["Subject"] = "office@example.org", "=?iso-2022-jp?B?GyRCJCIbKEI=?="
    around.set_content(made)
    return around.as_bytes()


def _in_quoted_printable(pdf: bytes) -> bytes:
    head = b'From: a@example.org\nContent-Type: application/pdf; charset="utf-8"; name="=?utf-8?B?xIEucGRm?="\n'
    return head + b"Content-Transfer-Encoding: quoted-printable\n\n" + quopri.encodestring(pdf)


def _mailboxes() -> Iterator[bytes]:
    """Several messages, one of them quoted as mbox wants it, one not, one with a length."""
    first = message(a_pdf=make_pdf(VALUES)).as_bytes().replace(b"\r\n", b"\n")
    second = b"From: a@b\nContent-Length: 12\n\nFrom the sea\n"
    line = b"From rose@example.org Tue Nov  3 09:30:02 2026 +0100\n"
    yield line + first + b"\n" + line + second + b"\n" + line + first.replace(b"From ", b">From ")
    yield (line + second) * 20
    yield from _at_most(made() for made in MAILBOXES.values())


def _zips() -> Iterator[bytes]:
    yield zipped({"a.pdf": b"%PDF-1.7 one %%EOF", "b/c.pdf": b"%PDF-1.7 " + b"two" * 99})
    yield zipped({"a.zip": zipped({"b.eml": message(a_pdf=b"%PDF-1.7").as_bytes()})})


def _real_zips() -> Iterator[bytes]:
    yield zipped({"a.pdf": make_pdf(VALUES), "__MACOSX/._a.pdf": b"x", "é.xfdf": b"<xfdf/>"})
    yield from _at_most(made() for made in ZIPS.values())


def _at_most(files: Iterator[bytes]) -> Iterator[bytes]:
    return (data for data in files if len(data) <= LONGEST)


MAIL = Target(_find_in("a.eml"), _mails, _real_mails)
MBOX = Target(_find_in("a.mbox"), _mails, _mailboxes)
ZIP = Target(_find_in("a.zip"), _zips, _real_zips)

"""One e-mail message in; what is attached to it out, each in a file of its own, with who sent it.

What mail programs wrap files in is unwrapped (`wrapped.py`). What they put beside the files that a person sends
(texts, signatures, pictures in the text) is passed over. A forwarded message is looked into: its files were sent by
whom it says.
"""

from __future__ import annotations

import io
import mimetypes
import os
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.errors import CloseBoundaryNotFoundDefect, InvalidBase64LengthDefect, MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesFeedParser
from email.policy import Policy, compat32
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path
from typing import IO

from schemebook.errors import SetAsideError
from schemebook.returned.arrivals.wrapped import TNEF, files_of_tnef, signed_content
from schemebook.returned.arrivals.zips import PART
from schemebook.returned.copies import let_go
from schemebook.returned.limits import Limits
from schemebook.returned.opening import EDGE, HEADER, set_aside
from schemebook.returned.returned_pdf import Letter, ReturnedPdf, SetAside, hashed

_CHUNK = 1 << 16
_OUTLOOK = b"\xd0\xcf\x11\xe0"
_LONGEST = 320
"""Letters kept of an address or a message's id (RFC 5321: 64 + 1 + 255)."""
_PHOTOGRAPH = 150_000
"""Bytes from which a picture inside a message is a photograph, as telephones put them there, and no logo."""
_DOCUMENTS = (".pdf", ".fdf", ".xfdf", ".zip", ".eml")
_FURNITURE = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
_SMIME = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_LOCKED = {"multipart/encrypted", "application/pgp-encrypted"}
_LONGEST_HEADER = 16_384
"""Letters of one header that are looked at: four times the time goes into one of twice the length."""
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, MessageError)
"""What Python's own parser may raise for odd messages, beside what is caught where it is known to come."""
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,76}:")


def is_message(path: Path, name: str | None = None) -> bool:
    """Whether a file is a message saved by a mail program: by its name and its first line."""
    if not (name or path.name).lower().endswith(".eml"):
        return False
    with path.open("rb") as file:
        return _HEADER_LINE.match(file.read(EDGE).lstrip(b"\xef\xbb\xbf\r\n")) is not None


def is_outlook_message(path: Path, name: str | None = None) -> bool:
    """Whether a file is a message in Outlook's own format, which nothing here reads."""
    if not (name or path.name).lower().endswith(".msg"):
        return False
    with path.open("rb") as file:
        return file.read(4) == _OUTLOOK


def attached(
    file: IO[bytes], name: str, folder: Path, limits: Limits, received: datetime
) -> Iterator[ReturnedPdf | SetAside]:
    """What is attached to a message, in its order.

    file: the message's bytes (RFC 5322). name: how the message is called; an attachment is `<name>!/<its own>`.
    folder: where attachments are unpacked, one at a time. received: when it came, if the message itself does not say.
    A message past a limit gives one SetAside; so does each part that needs a key or is cut short, and what stands
    behind the place that breaks the parser.
    """
    yield from _attached(lambda: _parsed(file, limits), name, folder, limits, received)


def files_of_winmail(
    path: Path, name: str, folder: Path, limits: Limits, received: datetime
) -> Iterator[ReturnedPdf | SetAside]:
    """What is in a winmail.dat that somebody saved by itself, as `attached` gives what is attached to a message."""
    if path.stat().st_size > limits.mail_bytes:
        yield SetAside.unread(name, too_large_mail(limits))
        return
    yield from _attached(lambda: _as_part("winmail.dat", path.read_bytes()), name, folder, limits, received)


def is_winmail(path: Path, name: str | None = None) -> bool:
    """Whether a file is a winmail.dat: by the end of its name and its first bytes."""
    if not (name or path.name).lower().endswith(".dat"):
        return False
    with path.open("rb") as file:
        return file.read(len(TNEF)) == TNEF


def _attached(
    read: Callable[[], Message], name: str, folder: Path, limits: Limits, received: datetime
) -> Iterator[ReturnedPdf | SetAside]:
    try:
        message = read()
        for part in _parts(message, _letter(message, Letter(received)), limits, depth=1):
            shown = name if part.message is message and part.refused else f"{name}{PART}{_shown(part)}"
            yield from _unpacked(part, shown, folder, limits)
    except SetAsideError as error:
        yield SetAside.unread(name, error)
    except _BROKEN:
        yield SetAside.unread(name, set_aside("damaged", "damaged-mail"))


def too_large_mail(limits: Limits) -> SetAsideError:
    """Why a message with too many bytes is not read."""
    return set_aside("too-large", "mail-too-large", limit="bytes", most=limits.mail_bytes)


@dataclass(frozen=True)
class _Part:
    """One attachment. last: nothing stands behind it, and the message does not say that it has ended. refused: why it
    cannot be looked into."""

    message: Message
    letter: Letter
    number: int
    last: bool = False
    refused: SetAsideError | None = None


class _Bounded(Message):
    """A part whose headers are counted while they are read, and cut where they have no end."""

    def __init__(self, policy: Policy[Message], most: int) -> None:
        super().__init__(policy)
        self._most = most

    def set_raw(self, name: str, value: str) -> None:
        """Take a header as the parser finds it (it calls this)."""
        if len(self) >= self._most:
            raise set_aside("too-large", "mail-too-large", limit="headers", most=self._most)
        super().set_raw(name, value[:_LONGEST_HEADER])


def _parsed(file: IO[bytes], limits: Limits) -> Message:
    """The message as a tree of parts. Raises SetAsideError too-large for one with too many bytes, parts, levels or
    headers."""
    parts = 0

    def counted(policy: Policy[Message] | None = None) -> Message:
        nonlocal parts
        parts += 1
        if parts > limits.mail_parts:
            raise set_aside("too-large", "mail-too-large", limit="parts", most=limits.mail_parts)
        return _Bounded(policy or compat32, limits.mail_headers)

    parser = BytesFeedParser(counted, policy=compat32)
    size = 0
    try:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > limits.mail_bytes:
                raise too_large_mail(limits)
            parser.feed(chunk)
        return parser.close()
    except RecursionError:
        raise set_aside("too-large", "mail-too-large", limit="levels", most=limits.mail_depth) from None


def _parts(message: Message, letter: Letter, limits: Limits, depth: int) -> list[_Part]:
    """Every leaf of a message that a person may have attached."""
    found: list[_Part] = []
    waiting = [(message, letter, depth, False)]
    while waiting:
        part, letter, depth, last = waiting.pop()
        if depth > limits.mail_depth:
            raise set_aside("too-large", "mail-too-large", limit="levels", most=limits.mail_depth)
        if part.get_content_type() in _LOCKED:
            found.append(_Part(part, letter, 0, refused=set_aside("encrypted", "encrypted-mail")))
            continue
        try:
            unwrapped = _unwrapped(part, limits)
        except SetAsideError as error:
            found.append(_Part(part, letter, 0, refused=error))
            continue
        if unwrapped is not None:
            waiting += [(one, letter, depth + 1, last) for one in reversed(unwrapped)]
            continue
        inner = part.get_payload() if part.is_multipart() else None  # of a text it would decode, by any charset named
        if not isinstance(inner, list):
            found.append(_Part(part, letter, 0, last))
        elif part.get_content_maintype() == "message":
            waiting += [(one, _letter(one, letter), depth + 1, last) for one in inner if isinstance(one, Message)]
        else:
            cut = any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in part.defects)
            kids = [one for one in inner if isinstance(one, Message)]
            waiting += [(one, letter, depth + 1, last or (cut and one is kids[-1])) for one in reversed(kids)]
    sent = [part for part in found if part.refused or _is_sent(part.message)]
    return [replace(part, number=number) for number, part in enumerate(sent, start=1)]


def _unwrapped(part: Message, limits: Limits) -> list[Message] | None:
    """The parts that a winmail.dat or a signed envelope is made of; None for a part that is neither.

    Raises SetAsideError: encrypted, damaged, and too-large for what is past a limit inside.
    """
    kind, name = part.get_content_type(), _file_name(part)
    if kind in _SMIME:
        data = _bytes_of(part)
        content = signed_content(data) if len(data) <= limits.file_bytes else None
        if content is None:
            raise set_aside("encrypted", "encrypted-mail")
        if HEADER in content[:EDGE] and not _HEADER_LINE.match(content):
            return [_as_part(name.removesuffix(".p7m"), content)]
        return [_parsed(io.BytesIO(content), limits)]
    if kind.endswith("ms-tnef") or name.lower() == "winmail.dat":
        data = _bytes_of(part)
        return [_as_part(*one) for one in _files_of_tnef(data)] if data.startswith(TNEF) else None
    return None


def _files_of_tnef(data: bytes) -> Iterator[tuple[str, bytes]]:
    for name, content in files_of_tnef(data):
        if content is None:
            raise set_aside("not-a-pdf", "winmail")
        yield name, content


def _as_part(name: str, data: bytes) -> Message:
    """A file as if it had been attached by itself, in the text of the message."""
    part = Message()
    part["Content-Type"] = mimetypes.guess_type(name)[0] or "application/octet-stream"
    part.add_header("Content-Disposition", "inline", filename=("utf-8", "", name))
    part.set_payload(data.decode("ascii", "surrogateescape"))
    return part


def _is_sent(part: Message) -> bool:
    """Whether a person attached this part as a file."""
    kind, name = part.get_content_type(), _file_name(part).lower()
    if kind == "application/pdf" or name.endswith(_DOCUMENTS):
        return True
    if part.get_content_disposition() == "attachment" and HEADER in _bytes_of(part)[:EDGE]:
        return True
    if kind in _FURNITURE or part.get_content_maintype() in ("text", "message", "multipart"):
        return False
    if part.get_content_maintype() == "image":
        chosen = part.get_content_disposition() == "attachment" and "Content-ID" not in part
        return chosen or len(_bytes_of(part)) >= _PHOTOGRAPH
    return bool(name) or HEADER in _bytes_of(part)[:EDGE]


def _unpacked(part: _Part, shown: str, folder: Path, limits: Limits) -> Iterator[ReturnedPdf | SetAside]:
    if part.refused:
        yield SetAside.unread(shown, part.refused)
        return
    data = _bytes_of(part.message)
    if _is_short(part, len(data)):
        yield SetAside.unread(shown, set_aside("damaged", "cut-attachment"))
        return
    handle, place = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
    del data
    try:
        pdf = hashed(Path(place), shown, limits, part.letter.received, unpacked=True)
    except SetAsideError as error:
        let_go(Path(place))
        yield SetAside.unread(shown, error)
        return
    yield replace(pdf, letter=part.letter)


def _bytes_of(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _is_short(part: _Part, size: int) -> bool:
    """Whether an attachment lacks bytes: a file cut at an earlier end of its own looks whole.

    Content-Disposition may say its size (RFC 2183, 2.7). Some programs say that of the encoded text, a third more,
    and some a round number: neither tells anything.
    """
    if any(isinstance(defect, InvalidBase64LengthDefect) for defect in part.message.defects):
        return True
    text = str(part.message.get_param("size", "", "content-disposition"))
    said = int(text) if text.isdecimal() and len(text) < 12 else 0
    if size >= said:
        return False
    encoded = abs(said * 3 // 4 - size) <= said // 25
    return part.last or not (encoded or said % 1_000 == 0 or said % 1_024 == 0)


def _letter(message: Message, around: Letter) -> Letter:
    """Who sent a message and when it came, by the newest Received line, else its Date; else as the one around it."""
    stamps = [str(line).rpartition(";")[2] for line in message.get_all("Received", [])[:1]]
    days = [day for text in (*stamps, str(message.get("Date", ""))) if (day := _day(text))]
    sender = _address(_words(message.get("From")))
    identity = " ".join(_words(message.get("Message-ID")).split())[:_LONGEST]
    return Letter(days[0] if days else around.received, sender or around.sender, identity or around.message)


def _address(text: str) -> str:
    try:
        return parseaddr(text)[1][:_LONGEST]
    except RecursionError:  # remarks in remarks in remarks
        return ""


def _day(text: str) -> datetime | None:
    try:
        day = parsedate_to_datetime(text.strip())
        return (day if day.tzinfo else day.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _words(header: object) -> str:
    """A header as text, its encoded words (RFC 2047) read where they can be."""
    if header is None:
        return ""
    try:
        text = str(make_header(decode_header(str(header))))
    except (ValueError, LookupError, AssertionError, MessageError):
        text = str(header)
    return "".join(letter if letter.isprintable() else " " for letter in _without_halves(text)).strip()


def _without_halves(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _file_name(part: Message) -> str:
    """A part's own name: RFC 2231, else RFC 2047, as programs write it in either place; empty where it has none.

    In NFC: Apple Mail writes ā as two letters.
    """
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError):
        name = ""
    return unicodedata.normalize("NFC", _words(name))


def _shown(part: _Part) -> str:
    """An attachment's name as it is shown: the last step of its path, on one line."""
    name = _file_name(part.message).replace("\\", "/").rpartition("/")[2]
    return name if name.strip(".") else f"{part.number}"

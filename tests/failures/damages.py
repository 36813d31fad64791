"""What happens to a file on its way: on disks, in mail, in programs that take it for text. Bytes in, damaged bytes out.

Where a file is damaged follows from `chance` alone.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Callable
from random import Random

Damage = Callable[[bytes, Random], bytes]


def _block(data: bytes, chance: Random) -> tuple[int, int]:
    """Where a sector of a disk, or a packet of a line, begins and ends."""
    size = chance.choice((64, 512, 1_460, 4_096))
    start = chance.randrange(max(1, len(data) // size)) * size
    return start, min(len(data), start + size)


def zeroed(data: bytes, chance: Random) -> bytes:
    """A block that was never written."""
    start, end = _block(data, chance)
    return data[:start] + bytes(end - start) + data[end:]


def lost(data: bytes, chance: Random) -> bytes:
    """A block that never came."""
    start, end = _block(data, chance)
    return data[:start] + data[end:]


def doubled(data: bytes, chance: Random) -> bytes:
    """A block that came twice."""
    start, end = _block(data, chance)
    return data[:end] + data[start:]


def misplaced(data: bytes, chance: Random) -> bytes:
    """A block with the bytes of another."""
    start, end = _block(data, chance)
    other = chance.randrange(max(1, len(data) - (end - start)))
    return data[:start] + data[other : other + end - start] + data[end:]


def swapped(data: bytes, chance: Random) -> bytes:
    """Two blocks, each in the other's place."""
    start, end = _block(data, chance)
    return data[:start] + data[end : 2 * end - start] + data[start:end] + data[2 * end - start :]


def cut_and_filled(data: bytes, chance: Random) -> bytes:
    """Cut short, and filled with zeros to its size, as a download that was broken off."""
    at = chance.randrange(len(data))
    return data[:at] + bytes(len(data) - at)


def begun_again(data: bytes, chance: Random) -> bytes:
    """Broken off and begun anew in the same file."""
    return data[: chance.randrange(len(data))] + data


def taken_up_wrongly(data: bytes, chance: Random) -> bytes:
    """Broken off, and taken up somewhat before or behind the place."""
    at = chance.randrange(len(data))
    return data[:at] + data[max(0, at + chance.randrange(-300, 300)) :]


def as_dos_text(data: bytes, chance: Random) -> bytes:
    """Every LF a CRLF."""
    return data.replace(b"\n", b"\r\n")


def as_unix_text(data: bytes, chance: Random) -> bytes:
    """Every CRLF, and every CR, an LF."""
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def as_seven_bits(data: bytes, chance: Random) -> bytes:
    """The eighth bit of every byte gone."""
    return bytes(byte & 0x7F for byte in data)


def as_utf_8(data: bytes, chance: Random) -> bytes:
    """Taken for text of Western Europe and saved as Unicode."""
    return data.decode("latin-1").encode()


def as_replaced_utf_8(data: bytes, chance: Random) -> bytes:
    """Taken for Unicode, what is none replaced."""
    return data.decode("utf-8", "replace").encode()


def as_questions(data: bytes, chance: Random) -> bytes:
    """Every byte that is no ASCII a question mark: the file keeps its length."""
    return data.decode("ascii", "replace").replace("\ufffd", "?").encode()


def without_zeros(data: bytes, chance: Random) -> bytes:
    """Every zero byte dropped."""
    return data.replace(b"\0", b"")


def with_spaces_for_zeros(data: bytes, chance: Random) -> bytes:
    """Every zero byte a space."""
    return data.replace(b"\0", b" ")


def without_ends_of_lines(data: bytes, chance: Random) -> bytes:
    """Spaces before the end of a line dropped, as mail servers did."""
    return re.sub(rb"[ \t]+(?=\r?\n)", b"", data)


def with_more_dots(data: bytes, chance: Random) -> bytes:
    """A dot more where a line begins with one (RFC 5321, 4.5.2), and > before "From "."""
    return re.sub(rb"(?m)^(?=From )", b">", re.sub(rb"(?m)^\.", b"..", data))


def in_short_lines(data: bytes, chance: Random) -> bytes:
    """Lines broken behind their 998th byte (RFC 5321, 4.5.3.1.6)."""
    return re.sub(rb"([^\n]{998})", rb"\1\r\n", data)


def decoded_twice(data: bytes, chance: Random) -> bytes:
    """Read as quoted-printable though it is none: =3C becomes <, and = at the end of a line goes."""
    return quopri.decodestring(data)


def in_capitals(data: bytes, chance: Random) -> bytes:
    """A block whose letters became capitals: some filters do that to what they take for markup."""
    start, end = _block(data, chance)
    return data[:start] + data[start:end].upper() + data[end:]


DAMAGES: dict[str, Damage] = {
    made.__name__.replace("_", "-"): made
    for made in (
        zeroed, lost, doubled, misplaced, swapped, cut_and_filled, begun_again, taken_up_wrongly, as_dos_text,
        as_unix_text, as_seven_bits, as_utf_8, as_replaced_utf_8, as_questions, without_zeros, with_spaces_for_zeros,
        without_ends_of_lines, with_more_dots, in_short_lines, decoded_twice, in_capitals,
    )
}  # fmt: skip

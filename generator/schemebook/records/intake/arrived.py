"""Files on their way into the store in; what was done with each out, as it is told.

An arrival is a file at some step of the intake: read, set aside, or seen before. Between them pass the ends of what
they came out of, of which nothing is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemebook.errors import SetAsideError
from schemebook.records.outcomes import Duplicate, Outcome, Recorded, SetAside
from schemebook.records.people.unfilled import unfilled_reason
from schemebook.records.record import Record
from schemebook.returned.arrivals.imap import MessageEnd
from schemebook.returned.arrivals.object_storage import KnownObject, ObjectEnd
from schemebook.returned.returned_pdf import ReturnedPdf
from schemebook.returned.returned_pdf import SetAside as CannotRead
from schemebook.scheme.words import what_and_to_do

OTHER_SCHEME = "other-scheme"
"""A return of another scheme is no business of this store: neither its bytes nor its name stay here."""
Records = tuple[tuple[str, str], ...]
"""Id and scheme of each record that a file became."""


@dataclass(frozen=True)
class Read:
    """A file that was read, with the records it is to become. copied: a copy that is to be moved to its place.

    members: the files that were joined to it. lone_pages: those that it shows of a form whose others it has not.
    """

    pdf: ReturnedPdf
    records: tuple[Record, ...]
    copied: Path | None = None
    members: tuple[ReturnedPdf, ...] = ()
    lone_pages: tuple[int, ...] = ()


@dataclass(frozen=True)
class Seen:
    """A file that is in the store already, or came earlier in this run."""

    pdf: ReturnedPdf


End = MessageEnd | ObjectEnd
"""What comes after the files of a message on a server, or of an object."""
Arrival = Read | CannotRead | Seen | KnownObject | End


@dataclass(frozen=True)
class Stored:
    """A batch that is stored. new: the hashes of its new files. before: the records of files that came before."""

    batch: list[Arrival]
    new: set[str]
    before: Mapping[str, Records]


def discard(one: Read | CannotRead | Seen) -> None:
    """Delete our own copies of what was unpacked."""
    (one if isinstance(one, CannotRead) else one.pdf).discard()
    for member in one.members if isinstance(one, Read) else ():
        member.discard()


def set_aside_error(reason: str) -> SetAsideError:
    """Why the intake itself sets a file aside."""
    return SetAsideError(reason, *what_and_to_do(f"records.{reason}"))


def outcomes(stored: Stored, refused: Mapping[str, CannotRead], schemes: Sequence[str]) -> Iterator[Outcome]:
    """What became of each file of a batch. refused: the files set aside in this run, by hash."""
    for one in stored.batch:
        if isinstance(one, MessageEnd | ObjectEnd):
            continue
        if isinstance(one, KnownObject):
            yield told_known(one, stored.before, schemes)
        elif isinstance(one, CannotRead):
            yield _told_aside(one, one.name)
        elif isinstance(one, Read):
            kind = Recorded if one.pdf.sha256 in stored.new else Duplicate
            ids = tuple(record.id for record in one.records if not record.anonymous)
            told = _told_unfilled(one) if kind is Recorded else (None, None)
            look = kind is Recorded and any(record.needs_review for record in one.records)
            for file in one.members or (one.pdf,):
                yield kind(file.name, file.sha256, ids, *told, to_look_at=look)
        elif there := stored.before.get(one.pdf.sha256):
            yield _told_again(one.pdf.name, one.pdf.sha256, there, schemes)
        elif twin := refused.get(one.pdf.sha256):
            yield _told_aside(twin, one.pdf.name)
        else:
            yield Duplicate(one.pdf.name, one.pdf.sha256)


def _told_unfilled(one: Read) -> tuple[str | None, str | None]:
    """Reason and words where a form of the file came back with nothing filled in. Of an anonymous one nothing is told
    that its row would be known by."""
    reasons = (unfilled_reason(record) for record in one.records if not record.anonymous)
    found = next((reason for reason in reasons if reason), None)
    return (found.kind, found.message) if found else (None, None)


def _told_aside(one: CannotRead, name: str) -> SetAside:
    return SetAside(name, one.sha256, (), one.reason, one.message)


def told_known(one: KnownObject, before: Mapping[str, Records], schemes: Sequence[str]) -> Outcome:
    """What is told of an object that is stored already: of one file its hash and records, of more than one its name."""
    there = before.get(one.sha256 or "")
    return _told_again(one.name, one.sha256, there, schemes) if there else Duplicate(one.name, one.sha256)


def _told_again(name: str, sha256: str | None, there: Records, schemes: Sequence[str]) -> Outcome:
    ids = tuple(id for id, scheme in there if not schemes or scheme in schemes)
    if not ids:
        error = set_aside_error(OTHER_SCHEME)
        return SetAside(name, sha256, (), error.reason, str(error))
    return Duplicate(name, sha256, ids)

"""ReturnedPdf and SetAside: one file that came back, before anybody looked into it, or why nobody can."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path

from schemebook.errors import SetAsideError
from schemebook.returned.copies import let_go
from schemebook.returned.limits import Limits
from schemebook.returned.opening import SMALL, Stamp, UnseenError, set_aside


@dataclass(frozen=True)
class Letter:
    """The e-mail message that a file came with: when it came, the sender's address, and the message's own id."""

    received: datetime
    sender: str = ""
    message: str = ""


@dataclass(frozen=True)
class ReturnedPdf:
    """One file that came back, before anybody looked into it.

    name: as given on the command line, `inbox.zip!/a.pdf` for a member. path: where its bytes lie.
    received: the file's modification time, a member's date, the day its message came, in UTC. unpacked: `path` is our
    own copy of a member. letter: the message that it was attached to.
    """

    name: str
    path: Path
    sha256: str
    size: int
    received: datetime
    stamp: Stamp
    unpacked: bool = False
    letter: Letter | None = None

    def discard(self) -> None:
        """Delete our own copy of a zip's member. A file of somebody else's is left alone."""
        if self.unpacked:
            let_go(self.path)


@dataclass(frozen=True)
class SetAside:
    """One file that cannot become a record, with its reason (a fixed code) and the words for it.

    sha256 and path are None where the file was not read at all (too large, a link, no file). pictures: how many pages
    a look at their pictures could tell more of.
    """

    name: str
    reason: str
    message: str
    sha256: str | None = None
    size: int | None = None
    received: datetime | None = None
    path: Path | None = None
    unpacked: bool = False
    pictures: int = 0

    @classmethod
    def of(cls, pdf: ReturnedPdf, error: SetAsideError) -> SetAside:
        """The same file, set aside."""
        pictures = error.pictures if isinstance(error, UnseenError) else 0
        return cls(
            pdf.name, error.reason, str(error), pdf.sha256, pdf.size, pdf.received, pdf.path, pdf.unpacked, pictures
        )

    @classmethod
    def unread(cls, name: str, error: SetAsideError) -> SetAside:
        """A file that was not even hashed."""
        return cls(name, error.reason, str(error))

    def discard(self) -> None:
        """Delete our own copy of a zip's member. A file of somebody else's is left alone."""
        if self.unpacked and self.path is not None:
            let_go(self.path)


def hashed(
    path: Path, name: str, limits: Limits, received: datetime | None = None, unpacked: bool = False
) -> ReturnedPdf:
    """A file with its hash, read from one descriptor. Raises SetAsideError too-large before reading, and OSError."""
    with path.open("rb", buffering=0) as file:
        return hashed_file(file, path, name, limits, received, unpacked)


def hashed_file(
    file: FileIO, path: Path, name: str, limits: Limits, received: datetime | None = None, unpacked: bool = False
) -> ReturnedPdf:
    """The same for a file that is open already, at its beginning."""
    stamp = Stamp.of(file)
    if stamp.size > limits.file_bytes:
        raise set_aside("too-large", most=limits.file_bytes)
    if stamp.size < SMALL:  # `file_digest` has a buffer of a quarter of a megabyte made for it
        sha256 = hashlib.sha256(file.read()).hexdigest()
    else:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    received = received or datetime.fromtimestamp(stamp.changed / 1e9, UTC)
    return ReturnedPdf(name, path, sha256, stamp.size, received, stamp, unpacked)

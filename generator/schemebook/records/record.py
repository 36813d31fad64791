"""Record: a Submission and the file it came in, in; what is kept of it, out."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from schemebook.returned.recovery.recovered import Recovered
from schemebook.returned.returned_pdf import ReturnedPdf
from schemebook.returned.signatures import SignatureCheck
from schemebook.returned.submission import ReviewReason, Submission
from schemebook.scheme.answers import AnswerProblem

ID_LENGTH = 32
"""Of the id of a record, in signs."""

ChangeKind = Literal["accepted", "corrected", "voided", "restored", "given", "entered", "doubted", "joined"]


@dataclass(frozen=True)
class Change:
    """One thing that somebody decided about a record. Changes of a record are numbered from 1.

    field: the question, or the place in it, as problems name it; None for the record as a whole. reason: the kind of
    the reason for review that was accepted or added, or why a record is voided. old, new: the answer before and after;
    of `given` whose the record was and is; of `doubted`, which adds a reason for review, its words; of `joined` the ids
    of the records whose pages it was made of. at: in UTC.
    """

    record: str
    number: int
    kind: ChangeKind
    who: str
    at: str
    field: str | None = None
    reason: str | None = None
    old: Any = None
    new: Any = None


@dataclass(frozen=True)
class Record:
    """One form that came back, as it is kept.

    received: `2026-11-24T09:12:05Z` in UTC; the month (`2026-11`) alone for an anonymous form, which also has
    no sha256, part, edition, source and token. sender, message_id: of the message that its file was attached to.
    recovered: of each answer that was read from print, how. pages: page of the form -> page of the file, where that is
    another.
    """

    id: str
    scheme: str
    form: str
    version: int
    received: str
    answers: dict[str, Any]
    problems: tuple[AnswerProblem, ...] = ()
    review: tuple[ReviewReason, ...] = ()
    needs_review: bool = False
    recovered: tuple[Recovered, ...] = ()
    sha256: str | None = None
    part: int | None = None
    edition: str | None = None
    source: str | None = None
    token: str | None = None
    sender: str | None = None
    message_id: str | None = None
    signatures: tuple[SignatureCheck, ...] = ()
    pages: Mapping[int, int] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    first: Record | None = None

    @property
    def as_read(self) -> Record:
        """The record as it was read, whatever was corrected since."""
        return self.first or self

    @property
    def voided(self) -> Change | None:
        """Why it does not count; None where it counts."""
        last = next((one for one in reversed(self.changes) if one.kind in ("voided", "restored")), None)
        return last if last and last.kind == "voided" else None

    @property
    def given_to(self) -> str | None:
        """The address or name of the person whose it is, where somebody said so."""
        return next((one.new for one in reversed(self.changes) if one.kind == "given"), None)

    @property
    def corrected(self) -> tuple[str, ...]:
        """The fields whose answers are not as they were read."""
        return tuple(dict.fromkeys(one.field for one in self.changes if one.kind == "corrected" and one.field))

    @property
    def anonymous(self) -> bool:
        """Whether nothing says whose it is."""
        return self.sha256 is None


def record_id(sha256: str, part: int) -> str:
    """The id of a record: the same for the same part of the same file, in every run and on every machine."""
    return hashlib.sha256(f"{sha256}/{part}".encode()).hexdigest()[:ID_LENGTH]


def utc_text(moment: datetime) -> str:
    """An aware moment as text in UTC, to the second."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def make_record(pdf: ReturnedPdf, submission: Submission) -> Record:
    """The record that a submission becomes. Of an anonymous form only answers and month go on."""
    kept: dict[str, Any] = {
        "scheme": submission.scheme,
        "form": submission.form,
        "version": submission.version,
        "answers": dict(submission.answers),
        "problems": submission.problems,
        "review": submission.review,
        "needs_review": submission.needs_review,
        "recovered": submission.recovered,
    }
    received = utc_text(pdf.received)
    if submission.anonymous:
        return Record(id=secrets.token_hex(16), received=received[:7], **kept)
    return Record(
        id=record_id(pdf.sha256, submission.part),
        received=received,
        sha256=pdf.sha256,
        part=submission.part,
        edition=submission.edition,
        source=pdf.name,
        token=submission.token,
        sender=pdf.letter.sender if pdf.letter else None,
        message_id=pdf.letter.message if pdf.letter else None,
        signatures=submission.signatures,
        pages=submission.pages,
        **kept,
    )

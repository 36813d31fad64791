"""Records in; their originals read once more out, with the pictures of their pages, which no store keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime

from schemebook.errors import SetAsideError
from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.records.record import Record
from schemebook.records.store.archive import Archive, original_at_hand
from schemebook.returned.crew import Crew, read_all
from schemebook.returned.limits import Limits
from schemebook.returned.returned_pdf import Letter, ReturnedPdf, hashed
from schemebook.returned.worker import Reading


def read_again(
    parts: Sequence[Record],
    archive: Archive,
    known: Mapping[str, FormDescriptor],
    limits: Limits,
    crew: Crew,
    ends: ExitStack,
) -> Iterator[Reading]:
    """What the originals of some records give, in their order; nothing of one that is gone or is no longer the same.

    known: the published versions and editions, by edition id. crew: who reads. ends: ends when the files are not
    needed any more, some of which are copies.
    """
    found = [pdf for part in parts if (pdf := _original(part, archive, limits, ends))]
    return read_all(found, known, limits, crew=crew)


def _original(part: Record, archive: Archive, limits: Limits, ends: ExitStack) -> ReturnedPdf | None:
    path = ends.enter_context(original_at_hand(archive, part.sha256 or ""))
    received = datetime.fromisoformat(part.received)
    try:
        pdf = hashed(path, part.source or "", limits, received) if path else None
    except (SetAsideError, OSError):
        return None
    letter = Letter(received, part.sender or "", part.message_id or "")
    return replace(pdf, letter=letter if part.sender else None) if pdf and pdf.sha256 == part.sha256 else None

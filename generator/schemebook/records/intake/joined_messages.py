"""Pages of a form that came in several messages in; one record of them out, always for a person to look at.

It follows every run of the intake. A page waits as a record of its own until the others of its form come from the same
sender, or by the same copy; then that record is voided, by a change that stays, and the joined one counts. Nothing of
it depends on which run brought which page, and a run that is killed leaves the rest to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from sqlalchemy import Connection

from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.records.copies.as_issued import compared
from schemebook.records.copies.unchanged import told_unchanged
from schemebook.records.intake.one_hand import MOST_LOOKED_AT, doubt_of_sender
from schemebook.records.intake.read_again import read_again
from schemebook.records.listing import SHORT_ID
from schemebook.records.outcomes import Outcome, Recorded
from schemebook.records.people.issued import copies_of
from schemebook.records.record import Record, make_record, utc_text
from schemebook.records.store.archive import keep_in
from schemebook.records.store.changes import NewChange, add_change
from schemebook.records.store.lone_pages import (
    DAYS,
    LonePages,
    Verdict,
    of_one_hand,
    settle_pages,
    unsettled_pages,
    verdict,
)
from schemebook.records.store.originals import ToKeep, original_place
from schemebook.records.store.store import NewReturn, Store
from schemebook.returned.crew import Crew, can_look, hire_crew
from schemebook.returned.joined_files import join_pages
from schemebook.returned.limits import Limits
from schemebook.returned.returned_pdf import ReturnedPdf
from schemebook.returned.submission import ReviewReason, Submission
from schemebook.returned.worker import Reading
from schemebook.scheme.project import Project, load_project
from schemebook.scheme.words import say

Known = Mapping[str, FormDescriptor]

NOT_JOINED = "pages-not-joined"
"""The reason for review of a page that has its others beside it, where they may not be one person's."""
_MOST_NAMED = 4


@dataclass(frozen=True)
class _Desk:
    """What the steps share. readers: hired when first needed. folder: where joined PDFs are made."""

    store: Store
    project: Project
    known: Known
    readers: Callable[[], Crew]
    folder: Path
    limits: Limits
    now: str


def join_messages(
    store: Store,
    root: Path,
    known: Known,
    folder: Path,
    *,
    now: datetime,
    schemes: Sequence[str] = (),
    limits: Limits | None = None,
) -> Iterator[Outcome]:
    """Join what has become whole since it was last looked, and give an outcome for each file that is made.

    folder: where joined PDFs are made. schemes: of which; empty takes all. What may be several people's is not joined,
    and its records say why. Raises SchemebookError where the database or the folder is at fault.
    """
    verdicts = list(_verdicts(store, known, schemes)) if can_look() else []
    alone = [new.record for new, found in verdicts if found.kind == "incomplete"]
    if alone:
        store.change(lambda connection: settle_pages(connection, alone))
    ready = [found for _, found in verdicts if found.kind != "incomplete"]
    if not ready:
        return
    with ExitStack() as ends:

        @cache
        def readers() -> Crew:
            crew = hire_crew(known, limits or Limits())
            ends.callback(crew.stop)
            return crew

        desk = _Desk(store, load_project(root), known, readers, folder, limits or Limits(), utc_text(now))
        yield from _decided(ready, desk)


def _verdicts(store: Store, known: Known, schemes: Sequence[str]) -> Iterator[tuple[LonePages, Verdict]]:
    for one in store.look(unsettled_pages):
        form = known.get(one.edition)
        if form and (not schemes or form.meaning.scheme in schemes):
            yield one, verdict(one, store.look(partial(of_one_hand, one)), form.edition.pages)


def _decided(ready: Sequence[Verdict], desk: _Desk) -> Iterator[Outcome]:
    senders = {row.sender for found in ready if found.kind == "whole" for row in found.rows if row.sender}
    sent = desk.store.records_from(sorted(senders), MOST_LOOKED_AT)
    done: set[str] = set()
    for found in ready:
        ids = {row.record for row in found.rows}
        if not ids & done:
            done |= ids
            yield from _decide(found, desk, sent)


def _decide(found: Verdict, desk: _Desk, sent: Mapping[str, Sequence[Record]]) -> Iterator[Outcome]:
    """Join the pages of one hand, or tell on their records why not."""
    parts = [desk.store.record(row.record) for row in found.rows]
    scheme, form = parts[0].scheme, parts[0].form
    if form not in desk.project.forms.get(scheme, {}) or scheme not in desk.project.schemes:
        return  # nobody can tell people apart: looked at again when the project is whole
    why = _why_not(found, parts, desk, sent)
    joined = None if why else _joined(found, parts, desk)
    if joined is None:
        desk.store.change(lambda connection: _tell(connection, found, parts, why or "unread", desk.now))
        return
    pdf, record = joined
    try:
        if desk.store.change(lambda connection: _put_in_place(connection, found, record, desk)):
            yield Recorded(pdf.name, pdf.sha256, (record.id,), None, record.review[-1].message, to_look_at=True)
    finally:
        pdf.discard()


def _why_not(found: Verdict, parts: Sequence[Record], desk: _Desk, sent: Mapping[str, Sequence[Record]]) -> str | None:
    if found.kind == "page-twice":
        return "page-twice"
    if any(_decided_about(part) for part in parts):
        return "decided"
    sender = found.rows[0].sender
    return doubt_of_sender(desk.store, desk.project, sender, parts, sent.get(sender, ())) if sender else None


def _decided_about(part: Record) -> bool:
    """Whether somebody has decided something about a record: then what they know must not be undone."""
    return any(change.kind != "doubted" for change in part.changes)


def _joined(found: Verdict, parts: Sequence[Record], desk: _Desk) -> tuple[ReturnedPdf, Record] | None:
    """The joined file, kept, and its record; None where a page cannot be read once more."""
    with ExitStack() as ends:  # copies of originals that do not lie here
        read = read_again(parts, desk.store.archive, desk.known, desk.limits, desk.readers(), ends)
        return _joined_of(list(read), found, parts, desk)


def _joined_of(
    readings: Sequence[Reading], found: Verdict, parts: Sequence[Record], desk: _Desk
) -> tuple[ReturnedPdf, Record] | None:
    shown = [one.outcome.lone_pages for one in readings if isinstance(one.outcome, Submission) and one.outcome.partial]
    if shown != [row.pages for row in found.rows]:
        return None
    made = join_pages(readings, desk.known, desk.folder, desk.limits)
    if made is None or not isinstance(made.outcome, Submission):
        return None
    words = say("records.review-joined-messages", files=_names(parts), days=DAYS)
    record = make_record(made.pdf, made.outcome.doubted([ReviewReason("joined-messages", words)]))
    place = original_place(made.pdf.sha256)
    if keep_in(desk.store.archive, [ToKeep(made.pdf.path, made.pdf.sha256, place)]):
        return None
    copies = copies_of(desk.store, [record.token] if record.token else [])
    return made.pdf, told_unchanged(compared(record, copies), copies)


def _put_in_place(connection: Connection, found: Verdict, record: Record, desk: _Desk) -> bool:
    """Store the joined record and void those of its parts, unless something has changed since it was looked."""
    now = {row.record: row for row in of_one_hand(found.rows[0], connection)}
    parts = [desk.store.record_within(connection, row.record) for row in found.rows]
    if any(now.get(row.record) != row for row in found.rows) or any(_decided_about(part) for part in parts):
        return False
    ids = [part.id for part in parts]
    new = desk.store.put_within(connection, [NewReturn(record.sha256 or "", (record,))])
    if new:
        why = say("records.joined-into", record=record.id[:SHORT_ID])
        for part in parts:
            add_change(connection, part, NewChange("voided", say("records.by-itself"), desk.now, reason=why))
    settle_pages(connection, ids, record.id)
    return bool(new)


def _tell(connection: Connection, found: Verdict, parts: Sequence[Record], why: str, now: str) -> None:
    """Keep on each record that still counts why its pages were not joined; once."""
    for row, part in zip(found.rows, parts, strict=True):
        told = any(change.kind == "doubted" and change.reason == NOT_JOINED for change in part.changes)
        if row.joined or part.voided or told:
            continue
        others = _names([one for one in parts if one.id != part.id])
        words = f"{say('records.review-pages-not-joined', files=others)} {say(f'records.not-joined-{why}', days=DAYS)}"
        add_change(connection, part, NewChange("doubted", say("records.by-itself"), now, reason=NOT_JOINED, new=words))
    settle_pages(connection, [row.record for row in found.rows])


def _names(parts: Sequence[Record]) -> str:
    """What the files of some records are called, with the beginnings of their ids."""
    named = [f"{(one.source or '').rpartition('/')[2]} ({one.id[:SHORT_ID]})" for one in parts]
    return ", ".join(named[:_MOST_NAMED]) + (" …" if len(named) > _MOST_NAMED else "")

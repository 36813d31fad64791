"""Records of which a person says that they are pages of one form in; one record of them out, with who said so and when.

What the intake joins by itself (joined_messages.py) has to come from one hand. Here a person has looked, so only what
would be wrong whoever says it is refused: pages of two editions, pages that are missing or there twice, copies of two
people, and what somebody has corrected, which would be lost. Nothing is removed: the records of the single pages are
voided, and to void the joined record and restore those undoes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from sqlalchemy import Connection

from schemebook.errors import UsageError
from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.records.by_hand.review import Reviewer, descriptor_of
from schemebook.records.copies.as_issued import compared
from schemebook.records.copies.unchanged import told_unchanged
from schemebook.records.intake.read_again import read_again
from schemebook.records.listing import SHORT_ID
from schemebook.records.people.issued import copies_of
from schemebook.records.record import Record, make_record
from schemebook.records.store.archive import keep_in
from schemebook.records.store.changes import NewChange, add_change
from schemebook.records.store.lone_pages import settle_pages
from schemebook.records.store.originals import ToKeep, original_place, unpacking_folder
from schemebook.records.store.store import NewReturn, Store
from schemebook.returned.crew import can_look, hire_crew
from schemebook.returned.joined_files import join_pages
from schemebook.returned.limits import Limits
from schemebook.returned.submission import Submission
from schemebook.returned.worker import Reading
from schemebook.scheme.words import say, what_and_to_do

Known = Mapping[str, FormDescriptor]


@dataclass(frozen=True)
class _Joining:
    """What is to be put in place: the joined record, and those of its parts as they were when they were looked at."""

    whole: Record
    parts: Sequence[Record]
    by: Reviewer


def join_by_hand(store: Store, known: Known, ids: Sequence[str], by: Reviewer, limits: Limits | None = None) -> Record:
    """Make one record of those that hold the pages of one form between them, and void those: all of it or nothing.

    known: the published versions and editions, by edition id. ids: of the records, or the beginnings of theirs. by: who
    says that they are one person's. Raises UsageError where they cannot be joined, and says why; SchemebookError where
    folder or database are at fault.
    """
    parts = list({one.id: one for one in map(store.record, ids)}.values())
    form = _refuse_other_than_pages(parts, known)
    limits = limits or Limits()
    with ExitStack() as ends:
        folder = ends.enter_context(unpacking_folder(store.folder))
        crew = hire_crew(known, limits)
        ends.callback(crew.stop)
        readings = list(read_again(parts, store.archive, known, limits, crew, ends))
        _refuse_unless_whole(parts, readings, form)
        made = join_pages(readings, known, folder, limits)
        if made is None or not isinstance(made.outcome, Submission):
            raise _refused("too-large")
        ends.callback(made.pdf.discard)
        whole = make_record(made.pdf, made.outcome)
        place = original_place(made.pdf.sha256)
        if keep_in(store.archive, [ToKeep(made.pdf.path, made.pdf.sha256, place)]):
            raise _refused("unread")
    copies = copies_of(store, [whole.token] if whole.token else [])
    joining = _Joining(told_unchanged(compared(whole, copies), copies), parts, by)
    store.change(lambda connection: _put_in_place(connection, store, joining))
    return store.record(whole.id)


def _refused(kind: str, **said: object) -> UsageError:
    return UsageError(*what_and_to_do(f"records.join-{kind}", **said), kind=f"join-{kind}")


def _refuse_other_than_pages(parts: Sequence[Record], known: Known) -> FormDescriptor:
    """Raise UsageError for records that nobody can join, whatever their files show; else give their form."""
    if not can_look():
        raise _refused("cannot-look")
    if len(parts) < 2:
        raise _refused("one-alone")
    if any(part.anonymous for part in parts):
        raise _refused("anonymous")
    for part in parts:
        if part.voided or part.corrected:
            raise _refused("voided" if part.voided else "corrected", record=part.id[:SHORT_ID])
    if len({part.edition for part in parts}) > 1:
        raise _refused("editions")
    if len(_said(part.token for part in parts)) > 1:
        raise _refused("tokens")
    if len(_said(part.given_to for part in parts)) > 1:
        raise _refused("given")
    return descriptor_of(parts[0], known)


def _said(values: Iterable[str | None]) -> list[str]:
    """What some of several say, each once."""
    return list(dict.fromkeys(filter(None, values)))


def _refuse_unless_whole(parts: Sequence[Record], readings: Sequence[Reading], form: FormDescriptor) -> None:
    """Raise UsageError unless the files show each page of the form once between them, and nothing else of ours."""
    read = {one.pdf.sha256: one.outcome for one in readings}
    pages: Counter[int] = Counter()
    for part in parts:
        found = read.get(part.sha256 or "")
        if not isinstance(found, Submission) or found.edition != part.edition:
            raise _refused("unread", record=part.id[:SHORT_ID])
        if found.partial is None or found.others:
            raise _refused("no-page", record=part.id[:SHORT_ID])
        pages.update(found.lone_pages)
    twice = [page for page, count in sorted(pages.items()) if count > 1]
    missing = [page for page in range(1, form.edition.pages + 1) if page not in pages]
    for kind, wrong in (("page-missing", missing), ("page-twice", twice)):
        if wrong:
            raise _refused(kind, page=wrong[0])


def _put_in_place(connection: Connection, store: Store, joining: _Joining) -> None:
    """Store the joined record and void those of its parts, unless something was decided about one meanwhile."""
    whole, by = joining.whole, joining.by
    if any(store.record_within(connection, part.id).changes != part.changes for part in joining.parts):
        raise _refused("meanwhile")
    if not store.put_within(connection, [NewReturn(whole.sha256 or "", (whole,))]):
        raise _refused("before", record=whole.id[:SHORT_ID])
    ids = [part.id for part in joining.parts]
    add_change(connection, whole, NewChange("joined", by.who, by.at(whole), new=ids))
    for person in _said(part.given_to for part in joining.parts):
        add_change(connection, whole, NewChange("given", by.who, by.at(whole), new=person))
    why = say("records.joined-by-hand", record=whole.id[:SHORT_ID])
    for part in joining.parts:
        add_change(connection, part, NewChange("voided", by.who, by.at(part), reason=why))
    settle_pages(connection, ids, whole.id)

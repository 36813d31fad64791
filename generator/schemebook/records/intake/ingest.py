"""The whole intake as one list of steps: paths in, one Outcome a file out, in the order of the files.

Killed at any instant, it loses nothing and doubles nothing: a file becomes records in one transaction, after its
original is on the disk, and what is recorded is known again by its hash.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar, cast

from schemebook.errors import SchemebookError, UsageError
from schemebook.form_pdf.descriptor import FormDescriptor, load_published
from schemebook.records.copies.as_issued import compared
from schemebook.records.copies.unchanged import told_unchanged
from schemebook.records.intake.arrived import (
    OTHER_SCHEME,
    Arrival,
    End,
    Read,
    Seen,
    Stored,
    discard,
    outcomes,
    set_aside_error,
)
from schemebook.records.intake.joined_messages import join_messages
from schemebook.records.outcomes import Outcome
from schemebook.records.people.issued import copies_of
from schemebook.records.record import make_record, utc_text
from schemebook.records.store.archive import forget_set_aside, keep_in, refuse_archive_among
from schemebook.records.store.originals import (
    ToKeep,
    can_be_moved,
    ending_of,
    original_place,
    remove_stale,
    set_aside_place,
    unpacking_folder,
)
from schemebook.records.store.store import NewReturn, NewSetAside, Store, open_store
from schemebook.records.store.taken_messages import mail_memory
from schemebook.returned.arrivals.imap import MessageEnd, ServerMailbox
from schemebook.returned.arrivals.imap_line import is_address, read_address
from schemebook.returned.arrivals.object_storage import KnownObject, ObjectEnd, is_storage
from schemebook.returned.arrivals.sources import find_in_mailbox, find_in_storage, find_returned
from schemebook.returned.crew import Crew, read_all
from schemebook.returned.joined_files import join_files
from schemebook.returned.limits import Limits
from schemebook.returned.returned_pdf import ReturnedPdf
from schemebook.returned.returned_pdf import SetAside as CannotRead
from schemebook.returned.worker import Reading
from schemebook.scheme.project import scheme_file
from schemebook.scheme.words import what_and_to_do

Passed = End | KnownObject
"""What no reader looks at."""
Given = TypeVar("Given")
Made = TypeVar("Made")

FILES_A_COMMIT = 128
SECONDS_A_COMMIT = 1.0
MARKS_IN_MEMORY = 100_000
"""Of so many recorded files the marks are loaded: 8 MB. Past that a store is asked for the files that came."""
FILES_A_LOOK = 32
"""How many files a store is asked for at once: so few that their hashes are known before the readers run dry."""


def ingest_paths(
    paths: Sequence[Path | str],
    *,
    root: Path,
    database: str | None = None,
    schemes: Sequence[str] = (),
    workers: int = 1,
    limits: Limits | None = None,
    wanted: Callable[[Path], bool] | None = None,
    originals: str | None = None,
) -> Iterator[Outcome]:
    """Read returned files into the store of a project.

    paths: files, folders, zips, messages, mailboxes; they are never changed or moved. An address such as
    imaps://user@server/INBOX is a mailbox on a server: a message is marked seen once its returns are stored.
    Any other address is a place in object storage. wanted: which files of this machine to look into; left out, all.
    root: the project's folder. database: an SQLAlchemy URL, else the project's own. schemes: set aside what other
    schemes' forms bring; empty takes all. originals: the place in object storage where originals are kept from now on.
    Raises UsageError for a path, scheme or URL that is not there, and SchemebookError where the project's published
    forms, the folder or the database are at fault; what was given out before is stored.
    """
    addresses = [read_address(one) for one in paths if isinstance(one, str) and is_address(one)]
    places = [one for one in paths if isinstance(one, str) and is_storage(one) and not is_address(one)]
    files = [Path(one) for one in paths if isinstance(one, Path) or not is_storage(one)]
    find_returned(files, limits)  # tells of a path that is not there before anything is made
    known = known_forms(root)
    refuse_unknown_schemes(root, schemes)
    with ExitStack() as ends:
        store = ends.enter_context(open_store(root, database, create=True))
        if originals:
            store.keep_originals_in(originals)
        refuse_archive_among(places, store.archive)
        folder = ends.enter_context(unpacking_folder(store.folder))
        memory = mail_memory(store.look, store.change)
        boxes = [ServerMailbox(address, limits or Limits(), memory) for address in addresses]
        for box in boxes:
            ends.callback(box.close)
        found = chain(
            find_returned(files, limits, unpack_in=folder, wanted=wanted),
            *(find_in_storage(place, limits, folder, known=store.known_objects) for place in places),
            *(find_in_mailbox(box, limits, unpack_in=folder) for box in boxes),
        )
        here = store.archive.address is None
        copies = folder if here and can_be_moved(folder, store.folder) else None
        yield from ingest(
            found, store, known, schemes=schemes, workers=workers, limits=limits, copies=copies, joined_in=folder
        )
        now = datetime.now(UTC)
        yield from join_messages(store, root, known, folder, now=now, schemes=schemes, limits=limits)


def ingest(
    found: Iterator[ReturnedPdf | CannotRead | Passed],
    store: Store,
    known: Mapping[str, FormDescriptor],
    *,
    schemes: Sequence[str] = (),
    workers: int = 1,
    limits: Limits | None = None,
    copies: Path | None = None,
    few: bool = False,
    crew: Crew | None = None,
    joined_in: Path | None = None,
) -> Iterator[Outcome]:
    """The steps: know a file again, read it, decide, and batch by batch keep copies, store, tell.

    A batch is stored while the next one is read. copies: an empty folder beside the originals, in which those who read
    may lay their copies. few: they are few beside what the store may hold. crew: the caller's. joined_in: a
    folder for the PDFs into which files that hold the pages of one form are joined; left out, none are.
    """
    remove_stale(store.folder)
    first = next(found, None)
    if first is None:
        return  # no worker is started for nothing: whoever watches a folder comes every few seconds
    refused: dict[str, CannotRead] = {}
    unread = know_again(chain([first], found), store, few)
    readings: Iterator[Reading | CannotRead | Seen | Passed] = read_all(unread, known, limits, workers, copies, crew)
    with closing(cast(Generator[Arrival | Reading, None, None], readings)):  # ends its workers
        together = readings
        if joined_in:
            together = join_files(readings, known, joined_in, limits or Limits())
        decided = (decide(reading, schemes) for reading in together)
        for stored in one_behind(in_batches(without_failed_ends(decided)), lambda batch: keep_and_store(batch, store)):
            refused |= {one.sha256: one for one in stored.batch if isinstance(one, CannotRead) and one.sha256}
            yield from outcomes(stored, refused, schemes)
            for one in stored.batch:
                if isinstance(one, MessageEnd):
                    one.box.mark(one.place)
                elif isinstance(one, Read | CannotRead | Seen):
                    discard(one)


def known_forms(root: Path) -> dict[str, FormDescriptor]:
    """The published forms of a project, by edition id. Raises SchemebookError where one of their files is broken."""
    try:
        return load_published(root)
    except (ValueError, OSError):  # pydantic's ValidationError is a ValueError
        raise SchemebookError(*what_and_to_do("records.published-broken"), kind="published-broken") from None


def refuse_unknown_schemes(root: Path, schemes: Sequence[str]) -> None:
    """Raise UsageError for a scheme that the project does not have."""
    for scheme in schemes:
        if not (root / scheme_file(scheme)).is_file():
            known = sorted(path.stem for path in (root / scheme_file("x")).parent.glob("*.yml"))
            words = what_and_to_do("project.no-scheme", id=scheme, known=", ".join(known) or "-")
            raise UsageError(*words, kind="no-scheme")


def know_again(
    found: Iterator[ReturnedPdf | CannotRead | Passed], store: Store, few: bool = False
) -> Iterator[ReturnedPdf | CannotRead | Seen | Passed]:
    """Part the files that are to be read from those that were seen before, by their hash.

    few: do not load the marks of all recorded files for these. A store with very many is asked some files at a time.
    """
    loaded = None if few else store.known_hashes(MARKS_IN_MEMORY)
    seen = loaded or set()
    for one in found if loaded is not None else looked_up(found, store, seen):
        if not isinstance(one, ReturnedPdf):
            yield one
            continue
        plain, keyed = store.marks(one.sha256)
        yield Seen(one) if plain in seen or keyed in seen else one
        seen.add(plain)


def looked_up(
    found: Iterator[ReturnedPdf | CannotRead | Passed], store: Store, seen: set[bytes]
) -> Iterator[ReturnedPdf | CannotRead | Passed]:
    """The same files, of which those that are recorded are in `seen` when they are given."""
    while some := list(islice(found, FILES_A_LOOK)):
        seen |= store.known_among([one.sha256 for one in some if isinstance(one, ReturnedPdf)])
        yield from some


def decide(reading: Reading | CannotRead | Seen | Passed, schemes: Sequence[str]) -> Arrival:
    """What is to become of a file that was looked into. Other schemes' forms are set aside."""
    if not isinstance(reading, Reading):
        return reading
    pdf, outcome = reading.pdf, reading.outcome
    if isinstance(outcome, CannotRead):
        return outcome
    if schemes and outcome.scheme not in schemes:
        return CannotRead.of(pdf, set_aside_error(OTHER_SCHEME))
    made = tuple(make_record(pdf, one) for one in (outcome, *outcome.others))
    return Read(pdf, made, reading.copied, reading.members, outcome.lone_pages)


def without_failed_ends(arrivals: Iterable[Arrival]) -> Iterator[Arrival]:
    """All but the ends of messages of which something was set aside: such a message is looked at again next time."""
    failed = False
    for arrival in arrivals:
        if not isinstance(arrival, MessageEnd) or not failed:
            yield arrival
        failed = not isinstance(arrival, MessageEnd) and (failed or isinstance(arrival, CannotRead))


def in_batches(arrivals: Iterable[Arrival]) -> Iterator[list[Arrival]]:
    """Files for one commit: so many, or those of a second."""
    batch: list[Arrival] = []
    files, since = 0, time.monotonic()
    for arrival in arrivals:
        batch.append(arrival)
        files += not isinstance(arrival, MessageEnd | ObjectEnd)
        if files == FILES_A_COMMIT or time.monotonic() - since >= SECONDS_A_COMMIT:
            yield batch
            batch, files, since = [], 0, time.monotonic()
    if batch:
        yield batch


def one_behind(batches: Iterable[Given], do: Callable[[Given], Made]) -> Iterator[Made]:
    """What `do` makes of each batch, in their order; it works in a thread while the next batch is gathered."""
    with ThreadPoolExecutor(1) as thread:
        running: Future[Made] | None = None
        for batch in batches:
            if running:
                yield running.result()
            running = thread.submit(do, batch)
        if running:
            yield running.result()


def keep_and_store(batch: list[Arrival], store: Store) -> Stored:
    """Originals to the disk first, then the records of a batch in one transaction."""
    batch = compare_with_issued(keep_copies(batch, store), store)
    new = put_in_store(batch, store)
    came = [one.pdf.sha256 for one in batch if isinstance(one, Seen)]
    came += [one.sha256 for one in batch if isinstance(one, KnownObject) and one.sha256]
    return Stored(batch, new, store.records_of(came))


def keep_copies(batch: list[Arrival], store: Store) -> list[Arrival]:
    """Keep originals and set-aside files; what changed since it was hashed is set aside instead.

    Of an anonymous form nothing is kept, nor of another scheme's return.
    """
    files = []
    for one in batch:
        if isinstance(one, CannotRead) and one.sha256 and one.path and one.reason != OTHER_SCHEME:
            files.append(ToKeep(one.path, one.sha256, set_aside_place(one.sha256)))
        elif isinstance(one, Read) and not _anonymous(one):
            place = original_place(one.pdf.sha256, ending_of(one.pdf.path, one.pdf.name))
            files.append(ToKeep(one.pdf.path, one.pdf.sha256, place, one.copied))
    changed = keep_in(store.archive, files)
    return [_changed(one) if isinstance(one, Read) and one.pdf.sha256 in changed else one for one in batch]


def _anonymous(one: Read) -> bool:
    return any(record.anonymous for record in one.records)


def _changed(one: Read) -> CannotRead:
    gone = CannotRead.of(one.pdf, set_aside_error("changed"))
    return replace(gone, sha256=None)


def compare_with_issued(batch: list[Arrival], store: Store) -> list[Arrival]:
    """Mark the records of issued copies whose locked answers came back changed, or in which nothing was changed."""
    tokens = [record.token for one in batch if isinstance(one, Read) for record in one.records if record.token]
    copies = copies_of(store, tokens)
    if not copies:
        return batch
    return [
        replace(one, records=tuple(told_unchanged(compared(record, copies), copies) for record in one.records))
        if isinstance(one, Read)
        else one
        for one in batch
    ]


def put_in_store(batch: list[Arrival], store: Store) -> set[str]:
    """Store a batch in one transaction; the hashes of the files that were new."""
    read = [
        NewReturn(one.pdf.sha256, one.records, tuple(file.sha256 for file in one.members), one.lone_pages)
        for one in batch
        if isinstance(one, Read)
    ]
    aside = [
        NewSetAside(one.sha256, one.name, one.reason, one.message, utc_text(one.received) if one.received else None)
        for one in batch
        if isinstance(one, CannotRead) and one.sha256 and one.reason != OTHER_SCHEME
    ]
    taken = [one.place for one in batch if isinstance(one, MessageEnd)]
    objects = [one for one in batch if isinstance(one, ObjectEnd)]
    joined = {hash for one in read for hash in one.joined}
    before = store.set_aside_among([*(one.sha256 for one in read), *joined]) if store.archive.address else None
    new = store.put(read, aside, taken, objects=objects) if read or aside or taken or objects else set()
    forget_set_aside(store.archive, sorted(new | joined) if before is None else sorted(before))
    return new

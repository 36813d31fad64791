"""Returns taken in by many machines: names handed out in batches over Dask, each file stored by whoever read it.

What is done stands in the database alone. A worker that is lost has its batch done again by another; a scheduler
that is lost ends the run, and the next run goes on. In both cases a file that was stored is known again, and none is
stored twice.

All machines see the project's folder and the files under the same names, or the files lie in object storage.
"""

from __future__ import annotations

import atexit
import multiprocessing
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import chain, groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemebook.errors import SchemebookError, UsageError
from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.records.intake.arrived import told_known
from schemebook.records.intake.ingest import ingest, known_forms, refuse_unknown_schemes
from schemebook.records.intake.joined_messages import join_messages
from schemebook.records.outcomes import Outcome
from schemebook.records.store.archive import refuse_archive_among
from schemebook.records.store.originals import unpacking_folder
from schemebook.records.store.store import Store, open_store
from schemebook.records.store.tables import database_url
from schemebook.returned.arrivals.imap_line import is_address
from schemebook.returned.arrivals.object_storage import (
    KnownObject,
    ListedObject,
    ObjectEnd,
    is_storage,
    list_objects,
)
from schemebook.returned.arrivals.sources import find_in_storage, find_returned, list_returned
from schemebook.returned.crew import Crew, hire_crew
from schemebook.returned.limits import Limits
from schemebook.returned.returned_pdf import ReturnedPdf, SetAside
from schemebook.scheme.words import what_and_to_do

if TYPE_CHECKING:
    from distributed import Client, Future

FILES_A_BATCH = 200
_BATCHES_AHEAD = 3
"""How many batches wait for a worker of the cluster, so that it never idles and names are listed as they are used."""
_TRIES = 3
Named = str | ListedObject
"""A file as it is handed out: its path, or an object as its storage told of it."""
_ONE_AT_A_TIME = threading.Lock()
"""A worker of the cluster may run several threads; a reader process is for one."""


def ingest_on_cluster(
    cluster: str,
    paths: Sequence[Path | str],
    *,
    root: Path,
    database: str,
    schemes: Sequence[str] = (),
    limits: Limits | None = None,
    originals: str | None = None,
) -> Iterator[Outcome]:
    """Read returned files into the store of a project on a Dask cluster, in no order.

    cluster: the address of its scheduler. paths: files and folders that all its machines see, or places in object
    storage. database: an SQLAlchemy URL of a database that all reach. A batch that was begun twice tells its files that
    were stored before as duplicates.
    Raises as `ingest_paths`, and where the cluster cannot be reached or is lost.
    """
    if database_url(database).get_backend_name() == "sqlite":
        raise UsageError(*what_and_to_do("records.cluster-needs-a-server"), kind="cluster-needs-a-server")
    if any(isinstance(one, str) and is_address(one) for one in paths):
        raise UsageError(*what_and_to_do("records.cluster-needs-places"), kind="cluster-needs-places")
    known = known_forms(root)
    refuse_unknown_schemes(root, schemes)
    work = Work(str(root.resolve()), database, tuple(schemes), limits or Limits())
    with open_store(root, database, create=True) as store:  # tables are made once, before many would
        if originals:
            store.keep_originals_in(originals)
        refuse_archive_among([one for one in paths if isinstance(one, str) and is_storage(one)], store.archive)
        with closing(_client(cluster)) as client:
            yield from _handed_out(client, cluster, _batches(paths, work, store))
        with unpacking_folder(store.folder) as folder:
            now = datetime.now(UTC)
            yield from join_messages(store, root, known, folder, now=now, schemes=schemes, limits=limits)


@dataclass(frozen=True)
class Work:
    """What every worker has to know. A cluster writes the arguments of what failed into its log, so none are shown."""

    root: str = field(repr=False)
    database: str = field(repr=False)
    schemes: tuple[str, ...] = field(repr=False)
    limits: Limits = field(repr=False)


@dataclass(frozen=True)
class Batch:
    """The files of one task."""

    work: Work
    names: list[Named] = field(repr=False)


def _batches(paths: Sequence[Path | str], work: Work, store: Store) -> Iterator[Batch | list[Outcome]]:
    """What is to be handed out; in between, what became of objects that are known without being fetched."""
    places = [one for one in paths if isinstance(one, str) and is_storage(one)]
    files = [Path(one) for one in paths if isinstance(one, Path) or not is_storage(one)]
    listed = (str(one.resolve().parent / one.name) for one in list_returned(files))
    names: Iterator[Named] = chain(listed, *map(list_objects, places))
    waiting: list[Named] = []
    while some := list(islice(names, FILES_A_BATCH)):
        objects = [one for one in some if isinstance(one, ListedObject)]
        known = store.known_objects(objects) if objects else {}
        if known:
            yield _told(known, store, work.schemes)
        waiting += [one for one in some if one not in known]
        while len(waiting) >= FILES_A_BATCH:
            yield Batch(work, waiting[:FILES_A_BATCH])
            waiting = waiting[FILES_A_BATCH:]
    if waiting:
        yield Batch(work, waiting)


def _told(known: Mapping[ListedObject, str | None], store: Store, schemes: Sequence[str]) -> list[Outcome]:
    before = store.records_of([file for file in known.values() if file])
    return [told_known(KnownObject(one.name, file), before, schemes) for one, file in known.items()]


def _client(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(*what_and_to_do("records.no-cluster"), kind="no-cluster") from None
    try:
        return Client(address, timeout="20s")
    except (OSError, ValueError):
        raise _lost(address) from None


def _lost(address: str) -> SchemebookError:
    return SchemebookError(*what_and_to_do("records.cluster-lost", address=address), kind="cluster-lost")


def _handed_out(client: Client, address: str, batches: Iterator[Batch | list[Outcome]]) -> Iterator[Outcome]:
    from distributed import CancelledError, KilledWorker, as_completed

    ahead, held = max(1, len(client.nthreads())) * _BATCHES_AHEAD, 0
    running = as_completed([])
    try:
        for one in batches:
            if not isinstance(one, Batch):
                yield from one
                continue
            running.add(client.submit(take_in_batch, one, pure=False, retries=_TRIES))
            held += 1
            if held == ahead:
                held -= 1
                yield from _results(next(running))
        for future in running:
            yield from _results(future)
    except (CancelledError, KilledWorker, OSError):
        raise _lost(address) from None


def _results(future: Future[Any]) -> list[Outcome]:
    found: list[Outcome] = future.result()
    future.release()
    return found


def take_in_batch(batch: Batch) -> list[Outcome]:
    """What a worker of the cluster does: its files, one after another, into the store."""
    with _ONE_AT_A_TIME:
        desk, schemes, limits = _desk(batch.work), batch.work.schemes, batch.work.limits
        with unpacking_folder(desk.store.folder) as folder:
            done = ingest(
                _found(batch.names, limits, folder),
                desk.store,
                desk.known,
                schemes=schemes,
                limits=limits,
                few=True,
                crew=desk.crew,
                joined_in=folder,
            )
            return list(done)


def _found(
    names: list[Named], limits: Limits, folder: Path
) -> Iterator[ReturnedPdf | SetAside | KnownObject | ObjectEnd]:
    for place, some in groupby(names, key=lambda one: one.address if isinstance(one, ListedObject) else None):
        if place is not None:
            objects = (one for one in some if isinstance(one, ListedObject))
            yield from find_in_storage(place, limits, unpack_in=folder, objects=objects)
            continue
        paths = [Path(one) for one in some if isinstance(one, str)]
        for path in paths:
            if path.exists() or path.is_symlink():  # some went away
                yield from find_returned([path], limits, unpack_in=folder, follow=False)


@dataclass(frozen=True)
class _Desk:
    """What a worker of the cluster keeps from batch to batch: the store, the published forms, its reader processes."""

    store: Store
    known: Mapping[str, FormDescriptor]
    crew: Crew


@cache
def _desk(work: Work) -> _Desk:
    if multiprocessing.current_process().daemon:
        raise SchemebookError(*what_and_to_do("records.cluster-daemon"), kind="cluster-daemon")
    known = known_forms(Path(work.root))
    store = open_store(Path(work.root), work.database)
    crew = hire_crew(known, work.limits)
    atexit.register(crew.stop)
    return _Desk(store, known, crew)

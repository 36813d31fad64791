"""Returns taken in by many machines: names handed out in batches over Dask, each file stored by whoever read it.

What is done stands in the database alone. A worker that is lost has its batch done again by another; a scheduler
that is lost ends the run, and the next run goes on. In both cases a file that was stored is known again, and none is
stored twice.

All machines see the project's folder and the files under the same names, or the files lie in object storage.
"""

from __future__ import annotations

import atexit
import multiprocessing
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemebook.errors import SchemebookError, UsageError
from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.records.ingest import ingest, known_forms, refuse_unknown_schemes
from schemebook.records.outcomes import Outcome
from schemebook.records.store import Store, open_store
from schemebook.records.tables import database_url
from schemebook.returned.imap import is_address
from schemebook.returned.limits import Limits
from schemebook.returned.object_storage import is_storage, list_objects
from schemebook.returned.returned_pdf import ReturnedPdf
from schemebook.returned.sources import find_in_storage, find_returned, list_returned
from schemebook.returned.worker import Worker
from schemebook.scheme.words import what_and_to_do

if TYPE_CHECKING:
    from distributed import Client, Future

FILES_A_BATCH = 200
_BATCHES_AHEAD = 3
"""How many batches wait for a worker of the cluster, so that it never idles and names are listed as they are used."""
_TRIES = 3
_ONE_AT_A_TIME = threading.Lock()
"""A worker of the cluster may run several threads; a reader process is for one."""


def ingest_on_cluster(
    cluster: str, paths: Sequence[Path | str], *, root: Path, database: str, schemes: Sequence[str] = ()
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
    known_forms(root)
    refuse_unknown_schemes(root, schemes)
    with open_store(root, database, create=True):
        pass  # tables are made once, before many would
    work = (str(root.resolve()), database, tuple(schemes))
    with closing(_client(cluster)) as client:
        yield from _handed_out(client, cluster, _batches(paths), work)


def _batches(paths: Sequence[Path | str]) -> Iterator[list[str]]:
    places = [one for one in paths if isinstance(one, str) and is_storage(one)]
    files = [Path(one) for one in paths if isinstance(one, Path) or not is_storage(one)]
    names = chain((str(one.resolve().parent / one.name) for one in list_returned(files)), *map(list_objects, places))
    while batch := list(islice(names, FILES_A_BATCH)):
        yield batch


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


def _handed_out(client: Client, address: str, batches: Iterator[list[str]], work: tuple[Any, ...]) -> Iterator[Outcome]:
    from distributed import CancelledError, KilledWorker, as_completed

    def submit(batch: list[str]) -> Future[Any]:
        return client.submit(take_in_batch, batch, *work, pure=False, retries=_TRIES)

    try:
        ahead = max(1, len(client.nthreads())) * _BATCHES_AHEAD
        running = as_completed([submit(batch) for batch in islice(batches, ahead)])
        for future in running:
            yield from future.result()
            future.release()
            for batch in islice(batches, 1):
                running.add(submit(batch))
    except (CancelledError, KilledWorker, OSError):
        raise _lost(address) from None


def take_in_batch(names: list[str], root: str, database: str, schemes: tuple[str, ...]) -> list[Outcome]:
    """What a worker of the cluster does: its files, one after another, into the store."""
    with _ONE_AT_A_TIME:
        return _take_in(names, schemes, *_desk(root, database))


def _take_in(
    names: list[str], schemes: tuple[str, ...], store: Store, known: Mapping[str, FormDescriptor], reader: Worker
) -> list[Outcome]:
    with tempfile.TemporaryDirectory(dir=store.folder) as folder:
        found = list(_found(names, Path(folder)))
        seen = store.known_among([one.sha256 for one in found if isinstance(one, ReturnedPdf)])
        return list(ingest(iter(found), store, known, schemes=schemes, seen=seen, crew=[reader]))


def _found(names: list[str], folder: Path) -> Iterator[Any]:
    for name in names:
        if is_storage(name):
            yield from find_in_storage(name, unpack_in=folder)
        elif not Path(name).exists() and not Path(name).is_symlink():
            continue  # it went away since it was listed
        else:
            yield from find_returned([Path(name)], unpack_in=folder, follow=False)


@cache
def _desk(root: str, database: str) -> tuple[Store, Mapping[str, FormDescriptor], Worker]:
    """What a worker of the cluster keeps from batch to batch: the store, the published forms, a reader process."""
    if multiprocessing.current_process().daemon:
        raise SchemebookError(*what_and_to_do("records.cluster-daemon"), kind="cluster-daemon")
    known = known_forms(Path(root))
    store = open_store(Path(root), database)
    store.folder.mkdir(mode=0o700, exist_ok=True)
    reader = Worker(known, Limits())
    atexit.register(reader.stop)
    return store, known, reader

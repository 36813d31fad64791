"""A place in object storage in (s3://, gs://, az:// and what else obstore knows); its objects out, as files of our own.

Nothing there is changed. Credentials come from the environment, by the names that
each storage's own tools use.

obstore and not fsspec: s3fs cannot be installed beside urllib3 2.8 and dateutil 4, which MkDocs and requests bring
(2026-11-27), and obstore lists while it goes.
"""

from __future__ import annotations

import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from schemebook.errors import SchemebookError, SetAsideError, UsageError
from schemebook.returned.arrivals.zips import is_nobodys
from schemebook.returned.limits import Limits
from schemebook.returned.opening import set_aside
from schemebook.scheme.words import what_and_to_do

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import ObjectStore

_AHEAD = 8
"""How many objects are on their way at once."""
_AT_ONCE = 1_000
"""How many objects are told of at once: a page of a listing, as S3 gives it."""
STORAGES = ("s3", "s3a", "gs", "az", "adl", "azure", "abfs", "abfss")
"""Storages whose tags name the bytes, or each writing of them, and who keep what they were given."""


@dataclass(frozen=True)
class ListedObject:
    """One object as a listing tells of it, before it is fetched. key: below its address. changed: when, in ISO 8601.

    etag and version name its bytes, where the storage gives them.
    """

    address: str
    key: str
    etag: str | None
    version: str | None
    size: int
    changed: str

    @property
    def name(self) -> str:
        """Its whole address."""
        return f"{self.address.rstrip('/')}/{self.key}"

    @property
    def recognisable(self) -> bool:
        """Whether an object that is told in just the same way has the same bytes.

        Not by size and time alone, which a second version may share within a second, as on disks and web servers
        their tags are made of these; nor by a weak tag (RFC 9110, 8.8.1).
        """
        tagged = self.version or (self.etag and not self.etag.startswith("W/"))
        return bool(tagged) and self.address.partition("://")[0].lower() in STORAGES


@dataclass(frozen=True)
class StoredObject:
    """One object: its address, when it was written, and our copy of it; why there is none, where there is none.

    listed: as it was told of, where these are the bytes that were meant, and it can be known again.
    """

    name: str
    received: datetime
    path: Path | None = None
    refused: SetAsideError | None = None
    listed: ListedObject | None = None


@dataclass(frozen=True)
class KnownObject:
    """An object of which everything is stored already, so that it is not fetched. sha256: of its one file, if kept."""

    name: str
    sha256: str | None


@dataclass(frozen=True)
class ObjectEnd:
    """Comes after all files of an object: once those, by their hashes, are stored, it need not be fetched again."""

    object: ListedObject
    files: tuple[str, ...]


Known = Callable[[Sequence[ListedObject]], Mapping[ListedObject, str | None]]
"""Which of some objects are known, each with the hash of its one file if that is kept."""


def is_storage(text: str) -> bool:
    """Whether a text is an address, and so no path."""
    return "://" in text


def stored_objects(
    address: str,
    folder: Path,
    limits: Limits,
    objects: Iterable[ListedObject] | None = None,
    known: Known | None = None,
) -> Iterator[StoredObject | KnownObject]:
    """Every object below an address, as the storage orders them. folder: where each is copied, a few ahead.

    objects: those to fetch, as `list_objects` gave them; what has gone since is passed over. Left out, all. known:
    tells which are not to be fetched.
    Raises UsageError where obstore is missing or does not know the address, or there is nothing there, and
    SchemebookError where the storage cannot be reached or refuses.
    """
    empty = objects is None
    with _told(address):
        for some in [list(objects)] if objects is not None else _listed(address):
            for one in _fetched(some, known(some) if known and some else {}, folder, limits):
                empty = False
                yield one
    if empty:
        raise UsageError(*what_and_to_do("returned.no-objects", address=address), kind="no-objects")


def list_objects(address: str) -> Iterator[ListedObject]:
    """Each object below an address, without fetching any. Raises as `stored_objects` does."""
    empty = True
    with _told(address):
        for some in _listed(address):
            for one in some:
                empty = False
                yield one
    if empty:
        raise UsageError(*what_and_to_do("returned.no-objects", address=address), kind="no-objects")


@contextmanager
def _told(address: str) -> Iterator[None]:
    """What object storage refuses, in our words."""
    try:
        from obstore.exceptions import BaseError
        from obstore.store import from_url
    except ImportError:
        raise UsageError(*what_and_to_do("returned.no-obstore"), kind="no-obstore") from None
    try:
        from_url(address)
    except BaseError:
        raise UsageError(*what_and_to_do("returned.no-storage", address=address), kind="no-storage") from None
    try:
        yield
    except (BaseError, OSError) as error:
        words = what_and_to_do("returned.storage-at-fault", address=address, why=type(error).__name__)
        raise SchemebookError(*words, kind="storage-at-fault") from None


def _listed(address: str) -> Iterator[list[ListedObject]]:
    """What lies below an address, in pieces as the storage tells it; the one object that it names, where it does."""
    from obstore.store import from_url

    empty = True
    for batch in from_url(address).list(chunk_size=_AT_ONCE):
        some = [_as_listed(address, about) for about in batch if not any(map(is_nobodys, about["path"].split("/")))]
        empty = empty and not some
        yield some
    if empty:
        above, _, name = address.rstrip("/").rpartition("/")
        with suppress(FileNotFoundError):
            yield [replace(_as_listed(above, from_url(above + "/").head(name)), key=name)]


def _as_listed(address: str, about: ObjectMeta) -> ListedObject:
    changed = about["last_modified"].astimezone(UTC).isoformat()
    return ListedObject(address, about["path"], about["e_tag"], about["version"], about["size"], changed)


def _fetched(
    some: Sequence[ListedObject], known: Mapping[ListedObject, str | None], folder: Path, limits: Limits
) -> Iterator[StoredObject | KnownObject]:
    """Some objects of one address, in their order. A few are on their way while the first is read: an answer takes the
    storage ten times as long as a form takes the reader."""
    from obstore.store import from_url

    if not some:
        return
    store, on_their_way = from_url(some[0].address), deque[Future[StoredObject | KnownObject | None]]()
    with ThreadPoolExecutor(_AHEAD) as threads:
        for one in some:
            if one in known:
                on_their_way.append(_done(KnownObject(one.name, known[one])))
            else:
                on_their_way.append(threads.submit(_copied, store, one, folder, limits))
            if len(on_their_way) > _AHEAD and (first := on_their_way.popleft().result()):
                yield first
        for future in on_their_way:
            if last := future.result():
                yield last


def _done(one: KnownObject) -> Future[StoredObject | KnownObject | None]:
    future: Future[StoredObject | KnownObject | None] = Future()
    future.set_result(one)
    return future


def _copied(store: ObjectStore, listed: ListedObject, folder: Path, limits: Limits) -> StoredObject | None:
    """Our copy of one object; None where it has gone."""
    try:
        got = store.get(listed.key)
    except FileNotFoundError:
        return None
    name, received = listed.name, got.meta["last_modified"].astimezone(UTC)
    most = limits.zip_inflated_bytes if name.lower().endswith(".zip") else max(limits.file_bytes, limits.mail_bytes)
    if got.meta["size"] > most:
        return StoredObject(name, received, refused=set_aside("too-large", most=most))
    handle, place = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as out:
        for piece in got.stream():
            out.write(piece)
    if Path(place).stat().st_size != got.meta["size"]:
        Path(place).unlink()
        return StoredObject(name, received, refused=set_aside("changed"))
    meant = (got.meta["e_tag"], got.meta["size"]) == (listed.etag, listed.size) and listed.recognisable
    return StoredObject(name, received, Path(place), listed=listed if meant else None)

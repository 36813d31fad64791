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
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from schemebook.errors import SchemebookError, SetAsideError, UsageError
from schemebook.returned.arrivals.zips import is_nobodys
from schemebook.returned.limits import Limits
from schemebook.returned.opening import set_aside
from schemebook.scheme.words import what_and_to_do

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_AHEAD = 8
"""How many objects are on their way at once."""


@dataclass(frozen=True)
class StoredObject:
    """One object: its address, when it was written, and our copy of it; why there is none, where there is none."""

    name: str
    received: datetime
    path: Path | None = None
    refused: SetAsideError | None = None


def is_storage(text: str) -> bool:
    """Whether a text is an address, and so no path."""
    return "://" in text


def stored_objects(
    address: str, folder: Path, limits: Limits, keys: Iterable[str] | None = None
) -> Iterator[StoredObject]:
    """Every object below an address, as the storage orders them. folder: where each is copied, a few ahead.

    keys: the objects to fetch, as `list_objects` gave them; what has gone since is passed over. Left out, all.
    Raises UsageError where obstore is missing or does not know the address, or there is nothing there, and
    SchemebookError where the storage cannot be reached or refuses.
    """
    empty = keys is None
    with _told(address):
        for base, some in [(address, keys)] if keys is not None else _listed(address):
            for one in _fetched(base, some, folder, limits):
                empty = False
                yield one
    if empty:
        raise UsageError(*what_and_to_do("returned.no-objects", address=address), kind="no-objects")


def list_objects(address: str) -> Iterator[tuple[str, str]]:
    """An address and a key for each object below one, without fetching any. Raises as `stored_objects` does."""
    empty = True
    with _told(address):
        for base, keys in _listed(address):
            for key in keys:
                empty = False
                yield base, key
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


def _listed(address: str) -> Iterator[tuple[str, Iterable[str]]]:
    """What lies below an address, in pieces as the storage tells it; the one object that it names, where it does."""
    from obstore.store import from_url

    empty = True
    for batch in from_url(address).list():
        keys = [about["path"] for about in batch if not any(map(is_nobodys, about["path"].split("/")))]
        empty = empty and not keys
        yield address, keys
    if empty:
        above, _, name = address.rstrip("/").rpartition("/")
        with suppress(FileNotFoundError):
            from_url(above + "/").head(name)
            yield above, [name]


def _fetched(address: str, keys: Iterable[str], folder: Path, limits: Limits) -> Iterator[StoredObject]:
    """The objects of some keys, in their order. Some are on their way while the first is read: an answer takes the
    storage ten times as long as a form takes the reader."""
    from obstore.store import from_url

    store, on_their_way = from_url(address), deque[Future[StoredObject | None]]()
    with ThreadPoolExecutor(_AHEAD) as threads:
        for key in keys:
            name = f"{address.rstrip('/')}/{key}"
            on_their_way.append(threads.submit(_copied, store, key, name, folder, limits))
            if len(on_their_way) > _AHEAD and (one := on_their_way.popleft().result()):
                yield one
        for future in on_their_way:
            if one := future.result():
                yield one


def _copied(store: ObjectStore, key: str, name: str, folder: Path, limits: Limits) -> StoredObject | None:
    """Our copy of one object; None where it has gone."""
    try:
        got = store.get(key)
    except FileNotFoundError:
        return None
    received = got.meta["last_modified"].astimezone(UTC)
    most = limits.zip_inflated_bytes if key.lower().endswith(".zip") else max(limits.file_bytes, limits.mail_bytes)
    if got.meta["size"] > most:
        return StoredObject(name, received, refused=set_aside("too-large", most=most))
    handle, place = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as out:
        for piece in got.stream():
            out.write(piece)
    if Path(place).stat().st_size != got.meta["size"]:
        Path(place).unlink()
        return StoredObject(name, received, refused=set_aside("changed"))
    return StoredObject(name, received, Path(place))

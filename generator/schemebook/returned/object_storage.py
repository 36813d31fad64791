"""A place in object storage in (s3://, gs://, az:// and what else obstore knows); its objects out, as files of our own.

One object is fetched at a time, and nothing there is changed. Credentials come from the environment, by the names that
each storage's own tools use.

obstore and not fsspec: s3fs cannot be installed beside urllib3 2.8 and dateutil 4, which MkDocs and requests bring
(2026-11-27), and obstore lists while it goes.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from schemebook.errors import SchemebookError, SetAsideError, UsageError
from schemebook.returned.limits import Limits
from schemebook.returned.opening import set_aside
from schemebook.returned.zips import is_nobodys
from schemebook.scheme.words import what_and_to_do

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import ObjectStore


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


def stored_objects(address: str, folder: Path, limits: Limits) -> Iterator[StoredObject]:
    """Every object below an address, as the storage orders them. folder: where each is copied, one at a time.

    Raises UsageError where obstore is missing or does not know the address, or there is nothing there, and
    SchemebookError where the storage cannot be reached or refuses.
    """
    empty = True
    with _told(address):
        from obstore.store import from_url

        store = from_url(address)
        for batch in store.list():
            for about in batch:
                if not any(map(is_nobodys, about["path"].split("/"))):
                    empty = False
                    yield _copied(store, about, f"{address.rstrip('/')}/{about['path']}", folder, limits)
        if empty and (one := _alone(address)):
            empty = False
            yield _copied(*one, address, folder, limits)
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


def list_objects(address: str) -> Iterator[str]:
    """The addresses of all objects below one, without fetching any. Raises as `stored_objects` does."""
    with _told(address):
        from obstore.store import from_url

        for batch in from_url(address).list():
            for about in batch:
                if not any(map(is_nobodys, about["path"].split("/"))):
                    yield f"{address.rstrip('/')}/{about['path']}"


def _alone(address: str) -> tuple[ObjectStore, ObjectMeta] | None:
    """The one object that an address names itself; None where there is none."""
    from obstore.store import from_url

    above, _, name = address.rstrip("/").rpartition("/")
    try:
        store = from_url(above + "/")
        return store, store.head(name)
    except FileNotFoundError:
        return None


def _copied(store: ObjectStore, about: ObjectMeta, name: str, folder: Path, limits: Limits) -> StoredObject:
    received = about["last_modified"].astimezone(UTC)
    most = limits.zip_inflated_bytes if name.lower().endswith(".zip") else max(limits.file_bytes, limits.mail_bytes)
    if about["size"] > most:
        return StoredObject(name, received, refused=set_aside("too-large", most=most))
    handle, place = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as out:
        for piece in store.get(about["path"]).stream():
            out.write(piece)
    if Path(place).stat().st_size != about["size"]:
        Path(place).unlink()
        return StoredObject(name, received, refused=set_aside("changed"))
    return StoredObject(name, received, Path(place))

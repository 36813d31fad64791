"""A place in object storage in (`s3://bucket/prefix`, or any that fsspec knows); its objects out, as files of our own.

One object is fetched at a time, and nothing there is changed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemebook.errors import SchemebookError, SetAsideError, UsageError
from schemebook.returned.limits import Limits
from schemebook.returned.opening import set_aside
from schemebook.returned.zips import is_nobodys
from schemebook.scheme.words import what_and_to_do

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_CHUNK = 1 << 20
_WHEN = ("LastModified", "last_modified", "mtime", "updated", "created")
"""Where the kinds of storage say when an object was written."""


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
    """Every object below an address, in the order of their names. folder: where each is copied, one at a time.

    Raises UsageError where fsspec, or what it needs for this kind of storage, is missing or there is nothing at the
    address, and SchemebookError where the storage cannot be reached or refuses.
    """
    storage, root = _open(address)
    kind = address.partition("://")[0]
    try:
        listed: dict[str, dict[str, Any]] = storage.find(root, detail=True)
        if not listed:
            raise UsageError(*what_and_to_do("returned.no-objects", address=address), kind="no-objects")
        for key in sorted(listed):
            if not any(map(is_nobodys, key.split("/"))):
                yield _copied(storage, key, f"{kind}://{key}", listed[key], folder, limits)
    except _faults() as error:
        words = what_and_to_do("returned.storage-at-fault", address=address, why=type(error).__name__)
        raise SchemebookError(*words, kind="storage-at-fault") from None


def _faults() -> tuple[type[Exception], ...]:
    """What storage raises when it cannot be reached or refuses: s3fs turns most, not all, into OSError."""
    try:
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        return OSError, ValueError
    return OSError, ValueError, BotoCoreError, ClientError


def _open(address: str) -> tuple[AbstractFileSystem, str]:
    try:
        from fsspec.core import url_to_fs

        storage, root = url_to_fs(address)
    except (ImportError, ValueError):
        kind = address.partition("://")[0]
        raise UsageError(*what_and_to_do("returned.no-storage", kind=kind), kind="no-storage") from None
    return storage, root


def _copied(
    storage: AbstractFileSystem, key: str, name: str, about: dict[str, Any], folder: Path, limits: Limits
) -> StoredObject:
    received = _written(about)
    most = limits.zip_inflated_bytes if key.lower().endswith(".zip") else max(limits.file_bytes, limits.mail_bytes)
    if (about.get("size") or 0) > most:
        return StoredObject(name, received, refused=set_aside("too-large", most=most))
    handle, place = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as out, storage.open(key, "rb", block_size=_CHUNK) as source:
        size = 0
        while piece := source.read(_CHUNK):
            size += len(piece)
            out.write(piece)
    if size != about.get("size", size):
        Path(place).unlink()
        return StoredObject(name, received, refused=set_aside("changed"))
    return StoredObject(name, received, Path(place))


def _written(about: dict[str, Any]) -> datetime:
    """When an object was written, in UTC; now, where its storage does not say."""
    for key in _WHEN:
        when = about.get(key)
        if isinstance(when, datetime):
            return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
        if isinstance(when, float):
            return datetime.fromtimestamp(when, UTC)
    return datetime.now(UTC)

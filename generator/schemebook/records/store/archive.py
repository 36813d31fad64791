"""Where a store keeps originals and set-aside files: returned files in, and out again by their hash.

That is its folder, or, once `ingest --originals` has named one, a place in object storage, under the same names. There
a file is put whole or not at all, and before anything in the database names it. One of its name has the same bytes, so
it is left alone, or written over by a storage that cannot tell. What lay in the folder before is found there.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from schemebook.errors import SchemebookError, UsageError
from schemebook.records.store.originals import (
    KINDS,
    ToKeep,
    find_original,
    keep_files,
    original_place,
    remove_set_aside,
    set_aside_path,
    set_aside_place,
    unpacking_folder,
)
from schemebook.returned.arrivals.object_storage import STORAGES
from schemebook.scheme.words import what_and_to_do

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_AT_ONCE = 8
"""How many files are put at once: an answer takes the storage longer than all else."""
_LARGE = 8_000_000
_ONE_LARGE = threading.Lock()
"""A file is held in memory while it is put; of large ones one at a time."""
_LONGEST_ADDRESS = 200


@dataclass(frozen=True)
class Archive:
    """A store's folder, and the address in object storage where files are kept instead; None where they lie in it."""

    folder: Path
    address: str | None = None

    @cached_property
    def storage(self) -> ObjectStore:
        """The storage at the address, by the credentials in the environment."""
        from obstore.store import from_url

        assert self.address
        return from_url(self.address)


def archive_address(text: str) -> str:
    """An address as it is kept. Raises UsageError for what is none in object storage, or holds a password."""
    address = text.rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in STORAGES or not parts.netloc or "@" in parts.netloc or len(address) > _LONGEST_ADDRESS:
        raise UsageError(*what_and_to_do("records.no-archive"), kind="no-archive")
    return address


def refuse_archive_among(places: Sequence[str], archive: Archive) -> None:
    """Raise UsageError where one of the places from which returns are to be read holds the originals."""
    if any(f"{archive.address}/".startswith(f"{place.rstrip('/')}/") for place in places):
        raise UsageError(
            *what_and_to_do("records.archive-among-returns", address=archive.address), kind="archive-among"
        )


def try_out(archive: Archive) -> None:
    """Raise SchemebookError where the storage cannot be reached or refuses, before anything is to be kept there."""
    with _told(archive.address or ""):
        next(iter(archive.storage.list(chunk_size=1)), None)


def keep_in(archive: Archive, files: Iterable[ToKeep]) -> set[str]:
    """Keep files for good, and give the hashes of those that are no longer what they were when hashed.

    Raises SchemebookError where folder or storage takes none.
    """
    if archive.address is None:
        return keep_files(archive.folder, files)
    wanted = list({one.place: one for one in files}.values())
    with _told(archive.address), ThreadPoolExecutor(_AT_ONCE) as threads:
        kept = list(threads.map(lambda one: _put(archive, one), wanted))
    return {one.sha256 for one, there in zip(wanted, kept, strict=True) if not there}


@contextmanager
def original_at_hand(archive: Archive, sha256: str) -> Iterator[Path | None]:
    """A recorded file's original, to be read while the `with` lasts; None where there is none."""
    found = find_original(archive.folder, sha256)
    if found or archive.address is None:
        yield found
        return
    names = [original_place(sha256, ending) for ending in KINDS]
    with _fetched(archive, names) as copy:
        yield copy


@contextmanager
def set_aside_at_hand(archive: Archive, sha256: str) -> Iterator[Path | None]:
    """A set-aside file, to be read while the `with` lasts; None where there is none."""
    place = set_aside_path(archive.folder, sha256)
    if place.is_file() or archive.address is None:
        yield place if place.is_file() else None
        return
    with _fetched(archive, [set_aside_place(sha256)]) as copy:
        yield copy


def forget_set_aside(archive: Archive, hashes: Sequence[str]) -> None:
    """Remove the set-aside copies of files that have become records, as far as there are any."""
    remove_set_aside(archive.folder, hashes)
    if archive.address is None or not hashes:
        return
    with _told(archive.address):
        archive.storage.delete([set_aside_place(one) for one in hashes])


def _put(archive: Archive, file: ToKeep) -> bool:
    """Put one file's bytes, if they still have its hash. One that is there already has the same."""
    try:
        size = file.path.stat().st_size
        with _ONE_LARGE if size > _LARGE else nullcontext():
            data = file.path.read_bytes()
            whole = hashlib.sha256(data).hexdigest() == file.sha256
            if whole:
                _put_bytes(archive, file.place, data)
    except FileNotFoundError:
        return False
    return whole


def _put_bytes(archive: Archive, key: str, data: bytes) -> None:
    """Put bytes under a name where there are none. Raises what obstore does, but no FileNotFoundError."""
    from obstore.exceptions import AlreadyExistsError, NotSupportedError

    try:
        archive.storage.put(key, data, mode="create")
    except AlreadyExistsError:
        pass
    except NotSupportedError:  # it cannot tell: the same bytes are written over
        archive.storage.put(key, data)
    except FileNotFoundError:  # no such bucket
        raise NotADirectoryError(archive.address) from None


@contextmanager
def _fetched(archive: Archive, places: Iterable[str]) -> Iterator[Path | None]:
    """A copy of the first of some files that is there, which goes with the `with`."""
    with unpacking_folder(archive.folder) as folder:
        copy: Path | None = None
        with _told(archive.address or ""):
            for place in places:
                with suppress(FileNotFoundError):
                    data = archive.storage.get(place).bytes()
                    copy = folder / place.rpartition("/")[2]
                    copy.write_bytes(data)
                    break
        yield copy


@contextmanager
def _told(address: str) -> Iterator[None]:
    """What object storage refuses, in our words."""
    try:
        from obstore.exceptions import BaseError
    except ImportError:
        raise UsageError(*what_and_to_do("returned.no-obstore"), kind="no-obstore") from None
    try:
        yield
    except (BaseError, OSError) as error:
        words = what_and_to_do("records.archive-at-fault", address=address, why=type(error).__name__)
        raise SchemebookError(*words, kind="archive-at-fault") from None

"""Originals: returned files in; copies of them under their hash out, whole or not there.

A batch is copied, flushed to the disk, renamed, and its folders flushed, in this order and before anything in the
database names it (ext4 and others may otherwise keep the name and lose the bytes).
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from schemebook.errors import SchemebookError
from schemebook.scheme.words import what_and_to_do

ORIGINALS, SET_ASIDE, UNPACKED = "originals", "set-aside", "unpacked"
_ASIDE = ".aside-"
_STALE_SECONDS = 3600
_PIECE = 1 << 20
_FLUSHERS = 8
"""Flushes that run side by side: a journalling file system takes them together."""


@dataclass(frozen=True)
class ToKeep:
    """A file to be copied to its place under its hash."""

    path: Path
    sha256: str
    place: Path


def original_path(folder: Path, sha256: str) -> Path:
    """Where a recorded file's original lies."""
    return folder / ORIGINALS / sha256[:2] / f"{sha256}.pdf"


def set_aside_path(folder: Path, sha256: str) -> Path:
    """Where a set-aside file's copy lies. It is kept as it came, so its name ends in nothing that opens it."""
    return folder / SET_ASIDE / sha256[:2] / sha256


def keep_files(files: Iterable[ToKeep]) -> set[str]:
    """Copy files to their places, and give the hashes of those that are no longer what they were when hashed.

    Files that are there already are left alone. On return the others are on the disk to stay. Raises SchemebookError
    where the folder cannot be written to.
    """
    changed: set[str] = set()
    copied: list[tuple[Path, Path]] = []
    try:
        for file in {one.place: one for one in files if not one.place.exists()}.values():
            aside = _copy(file)
            if aside is None:
                changed.add(file.sha256)
            else:
                copied.append((aside, file.place))
        _settle(copied)
    except OSError as error:
        for aside, _ in copied:
            aside.unlink(missing_ok=True)
        raise _not_written(error) from None
    return changed


def _not_written(error: OSError) -> SchemebookError:
    where, reason = error.filename or "records", error.strerror or type(error).__name__
    return SchemebookError(*what_and_to_do("records.not-kept", path=where, reason=reason), kind="not-kept")


def _copy(file: ToKeep) -> Path | None:
    """The bytes beside their place; None where they no longer have the hash, or are gone."""
    _make_folder(file.place.parent)
    aside = file.place.parent / f"{_ASIDE}{secrets.token_hex(8)}"
    digest = hashlib.sha256()
    try:
        source = file.path.open("rb")
    except OSError:
        return None
    with source, open(aside, "xb", opener=_private) as target:
        while piece := source.read(_PIECE):
            digest.update(piece)
            target.write(piece)
    if digest.hexdigest() == file.sha256:
        return aside
    aside.unlink()
    return None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _make_folder(folder: Path) -> None:
    """A folder that only its owner opens, and those above it."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _flush(folder.parent)


def _settle(copied: list[tuple[Path, Path]]) -> None:
    with ThreadPoolExecutor(_FLUSHERS) as pool:
        list(pool.map(_flush, (aside for aside, _ in copied)))
        for aside, place in copied:
            aside.replace(place)
        list(pool.map(_flush, {place.parent for _, place in copied}))


def _flush(path: Path) -> None:
    """Make a file, or the names in a folder, outlast a power cut."""
    if os.name == "nt" and path.is_dir():  # Windows opens no folder, and keeps names in its journal
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def unpacking_folder(folder: Path) -> Iterator[Path]:
    """A folder for members of zips, which goes with its `with`. It lies with the records: it holds answers too."""
    try:
        _make_folder(folder / UNPACKED)
        place = Path(tempfile.mkdtemp(dir=folder / UNPACKED))
    except OSError as error:
        raise _not_written(error) from None
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def remove_stale(folder: Path) -> None:
    """Remove what a run that was killed has left half done: it holds answers, and nothing names it."""
    left = [aside for kind in (ORIGINALS, SET_ASIDE) for aside in (folder / kind).glob(f"*/{_ASIDE}*")]
    for path in (*left, *(folder / UNPACKED).glob("*")):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def remove_set_aside(folder: Path, hashes: Iterable[str]) -> None:
    """Remove the set-aside copies of files that have become records."""
    for sha256 in hashes:
        with suppress(OSError):
            set_aside_path(folder, sha256).unlink()

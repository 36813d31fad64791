"""Originals: returned files in; copies of them under their hash out, whole or not there.

A batch is copied, flushed to the disk, renamed, and its folders flushed, in this order and before anything in the
database names it (ext4 and others may otherwise keep the name and lose the bytes). The reader has made most copies
already, from the bytes that it read; here they get their place.

Here places are texts: to make, compare and hash a Path of each takes as long as to move the file there.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from schemebook.errors import SchemebookError
from schemebook.records.store.flushing import flush, flush_all
from schemebook.returned.copies import copy_if_same, let_go
from schemebook.returned.opening import EDGE, HEADER
from schemebook.scheme.words import what_and_to_do

ORIGINALS, SET_ASIDE, UNPACKED = "originals", "set-aside", "unpacked"
KINDS = (".pdf", ".fdf", ".xfdf", ".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".heic", ".heif")
"""What originals may be called; all others, and those that earlier versions kept, are called by the first."""
_ASIDE = ".aside"
"""The folder on the originals' disk in which copies are made: it alone has to be looked through for half ones."""
_STALE_SECONDS = 3600


@dataclass(frozen=True)
class ToKeep:
    """A file to be copied to its place under its hash.

    place: below the folder, as `original_place` and `set_aside_place` give it. copied: a copy that lies ready to be
    moved there.
    """

    path: Path
    sha256: str
    place: str
    copied: Path | None = None


def original_place(sha256: str, ending: str = ".pdf") -> str:
    """Where below the folder a recorded file's original is to lie. ending: one of `KINDS`."""
    return f"{ORIGINALS}/{sha256[:2]}/{sha256}{ending}"


def original_path(folder: Path, sha256: str, ending: str = ".pdf") -> Path:
    """The same with the folder."""
    return folder / original_place(sha256, ending)


def ending_of(path: Path, name: str) -> str:
    """What an original's name is to end in: as its own does where that is one of `KINDS` and it is no PDF after all.

    path: where it can be read. Pages in several files become a PDF of ours that is called by the first of them.
    """
    own = os.path.splitext(name)[1].lower()
    if own not in KINDS or own == KINDS[0]:
        return KINDS[0]
    try:
        with path.open("rb") as file:
            return KINDS[0] if HEADER in file.read(EDGE) else own
    except OSError:  # it went away; whoever copies it tells that
        return own


def find_original(folder: Path, sha256: str) -> Path | None:
    """Where a recorded file's original lies; None where there is none."""
    places = (original_path(folder, sha256, ending) for ending in KINDS)
    return next((place for place in places if place.is_file()), None)


def set_aside_place(sha256: str) -> str:
    """Where below the folder a set-aside file's copy lies. It is kept as it came: its name ends in nothing that opens
    it."""
    return f"{SET_ASIDE}/{sha256[:2]}/{sha256}"


def set_aside_path(folder: Path, sha256: str) -> Path:
    """The same with the folder."""
    return folder / set_aside_place(sha256)


def keep_files(folder: Path, files: Iterable[ToKeep]) -> set[str]:
    """Copy files to their places below a folder, and give the hashes of those that changed since they were hashed.

    What is there already is not copied again. On return all are on the disk to stay. Raises SchemebookError where the
    folder cannot be written to.
    """
    changed: set[str] = set()
    copied: dict[str, Path | str] = {}
    made: set[str] = set()
    root = folder.absolute()
    wanted = {f"{root}/{one.place}": one for one in files}
    try:
        for needed in {needed for place in wanted for needed in (os.path.dirname(place), _aside_of(place))}:
            if not os.path.isdir(needed):
                made.update(map(str, _make_folders(Path(needed))))
        for place, file in wanted.items():
            aside = place if os.path.exists(place) else file.copied or _copy(file, place)
            if aside is None:
                changed.add(file.sha256)
            else:
                copied[place] = aside
        _settle(copied, made)
    except OSError as error:
        for place, aside in copied.items():
            if aside != place:
                let_go(Path(aside))
        raise _not_written(error) from None
    return changed


def _not_written(error: OSError) -> SchemebookError:
    where, reason = error.filename or "records", error.strerror or type(error).__name__
    return SchemebookError(*what_and_to_do("records.not-kept", path=where, reason=reason), kind="not-kept")


def _copy(file: ToKeep, place: str) -> Path | None:
    """The bytes beside their place; None where they no longer have the hash, or are gone."""
    aside = Path(_aside_of(place), secrets.token_hex(8))
    return aside if copy_if_same(file.path, file.sha256, aside) else None


def _aside_of(place: str) -> str:
    return f"{os.path.dirname(os.path.dirname(place))}/{_ASIDE}"


def _make_folders(folder: Path) -> set[Path]:
    """Make a folder that only its owner opens, and those above it. Gives the folders that are to be flushed for it."""
    if folder.is_dir():
        return set()
    above = _make_folders(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    return above | {folder.parent}


def _settle(copied: Mapping[str, Path | str], made: set[str]) -> None:
    """Flush copies, move them to their places, flush the folders. What lay there is flushed too: a run that was killed
    may have left it so."""
    flush_all(list(copied.values()))
    for place, aside in copied.items():
        if aside != place:
            os.replace(aside, place)
    flush_all(list(made | {os.path.dirname(place) for place in copied}))


@contextmanager
def unpacking_folder(folder: Path) -> Iterator[Path]:
    """A folder for members of zips and copies under way, which goes with its `with`.

    It lies with the records: it holds answers too, and a copy is moved from it to its place.
    """
    try:
        for made in _make_folders(folder / UNPACKED):
            flush(made)
        place = Path(tempfile.mkdtemp(dir=folder / UNPACKED))
    except OSError as error:
        raise _not_written(error) from None
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def can_be_moved(place: Path, folder: Path) -> bool:
    """Whether a file in `place` can be renamed into the originals: somebody may have put those on another disk."""
    return all(
        (folder / kind).stat().st_dev == place.stat().st_dev
        for kind in (ORIGINALS, SET_ASIDE)
        if (folder / kind).exists()
    )


def remove_stale(folder: Path) -> None:
    """Remove what a run that was killed has left half done: it holds answers, and nothing names it."""
    left = [aside for kind in (ORIGINALS, SET_ASIDE) for aside in (folder / kind / _ASIDE).glob("*")]
    for path in (*left, *(folder / UNPACKED).glob("*")):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def remove_set_aside(folder: Path, hashes: Iterable[str]) -> None:
    """Remove the set-aside copies of files that have become records."""
    for sha256 in hashes if (folder / SET_ASIDE).is_dir() else ():
        with suppress(OSError):
            set_aside_path(folder, sha256).unlink()

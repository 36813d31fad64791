"""Paths in; returned PDFs out, one after another, each with its name, hash and day, or the reason it is set aside.

Files are read and never changed or moved. One file is held at a time, never the batch: of a zip one member
is unpacked, beside nothing else.
"""

from __future__ import annotations

import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from schemebook.errors import SetAsideError, UsageError
from schemebook.returned.limits import Limits
from schemebook.returned.opening import set_aside
from schemebook.returned.returned_pdf import ReturnedPdf, SetAside, hashed
from schemebook.returned.zips import is_nobodys, is_zip, members
from schemebook.scheme.words import what_and_to_do


def find_returned(
    paths: Iterable[Path], limits: Limits | None = None, unpack_in: Path | None = None
) -> Iterator[ReturnedPdf | SetAside]:
    """Every file under some paths: files, folders with all below them, zips, and zips in zips.

    A folder's files come in the order of their names. Files that no person sends (hidden ones whose name begins
    with a dot, Thumbs.db, desktop.ini, a Mac's __MACOSX) are passed over without a word; a path that is named
    itself never is. Links inside a folder are set aside, not followed.
    unpack_in: where members of zips are unpacked, for callers that still hold some when the last one is given out;
    left out, a folder that goes with the iterator.
    Raises UsageError before anything is read when a path is not there.
    """
    given = [Path(path) for path in paths]
    for path in given:
        if not path.exists():
            raise UsageError(*what_and_to_do("returned.no-such-path", path=path), kind="no-such-path")
    return _find(given, limits or Limits(), unpack_in)


def _find(paths: list[Path], limits: Limits, unpack_in: Path | None) -> Iterator[ReturnedPdf | SetAside]:
    with ExitStack() as ends:
        folder = unpack_in or Path(ends.enter_context(_unpacking()))
        for path in paths:
            files = _files_below(path) if path.is_dir() else iter([path])
            for file in files:
                if isinstance(file, SetAside):
                    yield file
                else:
                    yield from _one_file(file, followed=file is path, folder=folder, limits=limits)


def _unpacking() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="schemebook-", ignore_cleanup_errors=True)


def _files_below(folder: Path) -> Iterator[Path | SetAside]:
    try:
        entries = sorted(folder.iterdir(), key=lambda one: one.name)
    except OSError as error:
        yield SetAside.unread(shown(folder), not_readable(error))
        return
    for entry in entries:
        if is_nobodys(entry.name):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _files_below(entry)
        else:
            yield entry


def _one_file(path: Path, followed: bool, folder: Path, limits: Limits) -> Iterator[ReturnedPdf | SetAside]:
    """One file, or the members of a zip. followed: the user named it, so a link is followed."""
    name = shown(path)
    try:
        _must_be_a_file(path, followed)
        if is_zip(path):
            yield from members(path, name, folder, limits)
        else:
            yield hashed(path, name, limits)
    except SetAsideError as error:
        yield SetAside.unread(name, error)
    except OSError as error:
        yield SetAside.unread(name, not_readable(error))


def not_readable(error: OSError) -> SetAsideError:
    """The reason for a file or folder that the system does not let us read."""
    return set_aside("not-readable", why=error.strerror or type(error).__name__)


def shown(path: Path) -> str:
    """A path as it is shown and stored: with slashes, and bytes that are no UTF-8 as question marks."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\n", " ")


def _must_be_a_file(path: Path, followed: bool) -> None:
    found = path.stat() if followed else path.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise set_aside("not-a-pdf", "no-file")

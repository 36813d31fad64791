"""Paths in; returned PDFs out, one after another, each with its name, hash and day, or the reason it is set aside.

Files are read and never changed or moved. One file is held at a time, never the batch: of a zip, a message or a
mailbox one member is unpacked, beside nothing else.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from schemebook.errors import SetAsideError, UsageError
from schemebook.returned.arrivals.imap import MessageEnd, ServerMailbox
from schemebook.returned.arrivals.mail import (
    attached,
    files_of_winmail,
    is_message,
    is_outlook_message,
    is_winmail,
    too_large_mail,
)
from schemebook.returned.arrivals.mailboxes import (
    MBOX,
    MailboxMessage,
    is_maildir,
    is_mbox,
    maildir_messages,
    mbox_messages,
)
from schemebook.returned.arrivals.object_storage import (
    Known,
    KnownObject,
    ListedObject,
    ObjectEnd,
    StoredObject,
    stored_objects,
)
from schemebook.returned.arrivals.zips import PART, is_nobodys, is_zip, members
from schemebook.returned.copies import let_go
from schemebook.returned.limits import Limits
from schemebook.returned.opening import set_aside
from schemebook.returned.returned_pdf import ReturnedPdf, SetAside, hashed, hashed_file
from schemebook.scheme.words import what_and_to_do

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def find_returned(
    paths: Iterable[Path],
    limits: Limits | None = None,
    unpack_in: Path | None = None,
    wanted: Callable[[Path], bool] | None = None,
    follow: bool = True,
) -> Iterator[ReturnedPdf | SetAside]:
    """Every file under some paths: files, folders with all below them, zips, messages (.eml), mbox and Maildir.

    A zip or a message may hold others.

    A folder's files come in the order of their names. Files that no person sends (hidden ones whose name begins
    with a dot, Thumbs.db, desktop.ini, a Mac's __MACOSX) are passed over without a word; a path that is named
    itself never is. Links inside a folder are set aside, not followed.
    unpack_in: where members are unpacked, for callers that still hold some when the last one is given out;
    left out, a folder that goes with the iterator. wanted: which files to look into; left out, all.
    follow: whether a link that is named itself is followed.
    Raises UsageError before anything is read when a path is not there.
    """
    given = [Path(path) for path in paths]
    for path in given:
        if not path.exists():
            raise UsageError(*what_and_to_do("returned.no-such-path", path=path), kind="no-such-path")
    return _find(given, limits or Limits(), unpack_in, wanted or (lambda path: True), follow)


def list_returned(paths: Iterable[Path]) -> Iterator[Path]:
    """The files and Maildirs under some paths, by name alone, for who hands them out to others to be read.

    Raises UsageError before the first is given when a path is not there.
    """
    given = [Path(path) for path in paths]
    find_returned(given)
    for path in given:
        yield from _listed(path) if path.is_dir() else [path]


def _listed(folder: Path) -> Iterator[Path]:
    if is_maildir(folder):
        yield folder
        return
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if is_nobodys(entry.name):
            continue
        yield from _listed(entry) if entry.is_dir() and not entry.is_symlink() else [entry]


def find_in_storage(
    address: str,
    limits: Limits | None = None,
    unpack_in: Path | None = None,
    objects: Iterable[ListedObject] | None = None,
    known: Known | None = None,
) -> Iterator[ReturnedPdf | SetAside | KnownObject | ObjectEnd]:
    """Every object below an address in object storage, as `find_returned` gives files; a zip or a message may be one.

    After the files of an object comes its end, where it gave files alone and can be known again. objects: which of
    them; left out, all. known: tells which need not be fetched. Raises UsageError and SchemebookError as
    `stored_objects`.
    """
    limits = limits or Limits()
    with ExitStack() as ends:
        unpacking = _Unpacking(unpack_in or Path(ends.enter_context(_unpacking_folder())), limits)
        for one in stored_objects(address, unpacking.folder, limits, objects, known):
            yield from [one] if isinstance(one, KnownObject) else _in_object(one, unpacking)


def _in_object(one: StoredObject, unpacking: _Unpacking) -> Iterator[ReturnedPdf | SetAside | ObjectEnd]:
    if one.path is None:
        yield SetAside.unread(one.name, one.refused or set_aside("not-readable", why="?"))
        return
    try:
        found = hashed(one.path, one.name, unpacking.limits, one.received, unpacked=True)
    except SetAsideError as error:
        let_go(one.path)
        yield SetAside.unread(one.name, error)
        return
    hashes: list[str | None] = []
    for file in _opened([found], unpacking):
        hashes.append(file.sha256 if isinstance(file, ReturnedPdf) else None)
        yield file
    files = tuple(filter(None, hashes))
    if one.listed and files and len(files) == len(hashes):
        yield ObjectEnd(one.listed, files)


def find_in_mailbox(
    box: ServerMailbox, limits: Limits | None = None, unpack_in: Path | None = None
) -> Iterator[ReturnedPdf | SetAside | MessageEnd]:
    """What is attached to the messages of a mailbox on a server; after each message, that it has ended.

    unpack_in: as for `find_returned`. Raises SchemebookError where the server cannot be reached or refuses.
    """
    limits = limits or Limits()
    with ExitStack() as ends:
        unpacking = _Unpacking(unpack_in or Path(ends.enter_context(_unpacking_folder())), limits)
        for message in box.messages():
            name = f"{box.address}{PART}{message.place.uid}"
            if message.file is None:
                yield SetAside.unread(name, too_large_mail(limits))
            else:
                found = attached(message.file, name, unpacking.folder, limits, message.received)
                yield from _opened(found, unpacking.inside())
            yield MessageEnd(message.place, box)


@dataclass(frozen=True)
class _Unpacking:
    """Where members are unpacked, within which limits, and how many containers are around."""

    folder: Path
    limits: Limits
    wanted: Callable[[Path], bool] = lambda path: True
    level: int = 0

    def inside(self) -> _Unpacking:
        return replace(self, level=self.level + 1)


def _find(
    paths: list[Path], limits: Limits, unpack_in: Path | None, wanted: Callable[[Path], bool], follow: bool
) -> Iterator[ReturnedPdf | SetAside]:
    with ExitStack() as ends:
        unpacking = _Unpacking(unpack_in or Path(ends.enter_context(_unpacking_folder())), limits, wanted)
        for path in paths:
            if path.is_dir():
                yield from _folder(path, unpacking)
            else:
                yield from _one_file(path, followed=follow, unpacking=unpacking)


def _unpacking_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="schemebook-", ignore_cleanup_errors=True)


def _folder(folder: Path, unpacking: _Unpacking) -> Iterator[ReturnedPdf | SetAside]:
    try:
        with os.scandir(folder) as found:
            entries = sorted((one.name, one.is_dir(follow_symlinks=False)) for one in found)
        maildir = is_maildir(folder)
    except OSError as error:
        yield SetAside.unread(shown(folder), not_readable(error))
        return
    if maildir:
        yield from _messages(maildir_messages(folder), folder, unpacking)
        return
    for name, is_folder in entries:
        if is_nobodys(name):
            continue
        if is_folder:
            yield from _folder(folder / name, unpacking)
        else:
            yield from _one_file(folder / name, followed=False, unpacking=unpacking)


def _one_file(path: Path, followed: bool, unpacking: _Unpacking) -> Iterator[ReturnedPdf | SetAside]:
    """One file, or what is in it. followed: the user named it, so a link is followed."""
    name = shown(path)
    try:
        _must_be_a_file(path, followed)
        if not unpacking.wanted(path):
            return
        inside = _container(path, name, None, unpacking)
        if inside is None:
            with path.open("rb", buffering=0) as file:
                if file.read(len(MBOX)) == MBOX and is_mbox(path):
                    inside = _messages(mbox_messages(path, unpacking.limits), path, unpacking)
                else:
                    file.seek(0)
                    yield hashed_file(file, path, name, unpacking.limits)
        yield from inside or ()
    except SetAsideError as error:
        yield SetAside.unread(name, error)
    except OSError as error:
        yield SetAside.unread(name, not_readable(error))


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _container(
    path: Path, name: str, received: datetime | None, unpacking: _Unpacking
) -> Iterator[ReturnedPdf | SetAside] | None:
    """What is in a zip or a message; None for another file. received: left out, when the file was last changed.

    Raises SetAsideError for what cannot be opened.
    """
    if is_zip(path, name):
        return _opened(members(path, name, unpacking.folder, unpacking.limits), unpacking.inside())
    if is_message(path, name):
        return _message(path, name, received or _changed(path), unpacking)
    if is_winmail(path, name):
        found = files_of_winmail(path, name, unpacking.folder, unpacking.limits, received or _changed(path))
        return _told_if_empty(name, _opened(found, unpacking.inside()))
    if is_outlook_message(path, name):
        raise set_aside("not-a-pdf", "outlook-message")
    return None


def _message(path: Path, name: str, received: datetime, unpacking: _Unpacking) -> Iterator[ReturnedPdf | SetAside]:
    with path.open("rb") as file:
        found = attached(file, name, unpacking.folder, unpacking.limits, received)
        yield from _told_if_empty(name, _opened(found, unpacking.inside()))


def _told_if_empty(name: str, found: Iterable[ReturnedPdf | SetAside]) -> Iterator[ReturnedPdf | SetAside]:
    """What was found in a message, or that nothing was."""
    empty = True
    for one in found:
        empty = False
        yield one
    if empty:
        yield SetAside.unread(name, set_aside("nothing-attached"))


def _opened(found: Iterable[ReturnedPdf | SetAside], unpacking: _Unpacking) -> Iterator[ReturnedPdf | SetAside]:
    """Members of a container; those that are containers themselves give what is in them."""
    for one in found:
        if isinstance(one, SetAside):
            yield one
            continue
        try:
            inside = _container(one.path, one.name, one.received, unpacking)
            if inside is None:
                yield one
                continue
            if unpacking.level >= unpacking.limits.zip_levels:
                raise set_aside("too-large", "container-too-deep")
            for member in inside:
                yield _sent_with(one, member)
        except SetAsideError as error:
            yield SetAside.unread(one.name, error)
        one.discard()


def _sent_with(container: ReturnedPdf, member: ReturnedPdf | SetAside) -> ReturnedPdf | SetAside:
    """A member of an attached zip came when the message did, and from the same person."""
    if isinstance(member, SetAside) or member.letter or not container.letter:
        return member
    return replace(member, letter=container.letter, received=container.letter.received)


def _messages(
    messages: Iterable[MailboxMessage], mailbox: Path, unpacking: _Unpacking
) -> Iterator[ReturnedPdf | SetAside]:
    """What is attached to the messages of a mailbox; one without attachments is none of ours."""
    for message in messages:
        name = f"{shown(mailbox)}{PART}{message.name}"
        found = attached(message.file, name, unpacking.folder, unpacking.limits, _changed(mailbox))
        yield from _opened(found, unpacking.inside())


def not_readable(error: OSError) -> SetAsideError:
    """The reason for a file or folder that the system does not let us read."""
    return set_aside("not-readable", why=error.strerror or type(error).__name__)


def shown(path: Path) -> str:
    """A path as it is shown and stored: with slashes, bytes that are no UTF-8 as question marks, on one line.

    A control character in a name would otherwise be one to the terminal that shows it.
    """
    text = path.as_posix()
    if text.isascii() and text.isprintable():
        return text
    return _CONTROL.sub(" ", text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def _must_be_a_file(path: Path, followed: bool) -> None:
    found = path.stat() if followed else path.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise set_aside("not-a-pdf", "no-file")

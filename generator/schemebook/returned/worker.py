"""Returned PDFs in; their Submissions out, each read in a process of its own that has limits of time and memory.

A worker lives on from file to file. At a limit it is killed and another takes its place: that costs the one file.

What holds a worker, by system: on Linux its address space (RLIMIT_AS) and the time; on macOS and Windows the time
alone, since neither holds a process to an address space; what a stream may inflate to holds everywhere, where
pikepdf has that setting (10.17 and later). Workers are started by forkserver, on Windows by spawn: a fork of a
process with threads may hang.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pikepdf

from schemebook.errors import SchemebookError, SetAsideError
from schemebook.form_pdf.descriptor import FormDescriptor, Packed, pack, unpack
from schemebook.returned.copies import copy_if_same, keep_if_same
from schemebook.returned.limits import MEGABYTE, Limits
from schemebook.returned.opening import HeldFile, hold_file, set_aside
from schemebook.returned.returned_pdf import ReturnedPdf, SetAside
from schemebook.returned.submission import Submission, read_held, recovered_submission
from schemebook.scheme.words import what_and_to_do

if TYPE_CHECKING:  # Windows has no ForkServerContext
    from multiprocessing.context import ForkServerContext, SpawnContext

Answer = Submission | SetAside
Known = Mapping[str, FormDescriptor]

_TRIES = 2
_BLOATED = ("too-slow", "too-large", "reader-died")
"""After these a worker is not used again: it hangs, or its memory is in pieces."""
_A_LIFE = 8_000
"""After so many files another process takes a worker's place. Each file leaves some hundred bytes behind, inside
the libraries; to start another takes less time than to read a hundred files."""
_READY = "ready"
_START_SECONDS = 60.0
"""How long a worker may take to start: it imports the reader's libraries, on a busy machine slowly."""


@dataclass(frozen=True)
class Reading:
    """One file and what came of reading it. copied: the copy that the worker made of it, under its hash.

    members: where several files were joined to this one, those files.
    """

    pdf: ReturnedPdf
    outcome: Submission | SetAside
    copied: Path | None = None
    members: tuple[ReturnedPdf, ...] = ()


@dataclass
class Waiting:
    """One place in the order: what passes through, or a file whose answer may still be out.

    first: what its text gave, while it waits for its pages to be looked at.
    """

    pdf: ReturnedPdf | None = None
    done: object = None
    tries: int = 0
    first: Reading | None = None


class Worker:
    """One living child process. It reads one file; the next one already lies in its line, so that it never waits."""

    def __init__(self, known: Known, limits: Limits, copies: Path | None = None, looks: bool = False) -> None:
        self._given, self._limits, self._copies = (pack(known), limits, copies, looks), limits, copies
        self.held: deque[Waiting] = deque()
        self.ends_at = 0.0
        self._process, self.line = _hire(self._given)
        self._ready = False
        self._files_read = 0
        self._seconds = limits.seconds

    @property
    def pid(self) -> int | None:
        """Of the process that reads now."""
        return self._process.pid

    def take(self, place: Waiting) -> None:
        """Give the worker a file to read, after those that it holds."""
        self._wait_until_ready()
        self.held.append(place)
        if len(self.held) == 1:
            self._start_clock()
        with suppress(OSError):  # it died just now, which `finish_one` finds
            _send(self.line, place.pdf)

    def finish_one(self, answered: bool) -> None:
        """Put the answer of the first file that the worker holds into its place: what it says, or why it says nothing.

        A worker may be killed by the system for another's sake. A file that kills readers does so twice.
        """
        place = self.held[0]
        assert place.pdf is not None
        reading = self._reading(place) if answered else self._too_slow(place)
        if reading is not None:
            self.held.popleft()
            place.done = reading
            self._files_read += 1
        if reading is None or self._files_read >= _A_LIFE or _bloats(reading.outcome):
            self._replace()
        if self.held:
            self._start_clock()

    def _start_clock(self) -> None:
        """The first file's time begins. A file with pictures has more, page by page."""
        first = self.held[0].first
        pages = first.outcome.pictures if first else 0
        self._seconds = self._limits.seconds + pages * self._limits.picture_page_seconds
        self.ends_at = monotonic() + self._seconds

    def _reading(self, place: Waiting) -> Reading | None:
        """What comes of the first file, whose answer is in; None where it is to be tried once more."""
        assert place.pdf is not None
        try:
            answer, copied = _receive(self.line)
        except (EOFError, OSError):
            place.tries += 1
            gone = SetAside.of(place.pdf, set_aside("reader-died"))
            return None if place.tries < _TRIES else Reading(place.pdf, gone)
        return Reading(place.pdf, answer, self._copies / place.pdf.sha256 if copied and self._copies else None)

    def _too_slow(self, place: Waiting) -> Reading:
        assert place.pdf is not None
        return Reading(place.pdf, SetAside.of(place.pdf, set_aside("too-slow", seconds=self._seconds)))

    def _wait_until_ready(self) -> None:
        """The time of the first file counts from when the worker has its libraries."""
        if self._ready:
            return
        try:
            if self.line.poll(_START_SECONDS) and _receive(self.line) == _READY:
                self._ready = True
                return
        except (EOFError, OSError):
            pass
        raise SchemebookError(*what_and_to_do("returned.no-worker", megabytes=self._limits.worker_bytes // MEGABYTE))

    def stop(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.join()
        self.line.close()

    def drop_work(self) -> None:
        """Be free again: a process that still reads gives place to another."""
        if self.held:
            self.held.clear()
            self._replace()

    def _replace(self) -> None:
        """Another process in place of this one, which is given again what this one still held."""
        self.stop()
        self._process, self.line = _hire(self._given)
        self._ready, self._files_read = False, 0
        self._wait_until_ready()
        for place in self.held:
            with suppress(OSError):
                _send(self.line, place.pdf)


def _bloats(outcome: Submission | SetAside) -> bool:
    return isinstance(outcome, SetAside) and outcome.reason in _BLOATED


def _send(line: Connection, what: object) -> None:
    """`Connection.send` looks at each object with a pickler that is meant for locks and sockets: four times as slow."""
    line.send_bytes(pickle.dumps(what, pickle.HIGHEST_PROTOCOL))


def _receive(line: Connection) -> Any:
    return pickle.loads(line.recv_bytes())  # from a process of our own


def _hire(given: tuple[Packed, Limits, Path | None, bool]) -> tuple[BaseProcess, Connection]:
    """A new child process and the line to it. Raises SchemebookError where the system starts none."""
    near, far = multiprocessing.Pipe()
    context: SpawnContext | ForkServerContext
    if sys.platform == "win32":
        context = multiprocessing.get_context("spawn")
    else:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
    process = context.Process(target=_work, args=(far, *given), daemon=True)
    try:
        with without_main_module(), _roomy_allocator():
            process.start()
    except OSError as error:  # no more processes, or a folder for temporary files whose name is too long for a socket
        why = error.strerror or str(error)
        raise SchemebookError(*what_and_to_do("returned.worker-not-started", why=why), kind="no-worker") from None
    far.close()
    return process, near


@contextmanager
def without_main_module() -> Iterator[None]:
    """Hide the program that runs from a process that starts: it would import it again, which takes longer than to
    read a hundred forms, and a worker needs nothing of it."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


_ALLOCATOR = "GLIBC_TUNABLES"
_ROOMY = "glibc.malloc.tcache_count=2000"
"""A form is some thousand small objects, made and freed together. glibc keeps seven of a size at hand, and puts the
others together again one by one: a tenth of the time of opening a form. Other systems do not read this."""


@contextmanager
def _roomy_allocator() -> Iterator[None]:
    """Let the server of forks, if it starts now, keep more freed memory at hand; what the user set is left alone."""
    if _ALLOCATOR in os.environ:
        yield
        return
    os.environ[_ALLOCATOR] = _ROOMY
    try:
        yield
    finally:
        del os.environ[_ALLOCATOR]


def _work(line: Connection, packed: Packed, limits: Limits, copies: Path | None, looks: bool) -> None:
    """The life of a worker: a file in, its answer out, until the other end is closed. looks: at pictures."""
    hold_to(limits)
    known, read = unpack(packed), look_at_pictures if looks else None
    if looks:
        with suppress(ImportError):  # told when a file needs it
            import schemebook.returned.recovery.image_door  # noqa: F401  # before the first file's time begins
    gc.freeze()  # what is here now stays to the end: the collector need not look through it again and again
    _send(line, _READY)
    while True:
        try:
            pdf = _receive(line)
        except (EOFError, OSError, KeyboardInterrupt):  # closed, or whoever held the other end was killed
            return
        copy = copies / pdf.sha256 if copies else None
        answer = read_one(pdf, known, limits, read, copy)
        copied = copy is not None and isinstance(answer, Submission) and copy.exists()
        with suppress(OSError):  # nobody waits for it any more
            _send(line, (answer, copied))


Read = Callable[[ReturnedPdf, Known, Limits], Submission]


def look_at_pictures(pdf: ReturnedPdf, known: Known, limits: Limits) -> Submission:
    """Read one file by the pictures of its pages. Raises SetAsideError; ImportError without the extra `recover`."""
    from schemebook.returned.recovery.image_door import read_pictures

    return recovered_submission(read_pictures(pdf.path, known, limits))


def _read_and_copy(pdf: ReturnedPdf, known: Known, limits: Limits, copy: Path | None) -> Submission:
    """Read a file, and copy it unless its form is anonymous. Raises SetAsideError changed where it has changed since.

    A copy that cannot be written is left to who wants it.
    """
    with hold_file(pdf.path, pdf.stamp, limits) as held:
        found = read_held(pdf, held, known, limits)
        if copy is not None and not found.anonymous:
            with suppress(OSError):
                if not _copied(pdf, held, copy):
                    raise set_aside("changed")
    return found


def _copied(pdf: ReturnedPdf, held: HeldFile, copy: Path) -> bool:
    try:
        return _copy(pdf, held, copy)
    except FileExistsError:  # what a worker that died has left of it
        copy.unlink()
        return _copy(pdf, held, copy)


def _copy(pdf: ReturnedPdf, held: HeldFile, copy: Path) -> bool:
    if isinstance(held.data, bytes):
        return keep_if_same(held.data, pdf.sha256, copy)
    return copy_if_same(pdf.path, pdf.sha256, copy)


def hold_to(limits: Limits) -> None:
    """Hold this process to its limits of memory, for good. Only for a worker."""
    set_limits = getattr(pikepdf.settings, "set_qpdf_limits", None)
    if set_limits is not None:
        set_limits(
            flate_max_memory=limits.inflated_bytes,
            png_max_memory=limits.inflated_bytes,
            tiff_max_memory=limits.inflated_bytes,
            run_length_max_memory=limits.inflated_bytes,
            dct_max_memory=limits.inflated_bytes,
            parser_max_nesting=100,
        )
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limits.worker_bytes, limits.worker_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_one(
    pdf: ReturnedPdf, known: Known, limits: Limits, read: Read | None = None, copy: Path | None = None
) -> Answer:
    """Read one file, whatever it does. What no code of ours foresaw costs this file and no other.

    read: how, left out by its fields or its print. copy: where a copy is to lie, with `read` left out.
    The trace of an unforeseen error is not told: it may hold the sender's answers.
    """
    try:
        return read(pdf, known, limits) if read else _read_and_copy(pdf, known, limits, copy)
    except SetAsideError as error:
        return SetAside.of(pdf, error)
    except MemoryError:
        return SetAside.of(pdf, set_aside("too-large", "too-much-memory"))
    except OSError as error:
        return SetAside.of(pdf, set_aside("not-readable", why=error.strerror or type(error).__name__))
    except Exception:  # noqa: BLE001 - the one broad except of the project: a file may break any library
        return SetAside.of(pdf, set_aside("reader-died"))

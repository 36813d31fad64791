"""Returned PDFs in; their Submissions out, each read in a process of its own that has limits of time and memory.

A worker lives on from file to file. At a limit it is killed and another takes its place: that costs the one file.

What holds a worker, by system: on Linux its address space (RLIMIT_AS) and the time; on macOS and Windows the time
alone, since neither holds a process to an address space; what a stream may inflate to holds everywhere, where
pikepdf has that setting (10.17 and later).
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Any

import pikepdf

from schemebook.errors import SchemebookError, SetAsideError
from schemebook.form_pdf.descriptor import FormDescriptor, Packed, pack, unpack
from schemebook.returned.copies import copy_if_same, keep_if_same
from schemebook.returned.hiring import Cells, begins, hire
from schemebook.returned.limits import MEGABYTE, Limits
from schemebook.returned.opening import HeldFile, hold_file, set_aside
from schemebook.returned.returned_pdf import ReturnedPdf, SetAside
from schemebook.returned.submission import Submission, read_held, recovered_submission
from schemebook.scheme.words import what_and_to_do

Answer = Submission | SetAside
Known = Mapping[str, FormDescriptor]

_TRIES = 2
_BLOATED = ("too-slow", "too-large", "reader-died")
"""After these a worker is not used again: it hangs, or its memory is in pieces."""
_A_LIFE = 8_000
"""After so many files another process takes a worker's place. Each file leaves some hundred bytes behind, inside
the libraries; to start another takes less time than to read a hundred files."""
_SILENT_SECONDS = 0.05
"""How long a worker may keep what it has to tell: most of what a message costs is that the other end wakes up."""
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
    """One living child process. It reads the files that it holds one after another, and tells of several at once.

    Where it is, it shows in memory that both share: so each file has its own time, and a death costs the file that was
    being read, whatever the worker had not told yet. That is read again.
    """

    def __init__(self, known: Known, limits: Limits, copies: Path | None = None, looks: bool = False) -> None:
        self._given, self._limits, self._copies = (pack(known), limits, copies, looks), limits, copies
        self.held: deque[Waiting] = deque()
        self._hire()

    def _hire(self) -> None:
        self._child = hire(_work, self._given, preload=__name__)
        self._ready = False
        self._told = 0
        self._heard = 0.0

    @property
    def line(self) -> Connection:
        """Where its answers come."""
        return self._child.line

    @property
    def pid(self) -> int | None:
        """Of the process that reads now."""
        return self._child.process.pid

    @property
    def ends_at(self) -> float:
        """When the time of the file that it reads is over: it began when the file before it was done, but not while
        there was none to read, nor while nobody took its answers."""
        return max(self._child.since, self._heard) + self._seconds(self.held[self._in_hand()])

    def _in_hand(self) -> int:
        """Which of the files that it holds it reads."""
        return min(self._child.done - self._told, len(self.held) - 1)

    def _seconds(self, place: Waiting) -> float:
        """How long a file may take. One with pictures has more, page by page."""
        pages = place.first.outcome.pictures if place.first else 0
        return self._limits.seconds + pages * self._limits.picture_page_seconds

    def take(self, places: Sequence[Waiting]) -> None:
        """Give the worker some files to read, after those that it holds."""
        self._wait_until_ready()
        if not self.held:
            self._heard = monotonic()
        self.held.extend(places)
        self._send(places)

    def _send(self, places: Iterable[Waiting]) -> None:
        with suppress(OSError):  # it died just now, which `finish_some` finds
            _send(self.line, [place.pdf for place in places])

    def finish_some(self, answered: bool) -> list[Waiting]:
        """The places that are done, with what the worker says of their files, or why it says nothing.

        A worker may be killed by the system for another's sake. A file that kills readers does so twice.
        """
        answers = self._answers() if answered else None
        if answers is None:
            return self._give_up(died=answered)
        finished = [self.held.popleft() for _ in answers]
        for place, (answer, copied) in zip(finished, answers, strict=True):
            place.done = self._reading(place, answer, copied)
        self._told, self._heard = self._told + len(answers), monotonic()
        if self._told >= _A_LIFE or any(_bloats(answer) for answer, _ in answers):
            self._replace()
        return finished

    def _answers(self) -> list[tuple[Answer, bool]] | None:
        """What it tells; None where it is no more."""
        try:
            found: list[tuple[Answer, bool]] = _receive(self.line)
        except (EOFError, OSError):
            return None
        return found

    def _reading(self, place: Waiting, answer: Answer, copied: bool = False) -> Reading:
        assert place.pdf is not None
        return Reading(place.pdf, answer, self._copies / place.pdf.sha256 if copied and self._copies else None)

    def _give_up(self, died: bool) -> list[Waiting]:
        """End the process, and put why into the place of the file that it read, unless that is to be tried again."""
        self.stop()
        number = self._in_hand()
        place = self.held[number]
        assert place.pdf is not None
        place.tries += 1
        if died and place.tries < _TRIES:
            self._replace()
            return []
        gone = set_aside("reader-died") if died else set_aside("too-slow", seconds=self._seconds(place))
        place.done = self._reading(place, SetAside.of(place.pdf, gone))
        del self.held[number]
        self._replace()
        return [place]

    def is_ready(self) -> bool:
        """Whether it has its libraries, so that it takes files at once. Raises as `take` where it died meanwhile."""
        if not self._ready and self.line.poll():
            self._wait_until_ready()
        return self._ready

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
        self._child.process.kill()
        self._child.process.join()
        self.line.close()

    def drop_work(self) -> None:
        """Be free again: a process that still reads gives place to another."""
        if self.held:
            self.held.clear()
            self._replace()

    def _replace(self) -> None:
        """Another process in place of this one, which is given again what this one still held."""
        self.stop()
        self._hire()
        if self.held:
            self._wait_until_ready()
            self._heard = monotonic()
            self._send(self.held)


def _bloats(outcome: Answer) -> bool:
    return isinstance(outcome, SetAside) and outcome.reason in _BLOATED


def _send(line: Connection, what: object) -> None:
    """`Connection.send` looks at each object with a pickler that is meant for locks and sockets: four times as slow."""
    line.send_bytes(pickle.dumps(what, pickle.HIGHEST_PROTOCOL))


def _receive(line: Connection) -> Any:
    return pickle.loads(line.recv_bytes())  # from a process of our own


def _work(line: Connection, cells: Cells, packed: Packed, limits: Limits, copies: Path | None, looks: bool) -> None:
    """The life of a worker: files in, their answers out, until the other end is closed. looks: at pictures."""
    hold_to(limits)
    known, read = unpack(packed), look_at_pictures if looks else None
    if looks:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's threads wait in loops, and take more than they do
        with suppress(ImportError):  # told when a file needs it
            import schemebook.returned.recovery.image_door  # noqa: F401  # before the first file's time begins
    gc.freeze()  # what is here now stays to the end: the collector need not look through it again and again
    _send(line, _READY)
    done = 0
    while files := _next_files(line):
        answers: list[tuple[Answer, bool]] = []
        last_told = monotonic()
        for pdf in files:
            copy = copies / pdf.sha256 if copies else None
            answer = read_one(pdf, known, limits, read, copy)
            answers.append((answer, copy is not None and isinstance(answer, Submission) and copy.exists()))
            done += 1
            begins(cells, done)
            if pdf is files[-1] or _bloats(answer) or monotonic() - last_told > _SILENT_SECONDS:
                with suppress(OSError):  # nobody waits for it any more
                    _send(line, answers)
                answers, last_told = [], monotonic()
            if _bloats(answer):
                return  # another takes its place


def _next_files(line: Connection) -> list[ReturnedPdf]:
    """The files to be read next; none where the line is closed, or whoever held the other end was killed."""
    try:
        found: list[ReturnedPdf] = _receive(line)
    except (EOFError, OSError, KeyboardInterrupt):
        return []
    return found


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

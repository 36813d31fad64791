"""Returned PDFs in; their Submissions out, each read in a process of its own that has limits of time and memory.

A worker lives on from file to file. At a limit it is killed and another takes its place: that costs the one file.

What holds a worker, by system: on Linux its address space (RLIMIT_AS) and the time; on macOS and Windows the time
alone, since neither holds a process to an address space; what a stream may inflate to holds everywhere, where
pikepdf has that setting (10.17 and later). Workers are started by forkserver, on Windows by spawn: a fork of a
process with threads may hang.
"""

from __future__ import annotations

import gc
import importlib.util
import multiprocessing
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from types import ModuleType
from typing import TypeVar

import pikepdf

from schemebook.errors import SchemebookError, SetAsideError
from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.returned.copies import copy_if_same
from schemebook.returned.limits import MEGABYTE, Limits
from schemebook.returned.opening import first_bytes, is_photograph, set_aside
from schemebook.returned.returned_pdf import ReturnedPdf, SetAside
from schemebook.returned.submission import Submission, read_returned, recovered_submission
from schemebook.scheme.words import what_and_to_do

Other = TypeVar("Other")
Answer = Submission | SetAside
Known = Mapping[str, FormDescriptor]

_LONGEST_LINE = 100
"""How many files may be done before one that is not: a slow file does not make the others pile up."""
_HELD = 2
"""How many files a worker holds: the one it reads and the next."""
_TRIES = 2
_BLOATED = ("too-slow", "too-large", "reader-died")
"""After these a worker is not used again: it hangs, or its memory is in pieces."""
_READY = "ready"
_START_SECONDS = 60.0
"""How long a worker may take to start: it imports the reader's libraries, on a busy machine slowly."""


@dataclass(frozen=True)
class Reading:
    """One file and what came of reading it. copied: the copy that the worker made of it, under its hash."""

    pdf: ReturnedPdf
    outcome: Submission | SetAside
    copied: Path | None = None


def read_all(
    found: Iterable[ReturnedPdf | Other],
    known: Known,
    limits: Limits | None = None,
    workers: int = 1,
    copies: Path | None = None,
    crew: Sequence[Worker] = (),
) -> Iterator[Reading | Other]:
    """Read every returned PDF in workers; anything else passes through. The order stays.

    known: the published versions and editions, by edition id. copies: an empty folder in which the workers lay a copy
    of each file that gave answers, but for anonymous forms; none is flushed.
    crew: workers of the caller's, who lets them live on; left out, so many are made for this. Close the iterator to end
    those early.
    """
    with ExitStack() as ends:
        limits = limits or Limits()
        mine = Crew(list(crew) or [Worker(known, limits, copies) for _ in range(max(1, workers))])
        if can_look():
            mine.hire_looker = partial(Worker, known, looking(limits), looks=True)
        ends.callback(mine.stop_looker if crew else mine.stop)
        yield from _in_order(found, mine)


def can_look() -> bool:
    """Whether what looks at pictures is installed: the extra `recover`."""
    return all(importlib.util.find_spec(name) is not None for name in ("cv2", "numpy"))


def looking(limits: Limits) -> Limits:
    """The limits of a worker that looks at pictures."""
    return limits.model_copy(update={"seconds": limits.picture_seconds, "worker_bytes": limits.picture_bytes})


@dataclass
class _Waiting:
    """One place in the order: what passes through, or a file whose answer may still be out.

    first: what its text gave, while it waits for its pages to be looked at.
    """

    pdf: ReturnedPdf | None = None
    done: object = None
    tries: int = 0
    first: Reading | None = None


@dataclass
class Crew:
    """The workers, and one more that looks at pictures from when the first file needs it: it is slow to start."""

    readers: list[Worker]
    hire_looker: Callable[[], Worker] | None = None
    looker: Worker | None = None
    to_look: deque[_Waiting] = field(default_factory=deque)

    @property
    def all(self) -> list[Worker]:
        """Every worker that there is."""
        return [*self.readers, self.looker] if self.looker else self.readers

    def look_at(self, place: _Waiting) -> None:
        """Let a file be looked at whose text said too little."""
        self.to_look.append(place)
        if self.looker is None:
            assert self.hire_looker is not None
            self.looker = self.hire_looker()
        self.hand_on()

    def hand_on(self) -> None:
        """Give the one who looks its next files."""
        while self.looker and self.to_look and len(self.looker.held) < _HELD:
            self.looker.take(self.to_look.popleft())

    def stop(self) -> None:
        """End them all."""
        for worker in self.all:
            worker.stop()

    def stop_looker(self) -> None:
        """End the one who looks; the others are somebody else's."""
        if self.looker:
            self.looker.stop()


def _in_order(found: Iterable[ReturnedPdf | Other], crew: Crew) -> Iterator[Reading | Other]:
    """Give each file to the worker that holds the fewest; hand on what is done as soon as all before it is."""
    line: deque[_Waiting] = deque()
    for one in found:
        if isinstance(one, ReturnedPdf):
            place = _Waiting(one)
            while all(len(worker.held) == _HELD for worker in crew.readers):
                _finish_some(crew)
            min(crew.readers, key=lambda worker: len(worker.held)).take(place)
        else:
            place = _Waiting(done=one)
        line.append(place)
        while line and (line[0].done is not None or len(line) > _LONGEST_LINE):
            yield _first(line, crew)
    while line:
        yield _first(line, crew)


def _first(line: deque[_Waiting], crew: Crew) -> Reading | Other:
    while line[0].done is None:
        _finish_some(crew)
    return line.popleft().done  # type: ignore[return-value]  # what was put in, or the Reading made of it


def _finish_some(crew: Crew) -> None:
    """Wait until at least one worker has answered, died or reached its time."""
    busy = [worker for worker in crew.all if worker.held]
    soonest = min(worker.ends_at for worker in busy)
    ready = wait([worker.line for worker in busy], timeout=max(0.0, soonest - monotonic()))
    for worker in busy:
        if worker.line in ready:
            _finish_one(worker, crew, answered=True)
        elif monotonic() >= worker.ends_at:
            _finish_one(worker, crew, answered=worker.line.poll())
    crew.hand_on()


def _finish_one(worker: Worker, crew: Crew, *, answered: bool) -> None:
    """Take a worker's answer. Where its pages could be looked at, it waits for that, if anybody can."""
    place = worker.held[0]
    worker.finish_one(answered=answered)
    if place.done is None or not isinstance(place.done, Reading):
        return
    if place.first is not None:
        place.done = _of_both(place.first, place.done)
    elif place.done.outcome.pictures and crew.hire_looker is not None:
        place.first, place.done, place.tries = place.done, None, 0
        crew.look_at(place)
    else:
        place.done = _unseen(place.done)


def _of_both(first: Reading, look: Reading) -> Reading:
    """What a file gave as text, and then as pictures: the look decides, unless it saw nothing where text was read."""
    if isinstance(look.outcome, SetAside) and isinstance(first.outcome, Submission):
        return first
    return replace(look, copied=first.copied)


def _unseen(reading: Reading) -> Reading:
    """A file that only a look could read, where nobody can look: set aside, with what to install."""
    if isinstance(reading.outcome, Submission) or not reading.outcome.pictures:
        return reading
    if reading.outcome.reason == "not-a-pdf":
        return replace(reading, outcome=SetAside.of(reading.pdf, set_aside("not-a-pdf", "no-recover")))
    return replace(reading, outcome=SetAside.of(reading.pdf, set_aside("no-fields", "no-recover")))


class Worker:
    """One living child process. It reads one file; the next one already lies in its line, so that it never waits."""

    def __init__(self, known: Known, limits: Limits, copies: Path | None = None, looks: bool = False) -> None:
        self._given, self._limits, self._copies = (dict(known), limits, copies, looks), limits, copies
        self.held: deque[_Waiting] = deque()
        self.ends_at = 0.0
        self._process, self.line = _hire(self._given)
        self._ready = False
        self._seconds = limits.seconds

    def take(self, place: _Waiting) -> None:
        """Give the worker a file to read, after those that it holds."""
        self._wait_until_ready()
        self.held.append(place)
        if len(self.held) == 1:
            self._start_clock()
        with suppress(OSError):  # it died just now, which `finish_one` finds
            self.line.send(place.pdf)

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
        if reading is None or (isinstance(reading.outcome, SetAside) and reading.outcome.reason in _BLOATED):
            self._replace()
        if self.held:
            self._start_clock()

    def _start_clock(self) -> None:
        """The first file's time begins. A file with pictures has more, page by page."""
        first = self.held[0].first
        pages = first.outcome.pictures if first else 0
        self._seconds = self._limits.seconds + pages * self._limits.picture_page_seconds
        self.ends_at = monotonic() + self._seconds

    def _reading(self, place: _Waiting) -> Reading | None:
        """What comes of the first file, whose answer is in; None where it is to be tried once more."""
        assert place.pdf is not None
        try:
            answer, copied = self.line.recv()
        except (EOFError, OSError):
            place.tries += 1
            gone = SetAside.of(place.pdf, set_aside("reader-died"))
            return None if place.tries < _TRIES else Reading(place.pdf, gone)
        return Reading(place.pdf, answer, self._copies / place.pdf.sha256 if copied and self._copies else None)

    def _too_slow(self, place: _Waiting) -> Reading:
        assert place.pdf is not None
        return Reading(place.pdf, SetAside.of(place.pdf, set_aside("too-slow", seconds=self._seconds)))

    def _wait_until_ready(self) -> None:
        """The time of the first file counts from when the worker has its libraries."""
        if self._ready:
            return
        try:
            if self.line.poll(_START_SECONDS) and self.line.recv() == _READY:
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

    def _replace(self) -> None:
        """Another process in place of this one, which is given again what this one still held."""
        self.stop()
        self._process, self.line = _hire(self._given)
        self._ready = False
        self._wait_until_ready()
        for place in self.held:
            with suppress(OSError):
                self.line.send(place.pdf)


def _hire(given: tuple[Known, Limits, Path | None, bool]) -> tuple[BaseProcess, Connection]:
    """A new child process and the line to it."""
    near, far = multiprocessing.Pipe()
    context: SpawnContext | ForkServerContext
    if sys.platform == "win32":
        context = multiprocessing.get_context("spawn")
    else:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
    process = context.Process(target=_work, args=(far, *given), daemon=True)
    with without_main_module():
        process.start()
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


def _work(line: Connection, known: Known, limits: Limits, copies: Path | None, looks: bool) -> None:
    """The life of a worker: a file in, its answer out, until the other end is closed. looks: at pictures."""
    hold_to(limits)
    read = look_at_pictures if looks else None
    if looks:
        with suppress(ImportError):  # told when a file needs it
            import schemebook.returned.image_door  # noqa: F401  # before the first file's time begins
    gc.freeze()  # what is here now stays to the end: the collector need not look through it again and again
    line.send(_READY)
    while True:
        try:
            pdf = line.recv()
        except (EOFError, KeyboardInterrupt):
            return
        line.send(_read_and_copy(pdf, known, limits, copies, read))


Read = Callable[[ReturnedPdf, Known, Limits], Submission]


def look_at_pictures(pdf: ReturnedPdf, known: Known, limits: Limits) -> Submission:
    """Read one file by the pictures of its pages. Raises SetAsideError; ImportError without the extra `recover`."""
    from schemebook.returned.image_door import read_pictures

    return recovered_submission(read_pictures(pdf.path, known, limits, is_photograph(first_bytes(pdf.path))))


def _read_and_copy(
    pdf: ReturnedPdf, known: Known, limits: Limits, copies: Path | None, read: Read | None
) -> tuple[Answer, bool]:
    """Read a file, and copy what gave answers unless its form is anonymous. A failed copy is left to who wants it."""
    answer = read_one(pdf, known, limits, read)
    if copies is None or isinstance(answer, SetAside) or answer.anonymous:
        return answer, False
    with suppress(OSError):
        same = copy_if_same(pdf.path, pdf.sha256, copies / pdf.sha256)
        return (answer, True) if same else (SetAside.of(pdf, set_aside("changed")), False)
    return answer, False


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


def read_one(pdf: ReturnedPdf, known: Known, limits: Limits, read: Read | None = None) -> Answer:
    """Read one file, whatever it does. What no code of ours foresaw costs this file and no other.

    The trace of an unforeseen error is not told: it may hold the sender's answers.
    """
    try:
        return (read or read_returned)(pdf, known, limits)
    except SetAsideError as error:
        return SetAside.of(pdf, error)
    except MemoryError:
        return SetAside.of(pdf, set_aside("too-large", "too-much-memory"))
    except OSError as error:
        return SetAside.of(pdf, set_aside("not-readable", why=error.strerror or type(error).__name__))
    except Exception:  # noqa: BLE001 - the one broad except of the project: a file may break any library
        return SetAside.of(pdf, set_aside("reader-died"))

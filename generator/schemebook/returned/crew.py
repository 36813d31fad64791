"""Returned PDFs in; their Submissions out in the same order, read by several workers at once.

A file whose text says too little waits for a worker of its own that looks at pictures, while the others go on.
"""

from __future__ import annotations

import importlib.util
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from multiprocessing.connection import wait
from pathlib import Path
from time import monotonic
from typing import TypeVar

from schemebook.returned.limits import Limits
from schemebook.returned.opening import set_aside
from schemebook.returned.returned_pdf import ReturnedPdf, SetAside
from schemebook.returned.submission import Submission
from schemebook.returned.worker import Known, Reading, Waiting, Worker

Other = TypeVar("Other")

_LONGEST_LINE = 100
"""How many files may be done before one that is not: a slow file does not make the others pile up."""
_A_MESSAGE = 8
"""How many files a worker is given at once where there are so many. It holds those of one message, which it reads, and
those of the next: what hands them out may be kept from it for some milliseconds (by the thread that stores, which has
the interpreter meanwhile), and a form takes one to read."""
_AHEAD = 2_000
"""How many files are found and hashed while the workers start, which takes as long as to hash some thousand. Of what is
unpacked none: it lies on the disk until it is read."""


def read_all(
    found: Iterable[ReturnedPdf | Other],
    known: Known,
    limits: Limits | None = None,
    workers: int = 1,
    copies: Path | None = None,
    crew: Crew | None = None,
) -> Iterator[Reading | Other]:
    """Read every returned PDF in workers; anything else passes through. The order stays.

    known: the published versions and editions, by edition id. copies: an empty folder in which the workers lay a copy
    of each file that gave answers, but for anonymous forms; none is flushed.
    crew: the caller's, who lets it live on; left out, so many workers are hired for this when the first file comes that
    has to be read. Close the iterator to end those early.
    """
    rest = iter(found)
    for first in rest:
        if isinstance(first, ReturnedPdf):
            break
        yield first
    else:
        return
    mine = crew or hire_crew(known, limits or Limits(), workers, copies)
    try:
        yield from _in_order(chain([first], rest), mine)
    finally:
        mine.drop_work() if crew else mine.stop()


def hire_crew(known: Known, limits: Limits, workers: int = 1, copies: Path | None = None) -> Crew:
    """So many workers, and where pictures can be read one more for these, who is hired when the first one comes."""
    crew = Crew([Worker(known, limits, copies) for _ in range(max(1, workers))])
    if can_look():
        crew.hire_looker = partial(Worker, known, looking(limits), looks=True)
    return crew


def can_look() -> bool:
    """Whether what looks at pictures is installed: the extra `recover`."""
    return all(importlib.util.find_spec(name) is not None for name in ("cv2", "numpy"))


def looking(limits: Limits) -> Limits:
    """The limits of a worker that looks at pictures."""
    return limits.model_copy(update={"seconds": limits.picture_seconds, "worker_bytes": limits.picture_bytes})


@dataclass
class Crew:
    """The workers, and one more that looks at pictures from when the first file needs it: it is slow to start.

    It lives as long as the crew. What memory it takes is bounded by its limits; at those another takes its place.
    """

    readers: list[Worker]
    hire_looker: Callable[[], Worker] | None = None
    looker: Worker | None = None
    to_read: deque[Waiting] = field(default_factory=deque)
    to_look: deque[Waiting] = field(default_factory=deque)

    @property
    def all(self) -> list[Worker]:
        """Every worker that there is."""
        return [*self.readers, self.looker] if self.looker else self.readers

    @property
    def starts(self) -> bool:
        """Whether no worker can read yet, and more files may wait for one."""
        return len(self.to_read) < _AHEAD and not any(worker.held or worker.is_ready() for worker in self.readers)

    @property
    def full(self) -> bool:
        """Whether a whole message waits that no worker can take."""
        return len(self.to_read) >= _A_MESSAGE and not self.starts

    def read(self, place: Waiting) -> None:
        """Let a file be read."""
        assert place.pdf is not None
        self.to_read.append(place)
        if place.pdf.unpacked or not self.starts:
            self.hand_on()

    def look_at(self, place: Waiting) -> None:
        """Let a file be looked at whose text said too little."""
        self.to_look.append(place)
        if self.looker is None:
            assert self.hire_looker is not None
            self.looker = self.hire_looker()
        self.hand_on()

    def hand_on(self) -> None:
        """Give each the next files: whoever has none what there is, the others a message at a time."""
        while self.to_read:
            worker = min(self.readers, key=lambda one: len(one.held))
            if worker.held and (len(worker.held) > _A_MESSAGE or not self.full):
                break
            worker.take([self.to_read.popleft() for _ in range(min(_A_MESSAGE, len(self.to_read)))])
        while self.looker and self.to_look and len(self.looker.held) < _A_MESSAGE:
            self.looker.take([self.to_look.popleft()])

    def stop(self) -> None:
        """End them all."""
        for worker in self.all:
            worker.stop()

    def drop_work(self) -> None:
        """Let go of what was not finished, as where somebody stopped taking answers: nobody waits for it any more."""
        self.to_read.clear()
        self.to_look.clear()
        for worker in self.all:
            worker.drop_work()


def _in_order(found: Iterable[ReturnedPdf | Other], crew: Crew) -> Iterator[Reading | Other]:
    """Let each file be read; hand on what is done as soon as all before it is."""
    line: deque[Waiting] = deque()
    for one in found:
        place = Waiting(one) if isinstance(one, ReturnedPdf) else Waiting(done=one)
        line.append(place)
        if place.pdf:
            crew.read(place)
        while line and (line[0].done is not None or crew.full or (len(line) > _LONGEST_LINE and not crew.starts)):
            yield from _next(line, crew)
    while line:
        yield from _next(line, crew)


def _next(line: deque[Waiting], crew: Crew) -> Iterator[Reading | Other]:
    """The first of the line where it is done; else nothing, once somebody has answered."""
    if line[0].done is None:
        crew.hand_on()
        _finish_some(crew)
    else:
        yield line.popleft().done  # type: ignore[misc]  # what was put in, or the Reading made of it


def _finish_some(crew: Crew) -> None:
    """Wait until at least one worker has answered, died or reached its time."""
    busy = [worker for worker in crew.all if worker.held]
    soonest = min(worker.ends_at for worker in busy)
    ready = wait([worker.line for worker in busy], timeout=max(0.0, soonest - monotonic()))
    for worker in busy:
        answered = worker.line in ready
        if answered or monotonic() >= worker.ends_at:
            for place in worker.finish_some(answered or worker.line.poll()):
                _finish(place, crew)
    crew.hand_on()


def _finish(place: Waiting, crew: Crew) -> None:
    """A file that was read. Where its pages could be looked at, it waits for that, if anybody can."""
    assert isinstance(place.done, Reading)
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

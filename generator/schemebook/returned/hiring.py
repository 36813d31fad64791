"""A function in; a process of its own that runs it out, with the line to it and what it shows of where it is.

Processes are started by forkserver, on Windows by spawn: a fork of a process with threads may hang.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, MutableSequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from time import monotonic
from types import ModuleType
from typing import TYPE_CHECKING

from schemebook.errors import SchemebookError
from schemebook.scheme.words import what_and_to_do

if TYPE_CHECKING:  # Windows has no ForkServerContext
    from multiprocessing.context import ForkServerContext, SpawnContext

Cells = MutableSequence[float]
"""Memory that two processes share: how many files are done, and since when."""


@dataclass(frozen=True)
class Hired:
    """A process, this end of the line to it, and the memory in which it shows where it is (see `begins`)."""

    process: BaseProcess
    line: Connection
    _cells: Cells

    @property
    def done(self) -> int:
        """How many files it has read, whether it has told of them or not."""
        return int(self._cells[0])

    @property
    def since(self) -> float:
        """When it was done with the last of them, by `monotonic`, which is one clock for all processes."""
        return self._cells[1]


def begins(cells: Cells, done: int) -> None:
    """Show that another file is begun after so many. The time first: whoever looks between gives a file too much."""
    cells[1] = monotonic()
    cells[0] = done


def hire(work: Callable[..., None], given: tuple[object, ...], preload: str) -> Hired:
    """A new process that runs `work(line, cells, *given)`. preload: the module that its server imports beforehand.

    Raises SchemebookError where the system starts none.
    """
    near, far = multiprocessing.Pipe()
    context: SpawnContext | ForkServerContext
    if sys.platform == "win32":
        context = multiprocessing.get_context("spawn")
    else:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([preload])
    try:
        cells = context.RawArray("d", 2)
        process = context.Process(target=work, args=(far, cells, *given), daemon=True)
        with without_main_module(), _roomy_allocator():
            process.start()
    except OSError as error:  # no more processes, or a folder for temporary files whose name is too long for a socket
        why = error.strerror or str(error)
        raise SchemebookError(*what_and_to_do("returned.worker-not-started", why=why), kind="no-worker") from None
    far.close()
    return Hired(process, near, cells)


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

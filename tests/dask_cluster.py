"""The programs of a Dask cluster on this machine: scheduler and workers of one thread, ended with their context."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import free_port, running


@contextmanager
def scheduler(log: Path) -> Iterator[str]:
    """A scheduler, by its address."""
    port = free_port()
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--no-dashboard"]
    with running([*command, "--port", str(port)], port, log):
        yield f"tcp://127.0.0.1:{port}"


@contextmanager
def worker(address: str, log: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of a scheduler; it may be killed."""
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1"]
    with (
        (log or Path(os.devnull)).open("wb") as out,
        subprocess.Popen([*command, "--no-dashboard"], stdout=out, stderr=out, start_new_session=True) as process,
    ):
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)

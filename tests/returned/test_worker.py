"""A file that breaks, slows or bloats the reader costs itself and no other."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from tests.returned.made_pdf import FORM, FULL, KNOWN, VALUES, make_pdf, returned

from schemebook.returned.arrivals.sources import find_returned
from schemebook.returned.crew import read_all
from schemebook.returned.limits import Limits
from schemebook.returned.returned_pdf import ReturnedPdf, SetAside
from schemebook.returned.submission import Submission
from schemebook.returned.worker import Reading, read_one


def outcomes(folder: Path, limits: Limits | None = None, workers: int = 1) -> dict[str, str]:
    """File name -> reason, or `read` for a record with all answers."""
    found = {}
    for one in read_all(find_returned([folder], limits), KNOWN, limits, workers):
        told = one.outcome if isinstance(one, Reading) else one
        name = (one.pdf if isinstance(one, Reading) else one).name.rpartition("/")[2]
        if isinstance(told, Submission):
            assert told.answers == FULL
        found[name] = "read" if isinstance(told, Submission) else told.reason
    return found


@pytest.mark.parametrize("workers", [1, 2])
def test_files_are_read_in_their_order_and_the_rest_passes_through(tmp_path: Path, workers: int) -> None:
    for number in range(12):
        (tmp_path / f"{number:02}.pdf").write_bytes(make_pdf(VALUES) if number % 3 else b"no PDF")
    (tmp_path / "13.zip").write_bytes(b"PK\x05\x06")
    found = outcomes(tmp_path, workers=workers)
    assert list(found) == [f"{number:02}.pdf" for number in range(12)] + ["13.zip"]
    assert list(found.values()) == ["read" if number % 3 else "not-a-pdf" for number in range(12)] + ["damaged"]


def test_one_worker_reads_many_files_and_is_gone_afterwards(tmp_path: Path) -> None:
    pids = set()

    def watched() -> Iterator[ReturnedPdf | SetAside]:
        for one in [returned(tmp_path, make_pdf(VALUES), f"{n}.pdf") for n in range(5)]:
            yield one
            pids.update(children())

    assert len(list(read_all(watched(), KNOWN))) == 5
    readers = pids - children()
    assert len(readers) == 1


def test_no_worker_is_hired_before_a_file_comes_that_has_to_be_read(tmp_path: Path) -> None:
    before = set(multiprocessing.active_children())
    found = read_all(iter([1, returned(tmp_path, make_pdf(VALUES)), 2]), KNOWN)
    assert next(found) == 1 and not set(multiprocessing.active_children()) - before
    assert isinstance(next(found), Reading) and set(multiprocessing.active_children()) - before
    assert list(found) == [2]


class Gate(PurePosixPath):
    """A path that whoever gets it by another process waits for, until somebody opens its other end."""

    def __reduce__(self) -> tuple[object, ...]:
        return open, (str(self),)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
def test_files_are_found_while_a_worker_starts(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gate")
    slow = {FORM.edition.id: replace(FORM, blank=Gate(tmp_path / "gate"))}
    pdfs = [returned(tmp_path, make_pdf(VALUES), f"{n}.pdf") for n in range(150)]

    def found() -> Iterator[ReturnedPdf]:
        yield from pdfs
        with (tmp_path / "gate").open("w"):  # only now can it start
            pass

    readings = list(read_all(found(), slow))
    assert [one.pdf for one in readings] == pdfs
    assert all(isinstance(one.outcome, Submission) for one in readings)


def children() -> set[int]:
    """The processes whose parent's parent or parent is this one: the server of forks and its workers."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    mine = {pid for pid, parent in parents.items() if parent == os.getpid()}
    return mine | {pid for pid, parent in parents.items() if parent in mine}


def test_a_worker_that_takes_too_long_is_killed_and_replaced(tmp_path: Path) -> None:
    """The worker is stopped from outside while it holds a file: it can no longer answer."""
    pdfs = [returned(tmp_path, make_pdf(VALUES), f"{n}.pdf") for n in range(30)]  # more than a worker is given at once
    before = children()
    readings = read_all(iter(pdfs), KNOWN, Limits(seconds=4.0))
    told = [next(readings)]
    for pid in readers_of_this_test(before):
        os.kill(pid, signal.SIGSTOP)
    told += readings
    reasons = [one.outcome.reason if isinstance(one.outcome, SetAside) else "read" for one in told]
    assert sorted(reasons) == ["read"] * 29 + ["too-slow"]
    assert reasons[0] == "read"


def readers_of_this_test(before: set[int]) -> list[int]:
    """The workers that came since; the server of forks and the tracker of resources stay untouched."""
    found = []
    for pid in children() - before:
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
        parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        if b"resource_tracker" not in line and parent != os.getpid():
            found.append(pid)
    return found


def test_a_worker_that_is_killed_by_the_system_costs_no_file(tmp_path: Path) -> None:
    pdfs = [returned(tmp_path, make_pdf(VALUES), f"{n}.pdf") for n in range(30)]

    before = children()
    readings = read_all(iter(pdfs), KNOWN)
    first = next(readings)
    for pid in readers_of_this_test(before):
        os.kill(pid, signal.SIGKILL)
    rest = list(readings)
    assert isinstance(first.outcome, Submission)
    assert [isinstance(one.outcome, Submission) for one in rest] == [True] * 29


def one_that_never_opens(folder: Path) -> ReturnedPdf:
    """A file that was one when it was found, and is a pipe now: whoever opens it waits for good."""
    pdf = returned(folder, make_pdf(VALUES), "never.pdf")
    pdf.path.unlink()
    os.mkfifo(pdf.path)
    return pdf


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes among its files")
def test_a_file_that_hangs_among_others_has_its_own_time_and_costs_none_of_them(tmp_path: Path) -> None:
    """It lies in the middle of a message: the worker has not told of those before it, nor begun those behind it."""
    pdfs = [returned(tmp_path, make_pdf(VALUES), f"{n}.pdf") for n in range(20)]
    pdfs[13:13] = [one_that_never_opens(tmp_path)]
    since = time.monotonic()
    told = list(read_all(iter(pdfs), KNOWN, Limits(seconds=3.0)))
    took = time.monotonic() - since
    reasons = {one.pdf.name: one.outcome.reason for one in told if isinstance(one.outcome, SetAside)}
    assert reasons == {pdfs[13].name: "too-slow"}
    assert 3.0 <= took < 6.0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes among its files")
def test_a_file_that_kills_its_readers_among_others_costs_none_of_them(tmp_path: Path) -> None:
    pdfs = [returned(tmp_path, make_pdf(VALUES), f"{n}.pdf") for n in range(20)]
    pdfs[13:13] = [one_that_never_opens(tmp_path)]
    before, ended, killed = children(), threading.Event(), list[int]()

    def kill_who_waits() -> None:
        while not ended.wait(0.05):
            for pid in readers_of_this_test(before):
                if pid not in killed and waits_for_a_pipe(pid):
                    killed.append(pid)
                    os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_who_waits)
    killer.start()
    try:
        told = list(read_all(iter(pdfs), KNOWN, Limits(seconds=60.0)))
    finally:
        ended.set()
        killer.join()
    reasons = {one.pdf.name: one.outcome.reason for one in told if isinstance(one.outcome, SetAside)}
    assert reasons == {pdfs[13].name: "reader-died"}
    assert len(killed) == 2


def waits_for_a_pipe(pid: int) -> bool:
    """Whether a process opens a pipe that nobody has opened at the other end (proc_pid_wchan(5))."""
    try:
        return Path(f"/proc/{pid}/wchan").read_text("ascii") in ("wait_for_partner", "fifo_open")
    except OSError:
        return False


def test_after_many_files_another_process_takes_a_workers_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schemebook.returned.worker._A_LIFE", 12)
    pdfs = [returned(tmp_path, make_pdf(VALUES), f"{n}.pdf") for n in range(30)]
    before, seen = children(), set[int]()
    for reading in read_all(iter(pdfs), KNOWN, copies=tmp_path / "copies"):
        assert isinstance(reading.outcome, Submission)
        seen.update(readers_of_this_test(before))
    assert len(seen) >= 3


def test_an_error_that_nobody_foresaw_is_told_without_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise LookupError("Tane's answer")

    monkeypatch.setattr("schemebook.returned.worker.read_held", breaks)
    told = read_one(returned(tmp_path, make_pdf(VALUES)), KNOWN, Limits())
    assert isinstance(told, SetAside)
    assert told.reason == "reader-died"
    assert "Tane" not in repr(told)


def test_a_file_that_is_gone_when_its_turn_comes_is_not_readable(tmp_path: Path) -> None:
    pdf = returned(tmp_path, make_pdf(VALUES))
    pdf.path.unlink()
    (one,) = read_all([pdf], KNOWN)
    assert isinstance(one.outcome, SetAside)
    assert one.outcome.reason == "not-readable"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_workers_whose_master_was_killed_end_without_a_word(tmp_path: Path) -> None:
    """A trace of theirs would stand on the terminal of whoever killed it, and may hold what they were reading."""
    for number in range(40):
        (tmp_path / f"{number}.pdf").write_bytes(b"%PDF-1.7 no more " + str(number).encode() * 50_000)
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from schemebook.returned.crew import read_all\n"
        "from schemebook.returned.arrivals.sources import find_returned\n"
        "for number, _ in enumerate(read_all(find_returned([Path(sys.argv[1])]), {}, workers=2)):\n"
        "    if number == 3: os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, "")


def test_half_a_copy_that_a_worker_left_as_it_died_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()
    pdf = returned(tmp_path, make_pdf(VALUES))
    (tmp_path / "copies" / pdf.sha256).write_bytes(b"%PDF-1.7 half")
    (one,) = read_all([pdf], KNOWN, copies=tmp_path / "copies")
    assert one.copied is not None
    assert one.copied.read_bytes() == pdf.path.read_bytes()

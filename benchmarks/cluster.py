"""A Dask cluster here against the plain pool; a rehearsal from object storage to PostgreSQL, with a worker killed.

Usage: python benchmarks/cluster.py [returns of the rehearsal, 20000 unless told]
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import obstore
import pikepdf
from large_store import returns
from measured import ROOT, keep
from obstore.store import from_url
from workers import project_in

from schemebook.form_pdf.fill import fill_form
from schemebook.form_pdf.finish import make_form_pdf
from schemebook.records.intake.cluster import FILES_A_BATCH, ingest_on_cluster
from schemebook.records.intake.ingest import FILES_A_COMMIT, ingest_paths
from schemebook.records.outcomes import Outcome
from schemebook.records.store.store import NewReturn, open_store
from schemebook.scheme.project import Project, load_project

sys.path.insert(0, str(ROOT))
from tests.dask_cluster import scheduler, worker
from tests.servers import new_database, postgresql, s3

FILES, ROUNDS, WRITERS, WRITTEN = 1_600, 3, 4, 4_000
NUMBER = b"(0000000000)"


def many(project: Project, folder: Path, number: int) -> None:
    """So many filled forms, made from the demo's answers, each with a number of its own in its bytes."""
    made = []
    for answers in sorted((ROOT / "tests" / "demo").glob("*/*.json")):
        blank = make_form_pdf(project, answers.parent.name, answers.stem.rpartition("-")[0])
        filled = fill_form(blank.pdf, blank.descriptor, json.loads(answers.read_text("utf-8"))).pdf
        place = folder / "one"
        place.write_bytes(filled)
        with pikepdf.open(place, allow_overwriting_input=True) as pdf:
            pdf.docinfo["/Copy"] = NUMBER[1:-1].decode()
            pdf.save(place, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        made.append(place.read_bytes())
        place.unlink()
        assert made[-1].count(NUMBER) == 1
    for one in range(number):
        (folder / f"{one:06}.pdf").write_bytes(made[one % len(made)].replace(NUMBER, b"(%010d)" % one))


@dataclass(frozen=True)
class Spent:
    """Seconds of the clock and of the processor."""

    clock: float
    processor: float


def all_below(top: int, without: set[int]) -> Iterator[list[str]]:
    """What the system says of a process and of all below it (Linux, proc_pid_stat(5), from the state on)."""
    said: dict[int, list[str]] = {}
    below: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            process, fields = int(stat.parent.name), stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        said[process] = fields
        below.setdefault(int(fields[1]), []).append(process)
    waiting = [top]
    while waiting:
        process = waiting.pop()
        if process not in without and process in said:
            yield said[process]
            waiting += below.get(process, [])


def spent_by_all(without: set[int]) -> float:
    """Processor seconds of this process and all below it, those that have ended too."""
    ticks = sum(sum(map(int, fields[11:15])) for fields in all_below(os.getpid(), without))
    return ticks / os.sysconf("SC_CLK_TCK")


def megabytes(process: int) -> float:
    """Resident memory of a process and all below it; what they share counts more than once."""
    return sum(int(fields[21]) for fields in all_below(process, set())) * os.sysconf("SC_PAGE_SIZE") / 1e6


def children() -> set[int]:
    """The processes that this one has started."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(os.getpid())], capture_output=True, text=True)
    return set(map(int, found.stdout.split()))


def counted(outcomes: Iterator[Outcome]) -> Counter[str]:
    """How many files came to what."""
    return Counter(one.outcome for one in outcomes)


def against_the_pool(folder: Path, server: str, servers: set[int]) -> tuple[Spent, Spent]:
    """The median spent by two workers of a cluster, and by two of the pool; rounds in turns, the first not counted."""
    (folder / "inbox").mkdir()
    many(load_project(ROOT), folder / "inbox", FILES)
    spent: dict[str, list[Spent]] = {"cluster": [], "pool": []}
    with ExitStack() as ends:
        address = ends.enter_context(scheduler(folder / "scheduler.log"))
        for _ in range(2):
            ends.enter_context(worker(address))
        for number in range(ROUNDS + 1):
            for name in (("cluster", "pool"), ("pool", "cluster"))[number % 2]:
                root, where = project_in(folder / f"{name}{number}"), new_database(server)
                clock, processor = time.perf_counter(), spent_by_all(servers)
                if name == "cluster":
                    told = counted(ingest_on_cluster(address, [folder / "inbox"], root=root, database=where))
                else:
                    told = counted(ingest_paths([folder / "inbox"], root=root, database=where, workers=2))
                assert told == {"recorded": FILES}, told
                if number:
                    now = Spent(time.perf_counter() - clock, spent_by_all(servers) - processor)
                    spent[name].append(now)
    return _median(spent["cluster"]), _median(spent["pool"])


def _median(rounds: list[Spent]) -> Spent:
    return Spent(statistics.median(one.clock for one in rounds), statistics.median(one.processor for one in rounds))


@dataclass(frozen=True)
class Rehearsal:
    """What one run over object storage took, with a worker killed on the way, and what it left."""

    first: Spent
    again: Spent
    told: Counter[str]
    recorded: int
    object_bytes: int
    database_bytes: int
    megabytes: float


def put_many(folder: Path, number: int) -> int:
    """Put so many filled forms into the storage, by its protocol: it tags what came so. Gives their bytes."""
    made, store, size = folder / "objects", from_url("s3://returns/"), 0
    made.mkdir()
    many(load_project(ROOT), made, number)
    for path in sorted(made.iterdir()):
        obstore.put(store, path.name, path)
        size += path.stat().st_size
        path.unlink()
    return size


def rehearse(folder: Path, server: str, number: int) -> Rehearsal:
    """Take in so many objects with two workers of which one is killed when a third is done; then once more."""
    root, where = project_in(folder / "project"), new_database(server)
    with s3() as storage, ExitStack() as ends:
        os.environ.update(storage.environment)
        size = put_many(folder, number)
        before = children()
        address = ends.enter_context(scheduler(folder / "rehearsal.log"))
        workers = [ends.enter_context(worker(address)) for _ in range(2)]

        def run(kill: bool) -> tuple[Spent, Counter[str]]:
            told: Counter[str] = Counter()
            clock, processor = time.perf_counter(), spent_by_all(before)
            for outcome in ingest_on_cluster(address, ["s3://returns"], root=root, database=where):
                told[outcome.outcome] += 1
                if kill and told.total() == number // 3:
                    os.killpg(workers[0].pid, signal.SIGKILL)
                    workers[0].wait()
            return Spent(time.perf_counter() - clock, spent_by_all(before) - processor), told

        (first, told), (again, second) = run(True), run(False)
        assert second == {"duplicate": number}, second
        memory = megabytes(workers[1].pid)
    with open_store(root, where) as store:
        recorded = len(store.records())
        sizes = "SELECT sum(pg_total_relation_size(relid)) FROM pg_stat_user_tables"
        bytes_ = int(store.look(lambda connection: connection.exec_driver_sql(sizes).scalar_one()))
    return Rehearsal(first, again, told, recorded, size, bytes_, memory)


def write(where: str, root: str, new: list[NewReturn]) -> tuple[float, float]:
    """What one writer does: its returns, a commit after another. Gives when it began, and its processor seconds."""
    with open_store(Path(root), where) as store:
        began, processor = time.time(), time.process_time()
        for at in range(0, len(new), FILES_A_COMMIT):
            store.put(new[at : at + FILES_A_COMMIT])
        return began, time.process_time() - processor


@dataclass(frozen=True)
class Writing:
    """What writers at once store a second, and the processor seconds of a record, theirs and the server's."""

    a_second: float
    each: float


def written(folder: Path, server: str, servers: set[int]) -> dict[int, Writing]:
    """How many write at once -> what came of it."""

    def spent_by_server() -> float:
        ticks = sum(sum(map(int, fields[11:15])) for one in servers for fields in all_below(one, set()))
        return ticks / os.sysconf("SC_CLK_TCK")

    found = {}
    for writers in (1, WRITERS):
        root, where = project_in(folder / f"writers{writers}"), new_database(server)
        open_store(root, where, create=True).__exit__(None, None, None)
        made = returns(load_project(root))
        parts = [[next(made) for _ in range(WRITTEN)] for _ in range(writers)]
        before = spent_by_server()
        with ProcessPoolExecutor(writers, mp_context=get_context("spawn")) as pool:
            done = list(pool.map(write, [where] * writers, [str(root)] * writers, parts))
            took = time.time() - min(began for began, _ in done)
        processor = spent_by_server() - before + sum(one for _, one in done)
        found[writers] = Writing(writers * WRITTEN / took, processor / writers / WRITTEN)
    return found


def main() -> None:
    """Measure and print."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as name, postgresql(durable=True) as server:
        folder, servers = Path(name), children()
        cluster, pool = against_the_pool(folder, server, servers)
        print(cluster, pool, flush=True)
        writers = written(folder, server, servers)
        print(writers, flush=True)
        done = rehearse(folder, server, number)
        print(done, flush=True)
    assert done.told["set-aside"] == 0 and done.recorded == number, done
    rows = [
        {
            "what": f"two workers of a cluster against two of the pool, {FILES} returns, PostgreSQL, processor time",
            "goal": "<= 1.1x",
            "measured": f"{cluster.processor / pool.processor:.2f}x",
        },
        {
            "what": "the same by the clock",
            "goal": "<= 1.1x",
            "measured": f"{cluster.clock / pool.clock:.2f}x",
        },
        {
            "what": f"{number} returns from an S3 server to PostgreSQL, one of two workers killed: recorded, each once",
            "goal": "all",
            "measured": f"{done.recorded}",
        },
        {
            "what": "the same: told as duplicates, for their batch was begun twice",
            "goal": f"<= {FILES_A_BATCH}",
            "measured": f"{done.told['duplicate']}",
        },
        {
            "what": "the same, beside other work",
            "goal": "-",
            "measured": f"{done.first.clock:.0f} s by the clock",
        },
        {
            "what": "a return from object storage to PostgreSQL, processor time of scheduler, workers and readers",
            "goal": "-",
            "measured": f"{1000 * done.first.processor / number:.2f} ms",
        },
        {
            "what": "a return that is there already, its object as it was: told of by the storage, not fetched",
            "goal": "-",
            "measured": f"{1000 * done.again.processor / number:.2f} ms",
        },
        {"what": "a return's object", "goal": "-", "measured": f"{done.object_bytes / number / 1000:.1f} kB"},
        {
            "what": "a record in PostgreSQL, indexes included",
            "goal": "-",
            "measured": f"{done.database_bytes / number / 1000:.2f} kB",
        },
        {
            "what": f"processor time of a record stored in PostgreSQL, {WRITERS} at once, theirs and the server's",
            "goal": "-",
            "measured": f"{1e6 * writers[WRITERS].each:.0f} us",
        },
        {
            "what": "memory of a worker with its reader, after the rehearsal",
            "goal": "-",
            "measured": f"{done.megabytes:.0f} MB",
        },
        *(
            {
                "what": f"records stored a second in PostgreSQL, {count} at once, beside other work",
                "goal": "-",
                "measured": f"{one.a_second:.0f}",
            }
            for count, one in writers.items()
        ),
    ]
    keep("A cluster", rows, ("distributed", "obstore", "psycopg", "SQLAlchemy", "pikepdf"))


if __name__ == "__main__":
    main()

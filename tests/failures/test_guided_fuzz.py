"""A fuzzer that is led by the reader's own branches finds nothing that breaks it; what it once found stays mended."""

from __future__ import annotations

import importlib.util
import os
import re
import resource
import subprocess
import sys
from pathlib import Path
from time import process_time

import pytest
from tests.failures.fuzz_targets import TARGETS, finds
from tests.tiers import at_night

SHORT, LONG = 25, 900
INPUTS = 5_000
SECONDS, MEGABYTES = 3.0, 100
CASES = [pytest.param(name, path, id=f"{name}-{path.stem}") for name in TARGETS for path in finds(name)]


@pytest.mark.parametrize(("name", "path"), CASES)
def test_what_the_fuzzer_found_stays_mended(name: str, path: Path) -> None:
    """Neither an error, nor the time or the memory of a hostile file."""
    for seed in list(TARGETS[name].seeds())[:1]:
        TARGETS[name].run(seed)  # what the target itself needs is not the find's
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, process_time()
    TARGETS[name].run(path.read_bytes())
    assert process_time() - started < SECONDS
    if sys.platform == "linux":
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEGABYTES * 1_000


@pytest.mark.parametrize("name", TARGETS)
def test_what_the_fuzzer_starts_from_breaks_nothing(name: str) -> None:
    seeds = list(TARGETS[name].seeds())
    assert len(seeds) > 1
    for seed in seeds:
        TARGETS[name].run(seed)


def fuzzed(name: str, seconds: int, folder: Path, inputs: int = 0) -> int:
    """How many inputs a target took in so many seconds. What breaks it is kept, and named in the error.

    inputs: no more than these, the same ones each time; 0: as many as there is time for, others each time.
    """
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not here (make test-all installs it where it has a wheel: Linux on x86-64)")
    command = [sys.executable, "-m", "tests.failures.guided", name, str(seconds), str(folder), str(inputs)]
    hashes = {**os.environ, "PYTHONHASHSEED": "0"} if inputs else None
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=hashes)
    left = [str(path) for path in folder.iterdir() if path.is_file()]
    # atheris prints what was raised on one stream, libFuzzer what it did on the other
    assert (done.returncode, left) == (0, []), done.stderr[-1000:] + done.stdout[-3000:]
    counted = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    assert counted, done.stderr[-3000:]
    return int(counted[1])


@pytest.mark.all_tiers
@pytest.mark.parametrize("name", TARGETS)
def test_bytes_that_lead_into_every_branch_break_nothing(name: str, tmp_path: Path) -> None:
    assert fuzzed(name, SHORT, tmp_path, INPUTS) > 100


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", TARGETS)
def test_bytes_that_lead_into_every_branch_break_nothing_in_a_quarter_of_an_hour(name: str, tmp_path: Path) -> None:
    print(f"{name}: {fuzzed(name, at_night(LONG), tmp_path):,} inputs in {at_night(LONG)} seconds")

"""Whatever is done to a form, it gives a record that can be kept or a reason: no error of ours, no long wait."""

from __future__ import annotations

import json
import os
import random
import tempfile
from pathlib import Path
from time import monotonic

import pytest
from tests.failures.mutations import flipped, mutated
from tests.returned.made_pdf import VALUES, make_pdf, returned
from tests.returned.quirks.cases import CASES
from tests.returned.quirks.test_merged_forms import FORMS, KNOWN, filled
from tests.tiers import at_night

from schemebook.errors import SetAsideError
from schemebook.returned.arrivals.sources import find_returned
from schemebook.returned.crew import read_all
from schemebook.returned.submission import Submission, read_returned
from schemebook.returned.worker import Reading

SLOW = 5.0


def told(folder: Path, data: bytes) -> str:
    """What came of a file. Any error but a reason breaks the test, and so does a record that cannot be kept."""
    started = monotonic()
    try:
        found = read_returned(returned(folder, data), KNOWN)
    except SetAsideError as error:
        outcome = error.reason
    else:
        outcome = "read"
        for one in (found, *found.others):
            json.dumps([one.answers, [problem.text for problem in one.problems]], ensure_ascii=False).encode()
            json.dumps([part.as_json() for part in one.recovered], allow_nan=False)
    assert monotonic() - started < SLOW
    return outcome


def fuzz(folder: Path, seeds: range) -> dict[str, int]:
    """How often each came of the forms changed by some seeds. The seed of what breaks is in the error."""
    counted: dict[str, int] = {}
    for seed in seeds:
        data = mutated(filled(FORMS[seed % 2]), seed)
        try:
            outcome = told(folder, data)
        except Exception as error:
            kept = Path(tempfile.gettempdir(), f"fuzz-{seed}.pdf")
            kept.write_bytes(data)
            raise AssertionError(f"seed {seed}, kept as {kept}: {error!r}") from error
        counted[outcome] = counted.get(outcome, 0) + 1
    return counted


def test_forms_changed_at_random_give_a_record_or_a_reason(tmp_path: Path) -> None:
    counted = fuzz(tmp_path, range(150))
    assert counted["read"] > 30
    assert counted["damaged"] > 10


def test_form_data_changed_at_random_gives_a_record_or_a_reason(tmp_path: Path) -> None:
    chance = random.Random(5)
    fields = "".join(f'<field name="{name}"><value>{value}</value></field>' for name, value in VALUES.items())
    xfdf = f'<?xml version="1.0"?><xfdf><fields>{fields}</fields></xfdf>'.encode()
    fdf = b"%FDF-1.2\n1 0 obj\n<</FDF<</Fields[<</T(name)/V(Ana)>><</T(a)/Kids[<</T(b)/V[(x)(y)]>>]>>]>>>>\nendobj\n"
    for _ in range(200):
        told(tmp_path, flipped(xfdf, chance))
        told(tmp_path, flipped(fdf + b"trailer\n<</Root 1 0 R>>\n%%EOF\n", chance))


def test_forms_changed_at_random_kill_no_worker(tmp_path: Path) -> None:
    """The same in a real worker: its limits of time and memory hold, and nothing breaks that no reason foresees."""
    assert "reader-died" not in fuzz_in_a_worker(tmp_path, range(1_000, 1_150))


def fuzz_in_a_worker(folder: Path, seeds: range) -> dict[str, list[int]]:
    """The seeds by what came of them."""
    for seed in seeds:
        (folder / f"{seed}.pdf").write_bytes(mutated(filled(FORMS[seed % 2]), seed))
    found: dict[str, list[int]] = {}
    for one in read_all(find_returned([folder]), KNOWN):
        assert isinstance(one, Reading)
        outcome = "read" if isinstance(one.outcome, Submission) else one.outcome.reason
        found.setdefault(outcome, []).append(int(Path(one.pdf.name).stem))
        Path(one.pdf.name).unlink()
    assert sum(map(len, found.values())) == len(seeds)
    return found


@pytest.mark.nightly
@pytest.mark.timeout(7200)
def test_forms_changed_at_random_kill_no_worker_in_half_an_hour(tmp_path: Path) -> None:
    first = int(os.environ.get("SCHEMEBOOK_FUZZ_SEED", random.SystemRandom().randrange(10**9)))
    ends, seed, counted = monotonic() + at_night(1800), first, dict[str, int]()
    while monotonic() < ends:
        found = fuzz_in_a_worker(tmp_path, range(seed, seed + 200))
        assert "reader-died" not in found, found["reader-died"]
        counted = {reason: counted.get(reason, 0) + len(found.get(reason, [])) for reason in {*counted, *found}}
        seed += 200
    print(f"{seed - first:,} files from seed {first}: {counted}")


@pytest.mark.nightly
@pytest.mark.timeout(7200)
def test_forms_changed_at_random_for_an_hour(tmp_path: Path) -> None:
    """Seeds that no other night had, but for the day's number; SCHEMEBOOK_FUZZ_SEED repeats a run."""
    first = int(os.environ.get("SCHEMEBOOK_FUZZ_SEED", random.SystemRandom().randrange(10**9)))
    ends, counted, seed = monotonic() + at_night(3600), 0, first
    while monotonic() < ends:
        fuzz(tmp_path, range(seed, seed + 100))
        seed, counted = seed + 100, counted + 100
    for quirk in CASES:
        told(tmp_path, mutated(quirk.made(), first) if quirk.made().startswith(b"%PDF") else make_pdf(VALUES))
    print(f"{counted:,} files from seed {first}")

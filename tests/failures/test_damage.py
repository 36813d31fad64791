"""Own forms, as three kinds of writer save them, cut short, with a bit flipped, or damaged on their way as files are.

No answer is lost in silence.
"""

from __future__ import annotations

import os
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from tests.failures.damages import DAMAGES
from tests.failures.mutations import rearranged
from tests.programs import fill_with_pdf_lib, fill_with_pdftk
from tests.tiers import at_night, in_turn
from tests.whole_path.test_filled_by_programs import EXAMPLES, answers_in, form_of, named, read, typed

from schemebook.errors import SetAsideError
from schemebook.form_pdf.fill import fill_form
from schemebook.returned.submission import Submission

WRITERS = ("fill", "pdftk", "pdf-lib")
"""Packed objects; plain objects; packed in a rewritten file."""

_VALUE = re.compile(rb"/V\s*(\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>)", re.DOTALL)


@cache
def saved(example: Path, by: str) -> bytes:
    """The example as one writer saves it. Skips where the program is missing."""
    form = form_of(example)
    if by == "fill":
        return fill_form(form.pdf, form.descriptor, answers_in(example)).pdf
    with tempfile.TemporaryDirectory() as folder:
        blank, out = Path(folder) / "blank.pdf", Path(folder) / "out.pdf"
        blank.write_bytes(form.pdf)
        write = fill_with_pdftk if by == "pdftk" else fill_with_pdf_lib
        return write(blank, typed(example), out).read_bytes()


def told(folder: Path, data: bytes, example: Path) -> Submission | str:
    try:
        return read(folder, data, form_of(example))
    except SetAsideError as error:
        return error.reason


@pytest.mark.parametrize(("example", "by"), in_turn(EXAMPLES, WRITERS, each=False))
def test_a_form_cut_at_99_places_is_whole_marked_or_set_aside(tmp_path: Path, example: Path, by: str) -> None:
    data = saved(example, by)
    for percent in range(1, 100):
        found = told(tmp_path, data[: len(data) * percent // 100], example)
        if isinstance(found, str):
            assert found in ("damaged", "not-a-pdf")
        else:
            assert found.needs_review or found.answers == whole(example, by).answers


@cache
def whole(example: Path, by: str) -> Submission:
    """What is read from the file as it was saved."""
    with tempfile.TemporaryDirectory() as folder:
        found = told(Path(folder), saved(example, by), example)
    assert isinstance(found, Submission)
    assert not found.needs_review
    return found


def in_plain_values_only(before: bytes, after: bytes) -> bytes:
    """The file with that damage only which lies inside values that stand uncompressed: nothing else tells of it."""
    confined = bytearray(before)
    if len(before) == len(after):
        for value in _VALUE.finditer(before):
            confined[value.start(1) : value.end(1)] = after[value.start(1) : value.end(1)]
    return bytes(confined)


def damaged(folder: Path, seeds: Iterable[int]) -> Counter[str]:
    """What came of files, each damaged in one way; `inside` counts answers that changed inside a plain value."""
    counted: Counter[str] = Counter()
    for seed in seeds:
        chance = random.Random(seed)
        example, by, how = chance.choice(EXAMPLES), chance.choice(WRITERS), chance.choice(list(DAMAGES))
        before = saved(example, by)
        after = DAMAGES[how](before, chance)
        found = told(folder, after, example)
        if isinstance(found, str):
            counted[found] += 1
        elif found.needs_review:
            counted["marked"] += 1
        elif found.answers == whole(example, by).answers:
            counted["whole"] += 1
        else:
            counted["inside"] += 1
            alike = told(folder, in_plain_values_only(before, after), example)
            assert isinstance(alike, Submission) and alike.answers == found.answers, (
                f"seed {seed}: {named(example)} by {by}, {how}: changed in silence"
            )
    return counted


def test_a_file_damaged_on_its_way_is_whole_marked_or_set_aside(tmp_path: Path) -> None:
    counted = damaged(tmp_path, range(150))
    assert {*counted} <= {"whole", "marked", "inside", "damaged", "not-a-pdf"}
    assert counted["damaged"] > counted["marked"] > counted["inside"]
    assert counted["whole"] > 0


def torn(folder: Path, seeds: Iterable[int]) -> Counter[str]:
    """What came of files whose parts hang together in another way, what stands in the fields being the same."""
    counted: Counter[str] = Counter()
    for seed in seeds:
        chance = random.Random(seed)
        example, by = chance.choice(EXAMPLES), chance.choice(WRITERS)
        found = told(folder, rearranged(saved(example, by), seed), example)
        if isinstance(found, str):
            counted[found] += 1
        elif found.needs_review:
            counted["marked"] += 1
        else:
            counted["whole"] += 1
            assert found.answers == whole(example, by).answers, (
                f"seed {seed}: {named(example)} by {by}: changed in silence"
            )
    return counted


def test_a_form_whose_parts_are_torn_from_each_other_changes_no_answer_in_silence(tmp_path: Path) -> None:
    counted = torn(tmp_path, range(100))
    assert counted["whole"] > 20
    assert counted["marked"] > 0
    assert counted["damaged"] > 5


@pytest.mark.nightly
@pytest.mark.timeout(7200)
def test_ten_thousand_files_damaged_on_their_way_or_torn_apart(tmp_path: Path) -> None:
    first = int(os.environ.get("SCHEMEBOOK_FUZZ_SEED", random.SystemRandom().randrange(10**9)))
    seeds = range(first, first + at_night(10_000))
    for done, counted in (("damaged", damaged(tmp_path, seeds)), ("torn apart", torn(tmp_path, seeds))):
        print(f"{counted.total():,} files {done} from seed {first}: {dict(counted)}")


def flipped(folder: Path, count: int, seed: int) -> tuple[int, int, int]:
    """Flip single bits: how many files stayed whole, were marked or set aside, and changed inside a plain value."""
    chance = random.Random(seed)
    same = marked = inside = 0
    for _ in range(count):
        example, by = chance.choice(EXAMPLES), chance.choice(WRITERS)
        data = bytearray(saved(example, by))
        at = chance.randrange(len(data))
        data[at] ^= 1 << chance.randrange(8)
        found = told(folder, bytes(data), example)
        if isinstance(found, str) or found.needs_review:
            marked += 1
        elif found.answers == whole(example, by).answers:
            same += 1
        else:
            inside += 1
            spans = [value.span(1) for value in _VALUE.finditer(saved(example, by))]
            assert any(start <= at < end for start, end in spans), (
                f"{named(example)} by {by}, bit {at}: changed in silence"
            )
    return same, marked, inside


def test_a_flipped_bit_changes_no_answer_in_silence_but_in_a_plain_value(tmp_path: Path) -> None:
    """A plain value is text that stands uncompressed in the file: nothing else in it says what it was."""
    same, marked, inside = flipped(tmp_path, 400, seed=1)
    assert same > marked > 0
    assert inside < 8


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_ten_thousand_flipped_bits(tmp_path: Path) -> None:
    same, marked, inside = flipped(tmp_path, at_night(10_000), seed=2)
    counted = f"{same} files whole, {marked} marked or set aside, {inside} changed inside a plain value"
    print(f"{same + marked + inside:,} bits flipped: {counted}")
    assert inside < 100

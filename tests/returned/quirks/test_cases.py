"""Every quirk of a real program is read as a person would read it; harmless ones need no review."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.returned.made_pdf import read
from tests.returned.quirks.cases import CASES, Quirk
from tests.returned.quirks.cases_by_programs import BY_PROGRAMS
from tests.returned.quirks.table import OUTCOMES


@pytest.mark.parametrize("quirk", CASES, ids=lambda quirk: quirk.id)
def test_a_quirk_is_read_as_a_person_would_read_it(tmp_path: Path, quirk: Quirk) -> None:
    found = read(tmp_path, quirk.made())
    assert found.answers == quirk.answers
    assert tuple(reason.kind for reason in found.review) == quirk.review
    assert tuple(problem.kind for problem in found.problems) == quirk.told


@pytest.mark.all_tiers
@pytest.mark.parametrize("quirk", BY_PROGRAMS, ids=lambda quirk: quirk.id)
def test_a_form_that_another_program_wrote_anew_is_read_as_it_was(tmp_path: Path, quirk: Quirk) -> None:
    test_a_quirk_is_read_as_a_person_would_read_it(tmp_path, quirk)


def test_the_manual_has_the_outcome_of_every_case() -> None:
    rows = json.loads(OUTCOMES.read_text("utf-8"))["quirks"]
    assert [(row["id"], row["answers"], tuple(row["review"]), tuple(row["told"])) for row in rows] == [
        (one.id, "all as entered", one.review, one.told) for one in [*CASES, *BY_PROGRAMS]
    ]

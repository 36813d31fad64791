"""Every quirk of a real program is read as a person would read it; harmless ones need no review."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.returned.made_pdf import read
from tests.returned.quirks.cases import CASES, Quirk


@pytest.mark.parametrize("quirk", CASES, ids=lambda quirk: quirk.id)
def test_a_quirk_is_read_as_a_person_would_read_it(tmp_path: Path, quirk: Quirk) -> None:
    found = read(tmp_path, quirk.made())
    assert found.answers == quirk.answers
    assert tuple(reason.kind for reason in found.review) == quirk.review
    assert tuple(problem.kind for problem in found.problems) == quirk.told

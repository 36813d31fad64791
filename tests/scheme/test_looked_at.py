"""Which answers a scheme's rules look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemebook.scheme.looked_at import looked_at
from schemebook.scheme.project import load_project

ROOT = Path(__file__).parents[2]
VOLUNTEERING = ROOT / "tests" / "whole_path" / "volunteering"


@pytest.mark.parametrize("root", [ROOT, VOLUNTEERING], ids=["bundled", "volunteering"])
def test_what_is_added_up_and_claimed_is_among_them(root: Path) -> None:
    project = load_project(root)
    asked = 0
    for id, scheme in project.schemes.items():
        claims = [scheme.rules.cpd.claim] if scheme.rules.cpd and scheme.rules.cpd.claim else []
        for rule in (*scheme.rules.sums, *claims):
            assert rule.field in looked_at(scheme, project.forms[id][rule.form])
            asked += 1
    assert asked


def test_no_more_is_kept_of_a_form_than_rules_look_at() -> None:
    scheme = load_project(VOLUNTEERING).schemes["riverside-volunteers"]
    hours = load_project(VOLUNTEERING).forms["riverside-volunteers"]["hours"]
    kept = looked_at(scheme, hours)
    assert {"total", "fares"} <= kept and len(kept) < len(hours.fields)

"""The manual's page on planning is made from the committed measurements."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_page_on_planning_is_current() -> None:
    done = subprocess.run(
        [sys.executable, "generator/manual/at_scale.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"run 'python generator/manual/at_scale.py': {done.stdout}{done.stderr}"


def test_what_is_worked_out_follows_from_what_was_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "generator" / "manual")
    from at_scale import CLUSTER, planned

    kept = json.loads((ROOT / "benchmarks" / "figures.json").read_text("utf-8"))
    for row in kept[CLUSTER]["rows"]:
        if "processor time of scheduler" in row["what"]:
            row["measured"] = "3.6 ms"
        elif "return's object" in row["what"]:
            row["measured"] = "100.0 kB"
    made = planned(kept)
    assert (made["ten_million_hours"], made["ten_million_objects"]) == ("10", "1,000")
    assert "| 16 | 0.6 | 444 | 4,444 |" in made["cores_table"].splitlines()

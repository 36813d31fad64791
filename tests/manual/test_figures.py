"""The committed page of figures is made from the committed measurements, and each names its command."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KEPT = json.loads((ROOT / "benchmarks" / "figures.json").read_text("utf-8"))


@pytest.mark.parametrize("script", ["figures.py", "memory_picture.py"])
def test_the_page_of_figures_and_its_picture_are_current(script: str) -> None:
    done = subprocess.run(
        [sys.executable, f"generator/manual/{script}", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"run 'python generator/manual/{script}': {done.stdout}{done.stderr}"


def test_every_figure_was_made_by_a_script_that_is_there() -> None:
    scripts = {one["command"].split()[1] for one in KEPT.values()}
    there = [path for path in (ROOT / "benchmarks").glob("[!_]*.py") if "__main__" in path.read_text("utf-8")]
    assert scripts == {path.relative_to(ROOT).as_posix() for path in there}


def test_every_figure_stands_on_the_page_beside_its_command() -> None:
    page = (ROOT / "docs" / "using-schemebook" / "figures.md").read_text("utf-8")
    for one in KEPT.values():
        assert f"`{one['command']}` on {one['date']}" in page
        rows = one.get("table") or [[row["goal"], row["measured"]] for row in one["rows"]]
        assert [row for row in rows if f"{' | '.join(row)} |" not in page] == []

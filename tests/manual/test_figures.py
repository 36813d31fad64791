"""The committed page of figures is made from the committed measurements, and each names its command."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = json.loads((ROOT / "benchmarks" / "figures.json").read_text("utf-8"))


def test_the_page_of_figures_is_current() -> None:
    done = subprocess.run(
        [sys.executable, "generator/manual/figures.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"run 'python generator/manual/figures.py': {done.stdout}{done.stderr}"


def test_every_figure_was_made_by_a_script_that_is_there() -> None:
    scripts = {one["command"].split()[1] for one in KEPT.values()}
    there = [path for path in (ROOT / "benchmarks").glob("[!_]*.py") if "__main__" in path.read_text("utf-8")]
    assert scripts == {path.relative_to(ROOT).as_posix() for path in there}


def test_every_figure_stands_on_the_page_beside_its_command() -> None:
    page = (ROOT / "docs" / "using-schemebook" / "figures.md").read_text("utf-8")
    for one in KEPT.values():
        assert f"`{one['command']}` on {one['date']}" in page
        assert [row["what"] for row in one["rows"] if f"{row['goal']} | {row['measured']} |" not in page] == []

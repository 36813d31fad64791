"""The manual's page of what comes back is made from the committed outcomes."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_of_what_comes_back_is_current() -> None:
    done = subprocess.run(
        [sys.executable, "generator/manual/quirks.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"run 'python generator/manual/quirks.py': {done.stdout}{done.stderr}"

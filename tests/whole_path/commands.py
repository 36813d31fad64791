"""The installed command, run as its user would; what it prints."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).parent / "schemebook"


def schemebook(folder: Path, *words: str, status: int = 0) -> str:
    """Run `schemebook` in a folder; its stdout. Any other exit status than `status` fails the test."""
    variables = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run([COMMAND, *words], cwd=folder, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == status, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout

"""A page of the manual that is made, and kept in the repository: written, or told to be out of date."""

from __future__ import annotations

import sys
from pathlib import Path


def write_or_check(page: Path, text: str) -> int:
    """Write the page, or with --check on the command line name it where it is not current. Gives the exit status."""
    if page.is_file() and page.read_text("utf-8") == text:
        return 0
    if "--check" in sys.argv:
        print(page)
        return 1
    page.write_text(text, "utf-8")
    return 0

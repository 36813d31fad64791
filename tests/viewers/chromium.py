"""Fill a form in Chromium's own PDF viewer: mouse and keyboard, saved by the viewer's own button."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import programs
from tests.browser import chromium
from tests.viewers.cases import Case, places


def version() -> str:
    """Its version."""
    said = programs.run([chromium(), "--version"]).stdout.decode()
    found = re.search(r"[\d.]+\d", said)
    assert found, said
    return found[0]


def fill(blank: Path, case: Case, out: Path) -> Mapping[str, str]:
    """Click into every field, type or choose, and save."""
    with TemporaryDirectory(prefix="schemebook-chromium-", ignore_cleanup_errors=True) as profile:
        job = {"chromium": chromium(), "profile": profile, "blank": str(blank), "out": str(out)}
        programs.node("fill_chromium.mjs", {**job, "fields": list(places(case))})
    return {}

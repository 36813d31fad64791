"""Fill a form by Apache PDFBox, OpenPDF or iText: each a class of tests/java/fillers, run from its source."""

from __future__ import annotations

import re
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from tests import programs
from tests.viewers.cases import Case

JARS = Path(sys.prefix) / "pdf-fillers"
SOURCES = programs.TESTS / "java" / "fillers"


def version_of(jar: str) -> Callable[[], str]:
    """The version of a library, or a skip that says what is missing."""

    def version() -> str:
        programs.program("javac")
        found = next(JARS.glob(f"{jar}-[0-9]*.jar"), None)
        if not found:
            pytest.skip("the Java libraries that fill forms are not installed (make viewers fetches them)")
        return re.sub(rf"^{jar}-|\.jar$", "", found.name)

    return version


def fill_by(name: str) -> Callable[[Path, Case, Path], Mapping[str, str]]:
    """How a class of tests/java/fillers fills."""

    def fill(blank: Path, case: Case, out: Path) -> Mapping[str, str]:
        job = out.with_suffix(".job")
        values = {key: "on" if value is True else value for key, value in case.values.items() if value is not False}
        job.write_text("".join(f"{_encoded(key)}\t{_encoded(value)}\n" for key, value in values.items()), "ascii")
        command: list[str | Path] = [programs.program("java"), "-cp", f"{JARS}/*", SOURCES / f"{name}.java"]
        done = programs.run([*command, blank, out, job])
        assert not done.returncode, done.stderr.decode()
        lines = [line.split("\t") for line in done.stdout.decode().splitlines()]
        return {b64decode(field).decode(): b64decode(said).decode() for field, said in lines}

    return fill


def _encoded(text: str) -> str:
    return b64encode(text.encode()).decode()

"""Fill a form by pdfcpu's command line: the form exported as JSON, its values put in, the form filled from that."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests import programs
from tests.viewers.cases import Case

COMMAND = Path(sys.prefix) / "pdfcpu" / "pdfcpu"


def version() -> str:
    """Its version, or a skip that says what is missing."""
    if not COMMAND.is_file():
        pytest.skip("pdfcpu is not installed (make viewers builds it where Go is)")
    said = programs.run([COMMAND, "version"]).stdout.decode()
    found = re.search(r"v?(\d+\.\d+\.\d+)", said)
    assert found, said
    return found[1]


def fill(blank: Path, case: Case, out: Path) -> Mapping[str, str]:
    """Fill from JSON. pdfcpu names a drop-down's entry by its words."""
    version()
    job = out.with_suffix(".json")
    job.unlink(missing_ok=True)
    _run("form", "export", blank, job)
    form = json.loads(job.read_text("utf-8"))
    labels = case.form.descriptor.edition.labels
    for kind, fields in form["forms"][0].items():
        for field in fields:
            name = field["name"]
            if name in case.values:
                value = case.values[name]
                field["value"] = labels[f"{name}/{value}"] if kind == "combobox" else value
    job.write_text(json.dumps(form, ensure_ascii=False), "utf-8")
    _run("form", "fill", blank, job, out)
    return {}


def _run(*words: str | Path) -> None:
    """The command keeps its settings and fonts in a folder of the user's: one beside the file stands in for it."""
    where = Path(words[-1]).parent / "settings"
    where.mkdir(exist_ok=True)
    done = programs.run(["env", f"XDG_CONFIG_HOME={where}", COMMAND, *words])
    assert not done.returncode, (done.stderr or done.stdout).decode()[-1000:]

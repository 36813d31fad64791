"""More programs that fill forms: pdf.js's whole viewer, MuPDF, Python packages in an environment of their own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests import peers, programs
from tests.browser import chromium
from tests.viewers.cases import Case, places

Refused = Mapping[str, str]
WHOLE_VIEWER = programs.TESTS / "node_modules" / "ng2-pdfjs-viewer"


def fill_by_peer(do: str, **words: object) -> Callable[[Path, Case, Path], Refused]:
    """How a package of tests/peers fills."""

    def fill(blank: Path, case: Case, out: Path) -> Refused:
        values = {name: value for name, value in case.values.items() if value is not False}
        options = {name: entry.widget.options for name, entry in case.entries.items()}
        shown = {name: case.shown(one) for name, one in case.entries.items() if one.widget.kind == "drop-down"}
        return peers.ask(do, out, blank=str(blank), values=values, options=options, shown=shown, **words).refused

    return fill


def mutool_version() -> str:
    """MuPDF's version."""
    return _version([programs.program("mutool"), "-v"])


def fill_by_mutool(blank: Path, case: Case, out: Path) -> Refused:
    """By a script of its own JavaScript. A field is found by its place, a drop-down's entry by its words."""
    labels = case.form.descriptor.edition.labels
    fields = [{**one, "label": labels.get(f"{one['name']}/{one['value']}", "")} for one in places(case)]
    job = out.with_suffix(".job")
    job.write_text(json.dumps({"fields": fields}), "utf-8")
    script = programs.TESTS / "js" / "fill_mutool.js"
    done = programs.run([programs.program("mutool"), "run", script, job, blank, out])
    assert not done.returncode, (done.stderr or done.stdout).decode()[-1000:]
    return {}


def whole_viewer_version() -> str:
    """The version of pdf.js that the viewer's code names."""
    script = WHOLE_VIEWER / "pdfjs" / "build" / "pdf.mjs"
    if not script.is_file():
        pytest.skip("the npm package ng2-pdfjs-viewer is not installed (npm ci in tests/)")
    found = re.search(r'apiVersion:"(\d+\.\d+\.\d+)"', script.read_text("utf-8"))
    assert found
    return found[1]


def fill_by_whole_viewer(blank: Path, case: Case, out: Path) -> Refused:
    """Served from this machine, opened in Chromium, clicked and typed into, saved by its own button."""
    whole_viewer_version()
    with TemporaryDirectory(prefix="schemebook-chromium-", ignore_cleanup_errors=True) as profile:
        job = {"chromium": chromium(), "profile": profile, "viewer": str(WHOLE_VIEWER / "pdfjs")}
        kinds = {name: entry.widget.kind for name, entry in case.entries.items()}
        told = {"blank": str(blank), "out": str(out), "values": case.values, "kinds": kinds}
        programs.node("fill_pdfjs_viewer.mjs", job | told)
    return {}


def fill_by_libpdf(blank: Path, case: Case, out: Path) -> Refused:
    """Field by field."""
    values = {name: value for name, value in case.values.items() if value is not False}
    found = programs.node("fill_libpdf.mjs", {"blank": str(blank), "values": values, "out": str(out)})
    refused = found["refused"]
    assert isinstance(refused, dict)
    return refused


def _version(command: list[str]) -> str:
    done = programs.run(command)
    found = re.search(r"\d+\.[\d.]*\d", (done.stdout + done.stderr).decode())
    assert found, done
    return found[0]

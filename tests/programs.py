"""Programs that we did not write: a PDF in; what they say of it, or a PDF that they filled, out.

Where a program is not on the machine its test skips and says what is missing (`make test` installs what it can).
`values`, everywhere: the full name of a PDF field -> its text, True or False for a tick, an option's id for radio
buttons and drop-downs. `tests/test_programs.py` shows that each of them can be trusted.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pypdf
import pytest

from tests.answering import answering
from tests.pdf_fields import Value, fields_of, read_with_pikepdf
from tests.pdfium import fill_with_pdfium

__all__ = [
    "Value",
    "fill_with_pdf_lib",
    "fill_with_pdfium",
    "fill_with_pdftk",
    "fill_with_pypdf",
    "node",
    "outloud_check",
    "outloud_check_of_each",
    "pdftoppm",
    "pdftotext",
    "pdfua_check",
    "program",
    "qpdf_check",
    "read_with_pdfjs",
    "read_with_pikepdf",
    "run",
    "verapdf_ua1",
    "verapdf_ua1_of_each",
]

TESTS = Path(__file__).parent
VERAPDF = Path(sys.prefix) / "verapdf"
SECONDS = 120


def program(name: str) -> str:
    """The path of a program, or a skip that names it."""
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not on this machine")
    return found


def run(command: Sequence[str | Path], given: str | bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end; what it printed is in the result, and a failure is for the caller to judge."""
    data = given.encode("utf-8") if isinstance(given, str) else given
    return subprocess.run([str(word) for word in command], input=data, capture_output=True, timeout=SECONDS)


def _must(done: subprocess.CompletedProcess[bytes]) -> bytes:
    if done.returncode:
        said = (done.stderr or done.stdout).decode("utf-8", "replace")[-2000:]
        raise AssertionError(f"{done.args[0]} ended with {done.returncode}: {said}")
    return done.stdout


def node(script: str, job: Mapping[str, object]) -> dict[str, object]:
    """Run a script of tests/js with a JSON job on its standard input; its JSON answer.

    Skips where Node or the npm packages of the tests are missing.
    """
    answer = _must(run(_node(script), json.dumps(job)))
    found: dict[str, object] = json.loads(answer)
    return found


def _node(script: str) -> tuple[str, Path]:
    path = program("node")
    if not (TESTS / "node_modules").is_dir():
        pytest.skip("the npm packages of the tests are not installed (npm ci in tests/)")
    return path, TESTS / "js" / script


def qpdf_check(path: Path) -> list[str]:
    """What `qpdf --check` complains of: its warnings and errors, empty for a sound file."""
    done = run([program("qpdf"), "--check", path])
    complaints = done.stderr.decode("utf-8", "replace").splitlines()
    return complaints or ([f"qpdf ended with {done.returncode}"] if done.returncode else [])


def pdftotext(path: Path, *words: str) -> str:
    """The text of a PDF as poppler reads it, form values that are drawn included."""
    return _must(run([program("pdftotext"), "-enc", "UTF-8", *words, path, "-"])).decode("utf-8")


def read_aloud(path: Path) -> list[str]:
    """What the tags of a PDF hold, line by line in their order, as poppler hears it: no artifacts."""
    lines = _must(run([program("pdfinfo"), "-struct-text", path])).decode().splitlines()
    return [line.strip()[1:-1] for line in lines if line.strip().startswith('"')]


def pdftoppm(path: Path, dpi: int, folder: Path, kind: str = "png") -> list[Path]:
    """The pages of a PDF as pictures in `folder`, in order. kind: png, or ppm: larger, in a third of the time."""
    format = ["-png"] if kind == "png" else []
    _must(run([program("pdftoppm"), "-r", str(dpi), *format, path, folder / path.stem]))
    return sorted(folder.glob(f"{path.stem}-*.{kind}"))


def pdfua_check(path: Path) -> list[str]:
    """The findings of the PyPI package pdfua (16 of the 106 machine rules of PDF/UA-1), empty when clean."""
    done = run([sys.executable, "-m", "pdfua", "check", "--format", "json", path])
    if done.returncode >= 4:
        _must(done)
    report = json.loads(done.stdout)
    results = report.get("results", report) if isinstance(report, dict) else report
    files = results if isinstance(results, list) else [results]
    return [f"{found['rule_id']}: {found['message']}" for one in files for found in one["findings"]]


def outloud_check(path: Path, folder: Path) -> list[str]:
    """The errors of outloud, empty when clean. Its warnings are for a person to weigh.

    It takes a table with more header cells than data cells for a broken one. A table that asks one thing of each row
    has a header cell a row and two on top, against one data cell a row: that is what it is, so it is left out. So are
    the heads of groups of rows, each one cell as wide as its table.
    """
    return outloud_check_of_each([path], folder)[path]


def outloud_check_of_each(paths: Sequence[Path], folder: Path) -> dict[Path, list[str]]:
    """The same for many files in one run: starting it takes twenty times as long as looking at one file."""
    report = folder / f"{paths[0].stem}.outloud.json"
    run([Path(sys.executable).with_name("outloud"), "--quiet", "--json", report, *paths])
    found = {}
    for path, result in zip(paths, json.loads(report.read_text("utf-8"))["results"], strict=True):
        assert (result["error"], Path(result["path"])) == (None, path), result["error"]
        wrong = [one for one in result["findings"] if one["severity"] == "error" and not _repeats_a_head(path, one)]
        errors = [f"{one['rule']}: {one['message']}" for one in wrong]
        found[path] = [
            error for error in errors if not (_asks_one_thing_a_row(error) or _has_heads_over_groups(path, error))
        ]
    return found


def _repeats_a_head(path: Path, finding: dict[str, Any]) -> bool:
    """Whether a line that is heard nowhere is the head of a table that goes on from the page before: it is heard there.

    outloud lets such lines pass where they stand on every page.
    """
    if (finding["rule"], finding["count"]) != ("TAG-002", 1) or finding["page"] == 1:
        return False
    pages = (str(finding["page"] - 1), str(finding["page"]))
    return all(
        finding["evidence"] in " ".join(pdftotext(path, "-layout", "-f", page, "-l", page).split()) for page in pages
    )


def _asks_one_thing_a_row(error: str) -> bool:
    counted = re.fullmatch(r"TBL-010: .*: (\d+) header cells against (\d+) data cells", error)
    return bool(counted) and int(counted[1]) == int(counted[2]) + 2


def _has_heads_over_groups(path: Path, error: str) -> bool:
    """Whether the many head rows that are told are heads of columns on top, and then single cells over their rows."""
    if not re.fullmatch(r"TBL-010: header cells look shredded: \d+ header rows", error):
        return False
    with pikepdf.open(path) as pdf:
        bodies = [one for one in _structure(pdf.Root.StructTreeRoot) if str(one.S) == "/TBody"]
        rows = [_inside(row) for body in bodies for row in _inside(body)]
        return all(len(row) == 1 for row in rows if all(str(cell.S) == "/TH" for cell in row))


def _structure(parent: pikepdf.Object) -> Iterator[pikepdf.Object]:
    for one in _inside(parent):
        yield one
        yield from _structure(one)


def _inside(element: pikepdf.Object) -> list[pikepdf.Object]:
    """The structure elements just below one."""
    kids = element.get("/K", ())
    listed = list(kids) if isinstance(kids, pikepdf.Array | tuple) else [kids]
    return [kid for kid in listed if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def verapdf_ua1(path: Path) -> list[str]:
    """The clauses of PDF/UA-1 that veraPDF finds broken, with how often; empty when the file conforms."""
    return verapdf_ua1_of_each([path])[path]


def verapdf_ua1_of_each(paths: Sequence[Path]) -> dict[Path, list[str]]:
    """The same for many files in one run: starting Java is most of the time that one file takes."""
    if not (VERAPDF / ".made-from").is_file():
        pytest.skip("veraPDF is not installed (make test-all fetches it)")
    command: list[str | Path] = [program("java"), "-cp", f"{VERAPDF}/*", "org.verapdf.apps.GreenfieldCliWrapper"]
    done = run([*command, "--flavour", "ua1", *paths])
    if done.returncode not in (0, 1):
        _must(done)
    jobs = {job.findtext("item/name"): job for job in ElementTree.fromstring(done.stdout).iter("job")}
    return {path: _broken_clauses(jobs[str(path.resolve())]) for path in paths}


def _broken_clauses(job: ElementTree.Element) -> list[str]:
    report = job.find("validationReport")
    assert report is not None, ElementTree.tostring(job, "unicode")[-2000:]
    rules = [rule for rule in report.iter("rule") if rule.get("status") == "failed"]
    broken = [f"{rule.get('clause')}-{rule.get('testNumber')}: {rule.get('failedChecks')}" for rule in rules]
    assert (report.get("isCompliant") == "true") is not bool(broken)
    return broken


def _fdf_string(text: str) -> str:
    return "<" + (b"\xfe\xff" + text.encode("utf-16-be")).hex().upper() + ">"


def fill_with_pdftk(blank: Path, values: Mapping[str, Value], out: Path) -> Path:
    """Fill by pdftk from an FDF file in UTF-16, so that letters outside the basic plane arrive whole."""
    fields = fields_of(blank)
    lines = []
    for name, value in values.items():
        if isinstance(value, bool) or fields[name].kind == "radio":
            written = f"/{fields[name].state_for(value)}"
        else:
            written = _fdf_string(value)
        lines.append(f"<< /T {_fdf_string(name)} /V {written} >>")
    body = "\n".join(lines)
    fdf = f"%FDF-1.2\n1 0 obj\n<< /FDF << /Fields [\n{body}\n] >> >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
    command: list[str | Path] = [program("pdftk"), blank, "fill_form", "-", "output", out, "need_appearances"]
    _must(run(command, fdf))
    return out


def fill_with_pdf_lib(blank: Path, values: Mapping[str, Value], out: Path, package: str = "pdf-lib") -> Path:
    """Fill by pdf-lib, or by its living fork with `package="@cantoo/pdf-lib"`."""
    node("fill_pdf_lib.mjs", {"package": package, "blank": str(blank), "values": dict(values), "out": str(out)})
    return out


def read_with_pdfjs(path: Path) -> dict[str, Value]:
    """The values that pdf.js (Firefox) finds, as `read_with_pikepdf` gives them."""
    found = answering(*_node("read_pdfjs.mjs")).ask({"path": str(path)})["fields"]
    return {name: value for name, value in found.items() if isinstance(value, str | bool)}


def fill_with_pypdf(blank: Path, values: Mapping[str, Value], out: Path) -> Path:
    """Fill by pypdf, with the appearances that it draws."""
    fields = fields_of(blank)
    writer = pypdf.PdfWriter(clone_from=str(blank))
    wanted = {
        name: f"/{fields[name].state_for(value)}" if fields[name].kind in ("tick", "radio") else str(value)
        for name, value in values.items()
    }
    for page in writer.pages:
        if "/Annots" in page:
            writer.update_page_form_field_values(page, wanted, auto_regenerate=False)
    writer.write(str(out))
    return out


def versions() -> dict[str, str]:
    """The versions of the Python libraries that fill and read, for a report that names them."""
    return {"pikepdf": pikepdf.__version__, "pypdf": pypdf.__version__}

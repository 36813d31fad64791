"""Readers of PDF forms side by side on the same files: processor time a file, and what each gets wrong.

Usage: python benchmarks/readers.py [number of files, 200 unless told]

`make viewers` fetches PDFBox and PyPDFForm; a reader that is not here is left out, and said.
"""

from __future__ import annotations

import ctypes
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest import copies, published
from measured import ROOT, cores, keep_table
from rivals.read_fields import Fields, of_pdfbox

sys.path.insert(0, str(ROOT))
from tests.returned.made_pdf import FORM, KNOWN, returned
from tests.returned.quirks.cases import CASES

from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.records.intake.ingest import known_forms
from schemebook.returned.limits import Limits
from schemebook.returned.submission import Submission
from schemebook.returned.typed_answers import typed_answers
from schemebook.returned.widget_answers import WidgetAnswer
from schemebook.returned.worker import read_one

ROUNDS, FEW = 2, 10
HERE = Path(__file__).parent
SCRIPT = HERE / "rivals" / "read_fields.py"
PEERS, JARS = Path(sys.prefix, "peers", "bin", "python"), Path(sys.prefix, "pdf-fillers")
SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER (prctl(2)): what a rival's children took is then told to this process when they end."""


@dataclass(frozen=True)
class Rival:
    """A reader. command: what reads the files of a list. reads: the lines that it prints -> the fields of each file.

    slow: it is measured once, and on fewer files.
    """

    name: str
    version: str
    how: str
    command: Callable[[Path], list[str]]
    reads: Callable[[list[str], int], list[Fields | None]]
    slow: bool = False

    def on(self, folder: Path) -> Callable[[str], list[str]]:
        """The command for a list by its name."""
        return lambda which: self.command(folder / f"{which}.txt")


def rivals() -> list[Rival]:
    """The readers that are here."""

    def python(reader: str, package: str, how: str, by: str = sys.executable) -> Rival:
        return Rival(reader, _version(package, by), how, lambda files: [by, str(SCRIPT), reader, str(files)], _of_json)

    found = [
        python("pikepdf", "pikepdf", "a bare walk over the field tree"),
        python("pypdf", "pypdf", "get_fields"),
        python("pdfium", "pypdfium2", "form-fill calls of pypdfium2"),
    ]
    if PEERS.is_file():
        found.append(python("PyPDFForm", "PyPDFForm", "PdfWrapper.data", str(PEERS)))
    if JARS.is_dir() and shutil.which("java"):
        jar = next(JARS.glob("pdfbox-[0-9]*.jar")).stem.removeprefix("pdfbox-")
        command = ["java", "-cp", f"{JARS}/*", str(HERE / "rivals" / "ReadPdfBox.java")]
        found.append(Rival("PDFBox", jar, "the field tree, in Java", lambda files: [*command, str(files)], of_pdfbox))
    if shutil.which("pdftk"):
        said = subprocess.run(["pdftk", "--version"], capture_output=True, check=True).stdout.decode().split()
        how = "dump_data_fields_utf8, a program run for each file"
        ask = [sys.executable, str(SCRIPT), "pdftk"]
        version = next(one for one in said if one[0].isdecimal())
        found.append(Rival("pdftk", version, how, lambda files: [*ask, str(files)], _of_json, slow=True))
    return found


def _version(package: str, python: str) -> str:
    if python == sys.executable:
        return importlib.metadata.version(package)
    ask = f"import importlib.metadata as m; print(m.version({package!r}))"
    return subprocess.run([python, "-c", ask], capture_output=True, check=True, text=True).stdout.strip()


def _of_json(lines: list[str], count: int) -> list[Fields | None]:
    return [json.loads(line) for line in lines]


def processor_seconds(command: Sequence[str], output: Path) -> float:
    """User and system time of a command and of all that it starts."""
    with output.open("wb") as file, subprocess.Popen(command, stdout=file, stderr=subprocess.DEVNULL) as running:
        total = 0.0
        while True:
            try:
                _, status, usage = os.wait4(-1, 0)
            except ChildProcessError:
                break
            total += usage.ru_utime + usage.ru_stime
        running.returncode = os.waitstatus_to_exitcode(status)
    return total


def typed(form: FormDescriptor, fields: Fields) -> dict[str, Any]:
    """The answers that a reader's values make, read as kindly as ours: only what a value *is* counts against it."""
    widgets = {}
    for widget in form.widgets:
        value = fields.get(widget.name)
        if widget.kind == "tick":
            on = value not in (None, "", "Off", "/Off", False)
            widgets[widget.name] = WidgetAnswer(widget.options[0] if on else None)
        elif widget.kind in ("radio", "drop-down"):
            said = widget.options[value] if isinstance(value, int) and value < len(widget.options) else str(value)
            said = said.removeprefix("/")
            widgets[widget.name] = WidgetAnswer(said if said in widget.options else None)
        elif widget.kind == "text":
            widgets[widget.name] = WidgetAnswer(str(value) if value else None)
    return typed_answers(form.meaning, widgets)[0]


@dataclass(frozen=True)
class Truth:
    """A file, its form, and what a person would read in it."""

    path: Path
    form: FormDescriptor
    answers: Mapping[str, Any]
    like: str = ""


def clean(project: Path, paths: Sequence[Path]) -> list[Truth]:
    """Filled forms with the answers that they were filled with."""
    known = {
        (one.claim.scheme, one.claim.form): one for one in known_forms(project).values() if one.edition.name == "a4"
    }
    given = sorted((ROOT / "tests" / "demo").glob("*/*.json"))
    return [
        Truth(
            path,
            known[answers.parent.name, answers.stem.rpartition("-")[0]],
            json.loads(answers.read_text("utf-8")),
        )
        for path, answers in zip(paths, given, strict=False)
    ]


def odd(folder: Path) -> list[Truth]:
    """Files as real programs leave them, each with the answers that a person reads in it."""
    found = []
    for quirk in CASES:
        path = folder / f"{quirk.id}.pdf"
        path.write_bytes(quirk.made())
        found.append(Truth(path, FORM, quirk.answers, quirk.like))
    return found


def judged(truths: Sequence[Truth], answers: Sequence[Mapping[str, Any] | None]) -> tuple[int, list[str], int]:
    """How many files are right; what those are like that are wrong without a word; how many are refused."""
    right = sum(said == truth.answers for truth, said in zip(truths, answers, strict=True))
    wrong = [
        truth.like for truth, said in zip(truths, answers, strict=True) if said is not None and said != truth.answers
    ]
    return right, wrong, answers.count(None)


def ours(known: Mapping[str, FormDescriptor], truths: Sequence[Truth], folder: Path) -> list[Mapping[str, Any] | None]:
    """What Schemebook reads in some files; None where it sets one aside."""
    found: list[Mapping[str, Any] | None] = []
    for truth in truths:
        said = read_one(returned(folder, truth.path.read_bytes(), "read.pdf"), known, Limits())
        found.append(said.answers if isinstance(said, Submission) else None)
    return found


def ingest_command(project: Path, inbox: Path) -> list[str]:
    """The whole intake into a store that is new."""
    for left in (project / "schemebook.db", project / "records"):
        shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)
    return [str(Path(sys.prefix, "bin", "schemebook")), "--project", str(project), "ingest", str(inbox)]


def main() -> None:
    """Measure, print and keep."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for made in ("inbox", "few", "odd"):
            (folder / made).mkdir()
        project = published(folder / "project")
        paths = copies(project, folder / "inbox", count)
        for path in paths[:FEW]:
            shutil.copy(path, folder / "few")
        truths, quirks = clean(project.root, paths), odd(folder / "odd")
        table = measured(folder, project.root, paths, truths, quirks)
    head = ["reader", "processor time a file", "against ours", f"{len(truths)} clean forms", f"{len(quirks)} odd files"]
    keep_table("Readers side by side", head, table, ("pikepdf",), NOTE.format(count=count))


NOTE = """On the same {count} filled forms: user and system time of the program and of all that it starts, less what it
takes to start, the smaller of two rounds in turns. `schemebook ingest` does more in that time than the others: it
hashes each file, checks whether it is whole, validates the answers, keeps a copy and stores the record, durably. Right
means that every answer is as it was entered; the odd files are those of [Quirks](quirks.md). What a reader gives was
read as kindly as could be: a tick is on by any word, a slash is dropped. Wrong means answers missing or changed without
a word."""


def measured(
    folder: Path, project: Path, paths: Sequence[Path], truths: Sequence[Truth], quirks: Sequence[Truth]
) -> list[list[str]]:
    """The rows of the table."""
    lists = {
        "all": paths,
        "few": paths[:FEW],
        "clean": [one.path for one in truths],
        "odd": [one.path for one in quirks],
    }
    for which, files in lists.items():
        (folder / which).with_suffix(".txt").write_text("".join(f"{path}\n" for path in files), "utf-8")
    mine = [judged(truths, ours(known_forms(project), truths, folder)), judged(quirks, ours(KNOWN, quirks, folder))]
    here = rivals()
    seconds: dict[str, list[float]] = {"ours": [], **{one.name: [] for one in here}}
    with cores(1):
        for number in range(ROUNDS):
            seconds["ours"].append(
                _a_file(folder, lambda which: ingest_command(project, folder / which), "inbox", paths)
            )
            for one in here:
                which = "clean" if one.slow else "all"
                if not (one.slow and number):
                    seconds[one.name].append(_a_file(folder, one.on(folder), which, lists[which]))
    best = {name: min(all_) for name, all_ in seconds.items()}
    rows = [_row("**schemebook ingest**, the whole intake", best["ours"], best["ours"], mine)]
    for one in sorted(here, key=lambda one: best[one.name]):
        found = []
        for which, files in (("clean", truths), ("odd", quirks)):
            processor_seconds(one.command(folder / f"{which}.txt"), folder / "out")
            said = one.reads((folder / "out").read_text("utf-8").splitlines(), len(files))
            answers = [
                None if fields is None else typed(file.form, fields) for file, fields in zip(files, said, strict=True)
            ]
            found.append(judged(files, answers))
        rows.append(_row(f"{one.name} {one.version}, {one.how}", best[one.name], best["ours"], found))
    return rows


def _a_file(folder: Path, command: Callable[[str], list[str]], which: str, files: Sequence[object]) -> float:
    """Processor seconds a file, less what it takes to read few: a program, and its workers, have to start first."""
    took = [processor_seconds(command(one), folder / "out") for one in (which, "few")]
    return (took[0] - took[1]) / (len(files) - FEW)


def _row(name: str, seconds: float, mine: float, found: Sequence[tuple[int, list[str], int]]) -> list[str]:
    told = [
        f"{right} right" + (f", {len(wrong)} wrong" if wrong else "") + (f", {refused} refused" if refused else "")
        for right, wrong, refused in found
    ]
    return [name, f"{1000 * seconds:.2f} ms", f"{seconds / mine:.2f}x", *told]


if __name__ == "__main__":
    main()

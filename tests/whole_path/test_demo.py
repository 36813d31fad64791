"""What `make demo` does, done: every example return becomes one record with the answers it was made from."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
EXAMPLES = sorted((ROOT / "tests" / "demo").glob("*/*.json"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a demo has filled."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    done = subprocess.run([ROOT / "tests" / "demo" / "run.sh", BIN, folder], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def records(demo: Path) -> list[dict[str, object]]:
    command = [BIN / "schemebook", "records", "--format", "json", "--database", f"sqlite:///{demo}/schemebook.db"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def name_of(path: Path) -> tuple[str, str]:
    return path.parent.name, path.stem.rpartition("-")[0]


def test_there_are_examples_in_many_scripts() -> None:
    text = "".join(path.read_text("utf-8") for path in EXAMPLES)
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in text}
    assert {"LATIN", "ARABIC", "CJK"} <= scripts
    assert all(letter in text for letter in "āʻŁ")


def test_every_example_comes_back_as_a_record_with_its_answers(records: list[dict[str, object]]) -> None:
    sent = sorted(((*name_of(path), json.loads(path.read_text("utf-8"))) for path in EXAMPLES), key=str)
    came = sorted(((record["scheme"], record["form"], record["answers"]) for record in records), key=str)
    assert came == sent


def test_no_example_needs_a_review(records: list[dict[str, object]]) -> None:
    assert {record["needs_review"] for record in records} == {False}


def test_the_demo_leaves_a_site_with_its_forms_and_a_report_a_scheme(demo: Path) -> None:
    assert (demo / "site" / "index.html").is_file()
    for scheme, form in {name_of(path) for path in EXAMPLES}:
        assert (demo / "site" / scheme / "forms" / f"{form}.pdf").read_bytes().startswith(b"%PDF-")
        assert (demo / "report" / scheme / "index.html").is_file()

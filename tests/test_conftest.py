"""The rule about skips, tried on a small suite of its own: subprocess, because the rule must see a whole run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import allowed_skips, is_allowed

HERE = Path(__file__).parent


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    shutil.copy(HERE / "conftest.py", tmp_path / "conftest.py")
    (tmp_path / "allowed_skips.txt").write_text("test_some.py::test_expected[a]  # 24 November 2026: tried\n")
    (tmp_path / "test_some.py").write_text(
        "import pytest\n"
        "@pytest.mark.parametrize('x', ['a'])\n"
        "def test_expected(x): pytest.skip('known')\n"
        "def test_unexpected(): pytest.skip('the program is not here')\n"
        "def test_runs(): pass\n"
        "@pytest.mark.xfail(strict=True)\n"
        "def test_known_to_fail(): assert False\n"
    )
    (tmp_path / "test_module.py").write_text("import pytest\npytest.skip('no module', allow_module_level=True)\n")
    return tmp_path


def run(suite: Path, ci: str, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CI": ci}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-q",
        "--rootdir",
        str(suite),
        str(suite),
        *words,
    ]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=suite)


def test_in_ci_a_skip_that_is_not_listed_fails(suite: Path) -> None:
    done = run(suite, "true", "--continue-on-collection-errors")
    assert done.returncode == 1
    assert "1 failed, 1 passed, 1 skipped, 1 xfailed, 1 error" in done.stdout
    assert "the program is not here" in done.stdout


def test_in_ci_the_same_holds_with_several_workers(suite: Path) -> None:
    done = run(suite, "true", "-n", "2", "--continue-on-collection-errors")
    assert done.returncode == 1
    assert "1 failed, 1 passed, 1 skipped, 1 xfailed, 1 error" in done.stdout


def test_elsewhere_a_skip_is_only_told(suite: Path) -> None:
    done = run(suite, "")
    assert done.returncode == 0
    assert "1 passed, 3 skipped, 1 xfailed" in done.stdout


def test_the_list_of_allowed_skips_takes_comments_and_a_star() -> None:
    patterns = allowed_skips("# a comment\n\ntests/a.py::test_b*  # 24 November 2026: why\n")
    assert patterns == ["tests/a.py::test_b*"]
    assert is_allowed("tests/a.py::test_b[x]", patterns)
    assert not is_allowed("tests/a.py::test_c", patterns)

"""What holds for every test: among it, that a skip which nobody expects fails in the continuous integration."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from fnmatch import fnmatchcase
from pathlib import Path

import hypothesis
import pytest

ALLOWED_SKIPS = Path(__file__).with_name("allowed_skips.txt")

# Machines differ in speed, so no single example has a deadline. In CI the same examples each time: a failure there
# can be had again here.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")

# A shell that starts the tests in the background lets them ignore Ctrl-C, and so would every program that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def allowed_skips(text: str) -> list[str]:
    """The patterns of test ids that `allowed_skips.txt` lists, without its comments."""
    lines = (line.partition("  #")[0].strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def is_allowed(test_id: str, patterns: list[str]) -> bool:
    """Whether a skip of this test is expected. Brackets of parametrised ids are taken literally."""
    return any(fnmatchcase(test_id, pattern.replace("[", "[[]")) for pattern in patterns)


def _fail_an_unexpected_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if os.environ.get("CI") != "true" or report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    if is_allowed(report.nodeid, allowed_skips(ALLOWED_SKIPS.read_text("utf-8"))):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"{report.nodeid} was skipped, which {ALLOWED_SKIPS.name} does not allow: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip that is not listed into a failure, with CI=true."""
    report = yield
    _fail_an_unexpected_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that skips as a whole."""
    report = yield
    _fail_an_unexpected_skip(report)
    return report


@pytest.fixture(autouse=True)
def settled_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the settings of the shell it is started from."""
    for name in ("SCHEMEBOOK_DATABASE", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    monkeypatch.setenv("NO_COLOR", "1")

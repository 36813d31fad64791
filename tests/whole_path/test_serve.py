"""`schemebook serve`, as a scheme owner has it beside the editor: over HTTP, while files change."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.handbook.small_project import write_project
from tests.whole_path.commands import COMMAND

pytestmark = pytest.mark.all_tiers
SCHEME = "scheme-configs/lighthouse.yml"
FORM = "forms/lighthouse/feedback.yml"
CHAPTER = "docs/lighthouse/making-it-work.md"


@dataclass
class Served:
    """A project, and the server that shows it."""

    root: Path
    process: subprocess.Popen[str]
    said: Path
    address: str = ""

    def edit(self, file: str, before: str, after: str) -> None:
        text = (self.root / file).read_text("utf-8")
        assert before in text
        (self.root / file).write_text(text.replace(before, after), "utf-8")

    def shows(self, page: str, words: str, seconds: float = 30) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with urllib.request.urlopen(f"http://{self.address}/lighthouse/{page}", timeout=30) as answer:
                if words in answer.read().decode("utf-8", "replace"):
                    return True
            time.sleep(0.1)
        return False

    def says(self, pattern: str, seconds: float = 30) -> str:
        """What the terminal shows, once it matches."""
        end = time.monotonic() + seconds
        while not (found := re.search(pattern, self.said.read_text("utf-8"))):
            assert time.monotonic() < end, self.said.read_text("utf-8")
            time.sleep(0.1)
        return found[0]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    write_project(tmp_path / "project")
    (tmp_path / "aside").mkdir()
    environment = {**os.environ, "TMPDIR": str(tmp_path / "aside")}
    command = [COMMAND, "serve", "--address", "127.0.0.1:0"]
    said = tmp_path / "said"
    with said.open("w") as out:
        process = subprocess.Popen(
            command,
            cwd=tmp_path / "project",
            env=environment,
            stdout=out,
            stderr=out,
            text=True,
            start_new_session=True,
        )
    try:
        made = Served(tmp_path / "project", process, said)
        made.address = made.says(r"127\.0\.0\.1:[1-9]\d*")
        yield made
    finally:
        process.kill()
        process.wait()


def test_an_edit_to_each_kind_of_file_shows_on_reload(served: Served) -> None:
    assert served.shows("index.html", "Light for the next mile")
    served.edit(SCHEME, "Light for the next mile", "Light for two miles")
    assert served.shows("index.html", "Light for two miles")
    served.edit(CHAPTER, "Agree early", "Agree soon")
    assert served.shows("making-it-work.html", "Agree soon")
    served.edit(FORM, "Says how it goes.", "Says how it went.")
    assert served.shows("forms.html", "Says how it went.")
    served.edit(SCHEME, "at-most: 6 months", "at-most: 7 months")
    assert served.shows("index.html", "up to 7 months") and served.shows("making-it-work.html", "It lasts 7 months")


def test_a_mistake_is_told_in_the_terminal_and_on_the_page_and_the_server_lives_on(served: Served) -> None:
    assert served.shows("rules.html", "Waiting")
    served.edit(CHAPTER, "{{ rules.duration.at_most }}", "{{ rules.duration.at_mots }}")
    line = served.says(rf"{CHAPTER}:\d+:\d+: .+")
    assert served.shows("rules.html", "at_mots") and "at_mots" in line
    served.edit(SCHEME, "run-by: Lighthouse", "run-by: [Lighthouse")
    served.says(rf"{SCHEME}:\d+:\d+: .+")
    served.edit(SCHEME, "run-by: [Lighthouse", "run-by: Lighthouse")
    served.edit(CHAPTER, "at_mots", "at_most")
    served.says("Nothing is wrong any more")
    assert "Traceback" not in served.said.read_text("utf-8")


@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_quietly_and_leaves_nothing_behind(served: Served, ended_by: signal.Signals) -> None:
    assert served.shows("index.html", "Light")
    served.process.send_signal(ended_by)
    assert served.process.wait(10) == 0
    assert len(served.said.read_text("utf-8").splitlines()) == 1
    assert list((served.root.parent / "aside").iterdir()) == []

"""MkDocs at a project's root makes the same site as `schemebook build`, and an edit shows on reload."""

from __future__ import annotations

import datetime
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.handbook.small_project import write_project

from schemebook.handbook.pages import build_site, write_pages

ENVIRONMENT = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}


def mkdocs(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mkdocs", *words]
    return subprocess.run(command, cwd=root, env=ENVIRONMENT, capture_output=True, text=True, check=False)


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a site; not the sitemap, which is packed with the time of the build."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("sitemap"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_mkdocs_build_makes_the_same_site(tmp_path: Path) -> None:
    project = write_project(tmp_path)
    done = mkdocs(tmp_path, "build")
    assert done.returncode == 0, done.stderr
    write_pages(project, tmp_path / "other", today=datetime.date.today())
    build_site(tmp_path / "other", tmp_path / "other-site")
    assert content(tmp_path / "site") == content(tmp_path / "other-site")


def test_a_broken_file_ends_the_build_in_our_words_without_a_traceback(tmp_path: Path) -> None:
    write_project(tmp_path)
    (tmp_path / "forms/lighthouse/feedback.yml").write_text("title: [\n", "utf-8")
    done = mkdocs(tmp_path, "build")
    assert done.returncode == 1
    assert "forms/lighthouse/feedback.yml:" in done.stderr and "Traceback" not in done.stderr


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    write_project(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "mkdocs", "serve", "-q", "--dev-addr", address]
    with subprocess.Popen(command, cwd=tmp_path, env=ENVIRONMENT, stderr=subprocess.DEVNULL) as server:
        yield f"http://{address}/lighthouse/"
        server.terminate()


def shows(address: str, words: str, seconds: float = 60) -> bool:
    """Whether the page shows these words within some time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                if words in answer.read().decode():
                    return True
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.2)
    return False


@pytest.mark.all_tiers
@pytest.mark.parametrize(
    ("file", "before", "after", "page"),
    [
        ("scheme-configs/lighthouse.yml", "Light for the next mile", "Light for two miles", "index.html"),
        ("forms/lighthouse/feedback.yml", "Says how it goes.", "Says how it went.", "forms.html"),
        ("docs/lighthouse/making-it-work.md", "Agree early", "Agree soon", "making-it-work.html"),
    ],
)
def test_an_edit_shows_on_reload(served: str, tmp_path: Path, file: str, before: str, after: str, page: str) -> None:
    assert shows(served + page, before)
    path = tmp_path / file
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")
    assert shows(served + page, after)

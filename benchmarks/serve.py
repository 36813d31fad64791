"""The page one is looking at, after one edit under `schemebook serve`, on a site of some 600 pages."""

from __future__ import annotations

import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from measured import ROOT, keep

MORE, EDITS = 584, 5


def large_project(folder: Path) -> tuple[Path, str]:
    """The bundled project with many more chapters in its first scheme; and that scheme's id."""
    for part in ("scheme-configs", "forms", "docs"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    config = sorted((folder / "scheme-configs").glob("*.yml"))[0]
    lines = "".join(f"  - {{file: more-{number}.md, title: Chapter {number}}}\n" for number in range(MORE))
    config.write_text(config.read_text("utf-8").replace("\nchapters:\n", f"\nchapters:\n{lines}"), "utf-8")
    text = "\n\n".join("A paragraph of some length that stands here for what people write. " * 4 for _ in range(8))
    for number in range(MORE):
        chapter = folder / "docs" / config.stem / f"more-{number}.md"
        chapter.write_text(f"# Chapter {number}\n\n{text}\n", "utf-8")
    return folder, config.stem


def seen(address: str, words: str, seconds: float = 120) -> float:
    """Seconds until the page at the address holds the words."""
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        try:
            with urllib.request.urlopen(address, timeout=5) as page:
                if words in page.read().decode():
                    return time.perf_counter() - start
        except OSError:
            pass
        time.sleep(0.02)
    raise TimeoutError(f"{words!r} never came")


def main() -> None:
    """Measure and print."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as name:
        folder, scheme = large_project(Path(name, "project"))
        command = [Path(sys.executable).with_name("schemebook"), "serve", "--address", f"127.0.0.1:{port}"]
        server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            page = f"http://127.0.0.1:{port}/{scheme}/more-7.html"
            seen(page, "Chapter 7")
            chapter, times = folder / "docs" / scheme / "more-7.md", []
            for edit in range(EDITS):
                time.sleep(1.5)
                chapter.write_text(f"# Chapter 7\n\nEdited for the {edit}th time.\n", "utf-8")
                times.append(seen(page, f"Edited for the {edit}th time."))
        finally:
            server.terminate()
            server.wait()
    row = {
        "what": f"the page one is looking at, after one edit under serve, {MORE} more chapters",
        "goal": "<= 1.2 s",
        "measured": f"{statistics.median(times):.1f} s",
    }
    keep("Editing under serve", [row], ("mkdocs", "mkdocs-material"))


if __name__ == "__main__":
    main()

"""Our site against bare Material: MkDocs builds the same pages with our theme, and without it."""

from __future__ import annotations

import dataclasses
import datetime
import logging
import shutil
import tempfile
from pathlib import Path
from typing import Any

import yaml
from measured import ROOT, in_turns, keep

from schemebook.handbook.pages import build_site, write_pages
from schemebook.scheme.model import Chapter
from schemebook.scheme.project import Project, load_project

OURS = ("extra_css", "extra_javascript", "hooks", "extra")


def bare(folder: Path, written: Path) -> Path:
    """The written folder again, its theme bare Material: no overrides, styles or scripts of ours."""
    shutil.copytree(written / "docs", folder / "docs")
    config: dict[str, Any] = yaml.safe_load((written / "mkdocs.yml").read_text("utf-8"))
    config = {key: value for key, value in config.items() if key not in OURS}
    config["theme"] = {"name": "material", "font": False}
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    return folder


def with_chapters(folder: Path, count: int) -> Project:
    """The bundled project's first scheme, with `count` more chapters of some paragraphs each."""
    project = load_project(ROOT)
    scheme = next(iter(project.schemes.values()))
    for part in ("scheme-configs", "forms", "docs"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    chapters = list(scheme.chapters)
    text = "\n\n".join("A paragraph of some length that stands here for what people write. " * 4 for _ in range(8))
    for number in range(count):
        file = f"more-{number}.md"
        (folder / "docs" / scheme.scheme / file).write_text(f"# Chapter {number}\n\n{text}\n", "utf-8")
        chapters.append(Chapter.model_validate({"file": file, "title": f"Chapter {number}"}))
    larger = scheme.model_copy(update={"chapters": tuple(chapters)})
    return dataclasses.replace(project, root=folder, schemes={scheme.scheme: larger})


def measured(more: int, rounds: int) -> tuple[int, dict[str, float]]:
    """Pages, and seconds of our build and of bare Material's, with `more` chapters added."""
    with tempfile.TemporaryDirectory() as name:
        ours = Path(name, "ours")
        written = write_pages(with_chapters(Path(name, "project"), more), ours, today=datetime.date.today())
        pages = sum(path.suffix == ".md" for path in written)
        theirs = bare(Path(name, "bare"), ours)
        times = in_turns(
            {
                "ours": lambda: build_site(ours, Path(name, "site-ours")),
                "bare": lambda: build_site(theirs, Path(name, "site-bare")),
            },
            rounds=rounds,
        )
    return pages, times


def main() -> None:
    """Measure and print."""
    logging.getLogger("mkdocs").setLevel(logging.ERROR)
    rows = []
    for more, rounds, goal in ((44, 5, "<= 1.3x"), (584, 1, "<= 0.6x")):
        pages, times = measured(more, rounds)
        rows += [
            {
                "what": f"our site ({pages} pages) against bare Material on the same pages",
                "goal": goal,
                "measured": f"{times['ours'] / times['bare']:.2f}x",
            },
            {"what": "the same, of our site alone", "goal": "-", "measured": f"{times['ours']:.2f} s"},
        ]
    keep("The handbook site", rows, ("mkdocs", "mkdocs-material"))


if __name__ == "__main__":
    main()

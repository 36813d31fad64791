"""Our site against bare Material: MkDocs builds the same pages with our theme, and without it."""

from __future__ import annotations

import datetime
import logging
import shutil
import tempfile
from pathlib import Path
from typing import Any

import yaml
from measured import ROOT, in_turns, keep

from schemebook.handbook.pages import build_site, write_pages
from schemebook.scheme.project import load_project

OURS = ("extra_css", "extra_javascript", "hooks", "extra")


def bare(folder: Path, written: Path) -> Path:
    """The written folder again, its theme bare Material: no overrides, styles or scripts of ours."""
    shutil.copytree(written / "docs", folder / "docs")
    config: dict[str, Any] = yaml.safe_load((written / "mkdocs.yml").read_text("utf-8"))
    config = {key: value for key, value in config.items() if key not in OURS}
    config["theme"] = {"name": "material", "font": False}
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    return folder


def main() -> None:
    """Measure and print."""
    logging.getLogger("mkdocs").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as name:
        ours = Path(name, "ours")
        written = write_pages(load_project(ROOT), ours, today=datetime.date.today())
        pages = sum(path.suffix == ".md" for path in written)
        theirs = bare(Path(name, "bare"), ours)
        times = in_turns(
            {
                "ours": lambda: build_site(ours, Path(name, "site-ours")),
                "bare": lambda: build_site(theirs, Path(name, "site-bare")),
            },
            rounds=9,
        )
    rows = [
        {
            "what": f"our site ({pages} pages) against bare Material on the same pages",
            "goal": "<= 1.3x",
            "measured": f"{times['ours'] / times['bare']:.2f}x",
        },
        {"what": "the same, of our site alone", "goal": "-", "measured": f"{times['ours']:.2f} s"},
    ]
    keep("The handbook site", rows, ("mkdocs", "mkdocs-material"))


if __name__ == "__main__":
    main()

"""The manual's configuration in; the same in the frame, the colours and the type of a handbook out.

A hook of docs/manual.yml: MkDocs calls the functions that begin with `on_`.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from schemebook.handbook import site_config
from schemebook.scheme.days import long_day

HANDBOOK = Path(site_config.__file__).parent
TABS = ("scheme-owner", "participant", "coordinator", "developer")
WORDS = {
    "handbook": "Manual",
    "in_this_handbook": "In this manual",
    "search_handbook": "Search the manual",
    "other_chapters": "Pages beside this one",
}
"""What the frame calls a manual otherwise than a handbook."""
CSS = """
.md-typeset :is(table:not([class]), pre) { max-width: 46rem; }
.md-typeset pre { margin: 0 0 1.2rem; }
.md-typeset pre > code { padding: 0.6rem 0.8rem; font-size: 0.64rem; white-space: pre-wrap; }
.md-typeset img { border: 1px solid var(--rule); }
.sb-contents li ul { margin: 0 0 0.4rem 0.8rem; font-size: 0.74rem; }
.sb-contents li li { border: 0; }
.sb-contents li li a { padding: 0.16rem 0; }
"""
"""What a manual shows and a handbook does not: commands, pictures, and under a page of the contents its parts."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Once the configuration is read: what the frame says and names."""
    pages = [
        {"title": title, "url": f"{Path(file).with_suffix('')}.html"} for title, file in _entries(config.nav or [])
    ]
    by_address = {page["url"]: page["title"] for page in pages}
    tabs = [{"id": id, "word": by_address[f"{id}.html"], "url": f"{id}.html"} for id in TABS]
    today = datetime.date.today()
    words = site_config.frame_words(today) | WORDS | {"as_of": f"manual of {long_day(today)}"}
    frame = {"name": config.site_name, "home": "index.html", "tabs": tabs, "pages": pages, "foot": [], "sections": True}
    frame |= {"colours": "assets/schemes/site.css", "icon": "assets/schemes/site.svg"}
    config.extra |= {"generator": False, "polyfills": [site_config.SHIM]}
    config.extra["schemebook"] = {"words": words, "site": frame, "schemes": {}}
    config.extra_css = [*(f"assets/{style}.css" for style in site_config.STYLES), "assets/manual.css"]
    return config


def on_files(files: Files, *, config: MkDocsConfig, **_: Any) -> Files:
    """The files of the site: those of a handbook's frame come to them."""
    assets = HANDBOOK / "assets"
    for path in sorted(assets.rglob("*")):
        if path.is_file():
            files.append(
                File.generated(config, f"assets/{path.relative_to(assets).as_posix()}", abs_src_path=str(path))
            )
    for name, content in site_config.colour_files([]).items():
        files.append(File.generated(config, name, content=content))
    files.append(File.generated(config, "assets/manual.css", content=CSS))
    return files


def on_page_markdown(markdown: str, *, page: Page, **_: Any) -> str:
    """Each page names the word of the head that it belongs to."""
    page.meta["tab"] = Path(page.file.src_uri).stem
    return markdown


def _entries(nav: list[Any]) -> list[tuple[str, str]]:
    """Title and file of every page, with those of a group behind its own name."""
    found = []
    for entry in nav:
        for title, below in entry.items():
            found += _entries(below) if isinstance(below, list) else [(title, below)]
    return found

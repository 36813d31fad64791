"""The published blanks in; a page of the manual that shows each page of each edition, out. A hook of docs/manual.yml.

Nothing of it is kept in the repository: pictures that were committed would grow with each publishing, and grow old.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

import pypdfium2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "forms" / "published"
PAGE = "forms-as-pictures.md"
WIDTH = 420
"""Pixels across one page of a form: its words can just be read."""

STYLE = """<style>
.blank { display: flex; flex-wrap: wrap; gap: .8rem; margin: 0 0 1.2rem; }
.blank a { flex: 0 1 10rem; }
.blank img { width: 100%; border: 1px solid #9aa3ab; }
</style>"""


@dataclass(frozen=True)
class Blank:
    """One edition of a form as published. path: its PDF."""

    scheme: str
    form: str
    title: str
    edition: str
    path: Path

    @property
    def stem(self) -> str:
        """The start of the names of its pictures."""
        return f"blanks/{self.scheme}/{self.path.stem}"


def blanks(folder: Path) -> list[Blank]:
    """All published blanks below the folder, by scheme and form; A4 first, the other editions by their names."""
    found = []
    for described in folder.glob("*/*.*.json"):
        said = json.loads(described.read_text("utf-8"))
        found.append(Blank(said["scheme"], said["form"], said["title"], said["name"], described.with_suffix(".pdf")))
    return sorted(found, key=lambda one: (one.scheme, one.title, one.form, one.edition != "a4", one.edition))


def pages_of(blank: Blank) -> Iterator[bytes]:
    """Each page of the blank as a PNG, WIDTH pixels across."""
    with pypdfium2.PdfDocument(blank.path) as pdf:
        for page in pdf:
            picture = page.render(scale=WIDTH / page.get_width(), may_draw_forms=True).to_pil()
            held = BytesIO()
            picture.save(held, "PNG")
            yield held.getvalue()


def written(shown: Sequence[tuple[Blank, Sequence[str]]]) -> str:
    """The page in Markdown: a head for each scheme and form, and for each edition its pictures."""
    lines = ["# Forms as pictures", "", STYLE, ""]
    lines += ["Each page of each edition of the bundled forms, drawn by pdfium from the blanks as published.", ""]
    for scheme, of_scheme in groupby(shown, key=lambda one: one[0].scheme):
        lines += [f"## {scheme}", ""]
        for title, editions in groupby(of_scheme, key=lambda one: one[0].title):
            lines += [f"### {title}", ""]
            for blank, names in editions:
                lines += [f"{blank.edition}, {len(names)} pages" if len(names) > 1 else f"{blank.edition}, 1 page", ""]
                lines += ['<div class="blank">', *linked(blank, names), "</div>", ""]
    return "\n".join(lines)


def linked(blank: Blank, names: Sequence[str]) -> list[str]:
    """Each picture as a link to itself, with what it shows in words."""
    return [
        f'<a href="{name}"><img loading="lazy" src="{name}" alt="{blank.title}, {blank.edition}, page {at}"></a>'
        for at, name in enumerate(names, 1)
    ]


def on_files(files: Files, *, config: MkDocsConfig, **_: Any) -> Files:
    """MkDocs asks for the files of the site: the page and its pictures come to them."""
    shown = []
    for blank in blanks(PUBLISHED):
        names = []
        for at, picture in enumerate(pages_of(blank), 1):
            names.append(f"{blank.stem}-{at}.png")
            files.append(File.generated(config, names[-1], content=picture))
        shown.append((blank, names))
    files.append(File.generated(config, PAGE, content=written(shown)))
    return files

"""A page of the site or a PDF in, the words that it shows out, in the order in which they are read."""

from __future__ import annotations

import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pikepdf
from tests.programs import program

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
LEFT_OUT = {"sb-hidden", "sb-screen", "sb-get", "footnote-backref"}
"""Classes of what only a screen shows or a voice says; a form's link has the form's file name on paper."""


def words_of(text: str) -> list[str]:
    """Its words in lower case, without what stands between them."""
    return re.findall(r"\w+", text.casefold())


class _Shown(HTMLParser):
    """Collects what an article shows; of drawings only the words that they draw."""

    def __init__(self, drawings: bool) -> None:
        super().__init__()
        self.drawings = drawings
        self.open: list[tuple[str, bool]] = []
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        unseen = LEFT_OUT & set(given.get("class", "").split()) or tag in ("script", "style", "title", "desc")
        if tag == "svg" and (given.get("aria-hidden") == "true" or not self.drawings):
            unseen = True
        self.parts.append(" ")
        if tag not in VOID:
            self.open.append((tag, bool(unseen)))

    def handle_endtag(self, tag: str) -> None:
        if tag in [name for name, _ in self.open]:
            while self.open.pop()[0] != tag:
                pass
        self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if any(tag == "article" for tag, _ in self.open) and not any(unseen for _, unseen in self.open):
            self.parts.append(data)


def words_on_page(path: Path, *, drawings: bool = True) -> list[str]:
    """The words of the article of a page of the site. drawings: those too that its drawings show."""
    reader = _Shown(drawings)
    html = path.read_text("utf-8")
    # What the frame puts under a chapter leads to its neighbours, and is no part of it.
    reader.feed(re.sub(r'<nav class="sb-steps".*?</nav>', "", html, flags=re.DOTALL))
    return words_of("".join(reader.parts))


def words_heard(pdf: Path) -> list[list[str]]:
    """The words of a tagged PDF as its structure orders them, one list a chapter: what follows each heading of level 1.

    Words inside drawings are not heard: their alternative is.
    """
    with pikepdf.open(pdf) as opened:
        assert "/StructTreeRoot" in opened.Root
    # poppler prints some attributes as they stand in the file, in UTF-16.
    done = subprocess.run([program("pdfinfo"), "-struct-text", pdf], capture_output=True, check=True)
    chapters: list[list[str]] = [[]]
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        if re.match(r"\s*H1\b", line):
            chapters.append([])
        elif found := re.match(r'\s*"(.*)"$', line):
            chapters[-1] += words_of(found[1])
    return chapters[1:]


def first_missing(wanted: list[str], given: list[str]) -> str:
    """The first words of `wanted` that do not follow, in order, in `given`; empty when all do."""
    at = 0
    for number, word in enumerate(wanted):
        try:
            at = given.index(word, at) + 1
        except ValueError:
            return " ".join(wanted[max(0, number - 6) : number + 6])
    return ""

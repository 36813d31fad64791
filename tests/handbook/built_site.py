"""A built site in, what its pages hold out: links, parts from other hosts, markup that a strict policy blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

Tag = tuple[str, dict[str, str]]
POINTING = {"a": "href", "link": "href", "img": "src", "script": "src", "source": "src", "iframe": "src"}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[Tag] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))


@dataclass
class Page:
    """One HTML page of a site."""

    path: Path
    text: str = field(init=False)
    tags: list[Tag] = field(init=False)

    def __post_init__(self) -> None:
        self.text = self.path.read_text("utf-8")
        parser = _Tags()
        parser.feed(self.text)
        self.tags = parser.tags

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]

    def pointing(self) -> Iterator[tuple[str, str]]:
        """Tag and address of everything that points somewhere."""
        for tag, attributes in self.tags:
            name = POINTING.get(tag)
            if name and name in attributes:
                yield tag, attributes[name]


class Site:
    """A folder of HTML pages."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def _pages(self) -> dict[Path, Page]:
        return {path: Page(path) for path in sorted(self.root.rglob("*.html"))}

    def pages(self) -> list[Page]:
        return list(self._pages.values())

    def broken_links(self) -> list[tuple[str, str]]:
        """Page and address of each relative link without a target. The page for what is not found has absolute ones."""
        found = []
        for page in self.pages():
            if page.path.name == "404.html":
                continue
            found += [(page.path.name, link) for _, link in page.pointing() if not self._leads_somewhere(page, link)]
        return found

    def _leads_somewhere(self, page: Page, link: str) -> bool:
        parts = urlsplit(link)
        if parts.scheme in ("mailto", "tel", "http", "https"):
            return True
        target = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
        if not target.is_file():
            return False
        return not parts.fragment or target.suffix != ".html" or unquote(parts.fragment) in Page(target).ids

    def foreign_parts(self) -> list[tuple[str, str]]:
        """Scripts, styles, pictures and frames from another host; links to follow do not count."""
        return [
            (page.path.name, link)
            for page in self.pages()
            for tag, link in page.pointing()
            if tag != "a" and urlsplit(link).netloc
        ]

    def style_attributes(self) -> list[tuple[str, str]]:
        return [
            (page.path.name, tag) for page in self.pages() for tag, attributes in page.tags if "style" in attributes
        ]

    def event_handlers(self) -> list[tuple[str, str]]:
        return [
            (page.path.name, name)
            for page in self.pages()
            for _, attributes in page.tags
            for name in attributes
            if name.startswith("on")
        ]

    def inline_scripts(self) -> dict[str, int]:
        """Page -> how many scripts stand in it."""
        return {
            page.path.name: sum(
                tag == "script" and "src" not in attributes and attributes.get("type") != "application/json"
                for tag, attributes in page.tags
            )
            for page in self.pages()
        }

    def duplicate_ids(self) -> list[tuple[str, str]]:
        return [(page.path.name, id) for page in self.pages() for id, times in Counter(page.ids).items() if times > 1]

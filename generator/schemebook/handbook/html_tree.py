"""The HTML of a page in, a tree of its elements out: what handbook_pdf.py reads a page from.

Reads what Markdown writes and what an author may put between it: an element that HTML closes by itself (<p>, <li>,
cells) is closed here too, and an end without a beginning is passed over. It is no browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset(("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
_END_A_PARAGRAPH = frozenset(
    (
        *("address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figcaption", "figure"),
        *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre"),
        *("section", "table", "ul"),
    )
)
# What a beginning closes, and what it does not look beyond (HTML standard, 13.1.2.4, optional tags).
_CLOSES = {
    "li": ({"li"}, {"ul", "ol"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "tr": ({"tr", "td", "th"}, {"table", "thead", "tbody", "tfoot"}),
    "td": ({"td", "th"}, {"tr"}),
    "th": ({"td", "th"}, {"tr"}),
}
_SVG = re.compile(r"<svg\b.*?</svg\s*>", re.DOTALL | re.IGNORECASE)


@dataclass
class Element:
    """One element. A drawing (<svg>) keeps its source, since names in it are case-sensitive."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)
    source: str = ""

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    @property
    def id(self) -> str:
        return self.attributes.get("id", "")

    @property
    def elements(self) -> list[Element]:
        """The children that are elements."""
        return [child for child in self.children if isinstance(child, Element)]

    def all(self) -> Iterator[Element]:
        """This element and every one below it, in order."""
        yield self
        for child in self.elements:
            yield from child.all()

    def first(self, *tags: str) -> Element | None:
        """The first element below this one with one of these tags."""
        return next((one for one in self.all() if one.tag in tags and one is not self), None)

    @property
    def text(self) -> str:
        """All its text, with spaces as they stand."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


class _Tree(HTMLParser):
    def __init__(self, drawings: list[str]) -> None:
        super().__init__()
        self.root = Element("body")
        self.open = [self.root]
        self.drawings = drawings

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._close_what_ends(tag)
        made = Element(tag, {name: value or "" for name, value in attrs})
        if tag == "svg":
            made.source = self.drawings[int(made.attributes["data-number"])]
            made.attributes = _attributes_of(made.source)
        self.open[-1].children.append(made)
        if tag not in _VOID:
            self.open.append(made)

    def handle_endtag(self, tag: str) -> None:
        if any(one.tag == tag for one in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def _close_what_ends(self, tag: str) -> None:
        if tag in _END_A_PARAGRAPH and self.open[-1].tag == "p":
            self.open.pop()
        closing, within = _CLOSES.get(tag, (set[str](), set[str]()))
        for at in range(len(self.open) - 1, 0, -1):
            if self.open[at].tag in within:
                break
            if self.open[at].tag in closing:
                del self.open[at:]


def parse_html(html: str) -> Element:
    """The tree of a page's HTML, below an element called body."""
    drawings: list[str] = []

    def set_aside(found: re.Match[str]) -> str:
        drawings.append(found[0])
        return f'<svg data-number="{len(drawings) - 1}"></svg>'

    tree = _Tree(drawings)
    tree.feed(_SVG.sub(set_aside, html))
    tree.close()
    return tree.root


class _FirstTag(HTMLParser):
    found: dict[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.found is None:
            self.found = {name: value or "" for name, value in attrs}


def _attributes_of(source: str) -> dict[str, str]:
    reader = _FirstTag()
    reader.feed(source)
    return reader.found or {}

"""Words of a page and what stands among them in; pieces of a line for the template of the handbook PDF out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from schemebook.handbook.html_tree import Element
from schemebook.handbook.printed_links import Links, label_of

Part = dict[str, Any] | str
"""A block, or a piece of a line: `k` names its kind, `c` holds what stands in it. A string is words."""

SCREEN_ONLY = "sb-screen"
"""The class of what a page shows on a screen alone."""
HIDDEN = "sb-hidden"
"""The class of what only those hear who listen."""
UNSEEN = frozenset(("script", "style", "template", "noscript", "title", "meta", "link", "colgroup", "col"))
PLAIN_INLINE = frozenset(("bdi", "bdo", "data", "dfn", "font", "label", "span", "time", "wbr"))
INLINE = {
    "b": "strong", "strong": "strong",
    "em": "em", "i": "em", "cite": "em", "var": "em",
    "code": "code", "kbd": "code", "samp": "code", "tt": "code",
    "sub": "sub", "small": "small", "mark": "mark",
    "del": "del", "s": "del", "ins": "ins", "u": "ins", "q": "q",
}  # fmt: skip
_LINE_END: Part = {"k": "br"}
_SPACE = re.compile(r"[ \t\r\n\f]+")


@dataclass
class Walk:
    """One page on its way to paper.

    blocks: makes the blocks of what stands inside an element. pictures: address of a picture on the page -> its
    name for the template; the addresses of those that are shown stand in `used`. process: the process, drawn for
    paper. unknown: elements that paper cannot show.
    """

    page: str
    links: Links
    blocks: Callable[[Element, Walk], list[Part]]
    pictures: Mapping[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    notes: dict[str, Element] = field(default_factory=dict)
    process: str = ""
    noted: set[str] = field(default_factory=set)
    explained: set[str] = field(default_factory=set)
    level: int = 0
    longest: int = 46
    """Letters of a word that may stand in one piece: as many as the narrowest place holds."""
    listed: bool = True
    """Whether headings stand in the contents; the bookmarks have all."""
    beside: bool = False
    """Whether this stands in a panel or a list of links: tables stay narrow there, and links do not say their page."""

    def flow(self, element: Element) -> list[Part]:
        """The blocks of what stands inside an element."""
        return self.blocks(element, self)

    def flow_beside(self, element: Element) -> list[Part]:
        """The same, in a panel."""
        before, self.beside = self.beside, True
        made = self.flow(element)
        self.beside = before
        return made

    def label(self, element: Element) -> str | None:
        """The name of the place where an element stands, if a link leads to it."""
        label = label_of(self.page, element.id)
        return label if element.id and label in self.links.places else None

    def anchor(self, element: Element) -> list[Part]:
        """The same as a part of its own, for an element that has none."""
        label = self.label(element)
        return [{"k": "anchor", "id": label}] if label else []


def line_of(children: Sequence[Element | str], walk: Walk) -> list[Part]:
    """Pieces of a line, with spaces as they show; empty where there is nothing to see."""
    return _trimmed(_pieces(children, walk))


def words_in(element: Element | None, walk: Walk) -> list[Part]:
    """The pieces of what stands in an element."""
    return line_of(element.children, walk) if element else []


def is_unseen(element: Element) -> bool:
    """Whether paper leaves it out on purpose."""
    return element.tag in UNSEEN or "hidden" in element.attributes or bool({SCREEN_ONLY, HIDDEN} & set(element.classes))


def hidden_words(element: Element) -> str:
    """What only those hear who listen, of what stands in an element."""
    return next((one.text.strip() for one in element.all() if HIDDEN in one.classes), "")


def picture_data(element: Element, walk: Walk) -> dict[str, Any]:
    """A picture's file, its words, and its width in CSS pixels where given. No words: it only decorates, as in HTML."""
    address, alt = element.attributes.get("src", ""), element.attributes.get("alt", "")
    if address not in walk.pictures:
        return {"file": None, "alt": alt}
    walk.used.add(address)
    width = element.attributes.get("width", "")
    return {"file": walk.pictures[address], "alt": alt, "width": int(width) if width.isdigit() else None}


def _pieces(children: Sequence[Element | str], walk: Walk) -> list[Part]:
    """Neighbouring words run together, and spaces at a seam become one.

    Small print that follows without a space stands on a line of its own, as the site shows it.
    """
    found: list[Part] = []
    for child in children:
        if isinstance(child, Element) and child.tag == "small" and found and not str(found[-1]).endswith(" "):
            found.append(_LINE_END)
        for part in _inline(child, walk):
            if isinstance(part, str) and found and isinstance(found[-1], str):
                found[-1] = _SPACE.sub(" ", found[-1] + part)
            elif isinstance(part, str) and found and found[-1] == _LINE_END:
                found.append(part.lstrip(" "))
            else:
                found.append(part)
    return found


def breakable(text: str, longest: int) -> str:
    """Words longer than that may be parted by a soft hyphen, so that none runs off the sheet."""
    return re.sub(rf"\w{{{longest + 1},}}", lambda found: "\u00ad".join(re.findall(r".{1,12}", found[0])), text)


def _trimmed(parts: list[Part]) -> list[Part]:
    if parts and isinstance(parts[0], str):
        parts[0] = parts[0].lstrip(" ")
    if parts and isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip(" ")
    return [part for part in parts if part != ""]


def _inline(child: Element | str, walk: Walk) -> list[Part]:
    if isinstance(child, str):
        # The engine writes a space that does not break as a span within the span, where poppler 22.12 ends the text of
        # its structure: what follows in the line would not be heard. Class sb-nowrap keeps words together on paper.
        plain = child.replace("\u00a0", " ")
        return [_SPACE.sub(" ", breakable(plain, walk.longest))] if child else []
    if is_unseen(child):
        return []
    if child.tag in _SPECIAL:
        return _SPECIAL[child.tag](child, walk)
    if child.tag not in PLAIN_INLINE and child.tag not in INLINE:
        walk.unknown.add(child.tag)
    inside = _pieces(child.children, walk)
    kind = next((_OF_CLASS[name] for name in child.classes if name in _OF_CLASS), INLINE.get(child.tag))
    return [{"k": kind, "c": inside}] if kind and inside else inside


def _link(element: Element, walk: Walk) -> list[Part]:
    if "footnote-backref" in element.classes:
        return []
    if "footnote-ref" in element.classes:
        return _note(element, walk)
    inside = _pieces(element.children, walk)
    found = walk.links.of(walk.page, element.attributes.get("href", ""))
    if not inside or not found:
        return inside
    kinds = {"sb-term": "term", "sb-nowrap": "nowrap"}
    flags = {kind: True for name, kind in kinds.items() if name in element.classes}
    if "to" in found and "term" not in flags and not walk.beside:
        flags["page"] = True
    if found.get("url", "").startswith("http") and "file" not in found:
        flags["printed"] = bare_address(found["url"]) != bare_address(element.text)
    return [{"k": "link", **found, **flags, "c": inside}]


def bare_address(url: str) -> str:
    """An address as one says it: without its scheme, and without a slash at its end."""
    return re.sub(r"^(https?://)?(www\.)?", "", url.strip().casefold()).rstrip("/")


def _note(element: Element, walk: Walk) -> list[Part]:
    """A footnote stands where it is first referred to; later references repeat its number."""
    id = element.attributes.get("href", "").removeprefix("#")
    if id not in walk.notes:
        return [element.text]
    label = f"note:{label_of(walk.page, id)}"
    if id in walk.noted:
        return [{"k": "note-again", "id": label}]
    walk.noted.add(id)
    return [{"k": "note", "id": label, "c": _begun_in_line(walk.flow(walk.notes[id]))}]


def _begun_in_line(blocks: list[Part]) -> list[Part]:
    """A note's first paragraph stands beside its number."""
    first = blocks[0] if blocks else ""
    return [*first["c"], *blocks[1:]] if isinstance(first, dict) and first["k"] == "p" else blocks


def _superscript(element: Element, walk: Walk) -> list[Part]:
    inside = _pieces(element.children, walk)
    noted = any(isinstance(part, dict) and part["k"] in ("note", "note-again") for part in inside)
    return inside if noted or not inside else [{"k": "sup", "c": inside}]


def _abbreviation(element: Element, walk: Walk) -> list[Part]:
    """What a screen says when one points at the word is said once in words."""
    words, meaning = element.text, element.attributes.get("title", "")
    if not meaning or words in walk.explained:
        return [words]
    walk.explained.add(words)
    return [f"{words} ({meaning})"]


def _small_picture(element: Element, walk: Walk) -> list[Part]:
    return [{"k": "small-picture", **picture_data(element, walk)}]


def _break(element: Element, walk: Walk) -> list[Part]:
    return [_LINE_END]


def drawing_data(element: Element) -> dict[str, Any]:
    """A drawing's source, its width in its own units, and what it says to those who listen."""
    box = element.attributes.get("viewbox", "").split()
    width = float(box[2]) if len(box) == 4 else 0
    return {"svg": element.source, "alt": _said_of(element), "width": width}


def _drawing(element: Element, walk: Walk) -> list[Part]:
    """A drawing with words of its own; what only decorates is drawn by the template, or not at all."""
    if "sb-sign" in element.classes:
        return [{"k": "sign", "who": _actor_of(element.source)}]
    if element.attributes.get("aria-hidden") == "true":
        return []
    return [{"k": "drawing", **drawing_data(element)}]


def _actor_of(source: str) -> str:
    if "sb-square" in source:
        return "other"
    if "sb-ring" in source:
        return "both" if "sb-dot" in source else "second"
    return "first"


def _said_of(element: Element) -> str:
    """The title and the description of a drawing, else its label."""
    found = re.findall(r"<(?:title|desc)\b[^>]*>(.*?)</", element.source, re.DOTALL)
    return " ".join(unescape(_SPACE.sub(" ", one).strip()) for one in found) or element.attributes.get("aria-label", "")


_OF_CLASS = {"sb-nowrap": "nowrap", "sb-who": "who"}
_SPECIAL: dict[str, Callable[[Element, Walk], list[Part]]] = {
    "a": _link,
    "abbr": _abbreviation,
    "br": _break,
    "img": _small_picture,
    "sup": _superscript,
    "svg": _drawing,
}

"""The HTML of one page in, what the handbook PDF prints of it out: blocks as data for the template.

The parts of our own pages are known by their class, everything else by its element. What is not known is told, and its
words are kept all the same.
"""

from __future__ import annotations

from collections.abc import Callable

from schemebook.handbook.html_tree import Element
from schemebook.handbook.printed_line import (
    INLINE,
    PLAIN_INLINE,
    UNSEEN,
    Part,
    Walk,
    breakable,
    is_unseen,
    line_of,
    picture_data,
    words_in,
)
from schemebook.handbook.printed_parts import PARTS, definitions
from schemebook.handbook.printed_table import printed_table

_PLAIN_BLOCKS = frozenset(
    ("address", "article", "aside", "body", "center", "div", "header", "footer", "main", "nav", "section")
)
_INNER = ("li", "dt", "dd", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "figcaption", "summary")
_FEW = 6
_PIECES = frozenset((*INLINE, *PLAIN_INLINE, "a", "abbr", "br", "img", "sup", "svg"))


def printed_page(tree: Element, walk: Walk) -> list[Part]:
    """The blocks of a page, in order."""
    boxes = [one for one in tree.all() if "footnote" in one.classes]
    walk.notes = {item.id: item for box in boxes for item in box.all() if item.tag == "li" and item.id}
    return flow(tree, walk)


def flow(parent: Element, walk: Walk) -> list[Part]:
    """The blocks inside an element; words that stand between them become paragraphs."""
    found: list[Part] = []
    line: list[Element | str] = []
    for child in parent.children:
        if isinstance(child, str) or _is_piece(child):
            line.append(child)
        else:
            found += _plain_line(line, walk) + _block(child, walk)
            line = []
    return found + _plain_line(line, walk)


def _plain_line(line: list[Element | str], walk: Walk) -> list[Part]:
    words = line_of(line, walk)
    return [{"k": "p", "role": "plain", "c": words}] if words else []


def _is_piece(element: Element) -> bool:
    """Whether it stands in a line: by its element, and holding no block."""
    return element.tag in _PIECES and all(one.tag in _PIECES for one in element.all())


def _block(element: Element, walk: Walk) -> list[Part]:
    if is_unseen(element):
        return []
    made = next((_OF_CLASS[name] for name in element.classes if name in _OF_CLASS), None) or _BLOCKS.get(element.tag)
    if made is None:
        if element.tag not in _PLAIN_BLOCKS and element.tag not in _PIECES:
            walk.unknown.add(element.tag)
        return walk.anchor(element) + flow(element, walk)
    return ([] if element.tag in _HEADINGS else walk.anchor(element)) + made(element, walk)


def _heading(element: Element, walk: Walk) -> list[Part]:
    """A heading goes at most one level deeper than the one before (ISO 14289-1, 7.4.2)."""
    words = words_in(element, walk)
    if not words:
        return walk.anchor(element)
    walk.level = min(int(element.tag[1]), walk.level + 1)
    listed = walk.listed and walk.level < 3
    return [{"k": "heading", "level": walk.level, "listed": listed, "id": walk.label(element), "c": words}]


def _paragraph(element: Element, walk: Walk) -> list[Part]:
    only = element.elements[0] if len(element.elements) == 1 and not element.text.strip() else None
    if only and only.tag == "img":
        return _picture(only, walk)
    role = next((name.removeprefix("sb-") for name in element.classes if name.startswith("sb-")), "text")
    if "admonition-title" in element.classes:
        role = "callout-title"
    words = words_in(element, walk)
    leads = bool(words) and isinstance(words[-1], str) and words[-1].endswith(":")
    return [{"k": "p", "role": role, "c": words, "leads": leads}] if words else []


def _bullets(element: Element, walk: Walk) -> list[Part]:
    return [{"k": "bullets", "items": _items(element, walk), "short": _is_short(element)}]


def _numbers(element: Element, walk: Walk) -> list[Part]:
    start = element.attributes.get("start", "")
    first = int(start) if start.isdigit() else 1
    return [{"k": "numbers", "start": first, "items": _items(element, walk), "short": _is_short(element)}]


def _is_short(element: Element) -> bool:
    """Whether a list is better kept on one sheet."""
    return len(element.elements) <= _FEW and len(element.text) <= _FEW * 120


def _items(element: Element, walk: Walk) -> list[list[Part]]:
    return [walk.anchor(item) + flow(item, walk) for item in element.elements if item.tag == "li"]


def _definitions(element: Element, walk: Walk) -> list[Part]:
    return [{"k": "terms", "items": definitions(element, walk)}]


def _quote(element: Element, walk: Walk) -> list[Part]:
    return [{"k": "quote", "c": flow(element, walk)}]


def _listing(element: Element, walk: Walk) -> list[Part]:
    return [{"k": "listing", "text": breakable(element.text.strip("\n"), walk.longest)}]


def _across(element: Element, walk: Walk) -> list[Part]:
    return [{"k": "across"}]


def _figure(element: Element, walk: Walk) -> list[Part]:
    caption = element.first("figcaption")
    inside = Element("div", {}, [one for one in element.children if one is not caption])
    return [{"k": "figure", "c": flow(inside, walk), "caption": words_in(caption, walk)}]


def _picture(element: Element, walk: Walk) -> list[Part]:
    return [{"k": "picture", **picture_data(element, walk)}]


def _details(element: Element, walk: Walk) -> list[Part]:
    """What unfolds on a screen lies open on paper."""
    summary = element.first("summary")
    title: list[Part] = [{"k": "p", "role": "callout-title", "c": words_in(summary, walk)}] if summary else []
    inside = Element("div", {}, [one for one in element.children if one is not summary])
    return [{"k": "callout", "c": title + flow(inside, walk)}]


def _footnotes(element: Element, walk: Walk) -> list[Part]:
    """They stand at the foot of the page that refers to them; one that nothing refers to stays at the end."""
    left = [note for id, note in walk.notes.items() if id not in walk.noted]
    return [part for note in left for part in flow(note, walk)]


_OF_CLASS = {**PARTS, "footnote": _footnotes}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS: dict[str, Callable[[Element, Walk], list[Part]]] = {
    **dict.fromkeys(_HEADINGS, _heading),
    "p": _paragraph,
    "ul": _bullets,
    "menu": _bullets,
    "ol": _numbers,
    "dl": _definitions,
    "blockquote": _quote,
    "pre": _listing,
    "hr": _across,
    "figure": _figure,
    "table": printed_table,
    "details": _details,
}
KNOWN = frozenset((*_BLOCKS, *_PLAIN_BLOCKS, *_PIECES, *UNSEEN, *_INNER))
"""Every element that paper can show, or leaves out on purpose."""

"""The parts of our own pages in, known by their class; blocks for the template of the handbook PDF out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from schemebook.handbook.html_tree import Element, parse_html
from schemebook.handbook.printed_line import Part, Walk, drawing_data, hidden_words, words_in

_MOST_ON_A_SHEET = 16
"""Forms that a panel lists and still is kept on one sheet."""


def definitions(element: Element, walk: Walk) -> list[dict[str, Part | list[Part]]]:
    """Terms and their meanings; several terms of one meaning stand on lines of their own."""
    items: list[dict[str, Part | list[Part]]] = []
    for one in element.all():
        if one.tag == "dt":
            items.append({"term": walk.anchor(one) + words_in(one, walk), "c": []})
        elif one.tag == "dd" and items:
            items[-1]["c"] = [*items[-1]["c"], *walk.flow(one)]
    return items


def _questions(element: Element, walk: Walk) -> list[Part]:
    return [{"k": "columns", "c": [walk.flow(one) for one in element.elements]}]


def _ticks(element: Element, walk: Walk) -> list[Part]:
    """What holds, and what does not: the sign says so, and what is said to those who listen is its alternative."""
    items = [
        {"no": hidden_words(item) if "no" in item.classes else None, "c": words_in(item, walk)}
        for item in element.elements
    ]
    return [{"k": "ticks", "items": items}]


def _figures(element: Element, walk: Walk) -> list[Part]:
    return [{"k": "figures", "items": definitions(element, walk)}]


def _about(element: Element, walk: Walk) -> list[Part]:
    return [{"k": "about", "items": definitions(element, walk)}]


def _steps(element: Element, walk: Walk) -> list[Part]:
    return [{"k": "steps", "items": [{"c": words_in(item, walk)} for item in element.elements]}]


def _strip(element: Element, walk: Walk) -> list[Part]:
    kind = "path" if "tall" in element.classes else "strip"
    return [{"k": kind, "c": _stages(element, walk)}]


def _path(element: Element, walk: Walk) -> list[Part]:
    return [{"k": "path", "c": _stages(element, walk)}]


def _stages(element: Element, walk: Walk) -> list[list[Part]]:
    """Each stage stands on its own: its headings go as deep as those before the path allow."""
    found = []
    before = walk.level
    for item in element.elements:
        walk.level = before
        found.append(walk.flow(item))
    return found


def _rows(element: Element, walk: Walk) -> list[Part]:
    """Forms as a list. Their titles are no headings here: each form has one of its own on the page of forms."""
    before, walk.beside = walk.beside, True
    items = [_row(item, walk) for item in element.elements]
    walk.beside = before
    return [{"k": "rows", "items": items}]


def _row(item: Element, walk: Walk) -> dict[str, Any]:
    boxes = [one for one in item.all() if "sb-get" in one.classes]
    files = [one.attributes.get("href", "") for box in boxes for one in box.all() if one.tag == "a"]
    links = [walk.links.of(walk.page, file) for file in files]
    return {
        "title": words_in(item.first("h2", "h3", "h4"), walk),
        "about": words_in(item.first("p"), walk),
        "file": next((link for link in links if "file" in link), None),
    }


def _card(element: Element, walk: Walk) -> list[Part]:
    return [{"k": "card", "c": walk.flow(element)}]


def _callout(element: Element, walk: Walk) -> list[Part]:
    if element.tag == "p":
        return [{"k": "callout", "c": [{"k": "p", "role": "text", "c": words_in(element, walk)}]}]
    return [{"k": "callout", "c": walk.flow(element)}]


def _ruling(element: Element, walk: Walk) -> list[Part]:
    """Rules and notes are many and short: the contents name what they stand under."""
    before, walk.listed = walk.listed, False
    inside = walk.flow(element)
    walk.listed = before
    return [{"k": "ruling", "c": inside}]


def _panel(element: Element, walk: Walk) -> list[Part]:
    links = sum(one.tag == "a" for one in element.all())
    return [{"k": "panel", "short": links <= _MOST_ON_A_SHEET, "c": walk.flow_beside(element)}]


def _kept(element: Element, walk: Walk) -> list[Part]:
    return [{"k": "kept", "c": walk.flow(element)}]


def _guide(element: Element, walk: Walk) -> list[Part]:
    """Chapters side by side: the contents before have their pages."""
    return [{"k": "guide", "items": [words_in(item, walk) for item in element.elements]}]


def _process(element: Element, walk: Walk) -> list[Part]:
    """Drawn for paper; what it says to those who listen stands in the drawing itself."""
    drawing = parse_html(walk.process).first("svg") if walk.process else element.first("svg")
    return [{"k": "process", **drawing_data(drawing)}] if drawing else []


def _duties(element: Element, walk: Walk) -> list[Part]:
    items = [
        {"title": words_in(one.first("h3"), walk), "c": words_in(one.first("p"), walk)} for one in element.elements
    ]
    return [{"k": "duties", "items": items}]


def _glossary(element: Element, walk: Walk) -> list[Part]:
    """Words with their meanings: a list on paper, since a heading each would fill the bookmarks."""
    items = []
    for one in element.elements:
        term = one.first("h2")
        meaning = Element("div", {}, [child for child in one.children if child is not term])
        label = walk.anchor(term) if term else []
        items.append({"term": label + words_in(term, walk), "c": walk.flow(meaning)})
    return [{"k": "terms", "items": items}]


PARTS: dict[str, Callable[[Element, Walk], list[Part]]] = {
    "sb-questions": _questions,
    "sb-ticks": _ticks,
    "sb-facts": _figures,
    "sb-about": _about,
    "sb-next": _steps,
    "sb-strip": _strip,
    "sb-path": _path,
    "sb-forms": _rows,
    "sb-rule": _card,
    "sb-callout": _callout,
    "admonition": _callout,
    "sb-ruling": _ruling,
    "sb-due": _panel,
    "sb-duties": _duties,
    "sb-glossary": _glossary,
    "sb-form-full": _kept,
    "sb-guide": _guide,
    "sb-process": _process,
}

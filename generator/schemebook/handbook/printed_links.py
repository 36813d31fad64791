"""The pages of a handbook in, where their links lead on paper out: a place in the PDF, an address or a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from schemebook.handbook.html_tree import Element

_ADDRESSES = ("http", "https", "mailto", "tel")
_PAGE_ENDINGS = (".html", ".md")


@dataclass(frozen=True)
class Links:
    """What the links of one scheme's pages can lead to.

    places: label of every place that a link leads to and that is there. site: the address of the scheme's folder on the
    web, with a slash at its end, or empty where nobody has said it.
    """

    pages: frozenset[str]
    places: frozenset[str]
    site: str = ""

    def of(self, page: str, address: str) -> dict[str, Any]:
        """How a link on that page is printed: `to` a place in the PDF, `url`, and `file` where it names a file."""
        parts = urlsplit(address)
        if parts.scheme:
            return {"url": address} if parts.scheme in _ADDRESSES else {}
        target, place = _page_of(page, parts.path), unquote(parts.fragment)
        if target in self.pages:
            label = label_of(target, place)
            return {"to": label if label in self.places else label_of(target)}
        if not parts.path:
            return {}
        found = {} if _is_page(parts.path) else {"file": unquote(parts.path).rpartition("/")[2]}
        return found | ({"url": urljoin(self.site, address)} if self.site else {})


def label_of(page: str, place: str = "") -> str:
    """The name of a place in the PDF."""
    return f"{page}#{place}" if place else f"{page}#"


def links_of(pages: Mapping[str, Element], site: str = "") -> Links:
    """What the links of these pages can lead to. pages: the stem of a page's file -> its tree."""
    there = {label_of(stem, one.id) for stem, tree in pages.items() for one in tree.all() if one.id}
    wanted = {
        label_of(_page_of(stem, parts.path), unquote(parts.fragment))
        for stem, tree in pages.items()
        for one in tree.all()
        if one.tag == "a" and not (parts := urlsplit(one.attributes.get("href", ""))).scheme
    }
    return Links(frozenset(pages), frozenset(there & wanted), site)


def _is_page(path: str) -> bool:
    return path.endswith(_PAGE_ENDINGS)


def _page_of(page: str, path: str) -> str:
    """The stem of the page that a relative address names; all pages of a scheme stand in one folder."""
    path = unquote(path).removeprefix("./")
    if not path:
        return page
    return path.rpartition(".")[0] if _is_page(path) else path

"""Schemes in, the configuration of the generated site out: a mkdocs.yml that needs no plugin of ours.

What the frame of the pages says (theme/main.html and its partials) stands in it under `extra: schemebook:`.
"""

from __future__ import annotations

import datetime
import re
from ast import literal_eval
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import yaml
from markdown import Markdown

from schemebook.errors import SchemebookError
from schemebook.handbook.facts import book_address, help_page, page_titles
from schemebook.handbook.scheme_pages import TABS
from schemebook.scheme.colour import css_tokens, palette
from schemebook.scheme.days import long_day
from schemebook.scheme.model import Scheme
from schemebook.scheme.words import catalogue, say, what_and_to_do

MARK = "# Written by Schemebook from the project's own files. What is changed here is lost at the next build."
"""First line of the generated mkdocs.yml; a folder without it is not ours to clear."""
KEPT = ("site_name", "site_url", "site_description", "site_author")
"""What the project's own mkdocs.yml says and the generated one repeats."""
SITE_COLOUR = "#55606B"
"""The ground of pages that belong to no scheme, where there are several."""
_ALWAYS = ("toc", "tables", "fenced_code")
"""What MkDocs reads Markdown with, whatever else is asked for."""
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
STYLES = ("fonts", "ground", "frame", "pages", "print")
SHIM = "assets/vendor/iframe-worker/shim.js"
"""Search from a folder needs it. Material's offline plugin takes it from another host unless it is named here."""


def site_config(document: Mapping[str, str], schemes: list[Scheme], logos: dict[str, str], today: datetime.date) -> str:
    """The text of the generated mkdocs.yml.

    document: what the project's own mkdocs.yml says. logos: scheme id -> its logo's address, for those that have one.
    """
    name = document.get("site_name") or say("handbook.frame-handbook")
    config: dict[str, Any] = {key: document[key] for key in KEPT if document.get(key)}
    config |= {
        "site_name": name,
        "docs_dir": "docs",
        "site_dir": "site",
        "use_directory_urls": False,
        "theme": _theme(),
        "plugins": ["search", "offline"],
        "markdown_extensions": markdown_extensions(),
        "validation": {"anchors": "warn"},
        "nav": _nav(schemes),
        "extra_css": [f"assets/{style}.css" for style in STYLES],
        "extra_javascript": ["assets/handbook.js"],
        "extra": {
            "generator": False,
            "polyfills": [SHIM],
            "schemebook": {
                "words": frame_words(today),
                "site": _site_book(name, schemes),
                "schemes": {one.scheme: _book(one, schemes, logos.get(one.scheme)) for one in schemes},
            },
        },
    }
    return f"{MARK}\n{_written(repr(config))}"


@lru_cache(maxsize=4)
def _written(config: str) -> str:
    """Plain data, as Python writes it, as YAML: with hundreds of pages too slow for every edit under `serve`."""
    return yaml.safe_dump(literal_eval(config), allow_unicode=True, sort_keys=False, width=120)


def _theme() -> dict[str, Any]:
    def switch(scheme: str, key: str) -> dict[str, Any]:
        media = "light" if scheme == "default" else "dark"
        return {
            "media": f"(prefers-color-scheme: {media})",
            "scheme": scheme,
            "primary": "custom",
            "accent": "custom",
            "toggle": {"icon": "material/brightness-6", "name": say(f"handbook.frame-{key}")},
        }

    return {
        "name": "material",
        "custom_dir": "theme",
        "language": "en",
        "font": False,  # Material's own would come from Google
        "favicon": "assets/schemes/site.svg",
        "palette": [switch("default", "dark"), switch("slate", "light")],
    }


def page_html(text: str) -> str:
    """What MkDocs makes of a page's Markdown, without the frame around it."""
    return _reader().reset().convert(_FRONT_MATTER.sub("", text))


@cache
def _reader() -> Markdown:
    settings: dict[str, dict[str, Any]] = {name: {} for name in _ALWAYS}
    for one in markdown_extensions():
        settings |= one if isinstance(one, dict) else {one: {}}
    return Markdown(extensions=list(settings), extension_configs=settings)


def markdown_extensions() -> list[Any]:
    """How the pages' Markdown is read, beside the extensions that MkDocs always takes: name, or name and settings."""
    plain = ["abbr", "attr_list", "def_list", "footnotes", "md_in_html", "sane_lists", "tables"]
    return [*plain, {"toc": {"permalink": False}}, "pymdownx.magiclink"]


def frame_words(today: datetime.date) -> dict[str, str]:
    """Every word of the frame: `frame-close-search` is `words.close_search` there."""
    names = [key.removeprefix("frame-") for key in catalogue("handbook") if key.startswith("frame-")]
    return {name.replace("-", "_"): say(f"handbook.frame-{name}", day=long_day(today)) for name in names}


def _nav(schemes: list[Scheme]) -> list[dict[str, Any]]:
    nav: list[dict[str, Any]] = [{say("handbook.frame-all-schemes"): "index.md"}]
    for scheme in schemes:
        pages = [{title: f"{scheme.scheme}/{page}.md"} for page, title in page_titles(scheme).items()]
        nav.append({scheme.name: pages})
    return nav


def _book(scheme: Scheme, schemes: list[Scheme], logo: str | None) -> dict[str, Any]:
    titles = page_titles(scheme)
    help = help_page(scheme)
    pages = [{"title": title, "url": f"{scheme.scheme}/{page}.html"} for page, title in titles.items()]
    tabs = [{"id": page, "word": titles[page], "url": f"{scheme.scheme}/{page}.html"} for page in TABS]
    tabs.append({"id": "help", "word": say("handbook.tab-help"), "url": f"{scheme.scheme}/{help}.html"})
    foot = [{"title": titles["your-data"], "url": f"{scheme.scheme}/your-data.html"}]
    foot += [{"title": titles["glossary"], "url": f"{scheme.scheme}/glossary.html"}] if scheme.glossary else []
    foot.append({"title": say("handbook.frame-contact"), "url": f"{scheme.scheme}/{help}.html#contact"})
    foot += [{"title": say("handbook.frame-all-schemes"), "url": "index.html"}] if len(schemes) > 1 else []
    found = {
        "name": scheme.name,
        "home": f"{scheme.scheme}/index.html",
        "colours": f"assets/schemes/{scheme.scheme}.css",
        "icon": f"assets/schemes/{scheme.scheme}.svg",
        "tabs": tabs,
        "pages": pages,
        "foot": foot,
        "whole": book_address(scheme.scheme),
    }
    if logo:
        found |= {"logo": logo, "logo_alt": scheme.branding.logo_alt or ""}
    return found


def _site_book(name: str, schemes: list[Scheme]) -> dict[str, Any]:
    pages = [{"title": one.name, "url": f"{one.scheme}/index.html"} for one in schemes]
    return {
        "name": name,
        "home": "index.html",
        "colours": "assets/schemes/site.css",
        "icon": "assets/schemes/site.svg",
        "tabs": [],
        "pages": pages,
        "foot": [],
    }


def colour_files(schemes: list[Scheme]) -> dict[str, bytes]:
    """Style sheet and icon of each scheme, and of the pages that belong to none."""
    brands = {one.scheme: (one.branding.colour, one.branding.accent) for one in schemes}
    brands["site"] = brands[schemes[0].scheme] if len(schemes) == 1 else (SITE_COLOUR, None)
    found = {}
    for id, (colour, accent) in brands.items():
        tokens = palette(colour, accent)
        found[f"assets/schemes/{id}.css"] = css_tokens(tokens).encode()
        found[f"assets/schemes/{id}.svg"] = _icon(tokens.light["brand"], tokens.light["on-brand"])
    return found


def _icon(ground: str, line: str) -> bytes:
    """The sign in a tile, for the browser's tab; there no style sheet reaches it."""
    tile = Path(__file__).with_name("theme").joinpath("partials", "tile.html").read_text("utf-8")
    drawn = tile.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ')
    drawn = drawn.replace('class="ground"', f'fill="{ground}"')
    stroke = f'stroke="{line}" stroke-width="2.6" stroke-linecap="round"'
    drawn = drawn.replace('class="line"', f'fill="none" {stroke}')
    return drawn.replace('class="station"', f'fill="{ground}" {stroke}').encode()


class _Tolerant(yaml.SafeLoader):
    """Reads a mkdocs.yml whose tags mean something to MkDocs only: their values come back as None."""


_Tolerant.add_multi_constructor("", lambda loader, suffix, node: None)


def read_document(root: Path) -> dict[str, str]:
    """What the project's own mkdocs.yml says of what is kept of it. Raises SchemebookError where it cannot be read."""
    try:
        found = yaml.load(root.joinpath("mkdocs.yml").read_text("utf-8-sig"), Loader=_Tolerant)
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:  # ValueError: a day or a number that is none
        raise SchemebookError(*what_and_to_do("handbook.no-document", reason=_reason(error))) from None
    said = found if isinstance(found, dict) else {}
    for key in KEPT:
        if isinstance(said.get(key), list | dict | set | bytes):
            raise SchemebookError(*what_and_to_do("handbook.document-no-text", key=key))
    return {key: str(said[key]) for key in KEPT if said.get(key) is not None}


def _reason(error: Exception) -> str:
    """Why a YAML file cannot be read, in one line that shows nothing of it but what is wrong."""
    text = str(error)
    if isinstance(error, yaml.MarkedYAMLError) and (mark := error.problem_mark or error.context_mark):
        text = f"line {mark.line + 1}, column {mark.column + 1}: {error.problem or error.context}"
    return "".join(letter if letter.isprintable() else " " for letter in " ".join(text.split()))


def logo_address(scheme: Scheme) -> str | None:
    """Where the scheme's logo stands on the site."""
    logo = scheme.branding.logo
    return f"assets/schemes/{scheme.scheme}-logo{PurePosixPath(logo).suffix.lower()}" if logo else None

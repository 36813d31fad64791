"""A template of the desk and what it shows in; an HTML page in one file out, its colours and faces inside."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from schemebook.scheme.colour import READABLE, WHITE, contrast, css_tokens, palette
from schemebook.scheme.days import long_day
from schemebook.scheme.model import Branding
from schemebook.scheme.words import say

_FACE = re.compile(r"@font-face \{.*?\n\}", re.DOTALL)
_RANGE = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?")


@cache
def _environment() -> Environment:
    """The templates of this stage; whatever is put into them is escaped."""
    made = Environment(
        loader=PackageLoader("schemebook.desk", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["say"] = lambda key, **values: say(f"desk.{key}", **values)
    made.filters["long_day"] = long_day
    return made


def whole_page(template: str, language: str, title: str, branding: Branding, shown: Mapping[str, Any]) -> bytes:
    """A page as one file. shown: what its template says; each letter of it decides which faces go in."""
    said = {**shown, "language": language, "title": title, "colours": Markup(_colours(branding))}
    made = _environment().get_template(template)
    letters = frozenset(made.render(said, fonts=Markup()))
    return made.render(said, fonts=Markup(_fonts(letters))).encode()


def _colours(branding: Branding) -> str:
    """A scheme's colours as CSS, light and dark."""
    found = palette(branding.colour, branding.accent)
    mark = found.light["mark"]
    on_mark = WHITE if contrast(WHITE, mark) >= READABLE else found.light["ink"]
    dark = "screen and (prefers-color-scheme: dark)"
    return (
        css_tokens(found, dark=":root", media=dark)
        + f":root {{ --on-mark: {on_mark}; }}\n"
        + f"@media {dark} {{ :root {{ --on-mark: {found.dark['page']}; }} }}\n"
    )


def _fonts(letters: frozenset[str]) -> str:
    """The faces that the letters of a page need, with their files inside."""
    folder = files("schemebook").joinpath("handbook", "assets")
    codes = {ord(letter) for letter in letters}
    found = []
    for face in _FACE.findall(folder.joinpath("fonts.css").read_text("utf-8")):
        ranges = [(int(low, 16), int(high or low, 16)) for low, high in _RANGE.findall(face)]
        if "font-style: normal" not in face or not any(low <= code <= high for low, high in ranges for code in codes):
            continue
        name = face.partition('url("')[2].partition('"')[0]
        data = base64.b64encode(folder.joinpath(*name.split("/")).read_bytes()).decode()
        found.append(face.replace(f'url("{name}")', f'url("data:font/woff2;base64,{data}")'))
    return "\n".join(found)

"""A scheme's branding and the letters of a page in; what an HTML page needs to be one file out: colours and faces."""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from schemebook.scheme.answers import long_day
from schemebook.scheme.colour import READABLE, WHITE, contrast, css_tokens, palette
from schemebook.scheme.model import Branding
from schemebook.scheme.words import say

_FACE = re.compile(r"@font-face \{.*?\n\}", re.DOTALL)
_RANGE = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?")


@cache
def environment() -> Environment:
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


def colours(branding: Branding) -> str:
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


def fonts(letters: frozenset[str]) -> str:
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

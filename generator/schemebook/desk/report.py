"""A project and its store in, a scheme's report out: one HTML page that needs no other file, and CSVs beside it."""

from __future__ import annotations

import base64
import datetime
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from schemebook.desk import findings
from schemebook.desk.cpd_findings import credits_of
from schemebook.desk.export import csv_files
from schemebook.desk.findings import SERIES, Looked, Words
from schemebook.desk.ledger import draw_up
from schemebook.records.issued import issued_copies
from schemebook.records.near_matches import near_matches
from schemebook.records.people import known_people
from schemebook.records.store import Store
from schemebook.scheme.answers import long_day
from schemebook.scheme.colour import READABLE, WHITE, contrast, css_tokens, palette
from schemebook.scheme.files import write_file
from schemebook.scheme.model import Branding
from schemebook.scheme.project import Project
from schemebook.scheme.words import say

PAGE = "index.html"
_FACE = re.compile(r"@font-face \{.*?\n\}", re.DOTALL)
_RANGE = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?")


def write_report(project: Project, scheme_id: str, store: Store, output: Path, as_of: datetime.date) -> list[Path]:
    """Write a scheme's report into a folder, and give the files: the page first.

    as_of: what had come in by the end of that day, in the scheme's time zone, is reported. Raises UsageError for a
    scheme that is not there, SchemebookError where the store or the folder is at fault.
    """
    scheme = project.scheme(scheme_id)
    words = Words(scheme, project.forms.get(scheme_id, {}), project.names(scheme_id))
    found = store.records(schemes=(scheme_id,))
    people = known_people(project, scheme, found, as_of, issued_copies(store, scheme_id))
    ledger = draw_up(project, scheme, people, as_of)
    looked = Looked(as_of, people, ledger, near_matches(people.people))
    contents = {PAGE: report_page(looked, words).encode(), **csv_files(looked, words)}
    for name, content in contents.items():
        write_file(output / name, content)
    return [output / name for name in contents]


def report_page(looked: Looked, words: Words) -> str:
    """The page of a report."""
    shown: dict[str, Any] = {
        "scheme": words.scheme,
        "day": long_day(looked.as_of),
        "heading": findings.heading(looked),
        "lede": findings.lede(looked),
        "bars": findings.bars(looked, words),
        "series": SERIES,
        "missing": findings.missing(looked, words),
        "people": findings.everybody(looked, words),
        "incomplete": findings.incomplete(looked, words),
        "review": findings.for_review(looked, words),
        "near": findings.near(looked.near),
        "nameless": findings.nameless(looked, words),
        "credits": credits_of(looked, words),
        "nobodys": findings.nobodys(looked, words),
        "obligations": len(looked.owed),
        "records": looked.count,
        "superseded": len(looked.people.returns) - len(looked.standing),
        "colours": Markup(_colours(words.scheme.branding)),
        "fonts": Markup(),
    }
    template = _environment().get_template("report.html")
    letters = set(template.render(shown))
    return template.render(shown | {"fonts": Markup(_fonts(frozenset(letters)))})


@cache
def _environment() -> Environment:
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


def _colours(branding: Branding) -> str:
    colours = palette(branding.colour, branding.accent)
    mark = colours.light["mark"]
    on_mark = WHITE if contrast(WHITE, mark) >= READABLE else colours.light["ink"]
    dark = "screen and (prefers-color-scheme: dark)"
    return (
        css_tokens(colours, dark=":root", media=dark)
        + f":root {{ --on-mark: {on_mark}; }}\n"
        + f"@media {dark} {{ :root {{ --on-mark: {colours.dark['page']}; }} }}\n"
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

"""A project in; chapters and sentences whose facts cannot be put in out, as problems with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from schemebook.check.project_files import schemes_of
from schemebook.check.ways import words_at
from schemebook.errors import Place, Problem
from schemebook.handbook.facts import PAGES, facts
from schemebook.scheme.form import Form
from schemebook.scheme.project import DOCS, Project
from schemebook.scheme.templating import TemplateError, render_text
from schemebook.scheme.words import problem
from schemebook.scheme.yaml_source import LONGEST_FILE, Steps

MOST_A_TEXT = 20
"""So many problems of one text are looked for, in so many values of a line."""
FRONT = f"{DOCS}/index.md"
"""The front page of the whole site."""
WITHOUT_FACTS = ("syntax", "not-taken", "no-filter", "too-long")
"""What can be said of a text while the facts cannot be had, because the scheme's own file is broken."""

_BRACES = re.compile(r"\{[{%#]")
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_VALUE = re.compile(r"\{\{[^{}\n]{0,200}\}\}")


def problems_in_texts(project: Project) -> Iterator[Problem]:
    """What is wrong with the texts of every scheme, and of the site's front page."""
    for id, source in schemes_of(project).items():
        context = _facts(project, id)
        for steps, name in words_at(source.data, "chapters.*.file"):
            if PurePosixPath(name).stem in PAGES:
                yield problem(source.place(steps), "check.chapter-takes-our-name", name=PurePosixPath(name).stem)
        for file in chapter_files(project, id):
            yield from _problems_in_file(project, file, context)
        for steps, text in strings(source.data):
            if _BRACES.search(text):
                for found in _problems_of(text, context, source.place(steps)):
                    yield replace(found, place=source.place(steps))
    if project.root.joinpath(FRONT).is_file():
        yield from _problems_in_file(project, FRONT, {"schemes": [one.name for one in project.schemes.values()]})


def strings(data: Any, steps: Steps = ()) -> Iterator[tuple[Steps, str]]:
    """Every text in the data of a YAML file, with the way to it."""
    if isinstance(data, str):
        yield steps, data
    elif isinstance(data, dict | list):
        for step, inner in data.items() if isinstance(data, dict) else enumerate(data):
            yield from strings(inner, (*steps, step))


def chapter_files(project: Project, scheme: str) -> list[str]:
    """The files of a scheme's chapters, of those that are there, relative to the project."""
    names = dict.fromkeys(name for _, name in words_at(schemes_of(project)[scheme].data, "chapters.*.file"))
    there = {path.name for path in (project.root / DOCS / scheme).glob("*") if path.is_file()}
    return [f"{DOCS}/{scheme}/{name}" for name in names if name in there]


def with_stand_ins(project: Project, id: str) -> Project | None:
    """The project with a blank form for every one of a scheme's that is broken itself: texts may call it all the same.

    None while the scheme's own file is broken.
    """
    scheme = project.schemes.get(id)
    if scheme is None:
        return None
    forms = dict(project.forms.get(id, {}))
    for form in scheme.forms:
        forms.setdefault(form, _stand_in(form, scheme.roles))
    named = scheme.model_copy(update={"scheme": id})
    return replace(project, forms={**project.forms, id: forms}, schemes={**project.schemes, id: named})


def _facts(project: Project, id: str) -> Mapping[str, Any] | None:
    """What the texts of a scheme may name; None while its own file is broken."""
    whole = with_stand_ins(project, id)
    return facts(whole, whole.schemes[id]) if whole else None


def _stand_in(form: str, roles: Mapping[str, Any]) -> Form:
    return Form.model_construct(
        form=form, title=form, version=1, about=form, completed_by=tuple(roles), sections=(), source=None
    )


def _problems_in_file(project: Project, file: str, context: Mapping[str, Any] | None) -> Iterator[Problem]:
    text = read_text(project.root, file)
    if isinstance(text, Problem):
        yield text
    else:
        yield from _problems_of(text, context, Place(file))


def read_text(root: Path, file: str) -> str | Problem:
    """A Markdown file, or why it cannot be read."""
    path = root / file
    try:
        if path.stat().st_size > LONGEST_FILE:
            return problem(Place(file), "scheme.file-too-long", most=LONGEST_FILE)
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return problem(Place(file, line), "scheme.not-utf-8")
    except OSError as error:
        return problem(Place(file), "scheme.file-not-read", reason=error.strerror)
    if "\0" in text:
        return problem(Place(file, text.count("\n", 0, text.index("\0")) + 1), "scheme.bad-character")
    return text


def _problems_of(text: str, context: Mapping[str, Any] | None, start: Place) -> Iterator[Problem]:
    """The problems of one text: a template stops at its first, so what it stopped at is blanked and the rest tried."""
    lines = text.splitlines(keepends=True)
    for _ in range(MOST_A_TEXT):
        try:
            render_text("".join(lines), context or {}, start)
            return
        except TemplateError as error:
            found = error.found
        number = found.place.line - start.line
        line = lines[number] if 0 <= number < len(lines) else ""
        blamed = _blamed(line, found, context)
        if context is not None or found.kind in WITHOUT_FACTS:
            yield _at_its_value(found, blamed, context) if blamed else found
        if blamed:
            lines[number] = line[: blamed.start()] + " " * len(blamed[0]) + line[blamed.end() :]
        elif "{{" in line and "{%" not in line:
            lines[number] = "\n" if line.endswith("\n") else ""
        else:
            return


def _at_its_value(found: Problem, value: re.Match[str], context: Mapping[str, Any] | None) -> Problem:
    """A problem where its value stands. A hyphen, which the YAML's keys have, is a minus here: told as what it is."""
    place = replace(found.place, column=value.start() + 1)
    best = _HYPHEN.sub("_", value[0])
    try:
        if best != value[0] and render_text(best, context or {}, place):
            return problem(place, "template.hyphen", found=value[0], best=best)
    except TemplateError:
        pass
    return replace(found, place=place)


def _blamed(line: str, found: Problem, context: Mapping[str, Any] | None) -> re.Match[str] | None:
    """The first value of a line that alone is wrong in the same way; None where only its surroundings make it so."""
    for value in islice(_VALUE.finditer(line), MOST_A_TEXT):
        try:
            render_text(value[0], context or {}, found.place)
        except TemplateError as error:
            if (error.found.what, error.found.to_do) == (found.what, found.to_do):
                return value
    return None

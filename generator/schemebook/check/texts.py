"""A project in; chapters and sentences whose facts cannot be put in out, as problems with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from schemebook.check.project_files import schemes_of
from schemebook.check.ways import words_at
from schemebook.errors import Place, Problem
from schemebook.handbook.facts import PAGES, facts
from schemebook.scheme.form import Form
from schemebook.scheme.project import DOCS, Project
from schemebook.scheme.templating import TemplateError, render_text
from schemebook.scheme.words import problem
from schemebook.scheme.yaml_source import LONGEST_FILE, Steps, YamlSource

MOST_A_TEXT = 20
"""So many problems of one text are looked for."""
WITHOUT_FACTS = ("syntax", "not-taken", "no-filter", "too-long")
"""What can be said of a text while the facts cannot be had, because the scheme's own file is broken."""

_BRACES = re.compile(r"\{[{%#]")


def problems_in_texts(project: Project) -> Iterator[Problem]:
    """What is wrong with the texts of every scheme."""
    for id, source in schemes_of(project).items():
        context = _facts(project, id, source)
        yield from _chapters(project, id, source, context)
        for steps, text in _strings(source.data, ()):
            if _BRACES.search(text):
                for found in _problems_of(text, context, source.place(steps)):
                    yield replace(found, place=source.place(steps))


def _strings(data: Any, steps: Steps) -> Iterator[tuple[Steps, str]]:
    if isinstance(data, str):
        yield steps, data
    elif isinstance(data, dict | list):
        for step, inner in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _strings(inner, (*steps, step))


def _facts(project: Project, id: str, source: YamlSource) -> Mapping[str, Any] | None:
    """What the texts of a scheme may name; None while its own file is broken.

    A form that is broken itself still has a name that texts may call: a blank one stands in for it.
    """
    scheme = project.schemes.get(id)
    if scheme is None:
        return None
    forms = dict(project.forms.get(id, {}))
    for _, form in words_at(source.data, "forms.*"):
        forms.setdefault(form, _stand_in(form, scheme.roles))
    named = scheme.model_copy(update={"scheme": id})
    return facts(replace(project, forms={**project.forms, id: forms}, schemes={**project.schemes, id: named}), named)


def _stand_in(form: str, roles: Mapping[str, Any]) -> Form:
    return Form.model_construct(
        form=form, title=form, version=1, about=form, completed_by=tuple(roles), sections=(), source=None
    )


def _chapters(project: Project, id: str, source: YamlSource, context: Mapping[str, Any] | None) -> Iterator[Problem]:
    for steps, name in words_at(source.data, "chapters.*.file"):
        file = f"{DOCS}/{id}/{name}"
        path = project.root / file
        if PurePosixPath(name).stem in PAGES:
            yield problem(source.place(steps), "check.chapter-takes-our-name", name=PurePosixPath(name).stem)
        if "/" in name or "\\" in name or not path.is_file():
            continue
        try:
            if path.stat().st_size > LONGEST_FILE:
                yield problem(Place(file), "scheme.file-too-long", most=LONGEST_FILE)
                continue
            text = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            yield problem(Place(file, line), "scheme.not-utf-8")
            continue
        except OSError as error:
            yield problem(Place(file), "scheme.file-not-read", reason=error.strerror)
            continue
        if "\0" in text:
            yield problem(Place(file, text.count("\n", 0, text.index("\0")) + 1), "scheme.bad-character")
        else:
            yield from _problems_of(text, context, Place(file))


def _problems_of(text: str, context: Mapping[str, Any] | None, start: Place) -> Iterator[Problem]:
    """The problems of one text: a template stops at its first, so that line is emptied and the rest tried again."""
    lines = text.splitlines(keepends=True)
    for _ in range(MOST_A_TEXT):
        try:
            render_text("".join(lines), context or {}, start)
            return
        except TemplateError as error:
            found = error.found
        if context is not None or found.kind in WITHOUT_FACTS:
            yield found
        number = found.place.line - start.line
        if not 0 <= number < len(lines) or "{%" in lines[number] or "{{" not in lines[number]:
            return
        lines[number] = "\n" if lines[number].endswith("\n") else ""

"""A project and a scheme in, the facts that the scheme's chapters and sentences can put in by {{ }} out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Generic, TypeVar

from schemebook.scheme.model import Chapter, Scheme
from schemebook.scheme.project import Project
from schemebook.scheme.rules import Rule
from schemebook.scheme.templating import NotThereError
from schemebook.scheme.words import say

T = TypeVar("T")

PAGES = ("index", "path", "forms", "rules", "roles", "glossary", "your-data", "editors-notes")
"""The pages that every scheme has, by the stem of their file. A chapter cannot take one of these names."""


class Listed(tuple[T, ...], Generic[T]):
    """Things in order that a template can also call by their id: `for stage in stages`, `stages.apply`."""

    by_id: dict[str, T]

    def __new__(cls, things: Mapping[str, T]) -> Listed[T]:
        made = super().__new__(cls, things.values())
        made.by_id = dict(things)
        return made

    def __getitem__(self, key: Any) -> Any:
        return self.by_id[key] if isinstance(key, str) else super().__getitem__(key)


def facts(project: Project, scheme: Scheme) -> dict[str, Any]:
    """What a text of this scheme may name between braces.

    scheme, contact, returns, rules and facts are the scheme's own; roles, stages and forms can be looped over and
    called by id. form_link(id) and page_link(name) write a link, rule_words(id) a rule as a sentence: by its id, or by
    its kind where a scheme has only one of it (duration, meetings, matching).
    """
    forms = {id: project.forms[scheme.scheme][id] for id in project.form_ids(scheme.scheme)}
    titles = page_titles(scheme)
    sentences = rule_sentences(project, scheme)
    return {
        "scheme": scheme,
        "contact": scheme.contact,
        "returns": scheme.returns,
        "rules": scheme.rules,
        "facts": scheme.facts,
        "roles": Listed(scheme.roles),
        "stages": Listed({stage.id: stage for stage in scheme.stages}),
        "forms": Listed(forms),
        "form_link": lambda id: _link(_found(forms, id, "no-form").title, f"forms.md#{id}"),
        "page_link": lambda page: _link(_found(titles, page, "no-page"), f"{page}.md"),
        "rule_words": lambda id: _found(sentences, id, "no-rule"),
    }


def page_titles(scheme: Scheme) -> dict[str, str]:
    """Every page of a scheme's handbook in reading order: the stem of its file -> its title."""
    titles = {page: _own_title(scheme, page) for page in PAGES[:2]}
    titles |= {stem(chapter): chapter.title for chapter in scheme.chapters}
    titles |= {page: _own_title(scheme, page) for page in PAGES[2:]}
    if help_page(scheme) == "help":
        titles.setdefault("help", say("handbook.page-help"))
    for page, kept in (("glossary", scheme.glossary), ("editors-notes", scheme.editor_notes)):
        if not kept:
            del titles[page]
    return titles


def _own_title(scheme: Scheme, page: str) -> str:
    return say(f"handbook.page-{page}", formal=scheme.branding.tone == "formal")


SHEETS = ("a4", "letter")
"""The sizes of paper that a handbook as one PDF can have: the names of the editions of forms that mean them."""


def book_sheets(scheme: Scheme) -> tuple[str, ...]:
    """The sizes of paper that a scheme's handbook comes in, the usual one first: those of its forms."""
    return tuple(edition for edition in scheme.editions if edition in SHEETS) or SHEETS[:1]


def book_address(scheme: str, sheet: str = "") -> str:
    """Where a scheme's handbook stands on the site as one PDF. sheet: the size of paper, empty for the usual one."""
    return f"{scheme}/{scheme}-handbook{f'.{sheet}' if sheet else ''}.pdf"


def book_addresses(scheme: Scheme) -> dict[str, str]:
    """Size of paper -> where the handbook of that size stands, the usual one first."""
    usual, *others = book_sheets(scheme)
    return {usual: book_address(scheme.scheme)} | {other: book_address(scheme.scheme, other) for other in others}


def help_page(scheme: Scheme) -> str:
    """The stem of the page for when something goes wrong: the chapter that says so of itself, else our own `help`."""
    return next((stem(chapter) for chapter in scheme.chapters if chapter.help), "help")


def stem(chapter: Chapter) -> str:
    """The name of a chapter's page, without its ending."""
    return PurePosixPath(chapter.file).stem


def slug(words: str) -> str:
    """A name for a place on a page: lower-case letters, digits and hyphens, in any script."""
    return re.sub(r"[^\w]+", "-", words.casefold()).strip("-") or "entry"


def names_for_rules(project: Project, scheme: Scheme) -> dict[str, str]:
    """Id -> title of stages, roles and forms, as rules name them."""
    forms = {id: project.forms[scheme.scheme][id].title for id in project.form_ids(scheme.scheme)}
    return scheme.names() | forms


def rule_sentences(project: Project, scheme: Scheme) -> dict[str, str]:
    """Every rule that can be named, in words: by its id, or by its kind where it has none and stands alone."""
    names = names_for_rules(project, scheme)
    return {rule_name(kind, rule): rule.in_words(names) for kind, rule in scheme.rules.all()}


def rule_name(kind: str, rule: Rule) -> str:
    """What a text calls a rule by."""
    return getattr(rule, "id", kind)


def _link(title: str, target: str) -> str:
    return f"[{title}]({target})"


def _found(things: Mapping[str, T], id: str, kind: str) -> T:
    if id not in things:
        raise NotThereError(str(id), things, kind)
    return things[id]

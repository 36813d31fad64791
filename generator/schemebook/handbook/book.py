"""A scheme in, everything that the templates of its pages ask for out: rows of forms, what is due, rules in words.

A template never works anything out; what it shows stands here, in the scheme's tone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from markupsafe import Markup

from schemebook.errors import Place
from schemebook.handbook import path_sign
from schemebook.handbook.diagram import PAPER_WIDTH, process_svg, width_of
from schemebook.handbook.dues import Dues
from schemebook.handbook.facts import book_addresses, facts, help_page, names_for_rules, page_titles, rule_name, stem
from schemebook.scheme.form import Form
from schemebook.scheme.model import Chapter, Scheme, Stage, leading_roles
from schemebook.scheme.project import Project, scheme_file
from schemebook.scheme.rules import Rule, joined
from schemebook.scheme.templating import render_text
from schemebook.scheme.words import say


@dataclass(frozen=True)
class FormFile:
    """One edition of a form, a PDF, as its page tells of it."""

    edition: str
    address: str
    """From the page of forms."""
    pages: int
    bytes: int
    draft: bool = False


@dataclass(frozen=True)
class FormRow:
    """One form as lists of forms show it."""

    id: str
    title: str
    who: str
    when: str
    extent: str
    ours: bool
    files: tuple[FormFile, ...]
    """One an edition, the usual one first; none where no form is made."""
    form: Form

    @property
    def draft(self) -> bool:
        """Whether any of its editions is a draft."""
        return any(file.draft for file in self.files)


@dataclass(frozen=True)
class Ruling:
    """One rule as the page of rules shows it."""

    name: str
    title: str | None
    words: str
    source: str


@dataclass
class Book:
    """One scheme with everything that its templates ask for."""

    project: Project
    scheme: Scheme
    files: Mapping[str, tuple[FormFile, ...]] = field(default_factory=dict)

    @property
    def formal(self) -> bool:
        return self.scheme.branding.tone == "formal"

    def say(self, key: str, formal: bool | None = None, **values: object) -> str:
        """Our words, in the scheme's tone. formal: another tone, for what is not said to those who take part."""
        return say(f"handbook.{key}", formal=self.formal if formal is None else formal, **values)

    @cached_property
    def context(self) -> dict[str, Any]:
        """The facts that its texts may put in."""
        return facts(self.project, self.scheme)

    def put_in(self, text: str) -> str:
        """A sentence of the scheme's file with its facts put in."""
        return render_text(text, self.context, self._places.get(text, Place(scheme_file(self.scheme.scheme))))

    @cached_property
    def _places(self) -> dict[str, Place]:
        """Text of the scheme's file -> where it stands, the first place of it."""
        source = self.project.sources.get(scheme_file(self.scheme.scheme))
        found: dict[str, Place] = {}
        for steps, place in (source.values if source else {}).items():
            at: Any = source.data if source else None
            for step in steps:
                at = at[step]
            if isinstance(at, str):
                found.setdefault(at.strip(), place)
        return found

    def source_words(self, source: str | None) -> str:
        """Where something comes from, for a reader; nothing where all of the scheme is its owner's own."""
        if source == "ours":
            return self.say("source-ours") if self.follows_others else ""
        return source or ""

    @cached_property
    def follows_others(self) -> bool:
        """Whether a part of it has a source that is not the owner's own: only beside such does *ours* tell anything."""
        forms = self.project.forms.get(self.scheme.scheme, {}).values()
        said = (*_sources(self.scheme.model_dump()), *(one.source for one in forms))
        return any(source not in (None, "ours") for source in said)

    def who_words(self, who: str) -> str:
        """What one who acts is called."""
        return self.say("both") if who == "both" else self.scheme.roles[who].title

    def who_of(self, roles: Sequence[str]) -> str:
        """Several who act, as a line begins: Mentee and mentor."""
        found = [self.scheme.roles[role] for role in roles if role in self.scheme.roles]
        return joined([role.inside if at else role.title for at, role in enumerate(found)])

    @cached_property
    def dues(self) -> Dues:
        """What is due, and when."""
        forms = self.project.forms.get(self.scheme.scheme, {})
        return Dues(
            self.scheme, {id: form.title for id, form in forms.items()}, names_for_rules(self.project, self.scheme)
        )

    @cached_property
    def titles(self) -> dict[str, str]:
        """Every page: the stem of its file -> its title."""
        return page_titles(self.scheme)

    @cached_property
    def chapters(self) -> dict[str, Chapter]:
        """The pages that its owner writes: the stem of its file -> the chapter."""
        return {stem(chapter): chapter for chapter in self.scheme.chapters}

    @cached_property
    def stations(self) -> tuple[path_sign.Station, ...]:
        return path_sign.stations(self.scheme)

    @property
    def joins_words(self) -> str:
        return self.say("joins", role=self.scheme.roles[self.scheme.pair[1]].inside) if self.scheme.pair else ""

    @cached_property
    def rows(self) -> dict[str, FormRow]:
        """Form id -> its row, in the scheme's order."""
        found = self.project.forms.get(self.scheme.scheme, {})
        return {id: self._row(id, found[id]) for id in self.project.form_ids(self.scheme.scheme)}

    def _row(self, id: str, form: Form) -> FormRow:
        number = self.scheme.stage_of(id)
        when = self.dues.again(id) or (self.scheme.stages[number].when if number is not None else "")
        ours = form.source == "ours" and self.follows_others
        who = self.who_of(form.completed_by)
        return FormRow(id, form.title, who, when, self._extent(form), ours, self.files.get(id, ()), form)

    def row_words(self, id: str, stage: Stage | None = None) -> str:
        """What a list of forms says of one; under a stage, not what the stage has said already."""
        row = self.rows[id]
        acting = set(self.scheme.pair or ()) if stage and stage.who == "both" else {stage.who} if stage else set()
        who = "" if acting == set(row.form.completed_by) else row.who
        when = (self.dues.again(id, stage.id) or row.when) if stage else row.when
        when = "" if stage and when == stage.when else when
        said = [who, when, row.extent, self.say("form-ours") if row.ours else ""]
        return begun("\u00a0· ".join(filter(None, said)))

    def _extent(self, form: Form) -> str:
        """How much there is to fill in."""
        kinds = [one.meaning() for one in form.fields]
        apart = {"table": "rows", "declaration": "declarations", "signature": "signatures"}
        questions = sum(one.type not in apart for one in kinds)
        said = [self.say("form-questions", count=questions)] if questions else []
        said += [self.say("form-rows", count=len(one.rows)) for one in kinds if one.type == "table"]
        for type in ("declaration", "signature"):
            if count := sum(one.type == type for one in kinds):
                said.append(self.say(f"form-{apart[type]}", count=count))
        return joined(said)

    @property
    def rulings(self) -> dict[str, list[Ruling]]:
        """Kind of rule -> the rules of that kind, in words."""
        names = names_for_rules(self.project, self.scheme)
        found: dict[str, list[Ruling]] = {}
        for kind, rule in self.scheme.rules.all():
            found.setdefault(kind, []).append(self._ruling(kind, rule, names))
        return found

    def _ruling(self, kind: str, rule: Rule, names: Mapping[str, str]) -> Ruling:
        words = rule.in_words(names)
        return Ruling(rule_name(kind, rule), getattr(rule, "title", None), words, self.source_words(rule.source))

    @property
    def asked_rule(self) -> Ruling | None:
        """The rule that people ask about most."""
        named = (one for one in self.rulings.get("other", []) if one.name == self.scheme.front.rule)
        return next(named, None)

    @property
    def drawing(self) -> Markup:
        """The process, drawn; empty where the scheme has none."""
        if not self.scheme.process:
            return Markup()
        return Markup(process_svg(self.scheme.process, self._drawing_title, "process"))

    @property
    def drawing_on_paper(self) -> str:
        """The same, running down a sheet where it would be too small across; empty where the scheme has none."""
        if not self.scheme.process or width_of(self.drawing) <= PAPER_WIDTH:
            return str(self.drawing)
        return process_svg(self.scheme.process, self._drawing_title, "process", down=True)

    @property
    def _drawing_title(self) -> str:
        return self.say("process-drawing", scheme=self.scheme.name)

    @property
    def return_words(self) -> str:
        """How forms come back, in a sentence."""
        returns = self.scheme.returns
        if returns.how:
            return self.put_in(returns.how)
        post = ", ".join((returns.post or "").splitlines())
        if returns.email and post:
            return self.say("return-either", email=returns.email, post=post)
        if returns.email:
            return self.say("return-email", email=returns.email)
        return self.say("return-post", post=post) if post else self.say("return-contact", name=self.scheme.contact.name)

    @property
    def taking_part(self) -> str:
        """Those who take part, in the plural: mentees and mentors."""
        return joined([role.plural for role in self.scheme.roles.values() if not role.office])

    @property
    def path_heading(self) -> str:
        """The heading over the strip."""
        return self.say("front-path", count=len(self.scheme.stages))

    @property
    def path_lede(self) -> str:
        """What the lines of the path mean in this scheme."""
        if any(one.joins for one in self.stations):
            return self.say("path-lede", first=self.scheme.roles[leading_roles(self.scheme)[0]].inside)
        return self.say("path-lede-together" if self.scheme.pair else "path-lede-alone")

    @property
    def key(self) -> list[tuple[str, str]]:
        """The signs that occur on the path, each with its word."""
        acting = {stage.who for stage in self.scheme.stages}
        met = acting | set(self.scheme.pair or ())
        found = [(id, role.title) for id, role in self.scheme.roles.items() if id in met]
        both = [("both", self.say("both-together"))] if "both" in acting else []
        taking_part = [one for one in found if not self.scheme.roles[one[0]].office]
        return taking_part + both + [one for one in found if one not in taking_part]

    @property
    def when_wrong(self) -> tuple[str, str]:
        """The page for when something goes wrong: title, address."""
        page = help_page(self.scheme)
        return self.titles[page], f"{page}.html"

    @property
    def guide(self) -> list[tuple[str, str]]:
        """The chapters: title, address."""
        return [(chapter.title, f"{stem(chapter)}.html") for chapter in self.scheme.chapters]

    @property
    def roles_lede(self) -> str:
        return self.say("roles-lede", roles=self.who_of(list(self.scheme.roles)))

    @property
    def whole(self) -> list[tuple[str, str]]:
        """The handbook as one PDF: what each size of paper is called, and its address from the scheme's folder."""
        found = book_addresses(self.scheme).items()
        return [(say(f"handbook.edition-{sheet}"), address.rpartition("/")[2]) for sheet, address in found]

    @property
    def glossary(self) -> list[tuple[str, str]]:
        """Words and their meanings, in the order of the alphabet."""
        return sorted(self.scheme.glossary.items(), key=lambda item: item[0].casefold())

    @property
    def purposes(self) -> bool:
        """Whether any question about a person says why it is asked."""
        return any(why for _, asked in self.personal for why in asked)

    @property
    def personal(self) -> list[tuple[str, dict[str, list[str]]]]:
        """Form title -> why it asks about a person -> the questions that are asked for that, each once."""
        found: dict[str, dict[str, list[str]]] = {}
        for row in self.rows.values():
            for one in row.form.fields:
                if one.personal:
                    asked = found.setdefault(row.title, {}).setdefault(one.purpose or "", [])
                    asked += [] if one.label in asked else [one.label]
        return list(found.items())


def begun(words: str) -> str:
    """Words as they begin a line: with a capital."""
    return words[:1].upper() + words[1:]


def edition_address(form: str, edition: str, usual: str) -> str:
    """The file of one edition, from the page of forms: the usual one has the form's own name."""
    return f"forms/{form}.pdf" if edition == usual else f"forms/{form}.{edition}.pdf"


def edition_words(file: FormFile) -> str:
    """What an edition is called."""
    return say(f"handbook.edition-{file.edition}")


def size_words(file: FormFile) -> str:
    """'2 pages, 91 kB': kilobytes of 1000 bytes, rounded up."""
    kilobytes = -(-file.bytes // 1000)
    size = say("handbook.size-kb", count=kilobytes)
    if kilobytes >= 1000:
        size = say("handbook.size-mb", count=f"{kilobytes / 1000:.1f}")
    return say("handbook.form-size-one" if file.pages == 1 else "handbook.form-size", pages=file.pages, size=size)


def _sources(data: Any) -> Iterator[str | None]:
    """Every source that the parts of a scheme say."""
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list | tuple) else ()
    if isinstance(data, dict) and "source" in data:
        yield data["source"]
    for part in parts:
        yield from _sources(part)

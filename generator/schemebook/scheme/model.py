"""Scheme: one file of scheme-configs/ as frozen models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from schemebook.scheme.keys import Day, Id, Strict, Words, YesNoKey, wrong
from schemebook.scheme.rules import STAGE, Rules
from schemebook.scheme.words import say

RESERVED = ("shared", "published", "using-schemebook")


def _colour(text: str) -> str:
    if len(text) != 7 or text[0] != "#" or any(letter not in "0123456789abcdefABCDEF" for letter in text[1:]):
        raise PydanticCustomError("not-a-colour", "not a colour", {"found": text})
    return text.upper()


Colour = Annotated[str, AfterValidator(_colour), Field(json_schema_extra={"pattern": "^#[0-9A-Fa-f]{6}$"})]


EditionName = Literal["a4", "letter", "large-print", "black-and-white"]
"""The layouts that a form can come in; `form_pdf.sheet` has the measures of each."""


def _each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise wrong("edition-twice", found=twice)
    return names


class Branding(Strict):
    """How the scheme looks; everything else is worked out from its colour."""

    colour: Colour
    """The brand colour, as '#1E6B52'. Keep the quotation marks: YAML takes a bare # for a remark."""
    accent: Colour | None = None
    """Gives the hue when the brand colour is a grey."""
    logo: Words | None = None
    """An SVG or PNG file beside this one."""
    logo_alt: Words | None = None
    """What the logo shows, for those who cannot see it."""
    tone: Literal["plain", "formal"] = "plain"
    """plain: our own sentences say you. formal: they name the role."""


class Contact(Strict):
    """Whom to ask."""

    name: Words
    """The person or team."""
    email: Words | None = None
    """Their e-mail address."""
    telephone: Words | None = None
    """Their telephone number, as people dial it."""
    address: Words | None = None
    """Their postal address."""
    website: Words | None = None
    """Their address on the web."""


class Returns(Strict):
    """How completed forms come back."""

    email: Words | None = None
    """The address to send them to."""
    post: Words | None = None
    """The postal address, where paper is taken."""
    how: Words | None = None
    """How to send a form back, in a sentence. Left out: made from the address."""


class Role(Strict):
    """One kind of people in the scheme."""

    title: Words
    """What one of them is called, for example Mentee."""
    plural: Words
    """What several are called, for example mentees."""
    office: YesNoKey = False
    """yes: runs the scheme; does not take part."""
    what: Words
    """What the role is, in a sentence or two."""
    prerequisites: tuple[Words, ...] = ()
    """What must be so before somebody can take the role."""
    responsibilities: tuple[Words, ...] = ()
    """What somebody in the role does."""
    may_expect: tuple[Words, ...] = ()
    """What somebody in the role can count on."""
    not_for: tuple[Words, ...] = ()
    """What the role is not there for."""
    source: Words | None = None
    """Where this comes from: a section of the scheme's document, or `ours`."""

    @property
    def inside(self) -> str:
        """Its title as it stands inside a sentence: mentee, line manager, the Institute, Human Resources."""
        article, rest = self._article_and_rest
        is_name = rest[1:] != rest[1:].lower()
        return f"{article.lower()} {rest}" if article else rest if is_name else rest[:1].lower() + rest[1:]

    @property
    def without_article(self) -> str:
        """The same where the sentence has the article: mentee, Institute, Human Resources."""
        return self._article_and_rest[1] if self._article_and_rest[0] else self.inside

    @property
    def _article_and_rest(self) -> tuple[str, str]:
        first, _, rest = self.title.partition(" ")
        return (first, rest) if rest and first.lower() in say("scheme.articles").split() else ("", self.title)


class Fork(Strict):
    """What happens when a stage does not end as hoped."""

    if_: Words
    """The case, for example no mentor is free."""
    then: Words
    """What happens, as the rest of the sentence."""


class SendTogether(Strict):
    """What the office waits for at a stage: all of it together."""

    forms: tuple[Id, ...] = ()
    """The forms."""
    enclosures: tuple[Words, ...] = ()
    """What else goes with them, for example an up-to-date CV."""


class Stage(Strict):
    """One stage or session, in order: who does what, and which forms come out."""

    id: Id
    """The stage's lasting name."""
    title: Words
    """What it is called."""
    place: Words | None = None
    """What the scheme calls its place in the order, for example Step 1 of 4. Left out: Stage 1 of 5."""
    who: Id
    """Who acts: the id of a role, or `both`."""
    when: Words
    """When, in a few words."""
    what: Words
    """What happens, in a sentence or two."""
    short: Words | None = None
    """The same in under twelve words, for the front page."""
    duties: dict[Id, Words] = {}
    """Role: what they do in it."""
    forms: tuple[Id, ...] = ()
    """The forms that come out of it."""
    send_together: SendTogether | None = None
    """What the office waits for, all of it together."""
    forks: tuple[Fork, ...] = ()
    """What happens when it does not end as hoped."""
    source: Words | None = None
    """Where this comes from: a section of the scheme's document, or `ours`."""


class State(Strict):
    """Where somebody can stand in the process."""

    title: Words
    """What the state is called."""
    kind: Literal["start", "normal", "waiting", "pair", "end", "left"] = "normal"
    """start; normal; waiting: for a place; pair: two people together; end: done; left: ended early."""


class Transition(Strict):
    """A way from one state to another."""

    from_: Id
    """The state it leaves."""
    to: Id
    """The state it leads to."""
    when: Words
    """What makes it happen."""
    label: Words | None = None
    """The same in two or three words, for the diagram."""
    exception: YesNoKey = False
    """yes: drawn dashed; not the way hoped for."""


class Process(Strict):
    """The states somebody goes through, and the ways between them."""

    states: Annotated[dict[Id, State], Field(min_length=2)]
    """State id: the state, in order."""
    transitions: Annotated[tuple[Transition, ...], Field(min_length=1)]
    """The ways between them."""
    source: Words | None = None
    """Where this comes from: a section of the scheme's document, or `ours`."""


class Cohort(Strict):
    """A group that goes through the scheme together; returns belong to the one whose dates hold the first of them."""

    id: Id
    """The cohort's lasting name."""
    title: Words
    """What it is called."""
    starts: Day
    """Its first day, as 2027-01-01."""
    ends: Day
    """Its last day."""


class Figure(Strict):
    """One thing the scheme asks: the figure, and the rest of the sentence."""

    figure: Words
    """The figure, for example 1 hour."""
    words: Words
    """The rest of the sentence."""


class Front(Strict):
    """The scheme's front page: who may join, what it costs in time, what to do next. Facts may be put in by {{ }}."""

    headline: Words
    """What the scheme gives, in under ten words."""
    lede: Words
    """For whom, with whom, how long, in a sentence."""
    eligible: Annotated[tuple[Words, ...], Field(min_length=1)]
    """What must be so to join."""
    not_for: Words | None = None
    """Whom or what it is not for."""
    asks: Annotated[tuple[Figure, ...], Field(min_length=1)]
    """What it asks, as figures."""
    next: Annotated[tuple[Words, ...], Field(min_length=1)]
    """What to do next, step by step."""
    start_form: Id | None = None
    """The form that the one button leads to."""
    start_words: Words | None = None
    """What the button says."""
    rule: Id | None = None
    """The id of the `other` rule that people ask about most; it stands on the front page."""


class Chapter(Strict):
    """One chapter of the handbook: a Markdown file of docs/<scheme>/."""

    file: Words
    """The file's name, for example making-it-work.md."""
    title: Words
    """What stands in the list of chapters."""
    help: YesNoKey = False
    """yes: this is the page for when something goes wrong; the head's Help leads to it."""


class EditorNote(Strict):
    """Something in the source that contradicts itself or has aged, and what this handbook does about it."""

    about: Words
    """What it is about."""
    note: Words
    """What the source says, and what is done here."""
    source: Words | None = None
    """The sections."""


class DataProtection(Strict):
    """What people are told about their data."""

    statement: Words
    """The statement, as forms print it."""
    controller: Words
    """Who answers for the data."""
    law: Words | None = None
    """The law it follows."""
    rights: Words | None = None
    """What people may ask for, and whom."""


class Scheme(Strict):
    """One scheme: who runs it, who takes part, what happens in which order, and by which rules."""

    scheme: Id
    """The scheme's lasting name; also its folders' and its address on the site."""
    name: Words
    """What it is called."""
    short_name: Words | None = None
    """What it is called where space is short."""
    run_by: Words
    """The body that runs it."""
    language: Literal["en-GB", "en-NZ", "en-AU", "en-US", "en-IE"] = "en-GB"
    """The language of its pages and forms."""
    timezone: Words = "Europe/London"
    """The time zone in which its days begin and end."""
    field_font: Literal["latin", "system"] = "latin"
    """latin: what is typed shows in the form's own letters. system: in the letters of the reader's machine."""
    editions: Annotated[tuple[EditionName, ...], AfterValidator(_each_once), Field(min_length=1)] = ("a4",)
    """The layouts in which each form comes: a4, letter, large-print, black-and-white. The first is the usual one."""
    branding: Branding
    """How it looks."""
    contact: Contact
    """Whom to ask."""
    returns: Returns
    """How completed forms come back."""
    front: Front
    """The scheme's front page."""
    roles: Annotated[dict[Id, Role], Field(min_length=1)]
    """Role id: the role."""
    pair: Annotated[tuple[Id, ...], Field(min_length=2, max_length=2)] | None = None
    """The two roles that make a pair; the one that comes first begins alone. Left out: the scheme has no pairs."""
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=20)]
    """The stages or sessions, in order."""
    process: Process | None = None
    """The states somebody goes through."""
    cohorts: tuple[Cohort, ...] = ()
    """Groups that go through the scheme together."""
    rules: Rules = Rules()
    """The rules."""
    data_protection: DataProtection
    """What people are told about their data."""
    chapters: tuple[Chapter, ...] = ()
    """The handbook's chapters, in order."""
    forms: Annotated[tuple[Id, ...], Field(min_length=1)]
    """The forms, in the order in which people meet them."""
    glossary: dict[str, Words] = {}
    """Word: what it means here."""
    editor_notes: tuple[EditorNote, ...] = ()
    """Where the source contradicts itself or has aged."""
    facts: dict[Id, Words] = {}
    """Other facts that chapters put in by {{ facts.name }}."""

    def names(self) -> dict[str, str]:
        """Id -> title of roles (as inside a sentence, with their article left to it) and stages.

        A stage stands under `stage:<id>` too, where no form or role of the same id can hide it.
        """
        found = {f"{before}{stage.id}": stage.title for stage in self.stages for before in ("", STAGE)}
        return found | {id: role.without_article for id, role in self.roles.items()}

    def stage_of(self, form: str) -> int | None:
        """The position, from 0, of the first stage at which a form is due; None where no stage names it."""
        return next((number for number, stage in enumerate(self.stages) if form in stage.forms), None)


def leading_roles(scheme: Scheme) -> tuple[str, tuple[str, ...]]:
    """The role that a path begins with, and those that have the other line's sign: the pair's second.

    Without pairs: the first role that takes part, and all others that do.
    """
    if scheme.pair:
        return scheme.pair[0], scheme.pair[1:]
    taking_part = [id for id, role in scheme.roles.items() if not role.office] or list(scheme.roles)
    return taking_part[0], tuple(taking_part[1:])

"""A ledger in; out comes what the report shows of it, in words: the finding, the chart, and who owes what."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from schemebook.desk.days import stretch_in_words
from schemebook.desk.ledger import Ledger, Obligation
from schemebook.desk.occasions import Occasion
from schemebook.records.people.near_matches import NearMatch
from schemebook.records.people.people import Pair, People, Person
from schemebook.records.people.returns import Return, fold
from schemebook.scheme.days import long_day
from schemebook.scheme.fields import BaseField, BlankTable, Table
from schemebook.scheme.form import Form
from schemebook.scheme.model import Scheme
from schemebook.scheme.rules import DueRule
from schemebook.scheme.words import say


@dataclass(frozen=True)
class Looked:
    """All that a report is made from: who returned what by the end of a day, and what the rules say to it."""

    as_of: datetime.date
    people: People
    ledger: Ledger
    near: tuple[NearMatch, ...]

    @cached_property
    def owed(self) -> tuple[Obligation, ...]:
        """What is owed by now or was: neither what lies ahead nor what waits for something else."""
        return tuple(one for one in self.ledger.obligations if one.state in SERIES)

    @cached_property
    def silent(self) -> Mapping[str, datetime.date]:
        """The key of each person who has returned nothing -> the day on which the first copy was made for them."""
        first: dict[str, datetime.date] = {}
        for (key, _), copy in self.people.copies.items():
            first[key] = min(copy.day, first.get(key, copy.day))
        return {one.key: first[one.key] for one in self.people.people if one.key in first and not one.returned}

    @cached_property
    def standing(self) -> tuple[Return, ...]:
        """The returns that count: superseded and repeated ones left out."""
        replaced = {
            each.id
            for one in self.ledger.obligations
            for each in (*one.superseded, *one.saved_again, *one.hands, *one.unfilled)
        }
        return tuple(one for one in self.people.returns if one.id not in replaced)

    @cached_property
    def concerned(self) -> list[Person]:
        """Everybody who returned something or owes it: those with something late first, then by name."""
        owing = {person.key for one in self.ledger.obligations for person in one.people}
        late = {person.key for one in self.owed if one.state == "late" for person in one.people}
        found = [person for person in self.people.people if person.returned or person.key in owing]
        return sorted(found, key=lambda person: (person.key not in late, person.name.casefold()))

    @cached_property
    def _shared_names(self) -> Collection[str]:
        """The names that several people have."""
        return {name for name, count in Counter(fold(one.name) for one in self.people.people).items() if count > 1}

    def called(self, person: Person) -> str:
        """A person's name; with the address, where another has the same name."""
        return _whole(person) if fold(person.name) in self._shared_names else person.name

    @property
    def count(self) -> int:
        """How many returns there are, those that do not count and anonymous ones too."""
        return len(self.people.returns) + len(self.people.unfilled) + len(self.people.anonymous)


@dataclass(frozen=True)
class Words:
    """What a scheme calls its forms, roles, questions and rules."""

    scheme: Scheme
    forms: Mapping[str, Form]
    names: Mapping[str, str]

    def form(self, id: str) -> str:
        """A form's title; the id of one that is no longer there."""
        return self.forms[id].title if id in self.forms else id

    def role(self, id: str | None) -> str:
        """A role's title."""
        return self.scheme.roles[id].title if id in self.scheme.roles else id or ""

    def rule(self, rule: DueRule) -> str:
        """A rule as its handbook page says it."""
        return rule.in_words(self.names)

    def occasion(self, occasion: Occasion | None) -> str:
        """'September 2026', 'session 2', or nothing."""
        if occasion is None:
            return ""
        if occasion.on:
            return long_day(occasion.on)
        if occasion.starts and occasion.ends:
            return stretch_in_words(occasion.starts, occasion.ends)
        return say("desk.session", number=occasion.number) if occasion.session else ""

    def cohort(self, id: str | None) -> str:
        """A cohort's title; nothing for somebody who is in none."""
        return next((cohort.title for cohort in self.scheme.cohorts if cohort.id == id), "")

    def question(self, form: str, name: str) -> str:
        """The label of the question, with row and column in a table, that a field's name means."""
        fields = self.forms[form].fields if form in self.forms else ()
        owner = next((one for one in fields if name == one.id or name.startswith(f"{one.id}.")), None)
        if owner is None:
            return name
        return " / ".join([owner.label, *_inside(owner, name[len(owner.id) + 1 :].split("."))])


def _inside(field: BaseField, parts: list[str]) -> list[str]:
    """What the rest of a name means inside its field: row and column, or an option."""
    if isinstance(field, Table | BlankTable) and parts[0]:
        row = field.rows[parts[0]].label if isinstance(field, Table) and parts[0] in field.rows else parts[0]
        column = field.columns.get(parts[1]) if len(parts) > 1 else None
        return [row, *([column.label] if column else [])]
    return [field.options_by_id[parts[0]]] if parts[0] in field.options_by_id else []


@dataclass(frozen=True)
class Pill:
    """A state as a sign, a ground and a few words. kind: late, due, review, waiting or done."""

    kind: str
    words: str
    occasion: str = ""


@dataclass(frozen=True)
class Bar:
    """One form in the chart. first: the series that no bar above has, and that this one therefore names."""

    title: str
    counts: Mapping[str, int]
    share: float
    first: tuple[str, ...]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Owes:
    """What one person owes by one rule."""

    form: str
    rule: str
    partner: str
    pills: tuple[Pill, ...]


@dataclass(frozen=True)
class OnePerson:
    """A person with everything they owe or owed."""

    anchor: str
    person: Person
    roles: str
    cohort: str
    owes: tuple[Owes, ...]
    silent: str = ""
    """That copies were made for them and nothing has come back."""


@dataclass(frozen=True)
class Missing:
    """One return that is not there."""

    who: str
    anchor: str | None
    form: str
    occasion: str
    partner: str
    pill: Pill


@dataclass(frozen=True)
class ToLook:
    """A record that a person should look at, and why."""

    record: str
    who: str
    form: str
    source: str
    lines: tuple[tuple[str, str], ...]


SERIES = ("in", "late", "open")
MOST_SHOWN = 500
"""So many lines of a list stand on the page, which a browser has to lay out; its tables have them all."""


def heading(looked: Looked) -> str:
    """The finding of the whole report in one sentence."""
    if not looked.count and not looked.owed:
        return say("desk.nothing-back")
    late = sum(one.state == "late" for one in looked.owed)
    due = late + sum(one.state == "in" and one.due is not None and one.due <= looked.as_of for one in looked.owed)
    if late:
        return say("desk.all-late", count=late) if late == due else say("desk.some-late", count=late, due=due)
    if any(one.state == "open" for one in looked.owed):
        return say("desk.none-late")
    return say("desk.all-in" if looked.owed else "desk.nothing-owed")


def lede(looked: Looked) -> str:
    """Who and how many, and what comes next."""
    if not looked.count and not looked.silent:
        return say("desk.nothing-back-next")
    people = say("desk.people", count=sum(person.returned for person in looked.people.people))
    returns = say("desk.returns", count=len(looked.standing))
    parts = [say("desk.lede", people=people, returns=returns)] if looked.people.returns else []
    if looked.people.anonymous:
        parts.append(say("desk.lede-anonymous", count=len(looked.people.anonymous)))
    if looked.silent:
        parts.append(say("desk.lede-silent", count=len(looked.silent)))
    still = [one for one in looked.owed if one.state == "open"]
    if still:
        parts.append(say("desk.still-open", count=len(still)))
    days = [one.due for one in still if one.due]
    if days:
        parts.append(say("desk.next-due", day=long_day(min(days))))
    return " ".join(parts)


def bars(looked: Looked, words: Words) -> tuple[Bar, ...]:
    """The chart, one bar a form, in the scheme's order of forms; the longest is as wide as the page."""
    counted: dict[str, dict[str, int]] = {}
    order = {form: number for number, form in enumerate(words.scheme.forms)}
    for one in sorted(looked.owed, key=lambda one: order.get(one.rule.form, len(order))):
        counted.setdefault(one.rule.form, dict.fromkeys(SERIES, 0))[one.state] += 1
    most = max((sum(counts.values()) for counts in counted.values()), default=1)
    named: set[str] = set()
    made = []
    for form_id, counts in counted.items():
        first = tuple(series for series in SERIES if counts[series] and series not in named)
        named.update(first)
        made.append(Bar(words.form(form_id), counts, 100 * sum(counts.values()) / most, first))
    return tuple(made)


def nameless(looked: Looked, words: Words) -> tuple[tuple[str, int], ...]:
    """The title of each anonymous form that came in, and how many of it did, in the scheme's order of forms."""
    counted = Counter(one.form for one in looked.people.anonymous)
    order = {form: number for number, form in enumerate(words.scheme.forms)}
    forms = sorted(counted, key=lambda form: order.get(form, len(order)))
    return tuple((words.form(form), counted[form]) for form in forms)


def days_late(owed: Obligation, as_of: datetime.date) -> int:
    """By how many days something is late, or came late; 0 where it is not or did not."""
    if owed.due is None or (owed.state != "late" and not owed.came_late):
        return 0
    return ((owed.came or as_of) - owed.due).days


def pill(owed: Obligation, as_of: datetime.date, words: Words) -> Pill:
    """How an obligation stands, as its row tells it."""
    occasion = words.occasion(owed.occasion)
    if owed.state == "in" and owed.came:
        day = long_day(owed.came)
        late = days_late(owed, as_of)
        words_of = say("desk.received-late", day=day, count=late) if late else say("desk.received", day=day)
        return Pill("done", words_of, occasion)
    if owed.state == "late" and owed.due:
        return Pill("late", say("desk.days-late", count=days_late(owed, as_of)), occasion)
    if owed.state == "waiting":
        return Pill("waiting", say(f"desk.waiting-{owed.why_waiting}"), occasion)
    if owed.due:
        key = "due-today" if owed.due == as_of else "due-on"
        return Pill("due", say(f"desk.{key}", day=long_day(owed.due)), occasion)
    return Pill("waiting", say("desk.no-day"), occasion)


def everybody(looked: Looked, words: Words) -> tuple[OnePerson, ...]:
    """The people on the page with what they owe: those with something late first, then by name."""
    places = anchors(looked)
    groups: dict[tuple[str, ...], list[Obligation]] = {}
    for one in looked.ledger.obligations:
        for person in one.people if one.state != "ahead" else ():
            if person.key in places:
                others = [other.key for other in (*one.people, one.partner) if other and other != person]
                groups.setdefault((person.key, one.rule.id, one.role or "", *others), []).append(one)
    owes: dict[str, list[Owes]] = {}
    for (key, *_), some in groups.items():
        owes.setdefault(key, []).append(_owes(some, key, looked, words))
    return tuple(
        _one_person(looked.people.by_key[key], anchor, tuple(owes.get(key, ())), looked, words)
        for key, anchor in places.items()
    )


def _one_person(person: Person, anchor: str, owes: tuple[Owes, ...], looked: Looked, words: Words) -> OnePerson:
    roles = ", ".join(words.role(role) for role in person.roles)
    day = looked.silent.get(person.key)
    return OnePerson(
        anchor, person, roles, words.cohort(person.cohort), owes, say("desk.silent", day=long_day(day)) if day else ""
    )


def anchors(looked: Looked) -> dict[str, str]:
    """Where on the page its people stand, in their order. Says nothing of who it is."""
    return {person.key: f"person-{number}" for number, person in enumerate(looked.concerned[:MOST_SHOWN], 1)}


def _owes(some: list[Obligation], key: str, looked: Looked, words: Words) -> Owes:
    first = some[0]
    pills = tuple(pill(one, looked.as_of, words) for one in some)
    return Owes(words.form(first.rule.form), words.rule(first.rule), _other(first, key, looked), pills)


def _other(owed: Obligation, key: str, looked: Looked) -> str:
    """What to call the other of the pair; empty where it is owed by one alone, and about no pair in particular."""
    if owed.partner:
        return looked.called(owed.partner)
    return next((looked.called(person) for person in owed.people if person.key != key), "")


def missing(looked: Looked, words: Words) -> tuple[Missing, ...]:
    """The first of what the rules ask for and is not there: what is late, then by the day it is due."""
    places = anchors(looked)
    rows = not_there(looked)
    rows.sort(key=lambda one: (one.state != "late", one.due or datetime.date.max))
    found = []
    for one in rows[:MOST_SHOWN]:
        state = pill(one, looked.as_of, words)
        who = one.people[0]
        title, other = words.form(one.rule.form), _other(one, who.key, looked)
        found.append(Missing(looked.called(who), places.get(who.key), title, state.occasion, other, state))
    return tuple(found)


def not_there(looked: Looked) -> list[Obligation]:
    """What the rules ask for and is not there."""
    return [one for one in looked.owed if one.state != "in"]


def incomplete(looked: Looked, words: Words) -> tuple[ToLook, ...]:
    """Returns that count, with the answers that are missing or do not fit."""
    return _to_look(
        looked, words, lambda each: [(words.question(each.form, one.field), one.message) for one in each.problems]
    )


def for_review(looked: Looked, words: Words) -> tuple[ToLook, ...]:
    """Returns that count, where the reading itself is in doubt; and those with nothing filled in."""
    return _to_look(
        looked,
        words,
        lambda each: [(words.question(each.form, one.field) if one.field else "", one.message) for one in each.review],
        looked.people.unfilled,
    )


def _to_look(
    looked: Looked, words: Words, lines_of: Callable[[Return], list[tuple[str, str]]], more: Iterable[Return] = ()
) -> tuple[ToLook, ...]:
    found = []
    for one in (*looked.standing, *more):
        lines = tuple(lines_of(one))
        if lines:
            found.append(_look(one, looked, words, lines))
    return tuple(found)


def _look(one: Return, looked: Looked, words: Words, lines: tuple[tuple[str, str], ...]) -> ToLook:
    return ToLook(one.id[:10], sender(one, looked), words.form(one.form), one.source or "", lines)


def sender(one: Return, looked: Looked) -> str:
    """What to call who sent a return, or the pair it names; empty where nothing says whose it is."""
    keys = [one.sender] if one.sender else dict.fromkeys(key for key in one.pair if key)
    known = looked.people.by_key  # of whom only a return with nothing filled in tells, nothing is known
    return ", ".join(looked.called(known[key]) for key in keys if key in known)


def nobodys(looked: Looked, words: Words) -> tuple[ToLook, ...]:
    """Returns that should say whose they are, and do not."""
    return tuple(_look(one, looked, words, ()) for one in looked.standing if one.sender is None and not any(one.pair))


def near(matches: Iterable[NearMatch]) -> tuple[tuple[str, str], ...]:
    """Those who may be one person, or one address that may be two people's: who, and why."""
    return tuple((_both(match), say(f"desk.near-{match.kind}")) for match in matches)


def _both(match: NearMatch) -> str:
    if match.second is None:
        return say("desk.names-of", email=match.first.email, names=", ".join(match.first.names))
    return say("desk.near-both", first=_whole(match.first), second=_whole(match.second))


def _whole(person: Person) -> str:
    return f"{person.name} <{person.email}>" if person.email and person.email != person.name else person.name


def pair_names(owed: Obligation) -> tuple[Person, Person | None]:
    """Who owes, and the other of the pair where both owe it together or it is about that pair alone."""
    party = owed.party
    return (party.first, party.second) if isinstance(party, Pair) else (party, owed.partner)

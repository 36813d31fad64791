"""A scheme's rules and its people in; every obligation out: who owes which form, for what, by when, and what came.

An obligation is (scheme, cohort, form, person or pair, occasion). A return answers at most one. For one obligation,
equal answers a second time count once (another program saved them again); with other answers the later return
answers it, and the earlier stays as superseded.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from schemebook.desk.days import RHYTHMS, Day, after
from schemebook.desk.lasting import Answers, Lasting, by_time, lasting
from schemebook.desk.occasions import Occasion, named_months, of_stage, session_number
from schemebook.records.people.people import Pair, People, Person
from schemebook.records.people.returns import Return, day_in
from schemebook.records.people.standing import settle
from schemebook.scheme.form import Each, Form
from schemebook.scheme.keys import Duration
from schemebook.scheme.model import Scheme
from schemebook.scheme.project import Project
from schemebook.scheme.rules import After, DueRule

State = Literal["in", "late", "open", "ahead", "waiting"]
"""in: answered. late: its day has passed. open: owed, its day is not over or not set. ahead: its month, quarter or
day has not come, or nothing says that the session was held. waiting: nothing says yet when it is due, or that it is."""

MOST_OCCASIONS = 60
PERIODS = {each: Duration(RHYTHMS[each]) for each in ("month", "quarter")}
"""How long one time lasts of what is due again and again by the calendar."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """A return that somebody owes, by a rule of the scheme, and what came of it."""

    rule: DueRule
    role: str | None
    """The role in which it is owed; None where a pair owes it together."""
    party: Person | Pair
    cohort: str | None
    occasion: Occasion | None
    counts_from: Day | None
    due: Day | None
    state: State
    why_waiting: str | None = None
    """`no-day`: the day it counts from is not known. `no-pair`: nothing says that the pair has begun."""
    answer: Return | None = None
    came: Day | None = None
    """The day on which it was first answered; of a form of two parties, on which it was whole."""
    superseded: tuple[Return, ...] = ()
    saved_again: tuple[Return, ...] = ()
    hands: tuple[Return, ...] = ()
    """Half-filled copies of a form of two parties that came back whole too."""
    unfilled: tuple[Return, ...] = ()
    """Accepted ones with nothing filled in that came after a filled one."""
    partner: Person | None = None
    """The other of the pair that it is about, where somebody is in several pairs and owes it for each."""

    @property
    def came_late(self) -> bool:
        """Whether it was answered after its day."""
        return self.came is not None and self.due is not None and self.came > self.due

    @property
    def people(self) -> tuple[Person, ...]:
        """The person, or both of the pair."""
        return _people(self.party)


def _people(party: Person | Pair) -> tuple[Person, ...]:
    return (party.first, party.second) if isinstance(party, Pair) else (party,)


@dataclass(frozen=True)
class Ledger:
    """All obligations of a scheme, in the order of its rules and people, and the returns that answer none."""

    obligations: tuple[Obligation, ...]
    spare: tuple[Return, ...]


@dataclass(slots=True)
class _Owed:
    """Who owes something by a rule, before its occasions are told apart. The days are found once the rest is known."""

    rule: DueRule
    role: str | None
    party: Person | Pair
    cohort: str | None
    partner: Person | None = None
    counts_from: Day | None = None
    days: tuple[Day | None, ...] = ()
    """The days that another form sets, one for each session."""

    @property
    def two(self) -> tuple[str, ...]:
        """The keys of the two whom it is about; empty where it is about one, whoever the other is."""
        if isinstance(self.party, Pair):
            return (self.party.first.key, self.party.second.key)
        return (self.party.key, self.partner.key) if self.partner else ()


@dataclass(frozen=True)
class _Asked:
    """That somebody is asked, and in which role; None where nothing says so."""

    role: str | None


def draw_up(project: Project, scheme: Scheme, people: People, as_of: Day) -> Ledger:
    """All obligations of a scheme at once, as `Drawing` gives them one by one."""
    drawing = Drawing(scheme, project.forms.get(scheme.scheme, {}), people, as_of)
    obligations = tuple(drawing.all())
    return Ledger(obligations, tuple(drawing.spare()))


class Drawing:
    """One drawing up, obligation by obligation: it remembers which returns have answered something.

    The obligations of a scheme as they stand at the end of a day. People and returns must be of that day too.
    """

    def __init__(self, scheme: Scheme, forms: Mapping[str, Form], people: People, as_of: Day) -> None:
        self.scheme, self.forms, self.people, self.as_of = scheme, forms, people, as_of
        self.used: set[str] = set()
        self.form_at = [one.form for one in people.returns]
        self.about: dict[str, list[int]] = {}
        for place, one in enumerate(people.returns):
            for key in one.names():
                self.about.setdefault(key, []).append(place)
        self.named = {
            id: frozenset(field.identifies for field in form.fields if field.identifies) for id, form in forms.items()
        }

    def all(self) -> Iterator[Obligation]:
        """Every obligation, in the order of the rules and of the people."""
        for rule in self.scheme.rules.due:
            if rule.form in self.forms and not self.forms[rule.form].anonymous:
                for owed in self.owed_by(rule):
                    yield from self.obligations(owed)

    def spare(self) -> Iterator[Return]:
        """The returns that have answered nothing, once all obligations were gone through."""
        return (one for one in self.people.returns if one.id not in self.used)

    def naming(self, form: str, people: Sequence[Person]) -> list[Return]:
        """The returns of a form that any of these people sent or that name one, in the order in which they came."""
        places = self.about.get(people[0].key, [])
        if len(people) > 1:
            places = sorted({place for person in people for place in self.about.get(person.key, ())})
        returns, forms = self.people.returns, self.form_at
        return [returns[place] for place in places if forms[place] == form]

    def owed_by(self, rule: DueRule) -> Iterator[_Owed]:
        """Everybody who owes something by a rule: who returned a form or was issued this one, and pairs."""
        if rule.together and self.scheme.pair:
            for pair in self.people.pairs:
                yield self._owed(rule, None, pair, pair.first.cohort or pair.second.cohort)
        for role in rule.from_:
            alone = rule.together and self.scheme.pair
            if alone and role != self.scheme.pair[0]:  # type: ignore[index]
                continue
            for person in self.people.people:
                if (theirs := self._asked(rule, role, person)) and not (alone and self._has_pair(person)):
                    for partner in [None] if alone else self._partners(rule, role, person):
                        yield self._owed(rule, None if alone else theirs.role, person, person.cohort, partner)

    def _asked(self, rule: DueRule, role: str, person: Person) -> _Asked | None:
        """The role in which a rule asks somebody: who returned something in it, or was issued a copy of the form.

        Of a copy that does not say which of its roles is theirs it is left open.
        """
        if person.returned and role in person.roles:
            return _Asked(role)
        copy = self.people.copies.get((person.key, rule.form))
        if copy and copy.role == role:
            return _Asked(role)
        open_ = copy and copy.role is None and not set(rule.from_) & set(person.roles) and role == rule.from_[0]
        return _Asked(None) if open_ else None

    def _owed(
        self, rule: DueRule, role: str | None, party: Person | Pair, cohort: str | None, partner: Person | None = None
    ) -> _Owed:
        owed = _Owed(rule, role, party, cohort, partner)
        days = self._days(owed)
        owed.counts_from = days[0]
        if rule.after and rule.after.dates:
            owed.counts_from, owed.days = next((day for day in days if day), None), days
        return owed

    def _partners(self, rule: DueRule, role: str, person: Person) -> list[Person | None]:
        """Those for each of whom somebody owes a form that names both: who is in two pairs sends two."""
        both = self.scheme.pair
        if both is None or role not in both or not set(both) <= self.named[rule.form] | {role}:
            return [None]
        at = both.index(role)
        pairs = [pair for pair in self.people.pairs_with(person.key) if (pair.first, pair.second)[at] == person]
        return [(pair.second, pair.first)[at] for pair in pairs] if len(pairs) > 1 else [None]

    def _has_pair(self, person: Person) -> bool:
        return any(pair.first == person for pair in self.people.pairs_with(person.key))

    def _days(self, owed: _Owed) -> tuple[Day | None, ...]:
        """The day from which a rule's days count, or the days that a form sets one by one; None: not known."""
        said = owed.rule.after
        if said is None:
            return (None,)
        given = self._given(owed, said) if said.form else (None,)
        if any(given) or not said.cohort:
            return given
        found = next((one for one in self.scheme.cohorts if one.id == owed.cohort), None)
        return ((found.starts if said.cohort == "starts" else found.ends) if found else None,)

    def _given(self, owed: _Owed, said: After) -> tuple[Day | None, ...]:
        """The days that a form gives: of one that is completed again and again the earliest, else the latest given."""
        theirs = [one for one in self.naming(said.form or "", _people(owed.party)) if _is_of(owed, one)]
        if said.dates:
            given = (tuple(day_in(one.answers, field) for field in said.dates) for one in reversed(theirs))
            return next((days for days in given if any(days)), (None,) * len(said.dates))
        if not said.field:
            return (theirs[0].day if theirs else None,)
        days = [day for one in theirs if (day := day_in(one.answers, said.field))]
        form = self.forms.get(said.form or "")
        again = form is not None and isinstance(form.occasion, Each)
        return ((min(days) if again else days[-1]) if days else None,)

    def obligations(self, owed: _Owed) -> Iterator[Obligation]:
        """What somebody owes by a rule, occasion by occasion, each with what came of it."""
        occasions = self._occasions(owed)
        answers = self._answers(owed, occasions)
        asked_for = self._lasting(owed, occasions, answers)
        for occasion in occasions:
            found = answers.get(occasion.number if occasion else 0, [])
            if not found and (owed.rule.optional or not asked_for.holds(occasion)):
                continue
            self.used.update(one.id for one in found)
            yield self._obligation(owed, occasion, found)

    def _occasions(self, owed: _Owed) -> list[Occasion | None]:
        rule = owed.rule
        if rule.each == "once":
            return [None]
        if owed.days:
            return self._set_days(owed)
        if rule.each == "session":
            last = rule.first + rule.times - 1 if rule.times else self._next_session(owed)
            known = rule.last if rule.times else max(last - 1, rule.first)
            return [Occasion(number, known=number <= known) for number in range(rule.first, last + 1)]
        if owed.counts_from is None:
            named = self.naming(rule.form, _people(owed.party))
            theirs = [one for one in named if self._may_answer(owed, one)]
            months = named_months(self.forms[rule.form], rule.first, theirs)
            return [*months] or [Occasion(rule.first, session=False)]
        return list(self._periods(owed, owed.counts_from))

    def _set_days(self, owed: _Owed) -> list[Occasion | None]:
        """The times for which a form sets days, and those that returns are about; the first while none is known."""
        set_ = {number: Occasion(number, on=day) for number, day in enumerate(owed.days, 1) if day}
        about = {number: Occasion(number) for number in self._numbers(owed) if number}
        found = about | set_
        return [found[number] for number in sorted(found)] or [Occasion(1)]

    def _numbers(self, owed: _Owed) -> list[int | None]:
        """The sessions that returns are about, return by return."""
        named = self.naming(owed.rule.form, _people(owed.party))
        return [session_number(self.forms[owed.rule.form], one) for one in named if self._may_answer(owed, one)]

    def _next_session(self, owed: _Owed) -> int:
        """The session after the last that a return is about, where a rule does not say how many there are."""
        rule = owed.rule
        numbers = self._numbers(owed)
        known = [number for number in numbers if number is not None]
        last = max(max(known, default=0), rule.first - 1 + len(numbers) - len(known))
        return min(max(last + 1, rule.first), rule.first + MOST_OCCASIONS - 1)

    def _periods(self, owed: _Owed, start: Day) -> Iterator[Occasion]:
        """The months or quarters from a day on: as many as the rule says, else those begun that lie in the duration."""
        rule, longest = owed.rule, self.scheme.rules.duration
        period = PERIODS[rule.each]
        end = after(start, longest.at_most) if longest and longest.at_most else Day.max
        for number in range(rule.first, rule.first + (rule.times or MOST_OCCASIONS)):
            starts = after(start, period, number - 1)
            if rule.times is None and (starts > self.as_of or starts >= end):
                return
            ends = after(start, period, number) - datetime.timedelta(days=1)
            yield Occasion(number, False, starts, ends)

    def _lasting(self, owed: _Owed, occasions: list[Occasion | None], answers: Answers) -> Lasting:
        """Between which times it is owed: who joins late, or finds another partner, owes nothing for those before."""
        known = min(person.first for person in _people(owed.party))
        if owed.partner is None and not owed.rule.until:
            return lasting(owed.rule, known, answers, {})
        two = set(owed.two)
        if isinstance(owed.party, Person) and not two:
            pairs = self.people.pairs_with(owed.party.key)
            two = set(pairs[0].keys) if len(pairs) == 1 else {owed.party.key}
        theirs = [one for one in self._of_all(two) if two <= {*one.pair, one.sender}]
        if owed.partner:
            known = min((one.day for one in theirs), default=known)
        of_form = [one for one in theirs if one.form == owed.rule.form]
        of_the_two = by_time(owed.rule, self.forms[owed.rule.form], occasions, of_form)
        copy = None if owed.two else self.people.copies.get((_people(owed.party)[0].key, owed.rule.form))
        return lasting(owed.rule, known, {} if owed.partner else answers, of_the_two, copy.latest if copy else None)

    def _of_all(self, keys: Collection[str]) -> list[Return]:
        """The returns that name all of some people, in the order in which they came."""
        places = set.intersection(*(set(self.about.get(key, ())) for key in keys))
        return [self.people.returns[place] for place in sorted(places)]

    def _answers(self, owed: _Owed, occasions: list[Occasion | None]) -> Answers:
        """Occasion number (0 for once) -> the returns that answer it, in the order in which they came."""
        named = self.naming(owed.rule.form, _people(owed.party))
        there = [one for one in named if one.id not in self.used and self._may_answer(owed, one)]
        form = self.forms[owed.rule.form]
        if occasions == [None]:
            return {0: of_stage(form, owed.rule.stage, there)}
        return by_time(owed.rule, form, occasions, there)

    def _may_answer(self, owed: _Owed, one: Return) -> bool:
        if one.form != owed.rule.form:
            return False
        if isinstance(owed.party, Pair):
            return self.people.pair_of(one) == owed.party
        if owed.partner and not set(owed.two) <= {*one.pair, one.sender}:
            return False
        role_fits = owed.role is None or one.role in (None, owed.role)
        return role_fits and one.is_about(owed.party.key)

    def _obligation(self, owed: _Owed, occasion: Occasion | None, found: Sequence[Return]) -> Obligation:
        due = self._due(owed, occasion)
        stand = settle(found, two_parties=owed.rule.together)
        answer = stand.answer
        state, why = ("in", None) if answer else self._state(owed, occasion, due)
        return Obligation(
            rule=owed.rule,
            role=owed.role,
            party=owed.party,
            cohort=owed.cohort,
            occasion=occasion,
            counts_from=occasion.on if occasion and occasion.on else owed.counts_from,
            due=due,
            state=state,
            why_waiting=why,
            answer=answer,
            came=min((one.day for one in found if one not in (*stand.hands, *stand.unfilled)), default=None),
            superseded=stand.superseded,
            saved_again=stand.saved_again,
            hands=stand.hands,
            unfilled=stand.unfilled,
            partner=owed.partner,
        )

    def _due(self, owed: _Owed, occasion: Occasion | None) -> Day | None:
        rule, start = owed.rule, owed.counts_from
        if start is None:
            return None
        if occasion is None:
            return after(start, rule.within) if rule.within else None
        if rule.each in PERIODS:
            return after(occasion.starts or start, rule.within) if rule.within else occasion.ends
        if owed.days:
            return after(occasion.on, rule.within) if occasion.on and rule.within else None
        meetings = self.scheme.rules.meetings
        if not rule.within or not (meetings and meetings.every):
            return None
        return after(after(start, Duration(RHYTHMS[meetings.every]), occasion.number - 1), rule.within)

    def _state(self, owed: _Owed, occasion: Occasion | None, due: Day | None) -> tuple[State, str | None]:
        """How an unanswered obligation stands."""
        if owed.rule.after and owed.counts_from is None:
            return "waiting", "no-day"
        begins = (occasion.starts or occasion.on) if occasion else None
        if occasion and (not occasion.known or (begins and begins > self.as_of)):
            return "ahead", None
        if not self._has_begun(owed):
            return "waiting", "no-pair"
        return ("late" if due and due < self.as_of else "open"), None

    def _has_begun(self, owed: _Owed) -> bool:
        """Whether somebody is as far as the rule's stage.

        The cohort's days say nothing about one person. So where a stage is gone through by two, what is due in it by
        those days is owed by those who are known to be a pair, who were issued a copy of it, or who returned something
        of it or of a later stage.
        """
        rule, scheme = owed.rule, self.scheme
        number = next((at for at, stage in enumerate(scheme.stages) if stage.id == rule.stage), None)
        if not scheme.pair or number is None or scheme.stages[number].who != "both":
            return True
        if (
            isinstance(owed.party, Pair)
            or (rule.after and rule.after.form and any(self._given(owed, rule.after)))
            or bool(self.people.pairs_with(owed.party.key))
            or (owed.party.key, rule.form) in self.people.copies
        ):
            return True
        forms = {form for stage in scheme.stages[number:] for form in stage.forms}
        return any(one.is_about(owed.party.key) for form in forms for one in self.naming(form, [owed.party]))


def _is_of(owed: _Owed, one: Return) -> bool:
    """Whether a return that sets a day is that party's: of a pair, it names nobody else."""
    named = {key for key in (*one.pair, one.sender) if key}
    if owed.two:
        return named <= set(owed.two)
    keys = {person.key for person in _people(owed.party)}
    return one.sender in keys or (one.sender is None and bool(keys & named))

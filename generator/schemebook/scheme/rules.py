"""Rules as data: durations, meetings, what is due, sums, CPD, matching, retention; each can say itself in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from schemebook.scheme.answers import Value, holds
from schemebook.scheme.keys import Duration, Id, Number, Strict, Whole, Words, YesNoKey, wrong
from schemebook.scheme.meaning import Condition
from schemebook.scheme.words import say


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Names = Mapping[str, str]
"""Id -> title, of roles, forms and stages, for rules that name them in words."""
STAGE = "stage:"
"""Goes before a stage's id in Names: a stage may have the id of the form that comes out of it."""


def joined(parts: list[str], last: str = "list-last") -> str:
    """'a', 'a and b', 'a, b and c'; with `list-or`, 'a or b'."""
    if len(parts) < 2:
        return "".join(parts)
    return say(f"scheme.{last}", first=", ".join(parts[:-1]), last=parts[-1])


class Rule(Strict):
    """What every rule says of itself."""

    source: Words
    """Where the rule comes from: a section of the scheme's document, or `ours`."""
    note: Words | None = None
    """A sentence that the rule's own words leave out."""

    def in_words(self, names: Names) -> str:
        """The rule as a sentence or two. names: titles by id."""
        raise NotImplementedError

    def with_note(self, sentence: str) -> str:
        return f"{sentence} {self.note}" if self.note else sentence


class Span(Strict):
    """A shortest and a longest length of time; one of them may be left out."""

    at_least: Duration | None = None
    """The shortest, as '6 months'."""
    at_most: Duration | None = None
    """The longest."""

    @model_validator(mode="after")
    def limits_can_be_met(self) -> Span:
        if self.at_least and self.at_most and self.at_least.minutes > self.at_most.minutes:
            raise wrong("limits-cross", least=str(self.at_least), most=str(self.at_most), smaller="at-least")
        if not (self.at_least or self.at_most):
            raise wrong("no-limits")
        return self

    def in_words(self) -> str:
        """'6 to 12 months', 'at most 6 months', 'at least 30 minutes'."""
        if self.at_least and self.at_most:
            if self.at_least == self.at_most:
                return say("scheme.span-just", most=self.at_most)
            if self.at_least.unit == self.at_most.unit:
                return say("scheme.span", least=self.at_least.amount, most=self.at_most)
            return say("scheme.span", least=self.at_least, most=self.at_most)
        if self.at_most:
            return say("scheme.span-most", most=self.at_most)
        return say("scheme.span-least", least=self.at_least)


class DurationRule(Rule, Span):
    """How long taking part lasts."""

    what: Words | None = None
    """What lasts so long, for example the mentoring, or membership."""

    def in_words(self, names: Names | None = None) -> str:
        span = Span.in_words(self)
        if self.what is None:
            return self.with_note(say("scheme.rule-duration", span=span))
        return self.with_note(say("scheme.rule-duration-of", span=span, what=self.what[:1].upper() + self.what[1:]))


class MeetingsRule(Rule):
    """How long a meeting lasts and how often there is one."""

    length: Span | None = None
    """How long one meeting lasts."""
    time: Span | None = None
    """How much time it takes in each period, where the source says that instead."""
    every: Literal["week", "fortnight", "month", "quarter"] | None = None
    """The rhythm."""
    suggested: YesNoKey = False
    """yes: the rhythm is a suggestion, not a rule."""

    def in_words(self, names: Names) -> str:
        said = []
        if self.every:
            said.append(
                say("scheme.rule-rhythm-suggested" if self.suggested else "scheme.rule-rhythm", every=self.every)
            )
        if self.length:
            said.append(say("scheme.rule-length", span=self.length.in_words()))
        if self.time:
            said.append(say("scheme.rule-time", span=self.time.in_words(), every=self.every or "month"))
        return self.with_note(" ".join(said))


class After(Strict):
    """The day from which a due date counts: a date that a form gives, or the cohort's first or last day.

    With both, the cohort's day counts as long as no form gives one.
    """

    form: Id | None = None
    """The form whose date counts."""
    field: str | None = None
    """Its date question, or its signature. Left out: the day the form came in. Of a form that is completed again and
    again the earliest day counts, of another the latest that was given."""
    dates: tuple[str, ...] = ()
    """Its date questions, where each sets one session: the form is then due for each date that is given."""
    cohort: Literal["starts", "ends"] | None = None
    """The cohort's first or last day; beside `form`, while nothing gives that form's day."""

    @model_validator(mode="after")
    def says_one_day(self) -> After:
        if self.form is None and (self.cohort is None or self.field):
            raise wrong("after-unclear")
        if self.dates and (self.form is None or self.field or self.cohort):
            raise wrong("after-dates")
        return self

    def in_words(self, names: Names) -> str:
        """'the date in “Application”', 'the first day of the cohort', or the one until the other is there."""
        cohort = say(f"scheme.cohort-{self.cohort}") if self.cohort else ""
        if self.form is None:
            return cohort
        key = "scheme.day-in-form" if self.field else "scheme.day-of-form"
        day = say(key, form=names.get(self.form, self.form))
        return say("scheme.day-or-cohort", day=day, cohort=cohort) if cohort else day


class Until(Strict):
    """An answer of the form that is due again and again with which it ends, such as that somebody stops."""

    field: str
    """The id of the question."""
    is_: Annotated[tuple[str, ...], BeforeValidator(_one_or_many), Field(min_length=1)]
    """The option, or options, with which it ends; yes or no for a yes/no question."""

    def is_met_by(self, answers: Mapping[str, Value]) -> bool:
        return holds(Condition(field=self.field, is_=self.is_), answers)


class DueRule(Rule):
    """Which form is due from whom, and when."""

    id: Id
    """The rule's lasting name."""
    form: Id
    """The form that is due."""
    from_: Annotated[tuple[Id, ...], BeforeValidator(_one_or_many), Field(min_length=1)]
    """The role, or the roles, that owe it."""
    stage: Id
    """The stage at which it is due."""
    each: Literal["once", "month", "quarter", "session"] = "once"
    """once, or each month, quarter (three months) or session of the stage."""
    times: Annotated[Whole, Field(ge=1, le=60)] | None = None
    """How many times at most, where it is due again and again. Left out: for as long as it goes on."""
    first: Annotated[Whole, Field(ge=1)] = 1
    """The first session, counted from 1, after which it is due."""
    after: After | None = None
    """The day from which the due date counts."""
    within: Duration | None = None
    """How long after that day it is due."""
    until: tuple[Until, ...] = ()
    """Answers with which it ends: once one of a pair has given one of them, the two owe it for no later time, unless
    one of them sends it again about a later one."""
    together: YesNoKey = False
    """yes: one form for the pair, completed by both."""
    optional: YesNoKey = False
    """yes: welcome, and not owed."""

    @property
    def last(self) -> int:
        """The number of the last time it is asked for; where none is said, the first."""
        return self.first + (self.times or 1) - 1

    @property
    def sessions(self) -> str:
        """How the sessions are told, as the ending of a message's name; empty: all of them, or none at all."""
        if self.each == "session" and self.after and self.after.dates:
            return "-dates"
        if self.each != "session" or (self.first == 1 and self.times is None):
            return ""
        if self.times is None:
            return "-from"
        return "-one" if self.times == 1 else "-range"

    def in_words(self, names: Names) -> str:
        who = joined([names.get(role, role) for role in self.from_])
        values: dict[str, Any] = {
            "who": who,
            "form": names.get(self.form, self.form),
            "stage": names.get(f"{STAGE}{self.stage}", names.get(self.stage, self.stage)),
        }
        if self.after:
            values["dates"] = names.get(self.after.form or "", self.after.form)
        sentence = say(f"scheme.rule-due-{self.each}{self.sessions}", first=self.first, last=self.last, **values)
        return " ".join([sentence, *self.more_in_words(names)])

    def more_in_words(self, names: Names) -> list[str]:
        """What the rule says beside which form, from whom and when: sentences."""
        said = []
        if self.within and self.after:
            kinds = {"once": "", "session": self.sessions if self.after.dates else "-session"}
            key = f"scheme.rule-due{kinds.get(self.each, '-first')}-within"
            said.append(say(key, within=self.within, day=self.after.in_words(names)))
        if self.each == "quarter":
            said.append(say("scheme.rule-due-same-quarter"))
        if self.times and self.each != "session":
            said.append(say("scheme.rule-due-times", count=self.times))
        if self.until:
            said.append(say("scheme.rule-due-until"))
        if self.together:
            said.append(say("scheme.rule-due-together"))
        if self.optional:
            said.append(say("scheme.rule-due-optional"))
        return [*said, self.note] if self.note else said


class CpdSessions(Strict):
    """Which form records a session, and where in it stands what CPD counts."""

    form: Id
    """The form that records one session."""
    date: str
    """Its date question that says when the session was."""
    length: str
    """Its number question that says how long it lasted."""
    counted_in: Literal["minutes", "hours"] = "minutes"
    """What that number counts."""
    recorded: dict[str, Words] = {}
    """What must be recorded for a session to count. Question id: what the rule calls it, for example its objectives."""


class CpdClaim(Strict):
    """The form in which the points are claimed."""

    form: Id
    """The form."""
    field: str
    """Its yes/no question or declaration that claims them."""


class CpdEarned(Strict):
    """What one role earns."""

    role: Id
    """The role that earns the points."""
    points: Number
    """How many."""
    for_each: Id | None = None
    """For each person of this role; left out: once, however many pairs somebody is in."""

    @property
    def figure(self) -> str:
        """The points as people write them: '15', '2.5'."""
        return f"{self.points:g}"

    def in_words(self, names: Names) -> str:
        values: dict[str, Any] = {"role": names.get(self.role, self.role), "points": self.figure}
        if self.for_each:
            return say("scheme.rule-cpd-earns-each", each=names.get(self.for_each, self.for_each), **values)
        return say("scheme.rule-cpd-earns", **values)


class CpdRule(Rule):
    """The CPD points that a pair earns, once it has recorded enough."""

    needs: Duration
    """The time that a pair must have recorded."""
    within: Duration
    """The period in which it must lie, from the first session that counts."""
    sessions: CpdSessions
    """Which sessions count."""
    earns: Annotated[tuple[CpdEarned, ...], Field(min_length=1)]
    """Who earns how many points."""
    claim: CpdClaim | None = None
    """Where they are claimed. Left out: they need no claim."""

    def in_words(self, names: Names) -> str:
        said = [say("scheme.rule-cpd", needs=self.needs, within=self.within)]
        if self.sessions.recorded:
            form = names.get(self.sessions.form, self.sessions.form)
            what = joined(list(self.sessions.recorded.values()))
            said.append(say("scheme.rule-cpd-counts", form=form, what=what))
        said += [one.in_words(names) for one in self.earns]
        if self.claim:
            said.append(say("scheme.rule-cpd-claim", form=names.get(self.claim.form, self.claim.form)))
        return self.with_note(" ".join(said))


class SumRule(Rule):
    """A number that is added up for each person over all returns of a form, such as the hours that somebody gives."""

    id: Id
    """The rule's lasting name."""
    title: Words
    """What the sum is called, for example Hours given."""
    form: Id
    """The form that asks for the number."""
    field: str
    """Its number question."""

    def in_words(self, names: Names) -> str:
        return self.with_note(say("scheme.rule-sum", form=names.get(self.form, self.form)))


class MatchingRule(Rule):
    """How pairs are found."""

    compare: tuple[Words, ...] = ()
    """What is looked at, in words."""
    prefer: tuple[Words, ...] = ()
    """What makes a better pair, the strongest first."""
    exclude: tuple[Words, ...] = ()
    """What rules a pair out."""

    def in_words(self, names: Names) -> str:
        said = []
        for key, parts in (("compare", self.compare), ("prefer", self.prefer), ("exclude", self.exclude)):
            if parts:
                last = "list-or" if key == "exclude" else "list-last"
                said.append(say(f"scheme.rule-{key}", what=joined(list(parts), last)))
        return self.with_note(" ".join(said))


class RetentionRule(Rule):
    """How long a kind of record is kept, and what happens then."""

    record: Words
    """The kind of record, in words."""
    forms: Annotated[tuple[Id, ...], BeforeValidator(_one_or_many)] = ()
    """The forms whose returns it is about."""
    keep: Duration
    """How long."""
    after: Words
    """From when, in words, for example the end of the mentoring."""
    then: Literal["delete", "anonymise", "review"] = "delete"
    """What happens then."""
    reason: Words
    """Why so long."""

    def in_words(self, names: Names) -> str:
        return self.with_note(
            say(
                f"scheme.rule-retention-{self.then}",
                record=self.record,
                keep=self.keep,
                after=self.after,
                reason=self.reason,
            )
        )


class OtherRule(Rule):
    """A rule that only people apply, in words."""

    id: Id
    """The rule's lasting name."""
    title: Words
    """What it is about."""
    says: Words
    """The rule, in a sentence or two."""

    def in_words(self, names: Names) -> str:
        return self.with_note(self.says)


class Rules(Strict):
    """All rules of a scheme."""

    duration: DurationRule | None = None
    """How long taking part lasts."""
    meetings: MeetingsRule | None = None
    """How long meetings are and how often."""
    due: tuple[DueRule, ...] = ()
    """Which form is due from whom, and when."""
    sums: tuple[SumRule, ...] = ()
    """Numbers that are added up for each person."""
    cpd: CpdRule | None = None
    """The CPD points that taking part earns."""
    matching: MatchingRule | None = None
    """How pairs are found."""
    retention: tuple[RetentionRule, ...] = ()
    """How long records are kept."""
    other: tuple[OtherRule, ...] = ()
    """Rules that only people apply."""

    def all(self) -> tuple[tuple[str, Rule], ...]:
        """Every rule with the kind it is of, in the order of the keys above."""
        found: list[tuple[str, Rule]] = []
        for kind in ("duration", "meetings", "due", "sums", "cpd", "matching", "retention", "other"):
            value = getattr(self, kind)
            found += [(kind, rule) for rule in (value if isinstance(value, tuple) else (value,)) if rule]
        return tuple(found)

"""A scheme's YAML in; ids that clash and names that lead nowhere inside the scheme out, as problems."""

from __future__ import annotations

import datetime
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from schemebook.check.nearest import nearest, quoted, unknown
from schemebook.check.ways import at, follow, is_yes, keys_at, words_at
from schemebook.errors import Note, Place, Problem
from schemebook.scheme.answers import problems_of
from schemebook.scheme.meaning import FieldMeaning
from schemebook.scheme.words import note, problem
from schemebook.scheme.yaml_source import Steps, YamlSource

BOTH = "both"
ROLE_WORDS = (BOTH, "person", "role")
"""Ids that no role can have: `both` acts in stages, `person` identifies, `role` is what the others are."""
RULE_KINDS = ("duration", "meetings", "sums", "matching", "cpd", "retention", "due", "other")
"""Ids that no rule can have: texts call a rule without an id by its kind."""

REFERENCES = (
    ("pair.*", "role"),
    ("stages.*.who", "actor"),
    ("stages.*.forms.*", "form"),
    ("stages.*.send-together.forms.*", "form"),
    ("process.transitions.*.from", "state"),
    ("process.transitions.*.to", "state"),
    ("rules.due.*.form", "form"),
    ("rules.due.*.from.*", "role"),
    ("rules.due.*.stage", "stage"),
    ("rules.due.*.after.form", "form"),
    ("rules.sums.*.form", "form"),
    ("rules.cpd.sessions.form", "form"),
    ("rules.cpd.claim.form", "form"),
    ("rules.cpd.earns.*.role", "role"),
    ("rules.cpd.earns.*.for-each", "role"),
    ("rules.retention.*.forms.*", "form"),
    ("front.start-form", "form"),
    ("front.rule", "rule"),
)
"""Every key of a scheme that names something else in it: the way to it, and what it names."""

UNIQUE = ("stages.*.id", "cohorts.*.id", "forms.*", "pair.*", "chapters.*.file")
"""Every list in which a name may stand once."""

Known = Mapping[str, Collection[str] | None]
"""Kind -> the names there are; None where they cannot be read."""


def known_names(scheme: YamlSource) -> Known:
    """What a scheme's other keys may name."""
    roles = _keys(scheme, "roles")
    actors = None if roles is None else (*roles, BOTH)
    rules = [id for _, id in words_at(scheme.data, "rules.other.*.id")]
    return {
        "role": roles,
        "actor": actors,
        "state": _keys(scheme, "process", "states"),
        "form": _listed(scheme, "forms.*"),
        "stage": _listed(scheme, "stages.*.id"),
        "rule": rules,
    }


def _keys(scheme: YamlSource, *names: str) -> tuple[str, ...] | None:
    found = at(scheme.data, *names)
    return tuple(found) if isinstance(found, dict) else None


def _listed(scheme: YamlSource, pattern: str) -> tuple[str, ...] | None:
    return tuple(word for _, word in words_at(scheme.data, pattern)) or None


def problems_in_scheme(scheme: YamlSource) -> Iterator[Problem]:
    """Everything that is wrong inside one scheme's file, beyond the shape of its values."""
    known = known_names(scheme)
    for pattern, kind in REFERENCES:
        for steps, word in words_at(scheme.data, pattern):
            yield from _reference(scheme.place(steps), kind, word, known)
    for steps, role in keys_at(scheme.data, "stages.*.duties"):
        yield from _reference(scheme.place(steps, key=True), "role", role, known)
    for pattern in UNIQUE:
        yield from _twice(scheme, pattern)
    for check in _CHECKS:
        yield from check(scheme)


def notes_on_scheme(scheme: YamlSource) -> Iterator[Note]:
    """What its owner may like to know."""
    yield from _overlapping_cohorts(scheme)


def _reference(place: Place, kind: str, word: str, known: Known) -> Iterator[Problem]:
    names = known[kind]
    if names is not None and word not in names:
        yield unknown(place, f"check.no-such-{kind}", word, names)


def _twice(scheme: YamlSource, pattern: str) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for steps, word in words_at(scheme.data, pattern):
        place = scheme.place(steps)
        before = first.setdefault(word, place)
        if before is not place:
            yield problem(place, "check.twice", id=quoted(word), line=before.line)


def _reserved(scheme: YamlSource) -> Iterator[Problem]:
    for steps, role in keys_at(scheme.data, "roles"):
        if role in ROLE_WORDS:
            yield problem(scheme.place(steps, key=True), "check.reserved-id", id=role)
    first: dict[str, Place] = {}
    for pattern in ("rules.due.*.id", "rules.sums.*.id", "rules.other.*.id"):
        for steps, rule in words_at(scheme.data, pattern):
            place = scheme.place(steps)
            before = first.setdefault(rule, place)
            if rule in RULE_KINDS:
                yield problem(place, "check.reserved-id", id=rule)
            elif before is not place:
                yield problem(place, "check.twice", id=quoted(rule), line=before.line)


def _pairs(scheme: YamlSource) -> Iterator[Problem]:
    """`both` and `together` are two people, so a scheme that uses them has pairs."""
    if at(scheme.data, "pair") is not None:
        return
    for steps, who in words_at(scheme.data, "stages.*.who"):
        if who == BOTH:
            yield problem(scheme.place(steps), "check.both-without-pair")
    for steps, rule in follow(scheme.data, "rules.due.*"):
        if is_yes(at(rule, "together")):
            yield problem(scheme.place((*steps, "together")), "check.together-without-pair")


def _due(scheme: YamlSource) -> Iterator[Problem]:
    """Keys of a due rule that mean nothing without one another."""
    for steps, rule in follow(scheme.data, "rules.due.*"):
        if not isinstance(rule, dict):
            continue
        place = scheme.place(steps)
        if "within" in rule and "after" not in rule:
            yield problem(scheme.place((*steps, "within"), key=True), "check.within-alone")
        if "after" in rule and "within" not in rule:
            yield problem(scheme.place((*steps, "after"), key=True), "check.after-alone")
        if at(rule, "after", "field") and not at(rule, "after", "form"):
            yield problem(scheme.place((*steps, "after", "field")), "check.after-field-alone")
        if rule.get("each", "once") == "once" and "times" in rule:
            yield problem(scheme.place((*steps, "times"), key=True), "check.times-of-once")
        if rule.get("each", "once") == "once" and "until" in rule:
            yield problem(scheme.place((*steps, "until"), key=True), "check.until-of-once")
        if rule.get("each") != "session" and "first" in rule:
            yield problem(scheme.place((*steps, "first"), key=True), "check.first-of-no-session")
        if at(rule, "after", "cohort") and not at(scheme.data, "cohorts"):
            yield problem(place, "check.no-cohorts")
        yield from _due_dates(scheme, steps, rule)


def _due_dates(scheme: YamlSource, steps: Steps, rule: dict[str, object]) -> Iterator[Problem]:
    """Sessions whose days nothing tells, or two things."""
    each, after = rule.get("each", "once"), rule.get("after")
    if at(rule, "after", "dates"):
        if each != "session":
            yield problem(scheme.place((*steps, "after", "dates"), key=True), "check.dates-of-no-session")
        for key in ("times", "first"):
            if key in rule:
                yield problem(scheme.place((*steps, key), key=True), "check.dates-and-numbers", key=key)
    elif each == "session" and after and not at(scheme.data, "rules", "meetings", "every"):
        yield problem(scheme.place((*steps, "after"), key=True), "check.session-without-rhythm")


def _process(scheme: YamlSource) -> Iterator[Problem]:
    """Every state can be reached from a start."""
    states = at(scheme.data, "process", "states")
    ways = [way for _, way in follow(scheme.data, "process.transitions.*") if isinstance(way, dict)]
    if not isinstance(states, dict) or not ways:
        return
    if any(way.get(end) not in list(states) for way in ways for end in ("from", "to")):
        return  # told as a state that is not there; where the way was meant to lead is anybody's guess
    starts = [id for id, state in states.items() if at(state, "kind") == "start"]
    if not starts:
        yield problem(scheme.place(("process", "states"), key=True), "check.no-start")
        return
    reached, waiting = set(starts), deque(starts)
    while waiting:
        here = waiting.popleft()
        for way in ways:
            there = way.get("to")
            if way.get("from") == here and isinstance(there, str) and there not in reached:
                reached.add(there)
                waiting.append(there)
    for id in states:
        if id not in reached:
            yield problem(scheme.place(("process", "states", id), key=True), "check.state-not-reached", id=quoted(id))


def _cohort_days(scheme: YamlSource) -> list[tuple[int, datetime.date, datetime.date]]:
    found = []
    for steps, cohort in follow(scheme.data, "cohorts.*"):
        try:
            starts, ends = (datetime.date.fromisoformat(str(at(cohort, key))) for key in ("starts", "ends"))
        except ValueError:
            continue
        found.append((int(steps[-1]), starts, ends))
    return found


def _cohorts(scheme: YamlSource) -> Iterator[Problem]:
    for number, starts, ends in _cohort_days(scheme):
        if ends < starts:
            place = scheme.place(("cohorts", number, "ends"))
            yield problem(place, "check.cohort-ends-first", starts=starts, ends=ends)


def _overlapping_cohorts(scheme: YamlSource) -> Iterator[Note]:
    days = sorted(_cohort_days(scheme), key=lambda one: one[1:])
    for (_, _, ends), (number, starts, _) in pairwise(days):
        if starts <= ends:
            yield note(scheme.place(("cohorts", number, "starts")), "check.cohorts-overlap", starts=starts, ends=ends)


def _timezone(scheme: YamlSource) -> Iterator[Problem]:
    zone = at(scheme.data, "timezone")
    if not isinstance(zone, str) or not zone:
        return
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        known = available_timezones()  # none on a machine without a time zone database
        if known:
            best = nearest(zone, known) or "Europe/London"
            yield problem(scheme.place(("timezone",)), "check.no-such-timezone", found=quoted(zone), best=best)


def _contacts(scheme: YamlSource) -> Iterator[Problem]:
    for pattern in ("contact.email", "returns.email"):
        for steps, address in words_at(scheme.data, pattern):
            if problems_of(FieldMeaning(id="email", type="email"), address):
                yield problem(scheme.place(steps), "check.not-an-email", found=quoted(address))
    for steps, address in words_at(scheme.data, "contact.website"):
        if not address.startswith(("https://", "http://")):
            yield problem(scheme.place(steps), "check.not-a-website", found=quoted(address))


def _help_pages(scheme: YamlSource) -> Iterator[Problem]:
    helping = [steps for steps, chapter in follow(scheme.data, "chapters.*") if is_yes(at(chapter, "help"))]
    for steps in helping[1:]:
        line = scheme.place((*helping[0], "help")).line
        yield problem(scheme.place((*steps, "help")), "check.two-help-pages", line=line)


_CHECKS: tuple[Callable[[YamlSource], Iterator[Problem]], ...] = (
    _reserved,
    _pairs,
    _due,
    _process,
    _cohorts,
    _timezone,
    _contacts,
    _help_pages,
)

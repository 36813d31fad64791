"""A scheme and one of its forms in; the questions of it whose answers the scheme's rules look at out."""

from __future__ import annotations

from collections.abc import Iterator

from schemebook.scheme.form import Each, Form
from schemebook.scheme.model import Scheme


def looked_at(scheme: Scheme, form: Form) -> frozenset[str]:
    """The ids of the questions on which it hangs what is owed, added up or earned.

    Whom a return names and in which role are not among them.
    """
    return frozenset(_looked_at(scheme, form))


def is_of_two(scheme: Scheme, form: Form) -> bool:
    """Whether two fill it in one after the other. What one of them has filled in is then compared with the whole."""
    return any(rule.form == form.form and rule.together for rule in scheme.rules.due)


def _looked_at(scheme: Scheme, form: Form) -> Iterator[str]:
    rules = scheme.rules
    if isinstance(form.occasion, Each):
        yield form.occasion.field
    for said in (rule.after for rule in rules.due):
        if said and said.form == form.form:
            yield from filter(None, (said.field, *said.dates))
    yield from (said.field for rule in rules.due if rule.form == form.form for said in rule.until)
    yield from (rule.field for rule in rules.sums if rule.form == form.form)
    if rules.cpd and rules.cpd.sessions.form == form.form:
        sessions = rules.cpd.sessions
        yield from (sessions.date, sessions.length, *sessions.recorded)
    if rules.cpd and rules.cpd.claim and rules.cpd.claim.form == form.form:
        yield rules.cpd.claim.field

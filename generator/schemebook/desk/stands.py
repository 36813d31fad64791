"""A project and its store in; of each record out what it is to what is owed: the answer, or superseded, and by which.

The report settles the same for a whole scheme; here it is told record by record.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from schemebook.desk.findings import Words
from schemebook.desk.ledger import Drawing, Obligation
from schemebook.records.listing import SHORT_ID
from schemebook.records.people.circle import people_around
from schemebook.records.people.issued import issued_copies
from schemebook.records.people.people import People, known_people
from schemebook.records.people.returns import Return
from schemebook.records.record import Record
from schemebook.records.store.store import Store
from schemebook.scheme.project import Project
from schemebook.scheme.words import say

State = Literal["answers", "superseded", "saved-again", "half-filled", "unfilled", "spare"]
"""answers: it counts. spare: nothing is owed that it could answer. unfilled: nobody filled it in, so it answers
nothing. The others, and an unfilled one that somebody accepted: the record `by` counts instead."""


@dataclass(frozen=True)
class Stand:
    """What one record is to what is owed.

    by: the record that counts in its place. instead_of: the records in whose place it counts. rule: the id of the rule
    by which it is owed. occasion: its month, session or day, in words; empty where it is owed once.
    """

    state: State
    by: str | None = None
    instead_of: tuple[str, ...] = ()
    rule: str | None = None
    occasion: str = ""


class Stands:
    """What the records of a store are to what is owed by the end of a day. A scheme is drawn up once, when asked for.

    Records that are voided or anonymous are nothing to anything, nor are those whose scheme is gone. one_by_one: only
    what is owed by the people around a record is drawn up, anew for each; where few are asked for, that is far less.
    """

    def __init__(self, project: Project, store: Store, as_of: datetime.date, *, one_by_one: bool = False) -> None:
        self.project, self.store, self.as_of, self.one_by_one = project, store, as_of, one_by_one
        self._found: dict[str, dict[str, Stand]] = {}

    def of(self, record: Record) -> Stand | None:
        """What one record is; None where it is nothing."""
        scheme = record.scheme
        if record.anonymous or record.voided or scheme not in self.project.schemes:
            return None
        if self.one_by_one and scheme not in self._found:
            around = people_around(self.project, self.project.schemes[scheme], self.store, record, self.as_of)
            if around:
                return dict(self._drawn_up(scheme, around)).get(record.id)
        if scheme not in self._found:
            self._found[scheme] = dict(self._drawn_up(scheme, self._everybody(scheme)))
        return self._found[scheme].get(record.id)

    def json_of(self, record: Record) -> dict[str, Any] | None:
        """The same as `records --format json` prints it."""
        stand = self.of(record)
        return vars(stand) | {"instead_of": list(stand.instead_of)} if stand else None

    def lines_of(self, record: Record) -> list[str]:
        """The same in words."""
        if record.voided:
            return [say("desk.stands-voided")]
        stand = self.of(record)
        if stand is None:
            return []
        form = self._words(record.scheme).form(record.form)
        owed = ", ".join(filter(None, (form, stand.occasion)))
        told = [say(f"desk.stands-{stand.state}", owed=owed, by=(stand.by or "")[:SHORT_ID])]
        if stand.instead_of:
            told.append(say("desk.stands-instead-of", records=", ".join(id[:SHORT_ID] for id in stand.instead_of)))
        return told

    def _words(self, scheme: str) -> Words:
        return Words(self.project.schemes[scheme], self.project.forms.get(scheme, {}), self.project.names(scheme))

    def _everybody(self, id: str) -> People:
        found, copies = self.store.records(schemes=(id,)), issued_copies(self.store, id)
        return known_people(self.project, self.project.schemes[id], found, self.as_of, copies)

    def _drawn_up(self, id: str, people: People) -> Iterator[tuple[str, Stand]]:
        scheme, words = self.project.schemes[id], self._words(id)
        drawing = Drawing(scheme, self.project.forms.get(id, {}), people, self.as_of)
        alike: dict[tuple[str, str], Stand] = {}  # most records answer something alone: what they are is in memory once
        for owed in drawing.all():
            if owed.answer:
                yield from _of_one(owed, owed.answer, words, alike)
        yield from ((one.id, _SPARE) for one in drawing.spare())
        yield from ((one.id, _UNFILLED) for one in people.unfilled)


_SPARE, _UNFILLED = Stand("spare"), Stand("unfilled")


def _of_one(
    owed: Obligation, answer: Return, words: Words, alike: dict[tuple[str, str], Stand]
) -> Iterator[tuple[str, Stand]]:
    others: dict[State, tuple[Return, ...]] = {
        "superseded": owed.superseded, "saved-again": owed.saved_again, "half-filled": owed.hands,
        "unfilled": owed.unfilled,
    }  # fmt: skip
    rule, occasion = owed.rule.id, words.occasion(owed.occasion)
    if not any(others.values()):
        yield answer.id, alike.setdefault((rule, occasion), Stand("answers", None, (), rule, occasion))
        return
    instead_of = tuple(one.id for state, some in others.items() if state != "unfilled" for one in some)
    yield answer.id, Stand("answers", None, instead_of, rule, occasion)
    for state, some in others.items():
        for one in some:
            yield one.id, Stand(state, answer.id, (), rule, occasion)

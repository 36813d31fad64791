"""Records of a scheme in; each read as a return of somebody out: whose it is, whom it names, and what rules look at.

A return holds far less than its record, so that a whole scheme's are in memory at once: of the answers only those that
a rule looks at, and of all that was said a mark by which two returns are told apart.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from schemebook.records.people.carried import carry
from schemebook.records.people.issued import Issued
from schemebook.records.people.unfilled import unfilled_reason
from schemebook.records.record import Record
from schemebook.records.store.tables import dump_json
from schemebook.returned.submission import ReviewReason
from schemebook.scheme.answers import AnswerProblem
from schemebook.scheme.days import read_day
from schemebook.scheme.form import Form
from schemebook.scheme.looked_at import is_of_two, looked_at
from schemebook.scheme.model import Scheme

T = TypeVar("T")

PERSON = "person"
_NAMES_NOBODY = ("not-an-email", "says-nothing")
"""Kinds of problems of an answer that should name somebody, and does not."""
_NO_VALUE = ("not-a-date", "not-a-number", "unknown-option", "not-for-you", "not-carried")
"""Kinds of problems whose text is all that was answered."""
_MARK = 16
"""Bytes of the mark of what a return says: two that differ have the same one time in 2 to the 64th."""
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Return:
    """One record, read as a return of somebody. Answers and problems of other versions stand under today's fields.

    id, source, review: of the record. answers: those that the scheme's rules look at. whole: of a form that two fill in
    all of them, as JSON, which takes a fraction of the memory. unfilled: nobody filled in anything.
    """

    id: str
    form: str
    day: datetime.date
    """The day it came in, in the scheme's time zone."""
    answers: Mapping[str, Any]
    said: bytes
    """The same for those that say the same, as it was read: a correction of ours makes no other return of a copy that
    another program saved again."""
    sender: str | None
    """The key of who sent it; None where nothing says so."""
    role: str | None
    """The role the sender has in it; None where nothing says so."""
    pair: tuple[str | None, str | None] = (None, None)
    """The keys of the pair's two people, as far as it names them."""
    source: str | None = None
    problems: tuple[AnswerProblem, ...] = ()
    review: tuple[ReviewReason, ...] = ()
    whole: bytes | None = None
    unfilled: bool = False

    def is_about(self, key: str) -> bool:
        """Whether somebody sent it, or is named in it where nobody is said to have sent it."""
        return self.sender == key if self.sender else key in self.pair

    def names(self) -> set[str]:
        """The keys of its sender and of its pair, as far as they are known."""
        return {key for key in (self.sender, *self.pair) if key}


class Named(NamedTuple):
    """How a form names somebody, as they wrote it."""

    name: str | None = None
    email: str | None = None


class Naming(NamedTuple):
    """One of those whom a return names. whose: `person`, or the id of a role. key: by which they are known."""

    whose: str
    key: str
    named: Named


class ReturnReader:
    """Reads the records of one scheme. What is the same for all records of a form is found out once.

    copies: token -> the copy that was made for somebody. A return of such a copy is theirs, whatever name stands in it.
    moved: an address that somebody had before -> the one that they have now, both folded.
    """

    def __init__(
        self,
        scheme: Scheme,
        forms: Mapping[str, Form],
        copies: Mapping[str, Issued],
        moved: Mapping[str, str] = _NOTHING,
    ) -> None:
        self.scheme, self.copies, self.moved = scheme, copies, moved
        self._zone = ZoneInfo(scheme.timezone)
        self._forms = {id: _FormReader(scheme, form) for id, form in forms.items()}
        self._met: dict[Any, Any] = {}

    def day(self, record: Record) -> datetime.date:
        """The day on which a record came in."""
        return self._same(day_of(record.received, self._zone))

    def read(self, record: Record, day: datetime.date) -> tuple[Return, list[Naming]]:
        """A record that is not anonymous, and the day on which it came, as a return; and whom it names."""
        form, copy = self._forms.get(record.form), self._copy(record)
        record = form.carried(record) if form else record
        role = form.role(record.answers) if form else None
        named = _with_copy(form.named(record) if form else {}, copy)
        given = _given_place(named, role) if record.given_to else None
        if given:
            named[given] = _given(record.given_to or "")
        namings = [Naming(whose, self._key(whose, one, copy, given), one) for whose, one in named.items()]
        sender, pair = self._whose(namings, role)
        return (
            Return(
                id=record.id,
                form=self._same(record.form),
                day=day,
                answers=form.kept(record.answers) if form else _NOTHING,
                said=_said(record.as_read),
                sender=sender,
                role=role,
                pair=pair,
                source=record.source,
                problems=record.problems,
                review=record.review,
                whole=form.whole(record.answers) if form else None,
                unfilled=unfilled_reason(record) is not None,
            ),
            namings,
        )

    def _copy(self, record: Record) -> Issued | None:
        """The copy that a return is of. A token says nothing where it was made for another form."""
        found = self.copies.get(record.token or "")
        return found if found and (found.scheme, found.form) == (record.scheme, record.form) else None

    def _key(self, whose: str, named: Named, copy: Issued | None, given: str | None) -> str:
        """Whom a naming means: the address, else the name. Whoever gives the name alone is listed as near.

        What is written in the place of the one whom the copy was made for means that one; whom a coordinator gave it
        to goes before both.
        """
        if copy and copy.whose == whose != given:
            return self._same(known_by(copy))
        key = fold(named.email or named.name or "")
        return self._same(self.moved.get(key, key))

    def _whose(self, namings: Iterable[Naming], role: str | None) -> tuple[str | None, tuple[str | None, str | None]]:
        """The sender and the pair of a return."""
        found = {one.whose: one.key for one in namings}
        sender = found.get(PERSON) or found.get(role or "")
        if sender and role:
            found.setdefault(role, sender)
        first, second = (found.get(role) for role in self.scheme.pair or ("", ""))
        return sender, (first, second)

    def _same(self, value: T) -> T:
        """The value that was equal to it before, so that what thousands of returns say is in memory once."""
        return self._met.setdefault(value, value)  # type: ignore[no-any-return]


class _FormReader:
    """What is the same for all records of a form: which answers are kept, which questions name somebody."""

    def __init__(self, scheme: Scheme, form: Form) -> None:
        self.form, self.scheme = form, scheme.scheme
        self._kept, self._of_two = looked_at(scheme, form), is_of_two(scheme, form)
        self._naming = [
            (one.id, one.identifies, "email" if one.type == "email" else "name")  # type: ignore[attr-defined]
            for one in form.fields
            if one.identifies
        ]

    def carried(self, record: Record) -> Record:
        return carry(self.form, self.scheme, record)

    def kept(self, answers: Mapping[str, Any]) -> Mapping[str, Any]:
        """Those that the rules look at."""
        return {id: answers[id] for id in self._kept if id in answers} or _NOTHING

    def whole(self, answers: Mapping[str, Any]) -> bytes | None:
        """All of them, of a form that two fill in."""
        return dump_json(answers).encode("utf-8") if self._of_two else None

    def role(self, answers: Mapping[str, Any]) -> str | None:
        return role_in(self.form, answers)

    def named(self, record: Record) -> dict[str, Named]:
        """Place -> whom the answers name there: all names of a place together, and its first address."""
        parts: dict[str, dict[str, list[str]]] = {}
        wrong = {problem.field for problem in record.problems if problem.kind in _NAMES_NOBODY}
        for id, whose, kind in self._naming:
            said = record.answers.get(id)
            said = said.get("name") if isinstance(said, dict) else said
            if isinstance(said, str) and said.strip() and id not in wrong:
                parts.setdefault(whose, {"name": [], "email": []})[kind].append(said.strip())
        return {
            whose: Named(" ".join(found["name"]) or None, found["email"][0] if found["email"] else None)
            for whose, found in parts.items()
        }


def day_of(moment: str, zone: ZoneInfo) -> datetime.date:
    """The day of a moment, in a scheme's time zone."""
    return datetime.datetime.fromisoformat(moment).astimezone(zone).date()


def known_by(copy: Issued) -> str:
    """The key of the person for whom a copy was made."""
    return fold(copy.email or copy.person)


def moved_addresses(had: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    """Address that somebody had before -> the one that they have now, both folded.

    had: each person's key in the lists that copies were made for, and an address, the earliest first. An address that
    others have or had too, as a team may, is nobody's.
    """
    whose: dict[str, set[str]] = {}
    latest: dict[str, str] = {}
    for person, email in had:
        if email:
            latest[person] = fold(email)
            whose.setdefault(latest[person], set()).add(person)
    return {
        address: latest[person]
        for address, (person, *others) in whose.items()
        if not others and latest[person] != address
    }


def fold(text: str) -> str:
    """A name or address as it is compared: NFC, without case, with single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFC", text).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())


def role_in(form: Form, answers: Mapping[str, Any]) -> str | None:
    """The role that a return's sender has: the one it says, else the only one that completes the form."""
    if form.role_field:
        said = answers.get(form.role_field)
        return said if said in form.completed_by else None
    return form.completed_by[0] if len(form.completed_by) == 1 else None


def day_in(answers: Mapping[str, Any], field_id: str) -> datetime.date | None:
    """The day that an answer gives: a date, or the date beside a signature; None where it gives none."""
    said = answers.get(field_id)
    said = said.get("date") if isinstance(said, dict) else said
    return read_day(said) if isinstance(said, str) else None


def _with_copy(named: dict[str, Named], copy: Issued | None) -> dict[str, Named]:
    """Whom a return names, and whom its copy was made for: as they wrote themselves, else as the list knew them."""
    if copy is None:
        return named
    said = named.get(copy.whose, Named())
    known = Named(said.name or copy.name or copy.person, said.email or copy.email)
    return {**named, copy.whose: known}


def _given_place(named: Mapping[str, Named], role: str | None) -> str:
    """Where whom a coordinator gave a return to stands: where its sender stood."""
    return PERSON if PERSON in named or not role else role


def _given(person: str) -> Named:
    return Named(email=person) if "@" in person else Named(name=person)


_in_order = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


def _said(record: Record) -> bytes:
    """A mark of all that was answered. Of an answer that has no value, what was written counts."""
    texts = sorted(
        (problem.field, problem.text) for problem in record.problems if problem.kind in _NO_VALUE and problem.text
    )
    whole = _in_order([record.answers, texts])
    return hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=_MARK).digest()

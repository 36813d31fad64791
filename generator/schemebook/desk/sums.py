"""A scheme's rules about sums and people's returns in; what each person's numbers come to out, for page and CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from schemebook.desk.findings import Looked, Words, anchors
from schemebook.records.people.people import Person
from schemebook.records.spreadsheet import Cell
from schemebook.scheme.fields import NumberField
from schemebook.scheme.rules import SumRule

COLUMNS = ("name", "email", "sum", "amount", "unit", "returns")


@dataclass(frozen=True)
class Share:
    """What the returns of one person come to. anchor: where on the page the person stands, if at all."""

    person: Person
    anchor: str | None
    amount: Decimal
    shown: str
    returns: int


@dataclass(frozen=True)
class Sum:
    """What a rule adds up: the shares by name, and all together."""

    title: str
    words: str
    unit: str
    shares: tuple[Share, ...]
    shown: str


def sums_of(looked: Looked, words: Words) -> tuple[Sum, ...]:
    """Every sum of the scheme, in the order of its rules. A return that nobody sent adds to none."""
    return tuple(_sum(rule, looked, words) for rule in words.scheme.rules.sums)


def _sum(rule: SumRule, looked: Looked, words: Words) -> Sum:
    given: dict[str, list[Decimal]] = {}
    for one in looked.standing:
        said = one.answers.get(rule.field) if one.form == rule.form and one.sender else None
        if one.sender and isinstance(said, int | float) and not isinstance(said, bool):
            given.setdefault(one.sender, []).append(Decimal(str(said)))
    unit, places = _unit(rule, words), anchors(looked)
    shares = [
        Share(
            looked.people.by_key[key],
            places.get(key),
            sum(amounts, Decimal()),
            _shown(sum(amounts), unit),
            len(amounts),
        )
        for key, amounts in given.items()
    ]
    by_name = sorted(shares, key=lambda one: one.person.name.casefold())
    whole = sum((one.amount for one in shares), Decimal())
    return Sum(rule.title, rule.in_words(words.names), unit, tuple(by_name), _shown(whole, unit))


def _unit(rule: SumRule, words: Words) -> str:
    form = words.forms.get(rule.form)
    found = (one for one in (form.fields if form else ()) if one.id == rule.field)
    field = next(found, None)
    return (field.unit or "") if isinstance(field, NumberField) else ""


def _shown(amount: Decimal | int, unit: str) -> str:
    """'7.5 hours', '£12.40'."""
    number = f"{amount:,f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:,f}"
    if not unit or unit[0].isalnum():
        return f"{number} {unit}".strip()
    return f"{unit}{Decimal(amount):,.2f}"


def sum_lines(sums: tuple[Sum, ...]) -> Iterator[list[Cell]]:
    """The lines of sums.csv."""
    for one in sums:
        for share in one.shares:
            person = share.person
            yield [person.name, person.email, one.title, float(share.amount), one.unit, share.returns]

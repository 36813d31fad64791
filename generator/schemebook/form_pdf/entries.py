"""Answers in, what each PDF field then holds out; and what of the answers no field can hold.

Answers have the shape that `records` prints, so that what was read can be filled in again. Whether they keep the
limits of their questions is not asked here: a record may hold one that does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from schemebook.scheme.answers import Value, misfit, text_of
from schemebook.scheme.meaning import NO, TICKED, YES, FieldMeaning, FormMeaning
from schemebook.scheme.words import what_and_to_do

FILLED_SIGNATURES = ("typed", "none")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n?")


@dataclass(frozen=True)
class Misfit:
    """One answer that cannot be filled in. The message names the field and never quotes the answer."""

    field: str
    kind: str
    message: str


def entries(meaning: FormMeaning, answers: Mapping[str, Value]) -> dict[str, str]:
    """Full name of a PDF field -> what it holds: its text, or the export value of its option or tick.

    What is left empty is left out. The answers are ones that `misfits` finds nothing in. A typed signature
    stands in its signature field as well, which holds no text and only shows it.
    """
    found: dict[str, str] = {}
    for field in meaning.fields:
        if field.id in answers:
            found.update(_entries_of(field, answers[field.id]))
    return found


def misfits(meaning: FormMeaning, answers: Mapping[str, Value]) -> list[Misfit]:
    """Every answer that no field of the form can hold, in the answers' order."""
    fields = {field.id: field for field in meaning.fields}
    found: list[Misfit] = []
    for id, value in answers.items():
        if id not in fields:
            found.append(_unknown(id, list(fields)))
        elif why := misfit(fields[id], value):
            found.append(_misfit(id, "wrong-value", why=why))
        elif _holds_surrogate(value):
            found.append(_misfit(id, "half-a-letter"))
        elif fields[id].type == "signature":
            found += _signature_misfits(id, value)
    return found


def _entries_of(field: FieldMeaning, value: Value) -> Iterator[tuple[str, str]]:
    if field.type in ("several-of", "checklist"):
        yield from ((f"{field.id}.{option}", TICKED) for option in value)
    elif field.type == "table":
        yield from (entry for row in field.row_names() if row in value for entry in _cells(field, row, value[row]))
    elif field.type == "blank-table":
        yield from (
            entry for row, cells in zip(field.row_names(), value, strict=False) for entry in _cells(field, row, cells)
        )
    elif field.type == "signature":
        yield from _signature(field, value)
    else:
        yield from _single(field, field.id, value)


def _cells(field: FieldMeaning, row: str, cells: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    for column in field.columns:
        if column.id in cells:
            yield from _single(column, f"{field.id}.{row}.{column.id}", cells[column.id])


def _single(field: FieldMeaning, name: str, value: Value) -> Iterator[tuple[str, str]]:
    if field.type == "yes-no":
        yield name, YES if value else NO
    elif field.type == "declaration":
        if value:
            yield name, TICKED
    elif field.type == "one-of":
        yield name, value
    else:
        yield name, _LINE_END.sub("\n", text_of(field, value))


def _signature(field: FieldMeaning, value: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if value.get("name"):
        if value["kind"] == "typed":
            yield f"{field.id}.signature", _LINE_END.sub("\n", value["name"])
        yield f"{field.id}.name", _LINE_END.sub("\n", value["name"])
    if value.get("date"):
        day = FieldMeaning(id=field.id, type="date")
        yield f"{field.id}.date", text_of(day, value["date"])


def _signature_misfits(id: str, value: Mapping[str, str]) -> Iterator[Misfit]:
    """A kind that cannot be filled in, or one that would not be read back: a name is what makes it typed."""
    if value["kind"] not in FILLED_SIGNATURES:
        yield _misfit(id, "signature-kind", kinds=" or ".join(FILLED_SIGNATURES))
    elif value["kind"] == "typed" and not (value.get("name") or "").strip():
        yield _misfit(id, "signature-name")
    elif value["kind"] == "none" and value.get("name") and value.get("date"):
        yield _misfit(id, "signature-none")


def _unknown(id: str, known: list[str]) -> Misfit:
    close = get_close_matches(id, known, n=1)
    if close:
        return _misfit(id, "unknown-field-close", close=close[0])
    return _misfit(id, "unknown-field")


def _misfit(id: str, kind: str, **values: object) -> Misfit:
    what, to_do = what_and_to_do(f"fill.{kind}", field=id, **values)
    return Misfit(id, kind, f"{what}. {to_do}.")


def _holds_surrogate(value: Value) -> bool:
    """Half of a pair, which JSON can write and no text can hold."""
    if isinstance(value, str):
        return bool(_SURROGATE.search(value))
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(map(_holds_surrogate, inner))

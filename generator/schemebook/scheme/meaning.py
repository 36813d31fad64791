"""The meaning of a form, apart from its words and its layout: what a published version holds, and its widgets' names.

Reading works from this alone, never from today's YAML: a form in people's hands cannot be unpublished.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import model_validator

from schemebook.scheme.keys import Made

FieldType = Literal[
    "text",
    "long-text",
    "email",
    "phone",
    "date",
    "number",
    "one-of",
    "several-of",
    "yes-no",
    "declaration",
    "checklist",
    "table",
    "blank-table",
    "signature",
]

WidgetKind = Literal["text", "radio", "tick", "drop-down", "signature"]

YES, NO = "yes", "no"
"""The option ids of every yes/no question."""
TICKED = "on"
"""The export value of every tick box."""


class Condition(Made):
    """A question is asked only if `field` has one of the answers in `is_`."""

    field: str
    is_: tuple[str, ...]


class FieldMeaning(Made):
    """One field without its words. What does not apply to its type keeps its default."""

    id: str
    type: FieldType
    required: bool = True
    only_if: Condition | None = None
    options: tuple[str, ...] = ()
    drop_down: bool = False
    most_letters: int | None = None
    most_words: int | None = None
    least_words: int = 0
    earliest: datetime.date | None = None
    latest: datetime.date | None = None
    least: float | None = None
    most: float | None = None
    decimals: int = 0
    unit: str | None = None
    at_least: int | None = None
    at_most: int | None = None
    rows: tuple[str, ...] = ()
    blank_rows: int = 0
    columns: tuple[FieldMeaning, ...] = ()

    def row_names(self) -> tuple[str, ...]:
        """The rows of a table as its widgets name them; blank rows count from 1."""
        return self.rows or tuple(str(number) for number in range(1, self.blank_rows + 1))

    def as_json(self) -> dict[str, Any]:
        """Plain data for a published version: what keeps its default is left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True) | {"required": self.required}


class FormMeaning(Made):
    """What one version of a form means."""

    scheme: str
    form: str
    version: int
    fields: tuple[FieldMeaning, ...]
    anonymous: bool = False

    @model_validator(mode="after")
    def ids_are_unique(self) -> FormMeaning:
        ids = [field.id for field in self.fields]
        if len(set(ids)) != len(ids):
            raise ValueError("two fields have one id")
        return self

    def field(self, id: str) -> FieldMeaning:
        """The field of that id; KeyError where there is none."""
        return {field.id: field for field in self.fields}[id]

    def as_json(self) -> dict[str, Any]:
        """Plain data as it stands in forms/published; `FormMeaning.model_validate` takes it back."""
        found: dict[str, Any] = {"scheme": self.scheme, "form": self.form, "version": self.version}
        if self.anonymous:
            found["anonymous"] = True
        return found | {"fields": [field.as_json() for field in self.fields]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Widget:
    """One PDF field of a form: its full name, what kind it is, and the states it can have."""

    name: str
    kind: WidgetKind
    options: tuple[str, ...] = ()
    """Export values: of each radio button or drop-down entry; of a tick box its one on state."""
    required: bool = False
    field: str
    """The id of the question it belongs to."""
    multi_line: bool = False
    most_letters: int | None = None
    row: str | None = None
    column: str | None = None
    option: str | None = None
    """For a tick of several-of or checklist: the option it stands for."""

    def boxes(self) -> tuple[tuple[str, str], ...]:
        """The boxes on the page: (name, option), one a radio button, else one in all with an empty option."""
        if self.kind == "radio":
            return tuple((self.name, option) for option in self.options)
        return ((self.name, ""),)


def widgets(meaning: FormMeaning) -> tuple[Widget, ...]:
    """Every PDF field of a form, in reading order. Names as architecture.md fixes them:

    `<id>`; table cell `<table>.<row>.<column>`; tick of several-of or checklist `<id>.<option>`;
    signature `<id>.signature`, `<id>.name`, `<id>.date`.
    """
    return tuple(widget for field in meaning.fields for widget in field_widgets(field))


def field_widgets(field: FieldMeaning) -> Iterator[Widget]:
    """The widgets of one field."""
    if field.type in ("several-of", "checklist"):
        for option in field.options:
            yield Widget(name=f"{field.id}.{option}", kind="tick", options=(TICKED,), field=field.id, option=option)
    elif field.type in ("table", "blank-table"):
        for row in field.row_names():
            for column in field.columns:
                inner = column.model_copy(update={"required": column.required and field.type == "table"})
                yield _plain(inner, f"{field.id}.{row}.{column.id}", field.id, row, column.id)
    elif field.type == "signature":
        yield Widget(name=f"{field.id}.signature", kind="signature", field=field.id)
        for part in ("name", "date"):
            yield Widget(name=f"{field.id}.{part}", kind="text", field=field.id, required=field.required)
    else:
        yield _plain(field, field.id, field.id)


def _plain(meaning: FieldMeaning, name: str, owner: str, row: str | None = None, column: str | None = None) -> Widget:
    kind: WidgetKind = "text"
    options: tuple[str, ...] = ()
    if meaning.type == "one-of":
        kind, options = ("drop-down" if meaning.drop_down else "radio"), meaning.options
    elif meaning.type == "yes-no":
        kind, options = "radio", (YES, NO)
    elif meaning.type == "declaration":
        kind, options = "tick", (TICKED,)
    return Widget(
        name=name,
        kind=kind,
        options=options,
        required=meaning.required and meaning.only_if is None,
        field=owner,
        multi_line=meaning.type == "long-text",
        most_letters=meaning.most_letters,
        row=row,
        column=column,
    )

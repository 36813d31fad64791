"""One class a field type: what a scheme owner may write about a question, and the meaning it gives.

A field type has one name everywhere: the `type` here, the paper template, the web template, the starter's
example and the row in the manual.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from schemebook.scheme.keys import Day, Id, Number, Strict, Whole, Words, YesNoKey, wrong
from schemebook.scheme.meaning import Condition, FieldMeaning

RADIO_AT_MOST = 7
"""Up to this many options a one-of is drawn as radio buttons, above it as a drop-down."""


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


OneOrMany = Annotated[tuple[str, ...], BeforeValidator(_one_or_many), Field(min_length=1)]


class OnlyIf(Strict):
    """Asks the question only when another answer of the same form is as said."""

    field: str
    """The id of the question that decides."""
    is_: OneOrMany
    """The option, or options, that open this question; yes or no for a yes/no question; ticked for a declaration."""

    def condition(self) -> Condition:
        return Condition(field=self.field, is_=self.is_)


Options = Annotated[dict[Id, Words], Field(min_length=2, max_length=200)]
"""Option id: what people read."""


Width = Literal["third", "half", "two-thirds", "full"]


class BaseField(Strict):
    """What every question may say of itself."""

    id: Id
    """The question's lasting name. It outlives the label, and names the answer in records."""
    label: Words
    """The question, as people read it."""
    help: Words | None = None
    """One line that helps to answer; it stands between the question and its box."""
    optional: YesNoKey = False
    """yes: may be left empty. Every other question needs an answer, if it is asked."""
    only_if: OnlyIf | None = None
    """Asks the question only when another answer is as said."""
    personal: YesNoKey = False
    """yes: the answer says who somebody is or how to reach them."""
    purpose: Words | None = None
    """Why the question is asked, told to those who wonder."""
    identifies: str | None = None
    """Whose return this is: `person`, or a role's id where a form names both of a pair. Set it on e-mail and name."""
    width: Width | None = None
    """How much of the page's width the box takes; more where a written date or an entry of a drop-down needs it."""
    locked: YesNoKey = False
    """yes: where a copy that is issued to one person has it filled in already, they cannot change it there."""
    source: Words | None = None
    """Where the question comes from: a section of the scheme's document, or `ours`."""

    @property
    def options_by_id(self) -> dict[str, str]:
        """Option id -> label; empty where the field has none."""
        return {}

    def meaning(self) -> FieldMeaning:
        """What the question means, apart from its words: part of the published version."""
        return FieldMeaning(
            id=self.id,
            type=self.type,  # type: ignore[attr-defined]
            required=not self.optional,
            only_if=self.only_if.condition() if self.only_if else None,
            **self._limits(),
        )

    def _limits(self) -> dict[str, Any]:
        return {}


class Text(BaseField):
    """One line of text."""

    type: Literal["text"]
    most_letters: Annotated[Whole, Field(ge=1, le=500)] | None = None
    """The longest answer, in letters."""

    def _limits(self) -> dict[str, Any]:
        return {"most_letters": self.most_letters}


class LongText(BaseField):
    """Some lines of text, with room for as many words as are asked for."""

    type: Literal["long-text"]
    most_words: Annotated[Whole, Field(ge=1, le=1500)] = 100
    """The longest answer, in words. The box has room for them."""
    least_words: Annotated[Whole, Field(ge=0)] = 0
    """The shortest answer, in words."""

    @model_validator(mode="after")
    def limits_can_be_met(self) -> LongText:
        if self.least_words > self.most_words:
            raise wrong("limits-cross", least=self.least_words, most=self.most_words, smaller="least-words")
        return self

    def _limits(self) -> dict[str, Any]:
        return {"most_words": self.most_words, "least_words": self.least_words}


class Email(BaseField):
    """An e-mail address."""

    type: Literal["email"]


class Phone(BaseField):
    """A telephone number, as people write it."""

    type: Literal["phone"]


class Date(BaseField):
    """A day. People may write it in several ways; the day comes first."""

    type: Literal["date"]
    earliest: Day | None = None
    """The first day that can be right, as 2026-01-31."""
    latest: Day | None = None
    """The last day that can be right."""

    @model_validator(mode="after")
    def limits_can_be_met(self) -> Date:
        if self.earliest and self.latest and self.earliest > self.latest:
            raise wrong("days-cross", earliest=self.earliest.isoformat(), latest=self.latest.isoformat())
        return self

    def _limits(self) -> dict[str, Any]:
        return {"earliest": self.earliest, "latest": self.latest}


class NumberField(BaseField):
    """A number."""

    type: Literal["number"]
    least: Number | None = None
    """The smallest number that can be right."""
    most: Number | None = None
    """The largest number that can be right."""
    decimals: Annotated[Whole, Field(ge=0, le=6)] = 0
    """How many digits may stand behind the point."""
    unit: Words | None = None
    """What is counted, for example hours. It stands behind the question, and an answer may have it: 7 hours."""

    @model_validator(mode="after")
    def limits_can_be_met(self) -> NumberField:
        if self.least is not None and self.most is not None and self.least > self.most:
            raise wrong("limits-cross", least=f"{self.least:g}", most=f"{self.most:g}", smaller="least")
        return self

    def _limits(self) -> dict[str, Any]:
        return {"least": self.least, "most": self.most, "decimals": self.decimals, "unit": self.unit}


class OneOf(BaseField):
    """One answer out of several."""

    type: Literal["one-of"]
    options: Options
    """The answers to choose from. Option id: what people read."""
    drawn_as: Literal["radio", "drop-down"] | None = None
    """How it looks. Left out: radio buttons up to seven options, a drop-down above."""

    @property
    def options_by_id(self) -> dict[str, str]:
        return self.options

    @property
    def is_drop_down(self) -> bool:
        """Whether it is drawn as a drop-down."""
        return self.drawn_as == "drop-down" or (self.drawn_as is None and len(self.options) > RADIO_AT_MOST)

    def _limits(self) -> dict[str, Any]:
        return {"options": tuple(self.options), "drop_down": self.is_drop_down}


class SeveralOf(BaseField):
    """Tick boxes, with an optional smallest and largest number of ticks."""

    type: Literal["several-of"]
    options: Options
    """The answers to choose from. Option id: what people read."""
    at_least: Annotated[Whole, Field(ge=0)] | None = None
    """The fewest ticks. Left out: one, or none where the question is optional."""
    at_most: Annotated[Whole, Field(ge=1)] | None = None
    """The most ticks."""
    exactly: Annotated[Whole, Field(ge=1)] | None = None
    """So many ticks, no more and no fewer."""

    @property
    def options_by_id(self) -> dict[str, str]:
        return self.options

    @model_validator(mode="after")
    def limits_can_be_met(self) -> SeveralOf:
        if self.exactly is not None and (self.at_least is not None or self.at_most is not None):
            raise wrong("exactly-and-limits")
        least, most = self.ticks()
        if not least <= most <= len(self.options):
            raise wrong("ticks-cannot-be", count=len(self.options), least=least, most=most)
        return self

    def ticks(self) -> tuple[int, int]:
        """The fewest and the most ticks of an answered question."""
        least = self.exactly if self.exactly is not None else self.at_least
        most = self.exactly if self.exactly is not None else self.at_most
        return (1 if least is None else least), (len(self.options) if most is None else most)

    def _limits(self) -> dict[str, Any]:
        least, most = self.ticks()
        return {"options": tuple(self.options), "at_least": least, "at_most": most}


class YesNo(BaseField):
    """Yes or no."""

    type: Literal["yes-no"]
    yes: Words | None = None
    """What the button for yes says, if not Yes."""
    no: Words | None = None
    """What the button for no says, if not No."""


class Declaration(BaseField):
    """A statement with a box to tick. The label is the statement; a required one must be ticked."""

    type: Literal["declaration"]


class Checklist(BaseField):
    """Things to tick off as they are done. Any number of ticks is right."""

    type: Literal["checklist"]
    options: Options
    """The things to tick off. Id: what people read."""

    @property
    def options_by_id(self) -> dict[str, str]:
        return self.options

    def _limits(self) -> dict[str, Any]:
        return {"options": tuple(self.options)}


class Column(Strict):
    """One column of a table: a question asked in each row."""

    label: Words
    """What stands over the column."""
    type: Literal["text", "long-text", "date", "number", "one-of", "yes-no", "tick"] = "text"
    """What is answered in it."""
    options: Options | None = None
    """For one-of: the answers to choose from."""
    optional: YesNoKey = False
    """yes: may be left empty."""
    most_words: Annotated[Whole, Field(ge=1, le=300)] | None = None
    """For long-text: the longest answer, in words."""
    decimals: Annotated[Whole, Field(ge=0, le=6)] = 0
    """For number: how many digits may stand behind the point."""
    width: Annotated[Whole, Field(ge=10, le=140)] | None = None
    """The column's width in millimetres; a date gets what it needs. Columns without one share what is left."""

    @model_validator(mode="after")
    def options_belong_to_one_of(self) -> Column:
        if (self.type == "one-of") != (self.options is not None):
            raise wrong("column-options")
        return self

    def meaning(self, id: str) -> FieldMeaning:
        """What the column means in each row."""
        return FieldMeaning(
            id=id,
            type="declaration" if self.type == "tick" else self.type,
            required=not self.optional and self.type != "tick",
            options=tuple(self.options or ()),
            most_words=self.most_words if self.type == "long-text" else None,
            decimals=self.decimals if self.type == "number" else 0,
        )


class Row(Strict):
    """One given row of a table."""

    label: Words
    """What the row is about."""
    criteria: tuple[Words, ...] = ()
    """What belongs to it, in smaller type under the label."""


def _row(value: Any) -> Any:
    return {"label": value} if isinstance(value, str) else value


Rows = Annotated[dict[Id, Annotated[Row, BeforeValidator(_row)]], Field(min_length=1, max_length=100)]
Columns = Annotated[dict[Id, Column], Field(min_length=1, max_length=8)]


class _AnyTable(BaseField):
    row_head: Words | None = None
    """What stands over the rows' own names."""
    columns: Columns
    """The questions asked in each row. Id: the column."""

    def column_meanings(self) -> tuple[FieldMeaning, ...]:
        return tuple(column.meaning(id) for id, column in self.columns.items())


class Table(_AnyTable):
    """A table whose rows are given: each row is answered column by column."""

    type: Literal["table"]
    rows: Rows
    """The rows. Id: the row's name, or its label with criteria under it."""
    numbered: YesNoKey = False
    """yes: the rows are numbered."""

    def _limits(self) -> dict[str, Any]:
        return {"rows": tuple(self.rows), "columns": self.column_meanings()}


class BlankTable(_AnyTable):
    """A table with blank rows to be filled in; rows left empty are dropped."""

    type: Literal["blank-table"]
    blank_rows: Annotated[Whole, Field(ge=1, le=40)]
    """How many blank rows there are."""
    at_least: Annotated[Whole, Field(ge=0)] | None = None
    """The fewest rows to be filled in. Left out: one, or none where the question is optional."""

    @model_validator(mode="after")
    def limits_can_be_met(self) -> BlankTable:
        if (self.at_least or 0) > self.blank_rows:
            raise wrong("rows-cannot-be", rows=self.blank_rows, least=self.at_least)
        return self

    def _limits(self) -> dict[str, Any]:
        least = self.at_least if self.at_least is not None else (0 if self.optional else 1)
        return {"blank_rows": self.blank_rows, "at_least": least, "columns": self.column_meanings()}


class Signature(BaseField):
    """A signature with the printed name and the date beside it."""

    type: Literal["signature"]
    declaration: Words | None = None
    """The statement that is signed. Left out: what stands before it in the section."""
    party: Id | None = None
    """The role that signs, where a form is signed by two."""


AnyField = Annotated[
    Text
    | LongText
    | Email
    | Phone
    | Date
    | NumberField
    | OneOf
    | SeveralOf
    | YesNo
    | Declaration
    | Checklist
    | Table
    | BlankTable
    | Signature,
    Field(discriminator="type"),
]
"""One union on `type`: the whole list of field types."""

FIELD_TYPES: dict[str, type[BaseField]] = {
    "text": Text,
    "long-text": LongText,
    "email": Email,
    "phone": Phone,
    "date": Date,
    "number": NumberField,
    "one-of": OneOf,
    "several-of": SeveralOf,
    "yes-no": YesNo,
    "declaration": Declaration,
    "checklist": Checklist,
    "table": Table,
    "blank-table": BlankTable,
    "signature": Signature,
}
"""Name -> class, for the places that walk the types (manual, tests)."""

"""Form: one file of forms/ as frozen models, its shared blocks put in, and the meaning its version has."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from schemebook.scheme.fields import AnyField, BaseField, OnlyIf
from schemebook.scheme.keys import Id, Strict, Whole, Words, YesNoKey, wrong
from schemebook.scheme.meaning import FormMeaning


class Override(Strict):
    """What one form says differently about a question of a shared block."""

    label: Words | None = None
    """The question, as people of this form read it."""
    help: Words | None = None
    """One line that helps to answer."""
    optional: YesNoKey | None = None
    """yes: may be left empty in this form."""
    purpose: Words | None = None
    """Why this form asks it."""
    identifies: str | None = None
    """Whose return this is: `person`, or the id of a role."""
    only_if: OnlyIf | None = None
    """Asks the question only when another answer is as said."""
    width: Literal["third", "half", "two-thirds", "full"] | None = None
    """How much of the page's width the box takes."""
    locked: YesNoKey | None = None
    """yes: where an issued copy has it filled in already, it cannot be changed there."""
    leave_out: YesNoKey = False
    """yes: this form does not ask it."""


class Use(Strict):
    """Puts the questions of a shared block here."""

    use: Id
    """The block's name: a file of forms/shared/."""
    as_: Id | None = None
    """Goes before each id of the block, with a dot, so that a form can use the block twice."""
    identifies: str | None = None
    """Whose name and address these are: the id of a role of the pair."""
    with_: dict[Id, Override] = {}
    """Question id: what this form says differently about it."""


class Block(Strict):
    """Questions that several forms share, written once: a file of forms/shared/."""

    block: Id
    """The block's name, as forms use it."""
    fields: Annotated[tuple[AnyField, ...], Field(min_length=1)]
    """The questions."""


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "use" if "use" in value and "type" not in value else "field"
    return "use" if isinstance(value, Use) else "field"


Asked = Annotated[Annotated[Use, Tag("use")] | Annotated[AnyField, Tag("field")], Discriminator(_kind)]


class Section(Strict):
    """A part of a form under a heading of its own."""

    title: Words
    """The heading."""
    intro: Words | None = None
    """A sentence or two under the heading. Empty lines part paragraphs; lines that begin with a hyphen make a list."""
    only_if: OnlyIf | None = None
    """Asks the whole part only when another answer is as said. Under its heading stands where all others go on."""
    for_: Words | None = None
    """Who the part is for, as its heading says, for example Mentees only."""
    fields: tuple[Asked, ...] = ()
    """The questions, or shared blocks by `use`."""


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class Each(Strict):
    """The form is completed again and again; the named field says which time."""

    each: Literal["month", "quarter", "session", "stage"]
    """What the form is completed for."""
    field: str
    """The id of the question that says which month, quarter, session or stage it is."""


class Form(Strict):
    """One form: who completes it, when, and what it asks."""

    form: Id
    """The form's lasting name."""
    title: Words
    """What stands on top of it."""
    version: Annotated[Whole, Field(ge=1)]
    """Its number. It goes up by one when what is asked changes, not when only words do."""
    completed_by: Annotated[tuple[Id, ...], BeforeValidator(_one_or_many), Field(min_length=1)]
    """The role, or the roles, that fill it in."""
    role_field: str | None = None
    """The id of the one-of question by which a person says which role they have; its options are the ids of roles."""
    occasion: Literal["once"] | Each = "once"
    """once, or each month, quarter, session or stage."""
    about: Words
    """What the form is for, in a sentence; it stands on the handbook's page of forms."""
    instructions: tuple[Words, ...] = ()
    """How to fill it in; it stands under the title. Each entry is a paragraph."""
    data_use: Words | None = None
    """What happens to the answers, in this form's words. Left out: the scheme's data-protection statement."""
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    """Its parts, in order."""
    anonymous: YesNoKey = False
    """yes: answers and month are kept, and nothing that says whose they are."""
    renames: dict[str, str] = {}
    """Old question id: the id it has now. Carries answers of earlier versions over."""
    defaults: dict[str, str] = {}
    """Question id: the answer that earlier versions, which did not ask, are taken to give."""
    source: Words | None = None
    """Where the form comes from: a section of the scheme's document, or `ours`."""

    @model_validator(mode="after")
    def asks_something(self) -> Form:
        if not any(section.fields for section in self.sections):
            raise wrong("no-questions")
        return self

    @property
    def fields(self) -> tuple[BaseField, ...]:
        """Every question in order. Only after `put_in_blocks`."""
        return tuple(field for section in self.sections for field in section.fields if isinstance(field, BaseField))

    def condition_of(self, field: BaseField) -> OnlyIf | None:
        """The condition under which a question is asked: its own, else its section's."""
        if field.only_if:
            return field.only_if
        return next((section.only_if for section in self.sections if field in section.fields), None)

    def meaning(self, scheme: str) -> FormMeaning:
        """What this version means, apart from its words."""
        found = []
        for section in self.sections:
            for field in section.fields:
                assert isinstance(field, BaseField), "blocks are put in first"
                one = field.meaning()
                if one.only_if is None and section.only_if:
                    one = one.model_copy(update={"only_if": section.only_if.condition()})
                found.append(one)
        return FormMeaning(
            scheme=scheme, form=self.form, version=self.version, fields=tuple(found), anonymous=self.anonymous
        )


def put_in_blocks(form: Form, blocks: dict[str, Block]) -> Form:
    """The form with each `use` replaced by its block's questions. A block that is not there leaves nothing."""
    sections = []
    for section in form.sections:
        fields: list[BaseField] = []
        for one in section.fields:
            fields += _questions(one, blocks) if isinstance(one, Use) else [one]
        sections.append(section.model_copy(update={"fields": tuple(fields)}))
    return form.model_copy(update={"sections": tuple(sections)})


def _questions(use: Use, blocks: dict[str, Block]) -> list[BaseField]:
    found: list[BaseField] = []
    block = blocks.get(use.use)
    ids = {field.id for field in block.fields} if block else set()
    prefix = f"{use.as_}." if use.as_ else ""
    for field in block.fields if block else ():
        said = use.with_.get(field.id) or Override()
        if said.leave_out:
            continue
        update: dict[str, Any] = {name: getattr(said, name) for name in said.model_fields_set - {"leave_out"}}
        if use.identifies and field.identifies and "identifies" not in update:
            update["identifies"] = use.identifies
        if prefix and field.only_if and field.only_if.field in ids and "only_if" not in update:
            update["only_if"] = field.only_if.model_copy(update={"field": prefix + field.only_if.field})
        found.append(field.model_copy(update={**update, "id": prefix + field.id}))
    return found

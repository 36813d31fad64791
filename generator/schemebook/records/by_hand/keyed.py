"""A published form in, its places out; what a person keys in for a place in, what its widgets answer out.

So what is keyed in is read by the same rules as what was typed into the PDF. A place is named as problems name it:
`<field>`, a table's cell `<table>.<row>.<column>`, of a signature `<id>.name`, `<id>.date` and `<id>.signature`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemebook.errors import UsageError
from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.form_pdf.entries import entries
from schemebook.returned.widget_answers import BY_HAND, DRAWN, SIGNED, WidgetAnswer
from schemebook.scheme.answers import Value
from schemebook.scheme.meaning import NO, YES, FieldMeaning, FormMeaning, Widget
from schemebook.scheme.words import say, what_and_to_do

_TRUE = ("yes", "true", "y", "1", "x", "ticked", "on")
_FALSE = ("no", "false", "n", "0", "2", "off")
_SIGNED_AS = {"digital": SIGNED, "typed": DRAWN, "drawn": BY_HAND}


class NotTakenError(UsageError):
    """What was keyed in is no answer to the question. The message never quotes it."""


@dataclass(frozen=True)
class Place:
    """One place of a form that takes an answer.

    label: the question, with row and column of a table's cell. options: option id -> its words, in order; of a tick or
    a yes/no question none. widgets: the names of its PDF fields.
    """

    name: str
    field: FieldMeaning
    kind: str
    label: str
    widgets: tuple[str, ...]
    options: Mapping[str, str]

    @property
    def takes_several(self) -> bool:
        """Whether more than one option may be chosen."""
        return self.field.type in ("several-of", "checklist")


def places_of(descriptor: FormDescriptor) -> dict[str, Place]:
    """Name -> place, in the form's order."""
    found: dict[str, Place] = {}
    fields = {field.id: field for field in descriptor.meaning.fields}
    for widget in descriptor.widgets:
        field = fields[widget.field]
        name = widget.field if widget.option else widget.name
        before = found[name].widgets if name in found else ()
        options = _options(field, widget, descriptor.edition.labels)
        kind = "ticks" if widget.option else "yes-no" if _is_yes_no(field, widget) else widget.kind
        label = _label(widget, descriptor.edition.labels)
        found[name] = Place(name, field, kind, label, (*before, widget.name), options)
    return found


def _is_yes_no(field: FieldMeaning, widget: Widget) -> bool:
    return widget.kind in ("tick", "signature") or widget.options == (YES, NO)


def _options(field: FieldMeaning, widget: Widget, words: Mapping[str, str]) -> dict[str, str]:
    if widget.option:
        return {option: words.get(f"{field.id}/{option}", option) for option in field.options}
    if _is_yes_no(field, widget):
        return {}
    name = f"{field.id}..{widget.column}" if widget.column else field.id
    return {option: words.get(f"{name}/{option}", option) for option in widget.options}


def _label(widget: Widget, words: Mapping[str, str]) -> str:
    label = words.get(widget.field, widget.field)
    if widget.row:
        row = words.get(f"{widget.field}.{widget.row}", widget.row)
        return f"{label}: {row}, {words.get(f'{widget.field}..{widget.column}', widget.column)}"
    part = widget.name.removeprefix(f"{widget.field}.")
    return label if widget.option or part == widget.name else f"{label}: {say(f'records.part-{part}')}"


def place_named(descriptor: FormDescriptor, name: str) -> Place:
    """The place of that name. Raises UsageError where the form has none."""
    places = places_of(descriptor)
    if name not in places:
        raise UsageError(*what_and_to_do("records.no-place", name=name, known=", ".join(places)), kind="no-place")
    return places[name]


def question_of(meaning: FormMeaning, name: str) -> str:
    """The id of the question that a place, or a problem, belongs to."""
    fits = [one.id for one in meaning.fields if name == one.id or name.startswith(f"{one.id}.")]
    return max(fits, key=len, default=name)


def widgets_of(meaning: FormMeaning, answers: Mapping[str, Value]) -> dict[str, WidgetAnswer]:
    """What the widgets of a form hold that has these answers."""
    found = {name: WidgetAnswer(text) for name, text in entries(meaning, answers).items()}
    for field in meaning.fields:
        if field.type == "signature" and field.id in answers:
            found[f"{field.id}.signature"] = WidgetAnswer(_SIGNED_AS.get(answers[field.id]["kind"]))
    return found


def keyed_in(place: Place, text: str) -> dict[str, WidgetAnswer]:
    """What the widgets of a place answer by what was keyed in; nothing, for no answer.

    An option may be given by its id, its words or its number; several with semicolons between them. Raises
    NotTakenError where it is none of them.
    """
    said = text.strip()
    if place.kind == "ticks":
        chosen = {_option(place, one) for one in said.split(";") if one.strip()}
        ids = list(place.options)
        return {
            name: WidgetAnswer("on" if option in chosen else None)
            for option, name in zip(ids, place.widgets, strict=True)
        }
    (name,) = place.widgets
    if not said:
        return {name: WidgetAnswer()}
    if place.kind == "yes-no":
        return {name: WidgetAnswer(_yes_no(place, said))}
    return {name: WidgetAnswer(_option(place, said) if place.options else text)}


def _yes_no(place: Place, said: str) -> str | None:
    folded = said.casefold()
    if folded not in (*_TRUE, *_FALSE):
        raise NotTakenError(*what_and_to_do("records.takes-yes-no", place=place.name), kind="takes-yes-no")
    if place.name.endswith(".signature"):
        return BY_HAND if folded in _TRUE else None
    if place.field.type == "declaration" or _is_declaration(place):
        return "on" if folded in _TRUE else None
    return YES if folded in _TRUE else NO


def _is_declaration(place: Place) -> bool:
    """Whether a table's cell is a tick."""
    column = place.name.rpartition(".")[2]
    return any(one.id == column and one.type == "declaration" for one in place.field.columns)


def _option(place: Place, said: str) -> str:
    said, ids = said.strip(), list(place.options)
    if said in place.options:
        return said
    by_words = {" ".join(words.split()).casefold(): id for id, words in place.options.items()}
    if found := by_words.get(" ".join(said.split()).casefold()):
        return found
    if said.isdecimal() and 0 < int(said[:3]) <= len(ids):
        return ids[int(said) - 1]
    words = what_and_to_do("records.takes-option", place=place.name, options=", ".join(ids))
    raise NotTakenError(*words, kind="takes-option")


def value_at(meaning: FormMeaning, answers: Mapping[str, Value], name: str) -> Value:
    """The answer at a place; None where there is none. Of a signature itself: its kind."""
    id = question_of(meaning, name)
    value: Any = answers.get(id)
    for step in name.removeprefix(id).removeprefix(".").split("."):  # no id of a row or column has a dot
        if isinstance(value, list) and step.isdecimal():
            value = value[int(step) - 1] if 0 < int(step) <= len(value) else None
        elif step:
            value = value.get("kind" if step == "signature" else step) if isinstance(value, dict) else None
    return value

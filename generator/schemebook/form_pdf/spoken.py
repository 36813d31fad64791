"""Form in, the words of its boxes out: what a screen reader says of each, and the labels that an edition keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from schemebook.form_pdf.printed_fields import options_of, words_of_condition
from schemebook.form_pdf.printed_table import column_options
from schemebook.scheme.fields import BaseField, BlankTable, Checklist, Date, NumberField, SeveralOf, Signature, Table
from schemebook.scheme.form import Form
from schemebook.scheme.meaning import Widget
from schemebook.scheme.model import Scheme
from schemebook.scheme.words import say

SIGNATURE_PARTS = {"name": "form_pdf.printed-name", "date": "form_pdf.date-signed"}


def spoken_names(scheme: Scheme, form: Form, widgets: Mapping[str, Sequence[Widget]]) -> dict[tuple[str, str], str]:
    """(widget name, option) -> what is said of the box: its group, its words, and whether an answer is needed.

    widgets: by the id of their field. A radio button has an entry of its own, and its question another under an empty
    option.
    """
    return {
        key: text
        for field in form.fields
        for key, text in _spoken(field, widgets[field.id], _need(scheme, form, field))
    }


def edition_labels(form: Form) -> dict[str, str]:
    """The labels an edition keeps: `<field>`, `<field>/<option>`, `<table>.<row>`, `<table>..<column>`."""
    found = {}
    for field in form.fields:
        found[field.id] = field.label
        found |= {f"{field.id}/{option}": words for option, words in options_of(field).items()}
        if isinstance(field, Table):
            found |= {f"{field.id}.{id}": row.label for id, row in field.rows.items()}
        if isinstance(field, Table | BlankTable):
            found |= {f"{field.id}..{id}": column.label for id, column in field.columns.items()}
            for id, column in field.columns.items():
                found |= {f"{field.id}..{id}/{option}": words for option, words in column_options(column).items()}
    return found


def _need(scheme: Scheme, form: Form, field: BaseField) -> str:
    """Whether an answer is needed; where that depends on another answer, on which."""
    if field.optional:
        return say("form_pdf.may-be-empty")
    condition = form.condition_of(field)
    if condition:
        words = words_of_condition(scheme, form, condition)
        return words[:1].lower() + words[1:]
    return say("form_pdf.required")


def _spoken(field: BaseField, widgets: Sequence[Widget], need: str) -> Iterator[tuple[tuple[str, str], str]]:
    for widget in widgets:
        words = _said_in(field.label, _part(field, widget))
        need_here = _cell_need(field, widget, need)
        yield (widget.name, ""), say("form_pdf.said", words=words, need=need_here)
        if widget.kind == "radio":
            for option, label in _radio_options(field, widget).items():
                yield (widget.name, option), say("form_pdf.said", words=_said_in(words, label), need=need_here)


def _cell_need(field: BaseField, widget: Widget, need: str) -> str:
    """A table's cell may be optional by itself; a tick among others and a blank row always are."""
    if not isinstance(field, Table | BlankTable) or widget.column is None:
        return need
    column = field.columns[widget.column]
    if isinstance(field, BlankTable) or column.optional or column.type == "tick":
        return say("form_pdf.may-be-empty")
    return need


def _part(field: BaseField, widget: Widget) -> str | None:
    """What the widget is within its question; None where it is the whole of it."""
    if isinstance(field, Table | BlankTable) and widget.row and widget.column:
        row = field.rows[widget.row].label if isinstance(field, Table) else say("form_pdf.row", number=widget.row)
        column = field.columns[widget.column]
        how = say("form_pdf.day-month-year-said") if column.type == "date" else None
        return _said_in(row, _said_in(column.label, how))
    if isinstance(field, SeveralOf | Checklist) and widget.option:
        return field.options[widget.option]
    if isinstance(field, Signature):
        part = widget.name.rpartition(".")[2]
        return say(SIGNATURE_PARTS[part]) if part in SIGNATURE_PARTS else None
    if isinstance(field, Date):
        return say("form_pdf.day-month-year-said")
    if isinstance(field, NumberField):
        return field.unit
    return None


def _radio_options(field: BaseField, widget: Widget) -> dict[str, str]:
    if isinstance(field, Table | BlankTable) and widget.column:
        return column_options(field.columns[widget.column])
    return options_of(field)


def _said_in(group: str, words: str | None) -> str:
    return say("form_pdf.said-in", group=group, words=words) if words else group

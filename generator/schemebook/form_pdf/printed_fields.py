"""Fields in, what the sheet prints of each out: label, hints, options, heights, as data for the field templates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from schemebook.form_pdf.least_width import date_box, drop_down_box
from schemebook.form_pdf.printed_rows import rows_as_questions
from schemebook.form_pdf.printed_table import printed_table
from schemebook.form_pdf.sheet import Sheet
from schemebook.form_pdf.text_measure import lines_needed, paragraph_height
from schemebook.scheme.fields import (
    BaseField,
    BlankTable,
    Date,
    Declaration,
    LongText,
    NumberField,
    OneOf,
    OnlyIf,
    SeveralOf,
    Signature,
    Table,
    Text,
    YesNo,
)
from schemebook.scheme.form import Form
from schemebook.scheme.meaning import NO, YES
from schemebook.scheme.model import Scheme
from schemebook.scheme.words import say

_BREAKS_ABOVE = 14
"""So many options still keep together on one page; a longer list may go on over the page's end."""
_WHOLE_AT_MOST = 0.6
"""A statement up to this part of a page goes to the next one whole."""
_LISTED_AT_MOST = 12
"""So many entries of a drop-down are also printed, for those who fill it in on paper."""


def printed_fields(scheme: Scheme, form: Form, fields: Sequence[BaseField], sheet: Sheet) -> list[dict[str, Any]]:
    """What is printed of a section's fields. Declarations that stand right before a signature go into its block."""
    found: list[dict[str, Any]] = []
    for field in fields:
        printed = _printed(scheme, form, field, sheet)
        if isinstance(field, Signature):
            while field.declaration is None and found and found[-1]["type"] == "declaration":
                printed["declarations"].insert(0, found.pop())
        found.append(printed)
    return found


def words_of_condition(scheme: Scheme, form: Form, only_if: OnlyIf) -> str:
    """Who answers a part, in words, for its heading."""
    if only_if.field == form.role_field and all(role in scheme.roles for role in only_if.is_):
        roles = say("form_pdf.or").join(scheme.roles[role].plural for role in only_if.is_)
        return say("form_pdf.role-only", roles=roles[:1].upper() + roles[1:])
    formal = scheme.branding.tone == "formal"
    asked = next(field for field in form.fields if field.id == only_if.field)
    if isinstance(asked, Declaration):
        return say("form_pdf.only-if-ticked", formal=formal, label=asked.label)
    words = options_of(asked)
    options = say("form_pdf.or").join(say("form_pdf.quoted", words=words.get(one, one)) for one in only_if.is_)
    key = "only-if-answered" if isinstance(asked, YesNo) else "only-if-chosen"
    return say(f"form_pdf.{key}", formal=formal, options=options, label=asked.label)


def options_of(field: BaseField) -> dict[str, str]:
    """Option id -> words, the two of a yes/no question among them."""
    if isinstance(field, YesNo):
        return {YES: field.yes or say("form_pdf.yes"), NO: field.no or say("form_pdf.no")}
    return dict(field.options_by_id)


def _printed(scheme: Scheme, form: Form, field: BaseField, sheet: Sheet) -> dict[str, Any]:
    options = options_of(field)
    kind: str = field.type  # type: ignore[attr-defined]
    drop_down = isinstance(field, OneOf) and field.is_drop_down
    return {
        "type": kind,
        "name": field.id,
        "label": field.label,
        "aside": _aside(field),
        "hints": _hints(scheme, form, field),
        "span": sheet.span_of(field.width),
        "own-span": field.width is not None,
        "least-width": _least_width(field, sheet),
        "options": [{"id": id, "label": label} for id, label in options.items()],
        "joint": "/" if isinstance(field, OneOf | YesNo) else ".",
        "drop-down": drop_down,
        "breaks": len(options) > _BREAKS_ABOVE and not drop_down,
        "one-line": kind in ("text", "email", "phone", "date", "number") or drop_down,
        **_of_its_type(field, sheet),
    }


def _least_width(field: BaseField, sheet: Sheet) -> float:
    if isinstance(field, Date):
        return date_box(sheet)
    if isinstance(field, OneOf) and field.is_drop_down:
        return drop_down_box(field.options.values(), sheet)
    return 0.0


def _of_its_type(field: BaseField, sheet: Sheet) -> dict[str, Any]:
    if isinstance(field, LongText):
        width = sheet.span_width(sheet.span_of(field.width) or 6)
        return {"height": sheet.area_height(field.most_words, width)}
    if isinstance(field, Table | BlankTable):
        return rows_as_questions(field, sheet) if sheet.whole_width_only else printed_table(field, sheet)
    if isinstance(field, Signature):
        return _statement(field, sheet)
    return {}


def _statement(field: Signature, sheet: Sheet) -> dict[str, Any]:
    """What is signed. A long statement may go on over the page's end; its last paragraph stays with the signature."""
    paragraphs = _paragraphs(field.declaration or "")
    lines = sum(lines_needed(one["words"] or "", sheet.text, sheet.text_width - 10) + 1 for one in paragraphs)
    breaks = paragraph_height(lines, sheet.text, sheet.leading * sheet.text) > sheet.text_height * _WHOLE_AT_MOST
    return {"declarations": [], "statement": paragraphs, "breaks": breaks}


def _paragraphs(text: str) -> list[dict[str, str | None]]:
    """A statement's paragraphs, parted by empty lines; a number at the beginning of one stands by itself."""
    found = []
    for paragraph in re.split(r"\n\s*\n", text.strip()) if text.strip() else []:
        numbered = re.match(r"(\d{1,2})[.)]\s+", paragraph)
        words = paragraph[numbered.end() :] if numbered else paragraph
        found.append({"number": numbered[1] if numbered else None, "words": " ".join(words.split())})
    return found


def _aside(field: BaseField) -> str | None:
    """What stands behind the label in quiet: how to write it, and that it may stay empty."""
    optional = "-optional" if field.optional else ""
    if isinstance(field, NumberField) and field.unit:
        return say(f"form_pdf.unit{optional}", unit=field.unit)
    if isinstance(field, Date):
        return say(f"form_pdf.day-month-year{optional}")
    return say("form_pdf.optional") if field.optional else None


def _hints(scheme: Scheme, form: Form, field: BaseField) -> list[str]:
    """The lines between label and box: for whom, the help, the limits."""
    found = []
    if field.only_if:
        found.append(words_of_condition(scheme, form, field.only_if) + ".")
    said = " ".join(filter(None, [field.help, _limits(field)]))
    return found + ([said] if said else [])


def _limits(field: BaseField) -> str:
    """A field's limits as a sentence; empty where it has none that a person must know."""
    if isinstance(field, LongText):
        key = "words-between" if field.least_words else "most-words"
        return say(f"form_pdf.{key}", least=field.least_words, count=field.most_words)
    if isinstance(field, SeveralOf):
        return _limits_of_ticks(field)
    if isinstance(field, OneOf) and field.is_drop_down and len(field.options) <= _LISTED_AT_MOST:
        return say("form_pdf.choose-one", options="; ".join(field.options.values()))
    if isinstance(field, BlankTable) and (field.at_least or 0) > 1:
        return say("form_pdf.rows-at-least", count=field.at_least)
    if isinstance(field, Text) and field.most_letters and field.most_letters < 20:
        return say("form_pdf.most-letters", count=field.most_letters)
    return ""


def _limits_of_ticks(field: SeveralOf) -> str:
    least, most = field.ticks()
    bounded = most < len(field.options)
    if least == most:
        return say("form_pdf.ticks-exactly", count=most)
    if least > 1 and bounded:
        return say("form_pdf.ticks-between", least=least, count=most)
    if least > 1:
        return say("form_pdf.ticks-at-least", count=least)
    return say("form_pdf.ticks-at-most", count=most) if bounded else ""

"""Blank and answers in, filled copy out: the values, and what each field shows drawn with our own faces."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Name, String

from schemebook.errors import UsageError
from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.form_pdf.drawn_answers import Answer, draw
from schemebook.form_pdf.entries import Misfit, entries, misfits
from schemebook.form_pdf.fonts import SERIF, missing_scripts
from schemebook.form_pdf.marking import file_of
from schemebook.form_pdf.more_fonts import extra_for
from schemebook.form_pdf.opened import opened
from schemebook.form_pdf.sheet import SHEETS
from schemebook.scheme.answers import Value, holds
from schemebook.scheme.meaning import Widget
from schemebook.scheme.words import say, what_and_to_do

_PLAIN = re.compile(r"[\n -~]*")
READ_ONLY = 1
"""The field flag (ISO 32000-2, table 227)."""
_TYPED_IN = re.compile(r"/(\S+) ([0-9.]+) Tf (.+) rg")


@dataclass(frozen=True)
class FillNote:
    """Something about a filled copy that one should know. It names the field and never quotes the answer."""

    field: str
    kind: str
    message: str

    def __str__(self) -> str:
        return f"note: {self.message}."


@dataclass(frozen=True)
class FilledCopy:
    """A form with its answers in it, and what to tell whoever filled it."""

    pdf: bytes
    notes: tuple[FillNote, ...]


class WrongAnswersError(UsageError):
    """Answers that the form cannot hold, told together, a line each."""

    def __init__(self, found: list[Misfit]) -> None:
        self.misfits = tuple(found)
        Exception.__init__(self, "\n".join(one.message for one in found))


def fill_form(blank: bytes, descriptor: FormDescriptor, answers: Mapping[str, Value]) -> FilledCopy:
    """The blank with the answers filled in; the same bytes each time.

    blank: the form as `make_form_pdf` or `publish` made it. descriptor: its version and edition. answers: an object by
    field id, as `records` gives it. Only signatures of kind typed and none can be filled in.
    Raises WrongAnswersError where the form has no such field or a field cannot hold its answer.
    A letter that no shipped face has stands in the value and not in what is shown; a note says so.
    """
    if found := misfits(descriptor.meaning, answers):
        raise WrongAnswersError(found)
    with opened(blank) as pdf:
        notes = fill_in(pdf, descriptor, answers)
        return FilledCopy(file_of(pdf), notes)


def fill_in(
    pdf: pikepdf.Pdf, descriptor: FormDescriptor, answers: Mapping[str, Value], locked: Collection[str] = ()
) -> tuple[FillNote, ...]:
    """Fill answers that fit into an open form. locked: ids of fields that cannot be changed where they are filled."""
    held = entries(descriptor.meaning, answers)
    fields = dict(_fields(pdf))
    filled = [widget for widget in descriptor.widgets if widget.name in held]
    shown = [_fill(fields[widget.name], widget, held[widget.name], descriptor) for widget in filled]
    for widget in descriptor.widgets:
        if widget.field in locked and widget.field in answers:
            fields[widget.name].Ff = int(fields[widget.name].get("/Ff", 0)) | READ_ONLY
    written = [answer for answer in shown if answer]
    cut = draw(pdf, written, descriptor.edition.language)
    return tuple(_notes(descriptor, answers, written, cut))


def read_answers(path: Path) -> dict[str, Value]:
    """The answers of a JSON file: one object by field id. Raises UsageError where it is none, or says a thing twice."""
    try:
        found = json.loads(path.read_bytes(), object_pairs_hook=_once_each, parse_constant=_no_constant)
    except OSError:
        raise _unreadable(path, "no-answers-file") from None
    except json.JSONDecodeError as wrong:
        raise _unreadable(path, "not-json", line=wrong.lineno, column=wrong.colno) from None
    except (ValueError, RecursionError):
        raise _unreadable(path, "not-json", line=1, column=1) from None
    if not isinstance(found, dict):
        raise _unreadable(path, "no-object")
    return found


class _Twice(ValueError):
    """One object of the file has a key twice."""


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Twice
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _unreadable(path: Path, kind: str, **values: object) -> UsageError:
    what, to_do = what_and_to_do(f"fill.{kind}", file=path.name, **values)
    return UsageError(what, to_do, kind=kind)


def _fields(pdf: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Object]]:
    """Full name and dictionary of every field that can hold a value."""
    waiting = [(node, "") for node in pdf.Root.AcroForm.Fields]
    while waiting:
        node, above = waiting.pop()
        name = f"{above}.{node.T}" if above else str(node.T)
        if "/FT" in node:
            yield name, node
        else:
            waiting += [(kid, name) for kid in node.Kids]


def _fill(field: pikepdf.Object, widget: Widget, value: str, descriptor: FormDescriptor) -> Answer | None:
    """Write one value; what is still to be drawn for it, None where the blank holds the drawing."""
    if widget.kind == "radio":
        field.V = Name(f"/{value}")
        for button in field.Kids:
            button.AS = field.V if field.V in button.AP.N else Name.Off
        return None
    if widget.kind == "tick":
        field.V = field.AS = Name(f"/{value}")
        return None
    if widget.kind == "signature":
        return _drawn_signature(field, widget, value, descriptor)
    field.V = text_string(value)
    if widget.kind == "drop-down":
        value = descriptor.edition.labels[f"{widget.field}/{value}"]
    font, size, colour = _typed_in(field)
    return Answer(
        widget=widget,
        field=field,
        text=value if widget.multi_line else " ".join(value.split("\n")),
        size=size,
        font=font,
        stands="top" if widget.multi_line else "middle",
        above=1 if widget.multi_line else 0,
        colour=colour,
    )


def _drawn_signature(field: pikepdf.Object, widget: Widget, value: str, descriptor: FormDescriptor) -> Answer:
    sheet = SHEETS.get(descriptor.edition.name, SHEETS["a4"])
    return Answer(
        widget=widget,
        field=field,
        text=" ".join(value.split()),
        size=sheet.signature_text,
        face=SERIF,
        stands="bottom",
        above=2,
        colour=sheet.answers,
    )


def _typed_in(field: pikepdf.Object) -> tuple[str, float, str]:
    """The font's name, the size and the colour that a program would type in, from /DA; sizes differ among fields."""
    found = _TYPED_IN.search(str(field.DA))
    if found is None:
        raise ValueError("a text field of ours names its font and size")
    return found[1], float(found[2]), found[3]


def text_string(text: str) -> String:
    """A text string that every program reads alike: plain bytes for ASCII, else UTF-16BE (ISO 32000-2, 7.9.2.2).

    PDFDocEncoding, the third way, makes a text that begins with "þÿ" look like UTF-16.
    """
    return String(text) if _PLAIN.fullmatch(text) else String(b"\xfe\xff" + text.encode("utf-16-be"))


def _notes(
    descriptor: FormDescriptor, answers: Mapping[str, Value], drawn: list[Answer], cut: frozenset[str]
) -> Iterator[FillNote]:
    for field in descriptor.meaning.fields:
        if field.id in answers and not holds(field.only_if, answers):
            yield _note(field.id, "not-asked")
    for answer in drawn:
        if answer.widget.kind == "signature":
            continue  # its name is told of where it is printed
        name = answer.widget.name if answer.widget.row else answer.widget.field
        if scripts := missing_scripts(answer.text, with_more=True):
            yield _undrawn(name, scripts)
        if answer.widget.name in cut:
            yield _note(name, "does-not-fit")


def _undrawn(field: str, scripts: tuple[str, ...]) -> FillNote:
    """Letters that no font has, and where fonts for them can be had."""
    extras = dict.fromkeys(extra for script in scripts if (extra := extra_for(script)))
    told = say("fill.not-drawn", field=field, scripts=", ".join(scripts))
    if extras:
        told += say("fill.fonts-to-be-had", packages=" ".join(f"'schemebook[{extra}]'" for extra in extras))
    return FillNote(field, "not-drawn", told)


def _note(field: str, kind: str) -> FillNote:
    return FillNote(field, kind, say(f"fill.{kind}", field=field))

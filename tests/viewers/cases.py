"""The forms that are filled, and what is entered in each of their fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.form_pdf.everything import HEAD, everything, made_from
from tests.pdf_fields import Value
from tests.viewers.texts import BY_ID, SAMPLES, SHORT, Sample, form

from schemebook.form_pdf.finish import FormPdf, make_form_pdf
from schemebook.form_pdf.text_measure import text_width
from schemebook.scheme.meaning import FieldMeaning, Widget
from schemebook.scheme.project import Project, load_project

ROOT = Path(__file__).parents[2]

PADDING = 2
"""What viewers leave free at each end of a box, in points."""
TEXTS = "every text"
FIELDS = "every field type"


@dataclass(frozen=True)
class Entry:
    """What is entered in one PDF field. type: of its question, or of its column. sample: the text, where it is one."""

    widget: Widget
    type: str
    value: Value
    sample: Sample | None = None


@dataclass(frozen=True)
class Case:
    """A form to be filled, and the entry for each of its fields but signature fields, by full name."""

    name: str
    form: FormPdf
    entries: dict[str, Entry]

    @property
    def values(self) -> dict[str, Value]:
        """What a person enters: full name -> text, tick, option's id."""
        return {name: entry.value for name, entry in self.entries.items()}

    def shown(self, entry: Entry) -> str:
        """The text that stands in the box of a text field or drop-down."""
        label = f"{entry.widget.name}/{entry.value}"
        return self.form.descriptor.edition.labels[label] if entry.widget.kind == "drop-down" else str(entry.value)

    def fits(self, entry: Entry) -> bool:
        """Whether a text is no longer than its box of one line; a longer one scrolls, and is seen in part."""
        if entry.widget.kind not in ("text", "drop-down") or entry.widget.multi_line:
            return True
        edition = self.form.descriptor.edition
        left, _, right, _ = next(box.rect for box in edition.boxes if box.name == entry.widget.name)
        return text_width(self.shown(entry), edition.text_size) * 72 / 25.4 <= right - left - 2 * PADDING


@cache
def every_text() -> Case:
    """A form with one field of each kind for each text."""
    with TemporaryDirectory() as root:
        made = made_from(
            Path(root), HEAD.replace("role-field: role\n", "").replace("asks everything", "takes any text") + form()
        )
    return Case(TEXTS, made, dict(_entries(made)))


@cache
def every_field_type() -> Case:
    """The form that asks everything; its texts are one and the same, for the form of texts has the others."""
    made = everything()
    return Case(FIELDS, made, dict(_entries(made, (BY_ID["macrons"],))))


@cache
def _bundled() -> Project:
    return load_project(ROOT)


def bundled_names() -> list[tuple[str, str]]:
    """Scheme and form of every form in this repository."""
    return [(scheme, form.form) for scheme, forms in _bundled().forms.items() for form in forms.values()]


def bundled(scheme: str, name: str, edition: str | None = None) -> Case:
    """One of them, in its scheme's first edition or in another."""
    made = make_form_pdf(_bundled(), scheme, name, edition, draft=False)
    title = f"{scheme}/{name}" + (f"/{edition}" if edition else "")
    return Case(title, made, dict(_entries(made)))


def bundled_editions(edition: str) -> Iterator[Case]:
    """Every bundled form in one edition, where its scheme has that."""
    for scheme, name in bundled_names():
        if edition in _bundled().scheme(scheme).editions[1:]:
            yield bundled(scheme, name, edition)


def _entries(made: FormPdf, given: tuple[Sample, ...] = SAMPLES) -> Iterator[tuple[str, Entry]]:
    fields = {field.id: field for field in made.descriptor.meaning.fields}
    samples = {False: cycle(one for one in given if not one.lines), True: cycle(given)}
    count = 0
    for widget in made.descriptor.widgets:
        if widget.kind == "signature":
            continue
        count += 1
        type = _type(fields[widget.field], widget)
        sample = None
        if type in ("text", "long-text"):
            sample = BY_ID.get(widget.name.partition("-")[2]) or _fitting(samples[widget.multi_line], widget)
        yield widget.name, Entry(widget, type, sample.text if sample else _value(type, widget, fields, count), sample)


def _type(field: FieldMeaning, widget: Widget) -> str:
    """The field type that the matrix counts a PDF field under."""
    if field.type in ("table", "blank-table"):
        return next(column for column in field.columns if column.id == widget.column).type
    if field.type == "signature":
        return "text" if widget.name.endswith(".name") else "date"
    return field.type


def _fitting(samples: Iterator[Sample], widget: Widget) -> Sample:
    """The next text; a short one where the field has no room for it."""
    sample, most = next(samples), widget.most_letters
    return sample if most is None or len(sample.text) <= most else SHORT


def _value(type: str, widget: Widget, fields: dict[str, FieldMeaning], count: int) -> Value:
    """An answer that fits its question's type."""
    if widget.kind == "tick":
        most = fields[widget.field].at_most
        return widget.option is None or most is None or widget.option in fields[widget.field].options[:most]
    if widget.options:
        return widget.options[count % len(widget.options)]
    return {"date": "24 November 2026", "number": "12", "email": "tāne.mahuta@example.org", "phone": "+64 21 555 0199"}[
        type
    ]


def places(case: Case, *, from_the_top: bool = True) -> Iterator[Mapping[str, Any]]:
    """What to click or enter and where, in the order of the pages: in points from a page's upper or lower left corner.

    A tick that stays off and the buttons that are not chosen are left out. option: the place of a drop-down's entry.
    """
    edition = case.form.descriptor.edition
    for box in edition.boxes:
        entry = case.entries.get(box.name)
        if entry is None or entry.value is False or (entry.widget.kind == "radio" and box.option != entry.value):
            continue
        left, bottom, right, top = box.rect
        middle = (bottom + top) / 2
        yield {
            "name": box.name,
            "page": box.page - 1,
            "x": (left + right) / 2,
            "y": edition.paper[1] - middle if from_the_top else middle,
            "kind": entry.widget.kind,
            "value": entry.value,
            "option": entry.widget.options.index(str(entry.value)) if entry.widget.kind == "drop-down" else 0,
        }

"""Form in, fillable PDF out: boxes -> field tree, structure tags, the edition's id; same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name

from schemebook.errors import SchemebookError, UsageError
from schemebook.form_pdf.boxes import LaidOutBox, misplaced
from schemebook.form_pdf.descriptor import Edition, FormDescriptor, edition_path
from schemebook.form_pdf.fonts import embed_field_font, lean_fonts
from schemebook.form_pdf.marking import Marks, file_of, mark, marks_of
from schemebook.form_pdf.metadata import shorten_metadata
from schemebook.form_pdf.pages import laid_out
from schemebook.form_pdf.printed_fields import options_of
from schemebook.form_pdf.printed_form import printed_form
from schemebook.form_pdf.printed_table import column_widths
from schemebook.form_pdf.sheet import SHEETS, Sheet
from schemebook.form_pdf.spoken import edition_labels, spoken_names
from schemebook.form_pdf.structure_tags import mark_form_tags
from schemebook.form_pdf.widgets import FormWords, default_appearance, make_fields
from schemebook.scheme.fields import BaseField, BlankTable, LongText, OneOf, Signature, Table
from schemebook.scheme.form import Form, Section
from schemebook.scheme.meaning import FormMeaning, Widget
from schemebook.scheme.model import Scheme
from schemebook.scheme.project import CONFIGS, Project
from schemebook.scheme.words import what_and_to_do

_ASKED_FIRST = "Wingdings"
"""pdfium asks an embedded font for letters outside Western Europe only where its resource has such a name."""
_ANY_NAME = "F0"
_NO_PROSE = ("email", "phone", "date", "number")
_LINE_ABOVE, _LINE_BELOW = 950, -325
"""In 1/1000 em: 4.5 mm at 10 pt, as a sheet counts its lines. Only capitals with two marks stand higher."""


class TallerThanAPageError(SchemebookError):
    """A question has a part that no page of an edition has room for. field: its id."""

    def __init__(self, form: str, field: str) -> None:
        words = what_and_to_do("form_pdf.taller-than-a-page", form=form, field=field)
        super().__init__(*words, kind="taller-than-a-page")
        self.field = field


@dataclass(frozen=True)
class FormPdf:
    """A form's PDF, and what it must be read by."""

    pdf: bytes
    descriptor: FormDescriptor
    draft: bool
    """Whether this edition is not published; its pages say so."""


@dataclass(frozen=True)
class UnmarkedForm:
    """A form's PDF without code and claim, what it must be read by, and what to mark its copies with."""

    pdf: bytes
    descriptor: FormDescriptor
    marks: Marks
    published: bool


def make_form_pdf(
    project: Project,
    scheme_id: str,
    form_id: str,
    edition_name: str | None = None,
    token: str | None = None,
    *,
    draft: bool | None = None,
) -> FormPdf:
    """The fillable PDF of one form.

    edition_name: one of the scheme's editions; None: the first of them.
    token: of an issued copy; it goes into the claim and the printed code.
    draft: whether its pages say so; None: when the edition is not among the project's published ones.
    The edition's id is taken from what has been laid out, and only then printed: no box moves for it.
    Raises UsageError where the project has no such form or edition, TallerThanAPageError where a question is taller
    than a page, OSError where the logo cannot be read, and ValueError where a template loses or splits a box, a bug of
    ours.
    """
    with _finished(project, scheme_id, form_id, edition_name) as (pdf, descriptor, marks):
        if draft is None:
            draft = not _is_published(project.root, descriptor)
        mark(pdf, marks, draft=draft, token=token)
        return FormPdf(file_of(pdf), descriptor, draft)


def make_unmarked(project: Project, scheme_id: str, form_id: str, edition_name: str | None = None) -> UnmarkedForm:
    """A form that each of many copies is made from (issued_copy.py). Raises as `make_form_pdf` does."""
    with _finished(project, scheme_id, form_id, edition_name) as (pdf, descriptor, marks):
        return UnmarkedForm(file_of(pdf), descriptor, marks, _is_published(project.root, descriptor))


@contextmanager
def _finished(
    project: Project, scheme_id: str, form_id: str, edition_name: str | None
) -> Iterator[tuple[pikepdf.Pdf, FormDescriptor, Marks]]:
    """The form with its fields and tags, before it is marked."""
    scheme, form = project.scheme(scheme_id), project.form(scheme_id, form_id)
    name = edition_of(scheme, edition_name)
    sheet = SHEETS[name]
    meaning = form.meaning(scheme.scheme)
    titles = {id: one.title for id, one in project.forms[scheme_id].items()}
    with laid_out(printed_form(scheme, form, sheet, titles, _logo(project, scheme)), sheet) as done:
        pdf, found = done.pdf, done.boxes
        descriptor = FormDescriptor(meaning, _edition(scheme, form, name, pdf, found))
        _check_boxes(form, descriptor.widgets, found)
        _check_heights(form, sheet, found)
        _finish(pdf, scheme, form, sheet, descriptor, found)
        yield pdf, descriptor, marks_of(descriptor.claim, sheet, scheme)


def edition_of(scheme: Scheme, name: str | None) -> str:
    """The name of one of the scheme's editions; None: the first. Raises UsageError for one that it does not have."""
    if name is None:
        return scheme.editions[0]
    if name not in scheme.editions:
        known = ", ".join(scheme.editions)
        raise UsageError(*what_and_to_do("form_pdf.no-edition", scheme=scheme.scheme, name=name, known=known))
    return name


def _logo(project: Project, scheme: Scheme) -> Path | None:
    return project.root / CONFIGS / scheme.branding.logo if scheme.branding.logo else None


def _check_boxes(form: Form, widgets: Iterable[Widget], found: list[LaidOutBox]) -> None:
    wanted = [box for widget in widgets for box in widget.boxes()]
    wrong = misplaced(found, wanted)
    if wrong:
        raise ValueError(f"{form.form}: laid out never, twice, or not wanted: {', '.join(wrong)}")


def _check_heights(form: Form, sheet: Sheet, found: list[LaidOutBox]) -> None:
    """What is taller than a page runs out of it, and its box into the footer."""
    lowest = (sheet.bottom - 1) * 72 / 25.4
    for one in found:
        if one.box.rect[1] < lowest:
            name = one.box.name
            field = max((field for field in form.fields if name.startswith(field.id)), key=lambda field: len(field.id))
            raise TallerThanAPageError(form.form, field.id)


def _edition(scheme: Scheme, form: Form, name: str, pdf: pikepdf.Pdf, found: list[LaidOutBox]) -> Edition:
    left, bottom, right, top = (float(number) for number in pdf.pages[0].mediabox)
    return Edition(
        scheme=scheme.scheme,
        form=form.form,
        version=form.version,
        name=name,
        paper=(round(right - left, 2), round(top - bottom, 2)),
        text_size=SHEETS[name].text,
        language=scheme.language,
        pages=len(pdf.pages),
        title=form.title,
        labels=edition_labels(form),
        boxes=tuple(one.box for one in found),
    )


def _is_published(root: Path, descriptor: FormDescriptor) -> bool:
    edition = descriptor.edition
    path = edition_path(root, edition.scheme, edition.form, edition.version, edition.id)
    return path.is_file()


def _finish(
    pdf: pikepdf.Pdf,
    scheme: Scheme,
    form: Form,
    sheet: Sheet,
    descriptor: FormDescriptor,
    found: list[LaidOutBox],
) -> None:
    words = _words(scheme, form, sheet, descriptor)
    lean_fonts(pdf)
    font = embed_field_font(pdf)
    _set_line(font)
    fields = make_fields(pdf, descriptor.widgets, found, words)
    for page in pdf.pages:
        page.obj.Tabs = Name.S
    mark_form_tags(pdf)
    shorten_metadata(pdf, form.title, scheme.language)
    fonts = Dictionary()
    fonts[Name(f"/{words.font}")] = font
    pdf.Root.AcroForm = pdf.make_indirect(
        Dictionary(Fields=fields, DR=Dictionary(Font=fonts), DA=default_appearance(words))
    )


def _set_line(font: pikepdf.Object) -> None:
    """Typed lines as high as the boxes are made for: pdfium takes a line's height from these two, poppler its own."""
    descriptor = font.DescendantFonts[0].FontDescriptor
    descriptor.Ascent, descriptor.Descent = _LINE_ABOVE, _LINE_BELOW


def _words(scheme: Scheme, form: Form, sheet: Sheet, descriptor: FormDescriptor) -> FormWords:
    mine = {field: tuple(widgets) for field, widgets in groupby(descriptor.widgets, attrgetter("field"))}
    return FormWords(
        said=spoken_names(scheme, form, mine),
        labels={
            field.id: options_of(field) for field in form.fields if isinstance(field, OneOf) and field.is_drop_down
        },
        sizes=_small_sizes(form, sheet, mine),
        unspelled=frozenset(_unspelled(descriptor.meaning, mine)),
        locks=_locks(form, mine),
        font=_ASKED_FIRST if scheme.field_font == "latin" else _ANY_NAME,
        size=sheet.text,
        colour=sheet.answers,
    )


def _small_sizes(form: Form, sheet: Sheet, mine: Mapping[str, tuple[Widget, ...]]) -> dict[str, float]:
    """Widget -> size of type, of long texts that would not fit on a page at the sheet's own size."""
    sizes = {}
    for field in form.fields:
        if isinstance(field, LongText):
            width = sheet.span_width(sheet.span_of(field.width) or 6)
            sizes[field.id] = sheet.area_text_size(field.most_words, width)
        elif isinstance(field, Table | BlankTable):
            widths = column_widths(field, sheet)
            for widget in mine[field.id]:
                words = field.columns[widget.column or ""].most_words or 0
                sizes[widget.name] = sheet.area_text_size(words, widths[widget.column or ""])
    return {name: size for name, size in sizes.items() if size < sheet.text}


def _unspelled(meaning: FormMeaning, mine: Mapping[str, tuple[Widget, ...]]) -> Iterator[str]:
    """Widgets whose text is no prose, so that no program underlines it in red."""
    for field in meaning.fields:
        columns = {column.id: column.type for column in field.columns}
        for widget in mine[field.id]:
            if columns.get(widget.column or "", field.type) in (*_NO_PROSE, "signature"):
                yield widget.name


def _locks(form: Form, mine: Mapping[str, tuple[Widget, ...]]) -> dict[str, tuple[str, ...]]:
    """Where a form has two parties: what each signature closes, its party's own answers and no others."""
    signatures = [field for field in form.fields if isinstance(field, Signature)]
    if len({field.party for field in signatures}) < 2:
        return {}
    return dict(lock for section in form.sections for lock in _locks_of(form, section, mine))


def _locks_of(
    form: Form, section: Section, mine: Mapping[str, tuple[Widget, ...]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A party's own: what says who they are, and its part of the signature's section, from the signature before."""
    part: list[BaseField] = []
    for field in section.fields:
        if not isinstance(field, BaseField):
            continue
        part.append(field)
        if isinstance(field, Signature):
            own = [one for one in form.fields if one in part or (field.party and one.identifies == field.party)]
            names = [widget.name for one in own for widget in mine[one.id] if widget.kind != "signature"]
            yield f"{field.id}.signature", tuple(names)
            part = []

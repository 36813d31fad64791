"""A project in; what finds no room on the sheets of its editions out: entries, days, and questions taller than a page.

Forms are measured, and laid out only where a question comes near to a page's height: laying out all of them would take
longer than everything else that is looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from schemebook.check.form_references import option_place
from schemebook.check.project_files import blocks_of, forms_of
from schemebook.check.questions import Outline, outline
from schemebook.errors import Place, Problem
from schemebook.form_pdf.arrangement import rows_of
from schemebook.form_pdf.heights import question_height
from schemebook.form_pdf.least_width import date_box, drop_down_box
from schemebook.form_pdf.printed_fields import printed_fields
from schemebook.form_pdf.printed_table import column_widths
from schemebook.form_pdf.sheet import SHEETS, Sheet
from schemebook.scheme.fields import BaseField, BlankTable, OneOf, Table
from schemebook.scheme.form import Form
from schemebook.scheme.model import Scheme
from schemebook.scheme.project import Project, scheme_file
from schemebook.scheme.words import problem

_NEAR_A_PAGE = 0.95
"""A question that seems higher than this part of a page is laid out to see."""


def problems_with_room(project: Project, at_fault: Collection[str]) -> Iterator[Problem]:
    """What does not fit. at_fault: files with other problems; what is made from one of them is not measured yet."""
    blocks = blocks_of(project)
    if any(block.file in at_fault for block in blocks.values()):
        return
    for id, scheme in project.schemes.items():
        sources = forms_of(project, id)
        for name, form in project.forms.get(id, {}).items():
            if not {scheme_file(id), sources[name].file} & set(at_fault):
                yield from _of_form(project, scheme, form, outline(sources[name], blocks))


def _of_form(project: Project, scheme: Scheme, form: Form, asked: Outline) -> Iterator[Problem]:
    yield from _told_once(_too_narrow(form, asked, sheet, edition) for edition, sheet in _sheets(scheme))
    yield from _told_once(
        _too_high(project, scheme, form, asked, edition)
        for edition, sheet in _sheets(scheme)
        # In one column whatever is higher than a page goes on over its end.
        if not sheet.whole_width_only
    )


def _told_once(found: Iterator[Iterator[Problem]]) -> Iterator[Problem]:
    """Of what more than one edition has no room for, the first."""
    told: set[tuple[Place, str]] = set()
    for problems in found:
        for one in problems:
            if (one.place, one.kind) not in told:
                told.add((one.place, one.kind))
                yield one


def _sheets(scheme: Scheme) -> Iterator[tuple[str, Sheet]]:
    """The scheme's editions that differ in what has room; of those with one type and width the lowest."""
    seen = set()
    for edition in sorted(scheme.editions, key=lambda name: SHEETS[name].text_height):
        sheet = SHEETS[edition]
        if (sheet.text_width, sheet.text) not in seen:
            seen.add((sheet.text_width, sheet.text))
            yield edition, sheet


def _too_narrow(form: Form, asked: Outline, sheet: Sheet, edition: str) -> Iterator[Problem]:
    for field in form.fields:
        if isinstance(field, OneOf) and field.is_drop_down:
            yield from _long_entries(field, asked, sheet, edition)
        if isinstance(field, Table | BlankTable) and not sheet.whole_width_only:
            yield from _narrow_days(field, asked, sheet, edition)


def _long_entries(field: OneOf, asked: Outline, sheet: Sheet, edition: str) -> Iterator[Problem]:
    for option, words in field.options.items():
        if drop_down_box([words], sheet) > sheet.text_width:
            question = asked.question(field.id)
            place = option_place(asked, question, option) if question else Place(asked.source.file)
            yield problem(place, "check.entry-too-long", id=field.id, option=option, edition=edition)


def _narrow_days(field: Table | BlankTable, asked: Outline, sheet: Sheet, edition: str) -> Iterator[Problem]:
    widths = column_widths(field, sheet)
    for id, column in field.columns.items():
        if column.type == "date" and widths[id] < date_box(sheet) - 0.1:
            yield problem(_place(asked, field, "columns", id), "check.day-too-narrow", id=field.id, column=id)


def _place(asked: Outline, field: BaseField, *way: str) -> Place:
    question = asked.question(field.id)
    if question is None:
        return Place(asked.source.file)
    steps = (*question.steps, *way)
    return asked.source.place(steps, key=True) if way and steps in asked.source.keys else question.place


def _too_high(project: Project, scheme: Scheme, form: Form, asked: Outline, edition: str) -> Iterator[Problem]:
    if not _comes_near_a_page(scheme, form, SHEETS[edition]):
        return
    # The layout engine, and what writes page codes, take longer to load than all other looking takes.
    from schemebook.form_pdf.finish import TallerThanAPageError, make_form_pdf

    try:
        make_form_pdf(project, scheme.scheme, form.form, edition, draft=True)
    except TallerThanAPageError as error:
        field = next(one for one in form.fields if one.id == error.field)
        yield problem(_place(asked, field), "check.taller-than-a-page", id=field.id, edition=edition)


def _comes_near_a_page(scheme: Scheme, form: Form, sheet: Sheet) -> bool:
    for section in form.sections:
        fields = [one for one in section.fields if isinstance(one, BaseField)]
        for row in rows_of(printed_fields(scheme, form, fields, sheet), sheet):
            if any(question_height(field, sheet) > sheet.text_height * _NEAR_A_PAGE for field in row):
                return True
    return False

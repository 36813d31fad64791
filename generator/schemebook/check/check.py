"""A project in; everything that is wrong with it, over all stages, and what its owner may like to know, out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from schemebook.check.form_references import (
    problems_inside,
    problems_of_condition,
    problems_with_roles,
    problems_with_stages,
)
from schemebook.check.links import problems_with_links
from schemebook.check.misfits import nothing_behind, problems_of
from schemebook.check.nearest import listed, unknown
from schemebook.check.paper import problems_with_paper
from schemebook.check.pictures import problems_with_pictures
from schemebook.check.project_files import (
    blocks_of,
    form_folders,
    forms_of,
    notes_on_files,
    problems_with_files,
    problems_with_git,
    schemes_of,
)
from schemebook.check.published import notes_on_published, problems_with_published
from schemebook.check.questions import Outline, asked_if, outline
from schemebook.check.room import problems_with_room
from schemebook.check.scheme_references import known_names, notes_on_scheme, problems_in_scheme
from schemebook.check.texts import problems_in_texts
from schemebook.check.ways import at, follow, keys_at, words_at
from schemebook.errors import Note, Place, Problem, SchemebookError
from schemebook.handbook.site_config import read_document
from schemebook.scheme.colour import brand_note
from schemebook.scheme.project import Project, scheme_file
from schemebook.scheme.words import note, problem
from schemebook.scheme.yaml_source import Steps, YamlSource

_CPD_QUESTIONS = (
    ("sessions", "date", ("date",)),
    ("sessions", "length", ("number",)),
    ("claim", "field", ("yes-no", "declaration")),
)
"""Part and key of the rule about CPD that name a question, and the types it may have."""


def check_project(project: Project) -> tuple[list[Problem], list[Note]]:
    """Everything that is wrong, in file order, and the notes, in file order.

    All of it in one run: a file that does not fit its model is still looked through for names that lead nowhere.
    """
    problems = {_in_one_line(found) for found in _problems(project)}
    notes = [*notes_on_files(project), *notes_on_published(project), *_brands(project)]
    notes += [note(place, "check.cut-by-remark") for source in project.sources.values() for place in source.cut]
    for scheme in schemes_of(project).values():
        notes += notes_on_scheme(scheme)
    told = {replace(one, place=_place(one.place), what=_printable(one.what)) for one in notes}
    return sorted(problems), sorted(told)


def _problems(project: Project) -> Iterator[Problem]:
    found = [
        *_shapes(project),
        *problems_with_files(project),
        *_references(project),
        *problems_in_texts(project),
        *problems_with_links(project),
        *problems_with_paper(project),
        *problems_with_pictures(project),
        *problems_with_published(project),
        *problems_with_git(project.root),
        *_document(project),
    ]
    yield from found
    yield from problems_with_room(project, {one.place.file for one in found})


def _document(project: Project) -> Iterator[Problem]:
    """What keeps the project's own mkdocs.yml from being read."""
    try:
        read_document(project.root)
    except SchemebookError as error:
        yield Problem(Place("mkdocs.yml"), error.what, error.to_do, kind=error.kind)


def _in_one_line(found: Problem) -> Problem:
    """The same without line ends and control characters, which names of files and keys may hold."""
    what, to_do = _printable(found.what), _printable(found.to_do)
    return replace(found, place=_place(found.place), what=what, to_do=to_do)


def _place(place: Place) -> Place:
    return replace(place, file=_printable(place.file))


def _printable(text: str) -> str:
    return text if text.isprintable() else "".join(sign if sign.isprintable() else " " for sign in text)


def _shapes(project: Project) -> Iterator[Problem]:
    """YAML that cannot be read, values that do not fit their keys, and keys with nothing behind them."""
    told = {}
    for unfit in project.unfit:
        told[unfit.source.file] = problems_of(unfit)
        yield from told[unfit.source.file]
    for file, source in project.sources.items():
        yield from source.problems
        lines = {found.place.line for found in told.get(file, ())}
        for steps in _empty(source.data, ()):
            if source.place(steps, key=True).line not in lines:
                yield nothing_behind(source, steps)


def _empty(data: object, steps: Steps) -> Iterator[Steps]:
    """The ways to values that are not there."""
    if data is None and steps:
        yield steps
    elif isinstance(data, dict):
        for key, inner in data.items():
            yield from _empty(inner, (*steps, key))
    elif isinstance(data, list):
        for number, inner in enumerate(data):
            yield from _empty(inner, (*steps, number))


def _references(project: Project) -> Iterator[Problem]:
    """Names that lead nowhere, inside each file and between them."""
    blocks, schemes = blocks_of(project), schemes_of(project)
    outlines: dict[str, dict[str, Outline]] = {}
    for folder in form_folders(project):
        scheme = schemes.get(folder)
        known = known_names(scheme) if scheme else {}
        roles, stages = known.get("role"), known.get("stage")
        for id, source in forms_of(project, folder).items():
            form = outline(source, blocks)
            outlines.setdefault(folder, {})[id] = form
            yield from problems_inside(form, blocks)
            if roles is not None:
                yield from problems_with_roles(form, roles)
            if stages is not None:
                yield from problems_with_stages(form, stages)
    for id, scheme in schemes.items():
        yield from problems_in_scheme(scheme)
        yield from _due_forms(scheme, outlines.get(id, {}))
        yield from _summed_questions(scheme, outlines.get(id, {}))
        yield from _cpd_questions(scheme, outlines.get(id, {}))


def _due_forms(scheme: YamlSource, forms: dict[str, Outline]) -> Iterator[Problem]:
    """What a rule about a due form says against the form itself."""
    for steps, rule in follow(scheme.data, "rules.due.*"):
        form = forms.get(str(at(rule, "form")))
        if form and isinstance(form.source.data, dict):
            yield from _due_against(scheme, steps, rule, form)
            yield from _endings(scheme, steps, rule, form)
        counted_from = forms.get(str(at(rule, "after", "form")))
        field = at(rule, "after", "field")
        if counted_from and isinstance(field, str):
            yield from _question_of(scheme, (*steps, "after", "field"), field, counted_from, ("date",))
        for way, name in words_at(rule, "after.dates.*"):
            if counted_from:
                yield from _question_of(scheme, (*steps, *way), name, counted_from, ("date",))


def _endings(scheme: YamlSource, steps: Steps, rule: Any, form: Outline) -> Iterator[Problem]:
    """The answers with which a form that is due again and again ends."""
    earlier = {question.id: question for question in form.questions}
    for way, said in follow(rule, "until.*", steps):
        if asked := asked_if(scheme, said, way):
            yield from problems_of_condition(form, asked, earlier)


def _summed_questions(scheme: YamlSource, forms: dict[str, Outline]) -> Iterator[Problem]:
    """The questions whose numbers are added up."""
    for steps, rule in follow(scheme.data, "rules.sums.*"):
        form, field = forms.get(str(at(rule, "form"))), at(rule, "field")
        if form and isinstance(field, str) and field:
            yield from _question_of(scheme, (*steps, "field"), field, form, ("number",))


def _cpd_questions(scheme: YamlSource, forms: dict[str, Outline]) -> Iterator[Problem]:
    """The questions that the rule about CPD names: a session's day, its length, what was recorded, and the claim."""
    for part, key, types in _CPD_QUESTIONS:
        field = at(scheme.data, "rules", "cpd", part, key)
        form = forms.get(str(at(scheme.data, "rules", "cpd", part, "form")))
        if form and isinstance(field, str) and field:
            yield from _question_of(scheme, ("rules", "cpd", part, key), field, form, types)
    form = forms.get(str(at(scheme.data, "rules", "cpd", "sessions", "form")))
    for steps, field in keys_at(scheme.data, "rules.cpd.sessions.recorded"):
        if form and form.is_whole and form.question(field) is None:
            place = scheme.place(steps, key=True)
            yield unknown(place, "check.no-such-question", field, form.ids, file=form.source.file)


def _due_against(scheme: YamlSource, steps: Steps, rule: object, form: Outline) -> Iterator[Problem]:
    completing = [role for _, role in follow(form.source.data, "completed-by.*")]
    roles = known_names(scheme)["role"] or ()
    for way, role in follow(rule, "from.*", steps):
        if completing and role not in completing and role in roles:
            yield problem(scheme.place(way), "check.due-from-another", role=role, form=at(rule, "form"))
    each = at(rule, "each")
    if each in ("month", "quarter", "session") and at(form.source.data, "occasion", "each") != each:
        place = scheme.place((*steps, "each"))
        yield problem(place, "check.occasion-differs", each=each, form=at(rule, "form"), file=form.source.file)


def _question_of(
    scheme: YamlSource, steps: Steps, field: str, form: Outline, types: tuple[str, ...]
) -> Iterator[Problem]:
    """A key of a rule that names a question of certain types in a form."""
    question = form.question(field)
    if question is None and form.is_whole:
        known = [one.id for one in form.questions if one.type in types]
        yield unknown(scheme.place(steps), "check.no-such-question", field, known, file=form.source.file)
    elif question and question.type not in types:
        values = {"id": field, "type": question.type, "key": steps[-1], "types": listed(types)}
        yield problem(scheme.place(steps), "check.question-of-type", **values)


def _brands(project: Project) -> Iterator[Note]:
    for id, scheme in project.schemes.items():
        found = brand_note(scheme.branding.colour, scheme.branding.accent)
        source = project.sources[scheme_file(id)]
        if found:
            yield note(source.place(("branding", "colour")), found.key, **found.values)

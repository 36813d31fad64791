"""A form's outline in; ids that clash and names that lead nowhere inside the form out, as problems."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping

from schemebook.check.nearest import listed, unknown
from schemebook.check.questions import Asked, Blocks, Outline, Question, block_ids, uses
from schemebook.check.ways import at, is_yes, keys_at, words_at
from schemebook.errors import Place, Problem
from schemebook.form_pdf.fonts import field_font
from schemebook.scheme.fields import FIELD_TYPES, RADIO_AT_MOST
from schemebook.scheme.words import problem

DECIDING = ("one-of", "several-of", "checklist", "yes-no", "declaration")
"""The types whose answer can open another question."""
OCCASION_TYPES = ("date", "one-of", "text", "number")
"""The types that can say which month, quarter, session or stage it is."""
PERSON = "person"

_ANSWERS = {"yes-no": ("yes", "no"), "declaration": ("ticked",)}
_TAKEN_TOO = {"yes-no": ("yes", "no"), "declaration": ("ticked", "yes", "on")}


def problems_inside(form: Outline, blocks: Blocks) -> Iterator[Problem]:
    """Everything that is wrong with a form on its own."""
    yield from _blocks(form, blocks)
    yield from _ids(form)
    yield from _conditions(form)
    yield from _occasion(form)
    yield from _carried_over(form)
    yield from _anonymous(form)
    yield from _drop_downs(form)


def problems_with_roles(form: Outline, roles: Collection[str]) -> Iterator[Problem]:
    """What is wrong between a form and the roles of its scheme."""
    source = form.source
    for steps, role in words_at(source.data, "completed-by.*"):
        if role not in roles:
            yield unknown(source.place(steps), "check.no-such-role", role, roles)
    for question in form.questions:
        party = question.data.get("party")
        if isinstance(party, str) and party not in roles:
            yield unknown(_key_place(form, question, "party"), "check.no-such-role", party, roles)
        whose = question.data.get("identifies")
        if isinstance(whose, str) and whose != PERSON and whose not in roles:
            yield unknown(_key_place(form, question, "identifies"), "check.identifies-nobody", whose, (PERSON, *roles))
    yield from _role_field(form, roles)


def problems_with_stages(form: Outline, stages: Collection[str]) -> Iterator[Problem]:
    """What is wrong between a form that is completed for each stage and the stages of its scheme."""
    if at(form.source.data, "occasion", "each") != "stage":
        return
    question = form.question(str(at(form.source.data, "occasion", "field")))
    for option in (question.options if question else None) or ():
        if option not in stages and question:
            yield unknown(option_place(form, question, option), "check.option-no-stage", option, stages, id=question.id)


def option_place(form: Outline, question: Question, option: str) -> Place:
    """Where an option stands; its question's place, where a shared block brings it."""
    steps = (*question.steps, "options", option)
    return form.source.place(steps, key=True) if steps in form.source.keys else question.place


def _drop_downs(form: Outline) -> Iterator[Problem]:
    """What programs get wrong about a drop-down: pdf-lib stores the words of an entry in the place of its id, so words
    must tell the entries apart; all show the chosen entry in the field font."""
    for question in form.questions:
        options = question.data.get("options")
        if question.type != "one-of" or not isinstance(options, dict) or not _is_drop_down(question):
            continue
        words = {id: text.strip() for id, text in options.items() if isinstance(text, str)}
        for id, text in words.items():
            place = option_place(form, question, id)
            if any(text in (other, said) for other, said in words.items() if other != id):
                yield problem(place, "check.entries-alike", id=question.id, option=id)
            if not field_font().covers(unicodedata.normalize("NFC", text)):
                yield problem(place, "check.entry-not-shown", id=question.id, option=id)


def _is_drop_down(question: Question) -> bool:
    drawn = question.data.get("drawn-as")
    return drawn == "drop-down" or (drawn is None and len(question.options or ()) > RADIO_AT_MOST)


def _key_place(form: Outline, question: Question, key: str) -> Place:
    keyed = (*question.steps, key)
    return form.source.place(keyed) if keyed in form.source.values else question.place


def _blocks(form: Outline, blocks: Blocks) -> Iterator[Problem]:
    for steps, use in uses(form.source):
        name = use["use"]
        if not isinstance(name, str) or not name:
            continue
        if name not in blocks:
            yield unknown(form.source.place((*steps, "use")), "check.no-such-block", name, blocks)
            continue
        ids = block_ids(blocks[name])
        for way, key in keys_at(use, "with"):
            if key not in ids:
                yield unknown(form.source.place((*steps, *way), key=True), "check.not-in-block", key, ids, block=name)


def _ids(form: Outline) -> Iterator[Problem]:
    first: dict[str, Question] = {}
    brought: dict[Place, list[str]] = {}
    for question in form.questions:
        before = first.setdefault(question.id, question)
        if before is question:
            continue
        if (*question.steps, "use") in form.source.values:
            brought.setdefault(question.place, []).append(question.id)
        else:
            yield problem(question.place, "check.duplicate-id", id=question.id, line=before.place.line)
    for place, ids in brought.items():
        yield problem(place, "check.block-brings-taken-ids", ids=listed(ids), line=first[ids[0]].place.line)
    for steps, use in uses(form.source):
        prefix = use.get("as")
        if isinstance(prefix, str) and prefix in first:
            place = form.source.place((*steps, "as"))
            yield problem(place, "check.id-equals-prefix", id=prefix, line=first[prefix].place.line)


def _conditions(form: Outline) -> Iterator[Problem]:
    earlier: dict[str, Question] = {}
    section = -1
    for question in form.questions:
        if question.section != section:
            section = question.section
            if section in form.section_conditions:
                yield from problems_of_condition(form, form.section_conditions[section], earlier)
        if question.condition:
            yield from problems_of_condition(form, question.condition, earlier)
            yield from _inside_a_condition(form, question, question.condition)
        earlier.setdefault(question.id, question)


def problems_of_condition(form: Outline, asked: Asked, earlier: Mapping[str, Question]) -> Iterator[Problem]:
    """What is wrong with a condition. earlier: the questions that it may hang on, by id."""
    decides = earlier.get(asked.field)
    if decides is None:
        if form.question(asked.field):
            yield problem(asked.place, "check.condition-later", id=asked.field)
        elif form.is_whole:
            known = [id for id, question in earlier.items() if question.type in DECIDING]
            yield unknown(asked.place, "check.condition-nowhere", asked.field, known)
        return
    answers = _ANSWERS.get(decides.type, decides.options)
    if decides.type in DECIDING and answers is not None:
        for word, place in asked.is_:
            if word not in _TAKEN_TOO.get(decides.type, answers):
                yield unknown(place, "check.condition-no-answer", word, answers, id=asked.field)
    elif decides.type not in DECIDING and decides.type in FIELD_TYPES:
        known = [id for id, question in earlier.items() if question.type in DECIDING]
        yield problem(asked.place, "check.condition-on-type", id=asked.field, type=decides.type, known=listed(known))


def _inside_a_condition(form: Outline, question: Question, asked: Asked) -> Iterator[Problem]:
    """A question's own condition stands in for its section's, so it must hang on a question of that section."""
    outer = form.section_conditions.get(question.section)
    decides = form.question(asked.field)
    if outer is None or decides is None or decides.section == question.section or asked.field == outer.field:
        return
    behind = decides.condition or form.section_conditions.get(decides.section)
    if behind is None or behind.field != outer.field:
        yield problem(asked.place, "check.condition-outside", id=asked.field, outer=outer.field)


def _occasion(form: Outline) -> Iterator[Problem]:
    yield from _named_question(form, ("occasion", "field"), OCCASION_TYPES, "check.occasion-nowhere")


def _named_question(form: Outline, way: tuple[str, ...], types: Collection[str], key: str) -> Iterator[Problem]:
    """A key that names a question of certain types."""
    name = at(form.source.data, *way)
    if not isinstance(name, str) or not name:
        return
    place = form.source.place(way)
    question = form.question(name)
    if question is None and form.is_whole:
        yield unknown(place, key, name, [one.id for one in form.questions if one.type in types])
    elif question and question.type in FIELD_TYPES and question.type not in types:
        yield problem(place, "check.question-of-type", id=name, type=question.type, key=way[-1], types=listed(types))


def _role_field(form: Outline, roles: Collection[str]) -> Iterator[Problem]:
    yield from _named_question(form, ("role-field",), ("one-of",), "check.role-field-nowhere")
    name = at(form.source.data, "role-field")
    question = form.question(name) if isinstance(name, str) else None
    if question is None or question.type != "one-of" or question.options is None:
        return
    for option in question.options:
        if option not in roles:
            yield unknown(option_place(form, question, option), "check.option-no-role", option, roles, id=question.id)
    for steps, role in words_at(form.source.data, "completed-by.*"):
        if role in roles and role not in question.options:
            yield problem(form.source.place(steps), "check.role-no-option", role=role, id=question.id)


def _carried_over(form: Outline) -> Iterator[Problem]:
    """What `renames` and `defaults` name must be asked now, and an old id no more."""
    source = form.source
    for steps, new in words_at(source.data, "renames.*"):
        if form.is_whole and form.question(new) is None:
            yield unknown(source.place(steps), "check.rename-nowhere", new, form.ids)
        if len(steps) == 2 and form.question(str(steps[1])):
            yield problem(source.place(steps, key=True), "check.rename-of-present", id=steps[1])
    for steps, id in keys_at(source.data, "defaults"):
        question = form.question(id)
        if question is None and form.is_whole:
            yield unknown(source.place(steps, key=True), "check.default-nowhere", id, form.ids)
        answer = at(source.data, "defaults", id)
        known = _ANSWERS.get(question.type, question.options) if question else None
        if known is not None and isinstance(answer, str) and answer not in known:
            yield unknown(source.place(steps), "check.default-no-answer", answer, known, id=id)


def _anonymous(form: Outline) -> Iterator[Problem]:
    """An anonymous form says nothing of whose it is."""
    if not is_yes(at(form.source.data, "anonymous")):
        return
    for question in form.questions:
        if question.data.get("identifies"):
            yield problem(_key_place(form, question, "identifies"), "check.anonymous-identifies", id=question.id)
        elif question.type == "signature":
            yield problem(question.place, "check.anonymous-signature", id=question.id)

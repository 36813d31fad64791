"""What does not fit a model is told in our words, at its line, with what to write instead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from schemebook.check.misfits import MOST_TOLD, model_words, problems_of
from schemebook.check.shape import is_model, keys_of
from schemebook.errors import Problem
from schemebook.scheme.form import Block, Form
from schemebook.scheme.model import Scheme
from schemebook.scheme.project import Unfit
from schemebook.scheme.yaml_source import YamlSource, parse_yaml

FILE = "forms/demo/application.yml"


def told(model: type[BaseModel], source: YamlSource) -> list[Problem]:
    try:
        model.model_validate(source.data)
    except ValidationError as error:
        return problems_of(Unfit(source, model, error))
    return []


def of_form(text: str) -> list[Problem]:
    return told(Form, parse_yaml(text, FILE))


def of_field(text: str) -> list[Problem]:
    """The problems of one field, with its lines counted from 1."""
    indented = "".join(f"  {line}\n" for line in text.strip("\n").split("\n"))
    found = told(Block, parse_yaml("block: b\nfields:\n" + indented, FILE))
    return [
        Problem(type(one.place)(FILE, one.place.line - 2, one.place.column - 2), one.what, one.to_do, one.kind)
        for one in found
    ]


def kinds(problems: list[Problem]) -> list[str]:
    return [found.kind for found in problems]


def test_a_misspelt_key_is_told_at_its_own_line_with_the_key_that_was_meant() -> None:
    (found,) = of_field("- id: biography\n  type: long-text\n  label: Your life\n  most-wrods: 200")
    assert str(found) == (
        f"{FILE}:4:3: 'most-wrods' is not a key of a long-text field. Write 'most-words', or remove the line."
    )


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("most_words", "most-words"),
        ("Label", "label"),
        ("only if", "only-if"),
        ("onlyif", "only-if"),
        ("helps", "help"),
    ],
)
def test_a_key_written_in_another_way_is_recognised(key: str, meant: str) -> None:
    found = of_field(f"- id: a\n  type: long-text\n  label: x\n  {key}: x")
    misspelt = [one for one in found if one.kind == "unknown-key"]
    assert len(misspelt) == 1
    assert f"'{meant}'" in misspelt[0].to_do


def test_a_missing_key_is_not_told_beside_its_own_misspelling() -> None:
    assert kinds(of_field("- id: a\n  type: text\n  lable: x")) == ["unknown-key"]


def test_a_missing_key_is_told_where_its_mapping_begins() -> None:
    (found,) = of_field("- id: a\n  type: text")
    assert (found.kind, found.place.line, found.place.column) == ("missing-key", 1, 3)
    assert "'label'" in found.what


def test_a_key_of_another_type_names_the_types_that_have_it() -> None:
    (found,) = of_field("- id: a\n  type: text\n  label: x\n  options: {a: b, c: d}")
    assert (found.kind, found.place.line) == ("key-of-other-types", 4)
    assert "one-of" in found.what


def test_a_key_with_the_wrong_indent_is_told_with_where_it_belongs() -> None:
    found = of_form(
        "form: a\ntitle: x\nversion: 1\ncompleted-by: m\nabout: x\nsections:\n"
        "  - title: x\n    type: text\n    fields:\n      - {id: a, type: text, label: x, occasion: once}\n"
    )
    assert [(one.kind, one.place.line) for one in sorted(found)] == [
        ("key-belongs-inside", 8),
        ("key-belongs-around", 10),
    ]


def test_a_field_type_that_is_none_is_told_at_the_word() -> None:
    (found,) = of_field("- id: a\n  label: x\n  type: long-txt")
    assert (found.kind, found.place.line, found.place.column) == ("no-such-type", 3, 9)
    assert "'long-text'" in found.to_do


def test_a_word_out_of_a_list_is_told_with_the_nearest() -> None:
    (found,) = of_field("- id: a\n  type: text\n  label: x\n  width: thrid")
    assert (found.kind, found.place.line) == ("not-a-word", 4)
    assert "'third'" in found.to_do


def test_a_list_is_not_called_short_because_its_entries_are_wrong() -> None:
    assert kinds(of_form("form: a\ntitle: x\nversion: 1\ncompleted-by: m\nabout: x\nsections: [x]")) == [
        "not-a-mapping"
    ]


def test_a_union_is_told_by_the_member_that_was_meant() -> None:
    start = "form: a\ntitle: x\nversion: 1\ncompleted-by: m\nabout: x\nsections: [{title: x, fields: [{use: b}]}]\n"
    (word,) = of_form(start + "occasion: onse")
    assert (word.kind, word.place.line) == ("not-a-word", 7)
    assert "'once'" in word.to_do
    assert sorted(kinds(of_form(start + "occasion: {each: yaer}"))) == ["missing-key", "not-a-word"]
    assert kinds(of_form(start + "occasion: [once]")) == ["not-one-word"]


def test_the_tag_of_a_union_is_told_from_a_key_of_the_same_name() -> None:
    """`use`, `field` and the field types are tags of unions in pydantic's locations, and keys or ids in files."""
    found = of_form(
        "form: a\ntitle: x\nversion: 1\ncompleted-by: m\nabout: x\nsections:\n  - title: x\n    fields:\n"
        "      - use: Not An Id\n"
        "      - id: b\n        type: text\n        label: x\n        text: x\n        field: x\n"
    )
    assert [(one.kind, one.place.line) for one in sorted(found)] == [
        ("not-an-id", 9),
        ("unknown-key", 13),
        ("key-belongs-inside", 14),
    ]


def test_an_id_is_told_with_one_that_would_do() -> None:
    (found,) = of_field("- {id: Über 3 Teams!, type: text, label: x}")
    assert found.kind == "not-an-id"
    assert found.to_do == "Write it like 'ber-3-teams'"
    (key,) = of_field("- id: a\n  type: checklist\n  label: x\n  options:\n    One Two: a\n    b: c")
    assert (key.kind, key.place.line, key.place.column) == ("not-an-id", 5, 5)


def test_a_file_of_many_mistakes_tells_some_of_them_and_how_many_more() -> None:
    keys = "".join(f"nonsense-{number}: x\n" for number in range(MOST_TOLD + 50))
    found = of_form("form: a\ntitle: x\nversion: 1\ncompleted-by: m\nabout: x\nsections: [x]\n" + keys)
    assert len(found) == MOST_TOLD + 1
    assert [one.kind for one in found if one.kind == "many-more"] == ["many-more"]


def test_text_of_the_file_is_cut_short_and_kept_in_one_line() -> None:
    (found,) = of_field('- {id: "a\\nb\\e[31m' + "x" * 300 + '", type: text, label: x}')
    assert str(found).isprintable()
    assert len(str(found)) < 400


# Every model, every key, every wrong value: nothing that pydantic says comes through.

WRONG: tuple[Any, ...] = (
    None, "", "   ", "word", "Some Words", "-1", "0", "999999", "1.5", "12:30", "no", [], {}, [None], [[]], ["x"],
    {"x": "y"}, {"A b": {}}, [{"x": "y"}], [{"type": "texd"}], [{"type": "text", "id": "A"}],
    {"id": "x", "at-least": "2 hours"}, {"at-least": "2 hours", "at-most": "1 hour"},
    ["x"] * 201, {str(number): "x" for number in range(201)},
)  # fmt: skip


def all_models() -> list[type[BaseModel]]:
    """Every model that a file of YAML is read into."""
    found: dict[type[BaseModel], None] = {}
    waiting: list[Any] = [Scheme, Form, Block]
    while waiting:
        one = waiting.pop()
        if is_model(one):
            if one not in found:
                found[one] = None
                waiting += [field.annotation for field in keys_of(one).values()]
        else:
            waiting += get_args(one)
    return list(found)


def wrong_data(model: type[BaseModel]) -> Iterator[Any]:
    yield from WRONG
    for key in keys_of(model):
        for value in WRONG:
            yield {key: value}
            yield {key: value, "nonsense": "x"}


PYDANTICS = {
    "missing", "extra_forbidden", "literal_error", "union_tag_invalid", "union_tag_not_found", "too_short", "too_long",
    "greater_than_equal", "less_than_equal", "model_type", "model_attributes_type", "tuple_type", "dict_type",
    "string_type", "int_type", "float_type", "bool_type", "date_type",
}  # fmt: skip
"""The errors that pydantic itself can give for our models."""
OURS = {
    "not-an-id", "empty-words", "not-yes-no", "not-whole", "not-number", "not-a-day", "not-a-duration",
    "not-a-colour", "limits-cross", "days-cross", "no-limits", "exactly-and-limits", "ticks-cannot-be",
    "column-options", "rows-cannot-be", "no-questions", "after-unclear", "edition-twice",
}  # fmt: skip
"""The errors of our own validators."""


def errors_of(model: type[BaseModel], data: Any) -> list[dict[str, Any]]:
    try:
        model.model_validate(data)
    except ValidationError as error:
        return [dict(one) for one in error.errors()]
    return []


@pytest.mark.parametrize("model", all_models(), ids=lambda model: model.__name__)
def test_nothing_that_pydantic_says_reaches_a_user(model: type[BaseModel]) -> None:
    for data in [*wrong_data(model), *CROSSED]:
        pydantics = {one["msg"] for one in errors_of(model, data) if one["type"] in PYDANTICS}
        for found in told(model, YamlSource(FILE, data)):
            said = f"{found.what}. {found.to_do}"
            assert not [sentence for sentence in pydantics if sentence in said], said
            assert "pydantic" not in said
            assert found.kind != "does-not-fit", (data, said)
            assert len(found.to_do) > 5
            assert said.isprintable()


def test_the_walk_over_models_meets_every_kind_of_error_that_they_give() -> None:
    """So that the test above has seen them all."""
    met = {
        one["type"]
        for model in all_models()
        for data in [*wrong_data(model), *CROSSED]
        for one in errors_of(model, data)
    }
    assert met == PYDANTICS | OURS


_FIELD = {"id": "a", "label": "x"}
_OPTIONS = {"options": {"a": "b", "c": "d"}}
CROSSED: tuple[dict[str, Any], ...] = (
    {**_FIELD, "type": "long-text", "least-words": "5", "most-words": "4"},
    {**_FIELD, "type": "number", "least": "5", "most": "4"},
    {**_FIELD, "type": "date", "earliest": "2026-02-01", "latest": "2026-01-01"},
    {**_FIELD, **_OPTIONS, "type": "several-of", "at-least": "3"},
    {**_FIELD, **_OPTIONS, "type": "several-of", "at-least": "1", "exactly": "1"},
    {**_FIELD, "type": "blank-table", "blank-rows": "2", "at-least": "3", "columns": {"a": {"label": "x"}}},
    {"label": "x", "type": "one-of"},
    {"at-least": "2 hours", "at-most": "1 hour"},
    {"form": "a", "title": "x", "version": "1", "completed-by": "m", "about": "x", "sections": [{"title": "x"}]},
    {"editions": ["a4", "letter", "a4"]},
)


@pytest.mark.parametrize("data", CROSSED, ids=lambda data: ",".join(data))
def test_keys_that_do_not_go_together_are_told_in_our_words(data: dict[str, Any]) -> None:
    """Each of them fits its keys one by one, and breaks a validator of one model."""
    given = [found for model in all_models() for found in told(model, YamlSource(FILE, data)) if found.kind in OURS]
    assert given
    assert not any("{" in f"{found.what}{found.to_do}" for found in given)


@pytest.mark.parametrize("model", all_models(), ids=lambda model: model.__name__)
def test_every_model_has_a_name_that_messages_call_it_by(model: type[BaseModel]) -> None:
    assert model_words(model)[:2] in ("a ", "an", "th")


@pytest.mark.parametrize(
    ("text", "kind", "write"),
    [
        ("- words", "not-a-field", "'- id:'"),
        ("- {id: a, label: x}", "no-type", "long-text"),
        ("- {id: a, label: x, type: [text]}", "type-is-no-word", "long-text"),
        ("- {id: a, label: x, type: one-of, options: {a: b}}", "too-short", "1 more"),
        ("- {id: a, label: x, type: one-of, options: {}}", "empty-list", "at least 2"),
        ("- {id: a, label: x, type: text, most-letters: 0}", "too-small", "1 or more"),
        ("- {id: a, label: x, type: text, most-letters: 501}", "too-large", "500 or less"),
        ("- {id: a, label: x, type: checklist, options: [a, b]}", "takes-names", "'name: value'"),
        ("- {id: a, label: x, type: date, earliest: 1 May 2026}", "not-a-day", "2026-11-24"),
        ("- {id: a, label: x, type: number, least: '1,5'}", "not-number", "2.5"),
        ("- {id: a, label: x, type: text, optional: maybe}", "not-yes-no", "yes or no"),
        ("- {id: a, label: '', type: text}", "empty-words", "the words"),
        ("- {id: a, label: , type: text}", "nothing-behind", "value"),
        ("- {id: a, label: [x], type: text}", "takes-text", "text"),
    ],
)
def test_each_kind_of_mistake_in_a_field_says_what_to_write(text: str, kind: str, write: str) -> None:
    (found,) = of_field(text)
    assert (found.kind, found.place.line) == (kind, 1)
    assert write in found.to_do


def test_a_table_of_too_many_columns_is_told_how_many_to_take_out() -> None:
    columns = ", ".join(f"c{number}: {{label: x}}" for number in range(10))
    (found,) = of_field(f"- {{id: a, label: x, type: blank-table, blank-rows: 2, columns: {{{columns}}}}}")
    assert found.kind == "too-long"
    assert found.to_do == "Take out 2"

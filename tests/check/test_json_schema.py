"""The JSON Schemas take what a scheme owner may write, as an editor reads it, and refuse what `check` refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from pydantic import BaseModel, ValidationError
from tests.check.small_project import APPLICATION, CONTACT, DIARY, SCHEME
from tests.check.test_misfits import all_models

from schemebook.check.json_schema import DRAFT, schema_texts, stale_schemas, write_schemas
from schemebook.check.shape import keys_of
from schemebook.scheme.form import Block, Form
from schemebook.scheme.model import Scheme
from schemebook.scheme.yaml_source import parse_yaml

ROOT = Path(__file__).parents[2]
SCHEMES, FORMS = "scheme-configs/schema.json", "forms/schema.json"
STARTER = ROOT / "generator" / "schemebook" / "starter"


class EditorYaml(yaml.CSafeLoader):
    """YAML as editors read it: the core schema of YAML 1.2, where `no` and `on` are words and 0123 is a number."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own name for it


for tag, pattern, first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", "-+0123456789"),
    ("float", r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$", "-+0123456789."),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
):
    EditorYaml.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))
EditorYaml.add_constructor(
    "tag:yaml.org,2002:int", lambda loader, node: int(str(node.value), 0 if "x" in node.value else 10)
)
EditorYaml.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(str(node.value)))


def as_an_editor_reads(text: str) -> Any:
    return yaml.load(text, EditorYaml)


def complaints(schema: str, text: str) -> list[str]:
    """What an editor underlines in a text."""
    validator = Draft7Validator(json.loads(schema_texts()[schema]))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(as_an_editor_reads(text))]


def test_the_loader_reads_as_yaml_1_2_does() -> None:
    read = as_an_editor_reads("{a: no, b: 0123, c: 12:30, d: true, e: 2026-01-31, f: 1.10, g: }")
    assert read == {"a": "no", "b": 123, "c": "12:30", "d": True, "e": "2026-01-31", "f": 1.1, "g": None}


def bundled() -> list[tuple[str, Path]]:
    """Every YAML file of this repository and of the starter that a schema is for."""
    found = []
    for root in (ROOT, STARTER):
        found += [(SCHEMES, path) for path in sorted((root / "scheme-configs").glob("*.yml"))]
        found += [(FORMS, path) for path in sorted((root / "forms").glob("*/*.yml"))]
    return found


@pytest.mark.parametrize(("schema", "path"), bundled(), ids=[str(path.relative_to(ROOT)) for _, path in bundled()])
def test_an_editor_underlines_nothing_in_a_bundled_file(schema: str, path: Path) -> None:
    assert complaints(schema, path.read_text("utf-8")) == []


@pytest.mark.parametrize(("schema", "path"), bundled(), ids=[str(path.relative_to(ROOT)) for _, path in bundled()])
def test_every_bundled_file_names_its_schema_in_its_first_line(schema: str, path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    prefix = "# yaml-language-server: $schema="
    assert first.startswith(prefix)
    named = (path.parent / first.removeprefix(prefix)).resolve()
    assert named.relative_to(path.parents[1 if schema == SCHEMES else 2]).as_posix() == schema


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("version: 1", "version: '1'"),
        ("label: I agree.", "label: 12"),
        ("label: I agree.", "label: true"),
        ("label: I agree.", "label: 12:30"),
        ("label: I agree.", "label: x\n        optional: yes"),
        ("label: I agree.", "label: x\n        optional: No"),
        ("label: I agree.", "label: x\n        optional: true"),
        ("label: I agree.", "label: x\n        optional: 'on'"),
        ("label: From when?", "label: x\n        earliest: 2026-01-31"),
        ("is: north", "is: [north, south]"),
        ("is: north", "is: 1"),
        ("completed-by: mentee", "completed-by: [mentee, mentor]"),
        ("{north: North, south: South}", "{north: 1, south: 2.50}"),
        ("about: Tells", "occasion: {each: month, field: start}\nabout: Tells"),
    ],
)
def test_whatever_scalar_a_key_takes_an_editor_takes_it_too(before: str, after: str) -> None:
    assert before in APPLICATION
    text = APPLICATION.replace(before, after, 1)
    Form.model_validate(parse_yaml(text, "a.yml").data)
    assert complaints(FORMS, text) == []


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        (APPLICATION, "label: Team?", "lable: Team?"),
        (APPLICATION, "type: one-of", "type: one-off"),
        (APPLICATION, "id: team", "id: The Team"),
        (APPLICATION, "version: 1", "version: one"),
        (APPLICATION, "version: 1", "version: 0"),
        (APPLICATION, "title: Application", "title: ''"),
        (APPLICATION, "title: Application", "title:"),
        (APPLICATION, "{north: North, south: South}", "[north, south]"),
        (APPLICATION, "{north: North, south: South}", "{North: x, south: y}"),
        (APPLICATION, "completed-by: mentee", "completed-by: []"),
        (APPLICATION, "about: Tells us who you are.\n", ""),
        (DIARY, "most-words: 100", "most-words: 9999"),
        (DIARY, "each: month", "each: moon"),
        (CONTACT, "type: text", "type: txt"),
        (SCHEME, "'#1E6B52'", "red"),
        (SCHEME, "at-most: 6 months", "at-most: half a year"),
        (SCHEME, "starts: 2026-01-01", "starts: 1 January 2026"),
        (SCHEME, "office: yes", "office: perhaps"),
        (SCHEME, "points: 5", "points: five"),
    ],
)
def test_an_editor_underlines_what_check_refuses(text: str, before: str, after: str) -> None:
    assert before in text
    model: type[BaseModel] = Scheme if text is SCHEME else Block if text is CONTACT else Form
    schema = SCHEMES if text is SCHEME else FORMS
    assert complaints(schema, text) == []
    changed = text.replace(before, after, 1)
    with pytest.raises(ValidationError):
        model.model_validate(parse_yaml(changed, "a.yml").data)
    assert complaints(schema, changed)


def test_the_committed_schemas_are_current() -> None:
    assert stale_schemas(ROOT) == [], "run: schemebook schema"


def test_a_schema_that_was_changed_or_is_missing_is_stale(tmp_path: Path) -> None:
    assert stale_schemas(tmp_path) == [tmp_path / SCHEMES, tmp_path / FORMS]
    assert write_schemas(tmp_path) == [tmp_path / SCHEMES, tmp_path / FORMS]
    assert stale_schemas(tmp_path) == write_schemas(tmp_path) == []
    (tmp_path / FORMS).write_text("{}")
    assert stale_schemas(tmp_path) == [tmp_path / FORMS]


def test_schemas_are_the_same_each_time_and_are_draft_07() -> None:
    assert schema_texts() == schema_texts()
    for text in schema_texts().values():
        schema = json.loads(text)
        assert schema["$schema"] == DRAFT
        Draft7Validator.check_schema(schema)


def test_every_key_says_what_it_is_for() -> None:
    silent = [
        f"{model.__name__}.{key}"
        for model in all_models()
        for key, field in keys_of(model).items()
        if not field.description
    ]
    assert [name for name in silent if not name.endswith(".type")] == []


def test_keywords_that_only_pydantic_knows_are_not_in_the_schemas() -> None:
    for text in schema_texts().values():
        assert not {'"ge":', '"le":', '"discriminator":', '"$defs":', '"null"'} & {
            word for word in ('"ge":', '"le":', '"discriminator":', '"$defs":', '"null"') if word in text
        }

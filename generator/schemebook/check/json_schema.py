"""The models in, the JSON Schemas out by which editors complete and check YAML as it is typed.

They take what a YAML editor makes of a scalar: to us every scalar is the text that was typed, while an editor has
guessed already (`version: 1` is a number, `optional: true` a truth value) and must not call that wrong. Draft-07, for
the YAML language server knows nothing newer in full (redhat-developer/yaml-language-server, issue 856).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from schemebook.check.misfits import model_words
from schemebook.scheme.files import write_file
from schemebook.scheme.form import Block, Form
from schemebook.scheme.keys import ID_PATTERN
from schemebook.scheme.model import Scheme
from schemebook.scheme.project import CONFIGS, FORMS
from schemebook.scheme.words import say

DRAFT = "http://json-schema.org/draft-07/schema#"
SCALAR = ("string", "number", "boolean")
"""What an editor makes of a plain scalar. A whole number is a number too."""

_WHOLE, _NUMBER = r"^-?[0-9]{1,9}$", r"^-?[0-9]{1,12}(\.[0-9]{1,9})?$"
_YES_OR_NO = r"^([Yy][Ee][Ss]|[Nn][Oo]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Oo][Nn]|[Oo][Ff][Ff])$"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def schema_texts() -> dict[str, str]:
    """Path in a project -> the schema's text. The same each time."""
    return {f"{CONFIGS}/schema.json": _text(Scheme), f"{FORMS}/schema.json": _text(Form, Block)}


def write_schemas(root: Path) -> list[Path]:
    """Write both schemas into a project; the paths written, without those that were current."""
    return [root / path for path, text in schema_texts().items() if write_file(root / path, text.encode())]


def stale_schemas(root: Path) -> list[Path]:
    """The schemas of a project that are missing, or not the ones that `write_schemas` would write."""
    texts = {root / path: text.encode() for path, text in schema_texts().items()}
    return [path for path, text in texts.items() if not path.is_file() or path.read_bytes() != text]


def _text(*models: type[BaseModel]) -> str:
    maker = _Maker(by_alias=True, ref_template="#/definitions/{model}")
    wanted: list[tuple[Any, JsonSchemaMode, Any]] = [
        (model, "validation", model.__pydantic_core_schema__) for model in models
    ]
    found, definitions = maker.generate_definitions(wanted)
    tops = [found[model, "validation"] for model in models]
    top = tops[0] if len(tops) == 1 else {"oneOf": tops}
    schema = {
        "$schema": DRAFT,
        "title": say("check.schema-title", what=_either(models)),
        **top,
        "definitions": definitions,
    }
    return json.dumps(_tidy(schema), ensure_ascii=False, indent=1) + "\n"


def _either(models: tuple[type[BaseModel], ...]) -> str:
    return say("check.schema-or").join(model_words(model) for model in models)


def _tidy(schema: Any) -> Any:
    """What pydantic says for OpenAPI or in words of its own, said in draft-07."""
    if isinstance(schema, list):
        return [_tidy(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {_OTHER_NAMES.get(key, key): _tidy(value) for key, value in schema.items() if not _for_open_api(key, value)}
    if "$ref" in found and len(found) > 1:  # draft-07 overlooks what stands beside a $ref
        found["allOf"] = [{"$ref": found.pop("$ref")}]
    if "minLength" in found and "anyOf" in found:  # of the list; the one word that may stand for it is not empty anyway
        least = found.pop("minLength")
        found["anyOf"] = [one | {"minItems": least} if one.get("type") == "array" else one for one in found["anyOf"]]
    if "patternProperties" in found:
        found["additionalProperties"] = False
    if found.get("pattern") == ID_PATTERN:
        found["type"] = ["string", "boolean"]  # an id may be `true`, and never a number
    return found


_OTHER_NAMES = {"ge": "minimum", "le": "maximum"}


def _for_open_api(key: str, value: Any) -> bool:
    return key == "discriminator" and isinstance(value, dict) and "propertyName" in value


class _Maker(GenerateJsonSchema):
    """pydantic's own writer, for values that come out of YAML."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        found = super().model_schema(schema)
        if issubclass(schema["cls"], BaseModel):
            found["title"] = model_words(schema["cls"])
        return found

    def get_title_from_name(self, name: str) -> str:
        return name

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        return {**super().str_schema(schema), "type": list(SCALAR)}

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        return {**super().int_schema(schema), "type": ["integer", "string"], "pattern": _WHOLE}

    def float_schema(self, schema: core_schema.FloatSchema) -> JsonSchemaValue:
        return {**super().float_schema(schema), "type": ["number", "string"], "pattern": _NUMBER}

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:
        return {"anyOf": [{"enum": ["yes", "no"]}, {"type": "boolean"}, {"type": "string", "pattern": _YES_OR_NO}]}

    def date_schema(self, schema: core_schema.DateSchema) -> JsonSchemaValue:
        return {"type": "string", "pattern": _DAY}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """`| None` says that the key may be left out, not that it may stand there with nothing behind it."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        found = super().default_schema(schema)
        default = found.get("default")
        if isinstance(default, bool):
            found["default"] = "yes" if default else "no"
        elif not isinstance(default, str | int):
            found.pop("default", None)
        return found

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """A function before the model may take one word where a list or a mapping stands, or refuse empty words.

        Which of them it does is tried on it.
        """
        inner = self.generate_inner(schema["schema"])
        function: Callable[..., Any] = schema["function"]["function"]
        made = _tried(function, "word")
        if isinstance(made, list):
            return {"anyOf": [self.resolve_ref_schema(inner).get("items", {}), inner]}
        if isinstance(made, dict):
            return {"anyOf": [{"type": list(SCALAR)}, inner]}
        if _tried(function, " ") == "empty-words":
            return {**inner, "pattern": r"\S"}
        return inner


def _tried(function: Callable[..., Any], text: str) -> Any:
    """What the function makes of a text, or the kind of its refusal."""
    try:
        return function(text)
    except PydanticCustomError as refusal:
        return refusal.type

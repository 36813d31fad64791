"""Strict: the base of every model read from YAML, and the small types that keys take."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


def kebab(name: str) -> str:
    """The YAML spelling of a Python name; a trailing underscore keeps clear of Python's own words."""
    return name.rstrip("_").replace("_", "-")


class Strict(BaseModel):
    """Frozen, refuses unknown keys, kebab-case in YAML; each docstring is help, JSON Schema and manual at once."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, alias_generator=kebab, validate_by_alias=True
    )


class Made(Strict):
    """The same for models that our own code makes, which names their parts as Python does."""

    model_config = ConfigDict(validate_by_name=True)


def wrong(kind: str, **values: object) -> PydanticCustomError:
    """An error of ours inside a model; its words stand in the catalogue of `check` under its kind."""
    return PydanticCustomError(kind, kind, values)  # type: ignore[arg-type, unused-ignore]


ID_PATTERN = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
LONGEST_ID = 60


def is_id(text: str) -> bool:
    """Whether a text can be an id."""
    return bool(re.fullmatch(ID_PATTERN, text)) and len(text) <= LONGEST_ID


def _an_id(text: str) -> str:
    if not is_id(text):
        raise PydanticCustomError("not-an-id", "not an id", {"found": text})
    return text


Id = Annotated[str, AfterValidator(_an_id), Field(json_schema_extra={"pattern": ID_PATTERN})]
"""An id: lower-case letters, digits and single hyphens, beginning with a letter. It outlives every label."""


def _words(text: Any) -> Any:
    if isinstance(text, str):
        text = text.strip()
        if not text:
            raise PydanticCustomError("empty-words", "empty", {})
    return text


Words = Annotated[str, BeforeValidator(_words)]
"""Words for a reader: not empty."""


def _yes_or_no(value: Any) -> Any:
    if isinstance(value, str):
        known = {"yes": True, "no": False, "true": True, "false": False, "on": True, "off": False}
        if value.lower() not in known:
            raise PydanticCustomError("not-yes-no", "not yes or no", {"found": value})
        return known[value.lower()]
    return value


YesNoKey = Annotated[bool, BeforeValidator(_yes_or_no)]
"""yes or no, as a scheme owner types it."""


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        if not re.fullmatch(r"-?[0-9]{1,9}", value):
            raise PydanticCustomError("not-whole", "not a whole number", {"found": value})
        return int(value)
    return value


Whole = Annotated[int, BeforeValidator(_whole)]
"""A whole number."""


def _number(value: Any) -> Any:
    if isinstance(value, str):
        if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,9})?", value):
            raise PydanticCustomError("not-number", "not a number", {"found": value})
        return float(value)
    return value


Number = Annotated[float, BeforeValidator(_number)]
"""A number, with a decimal point if it needs one."""


def _day(value: Any) -> Any:
    if isinstance(value, str):
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):  # fromisoformat takes 2026-W48-2 too
                raise ValueError
            return datetime.date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("not-a-day", "not a day", {"found": value}) from None
    return value


Day = Annotated[datetime.date, BeforeValidator(_day)]
"""A day, written 2026-11-24."""


Unit = Literal["minute", "hour", "day", "week", "month", "year"]
_DURATION = re.compile(r"([0-9]{1,4})\s+(minute|hour|day|week|month|year)s?")


class Duration(str):
    """A length of time such as '6 months' or '90 minutes': a count and a unit, kept as typed."""

    amount: int
    unit: Unit

    def __new__(cls, text: str) -> Duration:
        found = _DURATION.fullmatch(text.strip().lower())
        if not found:
            raise PydanticCustomError("not-a-duration", "not a length of time", {"found": text})
        amount, unit = int(found[1]), found[2]
        made = super().__new__(cls, f"{amount} {unit}" + ("" if amount == 1 else "s"))
        made.amount, made.unit = amount, unit  # type: ignore[assignment]
        return made

    @property
    def minutes(self) -> int:
        """Its length in minutes; a month counts 30 days and a year 365, good enough to compare two of them."""
        each = {"minute": 1, "hour": 60, "day": 1440, "week": 10080, "month": 43200, "year": 525600}
        return self.amount * each[self.unit]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls, core_schema.str_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        units = "|".join("".join(f"[{letter}{letter.upper()}]" for letter in unit) for unit in get_args(Unit))
        return {"type": "string", "pattern": rf"^\s*[0-9]{{1,4}}\s+({units})[sS]?\s*$"}

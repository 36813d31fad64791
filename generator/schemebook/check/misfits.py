"""A file whose data does not fit its model in, problems in our words out: nothing that pydantic says reaches a user."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from schemebook.check.nearest import listed, nearest, quoted, unknown
from schemebook.check.shape import Spot, is_union, keys_of, literals, models, unwrapped, walk
from schemebook.errors import Problem
from schemebook.scheme.fields import FIELD_TYPES
from schemebook.scheme.project import Unfit
from schemebook.scheme.words import catalogue, problem, say
from schemebook.scheme.yaml_source import Steps, YamlSource

MOST_TOLD = 100
"""So many problems of one file are told; a file with more is another kind of file altogether."""


@dataclass(frozen=True)
class Misfit:
    """One error of pydantic's, with the place it is about."""

    kind: str
    spot: Spot
    last: str
    """The key that is missing or unknown, for the kinds `missing` and `extra_forbidden`."""
    context: Mapping[str, Any]
    data: Any
    """What stands in the file there."""
    around: tuple[type[BaseModel], ...]
    """The models of the mappings around it, the nearest first."""


def problems_of(unfit: Unfit) -> list[Problem]:
    """What is wrong with a file, each with its place and what to do, at most MOST_TOLD and a line that says so."""
    misfits = list(_one_a_place(_misfits(unfit)))
    told = [_problem(unfit.source, one) for one in misfits[:MOST_TOLD]]
    if len(misfits) > MOST_TOLD:
        last = max(told).place
        told.append(problem(last, "check.many-more", count=len(misfits) - MOST_TOLD, file=unfit.source.file))
    return told


def model_words(model: type[BaseModel]) -> str:
    """A model as a message names it: 'a long-text field'."""
    name = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in model.__name__)
    return say(f"check.model{name}")


def _misfits(unfit: Unfit) -> Iterator[Misfit]:
    for error in unfit.error.errors(include_url=False):
        kind, loc = error["type"], error["loc"]
        about_a_key = kind in ("missing", "extra_forbidden")
        spot = walk(unfit.model, loc[:-1] if about_a_key else loc)
        last = str(loc[-1]) if about_a_key else ""
        yield Misfit(kind, spot, last, error.get("ctx", {}), error["input"], _around(unfit.model, loc, spot))


def _around(model: type[BaseModel], loc: tuple[str | int, ...], spot: Spot) -> tuple[type[BaseModel], ...]:
    owners = (walk(model, loc[:end]).owner for end in range(len(loc) - 1, -1, -1))
    return tuple(dict.fromkeys(owner for owner in owners if owner and owner is not spot.owner))


def _one_a_place(misfits: Iterator[Misfit]) -> Iterator[Misfit]:
    """Without what only follows from another error: a list that is short because its entries are wrong, the members of
    a union that nobody meant, a key that is missing because it stands there misspelt."""
    found = [one for one in misfits if not _only_seems_short(one)]
    misspelt = {
        (one.spot.owner_steps, nearest(one.last, _keys(one.spot))) for one in found if one.kind == "extra_forbidden"
    }
    inside = {one.spot.owner_steps for one in found if one.spot.owner_steps}
    seen: set[tuple[Steps, str]] = set()
    for one in found:
        if one.kind == "missing" and (one.spot.owner_steps, one.last) in misspelt:
            continue
        if one.kind == "literal_error" and isinstance(one.data, dict) and one.spot.steps in inside:
            continue
        if (one.spot.steps, one.last) not in seen:
            seen.add((one.spot.steps, one.last))
            yield one


def _only_seems_short(one: Misfit) -> bool:
    return one.kind == "too_short" and isinstance(one.data, list | dict) and len(one.data) >= one.context["min_length"]


def _keys(spot: Spot) -> tuple[str, ...]:
    return tuple(keys_of(spot.owner)) if spot.owner else ()


def _problem(source: YamlSource, one: Misfit) -> Problem:
    return _TOLD.get(one.kind, _custom)(source, one)


def _named(steps: Steps) -> str:
    """What stands at `steps`, as a message names it: its key, or the number of its entry."""
    if not steps:
        return say("check.the-file")
    if isinstance(steps[-1], str):
        return f"'{quoted(steps[-1])}'"
    key = next((one for one in reversed(steps) if isinstance(one, str)), "")
    return say("check.entry", number=steps[-1] + 1, key=key)


# Keys that are missing or unknown.


def _missing(source: YamlSource, one: Misfit) -> Problem:
    owner = one.spot.owner
    assert owner, "only a model misses a key"
    field = keys_of(owner)[one.last]
    return problem(
        source.place(one.spot.owner_steps),
        "check.missing-key",
        model=model_words(owner),
        key=one.last,
        help=_help(field.description or ""),
    )


def _help(docstring: str) -> str:
    """The first sentence of a key's docstring, to stand in a sentence."""
    first = " ".join(docstring.split()).split(". ")[0].rstrip(".")
    return first[:1].lower() + first[1:] if first[1:2].islower() else first


def _unknown_key(source: YamlSource, one: Misfit) -> Problem:
    owner, key = one.spot.owner, one.last
    assert owner, "only a model knows its keys"
    place = source.place((*one.spot.owner_steps, key), key=True)
    values: dict[str, object] = {"model": model_words(owner), "key": quoted(key)}
    other_types = sorted(name for name, type in FIELD_TYPES.items() if key in keys_of(type))
    if other_types and owner in FIELD_TYPES.values():
        return problem(place, "check.key-of-other-types", types=listed(other_types), **values)
    for way, neighbours in (("inside", _inside(owner)), ("around", one.around)):
        neighbour = next((model for model in neighbours if key in keys_of(model)), None)
        if neighbour:
            return problem(place, f"check.key-belongs-{way}", neighbour=model_words(neighbour), **values)
    present = {steps[-1] for steps in source.keys if steps[:-1] == one.spot.owner_steps and steps}
    if nearest(key, [name for name in _keys(one.spot) if name not in present]):
        return unknown(place, "check.unknown-key", key, _keys(one.spot), **values)
    return unknown(place, "check.unknown-key", key, _keys(one.spot), **values)


def _inside(owner: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The models of what stands in a mapping: a wrong indent puts their keys beside them."""
    for field in keys_of(owner).values():
        yield from _inner_models(field.annotation)


def _inner_models(annotation: Any) -> tuple[type[BaseModel], ...]:
    found = models(annotation)
    if not found:
        inner = unwrapped(annotation).bare
        arguments = getattr(inner, "__args__", ())
        found = tuple(model for argument in arguments if argument is not Ellipsis for model in models(argument))
    return found


# Values of another shape than their key takes.


def nothing_behind(source: YamlSource, steps: Steps) -> Problem:
    """A key, or the dash of an entry, with no value."""
    return problem(source.place(steps, key=True), "check.nothing-behind", named=_named(steps))


def _wrong_shape(source: YamlSource, one: Misfit) -> Problem:
    place = source.place(one.spot.steps)
    named, found = _named(one.spot.steps), _found(one.data)
    if one.data is None and one.spot.steps:
        return nothing_behind(source, one.spot.steps)
    model = next(iter(models(one.spot.taken)), None)
    if is_union(unwrapped(one.spot.taken).bare) and FIELD_TYPES["text"] in models(one.spot.taken):
        return problem(place, "check.not-a-field", named=named, found=found)
    if model:
        keys = [key for key, field in keys_of(model).items() if field.is_required()] or list(keys_of(model))
        return problem(
            place, "check.not-a-mapping", named=named, found=found, model=model_words(model), keys=listed(keys)
        )
    return problem(place, f"check.takes-{_expected(one)}", named=named, found=found)


def _expected(one: Misfit) -> str:
    by_kind = {"tuple_type": "list", "dict_type": "names", "int_type": "whole", "float_type": "number"}
    return {**by_kind, "bool_type": "yes-no", "date_type": "day"}.get(one.kind, "text")


def _found(data: Any) -> str:
    if data is None:
        return say("check.found-nothing")
    if isinstance(data, str):
        return f"'{quoted(data)}'"
    return say("check.found-list" if isinstance(data, list) else "check.found-names")


def _literal(source: YamlSource, one: Misfit) -> Problem:
    place, named = source.place(one.spot.steps), _named(one.spot.steps)
    if one.data is None:
        return nothing_behind(source, one.spot.steps)
    field = keys_of(one.spot.owner).get(str(one.spot.steps[-1])) if one.spot.owner else None
    words = literals(one.spot.taken)
    keys = [key for model in models(field.annotation if field else None) for key in keys_of(model)]
    also = say("check.or-keys", keys=listed(keys)) if keys else ""
    if isinstance(one.data, str):
        return unknown(place, "check.not-a-word", one.data, words, named=named, also=also)
    return problem(place, "check.not-one-word", named=named, found=_found(one.data), known=listed(words), also=also)


def _unknown_tag(source: YamlSource, one: Misfit) -> Problem:
    place = source.place((*one.spot.steps, "type"))
    found = one.data.get("type") if isinstance(one.data, dict) else None
    if isinstance(found, str):
        return unknown(place, "check.no-such-type", found, tuple(FIELD_TYPES))
    return problem(place, "check.type-is-no-word", found=_found(found), known=", ".join(FIELD_TYPES))


def _no_tag(source: YamlSource, one: Misfit) -> Problem:
    return problem(source.place(one.spot.steps), "check.no-type", known=", ".join(FIELD_TYPES))


# Values of the right shape that break a limit.


def _length(source: YamlSource, one: Misfit) -> Problem:
    short = one.kind == "too_short"
    limit = one.context["min_length" if short else "max_length"]
    count = len(one.data) if isinstance(one.data, list | dict) else one.context["actual_length"]
    named, place = _named(one.spot.steps), source.place(one.spot.steps)
    if short and not count:
        return problem(place, "check.empty-list", named=named, limit=limit)
    return problem(
        place,
        "check.too-short" if short else "check.too-long",
        named=named,
        count=count,
        limit=limit,
        off=abs(limit - count),
    )


def _limit(source: YamlSource, one: Misfit) -> Problem:
    low = one.kind == "greater_than_equal"
    limit = one.context["ge" if low else "le"]
    key = "check.too-small" if low else "check.too-large"
    return problem(source.place(one.spot.steps), key, named=_named(one.spot.steps), found=_found(one.data), limit=limit)


# What our own validators raise.


def _custom(source: YamlSource, one: Misfit) -> Problem:
    place = source.place(one.spot.steps, key=one.spot.is_key)
    values: dict[str, object] = {**one.context, "named": _named(one.spot.steps)}
    if one.kind not in catalogue("check"):
        return problem(place, "check.does-not-fit", found=_found(one.data), **values)
    if "found" in one.context:
        found = str(one.context["found"])
        values |= {"found": quoted(found), "id": _as_id(found)}
    return problem(place, f"check.{one.kind}", **values)


def _as_id(text: str) -> str:
    """The nearest thing to `text` that can be an id."""
    letters = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in text.lower())
    words = "-".join(word for word in letters.split("-") if word)[:LONGEST_SUGGESTION].strip("-")
    if not words:
        return say("check.an-id")
    return words if words[0].isalpha() else f"{say('check.id-begins')}-{words}"


LONGEST_SUGGESTION = 40

_TOLD: Mapping[str, Callable[[YamlSource, Misfit], Problem]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "literal_error": _literal,
    "union_tag_invalid": _unknown_tag,
    "union_tag_not_found": _no_tag,
    "too_short": _length,
    "too_long": _length,
    "greater_than_equal": _limit,
    "less_than_equal": _limit,
    **dict.fromkeys(
        (
            "model_type", "model_attributes_type", "tuple_type", "dict_type", "string_type", "int_type", "float_type",
            "bool_type", "date_type",
        ),
        _wrong_shape,
    ),
}  # fmt: skip

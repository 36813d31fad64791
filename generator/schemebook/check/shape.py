"""A model and the `loc` of a pydantic error in; the way in the YAML, and what may stand there, out.

pydantic puts into `loc` what no scheme owner wrote: the tag of a union's member ('long-text', 'field', 'Each') and
'[key]' behind the key of a mapping. Only the model tells them from keys of the same name, so the way is walked on it.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Discriminator, Tag
from pydantic.fields import FieldInfo

from schemebook.scheme.yaml_source import Steps

KEY_MARK = "[key]"


@dataclass(frozen=True)
class Spot:
    """One place in a file of YAML, as its model sees it."""

    steps: Steps
    """The way to it."""
    taken: Any
    """The type of what may stand there; None for a key that the model does not know."""
    owner: type[BaseModel] | None
    """The model of the nearest mapping around it."""
    owner_steps: Steps
    """The way to that mapping."""
    is_key: bool = False
    """Whether it is the key, not the value, that is meant."""


@dataclass(frozen=True)
class Taken:
    """A type without its wrappings."""

    bare: Any
    tag: str | None = None
    discriminator: str | None = None
    """The key that tells a union's members apart."""


def unwrapped(annotation: Any, field: FieldInfo | None = None) -> Taken:
    """The type without Annotated and without `| None`, and what its wrappings say of a union."""
    tag: str | None = None
    discriminator: Any = field.discriminator if field else None
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *notes = get_args(annotation)
            for note in notes:
                tag = note.tag if isinstance(note, Tag) else tag
                if isinstance(note, FieldInfo | Discriminator):
                    discriminator = note.discriminator or discriminator
        elif is_union(annotation) and types.NoneType in get_args(annotation) and len(get_args(annotation)) == 2:
            annotation = next(one for one in get_args(annotation) if one is not types.NoneType)
        else:
            return Taken(annotation, tag, discriminator if isinstance(discriminator, str) else None)


def is_union(annotation: Any) -> bool:
    """Whether it is `A | B`."""
    return get_origin(annotation) in (Union, types.UnionType)


def is_model(annotation: Any) -> bool:
    """Whether it is one of our models: keys with values."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


@cache
def keys_of(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """YAML key -> what the model says of it, in the model's order."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def members(annotation: Any) -> Iterator[Any]:
    """The members of a union, and of the unions in it; the type itself where it is none."""
    taken = unwrapped(annotation)
    if not is_union(taken.bare):
        yield annotation
        return
    for one in get_args(taken.bare):
        yield from members(one)


def literals(annotation: Any) -> tuple[str, ...]:
    """The words that may stand there, where they are given."""
    return tuple(
        word
        for one in members(annotation)
        if get_origin(bare := unwrapped(one).bare) is Literal
        for word in get_args(bare)
    )


def models(annotation: Any) -> tuple[type[BaseModel], ...]:
    """The models that may stand there."""
    return tuple(bare for one in members(annotation) if is_model(bare := unwrapped(one).bare))


def tag_of(model: type[BaseModel], discriminator: str) -> str:
    """The word in the key `discriminator` by which a model is told from the others of its union."""
    return next(iter(literals(keys_of(model)[discriminator].annotation)))


def walk(model: type[BaseModel], loc: Sequence[str | int]) -> Spot:
    """Where an error's `loc` leads.

    model: the file's own. Parts of `loc` that stand in no file (tags, '[key]') are dropped.
    """
    at: Any = model
    field: FieldInfo | None = None
    steps: Steps = ()
    owner, owner_steps = None, steps
    in_dict = is_key = False
    for part in loc:
        taken = unwrapped(at, field)
        if part == KEY_MARK and in_dict:
            is_key = True
            continue
        field = None
        if is_union(taken.bare):
            at = _member(taken, str(part))
            continue
        in_dict = get_origin(taken.bare) is dict
        if is_model(taken.bare):
            owner, owner_steps = taken.bare, steps
            field = keys_of(taken.bare).get(str(part))
            at = field.annotation if field else None
        else:
            at = _inside(taken.bare)
        steps = (*steps, part)
    ends = unwrapped(at).bare
    if is_model(ends):
        owner, owner_steps = ends, steps
    return Spot(steps, at, owner, owner_steps, is_key)


def _inside(container: Any) -> Any:
    arguments = get_args(container)
    if get_origin(container) is dict:
        return arguments[1]
    return arguments[0] if arguments else None


def _member(union: Taken, tag: str) -> Any:
    """The member of a union that pydantic names so in `loc`."""
    for one in get_args(union.bare):
        taken = unwrapped(one)
        if taken.tag is not None:
            named = taken.tag == tag
        elif union.discriminator and is_model(taken.bare):
            named = tag_of(taken.bare, union.discriminator) == tag
        else:
            named = tag == getattr(taken.bare, "__name__", "") or (
                tag.startswith("literal[") and get_origin(taken.bare) is Literal
            )
        if named:
            return one
    return None

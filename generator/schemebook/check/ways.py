"""Plain data of a YAML file and a pattern in, the values it leads to and the way to each out.

What refers to what is checked on this data and not on the models, so that a misspelt key in one place hides nothing
that is wrong in another: whatever has not the expected shape is passed over here, and told by `misfits`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schemebook.scheme.yaml_source import Steps

Found = tuple[Steps, Any]


def follow(data: Any, pattern: str, steps: Steps = ()) -> Iterator[Found]:
    """Every value at the end of `pattern`: keys with dots between, `*` for each entry of a list or value of a mapping.

    A single value where a list may stand counts as its one entry.
    """
    name, _, rest = pattern.partition(".")
    if not name:
        yield steps, data
    elif name == "*":
        for step, inner in _entries(data):
            yield from follow(inner, rest, (*steps, *step))
    elif isinstance(data, dict) and name in data:
        yield from follow(data[name], rest, (*steps, name))


def _entries(data: Any) -> Iterator[Found]:
    if isinstance(data, list):
        yield from (((number,), one) for number, one in enumerate(data))
    elif isinstance(data, dict):
        yield from (((key,), one) for key, one in data.items())
    elif isinstance(data, str):
        yield (), data


def words_at(data: Any, pattern: str) -> Iterator[tuple[Steps, str]]:
    """The same, of what is text and not empty."""
    return ((steps, word) for steps, word in follow(data, pattern) if isinstance(word, str) and word)


def keys_at(data: Any, pattern: str) -> Iterator[tuple[Steps, str]]:
    """The keys of every mapping at the end of `pattern`, each with its way."""
    for steps, found in follow(data, pattern):
        if isinstance(found, dict):
            yield from (((*steps, key), key) for key in found)


def at(data: Any, *names: str) -> Any:
    """The value under these keys; None where it is not there."""
    for name in names:
        if not isinstance(data, dict) or name not in data:
            return None
        data = data[name]
    return data


def is_yes(data: Any) -> bool:
    """Whether a key that takes yes or no says yes."""
    return isinstance(data, str) and data.lower() in ("yes", "true", "on")

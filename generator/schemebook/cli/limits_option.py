"""Words such as `seconds=30` in; the reader's limits with these in place of the defaults out."""

from __future__ import annotations

import os
from collections.abc import Iterable

from pydantic import ValidationError

from schemebook.check.nearest import listed, nearest, quoted
from schemebook.errors import UsageError
from schemebook.returned.limits import Limits
from schemebook.scheme.words import what_and_to_do

ENVIRONMENT = "SCHEMEBOOK_LIMITS"


def limits_of_environment() -> Limits:
    """The limits of this machine, for a command that reads files once more and has no option for them."""
    return read_limits(os.environ.get(ENVIRONMENT, "").split())


def read_limits(words: Iterable[str]) -> Limits:
    """The limits that some `name=number` set; the last of one name counts. Raises UsageError for any other word."""
    said: dict[str, str] = {}
    for word in words:
        name, equals, number = word.partition("=")
        key = name.strip().replace("-", "_")
        if not equals or key not in Limits.model_fields:
            raise _unknown(word if not equals else name)
        said[key] = number.strip().replace("_", "")
    try:
        return Limits.model_validate(said)
    except ValidationError as error:
        key = str(error.errors()[0]["loc"][0])
        raise UsageError(*what_and_to_do("cli.bad-limit", name=_shown(key), found=quoted(said[key]))) from None


def _unknown(name: str) -> UsageError:
    known = [_shown(key) for key in Limits.model_fields]
    best = nearest(name, known)
    words = "cli.no-limit-near" if best else "cli.no-limit"
    return UsageError(*what_and_to_do(words, found=quoted(name), best=best, known=listed(known)), kind="no-limit")


def _shown(key: str) -> str:
    return key.replace("_", "-")

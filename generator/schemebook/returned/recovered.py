"""Recovered: where and how one answer was read from print, and whether a machine may take it as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from schemebook.returned.page_place import Rect

Door = Literal["text-layer", "image"]


@dataclass(frozen=True)
class Recovered:
    """How one widget of a copy without fields was read.

    field: the question's id. widget: the full name. confidence: from 0 to 1; compare it within one door only.
    accepted: taken without a person's look. page: in the returned file, from 1. rect: where it stands there, in points
    from the page's lower left, so that a picture can be cut out.
    """

    field: str
    widget: str
    door: Door
    confidence: float
    accepted: bool
    page: int
    rect: Rect

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> Recovered:
        """The same from what `as_json` gave."""
        return cls(**{**said, "rect": tuple(said["rect"])})

    def as_json(self) -> dict[str, Any]:
        """Plain data, as a record keeps and prints it."""
        return {**vars(self), "rect": list(self.rect)}

"""Outcome: what became of one returned file, for the table, the progress bar and the JSON lines of `ingest`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Outcome:
    """What became of one file. `records` are the ids of the records it is or was; none of an anonymous form.

    to_look_at: whether a record that it became now needs a person's look.
    """

    outcome: ClassVar[str]

    file: str
    sha256: str | None
    records: tuple[str, ...] = ()
    reason: str | None = None
    message: str | None = None
    to_look_at: bool = False

    def as_json(self) -> dict[str, Any]:
        """One line of `ingest --format json`."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "outcome": self.outcome,
            "reason": self.reason,
            "message": self.message,
            "records": list(self.records),
        }


class Recorded(Outcome):
    """The file became records. `reason` and `message` tell of a form in it that came back with nothing filled in."""

    outcome = "recorded"


class Duplicate(Outcome):
    """Exactly this file was there before."""

    outcome = "duplicate"


class SetAside(Outcome):
    """The file could not become a record; `reason` is a fixed code, `message` the words."""

    outcome = "set-aside"

"""Place, Problem, ExitStatus and the one error family: what can be wrong, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum


class ExitStatus(IntEnum):
    """What a command tells the shell. Documented in the manual; scripts rely on it."""

    FINE = 0
    PROJECT_AT_FAULT = 1
    USAGE = 2
    SOME_SET_ASIDE = 3


@dataclass(frozen=True, order=True)
class Place:
    """Where in the project something stands. Line and column count from 1; column 1 where only the line is known."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong, told so that its author can mend it. Collected, never raised.

    kind: a stable kebab-case name that tests compare; the wording may change, the kind may not.
    """

    place: Place
    what: str
    to_do: str
    kind: str = field(default="problem", compare=False)

    def __str__(self) -> str:
        return f"{self.place}: {self.what}. {self.to_do}."


@dataclass(frozen=True, order=True)
class Note:
    """Something its author may like to know. Told on stderr with the word 'note:', and does not count."""

    place: Place
    what: str
    kind: str = field(default="note", compare=False)

    def __str__(self) -> str:
        return f"note: {self.place}: {self.what}."


class SchemebookError(Exception):
    """What a person can mend. Printed in one line, without a traceback; anything else is a bug."""

    exit_status = ExitStatus.PROJECT_AT_FAULT

    def __init__(self, what: str, to_do: str, kind: str = "problem") -> None:
        self.what, self.to_do, self.kind = what, to_do, kind
        super().__init__(f"{what}. {to_do}.")


class UsageError(SchemebookError):
    """A command was called with words or files that it cannot take."""

    exit_status = ExitStatus.USAGE


class ProjectError(SchemebookError):
    """The project has problems, told together in file order; its commands cannot go on."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        Exception.__init__(self, "\n".join(map(str, self.problems)))


class SetAsideError(SchemebookError):
    """One returned file cannot become a record. The rest of the batch goes on.

    reason: a stable kebab-case code, as `ingest --format json` prints it. The words never quote the
    file's answers: they end up in logs and on screens.
    """

    exit_status = ExitStatus.SOME_SET_ASIDE

    def __init__(self, reason: str, what: str, to_do: str) -> None:
        self.reason = reason
        super().__init__(what, to_do, kind=reason)

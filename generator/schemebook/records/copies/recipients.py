"""A list of people as CSV in; whom a form is issued to, each with the answers that are known of them, out.

The list's columns are the ids of questions, as exports name them, and `key`. Everything wrong with a list is told
together, a line each; what it holds is never quoted.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from schemebook.errors import ExitStatus, Place, Problem, ProjectError
from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.records.cells import cells_of, read_cell, whole_answers
from schemebook.records.people.returns import PERSON, fold
from schemebook.scheme.answers import Value
from schemebook.scheme.form import Each, Form
from schemebook.scheme.letters import clean_text
from schemebook.scheme.words import problem, say

KEY = "key"
ONCE = "once"
MOST_TOLD = 100
"""So many problems of one list are told; a list with more is another kind of list altogether."""
_LONGEST_KEY = 160
"""Half of what the store takes: folded, some letters become two."""
_LONGEST_OCCASION = 60
_MONTH = len("2026-11")


@dataclass(frozen=True)
class Recipient:
    """Somebody to whom a form is issued.

    key: what they are known by in the list. occasion: the time it is issued for, `once` where there is one only and
    empty where the list does not say. whose: the part that the form gives them (`person` or a role).
    """

    line: int
    key: str
    occasion: str
    whose: str
    answers: Mapping[str, Value]
    name: str | None = None
    email: str | None = None

    @property
    def person(self) -> str:
        """The key as it is compared."""
        return fold(self.key)


class WrongListError(ProjectError):
    """A list of people that a form cannot be issued to, with everything that is wrong with it."""

    exit_status = ExitStatus.USAGE


def read_recipients(path: Path, form: Form, descriptor: FormDescriptor) -> list[Recipient]:
    """Everybody in a list. form, descriptor: what is issued; its edition's words name options as well as their ids.

    Parted by commas, semicolons or tabs; empty lines are left out. Raises WrongListError.
    """
    return _Reading(str(path), form, descriptor).read(_text(path))


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise WrongListError([problem(Place(str(path)), "issue.no-list", reason=error.strerror)]) from None
    try:
        return raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise WrongListError([problem(Place(str(path)), "issue.not-utf-8")]) from None


class _Reading:
    """One reading of a list: it gathers what is wrong."""

    def __init__(self, file: str, form: Form, descriptor: FormDescriptor) -> None:
        self.file, self.form, self.meaning, self.cells = file, form, descriptor.meaning, cells_of(descriptor)
        self.problems: list[Problem] = []

    def read(self, text: str) -> list[Recipient]:
        lines = self._lines(text)
        head, rows = (lines[0], lines[1:]) if lines else ((1, []), [])
        if not rows:
            self._wrong(head[0], "no-people")
        columns = [_printable(name) for name in head[1]]
        while columns and not columns[-1]:
            columns.pop()  # a spreadsheet writes a comma too many for each column that was ever used
        self._check_columns(columns)
        key = self._key_column(columns) if rows else None
        self._stop_if_wrong()
        assert key, "its absence is a problem"
        whose = self._whose(key)
        found = [one for line, cells in rows if (one := self._recipient(line, columns, cells, key, whose))]
        self._refuse_twice(found)
        self._stop_if_wrong()
        return found

    def _lines(self, text: str) -> list[tuple[int, list[str]]]:
        """(number of the first line, cells) of each row that is not empty."""
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        found, before = [], 0
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    found.append((before + 1, cells))
                before = reader.line_num
        except csv.Error:
            self._wrong(before + 1, "not-csv")
        self._stop_if_wrong()
        return found

    def _check_columns(self, columns: Sequence[str]) -> None:
        if columns and not any(map(self._is_named, columns)):
            self._wrong(1, "no-head")  # the first person may stand there, so nothing of it is quoted
            self._stop_if_wrong()
        for number, name in enumerate(columns, 1):
            if not name:
                self._wrong(1, "column-without-name", number=number)
            elif name in columns[: number - 1]:
                self._wrong(1, "column-twice", column=name)
            elif name != KEY and name not in self.cells:
                self._unknown(name)

    def _is_named(self, name: str) -> bool:
        """Whether a column has a name that is meant for one: a question's id, or something like it."""
        return name == KEY or bool(self._parts(name)) or bool(get_close_matches(name, self.cells, n=1))

    def _parts(self, name: str) -> list[str]:
        return [column for column in self.cells if column.startswith(f"{name}.")]

    def _unknown(self, name: str) -> None:
        parts = self._parts(name)
        near = get_close_matches(name, self.cells, n=1)
        if parts:
            self._wrong(1, "column-of-parts", column=name, parts=", ".join(parts[:3]))
        elif near:
            self._wrong(1, "unknown-column-near", column=name, best=near[0])
        else:
            self._wrong(1, "unknown-column", column=name)

    def _key_column(self, columns: Sequence[str]) -> str | None:
        """`key`; else an e-mail address, of the form's own person before others."""
        emails = [field for field in self.form.fields if field.type == "email"]  # type: ignore[attr-defined]
        wanted = (PERSON, *self.form.completed_by)
        first = [field.id for whose in wanted for field in emails if field.identifies == whose]
        named = list(dict.fromkeys(first + [field.id for field in emails]))
        found = next((column for column in (KEY, *named) if column in columns), None)
        if found is None:
            listed = say("issue.or").join(f"'{one}'" for one in named)
            self._wrong(1, "no-key-column" if named else "no-key-column-only", columns=listed)
        return found

    def _whose(self, key: str) -> str:
        """The part that the form gives to those in the list."""
        told = {field.id: field.identifies for field in self.form.fields}.get(key)
        there = [field.identifies for field in self.form.fields]
        return told or next((one for one in (PERSON, *self.form.completed_by) if one in there), PERSON)

    def _recipient(
        self, line: int, columns: Sequence[str], cells: Sequence[str], key_column: str, whose: str
    ) -> Recipient | None:
        if any(cell.strip() for cell in cells[len(columns) :]):
            self._wrong(line, "more-cells")
            return None
        texts = dict(zip(columns, cells, strict=False))
        key = " ".join(clean_text(texts.get(key_column, ""))[0].split())[:_LONGEST_KEY]
        if not key:
            self._wrong(line, "no-key", column=key_column)
        answers = self._answers(line, texts)
        name, email = self._named(answers, whose)
        return Recipient(line, key, self._occasion(answers), whose, answers, name, email)

    def _answers(self, line: int, texts: Mapping[str, str]) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for column, text in texts.items():
            if column in self.cells and text.strip():
                why = read_cell(self.cells[column], text, found)
                if why:
                    self._wrong(line, "wrong-cell", column=column, why=why)
        return whole_answers(self.meaning, found)

    def _occasion(self, answers: Mapping[str, Value]) -> str:
        occasion = self.form.occasion
        if not isinstance(occasion, Each):
            return ONCE
        said = str(answers.get(occasion.field, ""))
        is_day = self.cells[occasion.field].meaning.type == "date" if occasion.field in self.cells else False
        return said[: _MONTH if occasion.each == "month" and is_day else _LONGEST_OCCASION]

    def _named(self, answers: Mapping[str, Value], whose: str) -> tuple[str | None, str | None]:
        """Name and e-mail address as the list gives them for the form's own questions."""
        names: list[str] = []
        emails: list[str] = []
        for field in self.form.fields:
            said = answers.get(field.id)
            said = said.get("name") if isinstance(said, dict) else said
            if field.identifies == whose and isinstance(said, str):
                (emails if field.type == "email" else names).append(said)  # type: ignore[attr-defined]
        return " ".join(names) or None, emails[0] if emails else None

    def _refuse_twice(self, found: Sequence[Recipient]) -> None:
        lines: dict[tuple[str, str], int] = {}
        for one in found:
            if one.key and (before := lines.setdefault((one.person, one.occasion), one.line)) != one.line:
                self._wrong(one.line, "key-twice", first=before)

    def _wrong(self, line: int, kind: str, **values: object) -> None:
        self.problems.append(problem(Place(self.file, line), f"issue.{kind}", **values))

    def _stop_if_wrong(self) -> None:
        if len(self.problems) > MOST_TOLD:
            more = problem(self.problems[MOST_TOLD].place, "issue.many-more", count=len(self.problems) - MOST_TOLD)
            raise WrongListError([*self.problems[:MOST_TOLD], more])
        if self.problems:
            raise WrongListError(self.problems)


def _printable(name: str) -> str:
    """A column's name without what cannot be shown on one line: it stands in messages."""
    return "".join(letter for letter in name if letter.isprintable()).strip()


def _delimiter(text: str) -> str:
    """What parts the names of the columns."""
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)

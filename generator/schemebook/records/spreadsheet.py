"""Values in, CSV text out that no spreadsheet takes for a formula; answers of records in, one column a field out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Cell = str | int | float | bool | None

BYTE_ORDER_MARK = "\ufeff"
"""Goes before a CSV file: without it Excel takes UTF-8 for the letters of Windows."""

_STARTS_A_FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20\t\r\n|%")
"""OWASP, "CSV Injection"; the wide forms count too, and | and %, which old programs took for commands."""


def csv_lines(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Each row as one line of CSV (RFC 4180, line ends CRLF), all text in quotation marks.

    In quotation marks a text cannot fall apart into cells where the system parts them by semicolons.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC)
    for row in rows:
        writer.writerow(["" if cell is None else safe_cell(cell) for cell in row])  # most are, of many forms in one
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def safe_cell(cell: Cell) -> str | int | float:
    """A cell that is only ever shown. Text that a spreadsheet would take for a formula gets a ' before it."""
    if isinstance(cell, str):
        if cell[:1].isalnum():  # as most do
            return cell
        return f"'{cell}" if cell.lstrip(" \u00a0\ufeff\u200b")[:1] in _STARTS_A_FORMULA else cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell


def flat_answers(answers: Mapping[str, Any]) -> dict[str, Cell]:
    """One column a field, named as the fields of the PDF: tables `<table>.<row>.<column>`, signatures `<id>.name`.

    Several ticks stand in one cell, parted by semicolons.
    """
    found: dict[str, Cell] = {}
    for name, value in answers.items():
        _put_flat(found, name, value)
    return found


def _put_flat(found: dict[str, Cell], name: str, value: Any) -> None:
    if isinstance(value, str):  # as most are
        found[name] = value
    elif isinstance(value, dict):
        for inner, one in value.items():
            _put_flat(found, f"{name}.{inner}", one)
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for number, one in enumerate(value, 1):
            _put_flat(found, f"{name}.{number}", one)
    elif isinstance(value, list):
        found[name] = "; ".join(map(str, value))
    else:
        found[name] = value


def merged_columns(rows: Iterable[Iterable[str]]) -> list[str]:
    """All columns of some rows, each new one beside the one it followed in its row."""
    columns: list[str] = []
    there: set[str] = set()
    for row in rows:
        before: str | None = None
        for name in row:
            if name not in there:
                there.add(name)
                columns.insert(columns.index(before) + 1 if before is not None else 0, name)
            before = name
    return columns

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemebook.records.spreadsheet import csv_lines, flat_answers, merged_columns

CELLS = st.text(st.characters(exclude_categories=["Cs"])) | st.integers(-99, 99) | st.booleans() | st.none()


def read(lines: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(lines), newline="")))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 20 7946 0000",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\ufeff=1",
        "＝1",
        "|calc",
        '=HYPERLINK("http://x")',
    ],
)
def test_no_cell_is_a_formula(text: str) -> None:
    [[cell]] = read(csv_lines([[text]]))
    assert cell == "'" + text


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1))
def test_every_text_comes_back_and_none_begins_a_formula(rows: list[list[Any]]) -> None:
    for given_row, row in zip(rows, read(csv_lines(rows)), strict=True):
        for cell, found in zip(given_row, row, strict=True):
            if isinstance(cell, str):
                assert found in (cell, f"'{cell}")
                assert not found or found[0] not in "=+-@\t\r\n"


def test_all_text_stands_in_quotation_marks_so_that_a_semicolon_parts_no_cell() -> None:
    assert list(csv_lines([["a;=1", 2, True, None]])) == ['"a;=1",2,"yes",""\r\n']


def test_answers_lie_flat_under_the_names_of_their_pdf_fields() -> None:
    answers = {
        "name": "Ana",
        "topics": ["career", "people"],
        "scores": {"listen": {"now": "well", "next": "more"}},
        "courses": [{"what": "First aid", "year": 2020}, {"what": "Welsh"}],
        "signed": {"name": "Ana", "date": "2026-01-02", "kind": "typed"},
        "agree": True,
        "hours": 2.5,
    }
    assert flat_answers(answers) == {
        "name": "Ana",
        "topics": "career; people",
        "scores.listen.now": "well",
        "scores.listen.next": "more",
        "courses.1.what": "First aid",
        "courses.1.year": 2020,
        "courses.2.what": "Welsh",
        "signed.name": "Ana",
        "signed.date": "2026-01-02",
        "signed.kind": "typed",
        "agree": True,
        "hours": 2.5,
    }


@given(st.lists(st.lists(st.sampled_from("abcdefg"), unique=True)))
def test_every_column_stands_once(rows: list[list[str]]) -> None:
    columns = merged_columns(rows)
    assert sorted(columns) == sorted({name for row in rows for name in row})


def test_a_column_that_few_rows_have_stands_beside_its_neighbour() -> None:
    assert merged_columns([["a", "b", "d"], ["a", "b", "c", "d"], ["z", "a"]]) == ["z", "a", "b", "c", "d"]

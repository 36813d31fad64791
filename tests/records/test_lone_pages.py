"""Pages of a form that came one by one: when they are whole, and when nothing says that they are one person's."""

from __future__ import annotations

import pytest

from schemebook.records.store.lone_pages import DAYS, LonePages, verdict


def came(*rows: tuple[int, int] | tuple[int, int, str]) -> list[LonePages]:
    """Rows of one hand: the page, the day of November, and the record it is part of already."""
    return [
        LonePages(f"r{number}", "0a1b2c3d", "sender:a@b", (row[0],), f"2026-11-{row[1]:02}T09:00:00Z", *row[2:])
        for number, row in enumerate(rows)
    ]


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([(2, 4), (1, 1)], "whole"),
        ([(1, 1), (2, 1 + DAYS)], "whole"),
        ([(1, 1), (2, 2 + DAYS)], "incomplete"),
        ([(1, 1)], "incomplete"),
        ([(1, 1), (1, 2)], "incomplete"),
        ([(1, 1), (1, 2), (2, 3)], "page-twice"),
        ([(2, 25), (1, 1), (1, 13)], "page-twice"),
        ([(1, 3), (1, 1, "joined"), (2, 2, "joined")], "page-twice"),
        ([(2, 3), (1, 1, "joined")], "page-twice"),
    ],
)
def test_pages_are_whole_where_each_came_once_within_some_days(rows: list[tuple[int, int]], kind: str) -> None:
    found = came(*rows)
    assert verdict(found[0], found, 2).kind == kind


def test_a_whole_is_the_same_whichever_page_is_asked_about_and_in_the_order_of_its_pages() -> None:
    found = came((3, 1), (1, 5), (2, 9))
    assert [verdict(one, found, 3).kind for one in found] == ["whole"] * 3
    assert [row.pages for row in verdict(found[0], found, 3).rows] == [(1,), (2,), (3,)]


def test_pages_of_which_each_is_near_the_next_and_the_last_far_from_the_first_are_no_whole() -> None:
    found = came((1, 1), (2, 12), (3, 23))
    assert {verdict(one, found, 3).kind for one in found} == {"incomplete"}

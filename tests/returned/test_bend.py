"""How a sheet of paper bends, from points that were found again: smooth, whatever a few of them say."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy", reason="numpy (the extra recover) is not installed")

from schemebook.returned.recovery.bend import Points, bend_of  # noqa: E402  # needs numpy

SIZE = 1_654, 2_339


def points(count: int) -> Points:
    chance = np.random.default_rng(3)
    return chance.uniform(0, SIZE, (count, 2))


def bent(here: Points, far: float) -> Points:
    """As a page that is held at its upper and its lower edge."""
    return here + far * np.stack([np.sin(np.pi * here[:, 1] / SIZE[1]), 0.5 * np.sin(np.pi * here[:, 0] / SIZE[0])], 1)


def folded(here: Points, far: float) -> Points:
    """As a page that was folded across its middle."""
    return here + np.stack([np.zeros(len(here)), far * (1 - np.abs(here[:, 1] / SIZE[1] * 2 - 1))], 1)


@pytest.mark.parametrize("sheet", [bent, folded])
def test_points_between_those_that_were_found_lie_where_the_sheet_has_them(sheet: object) -> None:
    here = points(300)
    there = sheet(here, 12.0) + np.random.default_rng(4).normal(0, 0.3, here.shape)  # type: ignore[operator]
    found = bend_of(here, there, SIZE)
    others = points(700)[300:]
    assert found is not None
    beside = np.hypot(*(found.moved(others) - sheet(others, 12.0)).T)  # type: ignore[operator]
    assert np.median(beside) < 0.5 and beside.max() < 2.5


def test_a_few_that_were_taken_for_others_do_not_count() -> None:
    here = points(300)
    there = bent(here, 12.0)
    there[::15] += np.random.default_rng(5).uniform(-12, 12, there[::15].shape)
    found = bend_of(here, there, SIZE)
    assert found is not None
    assert np.hypot(*(found.moved(here[1::15]) - there[1::15]).T).max() < 1


def test_where_points_lie_anywhere_there_is_no_bend() -> None:
    here = points(300)
    assert bend_of(here, here + np.random.default_rng(6).uniform(-12, 12, here.shape), SIZE) is None


def test_no_sheet_bends_so_far_or_so_steeply() -> None:
    here = points(300)
    assert bend_of(here, bent(here, 60.0), SIZE) is None
    steps = here + np.where(here[:, 1:] > SIZE[1] / 2, [[20.0, 0.0]], [[-20.0, 0.0]])
    assert bend_of(here, steps, SIZE) is None

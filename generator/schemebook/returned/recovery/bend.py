"""Points of a blank that were found again in a picture in; how the sheet bends between them out: smooth, and never far.

A page in a hand, one that was folded or one that lies on a cable is not flat: its print lies up to some millimetres
beside where a flat page would have it. Needs numpy: the extra `recover`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Rows of x and y."""

CELL = 200.0
"""Pixels between the points of the grid: an inch, at the resolution that pictures are matched at."""
_SMOOTH = 1.5
"""How much a kink between three neighbours of the grid counts beside a point that is missed by a pixel."""
_NEAR = (6.0, 3.0, 1.5, 1.5)
"""Pixels beside the bend at which a point still counts for it, round after round."""
_LEAST_SHARE = 0.8
"""So many of all points must count."""
_FARTHEST, _STEEPEST = 32.0, 0.05
"""No sheet of paper lies farther beside its place than so many pixels (4 mm), nor gains more of its way from one point
of the grid to the next."""


@dataclass(frozen=True)
class Bend:
    """How far each point of a grid over a blank lies beside where it would lie were the sheet flat, in its pixels.

    beside: rows, columns, x and y. held: the points that it was made of.
    """

    beside: NDArray[np.float64]
    held: Points

    def moved(self, points: Points) -> Points:
        """Where points of the blank lie."""
        rows, columns = self.beside.shape[:2]
        weights = _weights(points, rows, columns)
        return points + np.stack([weights @ self.beside[..., axis].ravel() for axis in (0, 1)], axis=1)


def bend_of(here: Points, there: Points, size: tuple[int, int]) -> Bend | None:
    """The bend that brings most points of a blank to where they were found; None where none does that a sheet of paper
    could have. size: of the blank, width and height."""
    columns, rows = (int(np.ceil(side / CELL)) + 1 for side in size)
    kinks = _SMOOTH * _kinks(rows, columns)
    even = kinks.T @ kinks + 1e-6 * np.eye(rows * columns)  # as least squares, by their normal equations: sooner
    weights, counts = _weights(here, rows, columns), np.ones(len(here), bool)
    for near in _NEAR:
        seen = weights[counts]
        beside = np.linalg.solve(seen.T @ seen + even, seen.T @ (there - here)[counts])
        counts = np.hypot(*(here + weights @ beside - there).T) <= near
        if counts.sum() < _LEAST_SHARE * len(here):
            return None
    grid = beside.reshape(rows, columns, 2)
    steepest = max(float(np.abs(np.diff(grid, axis=axis)).max()) for axis in (0, 1)) / CELL
    if np.abs(grid).max() > _FARTHEST or steepest > _STEEPEST:
        return None
    return Bend(np.asarray(grid, np.float64), here[counts])


def _weights(points: Points, rows: int, columns: int) -> NDArray[np.float64]:
    """How much each point of the grid counts at each of some points: those at the corners of its cell alone."""
    at = np.clip(points / CELL, 0, [columns - 1.001, rows - 1.001])
    first = at.astype(int)
    across, down = (at - first).T
    found = np.zeros((len(points), rows * columns))
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 1)):
        share = (down if row else 1 - down) * (across if column else 1 - across)
        found[np.arange(len(points)), (first[:, 1] + row) * columns + first[:, 0] + column] = share
    return found


def _kinks(rows: int, columns: int) -> NDArray[np.float64]:
    """What three neighbours of the grid, in a row or a column, lie beside one line: a row of numbers for each three."""
    numbers = np.arange(rows * columns).reshape(rows, columns)
    threes = [
        *zip(numbers[:, :-2].ravel(), numbers[:, 1:-1].ravel(), numbers[:, 2:].ravel(), strict=True),
        *zip(numbers[:-2].ravel(), numbers[1:-1].ravel(), numbers[2:].ravel(), strict=True),
    ]
    found = np.zeros((len(threes), rows * columns), np.float64)
    for place, (before, middle, after) in enumerate(threes):
        found[place, [before, middle, after]] = 1, -2, 1
    return found

"""Which voice bears which name, all at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]


def assign(scores: Scores) -> tuple[tuple[int, int], ...]:
    """Return the pairs (row, column) of the greatest total score, each once, by row.

    Only pairs that score above zero are returned.

    Source: the Hungarian method in its form with potentials, J. Munkres (1957),
    O(rows^2 * columns).

    >>> assign(np.array([[2.0, 1.9], [1.5, 0.0]]))
    ((0, 1), (1, 0))
    """
    scores = np.asarray(scores, np.float64)
    if not scores.size:
        return ()
    rows, columns = scores.shape
    # Every row may go without: as many columns of nothing as there are rows.
    padded = np.hstack([np.maximum(scores, 0.0), np.zeros((rows, rows))])
    chosen = _cheapest(-padded)
    pairs = ((row, column) for row, column in enumerate(chosen) if column < columns)
    return tuple((row, column) for row, column in pairs if scores[row, column] > 0)


def margin(scores: Scores, pair: tuple[int, int]) -> float:
    """Return how much the greatest total falls if ``pair`` is forbidden."""
    without = scores.copy()
    without[pair] = -1.0
    return max(0.0, total(scores) - total(without))


def total(scores: Scores) -> float:
    """Return the greatest total score."""
    return float(sum(scores[pair] for pair in assign(scores)))


def _cheapest(costs: Scores) -> Sequence[int]:
    """Return for each row its column in the cheapest assignment; no fewer columns than rows."""
    rows, columns = costs.shape
    row_potentials, column_potentials = np.zeros(rows + 1), np.zeros(columns + 1)
    owner = np.zeros(columns + 1, int)  # row of each column, from 1; 0: free
    for row in range(1, rows + 1):
        owner[0] = row
        _augment(costs, row_potentials, column_potentials, owner)
    chosen = [0] * rows
    for column in range(1, columns + 1):
        if owner[column]:
            chosen[owner[column] - 1] = column - 1
    return chosen


def _augment(costs: Scores, rows: Scores, columns: Scores, owner: npt.NDArray[np.int_]) -> None:
    """Give the row that ``owner[0]`` names a column, moving others where that is cheaper."""
    least = np.full(len(columns), np.inf)
    way = np.zeros(len(columns), int)
    used = np.zeros(len(columns), bool)
    column = 0
    while owner[column]:
        used[column] = True
        row = owner[column]
        reduced = costs[row - 1] - rows[row] - columns[1:]
        is_less = ~used[1:] & (reduced < least[1:])
        least[1:][is_less] = reduced[is_less]
        way[1:][is_less] = column
        following = int(np.argmin(np.where(used, np.inf, np.r_[np.inf, least[1:]])))
        step = least[following]
        rows[owner[used]] += step
        columns[used] -= step
        least[~used] -= step
        column = following
    while column:
        owner[column] = owner[way[column]]
        column = int(way[column])

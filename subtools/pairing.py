"""Pairing two sides one to one, so that the sum of what the pairs are worth is greatest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Worth = npt.NDArray[np.float64]


def pair_best(worth: Worth) -> tuple[tuple[int, int], ...]:
    """Return the pairs (row, column) whose sum of ``worth`` is greatest, by row.

    Every row and every column is in one pair at most; a pair that is worth nothing (or
    less) is left out.

    >>> pair_best(np.array([[5.0, 4.0], [4.0, 0.0], [1.0, 1.0]]))
    ((0, 1), (1, 0))

    Args:
        worth: (rows, columns): what each pair is worth.

    Source: the Hungarian method by shortest augmenting paths; R. Jonker, A. Volgenant,
    A shortest augmenting path algorithm for dense and sparse linear assignment problems
    (1987). The time grows with the cube of the shorter side times the longer.
    """
    turned = worth.shape[0] > worth.shape[1]
    table = np.maximum(worth.T if turned else worth, 0.0)
    columns = _columns_of_rows(-table)
    pairs = ((column, row) if turned else (row, column) for row, column in enumerate(columns))
    return tuple(sorted(pair for pair in pairs if worth[pair] > 0))


def pair_total(worth: Worth) -> float:
    """Return the greatest sum that pairs can have."""
    return float(sum(worth[pair] for pair in pair_best(worth)))


def pair_margin(worth: Worth, pair: tuple[int, int]) -> float:
    """Return how much the greatest sum falls without ``pair``.

    >>> pair_margin(np.array([[5.0, 4.0], [4.0, 0.0]]), (0, 1))
    3.0
    """
    without = worth.copy()
    without[pair] = -1.0
    return max(0.0, pair_total(worth) - pair_total(without))


def _columns_of_rows(cost: Worth) -> list[int]:
    """Return the column of each row for the least sum of ``cost``; no more rows than columns."""
    rows, columns = cost.shape
    row_price, column_price = np.zeros(rows), np.zeros(columns)
    owner = np.full(columns, -1)  # the row that each column is given to
    for row in range(rows):
        _give_column(row, cost, row_price, column_price, owner)
    found = [-1] * rows
    for column in np.flatnonzero(owner >= 0).tolist():
        found[owner[column]] = column
    return found


def _give_column(
    row: int, cost: Worth, row_price: Worth, column_price: Worth, owner: npt.NDArray[np.int64]
) -> None:
    """Give ``row`` a column, and others to the rows it takes theirs from; changes all but cost."""
    columns = len(column_price)
    distance = np.full(columns, np.inf)
    before = np.full(columns, -1)  # the column on the way to each; -1 is the beginning
    visited = np.zeros(columns, dtype=bool)
    here, column, walked = row, -1, 0.0
    while True:
        step = walked + cost[here] - row_price[here] - column_price
        shorter = ~visited & (step < distance)
        distance[shorter], before[shorter] = step[shorter], column
        column = int(np.argmin(np.where(visited, np.inf, distance)))
        walked = float(distance[column])
        if owner[column] < 0:
            break
        visited[column], here = True, int(owner[column])
    row_price[row] += walked
    row_price[owner[visited]] += walked - distance[visited]
    column_price[visited] -= walked - distance[visited]
    while column >= 0:
        previous = int(before[column])
        owner[column] = row if previous < 0 else owner[previous]
        column = previous

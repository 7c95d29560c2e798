"""The likeliest sequence of speakers (Viterbi)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def find_path(worth: npt.NDArray[np.float64], costs: Sequence[float]) -> list[int]:
    """Return the speaker of each item such that worth less costs of changes is greatest.

    Args:
        worth: (items, speakers): what it is worth that an item is a speaker's.
        costs: What a change of speaker costs before each item; that of the first is not used.
    """
    best, origins = worth[0], []
    for row, cost in zip(worth[1:], costs[1:], strict=True):
        winner = int(best.argmax())
        stays = best >= best[winner] - cost
        origins.append(np.where(stays, np.arange(len(best)), winner))
        best = np.where(stays, best, best[winner] - cost) + row
    path = [int(best.argmax())]
    for origin in reversed(origins):
        path.append(int(origin[path[-1]]))
    return path[::-1]

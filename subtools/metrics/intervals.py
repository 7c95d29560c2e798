"""Shares of a count, and how far to trust them."""

from __future__ import annotations

import math
from dataclasses import dataclass

CONFIDENCE_95 = 1.959964  # standard deviations


@dataclass(frozen=True, slots=True)
class Share:
    """How many of some things have a property.

    >>> str(Share(45, 47)), str(Share(0, 0))
    ('45/47 = 96 % (86-99)', '0/0')
    """

    hits: int
    total: int

    @property
    def value(self) -> float:
        """The share, 0..1; NaN where there is nothing."""
        return self.hits / self.total if self.total else math.nan

    def __add__(self, other: Share) -> Share:
        """Return the share in both."""
        return Share(self.hits + other.hits, self.total + other.total)

    def __str__(self) -> str:
        """Return counts, per cent and the interval in per cent."""
        if not self.total:
            return "0/0"
        low, high = wilson_interval(self.hits, self.total)
        counts = f"{self.hits}/{self.total} = {100 * self.value:.0f} %"
        return f"{counts} ({100 * low:.0f}-{100 * high:.0f})"


def wilson_interval(hits: int, total: int, z: float = CONFIDENCE_95) -> tuple[float, float]:
    """Return what a share probably is in the long run; everything where nothing was counted.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical
    inference (1927).

    >>> [round(limit, 3) for limit in wilson_interval(9, 10)]
    [0.596, 0.982]
    """
    if not total:
        return 0.0, 1.0
    share, spread = hits / total, z * z / total
    centre = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / total + spread / (4 * total)) / (1 + spread)
    return min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half))

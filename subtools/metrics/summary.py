"""Measured values to a few numbers, and to plain data for JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np


def percentiles(values: Sequence[float], *percents: float) -> list[float]:
    """Return percentiles, interpolated linearly between neighbours; NaN if there are no values.

    >>> percentiles([4.0, 1.0, 2.0], 0, 50, 75)
    [1.0, 2.0, 3.0]
    """
    if not values:
        return [math.nan] * len(percents)
    return [float(value) for value in np.percentile(values, percents, method="linear")]


def finite(value: Any) -> Any:
    """Return plain data with None for every number that JSON has no way to write.

    >>> finite({"median": float("nan"), "within": {0.1: 0.5}})
    {'median': None, 'within': {'0.1': 0.5}}
    """
    if isinstance(value, dict):
        return {str(name): finite(item) for name, item in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value

"""Onsets against true onsets."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from subtools.core import Seconds
from subtools.metrics.summary import finite, percentiles

LIMITS = (0.05, 0.1, 0.2, 0.5)  # s
_FLOAT_ERROR = 1e-9  # s; 12.7 - 12.6 is a little more than 0.1


@dataclass(frozen=True, slots=True)
class BoundaryScore:
    """How far found onsets are from the true ones; all in seconds.

    The error is found minus true, without its sign unless said otherwise. An item
    without a time is missing and has no error. Where nothing was found, all statistics
    are NaN, which no threshold admits.

    Attributes:
        count: Items of the reference.
        missing: Items without a time.
        signed_median: Median of the errors with their sign; above 0 is late.
        median: Median error.
        mean: Mean error.
        p90: Error that 90 % of the found items do not exceed; like the other
            percentiles, interpolated linearly between the two nearest errors.
        p95: The same for 95 %.
        p99: The same for 99 %.
        max: Largest error.
        within: For each of ``LIMITS``, the share of *all* items whose error is not
            larger; a missing one is not within.
    """

    count: int
    missing: int
    signed_median: Seconds
    median: Seconds
    mean: Seconds
    p90: Seconds
    p95: Seconds
    p99: Seconds
    max: Seconds
    within: Mapping[Seconds, float]

    @property
    def missing_share(self) -> float:
        """Share of the items without a time; NaN if there are no items."""
        return self.missing / self.count if self.count else math.nan

    def as_dict(self) -> dict[str, Any]:
        """Return the statistics as plain data for JSON, None for NaN."""
        plain: dict[str, Any] = finite(asdict(self) | {"missing_share": self.missing_share})
        return plain


def score_boundaries(true: Sequence[Seconds], found: Sequence[Seconds | None]) -> BoundaryScore:
    """Return how far the ``found`` onsets are from the ``true`` ones.

    >>> score = score_boundaries([1.0, 2.0, 3.0], [1.25, None, 2.5])
    >>> score.missing, score.median, score.signed_median
    (1, 0.375, -0.125)

    Args:
        true: True onsets.
        found: The onset found for each of them; None or NaN where there is none.

    Raises:
        ValueError: If there are not as many found as true onsets.
    """
    if len(true) != len(found):
        raise ValueError(f"{len(true)} true onsets need as many found ones, not {len(found)}")
    signed = [
        onset - right
        for right, onset in zip(true, found, strict=True)
        if onset is not None and not math.isnan(onset)
    ]
    errors = [abs(difference) for difference in signed]
    median, p90, p95, p99, largest = percentiles(errors, 50, 90, 95, 99, 100)
    return BoundaryScore(
        count=len(true),
        missing=len(true) - len(errors),
        signed_median=percentiles(signed, 50)[0],
        median=median,
        mean=fmean(errors) if errors else math.nan,
        p90=p90,
        p95=p95,
        p99=p99,
        max=largest,
        within={limit: _share_within(limit, errors, len(true)) for limit in LIMITS},
    )


def _share_within(limit: Seconds, errors: Sequence[Seconds], count: int) -> float:
    hits = sum(error <= limit + _FLOAT_ERROR for error in errors)
    return hits / count if count else math.nan

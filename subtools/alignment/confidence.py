"""How sure it is that a word is spoken where it was found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subtools.alignment.evidence import FLOOR, Evidence


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of a logistic model: what each measure adds to the log-odds.

    Attributes:
        constant: For every word.
        likelihood: Per nat.
        weakest: Per nat.
        agreement: For all frames agreeing.
        haste: For a word twice as long or half as long as usual, about 0.7 of it.
        onset_margin: Per unit of the natural logarithm of 1 + nats.
        context: Per nat.
    """

    constant: float = 1.6
    likelihood: float = 0.5
    weakest: float = 0.15
    agreement: float = 1.5
    haste: float = -0.4
    onset_margin: float = 0.4
    context: float = 0.9


def rate_words(evidence: Evidence, weights: Weights | None = None) -> npt.NDArray[np.float64]:
    """Return for each word the probability that its onset is right; NaN if not spoken."""
    weights = weights or Weights()
    margin = np.log1p(np.maximum(evidence.onset_margin, 0))
    odds = (
        weights.constant
        + weights.likelihood * np.maximum(evidence.likelihood, FLOOR)
        + weights.weakest * np.maximum(evidence.weakest, FLOOR)
        + weights.agreement * evidence.agreement
        + weights.haste * np.abs(evidence.pace)
        + weights.onset_margin * margin
        + weights.context * evidence.context
    )
    return 1 / (1 + np.exp(-odds.astype(np.float64)))

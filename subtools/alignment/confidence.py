"""How sure it is that a word is spoken where it was found."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from subtools.alignment.evidence import FLOOR, Evidence

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of a logistic model: what each measure adds to the log-odds.

    Fitted by ``scripts.training.calibrate`` to altered texts of talks in voices that the
    classifier was not trained on, and checked on other talks, mostly in other voices, in
    other noise: ``docs/reliability.svg``.

    Attributes:
        constant: For every word.
        likelihood: Per nat.
        weakest: Per nat.
        agreement: For all frames agreeing.
        haste: For a word twice as long or half as long as usual, about 0.7 of it.
        onset_margin: Per unit of the natural logarithm of 1 + nats.
        context: Per nat.
    """

    constant: float = 5.479
    likelihood: float = 0.105
    weakest: float = 0.398
    agreement: float = -0.621
    haste: float = -2.651
    onset_margin: float = 0.655
    context: float = -0.002


def measure_words(evidence: Evidence) -> Floats:
    """Return what the model weighs: (words, measures), as ``Weights`` names them."""
    return np.stack(
        [
            np.maximum(evidence.likelihood, FLOOR),
            np.maximum(evidence.weakest, FLOOR),
            evidence.agreement,
            np.abs(evidence.pace),
            np.log1p(np.maximum(evidence.onset_margin, 0)),
            evidence.context,
        ],
        axis=1,
    ).astype(np.float64)


def rate_measures(measures: Floats, weights: Weights) -> Floats:
    """Return the probability that a word's onset is right, for each row of ``measures``."""
    constant, *others = (getattr(weights, field.name) for field in fields(weights))
    odds = constant + measures @ np.array(others)
    return np.asarray(1 / (1 + np.exp(-odds)))


def rate_words(evidence: Evidence, weights: Weights | None = None) -> Floats:
    """Return for each word the probability that its onset is right; NaN if not spoken."""
    return rate_measures(measure_words(evidence), weights or Weights())

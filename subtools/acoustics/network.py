"""The phone classifier: a small network over the states of Whisper's encoder.

Its input at each 20 ms is the encoder's last layer and the two log-mel frames the encoder
saw there: the states tell which sound it is, the bands when exactly it begins. Its output
is for 10 ms frames: the probability of each class of ``PHONES``, and whether two people
speak. How it was trained: ``scripts/training``; what it can do: ``MODEL_CARD.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import numpy as np
import numpy.typing as npt

from subtools.phonetics import PHONES

Floats = npt.NDArray[np.float32]
_WEIGHTS = "weights.npz"


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The layers of the classifier.

    Attributes:
        mean: Of each input, over the training data.
        scale: One over the standard deviation of each input.
        layers: Weights by name, as ``scripts/training`` writes them.
    """

    mean: Floats
    scale: Floats
    layers: Mapping[str, Floats]

    def __call__(self, mel: Floats, states: Floats) -> tuple[Floats, Floats]:
        """Return log probabilities (2 n, classes) and of two voices (2 n,).

        Args:
            mel: Log-mel bands, (2 n, 80).
            states: The encoder's last layer, (n, width).
        """
        inputs = np.concatenate([states, mel.reshape(len(states), -1)], axis=1)
        hidden = _relu(self._linear("input", (inputs - self.mean) * self.scale))
        for name in ("context", "wider_context"):
            hidden = hidden + _relu(self._linear(name, _neighbourhood(hidden, self._taps(name))))
        output = self._linear("output", hidden).reshape(2 * len(states), len(PHONES) + 1)
        return _log_softmax(output[:, :-1]), _sigmoid(output[:, -1])

    def _linear(self, name: str, inputs: Floats) -> Floats:
        return inputs @ self.layers[f"{name}.weight"] + self.layers[f"{name}.bias"]

    def _taps(self, name: str) -> int:
        rows, columns = self.layers[f"{name}.weight"].shape
        return int(rows // columns)


def load_network() -> Network:
    """Return the classifier that ships with subtools."""
    with resources.files(__package__).joinpath(_WEIGHTS).open("rb") as file, np.load(file) as saved:
        layers = {name: saved[name].astype(np.float32) for name in saved.files}
    return Network(layers.pop("mean"), layers.pop("scale"), layers)


def _neighbourhood(hidden: Floats, taps: int) -> Floats:
    """Return each frame with the frames around it, ``taps`` in all, side by side."""
    reach = taps // 2
    padded = np.pad(hidden, ((reach, reach), (0, 0)))
    return np.concatenate([padded[k : k + len(hidden)] for k in range(taps)], axis=1)


def _relu(values: Floats) -> Floats:
    return np.maximum(values, 0.0)


def _log_softmax(values: Floats) -> Floats:
    shifted = values - values.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def _sigmoid(values: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-values)))

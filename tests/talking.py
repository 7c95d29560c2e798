"""Made-up voices and turns for tests of who speaks.

Embeddings are made as the model of ``Voiced`` has it: the voice, and noise that is larger
the shorter the piece is. Exact ones (``say``) have noise that is at right angles to all else,
so that the likeness of two pieces is the cosine of their voices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from subtools.core import Seconds, Timed, Turn
from subtools.speakers.clustering import Voiced

Floats = npt.NDArray[np.float64]

GRID = 16  # cells a second: times on it are exact
PAUSE = 0.5  # s; one so long ends a turn


def unit(vectors: Floats) -> Floats:
    """Return ``vectors`` at unit length."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


def voices_alike(likeness: Sequence[Sequence[float]]) -> Floats:
    """Return unit vectors with these cosines."""
    return np.linalg.cholesky(np.array(likeness, float))


def noise_of(durations: Sequence[float] | Floats) -> Floats:
    """Return the variance of the noise of pieces, in units of their voice's."""
    return np.asarray(0.05 + 1.2 / np.asarray(durations))


def say(voices: Floats, who: Sequence[int], durations: Sequence[float]) -> Voiced:
    """Return exact embeddings of pieces of ``voices``."""
    noise = np.diag(np.sqrt(noise_of(durations)))
    embeddings = unit(np.hstack((voices[list(who)], noise)))
    return Voiced(embeddings.astype(np.float32), np.array(durations, float))


def babble(
    people: int, pieces: int, seed: int, *, lengths: tuple[float, float] = (1.2, 2.0)
) -> tuple[Voiced, list[int]]:
    """Return noisy embeddings of so many pieces of each of some people, and who they are."""
    random = np.random.default_rng(seed)
    voices = unit(random.normal(size=(people, 192)))
    who = random.permutation(np.repeat(np.arange(people), pieces))
    durations = random.uniform(*lengths, len(who))
    noise = random.normal(size=(len(who), 192)) / np.sqrt(192)
    embeddings = unit(voices[who] + np.sqrt(noise_of(durations))[:, np.newaxis] * noise)
    return Voiced(embeddings.astype(np.float32), durations), who.tolist()


def cells_of(spans: Iterable[Timed], reach: Seconds = 0.0) -> set[int]:
    """Return the cells that ``spans`` cover, made longer by ``reach`` on both sides."""
    return {
        cell
        for span in spans
        for cell in range(round((span.start - reach) * GRID), round((span.end + reach) * GRID))
    }


def of(turns: Iterable[Turn], speaker: str) -> list[Turn]:
    """Return the turns of one speaker."""
    return [turn for turn in turns if turn.speaker == speaker]


def assert_well_formed(turns: Sequence[Turn]) -> None:
    """Turns come by onset, and those of one speaker with a pause between."""
    assert [turn.start for turn in turns] == sorted(turn.start for turn in turns)
    for speaker in {turn.speaker for turn in turns}:
        for before, after in pairwise(of(turns, speaker)):
            assert after.start - before.end >= PAUSE


# Turns of three people over each other as they like, some of no length.
TURNS = st.lists(
    st.tuples(st.sampled_from("ABC"), st.integers(0, 10 * GRID), st.integers(0, 48)), max_size=6
).map(
    lambda drawn: sorted(
        (Turn(name, at / GRID, (at + length) / GRID, 0.8) for name, at, length in drawn),
        key=lambda turn: (turn.start, turn.end),
    )
)

"""Made-up posteriors for tests of alignment: what a classifier of sounds might say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subtools.core import Posteriors
from subtools.phonetics import PHONE_INDEX, PHONES
from subtools.phonetics.inventory import FINALS, INITIALS

Reading = tuple[str, ...]

SYLLABLES = [(i, f) for i in INITIALS for f in FINALS] + [(f,) for f in FINALS]
SURE = 0.85  # share of the frames in which the right class is the likeliest


@dataclass(frozen=True, slots=True)
class Sound:
    """A stretch of sound.

    Attributes:
        reading: The phones of one word; none for silence.
        frames: How long the silence is.
        noise: Whether the silence is loud.
    """

    reading: Reading = ()
    frames: int = 0
    noise: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """Simulated posteriors and the truth about them.

    Attributes:
        log_probs: As ``Posteriors`` has them.
        first: First frame of each sound.
        last: Frame after the last one of each sound.
    """

    log_probs: npt.NDArray[np.float16]
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]

    @property
    def posteriors(self) -> Posteriors:
        """The same with one voice and one level."""
        frames = len(self.log_probs)
        return Posteriors(
            self.log_probs, np.zeros(frames, np.float16), np.full(frames, -20, np.float32)
        )


def make_words(count: int, rng: np.random.Generator) -> list[Reading]:
    """Return random syllables; frequent ones are as frequent as those of Mandarin."""
    weights = 1 / np.arange(1, len(SYLLABLES) + 1) ** 0.7
    order = np.random.default_rng(0).permutation(len(SYLLABLES))
    chosen = rng.choice(len(SYLLABLES), count, p=weights / weights.sum())
    return [SYLLABLES[order[k]] for k in chosen]


def speak(words: Sequence[Reading], rng: np.random.Generator) -> list[Sound]:
    """Return the words as sounds, with a pause after every ten words or so."""
    sounds = []
    for word in words:
        sounds.append(Sound(word))
        if rng.random() < 0.1:
            sounds.append(Sound(frames=int(rng.integers(5, 80)), noise=bool(rng.random() < 0.2)))
    return sounds


def record(
    sounds: Sequence[Sound], rng: np.random.Generator, *, sure: float = SURE, rate: float = 1.0
) -> Recording:
    """Return what a classifier makes of ``sounds``.

    Args:
        sounds: What is said, in order.
        rng: Where durations and confusions come from.
        sure: Share of the frames in which the right class is the likeliest.
        rate: How many times faster than usual.
    """
    classes, lengths, per_sound = [], [], []
    for sound in sounds:
        pieces = list(_pieces(sound, rng, rate))
        classes += [phone for phone, _ in pieces]
        lengths += [length for _, length in pieces]
        per_sound.append(sum(length for _, length in pieces))
    last = np.cumsum(per_sound, dtype=np.int64)
    truth = np.repeat(np.array(classes, np.intp), lengths)
    return Recording(_classify(truth, rng, sure), last - per_sound, last)


def _pieces(sound: Sound, rng: np.random.Generator, rate: float) -> Iterator[tuple[int, int]]:
    if not sound.reading:
        yield PHONE_INDEX["noise" if sound.noise else "sil"], sound.frames
    for phone in sound.reading:
        yield PHONE_INDEX[phone], max(3, round(int(rng.integers(4, 16)) / rate))


def _classify(
    truth: npt.NDArray[np.intp], rng: np.random.Generator, sure: float
) -> npt.NDArray[np.float16]:
    """Return log-probabilities; errors come in stretches of a few frames, borders smear."""
    frames, count = len(truth), len(PHONES)
    out = np.empty((frames, count), np.float16)
    confusions = np.random.default_rng(1).integers(0, count, (count, 3))
    wrong = np.repeat(rng.random(frames // 4 + 1) > sure, 4)[:frames]
    rival = confusions[truth, rng.integers(0, 3, frames // 4 + 1).repeat(4)[:frames]]
    for start in range(0, frames, 1 << 14):
        some = slice(start, min(start + (1 << 14), frames))
        rows = np.arange(some.stop - some.start)
        logits = rng.normal(0, 1, (len(rows), count)).astype(np.float32)
        logits[rows, truth[some]] += 7
        logits[rows, rival[some]] += np.where(wrong[some], 8.5, 4)
        smeared = logits.copy()
        smeared[1:] += 0.5 * logits[:-1]
        smeared[:-1] += 0.5 * logits[1:]
        smeared /= 1.5
        smeared -= smeared.max(1, keepdims=True)
        out[some] = smeared - np.log(np.exp(smeared).sum(1, keepdims=True))
    return out

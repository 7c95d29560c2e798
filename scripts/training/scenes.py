"""Training scenes: 30 seconds of talk each, with the class of every 10 milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

from scripts.training import sounds
from scripts.training.voices import QUIET, UNKNOWN, Samples, Speech
from subtools.phonetics import NOISE, PHONE_INDEX

RATE = 16_000  # Hz
SECONDS = 30
FRAMES = SECONDS * 100
_FRAME_SAMPLES = RATE // 100
_BEDS = (sounds.music, sounds.applause, sounds.laughter, sounds.clicks)
_LOUDER = 6.0  # dB; of two voices at once, the louder one by this much can be followed


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A stretch of talk.

    Attributes:
        samples: 30 s at 16 kHz.
        labels: Class of each 10 ms frame; ``UNKNOWN`` where it cannot be said.
        two_voices: Whether two people speak, for each frame.
    """

    samples: Samples
    labels: npt.NDArray[np.int16]
    two_voices: npt.NDArray[np.bool_]


@dataclass(slots=True, eq=False)
class _Track:
    """One speaker's part of a scene while it is put together."""

    samples: Samples
    labels: npt.NDArray[np.int16]


def make_scene(pool: Sequence[Speech], rng: np.random.Generator) -> Scene:
    """Return a scene of utterances of ``pool``; the same for the same generator."""
    voice = _lay_out(pool, rng, rng.uniform(0.2, 1.5))
    two_voices = np.zeros(FRAMES, bool)
    if rng.random() < 0.2:
        voice, two_voices = _talk_over(voice, pool, rng)
    samples, labels = voice.samples, voice.labels
    if rng.random() < 0.6:
        samples = sounds.reverberate(samples, rng)
    samples, labels = _add_beds(samples, labels, rng)
    samples = _add_noise(samples, pool, rng)
    samples = _through_a_channel(samples, rng)
    return Scene(_to_level(samples, rng), labels, two_voices)


def _lay_out(pool: Sequence[Speech], rng: np.random.Generator, mean_pause: float) -> _Track:
    """Return utterances one after the other, each as another speaker might say it."""
    track = _Track(np.zeros(SECONDS * RATE, np.float32), np.zeros(FRAMES, np.int16))
    position = -rng.uniform(0, 3)
    while position < SECONDS - 0.5:
        speech = pool[int(rng.integers(len(pool)))]
        for _ in range(int(rng.choice([1, 1, 2]))):
            position = _place(track, _shift_voice(speech, rng), position, rng)
            speech = _same_voice(pool, speech, rng)
            position += rng.exponential(mean_pause / 3)
        position += rng.exponential(mean_pause)
    return track


def _same_voice(pool: Sequence[Speech], speech: Speech, rng: np.random.Generator) -> Speech:
    candidates = [pool[int(k)] for k in rng.integers(len(pool), size=20)]
    return next((c for c in candidates if c.voice == speech.voice), candidates[0])


def _shift_voice(speech: Speech, rng: np.random.Generator) -> Speech:
    """Return ``speech`` at another pitch, with other formants, and another level."""
    ratio = int(rng.integers(84, 120)) if rng.random() < 0.75 else 100
    samples = resample_poly(speech.samples, 100, ratio) if ratio != 100 else speech.samples
    loud = np.sqrt(np.mean(samples**2)) + 1e-9
    level = 10 ** (rng.uniform(-10, 0) / 20) * 0.1 / loud
    scaled = np.asarray(samples * level, np.float32)
    factor = 100 / ratio
    starts, ends = speech.starts * factor, speech.ends * factor
    return Speech(scaled, starts, ends, speech.labels, speech.voice)


def _place(track: _Track, speech: Speech, position: float, rng: np.random.Generator) -> float:
    """Put the sounding part of ``speech`` at ``position``; return where it ends."""
    margin = rng.uniform(0.03, 0.12)
    known = np.flatnonzero(speech.labels > QUIET)
    cut = max(0.0, float(speech.starts[known[0]]) - margin)
    last = min(len(speech.samples) / RATE, float(speech.ends[known[-1]]) + margin)
    piece = speech.samples[int(cut * RATE) : int(last * RATE)].copy()
    ramp = min(len(piece) // 2, RATE // 100)
    piece[:ramp] *= np.linspace(0, 1, ramp)
    piece[-ramp:] *= np.linspace(1, 0, ramp)
    origin = round(position * RATE)
    a, b = max(0, origin), min(len(track.samples), origin + len(piece))
    if a < b:
        track.samples[a:b] += piece[a - origin : b - origin]
    shift = origin / RATE - cut
    _write_labels(track.labels, speech, shift)
    return position + last - cut


def _write_labels(labels: npt.NDArray[np.int16], speech: Speech, shift: float) -> None:
    """Write the classes of ``speech``; a space belongs to the word before it."""
    centres = (np.arange(FRAMES) + 0.5) / 100 - shift
    known = np.flatnonzero(speech.labels != UNKNOWN)
    starts, ends = speech.starts[known], speech.ends[known]
    index = np.searchsorted(starts, centres, side="right") - 1
    inside = (index >= 0) & (centres < ends[-1])
    labels[inside] = speech.labels[known][index[inside]]


def _talk_over(
    track: _Track, pool: Sequence[Speech], rng: np.random.Generator
) -> tuple[_Track, npt.NDArray[np.bool_]]:
    """Return ``track`` with a second speaker now and then, and where both speak."""
    second = _Track(np.zeros_like(track.samples), np.zeros_like(track.labels))
    for _ in range(int(rng.integers(1, 4))):
        speech = _shift_voice(pool[int(rng.integers(len(pool)))], rng)
        _place(second, speech, rng.uniform(0, SECONDS - 2), rng)
    second.samples *= np.float32(10 ** (rng.uniform(-12, 3) / 20))
    both = (track.labels > QUIET) & (second.labels > QUIET)
    lead = _level(track.samples) - _level(second.samples)
    labels = np.where(track.labels > QUIET, track.labels, second.labels)
    labels[both & (lead < -_LOUDER)] = second.labels[both & (lead < -_LOUDER)]
    labels[both & (np.abs(lead) <= _LOUDER)] = UNKNOWN
    return _Track(track.samples + second.samples, labels), both


def _level(samples: Samples) -> npt.NDArray[np.float32]:
    """Return the level of each frame in dB, over 50 ms."""
    power = np.mean(samples.reshape(-1, _FRAME_SAMPLES) ** 2, axis=1)
    return np.asarray(10 * np.log10(np.convolve(power, np.ones(5) / 5, "same") + 1e-10), np.float32)


def _add_beds(
    samples: Samples, labels: npt.NDArray[np.int16], rng: np.random.Generator
) -> tuple[Samples, npt.NDArray[np.int16]]:
    """Return the talk with music, applause, laughter or knocks: under it, and by themselves."""
    samples, labels = samples.copy(), labels.copy()
    for _ in range(int(rng.choice([0, 0, 1, 2]))):
        length = round(rng.uniform(0.3, 10) * 100)
        first = int(rng.integers(0, FRAMES - length))
        bed = _BEDS[rng.integers(len(_BEDS))](length * _FRAME_SAMPLES, rng)
        where = slice(first, first + length)
        sound = slice(first * _FRAME_SAMPLES, (first + length) * _FRAME_SAMPLES)
        if rng.random() < 0.5:  # by itself: who speaks falls silent
            samples[sound] = 0.0
            labels[where] = QUIET
            gain = 0.1 * 10 ** (rng.uniform(-15, 3) / 20)
        else:
            gain = 0.1 * 10 ** (rng.uniform(-30, -10) / 20)
        fade = np.minimum(1.0, np.minimum(np.arange(len(bed)), np.arange(len(bed))[::-1]) / 800)
        samples[sound] += np.float32(gain) * bed * fade.astype(np.float32)
        is_bare = labels[where] == QUIET
        labels[where][is_bare & (_level(samples[sound]) > -45)] = PHONE_INDEX[NOISE]
    return samples, labels


def _add_noise(samples: Samples, pool: Sequence[Speech], rng: np.random.Generator) -> Samples:
    """Return the talk in noise or babble, 8 to 45 dB below the speech."""
    if rng.random() < 0.15:
        return samples
    if rng.random() < 0.35:
        voices = [_lay_out(pool, rng, 0.2).samples for _ in range(int(rng.integers(4, 8)))]
        noise = np.sum(voices, axis=0)
    else:
        noise = sounds.colored_noise(len(samples), rng)
    loud = np.abs(samples) > 0.01
    speech_power = np.mean(samples[loud] ** 2) if loud.any() else 0.001
    snr = rng.uniform(8, 45)
    scale = np.sqrt(speech_power / 10 ** (snr / 10) / (np.mean(noise**2) + 1e-12))
    return np.asarray(samples + scale * noise, np.float32)


def _through_a_channel(samples: Samples, rng: np.random.Generator) -> Samples:
    if rng.random() < 0.5:
        samples = sounds.equalise(samples, rng)
    if rng.random() < 0.12:
        samples = sounds.telephone(samples, rng)
    if rng.random() < 0.15:
        samples = sounds.encode_and_decode(_to_level(samples, rng), rng)
    return samples


def _to_level(samples: Samples, rng: np.random.Generator) -> Samples:
    peak = 10 ** (rng.uniform(-20, 0) / 20)
    return np.asarray(samples / (np.max(np.abs(samples)) + 1e-9) * peak, np.float32)

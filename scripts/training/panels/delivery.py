"""Utterances: some clauses in somebody's voice, with the times of their units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.signal import resample_poly

from scripts.training import talks
from scripts.training.panels.reference import Unit
from scripts.training.panels.screenplay import HAN, Clause, Role, split_units
from scripts.training.symbols import Symbol, pauses
from scripts.training.voices import Narrator, Samples, Speech, count_sounds
from subtools.phonetics.scripts import simplify

RATE = 16_000  # Hz
LOUDNESS = 0.1  # root mean square of a voice at 0 dB
_MARGIN = 0.06  # s kept before the first unit and after the last
_FADE = 0.01  # s


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """Clauses said in one breath.

    Attributes:
        samples: At 16 kHz; begins ``lead`` seconds before the first unit.
        lead: In seconds.
        clauses: The units of each clause; times count from the onset of the first.
    """

    samples: Samples
    lead: float
    clauses: tuple[tuple[Unit, ...], ...]

    @property
    def length(self) -> float:
        """Seconds from the onset of the first unit to the offset of the last."""
        return self.clauses[-1][-1].end


def say(
    narrator: Narrator, role: Role, group: Sequence[Clause], hurry: float, rng: np.random.Generator
) -> Utterance:
    """Return ``group`` in the voice of ``role``, a little different each time.

    Args:
        narrator: Who speaks.
        role: In whose voice.
        group: What to say.
        hurry: How much faster than usual.
        rng: Decides on the differences.

    Raises:
        ValueError: If it is more than the model says at once.
    """
    spelled = [_spell(clause.spoken) for clause in group]
    symbols: list[Symbol] = []
    for index, (clause, units) in enumerate(zip(group, spelled, strict=True)):
        symbols += [symbol for unit in units for symbol in unit.symbols]
        mark = "?" if clause.mark in "？?" else "." if index == len(group) - 1 else ", "
        symbols += pauses(mark)
    shares = {voice: share * rng.lognormal(0, 0.1) for voice, share in role.mix.items()}
    mix = {voice: share / sum(shares.values()) for voice, share in shares.items()}
    speech = narrator.say(symbols, mix, role.speed * hurry * rng.uniform(0.94, 1.06))
    known = np.flatnonzero(speech.labels > 0)
    if len(known) != sum(count_sounds(unit.symbols) for units in spelled for unit in units):
        raise ValueError(f"too long for one breath: {group[0].spoken} ...")
    units_of_clauses = _time_units(speech, group, spelled, 100 / role.pitch)
    level = role.level + rng.uniform(-1.5, 1.5)
    return Utterance(*_cut(speech, role.pitch, level), units_of_clauses)


def _spell(spoken: str) -> list[talks.Unit]:
    apart = re.sub(rf"(?<=[{HAN}])(?=[A-Za-z])|(?<=[A-Za-z])(?=[{HAN}])", " ", simplify(spoken))
    return talks.spell_clause(apart)


def _time_units(
    speech: Speech,
    group: Sequence[Clause],
    spelled: Sequence[Sequence[talks.Unit]],
    factor: float,
) -> tuple[tuple[Unit, ...], ...]:
    """Return the units of each clause; times are stretched by ``factor``."""
    known = np.flatnonzero(speech.labels > 0)
    origin, sounds = float(speech.starts[known[0]]), iter(known)
    clauses = []
    for clause, units in zip(group, spelled, strict=True):
        timed = []
        for (text, place), unit in zip(split_units(clause.spoken), units, strict=True):
            own = [next(sounds) for _ in range(count_sounds(unit.symbols))]
            start, end = float(speech.starts[own[0]]), float(speech.ends[own[-1]])
            timed.append(Unit(text, place, (start - origin) * factor, (end - origin) * factor))
        clauses.append(tuple(timed))
    return tuple(clauses)


def _cut(speech: Speech, pitch: int, level: float) -> tuple[Samples, float]:
    """Return the sounding part at a pitch (%) and a level (dB), and its lead in seconds."""
    known = np.flatnonzero(speech.labels > 0)
    first = float(speech.starts[known[0]]) * 100 / pitch
    last = float(speech.ends[known[-1]]) * 100 / pitch
    lead = min(first, _MARGIN)
    samples = resample_poly(speech.samples, 100, pitch)
    samples = samples[round((first - lead) * RATE) : round((last + _MARGIN) * RATE)]
    gain = LOUDNESS * 10 ** (level / 20) / (np.sqrt(np.mean(samples**2)) + 1e-9)
    steps = np.arange(len(samples))
    ramp = np.minimum(1.0, np.minimum(steps, steps[::-1]) / (_FADE * RATE))
    return np.asarray(samples * gain * ramp, np.float32), lead

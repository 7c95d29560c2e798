"""A screenplay put on the air: sound with exact times, the document, the reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scripts.training import sounds
from scripts.training.panels.delivery import LOUDNESS, RATE, Utterance, say
from scripts.training.panels.document import compose_document
from scripts.training.panels.reference import Said, Unit, compose_reference
from scripts.training.panels.screenplay import (
    Clause,
    Entry,
    Line,
    Role,
    Screenplay,
    Sound,
    group_clauses,
)
from scripts.training.voices import Narrator, Samples

_BREATH = (0.12, 0.35)  # s between utterances of a turn
_CHANGE = {  # s from the end of a turn to the onset of the next
    Entry.FOLLOWS: (0.15, 0.7),
    Entry.INTERRUPTS: (-1.2, -0.5),
    Entry.BACKCHANNEL: (-0.15, 0.1),
}
_AFTER_BACKCHANNEL = 0.25  # s at least, before the turn goes on
_HURRY = 1.15  # how much faster a back-channel is than a turn
_SOUND_GAP = 0.4  # s before a sound that nobody says, and after it


@dataclass(slots=True)
class _Tape:
    """A talk while it is recorded.

    Attributes:
        pieces: Of each voice, with their turn and where they begin, in samples.
        said: The clauses so far.
        beds: Kind, start and end of what nobody says.
        now: When the last turn ended, in seconds.
    """

    pieces: dict[str, list[tuple[int, int, Samples]]] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    beds: list[tuple[str, float, float]] = field(default_factory=list)
    now: float = _SOUND_GAP


def record(narrator: Narrator, screenplay: Screenplay) -> tuple[Samples, str, dict[str, Any]]:
    """Return the sound, the document and the reference of a talk."""
    rng = np.random.default_rng(screenplay.seed)
    tape = _perform(narrator, screenplay, rng)
    duration = tape.now + 1.0
    samples = _mix(tape, screenplay, round(duration * RATE), rng)
    document = compose_document(screenplay)
    reference = compose_reference(screenplay, document.places, tape.said, duration)
    reference["nonspeech"] = [
        {"kind": kind, "start": round(start, 3), "end": round(end, 3)}
        for kind, start, end in tape.beds
        if kind != "silence"
    ]
    return samples, document.text, reference


def _perform(narrator: Narrator, screenplay: Screenplay, rng: np.random.Generator) -> _Tape:
    tape, roles = _Tape(), {role.name: role for role in screenplay.roles}
    number, entry_before = 0, Entry.FOLLOWS
    for event in screenplay.events:
        if isinstance(event, Sound):
            _add_bed(tape, event)
        if not isinstance(event, Line):
            continue
        gap = float(rng.uniform(*_CHANGE[event.entry]))
        if (entry_before, event.entry) == (Entry.BACKCHANNEL, Entry.FOLLOWS):
            gap = max(gap, _AFTER_BACKCHANNEL)
        _speak(tape, narrator, roles[event.speaker], event, (number, gap), rng)
        number, entry_before = number + 1, event.entry
    return tape


def _add_bed(tape: _Tape, sound: Sound) -> None:
    start = tape.now + _SOUND_GAP
    tape.beds.append((sound.kind, start, start + sound.seconds))
    tape.now = start + sound.seconds + _SOUND_GAP


def _speak(
    tape: _Tape,
    narrator: Narrator,
    role: Role,
    line: Line,
    number_and_gap: tuple[int, float],
    rng: np.random.Generator,
) -> None:
    """Record one turn; a back-channel leaves the time where it is."""
    number, gap = number_and_gap
    is_backchannel = line.entry is Entry.BACKCHANNEL
    end = position = max(_SOUND_GAP, tape.now + gap)
    for group in group_clauses(line.clauses):
        utterance = say(narrator, role, group, _HURRY if is_backchannel else 1.0, rng)
        first = round((position - utterance.lead) * RATE)
        tape.pieces.setdefault(role.name, []).append((number, first, utterance.samples))
        tape.said += _place(utterance, group, number, position)
        end, pause = position + utterance.length, group[-1].pause
        position = end + (float(rng.uniform(*_BREATH)) if pause is None else pause)
    if not is_backchannel:
        tape.now = max(tape.now, end + (line.clauses[-1].pause or 0.0))


def _place(
    utterance: Utterance, group: Sequence[Clause], line: int, position: float
) -> Iterator[Said]:
    for clause, units in zip(group, utterance.clauses, strict=True):
        moved = (Unit(u.text, u.place, u.start + position, u.end + position) for u in units)
        yield Said(line, clause, tuple(moved))


def _mix(tape: _Tape, screenplay: Screenplay, length: int, rng: np.random.Generator) -> Samples:
    """Return all voices in their room, what else is to be heard, and the noise."""
    sound = np.zeros(length, np.float32)
    for role in screenplay.roles:
        track = _track(tape.pieces[role.name], screenplay, length)
        if role.telephone:
            track = sounds.telephone(track, rng)
        sound += blend(track, sounds.reverberate(track, rng), screenplay.room)
    for kind, start, end in tape.beds:
        if kind != "silence":
            first, size = round(start * RATE), round((end - start) * RATE)
            sound[first : first + size] += _bed(kind, size, rng)
    sound += _noise(sound, screenplay, rng)
    return np.asarray(sound / max(1.0, float(np.max(np.abs(sound))) / 0.95), np.float32)


def _track(
    pieces: Sequence[tuple[int, int, Samples]], screenplay: Screenplay, length: int
) -> Samples:
    """Return one voice by itself, a little nearer to the microphone or further in each turn."""
    track = np.zeros(length, np.float32)
    for turn, first, piece in pieces:
        same_in_a_turn = np.random.default_rng([screenplay.seed, turn])
        moved = blend(piece, sounds.equalise(piece, same_in_a_turn), screenplay.restlessness)
        track[first : first + len(piece)] += moved[: length - first]
    return track


def blend(dry: Samples, wet: Samples, share: float) -> Samples:
    """Return a mix of two versions of the same sound."""
    return np.asarray((1 - share) * dry + share * wet, np.float32)


def _bed(kind: str, size: int, rng: np.random.Generator) -> Samples:
    make = {"noise": sounds.colored_noise}.get(kind) or getattr(sounds, kind)
    fade = np.minimum(1.0, np.minimum(np.arange(size), np.arange(size)[::-1]) / 800)
    return np.asarray(0.5 * LOUDNESS * make(size, rng) * fade, np.float32)


def _noise(voices: Samples, screenplay: Screenplay, rng: np.random.Generator) -> Samples:
    """Return noise or babble (these voices backwards) so many dB below the speech."""
    loud = np.abs(voices) > 0.01
    power = np.mean(voices[loud] ** 2) if loud.any() else LOUDNESS**2
    if screenplay.noise == "babble":
        places = rng.integers(0, len(voices), 8)
        noise = np.sum([np.roll(voices[::-1], place) for place in places], axis=0)
    else:
        noise = sounds.colored_noise(len(voices), rng)
    scale = np.sqrt(power / 10 ** (screenplay.noise_level / 10) / (np.mean(noise**2) + 1e-12))
    return np.asarray(scale * noise, np.float32)

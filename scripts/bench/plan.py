"""The cases made of a talk: alone, whole, stretched, with altered text, with worse sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from scripts.bench.altering import Alteration, alter
from scripts.bench.cutting import (
    Part,
    cut_points,
    head_part,
    join_text,
    join_truth,
    scale_truth,
    stretch_parts,
    truth_part,
)
from scripts.bench.sounds import (
    FASTER,
    SIGNAL_TO_NOISE,
    TELEPHONE,
    add_noise,
    decode_sound,
    filter_sound,
    join_sound,
    open_sound,
)
from scripts.bench.talks import Case, Talk, guess_language, write_document
from subtools.core import Seconds, Transcript
from subtools.metrics import Reference
from subtools.reading import load_document


@dataclass(frozen=True, slots=True)
class Stage:
    """A decoded talk, and the folder in which cases are made of it.

    Attributes:
        talk: The talk; with a reference.
        reference: The truth about it.
        sound: WAV file of the whole.
        folder: Where new files go.
    """

    talk: Talk
    reference: Reference
    sound: Path
    folder: Path

    @property
    def duration(self) -> Seconds:
        """Length of the sound, in seconds."""
        return open_sound(self.sound).duration

    def case(self, name: str, parts: tuple[Part, ...]) -> Case:
        """Return the case of ``parts``, one after the other, with sound, text and truth."""
        stem = name.replace(" ", "-").replace(",", "")
        sound = join_sound(self.sound, parts, self.folder / f"{stem}.wav")
        transcript = join_text(self.talk.transcript, parts)
        truth = join_truth(self.reference, parts)
        return _make_case(name, sound, transcript, truth)


def set_stage(talk: Talk, folder: Path) -> Stage:
    """Return ``talk`` decoded into ``folder``.

    Raises:
        ValueError: If nothing is known about it.
    """
    if talk.reference is None:
        raise ValueError(f"{talk.name} has no reference")
    return Stage(talk, talk.reference, decode_sound(talk.audio, folder / "whole.wav"), folder)


def plain_cases(stage: Stage, until: Seconds | None = None) -> Iterator[Case]:
    """Yield the part with known truth alone and, if there is more, the whole talk.

    With ``until``, only one case: the first so many seconds.
    """
    name = stage.talk.name
    points = cut_points(stage.reference, stage.talk.transcript.body, stage.duration)
    if until is not None and until < stage.duration:
        yield stage.case(_name(name, head_part(points, until)), (head_part(points, until),))
        return
    known, whole = truth_part(points, stage.reference), Part(points[0], points[-1])
    if known != whole:
        yield stage.case(_name(name, known), (known,))
        name = f"{name} whole"
    yield stage.case(name, (whole,))


def _name(name: str, part: Part) -> str:
    return f"{name} first {part.duration / 60:.3g} min"


def stretched_case(stage: Stage, minutes: float) -> Case:
    """Return the talk repeated, with other cut-outs each time, or cut, to ``minutes``."""
    points = cut_points(stage.reference, stage.talk.transcript.body, stage.duration)
    parts = stretch_parts(points, minutes * 60)
    return stage.case(f"{stage.talk.name} in {minutes:g} min", parts)


def known_case(stage: Stage, until: Seconds | None = None) -> Case:
    """Return the part of the talk whose truth is known (of the first ``until`` seconds)."""
    points = cut_points(stage.reference, stage.talk.transcript.body, stage.duration)
    part = truth_part(points, stage.reference)
    if until is not None and until < part.duration:
        part = head_part(points, until)
    return stage.case(f"{stage.talk.name} known", (part,))


def altered_case(
    stage: Stage, known: Case, *, share: float, seeds: range
) -> tuple[Case, tuple[Alteration, ...]]:
    """Return the known part with its altered texts, and what was done to them."""
    reference = _truth(known)
    text = load_document(known.documents[0])
    alterations = tuple(
        alteration
        for seed in seeds
        for alteration in alter(text, reference, share=share, seed=seed, language=known.language)
    )
    documents = tuple(
        write_document(alteration.transcript, stage.folder / f"{alteration.name}-{k}.json")
        for k, alteration in enumerate(alterations)
    )
    name = f"{stage.talk.name} altered"
    case = Case(name, known.sound, known.duration, documents, reference, known.language)
    return case, alterations


def worse_cases(stage: Stage, known: Case, *, seed: int) -> Iterator[Case]:
    """Yield the known part with noise, through a telephone, and faster."""
    reference = _truth(known)
    for kind in ("white", "babble"):
        sound = stage.folder / f"{kind}.wav"
        speech = reference.clauses
        add_noise(known.sound, sound, speech, babble=kind == "babble", seed=seed)
        yield _replace(known, f"{stage.talk.name}, {kind} noise {SIGNAL_TO_NOISE:g} dB", sound)
    sound = filter_sound(known.sound, stage.folder / "telephone.wav", TELEPHONE)
    yield _replace(known, f"{stage.talk.name}, telephone band", sound)
    sound = filter_sound(known.sound, stage.folder / "faster.wav", f"atempo={FASTER}")
    name = f"{stage.talk.name}, {FASTER:g} x faster"
    yield _replace(known, name, sound, scale_truth(reference, FASTER))


def recording_case(talk: Talk, folder: Path) -> Case:
    """Return the case of a recording without a truth."""
    sound = decode_sound(talk.audio, folder / f"{talk.name}.wav")
    return _make_case(talk.name, sound, talk.transcript, None)


def _make_case(name: str, sound: Path, transcript: Transcript, reference: Reference | None) -> Case:
    document = write_document(transcript, sound.with_suffix(".json"))
    language = guess_language(transcript.body)
    return Case(name, sound, open_sound(sound).duration, (document,), reference, language)


def _replace(case: Case, name: str, sound: Path, reference: Reference | None = None) -> Case:
    duration = open_sound(sound).duration
    truth = reference or case.reference
    return replace(case, name=name, sound=sound, duration=duration, reference=truth)


def _truth(case: Case) -> Reference:
    if case.reference is None:
        raise ValueError(f"{case.name} has no reference")
    return case.reference

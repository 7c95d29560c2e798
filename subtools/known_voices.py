"""Voices that the user has given a name: learnt from one recording, for others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from subtools.core import KnownVoice, Span, Turn, VoiceSample, overlap
from subtools.diarizers import VOICES, DiarizerOptions, SpanEmbedder, load_diarizer
from subtools.errors import LibraryError, MediaError
from subtools.library import add_voice, list_voices
from subtools.media import load_audio
from subtools.speakers import Voiceprint, average_voiceprints, learn_voiceprint, spans_alone
from subtools.store import hash_file, work_folder
from subtools.voices import EMBEDDING_MODEL, EMBEDDING_SIZE, load_embedder

_OTHERS = 0.2  # share of the speech in a sample that may be of others: an "mm", an error


def load_library() -> dict[str, Voiceprint]:
    """Return the voiceprints of all known people, by name; several samples are averaged.

    Raises:
        LibraryError: If the user's file of voices cannot be read.
    """
    voices = list_voices(model=EMBEDDING_MODEL)
    for voice in voices:
        if any(len(sample.embedding) != EMBEDDING_SIZE for sample in voice.samples):
            hint = f"delete it: subtools voices delete {voice.name}"
            raise LibraryError(f"the sample of {voice.name} is damaged", hint=hint)
    return {v.name: average_voiceprints([s.embedding for s in v.samples]) for v in voices}


def learn_voice(
    name: str,
    audio: Path,
    spans: Sequence[Span] = (),
    *,
    track: int | None = None,
    threads: int | None = None,
) -> KnownVoice:
    """Return the known voice ``name``, kept from now on with a sample from ``audio``.

    Args:
        name: Whose voice it is.
        audio: Any file ffmpeg reads.
        spans: Where this person speaks, and nobody else; none: everywhere.
        track: Audio track, counted from 1; None: its default one.
        threads: Processor threads; None means all cores.

    Raises:
        SubtoolsError: If the sound or the file of voices cannot be used, or nobody speaks.
    """
    with work_folder() as work:
        sound = load_audio(audio, work / "audio.s16", track=track)
        end = sound.duration
        asked = spans or (Span(0.0, end),)
        clipped = [Span(s.start, min(s.end, end)) for s in asked if s.start < end]
        turns = load_diarizer(VOICES, DiarizerOptions(threads))(sound)
        spoken = _spoken_by_one(turns, clipped, audio)
        embed = SpanEmbedder(load_embedder(threads=threads), sound)
        voiceprint = learn_voiceprint(spoken, embed)
        del sound
    if voiceprint is None:
        hint = "give a stretch in which this person speaks for some seconds: --span 1:05-1:20"
        raise MediaError("nobody speaks there, or not alone for a second", hint=hint, path=audio)
    source = f"{audio.name} {hash_file(audio)[:16]}"
    span = clipped[0] if len(spans) == 1 else None
    return add_voice(name, VoiceSample(voiceprint, EMBEDDING_MODEL, source, span))


def _spoken_by_one(turns: Sequence[Turn], spans: Sequence[Span], path: Path) -> list[Span]:
    """Return the parts of ``spans`` in which their one speaker speaks, and nobody else.

    Raises:
        MediaError: If several people speak there.
    """
    seconds: dict[str, float] = {}
    for turn in turns:
        for span in spans:
            seconds[turn.speaker] = seconds.get(turn.speaker, 0.0) + overlap(turn, span)
    most = max(seconds, key=lambda speaker: seconds[speaker], default="")
    if sum(seconds.values()) - seconds.get(most, 0.0) > _OTHERS * sum(seconds.values()):
        number = sum(spoken > 0 for spoken in seconds.values())
        hint = "give a stretch in which only this person speaks: --span 1:05-1:20"
        raise MediaError(f"{number} people speak there", hint=hint, path=path)
    return [
        Span(max(alone.start, span.start), min(alone.end, span.end))
        for alone in spans_alone(turns, most)
        for span in spans
        if overlap(alone, span) > 0
    ]

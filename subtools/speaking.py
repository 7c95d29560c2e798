"""Who speaks in a file: turns without subtitles, and names anew for words that have turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from subtools.core import (
    Alignment,
    KnownVoice,
    Progress,
    Provenance,
    Seconds,
    Span,
    Transcript,
    Turn,
    VoiceSample,
    no_progress,
    overlap,
)
from subtools.diarizers import VOICES, DiarizerOptions, SpanEmbedder, load_diarizer
from subtools.errors import DocumentError, MediaError
from subtools.formats.rttm import compose_rttm, parse_rttm
from subtools.formats.words import compose_words, parse_words
from subtools.labelling import (
    BY_VOICES,
    SpeakerSettings,
    describe_speakers,
    label_speakers,
    name_turns,
)
from subtools.library import add_voice, list_voices
from subtools.media import load_audio
from subtools.naming import NamesFile, parse_names, restore_labels
from subtools.plots import compose_timeline
from subtools.reading import read_text
from subtools.speakers import Voiceprint, average_voiceprints, learn_voiceprint
from subtools.store import hash_file, work_folder
from subtools.voices import EMBEDDING_MODEL, load_embedder

_NO_WORDS = Alignment(Transcript(()), (), "und", "none")


@dataclass(frozen=True, slots=True)
class Diarized:
    """Who speaks in a recording.

    Attributes:
        alignment: Turns, speakers and findings; its words, if there were any.
        provenance: What the words were made from.
        duration: Length of the sound, in seconds.
        name: Name of the sound file, without its suffix.
    """

    alignment: Alignment
    provenance: Provenance
    duration: Seconds
    name: str

    def compose(self, suffix: str) -> str:
        """Return the turns as ``.rttm``, all as ``.json``, or a picture of them.

        Raises:
            OutputError: If there is no such format.
        """
        if suffix.lower().endswith("json"):
            return compose_words(self.alignment, self.provenance)
        if suffix.lower().endswith("rttm"):
            return compose_rttm(self.alignment.turns, self.name)
        return compose_timeline(
            self.alignment.turns,
            self.alignment.speakers,
            self.duration,
            title=self.alignment.transcript.source.part_title or self.name,
            findings=self.alignment.findings,
            words=self.alignment.transcript.words,
            suffix=suffix,
        )


def diarize_file(
    audio: Path,
    words: Path | None = None,
    settings: SpeakerSettings = BY_VOICES,
    *,
    track: int | None = None,
    threads: int | None = None,
    progress: Progress = no_progress,
) -> Diarized:
    """Return who speaks when in ``audio``, and in which of the words of ``words``.

    Args:
        audio: Any file ffmpeg reads.
        words: A ``words.json`` of this sound; without it nobody gets a name from what is said.
        settings: How it is done.
        track: Audio track, counted from 1; None: its default one.
        threads: Processor threads; None means all cores.
        progress: Told how far the work has come.

    Raises:
        SubtoolsError: If a file cannot be used.
    """
    alignment, provenance = (_NO_WORDS, Provenance()) if words is None else load_words(words)
    alignment = _forget_speakers(alignment)
    with work_folder() as work:
        sound = load_audio(audio, work / "audio.s16", track=track, progress=progress)
        found = label_speakers(alignment, sound, settings, threads=threads, progress=progress)
        duration = sound.duration
        del sound  # lets go of the work file, which Windows cannot remove while it is mapped
    decided = {**provenance.settings, **describe_speakers(settings)}
    return Diarized(found, replace(provenance, settings=decided), duration, audio.stem)


def name_file(words: Path, names: NamesFile | None = None) -> tuple[Alignment, Provenance]:
    """Return the words of ``words`` with names found anew for its turns.

    Raises:
        DocumentError: If it is no ``words.json`` with turns, or the names do not fit.
    """
    alignment, provenance = load_words(words)
    if not alignment.turns:
        hint = "find them first: subtools diarize AUDIO --words WORDS.json"
        raise DocumentError("nobody has looked who speaks here", hint=hint, path=words)
    decided = {**provenance.settings, "names_given": len(names.names) if names else 0}
    return name_turns(alignment, names), replace(provenance, settings=decided)


def load_words(path: Path) -> tuple[Alignment, Provenance]:
    """Return the content of a ``words.json``.

    Raises:
        DocumentError: If it cannot be read.
    """
    try:
        return parse_words(read_text(path))
    except DocumentError as error:
        raise _at(path, error) from error


def load_names(path: Path) -> NamesFile:
    """Return the content of a names file.

    Raises:
        DocumentError: If it cannot be read.
    """
    return parse_names(read_text(path), path=path)


def load_turns(path: Path, settings: SpeakerSettings) -> SpeakerSettings:
    """Return ``settings`` with the turns of an RTTM file.

    Raises:
        DocumentError: If it cannot be read.
    """
    try:
        return replace(settings, turns=parse_rttm(read_text(path)))
    except DocumentError as error:
        raise _at(path, error) from error


def _forget_speakers(alignment: Alignment) -> Alignment:
    """Return ``alignment`` without the speakers of an earlier run."""
    if not alignment.turns:
        return alignment
    words = [replace(word, speaker=None) for word in restore_labels(alignment).transcript.words]
    transcript = alignment.transcript.with_words(words)
    return replace(alignment, transcript=transcript, turns=(), speakers=())


def _at(path: Path, error: DocumentError) -> DocumentError:
    return DocumentError(error.message, hint=error.hint, path=path, line=error.line)


def load_library() -> dict[str, Voiceprint]:
    """Return the voiceprints of all known people, by name; several samples are averaged.

    Raises:
        LibraryError: If the user's file of voices cannot be read.
    """
    return {
        voice.name: average_voiceprints([sample.embedding for sample in voice.samples])
        for voice in list_voices(model=EMBEDDING_MODEL)
    }


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
        spoken = _spoken_alone(turns, clipped)
        embed = SpanEmbedder(load_embedder(threads=threads), sound)
        voiceprint = learn_voiceprint(spoken, embed)
        del sound
    if voiceprint is None:
        hint = "give a stretch in which this person speaks for some seconds: --span 1:05-1:20"
        raise MediaError("nobody speaks there, or not alone for a second", hint=hint, path=audio)
    source = f"{audio.name} {hash_file(audio)[:16]}"
    span = clipped[0] if len(spans) == 1 else None
    return add_voice(name, VoiceSample(voiceprint, EMBEDDING_MODEL, source, span))


def _spoken_alone(turns: Sequence[Turn], spans: Sequence[Span]) -> list[Span]:
    """Return the parts of ``spans`` in which the one who speaks most there speaks."""
    seconds: dict[str, float] = {}
    for turn in turns:
        for span in spans:
            seconds[turn.speaker] = seconds.get(turn.speaker, 0.0) + overlap(turn, span)
    most = max(seconds, key=lambda speaker: seconds[speaker], default="")
    return [
        Span(max(turn.start, span.start), min(turn.end, span.end))
        for turn in turns
        for span in spans
        if turn.speaker == most and overlap(turn, span) > 0
    ]

"""Speakers for timed words: turns from the sound, names from what is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from subtools.core import (
    ANY_NUMBER,
    Alignment,
    Audio,
    Finding,
    FindingKind,
    NameBasis,
    Progress,
    Seconds,
    Speaker,
    SpeakerCount,
    Transcript,
    Turn,
    no_progress,
    overlap,
)
from subtools.diarizers import VOICES, DiarizerOptions, SpanEmbedder, load_diarizer
from subtools.errors import AlignmentError
from subtools.lexicon import clause_ranges
from subtools.naming import GivenName, NamesFile, name_speakers, rename_speakers, restore_labels
from subtools.speakers import (
    Known,
    assign_words,
    fit_turns,
    learn_voiceprints,
    recognise_voices,
    report_speakers,
    turns_of_words,
)
from subtools.timecode import compose_clock
from subtools.voices import load_embedder

LABELLED = 0.8  # share of a document's words with a speaker from which it needs no others
# What a voice is called where nobody knows its name.
_NO_NAME = re.compile(
    r"(?:speaker|spk|voice|unknown|[发發]言人|[说說][话話]人|[讲講]者|未知)?[ _#-]*\d*|[a-z]",
    re.IGNORECASE,
)
_ABOUT_SPEAKERS = {FindingKind.DOUBTFUL_SPEAKER, FindingKind.OVERLAPPING_SPEECH}


@dataclass(frozen=True, slots=True)
class SpeakerSettings:
    """How speakers are found and named.

    Attributes:
        diarizer: Name of the diarizer.
        count: How many people there may be.
        turns: Turns made elsewhere, which take the place of a diarizer's.
        names: What the user says of who is who.
        library: Voiceprints of known people, by name.
    """

    diarizer: str = VOICES
    count: SpeakerCount = ANY_NUMBER
    turns: tuple[Turn, ...] | None = None
    names: NamesFile | None = None
    library: Mapping[str, npt.NDArray[np.float32]] = field(default_factory=dict)


BY_VOICES = SpeakerSettings()


def describe_speakers(settings: SpeakerSettings | None) -> dict[str, str | int | None]:
    """Return what decides who speaks, for a provenance; not who is in the user's library."""
    if settings is None:
        return {"diarizer": None}
    return {
        "diarizer": settings.diarizer if settings.turns is None else "turns from a file",
        "least_speakers": settings.count.least,
        "most_speakers": settings.count.most,
        "names_given": len(settings.names.names) if settings.names else 0,
        "known_voices": len(settings.library),
    }


def label_speakers(
    alignment: Alignment,
    audio: Audio,
    settings: SpeakerSettings,
    *,
    threads: int | None = None,
    progress: Progress = no_progress,
) -> Alignment:
    """Return ``alignment`` with who speaks when, and what they are called.

    A document that says who speaks is believed.

    Raises:
        SubtoolsError: If there is no such diarizer, or the names do not fit the voices.
    """
    if is_labelled(alignment.transcript):
        return name_turns(replace(alignment, turns=_turns_in_text(alignment)), settings.names)
    turns = settings.turns
    if turns is None:
        diarizer = load_diarizer(settings.diarizer, DiarizerOptions(threads))
        borders = clause_onsets(alignment.transcript)
        turns = diarizer(audio, borders=borders, count=settings.count, progress=progress)
    turns = _clip_turns(turns, audio.duration)
    known = _recognise(turns, audio, settings.library, threads)
    transcript = assign_words(alignment.transcript, turns)
    fitted = fit_turns(turns, transcript.words)
    labelled = replace(alignment, transcript=transcript, turns=fitted)
    return name_turns(labelled, settings.names, known)


def name_turns(
    alignment: Alignment, names: NamesFile | None = None, known: Mapping[str, Known] | None = None
) -> Alignment:
    """Return ``alignment`` with names for its speakers, and findings about them.

    What the user says holds; then names that were given before, labels that are names (of a
    document, or of turns made elsewhere) and known voices. All others are found anew.

    Args:
        alignment: With its turns.
        names: What the user says of who is who; a voice may be called by the name that it
            would have without.
        known: Which speakers are known voices, by label.

    Raises:
        DocumentError: If the names do not fit the voices.
    """
    remembered = {s.label: (s.name, s.confidence or 0.0) for s in _from_library(alignment)}
    recognised = {label: (voice.name, voice.confidence) for label, voice in (known or {}).items()}
    shown = alignment.speakers
    given = {name.key: name for name in (*_names_in_labels(alignment), *_given_before(shown))}
    alignment = restore_labels(alignment)

    def find(given: Iterable[GivenName], path: Path | None = None) -> tuple[Speaker, ...]:
        file = NamesFile(tuple(given), path)
        voices = remembered | recognised
        return name_speakers(alignment.transcript, alignment.turns, given=file, known=voices)

    speakers = find(given.values())
    if names is not None:
        asked = _name_voices(names, (*shown, *speakers))
        others = (name for key, name in given.items() if key not in {a.key for a in asked})
        taken = {name.name for name in asked}
        speakers = find((*asked, *(o for o in others if o.name not in taken)), names.path)
    named = rename_speakers(alignment, speakers)
    about = report_speakers(named.turns, named.transcript.words)
    kept = [finding for finding in named.findings if not _is_repeated(finding, about)]
    return replace(named, findings=tuple(sorted([*kept, *about], key=_place)))


def unused_names(names: NamesFile, speakers: Sequence[Speaker]) -> tuple[str, ...]:
    """Return, in words, what of ``names`` says nothing about any of ``speakers``."""
    shown = {speaker.name for speaker in speakers}
    listed = ", ".join(speaker.name for speaker in speakers) or "nobody"
    return tuple(
        f"{'' if name.line is None else f'line {name.line}: '}nobody is called "
        f"{name.key} (there are {listed})"
        for name in names.names
        if name.name not in shown
    )


def is_labelled(transcript: Transcript) -> bool:
    """Return whether a document says who speaks, so that nobody has to find out."""
    words = transcript.words
    return sum(word.speaker is not None for word in words) >= LABELLED * max(1, len(words))


def clause_onsets(transcript: Transcript) -> tuple[Seconds, ...]:
    """Return when clauses begin, in order of time; those without a time are left out."""
    onsets = []
    for paragraph in transcript.paragraphs:
        for clause in clause_ranges([word.text for word in paragraph.words]):
            spans = [paragraph.words[k].span for k in clause]
            onsets.extend([span.start for span in spans if span is not None][:1])
    return tuple(sorted(onsets))


def _clip_turns(turns: Sequence[Turn], duration: Seconds) -> tuple[Turn, ...]:
    """Return what of ``turns`` is within the sound.

    Raises:
        AlignmentError: If there are turns, but none is.
    """
    within = [replace(t, end=min(t.end, duration)) for t in turns if t.start < duration]
    if turns and not within:
        first = compose_clock(turns[0].start)
        what = f"the sound lasts {compose_clock(duration)}, and the first turn begins at {first}"
        raise AlignmentError(what, hint="give the turns of this recording")
    return tuple(within)


def _turns_in_text(alignment: Alignment) -> tuple[Turn, ...]:
    turns = turns_of_words(alignment.transcript.words)
    return tuple(sorted(turns, key=lambda turn: (turn.start, turn.end)))


def _names_in_labels(alignment: Alignment) -> Iterator[GivenName]:
    """Yield the labels that are names: of a document that says who speaks, or of turns."""
    if not alignment.speakers:
        for label in dict.fromkeys(turn.speaker for turn in alignment.turns):
            if not _NO_NAME.fullmatch(label):
                yield GivenName(label, label)


def _given_before(speakers: Sequence[Speaker]) -> Iterator[GivenName]:
    for speaker in speakers:
        if speaker.basis is NameBasis.GIVEN:
            yield GivenName(speaker.label, speaker.name)


def _name_voices(names: NamesFile, speakers: Sequence[Speaker]) -> tuple[GivenName, ...]:
    """Return ``names`` with labels for keys where voices are called by names they have."""
    labels = {speaker.name: speaker.label for speaker in reversed(speakers)}
    return tuple(
        name if name.spans else replace(name, key=labels.get(name.key, name.key))
        for name in names.names
    )


def _recognise(
    turns: Sequence[Turn],
    audio: Audio,
    library: Mapping[str, npt.NDArray[np.float32]],
    threads: int | None,
) -> dict[str, Known]:
    if not library or not turns:
        return {}
    embed = SpanEmbedder(load_embedder(threads=threads), audio)
    return recognise_voices(learn_voiceprints(turns, embed), library)


def _from_library(alignment: Alignment) -> tuple[Speaker, ...]:
    return tuple(s for s in alignment.speakers if s.basis is NameBasis.LIBRARY)


def _place(finding: Finding) -> Seconds:
    return finding.span.start if finding.span else 0.0


def _is_repeated(finding: Finding, about: Sequence[Finding]) -> bool:
    """Tell whether a finding about speakers is from an earlier naming, or said again."""
    if finding.kind not in _ABOUT_SPEAKERS or finding.span is None:
        return False
    same = [other for other in about if other.kind is finding.kind and other.span is not None]
    half = finding.span.duration / 2
    return finding.kind is FindingKind.DOUBTFUL_SPEAKER or any(
        overlap(finding.span, other.span) >= half for other in same if other.span is not None
    )

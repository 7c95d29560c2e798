"""Files in, corrections and a clean document out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from subtools.checks import check_language
from subtools.cleaning import CleaningSettings
from subtools.core import (
    Adviser,
    Alignment,
    Correction,
    Decision,
    Glossary,
    HeardWord,
    Keep,
    Posteriors,
    Progress,
    Provenance,
    Seconds,
    Span,
    keep_nothing,
    no_progress,
)
from subtools.correcting.finding import find_corrections
from subtools.correcting.witnesses import (
    DEFAULT,
    CleanSettings,
    Witnesses,
    call_witnesses,
    heard_words,
)
from subtools.cues import segment_cues
from subtools.diarization import load_words, stated_offset
from subtools.errors import DocumentError
from subtools.media import load_audio
from subtools.pipeline import Captions, Settings
from subtools.realigning import listen_to_posteriors, realign
from subtools.revising import Change, changed_ranges, revise_alignment
from subtools.shifting import shift_alignment
from subtools.store import work_folder

_SLACK = 1.0  # s; what a last word may reach beyond the end


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A document with its corrections.

    Attributes:
        before: As it was.
        corrections: Everything that was looked at closely, in the order of the text.
        after: The document with the corrections that are applied.
        provenance: What ``before`` was made from and with.
        duration: Length of the sound, in seconds.
    """

    before: Alignment
    corrections: tuple[Correction, ...]
    after: Alignment
    provenance: Provenance
    duration: Seconds


def clean_file(
    words: Path,
    audio: Path,
    settings: CleanSettings = DEFAULT,
    glossary: Glossary | None = None,
    *,
    heard: Path | None = None,
    adviser: Adviser | None = None,
    keep: Keep = keep_nothing,
    progress: Progress = no_progress,
) -> Cleaned:
    """Return the words of ``words`` cleaned.

    Args:
        words: A ``words.json``.
        audio: Its sound: any file ffmpeg reads.
        settings: How it is done.
        glossary: Terms; None: those that ship.
        heard: A ``words.json`` of what a recogniser wrote; None: it is asked now.
        adviser: A language model, asked about what is in doubt; None: none is asked.
        keep: Where what is heard is kept: another run with it ends the same, and sooner.
        progress: Told how far the work has come.

    Raises:
        SubtoolsError: If a file cannot be used.
    """
    alignment, provenance = load_words(words)
    recognised = None if heard is None else heard_words(load_words(heard)[0])
    return clean_alignment(
        alignment,
        provenance,
        audio,
        settings,
        glossary,
        heard=recognised,
        adviser=adviser,
        keep=keep,
        progress=progress,
    )


def clean_alignment(
    alignment: Alignment,
    provenance: Provenance,
    audio: Path,
    settings: CleanSettings = DEFAULT,
    glossary: Glossary | None = None,
    *,
    heard: Sequence[HeardWord] | None = None,
    adviser: Adviser | None = None,
    keep: Keep = keep_nothing,
    progress: Progress = no_progress,
) -> Cleaned:
    """Return a timed document cleaned; ``provenance`` says by how much its times are moved.

    Raises:
        SubtoolsError: If the sound cannot be used.
    """
    check_language(settings.language)
    offset = stated_offset(provenance)  # of the words, not of the sound
    moved = shift_alignment(alignment, -offset)
    with work_folder() as work:
        sound = load_audio(audio, work / "audio.s16", track=settings.track, progress=progress)
        _check_fit(moved, sound.duration)
        witnesses = call_witnesses(moved, sound, settings, glossary, heard, progress, keep)
        witnesses = replace(witnesses, adviser=adviser)
        cleaned = clean_heard(
            alignment, provenance, sound.duration, witnesses, settings.decisions, progress=progress
        )
        del sound, witnesses  # Windows cannot remove the work file while it is mapped
    return cleaned


def clean_heard(
    alignment: Alignment,
    provenance: Provenance,
    duration: Seconds,
    witnesses: Witnesses,
    decisions: CleaningSettings,
    *,
    progress: Progress = no_progress,
) -> Cleaned:
    """Return a timed document cleaned, for whoever has heard its sound, of ``duration`` seconds."""
    offset = stated_offset(provenance)
    moved = shift_alignment(alignment, -offset)
    corrections = find_corrections(moved, witnesses, decisions, progress=progress)
    after = apply_corrections(moved, corrections, witnesses.posteriors, progress=progress)
    corrections = tuple(_shift(correction, offset) for correction in corrections)
    return Cleaned(alignment, corrections, shift_alignment(after, offset), provenance, duration)


def clean_captions(
    captions: Captions,
    audio: Path,
    settings: Settings,
    glossary: Glossary | None = None,
    *,
    keep: Keep = keep_nothing,
    progress: Progress = no_progress,
) -> tuple[Captions, tuple[Correction, ...]]:
    """Return subtitles of the clean text, and the corrections.

    Args:
        captions: Those of the text as it is.
        audio: The sound they are of.
        settings: How they were made.
        glossary: Terms; None: those that ship.
        keep: Where what is heard is kept.
        progress: Told how far the work has come.

    Raises:
        SubtoolsError: If the sound cannot be used.
    """
    how = CleanSettings(
        model=settings.model,
        language=settings.language,
        track=settings.track,
        threads=settings.threads,
    )
    cleaned = clean_alignment(
        captions.alignment,
        captions.provenance,
        audio,
        how,
        glossary,
        keep=keep,
        progress=progress,
    )
    after = cleaned.after
    decided = {**captions.provenance.settings, "text": "clean"}
    made = replace(
        captions,
        alignment=after,
        cues=segment_cues(after.transcript, settings.rules, after.findings),
        provenance=replace(captions.provenance, settings=decided),
    )
    return made, cleaned.corrections


def apply_corrections(
    alignment: Alignment,
    corrections: Sequence[Correction],
    posteriors: Posteriors | None = None,
    *,
    progress: Progress = no_progress,
) -> Alignment:
    """Return ``alignment`` with the corrections that are to be applied.

    Args:
        alignment: The document that they were found in.
        corrections: In any order; those that are not to be applied are left out.
        posteriors: What is heard, for new times; without, new words share the time of
            those whose place they take, without a confidence.
        progress: Told how far the work has come.
    """
    applied = [c for c in corrections if c.decision is Decision.APPLY]
    changes = [Change(correction.offsets, correction.after) for correction in applied]
    revised = revise_alignment(alignment, changes, interpolate=True)
    if posteriors is None or not changes:
        return revised
    listen = listen_to_posteriors(posteriors, alignment.language)
    places = changed_ranges(changes)
    return realign(revised, places, listen, posteriors.duration, progress=progress)


def _shift(correction: Correction, offset: Seconds) -> Correction:
    if correction.span is None or not offset:
        return correction
    span = correction.span
    return replace(correction, span=Span(span.start + offset, span.end + offset))


def _check_fit(alignment: Alignment, duration: Seconds) -> None:
    """Refuse words that go on after the end of the sound.

    Raises:
        DocumentError: If they do, or none has a time.
    """
    spans = [word.span for word in alignment.transcript.words if word.span is not None]
    if not spans:
        raise DocumentError("no word in it has a time", hint="align it first: subtools align")
    if max(span.end for span in spans) > duration + _SLACK:
        raise DocumentError(
            "the words go on after the end of the sound", hint="give the words.json of this sound"
        )

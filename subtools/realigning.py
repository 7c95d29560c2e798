"""New times where a timed document was changed, and nowhere else."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from subtools.aligners import (
    AUTO,
    RECOGNISED,
    Aligner,
    AlignerOptions,
    PhoneAligner,
    RecognitionAligner,
    choose_aligner,
    load_engine,
)
from subtools.alignment import align_posteriors
from subtools.core import (
    FRAME,
    SAMPLE_RATE,
    Alignment,
    Audio,
    Posteriors,
    Progress,
    Seconds,
    Span,
    Transcript,
    no_progress,
)
from subtools.errors import AlignmentError, MediaError
from subtools.revising import CONTEXT, Stretch, cut_words, find_stretches, settle_stretch
from subtools.shifting import shift_alignment

Offsets = tuple[int, int]
Listener = Callable[[Transcript, Span], Alignment]
"""Puts words in the time of the whole sound, knowing only a stretch of it."""


def realign(
    alignment: Alignment,
    changed: Sequence[Offsets],
    listen: Listener,
    duration: Seconds,
    *,
    context: int = CONTEXT,
    progress: Progress = no_progress,
) -> Alignment:
    """Return ``alignment`` with new times in the clauses that were changed.

    All other words keep theirs to the bit. A word that is not found keeps the time it has,
    as far as its neighbours leave room, without a confidence; findings say so.

    Args:
        alignment: The changed document, with what is known of its times.
        changed: The characters [first, last) of its body that are new.
        listen: Aligns a stretch; ``listen_to_posteriors`` and ``listen_to_sound`` make one.
        duration: Length of the sound, in seconds.
        context: Clauses on either side of a changed one that are aligned with it.
        progress: Told how many stretches are done.
    """
    stretches = find_stretches(alignment.transcript, changed, duration, context=context)
    for number, stretch in enumerate(stretches):
        progress("realigning", number, len(stretches))
        alignment = _realign_stretch(alignment, stretch, listen)
    if stretches:
        progress("realigning", len(stretches), len(stretches))
    return alignment


def listen_to_posteriors(posteriors: Posteriors, language: str) -> Listener:
    """Return what aligns stretches of a sound that a classifier has heard."""

    def listen(transcript: Transcript, span: Span) -> Alignment:
        first, last = math.floor(span.start / FRAME), math.ceil(span.end / FRAME)
        heard = Posteriors(
            posteriors.log_probs[first:last],
            posteriors.two_voices[first:last],
            posteriors.level[first:last],
        )
        found = align_posteriors(transcript, heard, language=language)
        return shift_alignment(found, first * FRAME)

    return listen


def listen_to_sound(sound: Audio, aligner: Aligner, language: str | None) -> Listener:
    """Return what aligns stretches of ``sound``; only these are listened to."""

    def listen(transcript: Transcript, span: Span) -> Alignment:
        first, last = round(span.start * SAMPLE_RATE), round(span.end * SAMPLE_RATE)
        part = Audio(sound.samples[first:last])
        found = aligner(transcript, part, language=language)
        return shift_alignment(found, first / SAMPLE_RATE)

    return listen


def load_listener(
    alignment: Alignment, sound: Audio, *, model: str = "base", threads: int | None = None
) -> Listener:
    """Return what aligns stretches of ``sound`` as ``alignment`` was made, loaded once.

    Raises:
        SubtoolsError: If its aligner is not there.
    """
    name = AUTO if alignment.aligner == RECOGNISED else alignment.aligner
    name = choose_aligner(name, alignment.transcript, alignment.language)
    aligner = load_engine(name, AlignerOptions(model, threads)).align
    if isinstance(aligner, PhoneAligner | RecognitionAligner):
        aligner = replace(aligner, load=cache(aligner.load))  # type: ignore[arg-type]
    return listen_to_sound(sound, aligner, alignment.language)


def _realign_stretch(alignment: Alignment, stretch: Stretch, listen: Listener) -> Alignment:
    """Return ``alignment`` with the stretch's changed words where they are heard."""
    try:
        found = listen(cut_words(alignment.transcript, stretch.words), stretch.span)
    except (AlignmentError, MediaError):  # nobody is heard there: nothing is learned
        return alignment
    return settle_stretch(alignment, stretch, found)

"""Who is asked about a document, and with which settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from subtools.cleaning import CleaningSettings, lay_out, measure_misfit
from subtools.core import (
    Adviser,
    Alignment,
    Audio,
    EvidenceKind,
    Glossary,
    HeardWord,
    Keep,
    Posteriors,
    Progress,
    Seconds,
    Span,
    keep_nothing,
)
from subtools.correcting.remembering import Memory
from subtools.errors import MismatchError
from subtools.glossary import merge_glossaries, parse_glossary, starter_glossary
from subtools.models import BUNDLED, find_model
from subtools.reading import read_text
from subtools.whisper import Judge

# Nats a phone unexplained; of the right sound 1 and less, of another 35 and more (`belonging`).
MOST_MISFIT = 10.0


@dataclass(frozen=True, slots=True)
class CleanSettings:
    """What decides a cleaning, apart from its inputs.

    Attributes:
        decisions: Thresholds, and which evidence is not asked.
        model: The recogniser: ``base``, a name faster-whisper knows, or a folder.
        language: ISO 639-1 code of the spoken language; None: that of the words.
        track: Audio track of the media file, counted from 1; None: its default one.
        threads: Processor threads; None means all cores.
    """

    decisions: CleaningSettings = field(default_factory=CleaningSettings)
    model: str = BUNDLED
    language: str | None = None
    track: int | None = None
    threads: int | None = None

    @property
    def without(self) -> frozenset[EvidenceKind]:
        """Kinds of evidence that are not asked."""
        return self.decisions.without


DEFAULT = CleanSettings()


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Who is asked about a document.

    Attributes:
        posteriors: What the classifier hears.
        glossary: Terms that somebody lists.
        heard: What a recogniser wrote by itself; None: none was asked.
        judge: Says how likely texts are in a stretch of sound (start, end in seconds).
        adviser: A language model, asked only about what all others leave in doubt.
    """

    posteriors: Posteriors
    glossary: Glossary = field(default_factory=Glossary)
    heard: Sequence[HeardWord] | None = None
    judge: Callable[[Seconds, Seconds, Sequence[str]], Sequence[float]] | None = None
    adviser: Adviser | None = None


def load_glossaries(paths: Sequence[Path], *, starter: bool = True) -> Glossary:
    """Return the terms of the user's files, and then those that ship.

    Raises:
        DocumentError: If a file cannot be read.
    """
    given = [_own(parse_glossary(read_text(path), path=path)) for path in paths]
    return merge_glossaries(*given, *([starter_glossary()] if starter else []))


def _own(glossary: Glossary) -> Glossary:
    return Glossary(tuple(replace(term, is_own=True) for term in glossary.terms))


def heard_words(alignment: Alignment) -> tuple[HeardWord, ...]:
    """Return the words of a recognition that have a time."""
    return tuple(
        HeardWord(word.text, word.span.start, word.span.end, word.confidence or 0.0)
        for word in alignment.transcript.words
        if word.span is not None
    )


def call_witnesses(
    alignment: Alignment,
    sound: Audio,
    settings: CleanSettings,
    glossary: Glossary | None,
    heard: Sequence[HeardWord] | None,
    progress: Progress,
    keep: Keep = keep_nothing,
) -> Witnesses:
    """Return what the sound, a recogniser and a glossary have to say.

    Args:
        alignment: The document, in the time of the sound.
        sound: The sound.
        settings: Who is asked, and how.
        glossary: Terms; None: those that ship.
        heard: What a recogniser wrote; None: it is asked now.
        progress: Told how far the work has come.
        keep: Where what is heard is kept for another run, or to go on with.

    Raises:
        MismatchError: If the words are not what is said.
        SubtoolsError: If a model cannot be loaded.
    """
    memory = Memory(sound, keep, threads=settings.threads)
    posteriors = memory.posteriors(progress=progress)
    _check_words(alignment, posteriors)  # before the recogniser, which takes long
    terms = load_glossaries([]) if glossary is None else glossary
    if EvidenceKind.RECOGNISER in settings.without:
        return Witnesses(posteriors, terms)
    folder, language = find_model(settings.model), settings.language or alignment.language
    if heard is None:
        recognise = memory.recogniser(folder)
        heard = recognise(sound, language=language, progress=progress).words
    return Witnesses(posteriors, terms, heard, memory.judge(folder, language))


def _check_words(alignment: Alignment, posteriors: Posteriors) -> None:
    """Refuse words that are not what is said.

    Raises:
        MismatchError: If they are not.
    """
    misfit = measure_misfit(lay_out(alignment.transcript), posteriors.log_probs)
    if misfit is not None and misfit > MOST_MISFIT:
        raise MismatchError(
            "these words are not what is said in this sound at their times",
            hint="give the sound they were aligned with, or align them with this one",
        )


def ask_judge(
    judge: Judge, sound: Audio, language: str
) -> Callable[[Seconds, Seconds, Sequence[str]], Sequence[float]]:
    """Return what says how likely texts are in a stretch of ``sound``."""
    return partial(_ask, judge, sound, language)


def _ask(
    judge: Judge, sound: Audio, language: str, start: Seconds, end: Seconds, texts: Sequence[str]
) -> Sequence[float]:
    return judge(sound.slice(Span(start, end)), texts, language=language)

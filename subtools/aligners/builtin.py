"""The built-in aligners: stages put together, models loaded when the sound is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from subtools.acoustics import Classifier
from subtools.aligners.choosing import guess_language
from subtools.alignment import align_posteriors
from subtools.core import (
    FRAME,
    Alignment,
    Audio,
    Finding,
    Posteriors,
    Progress,
    Recognition,
    Seconds,
    Transcript,
    Voices,
    no_progress,
)
from subtools.coverage import audit_coverage, combine_speech, find_voiced
from subtools.errors import MediaError
from subtools.lexicon import is_spaceless, word_core
from subtools.merging import merge_recognition
from subtools.phonetics import NOISE, PHONE_INDEX, SILENCE, Script
from subtools.spans import report_unrecognised
from subtools.transcript.recognised import recognition_to_transcript
from subtools.whisper import Detector, Recognizer, detect_speech

RECOGNISED = "none (recognised text)"
LEAST_SPEECH: Seconds = 0.5  # two syllables; less in a whole file is chance
_BLOCK = 100_000  # frames looked at together, so that three hours cost no memory


@dataclass(frozen=True, slots=True)
class PhoneAligner:
    """Puts the sounds of the text against the sound itself.

    Attributes:
        load: Loads the classifier.
        on_posteriors: Given what the classifier says.
    """

    load: Callable[[], Classifier]
    on_posteriors: Callable[[Posteriors], None] | None = None

    def __call__(
        self,
        transcript: Transcript,
        audio: Audio,
        /,
        *,
        language: str | None,
        progress: Progress = no_progress,
    ) -> Alignment:
        """Return ``transcript`` in time; language None: that of its script."""
        posteriors = self.load()(audio, progress=progress)
        if speech_duration(posteriors) < LEAST_SPEECH:
            raise MediaError("nobody speaks in this sound", hint="is it the right file or track?")
        if self.on_posteriors is not None:
            self.on_posteriors(posteriors)
        spoken = language or guess_language(transcript) or _language_read(transcript)
        return align_posteriors(transcript, posteriors, language=spoken)


@dataclass(frozen=True, slots=True)
class RecognitionAligner:
    """Puts the words of the text against recognised words.

    Attributes:
        load: Loads the recogniser.
    """

    load: Callable[[], Recognizer]

    def __call__(
        self,
        transcript: Transcript,
        audio: Audio,
        /,
        *,
        language: str | None,
        progress: Progress = no_progress,
    ) -> Alignment:
        """Return ``transcript`` in time; language None: the recogniser finds out."""
        recognition = self.load()(audio, language=language, progress=progress)
        return merge_recognition(transcript, recognition)


@dataclass(frozen=True, slots=True)
class Transcriber:
    """Brings its own words: what is recognised is the document.

    Attributes:
        load: Loads the recogniser.
        script: How Chinese is written; None: as most of it was recognised.
    """

    load: Callable[[], Recognizer]
    script: Script | None = None

    def __call__(
        self,
        _transcript: Transcript,
        audio: Audio,
        /,
        *,
        language: str | None,
        progress: Progress = no_progress,
    ) -> Alignment:
        """Return the recognised words in time, and where speech has none."""
        recognition = self.load()(audio, language=language, progress=progress)
        recognised = recognition_to_transcript(recognition, self.script)
        findings = tuple(_report_uncovered(recognition))
        return Alignment(recognised, findings, recognition.language, RECOGNISED)


def detect_voices(load: Callable[[], Classifier]) -> Detector:
    """Return what tells where someone speaks, by detector and classifier together."""

    def detect(audio: Audio, /, *, progress: Progress = no_progress) -> Voices:
        voiced = find_voiced(load()(audio, progress=progress))
        detected = detect_speech(audio, progress=progress)
        return Voices(combine_speech(detected, voiced), voiced)

    return detect


def _report_uncovered(recognition: Recognition) -> Iterable[Finding]:
    """Return a finding for all speech that got no word."""
    if recognition.voiced:
        return audit_coverage(recognition.words, recognition.voiced, recognition.dropped)
    return report_unrecognised(recognition.words, recognition.speech)


def _language_read(transcript: Transcript) -> str:
    """Return whose sounds the words are given where nobody knows their language."""
    return "zh" if any(is_spaceless(word_core(word.text)) for word in transcript.words) else "en"


def speech_duration(posteriors: Posteriors) -> Seconds:
    """Return how long a phone is likelier than silence and noise, in seconds."""
    unspoken = [PHONE_INDEX[SILENCE], PHONE_INDEX[NOISE]]
    frames = 0
    for first in range(0, len(posteriors.log_probs), _BLOCK):
        best = posteriors.log_probs[first : first + _BLOCK].argmax(axis=1)
        frames += int(np.isin(best, unspoken, invert=True).sum())
    return frames * FRAME

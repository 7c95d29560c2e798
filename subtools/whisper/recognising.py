"""The model at work: windows of sound to words."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from subtools.core import Audio, HeardWord, Progress, Recognition, Seconds, Span, no_progress
from subtools.errors import MediaError, ModelError
from subtools.spans import wordless_speech
from subtools.whisper.loading import load_model
from subtools.whisper.settling import Segment, settle_times
from subtools.whisper.windows import detect_speech, plan_windows

LOOP_RATIO = 2.4  # text that compresses better is a loop; the threshold of OpenAI's Whisper
LANGUAGE_WINDOWS = 3  # windows that vote on the language, spread over the talk
BATCH = 4  # windows decoded together; more gains nothing on two cores


class Recognizer(Protocol):
    """Anything that writes down what is said in a sound, with times."""

    def __call__(
        self, audio: Audio, /, *, language: str | None = None, progress: Progress = no_progress
    ) -> Recognition:
        """Return the words of ``audio``; ``language`` None means: find out."""


def load_whisper(
    folder: Path,
    *,
    threads: int | None = None,
    beam_size: int = 5,
    device: str = "cpu",
    compute_type: str | None = None,
    batch: int | None = None,
) -> Recognizer:
    """Return a recogniser that runs the Whisper model in ``folder``.

    Args:
        folder: A model in CTranslate2's format.
        threads: Processor threads, no more than there are cores; None means all.
        beam_size: Hypotheses kept while decoding.
        device: ``cpu``, ``cuda`` or ``auto``.
        compute_type: CTranslate2's name for the kind of numbers; None: what suits the device.
        batch: Windows decoded together; None: what suits a processor.

    Raises:
        ModelError: If the model cannot be loaded.
    """
    from faster_whisper import BatchedInferencePipeline

    model = load_model(folder, threads=threads, device=device, compute_type=compute_type)
    return _Whisper(model, BatchedInferencePipeline(model), beam_size, batch or BATCH)


def known_languages() -> frozenset[str]:
    """Return the codes of the languages Whisper knows."""
    from faster_whisper.tokenizer import _LANGUAGE_CODES  # the only list it has

    return frozenset(_LANGUAGE_CODES)


@dataclass(frozen=True, slots=True)
class _Whisper:
    """A loaded model."""

    model: Any
    pipeline: Any
    beam_size: int
    batch: int = BATCH

    def __call__(
        self, audio: Audio, /, *, language: str | None = None, progress: Progress = no_progress
    ) -> Recognition:
        speech = detect_speech(audio, progress=progress)
        if not speech:
            raise MediaError("nobody speaks in this sound", hint="is it the right file or track?")
        windows = plan_windows(speech, audio.duration)
        language = self._choose_language(audio, windows, language)
        segments: list[Segment] = []
        for first in range(0, len(windows), self.batch):
            batch = windows[first : first + self.batch]
            segments += self._hear(audio, batch, speech, language)
            progress("recognising", batch[-1].end, audio.duration)
        progress("recognising", audio.duration, audio.duration)
        if not segments:
            raise MediaError("there is speech in this sound, but no word was recognised")
        return Recognition(settle_times(segments, speech), speech, language)

    def _choose_language(self, audio: Audio, windows: Sequence[Span], language: str | None) -> str:
        """Return the language given, if the model knows it, or the one it hears most clearly."""
        if not self.model.model.is_multilingual:
            if language not in {None, "en"}:
                raise ModelError(
                    f"this model knows English only, not {language!r}",
                    hint="use a multilingual one, such as --model base",
                )
            return "en"
        if language is not None:
            if self.model.hf_tokenizer.token_to_id(f"<|{language}|>") is None:
                raise ModelError(
                    f"this model does not know the language {language!r}",
                    hint="use a larger one, such as --model large-v3, or let it be detected",
                )
            return language
        voters = np.linspace(0, len(windows) - 1, min(len(windows), LANGUAGE_WINDOWS))
        votes: Counter[str] = Counter()
        for window in (windows[round(voter)] for voter in voters):
            code, probability, _ = self.model.detect_language(audio.slice(window))
            votes[code] += probability
        return votes.most_common(1)[0][0]

    def _hear(
        self, audio: Audio, windows: Sequence[Span], speech: Sequence[Span], language: str
    ) -> list[Segment]:
        """Return the segments of ``windows``; speech that got no word is tried once more."""
        heard = list(self._decode(audio, windows, language))
        words = [word for segment in heard for word in segment]
        lost = [gap for window in windows for gap in wordless_speech(window, words, speech)]
        heard = [part for segment in heard for part in split_segment(segment, lost)]
        heard += self._decode(audio, lost, language)
        return sorted(heard, key=lambda segment: segment[0].start)

    def _decode(self, audio: Audio, windows: Sequence[Span], language: str) -> Iterator[Segment]:
        """Yield what is said in ``windows``, leaving out where the decoder ran into a loop."""
        if not windows:
            return
        origin = windows[0].start
        segments, _ = self.pipeline.transcribe(
            audio.slice(Span(origin, max(window.end for window in windows))),
            language=language,
            clip_timestamps=[{"start": w.start - origin, "end": w.end - origin} for w in windows],
            vad_filter=False,
            word_timestamps=True,
            without_timestamps=False,  # the model's own time stamps separate the sentences
            beam_size=self.beam_size,
            temperature=0.0,  # sampling would make two runs differ
            batch_size=self.batch,
        )
        for segment in segments:
            if segment.words and segment.compression_ratio <= LOOP_RATIO:
                yield tuple(_to_heard_word(word, origin) for word in segment.words)


def split_segment(segment: Segment, gaps: Sequence[Span]) -> Iterator[Segment]:
    """Yield the parts of ``segment`` between ``gaps``, so that what is found there fits in."""
    starts = [gap.start for gap in gaps]
    for _, words in groupby(segment, key=lambda word: bisect_right(starts, word.start)):
        yield tuple(words)


def _to_heard_word(word: Any, origin: Seconds) -> HeardWord:
    start, end = origin + float(word.start), origin + float(word.end)
    return HeardWord(word.word, start, max(start, end), float(word.probability))

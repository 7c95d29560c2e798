"""Samples to recognised words and speech spans, by faster-whisper.

The sound is worked through in windows of less than 30 s that begin and end in pauses,
each decoded on its own: nothing that goes wrong in one window reaches the next, the
words come in order, and memory does not grow with the length of the file.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, Protocol

import numpy as np

from subtools.core import (
    SAMPLE_RATE,
    Audio,
    HeardWord,
    Progress,
    Recognition,
    Seconds,
    Span,
    no_progress,
    overlap,
)
from subtools.errors import MediaError, ModelError

WINDOW = 28.0  # s; Whisper takes 30, the rest is room for the padding
PADDING = 0.3  # s of the pause around a window; the detector's onsets come late
VAD_BLOCK = 300.0  # s examined at a time
VAD_DELAY = 0.032  # s; Silero knows of an onset one frame after it (checked on silence ends)
SHORTEST_SPEECH_MS = 100  # shorter than any syllable: music, a click
SHORTEST_PAUSE_MS = 100  # Silero's frames are 32 ms; shorter pauses are closures of stops
LOST_SPEECH = 1.5  # s of speech without a word: the decoder stopped early or skipped
LOOP_RATIO = 2.4  # text that compresses better is a loop; the threshold of OpenAI's Whisper
LANGUAGE_WINDOWS = 3  # windows that vote on the language, spread over the talk
BATCH = 4  # windows decoded together; more gains nothing on two cores
LARGEST_LAG = 0.4  # s; a word border farther from a pause has nothing to do with it
FEWEST_PAUSES = 5  # pauses from which the lag of the word times is estimated

Segment = tuple[HeardWord, ...]


class Recognizer(Protocol):
    """Anything that writes down what is said in a sound, with times."""

    def __call__(
        self, audio: Audio, /, *, language: str | None = None, progress: Progress = no_progress
    ) -> Recognition:
        """Return the words of ``audio``; ``language`` None means: find out."""


def load_whisper(
    folder: Path, *, threads: int | None = None, beam_size: int = 5, device: str = "cpu"
) -> Recognizer:
    """Return a recogniser that runs the Whisper model in ``folder``.

    Args:
        folder: A model in CTranslate2's format.
        threads: Processor threads; None means all cores.
        beam_size: Hypotheses kept while decoding.
        device: ``cpu``, ``cuda`` or ``auto``.

    Raises:
        ModelError: If the model cannot be loaded.
    """
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    try:
        model = WhisperModel(
            str(folder),
            device=device,
            compute_type="int8" if device == "cpu" else "default",
            cpu_threads=threads or os.cpu_count() or 1,
            local_files_only=True,
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise ModelError(
            f"the model cannot be loaded: {error}",
            hint="give the folder of a faster-whisper (CTranslate2) model, or use --model base",
            path=folder,
        ) from error
    return _Whisper(model, BatchedInferencePipeline(model), beam_size)


def known_languages() -> frozenset[str]:
    """Return the codes of the languages Whisper knows."""
    from faster_whisper.tokenizer import _LANGUAGE_CODES  # the only list it has

    return frozenset(_LANGUAGE_CODES)


def detect_speech(audio: Audio, *, progress: Progress = no_progress) -> tuple[Span, ...]:
    """Return where someone speaks, by Silero VAD, in order and without overlaps.

    Blocks overlap so that a span that reaches a block's end is examined again whole;
    spans longer than a window are cut at their longest pause.
    """
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        min_speech_duration_ms=SHORTEST_SPEECH_MS,
        min_silence_duration_ms=SHORTEST_PAUSE_MS,
        speech_pad_ms=0,
        max_speech_duration_s=WINDOW,
    )
    spans: list[Span] = []
    position = 0.0
    while position < audio.duration:
        block_end = min(position + VAD_BLOCK, audio.duration)
        found = [
            Span(position + stamp["start"] / SAMPLE_RATE, position + stamp["end"] / SAMPLE_RATE)
            for stamp in get_speech_timestamps(audio.slice(Span(position, block_end)), options)
        ]
        is_last = block_end >= audio.duration
        if not is_last and len(found) > 1 and found[-1].end > block_end - 1.0:
            position = found.pop().start  # it may go on in the next block
        else:
            position = block_end
        spans += found
        progress("finding speech", position, audio.duration)
    return tuple(_advance_onsets(spans))


def _advance_onsets(spans: Sequence[Span]) -> Iterator[Span]:
    """Yield ``spans`` with the detector's delay taken off, as far as the pause allows."""
    earliest = 0.0
    for span in spans:
        yield Span(max(earliest, span.start - VAD_DELAY), span.end)
        earliest = span.end


def plan_windows(speech: Sequence[Span], duration: Seconds) -> tuple[Span, ...]:
    """Return windows of at most 30 s that hold all of ``speech`` and are cut in pauses."""
    groups: list[list[Span]] = []
    for span in speech:
        if groups and span.end - groups[-1][0].start <= WINDOW:
            groups[-1].append(span)
        else:
            groups.append([span])
    bare = [Span(group[0].start, group[-1].end) for group in groups]
    lead = [0.0, *(before.end for before in bare[:-1])]
    rest = [*(after.start for after in bare[1:]), duration]
    return tuple(
        _pad(window, earliest, latest)
        for window, earliest, latest in zip(bare, lead, rest, strict=True)
    )


def _pad(window: Span, earliest: Seconds, latest: Seconds) -> Span:
    """Return ``window`` with some of the pauses around it, at most half of each."""
    before = min(PADDING, max(0.0, (window.start - earliest) / 2))
    after = min(PADDING, max(0.0, (latest - window.end) / 2))
    return Span(window.start - before, window.end + after)


@dataclass(frozen=True, slots=True)
class _Whisper:
    """A loaded model."""

    model: Any
    pipeline: Any
    beam_size: int

    def __call__(
        self, audio: Audio, /, *, language: str | None = None, progress: Progress = no_progress
    ) -> Recognition:
        speech = detect_speech(audio, progress=progress)
        if not speech:
            raise MediaError("nobody speaks in this sound", hint="is it the right file or track?")
        windows = plan_windows(speech, audio.duration)
        language, probability = self._choose_language(audio, windows, language)
        segments: list[Segment] = []
        for first in range(0, len(windows), BATCH):
            batch = windows[first : first + BATCH]
            segments += self._hear(audio, batch, speech, language)
            progress("recognising", batch[-1].end, audio.duration)
        progress("recognising", audio.duration, audio.duration)
        return Recognition(settle_times(segments, speech), speech, language, probability)

    def _choose_language(
        self, audio: Audio, windows: Sequence[Span], language: str | None
    ) -> tuple[str, float]:
        """Return the language and how sure that is."""
        if not self.model.model.is_multilingual:
            return "en", 1.0
        if language is not None:
            return language, 1.0
        voters = np.linspace(0, len(windows) - 1, min(len(windows), LANGUAGE_WINDOWS))
        votes: Counter[str] = Counter()
        for window in (windows[round(voter)] for voter in voters):
            code, probability, _ = self.model.detect_language(audio.slice(window))
            votes[code] += probability
        code, score = votes.most_common(1)[0]
        return code, score / sum(votes.values())

    def _hear(
        self, audio: Audio, windows: Sequence[Span], speech: Sequence[Span], language: str
    ) -> list[Segment]:
        """Return the segments of ``windows``; speech that got no word is tried once more."""
        heard = list(self._decode(audio, windows, language))
        words = [word for segment in heard for word in segment]
        lost = [gap for window in windows for gap in lost_speech(window, words, speech)]
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
            batch_size=BATCH,
        )
        for segment in segments:
            if segment.words and segment.compression_ratio <= LOOP_RATIO:
                yield tuple(_to_heard_word(word, origin) for word in segment.words)


def _to_heard_word(word: Any, origin: Seconds) -> HeardWord:
    start, end = origin + float(word.start), origin + float(word.end)
    return HeardWord(word.word, start, max(start, end), float(word.probability))


def lost_speech(
    window: Span, words: Sequence[HeardWord], speech: Sequence[Span]
) -> tuple[Span, ...]:
    """Return the stretches of ``window`` that hold speech but no word.

    Stretches with less than ``LOST_SPEECH`` seconds of speech do not count.
    """
    inside = sorted(
        (word for word in words if overlap(word, window) > 0), key=lambda word: word.start
    )
    edges = [window.start]
    for word in inside:
        edges += [max(edges[-1], word.start), max(edges[-1], word.end)]
    edges.append(max(edges[-1], window.end))
    gaps = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    long = (gap for gap in gaps if gap.duration >= LOST_SPEECH)  # most are far shorter
    return tuple(gap for gap in long if sum(overlap(gap, s) for s in speech) >= LOST_SPEECH)


def settle_times(segments: Sequence[Segment], speech: Sequence[Span]) -> tuple[Segment, ...]:
    """Return ``segments`` with their words moved to where the speech is.

    Word times from cross-attention run early by a lag that depends on model and voice,
    and they swallow the pauses. The lag is measured in this very recording, at its
    pauses: where speech stops is known from the detector, and a word should end there.
    Then no word reaches into a pause.
    """
    pauses = [Span(a.end, b.start) for a, b in pairwise(speech) if a.end < b.start]
    lag = estimate_lag([word for segment in segments for word in segment], pauses)
    return tuple(tuple(_settle(word, lag, pauses) for word in segment) for segment in segments)


def estimate_lag(words: Sequence[HeardWord], pauses: Sequence[Span]) -> Seconds:
    """Return how early the words' times are, in the median over ``pauses``, in seconds.

    0 where there are too few pauses to tell.
    """
    ends = np.sort([word.end for word in words])
    if not len(ends):
        return 0.0
    nearest = [float(ends[np.abs(ends - pause.start).argmin()]) for pause in pauses]
    lags = [pause.start - end for pause, end in zip(pauses, nearest, strict=True)]
    usable = [lag for lag in lags if abs(lag) <= LARGEST_LAG]
    return median(usable) if len(usable) >= FEWEST_PAUSES else 0.0


def _settle(word: HeardWord, lag: Seconds, pauses: Sequence[Span]) -> HeardWord:
    """Return ``word`` later by ``lag``, and on one side only of each pause."""
    start, end = max(0.0, word.start + lag), max(0.0, word.end + lag)
    first = bisect_right(pauses, start, key=lambda pause: pause.end)
    for pause in pauses[first:]:
        if pause.start >= end:
            break
        if end - max(start, pause.end) >= pause.start - start:  # the longer part is the word
            start = min(end, max(start, pause.end))
        else:
            end = max(start, pause.start)
    return replace(word, start=start, end=end)

"""Where someone speaks, and the windows in which the sound is worked through."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from subtools.core import (
    SAMPLE_RATE,
    Audio,
    Progress,
    Seconds,
    Span,
    no_progress,
)

WINDOW = 28.0  # s; Whisper takes 30, the rest is room for the padding
PADDING = 0.3  # s of the pause around a window; the detector's onsets come late
VAD_BLOCK = 300.0  # s examined at a time
VAD_DELAY = 0.032  # s; Silero knows of an onset one frame after it (checked on silence ends)
SHORTEST_SPEECH_MS = 100  # shorter than any syllable: music, a click
SHORTEST_PAUSE_MS = 100  # Silero's frames are 32 ms; shorter pauses are closures of stops


def detect_speech(audio: Audio, *, progress: Progress = no_progress) -> tuple[Span, ...]:
    """Return where someone speaks, by Silero VAD, in order and without overlaps.

    Blocks overlap so that a span that reaches a block's end is examined again whole;
    spans longer than a window are cut at their longest pause.
    """
    _keep_onnxruntime_offline()
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


def _keep_onnxruntime_offline() -> None:
    """Switch off the telemetry of onnxruntime, which runs the detector.

    Its packages report to their maker over the network and keep a session file
    in the temporary folder (since 2026), unless this is set before the first import.
    Source: github.com/microsoft/onnxruntime, pull request 27379, "Add POSIX telemetry".
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


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

"""The part of an alignment and its sound that a picture shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subtools.core import FRAME, Alignment, Audio, Finding, Posteriors, Seconds, Span, Word
from subtools.errors import AlignmentError
from subtools.timecode import compose_clock

USUAL_LENGTH: Seconds = 30.0
LONGEST: Seconds = 300.0  # the page is then 30,000 points wide
LEAD: Seconds = 2.0  # shown before what the picture is about


@dataclass(frozen=True, slots=True)
class PlotRequest:
    """What a picture is to show.

    Attributes:
        span: The stretch, in the times of the result; None: 30 s from the first finding
            on, or from the first word on if there is none.
    """

    span: Span | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """What a picture shows.

    Attributes:
        span: The stretch of time.
        samples: The sound in it, -1..1.
        words: The words that sound in it, in order.
        findings: The findings that are about it.
        posteriors: The frames in it; None where the aligner has none.
        lead: Time from the start of the stretch to its first frame; not below 0.
        caption: What stands above the picture.
    """

    span: Span
    samples: npt.NDArray[np.float32]
    words: tuple[Word, ...]
    findings: tuple[Finding, ...]
    posteriors: Posteriors | None = None
    lead: Seconds = 0.0
    caption: str = ""


def cut_stretch(
    alignment: Alignment,
    audio: Audio,
    posteriors: Posteriors | None,
    request: PlotRequest,
    *,
    offset: Seconds = 0.0,
) -> Stretch:
    """Return what a picture of ``request`` shows.

    Args:
        alignment: Times later than those of the sound by ``offset`` seconds.
        audio: The sound.
        posteriors: What a classifier made of it, if the aligner has one.
        request: The stretch wanted.
        offset: Seconds.

    Raises:
        AlignmentError: If the stretch lies outside of the sound, or is too long.
    """
    span = request.span or _usual_span(alignment, offset + audio.duration)
    if span.duration > LONGEST:
        hint = f"give one of at most {LONGEST:g} s"
        raise AlignmentError(f"a stretch of {span.duration:g} s is too long to draw", hint=hint)
    sound = Span(max(0.0, offset), max(0.0, offset + audio.duration))
    if not (span.start < sound.end and span.end > sound.start):
        shown, length = compose_clock(span.start), compose_clock(sound.end)
        hint = f"the sound ends at {length}"
        raise AlignmentError(f"there is no sound to draw from {shown} on", hint=hint)
    span = Span(max(span.start, sound.start), min(span.end, sound.end))
    played = span.shifted(-offset)
    frames, lead = _cut_frames(posteriors, played)
    return Stretch(
        span=span,
        samples=audio.slice(played),
        words=tuple(w for w in alignment.transcript.words if _meets(w.span, span)),
        findings=tuple(f for f in alignment.findings if _meets(f.span, span)),
        posteriors=frames,
        lead=lead,
        caption=f"aligned by {alignment.aligner}, language {alignment.language}",
    )


def _usual_span(alignment: Alignment, end: Seconds) -> Span:
    """Return 30 s from the first finding on, or else from the first word on."""
    words = [word.span for word in alignment.transcript.words if word.span is not None]
    found = [finding.span for finding in alignment.findings if finding.span is not None]
    about = min(found or words, default=Span(0.0, 0.0))
    start = max(0.0, min(about.start - LEAD, end - USUAL_LENGTH))
    return Span(start, start + USUAL_LENGTH)


def _meets(span: Span | None, other: Span) -> bool:
    return span is not None and span.start < other.end and span.end > other.start


def _cut_frames(posteriors: Posteriors | None, span: Span) -> tuple[Posteriors | None, Seconds]:
    """Return the frames that lie in ``span``, and how long after its start they begin."""
    if posteriors is None:
        return None, 0.0
    first = max(0, int(np.ceil(span.start / FRAME - 1e-6)))
    frames = slice(first, max(first, int(span.end / FRAME + 1e-6)))
    cut = Posteriors(
        posteriors.log_probs[frames].copy(),  # so that hours of frames are not held
        posteriors.two_voices[frames].copy(),
        posteriors.level[frames].copy(),
    )
    return cut, max(0.0, first * FRAME - span.start)

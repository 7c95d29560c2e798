"""What an aligner is, and what it is made with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from subtools.core import (
    NO_HINTS,
    Alignment,
    Audio,
    Hints,
    Keep,
    Posteriors,
    Progress,
    Transcript,
    keep_nothing,
    no_progress,
)
from subtools.phonetics import Script

PHONES, RECOGNITION = "phones", "recognition"  # the built-in ones


class Aligner(Protocol):
    """Anything that finds out when the words of a document are spoken."""

    def __call__(
        self,
        transcript: Transcript,
        audio: Audio,
        /,
        *,
        language: str | None,
        progress: Progress = no_progress,
    ) -> Alignment:
        """Return ``transcript`` in the time of ``audio``.

        The words come back as they are, in their order and paragraphs; those that were
        found have a span and a confidence, those whose time lies between found ones a
        span only, all others neither. ``language`` is an ISO 639-1 code; None means:
        find out.
        """


@dataclass(frozen=True, slots=True)
class AlignerOptions:
    """What an aligner is made with; each takes what it has a use for.

    Attributes:
        model: Speech model: ``base``, another name, or a folder.
        threads: Processor threads; None means all cores.
        beam_size: Hypotheses a recogniser keeps; None: what is best.
        on_posteriors: Given what the aligner's classifier makes of the sound, if it has
            one, before the words are placed; for pictures.
        hints: What a recogniser is told, where its text is the result.
        script: How recognised Chinese is written; None: as most of it was recognised.
        keep: Where finished parts of a recognition are kept.
    """

    model: str = "base"
    threads: int | None = None
    beam_size: int | None = None
    on_posteriors: Callable[[Posteriors], None] | None = None
    hints: Hints = NO_HINTS
    script: Script | None = None
    keep: Keep = keep_nothing


Factory = Callable[[AlignerOptions], Aligner]

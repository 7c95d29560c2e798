"""What an aligner is, and what it is made with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from subtools.core import Alignment, Audio, Posteriors, Progress, Transcript, no_progress

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
    """

    model: str = "base"
    threads: int | None = None
    beam_size: int | None = None
    on_posteriors: Callable[[Posteriors], None] | None = None


Factory = Callable[[AlignerOptions], Aligner]

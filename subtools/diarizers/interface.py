"""What a diarizer is, and what it is made with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from subtools.core import ANY_NUMBER, Audio, Progress, Seconds, SpeakerCount, Turn, no_progress

VOICES = "voices"  # the built-in one


class Diarizer(Protocol):
    """Anything that finds out who speaks when."""

    def __call__(
        self,
        audio: Audio,
        /,
        *,
        borders: Sequence[Seconds] = (),
        count: SpeakerCount = ANY_NUMBER,
        progress: Progress = no_progress,
    ) -> tuple[Turn, ...]:
        """Return the turns, by onset, their speakers under any labels.

        ``borders`` are times at which speakers are likelier to change than elsewhere, such
        as the onsets of clauses; ``count`` is what is known of how many people there are.
        """


@dataclass(frozen=True, slots=True)
class DiarizerOptions:
    """What a diarizer is made with.

    Attributes:
        threads: Processor threads; None means all cores.
    """

    threads: int | None = None


Factory = Callable[[DiarizerOptions], Diarizer]

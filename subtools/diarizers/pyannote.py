"""pyannote.audio as a diarizer: the extra ``subtools[pyannote]``.

Its pipeline is on the Hugging Face hub behind terms to accept: ``HF_TOKEN`` holds the token
of an account that did, or ``SUBTOOLS_PYANNOTE`` names another pipeline or a folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from subtools.core import (
    ANY_NUMBER,
    SAMPLE_RATE,
    Audio,
    Progress,
    Seconds,
    Span,
    SpeakerCount,
    Turn,
    no_progress,
)
from subtools.diarizers.interface import Diarizer, DiarizerOptions
from subtools.errors import ModelError

PIPELINE = "pyannote/speaker-diarization-community-1"


@dataclass(frozen=True, slots=True)
class PyannoteDiarizer:
    """Diarizes with a pipeline of pyannote.audio 4, which has no use for borders.

    Attributes:
        load: Makes the pipeline.
        to_tensor: Makes a torch tensor of an array.
    """

    load: Callable[[], Any]
    to_tensor: Callable[[Any], Any]

    def __call__(
        self,
        audio: Audio,
        /,
        *,
        borders: Sequence[Seconds] = (),  # noqa: ARG002 - it has no use for them
        count: SpeakerCount = ANY_NUMBER,
        progress: Progress = no_progress,  # noqa: ARG002 - it does not tell
    ) -> tuple[Turn, ...]:
        """Return the turns of ``audio``, by onset."""
        samples = audio.slice(Span(0.0, audio.duration))
        sound = {"waveform": self.to_tensor(samples[None]), "sample_rate": SAMPLE_RATE}
        found = self.load()(sound, **_limits(count))
        tracks = found.speaker_diarization.itertracks(yield_label=True)
        turns = (Turn(str(label), max(0.0, s.start), s.end) for s, _, label in tracks)
        return tuple(sorted(turns, key=lambda turn: (turn.start, turn.end)))


def load_pyannote(options: DiarizerOptions) -> Diarizer:
    """Return pyannote's pipeline.

    Raises:
        ModelError: If it is not installed, or its weights cannot be had.
    """
    try:
        import torch
        from pyannote.audio import Pipeline
    except ImportError as error:
        hint = "install it: pip install 'subtools[pyannote]'"
        raise ModelError("pyannote.audio is not installed", hint=hint) from error
    if options.threads is not None:
        torch.set_num_threads(options.threads)

    def load() -> Any:
        name = os.environ.get("SUBTOOLS_PYANNOTE", PIPELINE)
        try:
            pipeline = Pipeline.from_pretrained(name, token=os.environ.get("HF_TOKEN"))
        except Exception as error:  # whatever the hub's client raises
            raise _refused(name) from error
        if pipeline is None:
            raise _refused(name)
        return pipeline

    return PyannoteDiarizer(load, torch.from_numpy)


def _limits(count: SpeakerCount) -> Mapping[str, int]:
    limits = {"min_speakers": count.least, "max_speakers": count.most}
    return {name: limit for name, limit in limits.items() if limit is not None}


def _refused(name: str) -> ModelError:
    hint = f"accept its terms at huggingface.co/{name}, and put your token into HF_TOKEN"
    return ModelError(f"the pipeline {name!r} cannot be loaded", hint=hint)

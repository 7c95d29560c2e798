"""One of subtools' aligners, or the bare encoder: `python -m scripts.bench.worker`.

Decoding the file and loading the model are left out of the times on all sides.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from scripts.bench.jobs import Answer, Job, peak_bytes, serve
from scripts.bench.sounds import open_sound
from subtools.core import SAMPLE_RATE, Alignment, Audio, Transcript
from subtools.formats.words import compose_words
from subtools.merging import merge_recognition
from subtools.reading import load_document
from subtools.whisper import load_encoder, load_whisper

WINDOW = 30 * SAMPLE_RATE  # samples; what Whisper takes at a time
_PACKAGES = ("subtools", "faster-whisper", "ctranslate2", "numpy")


@dataclass(slots=True)
class Stopwatch:
    """Adds up the seconds of each stage."""

    parts: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Count the time until the block is left as ``stage``."""
        begin = time.perf_counter()
        yield
        self.parts[stage] = self.parts.get(stage, 0.0) + time.perf_counter() - begin


# What is heard in the sound, once for all texts; then one text after the other.
_Align = Callable[[Transcript], Alignment]
_Listen = Callable[[Audio], _Align]


def answer(job: Job) -> Answer:
    """Do ``job``; only the first document is measured."""
    watch = Stopwatch()
    audio = open_sound(Path(job.sound))
    if job.system == "encoder":
        encode(job, audio, watch)
        return _describe(watch.parts, peak_bytes())
    stages, listen = LISTENERS[job.system](job)
    with watch.time(stages[0]):
        align = listen(audio)
    parts: Mapping[str, float] = {}
    peak = 0
    for index, document in enumerate(job.documents):
        transcript = load_document(Path(document))
        with watch.time(stages[1]):
            alignment = align(transcript)
        parts = parts or dict(watch.parts)
        peak = peak or peak_bytes()
        job.result(index).write_text(compose_words(alignment), encoding="utf-8")
    return _describe(parts, peak)


def encode(job: Job, audio: Audio, watch: Stopwatch) -> None:
    """Run the encoder over consecutive windows of 30 s, nothing else: the floor."""
    from faster_whisper import WhisperModel

    model = WhisperModel(
        job.model, device="cpu", compute_type="int8", cpu_threads=job.threads, local_files_only=True
    )
    for first in range(0, len(audio.samples), WINDOW):
        samples = audio.samples[first : first + WINDOW].astype("float32") / 32768
        with watch.time("mel features"):
            # The extractor adds a frame of padding; short windows are filled up with silence.
            features = model.feature_extractor(samples, padding=WINDOW - len(samples) + 160)
            features = features[:, : WINDOW // 160]
        with watch.time("encoder"):
            model.encode(features)


def listen_for_phones(job: Job) -> tuple[tuple[str, str], _Listen]:
    """Return the stages and the classifier of sounds."""
    acoustics = importlib.import_module("subtools.acoustics")
    alignment = importlib.import_module("subtools.alignment")
    classify = acoustics.load_classifier(load_encoder(Path(job.model), threads=job.threads))

    def listen(audio: Audio) -> _Align:
        posteriors = classify(audio)

        def align(transcript: Transcript) -> Alignment:
            aligned: Alignment = alignment.align_posteriors(
                transcript, posteriors, language=job.language
            )
            return aligned

        return align

    return ("acoustics", "alignment"), listen


def listen_for_words(job: Job) -> tuple[tuple[str, str], _Listen]:
    """Return the stages and the recogniser."""
    recognize = load_whisper(Path(job.model), threads=job.threads, beam_size=1)

    def listen(audio: Audio) -> _Align:
        recognition = recognize(audio, language=job.language)
        return lambda transcript: merge_recognition(transcript, recognition)

    return ("recognition", "merging"), listen


LISTENERS = {"phones": listen_for_phones, "recognition": listen_for_words}


def _describe(parts: Mapping[str, float], peak: int) -> Answer:
    return Answer(parts, peak, {name: version(name) for name in _PACKAGES})


if __name__ == "__main__":
    serve(answer)

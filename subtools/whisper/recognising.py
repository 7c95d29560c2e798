"""The model at work: windows of sound to words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from subtools.core import (
    NO_HINTS,
    Audio,
    Dropped,
    HeardWord,
    Hints,
    Keep,
    Parts,
    Progress,
    Recognition,
    Span,
    Voices,
    keep_nothing,
    no_progress,
)
from subtools.errors import MediaError, ModelError
from subtools.spans import speech_within
from subtools.whisper.decoding import Decoder
from subtools.whisper.languages import vote_on_language
from subtools.whisper.listening import BATCH, Heard, Listener, compose_hints
from subtools.whisper.loading import load_model
from subtools.whisper.settling import settle_times
from subtools.whisper.windows import detect_speech, plan_windows

LANGUAGE_WINDOWS = 3  # windows that vote on the language, spread over the talk
FORMAT = 1  # of kept parts; another number makes what is kept useless


class Recognizer(Protocol):
    """Anything that writes down what is said in a sound, with times."""

    def __call__(
        self, audio: Audio, /, *, language: str | None = None, progress: Progress = no_progress
    ) -> Recognition:
        """Return the words of ``audio``; ``language`` None means: find out."""


class Detector(Protocol):
    """Anything that tells where someone speaks."""

    def __call__(self, audio: Audio, /, *, progress: Progress = no_progress) -> Voices:
        """Return where someone speaks in ``audio``."""


def detect_voices(audio: Audio, /, *, progress: Progress = no_progress) -> Voices:
    """Return where someone speaks in ``audio`` by the speech detector alone."""
    return Voices(detect_speech(audio, progress=progress))


def load_whisper(
    folder: Path,
    *,
    threads: int | None = None,
    beam_size: int = 5,
    device: str = "cpu",
    compute_type: str | None = None,
    batch: int | None = None,
    hints: Hints = NO_HINTS,
    find_speech: Detector = detect_voices,
    keep: Keep = keep_nothing,
) -> Recognizer:
    """Return a recogniser that runs the Whisper model in ``folder``.

    Args:
        folder: A model in CTranslate2's format.
        threads: Processor threads, no more than there are cores; None means all.
        beam_size: Hypotheses kept while decoding.
        device: ``cpu``, ``cuda`` or ``auto``.
        compute_type: CTranslate2's name for the kind of numbers; None: what suits the device.
        batch: Windows decoded together; None: what suits a processor.
        hints: What it is told before it listens.
        find_speech: Where to listen.
        keep: Where finished parts are kept, so that an interrupted work can go on; the
            same model and settings are taken for granted.

    Raises:
        ModelError: If the model cannot be loaded.
    """
    model = load_model(folder, threads=threads, device=device, compute_type=compute_type)
    return _Whisper(Decoder(model, beam_size), hints, find_speech, keep, batch or BATCH)


def known_languages() -> frozenset[str]:
    """Return the codes of the languages Whisper knows."""
    from faster_whisper.tokenizer import _LANGUAGE_CODES  # the only list it has

    return frozenset(_LANGUAGE_CODES)


@dataclass(frozen=True, slots=True)
class _Whisper:
    """A loaded model."""

    decoder: Decoder
    hints: Hints = NO_HINTS
    find_speech: Detector = detect_voices
    keep: Keep = keep_nothing
    batch: int = BATCH

    def __call__(
        self, audio: Audio, /, *, language: str | None = None, progress: Progress = no_progress
    ) -> Recognition:
        self._check_language(language)
        parts = self.keep(_identify(audio, language, self.hints, self.batch))
        voices = self._find_voices(audio, parts, progress)
        speech = voices.speech
        windows = plan_windows(speech, audio.duration)
        main = self._choose_language(audio, windows, speech, language, parts)
        told, _ = compose_hints(self.hints, self.decoder)
        listener = Listener(
            self.decoder,
            audio,
            voices,
            main,
            language is None and self.decoder.is_multilingual,
            told,
            self.hints.hotwords,
            self.batch,
        )
        heard = list(_hear_all(listener, windows, parts, progress))
        segments = [segment for one in heard for segment in one.segments]
        if not segments:
            raise MediaError("there is speech in this sound, but no word was recognised")
        dropped = tuple(drop for one in heard for drop in one.dropped)
        return Recognition(settle_times(segments, speech), speech, main, dropped, voices.voiced)

    def _check_language(self, language: str | None) -> None:
        """Refuse a language that the model does not know.

        Raises:
            ModelError: With what to use instead.
        """
        if not self.decoder.is_multilingual and language not in {None, "en"}:
            raise ModelError(
                f"this model knows English only, not {language!r}",
                hint="use a multilingual one, such as --model base",
            )
        if self.decoder.is_multilingual and language and not self.decoder.knows(language):
            raise ModelError(
                f"this model does not know the language {language!r}",
                hint="use a larger one, such as --model large-v3, or let it be detected",
            )

    def _find_voices(self, audio: Audio, parts: Parts, progress: Progress) -> Voices:
        """Return where someone speaks.

        Raises:
            MediaError: If nobody does.
        """
        kept = parts.read("voices")
        if kept is not None:
            return Voices(
                **{
                    name: tuple(Span(start, end) for start, end in spans)
                    for name, spans in json.loads(kept).items()
                }
            )
        voices = self.find_speech(audio, progress=progress)
        if not voices.speech:
            raise MediaError("nobody speaks in this sound", hint="is it the right file or track?")
        pairs = {"speech": _pairs(voices.speech), "voiced": _pairs(voices.voiced)}
        parts.write("voices", json.dumps(pairs))
        return voices

    def _choose_language(
        self,
        audio: Audio,
        windows: Sequence[Span],
        speech: Sequence[Span],
        language: str | None,
        parts: Parts,
    ) -> str:
        """Return the language given, or the one that is heard most clearly."""
        if not self.decoder.is_multilingual or language is not None:
            return language or "en"
        kept = parts.read("language")
        if kept is not None:
            return kept
        asked = _choose_voters(windows, speech)
        found = vote_on_language(self.decoder.detect(self.decoder.encode(audio, asked)))
        parts.write("language", found)
        return found


def _choose_voters(windows: Sequence[Span], speech: Sequence[Span]) -> list[Span]:
    """Return the windows that vote on the language: spread, and none that says little."""
    spoken = [speech_within(window, speech) for window in windows]
    full = [w for w, said in zip(windows, spoken, strict=True) if said >= max(spoken) / 2]
    places = np.linspace(0, len(full) - 1, min(len(full), LANGUAGE_WINDOWS))
    return [full[round(place)] for place in places]


def _hear_all(
    listener: Listener, windows: Sequence[Span], parts: Parts, progress: Progress
) -> Iterator[Heard]:
    """Yield what is heard in ``windows``, batch by batch; what is kept is not heard again.

    A batch depends on nothing but its windows and the language before them: with what was
    kept the result is the same, to the last bit.
    """
    before = listener.main
    duration = listener.audio.duration
    for first in range(0, len(windows), listener.batch):
        batch = windows[first : first + listener.batch]
        name = f"{first // listener.batch:05d}"
        kept = parts.read(name)
        heard = listener.hear(batch, before) if kept is None else parse_heard(kept)
        if kept is None:
            parts.write(name, compose_heard(heard))
        before = heard.language
        progress("recognising", batch[-1].end, duration)
        yield heard
    progress("recognising", duration, duration)


def compose_heard(heard: Heard) -> str:
    """Return ``heard`` as JSON, to the last bit."""
    return json.dumps(asdict(heard), ensure_ascii=False)


def parse_heard(text: str) -> Heard:
    """Return what ``compose_heard`` wrote."""
    kept: dict[str, Any] = json.loads(text)
    return Heard(
        tuple(tuple(HeardWord(**word) for word in segment) for segment in kept["segments"]),
        tuple(Dropped(one["text"], Span(**one["span"]), one["reason"]) for one in kept["dropped"]),
        kept["language"],
    )


def _identify(audio: Audio, language: str | None, hints: Hints, batch: int) -> str:
    """Return what tells one work from another: the sound and what is asked."""
    sound = hashlib.sha256(np.ascontiguousarray(audio.samples).data).hexdigest()
    return json.dumps([FORMAT, sound, language, hints.prompt, hints.hotwords, batch])


def _pairs(spans: Sequence[Span]) -> list[tuple[float, float]]:
    return [(span.start, span.end) for span in spans]

"""What was heard in a sound, kept for another run: posteriors, recognised words, opinions.

Each is kept under what decides it (the sound, the model, versions, threads), and comes back to
the last bit: a run with what was kept ends with the same result as one without.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt

from subtools.acoustics import Classifier, load_classifier
from subtools.core import Audio, Keep, Parts, Posteriors, Progress, Seconds, Span
from subtools.models import BUNDLED, find_model, model_identity
from subtools.pipeline import DECIDING_PACKAGES
from subtools.whisper import Judge, Recognizer, load_encoder, load_judge, load_whisper

FORMAT = 1  # of what is kept; another number makes what is kept useless
_ARRAYS = ("log_probs", "two_voices", "level")
_ONE_HYPOTHESIS = 1  # the recogniser's text is evidence, not the result
_QUICKLY = 1  # zlib's level; 6 saves one percent more and takes twice the time


class Memory:
    """What was heard in one sound, part by part."""

    def __init__(self, sound: Audio, keep: Keep, *, threads: int | None = None) -> None:
        """Remember what is heard in ``sound``.

        Args:
            sound: The sound.
            keep: Where it is kept.
            threads: Processor threads; they decide the last bits of what is heard.
        """
        self._sound = sound
        self._threads = threads
        self._parts = keep(_identify(sound))
        self._versions = [version(name) for name in DECIDING_PACKAGES]

    def posteriors(self, *, progress: Progress) -> Posteriors:
        """Return what the classifier hears."""
        folder = find_model(BUNDLED)
        parts = self._section("posteriors", folder)
        kept = parts.read("whole")
        if kept is not None:
            return parse_posteriors(kept)
        found = self._load_classifier(folder)(self._sound, progress=progress)
        parts.write("whole", compose_posteriors(found))
        return found

    def recogniser(self, folder: Path) -> Recognizer:
        """Return a recogniser that goes on where it was."""
        return load_whisper(
            folder,
            threads=self._threads,
            beam_size=_ONE_HYPOTHESIS,
            keep=lambda key: self._section(f"recogniser\n{key}", folder),
        )

    def judge(
        self, folder: Path, language: str
    ) -> Callable[[Seconds, Seconds, Sequence[str]], Sequence[float]]:
        """Return what says how likely texts are in a stretch of the sound, by seconds."""
        parts, judges = self._section(f"judge\n{language}", folder), list[Judge]()

        def ask(start: Seconds, end: Seconds, texts: Sequence[str]) -> list[float]:
            asked = json.dumps([start, end, *texts])
            name = _digest(asked.encode())
            kept = parts.read(name)
            if kept is not None:
                return [float(score) for score in json.loads(kept)]
            if not judges:
                judges.append(load_judge(folder, threads=self._threads))
            samples = self._sound.slice(Span(start, end))
            scores = judges[0](samples, texts, language=language)
            parts.write(name, json.dumps(scores))
            return scores

        return ask

    def _load_classifier(self, folder: Path) -> Classifier:
        return load_classifier(load_encoder(folder, threads=self._threads))

    def _section(self, what: str, folder: Path) -> Parts:
        decides = [what, model_identity(folder), self._threads, *self._versions]
        return _Section(self._parts, _digest(json.dumps(decides).encode()))


class _Section:
    """Parts among those of others, their names begun with what they are of."""

    def __init__(self, parts: Parts, name: str) -> None:
        self._parts = parts
        self._name = name

    def read(self, name: str, /) -> str | None:
        return self._parts.read(f"{self._name}-{name}")

    def write(self, name: str, text: str, /) -> None:
        self._parts.write(f"{self._name}-{name}", text)


def compose_posteriors(posteriors: Posteriors) -> str:
    """Return posteriors as text, to the last bit."""
    return json.dumps({name: _pack(getattr(posteriors, name)) for name in _ARRAYS})


def parse_posteriors(text: str) -> Posteriors:
    """Return what ``compose_posteriors`` wrote."""
    kept = json.loads(text)
    return Posteriors(*(_unpack(*kept[name]) for name in _ARRAYS))


def _pack(array: npt.NDArray[np.floating]) -> tuple[str, list[int], str]:
    packed = zlib.compress(np.ascontiguousarray(array).tobytes(), _QUICKLY)
    return array.dtype.str, list(array.shape), base64.b64encode(packed).decode()


def _unpack(kind: str, shape: list[int], packed: str) -> npt.NDArray[np.floating]:
    found: npt.NDArray[np.floating] = np.frombuffer(
        zlib.decompress(base64.b64decode(packed)), np.dtype(kind)
    )
    return found.reshape(shape)


def _identify(sound: Audio) -> str:
    samples = np.ascontiguousarray(sound.samples).data
    return f"heard {FORMAT} {hashlib.sha256(samples).hexdigest()}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:20]

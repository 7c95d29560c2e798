"""Models that a worker keeps in memory from one step to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from subtools.acoustics import Classifier, load_classifier
from subtools.batch.values import Device
from subtools.core import NO_HINTS, Hints
from subtools.download import FetchOptions
from subtools.models import find_model
from subtools.whisper import Judge, Recognizer, load_encoder, load_judge, load_whisper

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ways:
    """How a run reaches what is outside; nothing of it decides a result.

    Attributes:
        options: How to fetch.
        unfinished: Where what is being fetched is kept until it is whole.
        public_only: Whether only hosts of the public web are asked: others name the addresses.
    """

    options: FetchOptions
    unfinished: Path
    public_only: bool = False


@dataclass(slots=True)
class Tools:
    """What a process has for its steps; models are loaded when first wanted, once.

    Attributes:
        ways: How it reaches what is outside.
        loaded: Models, by what they were loaded with.
    """

    ways: Ways
    loaded: dict[tuple[object, ...], object] = field(default_factory=dict)

    def classifier(self, model: str, threads: int, device: Device) -> Classifier:
        """Return the phone classifier over the encoder of ``model``.

        Raises:
            ModelError: If the model cannot be found or loaded.
        """

        def load() -> Classifier:
            encode = load_encoder(
                find_model(model),
                threads=threads,
                device=device.kind,
                compute_type=device.compute_type,
            )
            return load_classifier(encode, batch=device.batch)

        return self._once(("classifier", model, threads, device), load)

    def recognizer(
        self, model: str, threads: int, beam: int, device: Device, hints: Hints = NO_HINTS
    ) -> Recognizer:
        """Return a recogniser with ``model`` that is told ``hints``.

        Raises:
            ModelError: If the model cannot be found or loaded.
        """

        def load() -> Recognizer:
            return load_whisper(
                find_model(model),
                threads=threads,
                beam_size=beam,
                device=device.kind,
                compute_type=device.compute_type,
                batch=device.batch,
                hints=hints,
            )

        return self._once(("recognizer", model, threads, beam, device, hints), load)

    def judge(self, model: str, threads: int) -> Judge:
        """Return what says how likely texts are, by ``model``; it runs on the processor.

        Raises:
            ModelError: If the model cannot be found or loaded.
        """
        return self._once(
            ("judge", model, threads), lambda: load_judge(find_model(model), threads=threads)
        )

    def _once(self, key: tuple[object, ...], load: Callable[[], T]) -> T:
        """Return what ``load`` gives, kept; of each kind only the last one, as memory is short."""
        if key not in self.loaded:
            for other in [known for known in self.loaded if known[0] == key[0]]:
                del self.loaded[other]
            self.loaded[key] = load()
        return self.loaded[key]  # type: ignore[return-value]  # what was put there under this key

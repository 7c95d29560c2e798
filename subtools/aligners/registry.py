"""Aligners by name: the built-in ones, and those of installed packages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import EntryPoint, entry_points, version
from itertools import pairwise
from math import isfinite
from pathlib import Path

from subtools.acoustics import Classifier, load_classifier
from subtools.aligners.builtin import (
    RECOGNISED,
    PhoneAligner,
    RecognitionAligner,
    Transcriber,
    detect_voices,
)
from subtools.aligners.choosing import AUTO
from subtools.aligners.interface import PHONES, RECOGNITION, Aligner, AlignerOptions
from subtools.core import Alignment, Audio, Progress, Transcript, Word, no_progress
from subtools.errors import AlignmentError, SubtoolsError
from subtools.models import BUNDLED, find_model, model_identity
from subtools.whisper import Recognizer, load_encoder, load_whisper

ENTRY_POINTS = "subtools.aligners"  # group: name of the aligner = its factory
_BUILT_IN = (PHONES, RECOGNITION)
_BEAM, _TRANSCRIBING_BEAM = 1, 5  # with a document one is as exact, at three quarters of the work


@dataclass(frozen=True, slots=True)
class Engine:
    """An aligner with what identifies it in a result's provenance.

    Attributes:
        name: The name it is called by.
        align: The aligner.
        model: Name and identity of its speech model; empty if it is not ours.
        versions: Versions of the package it comes from, if that is not ours.
    """

    name: str
    align: Aligner
    model: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)


def aligner_names() -> tuple[str, ...]:
    """Return the names of all aligners there are, the built-in ones first."""
    return (*_BUILT_IN, *sorted(_plug_ins()))


def load_engine(name: str, options: AlignerOptions) -> Engine:
    """Return the aligner called ``name``.

    Models are looked for now and loaded when the sound is there.

    Raises:
        AlignmentError: If there is no such aligner, or its package is broken.
        ModelError: If its speech model cannot be found.
    """
    if name == PHONES:
        return _load_phones(options)
    if name == RECOGNITION:
        folder = find_model(options.model)
        load = _whisper_loader(folder, options, _BEAM)
        return Engine(name, RecognitionAligner(load), _identify(options.model, folder))
    found = _plug_ins().get(name)
    if found is None:
        known = ", ".join((AUTO, *aligner_names()))
        raise AlignmentError(f"there is no aligner {name!r}", hint=f"known are {known}")
    return _load_plug_in(name, found, options)


def load_transcriber(options: AlignerOptions) -> Engine:
    """Return what stands in for an aligner where there is no document.

    Raises:
        ModelError: If the speech model cannot be found.
    """
    folder, bundled = find_model(options.model), find_model(BUNDLED)
    model = _identify(options.model, folder)
    beam_size = options.beam_size or _TRANSCRIBING_BEAM
    made_with = repr((model, _identify(BUNDLED, bundled), beam_size, options.threads, _versions()))

    def load() -> Recognizer:
        return load_whisper(
            folder,
            threads=options.threads,
            beam_size=beam_size,
            hints=options.hints,
            find_speech=detect_voices(lambda: _load_classifier(bundled, options)),
            keep=lambda key: options.keep(f"{made_with}\n{key}"),
        )

    return Engine(RECOGNISED, Transcriber(load, options.script), model)


def adopt_aligner(aligner: Aligner) -> Engine:
    """Return an aligner that a program gave, its results checked."""
    name = getattr(aligner, "__name__", type(aligner).__name__)
    return Engine(name, _Checked(name, aligner))


def adopt_recognizer(recognizer: Recognizer, *, has_document: bool) -> Engine:
    """Return a recogniser that a program gave as an aligner or transcriber."""
    if has_document:
        return Engine(RECOGNITION, RecognitionAligner(lambda: recognizer))
    return Engine(RECOGNISED, Transcriber(lambda: recognizer))


def check_alignment(alignment: object, transcript: Transcript, name: str) -> Alignment:
    """Return ``alignment`` if it is one of the words of ``transcript``.

    Raises:
        AlignmentError: Naming the aligner ``name`` and what is wrong.
    """
    if not isinstance(alignment, Alignment):
        raise _fault(name, f"gave back {type(alignment).__name__}, not an Alignment")
    before, after = transcript.words, alignment.transcript.words
    if len(before) != len(after):
        raise _fault(name, f"gave back {len(after)} words for the document's {len(before)}")
    for old, new in zip(before, after, strict=True):
        if old.text != new.text:
            raise _fault(name, f"gave back {new.text!r} for {old.text!r}")
    if not _is_in_order(after):
        raise _fault(name, "gave times that are before 0, out of order, or no numbers")
    return alignment


def _is_in_order(words: Sequence[Word]) -> bool:
    spans = [word.span for word in words if word.span is not None]
    starts = [0.0, *(span.start for span in spans)]
    return all(a <= b for a, b in pairwise(starts)) and all(isfinite(span.end) for span in spans)


@dataclass(frozen=True, slots=True)
class _Checked:
    """Someone else's aligner, which may do anything.

    Attributes:
        name: The name it is called by.
        aligner: The aligner.
    """

    name: str
    aligner: Aligner

    def __call__(
        self,
        transcript: Transcript,
        audio: Audio,
        /,
        *,
        language: str | None,
        progress: Progress = no_progress,
    ) -> Alignment:
        """Return what it gives back, under its name.

        Raises:
            AlignmentError: If it fails, or gives back something else.
        """
        try:
            found = self.aligner(transcript, audio, language=language, progress=progress)
        except SubtoolsError:
            raise  # it speaks to the user in our way
        except Exception as error:  # foreign code may raise anything
            raise _fault(self.name, f"failed: {_describe(error)}") from error
        return replace(check_alignment(found, transcript, self.name), aligner=self.name)


def _load_phones(options: AlignerOptions) -> Engine:
    folder = find_model(BUNDLED)  # the classifier knows the states of this encoder only

    def load() -> Classifier:
        return _load_classifier(folder, options)

    return Engine(PHONES, PhoneAligner(load, options.on_posteriors), _identify(BUNDLED, folder))


def _load_classifier(folder: Path, options: AlignerOptions) -> Classifier:
    return load_classifier(load_encoder(folder, threads=options.threads))


def _versions() -> tuple[str, ...]:
    """Return the versions that decide what is recognised."""
    packages = ("subtools", "faster-whisper", "ctranslate2", "onnxruntime", "tokenizers", "numpy")
    return tuple(version(name) for name in packages)


def _whisper_loader(folder: Path, options: AlignerOptions, beam: int) -> Callable[[], Recognizer]:
    beam_size = options.beam_size or beam
    return lambda: load_whisper(folder, threads=options.threads, beam_size=beam_size)


def _identify(model: str, folder: Path) -> str:
    return f"{Path(model).name} {model_identity(folder)}"


def _plug_ins() -> dict[str, list[EntryPoint]]:
    """Return the aligners of installed packages by name; built-in names are taken."""
    found: dict[str, list[EntryPoint]] = {}
    for point in entry_points(group=ENTRY_POINTS):
        if point.name not in {AUTO, *_BUILT_IN}:
            found.setdefault(point.name, []).append(point)
    return found


def _load_plug_in(name: str, points: Sequence[EntryPoint], options: AlignerOptions) -> Engine:
    if len({point.value for point in points}) > 1:
        owners = " and ".join(sorted(_owner(point) for point in points))
        raise AlignmentError(
            f"{owners} both bring an aligner {name!r}", hint="uninstall one of them"
        )
    try:
        aligner = points[0].load()(options)
    except SubtoolsError:
        raise
    except Exception as error:  # foreign code may raise anything
        raise _fault(name, f"cannot be loaded: {_describe(error)}") from error
    package = points[0].dist
    versions = {} if package is None else {package.name: package.version}
    return Engine(name, _Checked(name, aligner), versions=versions)


def _owner(point: EntryPoint) -> str:
    return point.value if point.dist is None else point.dist.name


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")


def _fault(name: str, what: str) -> AlignmentError:
    hint = f"that is a fault of the aligner; --aligner {AUTO} uses a built-in one"
    return AlignmentError(f"the aligner {name!r} {what}", hint=hint)

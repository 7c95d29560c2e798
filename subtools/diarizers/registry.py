"""Diarizers by name: the built-in one, those of extras, and those of installed packages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from math import isfinite

from subtools.core import (
    ANY_NUMBER,
    Audio,
    LocalSpeakers,
    Progress,
    Seconds,
    SpeakerCount,
    Turn,
    no_progress,
)
from subtools.diarizers.builtin import VoiceDiarizer
from subtools.diarizers.interface import VOICES, Diarizer, DiarizerOptions, Factory
from subtools.diarizers.pyannote import load_pyannote
from subtools.diarizers.senko import load_senko
from subtools.errors import AlignmentError, SubtoolsError
from subtools.voices import load_embedder, load_segmenter

ENTRY_POINTS = "subtools.diarizers"  # group: name of the diarizer = its factory
_BRIEF: Seconds = 120.0  # shorter sound is looked at twice as closely, as there is less of it
_CLOSE, _USUAL = 2.5, 5.0  # s from a window to the next


def diarizer_names() -> tuple[str, ...]:
    """Return the names of all diarizers there are, the built-in one first."""
    plugged = {point.name for point in entry_points(group=ENTRY_POINTS)}
    known = (VOICES, *_EXTRAS)
    return (*known, *sorted(plugged - set(known)))


def load_diarizer(name: str, options: DiarizerOptions = DiarizerOptions()) -> Diarizer:  # noqa: B008 - frozen
    """Return the diarizer called ``name``.

    Raises:
        AlignmentError: If there is none, or its package is broken.
        ModelError: If it needs something that is not there.
    """
    if name == VOICES:
        return _load_voices(options)
    if name in _EXTRAS:
        return _Checked(name, _EXTRAS[name](options))
    points = [point for point in entry_points(group=ENTRY_POINTS) if point.name == name]
    if not points:
        known = ", ".join(diarizer_names())
        raise AlignmentError(f"there is no diarizer {name!r}", hint=f"known are {known}")
    if len({point.value for point in points}) > 1:
        owners = " and ".join(sorted(point.dist.name if point.dist else "?" for point in points))
        what = f"{owners} both bring a diarizer {name!r}"
        raise AlignmentError(what, hint="uninstall one of them")
    try:
        return _Checked(name, points[0].load()(options))
    except SubtoolsError:
        raise
    except Exception as error:  # foreign code may raise anything
        raise _fault(name, f"cannot be loaded: {type(error).__name__}: {error}") from error


@dataclass(frozen=True, slots=True)
class _Checked:
    """Someone else's diarizer, what it gives back looked at.

    Attributes:
        name: Its name.
        diarizer: The diarizer itself.
    """

    name: str
    diarizer: Diarizer

    def __call__(
        self,
        audio: Audio,
        /,
        *,
        borders: Sequence[Seconds] = (),
        count: SpeakerCount = ANY_NUMBER,
        progress: Progress = no_progress,
    ) -> tuple[Turn, ...]:
        """Return what it gives back, by onset.

        Raises:
            AlignmentError: If it fails, or gives back something else.
        """
        try:
            found = self.diarizer(audio, borders=borders, count=count, progress=progress)
            turns = tuple(sorted(found, key=lambda turn: (turn.start, turn.end)))
        except SubtoolsError:
            raise
        except Exception as error:  # foreign code may raise anything
            raise _fault(self.name, f"failed: {type(error).__name__}: {error}") from error
        for turn in turns:
            if not isinstance(turn, Turn) or not turn.speaker or not turn.start >= 0:
                raise _fault(self.name, f"gave back {turn!r}, which is no turn")
            if not isfinite(turn.end):
                raise _fault(self.name, f"gave back a turn without an end: {turn!r}")
        return turns


def _load_voices(options: DiarizerOptions) -> Diarizer:
    def segment(audio: Audio, /, *, progress: Progress = no_progress) -> LocalSpeakers:
        step = _CLOSE if audio.duration < _BRIEF else _USUAL
        return load_segmenter(step=step, threads=options.threads)(audio, progress=progress)

    return VoiceDiarizer(lambda: segment, lambda: load_embedder(threads=options.threads))


def _fault(name: str, what: str) -> AlignmentError:
    hint = f"that is a fault of the diarizer; --diarizer {VOICES} is the built-in one"
    return AlignmentError(f"the diarizer {name!r} {what}", hint=hint)


_EXTRAS: dict[str, Factory] = {"senko": load_senko, "pyannote": load_pyannote}

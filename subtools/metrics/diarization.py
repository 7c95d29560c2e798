"""Who speaks when, against who really did: the diarization error rate."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from subtools.core import Seconds, Span, Timed, Turn
from subtools.pairing import pair_best
from subtools.spans import join_turns

LONG = 20.0  # s; who speaks longer than this is found by any fair means

Mask = npt.NDArray[np.bool_]
Amounts = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DiarizationScore:
    """How turns differ from the true ones; times are seconds of speech.

    Where two people speak at once, each second counts twice.

    Attributes:
        total: True speech.
        missed: True speech for which nobody was found.
        false_alarm: Found speech that is not there, or of more people than speak.
        confusion: Speech given to somebody else.
        mapping: The found speaker that stands for each true one (as far as one does), so
            that most speech agrees.
        speakers: True speakers.
        speakers_found: Found speakers.
        long_speakers: True speakers who speak for more than ``LONG``.
        long_speakers_found: Found speakers who do.
    """

    total: Seconds
    missed: Seconds
    false_alarm: Seconds
    confusion: Seconds
    mapping: Mapping[str, str]
    speakers: int
    speakers_found: int
    long_speakers: int
    long_speakers_found: int

    @property
    def der(self) -> float:
        """Diarization error rate: all errors per second of true speech.

        Without true speech, 0 if none was found and 1 otherwise, as pyannote.metrics has it.
        """
        errors = self.missed + self.false_alarm + self.confusion
        return errors / self.total if self.total else float(errors > 0)

    def as_dict(self) -> dict[str, Any]:
        """Return the error rate and its parts as plain data for JSON."""
        return {"der": self.der} | asdict(self) | {"mapping": dict(self.mapping)}


def score_turns(
    reference: Sequence[Turn],
    hypothesis: Sequence[Turn],
    *,
    collar: Seconds = 0.0,
    skip_overlap: bool = False,
    until: Seconds | None = None,
) -> DiarizationScore:
    """Return how the turns of ``hypothesis`` differ from the true ones.

    >>> true = [Turn("甲", 0, 6), Turn("乙", 6, 10)]
    >>> score = score_turns(true, [Turn("A", 0, 5), Turn("B", 5, 10)])
    >>> score.der, score.confusion, dict(score.mapping)
    (0.1, 1.0, {'乙': 'B', '甲': 'A'})
    >>> score_turns(true, [Turn("A", 0, 5), Turn("B", 5, 10)], collar=0.25).confusion
    0.75

    Turns of one speaker that touch or overlap are one. Speakers are counted in all of the
    time, collars and overlaps included.

    Args:
        reference: The true turns, in any order.
        hypothesis: The found turns, in any order.
        collar: How much is left out on *each* side of every border of a true turn, in
            seconds, as NIST's ``md-eval.pl -c`` and dscore have it. pyannote.metrics calls
            the whole width the collar: its ``collar=0.5`` is 0.25 here.
        skip_overlap: Whether time in which several truly speak is left out.
        until: Nothing from here on counts, in seconds.

    Raises:
        ValueError: If the collar is negative.

    Source: NIST, The 2009 (RT-09) Rich Transcription Meeting Recognition Evaluation Plan;
    the numbers are those of pyannote.metrics' ``DiarizationErrorRate``.
    """
    if not collar >= 0:
        raise ValueError(f"a collar cannot be negative: {collar}")
    true, found = _cut(reference, until), _cut(hypothesis, until)
    collars = _collars(reference, collar)
    grid = _Grid([*true, *found, *collars])
    there, claimed = grid.speech(true), grid.speech(found)
    scored = ~grid.covered(collars)
    if skip_overlap:
        scored &= there.at_once < 2
    weights: Amounts = np.where(scored, grid.durations, 0.0)
    pairs = pair_best((there.speaks * weights) @ claimed.speaks.T)
    both = float(weights @ np.minimum(there.at_once, claimed.at_once))
    agreeing = sum(float(weights @ (there.speaks[a] & claimed.speaks[b])) for a, b in pairs)
    return DiarizationScore(
        total=float(weights @ there.at_once),
        missed=float(weights @ np.maximum(there.at_once - claimed.at_once, 0)),
        false_alarm=float(weights @ np.maximum(claimed.at_once - there.at_once, 0)),
        confusion=max(0.0, both - agreeing),  # of equal sums, one may come out a little less
        mapping={there.names[a]: claimed.names[b] for a, b in pairs},
        speakers=len(there.names),
        speakers_found=len(claimed.names),
        long_speakers=int(np.sum(there.speaks @ grid.durations > LONG)),
        long_speakers_found=int(np.sum(claimed.speaks @ grid.durations > LONG)),
    )


def _cut(turns: Iterable[Turn], until: Seconds | None) -> list[Turn]:
    """Return what lies before ``until``, as one turn for each stretch of a speaker."""
    limit = math.inf if until is None else until
    cut = (replace(turn, end=min(turn.end, limit)) for turn in turns if turn.start < limit)
    return [turn for turn in join_turns(cut, 0.0) if turn.start < turn.end]


def _collars(reference: Iterable[Turn], collar: Seconds) -> list[Span]:
    """Return what is left out around the borders of the true turns."""
    turns = _cut(reference, None) if collar else ()
    borders = [border for turn in turns for border in (turn.start, turn.end)]
    return [Span(border - collar, border + collar) for border in borders]


class _Speech(NamedTuple):
    """Who speaks in the cells of a grid.

    Attributes:
        names: The speakers, sorted.
        speaks: (speakers, cells): whether each speaks in each cell.
    """

    names: list[str]
    speaks: Mask

    @property
    def at_once(self) -> npt.NDArray[np.int64]:
        """How many speak in each cell."""
        counts: npt.NDArray[np.int64] = np.add.reduce(self.speaks, axis=0, dtype=np.int64)
        return counts


class _Grid:
    """Time, cut into cells at every border, so that nothing changes inside of one.

    Attributes:
        durations: Of the cells, in seconds.
    """

    def __init__(self, spans: Iterable[Timed]) -> None:
        self._borders = np.unique([border for span in spans for border in (span.start, span.end)])
        self.durations = np.diff(self._borders)

    def covered(self, spans: Iterable[Timed]) -> Mask:
        """Return which cells lie in one of ``spans``."""
        mask = np.zeros(len(self.durations), dtype=bool)
        for span in spans:
            first, last = np.searchsorted(self._borders, (span.start, span.end))
            mask[first:last] = True
        return mask

    def speech(self, turns: Sequence[Turn]) -> _Speech:
        """Return who of ``turns`` speaks in each cell."""
        names = sorted({turn.speaker for turn in turns})
        rows = [self.covered(turn for turn in turns if turn.speaker == name) for name in names]
        return _Speech(names, np.array(rows, bool).reshape(len(names), len(self.durations)))

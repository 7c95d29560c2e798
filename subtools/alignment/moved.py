"""Text that is spoken, but elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subtools.alignment.hearing import Hearing
from subtools.alignment.mismatches import Mismatch, Stretch
from subtools.alignment.path import Path, trace_path
from subtools.alignment.spelling import Script

FEWEST = 12  # phones: six syllables; less is found somewhere by chance
STRETCH = 4  # phones in a row; what was moved shares some with where it went
SHARED = 3  # such stretches at least
FOUND = 0.6  # share of the phones that must be found there
SHARP = 2.0  # times as many frames as its words usually take that it may cover there


@dataclass(frozen=True, slots=True)
class Moved:
    """Words that are heard in another place.

    Attributes:
        words: The words.
        heard: Where they are heard.
    """

    words: range
    heard: Stretch


def find_moved(
    script: Script,
    hearing: Hearing,
    log_probs: npt.NDArray[np.floating],
    mismatches: Sequence[Mismatch],
) -> Iterator[Moved]:
    """Yield the words of ``mismatches`` that are heard in the speech of others."""
    speaking = [mismatch for mismatch in mismatches if mismatch.speech]
    places = _index_phones(hearing, speaking)
    for mismatch in mismatches:
        phones = _phones_of(script, mismatch.words)
        if len(phones) < FEWEST:
            continue
        votes = Counter(
            place for stretch in _stretches(phones) for place in places.get(stretch, ())
        )
        for place, shared in votes.most_common(2):
            elsewhere = speaking[place]
            if elsewhere is not mismatch and shared >= SHARED:
                heard = _find_in(script, hearing, log_probs, mismatch, elsewhere.span)
                if heard is not None:
                    yield Moved(mismatch.words, heard)
                    break


def _index_phones(hearing: Hearing, speaking: Sequence[Mismatch]) -> dict[bytes, set[int]]:
    """Return for every ``STRETCH`` of heard phones which of ``speaking`` hold it."""
    places: dict[bytes, set[int]] = {}
    for index, mismatch in enumerate(speaking):
        first, last = np.searchsorted(hearing.first, mismatch.span)
        for stretch in _stretches(hearing.phones[first:last].tobytes()):
            places.setdefault(stretch, set()).add(index)
    return places


def _phones_of(script: Script, words: range) -> bytes:
    return script.phones[script.first[words.start] : script.first[words.stop]].tobytes()


def _stretches(phones: bytes) -> set[bytes]:
    return {phones[k : k + STRETCH] for k in range(len(phones) - STRETCH + 1)}


def _find_in(
    script: Script,
    hearing: Hearing,
    log_probs: npt.NDArray[np.floating],
    mismatch: Mismatch,
    span: Stretch,
) -> Stretch | None:
    """Return where in ``span`` most of the words are heard; None if they are not."""
    path = trace_path(script.part(mismatch.words), hearing.part(span), log_probs[span[0] : span[1]])
    phones = len(_phones_of(script, mismatch.words))
    if len(path.phones) < FOUND * phones or not _is_dense(path, mismatch.need):
        return None
    return span[0] + int(path.first[0]), span[0] + int(path.last[-1])


def _is_dense(path: Path, need: float) -> bool:
    return int(path.last[-1] - path.first[0]) <= SHARP * need


def covered_by(moved: Sequence[Moved], frames: int) -> npt.NDArray[np.bool_]:
    """Return which frames hold words that were moved."""
    covered = np.zeros(frames, np.bool_)
    for passage in moved:
        covered[slice(*passage.heard)] = True
    return covered

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
SPARSE = 2.0  # times as many frames as its phones take that it may cover there
PLACES = 3  # that are looked at; a long passage may have gone to several


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
        stretches = _stretches(_phones_of(script, mismatch.words))
        votes = Counter(place for stretch in stretches for place in places.get(stretch, ()))
        taken: list[range] = []
        for place, shared in votes.most_common(PLACES):
            elsewhere = speaking[place]
            if elsewhere is mismatch or shared < SHARED:
                continue
            found = _find_in(script, hearing, log_probs, mismatch.words, elsewhere.span)
            if found is not None and not any(_share(found.words, words) for words in taken):
                taken.append(found.words)
                yield found


def _share(a: range, b: range) -> bool:
    return a.start < b.stop and b.start < a.stop


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
    words: range,
    span: Stretch,
) -> Moved | None:
    """Return which part of ``words`` is heard in ``span``, and where; None if hardly any is."""
    path = trace_path(script.part(words), hearing.part(span), log_probs[span[0] : span[1]])
    core = _find_core(path, np.diff(script.first[words.start : words.stop + 1]))
    phones = len(_phones_of(script, range(words.start + core.start, words.start + core.stop)))
    first, last = path.offsets[core.start], path.offsets[core.stop]
    if last - first < max(FEWEST, FOUND * phones):
        return None
    heard = int(path.first[first]), int(path.last[last - 1])
    if heard[1] - heard[0] > SPARSE * (path.last - path.first)[first:last].sum():
        return None
    found = range(words.start + core.start, words.start + core.stop)
    return Moved(found, (span[0] + heard[0], span[0] + heard[1]))


def _find_core(path: Path, phones: npt.NDArray[np.int64]) -> range:
    """Return the words that hold the most spoken phones less those that are not spoken."""
    sums = np.concatenate([[0], np.cumsum(np.where(path.spoken, phones, -phones))])
    gains = sums - np.minimum.accumulate(sums)
    stop = int(gains.argmax())
    start = int(sums[: stop + 1][::-1].argmin())
    return range(stop - start, stop)


def covered_by(moved: Sequence[Moved], frames: int) -> npt.NDArray[np.bool_]:
    """Return which frames hold words that were moved."""
    covered = np.zeros(frames, np.bool_)
    for passage in moved:
        covered[slice(*passage.heard)] = True
    return covered


def touched_by(moved: Sequence[Moved], mismatches: Sequence[Mismatch]) -> npt.NDArray[np.bool_]:
    """Return for each of ``mismatches`` whether words moved from or to it."""
    return np.array(
        [
            any(
                _share(passage.words, mismatch.words)
                or any(a < passage.heard[1] and passage.heard[0] < b for a, b in mismatch.speech)
                for passage in moved
            )
            for mismatch in mismatches
        ],
        np.bool_,
    )


def parts_of(mismatch: Mismatch, moved: Sequence[Moved]) -> tuple[Moved, ...]:
    """Return the passages that are part of the words of ``mismatch``."""
    return tuple(passage for passage in moved if _share(passage.words, mismatch.words))

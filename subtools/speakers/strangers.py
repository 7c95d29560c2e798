"""Voices that are heard too briefly to be a cluster, and are like nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt

from subtools.core import Seconds
from subtools.speakers.clustering import Voiced
from subtools.speakers.pieces import Piece

LEAST: Seconds = 1.2  # of a region; less says too little about a voice
_CLEAR: Seconds = 1.0  # of a piece
# A region is a stranger's if it is no liker its voice than this, and so many deviations (by the
# median of this recording) from how like their voices pieces are. Regions of known voices were
# at most 7 deviations away, in acted speech; in talks, 5.
LIKENESS, DEVIATIONS = 0.55, 8.0
_LEAST_DEVIATION = 0.03
_SAME = 0.6  # likeness of two strangers from which they are one

_Floats = npt.NDArray[np.float64]


def separate_strangers(
    pieces: Sequence[Piece],
    voiced: Voiced,
    assigned: Sequence[int],
    likeness: _Floats,
    most: int | None = None,
) -> tuple[int, ...]:
    """Return the voice of each piece, with new voices for regions that are like nobody.

    Args:
        pieces: In order of regions and of time.
        voiced: Their embeddings.
        assigned: The voice of each, as far as voices are known.
        likeness: Of each piece to each voice.
        most: How many voices there may be.
    """
    own = likeness[np.arange(len(pieces)), list(assigned)]
    clear = voiced.durations >= _CLEAR
    if not clear.any():
        return tuple(assigned)
    usual = float(np.median(own[clear]))
    deviation = max(_LEAST_DEVIATION, 1.4826 * float(np.median(np.abs(own[clear] - usual))))
    limit = min(LIKENESS, usual - DEVIATIONS * deviation)
    separated, voices = list(assigned), likeness.shape[1]
    strangers: list[_Floats] = []
    for _, group in groupby(range(len(pieces)), key=lambda k: pieces[k].region):
        region = [k for k in group if clear[k]]
        weights = voiced.durations[region]
        if weights.sum() < LEAST or np.average(own[region], weights=weights) > limit:
            continue
        mean = np.average(voiced.scaled()[region], axis=0, weights=weights)
        number = _find(strangers, mean)
        if number == len(strangers):
            if most is not None and voices + number >= most:
                continue
            strangers.append(mean)
        for piece in region:
            separated[piece] = voices + number
    return tuple(separated)


def _find(strangers: Sequence[_Floats], mean: _Floats) -> int:
    """Return which of ``strangers`` a voice is; their number if it is none of them."""
    alike = [float(stranger @ mean) for stranger in strangers]
    return int(np.argmax(alike)) if alike and max(alike) >= _SAME else len(strangers)

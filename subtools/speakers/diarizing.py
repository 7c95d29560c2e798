"""Who speaks when, from local speakers and embeddings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import ceil

import numpy as np
import numpy.typing as npt

from subtools.core import ANY_NUMBER, LocalSpeakers, Seconds, Span, SpeakerCount, Turn
from subtools.speakers.assigning import (
    Voices,
    assign_pieces,
    learn_voices,
    likeness_to_voices,
    rate_pieces,
)
from subtools.speakers.changes import find_change
from subtools.speakers.clustering import NO_VOICE, Voiced, cluster_voices
from subtools.speakers.embedding import EmbedSpans, embed_all
from subtools.speakers.pieces import Piece, cut_pieces
from subtools.speakers.regions import find_regions
from subtools.speakers.strangers import separate_strangers
from subtools.speakers.turns import Share, compose_turns

_MOST = 8_000  # pieces to cluster, of 4 h; clustering takes the square of it (250 MB)
_SURE: Seconds = 1.0  # shorter pieces are assigned to voices, but do not make them


def diarize(
    local: LocalSpeakers,
    duration: Seconds,
    embed: EmbedSpans,
    *,
    borders: Sequence[Seconds] = (),
    count: SpeakerCount = ANY_NUMBER,
) -> tuple[Turn, ...]:
    """Return who speaks when, by onset; nobody where there is no speech.

    Args:
        local: Who is heard when, window by window.
        duration: Length of the sound, in seconds.
        embed: Gives the embeddings of spans of the sound.
        borders: Where a speaker is likelier to change than elsewhere, in order.
        count: How many people there may be.
    """
    regions = find_regions(local, duration)
    pieces = cut_pieces(regions, borders)
    if not pieces:
        return ()
    voiced = embed_all(embed, [piece.span for piece in pieces])
    assigned = _find_voices(pieces, voiced, count)
    rated = rate_pieces(voiced, likeness_to_voices(voiced, assigned), assigned)
    voices = learn_voices(voiced, assigned)
    shares = list(_cut_shares(pieces, assigned, rated, voices, embed, borders))
    return compose_turns(regions, shares)


def _find_voices(pieces: Sequence[Piece], voiced: Voiced, count: SpeakerCount) -> tuple[int, ...]:
    """Return the voice of each piece, numbered from 0 without holes."""
    assigned = _number(assign_pieces(pieces, voiced, _cluster(voiced, count)))
    likeness = likeness_to_voices(voiced, assigned)
    return _number(separate_strangers(pieces, voiced, assigned, likeness, count.most))


def _number(labels: Sequence[int]) -> tuple[int, ...]:
    """Return ``labels`` numbered from 0 in order of their first pieces."""
    numbers: dict[int, int] = {}
    return tuple(numbers.setdefault(label, len(numbers)) for label in labels)


def _cluster(voiced: Voiced, count: SpeakerCount) -> tuple[int, ...]:
    """Return the clusters of the longer pieces; the others have none, if there are longer ones."""
    sure = np.flatnonzero(voiced.durations >= _SURE)
    if not len(sure):
        sure = np.arange(len(voiced))
    sure = sure[:: ceil(len(sure) / _MOST)]
    found = cluster_voices(Voiced(voiced.embeddings[sure], voiced.durations[sure]), count)
    labels = np.full(len(voiced), NO_VOICE)
    labels[sure] = found
    return tuple(labels.tolist())


def _cut_shares(
    pieces: Sequence[Piece],
    assigned: Sequence[int],
    rated: npt.NDArray[np.float64],
    voices: Voices,
    embed: EmbedSpans,
    borders: Sequence[Seconds],
) -> Iterator[Share]:
    """Yield the stretches of each region that one voice speaks."""
    for region, group in groupby(range(len(pieces)), key=lambda k: pieces[k].region):
        runs = [list(run) for _, run in groupby(group, key=lambda k: assigned[k])]
        start = pieces[runs[0][0]].span.start
        for run, after in zip(runs, [*runs[1:], None], strict=True):
            voice, end = assigned[run[0]], pieces[run[-1]].span.end
            if after is not None:
                pair = (voice, assigned[after[0]])
                last = Span(max(start, pieces[run[-1]].span.start), end)  # not before a change
                end = find_change(last, pieces[after[0]].span, voices, pair, embed, borders)
            yield Share(region, Span(start, max(start, end)), voice, float(rated[run].mean()))
            start = max(start, end)

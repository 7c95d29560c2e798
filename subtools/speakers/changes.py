"""Where in a region one voice ends and the next begins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from subtools.core import Seconds, Span
from subtools.speakers.assigning import Voices
from subtools.speakers.embedding import EmbedSpans, embed_all

_SIDE: Seconds = 1.0  # of sound on either side that decides
_STEP: Seconds = 0.2  # between the places that are tried, where no border is known
_LEAST: Seconds = 0.4  # of sound on either side


def find_change(
    left: Span,
    right: Span,
    voices: Voices,
    pair: tuple[int, int],
    embed: EmbedSpans,
    borders: Sequence[Seconds] = (),
) -> Seconds:
    """Return when the voice changes from ``pair[0]`` to ``pair[1]``.

    Args:
        left: The last piece that is the first voice's on the whole.
        right: The next piece, which is the second's.
        voices: What the voices sound like.
        pair: Their numbers.
        embed: Gives the embeddings of spans.
        borders: Where a change is likelier than elsewhere; if there are any between, the
            change is at one of them.
    """
    whole = Span(left.start, right.end)
    places = _places(whole, left.end, borders)
    if len(places) < 2:
        return places[0]
    before = [Span(max(whole.start, place - _SIDE), place) for place in places]
    after = [Span(place, min(whole.end, place + _SIDE)) for place in places]
    likeness = voices.likeness(embed_all(embed, [*before, *after]))[:, list(pair)]
    weights = np.array([span.duration for span in (*before, *after)])[:, np.newaxis]
    fit = (likeness @ np.array([[1.0], [-1.0]]) * weights)[:, 0]
    gain = fit[: len(places)] - fit[len(places) :]
    return places[int(gain.argmax())]


def _places(whole: Span, usual: Seconds, borders: Sequence[Seconds]) -> list[Seconds]:
    """Return the times to try, each with enough sound on both sides."""
    first, last = whole.start + _LEAST, whole.end - _LEAST
    known = [border for border in borders if first <= border <= last]
    if known or first >= last:
        return known or [usual]
    return [float(time) for time in np.arange(first, last, _STEP)]

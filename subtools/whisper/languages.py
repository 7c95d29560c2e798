"""Which language is spoken in a window, where a talk may change between several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from subtools.core import Seconds, Span
from subtools.spans import speech_within

LEAST_SPEECH: Seconds = 6.0  # s; in less, the detector takes a cough for Welsh
SURE = 0.8  # probability of another language, and
GONE = 0.1  # of the talk's own, at which a window is in the other one
SHORTEST_PART: Seconds = 8.0  # s of a window that is looked at by itself


def vote_on_language(found: Sequence[Mapping[str, float]]) -> str:
    """Return the language that is most probable in all of ``found`` together."""
    votes: Counter[str] = Counter()
    for probabilities in found:
        best = max(probabilities, key=lambda code: (probabilities[code], code))
        votes[best] += probabilities[best]  # type: ignore[assignment]  # a Counter of shares
    return max(votes, key=lambda code: (votes[code], code))


def choose_language(probabilities: Mapping[str, float], spoken: Seconds, main: str) -> str:
    """Return the language of one window: ``main``, unless it is plainly another.

    Args:
        probabilities: Of each language, as heard in the window.
        spoken: How long someone speaks in it, in seconds.
        main: Language of the talk.

    >>> choose_language({"en": 0.95, "zh": 0.02}, 20.0, "zh")
    'en'
    >>> choose_language({"en": 0.95, "zh": 0.02}, 3.0, "zh")
    'zh'
    >>> choose_language({"en": 0.6, "zh": 0.35}, 20.0, "zh")
    'zh'
    """
    best = max(probabilities, key=lambda code: (probabilities[code], code))
    is_other = probabilities[best] >= SURE and probabilities.get(main, 0.0) <= GONE
    return best if is_other and spoken >= LEAST_SPEECH else main


def split_at_pause(window: Span, speech: Sequence[Span]) -> tuple[Span, ...]:
    """Return ``window`` in two at the pause nearest to its middle, or whole.

    Both parts hold ``SHORTEST_PART`` of speech at least.
    """
    pauses = [
        Span(before.end, after.start)
        for before, after in pairwise(speech)
        if window.start < before.end <= after.start < window.end
    ]
    cuts = [(pause.start + pause.end) / 2 for pause in pauses]
    middle = (window.start + window.end) / 2
    for cut in sorted(cuts, key=lambda cut: abs(cut - middle)):
        parts = (Span(window.start, cut), Span(cut, window.end))
        if all(speech_within(part, speech) >= SHORTEST_PART for part in parts):
            return parts
    return (window,)

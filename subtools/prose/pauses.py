"""What the silence between two words says about a mark there.

Silences are lognormal; those at sentence ends are about twice as long as those at commas. With
a spread of a factor of 1.5 of each, the log odds rise by ln 2 / (ln 1.5)^2 = 4 with every factor
of e. The middle is the talk's own, as some speakers rest twice as long as others.

Source: Campione and Veronis, "A large-scale multilingual study of silent pause duration",
Speech Prosody 2002 (lognormal; three kinds: brief, below 0.2 s, medium, long, above 1 s).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from subtools.core import Seconds

SHORTEST: Seconds = 0.08  # the closure of a stop between two words is no silence
LONG: Seconds = 1.0  # the third kind; nobody rests so long inside a sentence, but to think
_USUAL: Seconds = 0.3  # at a mark, where a talk has too few to say
_LEAST = 12  # silences
_BRIEF: Seconds = 0.1
_NO_SILENCE = -1.5  # log odds; a fifth as many marks have none as have one
_SLOPE, _MOST = 1.3, 3.5  # log odds a factor of e; hesitations look like marks
_AT_LEAST = 1.5
_END_SLOPE, _END_MOST = 4.0, 4.5
_END_LEAST = 1.5
_MIDDLE = 1.2  # times the median, most silences being at commas


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long a talk rests.

    Attributes:
        median: Of its silences, in seconds.
    """

    median: Seconds = _USUAL

    def favour_mark(self, pause: Seconds | None) -> float:
        """Return the log odds that a silence gives a mark; 0 where none is known."""
        if pause is None:
            return 0.0
        if pause < SHORTEST:
            return _NO_SILENCE
        return min(_MOST, max(_AT_LEAST, _AT_LEAST + _SLOPE * math.log(pause / _BRIEF)))

    def favour_end(self, pause: Seconds | None) -> float:
        """Return the log odds that a silence gives a sentence end, against a comma."""
        if pause is None:
            return 0.0
        if pause < SHORTEST:
            return -_END_LEAST
        ratio = math.log(pause / (_MIDDLE * self.median)) * _END_SLOPE
        return max(-_END_LEAST, min(_END_MOST, ratio))


def measure_pauses(silences: Iterable[Seconds]) -> Pauses:
    """Return how long a talk rests, from the silences inside its speakers' turns."""
    known = sorted(silence for silence in silences if silence >= SHORTEST)
    return Pauses(known[len(known) // 2]) if len(known) >= _LEAST else Pauses()

"""Times of files compared with rules: in whole milliseconds, or in frames."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

from subtools.core import CueRules, Seconds

_HALF_MILLISECOND = 0.5
_HALF_HUNDREDTH = 5.5  # ASS writes hundredths of a second, rounded from milliseconds
_NOISE = 1e-6  # of floating point


@dataclass(frozen=True, slots=True)
class Instant:
    """A time as a rule sees it.

    Attributes:
        at: When, in milliseconds; exactly where it lies on a frame.
        doubt: How far the file may have rounded it, in milliseconds.
        distance: How far it lies off the next frame, in milliseconds; 0 if on it.
    """

    at: float
    doubt: float
    distance: float = 0.0


def milliseconds(seconds: Seconds) -> int:
    """Return ``seconds`` in whole milliseconds, half up; below 0 too.

    >>> milliseconds(1.0005), milliseconds(-0.25)
    (1001, -250)
    """
    return floor(seconds * 1000 + 0.5)


def read_instant(seconds: Seconds, rules: CueRules) -> Instant:
    """Return the time ``seconds`` as a file has it and a rule sees it.

    A file rounds its times to milliseconds or, if they all end in 0, maybe to hundredths
    of a second; one that could be a frame's is that frame's.

    >>> read_instant(1.042, CueRules(frame_rate=24)).at  # frame 25
    1041.6666666666667
    """
    whole = milliseconds(seconds)
    rate = rules.frame_rate
    doubt = _HALF_MILLISECOND if whole % 10 else _HALF_HUNDREDTH
    if rate is None:
        return Instant(whole, doubt)
    if doubt > 250 / rate:
        doubt = _HALF_MILLISECOND  # frames closer than hundredths
    frame = floor(seconds * rate + 0.5) * 1000 / rate
    distance = abs(frame - whole)
    if distance <= doubt + _NOISE:
        return Instant(frame, 0.0)
    return Instant(whole, doubt, distance)


def snap(seconds: Seconds, rules: CueRules) -> Seconds:
    """Return the frame or the millisecond that is next to ``seconds``."""
    rate = rules.frame_rate or 1000
    return floor(seconds * rate + 0.5) / rate


def snap_down(seconds: Seconds, rules: CueRules) -> Seconds:
    """Return the last frame or millisecond that is not after ``seconds``."""
    rate = rules.frame_rate or 1000
    return floor(seconds * rate + _NOISE * rate) / rate


def snap_up(seconds: Seconds, rules: CueRules) -> Seconds:
    """Return the first frame or millisecond that is not before ``seconds``."""
    rate = rules.frame_rate or 1000
    return ceil(seconds * rate - _NOISE * rate) / rate

"""Times of TTML: clocks, and counts of frames, ticks and seconds.

Source: https://www.w3.org/TR/ttml2/#timing-time-value-expressions
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from subtools.core import Seconds
from subtools.formats.shown import LONGEST_TIME

_CLOCK = re.compile(
    r"(?:(\d{1,9}):)?(\d{1,3}):(\d{1,3})(?:[.,](\d{1,12})|:(\d{1,6})(?:\.(\d{1,6}))?)?", re.ASCII
)
_OFFSET = re.compile(r"(\d{1,15}(?:\.\d{1,12})?)\s*(h|ms|m|s|f|t)?", re.ASCII)
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "": 1.0}
_USUAL_FRAMES = 30.0


@dataclass(frozen=True, slots=True)
class Clock:
    """What a file counts in.

    Attributes:
        frame_rate: Frames a second, the multiplier counted.
        sub_frames: Parts of a frame.
        tick_rate: Ticks a second.
    """

    frame_rate: float = _USUAL_FRAMES
    sub_frames: float = 1.0
    tick_rate: float = 1.0

    def parse(self, text: str) -> Seconds:
        """Return the seconds that ``text`` stands for.

        >>> [Clock(25.0).parse(t) for t in ("00:01:02.5", "0:00:01:05", "1.5s", "50f", "1500ms")]
        [62.5, 1.2, 1.5, 2.0, 1.5]

        Raises:
            ValueError: If it is no time.
        """
        bare = text.strip()
        seconds = self._parse_clock(bare)
        if seconds is None:
            seconds = self._parse_offset(bare)
        if seconds is None or seconds > LONGEST_TIME:
            raise ValueError(f"no time: {bare[:40]!r}")
        return round(seconds, 6)  # frames leave more digits than anybody meant

    def _parse_clock(self, text: str) -> Seconds | None:
        match = _CLOCK.fullmatch(text)
        if match is None:
            return None
        hours, minutes, seconds, fraction, frames, parts = match.groups("0")
        whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
        part = (int(frames) + int(parts) / self.sub_frames) / self.frame_rate
        return whole + float(f"0.{fraction}") + part

    def _parse_offset(self, text: str) -> Seconds | None:
        match = _OFFSET.fullmatch(text)
        if match is None:
            return None
        count, unit = float(match[1]), match[2] or ""
        if unit == "f":
            return count / self.frame_rate
        return count / self.tick_rate if unit == "t" else count * _UNITS[unit]


def read_clock(attributes: Mapping[str, str]) -> Clock:
    """Return the clock that the attributes of the root name.

    >>> read_clock({"frameRate": "30", "frameRateMultiplier": "1000 1001"}).frame_rate
    29.97002997002997
    """
    frames = _positive(attributes.get("frameRate", "")) or _USUAL_FRAMES
    upper, lower = _ratio(attributes.get("frameRateMultiplier", ""))
    rate = frames * upper / lower
    parts = _positive(attributes.get("subFrameRate", "")) or 1.0
    usual = frames * parts if "frameRate" in attributes else 1.0
    return Clock(rate, parts, _positive(attributes.get("tickRate", "")) or usual)


def _ratio(text: str) -> tuple[float, float]:
    numbers = [_positive(part) for part in re.split(r"[\s:]+", text.strip())]
    upper, lower = [*numbers, 1.0, 1.0][:2] if len(numbers) < 3 else (1.0, 1.0)
    return upper or 1.0, lower or 1.0


def _positive(text: str) -> float:
    """Return the number that ``text`` is; 0 if it is none that a rate can be."""
    match = re.fullmatch(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*", text, re.ASCII)
    return float(match[1]) if match else 0.0

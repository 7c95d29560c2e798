"""What the user wants fetched, and how patient and how careful fetching is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from subtools.core import Seconds
from subtools.errors import FetchError

_RANGE = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?")
_RATE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?)([kKmMgG]?)(?:i?[bB](?:/s)?)?")
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


@dataclass(frozen=True, slots=True)
class Parts:
    """Which parts of a video in parts are wanted.

    Attributes:
        ranges: First and last of each stretch; empty for all parts.
    """

    ranges: tuple[tuple[int, int], ...] = ()

    def choose(self, there: Sequence[int], *, url: str = "") -> tuple[int, ...]:
        """Return which of the parts numbered ``there`` are wanted, in the order of the site.

        Raises:
            FetchError: If one of those wanted is not there.
        """
        if not self.ranges:
            return tuple(there)
        known = set(there)
        for first, last in self.ranges:
            missing = next((n for n in range(first, last + 1) if n not in known), None)
            if missing is not None:
                raise FetchError(f"there is no part {missing}", url=url, hint=_count(there))
        return tuple(n for n in there if any(a <= n <= b for a, b in self.ranges))


ALL_PARTS = Parts()


def parse_parts(text: str) -> Parts:
    """Return the parts that ``text`` names: ``8``, ``1,3-5`` or ``all``.

    >>> parse_parts("1,3-5").choose(range(1, 13))
    (1, 3, 4, 5)

    Raises:
        FetchError: If it names none.
    """
    text = "".join(text.split()).lower()
    if text == "all":
        return ALL_PARTS
    ranges = tuple(_parse_range(piece, text) for piece in text.split(","))
    return Parts(ranges)


def parse_rate(text: str) -> float:
    """Return the bytes a second that ``text`` means, such as ``500K`` or ``1.5M``.

    >>> parse_rate("500K")
    512000.0

    Raises:
        FetchError: If it is no such number, or zero.
    """
    found = _RATE.fullmatch(text.strip())
    rate = float(found[1]) * _UNITS[found[2].lower()] if found else 0.0
    if rate < 1:
        raise FetchError(f"{text!r} is no rate", hint="give bytes a second, such as 500K or 2M")
    return rate


@dataclass(frozen=True, slots=True)
class Patience:
    """How long fetching waits for a site, and how often it asks again.

    Attributes:
        tries: How often a request is made that the site refuses or does not answer.
        pause: Seconds before the second time; each further pause is twice as long, and
            each is drawn from half to one and a half of that.
        silence: Seconds without a byte after which a connection is given up.
        slowest: Bytes a second below which another server is tried, over ``slow_for``.
        slow_for: Seconds.
        renewals: How often new addresses of the stream are asked for.
    """

    tries: int = 4
    pause: Seconds = 1.5
    silence: Seconds = 15.0
    slowest: float = 2048.0
    slow_for: Seconds = 30.0
    renewals: int = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """What fetching takes at most; sites are not trusted.

    Attributes:
        page: Bytes of a page or an answer that is not sound.
        sound: Bytes of a sound file: 24 hours of lossless stereo are 10 GB.
        video: Bytes of a video file.
    """

    page: int = 48 << 20
    sound: int = 12 << 30
    video: int = 100 << 30


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """What is wanted, and how to get it.

    Attributes:
        parts: Which parts; None for the one that the address names, or the only one.
        video: Whether to fetch the picture too, as a file of its own where the site
            keeps it so.
        cookies: A file of cookies in Netscape's format. It is read, never written.
        cookies_from_browser: Name of a browser to read cookies from, ``firefox`` or
            ``firefox:profile``.
        proxy: Address of a proxy; None for what the environment says.
        rate_limit: Bytes a second at most; None for no limit.
        subtitles: Whether to fetch the site's subtitles.
        danmaku: Whether to fetch the comments that fly over the picture.
        patience: How long to wait, how often to ask.
        limits: What is too large.
    """

    parts: Parts | None = None
    video: bool = False
    cookies: Path | None = None
    cookies_from_browser: str | None = None
    proxy: str | None = field(default=None, repr=False)  # may hold a password
    rate_limit: float | None = None
    subtitles: bool = True
    danmaku: bool = True
    patience: Patience = Patience()
    limits: Limits = Limits()


def _parse_range(piece: str, text: str) -> tuple[int, int]:
    found = _RANGE.fullmatch(piece)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= first <= last:
        raise FetchError(f"{text!r} names no parts", hint="write 8, or 1,3-5, or all")
    return first, last


def _count(there: Sequence[int]) -> str:
    if list(there) == [1]:
        return "there is 1 part"
    if list(there) == list(range(1, len(there) + 1)):
        return f"there are parts 1 to {len(there)}"
    return f"there are parts {', '.join(map(str, there))}"

"""One stream of a video, fetched and found to be whole and right; else asked for again."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from subtools.core import Seconds
from subtools.download.asking import DIRECT, Item, Track
from subtools.download.keeping import Begun
from subtools.download.pieces import fetch_pieces
from subtools.download.streaming import Refused, Stream, Transfer, fetch_stream
from subtools.errors import FetchError

_DAMAGED_COPIES = 3  # as many are looked at
_REFUSALS = 3  # of new addresses each time: then the stream is not for us


@dataclass(frozen=True, slots=True)
class Verified:
    """A stream that is whole.

    Attributes:
        path: The file, in the work folder.
        track: Which stream it is.
        duration: The decoded length of its sound; None for a picture alone.
        notes: What did not go as it should.
    """

    path: Path
    track: Track
    duration: Seconds | None
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Seeker:
    """Looks for a stream that can be fetched whole, with new addresses as they are needed.

    Attributes:
        role: What it is for, ``sound`` or ``video``; part of file names.
        choose: Returns the streams to be tried, the best first.
        verify: Returns the decoded length of a file, or raises if it is not what it should be.
        renew: Asks the site again.
        transfer: How streams are fetched.
        url: The address it is about.
    """

    role: str
    choose: Callable[[Item], Sequence[Track]]
    verify: Callable[[Path, Track, Item], Seconds | None]
    renew: Callable[[], Item]
    transfer: Transfer
    url: str
    _refusals: dict[str, int] = field(default_factory=dict)
    _damaged: int = 0

    def seek(self, item: Item) -> Verified:
        """Return the best stream of ``item`` that can be had.

        Raises:
            FetchError: If none can be had whole.
            OutputError: If it cannot be written.
        """
        asked = 0
        while asked <= self.transfer.patience.renewals:
            if asked:
                self.transfer.opener.wait(asked)
                item = self.renew()
            asked += 1
            track = self._next(item)
            name = _name(self.role, track)
            before = Begun(self.transfer.place, name).held
            try:
                path = self._fetch(track, name)
            except Refused:
                if Begun(self.transfer.place, name).held > before:
                    asked = 1  # addresses that live for a short while, but get us on
                else:
                    self._refusals[track.format] = self._refusals.get(track.format, 0) + 1
                continue
            try:
                duration = self.verify(path, track, item)
            except FetchError:
                path.unlink(missing_ok=True)
                self._damaged += 1
                if self._damaged >= _DAMAGED_COPIES:
                    raise
                continue
            return Verified(path, track, duration, self._notes(item, track))
        hint = "it may need a login: --cookies-from-browser firefox, or --cookies FILE"
        raise FetchError("the servers refuse to send the sound", url=self.url, hint=hint)

    def _next(self, item: Item) -> Track:
        """Return the best stream that was not refused for good."""
        tracks = self.choose(item)
        open_to_us = [t for t in tracks if self._refusals.get(t.format, 0) < _REFUSALS]
        return (open_to_us or tracks)[0]

    def _fetch(self, track: Track, name: str) -> Path:
        if track.protocol not in DIRECT:
            return fetch_pieces(track, name, self.transfer, url=self.url)
        turn = self._damaged % len(track.urls)  # a server with a damaged copy comes last
        urls = (*track.urls[turn:], *track.urls[:turn])
        stream = Stream(name, urls, track.headers, track.size, track.chunk)
        return fetch_stream(stream, self.transfer, url=self.url)

    def _notes(self, item: Item, track: Track) -> tuple[str, ...]:
        best = self.choose(item)[0]
        if best.format == track.format:
            return ()
        return (
            f"the best {self.role} ({best.format}) is refused, perhaps without a login; "
            f"this is {track.format}",
        )


def _name(role: str, track: Track) -> str:
    return f"{role}-{re.sub(r'[^0-9A-Za-z-]+', '-', track.format)[:40]}"

"""How long a sound really lasts: every packet of it is decoded, and what is lost is found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from subtools.core import Seconds
from subtools.errors import MediaError
from subtools.media.probing import LOCAL_ONLY, media_url, probe_media
from subtools.timecode import compose_clock

if TYPE_CHECKING:
    from av import AudioFrame, Packet
    from av.audio.stream import AudioStream
    from av.container import InputContainer

_HINT = "download or copy it again"
# Streams of frames that stand alone, which people and stations cut and join: a cut frame or
# a tag between two of them is usual, and players play on.
_JOINED = frozenset({"mp3", "aac", "mpegts", "hls"})
_BROKEN_SHARE = 0.01  # of their packets
_EMPTY_SHARE = 0.9  # of a packet that are zeros: no tag, and no frame
_EMPTY_BYTES = 4096  # a quarter of a second
_EXACT = frozenset({"flac", "wav", "aiff"})  # these count their samples
_HOLE: Seconds = 0.3  # or this share of the whole: more is missing than containers round
_HOLE_SHARE = 0.005
# MPEG-TS may begin a new clock anywhere, as its standard (ISO/IEC 13818-1, 2.4.3.4) says.
_NEW_CLOCK: Seconds = 10.0
_RECLOCKED = frozenset({"mpegts", "hls"})


def measure_sound(path: Path) -> Seconds:
    """Return how many seconds of sound the first audio track of ``path`` decodes to.

    Stricter than loading it: what a player would fill with silence is an error. What every
    player takes is none: a cut frame between joined pieces of MP3, padding, tags.

    Raises:
        MediaError: If it cannot be read, holds no sound, or is damaged: a packet that cannot
            be decoded, or a hole in its clock.
    """
    import av

    try:
        with av.open(media_url(path), options=LOCAL_ONLY, metadata_errors="replace") as container:
            if not container.streams.audio:
                raise MediaError("there is no audio track in it", hint=_HINT, path=path)
            tally = _decode(container, container.streams.audio[0])
            stated = _stated(container, path)
    except (av.FFmpegError, OSError) as error:
        reason = error.strerror or str(error)
        raise MediaError(f"it cannot be decoded whole: {reason}", hint=_HINT, path=path) from error
    _check(tally, stated, path)
    return tally.seconds


@dataclass(slots=True)
class _Tally:
    """What was decoded so far.

    Attributes:
        seconds: Of sound.
        packets: How many.
        broken: How many of them could not be decoded.
        missing: Seconds by which the clock went ahead of the sound.
        hole: Where the longest hole begins, in seconds of sound.
        widest: How long it is.
        empty: Bytes of zeros that have sound after them, as interrupted copies have.
    """

    seconds: Seconds = 0.0
    packets: int = 0
    broken: int = 0
    missing: Seconds = 0.0
    hole: Seconds = 0.0
    widest: Seconds = 0.0
    empty: int = 0
    _zeros: int = 0  # since the last sound
    _due: Seconds | None = None  # when the next frame should begin

    def add(self, frame: AudioFrame, *, longest: Seconds) -> None:
        """Take note of ``frame``; a hole above ``longest`` is a new clock."""
        length = frame.samples / frame.sample_rate
        begin = None if frame.time is None else float(frame.time)
        if begin is not None and self._due is not None:
            late = begin - self._due
            if 0 < late <= longest:
                self.missing += late
                if late > self.widest:
                    self.hole, self.widest = self.seconds, late
        self._due = None if begin is None else begin + length
        self.seconds += length
        self.empty, self._zeros = self.empty + self._zeros, 0

    def pass_over(self, packet: bytes) -> None:
        """Take note of a packet that holds no sound: a tag, a cut frame, or nothing at all."""
        self.broken += 1
        if packet.count(0) > _EMPTY_SHARE * len(packet):
            self._zeros += len(packet)


def _decode(container: InputContainer, stream: AudioStream) -> _Tally:
    names = set(container.format.name.split(","))
    is_joined = bool(names & _JOINED)
    longest = _NEW_CLOCK if names & _RECLOCKED else float("inf")
    tally = _Tally()
    for packet in container.demux(stream):
        tally.packets += 1
        for frame in _frames(packet, tally, is_joined=is_joined):
            tally.add(frame, longest=longest)
    return tally


def _frames(packet: Packet[AudioStream], tally: _Tally, *, is_joined: bool) -> list[AudioFrame]:
    """Return the sound in ``packet``; none, if it is one that players pass over."""
    import av

    try:
        return packet.decode()
    except av.InvalidDataError:
        if not is_joined:
            raise
        tally.pass_over(bytes(packet))
        return []


def _stated(container: InputContainer, path: Path) -> Seconds:
    """Return how long the file says its sound is, where that is the sound's own; else 0."""
    names = set(container.format.name.split(","))
    if "matroska" in names and len(container.streams) == 1:
        return (container.duration or 0) / 1_000_000
    return (probe_media(path).tracks[0].duration or 0.0) if names & _EXACT else 0.0


def _check(tally: _Tally, stated: Seconds, path: Path) -> None:
    if tally.broken > _BROKEN_SHARE * tally.packets + 1:
        raise MediaError(
            f"{tally.broken} of its {tally.packets} pieces cannot be decoded", hint=_HINT, path=path
        )
    if tally.empty > _EMPTY_BYTES:
        raise MediaError(f"{tally.empty} bytes within it are empty", hint=_HINT, path=path)
    slack = max(_HOLE, _HOLE_SHARE * tally.seconds)
    if tally.missing > slack:
        place = compose_clock(tally.hole)
        message = f"{tally.missing:.1f} s of it are missing, the most at {place}"
        raise MediaError(message, hint=_HINT, path=path)
    if tally.seconds < stated - slack:
        message = f"it says that it lasts {stated:.1f} s, and has {tally.seconds:.1f} s of sound"
        raise MediaError(message, hint=_HINT, path=path)

"""What a media file holds: its container, its audio tracks, and when they start."""

from __future__ import annotations

import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from subtools.core import Seconds
from subtools.errors import MediaError
from subtools.timecode import parse_timecode

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

LOCAL_ONLY = {"protocol_whitelist": "file,crypto,data"}  # a playlist cannot reach the network

_CLOCKED = frozenset({"mov", "matroska"})  # containers whose time 0 means something
# Demuxers that read a length the file states; the others guess it from the bit rate
# (bare AAC: 40 % off), or take it from what is left of the file.
_STATING = frozenset({"mov", "wav", "aiff", "flac", "mp3"})
_LISTS = frozenset({"hls", "dash", "concat", "imf"})  # ffmpeg's names of those that name files
_UNKNOWN_RIFF_BYTES = 0x7FFF_F000  # programs that write to a pipe state this or more


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """One audio track of a media file.

    Attributes:
        index: Its number among the audio tracks, from 1.
        codec: ffmpeg's name of its codec, such as ``aac``, or ``unknown``.
        language: ISO 639 code as the file says it; None if it does not.
        title: Its title as the file says it, on one line; may be empty.
        is_default: Whether players choose it unasked.
        start: When its sound starts, in seconds of presentation time.
        duration: Its length in seconds, as the file states it; None where the file
            states none or it could only be guessed.
    """

    index: int
    codec: str
    language: str | None
    title: str
    is_default: bool
    start: Seconds
    duration: Seconds | None


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a media file holds.

    Attributes:
        container: ffmpeg's name of the container format, such as ``matroska,webm``.
        duration: Presentation time at which the file ends, in seconds; may be an
            estimate; None if unknown.
        tracks: Its audio tracks, in order; none in a video without sound.
    """

    container: str
    duration: Seconds | None
    tracks: tuple[AudioTrack, ...]

    @property
    def is_clocked(self) -> bool:
        """Whether the container has a clock of its own, whose time 0 counts."""
        return not _CLOCKED.isdisjoint(self.container.split(","))


def probe_media(path: Path) -> MediaInfo:
    """Return what ``path`` holds, without decoding it.

    Raises:
        MediaError: If it is missing, unreadable, empty or not a media file.
    """
    import av

    _check_readable(path)
    try:
        with av.open(media_url(path), options=LOCAL_ONLY, metadata_errors="replace") as container:
            return _describe(container, path)
    except av.FFmpegError as error:
        raise MediaError(
            f"cannot be read as sound or video: {error.strerror}",
            hint="check that it is a media file and complete: play it, or download it again",
            path=path,
        ) from error


def refuse_list(path: Path) -> None:
    """Refuse a file that only names others, which may be any that this machine can read.

    Raises:
        MediaError: If it is one, or no media file at all.
    """
    if not _LISTS.isdisjoint(probe_media(path).container.split(",")):
        hint = "make one file of it: ffmpeg -i THIS-FILE -c copy NEW-FILE.mka"
        raise MediaError("this is a list of other files, no sound itself", hint=hint, path=path)


def media_url(path: Path) -> str:
    """Return ``path`` so that no name is taken for an option or a protocol."""
    return f"file:{path}"


def _check_readable(path: Path) -> None:
    try:
        status = path.stat()
        if stat.S_ISREG(status.st_mode):
            path.open("rb").close()
    except FileNotFoundError as error:
        hint = "check the spelling and the folder"
        raise MediaError("no such file", hint=hint, path=path) from error
    except OSError as error:
        hint = "check the file's permissions"
        raise MediaError(f"cannot be opened: {error.strerror}", hint=hint, path=path) from error
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "not a file"
        raise MediaError(f"this is {kind}", hint="give the path of one media file", path=path)
    if status.st_size == 0:
        raise MediaError("the file is empty", hint="copy or download it again", path=path)


def _describe(container: InputContainer, path: Path) -> MediaInfo:
    info = MediaInfo(container.format.name, None, ())
    start = (container.start_time or 0) / 1_000_000  # libav counts containers in microseconds
    zero = 0.0 if info.is_clocked else start
    end = None
    if container.duration is not None:
        # Matroska states when the last track ends, all others how long the file is.
        first = 0.0 if "matroska" in info.container else start - zero
        end = first + container.duration / 1_000_000
    tracks = tuple(
        _describe_track(stream, index, zero, info.container, path)
        for index, stream in enumerate(container.streams.audio, start=1)
    )
    return MediaInfo(info.container, end, tracks)


def _describe_track(
    stream: AudioStream, index: int, zero: Seconds, container: str, path: Path
) -> AudioTrack:
    from av.stream import Disposition

    start = max(0.0, _ticks_to_seconds(stream, stream.start_time or 0) - zero)
    language = stream.metadata.get("language", "und")
    decoder = stream.codec_context  # None where libav has no decoder, whatever PyAV's types say
    return AudioTrack(
        index=index,
        codec=decoder.name if decoder else "unknown",
        language=None if language == "und" else language,
        title=" ".join(stream.metadata.get("title", "").split()),
        is_default=bool(stream.disposition & Disposition.default),
        start=start,
        duration=_stated_duration(stream, start, container, path),
    )


def _ticks_to_seconds(stream: AudioStream, ticks: int) -> Seconds:
    return float(ticks * stream.time_base) if stream.time_base else 0.0


def _stated_duration(
    stream: AudioStream, start: Seconds, container: str, path: Path
) -> Seconds | None:
    """Return how long the file says the track is; None where it does not say."""
    if "matroska" in container:
        return _matroska_duration(stream, start)
    if stream.duration is None or _STATING.isdisjoint(container.split(",")):
        return None
    if container == "mp3" and not stream.start_time:
        return None  # no LAME header, which states the delay and the length
    duration = _ticks_to_seconds(stream, stream.duration)
    return duration * _riff_excess(path) if container == "wav" else duration


def _matroska_duration(stream: AudioStream, start: Seconds) -> Seconds | None:
    """Return the track's length from its tag, written ``00:00:05.021000000``."""
    for key, value in stream.metadata.items():
        if key.startswith("DURATION"):  # mkvmerge adds a language to it
            with suppress(ValueError):
                return max(0.0, parse_timecode(value[:12]) - start)
    return None


def _riff_excess(path: Path) -> float:
    """Return how many times larger a WAV file says it is than it is; at least 1.

    libav quietly shortens the length of a cut-off WAV file to what is left of it.
    """
    with path.open("rb") as file:
        header = file.read(8)
    stated = int.from_bytes(header[4:], "little") + len(header)  # counted from byte 8 on
    if not header.startswith(b"RIFF") or stated >= _UNKNOWN_RIFF_BYTES:
        return 1.0
    return max(1.0, stated / path.stat().st_size)

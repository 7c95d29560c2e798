"""The streams of a video file, as far as another file is to be made of them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from subtools.core import Seconds
from subtools.errors import MediaError
from subtools.media.probing import LOCAL_ONLY, media_url, probe_media
from subtools.timecode import parse_timecode

if TYPE_CHECKING:
    from av.stream import Stream as AvStream

_SHORT_SECONDS: Seconds = 2.0  # a stream may end this much, and
_SHORT_SHARE = 0.01  # this share, before its stated end: containers round and estimate
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream of a media file.

    Attributes:
        index: Its number among all streams, from 0, as ffmpeg counts.
        kind: ``video``, ``picture`` (a cover), ``audio``, ``subtitle``, ``attachment`` or
            ``data``.
        codec: ffmpeg's name of its codec, or ``unknown``.
        end: Presentation time at which the file says it ends, in seconds; None if it does not.
    """

    index: int
    kind: str
    codec: str
    end: Seconds | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """What a media file holds.

    Attributes:
        path: The file.
        lead: How long after presentation time 0 its first stream starts, in seconds; 0
            in containers without a clock of their own (MPEG-TS).
        duration: When it ends, in seconds; None if unknown.
        streams: Its streams, in order.
    """

    path: Path
    lead: Seconds
    duration: Seconds | None
    streams: tuple[Stream, ...]

    def of(self, kind: str) -> tuple[Stream, ...]:
        """Return the streams of one kind."""
        return tuple(stream for stream in self.streams if stream.kind == kind)


def read_contents(path: Path) -> Contents:
    """Return what ``path`` holds, without decoding it.

    Raises:
        MediaError: If it is missing, unreadable, empty or not a media file.
    """
    import av

    info = probe_media(path)
    try:
        with av.open(media_url(path), options=LOCAL_ONLY, metadata_errors="replace") as container:
            first = (container.start_time or 0) / _MICROSECONDS
            lead = first if info.is_clocked else 0.0
            streams = tuple(_describe(s, first - lead) for s in container.streams)
    except av.FFmpegError as error:
        hint = "check that the file is complete: play it, or download it again"
        raise MediaError(f"cannot be read: {error.strerror}", hint=hint, path=path) from error
    return Contents(path, lead, info.duration, streams)


def has_picture(path: Path) -> bool:
    """Tell whether ``path`` is a video; a cover is no picture.

    Raises:
        MediaError: If it is missing, unreadable or not a media file.
    """
    return bool(read_contents(path).of("video"))


def require_video(path: Path) -> Contents:
    """Return what the video ``path`` holds.

    Raises:
        MediaError: If it cannot be read or has no pictures that move.
    """
    contents = read_contents(path)
    if not contents.of("video"):
        raise MediaError(
            "there is no video in it",
            hint="give the file with the picture first, and one that holds the sound with --audio",
            path=path,
        )
    return contents


def require_sound(path: Path) -> Contents:
    """Return what ``path``, which is to give the sound, holds.

    Raises:
        MediaError: If it cannot be read or has no sound.
    """
    contents = read_contents(path)
    if not contents.of("audio"):
        hint = "give the file that holds the sound"
        raise MediaError("there is no audio track in it", hint=hint, path=path)
    return contents


def picture_size(path: Path) -> tuple[int, int]:
    """Return width and height of the video's first picture as a player shows it, upright.

    Raises:
        MediaError: If it cannot be decoded.
    """
    import av

    try:
        with av.open(media_url(path), options=LOCAL_ONLY) as container:
            covers = [s.index for s in read_contents(path).of("picture")]
            stream = next(s for s in container.streams.video if s.index not in covers)
            frame = next(container.decode(stream))
            wide = frame.width * float(stream.sample_aspect_ratio or 1)
    except (av.FFmpegError, OSError, StopIteration) as error:
        hint = "play the file to see whether it is whole"
        raise MediaError("its video cannot be decoded", hint=hint, path=path) from error
    size = (round(wide), frame.height)
    return size if frame.rotation % 180 == 0 else (size[1], size[0])


def check_whole(made: Path, source: Contents, kind: str) -> None:
    """Raise if the first stream of ``kind`` ends clearly earlier in ``made`` than in ``source``.

    ffmpeg reads a file that was cut off to where it ends, and reports no error.

    Raises:
        MediaError: Naming the source.
    """
    wanted, got = _end(source, kind), _end(read_contents(made), kind)
    if wanted is None or got is None:
        return
    if wanted - got > max(_SHORT_SECONDS, wanted * _SHORT_SHARE):
        raise MediaError(
            f"its {kind} ends after {got:.1f} s, though it should last {wanted:.1f} s",
            hint="the file is damaged: download or copy it again",
            path=source.path,
        )


def _end(contents: Contents, kind: str) -> Seconds | None:
    return next((stream.end for stream in contents.of(kind)), None)


def _describe(stream: AvStream, zero: Seconds) -> Stream:
    from av.stream import Disposition

    decoder = stream.codec_context  # None where libav has no decoder, whatever PyAV's types say
    is_cover = stream.type == "video" and bool(stream.disposition & Disposition.attached_pic)
    return Stream(
        index=stream.index,
        kind="picture" if is_cover else stream.type or "data",
        codec=decoder.codec.canonical_name if decoder else "unknown",
        end=_stated_end(stream, zero),
    )


def _stated_end(stream: AvStream, zero: Seconds) -> Seconds | None:
    """Return when the file says that the stream ends, in presentation time."""
    for key, value in stream.metadata.items():
        if key.startswith("DURATION"):  # Matroska; mkvmerge adds a language to it
            with suppress(ValueError):
                return parse_timecode(value[:12])
    if stream.duration is None or stream.time_base is None:
        return None
    return float(((stream.start_time or 0) + stream.duration) * stream.time_base) - zero

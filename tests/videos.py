"""Small videos made by ffmpeg, and what is in a video, for tests."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.stream import Disposition

from subtools.media import find_ffmpeg
from tests.subtitling import srt

Picture = npt.NDArray[np.uint8]


def run_ffmpeg(*arguments: str | Path) -> bytes:
    """Return what ffmpeg writes to its standard output."""
    command = [find_ffmpeg(), "-y", "-v", "error", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def make_video(
    path: Path,
    *options: str,
    seconds: float = 4,
    size: str = "320x180",
    picture: str = "testsrc2",
    codecs: Sequence[str] = ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"),
) -> Path:
    """Return ``path``, which now holds moving pictures and a tone."""
    joint = ":" if "=" in picture else "="
    sources = (f"{picture}{joint}s={size}:r=10:d={seconds}", f"sine=440:d={seconds}")
    inputs = [word for source in sources for word in ("-f", "lavfi", "-i", source)]
    run_ffmpeg(*inputs, *codecs, "-pix_fmt", "yuv420p", *options, path)
    return path


@dataclass(frozen=True, slots=True)
class Track:
    """What a file says of a subtitle track."""

    codec: str
    language: str
    title: str
    is_default: bool


def subtitle_tracks(path: Path) -> list[Track]:
    with av.open(str(path)) as container:
        return [
            Track(
                stream.codec_context.codec.canonical_name,
                stream.metadata.get("language", "und"),
                stream.metadata.get("title", stream.metadata.get("name", "")),
                bool(stream.disposition & Disposition.default),
            )
            for stream in container.streams.subtitles
        ]


def subtitle_text(path: Path, track: int = 0, kind: str = "srt", *, copy: bool = False) -> str:
    """Return a subtitle track as ffmpeg shows it, or (``copy``) as it is stored."""
    copied = ["-c", "copy"] if copy else []
    return run_ffmpeg(
        "-copyts", "-i", path, "-map", f"0:s:{track}", *copied, "-f", kind, "-"
    ).decode()


def shown_cues(path: Path, track: int = 0) -> list[tuple[float, float, str]]:
    found = srt.parse(subtitle_text(path, track))
    return [(cue.start, cue.end, cue.text) for cue in found]


def chapters_of(path: Path) -> list[tuple[float, float, str]]:
    """Return start, end and title of the chapters in a file."""
    with av.open(str(path)) as container:
        return [
            (
                float(chapter["start"] * (chapter["time_base"] or 0)),
                float(chapter["end"] * (chapter["time_base"] or 0)),
                chapter["metadata"].get("title", ""),
            )
            for chapter in container.chapters()
        ]


def packets(path: Path, kind: str) -> list[bytes]:
    """Return the packets of the first stream of a kind, as they are stored."""
    with av.open(str(path)) as container:
        stream = next(stream for stream in container.streams if stream.type == kind)
        return [bytes(packet) for packet in container.demux(stream) if packet.size]


def picture_at(path: Path, seconds: float) -> Picture:
    """Return the picture shown at a time of the file's clock: (height, width, 3)."""
    with av.open(str(path)) as container:
        frames = [f for f in container.decode(video=0) if f.time is not None and f.time <= seconds]
        return frames[-1].to_ndarray(format="rgb24").astype(np.uint8)


def changed(one: Picture, other: Picture) -> npt.NDArray[np.bool_]:
    """Return where two pictures differ by more than coding does."""
    found: npt.NDArray[np.bool_] = np.abs(one.astype(int) - other.astype(int)).max(axis=2) > 60
    return found

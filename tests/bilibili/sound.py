"""The streams of the emulated site: real fragmented MP4, made once by ffmpeg."""

from __future__ import annotations

import subprocess
import tempfile
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from subtools.media import find_ffmpeg
from tests.bilibili.videos import Page

BASE_FORMAT, MIDDLE_FORMAT, BEST_FORMAT = 30216, 30232, 30280
BITRATES = {BEST_FORMAT: 192, BASE_FORMAT: 64, MIDDLE_FORMAT: 132}  # kb/s, in the site's order
PICTURES = {30016: 16, 30032: 32}  # stream number -> quality
MIXED_FORMAT = 16  # sound and picture in one file, as old videos have it
# What the site serves: fragments of some seconds behind one index.
_CONTAINER = (
    *("-movflags", "+frag_keyframe+empty_moov+default_base_moof+global_sidx"),
    *("-frag_duration", "2000000", "-bitexact", "-map_metadata", "-1", "-f", "mp4"),
)
_SOUND = ("-c:a", "aac", "-ac", "2", "-aac_coder", "fast")
_PICTURE = ("-c:v", "libx264", "-preset", "ultrafast", "-threads", "1")
_at_work = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Source:
    cid: int
    duration: int
    sound: Path | None
    upload: int


def stream_bytes(page: Page, format_id: int, upload: int = 1) -> bytes:
    """Return the whole stream ``format_id`` of ``page``."""
    with _at_work:
        return _encode(_Source(page.cid, page.duration, page.sound, upload))[format_id]


@cache
def _encode(source: _Source) -> dict[int, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        files = {
            stream: Path(folder, f"{stream}.m4s") for stream in (*BITRATES, *PICTURES, MIXED_FORMAT)
        }
        subprocess.run(_command(source, files), check=True, stdin=subprocess.DEVNULL)
        return {stream: file.read_bytes() for stream, file in files.items()}


def _command(source: _Source, files: dict[int, Path]) -> list[str]:
    command = [str(find_ffmpeg()), "-hide_banner", "-loglevel", "error", "-y", *_sound_of(source)]
    command += ["-f", "lavfi", "-i", f"testsrc=size=64x36:rate=2:duration={source.duration}"]
    for stream, bitrate in BITRATES.items():
        command += ["-map", "0:a", *_SOUND, "-b:a", f"{bitrate}k", *_length(source), *_CONTAINER]
        command.append(str(files[stream]))
    for stream, quality in PICTURES.items():
        command += ["-map", "1:v", *_PICTURE, "-crf", str(52 - quality), *_CONTAINER]
        command.append(str(files[stream]))
    command += ["-map", "0:a", "-map", "1:v", *_SOUND, *_PICTURE, *_length(source), "-bitexact"]
    return [*command, "-f", "mp4", str(files[MIXED_FORMAT])]


def _length(source: _Source) -> list[str]:
    return ["-t", str(source.duration)]


def _sound_of(source: _Source) -> list[str]:
    if source.sound is not None:
        return ["-i", str(source.sound)]
    pitch = 200 + source.cid % 997 + 40 * source.upload  # Hz
    noise = f"anoisesrc=amplitude=0.2:seed={source.cid + source.upload}:duration={source.duration}"
    tone = f"sine=frequency={pitch}:sample_rate=48000:duration={source.duration}"
    return ["-f", "lavfi", "-i", f"{tone}[a];{noise}[b];[a][b]amix=inputs=2"]

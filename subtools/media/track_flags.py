"""The flag of an MP4 file that says a track is shown unasked, taken off in place.

ffmpeg flags the first subtitle track where none is a default one: nobody could mux subtitles
that stay off. Source: ISO/IEC 14496-12, 8.3.2 (track header box, ``track_enabled``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO

_ENABLED = 0x01  # in the last byte of the header's flags
_LARGE = 1  # a size of 1 stands for 64 bits after the name
_TO_THE_END = 0


def clear_default_flags(path: Path, tracks: Collection[int]) -> None:
    """Make ``tracks`` (numbers from 0) of the MP4 file ``path`` ones that stay off until chosen.

    Raises:
        OSError: If the file cannot be changed.
    """
    with path.open("r+b") as file:
        end = file.seek(0, 2)
        for moov in _boxes(file, b"moov", 0, end):
            for number, track in enumerate(_boxes(file, b"trak", *moov)):
                if number in tracks:
                    for header in _boxes(file, b"tkhd", *track):
                        _disable(file, header[0] + 3)  # a byte of version, three of flags


def _boxes(file: IO[bytes], name: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where the contents of the boxes called ``name`` begin and end."""
    while start + 8 <= end:
        file.seek(start)
        size, kind = int.from_bytes(file.read(4)), file.read(4)
        content = start + 8
        if size == _LARGE:
            size, content = int.from_bytes(file.read(8)), start + 16
        stop = end if size == _TO_THE_END else start + size
        if stop < content:
            return  # no box
        if kind == name:
            yield content, stop
        start = stop


def _disable(file: IO[bytes], place: int) -> None:
    file.seek(place)
    flags = file.read(1)[0]
    file.seek(place)
    file.write(bytes([flags & ~_ENABLED]))

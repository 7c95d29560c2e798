"""Is this the whole sound, and the right one? Everything a fetch must know before it is done."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from subtools.core import Seconds
from subtools.errors import FetchError, SubtoolsError

# Bilibili's `timelength` and the decoded AAC of the same talk are some hundredths apart; its
# list of parts has whole seconds. Parts of one conference may differ by no more than a second.
_NEAR: Seconds = 0.6
_NEAR_SHARE = 0.001
_WHOLE_SECONDS: Seconds = 1.0  # what rounding to whole seconds, up or down, can make
_ABOUT: Seconds = 3.0  # what sites other than Bilibili state is often copied from elsewhere
_ABOUT_SHARE = 0.02
_BOX_HEADER = 8  # bytes: length and name
_CONTAINER_BOXES = frozenset({b"ftyp", b"styp", b"moov", b"sidx", b"moof"})


class Measure(Protocol):
    """Decodes a media file once, from start to end."""

    def __call__(self, path: Path, /) -> Seconds:
        """Return how long the sound of ``path`` lasts, decoded.

        Raises:
            SubtoolsError: If it holds no sound or not all of it can be decoded.
        """


def check_size(path: Path, *, stated: int | None, url: str) -> None:
    """Raise unless ``path`` has the ``stated`` size (None: nobody stated one).

    Raises:
        FetchError: If it is larger or smaller, or empty.
    """
    size = path.stat().st_size
    if size == 0:
        raise FetchError("the site sent nothing", url=url, hint="try again later")
    if stated is not None and size != stated:
        message = f"the site sent {size} bytes where it states {stated}"
        raise FetchError(message, url=url, hint="try again later: a server holds a damaged copy")


def check_container(path: Path, *, url: str) -> None:
    """Raise if ``path`` is an MP4 file that ends before or after its own end.

    The boxes of the file must fill it, and the parts that its index (``sidx``) lists must be
    there: this finds a sound that was cut short even where no size was stated, to the byte.
    Other formats pass.

    Source: ISO/IEC 14496-12, 4.2 and 8.16.3.

    Raises:
        FetchError: If it is cut short or damaged.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if file.read(_BOX_HEADER)[4:] not in _CONTAINER_BOXES:
            return
        for name, start, end, header in _walk_boxes(file, size):
            if end > size or not _is_name(name):
                raise _cut_short(start, size, url)
            if name == b"sidx" and _indexed_end(file, start + header, end) > size:
                raise _cut_short(size, size, url)


def check_duration(
    measured: Seconds, *, exact: Seconds | None, rounded: Seconds | None, url: str
) -> None:
    """Raise unless the ``measured`` length of the sound is the stated one.

    Args:
        measured: The decoded length.
        exact: What the site states to the millisecond, if it does.
        rounded: What the site states in whole seconds, if it does.
        url: The address it is about.

    Raises:
        FetchError: If it is longer or shorter.
    """
    for stated, slack in ((exact, 0.0), (rounded, _WHOLE_SECONDS)):
        if stated and abs(measured - stated) > slack + _NEAR + _NEAR_SHARE * stated:
            raise FetchError(
                f"the sound lasts {measured:.1f} s where the site states {stated:.1f} s",
                url=url,
                hint="it is cut short, a preview, or another part's: try again later, or with "
                "the cookies of a browser in which all of it plays",
            )


def check_roughly(
    measured: Seconds, *, stated: Seconds | None, is_joined: bool = False, url: str
) -> None:
    """Raise if the sound is clearly shorter than what a page says, which may be about right.

    Args:
        measured: The decoded length.
        stated: What the page says.
        is_joined: Whether it came in pieces: then it may be longer by mistake, too.
        url: The address it is about.

    Raises:
        FetchError: If more is missing than feeds and pages are wrong by.
    """
    if not stated:
        return
    lacking = stated - measured
    if max(lacking, -lacking if is_joined else 0.0) > _ABOUT + _ABOUT_SHARE * stated:
        raise FetchError(
            f"the sound lasts {measured:.1f} s where the site states {stated:.1f} s",
            url=url,
            hint="it is cut short, or a preview: try again later, or with cookies",
        )


def check_stated(exact: Seconds | None, rounded: Seconds | None, *, url: str) -> None:
    """Raise if what the site states about one part in two places does not agree.

    Raises:
        FetchError: If the streams are of another length than the part in the list of parts.
    """
    if exact and rounded and abs(exact - rounded) > _WHOLE_SECONDS + _NEAR + _NEAR_SHARE * rounded:
        raise FetchError(
            f"the site offers a sound of {exact:.1f} s for a part of {rounded:.0f} s",
            url=url,
            hint="it is another part's, or a preview: try again later, or with cookies",
        )


def measure_whole(path: Path, measure: Measure, *, url: str) -> Seconds:
    """Return the decoded length of ``path``.

    Raises:
        FetchError: If it cannot be decoded.
    """
    try:
        return measure(path)
    except FetchError:
        raise
    except SubtoolsError as error:
        raise FetchError(
            f"what the site sent cannot be decoded: {error.message}",
            url=url,
            hint="try again later: a server holds a damaged copy",
        ) from error


def _walk_boxes(file: IO[bytes], size: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Return name, start, end and length of the header of each box of the file."""
    start = 0
    while start < size:
        file.seek(start)
        head = file.read(_BOX_HEADER)
        length, name, header = int.from_bytes(head[:4], "big"), head[4:], _BOX_HEADER
        if length == 1:  # the length follows, in 64 bits
            length, header = int.from_bytes(file.read(8), "big"), 2 * _BOX_HEADER
        elif length == 0:  # to the end of the file
            length = size - start
        yield name, start, start + length if length >= header else size + 1, header
        start += length


def _is_name(name: bytes) -> bool:
    return len(name) == 4 and all(0x20 <= byte < 0x7F or byte == 0xA9 for byte in name)


def _indexed_end(file: IO[bytes], start: int, anchor: int) -> int:
    """Return where the last piece ends that an index lists; pieces count from ``anchor``."""
    file.seek(start)
    version = file.read(4)[:1]
    file.seek(8, os.SEEK_CUR)  # id and time scale
    width = 8 if version == b"\x01" else 4
    file.seek(width, os.SEEK_CUR)  # earliest time
    offset = int.from_bytes(file.read(width), "big")
    count = int.from_bytes(file.read(4)[2:], "big")
    entries = file.read(12 * count)
    lengths = (
        int.from_bytes(entries[k : k + 4], "big") & 0x7FFF_FFFF for k in range(0, len(entries), 12)
    )
    return anchor + offset + sum(lengths)


def _cut_short(place: int, size: int, url: str) -> FetchError:
    where = f"at byte {place} of {size}" if place < size else f"after {size} bytes"
    return FetchError(
        f"the sound that the site sent is damaged or cut short {where}",
        url=url,
        hint="try again later: a server holds a damaged copy",
    )

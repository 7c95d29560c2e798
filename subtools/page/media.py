"""Where the sound or the picture is, as seen from the page."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote


class MediaKind(StrEnum):
    """What plays a file: the name of the HTML element."""

    AUDIO = "audio"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class MediaReference:
    """A media file that lies beside the page, or not far from it.

    Attributes:
        link: Its address relative to the page, URL-encoded: ``./talk%201.m4a``.
        kind: What plays it.
        name: What it is called, for people.
    """

    link: str
    kind: MediaKind = MediaKind.AUDIO
    name: str = ""


def relative_link(media: Path, folder: Path) -> str:
    """Return the address of ``media`` for a page in ``folder``.

    It begins with a dot, so that no name is taken for a scheme (``a:b.mp3``), and goes
    by the folders' real places, so that a link to a folder does not lead elsewhere.

    Raises:
        ValueError: If there is no relative path, as between two drives of Windows.

    >>> relative_link(Path("out/5% of #1?.opus"), Path("out"))
    './5%25%20of%20%231%3F.opus'
    >>> relative_link(Path("talks/a:b.mp3"), Path("out"))
    '../talks/a%3Ab.mp3'
    """
    path = Path(os.path.relpath(media.parent.resolve() / media.name, folder.resolve()))
    link = "/".join(quote(os.fsencode(part), safe="") for part in path.parts)
    return link if link.startswith("../") else f"./{link}"

"""An emulated Bilibili on 127.0.0.1, which an unchanged yt-dlp takes for the real one."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bilibili.faults import FOR_EVER, Faults
from tests.bilibili.proxy import open_proxy
from tests.bilibili.site import STREAM_HOSTS, Site
from tests.bilibili.sound import BASE_FORMAT, BEST_FORMAT, MIDDLE_FORMAT
from tests.bilibili.videos import (
    COLLECTION,
    CONFERENCE,
    HOSTILE_TITLES,
    MEMBERS,
    SERIES,
    TALK,
    VIDEOS,
    Line,
    OtherFile,
    Page,
    Subtitle,
    Video,
    titled,
)
from tests.bilibili.wire import Request

__all__ = [
    "BASE_FORMAT",
    "BEST_FORMAT",
    "COLLECTION",
    "CONFERENCE",
    "FOR_EVER",
    "HOSTILE_TITLES",
    "MEMBERS",
    "MIDDLE_FORMAT",
    "SERIES",
    "STREAM_HOSTS",
    "TALK",
    "VIDEOS",
    "Faults",
    "Line",
    "OtherFile",
    "Page",
    "Request",
    "Site",
    "Subtitle",
    "Video",
    "emulated_bilibili",
    "titled",
]


@contextmanager
def emulated_bilibili(
    folder: Path,
    *,
    videos: Sequence[Video] = VIDEOS,
    faults: Faults = Faults(),  # noqa: B008 - frozen
    other_files: Sequence[OtherFile] = (),
) -> Iterator[Site]:
    """Run the site for a while; its authority's certificate goes to ``folder``.

    Raises:
        AssertionError: At the end, if a host was asked for that is not emulated, or if the
            site itself broke.
    """
    site = Site(videos, faults, other_files)
    proxy = open_proxy(site, folder)
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        proxy.shutdown()
        thread.join()
        proxy.hang_up()
        proxy.server_close()
    assert not site.failures, site.failures[0]
    assert not site.foreign, f"asked for hosts that are not emulated: {site.foreign}"

"""The state of the emulated site: what it holds, what goes wrong, what it was asked."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bilibili.faults import Faults
from tests.bilibili.sound import stream_bytes
from tests.bilibili.videos import COLLECTION, Collection, OtherFile, Page, Video
from tests.bilibili.wire import Request

STREAM_HOSTS = (
    "upos-sz-mirrorcos.bilivideo.com",  # the one in `base_url`
    "upos-sz-mirror08c.bilivideo.com",
    "xy10x0x0x1xy.mcdn.bilivideo.cn",
)
STREAM_PORTS = (443, 443, 4483)
SHORT_LINK_HOSTS = ("b23.tv", "bili2233.cn")
HOSTS = (
    *("www.bilibili.com", "bilibili.com", "m.bilibili.com", "api.bilibili.com"),
    *("comment.bilibili.com", "space.bilibili.com", "aisubtitle.hdslb.com", "i0.hdslb.com"),
    *STREAM_HOSTS,
    *SHORT_LINK_HOSTS,
)


class Site:
    """One emulated site.

    Attributes:
        proxy: Address of the proxy behind which it is.
        ca_file: The authority that signed its certificates, PEM.
        videos: What it holds.
        collection: The one list of videos it holds.
        short_links: From the path of a short link to where it leads.
        other_files: Files on sites that are not Bilibili.
        requests: What it was asked, in order.
        foreign: Hosts that were asked for and are not emulated.
        failures: Errors in the site itself.
        closing: Set when it is shut down.
    """

    def __init__(
        self, videos: Sequence[Video], faults: Faults, other_files: Sequence[OtherFile] = ()
    ) -> None:
        self.proxy = ""
        self.ca_file = Path()
        self.videos = tuple(videos)
        self.collection: Collection = COLLECTION
        self.short_links: dict[str, str] = {}
        self.other_files = tuple(other_files)
        self.requests: list[Request] = []
        self.foreign: list[str] = []
        self.failures: list[str] = []
        self.closing = threading.Event()
        self._faults = faults
        self._spent: Counter[str] = Counter()
        self._lock = threading.Lock()

    @property
    def faults(self) -> Faults:
        """What goes wrong; may be replaced at any time, which starts all counts anew."""
        return self._faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        with self._lock:
            self._faults = faults
            self._spent.clear()

    @property
    def environment(self) -> dict[str, str]:
        """Variables that lead a program to this site and nowhere else."""
        addresses = dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"), self.proxy)
        both = {**addresses, "NO_PROXY": ""}
        lower = {name.lower(): value for name, value in both.items()}
        return {**both, **lower, "SSL_CERT_FILE": str(self.ca_file)}

    @property
    def ydl_options(self) -> dict[str, Any]:
        """Options with which yt-dlp gets here; ``SSL_CERT_FILE`` must be set too.

        yt-dlp trusts certifi's list, when that is installed, rather than the system's and
        ``SSL_CERT_FILE``; ``no-certifi`` turns this around.
        """
        return {"proxy": self.proxy, "compat_opts": {"no-certifi"}, "cachedir": False}

    def spend(self, fault: str, times: float) -> bool:
        """Return True the first ``times`` times it is asked about ``fault``."""
        with self._lock:
            if self._spent[fault] >= times:
                return False
            self._spent[fault] += 1
            return True

    def count(self, what: str) -> int:
        """Return how often this was asked about ``what``, this time included."""
        with self._lock:
            self._spent[what] += 1
            return self._spent[what]

    def bytes_of(self, bvid: str, part: int, format_id: int) -> bytes:
        """Return the true bytes of a stream, whatever the faults; parts count from 1."""
        video = self.video(bvid)
        if video is None:
            raise KeyError(bvid)
        return stream_bytes(video.pages[part - 1], format_id, self.faults.upload)

    def video(self, name: str) -> Video | None:
        """Return the video called ``BV...``, ``av...`` or by its bare number."""
        number = name[2:] if name[:2].lower() == "av" else name
        for video in self.videos:
            if name == video.bvid or number == str(video.aid):
                return video
        return None

    def parts(self, video: Video) -> tuple[tuple[int, Page], ...]:
        """Return the parts that are there, each with its number."""
        numbered = enumerate(video.pages, start=1)
        return tuple(pair for pair in numbered if pair[0] != self.faults.missing_part)

    def find_cid(self, cid: str) -> tuple[Video, Page] | None:
        """Return the part whose stream is number ``cid``, with its video."""
        for video in self.videos:
            for _, page in self.parts(video):
                if str(page.cid) == cid:
                    return video, page
        return None

    def asked(self, host: str, route: str = "") -> list[Request]:
        """Return the requests to ``host`` whose path begins with ``route``."""
        return [r for r in self.requests if r.host == host and r.path.startswith(route)]

"""What visits the emulated site in tests: plain yt-dlp, and plain requests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, build_opener

import yt_dlp

from tests.bilibili.site import Site
from tests.bilibili.videos import CONFERENCE

VIDEO = "https://www.bilibili.com/video"
API_HOST = "api.bilibili.com"
PART_8 = f"{VIDEO}/{CONFERENCE.bvid}?p=8"
BROWSER = {"Referer": VIDEO, "User-Agent": "Mozilla/5.0"}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What yt-dlp came back with.

    Attributes:
        info: Its metadata.
        path: The file it made.
    """

    info: dict[str, Any]
    path: Path

    @property
    def body(self) -> bytes:
        """The bytes of the file."""
        return self.path.read_bytes()


def extract(site: Site, address: str, **options: object) -> dict[str, Any]:
    """Return what plain yt-dlp says about ``address``."""
    with yt_dlp.YoutubeDL(_quiet(site) | options) as downloader:
        return dict(downloader.extract_info(address, download=False))


def download(site: Site, address: str, **options: object) -> Fetched:
    """Have plain yt-dlp download the best sound of ``address``, next to the site's authority."""
    folder = str(site.ca_file.parent / "got")
    chosen = {"format": "ba/b", "paths": {"home": folder}, "fixup": "never"}
    with yt_dlp.YoutubeDL(_quiet(site) | chosen | options) as downloader:
        info = dict(downloader.extract_info(address))
    return Fetched(info, Path(info["requested_downloads"][0]["filepath"]))


def best(info: dict[str, Any]) -> dict[str, Any]:
    """Return the format of ``info`` that sounds best."""
    sounds = [found for found in info["formats"] if found["vcodec"] == "none"]
    return dict(max(sounds, key=lambda found: found["tbr"]))


def visit(address: str, headers: dict[str, str] = BROWSER) -> tuple[int, bytes]:
    """Return status and body of ``address``, asked for without yt-dlp."""
    request = Request(address, headers=headers)
    try:
        with build_opener().open(request, timeout=5) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.read()


def call(path: str) -> dict[str, Any]:
    """Return the API's answer."""
    return dict(json.loads(visit(f"https://{API_HOST}{path}")[1]))


def log_in(folder: Path) -> Path:
    """Return a file of cookies with the session of a logged-in user."""
    fields = (".bilibili.com", "TRUE", "/", "TRUE", "4102444800", "SESSDATA", "emulated")
    path = folder / "cookies.txt"
    path.write_text("# Netscape HTTP Cookie File\n" + "\t".join(fields) + "\n", encoding="utf-8")
    return path


def _quiet(site: Site) -> dict[str, Any]:
    common = {"quiet": True, "noprogress": True, "no_warnings": True, "socket_timeout": 5}
    return {**site.ydl_options, **common, "retries": 3}

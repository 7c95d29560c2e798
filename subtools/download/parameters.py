"""yt-dlp's settings: quiet, native, nothing executed, nothing written but where we say."""

from __future__ import annotations

import os
from typing import Any

from subtools.download.cookies import read_cookies
from subtools.download.options import FetchOptions


def compose_parameters(options: FetchOptions, warnings: list[str]) -> dict[str, Any]:
    """Return yt-dlp's settings: quiet, native, nothing executed, nothing written but here."""
    patience = options.patience
    parameters: dict[str, Any] = {
        "logger": _Log(warnings),
        "quiet": True,
        "noprogress": True,
        "color": "never",
        "cachedir": False,
        "noplaylist": True,
        "extract_flat": "in_playlist",
        "format": "bestaudio/best",
        "check_formats": False,
        "fixup": "never",
        "updatetime": False,
        "hls_prefer_native": True,
        "ffmpeg_location": os.devnull,  # it would fetch past every check here
        "skip_unavailable_fragments": False,  # else they are left out, and nobody is told
        "retries": patience.tries,
        "fragment_retries": patience.tries,
        "socket_timeout": patience.silence,
        "ratelimit": options.rate_limit,
        "js_runtimes": {},  # nothing that was fetched is executed
    }
    if options.proxy is not None:
        parameters["proxy"] = options.proxy
    if os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR"):
        # yt-dlp prefers certifi's list, if that is installed, to the one the user names.
        parameters["compat_opts"] = {"no-certifi"}
    if options.cookies is not None:
        parameters["cookiefile"] = read_cookies(options.cookies)
    if options.cookies_from_browser is not None:
        name, _, profile = options.cookies_from_browser.partition(":")
        parameters["cookiesfrombrowser"] = (name.strip().lower(), profile or None, None, None)
    return parameters


class _Log:
    """Takes what yt-dlp would print; cookies and passwords never get to a terminal."""

    def __init__(self, warnings: list[str]) -> None:
        self._warnings = warnings

    def debug(self, message: str) -> None:
        """Ignore what is no warning."""

    info = error = debug

    def warning(self, message: str) -> None:
        """Keep the warning."""
        self._warnings.append(str(message))

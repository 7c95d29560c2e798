"""yt-dlp's settings: quiet, native, nothing executed, nothing written but where we say."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

from subtools.download.cookies import read_cookies
from subtools.download.options import FetchOptions
from subtools.errors import FetchError

_PROXIES = frozenset({"http", "socks4", "socks4a", "socks5", "socks5h"})


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
        "geo_bypass": False,  # it would tell sites made-up addresses
    }
    if options.proxy is not None:
        parameters["proxy"] = read_proxy(options.proxy)
    if os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR"):
        # yt-dlp prefers certifi's list, if that is installed, to the one the user names.
        parameters["compat_opts"] = {"no-certifi"}
    if options.cookies is not None:
        parameters["cookiefile"] = read_cookies(options.cookies)
    if options.cookies_from_browser is not None:
        name, _, profile = options.cookies_from_browser.partition(":")
        parameters["cookiesfrombrowser"] = (name.strip().lower(), profile or None, None, None)
    return parameters


def run_nothing_else() -> None:
    """Let yt-dlp load no plugins of the user's, and execute nothing that it fetches."""
    from yt_dlp.extractor import openload
    from yt_dlp.globals import plugin_dirs

    plugin_dirs.value = []
    openload.check_executable = lambda *_: False  # it would run PhantomJS on a site's scripts


def read_proxy(text: str) -> str:
    """Return the address of a proxy; without a scheme it is one of HTTP.

    >>> read_proxy("127.0.0.1:8080"), read_proxy("socks5://localhost:1080")
    ('http://127.0.0.1:8080', 'socks5://localhost:1080')

    Raises:
        FetchError: If it is none; what it is, is not quoted, as it may hold a password.
    """
    address = text.strip() if "://" in text else f"http://{text.strip()}"
    try:
        pieces = urlsplit(address)
        is_one = pieces.scheme.lower() in _PROXIES and pieces.hostname and pieces.port != 0
    except ValueError:
        is_one = False
    if not is_one:
        hint = "give http://HOST:PORT or socks5://HOST:PORT; % in passwords is written %25, / %2F"
        raise FetchError("this is no address of a proxy", hint=hint)
    return address


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

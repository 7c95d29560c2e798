"""Streams that come in pieces (HLS, DASH): yt-dlp's own downloader joins them."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import Any

from subtools.download.asking import Track
from subtools.download.explaining import FAILURES, explain
from subtools.download.folders import PRIVATE
from subtools.download.streaming import Transfer
from subtools.errors import FetchError


def fetch_pieces(track: Track, name: str, transfer: Transfer, *, url: str) -> Path:
    """Return the file with all pieces of ``track``, one after the other, as served.

    Raises:
        FetchError: If one of them cannot be fetched.
    """
    path = transfer.place / f"{name}.pieces"
    # yt-dlp would go on with what a killed run left: pieces of another upload, or one twice.
    for leftover in transfer.place.glob(f"{glob.escape(name)}.pieces*"):
        leftover.unlink()

    def report(state: dict[str, Any]) -> None:
        done = state.get("downloaded_bytes") or 0
        total = state.get("total_bytes") or state.get("total_bytes_estimate") or 0
        if done > transfer.largest:
            raise FetchError("it is larger than a talk can be", url=url)
        transfer.report(float(done), float(max(done, total)) if total else 0.0)

    transfer.opener.add_progress_hook(report)
    try:
        is_done, _ = transfer.opener.dl(str(path), dict(track.raw))
    except (FetchError, *FAILURES) as error:
        raise explain(error, url) from error
    finally:
        transfer.opener._progress_hooks.remove(report)
    if not is_done or not path.exists():
        raise FetchError("a piece of the sound cannot be fetched", url=url, hint="try again later")
    path.chmod(PRIVATE)
    return path

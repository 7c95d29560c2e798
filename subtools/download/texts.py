"""Whether the texts of a finished fetch are complete. Needs no yt-dlp."""

from __future__ import annotations

from subtools.download.metadata import Metadata
from subtools.download.options import FetchOptions


def lacks_texts(metadata: Metadata | None, options: FetchOptions) -> bool:
    """Return whether subtitles were not to be had, and may be with the cookies given now."""
    has_cookies = options.cookies is not None or options.cookies_from_browser is not None
    is_wanted = has_cookies and options.subtitles and metadata is not None
    return is_wanted and any(map(is_about_texts, metadata.notes if metadata else ()))


def is_about_texts(note: str) -> bool:
    """Return whether ``note`` says why there are no subtitles."""
    return "subtitle" in note

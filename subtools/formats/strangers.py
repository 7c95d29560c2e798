"""What is no file of subtitles, but often lies where one should be."""

from __future__ import annotations

import re

from subtools.errors import DocumentError
from subtools.formats.mending import quote

_FETCH_AGAIN = "fetch the subtitles again; an address may have expired, or want a login"
_PAGE = re.compile(
    r"(?:<\?xml[^>]*>\s*|<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_TITLE = re.compile(r"<(?:title|h1)[^<>]*>([^<]{1,300})", re.IGNORECASE)
_LOOKS = (  # how it begins, what it is, what to do
    (re.compile(r"[\[{]\s*[\"{\[\]}]"), "JSON of no kind that is known", _FETCH_AGAIN),
    (re.compile(r"<\?xml|<[A-Za-z][\w:.-]*[\s>]"), "XML of no kind that is known", _FETCH_AGAIN),
    (re.compile(r"#EXTM3U"), "a playlist", "give one of the files that it lists"),
    (re.compile(r"\[\d+\]\[\d+\]"), "MPL2, which is not read", "convert it to SubRip first"),
    (
        re.compile(r"\{\d+\}\{\d*\}"),
        "MicroDVD, whose times are frames",
        "add {1}{1}25 as the first line if 25 frames a second is what the video has",
    ),
)


def refuse_page(text: str) -> None:
    """Raise if ``text`` is a web page: what a site sends when it has no subtitles.

    Raises:
        DocumentError: If it is.
    """
    if _PAGE.match(text, _first_character(text)):
        title = _TITLE.search(text[:20_000])
        said = f" ({quote(title[1])})" if title and title[1].strip() else ""
        message = f"a web page, not subtitles{said}"
        raise DocumentError(message, hint=_FETCH_AGAIN, line=_first_line(text))


def explain_stranger(text: str) -> DocumentError | None:
    """Return what ``text`` is instead of subtitles; None if that cannot be told."""
    first = _first_character(text)
    for looks, kind, advice in _LOOKS:
        if looks.match(text, first):
            message = f"{kind}, not subtitles: {quote(text[first : first + 200])}"
            return DocumentError(message, hint=advice, line=_first_line(text))
    return None


def _first_character(text: str) -> int:
    return len(text) - len(text.lstrip("\ufeff \t\r\n"))


def _first_line(text: str) -> int:
    before = text[: _first_character(text)]
    return len(re.findall(r"\r\n|\r|\n", before)) + 1

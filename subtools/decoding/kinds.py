"""What kind of file bytes are that are no text."""

from __future__ import annotations

import re

_TEXT_FIRST = "give the text of the talk, not its recording"
_LOOKS = (
    (rb"%PDF-", "a PDF", "copy its text into a text file"),
    (rb"\{\\rtf", "an RTF document", "save it as plain text"),
    (rb"\xd0\xcf\x11\xe0", "an old Word document", "save it as plain text"),
    (rb"PK\x03\x04[\s\S]*word/", "a Word document", "save it as plain text"),
    (rb"PK\x03\x04|\x1f\x8b\x08|7z\xbc\xaf|Rar!\x1a|\xfd7zXZ", "an archive", "unpack it first"),
    (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF[\s\S]{4}WEBP", "an image", "type its text first"),
    (rb"ID3[\x02-\x04]|\xff[\xfa\xfb][\x10-\xeb]", "sound", _TEXT_FIRST),
    (rb"\xff[\xf1\xf9][\x40-\x7f]", "sound", _TEXT_FIRST),  # AAC; FF F1 ED is ясн in cp1251
    (rb"OggS\x00|fLaC\x00|RIFF[\s\S]{4}WAVE|#!AMR", "sound", _TEXT_FIRST),
    (rb"[\s\S]{4}ftyp|\x1aE\xdf\xa3|FLV\x01|RIFF[\s\S]{4}AVI ", "sound or video", _TEXT_FIRST),
    (rb"\x00\x00\x01[\xb3\xba]", "video", _TEXT_FIRST),
)


def recognise_file(data: bytes) -> str:
    """Return what ``data`` looks like and what to do with it; empty if it may be text."""
    for pattern, kind, advice in _LOOKS:
        if re.match(pattern, data):
            return f"it looks like {kind}: {advice}"
    return ""

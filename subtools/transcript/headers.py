"""What the top of a document says about the talk."""

from __future__ import annotations

import re

from subtools.core import Source
from subtools.transcript.blocks import trim

_SEPARATOR = " - "
_BVID = re.compile(r"BV[0-9A-Za-z]{10}")
_PART = re.compile(r"[Pp]0*([1-9][0-9]{0,3})(?:\s*[:：]\s*(.*))?")
_FENCE = re.compile(r"(?:---|\.\.\.)\s*")
_FIELD = re.compile(r"([\w-]+)\s*:(?:\s+(.*))?")
_NESTED = re.compile(r"\s*#.*|\s+\S.*|-\s.*|\s*")  # comment, value of the field above, blank


def parse_header(line: str) -> Source | None:
    """Return what a header such as ``# title - P8：part - uploader - BV...`` says.

    It is read from the right, as a title may hold the separator: the id, then who
    published it, then the part. Part and uploader may be missing.

    >>> source = parse_header("# 智源大会 - 语言 - P8：圆桌讨论 - 智源社区 - BV1zE421N7UJ")
    >>> source.title, source.part, source.part_title, source.uploader
    ('智源大会 - 语言', 8, '圆桌讨论', '智源社区')

    Returns:
        None if the line does not end with a BV id.
    """
    *pieces, bvid = trim(trim(line).removeprefix("#")).split(_SEPARATOR)
    if not _BVID.fullmatch(bvid):
        return None
    pieces = [piece.strip() for piece in pieces]
    parts = [index for index, piece in enumerate(pieces) if _PART.fullmatch(piece)]
    if not parts:
        title, uploader = (pieces[:-1], pieces[-1]) if len(pieces) > 1 else (pieces, "")
        return Source(title=_join(title), uploader=uploader or None, bvid=bvid)
    return _with_part(pieces[: parts[-1]], pieces[parts[-1] :], bvid)


def _with_part(title: list[str], rest: list[str], bvid: str) -> Source:
    """Return the source for ``rest``: the part, more of its title, the uploader."""
    number, name = re.findall(_PART, rest[0])[0]
    more, uploader = (rest[1:-1], rest[-1]) if len(rest) > 1 else ([], "")
    return Source(
        title=_join(title),
        part=int(number),
        part_title=_join([name, *more]),
        uploader=uploader or None,
        bvid=bvid,
    )


def _join(pieces: list[str]) -> str | None:
    return _SEPARATOR.join(filter(None, pieces)) or None


def split_front_matter(lines: list[str]) -> tuple[str | None, list[str]]:
    """Return the title in the YAML front matter, and the lines below it.

    >>> split_front_matter(["---", 'title: "圓桌"', "date: 2024-06-14", "---", "好。"])
    ('圓桌', ['好。'])
    """
    if not lines or lines[0].rstrip() != "---":
        return None, lines
    end = next((index for index, line in enumerate(lines) if index and _FENCE.fullmatch(line)), 0)
    fields = lines[1:end]
    if not any(map(_FIELD.fullmatch, fields)) or not all(map(_is_front_matter, fields)):
        return None, lines
    found = [
        match[2] or "" for match in map(_FIELD.fullmatch, fields) if match and match[1] == "title"
    ]
    return trim("".join(found[:1])).strip("\"'") or None, lines[end + 1 :]


def _is_front_matter(line: str) -> bool:
    return bool(_FIELD.fullmatch(line) or _NESTED.fullmatch(line))

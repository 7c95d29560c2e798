"""Bytes of a document or a subtitle file to text, whatever encoding it was saved in."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from subtools.core import Remark
from subtools.decoding.guessing import (
    guess_narrow,
    guess_wide,
    has_controls,
    is_decoded,
)
from subtools.decoding.kinds import recognise_file
from subtools.errors import DocumentError

_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf_32_le"),
    (codecs.BOM_UTF32_BE, "utf_32_be"),
    (codecs.BOM_UTF16_LE, "utf_16_le"),
    (codecs.BOM_UTF16_BE, "utf_16_be"),
    (codecs.BOM_UTF8, "utf_8"),
)
_LINE_END = re.compile(r"\r\n?")
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_NARROW_LINE_END = re.compile(rb"\r\n|\r|\n")


def decode_text(data: bytes, *, path: Path | str | None = None) -> str:
    r"""Return the text of ``data``, without byte order mark, lines ended by line feeds.

    >>> decode_text("你好，世界\r\n".encode("gb18030"))
    '你好，世界\n'

    Args:
        data: A whole file.
        path: Where it came from; for messages only.

    Raises:
        DocumentError: If it is empty, damaged, no text, or in no known encoding.
    """
    mark, encoding = _find_encoding(data, path)
    text = _decode_strictly(data[len(mark) :], encoding, path)
    if "\0" in text:
        raise _not_text(data, path)
    return _finish(text, path)


def decode_subtitles(
    data: bytes, *, path: Path | str | None = None
) -> tuple[str, tuple[Remark, ...]]:
    r"""Return the text of a subtitle file as ``decode_text`` does, and what was mended in it.

    Damage that other tools leave behind is no reason to lose all cues: NUL characters are left
    out, bytes that are no characters become U+FFFD, and lines in another encoding than the
    rest, as of files put together, are read in theirs.

    >>> decode_subtitles(b"Hello,\0 you")[0]
    'Hello, you'

    Args:
        data: A whole file.
        path: Where it came from; for messages only.

    Raises:
        DocumentError: If it is empty, no text, or in no known encoding.
    """
    remarks: list[Remark] = []
    mark = (_find_mark(data) or (b"",))[0]
    is_wide = bool(mark and mark != codecs.BOM_UTF8) or bool(guess_wide(data))
    if b"\0" in data and not is_wide:
        remarks.append(_remark_nuls(data))
        data = data.replace(b"\0", b"")
    mark, encoding = _find_encoding(data, path)
    text, damage = _decode_leniently(data[len(mark) :], encoding)
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        remarks.append(Remark(f"NUL characters left out ({text.count(chr(0))})", line))
        text = text.replace("\0", "")
    return _finish(text, path), (*remarks, *damage)


def _find_encoding(data: bytes, path: Path | str | None) -> tuple[bytes, str]:
    """Return the byte order mark of ``data``, if it has one, and its encoding.

    Raises:
        DocumentError: If it is no text.
    """
    if recognise_file(data):
        raise _not_text(data, path)
    if found := _find_mark(data):
        return found
    if wide := guess_wide(data):
        return b"", wide
    if has_controls(data) or b"\0" in data:
        raise _not_text(data, path)
    encoding = guess_narrow(data)
    if not encoding:
        raise DocumentError(
            "the encoding of the document is not known", hint="save it as UTF-8", path=path
        )
    return b"", encoding


def _find_mark(data: bytes) -> tuple[bytes, str] | None:
    """Return the byte order mark of ``data`` and the encoding it stands for."""
    return next((known for known in _BOMS if data.startswith(known[0])), None)


def _not_text(data: bytes, path: Path | str | None) -> DocumentError:
    hint = recognise_file(data) or "save it as plain text in UTF-8"
    return DocumentError("the document is binary data, not text", hint=hint, path=path)


def _finish(text: str, path: Path | str | None) -> str:
    if not text.strip("\ufeff \t\r\n"):
        raise DocumentError("the document is empty", path=path)
    return _LINE_END.sub("\n", text)


def _remark_nuls(data: bytes) -> Remark:
    first = data.index(b"\0")
    line = len(_NARROW_LINE_END.findall(data, 0, first)) + 1
    return Remark(f"NUL characters left out ({data.count(0)})", line)


def _decode_strictly(data: bytes, encoding: str, path: Path | str | None) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "replace").count("\n") + 1
        raise DocumentError(
            f"the document is damaged: line {line} is not valid {encoding.replace('_', '-')}",
            hint="save it as UTF-8 again",
            path=path,
            line=line,
        ) from error


def _decode_leniently(data: bytes, encoding: str) -> tuple[str, tuple[Remark, ...]]:
    """Return the text of ``data``, lines that are not in ``encoding`` mended, with a remark."""
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError:
        pass
    if not encoding.startswith("utf_8"):
        text = data.decode(encoding, "replace")
        return text, (_remark_damage(text, encoding),)
    lines = data.splitlines(keepends=True)
    foreign = [line for line in lines if _is_foreign(line)]
    other = guess_narrow(b"".join(foreign)) if foreign else ""
    if not other or other == encoding:
        text = data.decode(encoding, "replace")
        return text, (_remark_damage(text, encoding),)
    texts = [line.decode(other if _is_foreign(line) else encoding, "replace") for line in lines]
    first = next(number for number, line in enumerate(lines, start=1) if _is_foreign(line))
    said = f"{len(foreign)} line{'s' * (len(foreign) > 1)} in {_name(other)}, unlike the rest"
    text = "".join(texts)
    damage = (_remark_damage(text, encoding),) if "\ufffd" in text else ()
    return text, (Remark(said, first), *damage)


def _is_foreign(line: bytes) -> bool:
    """Tell whether ``line`` is in another encoding than UTF-8, not just damaged."""
    beyond = [c for c in line.decode("utf_8", "replace") if c > "\x7f"]
    return 2 * beyond.count("\ufffd") > len(beyond) and not is_decoded(line, "utf_8")


def _remark_damage(text: str, encoding: str) -> Remark:
    line = len(_LINE_ENDS.findall(text, 0, text.index("\ufffd"))) + 1
    count = text.count("\ufffd")
    return Remark(f"not valid {_name(encoding)}, shown as \ufffd ({count})", line)


def _name(encoding: str) -> str:
    return encoding.replace("_", "-")

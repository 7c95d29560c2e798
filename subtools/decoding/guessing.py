"""Which encoding bytes are in that do not say it.

Byte order marks and valid UTF-8 are believed. The East Asian encodings overlap so
much that most short texts are valid in several of them: of stretches of 10 characters
of a talk, in GB18030, charset-normalizer 3.5 takes 46 % for Korean and the like, even
where it may choose among few encodings. So each is tried, and the reading that consists
mostly of everyday characters wins (0.3 % wrong); what is written in letters is known by its
words (``alphabets``), and charset-normalizer judges the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from subtools.decoding.alphabets import find_alphabet
from subtools.decoding.everyday import EVERYDAY

WIDE = ("utf_16_le", "utf_16_be")
# In order of preference where two read the same. cp950 is Big5 as Windows writes it,
# with a few signs that the Hong Kong superset puts elsewhere.
_EAST_ASIAN = ("gb18030", "big5hkscs", "cp950", "cp932", "cp949", "euc_jp")
_OTHERS = ("cp1252", "cp1251", "koi8_r")  # more of them, and French is taken for Czech
# Measured on 2,600 stretches of 10 to 40 characters of a talk in GB18030, Big5 and
# UTF-16: 99 % of the right readings have 0.7 and more, 99 % of the wrong ones 0.35 or less.
_CONVINCING = 0.35  # share of everyday characters among those beyond ASCII
_DAMAGED = 0.25  # share of unreadable ones below which a text was meant to be UTF-8
_CERTAIN = 0.8  # the same, above which no other reading comes into question
_MIXED = 0.3  # share of readable lines above which the others are in another encoding
_TOO_MANY_CONTROLS = 0.01  # of all bytes; random bytes have a tenth
_SAMPLE = 100_000  # bytes that are enough to know the encoding
_MOSTLY_ASCII = 1.5  # ASCII letters for each other byte; East Asian text has fewer

_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_LETTERS = re.compile(rb"[A-Za-z]")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


def guess_wide(data: bytes) -> str:
    """Return which UTF-16 or UTF-32 ``data`` without a byte order mark is; empty if none."""
    if b"\0" not in data and not has_controls(data):
        return ""
    sample = data[:_SAMPLE]
    for encoding in ("utf_32_le", "utf_32_be"):
        if not len(data) % 4 and is_decoded(sample[: len(sample) // 4 * 4], encoding):
            return encoding
    shares = {encoding: everyday_share(sample, encoding) for encoding in WIDE}
    best = max(WIDE, key=shares.__getitem__)
    return best if shares[best] >= _CONVINCING else ""


def guess_narrow(data: bytes) -> str:
    """Return the likeliest encoding of bytes that are no UTF-16; empty if nothing reads as text."""
    sample = _take_sample(data)
    if _is_utf_8(sample):
        return "utf_8"
    shares = {encoding: everyday_share(sample, encoding) for encoding in _EAST_ASIAN}
    if b"-->" not in data:  # UTF-16 has that only with NUL bytes in it
        shares |= {encoding: everyday_share(data[:_SAMPLE], encoding) for encoding in WIDE}
    best = max(shares, key=shares.__getitem__)
    is_latin = len(_LETTERS.findall(sample)) > _MOSTLY_ASCII * len(_BEYOND_ASCII.findall(sample))
    if shares[best] >= _CERTAIN and not is_latin:
        return best
    alphabet, share = find_alphabet(sample)
    if share > _CERTAIN and (is_latin or shares[best] < _CERTAIN):
        return alphabet
    if shares[best] >= _CONVINCING:
        return best
    return alphabet if share > _CERTAIN / 2 else _ask_charset_normalizer(sample)


def has_controls(data: bytes) -> bool:
    """Tell whether there are more control characters in ``data`` than in any text, NUL aside."""
    sample = data[:_SAMPLE]
    return len(_CONTROL.findall(sample)) > _TOO_MANY_CONTROLS * len(sample)


def everyday_share(sample: bytes, encoding: str) -> float:
    """Return how much of ``sample`` reads as everyday characters, 0..1.

    ASCII says nothing where all candidates share it; in UTF-16 it (and any other
    alphabet of the first blocks) is evidence.
    """
    text = sample.decode(encoding, "replace")
    if encoding in WIDE:
        return _share(text, lambda c: c in EVERYDAY or "\x1f" < c < "\u0600" or c in "\t\n\r")
    return _share([c for c in text if c > "\x7f"], EVERYDAY.__contains__)


def is_decoded(data: bytes, encoding: str) -> bool:
    """Tell whether ``data`` is valid in ``encoding``, and without a NUL."""
    try:
        return "\0" not in data.decode(encoding)
    except UnicodeDecodeError:
        return False


def _take_sample(data: bytes) -> bytes:
    """Return the lines of ``data`` that say something about its encoding, not too many."""
    if data.isascii():
        return b""
    taken, size = list[bytes](), 0
    for line in data.splitlines(keepends=True):
        if not line.isascii():
            taken.append(line)
            size += len(line)
        if size > _SAMPLE:
            break
    return b"".join(taken)[:_SAMPLE]


def _is_utf_8(sample: bytes) -> bool:
    """Tell whether ``sample`` was meant as UTF-8, damaged or cut inside a character or not."""
    beyond_ascii = [c for c in sample.decode("utf_8", "replace") if c > "\x7f"]
    if beyond_ascii.count("\ufffd") <= _DAMAGED * len(beyond_ascii):
        return True
    lines = sample.splitlines()  # other encodings are hardly ever valid; files put together are
    return sum(is_decoded(line, "utf_8") for line in lines) > _MIXED * len(lines)


def _share(characters: Sequence[str], is_counted: Callable[[str], bool]) -> float:
    return sum(map(is_counted, characters)) / max(1, len(characters))


def _ask_charset_normalizer(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=[*_OTHERS, *_EAST_ASIAN]).best()
    return "" if best is None else best.encoding

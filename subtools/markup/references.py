"""Character references (``&amp;``, ``&#8230;``) to the characters they stand for.

Source: https://html.spec.whatwg.org/#character-reference-state, outside of attributes.
``html.unescape`` differs: it drops control characters and fails on very long numbers.
"""

from __future__ import annotations

import re
from html.entities import html5

_REFERENCE = re.compile(r"&(?:#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?|([0-9A-Za-z]{1,32};?))", re.ASCII)
_SHORTEST_NAME = 2  # lt, gt
_MOST_DIGITS = 7  # of the last character, in either base
_LAST_CHARACTER = 0x10FFFF
_REPLACEMENT = "\ufffd"


def unescape_references(text: str) -> str:
    """Return ``text`` with its character references resolved, as HTML does it.

    >>> unescape_references("&lt;&#x2764;&#128;&amp &copyright; &nobody;")
    '<❤€& ©right; &nobody;'
    """
    return _REFERENCE.sub(_resolve_reference, text) if "&" in text else text


def _resolve_reference(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name is None:
        return _character(hexadecimal or decimal, base=16 if hexadecimal else 10)
    if name in html5:
        return html5[name]
    for length in range(len(name) - 1, _SHORTEST_NAME - 1, -1):
        if name[:length] in html5:
            return html5[name[:length]] + name[length:]
    return match.group()


def _character(digits: str, *, base: int) -> str:
    # Python refuses to read thousands of digits, and seven are enough for any character.
    significant = digits.lstrip("0")
    code = int(significant or "0", base) if len(significant) <= _MOST_DIGITS else 0
    if code == 0 or 0xD800 <= code <= 0xDFFF or code > _LAST_CHARACTER:
        return _REPLACEMENT
    if 0x80 <= code <= 0x9F:  # what old pages meant is windows-1252
        return bytes([code]).decode("cp1252", "ignore") or chr(code)
    return chr(code)

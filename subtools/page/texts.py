"""Text from outside, made fit for HTML."""

from __future__ import annotations

import re
from html import escape

from subtools.phonetics import Script, detect_script

# What HTML cannot hold or would change (NUL, a lone carriage return), and the other controls.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_STEERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def show(text: str) -> str:
    """Return ``text`` as a browser can show it, as long as before."""
    return _CONTROLS.sub(_REPLACEMENT, text.replace("\r", " "))


def write(text: str) -> str:
    r"""Return ``text`` as HTML.

    >>> write("</p>\0")
    '&lt;/p&gt;�'
    """
    return escape(show(text))


def isolate(text: str, language: str = "") -> str:
    """Return ``text`` as HTML whose direction does not reach its neighbours."""
    return f"<bdi{attribute('lang', language)}>{write(text)}</bdi>"


def label(text: str) -> str:
    """Return ``text`` for an attribute or a title: on one line, without marks of direction."""
    return escape(" ".join(_STEERING.sub("", show(text)).split()))


def attribute(name: str, value: str) -> str:
    """Return an attribute with a space before it; nothing where it has no value."""
    return f' {name}="{label(value)}"' if value else ""


def tag_language(text: str, language: str) -> str:
    """Return the BCP 47 tag of ``text``, so that a browser picks the right glyphs.

    >>> tag_language("數據", "zh"), tag_language("数据", "zh"), tag_language("data", "en")
    ('zh-Hant', 'zh-Hans', 'en')
    """
    if language == "zh":
        script = detect_script(text)
        if script is None:
            return "zh"
        return "zh-Hans" if script is Script.S else "zh-Hant"
    return language if _LANGUAGE.fullmatch(language) else ""

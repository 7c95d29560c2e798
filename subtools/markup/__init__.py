r"""Text with tags, as the text of a WebVTT cue: the markup that formats share.

``<v Ann>No <i>way</i>!</v>``: the tags ``c``, ``i``, ``b``, ``u``, ``ruby``, ``rt``, ``v``
(who speaks) and ``lang``, with classes (``<c.loud>``), and times (``<00:01.500>``). Text
escapes ``&`` and ``<``. What is no such tag is passed over, as browsers do; nothing is an
error, and every text takes time in proportion to its length.
"""

from subtools.markup.references import unescape_references
from subtools.markup.rewrapping import rewrap_markup
from subtools.markup.tokens import (
    TAGS,
    Token,
    TokenKind,
    compose_markup,
    escape_markup,
    markup_text,
    parse_markup,
    parse_timestamp,
    time_token,
    unknown_tags,
)
from subtools.markup.voices import markup_voices

__all__ = [
    "TAGS",
    "Token",
    "TokenKind",
    "compose_markup",
    "escape_markup",
    "markup_text",
    "markup_voices",
    "parse_markup",
    "parse_timestamp",
    "rewrap_markup",
    "time_token",
    "unescape_references",
    "unknown_tags",
]

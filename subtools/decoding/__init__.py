"""Bytes to text, whatever encoding they were saved in.

Byte order marks and valid UTF-8 are believed; for the rest, ``guessing`` says how.
"""

from subtools.decoding.texts import decode_subtitles, decode_text

__all__ = ["decode_subtitles", "decode_text"]

"""Which aligner suits a document, by its script."""

from __future__ import annotations

import unicodedata
from collections import Counter

from subtools.aligners.interface import PHONES, RECOGNITION
from subtools.core import Transcript
from subtools.errors import AlignmentError
from subtools.lexicon import word_core

AUTO = "auto"
PHONES_LANGUAGES = frozenset({"zh", "en"})  # what the classifier was trained on
CHINESE_SHARE = 0.2  # of the words; an English talk that spells out Chinese names has less
JAPANESE_SHARE = 0.1  # kana among kana and Han; running Japanese has about a half
CANTONESE_SHARE = 0.02  # of the Han characters; written Cantonese has about 0.1
# Of the Latin words: English has 0.24 by wordfreq (0.16 in a terse manual with tables, 0.3 in
# careful prose), so that a text half in another language has less. 26 other languages in Latin
# script have at most 0.006.
ENGLISH_SHARE = 0.15
READABLE_SHARE = 0.9  # of the words; the others are quotations
_KANJI, _KANA, _HANGUL, _LATIN, _DIGIT, _OTHER = "han", "kana", "hangul", "latin", "digit", "other"
_SCRIPTS = {
    "CJK": _KANJI,
    "IDEOGRAPHIC": _KANJI,
    "HIRAGANA": _KANA,
    "KATAKANA": _KANA,
    "KATAKANA-HIRAGANA": _KANA,
    "HANGUL": _HANGUL,
    "LATIN": _LATIN,
    "DIGIT": _DIGIT,
}
_READABLE = (_KANJI, _LATIN, _DIGIT)
_CANTONESE = frozenset("嘅咗喺唔佢哋冇嚟啲嗰咁")
# Of the hundred most frequent English words, those that are at least three times (most eight
# times) as frequent as in any other language in Latin script: not "to", which is Polish too.
_COMMONEST = (
    "the and of that you it this with are have not from they but or if by his one can out about "
    "what who were there their which would been has when more some how them other than then "
    "because could our its your into these"
)
_ENGLISH = frozenset(_COMMONEST.split())


def choose_aligner(name: str, transcript: Transcript, language: str | None) -> str:
    """Return ``name``, or for ``auto`` the built-in aligner that suits the document.

    Args:
        name: Name of an aligner, or ``auto``.
        transcript: The document.
        language: ISO 639-1 code of the spoken language; None: that of the script.

    Raises:
        AlignmentError: If ``phones`` is asked for and does not know the script or the language.
    """
    is_readable = _is_readable(transcript)
    if name == PHONES and not is_readable:
        raise AlignmentError(
            f"the aligner {PHONES!r} reads Chinese and Latin script only, not this document's",
            hint=f"leave out --aligner, or use --aligner {RECOGNITION}",
        )
    if name == PHONES and language not in {None, *PHONES_LANGUAGES}:
        raise AlignmentError(
            f"the aligner {PHONES!r} knows Chinese and English only, not {language!r}",
            hint=f"leave out --aligner, or use --aligner {RECOGNITION}",
        )
    if name != AUTO:
        return name
    spoken = language or guess_language(transcript)
    return PHONES if is_readable and spoken in PHONES_LANGUAGES else RECOGNITION


def guess_language(transcript: Transcript) -> str | None:
    """Return the ISO 639-1 code of the language a document is written in.

    None where that cannot be told: only Chinese, Cantonese, Japanese, Korean and English
    are known here. What is not surely English is not called so.
    """
    cores = [word_core(word.text) for word in transcript.words]
    scripts = Counter(_script(core) for core in cores if core)
    total = scripts.total() - scripts[_DIGIT]
    if scripts[_KANA] > JAPANESE_SHARE * (scripts[_KANA] + scripts[_KANJI]):
        return "ja"
    if scripts[_HANGUL] > total / 2:
        return "ko"
    if scripts[_KANJI] and scripts[_KANJI] >= CHINESE_SHARE * total:
        cantonese = sum(core in _CANTONESE for core in cores)
        return "yue" if cantonese >= CANTONESE_SHARE * scripts[_KANJI] else "zh"
    english = sum(core.casefold() in _ENGLISH for core in cores)
    is_english = english and english >= ENGLISH_SHARE * scripts[_LATIN]
    return "en" if is_english and scripts[_LATIN] > total / 2 else None


def _is_readable(transcript: Transcript) -> bool:
    """Tell whether ``phones`` knows how nearly all words are read."""
    cores = (word_core(word.text) for word in transcript.words)
    scripts = Counter(_script(core) for core in cores if core)
    readable = sum(scripts[script] for script in _READABLE)
    is_japanese = scripts[_KANA] > JAPANESE_SHARE * (scripts[_KANA] + scripts[_KANJI])
    return readable >= READABLE_SHARE * scripts.total() and not is_japanese


def _script(core: str) -> str:
    """Return the script of a word, by its first character."""
    first = unicodedata.normalize("NFKC", core)[0]
    name = unicodedata.name(first, "").partition(" ")[0]
    return _DIGIT if first.isdecimal() else _SCRIPTS.get(name, _OTHER)

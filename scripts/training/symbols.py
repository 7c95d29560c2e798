"""What a voice is told to say: Kokoro's symbols, each with the phone it sounds like.

Mandarin is spelled by misaki's table of pinyin, English by espeak-ng, as Kokoro-82M was
trained on them.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from subtools.phonetics import PHONE_INDEX
from subtools.phonetics.inventory import FINALS, INITIALS

PAUSE = ", "
STOP = ". "

# espeak's IPA (with ties) to Kokoro's one-letter symbols; the order matters.
# Source: the table in misaki's espeak fallback, github.com/hexgrad/misaki.
_TO_KOKORO = (
    *(("ʔˌn\u0329", "ʔn"), ("ʔn\u0329", "ʔn"), ("a^ɪ", "I"), ("a^ʊ", "W"), ("d^ʒ", "ʤ")),
    *(("e^ɪ", "A"), ("t^ʃ", "ʧ"), ("ɔ^ɪ", "Y"), ("o^ʊ", "O"), ("ə^l", "ᵊl"), ("ʲo", "jo")),
    *(("ʲə", "jə"), ("ʲ", ""), ("ɚ", "əɹ"), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɪə", "iə")),
    *(("e", "A"), ("r", "ɹ"), ("x", "k"), ("ç", "k"), ("ɐ", "ə"), ("ɬ", "l"), ("\u0303", "")),
    *(("ː", ""), ("o", "ɔ"), ("ɾ", "T"), ("ʔ", "t"), ("^", ""), ("g", "ɡ")),
)
_SOUNDS_LIKE = dict(
    {"A": "EY", "I": "AY", "W": "AW", "Y": "OY", "O": "OW", "ə": "AH", "ᵊ": "AH", "ʌ": "AH"}
    | {"ɜ": "ER", "ɑ": "AA", "ɔ": "AO", "ɛ": "EH", "ɪ": "IH", "ᵻ": "IH", "i": "IY", "ʊ": "UH"}
    | {"u": "UW", "æ": "AE", "a": "AA", "ɹ": "R", "T": "T", "ʧ": "CH", "ʤ": "JH", "ʃ": "SH"}
    | {"ʒ": "ZH", "θ": "TH", "ð": "DH", "ŋ": "NG", "ɡ": "G", "h": "HH", "j": "Y", "w": "W"}
    | {c: c.upper() for c in "bdfklmnpstvz"}
)
_NASALS = frozenset({"hm", "hng", "n", "m", "ng"})
_SAME_PINYIN = {"ê": "ie", "io": "o", "ong": "ueng"}


@dataclass(frozen=True, slots=True)
class Symbol:
    """One symbol for the voice.

    Attributes:
        character: As Kokoro spells it.
        phone: What it sounds like; None for spaces, pauses, tone and stress marks,
            which go to the sound next to them.
        is_mark: Whether it is a tone, a length or a stress mark.
        is_first: Whether a syllable begins with it.
    """

    character: str
    phone: str | None
    is_mark: bool = False
    is_first: bool = False


def spell_syllable(syllable: str) -> tuple[Symbol, ...]:
    """Return the symbols of a pinyin syllable with its tone as a digit (``zhong1``).

    Raises:
        ValueError: If the syllable has no class of its own.
    """
    from misaki.zh import ZHG2P
    from pypinyin.contrib.tone_convert import to_initials

    initial, final = split_pinyin(syllable.rstrip("012345"))
    if final == "ng":
        return (Symbol("ŋ", final, is_first=True), Symbol("↗", final, is_mark=True))
    ipa = ZHG2P.py2ipa(syllable).replace("\u032f", "")
    head = ZHG2P.py2ipa(f"{initial}a1")[:-2] if initial else ""
    if initial != to_initials(syllable, strict=True) or not ipa.startswith(head):
        raise ValueError(syllable)
    symbols = [Symbol(c, initial) for c in head]
    symbols += [Symbol(c, final, is_mark=c in "→↗↘↓") for c in ipa[len(head) :]]
    return (replace(symbols[0], is_first=True), *symbols[1:])


@cache
def split_pinyin(syllable: str) -> tuple[str, str]:
    """Return the class of the initial (or nothing) and of the final of a toneless syllable.

    Raises:
        ValueError: If there is no such class.
    """
    from pypinyin.contrib.tone_convert import to_finals, to_initials

    initial = to_initials(syllable, strict=True)
    final = to_finals(syllable, strict=True, v_to_u=False) or syllable
    final = {"iou": "iu", "uei": "ui", "uen": "un", "ü": "v"}.get(final, final)
    if final == "i" and initial in {"zh", "ch", "sh", "r", "z", "c", "s"}:
        final = "ih"
    if syllable in _NASALS:
        return "", "ng"
    if not initial:
        final = _SAME_PINYIN.get(final, final)
    if (initial and initial not in INITIALS) or final not in FINALS:
        raise ValueError(syllable)
    return initial, final


def spell_english(text: str) -> tuple[Symbol, ...]:
    """Return the symbols of English text without punctuation."""
    ipa = _espeak(text)
    for old, new in _TO_KOKORO:
        ipa = ipa.replace(old, new)
    ipa = re.sub("(\\S)\u0329", "ᵊ\\1", ipa)
    symbols: list[Symbol] = []
    for character in ipa.strip():
        if character == " ":
            symbols.append(Symbol(" ", None))
        elif character in "ˈˌ":
            symbols.append(Symbol(character, None, is_mark=True))
        elif character in _SOUNDS_LIKE:
            phone = _SOUNDS_LIKE[character]
            if character == "ɹ" and symbols and symbols[-1].character in "əɜ":
                symbols[-1] = Symbol(symbols[-1].character, "ER")
                phone = "ER"
            symbols.append(Symbol(character, phone))
    return tuple(symbols)


def pauses(marks: str) -> tuple[Symbol, ...]:
    """Return the symbols of punctuation and spaces."""
    return tuple(Symbol(character, None) for character in marks)


@cache
def _library() -> Any:
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    synchronous, no_exit = 2, 0x8000
    library.espeak_Initialize(synchronous, 0, espeakng_loader.get_data_path().encode(), no_exit)
    library.espeak_SetVoiceByName(b"en-us")
    return library


def _espeak(text: str) -> str:
    """Return the phonemes of ``text`` in IPA, with ``^`` as tie."""
    position = ctypes.c_char_p(text.encode())
    pointer = ctypes.pointer(position)
    ipa_with_tie = (ord("^") << 8) | 0x80 | 0x02
    parts = []
    while position.value is not None:
        utf8 = 1
        parts.append(_library().espeak_TextToPhonemes(pointer, utf8, ipa_with_tie).decode())
    return " ".join(parts)


def phone_labels(symbols: Sequence[Symbol]) -> list[int]:
    """Return the class number of each symbol; -1 for those without a phone.

    Marks belong to the sound before (tones) or after them (stress).
    """
    labels = [-1 if s.phone is None else PHONE_INDEX[s.phone] for s in symbols]
    for k in range(len(symbols) - 2, -1, -1):
        if symbols[k].is_mark and labels[k] < 0:
            labels[k] = labels[k + 1]
    return labels

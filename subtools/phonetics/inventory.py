"""The sounds that the phone classifier tells apart, in the order of its outputs.

Mandarin is spelled in pinyin, in lower case: an initial and a toneless final for a
syllable. English is spelled in ARPABET, in upper case. Two classes are no speech.
"""

from __future__ import annotations

SILENCE = "sil"  # nobody speaks: silence, room noise, hum
NOISE = "noise"  # loud, and nobody speaks: music, applause, laughter, clicks

INITIALS = (
    *("b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h"),
    *("j", "q", "x", "zh", "ch", "sh", "r", "z", "c", "s"),
)
# "ih" is the vowel of zhi, chi, shi, ri, zi, ci and si; "v" is the ü of lü and yu;
# "ng" is the nasal that is a syllable by itself (嗯).
FINALS = (
    *("a", "o", "e", "i", "ih", "u", "v", "er", "ai", "ei", "ao", "ou"),
    *("an", "en", "ang", "eng", "ong", "ng"),
    *("ia", "ie", "iao", "iu", "ian", "in", "iang", "ing", "iong"),
    *("ua", "uo", "uai", "ui", "uan", "un", "uang", "ueng"),
    *("ve", "van", "vn"),
)
ENGLISH_CONSONANTS = (
    *("B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N"),
    *("NG", "P", "R", "S", "SH", "T", "TH", "V", "W", "Y", "Z", "ZH"),
)
ENGLISH_VOWELS = (
    *("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER"),
    *("EY", "IH", "IY", "OW", "OY", "UH", "UW"),
)

PHONES: tuple[str, ...] = (
    *(SILENCE, NOISE),
    *INITIALS,
    *FINALS,
    *ENGLISH_CONSONANTS,
    *ENGLISH_VOWELS,
)
PHONE_INDEX = {phone: index for index, phone in enumerate(PHONES)}

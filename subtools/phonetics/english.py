"""Latin words to ARPABET phones: as words, and letter by letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from subtools.phonetics.espeak import english_ipa
from subtools.phonetics.mandarin import Reading, syllable_phones

# espeak-ng's IPA for American English. Its flap (ɾ: city, data) is written with a t, and
# speakers with another first language say one; so it is T, as the training voices' labels
# have it. A vowel before ɹ that makes one sound with it is ER.
# (Tables have several entries to a line, so that they can be seen at once.)
# fmt: off
_IPA: dict[str, Reading] = {
    "aɪ": ("AY",), "aʊ": ("AW",), "eɪ": ("EY",), "oʊ": ("OW",), "ɔɪ": ("OY",),
    "tʃ": ("CH",), "dʒ": ("JH",), "əɹ": ("ER",), "ɜɹ": ("ER",), "ɚɹ": ("ER",),
    "ɚ": ("ER",), "ɝ": ("ER",), "ɜ": ("ER",), "ø": ("ER",), "œ": ("ER",),
    "a": ("AA",), "ɑ": ("AA",), "ɒ": ("AA",), "æ": ("AE",), "ɛ": ("EH",), "e": ("EY",),
    "ə": ("AH",), "ɐ": ("AH",), "ʌ": ("AH",), "ɔ": ("AO",), "o": ("AO",), "ʊ": ("UH",),
    "i": ("IY",), "ɪ": ("IH",), "ᵻ": ("IH",), "ɨ": ("IH",), "u": ("UW",), "y": ("UW",),
    **{c: (c.upper(),) for c in "bdfklmnpstvwz"},
    "h": ("HH",), "ç": ("HH",), "j": ("Y",), "ɡ": ("G",), "g": ("G",), "ɣ": ("G",),
    "ŋ": ("NG",), "ɲ": ("N", "Y"), "θ": ("TH",), "ð": ("DH",), "ʃ": ("SH",), "ʒ": ("ZH",),
    "ɹ": ("R",), "r": ("R",), "ʁ": ("R",), "ɾ": ("T",), "ʔ": ("T",), "x": ("K",),
    "c": ("K",), "q": ("K",), "ɬ": ("L",), "ɫ": ("L",), "β": ("V",), "ʋ": ("V",),
    "n\u0329": ("AH", "N"), "m\u0329": ("AH", "M"), "l\u0329": ("AH", "L"),
}
# fmt: on
_IPA_SOUND = re.compile("|".join(sorted(_IPA, key=len, reverse=True)))
_IPA_MARKS = re.compile(r"\([a-z-]+\)|[ˈˌːˑ|_‿ʲʰ\u0303\u0361\u035c-]")  # (fr) changes the language

# fmt: off
_LETTERS = {
    "A": "EY", "B": "B IY", "C": "S IY", "D": "D IY", "E": "IY", "F": "EH F",
    "G": "JH IY", "H": "EY CH", "I": "AY", "J": "JH EY", "K": "K EY", "L": "EH L",
    "M": "EH M", "N": "EH N", "O": "OW", "P": "P IY", "Q": "K Y UW", "R": "AA R",
    "S": "EH S", "T": "T IY", "U": "Y UW", "V": "V IY", "W": "D AH B AH L Y UW",
    "X": "EH K S", "Y": "W AY", "Z": "Z IY",
}
# fmt: on
# The names of the letters as Mandarin syllables, as they are said in the middle of a
# Chinese sentence (W: dabuliu, Q: kiu).
# fmt: off
_MANDARIN_LETTERS = {
    "A": "ei", "B": "bi", "C": "xi", "D": "di", "E": "yi", "F": "ai fu", "G": "ji",
    "H": "ei qi", "I": "ai", "J": "zhei", "K": "kei", "L": "ai lou", "M": "ai mu",
    "N": "en", "O": "ou", "P": "pi", "Q": "kiu", "R": "a er", "S": "ai si", "T": "ti",
    "U": "you", "V": "wei", "W": "da bu liu", "X": "ai ke si", "Y": "wai", "Z": "zei",
}
# fmt: on
# Words that are said weaker inside a sentence than alone, first as usual.
# fmt: off
_WEAK = {
    "a": "AH|EY", "an": "AH N|AE N", "and": "AH N D|AE N D|AH N", "are": "ER|AA R",
    "as": "AE Z|AH Z", "at": "AE T|AH T", "can": "K AE N|K AH N", "for": "F ER|F AO R",
    "from": "F R AH M", "have": "HH AE V|AH V", "of": "AH V|AH", "or": "AO R|ER",
    "than": "DH AE N|DH AH N", "that": "DH AE T|DH AH T", "the": "DH AH|DH IY",
    "to": "T UW|T AH", "was": "W AH Z|W AA Z", "you": "Y UW|Y AH", "your": "Y AO R|Y ER",
    "vs": "V ER S AH S|V IY EH S",
}
# fmt: on
_LONGEST_WORD = 40  # letters; what is longer is no word, and espeak-ng reads it for ever
# What letters usually sound like, for machines without espeak-ng; longest first.
# fmt: off
_SPELLINGS = {
    "tion": "SH AH N", "sion": "ZH AH N", "igh": "AY", "tch": "CH", "dge": "JH",
    "ch": "CH", "sh": "SH", "th": "TH", "ph": "F", "gh": "", "ng": "NG", "ck": "K",
    "qu": "K W", "wh": "W", "wr": "R", "kn": "N", "ee": "IY", "ea": "IY", "oo": "UW",
    "ou": "AW", "ow": "OW", "oa": "OW", "oi": "OY", "oy": "OY", "ai": "EY", "ay": "EY",
    "au": "AO", "aw": "AO", "ew": "UW", "er": "ER", "ir": "ER", "ur": "ER", "or": "AO R",
    "ar": "AA R", "a": "AE", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F", "g": "G",
    "h": "HH", "i": "IH", "j": "JH", "k": "K", "l": "L", "m": "M", "n": "N", "o": "AA",
    "p": "P", "q": "K", "r": "R", "s": "S", "t": "T", "u": "AH", "v": "V", "w": "W",
    "x": "K S", "y": "IY", "z": "Z",
}
# fmt: on
_SPELLING = re.compile("|".join(sorted(_SPELLINGS, key=len, reverse=True)))


@cache
def pronounce_word(word: str) -> tuple[Reading, ...]:
    """Return how a run of ASCII letters is said as a word, likeliest first.

    Capitals matter: espeak-ng knows some that are always spelled.

    >>> pronounce_word("transformer"), pronounce_word("the")
    ((('T', 'R', 'AE', 'N', 'S', 'F', 'AO', 'R', 'M', 'ER'),), (('DH', 'AH'), ('DH', 'IY')))
    """
    if word.lower() in _WEAK:
        return tuple(tuple(said.split()) for said in _WEAK[word.lower()].split("|"))
    if len(word) == 1:
        return spell_letters(word)[:1] if word.isalpha() else ()
    ipa = english_ipa(word) if len(word) <= _LONGEST_WORD else None
    reading = guess_phones(word) if ipa is None else ipa_to_phones(ipa)
    return (reading,) if reading else ()


def ipa_to_phones(ipa: str) -> Reading:
    """Return the ARPABET phones of espeak-ng's IPA; what is no sound is left out.

    >>> ipa_to_phones("bˈʌʔn\u0329")
    ('B', 'AH', 'T', 'AH', 'N')
    """
    sounds = _IPA_SOUND.findall(_IPA_MARKS.sub("", ipa))
    return tuple(phone for sound in sounds for phone in _IPA[sound])


def guess_phones(word: str) -> Reading:
    """Return what the letters of ``word`` usually sound like.

    >>> guess_phones("shop")
    ('SH', 'AA', 'P')
    """
    sounds = (_SPELLINGS[match.group()].split() for match in _SPELLING.finditer(word.lower()))
    return tuple(phone for sound in sounds for phone in sound)


@cache
def spell_letters(letters: str) -> tuple[Reading, ...]:
    """Return ``letters`` (ASCII) spoken one by one, as usual and with another Z (zed).

    >>> spell_letters("AI"), spell_letters("z")
    ((('EY', 'AY'),), (('Z', 'IY'), ('Z', 'EH', 'D')))
    """
    usual = tuple(phone for letter in letters.upper() for phone in _LETTERS[letter].split())
    if "Z" not in letters.upper():
        return (usual,)
    names = {**_LETTERS, "Z": "Z EH D"}
    return (usual, tuple(phone for letter in letters.upper() for phone in names[letter].split()))


@cache
def spell_letters_in_mandarin(letters: str) -> Reading:
    """Return ``letters`` (ASCII) spoken one by one in syllables of Mandarin.

    >>> spell_letters_in_mandarin("GPT")
    ('j', 'i', 'p', 'i', 't', 'i')
    """
    return tuple(_mandarin_names(letters.upper()))


def _mandarin_names(letters: str) -> Iterator[str]:
    for letter in letters:
        for syllable in _MANDARIN_LETTERS[letter].split():
            yield from syllable_phones(syllable)

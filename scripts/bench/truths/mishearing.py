"""Errors by rule: what a recogniser might have written for what was said.

Words become others of the same or nearly the same sound, the commoner the likelier (by the
frequencies of jieba's dictionary); English terms become Han characters or other English
words that sound like them (by wordfreq's list); letters become letters that rhyme. Which:
half of the terms, and a few of the other words. No glossary of the product is read.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from subtools.phonetics.english import pronounce_word
from subtools.phonetics.inventory import ENGLISH_VOWELS, FINALS, INITIALS
from subtools.phonetics.mandarin import read_syllables, syllable_phones
from subtools.phonetics.nearness import fold_syllable, phones_edits, syllable_distance
from subtools.phonetics.scripts import HAN, Script, convert_script, simplify

TERM_SHARE = 0.5
WORD_SHARE = 0.08  # of other Han words of two and three characters
ENGLISH_SHARE = 0.02  # of other English words of five letters and more
_ENGLISH_WORDS = 8000
_RHYMES = ("BCDEGPTVZ", "AJK", "IY", "QU", "FSX", "MN")
_LATIN = re.compile(r"[A-Za-z]+")
_SELDOM = 100  # times in jieba's sources; what is rarer nobody writes by mistake
_NO_WORD = 99.0  # edits, where no word is near
_TOP = 3  # characters of a syllable that are chosen among
# What a Mandarin ear makes of an English sound.
# fmt: off
_INITIALS = {
    "B": "b", "P": "p", "T": "t", "D": "d", "K": "k", "G": "g", "F": "f", "V": "f", "S": "s",
    "Z": "z", "SH": "sh", "ZH": "r", "CH": "ch", "JH": "zh", "TH": "s", "DH": "z", "M": "m",
    "N": "n", "NG": "n", "L": "l", "R": "r", "HH": "h", "W": "w", "Y": "y",
}
_VOWELS = {
    "AA": "a", "AE": "ai", "AH": "e", "AO": "ao", "AW": "ao", "AY": "ai", "EH": "ai", "ER": "er",
    "EY": "ei", "IH": "i", "IY": "i", "OW": "ou", "OY": "ui", "UH": "u", "UW": "u",
}
# fmt: on
_LONE = dict.fromkeys(("s", "z", "sh", "zh", "ch"), "ih")
_NASAL = {
    "a": "an",
    "ai": "an",
    "e": "en",
    "ao": "ang",
    "ei": "en",
    "i": "in",
    "ou": "ong",
    "u": "un",
}


@dataclass(frozen=True, slots=True)
class Misheard:
    """A stretch of a clause that is written otherwise.

    Attributes:
        start: Where it begins in what was said.
        end: Where it ends.
        text: What is written there.
    """

    start: int
    end: int
    text: str


def mishear_clause(
    spoken: str, terms: Sequence[str], chance: random.Random, script: Script | None = Script.S
) -> str:
    """Return a clause, in ``script``, as somebody may mishear it; often as it is."""
    found = [*_latin_errors(spoken, terms, chance), *_han_errors(spoken, terms, chance)]
    written, end = "", 0
    for error in sorted(found, key=lambda error: error.start):
        if error.start >= end:
            text = error.text if script in {None, Script.S} else _to_taiwan(error.text)
            written += spoken[end : error.start] + text
            end = error.end
    return written + spoken[end:]


def _to_taiwan(text: str) -> str:
    return convert_script(text, Script.TW, Script.S)


def _latin_errors(spoken: str, terms: Sequence[str], chance: random.Random) -> Iterator[Misheard]:
    is_mixed = bool(re.search(f"[{HAN}]", spoken))
    lower = {word.casefold() for term in terms for word in term.split()}
    for match in _LATIN.finditer(spoken):
        word = match[0]
        is_term = is_mixed or word.casefold() in lower
        if len(word) < 2 or chance.random() >= (TERM_SHARE if is_term else ENGLISH_SHARE):
            continue
        if not is_term and len(word) < 5:
            continue
        text = mishear_english(word, chance, is_mixed=is_mixed)
        if text.casefold() != word.casefold():
            yield Misheard(*match.span(), text)


def mishear_english(word: str, chance: random.Random, *, is_mixed: bool) -> str:
    """Return what may be written for an English word or abbreviation."""
    if word.isupper() and len(word) <= 5:
        return _change_letter(word, chance)
    phones = pronounce_word(word.lower())
    if not phones:
        return word
    if is_mixed and chance.random() < 0.5:
        return spell_in_han(phones[0], chance)
    return near_english(word, phones[0], chance)


def _change_letter(word: str, chance: random.Random) -> str:
    places = [k for k, c in enumerate(word) if any(c in rhyme for rhyme in _RHYMES)]
    if not places:
        return word
    place = chance.choice(places)
    others = next(rhyme for rhyme in _RHYMES if word[place] in rhyme).replace(word[place], "")
    return word[:place] + chance.choice(others) + word[place + 1 :]


def spell_in_han(phones: Sequence[str], chance: random.Random) -> str:
    """Return Han characters that sound like an English word."""
    spelled = []
    for initial, final in _to_syllables(phones):
        known = _characters_by_syllable()
        nearest = min(known, key=lambda s: (syllable_distance((initial, final), s), s))
        spelled.append(chance.choice(known[nearest][:_TOP]))
    return "".join(spelled)


def _to_syllables(phones: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield a Mandarin syllable for each vowel, and for each consonant that has none."""
    k = 0
    while k < len(phones):
        initial = "" if phones[k] in ENGLISH_VOWELS else _INITIALS[phones[k]]
        k += phones[k] not in ENGLISH_VOWELS
        if k < len(phones) and phones[k] in ENGLISH_VOWELS:
            final = _VOWELS[phones[k]]
            k += 1
            follows_vowel = k + 1 < len(phones) and phones[k + 1] in ENGLISH_VOWELS
            if k < len(phones) and phones[k] in {"N", "NG", "M"} and not follows_vowel:
                final = _NASAL.get(final, "en")
                k += 1
            yield _known_initial(initial), final if final in FINALS else "e"
        else:
            yield _say_alone(initial)


def _say_alone(initial: str) -> tuple[str, str]:
    """Return the syllable for a consonant without a vowel."""
    if initial in {"l", "r"}:
        return "", "er"
    final = "u" if initial in {"f", "p", "b", "m"} else "e"
    return _known_initial(initial), _LONE.get(initial, final)


def _known_initial(initial: str) -> str:
    return initial if initial in INITIALS else ""


def near_english(word: str, phones: Sequence[str], chance: random.Random) -> str:
    """Return another English word, or two, that sound most like ``word``."""
    choices = []
    for cut in (0, *range(2, len(phones) - 1)):
        halves = [half for half in (tuple(phones[:cut]), tuple(phones[cut:])) if half]
        best = [_nearest_word(half, word.casefold()) for half in halves]
        edits = sum(edits for edits, _ in best)
        if edits < _NO_WORD:
            choices.append((edits + 0.4 * (len(best) - 1), " ".join(text for _, text in best)))
    choices.sort()
    return chance.choice(choices[:2])[1] if choices else word


@cache
def _nearest_word(phones: tuple[str, ...], unlike: str) -> tuple[float, str]:
    most, found = 0.5 * len(phones), ""
    for word, reading in _english_words():
        edits = phones_edits(phones, reading, most)
        if edits < most and word != unlike and not unlike.startswith(word * (len(word) > 4)):
            most, found = edits, word
    return (most, found) if found else (_NO_WORD, unlike)


@cache
def _english_words() -> tuple[tuple[str, tuple[str, ...]], ...]:
    from wordfreq import top_n_list

    words = [w for w in top_n_list("en", _ENGLISH_WORDS) if _LATIN.fullmatch(w) and len(w) > 1]
    return tuple((word, reading[0]) for word in words if (reading := pronounce_word(word)))


def _han_errors(spoken: str, terms: Sequence[str], chance: random.Random) -> Iterator[Misheard]:
    if not re.search(f"[{HAN}]", spoken):
        return
    import jieba

    plain = simplify(spoken)
    places = [
        (m.start(), m.end(), TERM_SHARE)
        for term in map(simplify, terms)
        for m in re.finditer(re.escape(term), plain)
        if re.fullmatch(f"[{HAN}]+", term)
    ]
    taken = {k for a, b, _ in places for k in range(a, b)}
    for word, start, end in jieba.tokenize(plain):
        if (
            len(word) in (2, 3)
            and re.fullmatch(f"[{HAN}]+", word)
            and not taken & {*range(start, end)}
        ):
            places.append((start, end, WORD_SHARE))
    for start, end, share in places:
        if chance.random() < share:
            text = mishear_han(plain, start, end, chance)
            if text != plain[start:end]:
                yield Misheard(start, end, text)


def mishear_han(text: str, start: int, end: int, chance: random.Random) -> str:
    """Return a stretch with a word in it, or else a character, replaced by one of its sound."""
    syllables = dict(read_syllables(text))
    pairs = [(a, a + 2) for a in range(start, end - 1)]
    chance.shuffle(pairs)
    for a, b in pairs:
        key = tuple(_fold(syllables[k]) for k in range(a, b))
        others = [(w, f) for w, f in _words_by_sound().get(key, ()) if w != text[a:b]]
        if others:
            chosen = chance.choices([w for w, _ in others], [f for _, f in others])[0]
            return text[start:a] + chosen + text[b:end]
    place = chance.randrange(start, end)
    sound = syllable_phones(syllables[place])
    syllable = (sound[0], sound[1]) if len(sound) == 2 else ("", "".join(sound))
    known = _characters_by_syllable().get(syllable, [])
    alike = [c for c in known[: _TOP + 1] if c != text[place]]
    return text[start:place] + chance.choice(alike or [text[place]]) + text[place + 1 : end]


def _fold(syllable: str) -> tuple[str, str]:
    phones = syllable_phones(syllable)
    return fold_syllable((phones[0], phones[1]) if len(phones) == 2 else ("", "".join(phones)))


@cache
def _words_by_sound() -> dict[tuple[tuple[str, str], ...], list[tuple[str, int]]]:
    """Return the words of two characters by sound, with how often they are used."""
    found = defaultdict(list)
    for word, count in _dictionary():
        if len(word) == 2:
            syllables = [syllable for _, syllable in read_syllables(word)]
            if len(syllables) == 2:
                found[tuple(map(_fold, syllables))].append((word, count))
    return dict(found)


@cache
def _characters_by_syllable() -> dict[tuple[str, str], list[str]]:
    """Return the characters of each syllable, the commonest first."""
    found = defaultdict(list)
    for word, _ in sorted(_dictionary(), key=lambda entry: -entry[1]):
        if len(word) == 1 and re.fullmatch(f"[{HAN}]", word):
            phones = syllable_phones(next(read_syllables(word))[1])
            if phones:
                found[(phones[0], phones[1]) if len(phones) == 2 else ("", phones[0])].append(word)
    return {syllable: characters[:20] for syllable, characters in found.items()}


@cache
def _dictionary() -> tuple[tuple[str, int], ...]:
    import jieba

    lines = jieba.get_dict_file().read().decode("utf-8").splitlines()
    entries = ((word, int(count)) for word, count, *_ in map(str.split, lines))
    return tuple((word, n) for word, n in entries if len(word) <= 2 and n >= _SELDOM)

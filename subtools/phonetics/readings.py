"""The ways in which the words of a text may be spoken, in phones of ``inventory``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby

from subtools.lexicon import word_core
from subtools.phonetics.amounts import Figure, read_figure
from subtools.phonetics.inventory import FINALS, INITIALS, NOISE, SILENCE
from subtools.phonetics.latin import fold_latin, read_token, read_unit
from subtools.phonetics.mandarin import Reading, join_phones, read_character, read_syllables
from subtools.phonetics.numbers import fold_digits
from subtools.phonetics.scripts import HAN, simplify
from subtools.phonetics.speaking import Languages, distinct, join_choices, speak

__all__ = ["Reading", "phones_to_text", "read_words", "spell_reading"]

# Chinese talk may be half English, and English talk hardly quotes Chinese.
_CHINESE_SHARE = 0.2  # of Han characters among the words in Han and Latin letters
_HAN = re.compile(f"[{HAN}]")
_COMPATIBLE = re.compile("[\uf900-\ufaff]")
_REPEATED = re.compile(f"([{HAN}])\u3005")  # 人々
_NUMBER = re.compile(r"\d[\d.,:]*")
_MANDARIN = frozenset({*INITIALS, *FINALS})
# What signs after a Latin word say, if anything: C++, R&D, node.js, A/B.
# (Tables have several entries to a line, so that they can be seen at once.)
# fmt: off
_LATIN_SIGNS = {
    "+": ("加", "plus"), "++": ("加加", "plus plus"), "#": ("sharp", "sharp"),
    "&": ("and", "and"), "@": ("at", "at"), "=": ("等于", "equals"),
}
# fmt: on
_POINTS = frozenset(".。．")
_POINTS_SAID = {"zh": "点", "en": "point"}
_JOINING_SIGNS = {".": ("点", "dot"), "/": ("slash", "slash"), "_": ("下划线", "underscore")}


class _Kind(Enum):
    HAN = auto()
    LATIN = auto()  # letters, perhaps with digits
    NUMBER = auto()
    OTHER = auto()  # another script, or nothing to speak


@dataclass(frozen=True, slots=True)
class _Token:
    """A word taken apart.

    Attributes:
        kind: What it is written in.
        core: What is spoken; Latin letters and digits as ASCII.
        head: The signs before the core.
        tail: The signs and spaces after it.
    """

    kind: _Kind
    core: str
    head: str
    tail: str


def read_words(words: Sequence[str]) -> tuple[tuple[Reading, ...], ...]:
    """Return for each word the ways in which it may be spoken, likeliest first.

    A reading of one word goes with any reading of its neighbours. Where signs are said
    elsewhere than written, the words of the group share what is said (``1/2``: 二分之, 一).

    Args:
        words: Consecutive words of one text, as ``lexicon.split_words`` cuts them.

    Returns:
        Up to eight readings a word, none of them empty; no reading for words that
        nobody can speak and for unknown scripts.

    >>> read_words(["長", "大", "。"])
    ((('zh', 'ang'), ('ch', 'ang')), (('d', 'a'),), ())
    """
    tokens = [_take_apart(word) for word in words]
    syllables = _syllables_of_words(words)
    languages = _languages_of(tokens)
    return tuple(
        read_character(*syllables[place])
        if token.kind is _Kind.HAN
        else _read_other(tokens, place, languages[place])
        for place, token in enumerate(tokens)
    )


def spell_reading(reading: Sequence[str]) -> str:
    """Return a reading for a person: pinyin syllables, English phones in lower case.

    >>> spell_reading(("sh", "ih", "zh", "ong")), spell_reading(("EY", "AY"))
    ('shi zhong', 'ey ay')
    """
    return phones_to_text(reading).replace("/", "")


def phones_to_text(phones: Sequence[str]) -> str:
    """Return what was heard for a person: pinyin, and English phones between slashes.

    >>> phones_to_text(("sil", "d", "a", "m", "o", "JH", "IY", "sil", "x", "ing"))
    'da mo /jh iy/ xing'
    """
    return " ".join(_spell_runs(phones))


def _spell_runs(phones: Sequence[str]) -> Iterator[str]:
    for kind, run in groupby(phones, _language_of_phone):
        if kind == "zh":
            yield from join_phones(tuple(run))
        elif kind == "en":
            yield f"/{' '.join(run).lower()}/"


def _language_of_phone(phone: str) -> str:
    if phone in {SILENCE, NOISE}:
        return ""
    return "zh" if phone in _MANDARIN else "en"


def _take_apart(word: str) -> _Token:
    core = word_core(word)
    head, _, tail = word.partition(core) if core else ("", "", word)
    if _HAN.match(core):
        return _Token(_Kind.HAN, core[0], head, tail)
    number = fold_digits(core)
    if _NUMBER.fullmatch(number):
        return _Token(_Kind.NUMBER, number, head, tail)
    latin = fold_latin(core)
    return _Token(_Kind.LATIN if latin else _Kind.OTHER, latin, head, tail)


def _syllables_of_words(words: Sequence[str]) -> list[tuple[str, str]]:
    """Return for each word its first Han character, Simplified, and its pinyin in context."""
    text = _unify_han("".join(words))
    syllables, simplified = dict(read_syllables(text)), simplify(text)
    found, start = [], 0
    for word in words:
        match = _HAN.search(word)
        place = start + match.start() if match else -1
        found.append((simplified[place], syllables[place]) if match else ("", ""))
        start += len(word)
    return found


def _unify_han(text: str) -> str:
    """Return ``text`` without compatibility ideographs and iteration marks, as long as before."""
    text = _COMPATIBLE.sub(lambda match: unicodedata.normalize("NFC", match.group()), text)
    return _REPEATED.sub(r"\1\1", text)


def _languages_of(tokens: Sequence[_Token]) -> list[Languages]:
    """Return for each word the languages it may be spoken in, likelier first."""
    kinds = [token.kind for token in tokens]
    han, latin = kinds.count(_Kind.HAN), kinds.count(_Kind.LATIN)
    is_chinese = han >= _CHINESE_SHARE * (han + latin)
    before = _nearest_kinds(kinds)
    after = reversed(_nearest_kinds(kinds[::-1]))
    return [
        _languages_between(is_chinese, around) for around in zip(before, kinds, after, strict=True)
    ]


def _nearest_kinds(kinds: Iterable[_Kind]) -> list[_Kind]:
    """Return for each word the kind of the nearest word in letters before it."""
    nearest, last = [], _Kind.OTHER
    for kind in kinds:
        nearest.append(last)
        if kind is _Kind.HAN or kind is _Kind.LATIN:
            last = kind
    return nearest


def _languages_between(is_chinese: bool, kinds: tuple[_Kind, ...]) -> Languages:
    if is_chinese:
        return ("zh", "en") if _Kind.LATIN in kinds else ("zh",)
    return ("en", "zh") if _Kind.HAN in kinds else ("en",)


def _read_other(tokens: Sequence[_Token], place: int, languages: Languages) -> tuple[Reading, ...]:
    token = tokens[place]
    if token.kind is _Kind.NUMBER:
        return read_figure(_figure_at(tokens, place), languages)
    if token.kind is _Kind.LATIN:
        return _read_latin(tokens, place, languages)
    return ()


def _read_latin(tokens: Sequence[_Token], place: int, languages: Languages) -> tuple[Reading, ...]:
    token = tokens[place]
    readings = read_token(token.core, languages)
    before = tokens[place - 1] if place else None
    if before and before.kind is _Kind.NUMBER and not before.tail.strip():
        readings = distinct((*read_unit(token.core, languages)[:4], *readings))
    is_joined = _is_joined(tokens, place)
    if is_joined and token.tail in _POINTS and _is_version(token, tokens[place + 1]):
        signs = (*(speak(_POINTS_SAID[language]) for language in languages), ())
    else:
        signs = _say_signs(token.tail, languages, is_joined=is_joined)
    return join_choices([readings, signs]) if signs and readings else readings


def _is_version(token: _Token, following: _Token) -> bool:
    """Tell whether the words are the halves of ``v2.0``."""
    return token.core[-1].isdecimal() and following.kind is _Kind.NUMBER


def _say_signs(tail: str, languages: Languages, *, is_joined: bool) -> tuple[Reading, ...]:
    """Return what the signs after a Latin word say, the empty reading among them."""
    sign = tail.strip()
    said = _LATIN_SIGNS.get(sign)
    texts = said or (_JOINING_SIGNS.get(sign) if is_joined else None)
    if not texts:
        return ()
    readings = [speak(texts[language == "en"]) for language in languages]
    return tuple(dict.fromkeys([*readings, ()] if said else [(), *readings]))


def _figure_at(tokens: Sequence[_Token], place: int) -> Figure:
    """Return the number at ``place`` with what its neighbours have to do with it."""
    token = tokens[place]
    earlier = [*_numbers_before(tokens, place)][:2]
    is_followed = _is_joined(tokens, place) and tokens[place + 1].kind is _Kind.NUMBER
    return Figure(
        token.core,
        head=token.head[-1:],
        tail=token.tail.strip(),
        minus=_minus_before(tokens, place),
        earlier=tuple(reversed(earlier)),
        later=tokens[place + 1].core if is_followed else "",
    )


def _numbers_before(tokens: Sequence[_Token], place: int) -> Iterator[str]:
    """Yield the numbers joined to the one at ``place``, each with its sign, nearest first."""
    for token in reversed(tokens[max(0, place - 3) : place]):
        if token.kind is not _Kind.NUMBER or token.tail not in {"-", "/"}:
            return
        yield token.core + token.tail


def _is_joined(tokens: Sequence[_Token], place: int) -> bool:
    """Tell whether signs, and no space, lie between a word and the next."""
    tail = tokens[place].tail
    has_next = place + 1 < len(tokens) and not tokens[place + 1].head
    return has_next and bool(tail) and not tail[-1].isspace()


def _minus_before(tokens: Sequence[_Token], place: int) -> str:
    """Return the minus sign that stands right before a number and after no other name."""
    if not place:
        return ""
    tail = tokens[place - 1].tail
    is_free = tokens[place - 1].kind in {_Kind.HAN, _Kind.OTHER} or tail[-2:-1].isspace()
    return tail[-1] if tail and tail[-1] in "-−－" and is_free else ""

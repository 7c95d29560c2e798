"""How a term is said, in phones of ``phonetics``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain, islice, product

from subtools.core import Term
from subtools.lexicon import split_words
from subtools.phonetics import Reading, read_words
from subtools.phonetics.accents import accent_phones
from subtools.phonetics.mandarin import syllable_phones

_MOST = 24  # ways to say a term
_MOST_OF_NAME = 8  # ways to say one of its names
_MOST_OF_WORD = 4  # ways to say a word of a longer name
# Beside Han, Latin letters and numbers are read as Chinese speakers do, in both languages.
# The comma keeps pypinyin from joining these characters with the name's own.
_BEFORE, _AFTER = "说，", "，说"
_TONES = re.compile(r"(?<=[a-zü:])[0-5](?![0-9])|[\u0300\u0301\u0304\u030c]")
_PARTED = re.compile(r"[\s'’\-]+")


def term_sounds(term: Term) -> tuple[Reading, ...]:
    """Return the ways in which ``term`` may be said, those that it lists first.

    Letters are named, words pronounced, and digits read in Chinese and in English
    (``GPT-4``: JH IY P IY T IY s ih, JH IY P IY T IY F AO R). What is said in English comes
    second with the sounds of Mandarin, too. Its other names do not count: whoever says
    one has said something else.

    >>> term_sounds(Term("智谱", sounds=("zhi4 pu3",)))
    (('zh', 'ih', 'p', 'u'),)
    >>> "JH IY P IY T IY F AO R".split() in [list(said) for said in term_sounds(Term("GPT-4"))]
    True
    """
    listed = chain.from_iterable(map(_read_sound, term.sounds))
    said = list(dict.fromkeys(chain(listed, _read_name(term.name))))
    return tuple(islice(dict.fromkeys(chain(said[:1], _accented(said[:1]), said[1:])), _MOST))


def _accented(said: Iterable[Reading]) -> Iterator[Reading]:
    yield from filter(None, map(accent_phones, said))


def _read_sound(sound: str) -> Iterator[Reading]:
    """Yield how ``sound`` is read: as pinyin if it can be, else or also as words."""
    pinyin = _read_pinyin(sound)
    if pinyin:
        yield pinyin
    if not (pinyin and _TONES.search(_unmark(sound))):  # with a tone, it is nothing but pinyin
        yield from _read_name(sound)


def _read_pinyin(sound: str) -> Reading:
    """Return the phones of pinyin syllables; empty if there is anything else."""
    letters = _TONES.sub("", _unmark(sound)).replace("u:", "v").replace("u\u0308", "v")
    syllables = [syllable_phones(part) for part in _PARTED.split(letters.strip())]
    return tuple(chain.from_iterable(syllables)) if all(syllables) else ()


def _unmark(sound: str) -> str:
    return unicodedata.normalize("NFD", sound.casefold())


def _read_name(name: str) -> Iterator[Reading]:
    words = split_words(_BEFORE + name + _AFTER)
    inner = slice(len(split_words(_BEFORE)), -1)
    choices = [readings for readings in read_words(words)[inner] if readings]
    if len(choices) > 1:
        choices = [readings[:_MOST_OF_WORD] for readings in choices]
    joined = (tuple(chain.from_iterable(said)) for said in product(*choices) if said)
    yield from islice(joined, _MOST_OF_NAME)

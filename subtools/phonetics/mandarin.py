"""Han characters to pinyin, and pinyin to phones.

A phone here is one of ``inventory``: an initial or a toneless final.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from subtools.phonetics.inventory import FINALS, INITIALS
from subtools.phonetics.scripts import HAN, simplify

Reading = tuple[str, ...]

_MOST_READINGS = 4  # of one character
_HAN_RUN = re.compile(rf"[{HAN}]+")
_SYLLABLE = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcs])(.+)")
# How pinyin writes a final that has no initial, where the two differ.
# (Tables have several entries to a line, so that they can be seen at once.)
# fmt: off
_WRITTEN_ALONE = {
    "i": "yi", "ia": "ya", "ie": "ye", "iao": "yao", "iu": "you", "ian": "yan", "in": "yin",
    "iang": "yang", "ing": "ying", "iong": "yong", "u": "wu", "ua": "wa", "uo": "wo",
    "uai": "wai", "ui": "wei", "uan": "wan", "un": "wen", "uang": "wang", "ueng": "weng",
    "v": "yu", "ve": "yue", "van": "yuan", "vn": "yun", "ih": "i",
}
_SYLLABIC: dict[str, Reading] = {
    **{written: (final,) for final, written in _WRITTEN_ALONE.items() if final != "ih"},
    "m": ("ng",), "n": ("ng",), "ng": ("ng",), "hm": ("h", "ng"), "hng": ("h", "ng"),
    "ê": ("ie",), "yo": ("o",), "ong": ("ueng",),
}
# fmt: on
# What people say, whatever stands around it; the dictionaries have the written norm.
# fmt: off
_SPOKEN = {
    "谁": "shei shui", "这": "zhe zhei", "那": "na nei", "哪": "na nei", "嗯": "ng en",
    "啊": "a ya wa na", "呀": "ya a", "哇": "wa a", "哎": "ai ei", "欸": "ei ai e",
    "诶": "ei ai e", "哦": "o ou e", "噢": "o ou ao", "喔": "o wo", "嗨": "hai hei",
    "呵": "he ha", "咯": "lo luo", "哼": "heng hng", "哟": "yo you", "呃": "e",
}
# fmt: on
# Frequent readings that words of the phrase table hardly show (particles), and the
# norm of Taiwan where it is another syllable.
# fmt: off
_ALSO_SPOKEN = {
    "地": "de", "的": "di", "得": "dei", "了": "liao", "着": "zhao zhuo", "还": "huan",
    "都": "du", "和": "han huo", "么": "ma", "吧": "ba", "熟": "shou", "血": "xie",
    "著": "zhe zhuo zhao", "咋": "za", "液": "yi", "垃": "le", "圾": "se", "幺": "yao",
}
# fmt: on
# A reading counts as used if this many, and this share, of the words of pypinyin's
# phrase table have it; its table of single characters goes back to the oldest books.
_LEAST_PHRASES = 3
_LEAST_SHARE = 0.01


def read_syllables(text: str) -> Iterator[tuple[int, str]]:
    """Yield (position, toneless pinyin) of each Han character, read in its context.

    A character without a reading is its own syllable; ü is written v.

    >>> list(read_syllables("長大，長城"))
    [(0, 'zhang'), (1, 'da'), (3, 'chang'), (4, 'cheng')]
    """
    from pypinyin import lazy_pinyin

    for run in _HAN_RUN.finditer(simplify(text)):
        syllables = lazy_pinyin(run.group(), errors=_keep_each)
        for position, syllable in enumerate(syllables, start=run.start()):
            # Some Simplified forms are so rare that only the Traditional one has a reading.
            is_read = syllable != run.group()[position - run.start()]
            yield position, syllable if is_read else _read_alone(text[position])


@cache
def read_character(character: str, syllable: str) -> tuple[Reading, ...]:
    """Return the readings of a Simplified Han character, likeliest first.

    Args:
        character: One character.
        syllable: Its toneless pinyin in its context.

    >>> read_character("着", "zhe")
    (('zh', 'e'), ('zh', 'ao'), ('zh', 'uo'))
    """
    first = () if character in _SPOKEN else (syllable,)
    phones = map(syllable_phones, (*first, *_all_syllables(character)))
    return tuple(dict.fromkeys(filter(None, phones)))[:_MOST_READINGS]


@cache
def syllable_phones(syllable: str) -> Reading:
    """Return initial and final of a toneless pinyin syllable; () for anything else.

    >>> syllable_phones("ju"), syllable_phones("shi"), syllable_phones("wei")
    (('j', 'v'), ('sh', 'ih'), ('ui',))
    """
    syllable = syllable.replace("ü", "v")
    if syllable in _SYLLABIC:
        return _SYLLABIC[syllable]
    if syllable in FINALS:
        return (syllable,)
    match = _SYLLABLE.fullmatch(syllable)
    if not match:
        return ()
    initial, final = match.group(1), _unabbreviate(*match.groups())
    return (initial, final) if final in FINALS else ()


def join_phones(phones: Reading) -> tuple[str, ...]:
    """Return Mandarin phones as pinyin syllables; what makes none stands alone.

    >>> join_phones(("sh", "ih", "zh", "ong", "v", "l", "v", "b"))
    ('shi', 'zhong', 'yu', 'lü', 'b')
    """
    syllables, initial = [], ""
    for phone in phones:
        if phone in INITIALS:
            if initial:
                syllables.append(initial)
            initial = phone
        else:
            syllables.append(_write_syllable(initial, phone))
            initial = ""
    return (*syllables, initial) if initial else tuple(syllables)


def _read_alone(character: str) -> str:
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(character)[0])


def _keep_each(characters: str) -> Any:
    """Return characters that have no reading one by one; pypinyin would join them."""
    return list(characters)


def _unabbreviate(initial: str, final: str) -> str:
    """Return the final as ``inventory`` names it, which pinyin writes in short."""
    if initial in {"j", "q", "x"} and final[0] == "u":
        return f"v{final[1:]}"
    if final == "i" and initial in {"zh", "ch", "sh", "r", "z", "c", "s"}:
        return "ih"
    return "ve" if final == "ue" else final


def _write_syllable(initial: str, final: str) -> str:
    if not initial:
        return _WRITTEN_ALONE.get(final, final)
    if final == "ih":
        return f"{initial}i"
    return initial + final.replace("v", "u" if initial in {"j", "q", "x"} else "ü")


@cache
def _all_syllables(character: str) -> tuple[str, ...]:
    """Return the syllables of a character in real use, the special ones first."""
    if character in _SPOKEN:
        return tuple(_SPOKEN[character].split())
    return (*_ALSO_SPOKEN.get(character, "").split(), *_used_syllables(character))


def _used_syllables(character: str) -> Iterator[str]:
    """Yield what words of the phrase table say for ``character``, most frequent first."""
    counts = _count_syllables().get(character, Counter())
    least = max(_LEAST_PHRASES, _LEAST_SHARE * counts.total())
    for syllable, count in counts.most_common():
        if count >= least:
            yield syllable


@cache
def _count_syllables() -> dict[str, Counter[str]]:
    """Return for each character how many words of the phrase table say which syllable."""
    from pypinyin.constants import PHRASES_DICT

    said = (zip(phrase, syllables, strict=False) for phrase, syllables in PHRASES_DICT.items())
    pairs = Counter((character, syllable[0]) for pairs in said for character, syllable in pairs)
    counts: dict[str, Counter[str]] = {}
    for (character, syllable), count in pairs.items():
        counts.setdefault(character, Counter())[_drop_tone(syllable)] += count
    return counts


@cache
def _drop_tone(syllable: str) -> str:
    """Return a syllable without its tone mark, ü as v."""
    decomposed = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(c for c in decomposed if not unicodedata.combining(c))

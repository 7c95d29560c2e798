"""Where a reader of running text can rest: what it costs to break before each word.

Chinese words and what they are (noun, particle, ...) come from jieba's dictionary, by
rjieba; the text is folded to Simplified for it, as that is what the dictionary has.
BudouX, which knows phrases, finds those of Japanese and Thai. It knows Chinese too,
but parts words there: of 1,728 clauses of a Traditional talk its model cut 然後, 其實
and 這麼 in two again and again, where jieba's dictionary did not.

Source of what goes together: Netflix, Timed Text Style Guide, General Requirements,
"Line treatment", and the BBC Subtitle Guidelines, "Break at natural points": break
after punctuation, before conjunctions and prepositions; part no adjective from its
noun, no name, no verb from its auxiliary.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from typing import Any

from subtools.lexicon import ends_clause, ends_sentence, is_spaceless, may_pause, word_core
from subtools.persons import TITLES
from subtools.phonetics.scripts import simplify

SENTENCE, CLAUSE, REST = 0.0, 0.2, 0.5  # after 。, after ，, after any other mark
GOOD, PLAIN, BAD = 0.75, 1.0, 1.6  # between words: before 但是; elsewhere; after 的
INSIDE = 4.0  # inside a word, a term, a name, a number and its unit: where there is no other

_KANA = re.compile(r"[\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
_THAI = re.compile(r"[\u0e00-\u0e7f]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
# Parts of speech as jieba's dictionary names them (ICTCLAS).
_LEANS_BACK = frozenset(("uj", "ul", "uz", "ud", "ug", "uv", "u", "y", "k", "f"))  # 的 了 嗎 們 上
_PARTICLES = frozenset("的了呢嗎吗吧啊們们")  # after a Latin word, where no dictionary is asked
_OPENS = frozenset(("c",))  # 但是, 因為
_MAY_OPEN = frozenset(("p", "r", "d", "t"))  # 對於, 我, 其實, 現在
_LEANS_ON = frozenset(("p", "c", "d", "a", "b", "uj", "h", "m", "r"))  # 從|, 很|, 大|模型, 的|, 我|
_LONGEST_TERM = 3  # Latin words
_UNITS = re.compile(
    r"[个位条张种次倍年月日号点分秒天周岁人块元万亿千百十层页章题步行家台部件篇项期届代米吨度卡]"
)
_LATIN_UNITS = "b k m g t w kb mb gb tb ms s hz khz mhz ghz km cm mm kg am pm"
_LEANING = (
    "a an the of to in on at by for with from into and or but if that which who as than is are "
    "was were be been am has have had do does did does will would can could may might must shall "
    "should not i you he she it we they my your his her its our their this these those no very so"
)
_OPENING = (
    "and or but because if when while where although though since unless until that which who "
    "whose so than as of to in on at by for with from into about after before between through"
)


def break_costs(words: Sequence[str], names: Collection[str] = ()) -> tuple[float, ...]:
    """Return what it costs to break before each of ``words``; before the first it is 0.

    ``SENTENCE``, ``CLAUSE`` and ``REST`` after punctuation, ``GOOD``, ``PLAIN`` and
    ``BAD`` between words, ``INSIDE`` within what must stay whole.

    >>> break_costs(("模", "型", "很", "好，", "但", "是", "GPT-", "4 ", "強"))
    (0.0, 4.0, 1.0, 1.0, 0.2, 4.0, 1.0, 4.0, 1.6)

    Args:
        words: As ``lexicon.split_words`` has them.
        names: Names and terms that are to stay whole, such as those of speakers.
    """
    costs = [0.0, *(_cost_between(a, b) for a, b in pairwise(words))] if words else []
    for first, last in _spaceless_runs(words):
        for index, cost in enumerate(_run_costs(words, first, last), start=first + 1):
            costs[index] = cost
    for index in (*_inside_names(words, names), *_inside_latin_terms(words, costs)):
        costs[index] = INSIDE
    return tuple(costs)


def _cost_between(before: str, after: str) -> float:
    """Return what a break costs between two words of which one at least is no character."""
    if _is_one_term(before, after):
        return INSIDE
    if ends_sentence(before, after):
        return SENTENCE
    if ends_clause(before, after):
        return CLAUSE
    if may_pause(before):
        return REST
    left, right = word_core(before).casefold(), word_core(after).casefold()
    if left.isdigit() or right.isdigit():
        return _cost_at_number(left, right)
    if right in _PARTICLES:
        return 2 * BAD
    if right in _set(_OPENING):
        return GOOD
    return BAD if left in _set(_LEANING) else PLAIN


@cache
def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _is_one_term(before: str, after: str) -> bool:
    """Tell whether two words are written as one: ``GPT-`` and ``4``, ``3。`` and ``5``."""
    if before[-1].isspace() or _is_character(before) or _is_character(after):
        return not word_core(after) or not word_core(before)
    is_number = word_core(before)[-1:].isdigit() and after[:1].isdigit()
    return is_number or not may_pause(before)


def _is_character(word: str) -> bool:
    return is_spaceless(word_core(word))


def _cost_at_number(left: str, right: str) -> float:
    """Return what parting a number from its neighbour costs; what it counts stays with it."""
    if left.isdigit() and (_UNITS.match(simplify(right)) or right in _set(_LATIN_UNITS)):
        return INSIDE
    return BAD if left.isdigit() else PLAIN


# --- scripts without spaces ---------------------------------------------------------


def _spaceless_runs(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield first and last index of stretches of characters with nothing between them."""
    first = 0
    for is_run, group in groupby(range(len(words)), lambda k: _is_character(words[k])):
        last = first + len(list(group)) - 1
        if is_run and last > first:
            start = first
            for index in range(first, last):
                if (
                    words[index] != word_core(words[index])
                    or words[index + 1][0] != (word_core(words[index + 1])[0])
                ):
                    yield start, index
                    start = index + 1
            yield start, last
        first = last + 1


def _run_costs(words: Sequence[str], first: int, last: int) -> list[float]:
    """Return what it costs to break before each character of a run but the first."""
    cores = [word_core(words[index]) for index in range(first, last + 1)]
    text = "".join(cores)
    if _KANA.search(text):
        return _phrase_costs(cores, "ja")
    if _THAI.search(text):
        return _phrase_costs(cores, "th")
    if _HAN.search(text):
        return _chinese_costs(cores)
    return [PLAIN] * (len(cores) - 1)


def _phrase_costs(cores: Sequence[str], language: str) -> list[float]:
    borders = _borders(_budoux(language).parse("".join(cores)))
    return [PLAIN if place in borders else INSIDE for place in _places(cores)]


def _chinese_costs(cores: Sequence[str]) -> list[float]:
    """Return what it costs to break before each Han character but the first.

    Variant selectors and marks make a character longer than one code point; then they
    are left out for the dictionary.
    """
    tagged = _tag("".join(core[0] for core in cores))
    costs: dict[int, float] = {}
    place = 0
    for before, after in pairwise(tagged):
        place += len(before[0])
        costs[place] = _cost_between_tagged(before, after)
    return [costs.get(place, INSIDE) for place in range(1, len(cores))]


def _cost_between_tagged(before: tuple[str, str], after: tuple[str, str]) -> float:
    (left, left_tag), (right, right_tag) = before, after
    if right in TITLES and len(left) <= 3:  # 曾老師
        return INSIDE
    if left_tag == "m" and right_tag in {"q", "n"} and _UNITS.match(right):  # 兩萬張
        return INSIDE
    if right_tag in _LEANS_BACK:
        return 2 * BAD if len(right) == 1 else BAD
    if right_tag in _OPENS:
        return GOOD
    if left_tag in _LEANS_ON:
        return BAD
    return GOOD if right_tag in _MAY_OPEN else PLAIN


@dataclass(frozen=True, slots=True)
class TaggedWord:
    """A word of a text and what it is.

    Attributes:
        text: As written.
        tag: Part of speech as jieba's dictionary names it (``n``, ``v``, ``eng``, ...).
        start: Offset of its first character.
    """

    text: str
    tag: str
    start: int


def tag_words(text: str) -> tuple[TaggedWord, ...]:
    """Return the words of ``text`` with what they are; joined, they are the text.

    >>> [(word.text, word.tag, word.start) for word in tag_words("數據不夠")]
    [('數據', 'n', 0), ('不夠', 'v', 2)]
    """
    words, start = [], 0
    for folded, tag in _tag(text):
        words.append(TaggedWord(text[start : start + len(folded)], tag, start))
        start += len(folded)
    return tuple(words)


@cache
def _english_words() -> Mapping[str, int]:
    from spellchecker import SpellChecker

    words: Mapping[str, int] = SpellChecker(language="en").word_frequency.dictionary
    return words


def is_english_word(word: str) -> bool:
    """Tell whether ``word``, in small letters, stands in a dictionary of English with its forms.

    >>> is_english_word("scanning"), is_english_word("gobernadi")
    (True, False)
    """
    return word in _english_words()


def count_words(text: str) -> int:
    """Return of how few and frequent words of the dictionary ``text`` can be made.

    Characters that no word covers count one each: a homophone that makes no sense mostly
    falls apart.

    >>> count_words("能夠戰勝對手"), count_words("能夠佔成對手")
    (3, 4)
    """
    import rjieba

    return len(rjieba.cut(simplify(text), False))


def _tag(text: str) -> Sequence[tuple[str, str]]:
    import rjieba

    tagged: list[tuple[str, str]] = rjieba.tag(simplify(text), True)
    return tagged


def _places(cores: Sequence[str]) -> list[int]:
    """Return where each of ``cores`` but the first begins in them joined."""
    places, place = [], 0
    for core in cores[:-1]:
        place += len(core)
        places.append(place)
    return places


def _borders(parts: Sequence[str]) -> set[int]:
    borders, place = set(), 0
    for part in parts:
        place += len(part)
        borders.add(place)
    return borders


@cache
def _budoux(language: str) -> Any:
    import budoux

    if language == "ja":
        return budoux.load_default_japanese_parser()
    return budoux.load_default_thai_parser()


# --- names and terms ------------------------------------------------------------------


def _inside_latin_terms(words: Sequence[str], costs: Sequence[float]) -> Iterator[int]:
    """Yield the indices of words that continue a Latin term in Chinese: ``Scaling Law``.

    A longer stretch is a sentence in another language.
    """
    if not any(map(_is_character, words)):
        return
    first = 0
    for index in range(1, len(words) + 1):
        goes_on = index < len(words) and costs[index] > REST and not _is_character(words[index])
        if goes_on and not _is_character(words[index - 1]):
            continue
        if 1 < index - first <= _LONGEST_TERM and not _is_character(words[first]):
            yield from range(first + 1, index)
        first = index


def _inside_names(words: Sequence[str], names: Collection[str]) -> Iterator[int]:
    """Yield the indices of words that continue one of ``names``."""
    if not names:
        return
    cores = [word_core(word) for word in words]
    text = "".join(cores)
    starts = {place: index for index, place in enumerate([0, *_places(cores)])} if cores else {}
    for name in filter(None, names):
        for match in re.finditer(re.escape("".join(name.split())), text):
            yield from (
                starts[place] for place in range(match.start() + 1, match.end()) if place in starts
            )

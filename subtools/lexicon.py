"""Words and clauses of running text.

A *word* is what the aligner gives a time to: one character in scripts that are
written without spaces (Han, kana, Thai, ...), one run of letters or one number in
all others. Punctuation and spaces belong to a word, so that no character of a text
is ever lost.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

# Scripts written without spaces between words; one character is one word there.
# Ranges from the Unicode blocks: Thai to Lao, Tibetan, Myanmar, Khmer, kana with its
# iteration marks, the ideographs of the three planes. Hangul is written with spaces.
_SPACELESS = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"
    "\u3005-\u3007\u3031-\u3035\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U000323af"
)
# Vowel signs, tone marks and accents, which never stand alone. All combining marks of
# the alphabets lie in this range; those of kana and the variant selectors come after it.
_MARKS = "\u3099\u309a\ufe00-\ufe0f" + "".join(
    chr(code) for code in range(0x300, 0x3000) if unicodedata.category(chr(code))[0] == "M"
)
_CORE = re.compile(
    rf"(?!\W)[{_SPACELESS}][{_MARKS}]*"  # one character (no punctuation: ・) and its marks
    rf"|(?:\d+(?:[.,:]\d+)+)"  # 3.5  1,000  12:30
    rf"|[^\W_{_SPACELESS}](?:[^\W_{_SPACELESS}]|[{_MARKS}]|['’](?=[^\W_{_SPACELESS}]))*"  # don't
)
_OPENING = frozenset("（「『《〈【〔〖［｛“‘([{<¿¡")
_PREFIXES = frozenset("#@$€£¥￥")  # open a word only right before it: $5, but C# and 50€
_SENTENCE_MARKS = frozenset("。！？!?…｡．")
_CLAUSE_MARKS = frozenset("，；：;")
_JOINERS = "\u200c\u200d"
_SOFT_MARKS = frozenset(",、:—–")


def split_words(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` with their punctuation; joined, they are ``text``.

    Text without a letter or digit comes back as one piece (none if it is empty).

    >>> split_words("我們看到GPT-3，「好」的 idea。")
    ('我', '們', '看', '到', 'GPT-', '3，', '「好」', '的 ', 'idea。')
    """
    cores = list(_CORE.finditer(text))
    if not cores:
        return (text,) if text else ()
    borders = [0]
    for before, after in pairwise(cores):
        borders.append(before.end() + _first_opening(text[before.end() : after.start()]))
    borders.append(len(text))
    return tuple(text[a:b] for a, b in pairwise(borders))


def _first_opening(between: str) -> int:
    """Return where, between two words, the part of the second one begins."""
    for index, character in enumerate(between):
        if character in _OPENING:
            return index
        if character in _PREFIXES and not any(map(str.isspace, between[index:])):
            return index
        if character in "\"'" and index and between[index - 1].isspace():
            return index
    return len(between)


def word_core(word: str) -> str:
    """Return ``word`` without the punctuation and spaces around it.

    >>> word_core("「idea。」 ")
    'idea'
    """
    match = _CORE.search(word)
    return match.group() if match else ""


def is_spaceless(character: str) -> bool:
    """Tell whether ``character`` belongs to a script written without spaces.

    Only the first character counts; there may be none.

    >>> is_spaceless("推"), is_spaceless("a"), is_spaceless("")
    (True, False, False)
    """
    return re.match(rf"(?!\W)[{_SPACELESS}]", character) is not None


def ends_sentence(word: str, following: str) -> bool:
    """Tell whether a sentence ends after ``word`` when ``following`` comes next.

    A mark between two digits ends nothing: recognisers write ``GPT-3。5``. A full stop
    needs a space after it (``U.S.``, ``example.com``), but not in a spaceless script.

    >>> ends_sentence("說。", "我"), ends_sentence("3。", "5"), ends_sentence("3. ", "Then")
    (True, False, True)
    """
    tail = _tail(word)
    if _is_inside_number(word, tail, following):
        return False
    if any(mark in _SENTENCE_MARKS for mark in tail):
        return True
    if "." not in tail or _is_initial(word):
        return False
    if not following or word[-1].isspace():
        return True
    return is_spaceless(word_core(word)[:1]) and not following[0].isascii()  # 用.NET


def ends_clause(word: str, following: str) -> bool:
    """Tell whether a clause ends after ``word`` when ``following`` comes next.

    Sentence ends are clause ends. A half-width comma ends a clause between
    characters of a spaceless script, where it stands for the full-width one.

    >>> ends_clause("呢，", "我"), ends_clause("宾,", "因"), ends_clause("Well, ", "yes")
    (True, True, False)
    """
    tail = _tail(word)
    if _is_inside_number(word, tail, following):
        return False
    if any(mark in _CLAUSE_MARKS for mark in tail) or ends_sentence(word, following):
        return True
    return "," in tail and is_spaceless(word_core(word)[:1])


def may_pause(word: str) -> bool:
    """Tell whether the punctuation after ``word`` lets a reader rest.

    >>> may_pause("Well, "), may_pause("Well ")
    (True, False)
    """
    marks = _SENTENCE_MARKS | _CLAUSE_MARKS | _SOFT_MARKS | {"."}
    return any(mark in marks for mark in _tail(word))


def clause_ranges(words: Sequence[str]) -> tuple[range, ...]:
    """Return the index ranges of the clauses of ``words`` (one paragraph's).

    >>> clause_ranges(split_words("好的，謝謝。"))
    (range(0, 2), range(2, 4))
    """
    ranges, first = [], 0
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        if not following or ends_clause(word, following):
            ranges.append(range(first, index + 1))
            first = index + 1
    return tuple(ranges)


def columns(text: str) -> int:
    """Return how many columns ``text`` takes: two for wide characters, none for marks.

    Source: Unicode Standard Annex 11, East Asian Width.

    >>> columns("大模型 GPT")
    10
    """
    return sum(_column(character) for character in text)


def _column(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _tail(word: str) -> str:
    """Return the punctuation after the word proper."""
    match = _CORE.search(word)
    return word[match.end() :] if match else word


def _is_inside_number(word: str, tail: str, following: str) -> bool:
    before = word[: len(word) - len(tail)]
    return len(tail) == 1 and before[-1:].isdigit() and following[:1].isdigit()


def _is_initial(word: str) -> bool:
    """Tell whether the full stop of ``word`` abbreviates: ``J. ``, ``Dr. ``, ``U.S. ``."""
    core = word_core(word)
    if len(core) == 1:
        return core.isalpha() and not is_spaceless(core)
    return core in {"Mr", "Mrs", "Ms", "Dr", "Prof", "St", "vs", "etc"}


def clean_name(text: str) -> str:
    r"""Return a name on one line, without characters that are not seen (controls, text direction).

    >>> clean_name(" 王\u200b磊\n老師 "), clean_name("\u202eAnn")
    ('王磊 老師', 'Ann')
    """
    spaced = "".join(" " if character.isspace() else character for character in text)
    seen = "".join(c for c in spaced if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    return " ".join(seen.split())


def visible_text(text: str) -> str:
    r"""Return ``text`` on one line, without characters that are not seen; joiners stay.

    Scripts of India and Persian are spelled with joiners (U+200C, U+200D).

    >>> visible_text("GPT\u200b-4\n很好 ")
    'GPT-4 很好 '
    """
    return "".join(filter(None, map(_visible, text)))


def _visible(character: str) -> str:
    if character.isspace():
        return character if character == "\u3000" else " "
    is_unseen = unicodedata.category(character) in {"Cc", "Cf", "Cs"}
    return "" if is_unseen and character not in _JOINERS else character


def reading_speed(lines: Sequence[str], duration: float) -> float:
    """Return how many columns of ``lines`` are to be read in a second of ``duration`` seconds.

    Every character on the screen counts, punctuation and spaces too, as Netflix counts
    them: one for a full-width character (here two columns), a half for any other
    (here one).

    Source: Netflix, Timed Text Style Guide: Chinese (Traditional), reading speed limits.

    >>> reading_speed(("大家好，", "歡迎"), 2.0)
    6.0
    """
    read = sum(map(columns, lines))
    if duration > 0:
        return read / duration
    return math.inf if read else 0.0

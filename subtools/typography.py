"""How lines are punctuated in a style: marks and spaces change, words never do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile

from subtools.core import Punctuation
from subtools.lexicon import is_spaceless

_WIDE = {",": "，", ".": "。", "!": "！", "?": "？", ":": "：", ";": "；"}
_STOPS = "，。．｡"  # commas and full stops, which Hans does without
_ENDS = f"{_STOPS}、､"  # what no line ends with
_HALF_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_HALF_STOPS = {"，": ",", "。": ".", "．": ".", "｡": "."}
_PROTECTED = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.-]*://|www\.)[!-~]*[A-Za-z0-9/]|[!-~]{1,64}@[!-~]*[A-Za-z0-9]"
)
_MARK = re.compile(r"[,.!?:;]")
_LONG_STOP = re.compile(r"(?<=[^\x00-\xff])\.{3,}|。{2,}")
_BRACKET = re.compile(r"[()（）]")
_STOP_IN_NUMBER = re.compile(rf"(?<=[0-9])[{_STOPS}](?=[0-9])")
_STOP_BEFORE_CLOSING = re.compile(rf"(?<![{_STOPS}])[{_STOPS}]++([”’」』）》〉】]+)")
_STOP = re.compile(rf"[{_STOPS}]+")
# A full-width mark brings its own room.
_ROOM = re.compile(r" (?=[，。、；：？！”」』）》〉】])|(?<=[，。、；：？！「『（《〈【]) ")


@dataclass(frozen=True, slots=True)
class Fault:
    """Punctuation that a style writes in another way.

    Attributes:
        line: Which line, from 1.
        position: Where in it, in characters from 0.
        found: What stands there; empty if something is missing.
        wanted: What belongs there; empty if nothing does.
    """

    line: int
    position: int
    found: str
    wanted: str

    def __str__(self) -> str:
        """Return it in words."""
        where = f"line {self.line}, character {self.position + 1}"
        wanted = _name_mark(self.wanted) if self.wanted else "nothing"
        return f"{_name_mark(self.found) or 'nothing'} instead of {wanted} ({where})"


def typeset_lines(lines: Sequence[str], punctuation: Punctuation) -> tuple[str, ...]:
    """Return ``lines`` punctuated as the style has it; lines that hold no more are left out.

    Letters, characters and the values of numbers stay; so do marks inside Latin text,
    numbers and addresses. What is typeset already comes back as it is.

    - ``KEPT``: nothing changes.
    - ``HANT``: ``,.!?:;()`` and quotes of Chinese text full-width, no ``、，。`` at the end
      of a line.
    - ``HANS``: the same, but no ``，。`` at all: a space inside a line. ``、`` stays
      inside a line. Digits are half-width.

    Source: Netflix, Timed Text Style Guides: Chinese (Traditional), Chinese (Simplified),
    sections on punctuation.

    >>> typeset_lines(["他說:「好。」我們用GPT-3。5,", "看看吧。"], Punctuation.HANT)
    ('他說：「好。」我們用GPT-3。5', '看看吧')
    >>> typeset_lines(["苹果、梨，都有１２个。你呢?"], Punctuation.HANS)
    ('苹果、梨 都有12个 你呢？',)
    """
    if punctuation is Punctuation.KEPT:
        return tuple(lines)
    typeset = (_typeset_line(line, punctuation) for line in lines)
    return tuple(line for line in typeset if line)


def find_faults(lines: Sequence[str], punctuation: Punctuation) -> tuple[Fault, ...]:
    """Return what ``typeset_lines`` would change, in order.

    >>> [str(fault) for fault in find_faults(["你好,世界"], Punctuation.HANT)]
    ['"," instead of "，" (line 1, character 3)']
    """
    if punctuation is Punctuation.KEPT:
        return ()
    return tuple(
        fault
        for number, line in enumerate(lines, start=1)
        for fault in _compare_lines(line, _typeset_line(line, punctuation), number)
    )


def _compare_lines(line: str, typeset: str, number: int) -> Iterator[Fault]:
    if line == typeset:
        return
    # Words never change, so what stands between two letters answers what stands there now.
    place = 0
    for found, wanted in zip(_split_marks(line), _split_marks(typeset), strict=True):
        if found != wanted:
            same = _count_same(found, wanted)
            last = _count_same(found[same:][::-1], wanted[same:][::-1])
            end = len(found) - last
            yield Fault(number, place + same, found[same:end], wanted[same : len(wanted) - last])
        place += len(found)


def _count_same(a: str, b: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))


def _split_marks(line: str) -> list[str]:
    """Return every letter, and what stands before, between and after them."""
    return re.split(r"([^\W_])", line)


def _name_mark(text: str) -> str:
    if not text:
        return ""
    return "a space" if text == " " else f'"{text}"'


def _typeset_line(line: str, punctuation: Punctuation) -> str:
    """Return the line typeset: one step after another until none changes anything.

    What a mark stands next to may change by the step after it.
    """
    while (typeset := _typeset_once(line, punctuation)) != line:
        line = typeset
    return line


def _typeset_once(line: str, punctuation: Punctuation) -> str:
    is_hans = punctuation is Punctuation.HANS
    line = _LONG_STOP.sub("…", " ".join(line.split()))
    line = _widen_brackets(_widen_marks(line))
    line = _turn_quotes_hans(line) if is_hans else _turn_quotes_hant(line)
    if is_hans:
        line = _drop_stops(line.translate(_HALF_DIGITS))
    return _ROOM.sub("", " ".join(line.split())).rstrip(f"{_ENDS} ")


def _drop_stops(line: str) -> str:
    line = _STOP_IN_NUMBER.sub(lambda match: _HALF_STOPS[match.group()], line)
    line = _STOP_BEFORE_CLOSING.sub(r"\1 ", line)
    return _STOP.sub(" ", line)


def _widen_marks(line: str) -> str:
    """Return ``line`` with the half-width marks of Chinese text full-width."""
    if not _MARK.search(line):
        return line
    fixed = {i for match in _PROTECTED.finditer(line) for i in range(*match.span())}
    before, after = _near_words(line), _near_words(line[::-1])[::-1]
    is_chinese = any(map(is_spaceless, line))
    wide = list(line)
    for match in _MARK.finditer(line):
        place = match.start()
        near = (before[place], after[place])
        if place not in fixed and is_chinese and _is_chinese_mark(line, place, near):
            wide[place] = _WIDE[line[place]]
    return "".join(wide)


def _near_words(line: str) -> list[str]:
    """Return for each place the letter, digit or character before it; empty if there is none."""
    near, last = [], ""
    for character in line:
        near.append(last)
        last = character if character.isalnum() else last
    return near


def _is_chinese_mark(line: str, place: int, near: tuple[str, str]) -> bool:
    """Tell whether the mark at ``place`` of a line with Chinese in it belongs to the Chinese.

    Args:
        line: The line.
        place: Where the mark is.
        near: The characters of words before and after it.
    """
    previous, following = line[place - 1 : place], line[place + 1 : place + 2]
    if _is_latin(previous) and _is_latin(following):
        return False  # 3.5  12:30  example.com
    if line[place] == ".":  # one after a Latin word may abbreviate: Dr. 王
        return is_spaceless(previous) and not _is_latin(following)
    before, after = near
    if is_spaceless(before) or is_spaceless(after):
        return True
    return not after and bool(before)


def _is_latin(character: str) -> bool:
    return character.isalnum() and not is_spaceless(character)


def _widen_brackets(line: str) -> str:
    """Return ``line`` with the brackets around or after Chinese text full-width."""
    if not _BRACKET.search(line):
        return line
    chinese = list(accumulate(map(is_spaceless, line), initial=0))
    wide, opened = list(line), list[int]()
    for match in _BRACKET.finditer(line):
        place = match.start()
        if match.group() in "(（":
            opened.append(place)
        elif opened:
            first = opened.pop()
            is_wide = line[first] == "（" or line[place] == "）"
            # The character before counts too: 模型（LLM）
            if is_wide or chinese[place] > chinese[max(0, first - 1)]:
                wide[first], wide[place] = "（", "）"
    return "".join(wide)


def _turn_quotes_hant(line: str) -> str:
    line = _turn_pairs(line, "“”", "「」")
    line = _turn_pairs(line, '""', "「」")
    return _turn_pairs(line, "‘’", "『』")


def _turn_quotes_hans(line: str) -> str:
    line = line.translate(str.maketrans("「」『』", "“”‘’"))
    return _turn_pairs(line, '""', "“”")


def _turn_pairs(line: str, pair: str, into: str) -> str:
    """Return ``line`` with the quotes ``pair`` that touch Chinese text turned ``into`` others.

    A quote without its other half stays: an apostrophe, or one that ends in another line.
    """
    turned = list(line)
    opened = None
    for place, character in enumerate(line):
        if opened is None and character == pair[0]:
            opened = place
        elif opened is not None and character == pair[1]:
            if _touch_chinese(line, opened, place):
                turned[opened], turned[place] = into[0], into[1]
            opened = None
    return "".join(turned)


def _touch_chinese(line: str, first: int, last: int) -> bool:
    places = (first - 1, first + 1, last - 1, last + 1)
    return any(0 <= place < len(line) and is_spaceless(line[place]) for place in places)

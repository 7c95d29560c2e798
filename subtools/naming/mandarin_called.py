"""Where Chinese speech calls people by a given or familiar name: 怡君，妳來說; 老周; 阿亮."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from subtools.naming.given_names import GIVEN_CHARACTERS, NO_GIVEN_NAMES, PREFIXES
from subtools.naming.likeness import Spelling
from subtools.naming.mentions import Occurrence
from subtools.naming.passage import Passage
from subtools.naming.vocabulary import ORDINARY_WORDS
from subtools.persons import COMMON_SURNAMES, FUNCTION_SURNAMES
from subtools.phonetics.phrases import is_written_together

_MARKS = "，。！？；：、,.!?;: "
_GIVEN = f"[{''.join(sorted(GIVEN_CHARACTERS))}]"
_SHORT = rf"(?:{_GIVEN}{{2}}|[{''.join(sorted(PREFIXES))}]{_GIVEN})"
_BEFORE = (
    rf"(?:(?<=[{_MARKS}])|^|(?<=[，。！？]那)|(?<=让)|(?<=请)|(?<=和)|(?<=跟)|(?<=谢谢)|(?<=我是))"
)
# How somebody is called who is there: to their face, or in praise of what they just said.
_CALLED = re.compile(
    rf"{_BEFORE}(?P<name>{_SHORT})(?=[，, ]?(?:你|您|妳|来说|来讲|先说|先来|请说|请讲)"
    rf"|(?:问|讲|说)得|懂了吗|怎么看|呢[{_MARKS}]|老师好|好[，,])"
)
_PUT_LAST = re.compile(rf"[吗呢呀吧啊？?][，。？！,.?! ]*(?P<name>{_SHORT})[{_MARKS}]*$")
_TAKEN_UP = re.compile(rf"{_BEFORE}(?P<name>{_SHORT})(?=[{_MARKS}说讲问提的这那要在一跟和也就]|$)")
_OFFICE = re.compile(
    rf"(?:(?<=[{_MARKS}])|^|(?<=谢谢))(?:护士长|审判长|主席|董事长|秘书长|校长|队长|班长|厂长)(?=[，。,.])"
)
_FEWEST_CALLS = 2
_FEWEST_NICKNAMES = 2
_NICKNAMED = re.compile(
    rf"(?<![大从很比最更变年到一])(?P<title>小|老)"
    rf"(?P<family>[{''.join(sorted(COMMON_SURNAMES - FUNCTION_SURNAMES))}])"
)
_CALLED_SO = re.compile(
    rf"[，, ]?(?:你|您|妳|先[说来讲]|来[说讲]|怎么看|刚才|提到|呢|有什么|觉得)|[{_MARKS}]"
)
_GOES_ON = re.compile(
    rf"[{_MARKS}]|$|你|您|先|来|怎么|刚|提|说|讲|觉得|认为|有|在|跟|和|的|这|那|把|继续|处理|他|她|也|就|是|要"
)
_NO_NICKNAMES = frozenset(
    [
        "小时",
        "小米",
        "小麦",
        "小麻",
        "小花",
        "小车",
        "小黄",
        "小班",
        "小文",
        "小石",
        "小路",
        "小康",
        "小白",
        "小金",
        "小梁",
        "小卫",
        "小段",
        "小项",
        "小计",
        "小史",
        "小齐",
        "小包",
        "小游",
        "小单",
        "小商",
        "小农",
        "小方",
        "小向",
        "小洪",
        "小官",
        "小练",
        "小占",
        "小解",
        "小年",
        "小雷",
        "小司",
        "小宫",
        "小席",
        "小党",
        "小冷",
        "小温",
        "小熊",
        "小龙",
        "小牛",
        "小马",
        "老牛",
        "老龙",
        "老路",
        "老史",
        "老成",
        "老白",
        "老金",
        "老时",
        "老温",
        "老化",
        "老师",
        "老司",
        "老游",
        "老党",
        "老农",
        "老幺",
        "老席",
        "老熊",
        "老洪",
        "老解",
        "老练",
        "老官",
    ]
)


def find_called_names(passage: Passage) -> Iterator[Occurrence]:
    """Yield the places of given names that people are called by, more than once."""
    calls = Counter(match["name"] for match in _CALLED.finditer(passage.folded))
    starts = [0, *passage.borders]
    for first, last in zip(starts, [*starts[1:], len(passage.folded)], strict=True):
        match = _PUT_LAST.search(passage.folded[max(first, last - 16) : last])
        if match:
            calls[match["name"]] += 1
    called = {match.start() for match in _CALLED.finditer(passage.folded)}
    taken_up = (m for m in _TAKEN_UP.finditer(passage.folded) if m.start() not in called)
    further = Counter(match["name"] for match in taken_up)
    for name, count in calls.items():
        if count + min(1, further[name]) >= _FEWEST_CALLS and _is_given(name):
            yield from _places(passage, name, Spelling(name, "", name))


def find_offices(passage: Passage) -> Iterator[Occurrence]:
    """Yield where somebody is called by nothing but an office that one of them holds."""
    for match in _OFFICE.finditer(passage.folded):
        text = passage.text[match.start() : match.end()]
        yield Occurrence(match.start(), match.end(), Spelling(text, "", "", match.group()))


def find_nicknames(passage: Passage) -> Iterator[Occurrence]:
    """Yield 小王 and 老李, where they are said more than once and called so."""
    found = [
        match
        for match in _NICKNAMED.finditer(passage.folded)
        if match.group() not in _NO_NICKNAMES
        and match.group() not in ORDINARY_WORDS
        and _GOES_ON.match(passage.folded, match.end())
    ]
    counts = Counter(match.group() for match in found)
    called = {m.group() for m in found if _CALLED_SO.match(passage.folded, m.end())}
    for match in found:
        is_name = counts[match.group()] >= _FEWEST_NICKNAMES and match.group() in called
        if is_name and not passage.is_cut(*match.span()):
            text = passage.text[match.start() : match.end()]
            spelled = Spelling(text, match["family"], "", match["title"])
            yield Occurrence(match.start(), match.end(), spelled)


def _is_given(name: str) -> bool:
    is_word = name in NO_GIVEN_NAMES or name in ORDINARY_WORDS
    return not is_word and (name[0] in PREFIXES or not is_written_together(name))


def _places(passage: Passage, name: str, spelling: Spelling) -> Iterator[Occurrence]:
    for match in re.finditer(name, passage.folded):
        if not passage.is_cut(*match.span()):
            text = passage.text[match.start() : match.end()]
            yield Occurrence(
                match.start(), match.end(), Spelling(text, spelling.family, spelling.given)
            )

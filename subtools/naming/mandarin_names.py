"""Where Chinese speech names people: 曾老師, 清華大學的林遠教授, 我叫王磊, 有請 Tom."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from subtools.naming.likeness import Spelling, likeness
from subtools.naming.mandarin_called import find_called_names, find_nicknames, find_offices
from subtools.naming.mentions import Occurrence
from subtools.naming.passage import Passage
from subtools.naming.vocabulary import (
    AFTER_SHORT_TITLES,
    NO_NAME_ENDINGS,
    NO_NAMES,
    NO_NAMES_TWO,
    ORDINARY_WORDS,
    SHORT_TITLES,
    TITLE_KINDS,
    TITLES,
)
from subtools.persons import (
    COMMON_SURNAMES,
    COMMONEST_SURNAMES,
    COMPOUND_SURNAMES,
    FUNCTION_SURNAMES,
)
from subtools.phonetics.phrases import is_written_together
from subtools.phonetics.scripts import HAN

_TITLE = re.compile("|".join(sorted(TITLES, key=len, reverse=True)))
_AFTER_SHORT = re.compile(AFTER_SHORT_TITLES)
_SURNAMES = f"(?:{'|'.join(sorted(COMPOUND_SURNAMES))}|[{''.join(sorted(COMMON_SURNAMES))}])"
_NAME = rf"(?P<family>{_SURNAMES})(?P<given>[{HAN}]{{1,2}}?)"
_ROLES = (
    r"(?:主持人|主播|作家|诗人|画家|歌手|演员|音乐人|设计师|建筑师|摄影师|艺术家|企业家|科学家|纪录片导演|学者|专家|嘉宾|"
    r"朋友|选手|同事|同学|教练|记者|学生|博士生|研究生|研究员|工程师|产品经理|创始人|负责人|合伙人|CEO|CTO"
    r"|嘉宾|作者|讲师|教授|博士|老师|院长|主任|总监|总裁|校长|导演|编辑|律师|医生)?"
)
_ORGANISATION = r"(?:[^，。！？,.!?]{0,24}?的)?"
_CLAUSE_BORDER = r"[，。！？；：、,.!?;: ]|$"
_NAME_ENDS = rf"(?={_CLAUSE_BORDER}|很高兴|今天|来自|啊|呢|目前|现在|在|也|然后|是)"
_CALLED_SELF = re.compile(  # enough alone
    r"(?:我(?:就|呢)?(?:叫做?|的名字(?:是|叫)|名叫)|名字叫|[，,]叫)"
    rf"{_ORGANISATION}{_ROLES}{_NAME}{_NAME_ENDS}"
)
# 我是 tells as often what somebody is: not enough without a greeting or what they do.
_GREETING = (
    r"(?:(?:大家|各位|老师们?|朋友们?|你们|同学们|主持人|晚上|早上|下午|上午|观众|听众)"
    r"[^。！？]{0,8}好|[^，。]{0,3}[大家位]?好)"
)
_GREETED_SELF = re.compile(
    rf"{_GREETING}[^。！？]{{0,16}}[，。！, ]"
    rf"我(?:就|呢)?是{_ORGANISATION}{_ROLES}{_NAME}{_NAME_ENDS}"
)
_WORKING_SELF = re.compile(
    rf"我(?:就|呢)?是{_NAME}"
    r"(?=[，, ](?:我?(?:来自|是做|在.{2,12}(?:工作|做|负责|任职)|目前|现在在)))"
)
_BEING_SELF = re.compile(rf"我(?:就|呢)?是{_ORGANISATION}{_ROLES}{_NAME}{_NAME_ENDS}")
_INVITED = re.compile(
    rf"(?:有请|请出|邀请|欢迎|请){_ORGANISATION}{_ROLES}{_NAME}"
    rf"(?=先|来|给|谈|讲|说|聊|分享|为我们|跟我们|跟大家|回答|上台|发言|介绍|{_CLAUSE_BORDER})"
)
_ADDRESSED = re.compile(
    rf"(?:^|[，。！？,.!? ])(?:好的?|那么?|嗯|来|对)?{_NAME}"
    r"(?=[，, ]?(?:你|您)(?:怎么|觉得|先|来|有|对|能|可以|要|认为|呢|说|那边|这边|刚)"
    r"|在吗|在不在|接着说|先说|来说|先来|到了吗)"
)
_ADDRESSED_YOU = re.compile(rf"(?:^|[，。！？,.!? ])(?:那么?|对)?{_NAME}[，, ]?(?=你|您|妳)")
_CALLED_LAST = re.compile(
    r"(?:^|[，。！？,.!? ])(?:好的?|那么?|嗯|来|对|接下来是?|下面是?|下一位是?|最后)?"
    rf"{_NAME}[，。！？,.!? ]*$"
)
_THANKED = re.compile(rf"(?:谢谢|感谢){_NAME}(?={_CLAUSE_BORDER}|的分享|的回答|的介绍|的发言)")
_LISTED = re.compile(
    rf"(?:嘉宾|主持人?|主讲人?|讲者|对话|专访|对谈)[：:，, ]?{_NAME}(?={_CLAUSE_BORDER}|和|与|×|&)"
)
_LISTED_NEXT = re.compile(rf"[、，,和与×& ]+{_NAME}(?={_CLAUSE_BORDER}|和|与|×|&)")
_NAMING = (  # and whether it is enough for any name
    (_CALLED_SELF, True),
    (_GREETED_SELF, False),
    (_WORKING_SELF, False),
    (_BEING_SELF, False),
    (_INVITED, False),
    (_ADDRESSED, False),
    (_ADDRESSED_YOU, False),
    (_THANKED, False),
)
_SELF = (_CALLED_SELF, _GREETED_SELF, _WORKING_SELF)
_DOUBTFUL = (_BEING_SELF, _ADDRESSED_YOU)  # a name only if it is said again
_LATIN = r"([A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})?)"
_LATIN_NAMED = re.compile(  # two groups: one of them is the name
    rf"(?:我(?:是|叫做?)|叫我|有请|请|谢谢|感谢|欢迎) ?{_LATIN}(?![A-Za-z])"
    rf"|{_LATIN}(?= ?(?:老师|[，, ]?(?:你|您)|怎么看|先[说来讲]|刚才|刚刚))"
)
_NAME_LIKE = re.compile(rf"(?=({_SURNAMES}[{HAN}]{{1,2}}))")
_ROLL_CALL = 3  # different names that are called: no chance
_OPENS_NAME = re.compile(
    r"(?:^|[，。！？；：、,.!?;: ]|请|是|叫|的|和|与|跟|谢谢|感谢|欢迎|那|下面|接下来|主持人|听听"
    r"|要|让|给|问|找|替|像|对|向|由|如|按|听|好|吧|有|教|下|过|到|接着|刚才|刚刚|任|做|觉得|认为|导演|作家)$"
)


def find_mandarin_names(passage: Passage, header: str) -> Iterator[Occurrence]:
    """Yield every place where a person is named; some overlap.

    Args:
        passage: What is said.
        header: What the document calls itself, in Simplified characters.
    """
    titled = list(_titled_names(passage))
    full = {*_introduced_names(passage), *listed_names(header)}
    full |= {(o.spelling.family, o.spelling.given) for o in titled if o.spelling.is_full}
    yield from _accepted(passage, titled)
    yield from _full_names(passage, full)
    yield from find_nicknames(passage)
    yield from find_called_names(passage)
    yield from find_offices(passage)
    yield from _latin_names(passage)


def listed_names(header: str) -> Iterator[tuple[str, str]]:
    """Yield (surname, given name) of the people that a title lists: 嘉宾：王磊、林遠.

    >>> list(listed_names("圆桌 | 嘉宾：王磊、欧阳明"))
    [('王', '磊'), ('欧阳', '明')]
    """
    for found in _LISTED.finditer(header):
        match: re.Match[str] | None = found
        while match:
            if _is_name(match["family"], match["given"]):
                yield match["family"], match["given"]
            match = _LISTED_NEXT.match(header, match.end())


def _titled_names(passage: Passage) -> Iterator[Occurrence]:
    """Yield names before a title; one without a surname in it has no ``family`` yet."""
    for match in _TITLE.finditer(passage.folded):
        if match.group() in SHORT_TITLES and not _AFTER_SHORT.match(passage.folded, match.end()):
            continue
        parts = _name_before(passage.folded, match.start())
        if parts is None or passage.is_cut(match.start() - len("".join(parts)), match.end()):
            continue
        family, given = parts
        first = match.start() - len(family) - len(given)
        text = passage.text[first : match.end()]
        if family or match.group() not in SHORT_TITLES:
            yield Occurrence(first, match.end(), Spelling(text, family, given, match.group()))


def _name_before(folded: str, end: int) -> tuple[str, str] | None:
    """Return surname and given name before a title; a surname that is none as a given name."""
    for length in (3, 2):  # 张宏江博士, 王江老师
        family, given = folded[end - length : end - length + 1], folded[end - length + 1 : end]
        opens = _OPENS_NAME.search(folded[max(0, end - length - 3) : max(0, end - length)])
        is_whole = len(given) == length - 1 and family in COMMON_SURNAMES - FUNCTION_SURNAMES
        if is_whole and opens and _is_name(family, given):
            return family, given
    if folded[end - 2 : end] in COMPOUND_SURNAMES:
        return folded[end - 2 : end], ""
    one = folded[end - 1 : end]
    if not one or folded[end - 2 : end] in NO_NAMES_TWO:
        return None
    if one in COMMON_SURNAMES and one not in NO_NAMES:
        return one, ""
    return ("", one) if re.match(f"[{HAN}]", one) and one not in NO_NAMES else None


def _accepted(passage: Passage, titled: Sequence[Occurrence]) -> Iterator[Occurrence]:
    """Yield the names that are no chance: 公司老板 is nobody called 司, nor 武术教练 one 武术.

    A full name needs more than its title. A surname stands where a name may begin, at least
    once. What only sounds like one (懂老师) is one of those in the text, or a very common one.
    """
    opening = [o for o in titled if _opens(passage, o.first)]
    surnames = Counter(o.spelling.family for o in opening if o.spelling.family)
    called = {(o.spelling.family, _kind(o.spelling.title)) for o in titled if not o.spelling.given}
    for found in titled:
        spelling = found.spelling
        if spelling.is_full:
            is_called = (spelling.family, _kind(spelling.title)) in called
            if _is_supported(passage, spelling, is_called=is_called):
                yield found
        elif spelling.family:
            if surnames[spelling.family]:
                yield found
        else:
            likely = COMMONEST_SURNAMES if _opens(passage, found.first) else frozenset[str]()
            if any(likeness(spelling.given, surname) == 1.0 for surname in likely.union(surnames)):
                said = Spelling(spelling.text, spelling.given, "", spelling.title)
                yield Occurrence(found.first, found.last, said)


def _opens(passage: Passage, first: int) -> bool:
    return first in passage.borders or bool(
        _OPENS_NAME.search(passage.folded[max(0, first - 3) : first])
    )


def _kind(title: str) -> str:
    return TITLE_KINDS.get(title, title)


def _is_supported(passage: Passage, spelling: Spelling, *, is_called: bool) -> bool:
    """Tell whether a surname and given name before a title are a name and no description."""
    name = spelling.family + spelling.given
    if _is_word(spelling.family, spelling.given):
        return bool(
            re.search(
                rf"我(?:的名字)?叫{name}|(?:谢谢|感谢){name}(?!{_TITLE.pattern})", passage.folded
            )
        )
    return is_called or passage.folded.count(name) > 1


def _introduced_names(passage: Passage) -> Iterator[tuple[str, str]]:
    """Yield (surname, given name) of who is introduced, invited, addressed or thanked by it."""
    for pattern, is_enough in _NAMING:
        for match in pattern.finditer(passage.folded):
            family, given = match["family"], match["given"]
            if not _is_name(family, given, is_told=is_enough):
                continue
            is_sure = is_enough or (
                pattern not in _DOUBTFUL and (len(given) > 1 or pattern in _SELF)
            )
            is_word = not is_enough and _is_word(family, given)
            if (is_sure and not is_word) or _is_repeated(passage, family + given):
                yield family, given
    yield from _roll_called_names(passage)


def _roll_called_names(passage: Passage) -> Iterator[tuple[str, str]]:
    """Yield names that are all that is said before another voice speaks, if several are."""
    starts = [0, *passage.borders]
    found = {
        (match["family"], match["given"])
        for first, last in pairwise(starts)
        for match in [_CALLED_LAST.search(passage.folded[max(first, last - 14) : last])]
        if match and _is_name(match["family"], match["given"])
    }
    for family, given in found:
        if len(found) >= _ROLL_CALL or _is_repeated(passage, family + given):
            yield family, given


def _is_repeated(passage: Passage, name: str) -> bool:
    """Tell whether a name is said more than once, in whatever characters of its sound."""
    said = (m.group(1) for m in _NAME_LIKE.finditer(passage.folded))
    alike = (s for s in said if s[: len(name)] == name or _sounds_like(s[: len(name)], name))
    return len(list(islice(alike, 2))) > 1


def _sounds_like(found: str, name: str) -> bool:
    return found not in ORDINARY_WORDS and likeness(found, name) == 1.0


def _full_names(passage: Passage, names: set[tuple[str, str]]) -> Iterator[Occurrence]:
    """Yield where full names stand, as they are known or in characters of the same sound."""
    for family, given in names:
        length = len(family) + len(given)
        for match in _NAME_LIKE.finditer(passage.folded):
            first = match.start()
            found = passage.folded[first : first + length]
            is_same = found == family + given
            if not is_same and not _sounds_like(found, family + given):
                continue
            if not passage.is_cut(first, first + length):
                text = passage.text[first : first + length]
                spelled = Spelling(text, found[: len(family)], found[len(family) :])
                yield Occurrence(first, first + length, spelled)
        yield from _given_names(passage, given)


def _given_names(passage: Passage, given: str) -> Iterator[Occurrence]:
    """Yield where a given name of two characters is called without its surname."""
    if len(given) < 2 or given in ORDINARY_WORDS:
        return
    titles = "|".join(sorted(set(TITLES) - SHORT_TITLES, key=len, reverse=True))
    for match in re.finditer(f"{given}(?P<title>{titles})?", passage.folded):
        if not passage.is_cut(*match.span()):
            text = passage.text[match.start() : match.end()]
            spelled = Spelling(text, "", given, match["title"] or "")
            yield Occurrence(match.start(), match.end(), spelled)


def _latin_names(passage: Passage) -> Iterator[Occurrence]:
    """Yield names in Latin letters that somebody is called by, everywhere they stand."""
    names = {next(filter(None, match.groups())) for match in _LATIN_NAMED.finditer(passage.folded)}
    for name in names:
        parts = name.casefold().split(" ")
        spelled = Spelling(name, parts[1] if len(parts) > 1 else "", parts[0])
        for match in re.finditer(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", passage.folded):
            if not passage.is_cut(*match.span()):
                yield Occurrence(match.start(), match.end(), spelled)


def _is_word(family: str, given: str) -> bool:
    """Tell whether parts of a name are written together in ordinary words too: 武术, 田径."""
    name = family[-1] + given
    first = 1 if len(family) > 1 else 0  # 欧阳静: no word begins inside of a surname
    return any(is_written_together(name[k : k + 2]) for k in range(first, len(name) - 1))


def _is_name(family: str, given: str, *, is_told: bool = False) -> bool:
    """Tell whether the characters make a name rather than an ordinary word."""
    name = family + given
    if name in COMPOUND_SURNAMES:
        return False
    is_ordinary = name in ORDINARY_WORDS or name[:2] in ORDINARY_WORDS or given in ORDINARY_WORDS
    has_titles = any(title in name for title in TITLES if title not in SHORT_TITLES)
    no_name = given[-1] in NO_NAME_ENDINGS or set(given) & set("的了是在我你他们这那有不就也和各老")
    is_doubtful = not is_told and len(given) == 1 and family in FUNCTION_SURNAMES
    return not (is_ordinary or has_titles or no_name or is_doubtful)

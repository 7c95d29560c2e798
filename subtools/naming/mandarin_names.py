"""Where Chinese speech names people: 曾老師, 清華大學的林遠教授, 我叫王磊, 有請 Tom."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from subtools.naming.likeness import Spelling, likeness
from subtools.naming.mentions import Occurrence
from subtools.naming.vocabulary import (
    AFTER_SHORT_TITLES,
    COMMON_SURNAMES,
    COMMONEST_SURNAMES,
    COMPOUND_SURNAMES,
    FUNCTION_SURNAMES,
    NO_NAME_ENDINGS,
    NO_NAMES,
    NO_NAMES_TWO,
    ORDINARY_WORDS,
    SHORT_TITLES,
    TITLES,
)
from subtools.phonetics.scripts import HAN

_TITLE = re.compile("|".join(sorted(TITLES, key=len, reverse=True)))
_AFTER_SHORT = re.compile(AFTER_SHORT_TITLES)
_SURNAMES = f"(?:{'|'.join(sorted(COMPOUND_SURNAMES))}|[{''.join(sorted(COMMON_SURNAMES))}])"
_NAME = rf"(?P<family>{_SURNAMES})(?P<given>[{HAN}]{{1,2}}?)"
_ROLES = (
    r"(?:主持人|主播|记者|学生|博士生|研究生|研究员|工程师|产品经理|创始人|负责人|合伙人|CEO|CTO"
    r"|嘉宾|作者|讲师|教授|博士|老师|院长|主任|总监|总裁|校长|导演|编辑|律师|医生)?"
)
_ORGANISATION = r"(?:[^，。！？,.!?]{0,24}?的)?"
_CLAUSE_BORDER = r"[，。！？；：、,.!?;: ]|$"
_INTRODUCED = re.compile(
    rf"我(?:就|呢)?(?:叫做?|是|的名字(?:是|叫)|名叫){_ORGANISATION}{_ROLES}{_NAME}"
    rf"(?={_CLAUSE_BORDER}|很高兴|今天|来自|啊|呢|目前|现在|在|也|然后)"
)
_INVITED = re.compile(
    rf"(?:有请|请出|邀请|欢迎|请){_ORGANISATION}{_ROLES}{_NAME}"
    rf"(?=先|来|给|谈|讲|说|聊|分享|为我们|跟我们|跟大家|回答|上台|发言|介绍|{_CLAUSE_BORDER})"
)
_ADDRESSED = re.compile(
    rf"(?:^|[，。！？,.!? ])(?:好的?|那么?|嗯|来|对)?{_NAME}"
    r"(?=[，, ]?(?:你|您)(?:怎么|觉得|先|来|有|对|能|可以|要|认为|呢|说|那边|这边|刚)"
    r"|在吗|在不在|接着说|先说|来说|先来|到了吗)"
)
_CALLED_LAST = re.compile(
    r"(?:^|[，。！？,.!? ])(?:好的?|那么?|嗯|来|对|接下来是?|下面是?|下一位是?|最后)?"
    rf"{_NAME}[，。！？,.!? ]*$"
)
_THANKED = re.compile(rf"(?:谢谢|感谢){_NAME}(?={_CLAUSE_BORDER}|的分享|的回答|的介绍|的发言)")
_LISTED = re.compile(
    rf"(?:嘉宾|主持人?|主讲人?|讲者|对话|专访|对谈)[：:，, ]?{_NAME}(?={_CLAUSE_BORDER}|和|与|×|&)"
)
_LISTED_NEXT = re.compile(rf"[、，,和与×& ]+{_NAME}(?={_CLAUSE_BORDER}|和|与|×|&)")
_NICKNAMED = re.compile(
    rf"(?P<title>小|老)(?P<family>[{''.join(sorted(COMMON_SURNAMES - FUNCTION_SURNAMES))}])"
    r"(?=[，, ]?(?:你|您|先[说来讲]|怎么看|刚才|提到|呢|有什么)|[，。])"
)
_LATIN = r"([A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})?)"
_LATIN_NAMED = re.compile(  # two groups: one of them is the name
    rf"(?:我(?:是|叫做?)|叫我|有请|请|谢谢|感谢|欢迎) ?{_LATIN}(?![A-Za-z])"
    rf"|{_LATIN}(?= ?(?:老师|[，, ]?(?:你|您)|怎么看|先[说来讲]|刚才|刚刚))"
)
_NAME_LIKE = re.compile(rf"(?=({_SURNAMES}[{HAN}]{{1,2}}))")
_ROLL_CALL = 3  # different names that are called: no chance
_OPENS_NAME = re.compile(
    r"(?:^|[，。！？；：、,.!?;: ]|请|是|叫|的|和|与|跟|谢谢|感谢|欢迎|那|下面|接下来|主持人|听听)$"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to look for names in.

    Attributes:
        text: As written.
        folded: In Simplified characters, offset for offset.
        borders: Where another voice begins: no name goes across.
    """

    text: str
    folded: str
    borders: Sequence[int] = ()


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
    yield from _nicknames(passage)
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
        if parts is None or _is_cut(passage, match.start() - len("".join(parts)), match.end()):
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
    """Yield the names with a surname, and those that sound like one: 懂老师.

    It is one of those in the text, or one of the commonest where a name may begin.
    """
    surnames = Counter(o.spelling.family for o in titled if o.spelling.family)
    for found in titled:
        spelling = found.spelling
        if spelling.family:
            yield found
            continue
        opens = _OPENS_NAME.search(passage.folded[max(0, found.first - 3) : found.first])
        likely = COMMONEST_SURNAMES if opens else frozenset[str]()
        if any(likeness(spelling.given, surname) == 1.0 for surname in likely.union(surnames)):
            said = Spelling(spelling.text, spelling.given, "", spelling.title)
            yield Occurrence(found.first, found.last, said)


def _introduced_names(passage: Passage) -> Iterator[tuple[str, str]]:
    """Yield (surname, given name) of who is introduced, invited, addressed or thanked by it."""
    for pattern in (_INTRODUCED, _INVITED, _ADDRESSED, _THANKED):
        for match in pattern.finditer(passage.folded):
            family, given = match["family"], match["given"]
            is_short = len(given) == 1 and pattern is not _INTRODUCED
            often = not is_short or _is_repeated(passage, family + given)
            if _is_name(family, given) and often:
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
            if not _is_cut(passage, first, first + length):
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
        if not _is_cut(passage, *match.span()):
            text = passage.text[match.start() : match.end()]
            spelled = Spelling(text, "", given, match["title"] or "")
            yield Occurrence(match.start(), match.end(), spelled)


def _nicknames(passage: Passage) -> Iterator[Occurrence]:
    """Yield 小王 and 老李, where they are called more than once."""
    found = [m for m in _NICKNAMED.finditer(passage.folded) if m.group() not in ORDINARY_WORDS]
    counts = Counter(match.group() for match in found)
    for match in found:
        if counts[match.group()] > 1 and not _is_cut(passage, *match.span()):
            text = passage.text[match.start() : match.end()]
            spelled = Spelling(text, match["family"], "", match["title"])
            yield Occurrence(match.start(), match.end(), spelled)


def _latin_names(passage: Passage) -> Iterator[Occurrence]:
    """Yield names in Latin letters that somebody is called by, everywhere they stand."""
    names = {next(filter(None, match.groups())) for match in _LATIN_NAMED.finditer(passage.folded)}
    for name in names:
        parts = name.casefold().split(" ")
        spelled = Spelling(name, parts[1] if len(parts) > 1 else "", parts[0])
        for match in re.finditer(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", passage.folded):
            if not _is_cut(passage, *match.span()):
                yield Occurrence(match.start(), match.end(), spelled)


def _is_name(family: str, given: str) -> bool:
    """Tell whether the characters make a name rather than an ordinary word."""
    name = family + given
    is_ordinary = name in ORDINARY_WORDS or name[:2] in ORDINARY_WORDS or given in ORDINARY_WORDS
    has_titles = any(title in name for title in TITLES if title not in SHORT_TITLES)
    no_name = given[-1] in NO_NAME_ENDINGS or set(given) & set("的了是在我你他们这那有不就也和各老")
    is_doubtful = len(given) == 1 and family in FUNCTION_SURNAMES
    return not (is_ordinary or has_titles or no_name or is_doubtful)


def _is_cut(passage: Passage, first: int, last: int) -> bool:
    """Tell whether another voice begins inside [first, last)."""
    return any(first < border < last for border in passage.borders)

"""What people do who have no name: lead the talk, ask a question from the audience."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from subtools.core import Quote
from subtools.naming.mentions import Kind, Mention
from subtools.naming.talk import Stretch, Talk
from subtools.naming.votes import SUBSTANTIAL, count_handovers

_FEWEST_HANDOVERS = 3
# Source: 20 made-up dialogues; below it a judge and a head of ward were called hosts.
_LEAST_HOST = 0.6  # confidence
_HOST_SHARE = 0.6  # of all hand-overs by name
_SOLE_HOST_SHARE = 0.5  # of all words, at most, of one who only asks
_LAST_PART = 0.3  # of the talk is over before the audience asks
_LONGEST_QUESTIONER = 0.12  # of all that is said, at most, by one of the audience
_LATE_SHARE = 0.7  # of what one of the audience says is said after that
_MOST_STRETCHES = 6  # of one who asks a question and thanks for the answer
_BEFORE, _OPENING = 90, 60  # characters before and at the start of a turn to look at

_IS_HOST = re.compile(
    r"我是(?:今天|本场|本次|这场|这期|节目|大家)?[^，。！？]{0,10}主持|(?:由|来)我(?:来)?(?:担任|做)?主持"
    r"|\bI(?:['’]m| am| will be|['’]ll be) (?:your|the|today['’]s) (?:host|moderator)"
    r"|\bI['’]?(?:ll| will) be moderating"
)
_CALLS_AUDIENCE = re.compile(
    r"观众|听众|现场.{0,6}(?:朋友|问题)|举手|提问|台下|前排|后排|那位|这位|下一个问题|同学.{0,6}问|话筒"
    r"|audience|raise your hand|from the floor|next question|question from"
    r"|microphone|(?:in|at) the (?:very )?(?:front|back)"
    r"|\b(?:gentleman|lady) (?:in|at|on|with|over)\b",
    re.IGNORECASE,
)
_ASKS_AS_AUDIENCE = re.compile(
    r"老师[们]?好|各位好|嘉宾好|大家好|想问|请教|请问|提问|我的问题|有一?个问题|问一?下|谢谢主持"
    r"|my question|i have a question|i wanted to ask|i['’]d like to ask|question for|hi,|hello",
    re.IGNORECASE,
)
# Who says so of themselves, or greets those who are asked.
_IS_AUDIENCE = re.compile(
    r"我是.{0,16}(?:学生|观众|听众|同学|粉丝|读者|网友|年级|系的)|我的问题|有一?个问题|我(?:就|也)?想(?:请教|提问)"
    r"|(?:老师们?|各位|嘉宾|专家们?)好.{0,30}(?:问|请教)|谢谢主持"
    r"|my question|i have a question|question for|i[’']?a?m a (?:student|listener)",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"[吗呢？?]|什么|怎么|如何|哪|是不是|有没有|请教|想问|问题|\b(?:what|how|why|who|whether)\b",
    re.IGNORECASE,
)


class Role(Enum):
    """What somebody does in a talk."""

    HOST = "host"
    AUDIENCE = "audience"


@dataclass(frozen=True, slots=True)
class Part:
    """A role that somebody has.

    Attributes:
        role: Which.
        confidence: How sure that is, 0..1.
        quotes: What speaks for it.
    """

    role: Role
    confidence: float
    quotes: tuple[Quote, ...]


def find_roles(talk: Talk, mentions: Sequence[Mention]) -> dict[str, Part]:
    """Return the roles of those voices that clearly have one."""
    labels = {stretch.label for stretch in talk.stretches}
    if len(labels) < 2:
        return {}
    host = _find_host(talk, mentions)
    roles = {} if host is None else {host[0]: host[1]}
    if len(labels) > 2:
        for label in dict.fromkeys(stretch.label for stretch in talk.stretches):
            part = _find_question(talk, label) if label not in roles else None
            if part:
                roles[label] = part
    return roles


def _find_host(talk: Talk, mentions: Sequence[Mention]) -> tuple[str, Part] | None:
    said_so = _find_declared_host(talk)
    if said_so:
        return said_so
    counts = count_handovers(talk, mentions)
    label = max(counts, key=lambda label: counts[label], default="")
    share = counts[label] / max(1, sum(counts.values()))
    if counts[label] < _FEWEST_HANDOVERS or share < _HOST_SHARE or not _leads(talk, label):
        return _find_asker(talk)
    handovers = [
        m
        for m in mentions
        if m.kind is Kind.HANDOVER and talk.stretches[talk.stretch_at(m.first)].label == label
    ]
    quotes = tuple(
        _quote(talk, *talk.clause(m.first, m.last), "asks somebody to speak") for m in handovers[:8]
    )
    confidence = share * (1 - 0.6 ** counts[label])
    if confidence < _LEAST_HOST:
        return _find_asker(talk)
    return label, Part(Role.HOST, confidence, quotes)


def _find_declared_host(talk: Talk) -> tuple[str, Part] | None:
    for stretch in talk.stretches:
        match = _IS_HOST.search(talk.folded, stretch.first, stretch.last)
        if match:
            place = talk.clause(*match.span())
            quotes = (_quote(talk, *place, "says so of themselves"),)
            return stretch.label, Part(Role.HOST, 0.95, quotes)
    return None


def _find_asker(talk: Talk) -> tuple[str, Part] | None:
    """Return the one of two or three who asks nearly all the questions and says little."""
    sizes, questions = Counter[str](), Counter[str]()
    for stretch in talk.stretches:
        sizes[stretch.label] += stretch.size
        tail = talk.folded[max(stretch.first, stretch.last - _OPENING // 2) : stretch.last]
        questions[stretch.label] += bool(_QUESTION.search(tail)) and stretch.size >= 6
    label, asked = questions.most_common(1)[0]
    clear = asked >= _FEWEST_HANDOVERS and asked >= 0.75 * sum(questions.values())
    is_brief = sizes[label] <= _SOLE_HOST_SHARE * sum(sizes.values())
    if len(sizes) > 3 or not (clear and is_brief and _leads(talk, label)):
        return None
    turns = [s for s in talk.stretches if s.label == label and _asks_at_end(talk, s)]
    quotes = tuple(
        _quote(talk, max(s.first, s.last - 24), s.last, "asks a question") for s in turns[:3]
    )
    return label, Part(Role.HOST, 0.7, quotes)


def _asks_at_end(talk: Talk, stretch: Stretch) -> bool:
    tail = talk.folded[max(stretch.first, stretch.last - _OPENING // 2) : stretch.last]
    return bool(_QUESTION.search(tail)) and stretch.size >= 6


def _leads(talk: Talk, label: str) -> bool:
    """Tell whether a voice opens the talk or closes it."""
    long = [stretch.label for stretch in talk.stretches if stretch.size >= SUBSTANTIAL // 2]
    return label in {*long[:1], *long[-1:]}


def _find_question(talk: Talk, label: str) -> Part | None:
    """Return the part of a voice of the audience; None if it is not clearly one."""
    whole = sum(stretch.size for stretch in talk.stretches)
    own = [stretch for stretch in talk.stretches if stretch.label == label]
    size = sum(stretch.size for stretch in own)
    long = [stretch for stretch in own if stretch.size >= SUBSTANTIAL]
    late = [s for s in long if talk.size(0, s.first) >= _LAST_PART * whole]
    is_late = sum(stretch.size for stretch in late) >= _LATE_SHARE * size
    if not is_late or len(long) > _MOST_STRETCHES or size > _LONGEST_QUESTIONER * whole:
        return None
    parts = (_read_question(talk, stretch) for stretch in late)
    return max(filter(None, parts), key=lambda part: part.confidence, default=None)


def _read_question(talk: Talk, stretch: Stretch) -> Part | None:
    """Return the part of the audience that ``stretch`` shows its voice to have."""
    before = talk.folded[max(0, stretch.first - _BEFORE) : stretch.first]
    opening = talk.folded[stretch.first : min(stretch.last, stretch.first + _OPENING)]
    called, asks = _CALLS_AUDIENCE.search(before), _ASKS_AS_AUDIENCE.search(opening)
    if not (called or _IS_AUDIENCE.search(opening)) or not _QUESTION.search(
        talk.folded, stretch.first, stretch.last
    ):
        return None
    place = talk.clause(stretch.first, stretch.first + 1)
    quote = _quote(talk, *place, "asks from the audience")
    return Part(Role.AUDIENCE, 0.9 if called and asks else 0.7, (quote,))


def _quote(talk: Talk, first: int, last: int, reason: str) -> Quote:
    return Quote(talk.text[first:last].strip(), reason, talk.span(first, last))

"""Who speaks, as a script says it: ``Name: text``, ``Name 00:01:02``, a name alone.

A colon also follows 注意, 12:30 and http. So a label must look like a name, and only
where the whole document reads as a script are its labels taken off the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from subtools.transcript.blocks import Block, trim

_LONGEST_NAME = 24  # characters; "Prof. Alexander Hamilton" has as many
_MOST_STRANGERS = 4  # names that need not come back; five and more are a list of terms
_CLOCK = r"[\[(（【]?\d{1,2}:\d{2}(?::\d{2})?+(?:[.,]\d{1,3})?+[\])）】]?+"
_STAMP = re.compile(rf"{_CLOCK}(?:\s+|(?<=[\])）】])|$)")
_NAME = r"[^:：。！？!?，,；;、…\"“”「」\n]{1,40}?"
_LABEL = re.compile(rf"(?:{_CLOCK}\s*)?({_NAME})\s*(?:{_CLOCK}\s*)?[:：](?![/\\:])(.*)", re.DOTALL)
_STAMPED_NAME = re.compile(rf"({_NAME})\s*{_CLOCK}()")
_BRACKETED = re.compile(r"[\[【](.+)[\]】]")
_ROLE = re.compile(
    r"(?:speaker|spk|guest|host|moderator|presenter|interviewer|interviewee|audience|narrator"
    r"|question|answer|dr|mrs?|ms|prof|professor)\b.*|[qa]"
    r"|(?:发言人|發言人|说话人|說話人|讲者|講者|讲员|講員|嘉宾|嘉賓|观众|觀眾|主持|记者|記者|旁白).*"
    r"|.*(?:老師|老师|教授|博士|先生|女士|同學|同学|主持人|主持|院士|律師|律师|醫生|医生)"
    r"|[问問答甲乙丙丁]",
    re.IGNORECASE,
)
_NOT_NAMES = re.compile(
    r"注意?|提示|例如|比如|譬如|时间|時間|地点|地點|日期|主题|主題|标题|標題|题目|題目|来源|來源|作者|编辑|編輯"
    r"|链接|鏈接|網址|备注|備註|总结|總結|结论|結論|背景|摘要|关键词|關鍵詞|参考|參考|目录|目錄|简介|簡介|说明|說明"
    r"|首先|其次|最后|最後|另外|此外|第?[一二三四五六七八九十\d]+[点點步]?"
    r"|note|warning|tip|example|title|date|time|place|source|author|link|summary|conclusion"
    r"|keywords|reference|https?|mailto",
    re.IGNORECASE,
)
# Of sentences, hardly of names: 我的看法：, 有三點：. Alone, a pronoun may be a speaker.
_PHRASE = re.compile(r"(?=..).*[的是我你他她它这這有说說了就].*")
_HAN_NAME = re.compile(r"[\u3400-\u9fff]{1,4}(?:[·・][\u3400-\u9fff]{1,6})*")
_LATIN_NAME = re.compile(r"[A-Z][\w.'’-]*(?: (?:[A-Z0-9][\w.'’-]*|\([\w ]+\))){0,3}")


class Label(NamedTuple):
    """The start of a speech in a script."""

    name: str
    text: str  # what follows on the same line; empty if the label stands alone


def label_speakers(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return ``blocks`` without their labels, each with its speaker, if it is a script.

    A speaker keeps the word until the next label; what comes before the first one
    has no speaker.
    """
    labels = _trust([match_label(block.text) for block in blocks])
    if not _is_script(labels):
        return tuple(blocks)
    spoken, speaker = [], None
    for block, label in zip(blocks, labels, strict=True):
        speaker = label.name if label else speaker
        text = label.text if label else block.text
        if text:
            spoken.append(replace(block, text=text, speaker=speaker))
    return tuple(spoken)


def match_label(text: str) -> Label | None:
    """Return the label that ``text`` may begin with; times beside the name are dropped.

    >>> match_label("[00:01:02] 宋老師：大家好")
    Label(name='宋老師', text='大家好')
    >>> match_label("12:30 開始"), match_label("https://example.org"), match_label("注意：")
    (None, None, None)
    """
    match = _STAMPED_NAME.fullmatch(text) or _LABEL.fullmatch(text)
    name = clean_name(match[1]) if match else None
    if match is None or name is None or (name[-1].isdigit() and match[2][:1].isdigit()):
        return None
    return Label(name, trim(match[2]))


def clean_name(text: str) -> str | None:
    """Return the name that ``text`` is, without times, brackets and colon; or None.

    >>> clean_name("【主持人】 00:01:02"), clean_name("大家好，歡迎。")
    ('主持人', None)
    """
    bare = " ".join(re.sub(_CLOCK, " ", text).rstrip(" :：").split())
    bracketed = _BRACKETED.fullmatch(bare)
    name = bracketed[1].strip() if bracketed else bare
    fits = re.fullmatch(_NAME, name) and len(name) <= _LONGEST_NAME
    has_letter = re.search(r"[^\W\d_]", name)
    return name if fits and has_letter and not _is_said(name) else None


def is_role(name: str) -> bool:
    """Tell whether ``name`` says by itself that it is a person: a role or a form of address.

    >>> is_role("Speaker 2"), is_role("宋老師"), is_role("方法")
    (True, True, False)
    """
    return _ROLE.fullmatch(name) is not None


def drop_stamps(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return ``blocks`` without the times they begin with, if most begin with one."""
    rests = [
        _STAMP.sub("", block.text, count=1) if _STAMP.match(block.text) else None
        for block in blocks
    ]
    stamped = len(blocks) - rests.count(None)
    if stamped < 2 or stamped * 2 < len(blocks):
        return tuple(blocks)
    texts = [
        block.text if rest is None else trim(rest)
        for block, rest in zip(blocks, rests, strict=True)
    ]
    return tuple(
        replace(block, text=text) for block, text in zip(blocks, texts, strict=True) if text
    )


def _is_said(name: str) -> bool:
    """Tell whether ``name`` is rather a word or phrase of the text before a colon."""
    return bool(_NOT_NAMES.fullmatch(name) or (_PHRASE.fullmatch(name) and not is_role(name)))


def _trust(labels: Sequence[Label | None]) -> list[Label | None]:
    """Return the labels whose name comes back or is shaped like a person's."""
    counts = Counter(label.name for label in labels if label)
    return [
        label if label and (counts[label.name] > 1 or _is_shaped_like_a_name(label.name)) else None
        for label in labels
    ]


def _is_shaped_like_a_name(name: str) -> bool:
    return is_role(name) or bool(_LATIN_NAME.fullmatch(name) or _HAN_NAME.fullmatch(name))


def _is_script(labels: Sequence[Label | None]) -> bool:
    """Tell whether labels at these paragraphs (None: no label) make a script.

    Either half of the paragraphs have one; or, where speeches are many paragraphs
    long, a name comes back (or two are roles), another one or the first paragraph has
    a label too, and most of the text lies below the first label.
    """
    counts = Counter(label.name for label in labels if label)
    is_dialogue = any(count > 1 for count in counts.values()) or sum(map(is_role, counts)) > 1
    if counts.total() < 2 or not (is_dialogue or len(counts) <= _MOST_STRANGERS):
        return False
    alone = sum(label is not None and not label.text for label in labels)
    if counts.total() * 2 >= len(labels) - alone:
        return True
    first = next(index for index, label in enumerate(labels) if label)
    return is_dialogue and (len(counts) > 1 or first == 0) and first * 2 <= len(labels)

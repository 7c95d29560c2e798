"""Whether a Chinese sentence asks."""

from __future__ import annotations

import re

# A sentence-final particle of yes-no questions; 吧 asks only as a tag (對吧), for alone it
# also proposes and guesses. Source: Li and Thompson, Mandarin Chinese (1981), ch. 7 and 18.
_YES_NO = re.compile("[嗎吗么]$")
_NOT_ASKING = re.compile("(?:什么|怎么|这么|那么|多么|要么)$")
_TAG = re.compile("(?:对吧|是吧|好吧|对不对|是不是|好不好|行不行|可以吗)$")
_WHO_WHAT = re.compile("什么|怎么|怎样|为何|哪|谁|多少|几|多久|多大|多长|如何|何时")
_EITHER = re.compile("(.)不\\1|有没有|还是|是否|能否|可否|会否")
# 應該不用了吧 asks to be confirmed, 如果有人看了呢 what then.
_GUESS = re.compile("(?:应该|大概|该不会|不会).*吧$")
_SUPPOSE = re.compile("^(?:如果|要是|万一|假如)")
_NE = re.compile("呢$")
# What takes a question as its object, or makes 什麼 a nobody: no question of its own.
_EMBEDDING = re.compile(
    "知道|不管|无论|不论|看看|看到|想想|讨论|决定|了解|研究|发现|告诉|明白|理解|解释|说明|取决|"
    "关心|记得|都|也不|没什么|不怎么|什么都|几个|几年|几天|几十|几百|几千|十几|好几|这几|那几|前几|哪怕|"
    "猜|问题是|在于|清楚|没有什么|之类|什么的|谁都|关于|分享|谈谈|聊聊|讲讲"
)
_ASKED = re.compile(
    "^(?:那么|那|所以|但是|可是|然后|请问|我想问|想问|你|您|大家|老师|为什么|什么|怎么|谁|哪)"
)
_SHORT_NE = 5  # characters: 那你呢, 後來呢; but 大模型的能力呢


def is_chinese_question(clauses: tuple[str, ...], *, is_last: bool = True) -> bool:
    """Tell whether a sentence asks, by its last clause.

    Args:
        clauses: Its clauses, in Simplified characters, without marks.
        is_last: Whether its speaker ends there. In the middle of a speech what has no
            particle and does not end in what it asks is taken for a part of something.

    >>> is_chinese_question(("那你觉得有什么问题吗",)), is_chinese_question(("我不知道他在哪",))
    (True, False)
    >>> is_chinese_question(("这个东西呢",)), is_chinese_question(("我们走吧",))
    (True, False)
    """
    last = clauses[-1] if clauses else ""
    if _YES_NO.search(last) and not _NOT_ASKING.search(last):
        return True
    if _TAG.search(last) and not last.endswith("好吧"):
        return True
    asks = _WHO_WHAT.search(last) or _EITHER.search(last)
    if _GUESS.search(last):
        return True
    if _NE.search(last):
        if _SUPPOSE.search(last):
            return True
        return bool(asks and not _EMBEDDING.search(last)) or len(last) <= _SHORT_NE
    if not asks or _EMBEDDING.search(last) or len(last) < 3:
        return False
    return _ends_asking(last) or (is_last and bool(_ASKED.search(last)))


def _ends_asking(clause: str) -> bool:
    """Tell whether a clause ends in what it asks: 是什麼, 怎麼辦, 有多大."""
    return bool(
        re.search(
            "(?:是什么|怎么办|为什么|多少|多久|多大|多长|在哪里?|是谁|怎么样|什么时候|做些?什么|什么(?:样子?|工作))$",
            clause,
        )
    )

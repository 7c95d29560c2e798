"""What people say when they open a topic, hand over, or only follow up.

All patterns are about folded text: Simplified characters, small letters.
"""

from __future__ import annotations

import re

QUESTION = re.compile(
    r"[吗呢](?=[，。？！?,]|$)|什么|怎么|怎样|如何|为何|哪[些个里儿种一方]|谁|多少|几个|是不是|会不会|有没有"
    r"|能不能|可不可以|该不该|要不要|好不好|对不对|是否|能否|是[^，。]{1,14}还是|[?？]"
    r"|(?:^|[,;:.] )(?:(?:and|so|but|or|well|then|now) )?(?:what|how|why|who|whose|which)\b"
    r"|(?:^|[,;] )(?:(?:and|so|but|or|well|then|now) )?"
    r"(?:do|does|did|is|are|was|were|can|could|will|would|should|have|has)"
    r" (?:you|we|they|it|there|the)\b"
)
# "what I think", "can you hear us": no questions about anything.
_STATED = re.compile(
    r"(?:没|不|无论|不管|任).{0,3}(?:什么|怎么|谁|哪)|比什么|什么的|没什么|不知道怎么|什么什么|这就是为什么"
    r"|\b(?:that(?:'s| is)|know|see|understand|about|of|to|tell you|explain)"
    r" (?:what|how|why|who|where)\b"
    r"|听得?到(?:吗|我)?|\bcan you (?:all )?hear\b"
    r"|\b(?:would|do) you (?:like|want) to (?:begin|start)"
)
_ONLY_PARTICLE = re.compile(r"呢(?=[，。？！?,]|$)")
OPENING = re.compile(
    r"接下来|下面(?:我们|我|来|进入|请|讲|看|说|谈|聊|这个问题)|(?:下|另|再)一?个?(?:问题|话题|议题)|另外一?个(?:问题|话题)"
    r"|最后一?个?(?:问题|话题|部分|环节)|第[二三四五六七八九十]+?个?(?:问题|话题|部分|议题|章|讲|节)"
    r"|(?:我们|咱们)(?:再|就|先|来|现在)(?:来)?(?:看|聊|谈|讲|讨论|进入|说)"
    r"|想(?:请教|问|请问|问问)(?!大家能)|请教|换一?个(?:话题|角度)"
    r"|(?:说|讲|谈|聊)(?:完|到)了?.{1,12}(?:之后|以后|，)|首先(?:我)?想|进入(?:下|第|提问|问答)"
    r"|(?:^|[，。])最后(?:再|就)?(?:给|想|请|说|讲|谈|聊|看|来|我|是)|我(?:们)?(?:经常|常)?听说"
    r"|如果(?:是)?(?:说|提)到|那不知道|回到.{1,10}(?:问题|话题)"
    r"|\b(?:moving on|move on|next (?:question|topic|up|part|thing)"
    r"|let(?:'?s| us) (?:now )?(?:turn|move|talk|look|start|begin|switch)"
    r"|let me (?:turn|move|start|ask)"
    r"|turning to|(?:my|the|one|a|another|final|last|second|third) (?:final |last |next )?"
    r"(?:question|topic|part)|i(?:'d| would) like to (?:ask|turn|talk|know|start)"
    r"|i want(?:ed)? to (?:ask|turn|talk about)|now (?:let|i want|i'd|we come)"
    r"|so far.{0,40}now|to (?:begin|start|finish|close|wrap))\b"
)
FOLLOW_UP = re.compile(
    r"补充|(?:还有|除了).{0,8}(?:什么|别的|其他|意见|看法|吗|呢)|(?:其他|别的)(?:老师|嘉宾|人|意见)"
    r"|不同(?:意见|看法|观点)|怎么(?:看|想|说)(?=[，。？呢吗这那]|$)"
    r"|(?:支持|同意|赞成).{0,8}(?:派|观点|看法)|[您你](?:先|来)|先(?:说|来|讲)"
    r"|(?:请|有请).{1,6}(?:先|来)(?=[，。]|$)"
    r"|(?:老师|教授|博士|总|先生|女士|院士|您)(?:呢|怎么看|觉得呢|您觉得|这方面|对这方面)"
    r"|(?:谁|哪位).{0,3}(?:来|先|愿意|想).{0,4}(?:回答|说|讲|谈)|听得?到(?:吗|我)|举(?:一?个|些)例子|这句话"
    r"|方便(?:知道|问)|怎么称呼|哪个?(?:公司|单位|学校)的"
    r"|\b(?:anything to add|(?:would|do) you (?:agree|want to add|like to add)|what about you"
    r"|how about you|your (?:view|take|thoughts)|do you agree|and you|go ahead|want to add"
    r"|pick (?:that|it) up|can you hear|who (?:wants|would like) to|what do you (?:think|say)"
    r"|for example)\b"
)
# Asks for more of what was just spoken of, whatever else is said.
FOR_MORE = re.compile(
    r"补充|除了.{0,8}还有|其他(?:老师|嘉宾|人|意见)|不同(?:意见|看法|观点)"
    r"|\b(?:anything to add|want to add|like to add|add to that|anything else)\b"
)
HANDS_OVER = re.compile(
    r"交给|(?:请|由).{1,6}(?:老师|教授|博士|总|先生|女士|院士|嘉宾)(?=[，。！]|$)"
    r"|\b(?:over to|floor is yours)\b"
)
CALLS_AUDIENCE = re.compile(
    r"观众|听众|现场.{0,6}(?:朋友|提问|问题)|举手|提问|台下|前排|后排|那位|这位(?:同学|朋友|先生|女士)|话筒"
    r"|\b(?:audience|raise your hand|from the floor|questions? from|microphone"
    r"|in the (?:front|back))\b"
)
ASKS = re.compile(
    r"想问|请教|请问|提问|我的问题|有一?[个两]个?问题|问一?下|问两个|问题是"
    r"|\b(?:my question|i have (?:a|two) questions?|i(?:'d| would) (?:like|love) to ask"
    r"|question (?:for|is)|i wanted to ask|i wonder)\b"
)
CLOSING = re.compile(
    r"(?:感谢|谢谢)(?:各位|大家|所有|几位)|(?:今天|本次|这次)的?.{0,10}(?:到这|到此|结束)|掌声|下课"
    r"|\b(?:thank you all|that'?s all|give .{0,20} a hand|round of applause)\b"
)


def asks_something(folded: str) -> bool:
    """Tell whether a clause asks.

    >>> asks_something("数据会不会成为瓶颈"), asks_something("我不知道怎么说，")
    (True, False)
    """
    return bool(QUESTION.search(_STATED.sub("", folded)))


def asks_outright(folded: str) -> bool:
    """Tell whether a clause asks with more than a particle that may only carry on.

    >>> asks_outright("那么大模型的能力呢，"), asks_outright("是什么要素呢，")
    (False, True)
    """
    return asks_something(_ONLY_PARTICLE.sub("", folded))

"""What Chinese speech around a name says about who bears it.

All patterns are in Simplified characters. They are ways of speaking, none of them of one talk.
"""

from __future__ import annotations

import re

from subtools.naming.mentions import Context, Kind

JOINERS = frozenset({"和", "跟", "与", "还有", "、", "以及", "或者", "或者是", "或", "还是"})

_PAUSE = r"[，。！？、；：,.!?;: ]*"
_MARK = "，。！？；,.!?;"
_OF_SOMEWHERE = rf"(?:[^{_MARK}]{{0,16}}的)?"
_HIMSELF = re.compile(
    rf"(?:我(?:就|呢)?(?:是|叫做?|姓|的名字(?:是|叫)|名叫)|名字叫)(?:[^{_MARK}]{{0,24}}的)?"
    r"(?:主持人|嘉宾|记者|学生|博士生|研究生|研究员|工程师|创始人|负责人)?$"
)
_HIMSELF_ENDS = re.compile(rf"[{_MARK}]|$|很高兴|今天|来自|啊|呢|目前|现在|在|也|然后")
_ROLL_CALL = re.compile(
    r"(?:请到了?|邀请到?了?|来到|来的|在座|嘉宾(?:有|是|分别)|第[一二三四五六七八九十]位是?"
    r"|位是|分别是|还有|以及|介绍)[^。！？!?]{0,20}$"
)
_CALLS_UP = re.compile(
    r"(?:有请|请出?|欢迎|轮到|交给|听听|听一下|问问?|问一?下|请教(?:一下)?|接下来是?|下面是?"
    rf"|下一位是?|先让|让|留给|那边)(?:我们|咱们)?{_OF_SOMEWHERE}(?:那个|这个)?{_PAUSE}$"
)
_AFTER_BREATH = re.compile(
    r"(?:^|[，。！？,.!? ])"
    r"(?:那么?|好的?|好吧|对|嗯|行|来|太好了|非常好|可能|要不|或者|我们|咱们|所以)*"
    rf"(?:那个|这个|就)?{_PAUSE}$"
)
_ANSWERS = re.compile(
    rf"^{_PAUSE}(?:也|这边|那边|要不|还是|就)*(?:你|您|妳|先(?![提说讲后前生])|先[说讲](?!了)|请|呢[{_MARK}]|呢$"
    r"|来(?!自|的|说.?[，,])|怎么[看想样说理认]|如何看|觉得(?:呢|怎么|如何|哪|有)|有没有|有什么|有何|有(?:啥|要)"
    r"|有.{0,6}(?:补充|想法|看法|意见|高见)|要不要|能不能|可不可以|可以(?!说)|是否|会怎么|对(?:这|于这|此)"
    r"|这(?:方面|边|块|里)|谈谈|聊聊|说说|讲讲|[谈说讲聊]一?[下谈说讲聊](?!了)|补充(?!了|的|得)|回答(?!了|得|的|完)"
    r"|接着|发言|给(?:我们|大家)|跟(?:我们|大家)|为(?:我们|大家)|帮(?:我们|大家)|上台|麻烦)"
)
# Who is listed in a sentence is not called by the next one: 嘉宾是李明老师。先请...
_ENDS_SENTENCE = re.compile("^[。！!.](?! ?[你您妳])")
_THANKED = re.compile(r"(?:谢谢|感谢|多谢)(?:一下|我们|您|你)*(?:的)?$")
_GREETED = re.compile(rf"^(?:您|你)?好(?:[{_MARK}]|$)")
# What somebody is told to have said calls nobody here: 他跟我说，老张你回去吧.
_QUOTED = re.compile(
    r"(?:[他她我人们友妈爸](?:就|也|还)?(?:跟|对|和)?[我他她你]?们?(?:说|问|讲)"
    r"|告诉[我他她])[，：:, ]?$"
)
_PRAISED_AFTER = re.compile(
    r"^(?:讲|说|问|答|回答|总结|处理)得.{0,4}(?:好|对|准|不错|到位|清楚|精彩)|^问到"
)
_THANKED_FOR = re.compile(r"^的?(?:精彩|分享|发言|回答|介绍|演讲|解答|点评)")
_BENEFACTOR = re.compile(
    r"^(?:给|为|帮|替|提供|借|送|一直|当年|当时|的(?:帮助|支持|指导|邀请|信任|栽培|关心|组织|安排))"
)
_PRAISED = re.compile(rf"(?:太|非常|真是?|很)[^{_MARK}]{{1,6}}{_PAUSE}$")
_HAS_ASKED = re.compile(
    r"^(?:刚才|刚刚)?(?:您|你)?(?:提|问)?(?:出)?的?(?:这个|那个|第.个)?(?:问题|提问)|^(?:刚才|刚刚)?问"
)
_TAKES_UP = re.compile(r"(?:接着?|回答|回应|回复|对)(?:一?下|着)?(?:刚才|刚刚)?$")
_HAS_SAID = re.compile(
    r"^(?:他|她)?(?:刚才|刚刚|也|其实|之前|前面|已经|一直|都|就|所)*(?:提到|提过|提出|说(?!一[下说]|说)|讲(?!一[下讲]|讲)|谈到"
    r"|们说|觉得|认为|强调|表达|总结|分享了|补充了|回答[得了]|比较(?=支持|认|倾|看)|支持|(?:的|这个|那个)(?:这个|那个)?"
    r"(?:观点|说法|分享|发言|报告|演讲|意思|建议|回答|介绍|话|看法|想法|例子|工作|提法|意见))"
)
_AGREES = re.compile(
    r"(?:刚才|刚刚|像|正如|就像|如|同意|认同|赞同|接着?|按照|听了?|顺着|补充)(?:一下)?$"
)
_SECOND_PERSON = re.compile("[你您妳]")
_ASKS = re.compile("[吗呢？?]|什么|怎么|如何|哪|有没有|是不是|能不能|要不要")
_NEAR = 14  # characters: no more than a short clause
_CLOSE = 8  # the same, for what belongs to the opening of a turn
_REST = 70  # a question to somebody may take so long after the name


def read_frame(context: Context) -> tuple[Kind, float]:
    """Return what a name in ``context`` says, and how clearly, 0..1.

    >>> read_frame(Context("好的，那", "先说吧。", True))
    (<Kind.HANDOVER: 'is asked to speak'>, 1.0)
    >>> read_frame(Context("", "提到的也很重要", True))[0].name
    'REPORT'
    """
    before, after = context.before[-40:], context.after[:_REST]
    if _HIMSELF.search(before) and _HIMSELF_ENDS.match(after):
        return Kind.INTRODUCTION, 1.0
    if before.endswith("叫"):
        return Kind.MENTION, 1.0
    if _QUOTED.search(before):
        return Kind.MENTION, 0.0
    is_listed = _ROLL_CALL.search(before) or (
        before.endswith("是") and not _CALLS_UP.search(before)
    )
    if is_listed and (_ENDS_SENTENCE.match(after) or not _ANSWERS.match(after)):
        return Kind.MENTION, 1.0
    if _THANKED.search(before) and _BENEFACTOR.match(after):
        return Kind.MENTION, 1.0
    if _THANKED.search(before) or (_THANKED_FOR.match(after) and not _CALLS_UP.search(before)):
        return Kind.THANKS, 1.0
    if _GREETED.match(after):
        return Kind.GREETING, 1.0
    if before.endswith(("对于", "对", "关于")) and not _HAS_ASKED.match(after):
        return Kind.MENTION, 1.0
    return _read_turn(context, before, after)


def _read_turn(context: Context, before: str, after: str) -> tuple[Kind, float]:
    """Tell whether the name is asked to speak, or has spoken."""
    if _PRAISED_AFTER.match(after) and len(context.before) <= _NEAR:
        return Kind.THANKS, 1.0
    if _HAS_ASKED.match(after) and not _SECOND_PERSON.match(after.lstrip("，,")):
        return Kind.QUESTION, 1.0 if _TAKES_UP.search(before) else 0.7
    clause = re.split(f"[{_MARK}]", after)[0]
    is_asked = _SECOND_PERSON.search(clause) or clause.endswith(("吗", "呢"))
    if _CALLS_UP.search(before):
        return Kind.HANDOVER, 1.0
    if _HAS_SAID.match(after) and not is_asked:
        return Kind.REPORT, 1.0
    if _AGREES.search(before) and not _ANSWERS.match(after):
        return Kind.REPORT, 0.8
    if (_ANSWERS.match(after) and not _ENDS_SENTENCE.match(after)) or is_asked:
        return Kind.HANDOVER, 1.0 if _AFTER_BREATH.search(before) else 0.8
    return _read_vocative(context, before, after)


def _read_vocative(context: Context, before: str, after: str) -> tuple[Kind, float]:
    """Tell what a name means that is only called out."""
    said = after.strip(f"{_MARK} ")
    is_called = bool(_AFTER_BREATH.search(before))
    if context.is_last and len(said) <= 2:
        return Kind.HANDOVER, 1.0 if is_called else 0.6
    is_asked = re.search("[吗呢？?][？?]?$", after.rstrip()) and after[:1] in _MARK
    if is_called and context.is_last and is_asked:
        return Kind.HANDOVER, 0.9
    if _PRAISED.search(before) and len(before) <= _NEAR:
        return Kind.THANKS, 0.7
    is_opening = is_called and after[:1] in _MARK and len(before) <= _CLOSE
    if _SECOND_PERSON.search(after) and context.is_last and (is_opening or _ASKS.search(after)):
        return Kind.HANDOVER, 0.9 if is_called else 0.7
    if is_opening:
        return Kind.THANKS, 0.3  # 曾老師，我覺得 ...: to whoever spoke last
    return Kind.MENTION, 1.0

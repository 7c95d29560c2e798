"""Chinese in one script: Traditional and Simplified, and the wording of regions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from typing import Any

# The ideographs of the three planes, their iteration mark and the zero.
HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"

_NOT_OLD = "么"  # in Taiwan an old form of 幺, but everywhere else what 麼 is in Simplified
_KANA = re.compile("[\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f]")  # Japanese is no Chinese script


class Script(StrEnum):
    """How Chinese is written: characters, and of regions the wording too."""

    TW = "tw"  # Traditional, forms and words of Taiwan
    HK = "hk"  # Traditional, forms and words of Hong Kong
    CN = "cn"  # Simplified, words of mainland China
    T = "t"  # Traditional, OpenCC's standard forms; words as they are
    S = "s"  # Simplified; words as they are


# Forms that only one of the two regions writes. What OpenCC does for both, and what
# Simplified has too, tells nothing.
_TAIWAN = frozenset("裡汙")
_HONG_KONG = frozenset("説綫衞閲税脱鋭悦葱敍枱蜕兑醖鈎")
_ROUNDS = 3  # of a text in which scripts are mixed: what one leaves, the next one takes
# Words are only exchanged between the scripts: within Traditional, OpenCC cannot know whether
# 文件 is a document of Taiwan or a file of the mainland.
_STEPS: dict[tuple[Script, Script], tuple[str, ...]] = {
    (Script.S, Script.TW): ("s2twp",),
    (Script.S, Script.HK): ("s2hkp",),
    (Script.S, Script.T): ("s2t",),
    (Script.T, Script.TW): ("t2tw",),
    (Script.T, Script.HK): ("t2hk",),
    (Script.T, Script.CN): ("tw2sp",),
    (Script.T, Script.S): ("t2s",),
    (Script.TW, Script.TW): ("t2tw",),
    (Script.TW, Script.HK): ("tw2t", "t2hk"),
    (Script.TW, Script.CN): ("tw2sp",),
    (Script.TW, Script.S): ("tw2s",),
    (Script.TW, Script.T): ("tw2t",),
    (Script.HK, Script.TW): ("hk2t", "t2tw"),
    (Script.HK, Script.HK): ("t2hk",),
    (Script.HK, Script.CN): ("hk2sp",),
    (Script.HK, Script.S): ("hk2s",),
    (Script.HK, Script.T): ("hk2t",),
}


def detect_script(text: str) -> Script | None:
    """Return how ``text`` is written: S, T, or TW or HK where forms of theirs are in it.

    None where nothing tells: it has no Chinese, or only characters that both scripts have.

    >>> detect_script("我们的头发"), detect_script("我們在這裡"), detect_script("大家好")
    (<Script.S: 's'>, <Script.TW: 'tw'>, None)
    """
    # Big5 lacks some forms of Hong Kong, such as 説.
    balance = _script(text) + sum(
        c in _HONG_KONG and not _is_in(c, "big5") and not _is_in(c, "gb2312") for c in text
    )
    if balance <= 0:
        return Script.S if balance else None
    taiwan, hong_kong = (sum(c in forms for c in text) for forms in (_TAIWAN, _HONG_KONG))
    if taiwan == hong_kong:
        return Script.T
    return Script.TW if taiwan > hong_kong else Script.HK


def convert_script(text: str, to: Script, source: Script | None = None) -> str:
    """Return ``text`` in the script ``to``; converted again, it stays as it is.

    Its length may change with the wording (U盘 is 隨身碟 in Taiwan). Text with kana is
    Japanese and comes back unchanged.

    Args:
        text: A line, or more.
        to: How it is to be written.
        source: How it is written, if it does not tell by itself, as a short line of a
            longer text; None: unknown, so that such a text comes back unchanged.

    >>> convert_script("鼠标里面的软件", Script.TW), convert_script("滑鼠裡的軟體", Script.CN)
    ('滑鼠裡面的軟體', '鼠标里的软件')
    """
    if _KANA.search(text):
        return text
    converted = _convert_once(text, to, source)
    for _ in range(_ROUNDS):
        text, converted = converted, _convert_once(converted, to, None)
        if converted == text:
            break
    return converted


def _convert_once(text: str, to: Script, source: Script | None) -> str:
    own = detect_script(text)
    # A line without a form of its region is of the region that the whole text is of.
    is_vague = own is None or (own is Script.T and source in {Script.TW, Script.HK})
    written = source if is_vague else own
    for step in _STEPS.get((written, to), ()) if written else ():
        text = str(_converter(step).convert(text))
    return text


def simplify(text: str) -> str:
    """Return ``text`` in Simplified characters, as long as before.

    >>> simplify("頭髮與發展")
    '头发与发展'
    """
    return _convert(text, "t2s")


def fold_characters(characters: Sequence[str]) -> tuple[str, ...]:
    """Return what each of single ``characters`` is in Simplified, whatever stands beside it.

    Coarser than ``simplify``, which goes by words: that is right for reading, but a text and
    a question about it must come out alike (著 and 着 are one, and so are 乾 and 干).

    >>> fold_characters(["著", "乾", "推", "a", "麼", "么"])
    ('着', '干', '推', 'a', '么', '么')
    """
    folded = str(_converter("tw2s").convert("\n".join(characters))).split("\n")
    return tuple(
        f if len(f) == 1 and c != _NOT_OLD else c for f, c in zip(folded, characters, strict=True)
    )


def unify_script(texts: Sequence[str]) -> tuple[str, ...]:
    """Return Chinese ``texts`` in the script that most of them has, each as long as before.

    Recognisers change between Traditional and Simplified in the middle of a talk. Only
    texts that are clearly in the other script are converted (to the forms of Taiwan).

    >>> unify_script(["余先生看到它", "我們", "我们很快", "經驗"])
    ('余先生看到它', '我們', '我們很快', '經驗')
    """
    scripts = [_script(text) for text in texts]
    is_traditional = sum(scripts) > 0
    direction = "s2tw" if is_traditional else "t2s"
    return tuple(
        _convert(text, direction) if script and (script > 0) != is_traditional else text
        for text, script in zip(texts, scripts, strict=True)
    )


def _script(text: str) -> int:
    """Return how many more characters are Traditional only than Simplified only."""
    traditional = sum(_is_in(c, "big5") and not _is_in(c, "gb2312") for c in text)
    simplified = sum(_is_in(c, "gb2312") and not _is_in(c, "big5") for c in text)
    return traditional - simplified


@cache
def _is_in(character: str, charset: str) -> bool:
    """Tell whether a standard of one script has ``character``."""
    try:
        return bool(character.encode(charset))
    except UnicodeEncodeError:
        return False


def _convert(text: str, direction: str) -> str:
    """Return ``text`` in the other Chinese script, as long as before."""
    converted = str(_converter(direction).convert(text))
    if len(converted) == len(text):
        return converted
    return "".join(str(_converter(direction).convert(character))[:1] for character in text)


@cache
def _converter(direction: str) -> Any:
    from opencc import OpenCC

    return OpenCC(direction)

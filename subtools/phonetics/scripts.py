"""Chinese in one script: Traditional and Simplified."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

# The ideographs of the three planes, their iteration mark and the zero.
HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"

_NOT_OLD = "么"  # in Taiwan an old form of 幺, but everywhere else what 麼 is in Simplified


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

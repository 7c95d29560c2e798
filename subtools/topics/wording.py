"""Words that were said, made short enough for a title: some left out, none added."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from subtools.lexicon import columns, is_spaceless
from subtools.phrasing import tag_words
from subtools.topics.clauses import find_terms, fold

MOST_COLUMNS = 32  # 16 Han characters
MOST_WORDS = 8  # of scripts with spaces
_MOST_LATIN_COLUMNS = 80  # of these words together
_LEAST_LEFT = 4  # columns that must remain where what leads up is left out
_LEAD_IN = (
    "那么 那 所以 然后 而且 但是 可是 不过 因为 就是 就是说 其实 对 对于 好 好的 是的 嗯 呃 啊 "
    "也 又 首先 接下来 最后 另外 非常 感谢 谢谢 我 我们 咱们 想 要 请 请教 请问 想问 问 问问 "
    "一下 那想 诸位 各位 大家 嘉宾 老师 老师们 你们 你 您 觉得 认为 问题 话题 不知道 知道 现在 "
    "下面 如果 提到 的话 这个 那个 说 讲 谈 聊 看看 看 说说 讲讲 聊聊 谈谈 讲一讲 聊一聊 来 "
    "来看 先 再 呢 的 是 就 给 同学 同学们 一个 一点 今天 比如 比如说 您好 你好 刚才 刚刚 "
    "也就是说 可能 跟 和 第一个 第二个 第三个 第四个 第五个 第六个 每位 一讲 一看 一聊 一说 "
    "一谈 回到 进入 到 该 吧 了 着 呀"
)
_TAIL = "呢 啊 吧 呀 的话 了 是吧 对吧 好吗 这样 这个 那个 谢谢 老师 大家 各位"
# What goes first, by part of speech: 呢, 嗯; 我們, 這種; 一個; 其實; 對於.
_CLASS_VALUES = {
    **dict.fromkeys(("y", "e", "o", "x", "h", "k"), 0.0),
    **dict.fromkeys(("r", "rr", "rz"), 0.15),
    **dict.fromkeys(("m", "q", "mq", "t"), 0.25),
    **dict.fromkeys(("d", "dg"), 0.3),
    **dict.fromkeys(("p", "u", "ul", "uz", "f", "b", "c"), 0.5),
    "uj": 0.7,
    "zg": 0.5,  # what the dictionary knows nothing of, 車 among others
}
_NEEDLESS = 0.2  # value of what is left out even where there is room
_SPARED = 0.35  # value of what is left out before anything is cut off
_VALUABLE = 0.5  # of what is missed where it is left out
_ASKING = (
    "不 没 没有 会不会 是不是 有没有 能不能 怎么 怎样 怎么样 为什么 如何 什么 哪 哪些 哪个 哪里 "
    "谁 还是 能否 是否 多少 几个 和 与 或 或者 更 最 吗 不同 比 从 在 对 以 每个 自己"
)
_ASKING_BEGINS = ("哪", "什么", "怎", "多少", "谁")
_ASKING_VALUE = 1.2
_EMPTY_VERBS = "觉得 认为 想 问 想问 说 讲 看 来 去 有 是 会 要 能 请 让 做 到"
_EMPTY_VALUE = 0.6
_TERM_VALUE = 2.0
_NOT_FIRST = ("u", "y", "k")  # parts of speech that no title begins with
_KEPT_MARKS = "+#%"  # after a word: C++, C#, 5%
_NOT_LAST = ("uj", "uz", "uv", "ud", "p", "c", "h")
_ENGLISH_LEAD_IN = (
    "so well and but okay ok now then right yes no hello hi morning good thank you thanks let "
    "let's us me i i'd we would like to want ask start begin turn talk about all everyone of my "
    "first next last final question is do think tell please the with that if maybe perhaps also"
)
_ENGLISH_NEEDLESS = (
    "just really very actually also only even still maybe perhaps quite",
    "do does did a an the",
    "you we i they it",
)
_ENGLISH_LOOSE = (
    "a an the of to in on at by for with from and or but if that which is are was were be do does "
    "did have has had will would can could my your our their his her its this these as than so not"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a title to be.

    Attributes:
        text: As written, without the marks around it.
        tag: Part of speech as jieba's dictionary names it; ``eng`` in scripts with spaces.
    """

    text: str
    tag: str


Worth = Callable[[Token], float]  # how much a term says beyond being one


def read_tokens(text: str) -> tuple[Token, ...]:
    """Return the words of ``text`` that can be seen and said."""
    if any(map(is_spaceless, text)):
        pairs = [(word.text, word.tag) for word in tag_words(text)]
    else:
        pairs = [(word, "eng") for word in text.split()]
    tokens = (Token(_seen(word), tag) for word, tag in pairs)
    return _with_whole_questions(token for token in tokens if any(map(str.isalnum, token.text)))


def _with_whole_questions(tokens: Iterable[Token]) -> tuple[Token, ...]:
    """Return ``tokens`` with 能|不能 as one: whoever cuts between them says the opposite."""
    whole: list[Token] = []
    for token in tokens:
        before = whole[-1].text if whole else ""
        if before and token.text in {f"不{before}", f"沒{before}", f"没{before}"}:
            token = Token(whole.pop().text + token.text, "v")
        whole.append(token)
    return tuple(whole)


def _seen(word: str) -> str:
    """Return ``word`` without what cannot be seen, and without the marks around it."""
    shown = [c for c in word if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Cn", "Co"}]
    while shown and _is_mark(shown[0]):
        shown.pop(0)
    while shown and _is_mark(shown[-1]) and shown[-1] not in _KEPT_MARKS:
        shown.pop()
    return "".join(shown)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] in "PSZ"


def trim_tokens(tokens: Sequence[Token], names: frozenset[str] = frozenset()) -> tuple[Token, ...]:
    """Return ``tokens`` without what leads up to what is said, and particles at the end.

    Args:
        tokens: What is said.
        names: Words of names of those who are addressed, folded.
    """
    tail, leads = _set(_TAIL), _set(_LEAD_IN)
    kept = list(tokens)
    while len(kept) > 1 and fold(kept[-1].text) in tail:
        kept.pop()
    if _is_latin(kept):
        return _trim_latin(kept, names)
    first = 0
    while first < len(kept) and (size := _lead_size(kept, first, leads | names)):
        first += size
    rest = [*map(_without_na, kept[first : first + 1]), *kept[first + 1 :]]
    return tuple(rest if columns(join_tokens(rest)) >= _LEAST_LEFT else kept)


def _lead_size(tokens: Sequence[Token], first: int, leads: Collection[str]) -> int:
    """Return how many tokens from ``first`` on are left out together: 不|知道 is two."""
    for size in (2, 1):
        if fold("".join(token.text for token in tokens[first : first + size])) in leads:
            return size
    return 0


def _without_na(token: Token) -> Token:
    """Return ``token`` without a 那 that jieba takes for part of a verb: 那會, 那要."""
    is_one = len(token.text) == 2 and token.text[0] == "那" and token.tag == "v"
    return Token(token.text[1:], token.tag) if is_one else token


def _trim_latin(tokens: Sequence[Token], names: Collection[str]) -> tuple[Token, ...]:
    leads = _set(_ENGLISH_LEAD_IN)
    first, last = 0, len(tokens)
    while first < last and (
        tokens[first].text.lower() in leads or fold(tokens[first].text) in names
    ):
        first += 1
    while last - first > 1 and tokens[last - 1].text.lower() in _set(_ENGLISH_LOOSE):
        last -= 1
    return tuple(tokens[first:last]) if last - first > 1 else tuple(tokens)


def fit_tokens(tokens: Sequence[Token], worth: Worth) -> tuple[tuple[Token, ...], int]:
    """Return ``tokens`` short enough for a title, and how many that say something were cut off.

    What says least is left out; where that is not enough, the best stretch remains.
    """
    if _is_latin(tokens):
        return _fit_latin(tokens, worth)
    values = [_value(token, worth) for token in tokens]
    kept = _without_needless(tokens, values)
    while not fits([tokens[k] for k in kept]):
        spared = min(kept, key=lambda k: (values[k], -k))
        if values[spared] >= _SPARED:
            break
        kept.remove(spared)
        kept = [k for k in kept if not (tokens[k].tag == "uj" and k == spared + 1)]
    best = _best_stretch([tokens[k] for k in kept], [values[k] for k in kept])
    lost = sum(values[k] >= _VALUABLE for k in kept)
    lost -= sum(_value(token, worth) >= _VALUABLE for token in best)
    return best, lost


def _without_needless(tokens: Sequence[Token], values: Sequence[float]) -> list[int]:
    """Return the indices of what is needed: no 這樣, and no 的 after it."""
    kept: list[int] = []
    for k, token in enumerate(tokens):
        hangs = token.tag == "uj" and (not kept or kept[-1] != k - 1)
        if values[k] >= _NEEDLESS and not hangs:
            kept.append(k)
    return kept


def _value(token: Token, worth: Worth) -> float:
    folded = fold(token.text.rstrip("，,"))
    if folded in _set(_ASKING) or folded.startswith(_ASKING_BEGINS):
        return _ASKING_VALUE
    if find_terms(token.text):
        return _TERM_VALUE + worth(token)
    if folded in _set(_EMPTY_VERBS):
        return _EMPTY_VALUE
    return _CLASS_VALUES.get(token.tag, 1.0)


def _fit_latin(tokens: Sequence[Token], worth: Worth) -> tuple[tuple[Token, ...], int]:
    kept = list(tokens)
    for needless in map(_set, _ENGLISH_NEEDLESS):
        if not fits(kept):
            kept = [token for token in kept if token.text.lower() not in needless]
    loose = _set(_ENGLISH_LOOSE)
    values = [0.2 if t.text.lower() in loose else 1.0 + worth(t) for t in kept]
    best = _best_stretch(kept, values)
    return best, max(0, len(kept) - len(best))


def _best_stretch(tokens: Sequence[Token], values: Sequence[float]) -> tuple[Token, ...]:
    """Return the stretch that fits and says most; of equals the last."""
    best: tuple[float, tuple[Token, ...]] = (-1.0, ())
    for first in range(len(tokens)):
        last = first
        while last < len(tokens) and fits(tokens[first : last + 1]):
            last += 1
        stretch = _without_loose_ends(tokens[first:last])
        if len(stretch) == last - first or last == len(tokens) or not best[1]:
            total = sum(values[first : first + len(stretch)])
            best = max(best, (total, stretch), key=lambda found: found[0])
    return best[1]


def _without_loose_ends(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Return ``tokens`` without what cannot stand at the ends of a title."""
    loose, first, last = _set(_ENGLISH_LOOSE), 0, len(tokens)
    is_shi = len(tokens) > 1 and any(fold(token.text) == "是" for token in tokens)
    while (
        last
        and not (is_shi and tokens[last - 1].tag == "uj")
        and (tokens[last - 1].tag.startswith(_NOT_LAST) or tokens[last - 1].text.lower() in loose)
    ):
        last -= 1
    while first < last and tokens[first].tag.startswith(_NOT_FIRST):
        first += 1
    return tuple(tokens[first:last])


def fits(tokens: Sequence[Token]) -> bool:
    """Tell whether ``tokens`` are short enough for a title."""
    text = join_tokens(tokens)
    if any(map(is_spaceless, text)):
        return columns(text) <= MOST_COLUMNS
    return len(tokens) <= MOST_WORDS and columns(text) <= _MOST_LATIN_COLUMNS


def join_tokens(tokens: Sequence[Token]) -> str:
    """Return ``tokens`` side by side, with a space between those in scripts with spaces."""
    joined = ""
    for token in tokens:
        is_apart = joined and not is_spaceless(joined[-1]) and not is_spaceless(token.text[0])
        joined += (" " if is_apart else "") + token.text
    return joined


def all_stretches(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield every stretch of ``tokens`` that fits, from the beginning on; words too long, cut."""
    for first, token in enumerate(tokens):
        if not fits([token]):
            yield token.text[: MOST_COLUMNS // 2]
        for last in range(first + 1, len(tokens) + 1):
            if not fits(tokens[first:last]):
                break
            yield join_tokens(tokens[first:last])


def _is_latin(tokens: Sequence[Token]) -> bool:
    return not any(map(is_spaceless, "".join(token.text for token in tokens)))


@cache
def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())

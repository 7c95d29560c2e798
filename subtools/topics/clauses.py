"""A talk as finding topics reads it: clauses, the turns they are in, their terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from subtools.core import Seconds, Transcript, Word
from subtools.lexicon import clause_ranges, word_core
from subtools.phonetics.scripts import simplify
from subtools.phrasing import TaggedWord, tag_words

_NOUNS = ("n", "s", "vn", "nz", "an", "nt", "l", "j", "i", "eng", "x")
_VERBS = ("v",)
# What is said whatever the talk is about; folded to Simplified.
_EMPTY = (
    "问题 老师 大家 时候 东西 事情 方面 情况 感觉 觉得 知道 可能 应该 可以 需要 能够 出来 "
    "起来 比如 例如 其实 就是 这样 那样 这种 那种 一个 一些 一下 一点 一种 现在 今天 刚才 "
    "刚刚 然后 因为 所以 但是 还有 没有 不是 是不是 有没有 看到 想到 说到 提到 来说 包括 "
    "特别 非常 认为 请问 想问 回答 谢谢 感谢 观众 嘉宾 主持 主持人 先生 女士 同学 有点 意思 "
    "那想 轻松 简单 重要 关键 过程 程度 角度 "
    "里面 里边 后面 前面 之间 之后 之前 地方 过来 过去 进去 下去 上去 变成 "
    "成为 部分 补充 方式 观点 问到 第一 第二 第三 首先 最后 接下来 the a an and or but of to "
    "in on at by for with from is are was were be been being it this that these those i you "
    "he she we they me him her us them my your his our their its do does did have has had "
    "will would can could should may might must not no yes so if then than as what how why "
    "who when where which there here about into over out up down just very really think know "
    "like well okay right thing things kind sort lot going get got one two three first "
    "important simple "
    "second last next now also more most much many some any all each other because people "
    "question questions thank thanks please want let lets say said mean way"
)
_SHORTEST_LATIN = 3


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that is heard.

    Attributes:
        words: Its words, those without a time too.
        text: As written.
        folded: The same in Simplified characters and small letters, as long.
        start: Onset, in seconds.
        end: Offset, in seconds.
        turn: Number of the turn it is in, from 0.
        is_first: Whether it begins its turn.
        pause: Silence before it, in seconds.
    """

    words: tuple[Word, ...]
    text: str
    folded: str
    start: Seconds
    end: Seconds
    turn: int
    is_first: bool
    pause: Seconds

    @property
    def speaker(self) -> str | None:
        """Who says it, if known."""
        return self.words[0].speaker


def find_clauses(transcript: Transcript) -> tuple[Clause, ...]:
    """Return the clauses of ``transcript`` that are heard, in order.

    A turn ends where another one speaks; where nobody is known, with the paragraph.
    """
    clauses: list[Clause] = []
    turn, before = -1, None
    for number, words in _timed_clauses(transcript):
        spans = [word.span for word in words if word.span is not None]
        key = words[0].speaker or number
        is_first, before = key != before, key
        turn += is_first
        text = "".join(word.text for word in words)
        start = spans[0].start
        pause = max(0.0, start - clauses[-1].end) if clauses else 0.0
        end = max(span.end for span in spans)
        clauses.append(Clause(words, text, fold(text), start, end, turn, is_first, pause))
    return tuple(clauses)


def _timed_clauses(transcript: Transcript) -> Iterator[tuple[int, tuple[Word, ...]]]:
    """Yield paragraph and words of each clause that is heard, cut where the voice changes."""
    for number, paragraph in enumerate(transcript.paragraphs):
        for indices in clause_ranges([word.text for word in paragraph.words]):
            words = paragraph.words[indices.start : indices.stop]
            for part in _one_voice(words):
                if any(word.span is not None for word in part):
                    yield number, part


def _one_voice(words: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    first = 0
    for index in range(1, len(words) + 1):
        if index == len(words) or words[index].speaker != words[first].speaker:
            yield tuple(words[first:index])
            first = index


def fold(text: str) -> str:
    """Return ``text`` in Simplified characters and small letters, as long as before."""
    folded = simplify(text)
    small = folded.lower()
    return small if len(small) == len(folded) else folded


@cache
def find_terms(text: str) -> tuple[TaggedWord, ...]:
    """Return the words of ``text`` that say what it is about.

    >>> [word.text for word in find_terms("那麼數據是不是瓶頸呢")]
    ['數據', '瓶頸']
    """
    return tuple(word for word in tag_words(text) if _is_term(word))


def term_key(word: TaggedWord) -> str:
    """Return what makes two terms the same: their folded form, plurals as singulars."""
    key = fold(word_core(word.text) or word.text)
    return key[:-1] if key.isascii() and key.endswith("s") and len(key) > _SHORTEST_LATIN else key


@cache
def _empty_words() -> frozenset[str]:
    return frozenset(_EMPTY.split())


def _is_term(word: TaggedWord) -> bool:
    key = term_key(word)
    empty = _empty_words()
    if key in empty or fold(word.text) in empty or not any(map(str.isalpha, key)):
        return False
    if key.isascii():
        return len(key) >= _SHORTEST_LATIN or word.text.isupper()
    if len(word.text) < 2:
        return False
    return word.tag.startswith(_NOUNS) or word.tag in _VERBS

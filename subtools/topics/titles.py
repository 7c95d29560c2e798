"""What a topic is called: a question condensed, or its terms; always words spoken there.

A title is made by leaving out words, never by adding any: of the question that opens a
topic, what leads up to it goes first, then what it says besides; where there is no
question, the terms that are said more there than elsewhere stand side by side.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby

from subtools.lexicon import columns, is_spaceless
from subtools.phrasing import TaggedWord, tag_words
from subtools.topics.asking import FOLLOW_UP, asks_outright, asks_something
from subtools.topics.clauses import Clause, find_terms, fold, term_key

MOST_COLUMNS = 32  # 16 Han characters
MOST_WORDS = 8  # of scripts with spaces
_LEAD_IN = re.compile(
    r"^(?:那么|那|所以|然后|而且|但是|因为|就是|其实|对|好的|好|是的|嗯|呃|啊|也|又|首先|接下来|最后|另外|非常感谢|谢谢|"
    r"我|我们|我就|我也|想|要|请|请教|请问|想问|想请教|问|问问|一下|诸位|各位|大家|嘉宾|老师|老师们|你们|您|您们|"
    r"觉得|认为|一个问题|问题|不知道|知道|现在|下面|如果|提到|的话|这个|那个|说|来|呢|的是|是|就)+"
)
_TAIL = re.compile(r"(?:呢|吗|啊|吧|的话|这样|这个|那个|了|，|。|？|\?|,|\.)+$")
_ENGLISH_LEAD_IN = re.compile(
    r"^(?:(?:so|well|and|but|okay|now|then|right|thank you|thanks|let me|let's"
    r"|i(?:'d| would) like to|i want to|ask|start|begin|turn to|talk about|you|all|everyone"
    r"|of you|my|first|next|last|final|question|is|do you think|do you|would you|can you"
    r"|could you|please|tell us|about|the|with"
    r"|that|if|we|i)\b[ ,:]*)+"
)
# What of a question goes first, by part of speech: 呢, 嗯; 我們, 這種; 一個; 其實; 的; 對於.
_CLASS_VALUES = {
    **dict.fromkeys(("y", "e", "o", "x", "zg", "c", "h", "k"), 0.0),
    **dict.fromkeys(("r", "rr", "rz"), 0.15),
    **dict.fromkeys(("m", "q", "mq", "t"), 0.25),
    **dict.fromkeys(("d", "dg"), 0.3),
    **dict.fromkeys(("p", "u", "ul", "uz", "f", "b"), 0.5),
    "uj": 0.7,
}
_NEEDLESS = 0.2  # value of what is left out even where there is room
_ASKING = (
    "不 没 没有 会不会 是不是 有没有 能不能 怎么 怎样 为什么 如何 什么 哪 哪些 哪个 谁 还是 能否 "
    "是否 多少 几个 和 与 或 或者 更 最 不同 比 从 在 对 以"
)
_MISSED = 0.5  # value of what is missed where it is left out
_KEPT = 1.2  # value of those
_EMPTY_VERBS = "觉得 认为 想 问 想问 说 讲 看 来 去 有 是 会 要 能 请 让 做 到"
_LOST = 0.45  # value of a term that is left out for want of room
_COMMON = 2  # times said, of a term that can be a title


def title_topics(
    clauses: Sequence[Clause],
    topics: Sequence[range],
    openings: Sequence[range],
    counts: Sequence[Counter[str]],
    weights: Mapping[str, float],
) -> tuple[str, ...]:
    """Return a title for each of ``topics``, no two alike.

    Args:
        clauses: The talk.
        topics: The clauses of each topic.
        openings: The clauses that open it.
        counts: Terms of each clause.
        weights: Weights of the terms.
    """
    titles: list[str] = []
    for topic, opening in zip(topics, openings, strict=True):
        proposals = propose_titles(clauses, topic, opening, counts, weights)
        taken = {fold(title) for title in titles}
        titles.append(next(title for title in proposals if fold(title) not in taken))
    return tuple(titles)


def propose_titles(
    clauses: Sequence[Clause],
    topic: range,
    opening: range,
    counts: Sequence[Counter[str]],
    weights: Mapping[str, float],
) -> Iterator[str]:
    """Yield titles, the best first, and at last the beginnings of what is said."""
    after = Counter(term for k in topic for term in counts[k])
    yield from _questions(clauses, opening, after, weights)
    yield from _key_terms(clauses, topic, counts, weights)
    for index in topic:
        title = shorten(clauses[index].text)
        if title:
            yield title
    yield from (f"{clauses[topic.start].text[:4]} {number}" for number in range(2, 10_000))


def _questions(
    clauses: Sequence[Clause], opening: range, after: Counter[str], weights: Mapping[str, float]
) -> Iterator[str]:
    """Yield the questions of ``opening`` condensed, those first that the topic takes up.

    A clause of a recogniser is often half a question, so its neighbours are tried, too.
    """
    asked = [k for k in opening if asks_something(clauses[k].folded)]
    rated = []
    for index in asked:
        for first, last in ((index, index + 1), (index - 1, index + 1), (index, index + 2)):
            if first < opening.start or last > opening.stop:
                continue
            if any(FOLLOW_UP.search(clauses[k].folded) for k in range(first, last) if k != index):
                continue
            text = _join_clauses([clauses[k].text for k in range(first, last)])
            title, lost = _condense(text, after, weights)
            doubt = FOLLOW_UP.search(clauses[index].folded) or not asks_outright(
                clauses[index].folded
            )
            value = _worth(title, after, weights) ** 0.5 * (0.5 if doubt else 1.0)
            rated.append((value - _LOST * lost, -index, title))
    yield from (title for value, _, title in sorted(rated, reverse=True) if title and value > 0)


def _join_clauses(texts: Sequence[str]) -> str:
    """Return clauses as one, without what leads up to each in Chinese."""
    if any(map(is_spaceless, "".join(texts))):
        return "".join(map(_trim, texts))
    return "".join(texts)


def _worth(title: str, after: Counter[str], weights: Mapping[str, float]) -> float:
    """Return how much a title says: its terms, the more the topic takes them up."""
    terms = {term_key(word) for word in find_terms(title)}
    return float(sum(weights.get(term, 0.0) * min(3, after[term]) for term in terms))


def condense(text: str, after: Counter[str], weights: Mapping[str, float]) -> str:
    """Return ``text`` short enough for a title, words left out; empty if nothing is left.

    What says least goes first; the order stays.

    Args:
        text: What is said.
        after: How often the topic says each term.
        weights: Weights of the terms.

    >>> condense("那你們認為以語言為核心的大模型，會是描述世界知識的最終模型嗎，", Counter(), {})
    '以語言為核心大模型會是描述世界知識模型'
    """
    return _condense(text, after, weights)[0]


def _condense(text: str, after: Counter[str], weights: Mapping[str, float]) -> tuple[str, int]:
    """Return ``text`` condensed, and how many words were left out for want of room."""
    if not any(map(is_spaceless, text)):
        cut = _cut_english(text)
        return shorten(cut), max(0, len(cut.split()) - MOST_WORDS)
    words = [word for word in tag_words(_trim(text)) if any(map(str.isalnum, word.text))]
    values = [_value(word, after, weights) for word in words]
    worth = [k for k, value in enumerate(values) if value >= _NEEDLESS]
    kept = list(worth)
    while kept and columns(_join([words[k] for k in kept])) > MOST_COLUMNS:
        kept.remove(min(kept, key=lambda k: (values[k], k)))
    kept = _without_loose_ends(kept, words)
    lost = sum(values[k] >= _MISSED for k in worth) - sum(values[k] >= _MISSED for k in kept)
    return _join([words[k] for k in kept]), lost


@cache
def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _value(word: TaggedWord, after: Counter[str], weights: Mapping[str, float]) -> float:
    folded = fold(word.text)
    if folded in _set(_ASKING):
        return _KEPT
    if find_terms(word.text):
        key = term_key(word)
        return 2.0 + weights.get(key, 0.0) * min(3, after[key])
    if folded in _set(_EMPTY_VERBS):
        return 0.6
    return _CLASS_VALUES.get(word.tag, 1.0)


def _without_loose_ends(kept: list[int], words: Sequence[TaggedWord]) -> list[int]:
    """Return ``kept`` without particles at both ends, and where nothing follows them."""
    ends = ("u", "p", "c")
    while kept and words[kept[-1]].tag.startswith(ends):
        kept = kept[:-1]
    while kept and words[kept[0]].tag.startswith("u"):
        kept = kept[1:]
    return kept


def shorten(text: str) -> str:
    """Return the beginning of ``text``, cut between words, no longer than a title may be."""
    if not any(map(is_spaceless, text)):
        return " ".join(_trim(text).split()[:MOST_WORDS]).strip(" ,.;:?!")
    kept: list[TaggedWord] = []
    for word in tag_words(_trim(text)):
        if columns(_join([*kept, word])) > MOST_COLUMNS:
            break
        kept.append(word)
    return _join(kept)


def _cut_english(text: str) -> str:
    match = _ENGLISH_LEAD_IN.match(text.lower())
    cut = text[match.end() :] if match else text
    return cut if len(cut.split()) >= 2 else text


def _trim(text: str) -> str:
    """Return ``text`` without what leads up to it, and without marks around it."""
    folded = fold(text)
    tail = _TAIL.search(folded)
    end = tail.start() if tail else len(text)
    lead = _LEAD_IN.match(folded[:end])
    start = lead.end() if lead and end - lead.end() >= 4 else 0
    return text[start:end].strip(" ，。、；：,.;:「」“”")


def _join(words: Sequence[TaggedWord]) -> str:
    """Return words side by side, marks between them left out."""
    joined = ""
    for word in words:
        text = word.text.strip(" ，。、；：？！,.;:?!")
        if not text:
            continue
        is_latin = joined[-1:].isascii() and joined[-1:].isalnum() and text[0].isascii()
        joined += (" " if is_latin else "") + text
    return joined


# --- terms --------------------------------------------------------------------------


def _key_terms(
    clauses: Sequence[Clause],
    topic: range,
    counts: Sequence[Counter[str]],
    weights: Mapping[str, float],
) -> Iterator[str]:
    """Yield terms of ``topic`` side by side, and then one by one."""
    phrases = _phrases(clauses, topic)
    inside = Counter(term for k in topic for term in counts[k])
    everywhere = Counter(term for terms in counts for term in terms)

    def value(phrase: str) -> float:
        keys = [term_key(word) for word in find_terms(phrase)]
        share = [inside[k] / max(1, everywhere[k]) * weights.get(k, 0.0) for k in keys]
        return phrases[phrase] * sum(share) / math.sqrt(max(1, len(keys)))

    ranked = sorted(phrases, key=lambda phrase: (-value(phrase), phrase))
    chosen = _unlike(ranked)
    separator = "、" if any(map(is_spaceless, "".join(chosen[:2]))) else ", "
    for first in range(len(chosen) - 1):
        title = separator.join(chosen[first : first + 2])
        if columns(title) <= MOST_COLUMNS and len(title.split()) <= MOST_WORDS:
            yield title
    yield from (phrase for phrase in chosen if columns(phrase) <= MOST_COLUMNS)


def _unlike(ranked: Sequence[str]) -> list[str]:
    """Return the first of ``ranked`` of which none is part of another."""
    chosen: list[str] = []
    for phrase in ranked:
        folded = fold(phrase)
        if not any(folded in fold(other) or fold(other) in folded for other in chosen):
            chosen.append(phrase)
        if len(chosen) == 6:
            break
    return chosen


def _phrases(clauses: Sequence[Clause], topic: range) -> Counter[str]:
    """Return the phrases of one to three terms that ``topic`` says again and again."""
    found: Counter[str] = Counter()
    written: dict[str, str] = {}
    for index in topic:
        for phrase in _runs(find_terms(clauses[index].text), clauses[index].text):
            key = fold(phrase)
            written.setdefault(key, phrase)
            found[key] += 1
    common = {key: n for key, n in found.items() if n >= _COMMON} or found
    return Counter({written[key]: n for key, n in common.items()})


def _runs(terms: Collection[TaggedWord], text: str) -> Iterator[str]:
    """Yield the terms, and those that stand side by side, as they are written."""
    nouns = [term for term in terms if not term.tag.startswith("v") or term.tag == "vn"]
    yield from (term.text for term in nouns)
    for _, run in groupby(_linked(nouns, text), key=lambda pair: pair[0]):
        group = [term for _, term in run]
        for a in range(len(group)):
            for b in range(a + 2, min(a + 3, len(group)) + 1):
                yield text[group[a].start : group[b - 1].start + len(group[b - 1].text)]


def _linked(terms: Sequence[TaggedWord], text: str) -> Iterator[tuple[int, TaggedWord]]:
    """Yield each term with the number of its run: terms with at most a space between them."""
    run, end = 0, 0
    for term in terms:
        if text[end : term.start].strip() or end == 0:
            run += 1
        yield run, term
        end = term.start + len(term.text)

"""What a topic is called: a question condensed, what is announced, or its terms.

A title is made by leaving out words that are said in that topic, never by adding any.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from subtools.lexicon import is_spaceless
from subtools.phrasing import TaggedWord
from subtools.topics.asking import (
    FOLLOW_UP,
    FOR_MORE,
    HANDS_OVER,
    OPENING,
    asks_outright,
    asks_something,
)
from subtools.topics.clauses import Clause, find_terms, fold, term_key
from subtools.topics.wording import (
    Token,
    all_stretches,
    fit_tokens,
    fits,
    join_tokens,
    read_tokens,
    trim_tokens,
)

_LOST = 0.45  # value of a term that is cut off for want of room
_JOINED = 0.8  # share of its value that a title of two clauses keeps
_SUBJECT = 0.75  # that one keeps whose subject comes from the clause before
_DOUBTFUL = 0.5  # that one keeps that may only follow up, or only carry on
_ANNOUNCED = 0.6  # that an announcement keeps, where a question follows
_BESIDE = 0.7  # that a part of a sentence keeps which neither asks nor announces
_SAID = 0.3  # value of a question that has no term
_HALF = 0.6  # that one keeps that begins in the middle of what is said
_COMMON = 2  # times said, of a term that can be a title
_MANY = 3  # times said, after which a term counts no more
_HALF_BEGINS = re.compile(
    r"还是|或者|以及|而不|会(?!不会)|是(?!不是)|能(?!不能)|可以|应该|需要|为|被|把|使|让|成为|来"
)
_GOES_ON = re.compile(r"还是|或者|会(?!不会)|成为|被")
# How or whether, and then only where, from what or to whom: the verb is still to come.
_UNFINISHED = re.compile(
    r"(?:如何|怎[么样]|怎么样|能不能|会不会|可不可以|要不要|该不该|是否|能否)"
    r"(?:[从在][^，]{1,8}[中里上下内前后口]|[对把给跟向][^，]{1,8})$"
)
_NOUNS = ("n", "eng", "vn", "j", "an", "a", "b")
_LATIN_PARTS = re.compile(r"[,;:.!?()\u2014]+\s+")


def title_topics(
    clauses: Sequence[Clause],
    topics: Sequence[range],
    openings: Sequence[range],
    counts: Sequence[Counter[str]],
    weights: Mapping[str, float],
) -> tuple[str | None, ...]:
    """Return a title for each of ``topics``, no two alike; None where no word is left for one.

    Args:
        clauses: The talk.
        topics: The clauses of each topic.
        openings: The clauses that open it.
        counts: Terms of each clause.
        weights: Weights of the terms.
    """
    namer = _Namer(clauses, counts, weights)
    titles: list[str | None] = []
    taken: set[str] = set()
    for topic, opening in zip(topics, openings, strict=True):
        proposals = namer.propose(topic, opening)
        title = next((title for title in proposals if fold(title) not in taken), None)
        taken.add(fold(title or ""))
        titles.append(title)
    return tuple(titles)


@dataclass(frozen=True, slots=True)
class _Passage:
    """What a title can be made of.

    Attributes:
        tokens: Its words.
        share: How good it would be at that, 0..1.
        is_joined: Whether it is of two clauses.
    """

    tokens: tuple[Token, ...]
    share: float
    is_joined: bool = False


class _Namer:
    """Finds titles in a talk.

    Args:
        clauses: The talk.
        counts: Terms of each clause.
        weights: Weights of the terms.
    """

    def __init__(
        self,
        clauses: Sequence[Clause],
        counts: Sequence[Counter[str]],
        weights: Mapping[str, float],
    ) -> None:
        self._clauses, self._counts, self._weights = clauses, counts, weights
        self._everywhere = sum(counts, Counter[str]())
        names = {clause.speaker for clause in clauses if clause.speaker}
        parts = {fold(token.text) for name in names for token in read_tokens(name)}
        self._names = frozenset(parts | {fold(name) for name in names})

    def propose(self, topic: range, opening: range) -> Iterator[str]:
        """Yield titles, the best first, and at last every stretch of what is said."""
        after = Counter(term for k in topic for term in self._counts[k])
        opening = range(opening.start, min(opening.stop, topic.stop))
        yield from self._sentences(opening, after)
        yield from self._key_terms(topic)
        said = [read_tokens(self._clauses[k].text) for k in topic]
        yield from (join_tokens(tokens) for tokens in said if tokens and fits(tokens))
        yield from (title for tokens in said for title in all_stretches(tokens))

    def _sentences(self, opening: range, after: Counter[str]) -> Iterator[str]:
        """Yield what ``opening`` asks or announces, condensed, what says most first."""
        rated = [
            (value, -number, title)
            for number, passage in enumerate(self._passages(opening))
            for value, title in [self._condense(passage, after)]
        ]
        yield from (title for value, _, title in sorted(rated, reverse=True) if title and value > 0)

    def _condense(self, passage: _Passage, after: Counter[str]) -> tuple[float, str]:
        """Return how much a title says, and the title."""
        kept, lost = fit_tokens(passage.tokens, lambda token: self._worth(token.text, after))
        title = join_tokens(kept)
        if passage.is_joined and lost:
            return 0.0, title  # what is cut out of two sentences is none
        return passage.share * (_SAID + math.sqrt(self._worth(title, after))) - _LOST * lost, title

    def _worth(self, text: str, after: Counter[str]) -> float:
        """Return how much ``text`` says: its terms, the more the topic takes them up."""
        terms = {term_key(word) for word in find_terms(text)} - self._names
        return float(sum(self._weights.get(t, 0.0) * min(_MANY, after[t]) for t in terms))

    def _passages(self, opening: range) -> Iterator[_Passage]:
        """Yield what a title can be made of, and how good it would be at that."""
        asked = [k for k in opening if asks_something(self._clauses[k].folded)]
        for index in opening:
            folded = self._clauses[index].folded
            if not (index in asked or OPENING.search(folded)) or FOR_MORE.search(folded):
                continue
            own = self._trimmed(index)
            if index not in asked and not find_terms(join_tokens(own)):
                continue
            share = self._share(folded, is_asked=index in asked, has_question=bool(asked))
            is_half = self._is_half(own) or _is_unfinished(own)
            if index + 1 in opening and _GOES_ON.match(fold(join_tokens(self._trimmed(index + 1)))):
                share *= _HALF  # the sentence goes on
            parts = list(self._parts(index, share))
            yield _Passage(own, share * (_HALF if is_half else _JOINED if parts else 1.0))
            yield from parts
            if index in asked or is_half:
                yield from self._joined(index, opening, share)

    def _is_half(self, tokens: Sequence[Token]) -> bool:
        """Tell whether ``tokens`` begin in the middle of what is said."""
        return _HALF_BEGINS.match(fold(join_tokens(tokens))) is not None

    def _share(self, folded: str, *, is_asked: bool, has_question: bool) -> float:
        """Return how good a clause is at saying what a topic is about."""
        if not is_asked:
            return _ANNOUNCED if has_question else 1.0
        is_doubtful = FOLLOW_UP.search(folded) or not asks_outright(folded)
        return _DOUBTFUL if is_doubtful else 1.0

    def _joined(self, index: int, opening: range, share: float) -> Iterator[_Passage]:
        """Yield a clause with its neighbours: a recogniser's clauses are often half sentences."""
        own = self._trimmed(index)
        for other in (index - 1, index + 1):
            if other not in opening or self._is_aside(other):
                continue
            trimmed = self._trimmed(other)
            if _is_unfinished(own):
                if other > index:
                    yield _Passage((*own, *trimmed), share)
                continue
            first, then = (trimmed, own) if other < index else (own, trimmed)
            both = _side_by_side(first, then)
            yield _Passage(both, share * _JOINED, is_joined=True)
            if other < index and self._is_half(own) and (subject := self._last_noun(trimmed)):
                yield _Passage((*subject, *own), share * _SUBJECT)

    def _is_aside(self, index: int) -> bool:
        folded = self._clauses[index].folded
        return any(pattern.search(folded) for pattern in (FOLLOW_UP, FOR_MORE, HANDS_OVER))

    def _trimmed(self, index: int) -> tuple[Token, ...]:
        return trim_tokens(read_tokens(self._clauses[index].text), self._names)

    def _parts(self, index: int, share: float) -> Iterator[_Passage]:
        """Yield the parts of a clause in Latin script, whose commas end no clause."""
        text = self._clauses[index].text
        parts = _LATIN_PARTS.split(text)
        if any(map(is_spaceless, text)) or len(parts) < 2:
            return
        for part in filter(read_tokens, parts):
            is_main = asks_something(fold(part)) or OPENING.search(fold(part))
            tokens = trim_tokens(read_tokens(part), self._names)
            yield _Passage(tokens, share * (1.0 if is_main else _BESIDE))

    def _last_noun(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """Return the noun that ``tokens`` end with, with what stands right before it."""
        first = len(tokens)
        while first and tokens[first - 1].tag.startswith(_NOUNS):
            first -= 1
        return tuple(tokens[first:])

    def _key_terms(self, topic: range) -> Iterator[str]:
        """Yield terms of ``topic`` side by side, and then one by one."""
        phrases = _phrases(self._clauses, topic, self._names)
        inside = sum((self._counts[k] for k in topic), Counter[str]())

        def value(phrase: str) -> float:
            keys = [term_key(word) for word in find_terms(phrase)]
            share = [
                inside[k] / max(1, self._everywhere[k]) * self._weights.get(k, 0.0) for k in keys
            ]
            return phrases[phrase] * sum(share) / math.sqrt(max(1, len(keys)))

        chosen = _unlike(sorted(phrases, key=lambda phrase: (-value(phrase), phrase)))
        separator = "、" if any(map(is_spaceless, "".join(chosen[:2]))) else ", "
        said = fold("\n".join(self._clauses[k].text for k in topic))
        pairs = [sorted(pair, key=lambda p: said.find(fold(p))) for pair in pairwise(chosen)]
        yield from (a + separator + b for a, b in pairs if _fit_together(a, b))
        yield from (phrase for phrase in chosen if fits(read_tokens(phrase)))


def _is_unfinished(tokens: Sequence[Token]) -> bool:
    """Tell whether ``tokens`` ask how or whether, and the verb is still to come.

    >>> _is_unfinished(read_tokens("如何從工程實踐中")), _is_unfinished(read_tokens("怎麼去判斷"))
    (True, False)
    """
    is_verb = tokens[-1:] and tokens[-1].tag == "v"
    return not is_verb and bool(_UNFINISHED.search(fold(join_tokens(tokens))))


def _side_by_side(first: Sequence[Token], then: Sequence[Token]) -> tuple[Token, ...]:
    """Return two clauses as one, with a comma unless the second goes on with the first."""
    is_open = _UNFINISHED.search(fold(join_tokens(first)))
    goes_on = _HALF_BEGINS.match(fold(join_tokens(then))) or (then[:1] and then[0].tag[0] in "vpu")
    if not first or is_open or goes_on:
        return (*first, *then)
    comma = "，" if is_spaceless(first[-1].text[-1]) else ","
    return (*first[:-1], Token(first[-1].text + comma, first[-1].tag), *then)


def _fit_together(first: str, second: str) -> bool:
    return fits((*read_tokens(first), Token("、", "x"), *read_tokens(second)))


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


def _phrases(clauses: Sequence[Clause], topic: range, names: Collection[str]) -> Counter[str]:
    """Return the phrases of one to three terms that ``topic`` says again and again."""
    found: Counter[str] = Counter()
    written: dict[str, str] = {}
    for index in topic:
        for phrase in _runs(find_terms(clauses[index].text), clauses[index].text):
            key = fold(phrase)
            if key in names:
                continue
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
                phrase = text[group[a].start : group[b - 1].start + len(group[b - 1].text)]
                yield " ".join(phrase.split())  # a line break is no part of it


def _linked(terms: Sequence[TaggedWord], text: str) -> Iterator[tuple[int, TaggedWord]]:
    """Yield each term with the number of its run: terms with at most a space between them."""
    run, end = 0, 0
    for term in terms:
        if text[end : term.start].strip() or end == 0:
            run += 1
        yield run, term
        end = term.start + len(term.text)

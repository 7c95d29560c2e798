"""What is written against what is proposed: put to the sound, and to whoever judges texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from subtools.cleaning.fitting import Readings, Score, Stretch, fit_words
from subtools.cleaning.values import Candidate, Page, join_texts
from subtools.core import Span
from subtools.lexicon import split_words
from subtools.phonetics import read_words, simplify

BESIDE = 2  # words on either side that are said in both cases
READ_BESIDE = 6  # words looked at to read a character
MOST_WAYS = 6  # to say a word
LONGEST_STRETCH = 800  # frames; with neighbours beyond a long pause, nothing can be compared
LONGEST_PASSAGE = 14.0  # s put to a judge at once: enough to know what is talked about
MARGIN = 0.2  # s before the first word of a passage


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage with several texts of which one is said.

    Attributes:
        span: The passage.
        candidates: Which candidates are in it.
        texts: What is written in it, Simplified, and the same with each of them.
    """

    span: Span
    candidates: tuple[int, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """How a candidate fits the sound.

    Attributes:
        gain: By how much better than what is written, in nats; -inf where there is no room.
        misfit: What is left that it does not explain: by how much the likeliest phones are
            likelier, in nats for a phone of it.
    """

    gain: float
    misfit: float


def compare_sounds(
    page: Page, candidates: Sequence[Candidate], log_probs: npt.NDArray[np.floating]
) -> list[Fit]:
    """Return how well each candidate fits the sound.

    The words beside it are the same in both cases, and have to fit too.
    """
    stretches: list[Stretch] = []
    written: dict[tuple[range, bool], int] = {}  # the same for several candidates
    for candidate in candidates:
        key = candidate.words, _is_number(candidate)
        if key not in written:
            written[key] = len(stretches)
            stretches.append(_written(page, *key))
    known = len(stretches)
    for candidate in candidates:
        before = stretches[written[candidate.words, _is_number(candidate)]]
        stretches.append(_proposed(page, candidate, before))
    scores = fit_words(stretches, log_probs)
    return [
        _fit(scores[written[candidate.words, _is_number(candidate)]], after, page, candidate)
        for candidate, after in zip(candidates, scores[known:], strict=True)
    ]


def _is_number(candidate: Candidate) -> bool:
    """Tell whether the question is if the mark in a number is said."""
    return candidate.after.replace(".", "").isdecimal()


def _count_changed(page: Page, candidate: Candidate) -> int:
    changed = _changed(page, candidate)
    return _count(_said(candidate)[changed.start : changed.stop])


def _fit(before: Score, after: Score, page: Page, candidate: Candidate) -> Fit:
    if after.total == -np.inf:
        return Fit(-np.inf, np.inf)
    phones = _count_changed(page, candidate)
    gain = after.total - before.total if before.total > -np.inf else np.inf
    return Fit(gain, after.unexplained / phones)


def _frames(page: Page, words: range) -> tuple[int, int] | None:
    for beside in range(BESIDE, -1, -1):
        place = page.frames(page.clip(words.start - beside, words.stop + beside))
        if place and place[1] - place[0] <= LONGEST_STRETCH:
            return place
    return None


def _written(page: Page, words: range, is_number: bool) -> Stretch:
    """Return the ways to say what is written, with the words beside it."""
    middle = [page.cores[k] if is_number else page.words[k].text for k in words]
    return _stretch(page, words, middle)


def _proposed(page: Page, candidate: Candidate, before: Stretch) -> Stretch:
    """Return the ways to say what is proposed in the place of what is written."""
    words = candidate.words
    if candidate.sounds:
        kept, _ = _beside(page, words)
        following = before.words[kept + len(words) :]
        inner = (*before.words[:kept], candidate.sounds, *following)
        return Stretch(before.first, before.last, inner, range(kept, kept + 1))
    stretch = _stretch(page, words, split_words(candidate.after))
    changed, (kept, _) = _changed(page, candidate), _beside(page, words)
    return replace(stretch, looked_at=range(kept + changed.start, kept + changed.stop))


def _beside(page: Page, words: range) -> tuple[int, int]:
    """Return how many words are said in both cases before and after ``words``."""
    around = page.clip(words.start - BESIDE, words.stop + BESIDE)
    return words.start - around.start, around.stop - words.stop


def _stretch(page: Page, words: range, middle: Sequence[str]) -> Stretch:
    """Return the ways to say ``middle`` in the place of ``words``, read in their context."""
    left = [page.words[k].text for k in page.clip(words.start - READ_BESIDE, words.start)]
    right = [page.words[k].text for k in page.clip(words.stop, words.stop + READ_BESIDE)]
    readings = [ways[:MOST_WAYS] for ways in read_words([*left, *middle, *right])]
    before, after = _beside(page, words)
    first, last = len(left) - before, len(left) + len(middle) + after
    place = _frames(page, words) or (0, 0)
    return Stretch(*place, tuple(readings[first:last]), range(before, before + len(middle)))


def _changed(page: Page, candidate: Candidate) -> range:
    """Return which words of what is proposed sound other than what is written.

    How badly the others fit says nothing about it. Where there are more words than before, or
    fewer, all of them do.
    """
    after = _said(candidate)
    if candidate.sounds or len(after) != len(candidate.words):
        return range(len(after))
    before = read_words([page.cores[k] for k in candidate.words])
    other = [k for k, (a, b) in enumerate(zip(before, after, strict=True)) if a[:1] != b[:1]]
    return range(other[0], other[-1] + 1) if other else range(len(after))


def _said(candidate: Candidate) -> Sequence[Readings]:
    """Return the ways to say each word of what is proposed; listed sounds are one word."""
    if candidate.sounds:
        return [candidate.sounds]
    return read_words(split_words(candidate.after))


def count_phones(candidate: Candidate) -> int:
    """Return how many phones what is proposed has, as it is mostly said."""
    return _count(_said(candidate))


def _count(words: Sequence[Readings]) -> int:
    return max(1, sum(len(ways[0]) for ways in words if ways))


def plan_passages(page: Page, candidates: Sequence[Candidate]) -> tuple[Passage, ...]:
    """Return the passages with ``candidates`` in them, in order, and their texts."""
    passages = []
    for words, span in _passages(page):
        inside = [
            k
            for k, candidate in enumerate(candidates)
            if words.start <= candidate.words.start < candidate.words.stop <= words.stop
        ]
        if inside:
            texts = [_text(page, candidates[k], words) for k in inside]
            whole = "".join(page.words[k].text for k in words)
            passages.append(Passage(span, tuple(inside), (simplify(whole), *texts)))
    return tuple(passages)


def _passages(page: Page) -> list[tuple[range, Span]]:
    """Return stretches of whole clauses that a judge can take."""
    found: list[tuple[range, Span]] = []
    for first, last in pairwise(page.clauses):
        span = page.span(range(first, last))
        if span is None:
            continue
        if found and span.end - found[-1][1].start <= LONGEST_PASSAGE:
            words, before = found[-1]
            found[-1] = (range(words.start, last), Span(before.start, max(before.end, span.end)))
        else:
            start = max(0.0, span.start - MARGIN)
            found.append((range(first, last), Span(start, max(start, span.end))))
    return found


def _text(page: Page, candidate: Candidate, passage: range) -> str:
    """Return the text of a passage as proposed."""
    start, end = candidate.offsets
    whole = "".join(page.words[k].text for k in passage)
    origin = page.offsets[passage.start]
    return simplify(join_texts([whole[: start - origin], candidate.after, whole[end - origin :]]))

"""Titles of topics: words of the talk, so that they change with it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from subtools.core import Alignment, Topic
from subtools.revising.changes import Change, move_range, revise_text


def revise_topics(alignment: Alignment, changes: Sequence[Change]) -> tuple[Topic, ...]:
    """Return the topics; a title that stands in its topic's text reads as it does afterwards.

    Args:
        alignment: Before the changes.
        changes: In the order of the text.
    """
    body = alignment.transcript.body
    revised = revise_text(body, changes)
    return tuple(_revise(topic, alignment, body, revised, changes) for topic in alignment.topics)


def _revise(
    topic: Topic, alignment: Alignment, body: str, revised: str, changes: Sequence[Change]
) -> Topic:
    first, last = _place(topic, alignment)
    found = body.find(topic.title, first, last) if topic.title else -1
    if found < 0:
        return topic
    start, end = move_range((found, found + len(topic.title)), changes)
    return replace(topic, title=revised[start:end].strip() or topic.title)


def _place(topic: Topic, alignment: Alignment) -> tuple[int, int]:
    """Return the characters of the body that are spoken within ``topic``."""
    words = alignment.transcript.words
    starts = list(accumulate((len(word.text) for word in words), initial=0))
    timed = [(k, word.span.start) for k, word in enumerate(words) if word.span]
    a = bisect_left(timed, topic.start, key=lambda pair: pair[1])
    b = bisect_left(timed, topic.end, key=lambda pair: pair[1])
    if a >= b:
        return 0, 0
    return starts[timed[a][0]], starts[timed[b - 1][0] + 1]

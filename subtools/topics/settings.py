"""How topics are found."""

from __future__ import annotations

from dataclasses import dataclass

from subtools.core import Topic, Transcript
from subtools.topics.finding import find_topics
from subtools.topics.locating import Wanted, locate_topics


@dataclass(frozen=True, slots=True)
class TopicSettings:
    """How topics are found.

    Attributes:
        count: How many there are to be; None: as many as there is evidence for.
        wanted: Topics that are given and only to be located; empty to find them.
    """

    count: int | None = None
    wanted: tuple[Wanted, ...] = ()


ANY_TOPICS = TopicSettings()


def outline_talk(transcript: Transcript, settings: TopicSettings = ANY_TOPICS) -> tuple[Topic, ...]:
    """Return what a talk is about, as ``settings`` say.

    Raises:
        DocumentError: If there are more given topics than clauses.
    """
    if settings.wanted:
        return locate_topics(transcript, settings.wanted)
    return find_topics(transcript, count=settings.count)

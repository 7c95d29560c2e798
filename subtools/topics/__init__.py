"""Timed words to topics: where a talk turns to something else, and what it is called."""

from subtools.topics.finding import find_topics

__all__ = ["find_topics"]

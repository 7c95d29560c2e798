"""Timed words to topics: where a talk turns to something else, and what it is called."""

from subtools.topics.finding import find_topics
from subtools.topics.locating import Wanted, locate_topics, parse_wanted
from subtools.topics.settings import ANY_TOPICS, TopicSettings, outline_talk

__all__ = [
    "ANY_TOPICS",
    "TopicSettings",
    "Wanted",
    "find_topics",
    "locate_topics",
    "outline_talk",
    "parse_wanted",
]

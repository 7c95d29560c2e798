"""Timed words to topics: where a talk turns to something else, and what it is called."""

from subtools.topics.finding import find_topics
from subtools.topics.locating import Wanted, locate_topics, parse_wanted

__all__ = ["Wanted", "find_topics", "locate_topics", "parse_wanted"]

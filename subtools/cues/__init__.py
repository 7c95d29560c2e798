"""Timed words to cues.

Where cues begin and end is the cheapest of all ways there are, by a cost that is written
down in ``cutting``; or, if the rules say so, cues are the document's clauses, one to one. A
clause whose time is unknown gives no cue, unless the rules say so. The words are never
changed: joined, the cues' texts are the text of all timed words, or with ``keep_untimed``
of all words; a style may write its punctuation in another way.

A cue's confidence is the mean of its words', those without one counting as 0: the share of
its words that can be expected to be right. The reason says how many were heard, and what
speaks against the others.

Where two people speak at once their cues follow one another as the text has it, each on
for a moment at least. A name that is put before a text takes room in its first line.
"""

from subtools.cues.judging import DOUBTFUL, NO_TIME_KNOWN, judge_words
from subtools.cues.segmenting import segment_cues

__all__ = ["DOUBTFUL", "NO_TIME_KNOWN", "judge_words", "segment_cues"]

"""A document and what was heard, both spelled: what every step of a merge looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from subtools.core import HeardWord, Recognition, Seconds, Span, Transcript, Word
from subtools.lexicon import clause_ranges, is_spaceless, word_core
from subtools.phonetics import Phones, spell_phones

PHONE = 0.1  # s; Mandarin has 4 to 6 syllables of two phones a second
LETTER = 0.065  # s; English has about 15 letters a second
LETTER_NAME = 0.2  # s; a capital that is spelled out is a syllable

Indices = npt.NDArray[np.int64]
Times = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spelling:
    """Words as one sequence of phones: word k has ``phones[first[k]:first[k + 1]]``."""

    phones: tuple[str, ...]
    first: Indices

    def of(self, words: range) -> slice:
        """Return where the phones of consecutive ``words`` stand."""
        return slice(int(self.first[words.start]), int(self.first[words.stop]))


@dataclass(frozen=True, slots=True)
class Talk:
    """A document and what was heard.

    Attributes:
        words: All words of the document, untimed.
        clause_of: For each word, the range of words of its clause.
        offsets: Where each word begins in the body, in characters; one more at the end.
        written: The document's phones.
        usual: How long each word of the document usually takes, in seconds.
        heard_words: All words that were heard.
        heard: Their phones.
        onset: When each heard phone begins, in seconds; never decreasing.
        offset: When it ends; never after the next begins.
        speech: Where someone speaks.
    """

    words: tuple[Word, ...]
    clause_of: tuple[range, ...]
    offsets: tuple[int, ...]
    written: Spelling
    usual: Times
    heard_words: tuple[HeardWord, ...]
    heard: Spelling
    onset: Times
    offset: Times
    speech: tuple[Span, ...]

    def usual_duration(self, run: range) -> Seconds:
        """Return how long the words of ``run`` usually take."""
        return float(self.usual[run.start : run.stop].sum())

    def text(self, run: range) -> str:
        """Return the words of ``run`` as written."""
        return "".join(word.text for word in self.words[run.start : run.stop])

    def heard_text(self, phones: slice) -> str:
        """Return the whole words that the heard ``phones`` belong to."""
        if phones.stop <= phones.start:
            return ""
        first, last = np.searchsorted(self.heard.first, [phones.start, phones.stop - 1], "right")
        return "".join(word.text for word in self.heard_words[first - 1 : last]).strip()


def spell_talk(transcript: Transcript, recognition: Recognition) -> Talk:
    """Return both texts spelled in phones, with the times of what was heard."""
    language = recognition.language
    paragraphs = [[word.text for word in paragraph.words] for paragraph in transcript.paragraphs]
    segments = [[word.text for word in segment] for segment in recognition.segments]
    words, heard_words = transcript.words, recognition.words
    written, heard = _spell(paragraphs, language), _spell(segments, language)
    onset, offset = _phone_times(heard_words, heard)
    return Talk(
        words=words,
        clause_of=_clauses(paragraphs),
        offsets=tuple(accumulate((len(word.text) for word in words), initial=0)),
        written=written,
        usual=_usual_durations(words, written),
        heard_words=heard_words,
        heard=heard,
        onset=onset,
        offset=offset,
        speech=recognition.speech,
    )


def _spell(groups: Sequence[Sequence[str]], language: str) -> Spelling:
    """Return the phones of all words; each group is read in one go."""
    by_word: list[Phones] = [phones for group in groups for phones in spell_phones(group, language)]
    first = np.fromiter(accumulate(map(len, by_word), initial=0), np.int64)
    return Spelling(tuple(phone for phones in by_word for phone in phones), first)


def _clauses(paragraphs: Sequence[Sequence[str]]) -> tuple[range, ...]:
    """Return the clause of each word, as a range of the whole document's words."""
    clause_of: list[range] = []
    for texts in paragraphs:
        first = len(clause_of)
        for own in clause_ranges(texts):
            clause_of += [range(first + own.start, first + own.stop)] * len(own)
    return tuple(clause_of)


def _usual_durations(words: Sequence[Word], written: Spelling) -> Times:
    phone = np.array([_phone_duration(word.text) for word in words], np.float64)
    return np.asarray(np.diff(written.first) * phone)


def _phone_duration(word: str) -> Seconds:
    """Return how long a phone of ``word`` usually takes."""
    core = word_core(word)
    if is_spaceless(core) or core[:1].isdigit():
        return PHONE
    return LETTER_NAME if core.isupper() else LETTER


def _phone_times(words: Sequence[HeardWord], heard: Spelling) -> tuple[Times, Times]:
    """Return onset and offset of each heard phone; a word's phones share its time evenly."""
    counts = np.diff(heard.first)
    index = np.arange(len(heard.phones)) - np.repeat(heard.first[:-1], counts)
    start = np.repeat(np.array([word.start for word in words], np.float64), counts)
    length = np.repeat(np.array([word.end - word.start for word in words], np.float64), counts)
    share = length / np.repeat(np.maximum(counts, 1), counts)
    onset = np.maximum.accumulate(start + index * share)
    latest = np.append(onset[1:], np.inf)
    return onset, np.clip(start + (index + 1) * share, onset, latest)

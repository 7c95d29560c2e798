from __future__ import annotations

from subtools.core import Span
from subtools.spans import speech_within, wordless_speech


def test_speech_without_words_is_found() -> None:
    words = [Span(3.0, 11.0), Span(0.5, 3.0)]
    assert wordless_speech(Span(0, 28), words, [Span(0.5, 27)]) == (Span(11.0, 28),)


def test_a_pause_without_words_is_none() -> None:
    assert not wordless_speech(Span(0, 28), [Span(0, 5), Span(12, 28)], [Span(0, 5), Span(12, 28)])


def test_many_short_gaps_make_no_long_one() -> None:
    words = [Span(k, k + 0.5) for k in range(10)]
    assert not wordless_speech(Span(0, 10), words, [Span(0, 10)])


def test_a_word_that_overlaps_the_next_hides_no_gap() -> None:
    words = [Span(0, 5), Span(1, 2)]
    assert wordless_speech(Span(0, 9), words, [Span(0, 9)]) == (Span(5, 9),)


def test_only_the_speech_inside_counts() -> None:
    assert speech_within(Span(2, 6), [Span(0, 3), Span(4, 5), Span(5.5, 9)]) == 2.5

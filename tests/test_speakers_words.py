"""Turns to words, and words back to turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise, product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from subtools.core import Paragraph, Span, Transcript, Turn, Word, overlap
from subtools.lexicon import clause_ranges, split_words
from subtools.speakers import assign_words, fit_turns, turns_of_words
from tests.talking import GRID, TURNS, assert_well_formed, cells_of, of

SYLLABLE = 0.25  # s

# --- turns to words


def spoken(*clauses: str | tuple[float, str], paragraphs: bool = False) -> Transcript:
    """Return clauses spoken one after the other, a word in ``SYLLABLE`` each.

    A clause is its text, or (onset, text); what stands in brackets has no time.
    """
    now, words = 0.0, []
    for clause in clauses:
        now, text = clause if isinstance(clause, tuple) else (now, clause)
        made = []
        timed = not text.startswith("[")
        for word in split_words(text.strip("[]")):
            made.append(Word(word, Span(now, now + SYLLABLE) if timed else None))
            now += SYLLABLE if timed else 0.0
        words.append(tuple(made))
    if paragraphs:
        return Transcript(tuple(map(Paragraph, words)))
    return Transcript((Paragraph(tuple(word for clause in words for word in clause)),))


def speakers_of(transcript: Transcript, *turns: tuple[str, float, float]) -> str:
    """Return the speaker of each word, one letter each; a dot for nobody."""
    ordered = sorted((Turn(*turn) for turn in turns), key=lambda turn: turn.start)
    found = assign_words(transcript, ordered)
    return "".join(word.speaker or "." for word in found.words)


def test_a_word_is_said_in_the_turn_that_it_lies_in() -> None:
    words = spoken("大家晚安，", "今天很冷。", (3.0, "對。"))
    turns = [("A", 0.0, 1.0), ("B", 1.0, 2.0), ("A", 2.9, 3.4)]
    assert speakers_of(words, *turns) == "AAAABBBBA"


def test_words_without_turns_have_no_speaker() -> None:
    assert speakers_of(spoken("大家晚安。")) == "...."


def test_no_words_have_no_speakers() -> None:
    assert assign_words(Transcript(()), [Turn("A", 0.0, 1.0)]) == Transcript(())


def test_a_clause_in_which_no_word_has_a_time_has_no_speaker() -> None:
    words = spoken("大家晚安，", "[今天很冷，]", "對。")
    assert speakers_of(words, ("A", 0.0, 1.0), ("B", 1.0, 2.0)) == "AAAA....B"
    assert speakers_of(spoken("[今天很冷。]"), ("A", 0.0, 1.0)) == "...."


def test_a_word_without_a_time_goes_with_its_clause() -> None:
    words = spoken("大家晚安，", "今天很冷。")
    holes = [replace(w, span=None) if k in (3, 4) else w for k, w in enumerate(words.words)]
    found = speakers_of(words.with_words(holes), ("A", 0.0, 1.0), ("B", 1.0, 2.0))
    assert found == "AAAABBBB"


@pytest.mark.parametrize(("onset", "speaker"), [(1.25, "A"), (1.5, "B"), (2.5, "B")])
def test_a_word_outside_of_all_turns_is_of_the_nearest(onset: float, speaker: str) -> None:
    words = spoken((onset, "好。"))
    assert speakers_of(words, ("A", 0.0, 1.1), ("B", 1.85, 2.4)) == speaker


def test_a_clause_far_from_all_turns_has_no_speaker() -> None:
    words = spoken("大家晚安，", (9.0, "今天很冷，"), (20.0, "對。"))
    assert speakers_of(words, ("A", 0.0, 1.0), ("B", 20.0, 21.0)) == "AAAA....B"


def test_a_word_near_a_turn_counts_less_than_one_in_it() -> None:
    assert speakers_of(spoken((1.0, "好。")), ("A", 0.0, 1.0), ("B", 1.1, 2.0)) == "B"


@pytest.mark.parametrize(
    ("early", "expected"), [(1, "AAAAAAAA"), (2, "AAAAAAAA"), (3, "AAAAABBB"), (4, "AAAABBBB")]
)
def test_a_change_inside_a_clause_needs_more_than_two_words(early: int, expected: str) -> None:
    change = (8 - early) * SYLLABLE
    words = spoken("我們今天來談談水，", "好的好的。")
    turns = [("A", 0.0, change), ("B", change, 4.0)]
    assert speakers_of(words, *turns) == f"{expected}BBBB"


@pytest.mark.parametrize(("words", "expected"), [(1, "A"), (5, "A"), (8, "B")])
def test_an_interjection_inside_a_clause_needs_more_than_five_words(
    words: int, expected: str
) -> None:
    clause = spoken("水" * (10 + words))
    first, last = 5 * SYLLABLE, (5 + words) * SYLLABLE
    turns = [("A", 0.0, first), ("B", first, last), ("A", last, 9.0)]
    assert speakers_of(clause, *turns) == "A" * 5 + expected * words + "A" * 5


def test_a_brief_answer_between_clauses_may_be_somebody_elses() -> None:
    words = spoken("大家晚安，", "好的，", "今天很冷。")
    turns = [("A", 0.0, 1.0), ("B", 1.0, 1.5), ("A", 1.5, 2.5)]
    assert speakers_of(words, *turns) == "AAAABBAAAA"


def test_a_single_word_between_clauses_may_be_somebody_elses() -> None:
    words = spoken("大家晚安，", "對，", "今天很冷。")
    turns = [("A", 0.0, 1.0), ("B", 1.0, 1.25), ("A", 1.25, 2.25)]
    assert speakers_of(words, *turns) == "AAAABAAAA"


def test_most_of_a_word_must_be_in_the_turn_of_somebody_else_to_change_for_it() -> None:
    words = spoken("大家晚安，", "對，", "今天很冷。")
    turns = [("A", 0.0, 1.12), ("B", 1.12, 1.25), ("A", 1.25, 2.25)]
    assert speakers_of(words, *turns) == "AAAAAAAAA"


def test_the_end_of_a_paragraph_is_a_border_without_punctuation() -> None:
    turns = [("A", 0.0, 0.5), ("B", 0.5, 2.0)]
    assert speakers_of(spoken("大家", "好吧", paragraphs=True), *turns) == "AABB"
    assert speakers_of(spoken("大家", "好吧"), *turns) in ("AAAA", "BBBB")


def test_a_word_of_no_length_is_said_in_the_turn_that_it_lies_in() -> None:
    words = Transcript((Paragraph((Word("好。", Span(3.0, 3.0)),)),))
    assert speakers_of(words, ("A", 0.0, 1.0), ("B", 2.0, 5.0)) == "B"


def test_a_word_of_no_length_where_a_turn_begins_is_in_it() -> None:
    words = Transcript((Paragraph((Word("好。", Span(2.0, 2.0)),)),))
    assert speakers_of(words, ("A", 0.0, 2.0), ("B", 2.0, 5.0)) in "AB"
    assert speakers_of(words, ("B", 2.0, 5.0), ("C", 6.0, 7.0)) == "B"


@st.composite
def transcripts(draw: st.DrawFn, longest: int = 24) -> Transcript:
    """Words of which some have no time, and which overlap as hasty aligners make them."""
    text = draw(st.text("水好嗎，。", max_size=longest))
    words, now = [], 0.0
    for word in split_words(text):
        pause, length = draw(st.sampled_from([(0, 4), (0, 2), (1, 4), (8, 3), (16, 6), (-1, 4)]))
        start = max(0.0, now + pause / GRID)
        span = Span(start, start + length / GRID) if draw(st.integers(0, 5)) else None
        words.append(Word(word, span))
        now = start + length / GRID
    return Transcript((Paragraph(tuple(words)),) if words else ())


def likeness(word: Word, turns: Sequence[Turn], speaker: str) -> float:
    """Return what share of ``word`` is in turns of ``speaker``; how near, if it is in nobody's."""
    if word.span is None:
        return 0.0
    own = of(turns, speaker)
    if any(overlap(word.span, turn) for turn in turns):
        return max((overlap(word.span, turn) / word.span.duration for turn in own), default=0.0)
    distances = [max(t.start - word.span.end, word.span.start - t.end, 0.0) for t in own]
    return max((max(0.0, 0.5 - distance) for distance in distances), default=0.0)


@given(transcripts(longest=6), TURNS)
@example(  # a word that lies in B's turn, and touches a turn of A that has no length
    Transcript((Paragraph((Word("嗎", Span(0.0, 0.25)), Word("嗎"))),)),
    [Turn("A", 0.0, 0.0, 0.8), Turn("B", 0.0, 0.0625, 0.8)],
)
def test_no_other_speakers_fit_the_words_better(transcript: Transcript, turns: list[Turn]) -> None:
    texts = [word.text for word in transcript.words]
    clauses = [[transcript.words[k] for k in clause] for clause in clause_ranges(texts)]
    names = sorted({turn.speaker for turn in turns})

    def is_heard(clause: Sequence[Word]) -> bool:
        return any(likeness(word, turns, name) for word in clause for name in names)

    heard = [clause for clause in clauses if is_heard(clause)]
    words = [word for clause in heard for word in clause]
    costs = [2.5 if k else 0.3 for clause in heard for k in range(len(clause))]

    def worth(path: Sequence[str | None]) -> float:
        fit = sum(likeness(w, turns, name or "") for w, name in zip(words, path, strict=True))
        changes = [cost for cost, (a, b) in zip(costs[1:], pairwise(path), strict=True) if a != b]
        return fit - sum(changes)

    assigned = iter(assign_words(transcript, turns).words)
    by_clause = [[next(assigned).speaker for _ in clause] for clause in clauses]
    found = [
        speaker
        for clause, speakers in zip(clauses, by_clause, strict=True)
        for speaker in speakers
        if is_heard(clause)
    ]
    assert None not in found
    best = max((worth(path) for path in product(names, repeat=len(words)) if words), default=0.0)
    assert worth(found) == pytest.approx(best)
    silent = [speakers for c, speakers in zip(clauses, by_clause, strict=True) if not is_heard(c)]
    assert all(speaker is None for speakers in silent for speaker in speakers)


@given(transcripts(), TURNS)
def test_only_the_speakers_of_words_are_changed(transcript: Transcript, turns: list[Turn]) -> None:
    found = assign_words(transcript, turns)
    assert found.with_words([replace(word, speaker=None) for word in found.words]) == transcript
    assert {word.speaker for word in found.words} <= {None, *(turn.speaker for turn in turns)}


# --- words to turns


def said(text: str, *times: tuple[float, float]) -> list[Word]:
    """Return words with the speakers that ``text`` has, a letter each."""
    spans = times or tuple((k * SYLLABLE, (k + 1) * SYLLABLE) for k in range(len(text)))
    return [
        Word("水", Span(*span), speaker=None if name == "." else name)
        for name, span in zip(text, spans, strict=True)
    ]


def test_a_run_of_words_of_one_speaker_is_a_turn() -> None:
    assert list(turns_of_words(said("AABA"))) == [
        Turn("A", 0.0, 0.5),
        Turn("B", 0.5, 0.75),
        Turn("A", 0.75, 1.0),
    ]


def test_words_that_were_said_before_those_before_them_begin_a_turn() -> None:
    words = said("AAA", (5.0, 6.0), (1.0, 2.0), (2.0, 3.0))
    assert list(turns_of_words(words)) == [Turn("A", 5.0, 6.0), Turn("A", 1.0, 3.0)]
    fitted = fit_turns([], words)
    assert fitted == (Turn("A", 1.0, 3.0), Turn("A", 5.0, 6.0))


def test_a_turn_ends_with_the_last_of_its_words_to_end() -> None:
    assert list(turns_of_words(said("AA", (0.0, 2.0), (0.5, 1.0)))) == [Turn("A", 0.0, 2.0)]


def test_a_pause_of_half_a_second_between_words_ends_a_turn() -> None:
    words = said("AAA", (0.0, 1.0), (1.25, 2.0), (2.5, 3.0))
    assert list(turns_of_words(words)) == [Turn("A", 0.0, 2.0), Turn("A", 2.5, 3.0)]


def test_words_without_a_time_or_a_speaker_are_in_no_turn() -> None:
    words = [Word("水", None, speaker="A"), *said("A.A")]
    assert list(turns_of_words(words)) == [Turn("A", 0.0, 0.75)]
    assert list(turns_of_words([Word("水")])) == []


def test_turns_begin_and_end_with_their_words() -> None:
    words = said("AB", (0.5, 2.0), (2.0, 4.0))
    turns = [Turn("A", 0.25, 2.25, 0.9), Turn("B", 2.25, 4.25, 0.8)]
    fitted = fit_turns(turns, words)
    assert [(t.speaker, t.start, t.end) for t in fitted] == [("A", 0.5, 2.0), ("B", 2.0, 4.0)]


def test_speech_without_words_is_kept_unless_it_is_a_breath() -> None:
    words = said("A", (1.0, 2.0))
    assert fit_turns([Turn("A", 0.75, 2.25)], words) == (Turn("A", 1.0, 2.0),)
    assert fit_turns([Turn("A", 0.5, 2.0)], words) == (Turn("A", 0.5, 2.0),)
    assert fit_turns([Turn("A", 1.0, 2.5)], words) == (Turn("A", 1.0, 2.5),)
    laughs = fit_turns([Turn("A", 1.0, 2.0), Turn("B", 4.0, 5.0)], words)
    assert laughs == (Turn("A", 1.0, 2.0), Turn("B", 4.0, 5.0))


def test_who_speaks_without_words_while_another_does_keeps_a_turn() -> None:
    words = said("A", (0.0, 4.0))
    turns = [Turn("A", 0.0, 4.0, 1.0), Turn("B", 1.0, 2.0, 0.6)]
    assert fit_turns(turns, words) == tuple(turns)


def test_words_that_are_given_to_another_leave_nothing_of_the_turn_they_were_in() -> None:
    words = said("AB", (0.0, 2.0), (2.0, 5.0))
    turns = [Turn("A", 0.0, 2.5, 1.0), Turn("B", 2.5, 5.0, 1.0)]
    assert [(t.speaker, t.start, t.end) for t in fit_turns(turns, words)] == [
        ("A", 0.0, 2.0),
        ("B", 2.0, 5.0),
    ]


def test_two_voices_over_the_words_of_one_are_two_turns() -> None:
    words = said("AB", (0.0, 2.0), (2.0, 5.0))
    turns = [Turn("A", 0.0, 2.5, 1.0), Turn("B", 2.0, 5.0, 1.0)]
    assert [(t.speaker, t.start, t.end) for t in fit_turns(turns, words)] == [
        ("A", 0.0, 2.5),
        ("B", 2.0, 5.0),
    ]


def test_without_words_turns_stay_as_they_are() -> None:
    turns = (Turn("A", 0.0, 2.0, 0.9), Turn("B", 1.0, 3.0), Turn("A", 4.0, 5.0, 0.5))
    assert fit_turns(turns, []) == turns


def test_a_fitted_turn_is_as_sure_as_the_turns_that_it_lies_in() -> None:
    turns = [Turn("A", 0.0, 2.0, 1.0), Turn("A", 2.5, 4.25, 0.5)]
    (fitted,) = fit_turns(turns, said("AA", (0.0, 2.25), (2.25, 4.0)))
    assert fitted == Turn("A", 0.0, 4.0, round((2.0 * 1.0 + 1.5 * 0.5) / 4.0, 3))


def test_turns_of_one_speaker_over_each_other_make_nobody_surer_than_sure() -> None:
    turns = [Turn("A", 0.0, 2.0, 0.8), Turn("A", 0.0, 2.5, 0.8)]  # as other tools may make them
    (fitted,) = fit_turns(turns, said("A", (0.0, 2.0)))
    assert fitted.confidence == pytest.approx(0.8)


def test_a_turn_that_only_words_have_is_not_sure_at_all() -> None:
    assert fit_turns([Turn("A", 5.0, 6.0, 0.9)], said("A", (1.0, 2.0)))[0].confidence == 0.0
    assert fit_turns([], said("A", (1.0, 2.0)))[0].confidence is None


@given(transcripts(), TURNS)
def test_fitted_turns_hold_all_words_and_all_speech_and_nothing_else(
    transcript: Transcript, turns: list[Turn]
) -> None:
    words = assign_words(transcript, turns).words
    spans = [word.span for word in words if word.span]
    fitted = fit_turns(turns, words)
    assert_well_formed(fitted)
    assert {turn.speaker for turn in fitted} <= {turn.speaker for turn in turns}
    for speaker in {turn.speaker for turn in turns}:
        own = [word.span for word in words if word.span and word.speaker == speaker]
        found, given_ = of(fitted, speaker), of(turns, speaker)
        assert cells_of(found) >= cells_of(own)
        near = cells_of(spans, reach=0.5)  # where somebody's words may take speech away
        alone = [run for turn in given_ for run in runs_of(cells_of([turn]) - near)]
        assert all(cells_of(found).issuperset(run) for run in alone if len(run) >= 0.4 * GRID)
        assert cells_of(found) <= cells_of([*own, *given_], reach=0.25)
        edges = {*(edge for s in spans for edge in (s.start, s.end))}  # of others' words, too
        edges |= {edge for turn in given_ for edge in (turn.start, turn.end)}
        assert {edge for turn in found for edge in (turn.start, turn.end)} <= edges


def runs_of(cells: set[int]) -> list[list[int]]:
    ordered = sorted(cells)
    runs = groupby(enumerate(ordered), key=lambda item: item[1] - item[0])
    return [[cell for _, cell in run] for _, run in runs]

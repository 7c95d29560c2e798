"""Subtitles are repaired, their words are not, and nothing gets worse."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Block, Cue, CueRules, Native, Punctuation, Rule, Span, Subtitles, Word
from subtools.lexicon import split_words
from subtools.styles import (
    BBC,
    NETFLIX_EN,
    NETFLIX_ZH_HANS,
    NETFLIX_ZH_HANT,
    PLAIN,
    STYLES,
    check_subtitles,
    fix_subtitles,
)

HANT = NETFLIX_ZH_HANT


def fixed(*cues: Cue, rules: CueRules = PLAIN) -> tuple[Cue, ...]:
    return fix_subtitles(Subtitles(cues), rules).subtitles.cues


def count_violations(subtitles: Subtitles, rules: CueRules) -> Counter[Rule]:
    return Counter(violation.rule for violation in check_subtitles(subtitles, rules))


def said(cues: tuple[Cue, ...]) -> list[str]:
    """Return the words of all cues, whatever their order and punctuation."""
    folded = unicodedata.normalize("NFKC", "".join(cue.text for cue in cues))
    return [character for character in folded if character.isalnum()]


# --- properties

TIMES = st.one_of(
    st.integers(0, 30_000).map(lambda ms: ms / 1000),
    st.integers(0, 720).map(lambda frame: frame / 24),
    st.integers(0, 3_000).map(lambda hundredths: hundredths / 100),
    st.floats(0, 30),
)
DURATIONS = st.one_of(
    st.just(0.0),
    st.floats(0, 12),
    st.integers(0, 9_000).map(lambda ms: ms / 1000),
    st.integers(0, 200).map(lambda frames: frames / 24),
)
PIECES = st.sampled_from(
    [
        *("大家好", "我們今天", "談一談", "大模型", "的", "，", "。", "、", "？", "！", "「", "」", " "),
        *("Hello", "world", ", ", ". ", "GPT-4", "3.5", "1,000", "-", "- ", "don't", "１２", "…"),
        *("", "\u3000", "  ", "supercalifragilisticexpialidocious" * 2),
    ]
)
LINES = st.lists(
    st.one_of(st.lists(PIECES, max_size=10).map("".join), st.text(max_size=10)),
    min_size=1,
    max_size=4,
).map(lambda lines: tuple(" ".join(line.split("\n")) for line in lines))
PLACES = st.sampled_from(["", "", "", "line:0", "line:0 align:start", "align:start"])
MARKUPS = st.sampled_from(["", "", "", "<i>x</i>", "<b>大家</b>好"])


@st.composite
def cue(draw: st.DrawFn) -> Cue:
    start, lines = draw(TIMES), draw(LINES)
    end = start + draw(DURATIONS)
    words: tuple[Word, ...] = ()
    if draw(st.booleans()):
        pieces = split_words(" ".join(lines))
        step = (end - start) / max(1, len(pieces))
        words = tuple(
            Word(piece, Span(start + step * k, min(end, start + step * (k + 1))))
            for k, piece in enumerate(pieces)
        )
    return Cue(
        start,
        end,
        lines,
        draw(st.sampled_from([None, "王", "Ann"])),
        words=words,
        settings=draw(PLACES),
        markup=draw(MARKUPS),
    )


SUBTITLES = st.lists(cue(), max_size=8).map(lambda cues: Subtitles(tuple(cues)))
RULES = st.sampled_from(STYLES)


@given(SUBTITLES, RULES)
def test_no_rule_is_broken_more_often_and_all_together_less(
    subtitles: Subtitles, rules: CueRules
) -> None:
    done = fix_subtitles(subtitles, rules)
    before, after = count_violations(subtitles, rules), count_violations(done.subtitles, rules)
    assert {rule for rule in Rule if after[rule] > before[rule]} == set()
    if done.subtitles != subtitles:
        assert after.total() < before.total()
        assert done.changes
    else:
        assert done.changes == ()
    assert done.remaining == check_subtitles(done.subtitles, rules)


@given(SUBTITLES, RULES)
def test_what_is_fixed_stays_as_it_is(subtitles: Subtitles, rules: CueRules) -> None:
    once = fix_subtitles(subtitles, rules).subtitles
    again = fix_subtitles(once, rules)
    assert again.subtitles == once
    assert again.changes == ()


@given(SUBTITLES, RULES)
def test_words_stay(subtitles: Subtitles, rules: CueRules) -> None:
    after = fix_subtitles(subtitles, rules).subtitles.cues
    assert sorted(said(after)) == sorted(said(subtitles.cues))


@given(SUBTITLES, RULES)
def test_no_onset_is_made_up(subtitles: Subtitles, rules: CueRules) -> None:
    onsets = [cue.start for cue in subtitles.cues]
    onsets += [w.span.start for cue in subtitles.cues for w in cue.words if w.span]
    farthest = 1 / rules.frame_rate if rules.frame_rate else 0.0
    for now in fix_subtitles(subtitles, rules).subtitles.cues:
        assert min(abs(now.start - onset) for onset in onsets) <= farthest + 1e-9

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
        *(
            "大家好",
            "我們今天",
            "談一談",
            "大模型",
            "的",
            "，",
            "。",
            "、",
            "？",
            "！",
            "「",
            "」",
            " ",
        ),
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


# --- examples


def test_cues_are_put_in_order_of_time() -> None:
    done = fix_subtitles(Subtitles((Cue(5, 7, ("b",)), Cue(1, 3, ("a",)))), PLAIN)
    assert [cue.text for cue in done.subtitles.cues] == ["a", "b"]
    assert [(c.cue, c.rules, c.message) for c in done.changes] == [
        (2, (Rule.ORDER,), "put in its place in time")
    ]


def test_an_overlap_ends_the_earlier_cue() -> None:
    assert [c.end for c in fixed(Cue(0, 3, ("a",)), Cue(2, 4, ("b",)))] == [2, 4]


def test_an_overlap_that_would_leave_a_flash_stays_and_is_said() -> None:
    cues = (Cue(0, 3, ("a",)), Cue(0.2, 4, ("b",)))
    done = fix_subtitles(Subtitles(cues), PLAIN)
    assert done.subtitles.cues == cues
    assert [violation.rule for violation in done.remaining] == [Rule.OVERLAP]


def test_a_cue_on_through_all_others_ends_where_the_first_of_them_begins() -> None:
    others = [Cue(2 + 3 * k, 4 + 3 * k, (f"{k}",)) for k in range(5)]
    after = fixed(Cue(0, 60, ("watermark",)), *others)
    assert after == (Cue(0, 2, ("watermark",)), *others)


def test_cues_in_different_places_may_be_shown_together() -> None:
    cues = (Cue(0, 5, ("above",), settings="line:0"), Cue(1, 4, ("below",)))
    assert fixed(*cues) == cues


def test_a_short_cue_is_held_into_free_room_and_no_further() -> None:
    assert [c.end for c in fixed(Cue(0, 0.3, ("a",)), Cue(9, 10, ("b",)))] == [0.834, 10]
    near = (Cue(0, 0.3, ("a",)), Cue(0.6, 2, ("b",)))
    assert fixed(*near) == near  # half held would break the rule as often


def test_a_fast_cue_is_held_until_it_can_be_read() -> None:
    text = "一二三四五六七八九十一二三四五六"  # 32 columns at 18 a second: 1.78 s
    after = fixed(Cue(1, 2, (text,)), Cue(9, 10, ("好",)), rules=HANT)
    assert after[0].end == pytest.approx(1 + 43 / 24)


def test_a_long_cue_ends_when_it_has_been_read() -> None:
    assert fixed(Cue(0, 30, ("two words",)))[0].end == 7
    assert fixed(Cue(0, 30, ("word",)))[0].end == 30  # a single word may stay


def test_a_long_cue_whose_words_are_still_said_stays() -> None:
    words = (Word("two ", Span(0, 1)), Word("words", Span(28, 29)))
    kept = replace(Cue(0, 30, ("two words",)), words=words)
    assert all(c.end != 7 for c in fixed(kept, rules=replace(PLAIN, max_pause=0.1)))


@pytest.mark.parametrize(("end", "closed"), [(2.0, 2.0), (1.8, 1.9167), (1.5, 1.5), (1.95, 1.9167)])
def test_gaps_become_two_frames_or_are_long(end: float, closed: float) -> None:
    after = fixed(Cue(0, end, ("一",)), Cue(2, 3, ("二",)), rules=HANT)
    expected = 1.9167 if end == 2.0 else closed
    assert after[0].end == pytest.approx(expected, abs=1e-3)


def test_times_go_on_frames_and_no_end_before_its_start() -> None:
    after = fixed(Cue(1.01, 2.345, ("一",)), Cue(4.4, 5.999, ("二",)), rules=HANT)
    for cue in after:
        assert cue.start * 24 == pytest.approx(round(cue.start * 24))
        assert cue.end * 24 == pytest.approx(round(cue.end * 24))
    flash = fixed(Cue(1.01, 1.01, ("一",)), rules=HANT)[0]
    assert flash.start <= flash.end


def test_long_lines_break_where_the_sentence_does() -> None:
    after = fixed(Cue(0, 5, ("我們今天來談一談大模型，因為它已經到處都是了。",)), rules=HANT)
    assert after[0].lines == ("我們今天來談一談大模型", "因為它已經到處都是了")


def test_no_line_breaks_inside_a_latin_word_or_a_number() -> None:
    text = "我們今天用 transformer 訓練了 1,000,000 個詞的模型"
    (after,) = fixed(Cue(0, 5, (text,)), rules=HANT)
    assert len(after.lines) == 2
    assert "transformer" in "|".join(after.lines)
    assert "1,000,000" in "|".join(after.lines)


def test_too_many_lines_become_two() -> None:
    (after,) = fixed(Cue(0, 5, ("one two", "three four", "five six")))
    assert len(after.lines) <= 2
    assert " ".join(after.lines) == "one two three four five six"


def test_lines_of_two_speakers_are_not_joined() -> None:
    lines = ("-one", "-two", "-three")
    assert fixed(Cue(0, 5, lines))[0].lines == lines


def test_punctuation_is_that_of_the_style() -> None:
    cue = Cue(0, 2, ("大家好,歡迎。",))
    assert fixed(cue, rules=HANT)[0].lines == ("大家好，歡迎",)
    assert fixed(cue, rules=NETFLIX_ZH_HANS)[0].lines == ("大家好 歡迎",)
    assert fixed(cue)[0] == cue


def test_empty_cues_are_left_out() -> None:
    done = fix_subtitles(Subtitles((Cue(0, 1, ("",)), Cue(2, 4, ("a",)))), PLAIN)
    assert [cue.text for cue in done.subtitles.cues] == ["a"]
    assert done.changes[0].message == "left out: it shows nothing"


def test_fragments_of_one_speaker_become_one_cue() -> None:
    cues = (Cue(0, 0.3, ("然後",), "王"), Cue(0.3, 2.5, ("我們開始",), "王"))
    (after,) = fixed(*cues)
    assert (after.start, after.end, after.lines, after.speaker) == (
        *(0, 2.5, ("然後", "我們開始"), "王"),
    )
    strangers = (cues[0], replace(cues[1], speaker="李"))
    assert fixed(*strangers) == strangers
    nameless = tuple(replace(cue, speaker=None) for cue in cues)
    assert fixed(*nameless) == nameless  # who knows whether one person says both


def test_a_cue_that_is_too_long_is_parted_where_its_words_have_times() -> None:
    text = "我們今天來談一談大模型，因為它已經到處都是了，所以每個人都應該知道它是怎麼做的。"
    pieces = split_words(text)
    words = tuple(Word(p, Span(0.2 * k, 0.2 * (k + 1))) for k, p in enumerate(pieces))
    whole = Cue(0, 0.2 * len(pieces), (text,))
    assert len(fixed(whole, rules=HANT)) == 1
    after = fixed(replace(whole, words=words), rules=HANT)
    assert len(after) == 2, after
    assert check_subtitles(Subtitles(after), HANT) == ()
    onsets = {w.span.start for w in words if w.span}
    assert min(abs(after[1].start - onset) for onset in onsets) <= 1 / 48 + 1e-9
    assert [w for cue in after for w in cue.words] == list(words)


def test_tags_stay_at_their_words() -> None:
    (after,) = fixed(Cue(0, 2, ("大家好。",), markup="大<i>家</i>好。"), rules=HANT)
    assert after.markup == "大<i>家</i>好"


def test_what_only_the_format_knows_stays() -> None:
    native = Native("ass", "{\\i1}大家好{\\i0}", (("style", "Top"),))
    cue = Cue(0, 0.5, ("大家好",), native=native, identifier="x", settings="align:start")
    (held,) = fixed(cue, rules=HANT)
    assert (held.native, held.identifier, held.settings) == (native, "x", "align:start")
    (typeset,) = fixed(replace(cue, lines=("大家好。",)), rules=HANT)
    assert typeset.native == native  # its writer sees that the text is another


def test_a_cue_that_is_on_for_a_moment_is_not_repaired_into_nothing() -> None:
    # YouTube's automatic subtitles repeat each line for a hundredth of a second.
    cues = (
        Cue(0.16, 2.389, ("so we talk",)),
        Cue(2.389, 2.399, ("so we talk",)),
        Cue(2.399, 4.55, ("about it",)),
    )
    assert all(cue.end > cue.start for cue in fixed(*cues, rules=HANT))


def test_joined_cues_keep_the_fields_that_both_have() -> None:
    native = Native("ass", "", (("style", "Top"),))
    cues = (Cue(1, 1.2, ("你",), "王", native=native), Cue(1.2, 3, ("好",), "王", native=native))
    (joined,) = fixed(*cues, rules=HANT)
    assert joined.native == native


def test_comments_stay_between_the_cues_that_they_stood_between() -> None:
    cues = (Cue(4, 6, ("b",)), Cue(1, 3, ("",)), Cue(8, 9, ("c",)))
    blocks = (Block("vtt", "NOTE", "first", 0), Block("vtt", "NOTE", "before c", 2))
    after = fix_subtitles(Subtitles(cues, blocks=blocks), PLAIN).subtitles
    assert [(block.text, block.position) for block in after.blocks] == [
        ("first", 0),
        ("before c", 1),
    ]


def test_a_change_says_what_was_and_what_is() -> None:
    done = fix_subtitles(Subtitles((Cue(1, 1.2, ("你好。",)),)), HANT)
    (change,) = done.changes
    assert (change.cue, change.start) == (1, 1)
    assert set(change.rules) == {
        *(Rule.MIN_DURATION, Rule.READING_SPEED, Rule.PUNCTUATION, Rule.FRAMES),
    }
    assert change.before == "00:00:01.000 --> 00:00:01.200 你好。"
    assert change.after == "00:00:01.000 --> 00:00:01.833 你好"
    assert change.message == "held 0.633 s longer; punctuation"


def test_a_clean_file_comes_back_as_it_is() -> None:
    subtitles = Subtitles((Cue(0, 2, ("Hello, world.",)), Cue(2.083, 5, ("Yes.",))))
    for rules in (PLAIN, NETFLIX_EN, CueRules(punctuation=Punctuation.KEPT)):
        again = fix_subtitles(subtitles, rules)
        assert (again.remaining, again.changes) == ((), ())
        assert again.subtitles is subtitles


def test_short_gaps_are_closed_where_cues_may_touch() -> None:
    after = fixed(Cue(0, 2, ("Hello.",)), Cue(2.9, 5, ("Yes.",)), Cue(6, 8, ("No.",)), rules=BBC)
    assert [cue.end for cue in after] == [2.9, 5, 8]


def test_a_hundred_overlapping_cues_are_all_parted() -> None:
    cues = [Cue(2 * k, 2 * k + 3.5, (f"cue {k}",)) for k in range(100)]
    after = fixed(*cues)
    assert all(a.end <= b.start for a, b in pairwise(after))

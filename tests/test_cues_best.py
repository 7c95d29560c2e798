"""The search for the best cues against all ways there are, and what it is to prefer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise, product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from subtools.core import (
    Balance,
    Cue,
    CueRules,
    NameRoom,
    Paragraph,
    Punctuation,
    Span,
    Transcript,
    Word,
)
from subtools.cues import segment_cues
from subtools.cues.cutting import Piece, cut_words
from subtools.cues.layout import DASH, Layout, find_places
from subtools.cues.segmenting import compose_cues
from subtools.cues.stretches import find_stretches
from subtools.cues.timing import place_cues
from subtools.lexicon import columns, reading_speed, split_words
from subtools.phrasing import INSIDE

NARROW = CueRules(max_columns=12, max_speed=18.0, max_duration=3.0, name_room=NameRoom.NONE)
FRAMED = replace(
    NARROW, frame_rate=24.0, min_gap=2 / 24, closed_gap=0.5, hold=0.5, balance=Balance.LOWER
)
SHARING = replace(FRAMED, is_shared=True, punctuation=Punctuation.HANT)
TICK = 0.0015  # s; two times, each rounded to a millisecond


def spoken(
    text: str, start: float = 0.0, step: float = 0.2, speaker: str | None = None
) -> tuple[Word, ...]:
    return tuple(
        Word(word, Span(start + k * step, start + (k + 1) * step), 0.9, speaker)
        for k, word in enumerate(split_words(text))
    )


def talk(*paragraphs: Sequence[Word]) -> Transcript:
    return Transcript(tuple(Paragraph(tuple(words)) for words in paragraphs))


def texts(*paragraphs: Sequence[Word], rules: CueRules) -> list[str]:
    return [cue.text for cue in segment_cues(talk(*paragraphs), rules)]


# --- no fault that could be avoided ---------------------------------------------------


def count_faults(cues: Sequence[Cue], rules: CueRules) -> tuple[int, int]:
    """Count lines too long, and what else breaks a rule, by what a viewer would see."""
    faults = [fault for cue in cues for fault in faults_of(cue, rules)]
    return faults.count("too wide"), len(faults)


def faults_of(cue: Cue, rules: CueRules) -> Iterator[str]:
    duration = cue.end - cue.start
    yield from ("too wide" for line in cue.lines if columns(line) > rules.max_columns)
    if len(cue.lines) > rules.max_lines:
        yield "too many lines"
    if duration < rules.min_duration - TICK:
        yield "too short"
    if duration > rules.max_duration + TICK and len(cue.words) > 1:
        yield "too long"
    if rules.max_speed and reading_speed(cue.lines, duration + TICK) > rules.max_speed:
        yield "too fast"


def all_ways(layout: Layout, rules: CueRules) -> Iterator[list[Piece]]:
    """Yield all ways to cut the words at places where cues may end."""
    places = find_places(layout, rules)
    free = [k for k in places[1:-1] if layout.ends[k - 1] != k or k in layout.answers]
    forced = {k for k in places[1:-1] if k not in free}
    for size in range(len(free) + 1):
        for chosen in combinations(free, size):
            cuts = sorted({places[0], places[-1], *forced, *chosen})
            options = [all_pieces(layout, places, a, b, rules) for a, b in pairwise(cuts)]
            for pieces in product(*options):
                yield list(pieces)


def all_pieces(
    layout: Layout, places: Sequence[int], first: int, last: int, rules: CueRules
) -> list[Piece]:
    """Return all ways to break one cue into lines."""
    changes = [k for k in range(first + 1, last) if layout.ends[k - 1] == k]
    if changes:  # somebody else goes on inside: both may share it, a line each
        fits = layout.width(first, changes[0]) <= rules.max_columns - DASH
        fits = fits and layout.width(changes[0], last) <= rules.max_columns - DASH
        is_shared = rules.is_shared and len(changes) == 1 and changes[0] in layout.answers
        return [Piece(first, last, (changes[0],), is_shared=True)] if is_shared and fits else []
    inner = [k for k in places if first < k < last]
    return [
        Piece(first, last, breaks)
        for count in range(rules.max_lines)
        for breaks in combinations(inner, count)
    ]


SAID = st.lists(
    st.tuples(
        st.sampled_from(["對", "好的，", "我覺得模型", "很清楚。", "GPT-4 ", "然後", "數據質量，"]),
        st.sampled_from([0.0, 0.0, 0.2, 0.7]),  # a pause before it
        st.sampled_from([0.06, 0.15, 0.3, 0.9]),  # seconds a word
        st.sampled_from(["甲", "甲", "甲", "乙"]),
    ),
    min_size=1,
    max_size=4,
)


@given(SAID, st.sampled_from([NARROW, FRAMED, SHARING]))
@example(  # the second speaker begins between two frames, where the first one is over
    [
        *(("對", 0, 0.06, "甲"), ("GPT-4 ", 0, 0.3, "乙"), ("好的，", 0.7, 0.15, "乙")),
        ("我覺得模型", 0.2, 0.15, "乙"),
    ],
    FRAMED,
)
def test_no_way_to_cut_has_fewer_faults(
    said: list[tuple[str, float, float, str]], rules: CueRules
) -> None:
    words: list[Word] = []
    now = 0.0
    for text, pause, step, speaker in said:
        words += spoken(text, now + pause, step, speaker)
        now = words[-1].span.end if words[-1].span else now
    stretches = find_stretches(talk(words), rules)
    layout, pieces = cut_words(stretches, rules)
    found = count_faults(place_cues(compose_cues(layout, pieces, rules), rules), rules)
    fewest = min(
        count_faults(place_cues(compose_cues(layout, way, rules), rules), rules)
        for way in all_ways(layout, rules)
    )
    assert found == fewest


# --- what is preferred ----------------------------------------------------------------

WIDE = CueRules(name_room=NameRoom.NONE)


def test_a_lone_fragment_joins_what_follows() -> None:
    words = spoken("我們看到了這個圖。然後，它其實很清楚。")
    assert texts(words, rules=WIDE) == ["我們看到了這個圖。", "然後，它其實很清楚。"]


def test_a_sentence_ends_a_cue_where_both_are_long_enough() -> None:
    first, second = "我們看到了這個圖其實很清楚。", "但是數據的質量也是一個問題。"
    assert texts(spoken(first + second), rules=WIDE) == [first, second]


def test_a_pause_parts_what_punctuation_does_not() -> None:
    words = (*spoken("我們看到了這個圖"), *spoken("其實模型也很清楚", 2.6))
    assert texts(words, rules=WIDE) == ["我們看到了這個圖", "其實模型也很清楚"]


def test_cues_go_on_over_paragraphs_of_one_speaker_only() -> None:
    named = [spoken("好。", 0.0, speaker="甲"), spoken("那我們開始。", 0.4, speaker="甲")]
    assert texts(*named, rules=WIDE) == ["好。那我們開始。"]
    nobody = [spoken("好。"), spoken("那我們開始。", 0.4)]
    assert texts(*nobody, rules=WIDE) == ["好。", "那我們開始。"]


def test_no_cue_ends_inside_a_word_a_name_or_a_number_with_its_unit() -> None:
    text = "他們覺得曾老師說的人工智能需要十萬張顯卡還有100億個token其實都不夠"
    for columns_of_line in range(12, 30):
        rules = CueRules(max_columns=columns_of_line, max_lines=1)
        ends = texts(spoken(text), rules=rules)
        assert "".join(ends) == text
        for whole in ("覺得", "曾老師", "人工智能", "需要", "十萬張", "100億個", "token", "其實"):
            assert any(whole in line for line in ends), (whole, ends)


def test_what_cannot_stay_whole_is_parted_before_a_line_is_too_long() -> None:
    rules = CueRules(max_columns=6, max_lines=1, min_duration=0.1)
    cues = segment_cues(talk(spoken("Kubernetes好。")), rules)
    assert [cue.text for cue in cues] == ["Kubernetes", "好。"]  # one word is one word
    assert texts(spoken("人工智能"), rules=rules) != ["人工智能"]


def test_the_lower_line_is_the_longer_one_where_the_style_says_so() -> None:
    text = "這個模型的能力其實非常非常強大"
    upper, lower = texts(
        spoken(text), rules=replace(NARROW, max_columns=20, balance=Balance.LOWER)
    )[0].split("\n")
    assert columns(upper) <= columns(lower)


def test_a_cue_stays_on_into_a_pause_and_closes_a_gap_that_would_flicker() -> None:
    rules = CueRules(hold=0.5, closed_gap=0.4, min_gap=0.1, name_room=NameRoom.NONE)
    words = (*spoken("我們看到了這個圖。"), *spoken("其實模型也很清楚。", 2.4))
    first, second = segment_cues(talk(words), rules)
    assert first.end == pytest.approx(2.3)  # said until 1.6, held until 2.1: 0.3 s would flicker
    assert second.end == pytest.approx(2.4 + 8 * 0.2 + 0.5)


def test_times_lie_on_frames_and_leave_the_gap() -> None:
    words = (*spoken("我們看到了這個圖。", 0.013), *spoken("其實模型也很清楚。", 1.777))
    cues = segment_cues(talk(words), FRAMED)
    for cue in cues:
        for time in (cue.start, cue.end):
            assert time * 24 == pytest.approx(round(time * 24), abs=1e-6)
    for before, after in pairwise(cues):
        assert round((after.start - before.end) * 24) == 2


def test_a_style_writes_punctuation_its_own_way_and_changes_no_word() -> None:
    rules = CueRules(punctuation=Punctuation.HANS, name_room=NameRoom.NONE)
    assert texts(spoken("好的，那曾老師先說吧。"), rules=rules) == ["好的 那曾老師先說吧"]


def test_two_brief_turns_share_a_cue_where_the_style_lets_them() -> None:
    words = (*spoken("對。", speaker="甲"), *spoken("好的。", 0.2, speaker="乙"))
    after = spoken("那我們開始。", 1.0, speaker="甲")
    shared, _ = segment_cues(talk(words, after), SHARING)
    assert (shared.lines, shared.speaker) == (("-對", "-好的"), None)
    assert shared.markup == "<v 甲>-對</v>\n<v 乙>-好的</v>"
    assert [cue.speaker for cue in segment_cues(talk(words, after), FRAMED)] == ["甲", "乙", "甲"]


def test_speakers_have_colours_where_the_style_says_so() -> None:
    turns = [
        spoken("我們看到了這個圖。", 0.0, speaker="甲"),
        spoken("對。", 2.0, speaker="乙"),
        spoken("是。", 3.0, speaker="丙"),
    ]
    cues = segment_cues(talk(*turns), replace(WIDE, has_colours=True))
    assert [cue.markup for cue in cues] == ["", "<c.yellow>對。</c>", "<c.cyan>是。</c>"]
    assert [cue.text for cue in cues] == ["我們看到了這個圖。", "對。", "是。"]


def test_the_words_of_a_cue_carry_their_times() -> None:
    words = spoken("好的，那曾老師先說吧。", speaker="甲")
    [cue] = segment_cues(talk(words), WIDE)
    assert cue.words == words


def test_every_place_inside_a_word_costs_more_than_any_other() -> None:
    layout, pieces = cut_words(find_stretches(talk(spoken("人工智能很重要。")), WIDE), WIDE)
    assert [layout.breaks[k] >= INSIDE for k in (1, 2, 3, 4)] == [True, True, True, False]
    assert len(pieces) == 1

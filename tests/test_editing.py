"""Subtitles moved, cut, joined and put beside each other: nothing drifts, nothing is lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from subtools.core import Block, Cue, Native, Span, Subtitles, Word
from subtools.editing import (
    Order,
    combine_languages,
    concat_subtitles,
    even_borders,
    lengths_with_gap,
    line_through,
    parse_frame_rate,
    scale_subtitles,
    shift_subtitles,
    split_subtitles,
    trim_subtitles,
    warp_subtitles,
)
from subtools.editing.timing import exact
from subtools.markup import escape_markup
from subtools.timecode import compose_timecode, parse_offset, to_milliseconds

PAL = Fraction(24000, 1001) / 25

milliseconds = st.integers(0, 3_600_000)
texts = st.sampled_from(["大家好", "好的", "Hello", "R&D <3", "a", "嗯"])


def times(cue: Cue) -> tuple[float, float]:
    return cue.start, cue.end


@st.composite
def cues(draw: st.DrawFn, first: int = 0) -> Cue:
    """A cue with all that a file may say of it, at times of whole milliseconds."""
    start = draw(st.integers(first, first + 600_000))
    length = draw(st.sampled_from([0, 1, 40, 2000, 7300]))
    lines = tuple(draw(st.lists(texts, min_size=1, max_size=3)))
    inner = draw(st.integers(0, length))
    markup = ""
    if draw(st.booleans()):
        at = compose_timecode((start + inner) / 1000)
        markup = "\n".join(f"<i>{escape_markup(line)}</i>" for line in lines) + f"<{at}><b>!</b>"
        lines = (*lines[:-1], f"{lines[-1]}!")
    words: tuple[Word, ...] = ()
    if draw(st.booleans()):
        middle = (start + inner) / 1000
        words = (
            Word("a", Span(start / 1000, middle), 0.9),
            Word("b", Span(middle, (start + length) / 1000)),
            Word("c"),
        )
    return Cue(
        start / 1000,
        (start + length) / 1000,
        lines,
        draw(st.sampled_from([None, "王", "Ann"])),
        words=words,
        settings=draw(st.sampled_from(["", "line:0", "region:bill align:start"])),
        markup=markup,
        native=draw(st.sampled_from([None, Native("ass", r"{\b1}x", (("style", "Big"),))])),
    )


@st.composite
def files(draw: st.DrawFn, first: int = 0) -> Subtitles:
    """Cues by onset, with names of their own, and what else is in a file."""
    drawn = sorted(draw(st.lists(cues(first), max_size=8)), key=lambda cue: cue.start)
    named = tuple(replace(cue, identifier=f"cue {n}") for n, cue in enumerate(drawn))
    places = st.integers(0, len(named))
    blocks = [
        Block("vtt", "STYLE", "::cue { color: white }"),
        Block("vtt", "REGION", "id:bill\nlines:3"),
        *(Block("vtt", "NOTE", f"note {n}", draw(places)) for n in range(draw(st.integers(0, 3)))),
    ]
    ordered = tuple(sorted(blocks, key=lambda block: block.position))
    return Subtitles(named, language="zh", title="圓桌", blocks=ordered)


# --- shift


@given(files(), st.integers(0, 10_000_000))
def test_later_and_earlier_again_is_the_same(file: Subtitles, offset: int) -> None:
    there = shift_subtitles(file, offset / 1000)
    assert shift_subtitles(there, -offset / 1000) == file
    assert there.remarks == ()


@given(files(), milliseconds)
def test_all_times_of_a_cue_move_alike(file: Subtitles, offset: int) -> None:
    for old, new in zip(file.cues, shift_subtitles(file, offset / 1000).cues, strict=True):
        assert to_milliseconds(new.start) == to_milliseconds(old.start) + offset
        assert to_milliseconds(new.end) == to_milliseconds(old.end) + offset
        for word, moved in zip(old.words, new.words, strict=True):
            assert (word.span is None) == (moved.span is None)
            if word.span and moved.span:
                moved_by = to_milliseconds(moved.span.start) - to_milliseconds(word.span.start)
                assert moved_by == offset
        untouched = ("lines", "speaker", "identifier", "settings", "native")
        assert [getattr(old, f) for f in untouched] == [getattr(new, f) for f in untouched]


def test_the_times_in_a_markup_move_too() -> None:
    cue = Cue(1, 3, ("one two",), markup="<i>one </i><00:00:02.000>two")
    moved = shift_subtitles(Subtitles((cue,)), 60.25).cues[0]
    assert moved.markup == "<i>one </i><00:01:02.250>two"


@given(files(), milliseconds)
def test_what_would_be_before_0_is_cut_off_or_named(file: Subtitles, offset: int) -> None:
    moved = shift_subtitles(file, -offset / 1000)
    lost = [cue for cue in file.cues if cue.start * 1000 < offset and cue.end * 1000 <= offset]
    lost = [cue for cue in lost if to_milliseconds(cue.end) <= offset]
    named = [remark for remark in moved.remarks if "left out" in remark.text]
    assert len(moved.cues) + len(lost) == len(file.cues)
    assert len(named) == len(lost)
    assert all(cue.start >= 0 for cue in moved.cues)
    spans = [word.span for cue in moved.cues for word in cue.words if word.span]
    assert all(span.start >= 0 for span in spans)


def test_a_cue_that_begins_before_0_is_cut_off_there_with_a_remark() -> None:
    moved = shift_subtitles(Subtitles((Cue(1, 4, ("Hi",)), Cue(0, 1, ("Yo",)))), -2)
    assert [times(cue) for cue in moved.cues] == [(0.0, 2.0)]
    assert [remark.text for remark in moved.remarks] == [
        'left out, would end before 0: 00:00:00.000 "Yo"',
        "1 cue cut off at 0, where they would begin before it",
    ]


def test_only_the_cues_that_begin_in_a_span_are_moved() -> None:
    file = Subtitles(tuple(Cue(t, t + 1, ("x",)) for t in (0, 10, 20)))
    moved = shift_subtitles(file, 2.5, Span(10, 20))
    assert [cue.start for cue in moved.cues] == [0, 12.5, 20]
    assert moved.remarks == ()


def test_a_span_that_is_moved_past_others_is_remarked_on() -> None:
    file = Subtitles(tuple(Cue(t, t + 1, ("x",)) for t in (0, 10, 20)))
    (remark,) = shift_subtitles(file, 11, Span(10, 20)).remarks
    assert remark.text == "1 cue now before the one that precedes them in the file"


def test_no_time_drifts_over_ten_thousand_small_moves() -> None:
    file = Subtitles((Cue(0.1, 0.3, ("x",)),))
    for _ in range(10_000):
        file = shift_subtitles(file, 0.001)
    assert times(file.cues[0]) == (10.1, 10.3)


def test_comments_before_a_lost_cue_go_and_others_keep_their_place() -> None:
    blocks = tuple(Block("vtt", "NOTE", f"{n}", n) for n in range(3))
    file = Subtitles((Cue(0, 1, ("a",)), Cue(2, 3, ("b",))), blocks=blocks)
    moved = shift_subtitles(file, -1)
    assert [(block.text, block.position) for block in moved.blocks] == [("1", 0), ("2", 1)]


def test_comments_of_ass_have_times_that_move() -> None:
    text = "0,0:00:01.50,0:00:02.00,Default,,0,0,0,,later, maybe"
    file = Subtitles((Cue(0, 3, ("a",)),), blocks=(Block("ass", "Comment", text, 1),))
    (block,) = shift_subtitles(file, 3600).blocks
    assert block.text == "0,1:00:01.50,1:00:02.00,Default,,0,0,0,,later, maybe"
    assert trim_subtitles(file, Span(2, 3)).blocks == ()


# --- scale


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("23.976", Fraction(24000, 1001)),
        ("23.98", Fraction(24000, 1001)),
        ("24", Fraction(24)),
        ("29.97", Fraction(30000, 1001)),
        ("59.94", Fraction(60000, 1001)),
        ("25", Fraction(25)),
        ("24000/1001", Fraction(24000, 1001)),
        ("12.5", Fraction(25, 2)),
    ],
)
def test_frame_rates_are_exact(text: str, rate: Fraction) -> None:
    assert parse_frame_rate(text) == rate


@pytest.mark.parametrize("text", ["", "x", "0", "-25", "1/0", "nan", "inf", "1e9"])
def test_what_is_no_frame_rate_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="not a frame rate"):
        parse_frame_rate(text)


def test_a_frame_stays_the_same_frame_after_an_hour() -> None:
    frame = 86_313  # of 23.976 a second, an hour in
    start = float(frame / Fraction(24000, 1001))
    scaled = scale_subtitles(Subtitles((Cue(start, start + 1, ("x",)),)), PAL)
    assert scaled.cues[0].start == pytest.approx(frame / 25, abs=1e-9)


def as_written(file: Subtitles) -> Subtitles:
    """Return ``file`` as it comes back from a file of milliseconds."""
    return replace(
        file,
        cues=tuple(
            replace(
                cue, start=to_milliseconds(cue.start) / 1000, end=to_milliseconds(cue.end) / 1000
            )
            for cue in file.cues
        ),
    )


@given(files(), st.sampled_from([PAL, 1 / PAL, Fraction(1001, 1000), Fraction(25, 24)]))
def test_scaled_there_and_back_is_within_a_millisecond(file: Subtitles, factor: Fraction) -> None:
    there = as_written(scale_subtitles(file, factor))
    back = as_written(scale_subtitles(there, 1 / factor))
    for cue, again in zip(file.cues, back.cues, strict=True):
        assert abs(to_milliseconds(cue.start) - to_milliseconds(again.start)) <= 1
        assert abs(to_milliseconds(cue.end) - to_milliseconds(again.end)) <= 1


def test_karaoke_of_ass_keeps_pace() -> None:
    native = Native("ass", r"{\k100}la{\kf50}la")
    cue = Cue(1, 2.5, ("lala",), native=native)
    slower = scale_subtitles(Subtitles((cue,)), Fraction(2)).cues[0]
    assert slower.native == Native("ass", r"{\k200}la{\kf100}la")
    assert shift_subtitles(Subtitles((cue,)), 9).cues[0].native == native


def test_a_native_text_that_holds_times_is_not_kept_at_other_times() -> None:
    native = Native("lrc", "<00:01.00>la", (("x", "y"),))
    moved = shift_subtitles(Subtitles((Cue(1, 2, ("la",), native=native),)), 1)
    assert moved.cues[0].native == Native("lrc", "", (("x", "y"),))


# --- two points and more


def test_two_points_make_a_line_that_goes_on_outside_of_them() -> None:
    file = Subtitles((Cue(0, 10, ("x",)), Cue(3480, 3600, ("y",))))
    moved = warp_subtitles(file, [(10, 12.5), (3480, 3489)])
    slope = (3489 - 12.5) / (3480 - 10)
    assert moved.cues[0].end == 12.5
    assert moved.cues[1].start == 3489
    assert moved.cues[0].start == pytest.approx(12.5 - 10 * slope, abs=1e-9)
    assert moved.cues[1].end == pytest.approx(3489 + 120 * slope, abs=1e-9)


points = st.lists(st.tuples(milliseconds, milliseconds), min_size=2, max_size=5)


@given(files(), points)
def test_through_points_and_back_is_the_same(file: Subtitles, drawn: list[tuple[int, int]]) -> None:
    olds, news = (sorted({pair[side] for pair in drawn}) for side in (0, 1))
    pairs = [(old / 1000, new / 1000) for old, new in zip(olds, news, strict=False)]
    assume(len(pairs) >= 2)
    there = warp_subtitles(file, pairs)
    assume(not there.remarks)
    back = warp_subtitles(there, [(new, old) for old, new in pairs])
    for cue, again in zip(file.cues, back.cues, strict=True):
        if line_through(pairs)(exact(cue.start)) >= 0:  # what lies just before 0 begins at 0
            assert again.start == pytest.approx(cue.start, abs=1e-9)


@pytest.mark.parametrize(
    "pairs", [[], [(1, 2)], [(1, 2), (1, 3)], [(1, 2), (2, 2)], [(1, 9), (2, 3)]]
)
def test_points_that_make_no_line_are_an_error(pairs: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match="points"):
        warp_subtitles(Subtitles(()), pairs)


# --- trim, split


@given(files(), milliseconds, st.integers(1, 3_600_000))
def test_a_cut_out_holds_what_is_inside_and_nothing_else(
    file: Subtitles, start: int, length: int
) -> None:
    span = Span(start / 1000, (start + length) / 1000)
    part = trim_subtitles(file, span, keep_times=True)
    assert all(span.start <= cue.start <= cue.end <= span.end for cue in part.cues)
    inside = [
        c for c in file.cues if c.start < span.end and (c.end > span.start or c.start >= span.start)
    ]
    assert [cue.lines for cue in part.cues] == [cue.lines for cue in inside]
    spans = [word.span for cue in part.cues for word in cue.words if word.span]
    assert all(span.start <= s.start <= s.end <= span.end for s in spans)
    moved = trim_subtitles(file, span)
    assert [to_milliseconds(c.start) + start for c in moved.cues] == [
        to_milliseconds(c.start) for c in part.cues
    ]
    assert moved.remarks == ()


borders = st.lists(st.integers(1, 700_000), max_size=4, unique=True).map(sorted)


@given(files(), borders)
def test_split_and_joined_again_is_the_same(file: Subtitles, drawn: list[int]) -> None:
    edges = [at / 1000 for at in drawn]
    parts = split_subtitles(file, edges)
    lengths = [later - edge for edge, later in pairwise([0.0, *edges])]
    assert len(parts) == len(edges) + 1
    assert concat_subtitles(parts, [round(length, 3) for length in lengths]) == file


@given(files(), borders)
def test_no_line_is_lost_between_parts(file: Subtitles, drawn: list[int]) -> None:
    parts = split_subtitles(file, [at / 1000 for at in drawn], keep_times=True)
    split_names = {cue.identifier for part in parts for cue in part.cues}
    assert split_names == {cue.identifier for cue in file.cues}


def test_a_cue_across_a_border_is_in_both_parts() -> None:
    words = (Word("a", Span(1, 3), 0.9), Word("b", Span(4, 6), 0.8), Word("c", Span(6, 7), 0.7))
    cue = Cue(1, 7, ("abc",), words=words)
    first, second = split_subtitles(Subtitles((cue,)), [5])
    assert [times(part.cues[0]) for part in (first, second)] == [(1, 5), (0, 2)]
    assert [word.span for word in first.cues[0].words] == [Span(1, 3), Span(4, 5), None]
    assert [word.span for word in second.cues[0].words] == [None, Span(0, 1), Span(1, 2)]


def test_each_part_has_the_styles_and_its_own_comments() -> None:
    blocks = (
        Block("vtt", "STYLE", "::cue {}", 0),
        Block("vtt", "NOTE", "of b", 1),
        Block("vtt", "NOTE", "end", 2),
    )
    file = Subtitles((Cue(0, 1, ("a",)), Cue(2, 3, ("b",))), blocks=blocks)
    first, second = split_subtitles(file, [1.5])
    assert [block.kind for block in first.blocks] == ["STYLE"]
    assert [(block.text, block.position) for block in second.blocks] == [
        ("::cue {}", 0),
        ("of b", 0),
        ("end", 1),
    ]


@pytest.mark.parametrize("edges", [[0], [-1], [2, 1], [1, 1]])
def test_borders_that_make_no_parts_are_an_error(edges: list[float]) -> None:
    with pytest.raises(ValueError, match="in order"):
        split_subtitles(Subtitles(()), edges)


def test_even_parts_end_with_the_last_cue() -> None:
    file = Subtitles((Cue(0, 1, ("a",)), Cue(29, 30, ("b",))))
    assert even_borders(file, 10) == (10, 20)
    assert even_borders(file, 30) == ()
    assert even_borders(file, 29.9) == (29.9,)
    assert even_borders(Subtitles(()), 10) == ()


# --- concat


def test_parts_follow_one_another_by_their_lengths() -> None:
    parts = [Subtitles((Cue(1, 2, (text,)),)) for text in "abc"]
    whole = concat_subtitles(parts, [100.25, 50])
    assert [cue.start for cue in whole.cues] == [1, 101.25, 151.25]
    assert whole.remarks == ()


def test_the_gap_is_counted_from_the_last_cue() -> None:
    parts = [Subtitles((Cue(1, 9, ("a",)), Cue(2, 3, ("b",)))), Subtitles((Cue(0, 1, ("c",)),))]
    assert lengths_with_gap(parts, 2) == (11, 3)


def test_a_cue_that_is_longer_than_its_part_is_remarked_on() -> None:
    parts = [Subtitles((Cue(1, 9, ("a",)),)), Subtitles((Cue(0, 1, ("b",)),))]
    (remark,) = concat_subtitles(parts, [5]).remarks
    assert remark.text == "part 1 is 0:05 long, but 1 cue of it end later, the last at 0:09"


def test_names_that_two_parts_share_are_kept_apart() -> None:
    parts = [
        Subtitles(
            (Cue(0, 1, (text,), identifier="intro", settings="region:top line:0"),),
            blocks=(Block("vtt", "REGION", f"id:top\nlines:{lines}"),),
        )
        for text, lines in (("a", 2), ("b", 3))
    ]
    whole = concat_subtitles(parts, [10])
    assert [cue.identifier for cue in whole.cues] == ["intro", "intro-2"]
    assert [cue.settings for cue in whole.cues] == ["region:top line:0", "region:top-2 line:0"]
    assert [block.text for block in whole.blocks] == ["id:top\nlines:2", "id:top-2\nlines:3"]


def test_numbers_of_cues_go_on_counting() -> None:
    parts = [
        Subtitles(tuple(Cue(n, n + 1, ("x",), identifier=str(n)) for n in (1, 2))) for _ in range(2)
    ]
    whole = concat_subtitles(parts, [10])
    assert [cue.identifier for cue in whole.cues] == ["1", "2", "3", "4"]


def test_styles_of_ass_are_united_and_the_first_one_counts() -> None:
    def part(*styles: str) -> Subtitles:
        text = "\n".join(["Format: Name, Size", *styles])
        blocks = (Block("ass", "Script Info", styles[0]), Block("ass", "V4+ Styles", text))
        return Subtitles((Cue(0, 1, ("x",)),), blocks=blocks)

    whole = concat_subtitles([part("Style: A,1"), part("Style: A,2", "Style: B,3")], [5])
    assert [block.text for block in whole.blocks] == [
        "Style: A,1",
        "Format: Name, Size\nStyle: A,1\nStyle: B,3",
    ]
    assert [remark.text for remark in whole.remarks] == ["the style A is that of the first part"]


@pytest.mark.parametrize("lengths", [[], [1, 2, 3], [-1]])
def test_lengths_that_do_not_match_the_parts_are_an_error(lengths: list[float]) -> None:
    with pytest.raises(ValueError, match="part"):
        concat_subtitles([Subtitles(()), Subtitles(())], lengths)


# --- two languages


def pair(*spans: tuple[float, float, str]) -> Subtitles:
    return Subtitles(tuple(Cue(start, end, (text,)) for start, end, text in spans))


def shown(file: Subtitles) -> list[tuple[float, float, str]]:
    return [(cue.start, cue.end, cue.text) for cue in file.cues]


def test_cues_at_the_same_time_stand_one_above_the_other() -> None:
    first, second = pair((0, 2, "早"), (3, 5, "好")), pair((0.1, 2, "Morning"), (3, 5, "Fine"))
    assert shown(combine_languages(first, second)) == [(0, 2, "早\nMorning"), (3, 5, "好\nFine")]
    other = combine_languages(first, second, Order.SECOND)
    assert [cue.text for cue in other.cues] == ["Morning\n早", "Fine\n好"]


def test_a_sentence_over_three_clauses_is_one_cue() -> None:
    first = pair((0, 1.5, "首先"), (1.5, 3, "我想問"), (3, 5, "各位"), (6, 8, "謝謝"))
    second = pair((0, 5, "First let me ask you"), (6, 8, "Thanks"))
    assert shown(combine_languages(first, second)) == [
        (0, 5, "首先\n我想問\n各位\nFirst let me ask you"),
        (6, 8, "謝謝\nThanks"),
    ]
    assert shown(combine_languages(second, first)) == [
        (0, 5, "First let me ask you\n首先\n我想問\n各位"),
        (6, 8, "Thanks\n謝謝"),
    ]


def test_what_has_no_counterpart_stays_alone() -> None:
    first, second = pair((0, 2, "早"), (10, 12, "好")), pair((5, 6, "(laughs)"), (10, 12, "Fine"))
    assert [cue.text for cue in combine_languages(first, second).cues] == [
        "早",
        "(laughs)",
        "好\nFine",
    ]


def test_a_touch_of_time_makes_no_pair() -> None:
    first, second = pair((0, 2, "早")), pair((1.9, 4, "Fine"))
    assert [cue.text for cue in combine_languages(first, second).cues] == ["早", "Fine"]


def test_two_speakers_are_never_joined() -> None:
    first = Subtitles((Cue(0, 1, ("好",), "甲"), Cue(1, 2, ("不好",), "乙")))
    both = combine_languages(first, pair((0, 2, "Yes. No."))).cues
    assert len(both) == 2
    assert {cue.speaker for cue in both} == {"甲", "乙"}


def test_tags_and_word_times_of_both_are_kept() -> None:
    words = (Word("早", Span(0, 1), 0.9),)
    first = Subtitles((Cue(0, 2, ("早",), "王", words=words, settings="line:0", identifier="1"),))
    second = Subtitles((Cue(0, 2, ("R&D",), markup="<i>R&amp;D</i>"),))
    (cue,) = combine_languages(first, second).cues
    assert cue.markup == "早\n<i>R&amp;D</i>"
    assert "".join(word.text for word in cue.words) == "早R&D"
    assert cue.words[0] == words[0]
    assert (cue.speaker, cue.settings, cue.identifier) == ("王", "line:0", "1")


@given(files(), files())
def test_every_line_of_both_languages_is_there_once(first: Subtitles, second: Subtitles) -> None:
    both = combine_languages(first, second)
    lines = Counter(line for file in (first, second) for cue in file.cues for line in cue.lines)
    assert Counter(line for cue in both.cues for line in cue.lines) == lines
    assert [cue.start for cue in both.cues] == sorted(cue.start for cue in both.cues)


@given(files(), files())
def test_two_languages_without_overlaps_make_no_longer_ones(
    first: Subtitles, second: Subtitles
) -> None:
    def in_a_row(file: Subtitles) -> Subtitles:
        limits = [*(cue.start for cue in file.cues[1:]), float("inf")]
        ended = [replace(c, end=min(c.end, at)) for c, at in zip(file.cues, limits, strict=False)]
        return replace(file, cues=tuple(ended))

    first, second = in_a_row(first), in_a_row(second)
    both = combine_languages(first, second).cues
    ends = {cue.end for file in (first, second) for cue in file.cues}
    starts = {cue.start for file in (first, second) for cue in file.cues}
    assert {cue.start for cue in both} <= starts | ends
    assert {cue.end for cue in both} <= starts | ends


def test_a_long_file_is_matched_cue_by_cue() -> None:
    first = pair(*((n * 3, n * 3 + 2.5, f"第{n}句") for n in range(3000)))
    second = pair(*((n * 3 + 0.2, n * 3 + 2.7, f"No. {n}") for n in range(3000)))
    both = combine_languages(first, second).cues
    assert [cue.text for cue in both] == [f"第{n}句\nNo. {n}" for n in range(3000)]


# --- times as people type them


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1.5", 1.5),
        ("-1.5", -1.5),
        ("+2", 2),
        ("1:02.5", 62.5),
        ("-0:10", -10),
        ("01:02:03,5", 3723.5),
        ("90:00", 5400),
        ("\N{MINUS SIGN}3", -3),
        (".5", 0.5),
    ],
)
def test_times_are_read_as_people_type_them(text: str, seconds: float) -> None:
    assert parse_offset(text) == seconds


@pytest.mark.parametrize("text", ["", "x", "1:", "1:99", "1:60:00", "--1", "1e3", "nan", "１"])
def test_what_is_no_time_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="not a time"):
        parse_offset(text)

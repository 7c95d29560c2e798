"""Changes to a timed document: what stays, what moves, what is new."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Alignment, Finding, FindingKind, Paragraph, Span, Topic, Word
from subtools.lexicon import split_words
from subtools.revising import Change, changed_ranges, move_range, revise_alignment, revise_text
from tests.paging import PACE, talk

TEXTS = ("我們看到GDP4，很好。", "對對 Scanning Law 不錯")


def spoken(*texts: str) -> Alignment:
    """Return a talk of A and B by turns, a word every quarter of a second."""
    return talk(*(("AB"[k % 2], text) for k, text in enumerate(texts or TEXTS)))


def changing(alignment: Alignment, before: str, after: str) -> Change:
    first = alignment.transcript.body.index(before)
    return Change((first, first + len(before)), after)


def words_of(alignment: Alignment) -> dict[str, Word]:
    return {word.text: word for word in alignment.transcript.words}


def texts_of(alignment: Alignment) -> list[str]:
    return [paragraph.text for paragraph in alignment.transcript.paragraphs]


@st.composite
def talks_and_changes(draw: st.DrawFn) -> tuple[Alignment, tuple[Change, ...]]:
    text = st.text(st.sampled_from("我們看到GPT-4.5，。「」 aZ\n"), min_size=1, max_size=12)
    texts = draw(st.lists(text, min_size=1, max_size=4))
    alignment = spoken(*texts)
    length = len(alignment.transcript.body)
    borders = sorted(draw(st.lists(st.integers(0, length), max_size=8)))
    pairs = list(zip(borders[::2], borders[1::2], strict=False))
    after = draw(st.lists(st.text("GPT我4，「 ", max_size=5), min_size=len(pairs)))
    unique = dict(zip(pairs, after, strict=False))
    return alignment, tuple(Change(pair, new) for pair, new in unique.items())


@given(talks_and_changes(), st.booleans())
def test_the_body_is_the_changed_text_and_words_join_to_it(
    case: tuple[Alignment, tuple[Change, ...]], interpolate: bool
) -> None:
    alignment, changes = case
    revised = revise_alignment(alignment, changes, interpolate=interpolate)
    assert revised.transcript.body == revise_text(alignment.transcript.body, changes)
    assert all(paragraph.words for paragraph in revised.transcript.paragraphs)


@given(talks_and_changes(), st.booleans())
def test_no_time_is_made_up_out_of_order_and_what_has_none_is_reported(
    case: tuple[Alignment, tuple[Change, ...]], interpolate: bool
) -> None:
    revised = revise_alignment(case[0], case[1], interpolate=interpolate)
    words, now, place = revised.transcript.words, 0.0, 0
    reported = [f.offsets for f in revised.findings if f.kind is FindingKind.NOT_IN_AUDIO]
    for word in words:
        if word.span is None:
            assert any(o and o[0] <= place and place + len(word.text) <= o[1] for o in reported)
        else:
            assert word.span.start >= now - 1e-9
            now = word.span.end
        place += len(word.text)


@given(talks_and_changes())
def test_words_away_from_changes_are_the_very_same(
    case: tuple[Alignment, tuple[Change, ...]],
) -> None:
    alignment, changes = case
    revised = revise_alignment(alignment, changes)
    kept = {id(word) for word in revised.transcript.words}
    paragraphs, first = alignment.transcript.paragraphs, 0
    for paragraph in paragraphs:
        last = first + len(paragraph.text)
        if not any(c.offsets[0] <= last and first <= c.offsets[1] for c in changes):
            assert all(id(word) in kept for word in paragraph.words)
        first = last


def test_no_change_is_the_same_document() -> None:
    alignment = spoken()
    assert revise_alignment(alignment, ()) is alignment


def test_a_new_word_has_no_time_and_the_speaker_of_the_old_one() -> None:
    alignment = spoken()
    revised = words_of(revise_alignment(alignment, [changing(alignment, "Scanning", "Scaling")]))
    assert revised["Scaling "] == Word("Scaling ", None, None, "B")
    assert revised["Law "] == words_of(alignment)["Law "]


def test_a_new_word_that_takes_the_place_of_one_takes_its_time_as_a_guess() -> None:
    alignment = spoken()
    change = changing(alignment, "Scanning", "Scaling")
    revised = words_of(revise_alignment(alignment, [change], interpolate=True))
    assert revised["Scaling "].span == words_of(alignment)["Scanning "].span
    assert revised["Scaling "].confidence is None


def test_several_new_words_share_the_time_by_their_sounds() -> None:
    alignment = spoken()
    change = changing(alignment, "GDP4", "GPT-4")
    revised = words_of(revise_alignment(alignment, [change], interpolate=True))
    old, first, second = words_of(alignment)["GDP4，"].span, revised["GPT-"], revised["4，"]
    assert old and first.span and second.span
    assert first.span.start == old.start
    assert first.span.end == second.span.start
    assert second.span.end == pytest.approx(old.end)
    assert first.span.duration > second.span.duration  # three letters and a syllable


def test_words_that_are_put_in_stand_between_their_neighbours() -> None:
    alignment = spoken()
    first = alignment.transcript.body.index("很好")
    revised = words_of(
        revise_alignment(alignment, [Change((first, first), "沒")], interpolate=True)
    )
    before = words_of(alignment)["GDP4，"].span
    assert before and revised["沒"].span == Span(before.end, before.end)
    assert revised["沒"].speaker == "A"


def test_words_that_are_put_in_before_a_pause_last_as_long_as_they_need() -> None:
    alignment = spoken("好", "說")
    words = [
        replace(w, span=Span(9.0, 9.5)) if w.text == "說" else w for w in alignment.transcript.words
    ]
    alignment = replace(alignment, transcript=alignment.transcript.with_words(words))
    revised = words_of(revise_alignment(alignment, [Change((1, 1), "吧")], interpolate=True))
    span = revised["吧"].span
    assert span and span.start == PACE
    assert span.duration < 0.5


@pytest.mark.parametrize(
    ("before", "after"),
    [("，", "。"), ("，很", "；很"), ("GDP4，", "「GDP4」，"), ("Law 不", "Law，不"), ("，", "")],
)
def test_punctuation_is_changed_without_a_word_losing_its_time(before: str, after: str) -> None:
    alignment = spoken()
    revised = revise_alignment(alignment, [changing(alignment, before, after)])
    assert [w.span for w in revised.transcript.words] == [
        w.span for w in alignment.transcript.words
    ]
    assert revised.findings == ()


def test_a_word_that_stays_inside_a_change_keeps_its_time() -> None:
    alignment = spoken()
    change = changing(alignment, "看到GDP4，很好", "看到了GPT，很棒")
    revised, old = words_of(revise_alignment(alignment, [change])), words_of(alignment)
    assert [revised[text].span for text in ("看", "到", "很")] == [
        old[text].span for text in ("看", "到", "很")
    ]
    assert [revised[text].span for text in ("了", "GPT，", "棒。")] == [None] * 3


def test_letters_that_join_a_word_make_it_a_new_one() -> None:
    alignment = spoken("GPT 好")
    revised = revise_alignment(alignment, [Change((3, 3), "s")])
    assert [word.text for word in revised.transcript.words] == ["GPTs ", "好"]
    assert revised.transcript.words[0].span is None


def test_words_that_others_cut_otherwise_stay_as_they_are() -> None:
    """Aligners of other packages, and files of theirs, may have words of several characters."""
    words = (
        Word("大家", Span(0, 1), 0.9),
        Word("好，", Span(1, 2), 0.9),
        Word("歡迎", Span(2, 3), 0.9),
    )
    alignment = spoken("x")
    transcript = replace(alignment.transcript, paragraphs=(Paragraph(words),))
    revised = revise_alignment(replace(alignment, transcript=transcript), [Change((2, 3), "壞")])
    assert [word.text for word in revised.transcript.words] == ["大家", "壞，", "歡迎"]


def test_text_that_is_taken_out_leaves_its_neighbours_and_an_empty_paragraph_goes() -> None:
    alignment = spoken()
    revised = revise_alignment(alignment, [changing(alignment, TEXTS[0], "")])
    assert texts_of(revised) == [TEXTS[1]]
    assert revised.transcript.words == alignment.transcript.paragraphs[1].words


def test_a_change_across_paragraphs_stands_where_it_begins() -> None:
    alignment = spoken("大家好。", "你好嗎")
    revised = revise_alignment(alignment, [changing(alignment, "好。你好", "壞，")])
    assert texts_of(revised) == ["大家壞，", "嗎"]


def test_text_between_two_paragraphs_goes_to_the_end_of_the_first() -> None:
    revised = revise_alignment(
        spoken("大家好", "你好"), [Change((3, 3), "。"), Change((0, 0), "「")]
    )
    assert texts_of(revised) == ["「大家好。", "你好"]


@pytest.mark.parametrize(
    "changes",
    [
        (Change((0, 3), "a"), Change((2, 4), "b")),
        (Change((2, 2), "a"), Change((2, 2), "b")),
        (Change((0, 999), "a"),),
    ],
)
def test_changes_that_overlap_or_are_outside_are_refused(changes: tuple[Change, ...]) -> None:
    with pytest.raises(ValueError, match=r"overlap|outside"):
        revise_alignment(spoken(), changes)


def finding(alignment: Alignment, text: str, kind: FindingKind) -> Alignment:
    first = alignment.transcript.body.index(text)
    found = Finding(kind, text, "why", Span(1, 2), (first, first + len(text)))
    return replace(alignment, findings=(found,))


def test_findings_move_along() -> None:
    alignment = finding(spoken(), "Law", FindingKind.LOW_CONFIDENCE)
    revised = revise_alignment(alignment, [changing(alignment, "GDP4，", "")])
    (found,) = revised.findings
    assert found.offsets and revised.transcript.body[slice(*found.offsets)] == found.text == "Law"


def test_a_finding_about_the_sounds_of_words_that_are_gone_goes_with_them() -> None:
    for kind, left in ((FindingKind.MISHEARD, 0), (FindingKind.DOUBTFUL_SPEAKER, 1)):
        alignment = finding(spoken(), "Scanning", kind)
        change = changing(alignment, "Scanning", "Scaling")
        assert len(revise_alignment(alignment, [change], interpolate=True).findings) == left


def test_a_finding_about_more_than_the_change_has_the_new_text() -> None:
    alignment = finding(spoken(), "Scanning Law", FindingKind.MISHEARD)
    change = changing(alignment, "Scanning", "Scaling")
    revised = revise_alignment(alignment, [change], interpolate=True)
    assert [f.text for f in revised.findings] == ["Scaling Law"]


def test_a_title_taken_from_a_changed_place_is_changed_with_it() -> None:
    alignment = spoken()
    topics = (Topic("很好", 0.0, 2.0), Topic("Scanning Law", 2.0, 9.0))
    alignment = replace(alignment, topics=topics)
    revised = revise_alignment(alignment, [changing(alignment, "Scanning", "Scaling")])
    assert [topic.title for topic in revised.topics] == ["很好", "Scaling Law"]


@given(talks_and_changes())
def test_ranges_tell_where_new_text_stands_and_old_text_went(
    case: tuple[Alignment, tuple[Change, ...]],
) -> None:
    alignment, changes = case
    body = alignment.transcript.body
    ordered = sorted(changes, key=lambda change: change.offsets)
    revised = revise_text(body, ordered)
    for (first, last), change in zip(changed_ranges(changes), ordered, strict=True):
        assert revised[first:last] == change.after
    for first in range(len(body)):
        if not any(c.offsets[0] <= first < c.offsets[1] for c in ordered):
            a, b = move_range((first, first + 1), ordered)
            assert revised[a:b] == body[first]


def test_words_are_cut_as_the_lexicon_cuts_them() -> None:
    alignment = spoken()
    revised = revise_alignment(alignment, [changing(alignment, "很好", "用3.5和don't試")])
    (first, _) = revised.transcript.paragraphs
    assert tuple(word.text for word in first.words) == split_words(first.text)

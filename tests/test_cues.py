from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import (
    PLAIN_RULES,
    CueRules,
    Cutting,
    Finding,
    FindingKind,
    NameRoom,
    Paragraph,
    Span,
    Transcript,
    Word,
)
from subtools.cues import NO_TIME_KNOWN, segment_cues
from subtools.formats import SpeakerStyle
from subtools.lexicon import columns, split_words
from tests.subtitling import srt

CLAUSES = CueRules(cutting=Cutting.CLAUSES)
TIMED_BETWEEN = "2 of 3 words heard, the other timed between them"


def timed(
    text: str, start: float = 0.0, step: float = 0.2, speaker: str | None = None
) -> tuple[Word, ...]:
    """Words of ``text``, spoken one after the other."""
    return tuple(
        Word(word, Span(start + k * step, start + (k + 1) * step), 0.9, speaker)
        for k, word in enumerate(split_words(text))
    )


def transcript(*paragraphs: tuple[Word, ...]) -> Transcript:
    return Transcript(tuple(map(Paragraph, paragraphs)))


def without_spaces(text: str) -> str:
    return "".join(text.split())


def test_a_cue_is_a_clause_with_its_punctuation_where_that_is_asked_for() -> None:
    cues = segment_cues(transcript(timed("好的，那曾老師先說吧。謝謝")), CLAUSES)
    assert [cue.text for cue in cues] == ["好的，", "那曾老師先說吧。", "謝謝"]
    assert [round(cue.start, 3) for cue in cues] == [0.0, 0.4, 1.8]


def test_a_mark_inside_a_number_does_not_cut() -> None:
    [cue] = segment_cues(transcript(timed("比如GPT-3。5的能力。")))
    assert cue.text == "比如GPT-3。5的能力。"


def test_words_without_a_time_are_in_no_cue() -> None:
    lost = tuple(Word(word) for word in split_words("沒有說的，"))
    cues = segment_cues(transcript((*timed("說了，"), *lost, *timed("又說了。", 1.0))))
    assert [cue.text for cue in cues] == ["說了，", "又說了。"]


def test_a_short_cue_lasts_five_sixths_of_a_second_where_there_is_room() -> None:
    cues = segment_cues(transcript(timed("對，"), timed("好，", 0.5), timed("行。", 3.0)))
    assert [round(cue.end - cue.start, 3) for cue in cues] == [0.5, 0.833, 0.833]


def test_a_cue_never_holds_two_speakers() -> None:
    words = (*timed("好的", speaker="宋老師"), *timed("謝謝", 0.4, speaker="曾老師"))
    assert [(cue.text, cue.speaker) for cue in segment_cues(transcript(words))] == [
        ("好的", "宋老師"),
        ("謝謝", "曾老師"),
    ]


def shown(*turns: tuple[Word, ...]) -> list[tuple[str, float, float]]:
    """Text, start and end of the cues of turns."""
    cues = segment_cues(transcript(*turns))
    return [(cue.text, round(cue.start, 2), round(cue.end, 2)) for cue in cues]


def test_a_back_channel_inside_a_clause_comes_after_it_as_in_the_text() -> None:
    said = timed("我覺得這個圖很清楚，", 10.0, 0.4, "甲")  # 3.6 s
    assert shown(said, timed("對，", 12.0, 0.3, "乙"), timed("所以呢。", 14.0, speaker="甲")) == [
        ("我覺得這個圖很清楚，", 10.0, 12.0),
        ("對，", 12.0, 12.83),
        ("所以呢。", 14.0, 14.9),
    ]


def test_one_that_comes_at_once_waits_until_the_clause_can_be_read() -> None:
    said = timed("我覺得這個圖很清楚，", 10.0, 0.4, "甲")  # 20 columns
    assert shown(said, timed("對，", 10.2, 0.3, "乙")) == [
        ("我覺得這個圖很清楚，", 10.0, 11.11),
        ("對，", 11.11, 11.94),
    ]


def test_two_who_speak_at_once_are_both_shown_for_a_moment() -> None:
    first, second = timed("對。", 5.0, 0.4, "甲"), timed("好。", 5.0, 0.4, "乙")
    assert shown(first, second, timed("那麼。", 5.1, 0.4, "丙")) == [
        ("對。", 5.0, 5.4),
        ("好。", 5.4, 5.8),
        ("那麼。", 5.8, 6.9),
    ]


def test_after_an_overlap_the_cues_are_in_time_again() -> None:
    long = timed("我覺得這個圖很清楚，", 10.0, 0.4, "甲")
    assert shown(long, timed("對，", 10.2, 0.3, "乙"), timed("是。", 14.0, speaker="甲"))[-1] == (
        "是。",
        14.0,
        14.83,
    )


@pytest.mark.parametrize("style", [SpeakerStyle.CHANGE, SpeakerStyle.EVERY])
@pytest.mark.parametrize("name", ["宋老師", "SPEAKER_02", "Ann Lee"])
def test_lines_with_a_name_before_them_are_no_longer_than_others(
    style: SpeakerStyle, name: str
) -> None:
    rooms = {SpeakerStyle.CHANGE: NameRoom.CHANGES, SpeakerStyle.EVERY: NameRoom.EVERY}
    for length in range(1, 60):
        turns = [timed("大" * length + "。", k * 60.0, speaker=name + str(k)) for k in range(2)]
        cues = segment_cues(transcript(*turns), CueRules(name_room=rooms[style]))
        written = srt.parse(srt.compose(cues, style=style))
        assert max(columns(line) for cue in written for line in cue.lines) <= 42
        assert all(len(cue.lines) <= 2 for cue in written)


def test_a_line_that_is_full_breaks_only_where_it_has_a_name() -> None:
    full = "大" * 20 + "。"  # 42 columns
    words = (*timed(full, speaker="甲"), *timed(full, 10.0, speaker="甲"))
    named, unnamed = segment_cues(transcript(words))
    assert (len(named.lines), len(unnamed.lines)) == (2, 1)
    bare = segment_cues(transcript(words), CueRules(name_room=NameRoom.NONE))
    assert [len(cue.lines) for cue in bare] == [1, 1]


def test_a_name_longer_than_a_line_leaves_room_for_the_text() -> None:
    [cue] = segment_cues(transcript(timed("大" * 20, speaker="名" * 100)))
    assert max(map(columns, cue.lines)) >= 20


def test_a_long_line_breaks_in_two_that_are_about_as_long() -> None:
    text = "它的表現是呈一條依次曲線然後這樣一個關係其實非常清楚"
    [cue] = segment_cues(transcript(timed(text)))
    assert len(cue.lines) == 2
    assert cue.lines == ("它的表現是呈一條依次曲線", "然後這樣一個關係其實非常清楚")


def test_a_line_breaks_between_english_words_not_inside() -> None:
    text = "Scaling laws are certainly fundamental for training models."
    [cue] = segment_cues(transcript(timed(text)))
    assert cue.lines == ("Scaling laws are certainly fundamental", "for training models.")


@pytest.mark.parametrize("term", ["GPT-3。5", "GPT-4", "mini-CPM"])
def test_no_line_breaks_inside_a_term(term: str) -> None:
    for lead in range(12, 18):
        [cue] = segment_cues(transcript(timed("大" * lead + term + "小" * 15, step=0.1)))
        assert any(term in line for line in cue.lines), cue.lines


def test_a_clause_too_long_for_a_cue_is_cut_at_its_pause() -> None:
    first, second = "大" * 24, "小" * 30
    cues = segment_cues(transcript((*timed(first), *timed(second, start=24 * 0.2 + 1.0))))
    assert [without_spaces(cue.text) for cue in cues] == [first, second]


def test_a_cue_does_not_stay_on_through_a_long_pause() -> None:
    cues = segment_cues(transcript((*timed("那個圖"), *timed("其實很清楚。", start=60.0))))
    assert [(cue.text, round(cue.end, 3)) for cue in cues] == [
        ("那個圖", 0.9),
        ("其實很清楚。", 61.3),
    ]


def test_a_slow_clause_is_cut_before_it_is_on_for_too_long() -> None:
    cues = segment_cues(transcript(timed("這個問題我想了很久很久。", step=1.0)))
    assert len(cues) == 2
    assert max(cue.end - cue.start for cue in cues) <= 7.0


def test_an_hour_without_punctuation_is_cut_into_cues_that_fit() -> None:
    cues = segment_cues(transcript(timed("大模型的能力" * 3_000)))
    assert all(max(map(columns, cue.lines)) <= 42 for cue in cues)
    assert sum(len(cue.text.replace("\n", "")) for cue in cues) == 18_000


def test_the_reason_says_how_many_words_were_heard() -> None:
    words = (*timed("那個"), Word("圖", Span(0.4, 0.6)))
    [cue] = segment_cues(transcript(words))
    assert cue.confidence == pytest.approx(0.6)
    assert cue.reason == "2 of 3 words heard, the other timed between them"


def rated(text: str, *confidence: float | None) -> tuple[Word, ...]:
    pairs = zip(timed(text), confidence, strict=True)
    return tuple(replace(word, confidence=rated) for word, rated in pairs)


@pytest.mark.parametrize(
    ("words", "confidence", "reason"),
    [
        (rated("那個圖", 0.9, 0.9, 0.9), 0.9, "all 3 words heard"),
        (rated("對", 0.8), 0.8, "its one word heard"),
        (rated("那個圖", 0.9, 0.3, 0.3), 0.5, "all 3 words heard; 2 doubtful"),
        (rated("那個圖", 0.9, 0.3, None), 0.4, TIMED_BETWEEN + "; 1 doubtful"),
        (
            rated("那個圖", 0.9, None, None),
            0.3,
            "1 of 3 words heard, the others timed between them",
        ),
        (rated("那個圖", None, None, None), 0.0, "all 3 words timed between others, not heard"),
        (rated("對", None), 0.0, "its one word timed between others, not heard"),
    ],
)
def test_the_reason_says_what_the_confidence_is_made_of(
    words: tuple[Word, ...], confidence: float, reason: str
) -> None:
    [cue] = segment_cues(transcript(words))
    assert cue.confidence == pytest.approx(confidence)
    assert cue.reason == reason


def finding(kind: FindingKind, start: float, end: float) -> Finding:
    return Finding(kind, "圖", "because", Span(start, end))


def test_the_reason_names_what_findings_say_of_the_time_of_the_cue() -> None:
    words = transcript(timed("好的，那曾老師先說吧。謝謝"))  # 0 .. 0.4 .. 1.8 .. 2.2
    findings = [
        finding(FindingKind.NOT_IN_TEXT, 0.0, 0.4),
        finding(FindingKind.OVERLAPPING_SPEECH, 0.2, 1.0),
        finding(FindingKind.OVERLAPPING_SPEECH, 1.2, 1.5),
        finding(FindingKind.MISHEARD, 0.43, 1.82),
        finding(FindingKind.LOW_CONFIDENCE, 1.8, 2.2),
        finding(FindingKind.DOUBTFUL_SPEAKER, 1.9, 2.2),
        Finding(FindingKind.MISHEARD, "圖", "nowhere"),
    ]
    assert [cue.reason for cue in segment_cues(words, CLAUSES, findings)] == [
        "all 2 words heard; more than one person speaks",
        "all 7 words heard; more than one person speaks; something else is heard here",
        "all 2 words heard; the sound fits the text badly; who speaks is not sure",
    ]


def test_a_cue_without_a_known_time_has_that_as_its_only_reason() -> None:
    words = (*timed("說了，", 1.0), *untimed("沒有說的，"), *timed("又說了。", 5.0))
    overlap = finding(FindingKind.OVERLAPPING_SPEECH, 0.0, 9.0)
    reasons = [cue.reason for cue in segment_cues(transcript(words), KEEPING, [overlap])]
    assert reasons[1] == NO_TIME_KNOWN


KEEPING = CueRules(keep_untimed=True, cutting=Cutting.CLAUSES)


def untimed(text: str, speaker: str | None = None) -> tuple[Word, ...]:
    return tuple(Word(word, speaker=speaker) for word in split_words(text))


def test_clauses_without_a_time_can_be_kept_between_their_neighbours() -> None:
    words = (*timed("說了，", 1.0), *untimed("沒有說的，"), *timed("又說了。", 5.0))
    cues = segment_cues(transcript(words), KEEPING)
    assert [cue.text for cue in cues] == ["說了，", "沒有說的，", "又說了。"]
    kept = cues[1]
    assert cues[0].end <= kept.start < kept.end <= cues[2].start == 5.0
    assert (kept.confidence, kept.reason) == (0.0, NO_TIME_KNOWN)


def test_several_kept_clauses_share_the_room_there_is() -> None:
    words = (*timed("說了，"), *untimed("一二，三四，五六，"), *timed("又說了。", 1.0))
    starts = [cue.start for cue in segment_cues(transcript(words), KEEPING)]
    assert starts == pytest.approx([0.0, 0.4, 0.6, 0.8, 1.0])


def test_where_there_is_no_room_a_kept_clause_lasts_no_time_and_moves_nobody() -> None:
    words = (*timed("說了，"), *untimed("沒有，"), *timed("又說了。", 0.4))
    before, kept, after = segment_cues(transcript(words), KEEPING)
    assert before.end == kept.start == kept.end == after.start == 0.4


def test_words_without_a_time_inside_a_clause_are_kept_in_its_cue() -> None:
    words = (*untimed("我"), *timed("看"), *untimed("到"), *timed("它。", 0.4))
    [cue] = segment_cues(transcript(words), KEEPING)
    assert (cue.text, cue.start) == ("我看到它。", 0.0)
    assert cue.reason == "2 of 4 words heard, the others without a time"


def test_kept_clauses_at_the_ends_of_a_talk_stay_inside_it_or_follow_it() -> None:
    words = (*untimed("開頭，"), *timed("說了，", 10.0), *untimed("結尾一，結尾二。"))
    first, spoken, *last = segment_cues(transcript(words), KEEPING)
    assert 0 <= first.start < first.end <= spoken.start
    assert [cue.start for cue in last] == pytest.approx([10.4, 10.4 + 5 / 6])


def test_a_kept_clause_does_not_join_two_speakers() -> None:
    words = (*timed("好", speaker="甲"), *untimed("對", "乙"), *timed("行", 3.0, speaker="甲"))
    cues = segment_cues(transcript(words), KEEPING)
    assert [(cue.text, cue.speaker) for cue in cues] == [("好", "甲"), ("對", "乙"), ("行", "甲")]


TEXTS = st.text(st.sampled_from("大模型的能力，。！ GPT-4.abc「」、"), min_size=1, max_size=120)
WORDS = st.builds(
    lambda text, gaps, lost: [
        (word, gaps[k % len(gaps)], k % lost == 0) for k, word in enumerate(split_words(text))
    ],
    TEXTS.map(str.strip).filter(bool),
    st.lists(st.floats(0, 2), min_size=1, max_size=5),
    st.integers(2, 9),
)


@given(
    st.lists(WORDS, min_size=1, max_size=4),
    st.sampled_from(
        [
            PLAIN_RULES,
            CLAUSES,
            CueRules(max_columns=16, max_lines=1, min_duration=1.0),
            CueRules(keep_untimed=True),
            KEEPING,
        ]
    ),
)
def test_cues_hold_all_timed_text_in_order_and_never_overlap(
    paragraphs: list[list[tuple[str, float, bool]]], rules: CueRules
) -> None:
    now, made = 0.0, []
    for paragraph in paragraphs:
        words = []
        for text, gap, is_lost in paragraph:
            span = Span(now + gap, now + gap + 0.15)
            words.append(Word(text) if is_lost else Word(text, span, 0.5))
            now = span.end
        made.append(Paragraph(tuple(words)))
    talk = Transcript(tuple(made))
    cues = segment_cues(talk, rules)
    shown = "".join(word.text for word in talk.words if word.span or rules.keep_untimed)
    assert without_spaces("".join(cue.text for cue in cues)) == without_spaces(shown)
    assert all(before.end <= after.start for before, after in pairwise(cues))
    assert all(
        0 < len(cue.lines) <= rules.max_lines and all(cue.lines) for cue in cues if cue.text.strip()
    )
    onsets = {word.span.start for word in talk.words if word.span}
    assert all(cue.start in onsets for cue in cues if cue.reason != NO_TIME_KNOWN)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("甲乙丙"),
            st.sampled_from(["對。", "好的，", "我覺得這個圖很清楚，所以呢，", "Yes. "]),
            st.floats(0, 3),
            st.floats(0.01, 0.5),
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from(
        [
            PLAIN_RULES,
            KEEPING,
            CueRules(max_columns=16, max_lines=1, min_duration=1.0, name_room=NameRoom.EVERY),
        ]
    ),
)
def test_speakers_who_talk_over_each_other_lose_no_word_and_never_share_a_cue(
    said: list[tuple[str, str, float, float]], rules: CueRules
) -> None:
    start, turns = 0.0, []
    for speaker, text, later, step in said:
        start += later  # onsets are in order, as aligners give them; ends are not
        turns.append(timed(text, start, step, speaker))
    cues = segment_cues(transcript(*turns), rules)
    spoken = [(word.speaker, letter) for turn in turns for word in turn for letter in word.text]
    written = [(cue.speaker, letter) for cue in cues for letter in cue.text]
    assert [pair for pair in written if pair[1].strip()] == [
        pair for pair in spoken if pair[1].strip()
    ]
    assert all(before.end <= after.start for before, after in pairwise(cues))
    assert all(cue.start < cue.end for cue in cues)


FINDINGS = st.builds(
    lambda kind, start, duration: finding(kind, start, start + duration),
    st.sampled_from(FindingKind),
    st.floats(0, 30),
    st.floats(0, 10),
)


@given(st.lists(FINDINGS, max_size=12))
def test_findings_change_nothing_but_reasons(findings: list[Finding]) -> None:
    words = (*timed("好的，那曾老師先說吧。"), *timed("對，", 9.0), *timed("謝謝各位。", 20.0))
    plain = segment_cues(transcript(words))
    told = segment_cues(transcript(words), findings=findings)
    assert [replace(cue, reason="") for cue in told] == [replace(cue, reason="") for cue in plain]
    assert all(a.reason.startswith(b.reason) for a, b in zip(told, plain, strict=True))
    assert told == segment_cues(transcript(words), findings=[*findings, *findings])

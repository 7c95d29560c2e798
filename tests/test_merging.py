from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Alignment, FindingKind, HeardWord, Recognition, Span, Transcript
from subtools.lexicon import split_words
from subtools.merging import merge_recognition
from tests.speech import document, heard

TALK = "大模型的能力呈現出明顯的代際差，數據的質量和多樣性很重要，我們也做了一些探索。"
FOREIGN = "昨天晚上我們一家人去河邊散步，"


def kinds(alignment: Alignment) -> list[FindingKind]:
    return [finding.kind for finding in alignment.findings]


def onset(alignment: Alignment, text: str) -> float | None:
    """The onset of the word at which ``text`` begins in the body."""
    position = alignment.transcript.body.index(text)
    for word in alignment.transcript.words:
        if position <= 0:
            return word.span.start if word.span else None
        position -= len(word.text)
    raise AssertionError("not in the body")


def test_every_word_takes_the_time_at_which_it_was_heard() -> None:
    alignment = merge_recognition(document(TALK), heard((5.0, TALK)))
    starts = [word.span.start for word in alignment.transcript.words if word.span]
    assert starts == pytest.approx([5.0 + 0.2 * k for k in range(len(starts))])
    assert len(starts) == len(alignment.transcript.words)
    assert not alignment.findings


def test_homophones_and_the_other_script_match() -> None:
    written, said = "大模型的畢業能力很強，", "大模型的闭夜能力很强,"
    alignment = merge_recognition(document(written), heard(said))
    assert all(word.confidence and word.confidence > 0.9 for word in alignment.transcript.words)


def test_numbers_match_by_their_reading() -> None:
    alignment = merge_recognition(document("大概有85個模型，"), heard("大概有八十五个模型"))
    assert all(word.confidence for word in alignment.transcript.words)


def test_a_clause_that_was_not_spoken_has_no_time_and_is_reported() -> None:
    first, last = TALK.split("數據")
    alignment = merge_recognition(document(first + FOREIGN + "數據" + last), heard(TALK))
    [finding] = alignment.findings
    assert finding.kind == FindingKind.NOT_IN_AUDIO
    assert finding.text == FOREIGN
    assert alignment.transcript.body[slice(*(finding.offsets or ()))] == FOREIGN
    assert onset(alignment, FOREIGN) is None
    assert onset(alignment, "數據") == pytest.approx(0.2 * len(first.replace("，", "")))


def test_speech_that_is_not_written_is_reported_with_its_words_and_time() -> None:
    first, last = TALK.split("數據")
    alignment = merge_recognition(document(TALK), heard(first, FOREIGN, "數據" + last))
    [finding] = alignment.findings
    assert finding.kind == FindingKind.NOT_IN_TEXT
    assert finding.text == FOREIGN
    assert finding.offsets is None
    assert finding.span is not None
    assert finding.span.start == pytest.approx(0.2 * len(first.replace("，", "")))
    assert finding.span.duration == pytest.approx(0.2 * len(FOREIGN.replace("，", "")))


def test_a_swallowed_syllable_shares_the_time_of_its_neighbour() -> None:
    alignment = merge_recognition(document("我們也看到了它，"), heard("我們看到了它"))
    [swallowed] = [word for word in alignment.transcript.words if word.text == "也"]
    assert swallowed.span is not None
    assert swallowed.confidence is None
    assert 0.2 <= swallowed.span.start < swallowed.span.end <= 0.4
    assert not alignment.findings


def test_a_misheard_stretch_is_timed_between_its_neighbours_and_reported() -> None:
    written = "我們今天討論的問題是" + "能不能換個順序呢" + "這一點大家都覺得很重要，"
    said = "我們今天討論的問題是" + "啦啦啦啦啦啦啦啦" + "這一點大家都覺得很重要"
    alignment = merge_recognition(document(written), heard(said))
    assert onset(alignment, "能不能") == pytest.approx(2.0)
    assert onset(alignment, "這一點") == pytest.approx(3.6)
    assert kinds(alignment) == [FindingKind.MISHEARD]
    assert "啦啦啦啦啦啦啦啦" in alignment.findings[0].reason


def test_no_time_is_invented_for_a_long_disagreement() -> None:
    written = TALK + FOREIGN * 6 + TALK
    alignment = merge_recognition(document(written), heard(TALK, (60.0, TALK)))
    assert kinds(alignment) == [FindingKind.NOT_IN_AUDIO]
    assert alignment.findings[0].text == FOREIGN * 6
    assert onset(alignment, FOREIGN) is None


def test_a_document_that_goes_on_after_the_sound_ends_there() -> None:
    alignment = merge_recognition(document(TALK, FOREIGN * 3), heard(TALK))
    assert [finding.text for finding in alignment.findings] == [FOREIGN * 3]
    assert alignment.transcript.words[0].span is not None


def test_a_paragraph_without_a_letter_is_reported_not_timed() -> None:
    alignment = merge_recognition(document(TALK, "……", TALK), heard(TALK, TALK))
    [finding] = alignment.findings
    assert (finding.kind, finding.text) == (FindingKind.NOT_IN_AUDIO, "……")
    assert "nothing in it can be spoken" in finding.reason


def test_words_of_languages_with_spaces_are_carried_too() -> None:
    text = "The scaling law is certainly a fundamental factor, isn't it? "
    said = "the scalin law is certainly a fundamentel factor isn't it"
    alignment = merge_recognition(document(text), heard(said, language="en"))
    assert all(word.confidence for word in alignment.transcript.words)


def test_nothing_heard_gives_no_times() -> None:
    alignment = merge_recognition(document(TALK), Recognition((), (), "zh"))
    assert kinds(alignment) == [FindingKind.NOT_IN_AUDIO]


ALPHABET = "大模型的能力呈現出明顯代際差數據質量我們也做了一些, GPT4。，「」 "
SENTENCES = st.lists(
    st.text(st.sampled_from(ALPHABET), max_size=12).map(str.strip).filter(bool),
    min_size=1,
    max_size=8,
)


@given(SENTENCES, SENTENCES)
def test_whatever_is_heard_the_text_comes_back_and_time_only_goes_on(
    written: list[str], said: list[str]
) -> None:
    transcript = document(*written)
    alignment = merge_recognition(transcript, heard(*said))
    assert alignment.transcript.body == transcript.body
    assert_times_go_on(alignment.transcript)
    assert_untimed_words_are_reported(alignment)


@given(SENTENCES)
def test_what_is_heard_as_written_is_timed_throughout(written: list[str]) -> None:
    transcript = document(*(text + "好" for text in written))
    alignment = merge_recognition(transcript, heard(*(text + "好" for text in written)))
    assert all(word.span is not None for word in alignment.transcript.words)


@st.composite
def recognitions(draw: st.DrawFn) -> Recognition:
    """Words as recognisers give them: pauses, overlaps, no duration, no letters, lost speech."""
    segments, now = [], 0.0
    for text in draw(SENTENCES):
        words = []
        for piece in split_words(text):
            now = max(0.0, now + draw(st.sampled_from([-0.3, 0.0, 0.0, 0.0, 0.7, 4.0])))
            length = draw(st.sampled_from([0.0, 0.1, 0.2, 0.2, 1.5]))
            words.append(HeardWord(piece, now, now + length, draw(st.floats(0, 1))))
            now += length
        segments.append(tuple(words))
    edges = sorted(draw(st.lists(st.floats(0, now + 5), max_size=12, unique=True)))
    speech = tuple(Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))
    return Recognition(tuple(segments), speech, draw(st.sampled_from(["zh", "en", "ja"])))


@given(SENTENCES, recognitions())
def test_whatever_a_recogniser_gives_nothing_is_lost(
    written: list[str], recognition: Recognition
) -> None:
    transcript = document(*written)
    alignment = merge_recognition(transcript, recognition)
    assert alignment.transcript.body == transcript.body
    assert_times_go_on(alignment.transcript)
    assert_untimed_words_are_reported(alignment)


def assert_times_go_on(transcript: Transcript) -> None:
    spans = [word.span for word in transcript.words if word.span is not None]
    assert all(span.start < span.end for span in spans)
    assert all(before.end <= after.start + 1e-9 for before, after in pairwise(spans))


def assert_untimed_words_are_reported(alignment: Alignment) -> None:
    reported = [
        offset
        for finding in alignment.findings
        if finding.kind == FindingKind.NOT_IN_AUDIO and finding.offsets
        for offset in range(*finding.offsets)
    ]
    position = 0
    untimed: list[int] = []
    for word in alignment.transcript.words:
        if word.span is None:
            untimed += range(position, position + len(word.text))
        position += len(word.text)
    assert sorted(reported) == untimed


LONG_TALK = (
    "首先我想問各位嘉賓因為各位都是做大模型的那麼大模型的能力呢"
    "我們也看到它呈現出非常明顯的代際差大家都猜測說每一代的能力相差是很大的"
)


def test_a_text_without_punctuation_is_found_where_it_was_spoken() -> None:
    written = LONG_TALK + FOREIGN.strip("，") * 8 + TALK.replace("，", "")
    alignment = merge_recognition(document(written), heard(LONG_TALK, TALK))
    [finding] = alignment.findings
    assert finding.kind == FindingKind.NOT_IN_AUDIO
    assert finding.text == FOREIGN.strip("，") * 8
    said_before = LONG_TALK + TALK[: TALK.index("數據")].replace("，", "")
    assert onset(alignment, "數據") == pytest.approx(0.2 * len(said_before))


def test_words_said_in_the_middle_of_a_clause_do_not_cost_it_its_times() -> None:
    clause = "我們也看到它呈現出非常明顯的代際差，"
    said = clause[:9] + FOREIGN.strip("，") * 3 + clause[9:]
    alignment = merge_recognition(document(LONG_TALK, clause), heard(LONG_TALK, said))
    assert kinds(alignment) == [FindingKind.NOT_IN_TEXT]
    assert all(word.confidence for word in alignment.transcript.words)


def test_a_text_that_was_never_spoken_is_not_scattered_over_a_long_talk() -> None:
    talk = [LONG_TALK[k:] + TALK for k in range(30)]
    alignment = merge_recognition(document(FOREIGN * 4), heard(*talk))
    assert sum(word.confidence is not None for word in alignment.transcript.words) == 0


def test_swapped_paragraphs_are_reported_with_where_they_were_heard() -> None:
    first, second = LONG_TALK + "。", FOREIGN * 2 + "這是另外一件事情。"
    alignment = merge_recognition(document(first, second, TALK), heard(second, first, TALK))
    reasons = [f.reason for f in alignment.findings if f.kind == FindingKind.NOT_IN_AUDIO]
    assert len(reasons) == 1
    assert reasons[0].startswith("out of order: heard at 0:0")


def test_passages_missing_on_either_side_cost_nothing_between_them(clip_document: Path) -> None:
    talk = clip_document.read_text(encoding="utf-8").split("\n\n")[1:]
    alignment = merge_recognition(document(*talk[:2], *talk[6:]), heard(*talk[:8], *talk[11:]))
    heard_share = [
        sum(word.confidence is not None for word in paragraph.words) / len(paragraph.words)
        for paragraph in alignment.transcript.paragraphs
    ]
    written = [0, 1, *range(6, 12)]
    assert [k for k, share in zip(written, heard_share, strict=True) if share > 0.9] == [
        0,
        1,
        6,
        7,
        11,
    ]
    assert all(share == 0 for k, share in zip(written, heard_share, strict=True) if 8 <= k < 11)


def test_a_pause_is_no_room_for_words_that_were_not_spoken() -> None:
    first, last = TALK.split("數據")
    recognition = heard(first, (10.0, "數據" + last))
    end = 0.2 * len(first.replace("，", ""))
    speech = (Span(0.0, end + 0.05), Span(9.95, recognition.speech[-1].end))
    alignment = merge_recognition(
        document(first, "我們不同意。", "數據" + last), replace(recognition, speech=speech)
    )
    assert kinds(alignment) == [FindingKind.NOT_IN_AUDIO]
    assert alignment.findings[0].text == "我們不同意。"


def test_speech_that_nobody_recognised_is_reported() -> None:
    recognition = heard(TALK)
    end = recognition.speech[-1].end
    alignment = merge_recognition(
        document(TALK), replace(recognition, speech=(*recognition.speech, Span(end + 1, end + 5)))
    )
    [finding] = alignment.findings
    assert finding.kind == FindingKind.NOT_IN_TEXT
    assert finding.text == ""
    assert "not recognised" in finding.reason


def test_a_number_the_recogniser_gave_in_pieces_lasts_as_long_as_all_of_them() -> None:
    times = {"降到": (0.0, 0.4), "12": (0.4, 0.8), ".7": (0.8, 1.4), "%": (1.4, 2.0)}
    pieces = tuple(HeardWord(text, start, end, 0.9) for text, (start, end) in times.items())
    recognition = Recognition((pieces,), (Span(0.0, 2.0),), "zh")
    alignment = merge_recognition(document("降到12.7%。"), recognition)
    number = alignment.transcript.words[-1]
    assert number.text == "12.7%。"
    assert number.span is not None
    assert number.span.end == pytest.approx(2.0)
    assert number.span.start < 0.8


def test_a_gap_too_long_to_interpolate_across_stays_open() -> None:
    first, last = TALK.split("數據")
    lost = FOREIGN * 4  # 60 syllables, as long as the speech in its place
    recognition = heard(first, (30.0, "數據" + last))
    start = 0.2 * len(first.replace("，", ""))
    speech = (*recognition.speech, Span(start + 1, start + 13))
    alignment = merge_recognition(
        document(first + lost + "數據" + last),
        replace(recognition, speech=tuple(sorted(speech))),
    )
    assert onset(alignment, lost) is None
    assert set(kinds(alignment)) == {FindingKind.NOT_IN_AUDIO, FindingKind.NOT_IN_TEXT}


def test_a_disagreement_of_one_syllable_is_not_reported() -> None:
    alignment = merge_recognition(document("我們今天討論的問題"), heard("我們今啦討論的問題"))
    assert not alignment.findings
    [misheard] = [word for word in alignment.transcript.words if word.text == "天"]
    assert misheard.confidence is None
    assert misheard.span is not None


def test_a_word_does_not_last_through_a_pause() -> None:
    first, last = "我們今天討論", "明天再說吧大家辛苦了。"
    recognition = heard(first + "逼", (60.0, "啊" + last))
    alignment = merge_recognition(document(first + "爸。", last), recognition)
    assert all(w.span is None or w.span.duration < 1.0 for w in alignment.transcript.words)


def test_many_moved_and_missing_passages_are_told_apart(clip_document: Path) -> None:
    talk = clip_document.read_text(encoding="utf-8").split("\n\n")[1:]
    moved = [*talk[1:3], talk[0], *talk[4:], talk[3]]
    alignment = merge_recognition(document(*moved), heard(*talk))
    reasons = [f.reason for f in alignment.findings if f.kind == FindingKind.NOT_IN_AUDIO]
    assert sum(reason.startswith("out of order") for reason in reasons) == 2

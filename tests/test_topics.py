"""Where a talk turns to something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Paragraph, Topic, Transcript
from subtools.errors import DocumentError
from subtools.metrics import parse_reference
from subtools.topics import Wanted, find_topics, locate_topics, parse_wanted
from subtools.topics.asking import FOLLOW_UP, OPENING, asks_something
from subtools.topics.boundaries import THRESHOLD, Candidate, find_leader
from subtools.topics.choosing import choose_boundaries, least_topics, most_topics
from subtools.topics.clauses import Clause, find_clauses, fold
from tests.lectures import ANSWERS, QUESTIONS, interview, lines, talk, talk_of, talks

SUBJECTS = ("reactors", "bees", "glass", "tides", "paper")


def starts_of(transcript: Transcript, *texts: str) -> list[float]:
    """Return when the clauses begin that contain ``texts``."""
    clauses = find_clauses(transcript)
    return [next(c.start for c in clauses if text in c.text) for text in texts]


def without_speakers(transcript: Transcript) -> Transcript:
    paragraphs = [
        Paragraph(tuple(replace(word, speaker=None) for word in paragraph.words))
        for paragraph in transcript.paragraphs
    ]
    return Transcript(tuple(paragraphs))


# --- what holds for every talk


@given(talks, st.none() | st.integers(1, 6))
def test_topics_follow_each_other_from_the_first_word_to_the_last(
    transcript: Transcript, count: int | None
) -> None:
    topics = find_topics(transcript, count=count)
    clauses = find_clauses(transcript)
    assert bool(topics) == bool(clauses)
    if clauses:
        assert topics[0].start == clauses[0].start
        assert topics[-1].end == max(clauses[-1].end, topics[-1].start)
        assert all(a.end == b.start for a, b in pairwise(topics))
        assert all(topic.start in {clause.start for clause in clauses} for topic in topics)


@given(talks)
def test_the_number_of_topics_is_one_for_the_length(transcript: Transcript) -> None:
    clauses = find_clauses(transcript)
    topics = find_topics(transcript)
    assert len(topics) <= (most_topics(clauses[-1].end - clauses[0].start) if clauses else 0)


@given(talks, st.integers(1, 9))
def test_never_more_topics_than_asked_for(transcript: Transcript, count: int) -> None:
    assert len(find_topics(transcript, count=count)) <= count


@given(st.lists(lines, max_size=25))
def test_the_same_talk_has_the_same_topics(made: list[tuple[str | None, str, float]]) -> None:
    assert find_topics(talk(*made)) == find_topics(talk(*made))


@given(talks)
def test_every_topic_but_the_first_says_why_it_begins(transcript: Transcript) -> None:
    first, *others = find_topics(transcript) or (None,)
    assert first is None or first.confidence is None
    for topic in others:
        assert topic is not None
        assert topic.confidence is not None
        assert 0 <= topic.confidence <= 1


# --- who leads a talk opens its topics


def test_the_questions_of_whoever_leads_open_topics_and_their_follow_ups_do_not() -> None:
    transcript = interview(SUBJECTS, answers=4)
    found = find_topics(transcript)
    first_words = ("接下來想請教", "下一個問題", "我們再來聊聊", "那如果提到", "最後一個問題")
    assert [topic.start for topic in found[1:]] == starts_of(transcript, *first_words)[1:]
    assert len(found) == len(SUBJECTS)


def test_asking_for_more_of_the_same_opens_none_whatever_it_names() -> None:
    transcript = talk(
        ("宋老師", QUESTIONS["reactors"], 0.5),
        ("曾老師", ANSWERS["reactors"] * 9, 0.4),
        ("宋老師", "所以曾老師覺得是反應爐的這個優勢，中子也在你的書裡多次被提到，", 0.4),
        ("宋老師", "你覺得除了這個還有什麼關鍵的燃料和蒸汽的要素嗎，", 0.1),
        ("東老師", ANSWERS["reactors"] * 9, 0.4),
        ("宋老師", QUESTIONS["bees"], 0.4),
        ("東老師", ANSWERS["bees"] * 9, 0.4),
        ("宋老師", QUESTIONS["glass"], 0.4),
        ("東老師", ANSWERS["glass"] * 9, 0.4),
    )
    starts = [topic.start for topic in find_topics(transcript)]
    assert starts == [0.5 + 0.5, *starts_of(transcript, "下一個問題", "我們再來聊聊")]


def test_somebody_from_the_audience_opens_a_topic_and_the_host_who_repeats_it_does_not() -> None:
    transcript = talk(
        ("主持人", QUESTIONS["reactors"], 0.5),
        ("李博士", ANSWERS["reactors"] * 9, 0.4),
        ("主持人", QUESTIONS["bees"], 0.5),
        ("李博士", ANSWERS["bees"] * 9, 0.4),
        ("主持人", "下面請現場的觀眾提問，那位先生，", 0.5),
        ("觀眾", "謝謝，我想問玻璃的問題，窯裡的沙子要燒多久，吹玻璃的師傅怎麼知道溫度夠了？", 0.5),
        ("主持人", "他問的是玻璃，沙子要燒多久，師傅怎麼知道溫度，哪位老師先請？", 0.5),
        ("李博士", ANSWERS["glass"] * 9, 0.4),
    )
    starts = [topic.start for topic in find_topics(transcript)]
    assert starts_of(transcript, "謝謝，")[0] in starts
    assert starts_of(transcript, "他問的是")[0] not in starts


def test_a_question_that_is_answered_in_a_moment_opens_none() -> None:
    transcript = talk(
        ("主持人", QUESTIONS["reactors"], 0.5),
        ("李博士", ANSWERS["reactors"] * 9, 0.4),
        ("主持人", "請問方便知道您的大學和實驗室叫什麼名字嗎？", 0.5),
        ("陳博士", "清華。", 0.4),
        ("主持人", "好的，請說。", 0.5),
        ("陳博士", ANSWERS["reactors"] * 9, 0.4),
        ("主持人", QUESTIONS["bees"], 0.5),
        ("李博士", ANSWERS["bees"] * 9, 0.4),
    )
    assert [t.start for t in find_topics(transcript)] == [1.0, *starts_of(transcript, "下一個問題")]


def test_whoever_asks_the_others_leads() -> None:
    clauses = find_clauses(interview(SUBJECTS))
    turns: list[range] = []
    for index, clause in enumerate(clauses):
        if clause.is_first:
            turns.append(range(index, index + 1))
        else:
            turns[-1] = range(turns[-1].start, index + 1)
    assert find_leader(clauses, turns) == "王老師"
    assert find_leader(find_clauses(talk((None, "你好嗎？", 0.0))), [range(1)]) is None


# --- lectures


def test_a_lecture_turns_where_the_lecturer_says_so() -> None:
    lines = [
        ("講者", lead + ANSWERS[subject] * 12, 1.2)
        for lead, subject in zip(
            ("大家好，我們講反應爐，", "接下來講蜜蜂，", "下面看看玻璃，", "第四個問題是潮汐，"),
            SUBJECTS,
            strict=False,
        )
    ]
    transcript = talk(*lines)
    starts = [topic.start for topic in find_topics(transcript)]
    assert starts == starts_of(transcript, "大家好", "接下來", "下面看看", "第四個")


def test_a_long_pause_and_other_words_turn_a_lecture_that_announces_nothing() -> None:
    lines = [("講者", ANSWERS[subject] * 12, 2.5) for subject in SUBJECTS[:4]]
    transcript = talk(*lines)
    starts = [topic.start for topic in find_topics(transcript)]
    assert starts == starts_of(transcript, "反應爐", "蜜蜂", "玻璃是", "潮汐")


def test_who_speaks_need_not_be_known() -> None:
    transcript = without_speakers(interview(SUBJECTS, answers=5))
    starts = [topic.start for topic in find_topics(transcript)]
    true = starts_of(transcript, "下一個問題", "我們再來聊聊", "那如果提到", "最後一個問題")
    assert len(set(starts) & set(true)) >= 3


def test_a_text_without_punctuation_has_topics() -> None:
    lines = [
        ("講者", (lead + ANSWERS[subject] * 9).replace("，", "").replace("。", ""), 1.5)
        for lead, subject in zip(("", "接下來講", "下面講"), SUBJECTS, strict=False)
    ]
    assert [topic.start for topic in find_topics(talk(*lines))][1:] == pytest.approx(
        [line_start(lines, 1), line_start(lines, 2)]
    )


def line_start(lines: list[tuple[str, str, float]], number: int) -> float:
    clauses = find_clauses(talk(*lines))
    return [clause for clause in clauses if clause.is_first or clause.pause > 1][number].start


def test_english_questions_open_topics() -> None:
    answer = "The turbines on the ridge feed the grid when the wind blows over the hills. "
    other = "Our library keeps old letters in boxes and volunteers scan the letters. "
    last = "Glaciers melt faster each summer and the rivers below the glaciers flood. "
    transcript = talk(
        ("Host", "Let's start with energy, how do the turbines feed the grid? ", 0.5),
        ("Ann", answer * 12, 0.5),
        ("Host", "Thank you. Anything to add? ", 0.5),
        ("Bob", answer * 9, 0.5),
        ("Host", "My next question is about the library, who scans the old letters? ", 0.5),
        ("Ann", other * 15, 0.5),
        ("Host", "Let us talk about glaciers, why do they melt faster every summer? ", 0.5),
        ("Bob", last * 15, 0.5),
    )
    starts = [topic.start for topic in find_topics(transcript)]
    assert starts == starts_of(transcript, "Let's start", "My next", "Let us talk")


# --- unusual talks


def test_a_talk_in_which_nothing_has_a_time_has_no_topics() -> None:
    assert find_topics(talk(("王老師", "大家好。", 0.0), timed=False)) == ()
    assert find_topics(Transcript(())) == ()


def test_a_talk_of_one_clause_is_one_topic() -> None:
    (topic,) = find_topics(talk((None, "大家好，", 0.0)))
    assert topic == Topic("大家好", 0.5, topic.end, "the talk begins", None)


def test_a_talk_of_which_no_word_can_be_written_is_one_topic_too() -> None:
    assert [topic.title for topic in find_topics(talk((None, "……", 0.0)))] == ["…"]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_so_many_topics_as_asked_for_where_there_are_places(count: int) -> None:
    assert len(find_topics(interview(SUBJECTS), count=count)) == count


@given(
    st.lists(st.tuples(st.integers(1, 40), st.floats(-1, 4)), max_size=8, unique_by=lambda c: c[0]),
    st.none() | st.integers(1, 6),
)
def test_the_boundaries_with_most_evidence_are_chosen(
    places: list[tuple[int, float]], count: int | None
) -> None:
    clauses = find_clauses(talk(*[(None, "一二三四五六七八九十，", 5.0)] * 41))
    candidates = [Candidate(k, score, (), range(k, k + 1)) for k, score in sorted(places)]
    chosen = choose_boundaries(clauses, candidates, count)
    length = clauses[-1].end - clauses[0].start
    spacing, most = min(40, length / 20), (count or most_topics(length)) - 1
    fit = [c for c in candidates if clauses[c.clause].start >= clauses[0].start + spacing]
    sums = [sum(worth(c, count) for c in some) for some in chains(fit, clauses, most, spacing)]
    assert sum(worth(c, count) for c in chosen) == pytest.approx(max(sums))


def worth(candidate: Candidate, count: int | None) -> float:
    return candidate.score - THRESHOLD + (1e3 if count else 0)


def chains(
    candidates: list[Candidate], clauses: Sequence[Clause], most: int, spacing: float
) -> list[tuple[Candidate, ...]]:
    """Return all selections of at most ``most`` candidates that are far enough apart."""
    return [
        some
        for size in range(most + 1)
        for some in combinations(candidates, size)
        if all(
            clauses[a.clause].start <= clauses[b.clause].start - spacing for a, b in pairwise(some)
        )
    ]


def test_a_short_clip_has_few_topics_and_an_hour_a_page_of_them() -> None:
    assert least_topics(226) == 1
    assert most_topics(60) == 1
    assert 7 <= least_topics(3600) < most_topics(3600) <= 20


# --- the clip


def test_the_clip_is_about_one_thing(clip_reference: Path) -> None:
    reference = parse_reference(clip_reference.read_text("utf-8"))
    assert 1 <= len(find_topics(talk_of(reference))) <= 3


# --- words


@pytest.mark.parametrize(
    "text",
    ["數據會不會成為瓶頸", "您怎麼看呢，", "是一個模型還是幾個模型", "how do you pay for it?"],
)
def test_these_ask(text: str) -> None:
    assert asks_something(fold(text))


@pytest.mark.parametrize(
    "text",
    [
        "我不知道怎麼說，",
        "沒什麼問題，",
        "that is how it works.",
        "can you hear us",
        "the wind was the cause",
    ],
)
def test_these_do_not_ask(text: str) -> None:
    assert not asks_something(fold(text))


@pytest.mark.parametrize(
    "text",
    ["接下來講蜜蜂，", "最後給大家幾條建議，", "下面這個問題", "moving on to money", "let us talk"],
)
def test_these_open(text: str) -> None:
    assert OPENING.search(fold(text))


@pytest.mark.parametrize("text", ["還有其他老師想要補充的嗎", "what do you think about it"])
def test_these_follow_up(text: str) -> None:
    assert FOLLOW_UP.search(fold(text))


# --- topics that are given


def test_given_topics_are_found_where_their_words_are_said() -> None:
    transcript = interview(SUBJECTS)
    wanted = [Wanted("核電"), Wanted("蜜蜂跳舞", "下一個問題，蜜蜂"), Wanted("造紙", "古人是怎樣")]
    found = locate_topics(transcript, wanted)
    assert [topic.title for topic in found] == ["核電", "蜜蜂跳舞", "造紙"]
    true = starts_of(transcript, "下一個問題", "古人是怎樣")
    assert [topic.start for topic in found[1:]] == pytest.approx(true, abs=3)


@given(
    talks, st.lists(st.builds(Wanted, st.text("水火大模型", min_size=1)), min_size=1, max_size=5)
)
def test_given_topics_stay_in_order_with_their_titles(
    transcript: Transcript, wanted: list[Wanted]
) -> None:
    clauses = find_clauses(transcript)
    if len(clauses) < len(wanted):
        with pytest.raises(DocumentError, match="more topics than clauses"):
            locate_topics(transcript, wanted)
        return
    found = locate_topics(transcript, wanted)
    assert [topic.title for topic in found] == [topic.title for topic in wanted]
    assert [topic.start for topic in found] == sorted(topic.start for topic in found)


def test_a_file_without_titles_is_refused() -> None:
    with pytest.raises(DocumentError, match="no titles of topics"):
        parse_wanted("# nothing\n\n")

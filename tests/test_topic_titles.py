"""What topics are called: words that are said there, few, and no two alike."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Topic, Transcript
from subtools.lexicon import columns, is_spaceless
from subtools.metrics import parse_reference
from subtools.topics import find_topics
from subtools.topics.clauses import find_clauses, fold
from subtools.topics.titles import _side_by_side
from subtools.topics.wording import (
    MOST_COLUMNS,
    MOST_WORDS,
    Token,
    all_stretches,
    fit_tokens,
    fits,
    join_tokens,
    read_tokens,
    trim_tokens,
)
from tests.lectures import ANSWERS, QUESTIONS, interview, talk, talk_of, talks

SUBJECTS = ("reactors", "bees", "glass", "tides", "paper")
UNTITLED = "…"

sentences = st.text(
    "那我們接下來看看大模型的數據，會不會是瓶頸嗎？ GPT-4 how do the words go<&\u202e", max_size=80
)


def is_contraction(title: str, text: str) -> bool:
    """Tell whether all that is in ``title`` is in ``text``, in this order."""
    letters = iter(text)
    return all(letter in letters for letter in title if letter.isalnum())


def check_titles(transcript: Transcript, topics: tuple[Topic, ...]) -> None:
    clauses = find_clauses(transcript)
    for topic in topics:
        inside = [c for c in clauses if topic.start <= c.start and c.start <= topic.end]
        assert topic.title == UNTITLED or is_contraction(
            topic.title, "".join(c.text for c in inside)
        )
        assert is_short(topic.title)
        assert topic.title == topic.title.strip()
        assert "\n" not in topic.title
    assert len({fold(topic.title) for topic in topics}) == len(topics)


def is_short(title: str) -> bool:
    if any(map(is_spaceless, title)):
        return columns(title) <= MOST_COLUMNS
    return len(title.split()) <= MOST_WORDS


@given(talks, st.none() | st.integers(1, 8))
def test_titles_are_short_contractions_of_what_is_said_and_no_two_alike(
    transcript: Transcript, count: int | None
) -> None:
    check_titles(transcript, find_topics(transcript, count=count))


@pytest.mark.parametrize("count", [None, 1, 3, 6, 12])
def test_so_they_are_on_the_clip(clip_reference: Path, count: int | None) -> None:
    transcript = talk_of(parse_reference(clip_reference.read_text("utf-8")))
    check_titles(transcript, find_topics(transcript, count=count))


def test_so_they_are_where_every_answer_is_the_same() -> None:
    transcript = interview(("bees",) * 6)
    topics = find_topics(transcript, count=6)
    check_titles(transcript, topics)
    assert len(topics) == 6


def test_what_has_no_word_of_its_own_is_no_topic_of_its_own() -> None:
    transcript = talk(*[("王老師", "好。", 3.0)] * 4)
    assert [topic.title for topic in find_topics(transcript, count=4)] == ["好"]


def test_titles_keep_the_script_of_the_document() -> None:
    titles = [topic.title for topic in find_topics(interview(SUBJECTS, answers=4))]
    assert "核電廠的反應爐為什麼要用水來冷卻" in titles
    assert not any("电" in title or "应" in title for title in titles)


# --- a question condensed, an announcement, terms


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("那接下來我想請教各位老師，核電廠為什麼要用水冷卻？", "核電廠為什麼要用水冷卻"),
        ("好的，您覺得這個價格能持續嗎？", "價格能持續嗎"),
        ("那不知道各位後面是一個模型，還是幾個模型，", "後面是一個模型還是幾個模型"),
        ("那會不會有一天這種數據，會成為一個發展的瓶頸。", "會不會有一天數據會成為發展的瓶頸"),
        ("請問各位，能不能在家門口，叫到沒有司機的車？", "能不能在家門口叫到沒有司機的車"),
        ("想問垃圾是怎麼運走的？", "垃圾是怎麼運走的"),
        (
            "Helen, who decides what is kept in the archive?",
            "who decides what is kept in the archive",
        ),
    ],
)
def test_a_question_is_condensed(said: str, title: str) -> None:
    assert [topic.title for topic in find_topics(talk(("主持人", said, 0.0)))] == [title]


def test_two_clauses_of_a_title_have_a_comma_between_them_unless_the_second_goes_on() -> None:
    apart = _side_by_side(read_tokens("古人怎麼辦"), read_tokens("辦法有兩個"))
    assert join_tokens(apart) == "古人怎麼辦，辦法有兩個"
    on = _side_by_side(read_tokens("會不會對企業"), read_tokens("影響很大"))
    assert join_tokens(on) == "會不會對企業影響很大"


def test_a_question_is_not_cut_into_its_opposite() -> None:
    assert [token.text for token in read_tokens("普通人能不能在家門口")][1] == "能不能"


def test_who_is_to_answer_is_no_part_of_a_title() -> None:
    said = "撞了人到底應該算誰的，這個問題我想先交給程老師。"
    (topic,) = find_topics(talk(("主持人", said, 0.0)))
    assert "交給" not in topic.title


def test_names_of_those_who_are_addressed_are_no_part_of_a_title() -> None:
    transcript = talk(
        ("主持人", "張總，您覺得這個價格能持續嗎？", 0.0), ("張總", "價格不能持續。", 0.5)
    )
    assert [topic.title for topic in find_topics(transcript)] == ["價格能持續嗎"]


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("接下來講睡眠和記憶的關係。", "睡眠和記憶的關係"),
        ("第四個問題是生物鐘。", "生物鐘"),
        ("最後給大家幾條建議，", "幾條建議"),
    ],
)
def test_an_announcement_is_a_title_without_what_announces(said: str, title: str) -> None:
    lecture = talk(("講者", said + ANSWERS["glass"], 0.0))
    assert [topic.title for topic in find_topics(lecture)] == [title]


def test_where_nobody_asks_terms_are_the_title() -> None:
    (topic,) = find_topics(talk(("講者", ANSWERS["tides"] * 3, 0.0)))
    assert set(topic.title.split("、")) <= {"潮汐", "月亮", "海水", "潮水", "漁民", "滿月"}


def test_the_question_counts_and_not_the_follow_up_behind_it() -> None:
    said = QUESTIONS["reactors"] + "還有其他老師想要補充嗎？"
    (topic,) = find_topics(talk(("主持人", said, 0.0)))
    assert topic.title == "核電廠的反應爐為什麼要用水來冷卻"


# --- words left out


@given(sentences)
def test_what_is_left_is_in_order_and_fits(text: str) -> None:
    tokens = trim_tokens(read_tokens(text))
    kept, lost = fit_tokens(tokens, lambda _: 1.0)
    assert is_contraction(join_tokens(kept), text)
    assert lost >= 0
    assert fits(kept)


@given(sentences)
def test_every_stretch_fits_and_stands_in_the_text(text: str) -> None:
    squeezed = "".join(token.text for token in read_tokens(text))
    for title in all_stretches(read_tokens(text)):
        assert is_short(title)
        assert title.replace(" ", "") in squeezed.replace(" ", "")


@given(sentences)
def test_no_token_has_what_cannot_be_seen(text: str) -> None:
    tokens = read_tokens(text)
    assert not any("\u202e" in token.text for token in tokens)
    assert all(any(map(str.isalnum, token.text)) for token in tokens)
    said = Counter(letter for token in tokens for letter in token.text if letter.isalnum())
    assert said == Counter(letter for letter in text if letter.isalnum())


def test_a_word_longer_than_a_title_is_cut() -> None:
    (topic,) = find_topics(talk((None, "x" * 200, 0.0)))
    assert topic.title == "x" * (MOST_COLUMNS // 2)


def test_no_particle_is_left_alone() -> None:
    tokens = read_tokens("這樣的苦")
    kept, _ = fit_tokens(tokens, lambda _: 0.0)
    assert [token.text for token in kept] == ["苦"]


def test_latin_words_stand_apart_and_characters_do_not() -> None:
    tokens = [Token("用", "p"), Token("scaling", "eng"), Token("law", "eng"), Token("訓練", "v")]
    assert join_tokens(tokens) == "用scaling law訓練"

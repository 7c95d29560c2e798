"""Words and clauses: nothing of a text is lost, and each thing ends where a reader ends it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.lexicon import (
    clause_ranges,
    columns,
    ends_clause,
    ends_sentence,
    is_spaceless,
    may_pause,
    split_words,
    word_core,
)

# What transcripts are made of; st.text() alone hardly ever puts two of these together.
PIECES = (
    *("我們", "大模型", "，", "。", "「", "」", "GPT-4", "3.5", "1,000", "12:30", "don't", "idea"),
    *(" ", "\u3000", "...", "“", "”", "'", '"', "#", "$", "（", "）", "！", "J. ", "Dr. ", "U.S. "),
    *(
        "ラーメン",
        "・",
        "สวัสดี",
        "हिन्दी",
        "मैं",
        "한국어",
        "e\u0301",
        "——",
        "、",
        "😀",
        "\u200b",
        "𠀀",
    ),
)
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))


@given(TEXTS)
def test_the_words_joined_are_the_text(text: str) -> None:
    assert "".join(split_words(text)) == text


@given(TEXTS)
def test_each_word_holds_exactly_one_thing_to_say(text: str) -> None:
    words = split_words(text)
    assert all(words)
    if any(word_core(word) for word in words):
        assert all(split_words(word) == (word,) for word in words)
        assert all(word_core(word) in word and word_core(word) for word in words)


@given(TEXTS)
def test_a_word_of_a_spaceless_script_is_one_character(text: str) -> None:
    for word in split_words(text):
        core = word_core(word)
        assert not is_spaceless(core[:1]) or not any(map(str.isalnum, core[1:]))


@given(TEXTS)
def test_the_clauses_cover_the_words_in_order(text: str) -> None:
    words = split_words(text)
    ranges = clause_ranges(words)
    assert all(ranges)
    assert [index for clause in ranges for index in clause] == list(range(len(words)))


@given(TEXTS)
def test_a_clause_ends_only_where_a_clause_may_end(text: str) -> None:
    words = split_words(text)
    for clause in clause_ranges(words)[:-1]:
        assert ends_clause(words[clause[-1]], words[clause.stop])
        assert not any(ends_clause(words[k], words[k + 1]) for k in clause[:-1])


@given(TEXTS, TEXTS)
def test_the_end_of_a_sentence_is_the_end_of_a_clause_and_a_rest(word: str, following: str) -> None:
    if ends_sentence(word, following):
        assert ends_clause(word, following)
        assert may_pause(word)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("……", "……"),
        ("GPT-3。5，好", "GPT-|3。|5，|好"),
        ("他說：「你好！」（笑）然後", "他|說：|「你|好！」|（笑）|然|後"),
        ("——好。", "——好。"),
        ("說 “idea” 的", "說 |“idea” |的"),
        ("say \"hello\" to 'them' now", "say |\"hello\" |to |'them' |now"),
        ("don’t we, O'Neil?", "don’t |we, |O'Neil?"),
        ("漲了3.5%到1,000塊，12:30", "漲|了|3.5%|到|1,000|塊，|12:30"),
        ("價格¥100, $5 or 50€ and C# 很好", "價|格|¥100, |$5 |or |50€ |and |C# |很|好"),
        ("ジョン・スミス", "ジ|ョ|ン・|ス|ミ|ス"),
        ("ครับ ไม่", "ค|รั|บ |ไ|ม่"),
        ("हिन्दी में", "हिन्दी |में"),
        ("한국어 입니다.", "한국어 |입니다."),
        ("cafe\u0301 が\u3099", "cafe\u0301 |が\u3099"),
        ("𠀀葛\ufe00", "𠀀|葛\ufe00"),
        ("用snake_case", "用|snake_|case"),
    ],
)
def test_words_are_split_as_a_reader_splits_them(text: str, words: str) -> None:
    assert "|".join(split_words(text)) == words


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("好的，謝謝。", "好的，|謝謝。"),
        ("GPT-3。5很好。", "GPT-3。5很好。"),
        ("嘉賓,因為,我", "嘉賓,|因為,|我"),
        ("Well, yes. No? J. Smith said so.", "Well, yes. |No? |J. Smith said so."),
        ("你好. 我們走了.然後", "你好. |我們走了.|然後"),
        ("我們用.NET和U.S. 的", "我們用.NET和U.S. 的"),
        ("第3. Then on", "第3. |Then on"),
        ("他說：「好！」我走", "他說：|「好！」|我走"),
        ("一、二——三", "一、二——三"),
    ],
)
def test_clauses_end_where_a_reader_rests(text: str, clauses: str) -> None:
    words = split_words(text)
    texts = ["".join(words[clause.start : clause.stop]) for clause in clause_ranges(words)]
    assert "|".join(texts) == clauses


@pytest.mark.parametrize(
    ("word", "rests"),
    [("好、", True), ("三——", True), ("one: ", True), ("好", False), ("a ", False)],
)
def test_punctuation_lets_a_reader_rest(word: str, rests: bool) -> None:
    assert may_pause(word) is rests


@pytest.mark.parametrize(
    ("character", "spaceless"),
    [("推", True), ("の", True), ("ก", True), ("한", False), ("・", False), ("", False)],
)
def test_scripts_without_spaces_are_known(character: str, spaceless: bool) -> None:
    assert is_spaceless(character) is spaceless


@given(st.text(), st.text())
def test_columns_add_up(a: str, b: str) -> None:
    assert columns(a + b) == columns(a) + columns(b)


def test_the_clip_splits_into_characters_and_latin_words(clip_document: Path) -> None:
    words = split_words("".join(clip_document.read_text(encoding="utf-8").splitlines()[1:]))
    assert words[:4] == ("首", "先", "我", "想")
    assert "Scanning " in words
    assert "Law" in {word_core(word) for word in words}

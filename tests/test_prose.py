"""Readable text: marks, hesitations, numbers, spaces, paragraphs."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Alignment, Paragraph, Source, Span, Topic, Transcript, Word
from subtools.lexicon import split_words
from subtools.phonetics import Script
from subtools.prose import (
    Marks,
    MarksKind,
    Numbers,
    ProseSettings,
    Reading,
    Spacing,
    detect_marks,
    read_tokens,
    write_reading,
)
from subtools.prose.english import is_english_question
from subtools.prose.pauses import Pauses, measure_pauses
from subtools.prose.questions import is_chinese_question
from subtools.prose.restoring import Known, restore_marks
from subtools.prose.tokens import join_tokens
from tests.lectures import Line, talk

RESTORE = ProseSettings(Marks.RESTORE)
KEEP = ProseSettings(Marks.KEEP)
ABRIDGED = ProseSettings(Marks.KEEP, is_abridged=True)


def aligned(transcript: Transcript, language: str = "zh") -> Alignment:
    return Alignment(transcript, (), language, "phones")


def read(
    *texts: str,
    settings: ProseSettings = KEEP,
    language: str = "zh",
    recognised: Alignment | None = None,
) -> str:
    """Return the text of a talk of one speaker, a paragraph of the document each."""
    alignment = aligned(talk(*((None, text, 0.0) for text in texts)), language)
    return text_of(write_reading(alignment, settings, recognised=recognised))


def text_of(reading: Reading) -> str:
    return "\n".join(p.text for section in reading.sections for p in section.passages)


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def with_pauses(text: str, pauses: dict[int, float], language: str = "zh") -> Alignment:
    """Return ``text`` said with silences after some of its words, by their number."""
    now, words = 1.0, []
    for number, word in enumerate(split_words(text)):
        words.append(Word(word, Span(now, now + 0.25)))
        now += 0.25 + pauses.get(number, 0.0)
    return aligned(Transcript((Paragraph(tuple(words)),)), language)


# --- the words are never altered

PIECES = st.sampled_from(
    [
        *(
            "我",
            "們",
            "的",
            "模型",
            "不是",
            "沒有",
            "嗎",
            "呢",
            "那個",
            "就是",
            "對對對",
            "呃",
            "嗯",
        ),
        *("GPT-3。5", "GPT-4", "3.5", "50%", "2024年", "三十二個", "一下", "Scaling Law", "don't"),
        *("um", "you know", "the the", "Dr. Wang", "「好」", "（笑）", "$5", "U.S.", "①", "é"),
        *(
            "，",
            "。",
            "？",
            "！",
            ",",
            ".",
            "?",
            " ",
            "、",
            "：",
            "……",
            "；",
            "。」",
            "\u3000",
            "—",
        ),
    ]
)
DOCUMENTS = st.lists(st.lists(PIECES, min_size=1, max_size=25).map("".join), min_size=1, max_size=4)
SPEAKERS = st.sampled_from([None, "王老師", "Ann"])
SILENCES = st.sampled_from([0.0, 0.0, 0.03, 0.2, 0.6, 2.5, -0.3, None])


@st.composite
def alignments(draw: st.DrawFn) -> Alignment:
    """Return talks as aligners leave them: times missing, stepping back, speakers unknown."""
    now, paragraphs = 1.0, []
    for text in draw(DOCUMENTS):
        speaker, words = draw(SPEAKERS), []
        for word in split_words(text):
            silence = draw(SILENCES)
            now = max(0.0, now + (silence or 0.0))
            span = None if silence is None else Span(now, now + 0.2)
            words.append(Word(word, span, speaker=speaker))
            now += 0.2
        if words:
            paragraphs.append(Paragraph(tuple(words)))
    language = draw(st.sampled_from(["zh", "en", "ja"]))
    topics = draw(st.sampled_from([(), (Topic("一", 0, 2.0), Topic("二", 2.0, now + 2.0))]))
    return replace(aligned(Transcript(tuple(paragraphs)), language), topics=topics)


@given(alignments(), st.sampled_from(Marks), st.sampled_from(Spacing))
def test_only_marks_and_spaces_change(alignment: Alignment, marks: Marks, spacing: Spacing) -> None:
    reading = write_reading(alignment, ProseSettings(marks, spacing))
    assert letters(text_of(reading)) == letters(alignment.transcript.body)


@given(alignments())
def test_tokens_are_the_document(alignment: Alignment) -> None:
    joined = join_tokens(read_tokens(alignment))
    assert joined.replace(" ", "") == alignment.transcript.body.rstrip().replace(" ", "")


PRECIOUS = ["不", "沒", "無", "非", "GPT", "Scaling", "Law", "Wang", "王", "don't"]


@given(alignments(), st.sampled_from(Marks))
def test_the_edition_to_read_leaves_out_no_negation_number_or_term(
    alignment: Alignment, marks: Marks
) -> None:
    verbatim = text_of(write_reading(alignment, ProseSettings(marks)))
    abridged = text_of(write_reading(alignment, ProseSettings(marks, is_abridged=True)))
    for text in PRECIOUS:
        assert abridged.count(text) == verbatim.count(text)
    assert [c for c in abridged if c.isdigit()] == [c for c in verbatim if c.isdigit()]
    assert not Counter(letters(abridged).casefold()) - Counter(letters(verbatim).casefold())


@given(alignments())
def test_every_speaker_keeps_something_to_say(alignment: Alignment) -> None:
    def speakers(is_abridged: bool) -> list[str | None]:
        reading = write_reading(alignment, ProseSettings(is_abridged=is_abridged))
        listed = [p.speaker for section in reading.sections for p in section.passages]
        return [s for s, before in zip(listed, [object(), *listed], strict=False) if s != before]

    assert speakers(True) == speakers(False)


# --- marks


def test_a_mark_in_a_number_becomes_a_point_and_parts_nothing() -> None:
    text = read("我們看到GPT-3，GPT-3。5，以及版本3.5的模型。" * 6, settings=RESTORE)
    assert "GPT-3，GPT-3.5，" in text
    assert "3。5" not in text


def test_kept_marks_are_kept_to_the_letter() -> None:
    written = "我們看到GPT-3。5，「好。」他說：「走吧！」……然後；走了"
    assert read(written) == written


def test_full_stops_every_hundred_characters_are_mechanical() -> None:
    clause = "我們今天來講一講這個模型的訓練，"
    block = (clause * 6)[:-1] + "。"
    tokens = read_tokens(aligned(talk(*((None, block, 0.0) for _ in range(8)))))
    assert detect_marks(tokens) is MarksKind.MECHANICAL


CAREFUL = (
    "同學們好，今天講睡眠。一個人活到八十歲，有二十六年在床上。為什麼要花這麼多時間呢？"
    "有人說是為了節省體力，但是算下來，只省了一片麵包的熱量。我們先看看一個晚上。睡著以後，"
    "腦電波越來越慢，大約半個小時就進入了深睡。深睡的人很難被叫醒。再過一個小時，又變快了。"
    "這個時候叫醒他，他多半會告訴你，他正在做夢。你做夢嗎？大家都做。"
)


def test_sentences_of_a_careful_writer_are_left_alone() -> None:
    assert detect_marks(read_tokens(aligned(talk((None, CAREFUL, 0.0))))) is MarksKind.CAREFUL
    assert read(CAREFUL, settings=ProseSettings()) == CAREFUL


def test_a_text_without_marks_has_none_to_keep() -> None:
    tokens = read_tokens(aligned(talk((None, letters(CAREFUL), 0.0))))
    assert detect_marks(tokens) is MarksKind.MISSING


def test_a_language_whose_words_are_not_known_keeps_its_marks() -> None:
    text = "これはとても長い話です" * 30
    assert read(text, settings=ProseSettings(), language="ja") == text


def test_a_long_silence_ends_a_sentence_where_a_short_one_parts_clauses() -> None:
    text = "今天天氣很好我們去了公園後來下雨了大家就回家了"
    pauses = {5: 0.3, 11: 0.9, 16: 0.3}
    found = text_of(write_reading(with_pauses(text, pauses), RESTORE))
    assert found == "今天天氣很好，我們去了公園。後來下雨了，大家就回家了。"


def test_a_silence_beside_an_interpolated_word_says_nothing() -> None:
    alignment = with_pauses("今天天氣很好然後我們去了公園", {7: 1.5})
    words = [
        replace(word, confidence=None if place == 7 else 0.9)
        for place, word in enumerate(alignment.transcript.words)
    ]
    unsure = replace(alignment, transcript=alignment.transcript.with_words(words))
    assert "然後我們去了公園" not in text_of(write_reading(alignment, RESTORE))
    assert "然後我們去了公園" in text_of(write_reading(unsure, RESTORE))


def test_mechanical_marks_are_set_anew_and_questions_found() -> None:
    clauses = (
        "我先說一下，這個題目很大，數據不夠用怎麼辦呢，所以我們要合成數據，謝謝大家，"
        "那麼王老師有補充嗎，我沒有補充，"
    )
    found = read(*[clauses[:-1] + "。"] * 8, settings=ProseSettings())
    assert "王老師有補充嗎？" in found
    assert "怎麼辦呢？" in found
    assert found[:-1].count("。") != 7


def test_setting_good_marks_anew_heeds_what_they_said() -> None:
    assert read(CAREFUL, settings=RESTORE).count("。") >= CAREFUL.count("。") - 2


def test_a_topic_begins_with_a_sentence() -> None:
    alignment = aligned(talk(("王", "我們講模型的訓練，數據從哪裡來，" * 10, 0.0)))
    words = alignment.transcript.words
    span = words[16].span
    assert span is not None
    topics = (Topic("甲", 0.5, span.start), Topic("乙", span.start, 60.0))
    reading = write_reading(replace(alignment, topics=topics), RESTORE)
    first, second = (text_of(replace(reading, sections=(s,))) for s in reading.sections)
    assert first[-1] in "。？"
    assert letters(second).startswith(letters("".join(word.text for word in words[16:20])))


def test_a_speaker_ends_with_a_sentence() -> None:
    lines: list[tuple[str, str, float]] = [
        ("甲", "你覺得怎麼樣，", 0.0),
        ("乙", "我覺得很好，", 0.0),
    ]
    reading = write_reading(aligned(talk(*lines * 30)), ProseSettings())
    assert {p.text for p in reading.sections[0].passages} == {"你覺得怎麼樣？", "我覺得很好。"}


def test_an_answer_is_a_clause_and_what_leads_on_ends_nothing() -> None:
    lines: list[Line] = [
        ("甲", "好的那東老師呢，", 0.0),
        ("乙", "我想說的就是說，我們的數據不夠，對 這裡，", 0.0),
    ]
    reading = write_reading(aligned(talk(*lines * 30)), ProseSettings())
    first, second = (p.text for p in reading.sections[0].passages[:2])
    assert first == "好的，那東老師呢？"
    assert second.startswith("我想說的就是說，我們的數據不夠")
    assert " " not in second


def at_commas(text: str, silence: float) -> str:
    """Return ``text``, whose marks mean nothing, with marks set anew; each comma is a silence."""
    words = split_words(text)
    pauses = {number: silence for number, word in enumerate(words) if "，" in word}
    tokens = read_tokens(with_pauses(text, pauses))
    restored = restore_marks(tokens, Known(MarksKind.MECHANICAL))
    return "".join(token.text + token.mark for token in restored)


@pytest.mark.parametrize(
    "text",
    [
        "當我們有了更多的數據，更好的訓練算法，對模型的各種理解之後，我們會發現一些規律。",
        "你什麼也不用做，就可以看到結果。",
        "這是一個很重要的factor，或者甚至是最重要的。",
        "他們去了北京，以及其他幾個城市。",
        "你要喝茶，還是要喝咖啡。",
        "我們看了數據，並且寫了報告。",
    ],
)
def test_no_sentence_ends_where_the_words_go_on(text: str) -> None:
    assert at_commas(text, 0.7) == text


def test_words_that_go_on_begin_a_sentence_after_a_long_silence_or_a_careful_stop() -> None:
    assert at_commas("你什麼也不用做，就可以看到結果。", 1.2) == "你什麼也不用做。就可以看到結果。"
    written = CAREFUL + "我們寫了報告。或者說是一本書。"
    assert read(written, settings=RESTORE).endswith("報告。或者說是一本書。")


def test_a_when_that_is_closed_holds_nothing_more() -> None:
    text = "當我們訓練的時候就會發現這個問題，今天我們講數據的質量。"
    assert at_commas(text, 0.9) == text.replace("，", "。")


def test_a_recogniser_is_believed_where_it_heard_the_same_words() -> None:
    text = "模型的效果有很大的提升數據的質量最重要"
    alignment = with_pauses(text, {})
    heard = with_pauses("模型的效果有很大的提升。数据的质量最重要。", {})
    alone = text_of(write_reading(alignment, RESTORE))
    assert "提升。數據" not in alone
    both = text_of(write_reading(alignment, RESTORE, recognised=heard))
    assert both == "模型的效果有很大的提升。數據的質量最重要。"


def test_no_mark_parts_a_word_or_a_number_from_what_it_counts() -> None:
    found = text_of(write_reading(with_pauses("模型有兩萬張卡片", {0: 0.1, 4: 0.1}), RESTORE))
    assert found == "模型有兩萬張卡片。"


def test_the_stop_at_the_end_of_a_paragraph_is_a_mark() -> None:
    text = "That is a very good start."
    assert read(text, "Thanks for it, Maria.", settings=RESTORE, language="en").startswith(text)
    assert ".." not in read(*[text] * 40, settings=RESTORE, language="en")


def test_marks_between_english_words_are_half_width() -> None:
    text = "So we built it and it worked Then we sold it so Then it is gone and then the rest"
    found = text_of(write_reading(with_pauses(text, {6: 0.7}, "en"), RESTORE))
    assert found.startswith("So we built it and it worked. Then we sold it")
    assert found.endswith(".")


@pytest.mark.parametrize(
    ("clause", "asks"),
    [
        ("那你觉得有什么问题吗", True),
        ("这是怎么运走的呢", True),
        ("后来呢", True),
        ("如果当时有人看了呢", True),
        ("那不知道其他老师有没有不同的意见", False),
        ("我不知道他在哪里", False),
        ("大模型的能力呢", False),
        ("我们走吧", False),
        ("这样对吧", True),
        ("什么都可以", False),
        ("要么", False),
    ],
)
def test_chinese_questions(clause: str, asks: bool) -> None:
    assert is_chinese_question((clause,)) is asks


def test_a_question_without_a_particle_is_believed_only_at_the_end_of_a_speech() -> None:
    clause = ("那你们有几位老师参加",)
    assert is_chinese_question(clause)
    assert not is_chinese_question(clause, is_last=False)


@pytest.mark.parametrize(
    ("clauses", "asks"),
    [
        ((("what", "do", "you", "think"),), True),
        ((("So", "Tom", "can", "you", "hear", "us"),), True),
        ((("Maria",), ("would", "you", "like", "to", "begin")), True),
        ((("what", "survived", "was", "a", "file"),), False),
        ((("I", "know", "what", "you", "think"),), False),
        ((("how", "many", "are", "there"),), True),
    ],
)
def test_english_questions(clauses: tuple[tuple[str, ...], ...], asks: bool) -> None:
    assert is_english_question(clauses) is asks


def test_pauses_are_measured_against_the_talks_own() -> None:
    slow = measure_pauses([0.0] * 50 + [0.8] * 20)
    assert slow == Pauses(0.8)
    assert slow.favour_end(0.8) < Pauses(0.2).favour_end(0.8)
    assert Pauses().favour_mark(None) == 0.0
    assert Pauses().favour_mark(0.0) < 0 < Pauses().favour_mark(0.1)


# --- hesitations


@pytest.mark.parametrize(
    ("said", "read_as"),
    [
        ("呃，我們看一下，嗯，這個圖。", "我們看一下，這個圖。"),
        ("我我我覺得很好。", "我覺得很好。"),
        ("我覺得，我覺得很好。", "我覺得很好。"),
        ("這個這個模型，就是，很大。", "這個模型，很大。"),
        ("對對對，我同意。", "對，我同意。"),
        ("然後，那個，我們走了。", "然後，我們走了。"),
        ("因為因為數據不夠。", "因為數據不夠。"),
        ("所以我覺得我覺得可以。", "所以我覺得可以。"),
        ("好的，呃。我們開始。", "好的。我們開始。"),
        ("Um, so I I think it is, you know, fine.", "So I think it is, fine."),
        ("We we built it, um, and it works.", "We built it, and it works."),
    ],
)
def test_hesitations_go(said: str, read_as: str) -> None:
    language = "en" if said.isascii() else "zh"
    assert read(said, settings=ABRIDGED, language=language) == read_as
    assert read(said, language=language) == said


@pytest.mark.parametrize(
    "said",
    [
        "那個報告很好，就是這樣。",
        "不是不是，我沒有說。",
        "慢慢來，看看，研究研究，非常非常好。",
        "一個一個來，三三兩兩。",
        "他說他說過了。",
        "誰誰誰說過什麼什麼。",
        "好好學習，天天向上。",
        "嗯。",
        "嗯，我去。",
        "那麼那麼多，這麼這麼大。",
        "She is in the ER, so so.",
        "這個。",
        "曾老師曾老師您好。",
        "I know that that is very very good, no no.",
        "You know the answer, and I mean it.",
        "twenty twenty",
    ],
)
def test_what_says_something_stays(said: str) -> None:
    language = "en" if said.isascii() else "zh"
    assert read(said, settings=ABRIDGED, language=language) == said


def test_words_of_other_languages_are_no_hesitations() -> None:
    text = "Wir fahren um drei, und er er er kommt."
    assert read(text, settings=ABRIDGED, language="de") == text


def test_a_talk_without_words_is_a_text_without_words() -> None:
    assert text_of(write_reading(aligned(Transcript(())))) == ""


# --- numbers, spaces, script


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("二零二四年三月十五日", "2024年3月15日"),
        ("百分之五十的人", "50%的人"),
        ("百分之三點五", "3.5%"),
        ("三百二十個人，二十三歲", "320個人，23歲"),
        ("兩百萬人", "200萬人"),
        ("十二點五倍", "12.5倍"),
    ],
)
def test_safe_numbers_become_digits(written: str, digits: str) -> None:
    assert read(written, settings=ProseSettings(Marks.KEEP, numbers=Numbers.DIGITS)) == digits


@pytest.mark.parametrize(
    "written",
    [
        *("看一下一些，十分好，萬一", "七八十個，十幾個，三五個人", "三個人，一個", "一千五百多個"),
        *(
            "三十多個，好幾十年",
            "一千五個",
            "百分之七八十",
            "千萬不要",
            "第一，二十",
            "九九八十一個",
        ),
    ],
)
def test_other_numbers_stay(written: str) -> None:
    assert read(written, settings=ProseSettings(Marks.KEEP, numbers=Numbers.DIGITS)) == written


@pytest.mark.parametrize(
    ("written", "han"),
    [
        ("2024年3月15日", "二零二四年三月十五日"),
        ("佔50%的", "佔百分之五十的"),
        ("有320個，2個", "有三百二十個，兩個"),
        ("用GPT-4，H100，3.5，$5", "用GPT-4，H100，3.5，$5"),
    ],
)
def test_safe_digits_become_characters(written: str, han: str) -> None:
    assert read(written, settings=ProseSettings(Marks.KEEP, numbers=Numbers.HAN)) == han


@pytest.mark.parametrize(
    ("spacing", "text"),
    [
        (Spacing.KEEP, "我們用GPT-4 來做50%的「AI」，a b"),
        (Spacing.SPACE, "我們用 GPT-4 來做 50% 的「AI」，a b"),
        (Spacing.NONE, "我們用GPT-4來做50%的「AI」，a b"),
    ],
)
def test_spaces_between_scripts_are_a_choice(spacing: Spacing, text: str) -> None:
    written = "我們用GPT-4 來做50%的「AI」，a b"
    assert read(written, settings=ProseSettings(Marks.KEEP, spacing)) == text


def test_the_script_may_change_with_its_words() -> None:
    settings = ProseSettings(Marks.KEEP, script=Script.CN)
    assert read("滑鼠裡的軟體。", settings=settings) == "鼠标里的软件。"


# --- paragraphs


def test_a_long_speech_has_paragraphs_that_end_with_sentences() -> None:
    reading = write_reading(aligned(talk(("王", CAREFUL * 6, 0.0))), KEEP)
    passages = reading.sections[0].passages
    assert len(passages) > 3
    assert all(p.text[-1] in "。？" and 60 < len(p.text) < 450 for p in passages)
    assert "".join(p.text for p in passages) == CAREFUL * 6


def test_the_paragraphs_of_a_careful_document_are_kept() -> None:
    paragraphs = [CAREFUL, CAREFUL[:60] + "好。", CAREFUL]
    assert read(*paragraphs) == "\n".join(paragraphs)


def test_topics_are_sections_and_what_comes_before_the_first_belongs_to_it() -> None:
    alignment = aligned(talk(("甲", "你好。", 0.0), ("乙", "很好。", 9.0)))
    topics = (Topic("問候", 1.0, 8.0), Topic("回答", 8.0, 20.0))
    reading = write_reading(replace(alignment, topics=topics))
    assert [(s.title, text_of(replace(reading, sections=(s,)))) for s in reading.sections] == [
        ("問候", "你好。"),
        ("回答", "很好。"),
    ]


def test_a_text_without_times_speakers_and_topics_is_a_text_all_the_same() -> None:
    transcript = talk((None, CAREFUL, 0.0), timed=False)
    reading = write_reading(aligned(replace(transcript, source=Source(title="睡眠"))))
    assert reading.title == "睡眠"
    assert text_of(reading) == CAREFUL
    assert reading.sections[0].passages[0].start is None

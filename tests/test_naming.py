"""Names from what is said: who is handed over to, introduced, thanked, and who is not."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtools.core import (
    Alignment,
    NameBasis,
    Paragraph,
    Source,
    Span,
    Speaker,
    Transcript,
    Turn,
    Word,
)
from subtools.errors import DocumentError
from subtools.lexicon import split_words
from subtools.naming import (
    GivenName,
    NamesFile,
    clean_name,
    name_speakers,
    parse_names,
    rename_speakers,
    report_names,
    restore_labels,
)
from subtools.naming.likeness import likeness
from subtools.naming.mandarin_names import find_mandarin_names, listed_names
from subtools.naming.passage import Passage
from subtools.pairing import pair_best, pair_margin, pair_total
from subtools.phonetics.scripts import simplify

Script = Sequence[tuple[str, str]]
WORD = 0.2  # s

# (Voice, what it says.) Names of the voices here are only letters.
HOSPITAL = (
    ("H", "各位好，今天我们来聊一聊睡眠的问题，先请方主任给大家讲讲，为什么现在失眠的人越来越多。"),
    (
        "A",
        "谢谢，其实失眠有很多种，有的人是睡不着，有的人是醒得太早，原因完全不一样，治疗也不一样。",
    ),
    ("H", "明白了，那罗医生怎么看呢，您在门诊看到的情况是这样吗。"),
    (
        "B",
        "我同意方主任的看法，门诊里面年轻人特别多，主要还是压力和手机，这个我们后面可以再展开讲。",
    ),
    ("A", "嗯，"),
    ("B", "所以第一步往往不是吃药，而是把作息调整过来，这个比什么都重要。"),
    ("H", "谢谢罗医生，那方主任，您觉得药物应该什么时候用。"),
    ("A", "药物当然有它的位置，但是要在医生的指导下，短期使用，不要自己加量。"),
    ("H", "好的，罗医生还有补充吗。"),
    ("B", "我补充一点，就是不要把白天的咖啡忘了，很多人下午还在喝，晚上当然睡不好。"),
    ("H", "太好了，非常感谢两位，我们下次再见。"),
)
CHESS = (
    ("H", "Welcome back everyone. Tonight we talk about chess with two coaches. "),
    ("A", "Thanks for having me. I'm Nadia Holt, and I teach beginners in the north of the city. "),
    ("H", "Great. And over to you, Oscar. "),
    ("B", "Hello. I run a small club for children, we meet every week and we play fast games. "),
    ("H", "Nadia, what do you tell people who lose their first ten games? "),
    ("A", "I tell them that everybody does. As Magnus said, you learn more from those. "),
    ("H", "What do you think about that, Oscar? "),
    ("B", "I agree with Nadia. Children forget a loss in five minutes, adults take a week. "),
    ("H", "Thank you, Oscar. Let us take a short break. "),
)


def dialogue(script: Script, title: str | None = None) -> tuple[Transcript, tuple[Turn, ...]]:
    """Return what is said with times, one voice after the other, and the turns."""
    words: list[Word] = []
    turns: list[Turn] = []
    now = 0.0
    for voice, text in script:
        start = now
        for word in split_words(text):
            words.append(Word(word, Span(now, now + WORD), 0.9, voice))
            now += WORD
        turns.append(Turn(voice, start, now))
        now += 0.5
    return Transcript((Paragraph(tuple(words)),), Source(title=title)), tuple(turns)


def names(script: Script, title: str | None = None, **options: object) -> dict[str, str]:
    """Return what each voice of ``script`` is called."""
    speakers = name_speakers(*dialogue(script, title), **options)  # type: ignore[arg-type] # passed on
    return {speaker.label: speaker.name for speaker in speakers}


# --- who is who


def test_who_speaks_after_a_hand_over_has_that_name() -> None:
    assert names(HOSPITAL) == {"H": "主持人", "A": "方主任", "B": "罗医生"}


def test_traditional_text_gives_traditional_names_and_roles() -> None:
    from opencc import OpenCC

    script = [(voice, OpenCC("s2t").convert(text)) for voice, text in HOSPITAL]
    assert names(script) == {"H": "主持人", "A": "方主任", "B": "羅醫生"}


def test_english_names_come_from_introductions_and_addresses() -> None:
    assert names(CHESS) == {"H": "Host", "A": "Nadia Holt", "B": "Oscar"}


def test_every_name_has_its_quotes_with_times_and_a_confidence() -> None:
    transcript, turns = dialogue(HOSPITAL)
    for speaker in name_speakers(transcript, turns):
        assert speaker.quotes
        assert 0 < (speaker.confidence or 0) <= 1
        for quote in speaker.quotes:
            assert quote.text in transcript.body
            assert quote.span is not None
            assert 0 <= quote.span.start <= turns[-1].end
        onsets = [quote.span.start for quote in speaker.quotes if quote.span]
        assert onsets == sorted(onsets)


def test_people_say_their_own_names() -> None:
    script = (
        ("A", "大家好，我叫沈立群，今天想跟大家分享一下我们在山里修路的故事。"),
        ("B", "大家好，我是来自水利局的丁晓燕，我主要负责河道的治理，已经做了很多年。"),
        ("C", "我是负责后勤的，平时话不多，今天也来听一听，向大家学习一下。"),
    )
    assert names(script) == {"A": "沈立群", "B": "丁晓燕", "C": "C"}


def test_a_full_name_is_shown_where_only_the_surname_is_called_later() -> None:
    script = (
        ("H", "欢迎收听，今天的嘉宾请先介绍一下自己，让大家认识认识您好吗。"),
        ("A", "好的，大家好，我叫沈立群，我在山里修了二十年的路，很高兴来到这里。"),
        ("H", "沈老师，您第一次进山是什么时候，当时害怕吗。"),
        ("A", "那是二十年前的冬天，路上全是雪，我们走了三天才到，怎么会不害怕呢。"),
    )
    assert names(script)["A"] == "沈立群"


def test_a_roll_call_names_whoever_answers() -> None:
    script = (
        ("T", "同学们好，现在开始点名，点到的同学说一说自己的计划。徐朗。"),
        ("A", "到，我的计划是把去年没有写完的小说写完，一共还有三章没有写。"),
        ("T", "很好，邱月。"),
        ("B", "在，我想学会游泳，因为我从小就怕水，今年一定要学会它。"),
        ("T", "下一位，蒋一鸣。"),
        ("C", "到，我没有什么计划，我就想多睡一会儿，每天都能睡够八个小时。"),
        ("T", "最后是常青。"),
        ("D", "到，我要去看我的外婆，她住在很远的海边，我已经三年没有见过她。"),
    )
    found = names(script)
    assert {k: found[k] for k in "ABC"} == {"A": "徐朗", "B": "邱月", "C": "蒋一鸣"}


def test_a_latin_name_in_chinese_speech_is_a_name() -> None:
    script = (
        ("H", "我们先请Kevin来说说，你们团队是怎么做测试的，有什么经验。"),
        ("A", "好，我们的测试分三层，最底下是单元测试，每次提交都会自动跑一遍。"),
        ("H", "谢谢Kevin，那Grace你怎么看，你们那边是不是不太一样。"),
        ("B", "我们确实不太一样，因为我们的系统很老，很多东西没有办法自动测。"),
        ("H", "Kevin你有什么建议吗，对于这种很老的系统。"),
        ("A", "可以先从最常出问题的地方开始，不用一下子全部都覆盖到。"),
        ("H", "Grace觉得可行吗。"),
        ("B", "我觉得可行，我们下个月就可以试一试，先从付款的部分开始。"),
    )
    assert names(script) == {"H": "主持人", "A": "Kevin", "B": "Grace"}


# --- spellings


def test_one_person_in_two_spellings_of_one_sound_has_one_name() -> None:
    script = [(v, t.replace("那罗医生", "那骡医生")) for v, t in HOSPITAL]
    speakers = {s.label: s for s in name_speakers(*dialogue(script))}
    assert speakers["B"].name == "罗医生"
    assert any(quote.reason.startswith("骡医生") for quote in speakers["B"].quotes)


def test_two_people_of_one_sound_keep_their_own_characters() -> None:
    script = (
        ("H", "我们先请章老师说一说，这一季的葡萄长得怎么样，雨水够不够多。"),
        ("A", "今年的雨水不少，葡萄长得比去年快，但是要小心病害，叶子都要看一看。"),
        ("H", "那张老师呢，您在南边，情况是不是不一样。"),
        ("B", "我们那边正好相反，从春天开始就没有下过一场像样的雨，大家都很着急。"),
        ("H", "章老师，您有什么建议吗。"),
        ("A", "可以在行间种草，把水分留住，这个办法我们用了十年，效果一直不错。"),
        ("H", "好的，张老师先说说看可不可行。"),
        ("B", "我们试过一点，草长得太高反而抢水，可能要选矮一点的品种才可以。"),
    )
    assert names(script) == {"H": "主持人", "A": "章老师", "B": "张老师"}


def test_two_people_whom_one_name_fits_do_not_both_get_it() -> None:
    script = (
        ("H", "那李老师先说吧。"),
        ("A", "我觉得这个问题要从小学抓起，孩子的兴趣是最重要的，不能只看分数。"),
        ("H", "好的，另外一位李老师您怎么看。"),
        ("B", "我教的是高中，压力大得多，所以我的看法可能跟大家都不太一样。"),
    )
    found = names(script)
    assert sorted(found.values()).count("李老师") <= 1


@pytest.mark.parametrize(
    ("a", "b", "least", "most"),
    [
        ("东", "董", 1.0, 1.0),
        ("曾", "增", 1.0, 1.0),
        ("孙", "宋", 0.6, 0.99),
        ("程", "陈", 0.6, 0.99),
        ("林", "宁", 0.6, 0.99),
        ("贺", "赵", 0.0, 0.5),
        ("jon", "john", 1.0, 1.0),
        ("josé", "jose", 0.7, 1.0),
        ("王", "wang", 0.0, 0.0),
    ],
)
def test_likeness_is_that_of_sound(a: str, b: str, least: float, most: float) -> None:
    assert least <= likeness(a, b) <= most
    assert likeness(a, b) == likeness(b, a)


# --- traps


def test_somebody_who_is_only_talked_about_names_nobody() -> None:
    script = (
        ("A", "这个想法其实是王老师告诉我的，王老师是我以前的邻居，他每天都会写三行字。"),
        ("B", "真有意思，后来怎么样了，你也开始写了吗，写了多久。"),
        ("A", "写了九年了，王老师后来搬走了，我们很少见面，但是我一直记得他。"),
        ("B", "我也想试试，从明天开始，每天睡觉以前写三行，看看能坚持多久。"),
    )
    assert names(script) == {"A": "A", "B": "B"}


def test_a_thank_you_to_somebody_absent_names_nobody() -> None:
    script = (
        ("A", "我们的项目做了两年，中间停过一次，因为没有钱，后来又重新开始了。"),
        ("B", "对，说到这里我们要感谢胡院长给我们提供了场地，没有场地什么都做不了，真的。"),
        ("A", "是的，场地是最难找的，城里的房租太贵了，一般人根本租不起来。"),
    )
    assert names(script) == {"A": "A", "B": "B"}


def test_who_mentions_a_name_does_not_bear_it() -> None:
    found = names((("A", "那王老师先说吧。"), ("A", "我先讲一讲这个村子的历史，它有六百年了。")))
    assert found == {"A": "A"}


def test_one_hand_over_that_another_answers_does_not_outweigh_the_rest() -> None:
    script = (
        *HOSPITAL[:-1],
        ("H", "罗医生先来回答这个问题。"),
        ("A", "这个还是我先来吧，因为上个星期正好有一个病人问过我同样的问题，印象很深。"),
        ("H", "好的好的。"),
    )
    assert names(script) == {"H": "主持人", "A": "方主任", "B": "罗医生"}


def test_a_brief_yes_between_hand_over_and_answer_does_not_take_the_name() -> None:
    script = list(HOSPITAL)
    script.insert(3, ("A", "好的，"))
    assert names(script) == {"H": "主持人", "A": "方主任", "B": "罗医生"}


def test_as_somebody_said_is_no_hand_over() -> None:
    script = (
        ("A", "I think the bridge should have been closed last year, and I said so then. "),
        ("B", "As Tobias said, nobody wants to be the one who closes a bridge. "),
        ("C", "That is true, but somebody has to do it, and it will be expensive for us. "),
    )
    assert names(script) == {"A": "A", "B": "B", "C": "C"}


def test_no_evidence_gives_no_name() -> None:
    script = (
        ("A", "今天的天气真好，我们去河边走一走吧，好久没有去了。"),
        ("B", "好啊，不过要早一点回来，晚上还有客人要来吃饭呢。"),
    )
    speakers = name_speakers(*dialogue(script))
    assert [(s.name, s.basis, s.confidence, s.quotes) for s in speakers] == [
        ("A", NameBasis.NONE, None, ()),
        ("B", NameBasis.NONE, None, ()),
    ]


def test_a_monologue_has_no_host_and_no_name_from_those_it_mentions() -> None:
    text = (
        "大家好，欢迎收听这一期节目。我的朋友张总说过一句话，张总是做软件的。谢谢李教授给我的建议。"
    )
    assert names([("A", text)]) == {"A": "A"}


@pytest.mark.parametrize(
    "text",
    [
        "我是程序员，",
        "我是高中生，",
        "我是很同意的，",
        "我是负责安全的，",
        "请关注，",
        "各位老师好，",
    ],
)
def test_ordinary_words_are_no_names(text: str) -> None:
    assert list(find_mandarin_names(Passage(text, simplify(text)), "")) == []


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("那曾老師先說吧", "曾老師"),
        ("请张宏江博士。谢谢张宏江博士", "张宏江博士"),
        ("我们有请欧阳老师", "欧阳老师"),
        ("鐘老師", "鐘老師"),
        ("和曾老师一起", "曾老师"),
        ("那周总怎么看", "周总"),
    ],
)
def test_titles_end_a_name_and_surnames_begin_it(text: str, spelling: str) -> None:
    found = list(find_mandarin_names(Passage(text, simplify(text)), ""))
    assert spelling in {occurrence.spelling.text for occurrence in found}


def test_a_title_lists_the_guests() -> None:
    assert list(listed_names("夜谈 | 嘉宾：沈立群、丁晓燕")) == [("沈", "立群"), ("丁", "晓燕")]


# --- roles


def test_the_audience_is_numbered_in_the_order_of_its_questions() -> None:
    script = (
        *HOSPITAL[:-1],
        ("H", "下面是观众提问的时间，后排举手的那位朋友，请。"),
        ("X", "各位好，我想请教一下，孩子晚上做作业到很晚，应该怎么办呢。"),
        ("H", "方主任请回答。"),
        ("A", "作业的问题我没有办法，不过周末不要补太多的觉，每天差不多时间起床就好。"),
        ("H", "还有哪位观众要提问。"),
        ("Y", "老师好，我想问老人睡得少是不是正常的，我妈妈每天只睡四个小时。"),
        ("H", "罗医生请。"),
        ("B", "老人睡得少是正常的，只要白天精神好，就不用太担心，也不要吃药。"),
        ("H", "好的，谢谢两位，我们下次再见。"),
    )
    found = names(script)
    assert (found["X"], found["Y"]) == ("观众 1", "观众 2")
    assert (found["H"], found["A"], found["B"]) == ("主持人", "方主任", "罗医生")


def test_who_only_asks_in_an_interview_is_its_host() -> None:
    script = (
        ("H", "您是什么时候开始养蜂的呢？"),
        ("A", "三十年以前，那个时候我刚刚从部队回来，家里只有两个蜂箱。"),
        ("H", "第一年就有收成吗？"),
        ("A", "第一年什么都没有，蜜蜂全跑了，我在山上找了三天，一只也没有找到。"),
        ("H", "那后来是怎么学会的？"),
        ("A", "后来有一个老师傅教我，他说你不要急，你先看，看一年再动手。"),
        ("H", "您现在有多少箱蜂？"),
        ("A", "现在有两百多箱，不过我自己只管一半，另外一半是我女儿在管。"),
    )
    assert names(script) == {"H": "主持人", "A": "A"}


def test_a_header_names_the_host() -> None:
    assert names(HOSPITAL, "健康夜话 | 主持人：宁静")["H"] == "宁静"


# --- what the user and the voice library say


def test_the_users_names_hold_against_all_others() -> None:
    given = parse_names("B: 罗大夫\nH: {name: 小雨}\n")
    assert names(HOSPITAL, given=given) == {"H": "小雨", "A": "方主任", "B": "罗大夫"}


def test_a_heard_name_is_shown_as_the_user_writes_it() -> None:
    given = parse_names("罗医生: {name: 骆医生, aliases: [罗大夫]}")
    speakers = {s.label: s for s in name_speakers(*dialogue(HOSPITAL), given=given)}
    assert (speakers["B"].name, speakers["B"].basis) == ("骆医生", NameBasis.GIVEN)


def test_a_sample_says_whose_voice_it_is() -> None:
    _, turns = dialogue(HOSPITAL)
    sample = Span(turns[1].start + 1, turns[1].end - 1)
    given = NamesFile((GivenName("方圆", "方圆", (), (sample,)),))
    assert names(HOSPITAL, given=given)["A"] == "方圆"


def test_a_known_voice_has_its_name_unless_the_user_gives_another() -> None:
    known = {"A": ("方圆", 0.9), "B": ("某人", 0.2), "H": ("小雨", 0.8)}
    found = names(HOSPITAL, known=known, given=parse_names("H: 大雨"))
    assert found == {"H": "大雨", "A": "方圆", "B": "罗医生"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SPEAKER_99: 王", "n.yaml:1: there is no voice SPEAKER_99"),
        ("A: 王\nB: 王", "n.yaml:2: two voices have the name '王'"),
        ("A: 王\n李: 0:12-0:20", "n.yaml:2: '王' and '李' are one voice, A"),
        ("李: 9:00:00-9:00:10", "n.yaml:1: nobody speaks where '李' should, at 9:00:00"),
        ("李: {span: later}", "n.yaml:1: 'later' is not a stretch of time"),
        ("李: 0:20-0:10", "n.yaml:1: '0:20-0:10' ends before it begins"),
        ("\nA: {nmae: 王}", "n.yaml:2: 'nmae' is not known here"),
        ("A:", "n.yaml:1: nothing is said about 'A'"),
        ("A: {name: ''}", "n.yaml:1: a name is missing"),
    ],
)
def test_names_that_cannot_be_are_refused_with_their_line(text: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        name_speakers(*dialogue(HOSPITAL), given=parse_names(text, path="n.yaml"))
    assert message in str(caught.value)


def test_samples_may_be_several() -> None:
    (name,) = parse_names("李: {spans: [0:01-0:02, '1:00:00.5 - 1:00:01'], aliases: 小李}").names
    assert name.spans == (Span(1, 2), Span(3600.5, 3601))
    assert name.spellings == ("李", "小李")


@given(st.text())
def test_clean_names_are_one_short_line(text: str) -> None:
    name = clean_name(text)
    assert clean_name(name) == name
    assert {unicodedata.category(c) for c in name} & {"Cc", "Cf", "Cs", "Zl", "Zp"} == set()
    assert len(name) <= 60


# --- what always holds


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_name_comes_twice_whatever_voices_the_words_have(data: st.DataObject) -> None:
    script = data.draw(st.sampled_from([HOSPITAL, CHESS]))
    transcript, _ = dialogue(script)
    voices = data.draw(st.integers(1, 5))
    words: list[Word] = []
    turns: list[Turn] = []
    for word in transcript.words:
        assert word.span is not None
        label = f"SPEAKER_{data.draw(st.integers(0, voices - 1)):02d}" if not words else None
        is_change = random.Random(len(words) * 31 + voices).random() < 0.1
        speaker = label or (
            f"SPEAKER_{len(words) % voices:02d}" if is_change else words[-1].speaker or ""
        )
        words.append(replace(word, speaker=speaker))
        turns.append(Turn(speaker, word.span.start, word.span.end))
    speakers = name_speakers(transcript.with_words(words), turns)
    assert [s.label for s in speakers] == list(dict.fromkeys(turn.speaker for turn in turns))
    assert len({speaker.name for speaker in speakers}) == len(speakers)


@pytest.mark.parametrize("seed", range(8))
def test_a_twentieth_of_the_clauses_in_a_wrong_voice_gives_no_wrong_name(seed: int) -> None:
    rng = random.Random(seed)
    right = {"H": {"主持人", "H"}, "A": {"方主任", "A"}, "B": {"罗医生", "B"}}
    script = []
    for voice, text in HOSPITAL:
        for clause in text.replace("，", "，|").replace("。", "。|").split("|"):
            label = rng.choice("HAB") if rng.random() < 0.05 else voice
            script += [(label, clause)] if clause else []
    found = names(script)
    assert all(found[voice] in right[voice] for voice in found)


def test_words_without_times_and_voices_are_no_hindrance() -> None:
    transcript, turns = dialogue(HOSPITAL)
    bare = transcript.with_words([replace(word, speaker=None) for word in transcript.words])
    assert name_speakers(bare, turns) == name_speakers(transcript, turns)
    untimed = transcript.with_words([replace(word, span=None) for word in transcript.words])
    found = {s.label: s.name for s in name_speakers(untimed, turns)}
    assert found == {"H": "主持人", "A": "方主任", "B": "罗医生"}


def test_nothing_said_and_nobody_there_are_fine() -> None:
    assert name_speakers(Transcript(()), ()) == ()
    assert name_speakers(Transcript(()), [Turn("A", 0, 1)]) == (Speaker("A", "A"),)
    assert name_speakers(dialogue(HOSPITAL)[0], ()) == ()


# --- names in an alignment


def test_renaming_reaches_words_and_turns_and_can_be_taken_back() -> None:
    transcript, turns = dialogue(HOSPITAL)
    alignment = Alignment(transcript, (), "zh", "test", turns)
    named = rename_speakers(alignment, name_speakers(transcript, turns))
    assert {word.speaker for word in named.transcript.words} == {"主持人", "方主任", "罗医生"}
    assert [turn.speaker for turn in named.turns[:3]] == ["主持人", "方主任", "主持人"]
    assert restore_labels(named) == alignment
    others = [Speaker("某人", "A", NameBasis.GIVEN, 1.0)]
    again = rename_speakers(named, others)
    assert {word.speaker for word in again.transcript.words} == {"H", "某人", "B"}


def test_names_may_be_those_of_other_labels() -> None:
    transcript, turns = dialogue(HOSPITAL)
    alignment = Alignment(transcript, (), "zh", "test", turns)
    swapped = [Speaker("B", "A"), Speaker("A", "B"), Speaker("H", "H")]
    named = rename_speakers(alignment, swapped)
    assert named.turns[1].speaker == "B"
    assert restore_labels(named) == alignment


def test_the_report_has_three_quotes_at_most() -> None:
    lines = report_names(name_speakers(*dialogue(HOSPITAL)))
    heads = [line for line in lines if not line.startswith(" ")]
    assert [head.split(" (")[0] for head in heads] == ["主持人", "方主任", "罗医生"]
    assert len(lines) <= 4 * len(heads)
    assert any("“先请方主任给大家讲讲" in line for line in lines)


# --- the assignment


@given(st.integers(1, 4), st.integers(1, 4), st.randoms(use_true_random=False))
def test_no_other_assignment_scores_more(rows: int, columns: int, rng: random.Random) -> None:
    from itertools import permutations

    values = [[rng.choice([-1.0, 0.0, 0.5, 1.0, 2.0]) for _ in range(columns)] for _ in range(rows)]
    scores = np.array(values)
    places: list[int | None] = [*range(columns), *[None] * rows]
    best = max(
        sum(scores[row, column] for row, column in enumerate(choice) if column is not None)
        for choice in permutations(places, rows)
    )
    assert pair_total(scores) == pytest.approx(best)
    pairs = pair_best(scores)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert all(0 <= pair_margin(scores, pair) <= pair_total(scores) for pair in pairs)

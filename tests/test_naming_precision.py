"""What is no name: peoples, places, professions, parts of words; and names that conflict."""

from __future__ import annotations

import pytest

from subtools.core import NameBasis, Paragraph, Source, Span, Speaker, Transcript, Turn, Word
from subtools.lexicon import split_words
from subtools.naming import name_speakers
from subtools.persons import COMMON_SURNAMES
from subtools.phonetics.phrases import is_written_together
from subtools.phonetics.scripts import simplify

# The commonest two hundred of China (census of 2010) and hundred of Taiwan (2018).
TOP = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任"
    "卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
    "汤康易乔赖文洪詹翁殷俞季骆解柯卓纪游连古涂温颜倪简欧阮童凌尤巫施牛樊葛邢安齐伍庞聂章鲁岳翟申耿关兰焦左柳"
)


def found(*script: tuple[str, str]) -> dict[str, Speaker]:
    """Return the speakers of a talk, by voice."""
    now, words, turns = 0.0, [], []
    for voice, text in script:
        start = now
        for word in split_words(text):
            words.append(Word(word, Span(now, now + 0.2), 0.9, voice))
            now += 0.2
        turns.append(Turn(voice, start, now))
    transcript = Transcript((Paragraph(tuple(words)),), Source())
    return {speaker.label: speaker for speaker in name_speakers(transcript, turns)}


def said(*script: tuple[str, str]) -> dict[str, str]:
    """Return the names that come from what is said, by voice."""
    speakers = found(*script)
    return {k: s.name for k, s in speakers.items() if s.basis is NameBasis.SAID}


ENGLISH = "My question is whether this works for people who start from nothing at all. "
CHINESE = "我的问题是这个方法到底适不适合普通人，如果从零开始学需要多长时间呢。"
ANSWER = "好的，我觉得这个问题要从两方面来看，一方面是市场，另一方面是每个人自己的选择。"


@pytest.mark.parametrize(
    "text",
    [
        "I'm Swedish. ",
        "I'm Vice President of a firm. ",
        "I'm Dr. Patel's student. ",
        "This is Python, a language. ",
        "I am Legend is my film. ",
        "This is Easter week. ",
    ],
)
def test_what_somebody_is_in_english_is_no_name(text: str) -> None:
    assert said(("A", "Let us take a question from over there. "), ("B", text + ENGLISH)) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Let us go to Paris, shall we? ",
        "What about Bitcoin, is it dead? ",
        "Next is Beethoven. ",
        "We start with Genesis. ",
        "I can tell you Marx was wrong, wasn't he? ",
        "Lovely, thank you. ",
    ],
)
def test_what_is_talked_about_is_not_asked_to_speak(text: str) -> None:
    assert (
        said(("A", f"Welcome to the show. {text}"), ("B", ENGLISH), ("A", "Fine, thanks. ")) == {}
    )


@pytest.mark.parametrize(
    "text",
    [
        "We are only two today because Jonathan is sick. Get well soon, Jonathan. ",
        "Kevin from Ohio has sent us a box of cookies, hello Kevin. We love you, Kevin. ",
        "That was a letter from Maria, who is eight. Good night, Maria. ",
        "Thomas has left us after ten years, we will hear from him. Good luck, Thomas. ",
    ],
)
def test_wishes_and_farewells_ask_nobody_to_speak(text: str) -> None:
    assert said(("A", text), ("B", "So what are we doing today? " + ENGLISH)) == {}


@pytest.mark.parametrize("end", ["Bob Stone and Carl Young. ", "Bob Stone, and Carl. "])
def test_the_last_of_a_list_is_not_called_by_it(end: str) -> None:
    opening = "We have three guests who keep bees. Please welcome Anna Lee, " + end
    later = ("H", "Carl, how big is it? "), ("C", "As big as a plate, with stones in it. ")
    first = ("A", "It is good to be here, I have forty hives on the roof of a bank. ")
    assert "A" not in said(("H", opening), first)
    assert said(("H", opening), first, *later, later[0], later[1])["C"].startswith("Carl")


def test_a_guest_who_is_welcomed_speaks_next() -> None:
    opening = "Our first speaker is late. Please welcome Amara Diallo from the institute. "
    script = (
        *(("H", opening), ("A", "Thank you. I will talk about plankton, and about its names. ")),
        *(("B", "I am late, because of the train. "), ("H", "Amara, would you go on? ")),
    )
    assert said(*script) == {"A": "Amara"}


def test_two_people_who_say_where_they_are_introduce_themselves() -> None:
    script = (
        ("A", "Oh, hello. I did not know you were there. This is Diane in New Jersey. "),
        ("B", "And I'm Sheila in Texas, originally from Chicago as a matter of fact. "),
        ("A", "I am originally from Chicago also, but I am in New Jersey now though. "),
    )
    assert said(*script) == {"A": "Diane", "B": "Sheila"}


@pytest.mark.parametrize(
    "text", ["龙年，属龙的", "强迫症，看到就难受", "毕业，然后就工作了", "张飞，他是关羽"]
)
def test_what_somebody_is_in_chinese_is_no_name(text: str) -> None:
    assert said(("A", "请讲，话筒在这边。"), ("B", f"我是{text}。{CHINESE}")) == {}


@pytest.mark.parametrize(
    "who",
    [
        "纪录片导演",
        "武术教练",
        "公司老板",
        "海关处长",
        "江苏记者",
        "云南同学",
        "黄衣服女士",
        "班主任老师",
    ],
)
def test_descriptions_before_a_title_are_no_names(who: str) -> None:
    talk = (("A", f"大家好，今天我们聊一聊教育，那我们有请{who}来说一下。"), ("B", ANSWER))
    assert said(*talk, *talk) == {}


def test_whoever_is_listed_is_not_called_by_the_next_sentence() -> None:
    script = (
        ("A", "今天的嘉宾是李明老师和张华老师。先请第一位嘉宾来讲一讲这几年的变化。"),
        ("B", ANSWER),
    )
    assert said(*script) == {}


def test_two_people_of_one_surname_with_different_titles_are_two() -> None:
    script = (
        ("A", "我們先從產業界開始，陳總，您在第一線，最近客戶的狀況到底怎麼樣？"),
        ("B", "從第二季開始，我們看到庫存已經消化得差不多了，客戶開始補貨，歐洲比較保守。"),
        ("A", "那學界怎麼看呢，陳教授？"),
        ("C", "我從人才培育的角度補充，每年畢業的學生其實不到需求的一半，補不起來的。"),
    )
    assert said(*script) == {"B": "陳總", "C": "陳教授"}


def test_a_given_name_that_is_called_twice_is_a_name() -> None:
    script = (
        ("A", "昨天我們講到光合作用，誰可以告訴我光反應在哪裡？怡君，妳來說說看。"),
        ("B", "嗯，在類囊體膜上面，然後它需要很多的光才可以進行這個反應。"),
        ("A", "很好，那為什麼呢，怡君，妳再說說看。"),
        ("B", "因為它是把光的能量存起來，沒有光就沒有辦法存，所以晚上不行。"),
    )
    assert said(*script)["B"] == "怡君"


def test_a_voice_with_two_self_introductions_keeps_its_label() -> None:
    script = (
        ("A", "大家好，我叫沈立群，今天想跟大家分享一下我们在山里修路的故事。"),
        ("B", ANSWER),
        ("A", "大家好，我叫丁晓燕，我主要负责河道的治理，已经做了很多年。"),
    )
    assert said(*script) == {}


def test_of_two_voices_with_one_name_the_likelier_one_has_it() -> None:
    script = (
        ("A", "大家好，我叫沈立群，今天想跟大家分享一下我们在山里修路的故事。"),
        ("B", "大家好，我叫沈立群，是我自己说的，今天也来听一听大家说的故事。"),
        ("C", "沈立群，你先来说一说吧，大家都想听一听你的故事。"),
        ("A", ANSWER),
    )
    assert said(*script) == {"A": "沈立群"}


@pytest.mark.parametrize("call", ["The gentleman at the back, please. ", "The lady on my left. "])
def test_whoever_is_called_by_their_place_in_the_room_is_of_the_audience(call: str) -> None:
    script = (
        *(("H", "Grace, the floor is yours. "), ("A", "I took apart four hundred machines. " * 12)),
        *(("H", "Sam, what do you see? "), ("B", "A fuse that is glued in, every day. " * 12)),
        *(("H", call), ("X", "I teach at a college. How do other schools do that? ")),
    )
    assert found(*script)["X"].name == "Audience 1"


def test_a_nurse_who_asks_is_not_of_the_audience() -> None:
    script = (
        ("A", "昨天夜里收了两个病人，一个胸痛三小时，另外一个血糖很高，都已经处理过了。" * 3),
        ("B", "造影已经做了，放了一个支架，术后生命体征平稳，没有什么特别的事情。" * 3),
        ("C", "他家属想问一下什么时候可以下床，大家都很着急。"),
    )
    assert found(*script)["C"].basis is NameBasis.NONE


@pytest.mark.parametrize("surname", sorted(set(TOP)))
def test_common_surnames_are_known(surname: str) -> None:
    assert simplify(surname) in COMMON_SURNAMES


def test_word_knowledge_knows_words_and_not_names() -> None:
    assert is_written_together("车间")
    assert not is_written_together("志豪")

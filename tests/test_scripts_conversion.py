"""Traditional and Simplified Chinese, and the wording of regions; what is bound to text follows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Block, Cue, Native, Span, Subtitles, Word
from subtools.editing import carry_words, rewrite_script
from subtools.markup import markup_text
from subtools.phonetics import Script, convert_script, detect_script

PHRASES = [
    *("鼠标里面的软件", "我们的头发", "出租车", "视频网络信息", "皇后", "干净", "大家好", "程序"),
    *("滑鼠裡的軟體", "我們看著螢幕", "計程車", "説這些綫", "衞生", "裏面", "麵包", "GPT-4 模型"),
    *("U盘", "隨身碟", "幺", "人參", "污染", "吃飯", "只有一隻", "乾燥", "Hello, world!", ""),
]


@pytest.mark.parametrize(
    ("text", "to", "written"),
    [
        ("鼠标里面的软件", Script.TW, "滑鼠裡面的軟體"),
        ("鼠标里面的软件", Script.T, "鼠標裏面的軟件"),
        ("我们说这里", Script.HK, "我們説這裏"),
        ("滑鼠裡的軟體", Script.CN, "鼠标里的软件"),
        ("滑鼠裡的軟體", Script.S, "滑鼠里的软体"),
        ("我們在説這些", Script.TW, "我們在說這些"),
        ("頭髮與發展", Script.CN, "头发与发展"),
        ("U盘坏了", Script.TW, "隨身碟壞了"),
        ("大家好", Script.TW, "大家好"),
        ("R&D <3 GPT-4", Script.TW, "R&D <3 GPT-4"),
    ],
)
def test_texts_are_written_as_the_region_does(text: str, to: Script, written: str) -> None:
    assert convert_script(text, to) == written


def test_words_of_taiwan_that_look_like_others_of_the_mainland_stay() -> None:
    assert convert_script("這份文件的品質裡", Script.TW) == "這份文件的品質裡"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("我们的头发", Script.S),
        ("我們的頭髮", Script.T),
        ("我們在這裡", Script.TW),
        ("我們在説這些", Script.HK),
        ("大家好", None),
        ("Hello", None),
        ("", None),
    ],
)
def test_the_script_is_told_by_its_own_characters(text: str, script: Script | None) -> None:
    assert detect_script(text) is script


def test_japanese_is_not_touched() -> None:
    assert convert_script("会社へ行く", Script.TW) == "会社へ行く"


@given(st.lists(st.sampled_from(PHRASES)).map("".join), st.sampled_from(list(Script)))
def test_converted_again_it_stays(text: str, to: Script) -> None:
    once = rewrite_script(Subtitles((Cue(0, 1, (text,)),)), to)
    assert rewrite_script(once, to) == once


@given(
    st.lists(st.lists(st.sampled_from(PHRASES)).map("".join), max_size=5),
    st.sampled_from(list(Script)),
)
def test_a_file_converted_again_stays(drawn: list[str], to: Script) -> None:
    file = Subtitles(tuple(Cue(n, n + 1, (text,)) for n, text in enumerate(drawn)))
    once = rewrite_script(file, to)
    assert rewrite_script(once, to) == once


@given(st.lists(st.sampled_from(PHRASES), min_size=1, max_size=6), st.sampled_from(list(Script)))
def test_no_cue_no_line_and_no_tag_is_lost(drawn: list[str], to: Script) -> None:
    cues = tuple(
        Cue(n, n + 1, (text, "第二行"), markup=f"<i>{text.replace('&', '')}</i>\n第二行")
        for n, text in enumerate(text.replace("&", "").replace("<", "") for text in drawn)
    )
    written = rewrite_script(Subtitles(cues), to)
    assert [len(cue.lines) for cue in written.cues] == [2] * len(cues)
    for cue in written.cues:
        assert markup_text(cue.markup) == cue.text
        assert cue.markup.count("<i>") == cue.markup.count("</i>") == 1


def test_a_line_that_tells_nothing_follows_the_file() -> None:
    file = Subtitles((Cue(0, 1, ("我们的软件",)), Cue(1, 2, ("程序",))))
    written = rewrite_script(file, Script.TW)
    assert [cue.text for cue in written.cues] == ["我們的軟體", "程式"]


def test_a_line_in_the_other_script_is_converted_from_that() -> None:
    file = Subtitles((Cue(0, 1, ("我們的頭髮很長",)), Cue(1, 2, ("鼠标",))))
    written = rewrite_script(file, Script.TW)
    assert [cue.text for cue in written.cues] == ["我們的頭髮很長", "滑鼠"]


def test_names_title_and_the_styles_of_voices_follow() -> None:
    style = '::cue(v[voice="东老师"]) { color: red }\n.东老师 {}'
    file = Subtitles(
        (Cue(0, 1, ("好",), "东老师", markup="<v 东老师>好<00:00:00.500></v>"),),
        title="圆桌",
        blocks=(Block("vtt", "STYLE", style), Block("vtt", "NOTE", "东")),
    )
    # One cue tells too little, so another one says which script it is.
    file = Subtitles((*file.cues, Cue(1, 2, ("软件",))), title=file.title, blocks=file.blocks)
    written = rewrite_script(file, Script.TW)
    assert written.cues[0].speaker == "東老師"
    assert written.cues[0].markup == "<v 東老師>好<00:00:00.500></v>"
    assert written.title == "圓桌"
    assert written.blocks[0].text == style.replace('"东老师"', '"東老師"')
    assert written.blocks[1].text == "东"


def test_tags_of_other_formats_are_not_converted() -> None:
    native = Native("ass", r"{\fn宋体}软件{\i1}鼠标\N好")
    cue = Cue(0, 1, ("软件鼠标", "好"), native=native)
    written = rewrite_script(Subtitles((cue,)), Script.TW).cues[0]
    assert written.native == Native("ass", r"{\fn宋体}軟體{\i1}滑鼠\N好")


def test_a_tag_inside_a_word_that_becomes_another_ends_the_native_text() -> None:
    native = Native("ass", r"软{\i1}件", (("style", "A"),))
    written = rewrite_script(Subtitles((Cue(0, 1, ("软件",), native=native),)), Script.TW).cues[0]
    assert written.lines == ("軟體",)
    assert written.native == Native("ass", "", (("style", "A"),))


def to_taiwan(text: str) -> str:
    return convert_script(text, Script.TW)


def test_words_of_the_same_length_keep_their_times() -> None:
    words = tuple(Word(c, Span(n, n + 1), 0.9) for n, c in enumerate("软件好"))
    carried = carry_words(words, to_taiwan)
    assert [word.text for word in carried] == ["軟", "體", "好"]
    assert [(w.span, w.confidence) for w in carried] == [(w.span, w.confidence) for w in words]


def test_words_of_another_length_share_the_time_and_are_not_sure() -> None:
    words = (
        Word("我", Span(0, 1), 0.9),
        Word("U", Span(1, 2), 0.8),
        Word("盘", Span(2, 3), 0.8),
        Word("坏", Span(3, 4), 0.9),
    )
    carried = carry_words(words, to_taiwan)
    assert "".join(word.text for word in carried) == "我隨身碟壞"
    assert carried[0] == words[0]
    assert carried[-1] == Word("壞", Span(3, 4), 0.9)
    inner = carried[1:-1]
    assert [word.text for word in inner] == ["隨", "身", "碟"]
    assert all(word.confidence is None for word in inner)
    spans = [word.span for word in inner if word.span]
    assert (spans[0].start, spans[-1].end) == (1, 3)


@given(st.lists(st.sampled_from(PHRASES)), st.sampled_from(list(Script)))
def test_words_joined_are_the_converted_text_and_their_times_are_in_order(
    drawn: list[str], to: Script
) -> None:
    text = "".join(drawn)
    words = [Word(c, Span(n, n + 1), 0.9) for n, c in enumerate(text)]
    carried = carry_words(words, lambda t: convert_script(t, to))
    assert "".join(word.text for word in carried) == convert_script(text, to)
    starts = [word.span.start for word in carried if word.span]
    assert starts == sorted(starts)
    assert len(starts) == len(carried)

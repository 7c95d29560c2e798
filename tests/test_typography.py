from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Punctuation
from subtools.typography import find_faults, typeset_lines

HANT, HANS, KEPT = Punctuation.HANT, Punctuation.HANS, Punctuation.KEPT

PIECES = st.sampled_from(
    [
        *"，。、；：？！（）「」『』“”‘’…,.;:?!()\"' \u3000\t",
        *(
            "...",
            "。。",
            "GPT-3。5",
            "GPT-3.5",
            "1,000",
            "１２",
            "12:30",
            "https://a.b/c?x=1,2",
            "U.S.",
        ),
        *(
            "大家",
            "模型",
            "王",
            "Hello",
            "don't",
            "Dr. ",
            "a@b.cn",
            "，，",
            "?!",
            "- ",
            "3",
            "、",
            "𠮷",
        ),
    ]
)
LINES = st.lists(
    st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=20), min_size=1, max_size=3
)


def typeset(line: str, punctuation: Punctuation) -> str:
    return "\n".join(typeset_lines([line], punctuation))


@pytest.mark.parametrize(
    ("line", "hant"),
    [
        ("大家好,歡迎!", "大家好，歡迎！"),
        ("你好嗎?我很好.", "你好嗎？我很好"),
        ("他說:好;再說", "他說：好；再說"),
        ("大模型(LLM)很大", "大模型（LLM）很大"),
        ("f(x)是函數", "f(x)是函數"),
        ("(笑)", "（笑）"),
        ("我說 Hello, world 你好", "我說 Hello, world 你好"),
        ("我們用GPT,然後", "我們用GPT，然後"),
        ("我們用GPT,", "我們用GPT"),
        ("你好, 世界", "你好，世界"),
        ("GPT-3。5很好。", "GPT-3。5很好"),
        ("GPT-3.5和1,000個", "GPT-3.5和1,000個"),
        ("比分3:5,時間12:30", "比分3:5，時間12:30"),
        ("請看https://a.cn/b?c=1,2。", "請看https://a.cn/b?c=1,2"),
        ("用.NET寫", "用.NET寫"),
        ("Dr. 王來了", "Dr. 王來了"),
        ("Hello, world.", "Hello, world."),
        ('他說"好"', "他說「好」"),
        ("他說“你好”", "他說「你好」"),
        ("I don’t know這個", "I don’t know這個"),
        ("等等...", "等等…"),
        ("等等。。。好", "等等…好"),
        ("他說「好。」", "他說「好。」"),
        ("蘋果、梨、", "蘋果、梨"),
        ("真的？", "真的？"),
        ("  你好  世界　", "你好 世界"),
        ("１２個", "１２個"),
    ],
)
def test_traditional_chinese_is_punctuated_full_width_and_open_at_line_ends(
    line: str, hant: str
) -> None:
    assert typeset(line, HANT) == hant


@pytest.mark.parametrize(
    ("line", "hans"),
    [
        ("大家好，欢迎。", "大家好 欢迎"),
        ("大家好,欢迎!", "大家好 欢迎！"),
        ("苹果、梨、橘子、", "苹果、梨、橘子"),
        ("他说:“好。”然后走了。", "他说：“好” 然后走了"),
        ("他说「好」，然后", "他说“好” 然后"),
        ("真的？，我不信", "真的？我不信"),
        ("１２个，３个", "12个 3个"),
        ("GPT-3。5，很好", "GPT-3.5 很好"),
        ("１，０００个", "1,000个"),
        ("(笑)好。", "（笑）好"),
        ("好， 世界", "好 世界"),
        ("Hello, world.", "Hello, world."),
    ],
)
def test_simplified_chinese_has_spaces_for_commas_and_full_stops(line: str, hans: str) -> None:
    assert typeset(line, HANS) == hans


def test_every_line_is_typeset_and_one_of_punctuation_alone_is_left_out() -> None:
    assert typeset_lines(["好，", "。", "吧。"], HANT) == ("好", "吧")


@given(LINES)
def test_kept_punctuation_is_kept(lines: list[str]) -> None:
    assert typeset_lines(lines, KEPT) == tuple(lines)
    assert find_faults(lines, KEPT) == ()


@given(LINES, st.sampled_from([HANT, HANS]))
def test_what_is_typeset_stays_so(lines: list[str], punctuation: Punctuation) -> None:
    once = typeset_lines(lines, punctuation)
    assert typeset_lines(once, punctuation) == once
    assert find_faults(once, punctuation) == ()


@given(LINES, st.sampled_from(list(Punctuation)))
def test_words_never_change(lines: list[str], punctuation: Punctuation) -> None:
    assert words_of(typeset_lines(lines, punctuation)) == words_of(lines)


@given(LINES, st.sampled_from([HANT, HANS]))
def test_no_line_has_stops_at_its_end_or_two_spaces(
    lines: list[str], punctuation: Punctuation
) -> None:
    for line in typeset_lines(lines, punctuation):
        assert line == " ".join(line.split())
        assert line[-1] not in "、，。"
        if punctuation is HANS:
            assert not set("，。０９") & set(line)


@given(LINES, st.sampled_from([HANT, HANS]))
def test_a_fault_is_found_where_something_would_change(
    lines: list[str], punctuation: Punctuation
) -> None:
    changed = {n for n, line in enumerate(lines, 1) if typeset(line, punctuation) != line}
    faults = find_faults(lines, punctuation)
    assert {fault.line for fault in faults} == changed
    for fault in faults:
        assert lines[fault.line - 1][fault.position :].startswith(fault.found)


def test_a_fault_says_what_where_and_what_belongs_there() -> None:
    faults = find_faults(["好", "你好，世界。"], HANS)
    assert [str(fault) for fault in faults] == [
        '"，" instead of a space (line 2, character 3)',
        '"。" instead of nothing (line 2, character 6)',
    ]


def words_of(lines: tuple[str, ...] | list[str]) -> str:
    folded = unicodedata.normalize("NFKC", "".join(lines))
    return "".join(c for c in folded if c.isalnum())

"""Cues to text and back, for every format that can be read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Cue
from subtools.errors import DocumentError
from subtools.formats import FORMATS, SpeakerStyle, format_for
from subtools.timecode import to_seconds
from tests.subtitling import CueFormat, srt, text, vtt

HOSTILE_LINES = (
    "42",
    "WEBVTT",
    "NOTE this is text",
    "STYLE",
    "REGION",
    "a --> b",
    "-->",
    "&amp; &lt;b&gt; & < >",
    "</v><script>alert(1)</script>",
    "<v Someone>else",
    "<00:00:01.000>word",
    "{\\an8}top \\N",
    "\u200fשלום\u200e (a)",
    "👩‍👩‍👧‍👦 ä",  # joined emoji; a letter and its combining mark
    "推薦給你，「好」。",
)

# The order in which real tools fail to put them: gaps of 0, overlaps, no duration.
milliseconds = st.integers(0, 400 * 3_600_000)
spans = st.tuples(milliseconds, st.sampled_from([0, 1, 40, 999, 2_000, 3_600_000]))
plain = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=20)
lines = (st.sampled_from(HOSTILE_LINES) | plain).filter(str.strip)
names = st.sampled_from(["王", "Ann Lee", "a > b & c", "<v x>", "--> 1", "&lt;", "O’Neil 2"])


def cue_of(
    span: tuple[int, int], written: list[str], speaker: str | None, *, keeps_spaces: bool = True
) -> Cue:
    start, length = span
    kept = tuple(written) if keeps_spaces else tuple(line.rstrip() for line in written)
    return Cue(to_seconds(start), to_seconds(start + length), kept, speaker)


texts = st.lists(lines, min_size=1, max_size=3)
vtt_cues = st.lists(st.builds(cue_of, spans, texts, st.none() | names), max_size=6)
srt_cues = st.lists(
    st.builds(cue_of, spans, texts, st.none(), keeps_spaces=st.just(False)), max_size=6
)


@given(vtt_cues)
def test_webvtt_gives_back_the_cues_it_was_given(cues: list[Cue]) -> None:
    assert vtt.parse(vtt.compose(cues)) == tuple(cues)


@given(srt_cues)
def test_subrip_gives_back_the_cues_it_was_given(cues: list[Cue]) -> None:
    assert srt.parse(srt.compose(cues)) == tuple(cues)


@given(vtt_cues, st.sampled_from(["\r\n", "\r"]), st.sampled_from(["", "\ufeff"]))
def test_line_ends_and_a_byte_order_mark_change_nothing(
    cues: list[Cue], line_end: str, mark: str
) -> None:
    for known in (srt, vtt):
        composed = known.compose(cues)
        foreign = mark + composed.replace("\n", line_end)
        assert known.parse(foreign) == known.parse(composed)
        assert known.parse(foreign.rstrip()) == known.parse(composed.rstrip())


@given(vtt_cues)
def test_a_cue_with_a_speaker_is_still_one_cue_of_subrip(cues: list[Cue]) -> None:
    read = srt.parse(srt.compose(cues))
    assert [(cue.start, cue.end, len(cue.lines)) for cue in read] == [
        (cue.start, cue.end, len(cue.lines)) for cue in cues
    ]


def test_subrip_is_written_as_players_expect_it() -> None:
    cues = [Cue(0.0, 1.0004, ("大家好， ", "歡迎")), Cue(3600.5, 3601.0, ("Hi",))]
    assert srt.compose(cues) == (
        "1\n00:00:00,000 --> 00:00:01,000\n大家好，\n歡迎\n\n2\n01:00:00,500 --> 01:00:01,000\nHi\n"
    )


def test_webvtt_is_written_as_browsers_expect_it() -> None:
    cues = [Cue(0.0, 1.0005, (" a < b",), "R&D"), Cue(1.0, 1.0, ("Hi",))]
    assert vtt.compose(cues) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.001\n<v R&amp;D> a &lt; b</v>\n"
        "\n00:00:01.000 --> 00:00:01.000\nHi\n"
    )


def test_no_cues_make_a_file_without_cues() -> None:
    assert srt.parse(srt.compose([])) == ()
    assert vtt.parse(vtt.compose([])) == ()
    assert text.compose([]) == ""


@pytest.mark.parametrize("name", [known.name for known in FORMATS if known.compose])
def test_blank_lines_and_cues_without_text_are_not_written(name: str) -> None:
    (compose,) = (CueFormat(known).compose for known in FORMATS if known.name == name)
    blank = [
        Cue(0, 1, ("a", " ", "", "b\n\n\u2028c")),
        Cue(1, 2, ("", "\u3000")),
        Cue(2, 3, ("d",)),
    ]
    clean = [Cue(0, 1, ("a", "b", "c")), Cue(2, 3, ("d",))]
    assert compose(blank) == compose(clean)


# --- speakers ---------------------------------------------------------------------


def shown_by_subrip(cues: list[Cue]) -> list[str]:
    return [cue.text for cue in srt.parse(srt.compose(cues))]


def test_subrip_names_a_speaker_where_it_changes() -> None:
    said = [("王", "好"), ("王", "是"), (None, "（笑）"), ("王", "對"), ("李", "嗯\n哦")]
    cues = [
        Cue(i, i + 1, tuple(words.split("\n")), speaker) for i, (speaker, words) in enumerate(said)
    ]
    assert shown_by_subrip(cues) == ["王：好", "是", "（笑）", "王：對", "李：嗯\n哦"]


def test_a_cue_that_is_not_written_hides_no_change_of_speaker() -> None:
    cues = [Cue(0, 1, ("a",), "A"), Cue(1, 2, (" ",), "B"), Cue(2, 3, ("c",), "B")]
    assert shown_by_subrip(cues) == ["A: a", "B: c"]


def test_subrip_puts_a_half_width_colon_between_latin_name_and_text() -> None:
    cues = [Cue(0, 1, ("Hello",), "Ann"), Cue(1, 2, ("你好",), "Bob"), Cue(2, 3, ("Yes",), "王")]
    assert shown_by_subrip(cues) == ["Ann: Hello", "Bob：你好", "王：Yes"]


def test_a_name_with_line_breaks_stays_on_one_line() -> None:
    cues = [Cue(0, 1, ("x",), "A\n\n2\n00:00:05,000 --> 00:00:06,000\nB")]
    assert shown_by_subrip(cues) == ["A 2 00:00:05,000 → 00:00:06,000 B: x"]
    (cue,) = vtt.parse(vtt.compose(cues))
    assert (cue.speaker, cue.lines) == ("A 2 00:00:05,000 --> 00:00:06,000 B", ("x",))


def test_a_blank_name_is_no_name() -> None:
    cues = [Cue(0, 1, ("x",), " \n")]
    assert srt.parse(srt.compose(cues)) == vtt.parse(vtt.compose(cues)) == (Cue(0, 1, ("x",)),)


SAID = [
    Cue(0, 1, ("好",), "王"),
    Cue(1, 2, ("是",), "王"),
    Cue(2, 3, ("（笑）",)),
    Cue(3, 4, ("Yes",), "Ann"),
    Cue(4, 5, ("42", "so"), "王"),
]


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        (SpeakerStyle.CHANGE, ["王：好", "是", "（笑）", "Ann: Yes", "王：42\nso"]),
        (SpeakerStyle.EVERY, ["王：好", "王：是", "（笑）", "Ann: Yes", "王：42\nso"]),
        (SpeakerStyle.DASH, ["好", "是", "（笑）", "-Yes", "- 42\nso"]),
        (SpeakerStyle.NONE, ["好", "是", "（笑）", "Yes", "42\nso"]),
    ],
)
def test_speakers_are_named_in_subrip_and_plain_text_as_asked(
    style: SpeakerStyle, shown: list[str]
) -> None:
    assert [cue.text for cue in srt.parse(srt.compose(SAID, style=style))] == shown
    in_one_line = [line.replace("\n", " ") for line in shown]
    assert text.compose(SAID, style=style).splitlines() == in_one_line


def test_without_a_wish_subrip_names_changes_and_plain_text_nobody() -> None:
    assert srt.compose(SAID) == srt.compose(SAID, style=SpeakerStyle.CHANGE)
    assert text.compose(SAID) == text.compose(SAID, style=SpeakerStyle.NONE)


def test_webvtt_has_a_voice_for_every_cue_or_for_none() -> None:
    voiced = vtt.compose(SAID)
    assert [cue.speaker for cue in vtt.parse(voiced)] == ["王", "王", None, "Ann", "王"]
    assert vtt.compose(SAID, style=SpeakerStyle.EVERY) == voiced
    assert vtt.compose(SAID, style=SpeakerStyle.DASH) == voiced
    bare = vtt.parse(vtt.compose(SAID, style=SpeakerStyle.NONE))
    assert [(cue.speaker, cue.lines) for cue in bare] == [(None, cue.lines) for cue in SAID]


@given(vtt_cues, st.sampled_from(SpeakerStyle))
def test_no_habit_makes_or_loses_a_cue(cues: list[Cue], style: SpeakerStyle) -> None:
    for known in (srt, vtt):
        read = known.parse(known.compose(cues, style=style))
        assert [(cue.start, cue.end, len(cue.lines)) for cue in read] == [
            (cue.start, cue.end, len(cue.lines)) for cue in cues
        ]
    assert text.compose(cues, style=style).count("\n") == len(cues)


# --- reading SubRip ---------------------------------------------------------------

TWO_CUES = """\
1
00:00:01,000 --> 00:00:02,000
one
two

2
00:00:02,000 --> 00:00:03,000
three
"""
READ = (Cue(1, 2, ("one", "two")), Cue(2, 3, ("three",)))


@pytest.mark.parametrize(
    ("what", "changed"),
    [
        ("no final line feed", TWO_CUES.rstrip()),
        ("no numbers", re.sub(r"(?m)^\d\n", "", TWO_CUES)),
        ("wrong numbers", TWO_CUES.replace("2\n00:", "1\n00:")),
        ("full stops", TWO_CUES.replace(",000", ".000")),
        ("short hours", TWO_CUES.replace("00:00:0", "0:00:0")),
        ("no spaces at the arrow", TWO_CUES.replace(" --> ", "-->")),
        ("spaces in the empty lines", TWO_CUES.replace("\n\n", "\n \n\t\n")),
        ("a cue without text", TWO_CUES + "\n3\n00:00:04,000 --> 00:00:05,000\n\n"),
    ],
)
def test_subrip_is_read_in_spite_of(what: str, changed: str) -> None:
    assert changed != TWO_CUES, what
    assert srt.parse(changed) == READ


def test_text_that_looks_like_times_makes_no_new_cue() -> None:
    cues = [Cue(0, 1, ("x", "2", "00:00:01,000 --> 00:00:02,000", "a --> b"))]
    (cue,) = srt.parse(srt.compose(cues))
    assert cue.lines == ("x", "2", "00:00:01,000 → 00:00:02,000", "a --> b")


# --- plain text -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "joined"),
    [
        (("我們今天", "很高興"), "我們今天很高興"),
        (("Hello,", " world "), "Hello, world"),
        (("他說：", "「好」"), "他說：「好」"),
        (("他說……", "“好”"), "他說……“好”"),
        (("we said", "“no”"), "we said “no”"),
        (("用 Python", "寫程式"), "用 Python寫程式"),
        (("I like 推薦", "systems"), "I like 推薦systems"),
        (("Java，", "Python"), "Java，Python"),
        (("안녕", "하세요"), "안녕 하세요"),
        (("- Yes", "- No", "- Yes"), "- Yes - No - Yes"),
    ],
)
def test_the_lines_of_a_cue_become_one(written: tuple[str, ...], joined: str) -> None:
    assert text.compose([Cue(0, 1, written, "Ann")]) == f"{joined}\n"


@given(vtt_cues)
def test_plain_text_has_a_line_for_each_cue(cues: list[Cue]) -> None:
    assert text.compose(cues).count("\n") == len(cues)


# --- the registry -----------------------------------------------------------------


@pytest.mark.parametrize("path", ["srt", ".srt", "a/talk.zh.SRT", "C:\\x\\talk.srt"])
def test_a_format_is_found_by_path_or_suffix(path: str) -> None:
    assert format_for(path).name == "srt"


@pytest.mark.parametrize("path", ["talk", "talk.doc", "a.srt/talk", ""])
def test_an_unknown_suffix_is_answered_with_the_known_ones(path: str) -> None:
    with pytest.raises(DocumentError, match=r"\.srt, \.vtt, \.ass, .*\.txt"):
        format_for(path)


def test_no_suffix_belongs_to_two_formats() -> None:
    suffixes = [suffix for known in FORMATS for suffix in known.suffixes]
    assert len(suffixes) == len(set(suffixes))


def test_a_cue_nobody_can_vouch_for_has_a_comment_in_webvtt() -> None:
    cues = (
        Cue(1.0, 2.0, ("好。",), None, 0.9, "heard"),
        Cue(2, 3, ("對。",), None, 0.0, "a --> b"),
    )
    document = vtt.compose(cues)
    assert "\n\nNOTE a --&gt; b\n\n00:00:02.000" in document
    assert document.count("NOTE") == 1
    assert [cue.text for cue in vtt.parse(document)] == ["好。", "對。"]

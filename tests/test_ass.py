"""ASS: cues to text and back, colours of speakers, what is refused."""

from __future__ import annotations

import re
from dataclasses import replace

import pysubs2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from subtools.core import Block, Cue, Native, Span, Subtitles
from subtools.errors import DocumentError
from subtools.formats import Compose, SpeakerStyle, format_for
from subtools.formats import ass as formats_ass
from subtools.formats.ass import COLOURS
from subtools.formats.ass import parse as parse_ass
from subtools.formats.styled import compose_runs
from subtools.lexicon import clean_name
from subtools.timecode import to_seconds
from tests.cues_for_formats import bare, with_words
from tests.subtitling import ass
from tests.test_formats import HOSTILE_LINES, lines, names, plain

HOSTILE_ASS = (
    *HOSTILE_LINES,
    "{\\p1}m 0 0 l 10 0{\\p0}",
    "\\N\\n\\h",
    "{no end",
    "no start}",
    "\\{\\}",
    "C:\\New\\{x}\\",
    "\\\u2060{",
    "a, b,, c",
    "Dialogue: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,x",
    "[Events]",
    "; x",
)
HOSTILE_NAMES = ("Lee, Ann", "*王", "Default", "default", ",", "*", "{\\b1}", "[Events]", "王 2")

hundredths = st.integers(0, 3_599_999)
spans = st.tuples(hundredths, st.sampled_from([0, 1, 40, 200, 360_000])).filter(
    lambda span: sum(span) <= 3_599_999
)
texts = st.lists((st.sampled_from(HOSTILE_ASS) | lines).filter(str.strip), min_size=1, max_size=3)
all_names = st.sampled_from(HOSTILE_NAMES) | names | plain.filter(str.strip)


def cue_of(span: tuple[int, int], written: list[str], speaker: str | None) -> Cue:
    start, length = span
    shown = tuple(line.rstrip() for line in written)
    return Cue(to_seconds(start * 10), to_seconds((start + length) * 10), shown, speaker)


cues_of_ass = st.lists(st.builds(cue_of, spans, texts, st.none() | all_names), max_size=6)


def field(speaker: str | None) -> str | None:
    """The speaker as a field can hold it; None if nothing of the name can be seen."""
    return clean_name(speaker or "").replace(",", "，") or None


@given(cues_of_ass)
@example([Cue(0.0, 1.0, (line,), name) for line in HOSTILE_ASS for name in HOSTILE_NAMES])
def test_ass_gives_back_the_cues_it_was_given(cues: list[Cue]) -> None:
    assert ass.parse(ass.compose(cues)) == tuple(
        Cue(cue.start, cue.end, cue.lines, field(cue.speaker)) for cue in cues
    )


@given(cues_of_ass, st.sampled_from(["\r\n", "\r"]), st.sampled_from(["", "\ufeff"]))
def test_line_ends_and_a_byte_order_mark_change_nothing(
    cues: list[Cue], line_end: str, mark: str
) -> None:
    composed = ass.compose(cues)
    assert ass.parse(mark + composed.replace("\n", line_end)) == ass.parse(composed)
    assert ass.parse(composed.rstrip("\n")) == ass.parse(composed)


@given(cues_of_ass)
def test_every_line_has_its_fields_and_a_style_that_is_there(cues: list[Cue]) -> None:
    document = pysubs2.SSAFile.from_string(ass.compose(cues), "ass")
    assert len(document.events) == len(cues)
    for event, cue in zip(document.events, cues, strict=True):
        assert event.style in document.styles
        assert (event.style == "Default") == (cue.speaker is None)
        assert (event.marginl, event.marginr, event.marginv, event.effect) == (0, 0, 0, "")
    used = {cue.speaker and " ".join(cue.speaker.split()) for cue in cues} - {None}
    assert len(document.styles) == 1 + len(used)


def test_ass_is_written_as_players_expect_it() -> None:
    cues = [Cue(0.0, 1.006, ("大家好， ", "歡迎"), "王"), Cue(3600.5, 3601.0, ("Hi",))]
    document = ass.compose(cues)
    assert document.startswith("[Script Info]\n")
    assert "\nScriptType: v4.00+\n" in document
    assert document.endswith(
        "Dialogue: 0,0:00:00.00,0:00:01.01,王,王,0,0,0,,大家好，\\N歡迎\n"
        "Dialogue: 0,1:00:00.50,1:00:01.00,Default,,0,0,0,,Hi\n"
    )


def test_times_are_hundredths_of_a_second() -> None:
    [cue] = ass.parse(ass.compose([Cue(1.234, 2.345, ("x",))]))
    assert (cue.start, cue.end) == (1.23, 2.35)


def test_cues_that_touch_still_touch() -> None:
    before, after = ass.parse(ass.compose([Cue(0, 1.235, ("x",)), Cue(1.235, 2, ("y",))]))
    assert before.end == after.start


def test_what_ends_ten_hours_on_is_refused_with_what_to_do() -> None:
    last = ass.compose([Cue(0, 35_999.99, ("x",))])
    assert "9:59:59.99" in last
    with pytest.raises(DocumentError, match=r"write \.srt or \.vtt"):
        ass.compose([Cue(0, 36_000, ("x",))])


# --- speakers


def said_by(*speakers: str | None) -> list[Cue]:
    return [Cue(k, k + 1, ("x",), speaker) for k, speaker in enumerate(speakers)]


def colours(cues: list[Cue]) -> dict[str, str]:
    """Return the colour of each style."""
    styles = re.findall(r"^Style: ([^,]*),[^,]*,[^,]*,&H00(\w{6}),", ass.compose(cues), re.M)
    return {name: bgr[4:] + bgr[2:4] + bgr[:2] for name, bgr in styles}


def test_each_speaker_has_a_colour_and_the_first_one_is_white() -> None:
    found = colours(said_by("王", None, "李", "王", "Ann"))
    assert found == {"Default": "FFFFFF", "王": "FFFFFF", "李": "BBCC33", "Ann": "77AADD"}


def test_more_speakers_than_colours_begin_again() -> None:
    found = colours(said_by(*map(str, range(20))))
    assert len(found) == 21
    assert found["0"] == found["8"] == found["16"]
    assert len(set(found.values())) == len(COLOURS)


def contrast_to_black(colour: str) -> float:
    """Source: WCAG 2.2, relative luminance and contrast ratio."""
    channels = [value / 255 for value in bytes.fromhex(colour)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return (luminance + 0.05) / 0.05


def test_every_colour_can_be_read_on_the_black_outline() -> None:
    assert min(map(contrast_to_black, COLOURS)) > 7  # WCAG 2.2, level AAA


def test_names_with_commas_break_no_field() -> None:
    cues = [Cue(0, 1, ("x, y",), "Lee, Ann"), Cue(1, 2, ("z",), "Lee， Ann")]
    shown = ass.parse(ass.compose(cues))
    assert [(cue.speaker, cue.text) for cue in shown] == [("Lee， Ann", "x, y"), ("Lee， Ann", "z")]
    assert list(colours(cues)) == ["Default", "Lee， Ann", "Lee， Ann 2"]


def test_without_names_there_are_no_colours_either() -> None:
    document = ass.compose(said_by("王", "李"), style=SpeakerStyle.NONE)
    assert document.count("\nStyle: ") == 1
    assert {cue.speaker for cue in ass.parse(document)} == {None}


@pytest.mark.parametrize("style", [s for s in SpeakerStyle if s is not SpeakerStyle.NONE])
def test_no_other_habit_changes_anything(style: SpeakerStyle) -> None:
    cues = said_by("王", "王", "李")
    assert ass.compose(cues, style=style) == ass.compose(cues)


def test_a_cue_nobody_can_vouch_for_has_a_comment() -> None:
    cues = [
        Cue(1, 2, ("好。",), "王", 0.9, "heard"),
        Cue(2, 3, ("對。",), "王", 0.0, "no {time}\nknown"),
    ]
    document = ass.compose(cues)
    assert "Comment: 0,0:00:02.00,0:00:03.00,王,,0,0,0,,no \\{time\\} known\nDial" in document
    assert document.count("Comment:") == 1
    assert [cue.text for cue in ass.parse(document)] == ["好。", "對。"]


# --- reading

DOCUMENT = """\
[Script Info]
; a comment
Title: Dialogue: nothing
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,not a size

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,left out
Dialogue: 0,0:00:01.00,0:00:02.00,Default,王,0,0,0,,one, two
Dialogue: 10,0:00:02.00,0:00:03.5,Sign,,0020,0,0,,{\\an8}{\\i1}three{\\i0}\\Nfour

[Fonts]
fontname: x.ttf
"""
READ = (
    Cue(1, 2, ("one, two",), "王"),
    Cue(
        2,
        3.5,
        ("three", "four"),
        settings="line:0",
        markup="<i>three</i>\nfour",
        native=Native("ass", "", (("layer", "10"), ("style", "Sign"), ("marginl", "20"))),
    ),
)


def test_ass_is_read_as_it_is_shown() -> None:
    assert ass.parse(DOCUMENT) == READ


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("{\\k20}a{\\k30}b", "ab"),
        ("a\\hb\\nc", "a\u00a0b c"),
        ("{a comment}x", "x"),
        ("{no end", "{no end"),
        ("\\{x\\}", "{x}"),
        ("C:\\Temp", "C:\\Temp"),
    ],
)
def test_tags_and_escapes_of_other_writers_are_understood(written: str, shown: str) -> None:
    (first, _) = ass.parse(DOCUMENT.replace("one, two", written))
    assert first.text == shown


def test_drawings_and_lines_without_text_are_left_out() -> None:
    drawn = DOCUMENT.replace("one, two", "{\\p1}m 0 0 l 9 9{\\p0}").replace("three", " ")
    assert [cue.text for cue in ass.parse(drawn)] == ["four"]
    assert ass.parse(DOCUMENT.replace("one, two", "{\\b1}"))[0].text == "three\nfour"


@pytest.mark.parametrize(
    ("what", "line", "changed"),
    [
        ("no ASS", 1, "Just some text.\n"),
        ("nothing", 1, ""),
        ("no section of cues", 1, DOCUMENT.replace("[Events]", "[Other]")),
        ("a letter in the time", 13, DOCUMENT.replace("0:00:01.00", "0:00:o1.00")),
        ("text before all cues", 12, DOCUMENT.replace("Comment: 0", "lost\nComment: 0")),
        ("a field too few", 13, DOCUMENT.replace("王,0,0,0,,one, two", "王,0,0,0,one")),
    ],
)
def test_ass_with_a_fault_is_refused_with_its_line(what: str, line: int, changed: str) -> None:
    with pytest.raises(DocumentError) as caught:
        ass.parse(changed)
    assert caught.value.line == line, what


@pytest.mark.parametrize(
    ("what", "line", "changed", "times"),
    [
        ("61 seconds", None, DOCUMENT.replace("0:00:03.5", "0:00:61.00"), (2, 61)),
        ("no duration", 14, DOCUMENT.replace("0:00:03.5", "0:00:01.00"), (2, 2)),
        (
            "before 0",
            14,
            DOCUMENT.replace("0:00:02.00,0:00:03.5", "-0:00:02.00,0:00:03.5"),
            (0, 3.5),
        ),
        ("a layer that is none", 14, DOCUMENT.replace("Dialogue: 10", "Dialogue: x"), (2, 3.5)),
        ("loose text", 15, DOCUMENT.replace("four\n", "four\nfive\n"), (2, 3.5)),
        ("SSA", None, DOCUMENT.replace("Layer", "Marked").replace(": 10", ": Marked=0"), (2, 3.5)),
        ("SSA without saying so", None, DOCUMENT.replace(": 10", ": Marked=0"), (2, 3.5)),
    ],
)
def test_what_can_be_mended_in_ass_is_mended_with_a_remark(
    what: str, line: int | None, changed: str, times: tuple[float, float]
) -> None:
    read = parse_ass(changed)
    assert [cue.lines[0] for cue in read.cues] == ["one, two", "three"], what
    assert (read.cues[1].start, read.cues[1].end) == times
    assert [remark.line for remark in read.remarks] == ([line] if line else [])


def test_fields_in_another_order_are_found_by_their_names() -> None:
    text = (
        "[Script Info]\n[Events]\nFormat: Start, End, Actor, Style, Text\n"
        "Dialogue: 0:00:01.00,0:00:02.00,王,Default,a, b\n"
        "Comment: 0:00:01.00,0:00:02.00,王,Default,c\n"
    )
    read = parse_ass(text)
    assert read.cues == (Cue(1, 2, ("a, b",), "王"),)
    assert Block("ass", "Comment", "0,0:00:01.00,0:00:02.00,Default,王,0,0,0,,c", 1) in read.blocks


SIGNS = """\
[Script Info]
; Script generated by Aegisub 3.4.0
Title: 座談
ScriptType: v4.00+
PlayResX: 640

[Aegisub Project Garbage]
Last Style Storage: Default

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment, Encoding
Style: Default,思源黑體,20,&H00FFFFFF,2,1
Style: Top,Arial,20,&H00FFFFFF,8,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,template line,!retime()!
Dialogue: 0,0:00:01.00,0:00:02.00,Default,王,0,0,0,,{\\pos(320,50)\\c&H0000FF&}招牌{\\r} x
Dialogue: 0,0:00:02.00,0:00:03.00,Default,,0,0,0,,{\\p1}m 0 0 l 9 9{\\p0}
Dialogue: 3,0:00:03.00,0:00:04.00,Top,,0,0,10,Banner;5,{\\k20}卡{\\kf30}拉{\\i1}OK
Dialogue: 0,0:00:04.00,0:00:05.00,Default,,0,0,0,,{\\an9}{\\b1}角{\\b0}落

[Fonts]
fontname: a.ttf
!!!![EVENTS]!!
[!!!!!!!!!!!!]
"""


def test_ass_that_was_read_is_written_as_it_was() -> None:
    assert formats_ass.compose(parse_ass(SIGNS)) == SIGNS
    assert formats_ass.compose(parse_ass(SIGNS), word_times=True) == SIGNS


def test_other_times_and_texts_leave_the_rest_of_ass_as_it_was() -> None:
    read = parse_ass(SIGNS)
    later = [replace(cue, start=cue.start + 1, end=cue.end + 1) for cue in read.cues]
    later[2] = replace(later[2], lines=("角落裡",), markup="")
    written = formats_ass.compose(replace(read, cues=tuple(later)))
    lines = [line for line in written.splitlines() if line.startswith("Dialogue")]
    assert lines[0].endswith(",0:00:03.00,Default,王,0,0,0,,{\\pos(320,50)\\c&H0000FF&}招牌{\\r} x")
    assert lines[2] == (
        "Dialogue: 3,0:00:04.00,0:00:05.00,Top,,0,0,10,Banner;5,{\\k20}卡{\\kf30}拉{\\i1}OK"
    )
    assert lines[3] == "Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,{\\an9}角落裡"
    assert written.partition("[Events]")[0] == SIGNS.partition("[Events]")[0]
    assert written.endswith(SIGNS[SIGNS.index("\n[Fonts]") :])


def test_tags_of_ass_become_markup_places_and_words() -> None:
    sign, sung, corner = parse_ass(SIGNS).cues
    assert (sign.text, sign.markup, sign.settings) == ("招牌 x", "", "")
    assert (sung.settings, sung.markup) == ("line:0", "卡拉<i>OK</i>")
    assert [(w.text, w.span) for w in sung.words] == [
        ("卡", Span(3, 3.2)),
        ("拉OK", Span(3.2, 3.5)),
    ]
    assert (corner.settings, corner.markup) == ("line:0 align:right", "<b>角</b>落")


def test_ssa_is_read_and_written() -> None:
    whole = Subtitles((Cue(1, 2, ("上", "下"), "王", settings="line:0", markup="<b>上</b>\n下"),))
    written = formats_ass.compose_ssa(whole)
    assert "[V4 Styles]" in written
    assert (
        "Dialogue: Marked=0,0:00:01.00,0:00:02.00,王,王,0,0,0,,{\\an8}{\\b1}上{\\b0}\\N下"
        in written
    )
    assert parse_ass(written) == whole
    assert format_for("x.ssa").recognise(written)
    assert not format_for("x.ass").recognise(written)


def test_styles_of_ssa_are_translated_to_ass_and_back() -> None:
    other = formats_ass.compose_ssa(Subtitles((Cue(1, 2, ("x",), "王"),))).replace("Arial", "Kai")
    read = parse_ass(other.replace(",2,96,96,54,0,1", ",6,96,96,54,0,1"))
    assert read.cues[0].settings == "line:0"
    written = formats_ass.compose(read)
    assert re.search(r"^Style: 王,Kai,.*,8,96,96,54,1$", written, re.M)
    assert parse_ass(written).cues == read.cues


@given(
    st.lists(st.builds(cue_of, spans, texts, st.none() | all_names), max_size=4),
    st.lists(st.sampled_from(["b", "i", "u"]), max_size=3),
    st.sampled_from(["", "line:0", "line:50%,center align:right", "align:left"]),
    st.sampled_from([formats_ass.compose, formats_ass.compose_ssa]),
)
def test_tags_and_places_are_read_back(
    cues: list[Cue], tags: list[str], settings: str, compose: Compose
) -> None:
    looks = [frozenset(tags[:k]) for k in range(4)]
    marked = [
        replace(
            cue,
            speaker=field(cue.speaker),
            settings=settings,
            markup=compose_runs([[(line, looks[k])] for k, line in enumerate(cue.lines)]),
        )
        for cue in cues
    ]
    assert parse_ass(compose(Subtitles(tuple(marked)))) == Subtitles(tuple(marked))


@given(st.lists(st.builds(cue_of, spans, texts, st.none() | all_names), max_size=4).map(tuple))
def test_karaoke_gives_back_the_times_of_words(cues: tuple[Cue, ...]) -> None:
    sung = tuple(map(with_words, cues))
    read = parse_ass(formats_ass.compose(Subtitles(sung), word_times=True))
    assert [cue.words for cue in bare(read.cues)] == [cue.words for cue in bare(sung)]


@given(st.text(st.sampled_from("ab \\Nnh{}bi01uk2pan8,&\u2060"), max_size=30))
def test_whatever_the_tags_it_is_written_as_it_was_read(raw: str) -> None:
    text = f"[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,x{raw}\n"
    read = parse_ass(text)
    written = formats_ass.compose(read)
    assert written.rstrip().endswith(f",,0,0,0,,x{raw}".rstrip())
    assert parse_ass(written).cues == read.cues


@given(st.text() | st.text(st.sampled_from("[Events]\nDialogue:0,.{}\\N ")))
def test_whatever_is_read_gives_cues_or_a_fault_with_its_line(text: str) -> None:
    for document in (text, f"[Events]\n{text}", DOCUMENT + text):
        try:
            ass.parse(document)
        except DocumentError as error:
            assert error.line is not None


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        ("{\\fad(200,200)}早上好，{\\fs40}你", "{\\fad(200,200)}你好"),
        ("{\\pos(1,2)\\an8\\i1}{\\t(0,9,\\fs(4))}你", "{\\pos(1,2)\\t(0,9,\\fs(4))}{\\an8}你好"),
        ("{\\k20}你{\\fs40}", "你好"),
        ("{a note}你", "你好"),
    ],
)
def test_a_line_of_another_text_keeps_the_tags_that_hold_for_all_of_it(
    raw: str, written: str
) -> None:
    settings = "line:0" if "an8" in raw else ""
    cue = Cue(1, 2, ("你好",), settings=settings, native=Native("ass", raw))
    assert ass.compose([cue]).rstrip("\n").endswith(f",,{written}")

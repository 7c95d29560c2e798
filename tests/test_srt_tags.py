"""The tags of SubRip to markup and back, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from subtools.core import Cue, Native, Subtitles
from subtools.formats import format_for, list_losses
from subtools.formats.srt_tags import escape_tags, read_tags
from subtools.markup import compose_markup, markup_text, parse_markup
from tests.subtitling import srt

TIMES = "00:00:01,000 --> 00:00:02,000"


def read(text: str) -> Cue:
    (cue,) = srt.parse(f"1\n{TIMES}\n{text}\n")
    return cue


def write(cue: Cue) -> str:
    return srt.compose([cue]).split("\n", 2)[2].rstrip("\n")


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("<i>a</i> b", "<i>a</i> b"),
        ("<b>a</b> <u>b</u>", "<b>a</b> <u>b</u>"),
        ("<i>a\nb</i>", "<i>a\nb</i>"),
        ("<I>a</I>", "<i>a</i>"),
        ("{i}a{/i} {b}b{/b}", "<i>a</i> <b>b</b>"),
        ("{\\i1}a{\\i0} b", "<i>a</i> b"),
        ("{\\b1\\i1}a{\\b0} b", "<b><i>a</i></b><i> b</i>"),
        ("<i>a", "<i>a</i>"),
        ("a</i>", ""),
        ("<b><i>a</b>b</i>", "<b><i>a</i></b><i>b</i>"),
        ("<i>R&D < 3</i>", "<i>R&amp;D &lt; 3</i>"),
        ('<font color="#FFFF00">a</font>', "<c.yellow>a</c>"),
        ("<font color=yellow>a</font>", "<c.yellow>a</c>"),
        ("<font color='ffff00'>a</font>", "<c.yellow>a</c>"),
        ('<font size=3 color="#0ff">a</font>', "<c.cyan>a</c>"),
        ('<font color="#ff8800">a</font>', ""),
        ("<font face=Arial><i>a</i></font>", "<i>a</i>"),
        ("{\\c&H00FFFF&}a{\\c}b", "<c.yellow>a</c>b"),
        ("{\\1c&HFF&}a", "<c.red>a</c>"),
        ("<s>a</s>", ""),
        ("<i>a<br>b</i>", "<i>a\nb</i>"),
    ],
)
def test_tags_are_read(text: str, markup: str) -> None:
    cue = read(text)
    assert cue.markup == markup
    if markup:
        assert cue.text == markup_text(markup)
    assert "<" not in cue.text.replace("< 3", "")


@pytest.mark.parametrize(
    ("tag", "settings"),
    [
        ("{\\an8}", "line:0"),
        ("{\\an2}", ""),
        ("{\\an1}", "align:left"),
        ("{\\an9}", "line:0 align:right"),
        ("{\\an5}", "line:50%,center"),
        ("{\\a6}", "line:0"),
        ("{\\a10}", "line:50%,center"),
        ("{\\an0}", ""),
        ("{\\AN8}", "line:0"),
    ],
)
def test_places_are_read(tag: str, settings: str) -> None:
    cue = read(f"{tag}a")
    assert (cue.lines, cue.settings) == (("a",), settings)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "a < b",
            "<3",
            "<Hello>",
            "< i>",
            "<i",
            "i>",
            "<>",
            "<italic>",
            "<v Ann>x",
            "<00:01.000>x",
        ),
        *("{x}", "{ \\an8}", "{an8}", "{", "}", "\\N", "&lt;i&gt;", "a <b", "<i\u2060>", "<->"),
    ],
)
def test_what_only_looks_like_a_tag_is_text(text: str) -> None:
    assert read(text) == Cue(1, 2, (text,))
    assert write(read(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        *("<I>a</I>", "{i}a{/i}", "<i>a", "a</i>", "<b><i>a</b>b</i>", "<s>a</s>", "{\\an2}a"),
        *(
            "{\\an8}{\\pos(1,2)}a",
            "a{\\an8}",
            '<font face="x">a</font>',
            "<font color=red>a</font>",
        ),
        *("<i>a</i>", "{\\an8}<b>a</b>", "a<br>b", "<i>\na\n</i>", "{\\fad(1,2)}a {\\k20}b"),
    ],
)
def test_subrip_to_subrip_gives_the_same_bytes(text: str) -> None:
    assert write(read(text)) == text


def test_what_has_changed_is_written_anew() -> None:
    before = read("{\\pos(1,2)}<I>a</I>")
    after = Cue(1, 2, ("b",), markup="<i>b</i>", native=before.native)
    assert write(after) == "<i>b</i>"


def test_what_the_markup_cannot_say_is_native() -> None:
    assert read('<font color="#ff8800">a</font>').native == Native(
        "srt", '<font color="#ff8800">a</font>', (("tag", '<font color="#ff8800">'),)
    )
    assert read("<i>a</i>").native is None


def test_other_tags_and_places_are_not_written() -> None:
    cue = Cue(1, 2, ("a b",), markup="<lang zh>a <c.loud>b</c></lang>", settings="line:3")
    assert write(cue) == "{\\an8}a b"
    assert list_losses(Subtitles((cue,)), format_for("srt")) == (
        "tags other than italics, bold, underline and eight colours (1 cue)",
        "places on the screen other than nine (1 cue)",
    )
    held = Cue(1, 2, ("a",), markup="<c.red><i>a</i></c>", settings="line:0")
    assert list_losses(Subtitles((held,)), format_for("srt")) == ()


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ("line:1 align:start", "{\\an7}"),
        ("line:45%", "{\\an5}"),
        ("line:90% position:10%", ""),
        ("align:start position:0%", ""),  # YouTube says so in every cue
    ],
)
def test_other_places_become_the_nearest_one_above_the_bottom(settings: str, place: str) -> None:
    assert write(Cue(1, 2, ("a",), settings=settings)) == f"{place}a"


@pytest.mark.parametrize("markup", ["&lt;font {x<c>&gt;</c>", "&lt;<c>i&gt;</c>", "{<c>i}</c>"])
def test_pieces_of_marked_up_text_make_no_tag_together(markup: str) -> None:
    shown = (markup_text(markup),)
    assert read(write(Cue(1, 2, shown, markup=markup))).lines == shown


def test_a_name_comes_before_the_text_and_behind_the_place() -> None:
    cue = Cue(1, 2, ("好",), "王", markup="<i>好</i>", settings="line:0")
    assert write(cue) == "{\\an8}王：<i>好</i>"


tokens = st.sampled_from(
    [
        *(
            "<i>",
            "</i>",
            "<b>",
            "</b>",
            "<font color=red>",
            "</font>",
            "{\\an8}",
            "{i}",
            "<br>",
            "\n",
        ),
        *(
            "<",
            ">",
            "{",
            "}",
            "i",
            "\\",
            "\u2060",
            "a ",
            "b",
            "font ",
            "/",
            "{\\",
            "<font ",
            "-->",
            "1",
        ),
    ]
)
soups = st.lists(tokens, min_size=1, max_size=12).map("".join)


@given(soups)
@example(r"<font {\an8}>")
@example("<font {i}>{/i}")
@example("<font {\u2060>")
def test_any_text_is_shown_as_it_is_meant(text: str) -> None:
    assert read_tags(escape_tags(text)).lines == tuple(
        line for line in text.split("\n") if line.strip()
    )
    assert not read_tags(escape_tags(text)).markup


@given(soups)
def test_what_was_read_is_written_as_it_was(text: str) -> None:
    cues = srt.parse(f"1\n{TIMES}\nx{text}\n")
    assert srt.parse(srt.compose(cues)) == cues


marks = st.sampled_from(
    ["<i>", "</i>", "<b>", "</b>", "<c.red>", "</c>", "&lt;i", "&gt;", "{\\", "}", "\n", "a"]
)


@given(st.lists(marks, max_size=12))
def test_markup_comes_back(pieces: list[str]) -> None:
    markup = compose_markup(parse_markup("x" + "".join(pieces)))
    lines = tuple(line.rstrip() for line in markup_text(markup).split("\n") if line.strip())
    cue = Cue(1, 2, lines, markup=markup)
    assert srt.parse(srt.compose([cue]))[0].lines == lines
    (again,) = srt.parse(srt.compose(srt.parse(srt.compose([cue]))))
    assert again.markup == srt.parse(srt.compose([cue]))[0].markup

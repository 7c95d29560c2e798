"""WebVTT: read as the specification says, and what a browser passes over is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Block, Cue, Span, Subtitles, Word
from subtools.errors import DocumentError
from subtools.formats import SpeakerStyle, format_for, list_losses, split_voices
from subtools.formats.vtt import (
    CueSettings,
    Region,
    compose,
    compose_settings,
    find_regions,
    parse,
    parse_region,
    parse_settings,
)
from subtools.markup import escape_markup, markup_text
from subtools.reading import compose_subtitles, load_cues, load_document, load_subtitles

TIMES = "00:01.000 --> 00:02.000"


def read(*lines: str) -> Subtitles:
    return parse("\n".join(["WEBVTT", "", *lines]))


def said(subtitles: Subtitles) -> list[str]:
    return [str(remark) for remark in subtitles.remarks]


# --- signature and header ---------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        "WEBVTT",
        "\ufeffWEBVTT",
        "WEBVTT ",
        "WEBVTT\tx",
        "WEBVTT x --> y",
        "WEBVTT \ufeff",
        "WEBVTT \0",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_that_begins_as_webvtt_does_is_read(head: str, end: str) -> None:
    (cue,) = parse(f"{head}{end}{end}{TIMES}{end}x{end}").cues
    assert cue == Cue(1, 2, ("x",))


@pytest.mark.parametrize(
    "document",
    [
        *("", "\n", "WEBVT", "webvtt\n", " WEBVTT\n", "\nWEBVTT\n", "WEBVTT-x\n", "WEBVTTX"),
        *("\ufeff\ufeffWEBVTT\n", "WEBVTT\ufeff\n", "WEBVTT\x0c\n", "WEBVTT\0\n", "FILE\n\nWEBVTT"),
        f"1\n{TIMES}\nx\n",
    ],
)
def test_what_does_not_begin_as_webvtt_does_is_refused(document: str) -> None:
    with pytest.raises(DocumentError, match="not a WebVTT file") as caught:
        parse(document)
    assert caught.value.line == 1


@pytest.mark.parametrize(
    "document", ["WEBVTT", "WEBVTT\n", "WEBVTT x\r", "WEBVTT\n\n\n", "WEBVTT\nx"]
)
def test_a_file_may_have_no_cues(document: str) -> None:
    assert parse(document).cues == ()


@pytest.mark.parametrize(
    ("header", "count"),
    [
        ("Kind: captions\nLanguage: zh", 1),
        ("STYLE\n::cue { color: red }", 1),
        ("id", 1),
        ("", 1),
        ("\n\n", 1),
    ],
)
def test_a_header_is_no_part_of_a_cue(header: str, count: int) -> None:
    subtitles = parse(f"WEBVTT\n{header}\n\n{TIMES}\nx")
    assert subtitles.cues == (Cue(1, 2, ("x",)),) * count
    assert subtitles.remarks == ()


def test_a_cue_may_follow_the_header_at_once() -> None:
    assert parse(f"WEBVTT\n{TIMES}\nx").cues == (Cue(1, 2, ("x",)),)
    assert parse(f"WEBVTT\nid\n{TIMES}\nx").cues == (Cue(1, 2, ("x",)),)  # no identifier here


def test_title_and_language_stand_in_the_header() -> None:
    subtitles = parse("WEBVTT - 推薦系統\nKind: captions\nLanguage: zh-TW\n")
    assert (subtitles.title, subtitles.language) == ("推薦系統", "zh-TW")
    assert subtitles.blocks == (Block("vtt", "WEBVTT", "\nKind: captions"),)
    assert compose(subtitles) == "WEBVTT - 推薦系統\nKind: captions\nLanguage: zh-TW\n"


def test_null_characters_become_replacement_characters() -> None:
    subtitles = read("a\0", TIMES, "x\0<v \0>y")
    assert [(cue.identifier, cue.text) for cue in subtitles.cues] == [("a\ufffd", "x\ufffdy")]
    assert said(subtitles) == ["null characters are replaced by \ufffd"]


# --- times ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("00:00.000 --> 00:00.001", 0.0, 0.001),
        ("59:59.999 --> 00:59:59.999", 3599.999, 3599.999),
        ("0:00:01.000 --> 1:00:00.000", 1.0, 3600.0),
        ("60:00:00.000 --> 1000:00:00.000", 216_000.0, 3_600_000.0),
        ("00:01.000-->00:02.000", 1.0, 2.0),
        ("\t\f 00:01.000\t-->\f00:02.000 \t", 1.0, 2.0),
        ("00:01.000 --> 00:02.000line:0", 1.0, 2.0),
        ("00:01.000 --> 00:02.000-->", 1.0, 2.0),
        ("00:01.000 --> 00:02.000,x", 1.0, 2.0),
        ("000000000000001:00:00.000 --> 9999999999:00:00.000", 3600.0, 35_999_999_996_400.0),
    ],
)
def test_times_are_read_as_the_specification_says(line: str, start: float, end: float) -> None:
    (cue,) = read(line, "x").cues
    assert (cue.start, cue.end, cue.text) == (start, end, "x")


@pytest.mark.parametrize(
    "line",
    [
        *("00:60.000 --> 01:00.000", "00:60:00.000 --> 01:00:00.000", "60:00.000 --> 61:00.000"),
        *("0:01.000 --> 0:02.000", "000:01.000 --> 000:02.000", "00:1.000 --> 00:2.000"),
        *("00:00:1.000 --> 00:00:02.000", "00:0:01.000 --> 00:0:02.000", "00:01 --> 00:02"),
        *("00:01.00 --> 00:02.00", "00:01.0000 --> 00:02.0000", "00:01,000 --> 00:02,000"),
        *("00:01.000 --> 00:02.0001", "-00:01.000 --> 00:02.000", "00:01.000 --> -00:02.000"),
        *("x00:01.000 --> 00:02.000", "00:01.000 ---> 00:02.000"),
        *("00:01.000 --> ", "--> 00:02.000", "-->", "00:01.000 --> x", "00:01.000 x --> 00:02.000"),
        *(
            "００:01.000 --> 00:02.000",
            "00:01.000 \u3000--> 00:02.000",
            "00:01.000\x0b--> 00:02.000",
        ),
        *(
            "00.00.01.000 --> 00:02.000",
            "00:00:00:01.000 --> 00:02.000",
            "1 --> 2",
            "٠٠:01.000 --> 00:02.000",
        ),
    ],
)
def test_a_cue_without_valid_times_is_left_out_with_a_remark(line: str) -> None:
    subtitles = read(line, "lost", "", TIMES, "x")
    assert subtitles.cues == (Cue(1, 2, ("x",)),)
    (remark,) = subtitles.remarks
    assert remark.line == 3
    assert "lost" in remark.text


def test_a_cue_that_ends_before_it_starts_is_kept() -> None:
    subtitles = read("00:02.000 --> 00:01.000", "x")
    assert subtitles.cues == (Cue(2, 2, ("x",)),)
    assert said(subtitles) == [
        "line 3: this cue ends before it starts, at 1.000 s: it is shown for no time"
    ]


# --- blocks -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "cues"),
    [
        (("id", TIMES, "x", "y"), (Cue(1, 2, ("x", "y"), identifier="id"),)),
        ((" i --- d ", TIMES, "x"), (Cue(1, 2, ("x",), identifier=" i --- d "),)),
        (("STYLE", TIMES, "x"), (Cue(1, 2, ("x",), identifier="STYLE"),)),
        (("NOTE", TIMES, "x"), (Cue(1, 2, ("x",), identifier="NOTE"),)),
        ((TIMES,), (Cue(1, 2, ("",)),)),
        ((TIMES, "", ""), (Cue(1, 2, ("",)),)),
        ((TIMES, " ", "x"), (Cue(1, 2, (" ", "x")),)),
        ((TIMES, " x "), (Cue(1, 2, (" x ",)),)),
        ((TIMES, "x", TIMES, "y"), (Cue(1, 2, ("x",)), Cue(1, 2, ("y",)))),
        ((TIMES, "x", "id", TIMES, "y"), (Cue(1, 2, ("x", "id")), Cue(1, 2, ("y",)))),
        ((TIMES, TIMES, "y"), (Cue(1, 2, ("",)), Cue(1, 2, ("y",)))),
        ((TIMES, "NOTE x", "STYLE"), (Cue(1, 2, ("NOTE x", "STYLE")),)),
        (("id", TIMES, TIMES, "x"), (Cue(1, 2, ("",), identifier="id"), Cue(1, 2, ("x",)))),
        ((TIMES, "a\u2028b\x85c\x0bd"), (Cue(1, 2, ("a\u2028b\x85c\x0bd",)),)),
    ],
)
def test_blocks_are_cut_as_the_specification_says(
    lines: tuple[str, ...], cues: tuple[Cue, ...]
) -> None:
    subtitles = read(*lines)
    assert subtitles.cues == cues
    assert subtitles.remarks == ()


@pytest.mark.parametrize(
    ("lines", "count", "remark"),
    [
        ((TIMES, "x", "", "lost"), 1, "line 6: text without times is left out: lost"),
        (("lost", "id", TIMES, "x"), 1, "line 3: text without times is left out: lost"),
        ((TIMES, "x", "--> lost"), 1, "line 5: these are no times of WebVTT (--> lost), so they"),
        (
            ("-->", TIMES, "x"),
            1,
            "line 3: these are no times of WebVTT (-->), so they are left out",
        ),
        (
            ("id", "a --> b", TIMES, "x"),
            1,
            "line 4: these are no times of WebVTT (a --> b), so they",
        ),
        (("STYLE",), 0, "line 3: text without times is left out: STYLE"),
        (("STYLE x", "y"), 0, "line 3: text without times is left out: STYLE x"),
        (("note x",), 0, "line 3: text without times is left out: note x"),
        (("NOTEx",), 0, "line 3: text without times is left out: NOTEx"),
        (
            (TIMES, "x", "", "STYLE", "y"),
            1,
            "line 6: a STYLE block after the first cue has no effect",
        ),
        ((TIMES, "<font>x</font>"), 1, "line 3: no tags of WebVTT, left out: <font> </font>"),
        ((TIMES, "1 < 2 > 0"), 1, "line 3: no tags of WebVTT, left out: < 2 >"),
        ((f"{TIMES} line:x l", "x"), 1, "line 3: settings that mean nothing, left out: line:x l"),
        (("x" * 99,), 0, f"line 3: text without times is left out: {'x' * 40}…"),
    ],
)
def test_what_a_browser_passes_over_is_a_remark(
    lines: tuple[str, ...], count: int, remark: str
) -> None:
    subtitles = read(*lines)
    assert len(subtitles.cues) == count
    (found,) = said(subtitles)
    assert found.startswith(remark)


def test_comments_styles_and_regions_are_kept_in_their_places() -> None:
    document = (
        "WEBVTT a file\nKind: x\n\nNOTE one\n"
        "\nSTYLE\n::cue { color: red }\n\nREGION\nid:a\nwidth:40%\n"
        f"\nNOTE\ntwo\nlines\n\n{TIMES} region:a\nx\n\n"
        f"NOTE a --> b\n\n{TIMES}\ny\n\nNOTE\n\nNOTE end\n"
    )
    subtitles = parse(document)
    assert [(block.kind, block.text, block.position) for block in subtitles.blocks] == [
        ("WEBVTT", "a file\nKind: x", 0),
        ("NOTE", "one", 0),
        ("STYLE", "::cue { color: red }", 0),
        ("REGION", "id:a\nwidth:40%", 0),
        ("NOTE", "two\nlines", 0),
        ("NOTE", "a --> b", 1),
        ("NOTE", "", 2),
        ("NOTE", "end", 2),
    ]
    assert [cue.settings for cue in subtitles.cues] == ["region:a", ""]
    assert subtitles.remarks == ()
    assert parse(compose(subtitles)) == subtitles


def test_a_style_with_an_arrow_in_it_ends_there() -> None:
    subtitles = read("STYLE", "a", "b --> c", "d", "", TIMES, "x")
    assert [block.text for block in subtitles.blocks] == ["a"]
    assert len(subtitles.cues) == 1
    assert len(subtitles.remarks) == 1


# --- text -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "shown", "markup"),
    [
        ("<i>a</i> <b.x>b</b>", "a b", "<i>a</i> <b.x>b</b>"),
        ("one <00:00:01.500>two", "one two", "one <00:00:01.500>two"),
        ("<ruby>漢<rt>かん</ruby>", "漢かん", "<ruby>漢<rt>かん</rt></ruby>"),
        ("R&amp;D &lt;i&gt; &amp;lt;", "R&D <i> &lt;", ""),
        ("a&nbsp;b&lrm;c&rlm;d &#x4f60;", "a\u00a0b\u200ec\u200fd 你", ""),
        ("AT&T &amp x", "AT&T & x", ""),
        ("1 < 2 > 0", "1  0", ""),
        ("a</i> <q>b", "a b", ""),
        ("<i>R&D", "R&D", "<i>R&amp;D</i>"),
        ("a&#10;b", "a\nb", ""),
        ("5\n00:05", "5\n00:05", ""),
    ],
)
def test_text_is_read_as_it_is_shown(written: str, shown: str, markup: str) -> None:
    (cue,) = read(TIMES, *written.split("\n")).cues
    assert cue == Cue(1, 2, tuple(shown.split("\n")), markup=markup)


@pytest.mark.parametrize(
    ("written", "speaker", "markup"),
    [
        ("<v Ann Lee>x", "Ann Lee", ""),
        ("<v Ann>x</v>", "Ann", ""),
        ("<v\t王 &gt;\n&amp; 李 >x</v>", "王 > & 李", ""),
        ("<v  Ann  Lee>x</v>", "Ann Lee", ""),
        ("<v Ann\u3000Lee>x</v>", "Ann\u3000Lee", ""),
        ("<v.loud.first Ann>x</v>", "Ann", "<v.loud.first Ann>x</v>"),
        ("<i><v Ann>x</i>", "Ann", "<i><v Ann>x</v></i>"),
        ("<v Ann><i>x</i>", "Ann", "<i>x</i>"),
        ("<v Ann></v>x", None, "<v Ann></v>x"),
        ("<v Ann>x</v><v Bob></v>", "Ann", "<v Ann>x</v><v Bob></v>"),
        ("<v Ann>x</v><v Ann></v>", "Ann", "<v Ann>x</v><v Ann></v>"),
        ("<v>x", None, "<v>x</v>"),
        ("<vx Ann>x", None, ""),
    ],
)
def test_the_voice_of_a_cue_is_its_speaker(written: str, speaker: str | None, markup: str) -> None:
    (cue,) = read(TIMES, *written.split("\n")).cues
    assert cue == Cue(1, 2, ("x",), speaker, markup=markup)


TWO = Cue(
    *(1, 2, ("one", "two", "three")),
    identifier="7",
    settings="line:0",
    markup="<v A>one</v>\n<v A><i>two</i></v>\n<v B>three</v>",
)


def test_two_voices_in_one_cue_are_one_cue_as_in_a_browser() -> None:
    read_back = read("7", f"{TIMES} line:0", "<v A>one</v>", "<v A><i>two</i></v>", "<v B>three")
    assert read_back.cues == (TWO,)
    assert split_voices(TWO) == (
        Cue(1, 2, ("one", "two"), "A", identifier="7", settings="line:0", markup="one\n<i>two</i>"),
        Cue(1, 2, ("three",), "B", identifier="7", settings="line:0"),
    )
    alone = Cue(1, 2, ("x",), "A", markup="<v.loud A>x</v>")
    assert split_voices(alone) == (alone,)


def test_formats_with_one_speaker_a_cue_get_two_cues() -> None:
    subtitles = Subtitles(
        (TWO, Cue(2, 3, ("x",))),
        blocks=(Block("vtt", "NOTE", "x", 1), Block("vtt", "NOTE", "y", 2)),
    )
    assert compose_subtitles(subtitles, format_for("srt")).split("\n\n")[:2] == [
        "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}A: one\n<i>two</i>",
        "2\n00:00:01,000 --> 00:00:02,000\n{\\an8}B: three",
    ]
    assert compose_subtitles(subtitles, format_for("vtt")).count("-->") == 2
    losses = list_losses(subtitles, format_for("srt"))
    assert "several speakers in one cue (1 cue)" in losses
    assert list_losses(subtitles, format_for("vtt")) == ()


def test_a_file_of_several_voices_is_loaded_with_a_speaker_a_cue(tmp_path: Path) -> None:
    path = tmp_path / "talk.vtt"
    path.write_text(compose(Subtitles((TWO,))), encoding="utf-8")
    assert load_subtitles(path).cues == (TWO,)
    assert load_cues(path) == split_voices(TWO)
    assert [word.speaker for word in load_document(path).words] == ["A", "A", "B"]


# --- settings ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("", CueSettings()),
        ("vertical:rl", CueSettings(vertical="rl")),
        ("vertical:lr vertical:rl", CueSettings(vertical="rl")),
        ("line:0", CueSettings(line=0)),
        ("line:-1", CueSettings(line=-1)),
        ("line:1.5", CueSettings(line=1.5)),
        ("line:007", CueSettings(line=7)),
        ("line:12345678901234567890", CueSettings(line=12345678901234567890.0)),
        ("line:0%", CueSettings(line=0, snap_to_lines=False)),
        ("line:100.0%,end", CueSettings(line=100, snap_to_lines=False, line_align="end")),
        ("line:50%,center line:3", CueSettings(line=3, line_align="center")),
        ("position:0%", CueSettings(position=0)),
        ("position:33.3%,line-left", CueSettings(position=33.3, position_align="line-left")),
        ("position:1%,center", CueSettings(position=1, position_align="center")),
        ("position:1%,line-right", CueSettings(position=1, position_align="line-right")),
        ("size:0%", CueSettings(size=0)),
        ("size:12.5%", CueSettings(size=12.5)),
        ("align:start", CueSettings(align="start")),
        ("align:left", CueSettings(align="left")),
        ("align:right align:end", CueSettings(align="end")),
        ("\talign:end\fline:2\r size:1%", CueSettings(align="end", line=2, size=1)),
        ("line:1 line:x", CueSettings(line=1)),
    ],
)
def test_settings_are_read_as_a_browser_has_them(written: str, wanted: CueSettings) -> None:
    assert parse_settings(written) == wanted
    assert parse_settings(compose_settings(wanted)) == wanted


@pytest.mark.parametrize(
    "written",
    [
        *(
            "vertical:",
            "vertical:RL",
            "vertical:rl,x",
            ":rl",
            "vertical",
            "vertical:x",
            "Vertical:rl",
        ),
        *("line:auto", "line:", "line:-", "line:.", "line:1.", "line:.5", "line:--1", "line:1-"),
        *("line:1.2.3", "line:+1", "line:1e3", "line:101%", "line:-1%", "line:%", "line:1%%"),
        *("line:1,", "line:1,left", "line:1,start,x", "line:,start", "line:１", "line:1px"),
        *(
            "position:1",
            "position:101%",
            "position:-1%",
            "position:1.%",
            "position:.1%",
            "position:%",
        ),
        *(
            "position:1%,",
            "position:1%,start",
            "position:1%,line-left,x",
            "position:auto",
            "position:1",
        ),
        *("size:50", "size:100.1%", "size:-1%", "size:%", "size:1.%", "size:1 %", "size:1%,start"),
        *(
            "align:middle",
            "align:Start",
            "align:",
            "align:line-left",
            "foo:bar",
            "",
            "::",
            "region:",
        ),
        f"line:{'9' * 400}",
    ],
)
def test_settings_that_mean_nothing_change_nothing(written: str) -> None:
    assert parse_settings(written) == CueSettings()


@pytest.mark.parametrize(
    ("written", "region"),
    [
        ("region:a", "a"),
        ("region:b", ""),
        ("region:a region:b", ""),
        ("region:a line:1", ""),
        ("line:1 region:a", "a"),
        ("region:a size:50%", ""),
        ("region:a size:100%", "a"),
        ("region:a vertical:rl", ""),
        ("region:a align:start position:1%", "a"),
        ("region:a line:x", "a"),
    ],
)
def test_a_cue_that_is_placed_is_in_no_region(written: str, region: str) -> None:
    settings = parse_settings(written, {"a"})
    assert settings.region == region
    assert parse_settings(compose_settings(settings), {"a"}) == settings


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("id:a", Region("a")),
        ("id:a\nid:b\tid:", Region("b")),
        ("width:0%", Region(width=0)),
        ("width:33.3% width:101% width:x", Region(width=33.3)),
        ("lines:1 lines:x lines:-1 lines:1.5", Region(lines=1)),
        ("lines:007", Region(lines=7)),
        ("lines:0", Region(lines=0)),
        ("regionanchor:1%,2% regionanchor:3% regionanchor:3%,x", Region(anchor=(1, 2))),
        ("viewportanchor:1.5%,100% viewportanchor:1%;2%", Region(viewport_anchor=(1.5, 100))),
        ("scroll:up scroll:down", Region(scroll="up")),
        ("id:a:b id", Region("a:b")),
    ],
)
def test_regions_are_read_as_a_browser_has_them(written: str, wanted: Region) -> None:
    assert parse_region(written) == wanted


def test_the_last_region_of_a_name_before_the_cues_counts() -> None:
    subtitles = read(
        "REGION",
        "id:a",
        "lines:1",
        "",
        "REGION \t",
        "id:a",
        "lines:2",
        "",
        TIMES,
        "x",
        "",
        "REGION",
        "id:b",
    )
    assert find_regions(subtitles.blocks) == {"a": Region("a", lines=2)}


percent = st.floats(0, 100) | st.integers(0, 100).map(float)
cue_settings = st.builds(
    CueSettings,
    vertical=st.sampled_from(["", "rl", "lr"]),
    position=percent,
    position_align=st.sampled_from(["auto", "line-left", "center", "line-right"]),
    line=st.floats(allow_nan=False, allow_infinity=False).map(lambda line: line + 0.0),
    line_align=st.sampled_from(["start", "center", "end"]),
    size=percent,
    align=st.sampled_from(["start", "center", "end", "left", "right"]),
    region=st.sampled_from(["", "a", "b:c"]),
)


@given(cue_settings)
def test_settings_are_read_as_they_were_written(settings: CueSettings) -> None:
    assert parse_settings(compose_settings(settings)) == settings


@given(
    st.lists(
        st.sampled_from([*"0123456789%.,-: ", "line:", "position:", "size:", "start", "end"]),
        max_size=9,
    ).map("".join)
)
def test_settings_of_any_kind_are_read_and_written_the_same(written: str) -> None:
    settings = parse_settings(written)
    assert parse_settings(compose_settings(settings)) == settings


# --- whole files ------------------------------------------------------------------

PARTS = (
    *("", " ", "x", "王", "NOTE", "NOTE x", "STYLE", "REGION", "id:a", "::cue {}", "WEBVTT", "\0"),
    *(
        TIMES,
        f"{TIMES} line:0 size:x",
        f"{TIMES} region:a",
        "00:00:03.000-->00:00:02.000",
        "a --> b",
    ),
    *(
        "<v Ann>x</v>",
        "<v A>x</v> <v B>y",
        "<i>x",
        "a &amp; b &lt",
        "<c.a--><b>x",
        "<1:00>",
        "&#10;",
    ),
    *(
        "00:61.000 --> 00:01.000",
        "Language: zh",
        "- x",
        "<v.a-- x-->",
        "\ufeff",
        "\u2028",
        "a\x85b",
    ),
)
documents = st.tuples(
    st.sampled_from(["WEBVTT", "WEBVTT - a title", "WEBVTT x", "\ufeffWEBVTT\t"]),
    st.lists(st.sampled_from(PARTS) | st.text(max_size=6), max_size=16),
    st.sampled_from(["\n", "\r\n", "\r"]),
).map(lambda parts: parts[2].join([parts[0], *parts[1]]))


@given(documents)
def test_a_file_that_is_written_again_stays_what_it_is(document: str) -> None:
    first = parse(document)
    second = parse(compose(first))
    shown = [cue for cue in first.cues if cue.text.strip()]
    assert [(cue.start, cue.end, cue.speaker and cue.speaker.split()) for cue in second.cues] == [
        (cue.start, cue.end, cue.speaker and cue.speaker.split()) for cue in shown
    ]
    assert parse(compose(second)) == second
    assert compose(parse(compose(second))) == compose(second)


@given(documents)
def test_what_is_written_is_read_without_a_remark(document: str) -> None:
    written = parse(compose(parse(document)))
    assert [text for text in said(written) if "after the first cue" not in text] == []


line_texts = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=9
)
shown_lines = st.lists(line_texts.filter(str.strip), min_size=1, max_size=3).map(tuple)
names = st.none() | st.sampled_from(["Ann", "王 & <b>", "--", "a-->", "A\u3000B\u200c"])
milliseconds = st.integers(0, 10**9)


@st.composite
def full_cues(draw: st.DrawFn) -> Cue:
    start = draw(milliseconds)
    lines = draw(shown_lines)
    wraps = draw(
        st.sampled_from(
            ["", "<i>{}</i>", "<c.a.b>{}</c>", "<v A>{}</v><v B>!</v>", "<lang en>{}</lang>"]
        )
    )
    markup = wraps.format(escape_markup("\n".join(lines))) if wraps else ""
    shown = tuple(markup_text(markup).split("\n")) if markup else lines
    return Cue(
        start / 1000,
        (start + draw(st.integers(0, 10**6))) / 1000,
        shown,
        None if "<v" in markup else draw(names),
        identifier=draw(st.sampled_from(["", "1", "a b", "NOTE x", "STYLE", " "])),
        settings=compose_settings(draw(st.just(CueSettings()) | cue_settings)).replace("b:c", "a"),
        markup=markup,
    )


@st.composite
def full_files(draw: st.DrawFn) -> Subtitles:
    cues = tuple(draw(st.lists(full_cues(), max_size=5)))
    places = sorted(draw(st.lists(st.integers(0, len(cues)), max_size=4)))
    blocks = [
        Block("vtt", "NOTE", draw(st.sampled_from(["", "x", "a\nb", "a --> b", " x"])), place)
        for place in places
    ]
    head = draw(st.sampled_from([(), (Block("vtt", "WEBVTT", "\nKind: x"),)]))
    styles = draw(
        st.permutations([Block("vtt", "STYLE", "::cue {\n}"), Block("vtt", "REGION", "id:a")])
    )
    return Subtitles(
        cues,
        draw(st.sampled_from(["", "zh-Hant"])),
        draw(st.sampled_from(["", "A title", "a --> b".replace("-->", "→")])),
        (*head, *styles, *blocks),
    )


@given(full_files())
def test_a_file_of_everything_is_read_as_it_was_written(subtitles: Subtitles) -> None:
    read_back = parse(compose(subtitles))
    assert read_back == subtitles
    assert read_back.remarks == ()


def test_blocks_of_other_formats_and_unknown_regions_are_not_written() -> None:
    subtitles = Subtitles(
        (Cue(0, 1, ("x",), settings="region:top line:0,end nonsense\n\n--> x"),),
        blocks=(Block("ass", "Script Info", "x"),),
    )
    assert compose(subtitles) == "WEBVTT\n\n00:00:00.000 --> 00:00:01.000 line:0,end\nx\n"


def test_hostile_identifiers_and_headers_make_no_cue() -> None:
    subtitles = Subtitles(
        (Cue(0, 1, ("x",), identifier="a\n\n00:01.000 --> 00:02.000\ny"),),
        title="t\n\n00:01.000 --> 00:02.000\ny",
        blocks=(
            Block("vtt", "WEBVTT", "h\n\n00:01.000 --> 00:02.000\ny"),
            Block("vtt", "STYLE", "a\n\n00:01.000 --> 00:02.000\r\n\r\ny"),
        ),
    )
    (cue,) = parse(compose(subtitles)).cues
    assert (cue.text, cue.identifier) == ("x", "a  00:01.000 → 00:02.000 y")


def test_tags_are_kept_where_lines_are_broken_anew() -> None:
    cue = Cue(0, 1, ("one", "two"), "Ann", markup="<i>one two</i>")
    assert "\n<v Ann><i>one\ntwo</i></v>\n" in compose(Subtitles((cue,)))


def test_a_new_speaker_takes_the_place_of_the_voice_in_the_markup() -> None:
    cue = Cue(0, 1, ("x",), "Bob", markup="<i><v Ann>x</v></i>")
    assert "\n<v Bob><i>x</i></v>\n" in compose(Subtitles((cue,)))
    assert "\n<i>x</i>\n" in compose(Subtitles((cue,)), style=SpeakerStyle.NONE)


# --- karaoke ----------------------------------------------------------------------

SUNG = (
    Word("Oh ", Span(1.0, 1.4)),
    Word("no,", Span(1.5, 1.8)),
    Word("你", None),
    Word("好", Span(1.5, 1.9)),
    Word("& ", Span(1.9, 2.0)),
    Word("x", Span(2.5, 3)),
)


def test_word_times_are_written_on_request() -> None:
    cue = Cue(1, 2, ("Oh no,", "你好& x"), "Ann", words=SUNG)
    assert "\n<v Ann>Oh no,\n你好&amp; x</v>\n" in compose(Subtitles((cue,)))
    karaoke = compose(Subtitles((cue,)), word_times=True)
    assert "\n<v Ann>Oh <00:00:01.500>no,\n你好<00:00:01.900>&amp; x</v>\n" in karaoke
    (read_back,) = parse(karaoke).cues
    assert (read_back.lines, read_back.speaker) == (cue.lines, "Ann")


def test_words_that_are_not_the_text_have_no_times() -> None:
    cue = Cue(1, 2, ("something else",), words=SUNG)
    assert "\nsomething else\n" in compose(Subtitles((cue,)), word_times=True)


def test_word_times_stand_inside_of_tags() -> None:
    cue = Cue(
        1,
        2,
        ("a b",),
        markup="<i>a</i> <b>b</b>",
        words=(Word("a ", Span(1, 1.2)), Word("b", Span(1.2, 2))),
    )
    assert "\n<i>a</i> <b><00:00:01.200>b</b>\n" in compose(Subtitles((cue,)), word_times=True)


# --- chapters ---------------------------------------------------------------------


def test_chapters_are_cues_with_titles() -> None:
    document = (
        "WEBVTT\n\nintro\n00:00:00.000 --> 00:01:00.000\nOpening\n"
        "\n00:01:00.000 --> 01:00:00.000\nQ&amp;A\n"
    )
    subtitles = parse(document)
    assert [(cue.start, cue.identifier, cue.text) for cue in subtitles.cues] == [
        (0, "intro", "Opening"),
        (60, "", "Q&A"),
    ]
    assert compose(subtitles) == document

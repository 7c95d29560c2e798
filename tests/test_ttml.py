"""TTML: IMSC 1.1 as it is written, and what others write."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Cue, Span, Subtitles, Word
from subtools.errors import DocumentError
from subtools.formats import SpeakerStyle
from subtools.formats.styled import compose_runs
from subtools.formats.ttml import compose, parse
from tests.cues_for_formats import bare, cues_in_order, names, with_words

TT = 'xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling"'
PLACES = st.sampled_from(
    ["", "line:0", "line:50%,center align:right", "align:left", "line:0 align:left"]
)


def document(body: str, root: str = "", head: str = "") -> str:
    return f"<tt {TT} {root}><head>{head}</head><body><div>{body}</div></body></tt>"


def cue(start: float, end: float, *texts: str, speaker: str | None = None) -> Cue:
    return Cue(start, end, texts, speaker)


# --- what is written is read back


@given(
    cues_in_order(speakers=st.none() | names, overlapping=True),
    st.lists(st.sampled_from(["b", "i", "u", "c.yellow"]), max_size=3),
    PLACES,
    st.sampled_from(["", "zh-Hant"]),
)
def test_ttml_gives_back_the_cues(
    cues: tuple[Cue, ...], tags: list[str], settings: str, language: str
) -> None:
    looks = [frozenset(tags[:k]) for k in range(4)]
    marked = tuple(
        replace(
            c,
            settings=settings,
            identifier=f"cue-{k}",
            markup=compose_runs([[(line, looks[n])] for n, line in enumerate(c.lines)]),
        )
        for k, c in enumerate(cues)
    )
    whole = Subtitles(marked, language=language, title="座談 <1>")
    read = parse(compose(whole))
    assert read == whole
    assert read.remarks == ()


@given(cues_in_order())
def test_ttml_gives_back_the_times_of_words_on_request(cues: tuple[Cue, ...]) -> None:
    sung = tuple(with_words(c) for c in cues)
    read = bare(parse(compose(Subtitles(sung), word_times=True)).cues)
    for before, after in zip(bare(sung), read, strict=True):
        if len(before.words) > 1:  # a single one is as a whole line that begins later
            assert after == before
    assert parse(compose(Subtitles(sung))).cues == tuple(cues)


def test_what_is_written_has_what_imsc_asks_for() -> None:
    whole = Subtitles((Cue(1, 2, ("a & b", "c"), "王", settings="line:0"), cue(2, 3.5, "d")), "zh")
    root = ET.fromstring(compose(whole))
    tt, tts = "{http://www.w3.org/ns/ttml}", "{http://www.w3.org/ns/ttml#styling}"
    assert root.tag == f"{tt}tt"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh"
    profile = root.get("{http://www.w3.org/ns/ttml#parameter}contentProfiles")
    assert profile == "http://www.w3.org/ns/ttml/profile/imsc1.1/text"
    assert [child.tag for child in root] == [f"{tt}head", f"{tt}body"]
    assert [child.tag for child in root[0]] == [f"{tt}metadata", f"{tt}styling", f"{tt}layout"]
    xml_id = "{http://www.w3.org/XML/1998/namespace}id"
    regions = {node.get(xml_id): node for node in root.iter(f"{tt}region")}
    styles = {node.get(xml_id) for node in root.iter(f"{tt}style")}
    paragraphs = list(root.iter(f"{tt}p"))
    assert [p.get("begin") for p in paragraphs] == ["00:00:01.000", "00:00:02.000"]
    assert {p.get("region") for p in paragraphs} <= regions.keys()
    assert {p.get("style") for p in paragraphs} - {None} <= styles
    for region in regions.values():
        origin, extent = (
            [float(part.rstrip("%")) for part in (region.get(tts + name) or "").split()]
            for name in ("origin", "extent")
        )
        assert all(o >= 0 and o + e <= 100 for o, e in zip(origin, extent, strict=True))
    assert regions["region8"].get(f"{tts}displayAlign") == "before"


def test_pysubs2_reads_what_is_written() -> None:
    cues = (cue(1, 2.5, "大家好 & <b>", "x"), cue(3600, 3601, "end"))
    read = pysubs2.SSAFile.from_string(compose(Subtitles(cues)), "ttml")
    assert [(e.start, e.end, e.plaintext) for e in read] == [
        (1000, 2500, "大家好 & <b>\nx"),
        (3_600_000, 3_601_000, "end"),
    ]


def test_without_speakers_there_is_no_agent() -> None:
    text = compose(Subtitles((cue(1, 2, "a", speaker="王"),)), style=SpeakerStyle.NONE)
    assert "agent" not in text
    assert parse(text).cues == (cue(1, 2, "a"),)


def test_names_of_cues_that_are_none_in_xml_are_not_written() -> None:
    cues = tuple(
        replace(cue(k, k + 1, "a"), identifier=name)
        for k, name in enumerate(["1", "a", "a", "style1"])
    )
    assert [c.identifier for c in parse(compose(Subtitles(cues))).cues] == ["", "a", "", ""]


# --- times


@pytest.mark.parametrize(
    ("root", "begin", "start"),
    [
        ("", "00:00:01.5", 1.5),
        ("", "00:01.500", 1.5),
        ("", "1.5s", 1.5),
        ("", "1500ms", 1.5),
        ("", "0.5m", 30),
        ("", "1h", 3600),
        ("", "15f", 0.5),
        ('ttp:frameRate="25"', "00:00:01:05", 1.2),
        ('ttp:frameRate="24" ttp:frameRateMultiplier="1000 1001"', "24f", 1.001),
        ('ttp:frameRate="24" ttp:frameRateMultiplier="1000:1001"', "00:00:00:24", 1.001),
        ('ttp:tickRate="10000000"', "15000000t", 1.5),
        ('ttp:frameRate="25" ttp:subFrameRate="2"', "00:00:01:05.1", 1.22),
        ("", "100:00:00", 360_000),
    ],
)
def test_times_are_read_in_all_their_units(root: str, begin: str, start: float) -> None:
    namespace = 'xmlns:ttp="http://www.w3.org/ns/ttml#parameter"'
    text = document(f'<p begin="{begin}" dur="2s">x</p>', f"{namespace} {root}")
    (read,) = parse(text).cues
    assert (read.start, read.end) == (start, round(start + 2, 3))


def test_times_count_from_what_is_around() -> None:
    text = (
        f'<tt {TT}><body begin="10s" end="60s"><div begin="5s">'
        '<p begin="1s" end="2s">a</p><p>b</p></div>'
        '<div timeContainer="seq"><p dur="1s">c</p><p begin="1s" dur="2s">d</p></div>'
        '<div><p begin="40s" dur="20s">e</p></div></body></tt>'
    )
    assert [(c.start, c.end, c.text) for c in parse(text).cues] == [
        (16, 17, "a"),
        (15, 60, "b"),
        (10, 11, "c"),
        (12, 14, "d"),
        (50, 60, "e"),
    ]


def test_a_paragraph_without_an_end_stays_until_the_next_one() -> None:
    read = parse(document('<p begin="1s">a</p><p begin="3s" end="4s">b</p><p begin="5s">c</p>'))
    assert [(c.start, c.end) for c in read.cues] == [(1, 3), (3, 4), (5, 10)]
    assert "2 paragraphs without an end" in read.remarks[0].text


def test_spans_with_times_are_words_or_cues() -> None:
    words = (
        '<p begin="1s" end="3s"><span begin="0s" end="1s">a </span>'
        '<span begin="1s" end="2s">b</span></p>'
    )
    (sung,) = parse(document(words)).cues
    assert sung.words == (Word("a ", Span(1, 2)), Word("b", Span(2, 3)))
    apart = '<p><span begin="0s" end="1s">a</span><span begin="1s" end="2s">b</span></p>'
    assert parse(document(apart)).cues == (cue(0, 1, "a"), cue(1, 2, "b"))


def test_words_that_count_from_the_beginning_of_the_file_are_understood() -> None:
    text = (
        '<p begin="10s" end="30s"><span begin="10s" end="12s">a </span>'
        '<span begin="12s" end="30s">b</span></p>'
    )
    (sung,) = parse(document(text)).cues
    assert [word.span for word in sung.words] == [Span(10, 12), Span(12, 30)]


# --- looks


def test_styles_named_nested_and_inline_become_markup() -> None:
    head = (
        '<styling><style xml:id="i" tts:fontStyle="italic"/>'
        '<style xml:id="both" style="i" tts:fontWeight="bold"/>'
        '<style xml:id="self" style="self" tts:color="rgb(255, 255, 0)"/></styling>'
    )
    body = (
        '<p begin="1s" end="2s" style="i">a <span tts:fontStyle="normal">b</span></p>'
        '<p begin="2s" end="3s">c <span style="both">d</span></p>'
        '<p begin="3s" end="4s" style="self">e<br/>f</p>'
        '<p begin="4s" end="5s" tts:color="white" tts:textDecoration="underline">g</p>'
        '<p begin="5s" end="6s" tts:color="#FF0000FF" tts:backgroundColor="black">h</p>'
    )
    read = parse(document(body, head=head))
    assert [c.markup for c in read.cues] == [
        "<i>a </i>b",
        "c <b><i>d</i></b>",
        "<c.yellow>e\nf</c>",
        "<u>g</u>",
        "<c.red>h</c>",
    ]
    assert read.remarks[0].text == "not kept of its looks: backgroundColor"


def test_regions_become_places() -> None:
    head = (
        '<layout><region xml:id="top" tts:origin="10% 5%" tts:extent="80% 20%"'
        ' tts:displayAlign="before" tts:textAlign="center"/>'
        '<region xml:id="px" tts:origin="100px 800px" tts:extent="800px 200px"'
        ' tts:displayAlign="after" tts:textAlign="left"/>'
        '<region xml:id="inner"><style tts:displayAlign="before"/></region></layout>'
    )
    body = "".join(
        f'<p begin="{k}s" end="{k + 1}s" region="{name}">x</p>'
        for k, name in enumerate(["top", "px", "inner", "none"])
    )
    read = parse(document(body, 'tts:extent="1920px 1080px"', head))
    assert [c.settings for c in read.cues] == ["line:0", "align:left", "line:0", ""]


def test_white_space_is_taken_as_xml_space_says() -> None:
    body = '<p begin="1s" end="2s">\n  a   b <br/>\n  c\n</p>'
    assert parse(document(body)).cues[0].lines == ("a b", "c")
    kept = body.replace("<p ", '<p xml:space="preserve" ')
    assert parse(document(kept)).cues[0].lines == ("  a   b ", "  c")


def test_an_agent_is_a_speaker() -> None:
    head = (
        '<metadata><ttm:agent xml:id="a" type="person">'
        '<ttm:name type="full">Ann</ttm:name></ttm:agent></metadata>'
    )
    root = 'xmlns:ttm="http://www.w3.org/ns/ttml#metadata"'
    body = '<p begin="1s" end="2s" ttm:agent="a">x</p>'
    assert parse(document(body, root, head)).cues == (cue(1, 2, "x", speaker="Ann"),)


def test_files_of_older_namespaces_and_prefixes_are_read() -> None:
    dfxp = (
        '<?xml version="1.0" encoding="UTF-16"?>\n<tt:tt xmlns:tt="http://www.w3.org/2006/10/ttaf1">'
        '<tt:body><tt:div><tt:p begin="00:00:01.00" end="00:00:02.00" id="p1">x</tt:p></tt:div>'
        "</tt:body></tt:tt>"
    )
    (read,) = parse(dfxp).cues
    assert read == replace(cue(1, 2, "x"), identifier="p1")


# --- faults

BOMB = '<!DOCTYPE tt [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n'


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "not XML: no element found"),
        ("<tt>", 1, "not XML"),
        (f"<tt {TT}>\n<body><p>a & b</p></body></tt>", 2, "not XML: not well-formed"),
        ("<i><d p='1'>danmaku</d></i>", 1, "not TTML: its root is <i>"),
        (BOMB + f"<tt {TT}>&b;</tt>", 1, "document type"),
        (document('\n<p begin="soon" end="2s">x</p>'), 2, "begin is no time: 'soon'"),
        (document('\n<p begin="1s" end="99999999999999h">x</p>'), 2, "end is no time"),
        (f"<tt {TT}>" + "<div>\n" * 100_000, 100, "nested too deeply"),
    ],
)
def test_faults_of_ttml_are_told_with_their_line(text: str, line: int, message: str) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        parse(text)
    assert caught.value.line == line


def test_what_is_left_out_is_told() -> None:
    body = '<p>never</p><p begin="2s" end="1s">x</p><div><image/></div>'
    read = parse(document(body))
    assert read.cues == (cue(2, 2, "x"),)
    assert [remark.text.split(":")[0] for remark in read.remarks] == [
        "a paragraph without times is left out",
        "the paragraph ends before it begins",
        "1 pictures left out",
    ]


def test_blanks_without_end_take_no_time() -> None:
    with pytest.raises(DocumentError, match="not XML"):
        parse("1\n" + " " * 200_000 + "x")  # minutes, if a declaration is looked for in each

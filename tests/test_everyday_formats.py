"""Lyrics, tables, labels, JSON and TextGrid: written and read back, and as others write them."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Block, Cue, Native, Span, Subtitles, Word
from subtools.errors import DocumentError
from subtools.formats import (
    FORMATS,
    SpeakerStyle,
    audacity,
    bcc,
    detect_format,
    format_for,
    lrc,
    markdown,
    rttm,
    tables,
    textgrid,
    whisper,
)
from subtools.transcript import parse_document
from tests.cues_for_formats import bare, cues_in_order, lines, names, stripped, with_words

one_line = lines.map(str.strip).filter(bool)
no_stamps = one_line.filter(lambda line: not re.search(r"[\[<]\d", line))


def cue(start: float, end: float, *texts: str, speaker: str | None = None) -> Cue:
    return Cue(start, end, texts, speaker)


# --- what is written is read back


@given(cues_in_order(overlapping=True), st.sampled_from(["", "zh-Hant"]))
def test_bilibilis_json_gives_back_the_cues(cues: tuple[Cue, ...], language: str) -> None:
    whole = Subtitles(cues, language=language)
    read = bcc.parse(bcc.compose(whole))
    assert (read.cues, read.language, read.remarks) == (cues, language, ())


@given(cues_in_order(written=one_line, speakers=st.none() | names, overlapping=True))
def test_whisperx_json_gives_back_cues_words_and_speakers(cues: tuple[Cue, ...]) -> None:
    whole = tuple(map(with_words, cues))
    read = whisper.parse(whisper.compose(Subtitles(whole, language="zh")))
    assert (bare(read.cues), read.language, read.remarks) == (bare(whole), "zh", ())


@given(cues_in_order(speakers=st.none() | names, overlapping=True))
def test_a_table_gives_back_the_cues(cues: tuple[Cue, ...]) -> None:
    whole = Subtitles(cues)
    assert tables.parse(tables.compose_csv(whole)) == whole
    assert tables.parse(tables.compose_tsv(whole)) == whole


@given(cues_in_order(written=lines.map(lambda x: x.replace("\t", " ")), most_lines=1))
def test_labels_give_back_cues_of_one_line(cues: tuple[Cue, ...]) -> None:
    assert audacity.parse(audacity.compose(Subtitles(cues))) == Subtitles(cues)


@given(cues_in_order(written=no_stamps, step=10))
def test_lyrics_give_back_cues_that_do_not_overlap(cues: tuple[Cue, ...]) -> None:
    whole = Subtitles(cues, title="歌", language="zh", blocks=(Block("lrc", "ar", "王"),))
    assert lrc.parse(lrc.compose(whole)) == whole


@given(cues_in_order(written=no_stamps, step=10))
def test_lyrics_give_back_the_times_of_words_on_request(cues: tuple[Cue, ...]) -> None:
    whole = tuple(map(with_words, cues))
    read = lrc.parse(lrc.compose(Subtitles(whole), word_times=True))
    assert bare(read.cues) == bare(whole)
    assert lrc.parse(lrc.compose(Subtitles(whole))) == Subtitles(cues)


@given(cues_in_order(speakers=st.none() | names))
def test_a_textgrid_gives_back_the_cues(cues: tuple[Cue, ...]) -> None:
    read = textgrid.parse(textgrid.compose(Subtitles(cues)))
    assert sorted(read.cues, key=str) == sorted(cues, key=str)


@given(cues_in_order(speakers=st.none() | names, overlapping=True))
def test_overlapping_cues_are_in_tiers_of_their_own(cues: tuple[Cue, ...]) -> None:
    read = textgrid.parse(textgrid.compose(Subtitles(cues)))
    assert sorted(read.cues, key=str) == sorted(cues, key=str)


@given(cues_in_order(written=one_line, speakers=st.sampled_from([None, "王", "李"])))
def test_a_textgrid_gives_back_the_times_of_words_on_request(cues: tuple[Cue, ...]) -> None:
    whole = tuple(map(with_words, cues))
    read = textgrid.parse(textgrid.compose(Subtitles(whole), word_times=True))
    assert sorted(bare(read.cues), key=str) == sorted(bare(whole), key=str)


@given(cues_in_order(speakers=st.sampled_from(["王", "Ann_Lee"]), overlapping=True))
def test_rttm_gives_back_who_speaks_when(cues: tuple[Cue, ...]) -> None:
    read = rttm.parse(rttm.compose(Subtitles(cues)))
    turns = [(c.start, c.end, c.speaker) for c in read.cues]
    assert sorted(turns) == sorted((c.start, c.end, c.speaker or "") for c in cues)
    assert all(c.text == c.speaker for c in read.cues)


@given(cues_in_order(most_lines=1), st.sampled_from(["\r\n", "\r"]))
def test_line_ends_and_a_byte_order_mark_change_nothing(
    cues: tuple[Cue, ...], line_end: str
) -> None:
    for known in FORMATS:
        if known.parse and known.compose:
            composed = known.compose(Subtitles(stripped(cues)), style=SpeakerStyle.NONE)
            foreign = "\ufeff" + composed.replace("\n", line_end)
            assert known.parse(foreign).cues == known.parse(composed).cues, known.name


JUNK = st.text() | st.text(st.sampled_from('{}[]":,.-<>\\\n\t 0123456789abfromtsegxk!=;"'))


@given(JUNK, st.data())
def test_whatever_is_read_gives_cues_or_a_fault(text: str, data: st.DataObject) -> None:
    written = [known for known in FORMATS if known.parse and known.compose]
    known = data.draw(st.sampled_from(written))
    assert known.compose is not None
    good = known.compose(Subtitles((cue(0, 1, "a"), cue(1, 2, "b")), title="x"))
    place = data.draw(st.integers(0, len(good)))
    for document in (text, good[:place] + text, good[:place] + text + good[place:]):
        known.recognise(document)
        try:
            assert known.parse is not None
            read = known.parse(document)
        except DocumentError:
            continue
        assert all(c.lines and c.start >= 0 for c in read.cues)


# --- the registry


SAMPLE = Subtitles((cue(1, 2.5, "大家好，", speaker="王"), cue(2.5, 4, "Hi")))


@pytest.mark.parametrize("known", [known for known in FORMATS if known.parse and known.compose])
def test_every_format_is_recognised_by_its_looks(known: object) -> None:
    for found in FORMATS:
        if found is known and found.compose:
            assert detect_format(found.compose(SAMPLE)) is found


def test_json_and_text_are_told_apart_by_what_is_in_them() -> None:
    for text in (
        "Some text.\n",
        '{"x": 1}',
        "{",
        "[]",
        '{"format": "subtools-words", "words": []}',
    ):
        assert detect_format(text) is None
    with pytest.raises(DocumentError, match="which, bcc or whisper"):
        format_for("out.json")


def test_a_format_is_found_by_its_longest_suffix_and_its_name() -> None:
    assert format_for("talk.zh.bcc.json").name == "bcc"
    assert format_for("talk.whisper.json").name == "whisper"
    assert format_for("Talk.TextGrid").name == "textgrid"
    assert format_for("whisper").name == "whisper"
    assert format_for(".labels.txt").name == "audacity"


# --- Bilibili

BILIBILI = """{"font_size":0.4,"font_color":"#FFFFFF","background_alpha":0.5,
"background_color":"#9C27B0","Stroke":"none","type":"AIsubtitle","lang":"zh","version":"v1.6.0.4",
"body":[
{"from":1.2,"to":3.4,"sid":1,"location":2,"content":"大家好","music":0.0},
{"from":3.4,"to":"5.5","location":8,"content":"上面\\n兩行"},
{"from":6,"content":"沒有結束"},
{"from":9,"to":10,"location":"x","content":"y"},
{"to":10,"content":"沒有開始"},
{"from":12,"to":11,"content":"倒過來"}]}"""


def test_a_file_of_bilibili_is_read_with_what_is_missing_in_it() -> None:
    read = bcc.parse(BILIBILI)
    assert read.language == "zh"
    assert read.cues == (
        Cue(1.2, 3.4, ("大家好",), native=Native("bcc", "", (("sid", "1"), ("music", "0.0")))),
        Cue(3.4, 5.5, ("上面", "兩行"), settings="line:0"),
        Cue(6, 9, ("沒有結束",)),
        Cue(9, 10, ("y",)),
        Cue(12, 12, ("倒過來",)),
    )
    assert [str(remark).split(":")[0] for remark in read.remarks] == [
        "entry 3 has no end",
        "entry 4 has no place x",
        "entry 5 has no time and is left out",
        "entry 6 ends before it begins",
    ]


def test_header_and_other_fields_of_bilibili_are_written_again() -> None:
    again = json.loads(bcc.compose(bcc.parse(BILIBILI)))
    assert again["version"] == "v1.6.0.4"
    first = {"from": 1.2, "to": 3.4, "location": 2, "content": "大家好", "sid": 1, "music": 0.0}
    assert again["body"][0] == first
    assert bcc.parse(bcc.compose(bcc.parse(BILIBILI))) == bcc.parse(BILIBILI)


def test_bilibilis_editor_gets_the_header_it_writes_itself() -> None:
    written = json.loads(bcc.compose(Subtitles((cue(1.2, 3.4, "a"),))))
    assert list(written) == [
        *("font_size", "font_color", "background_alpha", "background_color", "Stroke", "body")
    ]
    assert written["body"] == [{"from": 1.2, "to": 3.4, "location": 2, "content": "a"}]


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"body": {}}', '{"body": [NaN]}'])
def test_what_is_no_json_of_bilibili_is_refused(text: str) -> None:
    with pytest.raises(DocumentError, match="not Bilibili's JSON") as caught:
        bcc.parse(text)
    assert caught.value.line == 1


# --- Whisper


def test_json_of_whisperx_is_read_with_words_that_have_no_time() -> None:
    text = """{"segments": [{"start": 0.5, "end": 2.0, "text": " Hello, in 2024 world.",
      "words": [{"word": "Hello,", "start": 0.5, "end": 0.8, "score": 0.9, "speaker": "SPEAKER_01"},
                {"word": "in", "start": 0.9, "end": 1.0, "score": 0.8}, {"word": "2024"},
                {"word": "world.", "start": 1.2, "end": 2.0, "score": 0.7}],
      "speaker": "SPEAKER_01"}], "word_segments": [], "language": "en"}"""
    (read,) = whisper.parse(text).cues
    assert (read.lines, read.speaker) == (("Hello, in 2024 world.",), "SPEAKER_01")
    assert read.words == (
        Word("Hello, ", Span(0.5, 0.8), 0.9, "SPEAKER_01"),
        Word("in ", Span(0.9, 1.0), 0.8),
        Word("2024 "),
        Word("world.", Span(1.2, 2.0), 0.7),
    )


def test_json_of_openai_whisper_is_read() -> None:
    text = """{"text": " 大家好", "segments": [{"id": 0, "seek": 0, "start": 0.0, "end": 1.5,
      "text": "大家好", "tokens": [1], "temperature": 0.0, "avg_logprob": -0.2, "words": [
      {"word": "大", "start": 0.0, "end": 0.4, "probability": 0.98},
      {"word": "家好", "start": 0.4, "end": 1.5, "probability": 0.5}]}], "language": "zh"}"""
    read = whisper.parse(text)
    assert read.language == "zh"
    assert read.cues[0].words == (Word("大", Span(0, 0.4), 0.98), Word("家好", Span(0.4, 1.5), 0.5))


def test_json_of_whisper_cpp_is_read() -> None:
    text = """{"systeminfo": "AVX = 1", "result": {"language": "en"}, "transcription": [
      {"timestamps": {"from": "00:00:00,000", "to": "00:00:07,960"},
       "offsets": {"from": 0, "to": 7960}, "text": " And so"}]}"""
    read = whisper.parse(text)
    assert (read.cues, read.language) == ((cue(0, 7.96, "And so"),), "en")


def test_a_bare_list_of_segments_is_read() -> None:
    assert whisper.parse('[{"start": 1, "end": 2, "text": "x"}]').cues == (cue(1, 2, "x"),)


def test_segments_without_times_are_named_and_words_give_times() -> None:
    text = """{"segments": [{"text": "lost", "start": null}, {"text": "a b", "words":
      [{"word": "a", "start": 1, "end": 2}, {"word": "b", "start": 3, "end": 4}]},
      {"start": 5, "end": 6, "text": "c", "words": [{"word": "d", "start": 5, "end": 6}]}]}"""
    read = whisper.parse(text)
    assert [(c.start, c.end, c.text, len(c.words)) for c in read.cues] == [
        (1, 4, "a b", 2),
        (5, 6, "c", 0),
    ]
    assert [remark.text.split(":")[0] for remark in read.remarks] == [
        "segment 1 has no times and is left out",
        "segment 3 has words that are not those of its text",
    ]


@pytest.mark.parametrize("known", ["bcc", "whisper"])
@pytest.mark.parametrize(
    "text",
    ['{"body":' + "[" * 200_000, '{"segments":' + '{"a":' * 100_000, "9" * 5000, '{"a":1e999}'],
)
def test_json_that_would_break_a_reader_is_refused(known: str, text: str) -> None:
    parse = format_for(known).parse
    assert parse is not None
    assert detect_format(text) is None
    with pytest.raises(DocumentError):
        parse(text)


def test_json_that_is_cut_off_is_refused_with_its_line() -> None:
    with pytest.raises(DocumentError, match="damaged or cut off") as caught:
        bcc.parse(bcc.compose(SAMPLE)[:-10])
    assert caught.value.line == 3


def test_half_a_surrogate_pair_becomes_something_a_file_can_hold() -> None:
    read = bcc.parse('{"body":[{"from":1,"to":2,"content":"a\\ud83d"}]}')
    assert read.cues[0].text == "a?"


# --- lyrics

LYRICS = """\ufeff[ti:月亮代表我的心]
[ar:鄧麗君]
[length:03:30]
[offset:+500]

[00:12.50][01:10.00]你問我愛你有多深
[00:15:50]我愛你有幾分
[00:20]
[00:21.125]The moon
[00:21.125]月亮
[01:12.00]最後
"""


def test_lyrics_are_read_as_players_show_them() -> None:
    read = lrc.parse(LYRICS)
    assert (read.title, read.blocks[0]) == ("月亮代表我的心", Block("lrc", "ar", "鄧麗君"))
    assert read.cues == (
        cue(12, 15, "你問我愛你有多深"),
        cue(15, 19.5, "我愛你有幾分"),
        cue(20.625, 69.5, "The moon", "月亮"),
        cue(69.5, 71.5, "你問我愛你有多深"),
        cue(71.5, 210, "最後"),
    )
    assert [remark.text.split(",")[0] for remark in read.remarks] == [
        "all times moved by -500 ms",
        "nothing says when the last line ends: the length",
    ]


def test_lyrics_with_times_of_words_are_read() -> None:
    (read,) = lrc.parse("[00:01.00]<00:01.00>So <00:01.50>long<00:02.00>\n[00:03.00]\n").cues
    assert (read.start, read.end, read.text) == (1, 3, "So long")
    assert read.words == (Word("So ", Span(1, 1.5)), Word("long", Span(1.5, 2)))


def test_text_in_lyrics_that_looks_like_a_time_is_no_time() -> None:
    (read,) = lrc.parse(lrc.compose(Subtitles((cue(1, 2, "[00:05.00]x <00:06.00>y"),)))).cues
    assert read == cue(1, 2, "［00:05.00］x ＜00:06.00＞y")


def test_loose_text_in_lyrics_is_told() -> None:
    read = lrc.parse("before\n[00:01.00]a\nb\n[00:02.00]\n")
    assert read.cues == (cue(1, 2, "a", "b"),)
    assert [remark.line for remark in read.remarks] == [1, 3]
    with pytest.raises(DocumentError, match="no line has a time"):
        lrc.parse("only text\n")


# --- labels


def test_labels_of_audacity_are_read() -> None:
    text = (
        "1.000000\t2.500000\tone, two\n\\\t100.000000\t2000.000000\n3,5\t3,5\tpoint\n4.0\t5.0\t\n"
    )
    read = audacity.parse(text)
    assert read.cues == (cue(1, 2.5, "one, two"), cue(3.5, 3.5, "point"))
    assert [remark.text for remark in read.remarks] == [
        "1 lines of frequencies (\\) left out",
        "1 labels without text left out",
    ]
    with pytest.raises(DocumentError, match="not a label") as caught:
        audacity.parse("1\t2\ta\nx\n")
    assert caught.value.line == 2


def test_labels_are_written_as_audacity_writes_them() -> None:
    assert audacity.compose(SAMPLE) == "1.000000\t2.500000\t王：大家好，\n2.500000\t4.000000\tHi\n"


# --- tables


@pytest.mark.parametrize(
    "text",
    [
        "start,end,text\n1.0,2.5,你好\n",
        "Start;End;Speaker;Text\n1,0;2,5;;你好\n",
        "Begin\tDuration\tTranscript\n0:01.0\t1.5\t你好\n",
        'id,Start Time,End Time,Subtitle\n1,00:00:01.000,"00:00:02,500",你好\n',
        "start\tend\ttext\n1000\t2500\t你好\n",
        'start,end,text\n1000,2500,"你好"\n',
        "start_ms,end_ms,text\n1000,2500.0,你好\n",
        "\ufeff开始,结束,内容\r\n00:01,00:02.5,你好\r\n",
        "text|end (s)|start (s)\n你好|2.5|1.0\n",
    ],
)
def test_tables_are_read_by_the_names_of_their_columns(text: str) -> None:
    (read,) = tables.parse(text).cues
    assert (read.start, read.end, read.text) == (1, 2.5, "你好")


def test_whispers_table_has_no_quotation_marks_and_whole_milliseconds() -> None:
    read = tables.parse('start\tend\ttext\n0\t1500\t"Hello" he said\n1500\t3000\tx\n')
    assert read.cues == (cue(0, 1.5, '"Hello" he said'), cue(1.5, 3, "x"))
    assert "milliseconds" in read.remarks[0].text


def test_a_spreadsheet_is_given_no_formula() -> None:
    cues = tuple(
        cue(k, k + 1, text) for k, text in enumerate(["=1+1", "+1", "-1", "@a", "'=", "x"])
    )
    rows = list(csv.DictReader(io.StringIO(tables.compose_csv(Subtitles(cues)))))
    assert [row["text"] for row in rows] == ["'=1+1", "'+1", "'-1", "'@a", "''=", "x"]
    assert tables.parse(tables.compose_csv(Subtitles(cues))).cues == cues


def test_a_table_has_columns_for_what_its_cues_have() -> None:
    rich = Cue(
        0, 1, ("a",), "王", 0.5, "heard", identifier="i", settings="line:0", markup="<i>a</i>"
    )
    text = tables.compose_csv(Subtitles((rich,)))
    assert text.splitlines()[0] == (
        "start,end,speaker,text,confidence,reason,identifier,settings,markup"
    )
    assert tables.parse(text).cues == (rich,)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "not a table"),
        ("a,b\n1,2\n", 1, "not a table"),
        ("start,end,text\n1,2,a\n,,lost\n", 3, "without its times"),
        ('start,end,text\n1,2,"never closed\n3,4,b\n', 3, "unexpected end"),
        ("start,end,text\n1,1e999,a\n", 2, "without its times"),
    ],
)
def test_faults_of_tables_are_told_with_their_line(text: str, line: int, message: str) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        tables.parse(text)
    assert caught.value.line == line


# --- TextGrid

SHORT = '''File type = "ooTextFile"
Object class = "TextGrid"

0
2.3
<exists>
3
"IntervalTier"
"Ann"
0
2.3
3
0
0.5
""
0.5
1.75
"she said ""hi"""
1.75
2.3
""
"IntervalTier"
"Ann - words"
0
2.3
2
0.5
0.9
"she"
0.9
1.75
"said"
"TextTier"
"bell"
0
2.3
1
2.0
"ding"
'''


def test_a_short_textgrid_is_read_with_words_and_points() -> None:
    read = textgrid.parse(SHORT).cues
    assert [(c.start, c.end, c.text, c.speaker) for c in read] == [
        (0.5, 1.75, 'she said "hi"', "Ann"),
        (2, 2, "ding", "bell"),
    ]
    assert [(w.text, w.span) for w in read[0].words] == [
        ("she ", Span(0.5, 0.9)),
        ('said "hi"', Span(0.9, 1.75)),
    ]


def test_a_long_textgrid_is_read_as_praat_writes_it() -> None:
    text = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 2.3
tiers? <exists>
size = 2
item []:
    item [1]:
        class = "IntervalTier"
        name = "words"
        xmin = 0
        xmax = 2.3
        intervals: size = 2
        intervals [1]:
            xmin = 0
            xmax = 1.1
            text = ""
        intervals [2]:
            xmin = 1.1
            xmax = 2.3
            text = "xmin = 7"
    item [2]:
        class = "IntervalTier"
        name = "phones"
        xmin = 0
        xmax = 2.3
        intervals: size = 1
        intervals [1]:
            xmin = 0
            xmax = 2.3
            text = "s"
"""
    read = textgrid.parse(text)
    assert read.cues == (cue(1.1, 2.3, "xmin = 7"),)
    assert read.remarks[0].text == "the tier 'phones' of phones is left out"


@pytest.mark.parametrize(
    ("changed", "line", "message"),
    [
        ("hello", 1, "not a TextGrid"),
        (SHORT.replace("\n3\n0\n0.5", "\n99999999999999\n0\n0.5"), 22, "a number is missing"),
        (SHORT.replace("0.9\n1.75", "x\n1.75"), 32, "a number is missing"),
        (SHORT.replace('"ding"', '"ding'), 39, "quotation marks"),
        (SHORT.replace('"TextTier"', '"PitchTier"'), 34, "no kind of tier"),
        (SHORT.replace("0.9\n", "1e300\n", 1), 28, "beyond all bounds"),
    ],
)
def test_faults_of_a_textgrid_are_told_with_their_line(
    changed: str, line: int, message: str
) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        textgrid.parse(changed)
    assert caught.value.line == line


def test_a_textgrid_fills_the_gaps_of_a_tier() -> None:
    text = textgrid.compose(Subtitles((cue(1, 2, 'a "b"', speaker="王"),)))
    assert text.count("intervals [") == 2
    assert 'text = "a ""b"""' in text
    assert 'name = "王"' in text
    assert textgrid.parse(textgrid.compose(Subtitles(()))) == Subtitles(())


# --- for people


def test_markdown_names_who_speaks_and_since_when() -> None:
    cues = (
        cue(53, 55, "好的，", "好的。", speaker="主持人"),
        cue(55, 57, "*謝謝* <b>", speaker="主持人"),
        cue(60, 61, "1. first", speaker="主持人"),
        cue(70, 71, "Hi", speaker="Ann_1"),
    )
    assert markdown.compose(Subtitles(cues, title="座談")) == (
        "# 座談\n\n**主持人** 0:53\n\n好的，好的。\\*謝謝\\* \\<b\\>\n\n1\\. first\n\n"
        "**Ann\\_1** 1:10\n\nHi\n"
    )


def test_markdown_is_a_document_with_the_same_speakers_and_words() -> None:
    cues = tuple(
        cue(k * 5, k * 5 + 4, f"第{k}句話，我們說完了。", speaker="主持人" if k % 2 else "曾老師")
        for k in range(6)
    )
    document = parse_document(markdown.compose(Subtitles(cues)))
    assert document.body == "".join(c.text for c in cues)
    assert [p.words[0].speaker for p in document.paragraphs] == [c.speaker for c in cues]

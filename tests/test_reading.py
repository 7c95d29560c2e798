"""Files as they lie about: what they are called, what they are, and what is no subtitle at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from subtools.core import (
    Alignment,
    Cue,
    Paragraph,
    Provenance,
    Span,
    Subtitles,
    Transcript,
    Word,
)
from subtools.errors import DocumentError
from subtools.formats import FORMATS, format_for
from subtools.formats.text import join_lines
from subtools.formats.words import compose_words
from subtools.lexicon import split_words
from subtools.reading import (
    compose_subtitles,
    load_document,
    load_subtitles,
    parse_subtitles,
    read_subtitles,
)
from tests.commands import subtools
from tests.subtitling import srt

CUES = (Cue(1, 2, ("大家好",)), Cue(3, 4.5, ("第二句，", "R&D")))
SUBRIP = srt.compose(CUES)
MICRODVD = "{1}{1}25\n{25}{50}大家好\n{75}{112}{y:i}第二句，|R&D\n"


def compose(name: str) -> str:
    known = format_for(name)
    assert known.compose is not None
    return known.compose(load(SUBRIP.encode()))


def load(data: bytes, name: str | None = None) -> Subtitles:
    return read_subtitles(data, name)


@pytest.mark.parametrize("name", ["srt", "vtt", "ass", "ttml", "lrc", "bcc"])
def test_what_has_no_name_is_known_by_its_content(name: str) -> None:
    read = load(compose(name).encode())
    assert [cue.start for cue in read.cues] == [1, 3]
    assert "大家好" in read.cues[0].text
    assert read.remarks == ()


@pytest.mark.parametrize(
    ("name", "content"),
    [("talk.srt", "vtt"), ("talk.vtt", "srt"), ("talk.srt", "ass"), ("talk.ass", "srt")],
)
def test_the_content_is_believed_where_the_name_is_wrong(name: str, content: str) -> None:
    read = load(compose(content).encode(), name)
    assert [cue.text for cue in read.cues] == [cue.text for cue in CUES]
    title = format_for(content).title
    suffix = Path(name).suffix
    assert str(read.remarks[0]) == f"called {suffix}, but read as {title}, which its content is"


def test_what_begins_as_subrip_is_subrip_whatever_its_texts_look_like() -> None:
    hostile = (
        "[Script Info]",
        "[Events]",
        "WEBVTT",
        '{"body": []}',
        "[00:01.00]x",
        "{1}{1}25",
        "a\tb",
    )
    cues = tuple(Cue(start, start + 1, (line, "x")) for start, line in enumerate(hostile))
    assert load(srt.compose(cues).encode()).cues == cues
    assert load(srt.compose(cues).encode(), "x.srt").cues == cues


@pytest.mark.parametrize("name", ["talk.txt", "talk", "talk.xyz", "-"])
def test_a_name_that_says_nothing_does_no_harm(name: str) -> None:
    assert load(SUBRIP.encode(), name).cues == CUES


def test_subrip_under_the_head_of_webvtt_is_read() -> None:
    read = load(f"WEBVTT\n\n{SUBRIP}".encode(), "talk.srt")
    assert read.cues == CUES
    assert str(read.remarks[0]) == "line 1: WebVTT by its first line, SubRip by its times"


def test_webvtt_without_its_head_is_read() -> None:
    text = "00:01.000 --> 00:02.000\n大家好\n\n00:03.000 --> 00:04.500\n第二句，\nR&D\n"
    assert load(text.encode(), "talk.vtt").cues == CUES
    assert load(text.encode()).cues == CUES


def test_words_are_cut_whatever_they_are_called(words_json: str) -> None:
    assert load(words_json.encode(), "words.json").cues
    assert load(words_json.encode()).cues == load(words_json.encode(), "words.json").cues


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030", "big5"])
def test_every_encoding_is_read(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "talk.srt"
    path.write_bytes(SUBRIP.replace("\n", "\r\n").encode(encoding))
    assert load_subtitles(path).cues == CUES


def test_remarks_on_bytes_come_before_those_on_lines() -> None:
    read = load(SUBRIP.replace("\n\n", "\n").encode() + bytes(9), "talk.srt")
    assert [str(remark) for remark in read.remarks] == [
        "line 8: NUL characters left out (9)",
        "line 4: no empty line before a cue",
    ]


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "talk.srt", "talk.srt: the document is empty"),
        (b" \r\n\t\n", None, "the document is empty"),
        (
            b"<!DOCTYPE html>\n<title>403 Forbidden</title>",
            "talk.srt",
            "talk.srt:1: a web page, not subtitles .'403 Forbidden'.",
        ),
        (b"\n<html><pre>" + SUBRIP.encode(), None, "a web page, not subtitles"),
        (b'{"code": -404, "message": "nothing found"}', "talk.srt", "talk.srt:1: JSON of no kind"),
        (b"Just text.\n", "talk.srt", "talk.srt:1: not SubRip"),
        (b"Just text.\n", None, "no subtitles in any format that is known"),
        (b"\x89PNG\r\n\x1a\n" + bytes(30), "talk.srt", "talk.srt: .*it looks like an image"),
    ],
)
def test_what_is_no_subtitles_is_refused(data: bytes, name: str | None, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        load(data, name)
    assert caught.match(message)


def test_a_document_is_an_old_subtitle_file_however_damaged(tmp_path: Path) -> None:
    path = tmp_path / "old.srt"
    path.write_text(
        "00:00:01.5 -> 0:02\n{\\an8}<i>大家</i>\n\n好\n\n2\n0:03 -> 0:04\n謝謝", "utf-8"
    )
    assert load_document(path).body == "大家好謝謝"


def test_a_document_in_which_times_stand_is_no_subtitle_file(tmp_path: Path) -> None:
    path = tmp_path / "talk.md"
    path.write_text("# Talk\n\n## 王 0:05\n\n大家好。\n", "utf-8")
    assert load_document(path).body == "大家好。"


# --- MicroDVD ---------------------------------------------------------------------


def test_microdvd_is_read_by_its_frames() -> None:
    cues = load(MICRODVD.encode(), "talk.sub").cues
    assert [(cue.start, cue.end, cue.lines) for cue in cues] == [
        (1.0, 2.0, ("大家好",)),
        (3.0, 4.48, ("第二句，", "R&D")),
    ]
    assert cues[1].markup == "<i>第二句，</i>\nR&amp;D"
    read = load(MICRODVD.encode(), "talk.srt")
    assert (read.cues, str(read.remarks[0])) == (
        cues,
        "called .srt, but read as MicroDVD, which its content is",
    )


@pytest.mark.parametrize(
    ("written", "cue"),
    [
        ("{25}{50}{Y:b}a|b", Cue(1, 2, ("a", "b"), markup="<b>a</b>\n<b>b</b>")),
        ("{25}{50}{y:i,u}a|b", Cue(1, 2, ("a", "b"), markup="<i><u>a</u></i>\nb")),
        ("{25}{50}{c:$0000ff}a", Cue(1, 2, ("a",))),
        ("{25}{}a", Cue(1, 3, ("a",))),
        ("{50}{25}a", Cue(2, 2, ("a",))),
    ],
)
def test_a_line_of_microdvd_is_a_cue(written: str, cue: Cue) -> None:
    assert load(f"{{1}}{{1}}25.000\n{written}\n".encode(), "x.sub").cues == (cue,)


@pytest.mark.parametrize(
    ("line", "remark"),
    [
        ("lost", "line 2: no cue, left out: 'lost'"),
        ("{25}{}a", "line 2: a cue without an end, shown for 2 s"),
        ("{50}{25}a", "line 2: a cue ends before its start; end set to the start"),
        ("{50}{55} ", "line 2: a cue without text left out"),
    ],
)
def test_what_is_wrong_in_microdvd_is_remarked(line: str, remark: str) -> None:
    read = load(f"{{1}}{{1}}25\n{line}\n{{60}}{{70}}b".encode(), "x.sub")
    assert str(read.remarks[0]) == remark
    assert read.cues[-1].text == "b"


@pytest.mark.parametrize(
    "text", ["{0}{25}a\n", "{1}{1}0\n{0}{25}a\n", "{1}{1}a\n", "{1}{1}1e9\n{0}{25}a\n"]
)
def test_microdvd_without_frames_a_second_is_refused(text: str) -> None:
    with pytest.raises(DocumentError, match="frames a second") as caught:
        load(text.encode(), "x.sub")
    assert caught.value.line == 1


def test_every_reader_is_found_by_one_of_its_files() -> None:
    for known in FORMATS:
        if known.parse and known.compose and known.name not in {"rttm", "csv", "tsv"}:
            text = known.compose(load(SUBRIP.encode()))
            assert load(text.encode(), f"x{known.suffixes[0]}").cues, known.name


@pytest.fixture
def words_json() -> str:
    words = tuple(Word(text, Span(i, i + 0.5), 1.0) for i, text in enumerate("大家好。"))
    transcript = Transcript((Paragraph(words),))
    return compose_words(Alignment(transcript, (), "zh", "phones"), Provenance())


@pytest.mark.parametrize("suffix", [".srt", ".ass", ".ttml", ".bcc"])
def test_two_speakers_told_apart_by_dashes_are_one_cue_on_a_screen(suffix: str) -> None:
    markup = "<v Ann>-Hi</v>\n<v Bob>-<i>Yo</i></v>"
    cue = Cue(1, 2, ("-Hi", "-Yo"), markup=markup)
    known = format_for(suffix)
    (read,) = parse_subtitles(compose_subtitles([cue], known), known).cues
    assert (read.lines, read.speaker) == (("-Hi", "-Yo"), None)
    assert ("<i>Yo</i>" in read.markup) == (suffix != ".bcc")


def test_other_cues_of_two_speakers_are_parted_on_a_screen() -> None:
    cue = Cue(1, 2, ("-Hi", "Yo"), markup="<v Ann>-Hi</v>\n<v Bob>Yo</v>")
    known = format_for(".srt")
    assert len(parse_subtitles(compose_subtitles([cue], known), known).cues) == 2


def test_long_lines_are_joined_in_no_time() -> None:
    line = "a" * 20_000
    assert join_lines([line] * 300) == " ".join([line] * 300)


def test_the_words_of_a_talk_are_cut_in_a_style(tmp_path: Path) -> None:
    texts = split_words("大家好，今天開始。")
    words = [Word(text, Span(1 + k / 4, 1.25 + k / 4), 0.9) for k, text in enumerate(texts)]
    talk = Transcript((Paragraph(tuple(words)),))
    path = tmp_path / "words.json"
    path.write_text(
        compose_words(Alignment(talk, (), "zh", "phones"), Provenance()), encoding="utf-8"
    )
    done = subtools("convert", path, "--to", "srt", "--style", "netflix-zh-hant")
    assert (done.status, done.stdout.splitlines()[2]) == (0, "大家好，今天開始")
    path = tmp_path / "a.srt"
    path.write_text(SUBRIP, encoding="utf-8")
    finished = subtools("convert", path, "--to", "vtt", "--style", "bbc")
    assert finished.status == 2
    assert "subtools check --fix" in finished.stderr

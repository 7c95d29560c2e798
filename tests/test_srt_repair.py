"""SubRip as it is found: what is mended, with what remark, and what is refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Cue, Remark
from subtools.errors import DocumentError
from subtools.formats import format_for
from subtools.formats.srt_repair import repair_subrip
from tests.subtitling import srt
from tests.test_formats import srt_cues

T1 = "00:00:01,000 --> 00:00:02,000"
T2 = "00:00:03,000 --> 00:00:04,000"
T3 = "00:00:05,000 --> 00:00:06,000"
GOOD = f"1\n{T1}\na\n\n2\n{T2}\nb\n\n3\n{T3}\nc\n"
A, B, C = Cue(1, 2, ("a",)), Cue(3, 4, ("b",)), Cue(5, 6, ("c",))


def read(document: str) -> tuple[tuple[Cue, ...], tuple[str, ...]]:
    parse = format_for("srt").parse
    assert parse is not None
    subtitles = parse(document)
    return subtitles.cues, tuple(map(str, subtitles.remarks))


# --- the whole file ---------------------------------------------------------------


def test_a_good_file_goes_through_as_it_is() -> None:
    assert repair_subrip(GOOD).text is GOOD
    assert read(GOOD) == ((A, B, C), ())


@given(srt_cues)
def test_what_we_write_needs_no_repair(cues: list[Cue]) -> None:
    text = srt.compose(cues)
    repaired = repair_subrip(text)
    assert (repaired.text.rstrip("\n"), repaired.remarks) == (text.rstrip("\n"), ())


PIECES = (
    *("1", "2", "3", "42", "", " ", "a", "b --> c", "-->", "0:05 --> 0:09", "\ufeff1", "\0", "#x"),
    *(T1, T2, T3, f"1 {T1}", f"{T2} text", f"{T3} X1:0", "00:00:05,000 -->", "xx --> yy", "WEBVTT"),
    *(
        "-00:00:01,000 --> 00:00:00,500",
        "00:00:09,000 --> 00:00:08,000",
        "０：０１ → ０：０２",
        "1:2 -> 1:3",
    ),
    *("00:00:01.00,00:00:02.00", "\u2028", "{\\an8}", "<i>x</i>", "text\u2028\u2028more"),
)
messes = st.lists(st.sampled_from(PIECES), max_size=14).map("\n".join)


@given(messes)
def test_mended_text_is_not_mended_again(mess: str) -> None:
    try:
        once = repair_subrip(mess)
    except DocumentError:
        return
    twice = repair_subrip(once.text)
    assert (twice.text, twice.remarks) == (once.text, ())


@given(messes)
def test_every_line_of_times_is_a_cue_or_in_a_remark(mess: str) -> None:
    timings = len(re.findall(r"(?m)^\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}", mess))
    try:
        cues, remarks = read(mess)
    except DocumentError as error:
        assert error.line and not timings
    else:
        assert timings <= len(cues) + sum("left out" in remark for remark in remarks)


@given(messes)
def test_no_text_is_lost_in_silence(mess: str) -> None:
    try:
        cues, remarks = read(mess)
    except DocumentError:
        return
    for word in ("text", "more"):
        shown = sum(line.count(word) for cue in cues for line in cue.lines)
        assert mess.count(word) <= shown or any("left out" in remark for remark in remarks)


# --- bullet by bullet -------------------------------------------------------------


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_all_ends_of_lines_are_the_same(line_end: str) -> None:
    assert read(GOOD.replace("\n", line_end)) == ((A, B, C), ())


def test_mixed_ends_of_lines_are_the_same() -> None:
    mixed = f"1\r\n{T1}\ra\r\r2\r{T2}\nb\n\r\n3\r\n{T3}\r\nc"
    assert read(mixed) == ((A, B, C), ())


@pytest.mark.parametrize(
    ("what", "document", "remarks"),
    [
        (
            "no numbers",
            f"{T1}\na\n\n{T2}\nb\n\n{T3}\nc\n",
            ["line 1: a cue without a number (and 2 more)"],
        ),
        (
            "one number missing",
            f"1\n{T1}\na\n\n{T2}\nb\n\n3\n{T3}\nc\n",
            ["line 5: a cue without a number"],
        ),
        (
            "the same number",
            f"1\n{T1}\na\n\n1\n{T2}\nb\n\n1\n{T3}\nc\n",
            ["line 5: a number that does not follow the one before (and 1 more)"],
        ),
        (
            "numbers in disorder",
            f"3\n{T1}\na\n\n1\n{T2}\nb\n\n2\n{T3}\nc\n",
            ["line 5: a number that does not follow the one before"],
        ),
        (
            "no numbers but garbage",
            f"x1\n{T1}\na\n\n??\n{T2}\nb\n\nNaN\n{T3}\nc\n",
            [
                "line 1: 'x1' is no number",
                "line 5: '??' is no number",
                "line 9: 'NaN' is no number",
            ],
        ),
        (
            "numbers from 101",
            GOOD.replace("1\n00", "101\n00")
            .replace("2\n00", "102\n00")
            .replace("3\n00", "103\n00"),
            [],
        ),
        (
            "full-width numbers",
            f"１\n{T1}\na\n\n２\n{T2}\nb\n\n３\n{T3}\nc\n",
            [],
        ),
        (
            "cues in disorder",
            f"2\n{T2}\nb\n\n3\n{T3}\nc\n\n1\n{T1}\na\n",
            [
                "cues that were shuffled put in the order of their numbers and times",
                "line 9: a number that does not follow the one before",
            ],
        ),
        (
            "no empty lines",
            GOOD.replace("\n\n", "\n"),
            ["line 4: no empty line before a cue (and 1 more)"],
        ),
        (
            "neither numbers nor empty lines",
            f"{T1}\na\n{T2}\nb\n{T3}\nc\n",
            [
                "line 1: a cue without a number (and 2 more)",
                "line 3: no empty line before a cue (and 1 more)",
            ],
        ),
        (
            "an empty line after each line",
            GOOD.replace("\n", "\n\n"),
            [
                "line 2: blank lines between number and times (and 2 more)",
                "line 4: blank lines in the text of a cue left out (and 2 more)",
            ],
        ),
        (
            "CR CR LF",
            GOOD.replace("\n", "\r\r\n"),
            [
                "line 2: blank lines between number and times (and 2 more)",
                "line 4: blank lines in the text of a cue left out (and 2 more)",
            ],
        ),
        (
            "an empty line before the times",
            re.sub(r"(?m)^(\d)$", "\\1\n", GOOD),
            ["line 2: blank lines between number and times (and 2 more)"],
        ),
        (
            "number and times on one line",
            f"1 {T1}\na\n\n2. {T2}\nb\n\n3{T3}\nc\n",
            [
                "line 1: number and times on one line parted (and 2 more)",
                f"line 1: '1 {T1}' read as {T1}",
                f"line 4: '2. {T2}' read as {T2}",
            ],
        ),
        (
            "all of a cue on one line",
            f"1 {T1} a\n2 {T2} b\n3 {T3} c\n",
            [
                "line 1: number and times on one line parted (and 2 more)",
                "line 1: text on the line of the times given a line of its own (and 2 more)",
                f"line 1: '1 {T1}' read as {T1} (and 2 more)",
                "line 2: no empty line before a cue (and 1 more)",
            ],
        ),
        (
            "files one behind the other",
            f"\ufeff1\n{T1}\na\n\n2\n{T2}\nb\n\n\ufeff1\n{T3}\nc\n",
            [
                "line 10: invisible characters beside number and times left out",
                "line 9: a number that does not follow the one before",
            ],
        ),
        (
            "several byte order marks",
            f"\ufeff\ufeff\ufeff{GOOD}",
            ["line 2: invisible characters beside number and times left out"],
        ),
        ("spaces in empty lines", GOOD.replace("\n\n", "\n \t\u3000\n"), []),
        ("no end of the last line", GOOD.rstrip(), []),
        ("empty lines at both ends", f"\n\n{GOOD}\n\n\n", []),
        ("NUL characters", GOOD.replace("b", "\0b\0"), ["line 7: NUL characters left out"]),
        (
            "NUL characters at the end",
            f"{GOOD}{chr(0) * 1000}",
            ["line 12: NUL characters left out"],
        ),
        (
            "the head of WebVTT",
            f"WEBVTT\n\n{GOOD}",
            ["line 1: before the first cue, left out: 'WEBVTT'"],
        ),
        (
            "comments of WebVTT",
            f"WEBVTT\n\nNOTE x\n\n1\n{T1}\na\n\nNOTE y\nz\n\n2\n{T2}\nb\n\n3\n{T3}\nc\n",
            [
                "line 1: before the first cue, left out: 'WEBVTT'",
                "line 3: before the first cue, left out: 'NOTE x'",
                "line 9: left out: 'NOTE y z'",
            ],
        ),
    ],
)
def test_cues_are_found_in_spite_of(what: str, document: str, remarks: list[str]) -> None:
    cues, said = read(document)
    assert cues == (A, B, C), what
    assert sorted(said) == sorted(remarks), what


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("00:00:01.500 --> 00:00:02.250", 1.5, 2.25),
        ("00:00:01,5 --> 00:00:02,25", 1.5, 2.25),
        ("00:00:01 --> 00:00:02", 1, 2),
        ("00:00:01, --> 00:00:02,", 1, 2),
        ("00:00:01,500000 --> 00:00:02,2504", 1.5, 2.25),
        ("00:00:01,99951 --> 00:00:02,0004999", 2, 2),
        ("0:0:1,500 --> 0:0:2,250", 1.5, 2.25),
        ("01:02,500 --> 01:03,000", 62.5, 63),
        ("1:02.5 --> 1:03", 62.5, 63),
        ("00:00:61,000 --> 00:61:00,000", 61, 3660),
        ("00:00:01:500 --> 00:00:02:250", 1.5, 2.25),
        ("00:00:01;500 --> 00:00:02;250", 1.5, 2.25),
        ("00.00.01.500 --> 00.00.02.250", 1.5, 2.25),
        ("00:00:01 500 --> 00:00:02 250", 1.5, 2.25),
        ("00: 00: 01, 500 --> 00 : 00 : 02 , 250", 1.5, 2.25),
        ("00:00:01,500-->00:00:02,250", 1.5, 2.25),
        ("00:00:01,500 -> 00:00:02,250", 1.5, 2.25),
        ("00:00:01,500 ---> 00:00:02,250", 1.5, 2.25),
        ("00:00:01,500 -- > 00:00:02,250", 1.5, 2.25),
        ("00:00:01,500 - -> 00:00:02,250", 1.5, 2.25),
        ("00:00:01,500 —> 00:00:02,250", 1.5, 2.25),
        ("00:00:01,500 –> 00:00:02,250", 1.5, 2.25),
        ("00:00:01,500 → 00:00:02,250", 1.5, 2.25),
        ("00:00:01,500 => 00:00:02,250", 1.5, 2.25),
        ("00:00:01,500 --&gt; 00:00:02,250", 1.5, 2.25),
        ("00:00:01,500 --＞ 00:00:02,250", 1.5, 2.25),
        ("00:00:01,500 - 00:00:02,250", 1.5, 2.25),
        ("00:00:01,500 00:00:02,250", 1.5, 2.25),
        ("00:00:01.50,00:00:02.25", 1.5, 2.25),
        ("[00:00:01.500 --> 00:00:02.250]", 1.5, 2.25),
        ("００：００：０１，５００ －－＞ ００：００：０２，２５０", 1.5, 2.25),
        ("００：００：０１．５００ --> ００：００：０２．２５０", 1.5, 2.25),
        ("00：00：01，500 --> 00：00：02，250", 1.5, 2.25),
        ("٠٠:٠٠:٠١,٥٠٠ --> ٠٠:٠٠:٠٢,٢٥٠", 1.5, 2.25),
        ("\u202a00:00:01,500\u202c --> \u200e00:00:02,250", 1.5, 2.25),
        ("O0:00:0l,500 --> 00:00:O2,25O", 1.5, 2.25),
        ("120:00:01,500 --> 123:00:02,250", 432001.5, 442802.25),
    ],
)
def test_times_are_read_however_they_are_written(written: str, start: float, end: float) -> None:
    cues, remarks = read(f"1\n{written}\nx\n")
    assert cues == (Cue(start, end, ("x",)),)
    assert bool(remarks) == (not written.startswith("120"))


@pytest.mark.parametrize(
    ("written", "start", "end", "remark"),
    [
        ("-00:00:01,000 --> 00:00:02,000", 0, 2, "a time below zero set to zero, by 1 s"),
        ("-00:00:01,000 --> -00:00:00,500", 0, 0, "a time below zero set to zero, by 0.5 s"),
        (
            "00:00:05,000 --> 00:00:02,000",
            5,
            6,
            "a cue ends at 00:00:02,000, before its start 00:00:05,000; end set to 00:00:06,000",
        ),
        ("00:00:05,000 -->", 5, 6, "the end cannot be read, guessed: '00:00:05,000 -->'"),
        (
            "00:00:05,000 --> xx:yy",
            5,
            6,
            "the end cannot be read, guessed: '00:00:05,000 --> xx:yy'",
        ),
        (
            "?? --> 00:00:05,000",
            5,
            5,
            "the start cannot be read, taken for the end: '?? --> 00:00:05,000'",
        ),
    ],
)
def test_times_that_cannot_be_are_mended(
    written: str, start: float, end: float, remark: str
) -> None:
    cues, remarks = read(f"1\n{written}\nx\n")
    assert [(cue.start, cue.end) for cue in cues] == [(start, end)]
    assert f"line 2: {remark}" in remarks


def test_an_end_before_its_start_becomes_when_the_text_is_read_or_the_next_begins() -> None:
    document = f"1\n00:00:02,500 --> 00:00:01,000\n{'很長的一句話' * 5}\n\n2\n{T2}\nb\n"
    cues, _ = read(document)
    assert [(cue.start, cue.end) for cue in cues] == [(2.5, 3.0), (3.0, 4.0)]
    (alone,), _ = read(document.partition("\n\n")[0])
    assert alone.end == pytest.approx(2.5 + 60 / 18, abs=0.001)


def test_hours_that_end_before_they_start_are_a_number_without_a_space() -> None:
    assert read(f"12{T1}\na\n")[0] == (A,)


def test_the_order_of_the_file_is_kept_where_numbers_do_not_speak_against_it() -> None:
    document = f"1\n{T2}\nb\n\n2\n{T1}\na\n\n3\n{T3}\nc\n"
    assert read(document) == ((B, A, C), ())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\n\nb", ("a", "b")),
        ("a\n\n\n \nb\n\nc d", ("a", "b", "c d")),
        ("\na", ("a",)),
        ("42", ("42",)),
        ("a\n42", ("a", "42")),
        ("a\n\n42", ("a", "42")),
        ("2", ("2",)),
        ("a --> b", ("a --> b",)),
        ("-->", ("-->",)),
        ("-> x <-", ("-> x <-",)),
        ("0:05 --> 0:09", ("0:05 --> 0:09",)),
        ("x\n00:00:09,000 → 00:00:10,000", ("x", "00:00:09,000 → 00:00:10,000")),
        ("at 00:00:09,000 --> 00:00:10,000", ("at 00:00:09,000 --> 00:00:10,000",)),
        ("Yes.\n\nNo, sir.", ("Yes.", "No, sir.")),
    ],
)
def test_text_stays_text(text: str, lines: tuple[str, ...]) -> None:
    cues, _ = read(f"1\n{T1}\n{text}\n\n2\n{T2}\nb\n")
    assert cues == (Cue(1, 2, lines), B)


@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_numbers_alone_are_text_in_a_file_without_numbers(gap: str) -> None:
    cues, _ = read(f"{T1}\n42{gap}{T2}\n3{gap}{T3}\n1984\n")
    assert [cue.text for cue in cues] == ["42", "3", "1984"]


@pytest.mark.parametrize(
    ("document", "line", "remark"),
    [
        (f"1\n{T1}\n\n2\n{T2}\nb\n", 2, f"a cue without text left out, '{T1}'"),
        (f"1\n{T1}\n2\n{T2}\nb\n", 2, f"a cue without text left out, '{T1}'"),
        (f"1\n{T1}\n{{\\an8}}<i> </i>\n\n2\n{T2}\nb\n", 2, "a cue of nothing but tags left out"),
        (f"2\n{T2}\nb\n\n3\n", 5, "a number without a cue left out: '3'"),
        (
            f"2\n{T2}\nb\n\n3\n00:00:0",
            5,
            "the file ends inside the times of a cue, left out: '00:00:0'",
        ),
        (
            f"2\n{T2}\nb\n\n3\n00:00:05,000 -",
            5,
            "the file ends inside the times of a cue, left out: '00:00:05,000 -'",
        ),
        (f"2\n{T2}\nb\n\n3\n{T3}", 6, f"a cue without text left out, '{T3}'"),
        (f"A title\n\n2\n{T2}\nb\n", 1, "before the first cue, left out: 'A title'"),
    ],
)
def test_what_shows_nothing_is_left_out_with_a_remark(
    document: str, line: int, remark: str
) -> None:
    cues, remarks = read(document)
    assert cues == (B,)
    assert str(Remark(remark, line)) in remarks


@pytest.mark.parametrize(
    ("middle", "remark"),
    [
        ("2\nlost", "line 5: cue '2' has no times; its text is kept in the cue before"),
        (
            "2\nxx --> yy\nlost",
            "line 5: cue '2' has times that cannot be read, 'xx --> yy'; "
            "its text, if any, is kept in the cue before",
        ),
    ],
)
def test_the_text_of_a_cue_without_times_stays_with_the_one_before(
    middle: str, remark: str
) -> None:
    cues, remarks = read(f"1\n{T1}\na\n\n{middle}\n\n3\n{T3}\nc\n")
    assert cues == (Cue(1, 2, ("a", "lost")), C)
    assert remark in remarks


@pytest.mark.parametrize(
    ("document", "line", "message"),
    [
        ("Just some text.\n\nMore text.\n", 1, "no times that can be read"),
        ("\n\n1\nxx --> yy\na\n", 4, "no times that can be read"),
        (
            "<!DOCTYPE html>\n<html><head><title>404 Not Found</title>",
            1,
            "a web page, not subtitles .'404 Not Found'",
        ),
        (f"\n\n <HTML lang=en>\n<pre>{GOOD}</pre>", 3, "a web page, not subtitles"),
        ("<!-- cached -->\n<!doctype html>", 1, "a web page"),
        ('\n{"error": "not found", "code": 404}', 2, "JSON of no kind that is known"),
        ("[]", 1, "JSON"),
        ('<?xml version="1.0"?>\n<Error><Code>NoSuchKey</Code></Error>', 1, "XML of no kind"),
        ("#EXTM3U\n#EXT-X-VERSION:3\n", 1, "a playlist"),
        ("{0}{25}Hello\n", 1, "MicroDVD, whose times are frames"),
        ("[0][25]Hello\n", 1, "MPL2"),
    ],
)
def test_what_is_no_subrip_is_refused_with_its_line(document: str, line: int, message: str) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        read(document)
    assert caught.value.line == line
    assert caught.value.hint


def test_places_are_kept_and_written_again() -> None:
    document = GOOD.replace("00:00:04,000", "00:00:04,000 X1:10 X2:200 Y1:30 Y2:40")
    cues, remarks = read(document)
    assert (srt.compose(cues), remarks) == (document, ())
    (cue,), _ = read(f"1\n{T1} line:0 align:start\na\n")
    assert cue.settings == "line:0 align:start"
    assert srt.compose([cue]) == f"1\n{T1} line:0 align:start\na\n"


@pytest.mark.parametrize(
    "document",
    [
        "-" * 200_000,
        "- " * 100_000,
        f"1\n{T1}\n" + "->" * 100_000,
        f"1\n{T1}\n" + "0:00 --> " * 50_000,
        f"1\n{T1} " + "line:x" * 50_000 + " !",
        f"1\n{T1} " + "X1:1" * 50_000 + "!",
        f"1\n{T1}\n" + "<i>" * 50_000,
        f"1\n{T1}\n" + "<i>" * 30_000 + "<b>" * 30_000 + "</i>" * 30_000,
        f"1\n{T1}\n" + "<font " * 50_000,
        f"1\n{T1}\n" + "{\\" * 50_000,
        f"1\n{T1}\nx{{\\i" + "9" * 5000 + "}",
        "1\n00:00:01,000 -->" + "[" * 300_000,
        f"1\n{T1}\na\n\n2\n" + " " * 200_000 + "x",
        f"1\n{T1}\na" + "\n" * 200_000 + f"2\n{T2}\nb",
        "9" * 200_000 + f"\n{T1}\na",
        f"{'9' * 100_000}:00:00,000 --> {'9' * 100_000}:00:00,000\nx",
        f"1\n{T1}\n" + "1\n" * 100_000,
        (f"{T1}\n" * 20_000),
        "\ufeff" * 200_000 + GOOD,
    ],
)
def test_no_text_takes_long(document: str) -> None:
    try:
        cues, _ = read(document)
    except DocumentError:
        return
    srt.compose(cues)

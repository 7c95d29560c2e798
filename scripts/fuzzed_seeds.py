"""What mutation of subtitle files begins with: cues of all kinds, nasty files, nasty pieces."""

from __future__ import annotations

from subtools.core import Block, Cue, Span, Subtitles, Word

_T1, _T2 = "00:00:01,000 --> 00:00:02,000", "00:00:03,500 --> 00:00:04,250"
_V1, _V2 = _T1.replace(",", "."), _T2.replace(",", ".")

NASTY = {
    "srt": (
        f"1\n{_T1}\na\n2\n{_T2}\n3\n\n4\n00:00:05,000 --> 00:00:06,000\n\nb\n\nc",
        f"{_T1}\n42\n\n{_T2}\n43\n",
        "1\n00:00:01.5->1:02\nx\n\n2\n"
        "-00:00:03,000 --> 00:00:01,000\ny\n\n3\n99:59:61,1 --> 100:00:00\nz",
        "１\n００：００：０１，０００ －－＞ ００：００：０２，０００\n你好\n\n\ufeff1\n"
        + _T2
        + " X1:1 X2:2\n\0b\n",
        f"WEBVTT\n\nNOTE x\n\n1 {_T1} a\n2 {_T2} b",
        f"1\n\n{_T1}\n\n{{\\an8}}<i>a\n\n<font color='red'>b</i>\n\n2\n\n{_T2}\n\n<b>\n\n",
        "1\n" + _T1 + "\n" + "很長" * 200 + "\n\n2\n00:00:03,000 --",
        "[00:00:01.000 --> 00:00:02.000]  a\n[00:00:02.000 --> 00:00:03.000]  b\n",
    ),
    "vtt": (
        f"WEBVTT\n\nid\n{_V1} line:0 align:start\n"
        f"<v Ann>a <00:00:01.500><c.red>b\n\n{_V2}\n&lt;&#x4f60;",
        f"WEBVTT x\nRegion: a\n\nSTYLE\n::cue {{}}\n\nREGION\nid:r\nwidth:40%\n\n"
        f"NOTE\n{_V1}\n\n{_V2} region:r\nx",
        f"WEBVTT\n{_V1}\na\n{_V2}\nb\n00:01 --> 00:02\n01:02.000 --> 01:01.000\nc",
    ),
    "ass": (
        "[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Start, End, Text\n"
        "Dialogue: 0:00:01.00,0:00:02.00,{\\i1\\an8}a\\Nb,{\\k20}c\nComment: 1\n",
    ),
    "microdvd": ("{1}{1}25\n{0}{25}{y:i}a|{Y:b}b\n{30}{}c\n{50}{40}d\n",),
}

TOKENS = (
    *(
        "\n",
        "\n\n",
        "\r",
        "\r\n",
        "\0",
        "\ufeff",
        "\u200b",
        "\u2028",
        "\x85",
        "\x0c",
        "\t",
        " " * 40,
    ),
    *(
        "-->",
        " --> ",
        "->",
        "→",
        "—>",
        "--&gt;",
        ":",
        ",",
        ".",
        "：",
        "，",
        "-",
        "--",
        "=",
        ";",
        "|",
    ),
    *("1", "2", "42", "9" * 12, "-1", "1e309", "NaN", "0x10", "１２", "٣", "²", "00:00:00,000"),
    *(
        _T1,
        f"\n{_T1}\n",
        f"\n\n7\n{_T2}\nx\n\n",
        f"\n{_V1}\n",
        "0:05 --> 0:09",
        "100:00:00,0 --> 1",
    ),
    *(
        "<",
        ">",
        "<i>",
        "</i>",
        "<b",
        "<v A>",
        "</v>",
        "<00:01.000>",
        "<c.a.b>",
        "<font color=",
        "<br>",
    ),
    *(
        "{",
        "}",
        "{\\an8}",
        "{\\",
        "\\N",
        "{i}",
        "[",
        "]",
        "[[",
        "[]",
        "{}",
        "{{",
        '"',
        "'",
        "\\",
        "\\u0000",
    ),
    *(
        "&",
        "&amp;",
        "&#0;",
        "&#x110000;",
        "&lt",
        "%",
        "#",
        "!",
        "*",
        "**",
        "`",
        "$",
        "\U0010ffff",
    ),
    *(
        "WEBVTT",
        "NOTE ",
        "STYLE\n",
        "REGION\n",
        "[Events]\n",
        "Dialogue: ",
        "Format: ",
        "[00:01.00]",
    ),
    *(
        "<?xml version='1.0'?>",
        "<!DOCTYPE x [",
        "<!ENTITY a 'b'>",
        "<tt",
        "<p begin='1s'>",
        "]]>",
        "<!--",
    ),
    *(
        '{"body":',
        '{"segments":',
        '"from":',
        "null",
        "true",
        ",,,",
        "\t\t",
        "a,b,c",
        "e\u0301",
        "👩‍👩‍👧",
    ),
    *(
        "大家好",
        "שלום",
        "\u202e",
        "ﷺ" * 20,
        "a" * 500,
        "( " * 50,
        "((" * 200,
        "[" * 2000,
        "<i>" * 500,
    ),
)


def sample_subtitles() -> tuple[Subtitles, ...]:
    """Return files as people have them: plain, marked up, with everything beside the cues."""
    words = (Word("大家", Span(1.0, 1.5)), Word("好", Span(1.5, 2.0), 0.4))
    plain = tuple(
        Cue(start, start + 1.5, (f"第{start}句，你好", "line two")[: 1 + start % 2])
        for start in range(1, 9)
    )
    rich = (
        Cue(1.0, 2.0, ("大家好",), "王", 0.7, "1 of 2 words heard", words, identifier="first"),
        Cue(2.0, 3.0, ("R&D < 3", "so"), "Ann", markup="<i>R&amp;D</i> &lt; 3\n<b>so</b>"),
        Cue(2.5, 4.0, ("42",), settings="line:0 align:left", markup="<c.yellow>42</c>"),
        Cue(4.0, 4.0, ("{x} --> \\N",), "O’Neil, Jr."),
    )
    blocks = (Block("vtt", "NOTE", "a comment"), Block("vtt", "STYLE", "::cue { color: red }"))
    return Subtitles(plain), Subtitles(rich, "zh-Hant", "A title", blocks), Subtitles(plain[:1])

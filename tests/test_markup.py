"""Text with tags: what a browser makes of it, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.markup import (
    Token,
    TokenKind,
    compose_markup,
    escape_markup,
    markup_text,
    markup_voices,
    parse_markup,
    parse_timestamp,
    rewrap_markup,
    unescape_references,
)

PIECES = (
    *("<", ">", "</", "<i>", "</i>", "<b.x.y>", "</b>", "<c.a--b>", "</c>", "<u\n>", "</u>"),
    *("<ruby>", "</ruby>", "<rt>", "</rt>", "<v Ann>", "<v  R&amp;D --", "</v>", "<lang zh>"),
    *("</lang>", "<00:00:01.000>", "<1:2>", "<q>", "&", "&amp;", "&lt", "&#", "&#x41;", "&#0;"),
    *(".", "/", " ", "\n", "\t", "-", "--", "-->", "王", "x", "1", "\x0b", "\u2028"),
)
marked_up = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join)


def tree(markup: str) -> str:
    """Return what a browser shows in a form that is easy to compare."""
    return "".join(map(show_token, parse_markup(markup)))


def show_token(token: Token) -> str:
    if token.kind is TokenKind.TEXT:
        return token.text
    if token.kind is TokenKind.START:
        classes = "".join(f".{name}" for name in token.classes)
        return f"[{token.name}{classes}{f'={token.annotation}' if token.annotation else ''} "
    return "]" if token.kind is TokenKind.END else f"@{token.time}@"


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("", ""),
        ("plain", "plain"),
        ("<i>x</i>", "[i x]"),
        ("<i>x", "[i x]"),
        ("x</i>y", "xy"),
        ("<i>x</b>y</i>z", "[i xy]z"),
        ("<i><b>x</i>y</b>z", "[i [b xy]z]"),
        ("<I>x</I>", "x"),
        ("<font color=red>x</font>", "x"),
        ("a<b", "a[b ]"),
        ("a<", "a"),
        ("a<>b", "ab"),
        ("a</>b", "ab"),
        ("a< i>b", "ab"),
        ("a<.i>b", "ab"),
        ("a</i b>c", "ac"),
        ("a<i/>b", "ab"),
        ("a<b<i>c", "ac"),
        ("<c.one.two>x</c>", "[c.one.two x]"),
        ("<c..one.>x</c>", "[c.one x]"),
        ("<c.one\ntwo>x</c>", "[c.one x]"),
        ("<c.one.\tthree.four>x", "[c.one x]"),
        ("<c.&amp;>x</c>", "[c.&amp; x]"),
        ("<i note>x</i>", "[i x]"),
        ("<v>x</v>", "[v x]"),
        ("<v Ann>x</v>", "[v=Ann x]"),
        ("<v\tAnn\n \fLee >x", "[v=Ann Lee x]"),
        ("<v.loud Ann>x", "[v.loud=Ann x]"),
        ("<v R&amp;D &gt; &lt x", "[v=R&D > < x ]"),
        ("<v <i>>x", "[v=<i >x]"),
        ("<v a&>x", "[v=a& x]"),
        ("<v A><v B>x</v>y</v>z", "[v=A [v=B x]y]z"),
        ("<lang zh-Hant>x<lang>y</lang>z</lang>", "[lang=zh-Hant x[lang y]z]"),
        ("<ruby>字<rt>zì</rt></ruby>x", "[ruby 字[rt zì]]x"),
        ("<ruby>字<rt>zì</ruby>x", "[ruby 字[rt zì]]x"),
        ("<rt>x</rt>", "x"),
        ("<ruby><i><rt>x</rt></i></ruby>", "[ruby [i x]]"),
        ("<ruby><rt><rt>x</rt>y</ruby>z", "[ruby [rt x]y]z"),
        ("a<00:00:01.500>b", "a@1.5@b"),
        ("a<00:01.500>b", "a@1.5@b"),
        ("a<123:00:01.500>b", "a@442801.5@b"),
        ("a<1:01.500>b", "ab"),
        ("a<00:60.000>b", "ab"),
        ("a<60:00.000>b", "ab"),
        ("a<00:01.50>b", "ab"),
        ("a<00:01.5000>b", "ab"),
        ("a<00:01,500>b", "ab"),
        ("a<00:01.500 >b", "ab"),
        ("a<00:00:01.500", "a@1.5@"),
        ("&lt;i&gt;", "<i>"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_markup_is_read_as_a_browser_reads_it(markup: str, shown: str) -> None:
    assert tree(markup) == shown
    assert markup_text(markup) == "".join(
        token.text for token in parse_markup(markup) if token.kind is TokenKind.TEXT
    )


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("&amp;&lt;&gt;&nbsp;&lrm;&rlm;", "&<>\xa0\u200e\u200f"),
        ("&amp &ltx &copyright; &notit; &notin;", "& <x ©right; ¬it; ∉"),
        ("&AMP; &Amp; &hellip; &hellip", "& &Amp; … &hellip"),
        ("& &; &x; &1; &中;", "& &; &x; &1; &中;"),
        ("&#65;&#x42;&#X43;&#68 &#x45g", "ABCD Eg"),
        ("&#; &#x; &#xg;", "&#; &#x; &#xg;"),
        ("&#0;&#xD800;&#x110000;&#99999999999;", "\ufffd\ufffd\ufffd\ufffd"),
        ("&#128;&#x9f;&#x81;", "€Ÿ\x81"),
        ("&#1;&#x7f;&#xfffe;", "\x01\x7f\ufffe"),
        ("&#0000000000000065;", "A"),
        ("&acE;", "∾̳"),
        ("&CounterClockwiseContourIntegral;", "∳"),
    ],
)
def test_references_are_resolved_as_html_does_it(text: str, resolved: str) -> None:
    assert unescape_references(text) == resolved


def test_a_number_of_a_hundred_thousand_digits_is_read() -> None:
    assert unescape_references(f"&#{'9' * 100_000};") == "\ufffd"
    assert parse_timestamp(f"{'9' * 100_000}:00:00.000") is None
    assert parse_timestamp(f"{'0' * 100_000}1:00:00.000") == 3600


@pytest.mark.parametrize(
    "markup",
    [
        *("<" * 50_000, "&" * 50_000, "<i>" * 15_000, "</i>" * 15_000, "<v a>x" * 10_000),
        *(
            "<i>" * 5_000 + "<v a>x</v><v b>y</v>" * 1500,
            "<c" + ".a" * 100_000,
            "<c" + "." * 50_000,
        ),
        *("&#" + "1" * 50_000, "<v " + " " * 50_000, "<" + "0" * 50_000, "<ruby><rt>" * 8_000),
    ],
)
def test_hostile_markup_is_read_to_its_end(markup: str) -> None:
    composed = compose_markup(parse_markup(markup))
    assert markup_text(composed) == markup_text(markup)
    assert len(markup_voices(markup)) <= 10_000


@given(marked_up)
def test_composed_markup_is_read_as_what_it_was_made_of(markup: str) -> None:
    tokens = parse_markup(markup)
    composed = compose_markup(tokens)
    assert parse_markup(composed) == tokens
    assert compose_markup(parse_markup(composed)) == composed
    assert markup_text(composed) == markup_text(markup)
    assert "-->" not in composed


@given(st.text() | marked_up)
def test_escaped_text_is_shown_as_it_was(text: str) -> None:
    assert markup_text(escape_markup(text)) == text
    assert "-->" not in escape_markup(text)


@given(marked_up)
def test_every_start_has_its_end(markup: str) -> None:
    opened: list[str] = []
    for token in parse_markup(markup):
        if token.kind is TokenKind.START:
            opened.append(token.name)
        elif token.kind is TokenKind.END:
            assert opened.pop() == token.name
    assert opened == []


# --- other line breaks ------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "lines", "wrapped"),
    [
        ("<i>a b</i>", ("a", "b"), "<i>a\nb</i>"),
        ("<i>a</i> <b>b</b>", ("a", "b"), "<i>a</i>\n<b>b</b>"),
        ("a <i>b\nc</i>", ("a b c",), "a <i>b c</i>"),
        ("<v Ann>a &amp; b</v>", ("a &", "b"), "<v Ann>a &amp;\nb</v>"),
        ("<i>你好，</i>世界。", ("你好 世界",), "<i>你好</i> 世界"),
        ("<i>你好</i>，世界", ("你好，", "世界！"), "<i>你好</i>，\n世界！"),
        ("x<00:01.000>y", ("x", "y"), "x\n<00:00:01.000>y"),
        ("<i>a</i>", ("",), "<i></i>"),
        ("a", ("b <i>",), "b &lt;i&gt;"),
    ],
)
def test_tags_move_with_their_characters(markup: str, lines: tuple[str, ...], wrapped: str) -> None:
    assert rewrap_markup(markup, lines) == wrapped


@given(marked_up, st.lists(st.text(max_size=8), min_size=1, max_size=4))
def test_rewrapped_markup_shows_the_lines_with_all_tags(markup: str, lines: list[str]) -> None:
    wrapped = rewrap_markup(markup, lines)
    assert markup_text(wrapped) == "\n".join(lines)
    assert tags_of(wrapped) == tags_of(markup)


def tags_of(markup: str) -> list[Token]:
    return [token for token in parse_markup(markup) if token.kind is not TokenKind.TEXT]


@given(marked_up)
def test_markup_that_is_wrapped_as_it_was_shows_what_it_did(markup: str) -> None:
    shown = markup_text(markup)
    wrapped = rewrap_markup(markup, shown.split("\n"))
    assert markup_text(wrapped) == shown


# --- voices -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "voices"),
    [
        ("x", ((None, "x"),)),
        (" \n", ()),
        ("<v Ann>x</v>", (("Ann", "x"),)),
        ("<v Ann>x", (("Ann", "x"),)),
        ("<v>x</v>", ((None, "x"),)),
        ("- <v Ann>x</v>\n- <v Bob>y</v>", ((None, "-"), ("Ann", "x"), (None, "-"), ("Bob", "y"))),
        ("<v Ann>x</v>\n<v Bob>y</v>", (("Ann", "x"), ("Bob", "y"))),
        ("<v Ann>x</v>\n<v Ann>y</v>", (("Ann", "x\ny"),)),
        ("<v Ann>x<v Bob>y</v>z</v>", (("Ann", "x"), ("Bob", "y"), ("Ann", "z"))),
        ("<i><v Ann>x</v> <v Bob>y</v></i>", (("Ann", "<i>x</i>"), ("Bob", "<i>y</i>"))),
        ("<c.a><v Ann><i>x</i></v><v Bob>y", (("Ann", "<c.a><i>x</i></c>"), ("Bob", "<c.a>y</c>"))),
    ],
)
def test_voices_are_told_apart(markup: str, voices: tuple[tuple[str | None, str], ...]) -> None:
    assert markup_voices(markup) == voices


@given(marked_up)
def test_no_word_is_lost_between_voices(markup: str) -> None:
    said = "".join(markup_text(part) for _, part in markup_voices(markup))
    assert "".join(said.split()) == "".join(markup_text(markup).split())

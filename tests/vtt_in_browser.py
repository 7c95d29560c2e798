"""What Chromium reads in WebVTT, what we read, and files in which they might differ."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from typing import Any

from playwright.sync_api import Page

from subtools.errors import DocumentError
from subtools.formats.vtt import parse, parse_settings
from subtools.markup import Token, TokenKind, escape_markup, parse_markup, unescape_references

# One track after another would take a minute for a thousand files.
READ = """async (documents) => {
  const read = (text) => new Promise((resolve) => {
    const video = document.createElement("video");
    const track = document.createElement("track");
    track.onload = () => resolve([...track.track.cues].map(describe));
    track.onerror = () => resolve(null);
    video.append(track);
    track.track.mode = "hidden";
    track.src = URL.createObjectURL(new Blob([text], {type: "text/vtt"}));
  });
  const classes = (element) => [...element.classList].map((name) => "." + name).join("");
  const show = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType === Node.PROCESSING_INSTRUCTION_NODE) return `@${node.data}@`;
    const inner = [...node.childNodes].map(show).join("");
    // Chromium leaves the white space of names as it is; the specification makes it one space.
    const title = (node.title || "").replace(/[\\t\\n\\f\\r ]+/g, " ").trim();
    if (node.nodeType !== Node.ELEMENT_NODE) return inner;
    return `[${node.localName}${classes(node)} ${title}|${inner}]`;
  };
  const describe = (cue) => ({
    start: cue.startTime, end: cue.endTime, id: cue.id, vertical: cue.vertical,
    snap: cue.snapToLines, line: cue.line, position: cue.position, size: cue.size, align: cue.align,
    text: cue.getCueAsHTML().textContent, tree: show(cue.getCueAsHTML()),
  });
  return Promise.all(documents.map(read));
}"""

_HEADER = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)[^\r\n]")
_ELEMENTS = {"c": "span", "v": "span", "lang": "span"}  # what a browser makes of tags

Shown = list[dict[str, Any]]


def differences(page: Page, documents: Sequence[str]) -> Iterator[str]:
    """Yield in words what a browser reads otherwise than we do."""
    for document, found in zip(documents, read_in_browser(page, documents), strict=True):
        ours = read_by_us(document)
        for shown in (ours, found):
            _forgive(document, shown or [])
        if ours != found:
            yield f"{document!r}\n  we read {ours}\n  Chromium reads {found}"


def _forgive(document: str, cues: Shown) -> None:
    """Take out what we know to differ.

    No cue of ours ends before it starts. Chromium takes a line of the header, or the last
    line of a cue without valid times, for the identifier of the cue that follows, and
    reads references in names as in attributes; the specification does neither. Numbers above
    2^53 come from the browser as other digits of the same number.
    """
    is_torn = _HEADER.match(document) or any(map(_is_no_time, re.split(r"[\r\n]", document)))
    for cue in cues:
        cue["end"] = max(cue["start"], cue["end"])
        cue["id"] = "" if is_torn else cue["id"]
        cue["tree"] = unescape_references(cue["tree"])
        cue["line"] = cue["line"] if cue["line"] == "auto" else float(cue["line"])
    cues.sort(key=lambda cue: (cue["start"], -cue["end"]))


def _is_no_time(line: str) -> bool:
    return "-->" in line and not parse(f"WEBVTT\n\n{line}").cues


def read_in_browser(page: Page, documents: Sequence[str]) -> list[Shown | None]:
    """Return the cues that a browser finds in each of ``documents``, None where it fails."""
    found: list[Shown | None] = page.evaluate(READ, list(documents))
    return found


def read_by_us(document: str) -> Shown | None:
    """Return the same of our reader."""
    try:
        cues = parse(document).cues
    except DocumentError:
        return None
    return [
        {
            "start": cue.start,
            "end": cue.end,
            "id": cue.identifier,
            **_attributes(cue.settings),
            "text": cue.text,
            "tree": show_tree(cue.markup or escape_markup(cue.text), cue.speaker),
        }
        for cue in cues
    ]


def _attributes(settings: str) -> dict[str, Any]:
    place = parse_settings(settings)
    return {
        "vertical": place.vertical,
        "snap": place.snap_to_lines,
        "line": "auto" if place.line is None else place.line,
        "position": "auto" if place.position is None else place.position,
        "size": place.size,
        "align": place.align,
    }


def show_tree(markup: str, speaker: str | None) -> str:
    """Return the tree of a cue's text; a speaker that is not in ``markup`` is around it."""
    tokens = parse_markup(markup)
    tree = "".join(map(_show_token, tokens))
    is_voiced = any(token.name == "v" for token in tokens)
    return f"[span {speaker}|{tree}]" if speaker and not is_voiced else tree


def _show_token(token: Token) -> str:
    if token.kind is TokenKind.TEXT:
        return token.text
    if token.kind is TokenKind.TIME:
        return f"@{token.text}@"
    if token.kind is TokenKind.END:
        return "]"
    classes = "".join(f".{one}" for one in dict.fromkeys(token.classes))
    title = token.annotation if token.name == "v" else ""
    return f"[{_ELEMENTS.get(token.name, token.name)}{classes} {title}|"


HEADS = ("WEBVTT", "WEBVTT", "WEBVTT - x", "\ufeffWEBVTT", "WEBVTT\t", "WEBVTTx", "webvtt", "")
TIMES = (
    *("00:01.000 --> 00:02.000", "00:00:01.000 --> 00:00:02.500", "1:00:00.000-->100:00:00.000"),
    *("00:01.000\t-->\t00:02.000", " 00:01.000 --> 00:02.000 ", "00:60.000 --> 01:00.000"),
    *(
        "00:01,000 --> 00:02,000",
        "0:01.000 --> 0:02.000",
        "00:01.00 --> 00:02.000",
        "-->",
        "a --> b",
    ),
    *("00:01.000 --> 00:02.0000", "00:01.000 --> 00:02.000x", "00:03.000 --> 00:02.000"),
)
SETTINGS = (
    *("line:0", "line:-1", "line:1.5", "line:50%", "line:101%", "line:1,end", "line:50%,center"),
    *(
        "line:1.",
        "line:.5",
        "line:+1",
        "line:-",
        "line:1,",
        "line:x",
        "line:1e1",
        "line:00",
        "line:1%,",
    ),
    *("position:10%", "position:10.5%,line-left", "position:10", "position:1%,start", "position:%"),
    *("position:1.%", "position:.1%", "position:100%,line-right", "position:0%,center"),
    *("size:50%", "size:100.0%", "size:101%", "size:.5%", "size:5.%", "size:5", "align:start"),
    *("align:middle", "align:center", "align:end", "align:left", "align:right", "vertical:rl"),
    *(
        "vertical:lr",
        "vertical:x",
        "Align:end",
        "align:",
        ":end",
        "align",
        "align:end:",
        "region:a",
    ),
)
TEXTS = (
    *(
        "x",
        "大家好",
        " x ",
        "NOTE",
        "NOTE x",
        "STYLE",
        "REGION",
        "id",
        "::cue { color: red }",
        "id:a",
    ),
    *("<v Ann>x</v>", "<v.a.b Ann  Lee>x", "<v>x", "<v A><v B>x</v>y", "<v A>x</v>\n<v B>y</v>"),
    *("<i>a<b>b</i>c</b>", "<c.x.y>z</c>", "<c..x>z", "<lang en>x</lang>", "<ruby>a<rt>b</ruby>c"),
    *("<rt>x</rt>", "<00:00:01.500>x", "<00:01.500>x", "<1:00.000>x", "<00:61.000>x", "</i>", "<>"),
    *(
        "<i",
        "<",
        "a < b",
        "<font color=red>x</font>",
        "<I>x</I>",
        "<i/>x",
        "<i >x",
        "<i.\n>x",
        "</ i>",
    ),
    *(
        "&amp;",
        "&lt;i&gt;",
        "&amp",
        "&ampx",
        "&nbsp;&lrm;&rlm;",
        "&#65;&#x42;",
        "&#0;",
        "&#128;",
        "&",
    ),
    *("&notin; &notit; &copy", "&x;", "&#;", "&#x110000;", "<v R&amp;D &gt;>x", "<v a\tb\x0c c>x"),
    *("\x0b", "\x0c", "\u2028x", "\x85", "\0", "<\0i>x", "a\0b", "&#10;x", "👩‍👩‍👧‍👦", "\ufeff"),
)
_LETTERS = "<>/&;#.:-% \t\n\r0129aiv\0"  # Chromium does not split settings at form feeds


def make_documents(seed: int) -> Iterator[str]:
    """Yield files without end that are nearly WebVTT, the same ones for the same ``seed``."""
    chance = random.Random(seed)
    while True:
        yield _make_document(chance)


def _make_document(chance: random.Random) -> str:
    lines = [chance.choice(HEADS[: chance.choice((3, 3, 3, len(HEADS)))])]
    lines += [chance.choice(("", "", "", "x", "Kind: x"))]
    for _ in range(chance.randrange(1, 6)):
        lines += chance.choice(
            ((), (), ("id",), ("NOTE x", ""), ("STYLE", "::cue {}", ""), ("a", "b"))
        )
        lines += [_make_times(chance)]
        lines += [chance.choice(TEXTS) for _ in range(chance.randrange(4))]
        lines += chance.choice(([""], [""], ["", ""], []))
    document = chance.choice(("\n", "\n", "\r\n", "\r")).join(lines)
    return _mutate(chance, document) if chance.random() < 0.5 else document


def _make_times(chance: random.Random) -> str:
    times = chance.choice(TIMES[: chance.choice((3, len(TIMES)))])
    places = [chance.choice(SETTINGS) for _ in range(chance.choice((0, 0, 1, 2, 3)))]
    return chance.choice((" ", " ", "\t", "")).join([times, *places])


def _mutate(chance: random.Random, document: str) -> str:
    """Return ``document`` with a few characters more, fewer or others."""
    for _ in range(chance.randrange(1, 6)):
        place = chance.randrange(len(document) + 1)
        past = place + chance.choice((0, 0, 1, 1, 2, 5))
        letters = "".join(chance.choices(_LETTERS, k=chance.randrange(3)))
        document = document[:place] + letters + document[past:]
    return document

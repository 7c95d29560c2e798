r"""Advanced SubStation Alpha (``.ass``), fields and times by pysubs2.

A speaker is the ``Name`` of a line, and a style of their own with its colour. A field
ends at a comma, so a comma in a name becomes a full-width one. Times are hundredths of a
second and end before 10 hours.

pysubs2 knows the fields and leaves the text as it is: escapes are done here, as libass
reads them (``\{``, ``\}``, and a word joiner after a backslash, which then begins
nothing). VSFilter knows none: it hides what stands between braces.

Source: https://github.com/libass/libass/wiki/ASS-File-Format-Guide and
https://github.com/libass/libass/issues/194
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count, cycle

import pysubs2

from subtools.core import Cue, Subtitles
from subtools.errors import DocumentError
from subtools.formats.speakers import SpeakerStyle
from subtools.lexicon import clean_name
from subtools.timecode import to_milliseconds, to_seconds

LAST_TIME = 35_999_990  # ms; 9:59:59.99, the last that its one digit of hours can say
# Paul Tol's "light" scheme, less its olive, which is too near its pear; white for its grey,
# as television has it for whoever speaks first. Each is as far as can be from those before
# it, by the least of its distances in CIELAB to normal, protan and deutan eyes (Machado
# 2009). The contrast to black is 8 at least.
# Source: https://personal.sron.nl/~pault/ (qualitative schemes, figure "light")
COLOURS = ("ffffff", "bbcc33", "77aadd", "44bb99", "eedd88", "99ddff", "ee8866", "ffaabb")
_DEFAULT = "Default"
_JOINER = "\u2060"
_INFO = {"PlayResX": "1920", "PlayResY": "1080", "YCbCr Matrix": "None"}  # colours as given
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_SECTION = re.compile(r"\s*\[([^\]]+)\]\s*")
_TIME = r"\s*\d{1,2}:[0-5]?\d:[0-5]?\d[.,]\d{1,3}\s*"
_NUMBER = r"\s*-?\d{1,9}\s*"
_LINE = re.compile(
    rf"Dialogue:{_NUMBER},{_TIME},{_TIME},[^,]*,[^,]*,{_NUMBER},{_NUMBER},{_NUMBER},[^,]*,.*",
    re.ASCII,
)
_FIELDS = "layer,start,end,style,name,marginl,marginr,marginv,effect,text"
_OTHER_LINE = re.compile(r"(?:Comment|Picture|Sound|Movie|Command):|;|!:")
_CODE = re.compile(rf"\\([Nnh{{}}{_JOINER}])|\{{[^}}]*\}}")
_MEANINGS = {"N": "\n", "n": " ", "h": "\u00a0", "{": "{", "}": "}", _JOINER: "\\"}


def recognise(text: str) -> bool:
    """Tell whether ``text`` looks like ASS: one of its sections is there."""
    sections = (_SECTION.fullmatch(line) for line in _LINE_BREAK.split(text.removeprefix("\ufeff")))
    return any(s and s[1].strip().casefold() in {"script info", "events"} for s in sections)


def compose(
    subtitles: Subtitles,
    *,
    style: SpeakerStyle | None = None,
    word_times: bool = False,  # noqa: ARG001
) -> str:
    """Return ``subtitles`` as ASS, lines ended by line feeds.

    Blank lines are left out, and so is a cue without any other line; spaces at the end of
    a line are dropped. The reason of a cue whose time nobody can vouch for (confidence 0)
    becomes a comment.

    Args:
        subtitles: What to write.
        style: ``NONE`` leaves the speakers out; all others give each a colour and a name.
        word_times: Has no effect yet.

    Raises:
        DocumentError: If a cue ends after ``LAST_TIME``.
    """
    shown = [cue for cue in subtitles.cues if cue.text.strip()]
    if any(to_milliseconds(cue.end) > LAST_TIME for cue in shown):
        raise DocumentError("ASS has no times from 10 hours on", hint="write .srt or .vtt")
    names = [
        clean_name(cue.speaker or "") if style is not SpeakerStyle.NONE else "" for cue in shown
    ]
    styles = _choose_styles([*dict.fromkeys(filter(None, names))])
    document = pysubs2.SSAFile()
    document.info.update(_INFO)
    document.styles = {_DEFAULT: _style(COLOURS[0])}
    colours = zip(styles.values(), cycle(COLOURS))
    document.styles.update({name: _style(colour) for name, colour in colours})
    for cue, name in zip(shown, names, strict=True):
        document.events.extend(_cue_to_events(cue, name, styles.get(name, _DEFAULT)))
    return document.to_string("ass", header_notice="")


def parse(text: str) -> Subtitles:
    """Return the cues of ASS ``text``, those without text left out.

    The name of a line is its speaker. Styles, tags, positions, comments and drawings are
    not kept.

    Raises:
        DocumentError: If ``text`` is not ASS, or some of it would be lost.
    """
    numbers, lines = _find_lines(_LINE_BREAK.split(text.removeprefix("\ufeff")))
    document = pysubs2.SSAFile.from_string("\n".join(["[Events]", *lines]), "ass")
    cues = (
        _event_to_cue(event, number)
        for event, number in zip(document.events, numbers, strict=True)
        if not event.is_drawing
    )
    return Subtitles(tuple(cue for cue in cues if cue.lines))


def _choose_styles(names: Sequence[str]) -> dict[str, str]:
    """Return the name of a style for each speaker: theirs, or something near it.

    >>> _choose_styles(["王", "Lee, Ann", "default", "*王"])
    {'王': '王', 'Lee, Ann': 'Lee， Ann', 'default': 'default 2', '*王': '王 2'}
    """
    styles: dict[str, str] = {}
    taken = {_DEFAULT.casefold()}
    for name in names:
        base = _field(name).lstrip("* ") or "Speaker"  # libass drops asterisks before a style
        numbered = (base if k == 1 else f"{base} {k}" for k in count(1))
        styles[name] = next(style for style in numbered if style.casefold() not in taken)
        taken.add(styles[name].casefold())
    return styles


def _field(text: str) -> str:
    return text.replace(",", "，")


def _style(colour: str) -> pysubs2.SSAStyle:
    """Return how text of ``colour`` looks: two lines of 21 Han characters fit the picture."""
    red, green, blue = bytes.fromhex(colour)
    return pysubs2.SSAStyle(
        fontsize=72.0,  # of PlayResY: a fifteenth of the height, as on television
        primarycolor=pysubs2.Color(red, green, blue),
        outline=4.0,
        shadow=0.0,
        marginl=96,
        marginr=96,
        marginv=54,
    )


def _cue_to_events(cue: Cue, name: str, style: str) -> Iterator[pysubs2.SSAEvent]:
    start, end = to_milliseconds(cue.start), to_milliseconds(cue.end)
    if cue.confidence == 0 and cue.reason:
        reason = _escape(" ".join(cue.reason.split()))
        yield pysubs2.SSAEvent(start, end, reason, style=style, type="Comment")
    lines = (_escape(line.rstrip()) for line in cue.text.splitlines() if line.strip())
    yield pysubs2.SSAEvent(start, end, "\\N".join(lines), style=style, name=_field(name))


def _escape(text: str) -> str:
    r"""Return ``text`` so that nothing in it is a tag or a line break.

    >>> _escape("{x} C:\\New").replace("\u2060", "+")
    '\\{x\\} C:\\+New'
    """
    joined = text.replace("\\", f"\\{_JOINER}")
    return joined.replace("{", "\\{").replace("}", "\\}")


def _find_lines(lines: Sequence[str]) -> tuple[list[int], list[str]]:
    """Return the lines that hold a cue, and their numbers.

    pysubs2 takes the fields it knows, whatever is in them. A person who corrects
    subtitles by hand has to hear of what is not as it should be.

    Raises:
        DocumentError: If there is no section of cues, or one of its lines is malformed.
    """
    numbers = [number for number, line in _lines_of_events(lines) if _is_cue(line, number)]
    return numbers, [lines[number - 1].strip() for number in numbers]


def _lines_of_events(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines of the section of cues with their numbers, from 1."""
    section, is_there = "", False
    for number, line in enumerate(lines, start=1):
        heading = _SECTION.fullmatch(line)
        if heading:
            section = heading[1].strip().casefold()
            is_there = is_there or section == "events"
        elif section == "events" and line.strip():
            yield number, line.strip()
    if not is_there:
        raise DocumentError("not an ASS file", hint="its cues follow a line [Events]", line=1)


def _is_cue(line: str, number: int) -> bool:
    """Tell whether ``line`` holds a cue.

    Raises:
        DocumentError: If it is malformed, or would be lost.
    """
    if line.startswith("Format:"):
        fields = "".join(line.removeprefix("Format:").lower().split())
        if fields != _FIELDS:
            hint = f"save it as ASS v4.00+, with the fields {_FIELDS}"
            raise DocumentError("other fields than those of ASS", hint=hint, line=number)
        return False
    if line.startswith("Dialogue:") and not _LINE.fullmatch(line):
        hint = "it is written Dialogue: 0,H:MM:SS.cc,H:MM:SS.cc,Style,Name,0,0,0,,text"
        raise DocumentError("malformed line in an ASS file", hint=hint, line=number)
    if not line.startswith("Dialogue:") and not _OTHER_LINE.match(line):
        raise DocumentError("text without times in an ASS file", line=number)
    return line.startswith("Dialogue:")


def _event_to_cue(event: pysubs2.SSAEvent, number: int) -> Cue:
    """Return the cue that ``event``, in line ``number``, is."""
    if event.end < event.start:
        raise DocumentError("an ASS cue ends before it starts", line=number)
    lines = tuple(line for line in _parse_text(event.text).splitlines() if line.strip())
    start, end = to_seconds(event.start), to_seconds(event.end)
    return Cue(start, end, lines, clean_name(event.name) or None)


def _parse_text(text: str) -> str:
    r"""Return what players show of ``text``; tags show nothing.

    >>> _parse_text(r"{\i1}one{\i0}\Ntwo\hthree \{4\}")
    'one\ntwo\xa0three {4}'
    """
    return _CODE.sub(lambda code: _MEANINGS.get(code[1] or "", ""), text)

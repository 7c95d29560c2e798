r"""Labels of Audacity (``.labels.txt``): start, end and text, tabs between, one label a line.

A label has one line, and no place for a speaker: names are written into the text. Lines that
begin with a backslash hold the frequencies of a label, which subtitles have no use for.

Source: https://manual.audacityteam.org/man/importing_and_exporting_labels.html
"""

from __future__ import annotations

import re

from subtools.core import Cue, Remark, Subtitles
from subtools.errors import DocumentError
from subtools.formats.shown import make_cue, mend_times, shown_cues
from subtools.formats.speakers import SpeakerStyle, speaker_prefixes
from subtools.formats.text import join_lines
from subtools.timecode import to_milliseconds, to_seconds

_NUMBER = r"-?\d{1,9}(?:[.,]\d{1,12})?"  # a comma where the computer writes one
_LABEL = re.compile(rf"({_NUMBER})\t({_NUMBER})(?:\t(.*))?", re.ASCII | re.DOTALL)
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_HINT = "a label is: start in seconds, tab, end, tab, text"


def recognise(text: str) -> bool:
    """Tell whether ``text`` is a list of labels: every line is one."""
    lines = [line for line in _LINE_BREAK.split(text.removeprefix("\ufeff")) if line.strip()]
    labels = [line for line in lines if not line.startswith("\\")]
    return bool(labels) and all(map(_LABEL.fullmatch, labels))


def compose(
    subtitles: Subtitles,
    *,
    style: SpeakerStyle | None = None,
    word_times: bool = False,  # noqa: ARG001 - there is no place for them
) -> str:
    """Return ``subtitles`` as labels; lines of a cue become one, a tab becomes a space.

    Args:
        subtitles: What to write.
        style: How speakers are named; None: where the speaker changes.
        word_times: Has no effect.
    """
    cues = shown_cues(subtitles.cues)
    prefixes = speaker_prefixes(cues, style or SpeakerStyle.CHANGE)
    return "".join(_compose_label(cue, prefix) for cue, prefix in zip(cues, prefixes, strict=True))


def parse(text: str) -> Subtitles:
    """Return the labels of ``text`` as cues; those without text are left out.

    Raises:
        DocumentError: If a line is no label.
    """
    cues: list[Cue] = []
    remarks: list[Remark] = []
    spectral = 0
    for number, line in enumerate(_LINE_BREAK.split(text.removeprefix("\ufeff")), start=1):
        if line.startswith("\\"):
            spectral += 1
        elif line.strip():
            start, end, label = _parse_label(line, number)
            start, end, mended = mend_times(start, end, "the label")
            cues.append(make_cue(start, end, label))
            remarks += [Remark(remark.text, number) for remark in mended]
    if spectral:
        remarks.append(Remark(f"{spectral} lines of frequencies (\\) left out"))
    if empty := sum(not cue.lines for cue in cues):
        remarks.append(Remark(f"{empty} labels without text left out"))
    return Subtitles(tuple(cue for cue in cues if cue.lines), remarks=tuple(remarks))


def _compose_label(cue: Cue, prefix: str) -> str:
    start, end = (to_seconds(to_milliseconds(time)) for time in (cue.start, cue.end))
    text = cue.text.replace("\t", " ")
    one = join_lines(text.splitlines()) if len(cue.lines) > 1 else text
    return f"{start:.6f}\t{end:.6f}\t{prefix}{one}\n"


def _parse_label(line: str, number: int) -> tuple[float, float, str]:
    """Return start, end and text of a label.

    Raises:
        DocumentError: If the line is none.
    """
    match = _LABEL.fullmatch(line)
    if match is None:
        raise DocumentError("not a label of Audacity", hint=_HINT, line=number)
    start, end = (float(match[k].replace(",", ".")) for k in (1, 2))
    return start, end, (match[3] or "").replace("\t", " ")

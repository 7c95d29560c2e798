"""RTTM: who speaks when, one turn a line, as diarization tools exchange it.

Fields are separated by blanks, so a name cannot hold any: written names have ``_``
instead. Some tools write names with blanks nevertheless; these are read as they are meant.

Source: NIST, The 2009 (RT-09) Rich Transcription Meeting Recognition Evaluation Plan,
appendix A.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from subtools.core import Cue, Seconds, Subtitles, Turn
from subtools.errors import DocumentError
from subtools.formats.shown import name_of, shown_cues
from subtools.formats.speakers import SpeakerStyle
from subtools.lexicon import clean_name
from subtools.timecode import to_milliseconds, to_seconds

_TYPE = "SPEAKER"
_OTHER_TYPES = {
    *("SEGMENT", "NOSCORE", "NO_RT_METADATA", "LEXEME", "NON-LEX", "NON-SPEECH", "FILLER"),
    *("EDIT", "IP", "SU", "CB", "A/P", "SPKR-INFO"),
}
_NAME = 7  # the fields before the name: type, file, channel, onset, duration, text, subtype
_NOTHING = "<NA>"
_COMMENTS = (";", "#")
_HINT = "a turn is: SPEAKER recording 1 onset duration <NA> <NA> name <NA> <NA>"


def recognise(text: str) -> bool:
    """Tell whether ``text`` looks like RTTM: its first line is of one of the types."""
    lines = (line.split() for line in text.removeprefix("\ufeff").splitlines())
    first = next((line for line in lines if line and not line[0].startswith(_COMMENTS)), [])
    return len(first) > _NAME and first[0] in {_TYPE, *_OTHER_TYPES}


def compose(
    subtitles: Subtitles,
    *,
    style: SpeakerStyle | None = None,  # noqa: ARG001 - without names, nothing would be left
    word_times: bool = False,  # noqa: ARG001 - there is no place for them
) -> str:
    """Return who speaks when as RTTM: a turn for each cue that has a speaker; no text.

    Args:
        subtitles: What to write; its title names the recording.
        style: Has no effect.
        word_times: Has no effect.
    """
    cues = shown_cues(subtitles.cues)
    turns = (Turn(name_of(cue), cue.start, cue.end, cue.confidence) for cue in cues if name_of(cue))
    return compose_rttm(turns, subtitles.title or "talk")


def parse(text: str) -> Subtitles:
    """Return a cue for each turn, by onset; as nothing else is known, its text is the name.

    Raises:
        DocumentError: If it is not RTTM, or of several recordings; says in which line.
    """
    named = ((turn, clean_name(turn.speaker)) for turn in parse_rttm(text))
    cues = (Cue(t.start, t.end, (name,), name, t.confidence) for t, name in named if name)
    return Subtitles(tuple(cues))


def parse_rttm(text: str) -> tuple[Turn, ...]:
    """Return the turns of ``text``, by onset.

    Comments (``;;`` or ``#``), empty lines and lines about other things than turns are
    passed over.

    >>> parse_rttm("SPEAKER talk 1 0.50 2.25 <NA> <NA> 曾老師 0.9 <NA>")
    (Turn(speaker='曾老師', start=0.5, end=2.75, confidence=0.9),)

    Raises:
        DocumentError: If it is not RTTM, or of several recordings; says in which line.
    """
    turns: list[Turn] = []
    recording: str | None = None
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        fields = line.split()
        if not fields or fields[0].startswith(_COMMENTS) or fields[0] in _OTHER_TYPES:
            continue
        try:
            turns.append(_parse_turn(fields))
        except ValueError as error:
            raise DocumentError(f"not RTTM: {error}", hint=_HINT, line=number) from error
        if fields[1] != (recording := recording or fields[1]):
            raise DocumentError(
                f"turns of several recordings, {recording!r} and {fields[1]!r}",
                hint="give a file about one recording",
                line=number,
            )
    return tuple(sorted(turns, key=lambda turn: (turn.start, turn.end)))


def compose_rttm(turns: Iterable[Turn], recording: str) -> str:
    """Return ``turns`` as RTTM, by onset, times in milliseconds.

    >>> print(compose_rttm([Turn("podcast man", 0.5, 2.75)], "my talk"), end="")
    SPEAKER my_talk 1 0.500 2.250 <NA> <NA> podcast_man <NA> <NA>

    Args:
        turns: In any order.
        recording: Name of the recording, such as its file's without folder and suffix.
    """
    ordered = sorted(turns, key=lambda turn: (turn.start, turn.end))
    names = _written_names(turn.speaker for turn in ordered)
    return "".join(_compose_turn(turn, names[turn.speaker], recording) for turn in ordered)


def _parse_turn(fields: Sequence[str]) -> Turn:
    """Return the turn in the fields of a line.

    Raises:
        ValueError: Saying what is wrong.
    """
    if fields[0] != _TYPE:
        raise ValueError(f"no line begins with {fields[0]!r}")
    if len(fields) <= _NAME:
        raise ValueError(f"{len(fields)} fields instead of 10")
    start, duration = _parse_time(fields[3], "onset"), _parse_time(fields[4], "duration")
    name, confidence = _split_name(fields[_NAME:])
    return Turn(name, start, _end(start, duration), confidence)


def _parse_time(field: str, what: str) -> Seconds:
    try:
        value = float(field)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise ValueError(f"{field!r} is no {what}")
    return value


def _end(start: Seconds, duration: Seconds) -> Seconds:
    """Return the offset, without what adding leaves over: 0.1 + 0.2 is 0.3."""
    return max(start, round(start + duration, 6))


def _split_name(fields: Sequence[str]) -> tuple[str, float | None]:
    """Return the name and the confidence in ``fields``: name, confidence, lookahead time.

    A name has as many fields as it has words; the last one or two may not be there.
    """
    confidence = None
    if len(fields) > 2 and _is_number(fields[-1]) and _is_share(fields[-2]):
        fields, confidence = fields[:-2], fields[-2]
    elif len(fields) > 1 and _is_share(fields[-1]):
        fields, confidence = fields[:-1], fields[-1]
    return " ".join(fields), None if confidence in {None, _NOTHING} else float(confidence or 0)


def _is_number(field: str) -> bool:
    try:
        return field == _NOTHING or math.isfinite(float(field))
    except ValueError:
        return False


def _is_share(field: str) -> bool:
    return field == _NOTHING or (_is_number(field) and 0 <= float(field) <= 1)


def _written_names(names: Iterable[str]) -> dict[str, str]:
    """Return each name without blanks; two names never become the same."""
    written: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        if name not in written:
            candidate = _join_words(name)
            while candidate in taken:
                candidate += "_"
            taken.add(candidate)
            written[name] = candidate
    return written


def _join_words(text: str) -> str:
    return "_".join(text.split()) or "_"


def _compose_turn(turn: Turn, name: str, recording: str) -> str:
    start, end = to_milliseconds(turn.start), to_milliseconds(turn.end)
    times = f"{to_seconds(start):.3f} {to_seconds(end - start):.3f}"
    confidence = _NOTHING if turn.confidence is None else f"{turn.confidence:.3f}"
    head = f"{_TYPE} {_join_words(recording)} 1 {times} {_NOTHING} {_NOTHING}"
    return f"{head} {name} {confidence} {_NOTHING}\n"

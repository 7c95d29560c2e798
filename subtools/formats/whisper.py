"""JSON of speech recognisers: written as WhisperX does, read from all of the Whisper family.

WhisperX has ``segments`` with ``words`` (``word``, ``start``, ``end``, ``score``,
``speaker``), openai-whisper and faster-whisper ``probability`` for ``score`` and a space
before a word; whisper.cpp has ``transcription`` with ``offsets`` in milliseconds. Words that
WhisperX found no time for have none.

Source: https://github.com/m-bain/whisperX (``whisperx/schema.py``),
https://github.com/openai/whisper (``whisper/transcribe.py``),
https://github.com/ggml-org/whisper.cpp (``examples/cli/cli.cpp``)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from subtools.core import Cue, Remark, Span, Subtitles, Word
from subtools.errors import DocumentError
from subtools.formats.jsontext import dump, load_json, peek_json
from subtools.formats.shown import (
    fit_words,
    is_time,
    make_cue,
    mend_times,
    name_of,
    shown_cues,
    split_lines,
    words_of,
)
from subtools.formats.speakers import SpeakerStyle
from subtools.timecode import to_milliseconds, to_seconds

_HINT = 'it has a list "segments" with start, end and text, or whisper.cpp\'s "transcription"'

Json = Mapping[str, Any]


def recognise(text: str) -> bool:
    """Tell whether ``text`` is such a file: it has a list of segments."""
    return _segments(peek_json(text)) is not None


def compose(
    subtitles: Subtitles,
    *,
    style: SpeakerStyle | None = None,
    word_times: bool = False,  # noqa: ARG001 - programs read it: nothing is in their way
) -> str:
    """Return ``subtitles`` as WhisperX writes them, one segment a line.

    Args:
        subtitles: What to write.
        style: ``NONE`` leaves the speakers out.
        word_times: Has no effect: the times of words are always written.
    """
    cues = shown_cues(subtitles.cues)
    segments = [_cue_to_segment(cue, is_named=style is not SpeakerStyle.NONE) for cue in cues]
    words = [word for segment in segments for word in segment.get("words", ())]
    members = [_member("segments", segments), _member("word_segments", words)]
    if subtitles.language:
        members.append(f'"language": {dump(subtitles.language)}')
    return "{\n" + ",\n".join(members) + "\n}\n"


def parse(text: str) -> Subtitles:
    """Return the segments of ``text`` as cues, their words with them.

    Raises:
        DocumentError: If there are no segments in it.
    """
    data = load_json(text, "JSON of a speech recogniser")
    segments = _segments(data)
    if segments is None:
        raise DocumentError("not the JSON of a speech recogniser", hint=_HINT, line=1)
    cues: list[Cue] = []
    remarks: list[Remark] = []
    for number, segment in enumerate(segments, start=1):
        cue, remark = _segment_to_cue(segment, f"segment {number}")
        cues += [cue] if cue else []
        remarks += remark
    return Subtitles(tuple(cues), language=_language(data), remarks=tuple(remarks))


def _segments(data: Any) -> list[Any] | None:
    """Return the list of segments, under whichever name it is there."""
    if isinstance(data, dict):
        found = data.get("segments", data.get("transcription"))
    else:
        found = data if data else None  # bare, as people dump faster-whisper's segments
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        return None
    return found if not found or {"start", "offsets", "timestamps"} & set(found[0]) else None


def _language(data: Any) -> str:
    """Return the language, where WhisperX or whisper.cpp say it."""
    if not isinstance(data, dict):
        return ""
    result = data.get("result")
    said = data.get("language", result.get("language") if isinstance(result, dict) else None)
    return said if isinstance(said, str) else ""


def _member(key: str, items: list[dict[str, Any]]) -> str:
    lines = ",\n".join("  " + dump(item) for item in items)
    return f'"{key}": [\n{lines}\n]' if items else f'"{key}": []'


def _cue_to_segment(cue: Cue, *, is_named: bool) -> dict[str, Any]:
    speaker = {"speaker": name_of(cue)} if is_named and name_of(cue) else {}
    words = [_word_to_json(word, is_named=is_named) for word in words_of(cue) if word.text.strip()]
    times = {"start": _round(cue.start), "end": _round(cue.end)}
    return {**times, "text": cue.text, **({"words": words} if words else {}), **speaker}


def _word_to_json(word: Word, *, is_named: bool) -> dict[str, Any]:
    times = {"start": _round(word.span.start), "end": _round(word.span.end)} if word.span else {}
    score = {} if word.confidence is None else {"score": word.confidence}
    speaker = {"speaker": word.speaker} if is_named and word.speaker else {}
    return {"word": word.text.strip(), **times, **score, **speaker}


def _round(seconds: float) -> float:
    return to_seconds(to_milliseconds(seconds))


def _segment_to_cue(segment: Json, where: str) -> tuple[Cue | None, list[Remark]]:
    """Return the cue that ``segment`` is, None if it has no text or time, and remarks on it."""
    words = tuple(_words(segment))
    text = segment.get("text")
    lines = split_lines(text if isinstance(text, str) else "".join(w.text for w in words))
    if not lines:
        return None, []
    times = _times(segment, words)
    if times is None:
        return None, [Remark(f"{where} has no times and is left out: {' '.join(lines)[:40]!r}")]
    start, end, remarks = mend_times(*times, where)
    speaker = segment.get("speaker")
    named = speaker if isinstance(speaker, str) else ""
    cue = make_cue(start, end, "\n".join(lines).strip(), named)
    fitted = fit_words(cue, words)
    if words and not fitted:
        remarks.append(Remark(f"{where} has words that are not those of its text: not kept"))
    return Cue(cue.start, cue.end, cue.lines, cue.speaker, words=fitted), remarks


def _times(segment: Json, words: tuple[Word, ...]) -> tuple[float, float] | None:
    """Return when a segment begins and ends; where it does not say it, when its words do."""
    offsets = segment.get("offsets")
    if isinstance(offsets, dict):
        start, end, scale = offsets.get("from"), offsets.get("to"), 1000
    else:
        start, end, scale = segment.get("start"), segment.get("end"), 1
    if is_time(start) and is_time(end):
        return float(start) / scale, float(end) / scale
    spans = [word.span for word in words if word.span]
    return (spans[0].start, spans[-1].end) if spans else None


def _words(segment: Json) -> Iterator[Word]:
    words = segment.get("words")
    for entry in words if isinstance(words, list) else ():
        text = entry.get("word", entry.get("text")) if isinstance(entry, dict) else None
        if isinstance(text, str) and text.strip():
            yield Word(text, _span(entry), _share(entry), _name(entry))


def _span(entry: Json) -> Span | None:
    start, end = entry.get("start"), entry.get("end")
    if is_time(start) and is_time(end) and 0 <= start <= end:
        return Span(float(start), float(end))
    return None


def _share(entry: Json) -> float | None:
    score = entry.get("score", entry.get("probability"))
    return float(score) if is_time(score) and 0 <= score <= 1 else None


def _name(entry: Json) -> str | None:
    speaker = entry.get("speaker")
    return speaker if isinstance(speaker, str) and speaker else None

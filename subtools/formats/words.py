"""``words.json``: every word with its time and confidence, findings, speakers, provenance.

The schema is described in ``docs/words-json.md``; ``VERSION`` changes when a reader of
the old one would misread the new one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import groupby
from types import NoneType
from typing import Any

from subtools.core import (
    Alignment,
    Finding,
    FindingKind,
    Input,
    NameBasis,
    Paragraph,
    Provenance,
    Quote,
    Seconds,
    Source,
    Span,
    Speaker,
    Topic,
    Transcript,
    Turn,
    Word,
)
from subtools.errors import DocumentError
from subtools.timecode import to_milliseconds, to_seconds

FORMAT = "subtools-words"
VERSION = 1
_OTHER, _WRITERS = "this is not a words.json", "subtools align and subtools caption write one"

Json = dict[str, Any]


def compose_words(alignment: Alignment, provenance: Provenance = Provenance()) -> str:  # noqa: B008 - frozen
    """Return ``alignment`` as JSON, one word, finding or turn a line, times in milliseconds."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "source": asdict(alignment.transcript.source),
        "language": alignment.language,
        "aligner": alignment.aligner,
    }
    members = [f"{_dump(key)}: {_dump(value)}" for key, value in head.items()]
    members.append(_compose_list("words", list(_words_to_json(alignment.transcript))))
    members.append(_compose_list("findings", [finding_to_json(f) for f in alignment.findings]))
    members.append(_compose_list("speakers", list(map(_speaker_to_json, alignment.speakers))))
    members.append(_compose_list("turns", list(map(_turn_to_json, alignment.turns))))
    members.append(_compose_list("topics", list(map(_topic_to_json, alignment.topics))))
    members.append(f'"provenance": {json.dumps(asdict(provenance), ensure_ascii=False, indent=1)}')
    return "{\n" + ",\n".join(members) + "\n}\n"


def parse_words(text: str) -> tuple[Alignment, Provenance]:
    """Return what ``compose_words`` wrote.

    Raises:
        DocumentError: If ``text`` is not such a file, or of a version not known here.
    """
    data = _load(text)
    try:
        alignment = Alignment(
            transcript=_transcript_from_json(data),
            findings=tuple(_finding_from_json(finding) for finding in data["findings"]),
            language=data["language"],
            aligner=data["aligner"],
            # Files from before there were speakers, or topics, have none.
            turns=tuple(map(_turn_from_json, data.get("turns", ()))),
            speakers=tuple(map(_speaker_from_json, data.get("speakers", ()))),
            topics=tuple(map(_topic_from_json, data.get("topics", ()))),
        )
        return alignment, _provenance_from_json(data["provenance"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DocumentError(
            f"not a complete words.json: {error!r}", hint="write it anew with: subtools align"
        ) from error


def finding_to_json(finding: Finding) -> Json:
    """Return ``finding`` as it stands in the file."""
    return {
        "kind": finding.kind.value,
        "text": finding.text,
        "reason": finding.reason,
        **_span_to_json(finding.span),
        "offsets": finding.offsets,
    }


def _load(text: str) -> Json:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        if not text.lstrip("\ufeff \t\r\n").startswith("{"):  # a document, most likely
            raise DocumentError(_OTHER, hint=_WRITERS) from error
        what = f"this words.json is damaged, not JSON: {error.msg}"
        raise DocumentError(what, hint=_WRITERS, line=error.lineno) from error
    except RecursionError as error:
        raise DocumentError(f"{_OTHER}: nested too deeply", hint=_WRITERS) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise DocumentError(_OTHER, hint=_WRITERS)
    if data.get("version") != VERSION:
        raise DocumentError(
            f"words.json of version {data.get('version')}, this subtools reads {VERSION}",
            hint="update subtools, or write the file anew",
        )
    return data


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _compose_list(key: str, items: list[Json]) -> str:
    lines = ",\n".join("  " + _dump(item) for item in items)
    return f'"{key}": [\n{lines}\n]' if items else f'"{key}": []'


def _words_to_json(transcript: Transcript) -> Iterator[Json]:
    for number, paragraph in enumerate(transcript.paragraphs):
        for word in paragraph.words:
            yield {
                "text": word.text,
                **_span_to_json(word.span),
                "confidence": word.confidence,
                "speaker": word.speaker,
                "paragraph": number,
            }


def _transcript_from_json(data: Json) -> Transcript:
    grouped = groupby(data["words"], key=lambda word: word["paragraph"])
    paragraphs = (Paragraph(tuple(map(_word_from_json, words))) for _, words in grouped)
    return Transcript(tuple(paragraphs), Source(**data["source"]))


def _word_from_json(data: Json) -> Word:
    return Word(
        _expect(data["text"], str),
        _span_from_json(data),
        _expect(data["confidence"], float, int, NoneType),
        _expect(data["speaker"], str, NoneType),
    )


def _finding_from_json(data: Json) -> Finding:
    offsets = data["offsets"]
    return Finding(
        kind=FindingKind(data["kind"]),
        text=data["text"],
        reason=data["reason"],
        span=_span_from_json(data),
        offsets=None if offsets is None else (offsets[0], offsets[1]),
    )


def _turn_to_json(turn: Turn) -> Json:
    times = {"start": _round(turn.start), "end": _round(turn.end)}
    return {"speaker": turn.speaker, **times, "confidence": turn.confidence}


def _turn_from_json(data: Json) -> Turn:
    span = _span_from_json(data)
    if span is None:
        raise ValueError("a turn without a time")
    confidence = _expect(data["confidence"], float, int, NoneType)
    return Turn(_expect(data["speaker"], str), span.start, span.end, confidence)


def _speaker_to_json(speaker: Speaker) -> Json:
    return {
        "name": speaker.name,
        "label": speaker.label,
        "basis": speaker.basis.value,
        "confidence": speaker.confidence,
        "quotes": [
            {"text": quote.text, "reason": quote.reason, **_span_to_json(quote.span)}
            for quote in speaker.quotes
        ],
    }


def _speaker_from_json(data: Json) -> Speaker:
    return Speaker(
        name=_expect(data["name"], str),
        label=_expect(data["label"], str),
        basis=NameBasis(data["basis"]),
        confidence=_expect(data["confidence"], float, int, NoneType),
        quotes=tuple(map(_quote_from_json, data["quotes"])),
    )


def _quote_from_json(data: Json) -> Quote:
    text, reason = _expect(data["text"], str), _expect(data["reason"], str)
    return Quote(text, reason, _span_from_json(data))


def _topic_to_json(topic: Topic) -> Json:
    times = {"start": _round(topic.start), "end": _round(topic.end)}
    return {
        "title": topic.title,
        **times,
        "reason": topic.reason,
        "confidence": topic.confidence,
    }


def _topic_from_json(data: Json) -> Topic:
    span = _span_from_json(data)
    if span is None:
        raise ValueError("a topic without a time")
    confidence = _expect(data["confidence"], float, int, NoneType)
    title, reason = _expect(data["title"], str), _expect(data["reason"], str)
    return Topic(title, span.start, span.end, reason, confidence)


def _span_to_json(span: Span | None) -> dict[str, Seconds | None]:
    if span is None:
        return {"start": None, "end": None}
    return {"start": _round(span.start), "end": _round(span.end)}


def _span_from_json(data: Json) -> Span | None:
    if data["start"] is None:
        return None
    start, end = _expect(data["start"], float, int), _expect(data["end"], float, int)
    if not 0 <= start <= end < math.inf:
        raise ValueError(f"no stretch of time: {start} .. {end}")
    return Span(start, end)


def _expect(value: Any, *types: type) -> Any:
    """Return ``value`` if it is of one of ``types``.

    Raises:
        TypeError: If it is of another.
        ValueError: If it is text that cannot be written.
    """
    if not isinstance(value, types):
        raise TypeError(f"{value!r} is no {types[0].__name__}")
    if isinstance(value, str):
        value.encode()  # refuses halves of surrogate pairs, which no file can hold
    return value


def _round(seconds: Seconds) -> Seconds:
    return to_seconds(to_milliseconds(seconds))


def _provenance_from_json(data: Mapping[str, Any]) -> Provenance:
    inputs = {role: Input(**value) for role, value in data["inputs"].items()}
    return Provenance(inputs, data["model"], data["versions"], data["settings"])

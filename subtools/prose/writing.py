"""A timed document as a text to be read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from subtools.core import Alignment, Seconds, Source, Topic
from subtools.lexicon import clean_name
from subtools.links import page_link
from subtools.phonetics.scripts import Script, convert_script, detect_script
from subtools.prose.detecting import MarksKind, detect_marks
from subtools.prose.fillers import drop_fillers
from subtools.prose.heard import find_heard
from subtools.prose.numbers import Numbers, write_numbers
from subtools.prose.paragraphs import cut_paragraphs
from subtools.prose.reading import Passage, Reading, Section
from subtools.prose.restoring import Known, restore_marks
from subtools.prose.spacing import Spacing, space_tokens
from subtools.prose.tokens import Token, join_tokens, mend_points, read_tokens

KNOWN_LANGUAGES = frozenset({"zh", "yue", "en"})  # whose words say where marks go, and hesitate
_EARLY: Seconds = 0.05  # topics are written to the millisecond


class Marks(StrEnum):
    """What becomes of the marks of clauses and sentences."""

    AUTO = "auto"  # those set with care stay, others are set anew
    KEEP = "keep"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class ProseSettings:
    """How a text is written.

    Attributes:
        marks: What becomes of its marks.
        spacing: What is between Chinese characters and Latin words.
        numbers: How numbers are written.
        script: How Chinese is written; None: as it is.
        is_abridged: Whether hesitations and accidental repetitions go.
    """

    marks: Marks = Marks.AUTO
    spacing: Spacing = Spacing.KEEP
    numbers: Numbers = Numbers.KEEP
    script: Script | None = None
    is_abridged: bool = False


def write_reading(
    alignment: Alignment,
    settings: ProseSettings = ProseSettings(),
    *,
    recognised: Alignment | None = None,
    title: str | None = None,
) -> Reading:
    """Return ``alignment`` as a text to be read.

    Unless the settings abridge it, or rewrite its numbers or its script, its letters and
    characters are those of the document, in the same order; only marks and spaces differ.

    Args:
        alignment: Words, with times, speakers and topics as far as they are known.
        settings: How it is written.
        recognised: What a recogniser heard in the same sound, with marks.
        title: What it is called; None: as the document says.
    """
    tokens = read_tokens(alignment.without_lone_label())
    begins = _find_topics(tokens, alignment.topics)
    is_restored = _is_restored(tokens, settings, alignment.language)
    if is_restored:
        tokens = _restore(tokens, begins, recognised)
    script = detect_script(alignment.transcript.body)
    writer = _Writer(settings, alignment.language, script, heeds_document=not is_restored)
    parts = [
        (topic, _abridge(part, writer))
        for topic, part in _split(tokens, begins, alignment.topics)
        if part
    ]
    sections = tuple(_write_section(topic, part, writer) for topic, part in parts)
    source = alignment.transcript.source
    heading = source.part_title or source.title or "" if title is None else title
    return Reading(
        title=writer.convert(clean_name(heading)),
        source=source,
        page=page_link(source),
        language=_language_tag(alignment.language, settings.script or writer.script),
        sections=sections,
        is_abridged=settings.is_abridged,
        left_out=len(tokens) - sum(len(part) for _, part in parts),
    )


def _is_restored(tokens: Sequence[Token], settings: ProseSettings, language: str) -> bool:
    if settings.marks is not Marks.AUTO:
        return settings.marks is Marks.RESTORE
    return language in KNOWN_LANGUAGES and detect_marks(tokens) is not MarksKind.CAREFUL


def _restore(
    tokens: Sequence[Token], begins: Sequence[int], recognised: Alignment | None
) -> tuple[Token, ...]:
    heard = () if recognised is None else find_heard(tokens, read_tokens(recognised))
    # Asked to set good marks anew, nothing is gained by forgetting what they said.
    kind = detect_marks(tokens)
    return restore_marks(mend_points(tokens), Known(kind, heard, frozenset(begins)))


def _find_topics(tokens: Sequence[Token], topics: Sequence[Topic]) -> list[int]:
    """Return the first token of each topic, in order."""
    timed = [(token.span.start, place) for place, token in enumerate(tokens) if token.span]
    # Where two speak at once, the times step back.
    times, latest = [], 0.0
    for start, _ in timed:
        latest = max(latest, start)
        times.append(latest)
    found = []
    for topic in topics:
        place = bisect_left(times, topic.start - _EARLY)
        found.append(timed[place][1] if place < len(timed) else len(tokens))
    return found


def _split(
    tokens: Sequence[Token], begins: Sequence[int], topics: Sequence[Topic]
) -> Iterator[tuple[Topic | None, Sequence[Token]]]:
    if not topics:
        yield None, tokens
        return
    # What is said before the first topic belongs to it.
    for topic, (first, last) in zip(topics, pairwise([0, *begins[1:], len(tokens)]), strict=True):
        yield topic, tokens[first:last]


@dataclass(frozen=True, slots=True)
class _Writer:
    settings: ProseSettings
    language: str
    script: Script | None
    heeds_document: bool

    def write(self, tokens: Sequence[Token]) -> str:
        written = write_numbers(tokens, self.settings.numbers)
        return self.convert(join_tokens(space_tokens(written, self.settings.spacing)))

    def convert(self, text: str) -> str:
        if self.settings.script is None:
            return text
        return convert_script(text, self.settings.script, self.script)


def _abridge(tokens: Sequence[Token], writer: _Writer) -> tuple[Token, ...]:
    # "um" and "er" are words of German.
    is_abridged = writer.settings.is_abridged and writer.language in KNOWN_LANGUAGES
    return drop_fillers(tokens) if is_abridged else tuple(tokens)


def _write_section(topic: Topic | None, tokens: Sequence[Token], writer: _Writer) -> Section:
    parts = cut_paragraphs(tokens, heeds_document=writer.heeds_document)
    passages = tuple(_write_passage(part, writer) for part in parts)
    if topic is None:
        return Section("", None, passages)
    return Section(writer.convert(clean_name(topic.title)), topic.start, passages)


def _write_passage(tokens: Sequence[Token], writer: _Writer) -> Passage:
    speaker = tokens[0].speaker
    return Passage(
        None if speaker is None else writer.convert(clean_name(speaker)),
        next((token.span.start for token in tokens if token.span is not None), None),
        writer.write(tokens).strip(),
    )


def _language_tag(language: str, script: Script | None) -> str:
    if language != "zh" or script is None:
        return language
    tags = {Script.TW: "zh-TW", Script.HK: "zh-HK", Script.CN: "zh-CN", Script.S: "zh-Hans"}
    return tags.get(script, "zh-Hant")


def describe_source(source: Source) -> str:
    """Return in a line where a text comes from; empty if nothing is known.

    >>> describe_source(Source(title="Conference", part=8, part_title="Panel", uploader="Org"))
    'Conference, P8 · Org'
    """
    part = f"P{source.part}" if source.part else ""
    title = source.title if source.part_title else ""
    parts = [", ".join(filter(None, (title, part))), source.uploader or ""]
    return clean_name(" · ".join(filter(None, parts)))

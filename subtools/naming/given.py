"""The names file: what the user says about who is who.

SPEAKER_02: 林教授                                  # a voice by its label
東老師: {name: 董老師, aliases: [懂老師]}            # a name as it is written, and its right form
宋老師: 00:00:10-00:00:40                           # whose voice this is
王磊: {span: "1:05-1:20", aliases: [王雷]}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from subtools import lexicon
from subtools.core import Span, Turn, overlap
from subtools.errors import DocumentError
from subtools.settings import Setting, parse_settings
from subtools.timecode import compose_clock, parse_timecode

LONGEST_NAME = 60  # characters

_SPAN = re.compile(r"\s*([\d:.,]+)\s*(?:-|–|—|~|～|-->|至|到)\s*([\d:.,]+)\s*")
_LABEL = re.compile(r"SPEAKER_\d+", re.IGNORECASE)
_MEMBERS = ("name", "aliases", "span", "spans")
_HINT = "write `SPEAKER_02: name`, `heard name: {name: ..., aliases: [...]}` or `name: 0:10-0:40`"


@dataclass(frozen=True, slots=True)
class GivenName:
    """A name that the user gives.

    Attributes:
        key: What it is given to: a label, or a name as it is written; the name itself, where
            a sample says whose it is.
        name: What is to be shown.
        aliases: How the name is written otherwise.
        spans: Where this person speaks.
        line: Where it stands in the file, from 1.
    """

    key: str
    name: str
    aliases: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    line: int | None = None

    @property
    def spellings(self) -> tuple[str, ...]:
        """All ways of writing this person's name."""
        return tuple(dict.fromkeys((self.key, self.name, *self.aliases)))


@dataclass(frozen=True, slots=True)
class NamesFile:
    """Names that the user gives.

    Attributes:
        names: In the order of the file.
        path: Where they were read.
    """

    names: tuple[GivenName, ...] = ()
    path: Path | None = None


def parse_names(text: str, *, path: Path | str | None = None) -> NamesFile:
    """Return the names of a names file, YAML (or TOML, by the ending of ``path``).

    Raises:
        DocumentError: If it says something else, with the line.

    >>> parse_names("宋老師: 00:00:10-00:00:40").names[0].spans
    (Span(start=10.0, end=40.0),)
    """
    settings = parse_settings(text, path=path)
    names = tuple(_parse_name(key, value, path) for key, value in settings.members)
    return NamesFile(names, None if path is None else Path(path))


def clean_name(text: str) -> str:
    r"""Return ``text`` on one line, without characters that are not seen, and not too long.

    >>> clean_name(" 王\u200b磊\n老師 ")
    '王磊 老師'
    """
    return lexicon.clean_name(text)[:LONGEST_NAME].strip()


def voices_of(given: NamesFile, turns: Sequence[Turn]) -> dict[str, GivenName]:
    """Return the names that are given to voices, by label: as labels or by samples.

    Raises:
        DocumentError: If nobody speaks in a sample, if a label does not exist, if one voice
            gets two names or two voices get one, with the line.
    """
    voices: dict[str, GivenName] = {}
    for name in given.names:
        label = _voice_of(name, turns, given.path)
        if label is None:
            continue
        if label in voices:
            what = f"{voices[label].name!r} and {name.name!r} are one voice, {label}"
            raise DocumentError(what, hint="give it one name", path=given.path, line=name.line)
        if name.name in {other.name for other in voices.values()}:
            what = f"two voices have the name {name.name!r}"
            raise DocumentError(what, hint="each needs one", path=given.path, line=name.line)
        voices[label] = name
    return voices


def _parse_name(key: str, value: Setting, path: Path | str | None) -> GivenName:
    own = clean_name(key)
    if not own:
        raise DocumentError("a name is missing", hint=_HINT, path=path, line=value.line)
    if value.text is not None:
        span = _read_span(value.text)
        if span is None:
            return GivenName(own, _name(value, path), line=value.line)
        return GivenName(own, own, (), (_check(span, value, path),), value.line)
    if value.items:  # several samples
        return GivenName(own, own, (), tuple(_spans(value, path)), value.line)
    if not value.members:
        what = f"nothing is said about {own!r}"
        raise DocumentError(what, hint=_HINT, path=path, line=value.line)
    return _parse_members(own, value, path)


def _parse_members(own: str, value: Setting, path: Path | str | None) -> GivenName:
    for key, member in value.members:
        if key not in _MEMBERS:
            what = f"{key!r} is not known here"
            raise DocumentError(what, hint=_HINT, path=path, line=member.line)
    name, aliases = value.member("name"), value.member("aliases")
    samples = [s for s in (value.member("span"), value.member("spans")) if s is not None]
    return GivenName(
        own,
        own if name is None else _name(name, path),
        () if aliases is None else tuple(_texts(aliases, path)),
        tuple(span for sample in samples for span in _spans(sample, path)),
        value.line,
    )


def _name(value: Setting, path: Path | str | None) -> str:
    name = clean_name(value.text or "")
    if not name:
        raise DocumentError("a name is missing", hint=_HINT, path=path, line=value.line)
    return name


def _texts(value: Setting, path: Path | str | None) -> Iterator[str]:
    for item in value.items or (value,):
        yield _name(item, path)


def _spans(value: Setting, path: Path | str | None) -> Iterator[Span]:
    for item in value.items or (value,):
        span = _read_span(item.text or "")
        if span is None:
            what = f"{item.text!r} is not a stretch of time"
            hint = "write 00:00:10-00:00:40"
            raise DocumentError(what, hint=hint, path=path, line=item.line)
        yield _check(span, item, path)


def _read_span(text: str) -> tuple[float, float] | None:
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    try:
        return parse_timecode(match[1]), parse_timecode(match[2])
    except ValueError:
        return None


def _check(span: tuple[float, float], value: Setting, path: Path | str | None) -> Span:
    if span[0] >= span[1]:
        what = f"{value.text!r} ends before it begins"
        raise DocumentError(what, path=path, line=value.line)
    return Span(*span)


def _voice_of(name: GivenName, turns: Sequence[Turn], path: Path | None) -> str | None:
    """Return the label of the voice that ``name`` is given to; None if it is a heard name."""
    labels = {turn.speaker.casefold(): turn.speaker for turn in turns}
    if name.key.casefold() in labels:
        return labels[name.key.casefold()]
    if _LABEL.fullmatch(name.key) and not name.spans:
        hint = f"there are {', '.join(sorted(labels.values()))}" if labels else "nobody speaks"
        raise DocumentError(f"there is no voice {name.key}", hint=hint, path=path, line=name.line)
    if not name.spans:
        return None
    spoken: dict[str, float] = {}
    for turn in turns:
        share = sum(overlap(turn, span) for span in name.spans)
        spoken[turn.speaker] = spoken.get(turn.speaker, 0.0) + share
    best = max(spoken, key=lambda label: spoken[label], default="")
    if not best or spoken[best] <= 0:
        start = compose_clock(name.spans[0].start)
        what = f"nobody speaks where {name.name!r} should, at {start}"
        raise DocumentError(what, path=path, line=name.line)
    return best

"""What is to be recorded: a cast with voices, and what they say in turn.

A screenplay is a TOML header, a line ``+++``, then the script, one turn a line:

    主持人：下面請{凌|林}教授，(0.8)也請大家鼓掌。
    周總+：對。
    周總!：我插一句，
      這裡接著上一行。
    * applause 3
    = 保險由誰賠

``{written|spoken}`` is said in another way than it is written; ``(0.8)`` is a silence in
seconds; ``+`` marks a back-channel, said into the turn before it; ``!`` interrupts it; a
line with spaces before it goes on with the turn; ``*`` is a sound that nobody says; ``=``
says what the talk is about from the next turn on, as a listener would put it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest
from typing import Any

MARKS = "，。？！,.?!"
FULL_STOPS = "。？！.?!"
_TURN = re.compile(r"(?P<name>[^：:+!*]+)(?P<entry>[+!]?)[：:]\s*(?P<text>\S.*)")
_SOUND = re.compile(r"\*\s+(?P<kind>[a-z]+)\s+(?P<seconds>\d+(?:\.\d+)?)")
_TOPIC = re.compile(r"=\s+(?P<title>\S.*)")
_CLAUSE = re.compile(rf"([^{MARKS}()]+)([{MARKS}])\s*(?:\((\d+(?:\.\d+)?)\)\s*)?")
_VARIANT = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
HAN = "\u3400-\u9fff"
_TOKEN = re.compile(rf"[{HAN}]|[^\s{HAN}]+")
_BREATH = 48  # characters a breath may have before it ends at the next clause
_BREATH_WORDS = 20  # the same in words, where they are Latin
SOUNDS = ("music", "applause", "laughter", "clicks", "noise", "silence")


class Entry(Enum):
    """How a turn begins."""

    FOLLOWS = ""
    BACKCHANNEL = "+"
    INTERRUPTS = "!"


class Layout(Enum):
    """How a document is written.

    ``COMMAS`` as speech recognition often leaves it: full stops at the ends of paragraphs
    only, and neither there nor elsewhere a sign that the speaker changes. ``SENTENCES``
    keeps the marks, with paragraphs anywhere but at a change of speaker. ``TURNS`` gives
    every turn a paragraph.
    """

    COMMAS = "commas"
    SENTENCES = "sentences"
    TURNS = "turns"


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a turn up to a punctuation mark.

    Attributes:
        written: As in the document, without the mark.
        spoken: As the voice says it.
        mark: The mark after it in the script.
        pause: Silence after it, in seconds; None leaves it to the voice.
        corrections: What is written in another way than it is said, as (place in
            ``written``, written, spoken).
    """

    written: str
    spoken: str
    mark: str
    pause: float | None = None
    corrections: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A turn: who says what, and how it begins."""

    speaker: str
    entry: Entry
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Sound:
    """Something to hear that is no speech, for some seconds."""

    kind: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Heading:
    """What the talk is about from the next turn on."""

    title: str


@dataclass(frozen=True, slots=True)
class Role:
    """A person of the screenplay.

    Attributes:
        mix: Shares of voices that make up this one.
        level: Loudness, in dB.
        pitch: In percent of the voice's; 96 is deeper and slower.
        speed: As the model takes it, 1 is usual.
        telephone: Whether this one is on the line.
        aliases: Other names that are right for this person.
        is_named: Whether the name is said or written anywhere in the document.
    """

    name: str
    mix: Mapping[str, float]
    level: float = 0.0
    pitch: int = 100
    speed: float = 1.0
    telephone: bool = False
    aliases: tuple[str, ...] = ()
    is_named: bool = True


@dataclass(frozen=True, slots=True)
class Screenplay:
    """A talk that can be recorded.

    Attributes:
        noise: Kind of noise, ``babble`` or ``colored``.
        noise_level: In dB below the speech.
        room: Share of the room in the sound, 0..1.
        restlessness: How much a voice changes from turn to turn, 0..1.
    """

    title: str
    layout: Layout
    roles: tuple[Role, ...]
    events: tuple[Line | Sound | Heading, ...]
    seed: int
    noise: str = "colored"
    noise_level: float = 28.0
    room: float = 0.3
    restlessness: float = 0.3


def parse_screenplay(text: str) -> Screenplay:
    """Return the screenplay in ``text``.

    Raises:
        ValueError: If a line is no turn, sound or topic, nobody of that name is in the cast,
            or no turn follows a topic.
    """
    header, _, script = text.partition("\n+++\n")
    settings: dict[str, Any] = tomllib.loads(header)
    voices, layout = settings.pop("voices", {}), Layout(settings.pop("layout", "commas"))
    roles = tuple(_role(name, entry) for name, entry in voices.items())
    events = tuple(_event(line, set(voices)) for line in _join_lines(script))
    _check_headings(events)
    return Screenplay(layout=layout, roles=roles, events=events, **settings)


def _check_headings(events: Sequence[Line | Sound | Heading]) -> None:
    marks = [event for event in events if not isinstance(event, Sound)]
    for event, following in zip_longest(marks, marks[1:]):
        is_followed = isinstance(following, Line)
        if isinstance(event, Heading) and not is_followed:
            raise ValueError(f"no turn follows the topic: {event.title}")


def _role(name: str, entry: Mapping[str, Any]) -> Role:
    mix, total = entry["mix"], sum(entry["mix"].values())
    shares = {voice: share / total for voice, share in mix.items()}
    return Role(name, **{**entry, "mix": shares, "aliases": tuple(entry.get("aliases", ()))})


def _join_lines(script: str) -> Iterator[str]:
    """Yield the lines of a script, those that go on joined to the one before."""
    joined: list[str] = []
    for line in filter(str.strip, script.splitlines()):
        if line.startswith(" ") and joined:
            space = " " if joined[-1].isascii() else ""
            joined[-1] += space + line.strip()
        else:
            joined.append(line.strip())
    yield from joined


def _event(line: str, names: set[str]) -> Line | Sound | Heading:
    if topic := _TOPIC.fullmatch(line):
        return Heading(topic["title"])
    if sound := _SOUND.fullmatch(line):
        if sound["kind"] not in SOUNDS:
            raise ValueError(f"unknown sound: {line}")
        return Sound(sound["kind"], float(sound["seconds"]))
    turn = _TURN.fullmatch(line)
    if turn is None or turn["name"] not in names:
        raise ValueError(f"no turn of the cast, no sound and no topic: {line}")
    return Line(turn["name"], Entry(turn["entry"]), tuple(parse_clauses(turn["text"])))


def parse_clauses(text: str) -> Iterator[Clause]:
    """Yield the clauses of a turn.

    >>> [(c.written, c.spoken, c.pause) for c in parse_clauses("請{凌|林}總，(0.5)好的。")]
    [('請凌總', '請林總', 0.5), ('好的', '好的', None)]

    Raises:
        ValueError: If the text does not end with a mark, or a brace or pause is left over.
    """
    end = 0
    for found in _CLAUSE.finditer(text):
        if found.start() != end:
            break
        end, pause = found.end(), found[3] and float(found[3])
        yield _clause(found[1].strip(), found[2], pause or None)
    if end != len(text):
        raise ValueError(f"no clause: {text[end:]}")


def _clause(text: str, mark: str, pause: float | None) -> Clause:
    corrections, written, end = [], "", 0
    for variant in _VARIANT.finditer(text):
        written += text[end : variant.start()]
        corrections.append((len(written), variant[1], variant[2]))
        written, end = written + variant[1], variant.end()
    written += text[end:]
    spoken = _VARIANT.sub(r"\2", text)
    if set("{}|") & set(written + spoken):
        raise ValueError(f"a variant is {{written|spoken}}: {text}")
    return Clause(written, spoken, mark, pause, tuple(corrections))


def group_clauses(clauses: Sequence[Clause]) -> Iterator[tuple[Clause, ...]]:
    """Yield what is said in one breath: up to a full stop, a silence or about 48 characters."""
    group: list[Clause] = []
    for clause in clauses:
        group.append(clause)
        size = sum(len(c.spoken) if not c.spoken.isascii() else _words(c) for c in group)
        if clause.pause is not None or clause.mark in FULL_STOPS or size >= _BREATH:
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)


def _words(clause: Clause) -> int:
    return len(clause.spoken.split()) * _BREATH // _BREATH_WORDS


def split_units(spoken: str) -> tuple[tuple[str, tuple[int, int]], ...]:
    """Return the Han characters and Latin words of a clause, and where they stand.

    >>> split_units("用GPT 嗎")
    (('用', (0, 1)), ('GPT', (1, 4)), ('嗎', (5, 6)))
    """
    return tuple((found[0], found.span()) for found in _TOKEN.finditer(spoken))

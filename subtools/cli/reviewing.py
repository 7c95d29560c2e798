"""The commands for a person's corrections: ``review`` and ``apply``."""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from subtools import console
from subtools.applying import Applied, apply_file, check_corrections, load_corrections
from subtools.cli.app import app, spare_inputs
from subtools.cli.options import (
    FolderOption,
    ForceOption,
    FormatsOption,
    JsonOption,
    KeepUntimedOption,
    QuietOption,
    SpeakerStyleOption,
    ThreadsOption,
    TrackOption,
    read_formats,
    read_media_path,
)
from subtools.cli.paging import (
    HeadingOption,
    PlayedOption,
    WordsArgument,
    find_beside,
    name_of_sound,
)
from subtools.cli.styling import (
    CuesOption,
    FrameRateOption,
    StyleOption,
    WordTimesOption,
    read_look,
)
from subtools.cli.summaries import print_summary, summarise
from subtools.core import PLAIN_RULES, Decision, EditBasis
from subtools.diarization import load_words
from subtools.errors import DocumentError
from subtools.page import Files, compose_page, compose_review, join_findings
from subtools.presenting import PAGE_SUFFIX, Look, name_page, refer_to
from subtools.revising import Unfit
from subtools.store import check_outputs, write_outputs
from subtools.timecode import compose_clock

CorrectionsOption = Annotated[
    Path | None,
    typer.Option(
        "--corrections",
        "-c",
        metavar="FILE",
        help="What `subtools clean` found in these words.",
    ),
]


@app.command(
    "review",
    epilog="Examples: `subtools review out/words.json --media talk.m4a` · "
    "`subtools review out/words.json -c out/talk.corrections.json --media talk.m4a "
    "-o talk.review.html`",
)
def review_command(
    words: WordsArgument,
    corrections: CorrectionsOption = None,
    media: PlayedOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT.html|DIR",
            help="The page, or the folder of STEM.review.html; else beside WORDS.json.",
        ),
    ] = None,
    title: HeadingOption = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make one HTML file to listen to what is doubtful, and accept, reject or edit it.

    It works offline, by a double click, and by keyboard (`?` lists the keys). What you decide
    is saved as a small file, `STEM.edits.json`, which `subtools apply` makes in `words.json` and
    in subtitles, on any rerun.
    """
    alignment, provenance = load_words(words)
    found = () if corrections is None else load_corrections(corrections)
    if corrections is not None:
        check_corrections(alignment.transcript.body, found, corrections)
    name = media.name if media else name_of_sound(provenance)
    stem = Path(name).stem or words.stem
    target = _find_page(output or words.parent, stem)
    check_outputs([target], force=force)
    given = [words, corrections, media]
    spare_inputs([target], [path for path in given if path is not None])
    sound = media or find_beside(target, name)
    reference = None if sound is None else refer_to(sound, target.parent)
    heading = title or name_page(alignment.transcript.source, stem)
    files = Files(
        f"{stem}.edits.json",
        _advise(target.parent, words, stem, corrections, sound),
        "" if corrections is None else corrections.name,
    )
    page = compose_review(alignment, found, media=reference, title=heading, files=files)
    write_outputs({target: page}, force=force)
    if not quiet:
        with console.printing():
            if reference is None:
                console.print_note("the page has no sound: say where it is with --media")
            to_do = sum(c.decision is Decision.PROPOSE for c in found)
            findings = len(alignment.findings) - len(join_findings(alignment.findings, found))
            console.print_note(
                f"{_plural(to_do + findings, 'place')} to decide: "
                f"{_plural(to_do, 'proposal')}, {_plural(findings, 'finding')}"
            )
            console.print_files([target])


def _find_page(output: Path, stem: str) -> Path:
    """Return where the page goes: what has no suffix is a folder."""
    is_folder = output.is_dir() or not output.suffix
    return output / f"{stem}.review.html" if is_folder else output


def _advise(
    folder: Path, words: Path, stem: str, corrections: Path | None, sound: Path | None
) -> str:
    """Return the command that makes the edits, for the folder of the page and the edits."""
    parts = ["subtools", "apply", _from(folder, words), f"{stem}.edits.json"]
    parts += [] if corrections is None else ["--corrections", _from(folder, corrections)]
    parts += [] if sound is None else ["--audio", _from(folder, sound)]
    return shlex.join([*parts, "-o", "edited"])


def _from(folder: Path, path: Path) -> str:
    """Return ``path`` as seen from ``folder``; by its name alone from another drive."""
    try:
        return Path(os.path.relpath(path.parent.resolve() / path.name, folder.resolve())).as_posix()
    except ValueError:
        return path.name


@app.command(
    "apply",
    epilog="Examples: `subtools apply out/words.json talk.edits.json --audio talk.m4a -o edited` · "
    "`subtools apply out/words.json talk.edits.json -c out/talk.corrections.json "
    "-a talk.m4a -o edited --formats srt,vtt,ass`",
)
def apply_command(
    words: Annotated[
        Path, typer.Argument(metavar="WORDS.json", help="What caption or align wrote.")
    ],
    edits: Annotated[
        Path, typer.Argument(metavar="EDITS.json", help="What the review page saved.")
    ],
    corrections: CorrectionsOption = None,
    audio: Annotated[
        Path | None,
        typer.Option(
            "--audio",
            "-a",
            metavar="FILE",
            parser=read_media_path,
            help="The sound: changed words get new times. Without it they share those of the "
            "words they replace.",
        ),
    ] = None,
    output_dir: FolderOption = Path(),
    formats: FormatsOption = "srt,vtt",
    style: StyleOption = PLAIN_RULES.name,
    cues: CuesOption = None,
    frame_rate: FrameRateOption = None,
    speaker_style: SpeakerStyleOption = None,
    word_times: WordTimesOption = False,
    keep_untimed: KeepUntimedOption = False,
    track: TrackOption = None,
    threads: ThreadsOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Write nothing if an edit does not fit any more.")
    ] = False,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make the edits of a review in `words.json`: new words, times, and subtitles.

    Each edit finds its place by the text around it and its time, so it can be made again after
    another alignment, or in a document that was changed elsewhere. What does not fit any more
    is listed, and made nowhere. With `--corrections`, what is safe in them is made, too, unless
    the edits say otherwise.
    """
    look = read_look(
        style, cues, frame_rate, speaker_style, keep_untimed=keep_untimed, word_times=word_times
    )
    suffixes = read_formats(formats)
    check_outputs([output_dir / "words.json"], force=force)
    with console.show_progress(quiet=quiet or as_json) as progress:
        applied = apply_file(
            words,
            edits,
            corrections=corrections,
            audio=audio,
            track=track,
            threads=threads,
            rules=look.rules,
            progress=progress,
        )
    unfit = applied.resolution.unfit
    if strict and unfit:
        what = f"{len(unfit)} of the edits do not fit: {_tell(unfit[0])}"
        raise DocumentError(what, hint="without --strict the others are made", path=edits)
    outputs = {output_dir / f"{applied.captions.name}{s}": s for s in suffixes}
    outputs[output_dir / "words.json"] = ".json"
    given = [words, edits, corrections, audio]
    check_outputs(list(outputs), force=force)
    spare_inputs(outputs, [path for path in given if path is not None])
    texts = {path: _compose(applied, s, look, audio, path) for path, s in outputs.items()}
    write_outputs(texts, force=force)
    _report(applied, list(outputs), quiet=quiet, as_json=as_json)


def _compose(applied: Applied, suffix: str, look: Look, audio: Path | None, path: Path) -> str:
    captions = applied.captions
    if suffix == PAGE_SUFFIX:
        media = None if audio is None else refer_to(audio, path.parent)
        title = name_page(captions.alignment.transcript.source, captions.name)
        return compose_page(captions.alignment, media=media, title=title)
    return captions.compose(suffix, look.speakers_in(suffix), word_times=look.word_times)


def _report(applied: Applied, files: list[Path], *, quiet: bool, as_json: bool) -> None:
    resolution = applied.resolution
    with console.printing():
        if as_json:
            summary = summarise(applied.captions, files) | _summarise(applied)
            console.print_raw(json.dumps(summary, ensure_ascii=False) + "\n")
            return
        if applied.missing is not None:
            console.print_note(_warn(applied.missing))
        for unfit in resolution.unfit:
            console.print_note(f"not made: {_tell(unfit)}")
        if not quiet:
            console.print_note(_count(applied))
            print_summary(applied.captions, files)


def _summarise(applied: Applied) -> dict[str, Any]:
    resolution = applied.resolution
    return {
        "changed": len(resolution.changes),
        "renamed": dict(resolution.names),
        "given": [{"speaker": g.speaker, "offsets": list(g.offsets)} for g in resolution.gifts],
        "already_so": resolution.done,
        "realigned": applied.realigned,
        "corrections_missing": None if applied.missing is None else asdict(applied.missing),
        "unfit": [
            {"edit": u.number, "before": u.edit.before, "time": u.edit.time, "reason": u.reason}
            for u in resolution.unfit
        ],
    }


def _count(applied: Applied) -> str:
    resolution = applied.resolution
    times = "with new times" if applied.realigned else "in the times of the words before"
    unfit, gifts = len(resolution.unfit), len(resolution.gifts)
    given = f"{_plural(gifts, 'turn')} given to other speakers, " if gifts else ""
    return (
        f"{_plural(len(resolution.changes), 'place')} changed, {times}; "
        f"{_plural(len(resolution.names), 'speaker')} renamed, {given}"
        f"{_plural(resolution.done, 'edit')} changed nothing, "
        f"{unfit} {'does' if unfit == 1 else 'do'} not fit"
    )


def _plural(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _warn(missing: EditBasis) -> str:
    """Return what is lost without the corrections that the edits were made with."""
    name = missing.name or "corrections.json"
    return (
        f"warning: the edits were made with corrections ({name}: {missing.count}, of which "
        f"{missing.applied} were shown as applied), which were not given: those that nobody "
        f"decided about are not made. Give them with --corrections {shlex.quote(name)}, "
        "unless the words have them already"
    )


def _tell(unfit: Unfit) -> str:
    """Return what an edit is about, and why it was not made, on one line."""
    edit = unfit.edit
    when = "" if edit.time is None else f" at {compose_clock(edit.time)}"
    what = edit.before or edit.speaker or ""
    return f"edit {unfit.number}, {edit.kind.value} {what!r}{when}: {unfit.reason}"

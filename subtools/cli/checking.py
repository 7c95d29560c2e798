"""The command ``check``: subtitles against a style, and repaired."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from subtools import console
from subtools.cli.annotations import annotate, find_cue_lines
from subtools.cli.app import app
from subtools.cli.options import ForceOption, JsonOption, QuietOption
from subtools.cli.piping import PIPE, Loaded, open_target, read_source, write_result
from subtools.core import CueRules, Remark, Rule, Subtitles, Violation
from subtools.styles import (
    STYLES,
    Change,
    at_frame_rate,
    check_subtitles,
    describe_rules,
    find_style,
    fix_subtitles,
)
from subtools.timecode import compose_timecode

BROKEN = 1  # exit status where violations are left


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a file, and done about it.

    Attributes:
        path: The file; ``PIPE`` for standard input.
        subtitles: What was in it or, after a repair, is.
        remarks: What had to be mended to read it.
        violations: What breaks the rules.
        changes: What was repaired.
        output: Where the repaired file is; None if nothing was written.
    """

    path: Path
    subtitles: Subtitles
    remarks: tuple[Remark, ...]
    violations: tuple[Violation, ...]
    changes: tuple[Change, ...] = ()
    output: Path | None = None


@app.command(
    "check",
    epilog="Exit status: 0 no violation, 1 violations are left or a file cannot be read, "
    "2 wrong arguments. Examples: `subtools check talk.srt --style netflix-zh-hant` · "
    "`subtools check talk.srt --style house.toml --fix -o talk.fixed.srt` · "
    "`subtools check *.vtt --github`",
)
def check_command(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE...", help="Subtitles in any format; - for stdin."),
    ] = None,
    style: Annotated[
        str,
        typer.Option("--style", "-s", metavar="NAME", help="A style by name, or a file .toml."),
    ] = "plain",
    frame_rate: Annotated[
        float | None,
        typer.Option("--frame-rate", metavar="FPS", help="Frames a second, if not the style's."),
    ] = None,
    fix: Annotated[
        bool,
        typer.Option("--fix", help="Repair what can be; else to NAME.fixed.srt beside the file."),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="OUT", help="The repaired file; - for stdout."),
    ] = None,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Write the repaired file over the file.")
    ] = False,
    github: Annotated[
        bool, typer.Option("--github", help="Print annotations for a workflow of GitHub.")
    ] = False,
    list_styles: Annotated[
        bool, typer.Option("--list-styles", help="Print the styles and where they stand.")
    ] = False,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Say what of a style subtitles break, cue by cue, and repair it with --fix.

    Repairs change no word, and break no rule more often than before.
    """
    if list_styles:
        _print_styles(as_json=as_json)
        return
    _refuse_arguments(files, output, fix=fix, in_place=in_place, formats=github + as_json)
    rules = _find_rules(style, frame_rate)
    reports = []
    for path in files or []:
        target = _find_target(path, output, in_place=in_place) if fix else None
        if target is not None:
            sources = [] if in_place else [path]
            open_target(target, None, sources, force=force or in_place)
        source = read_source(path, rules, quiet=quiet or as_json)
        reports.append(_check(source, rules, target, overwrite=force or in_place))
    if as_json or github:
        _print_for_programs(reports, rules, as_json=as_json)
    elif not quiet:
        # What is repaired and goes to stdout stays alone there.
        is_taken = any(report.output == PIPE for report in reports)
        _print_for_people(reports, rules, console.print_note if is_taken else console.print_line)
    if any(report.violations for report in reports):
        raise typer.Exit(BROKEN)


def _refuse_arguments(
    files: Sequence[Path] | None, output: Path | None, *, fix: bool, in_place: bool, formats: int
) -> None:
    if not files:
        raise typer.BadParameter("give a file of subtitles", param_hint="FILE")
    if not fix and (output is not None or in_place):
        raise typer.BadParameter("only what --fix repairs is written", param_hint="--fix")
    if output is not None and in_place:
        raise typer.BadParameter("give either --output or --in-place", param_hint="--output")
    if output is not None and len(files) > 1:
        raise typer.BadParameter("several files, one output: use --in-place", param_hint="-o")
    if in_place and PIPE in files:
        raise typer.BadParameter("standard input has no place", param_hint="--in-place")
    is_printed = fix and not in_place and (output == PIPE or (output is None and PIPE in files))
    if formats + is_printed > 1:
        raise typer.BadParameter("one thing only goes to stdout", param_hint="--json")


def _find_rules(style: str, frame_rate: float | None) -> CueRules:
    rules = find_style(style)
    if frame_rate is None:
        return rules
    if not math.isfinite(frame_rate) or frame_rate <= 0:
        raise typer.BadParameter("give a number above 0", param_hint="--frame-rate")
    return at_frame_rate(rules, frame_rate)


def _find_target(path: Path, output: Path | None, *, in_place: bool) -> Path:
    if in_place:
        return path
    if output is not None:
        return output
    return PIPE if path == PIPE else path.with_name(f"{path.stem}.fixed{path.suffix}")


def _check(source: Loaded, rules: CueRules, target: Path | None, *, overwrite: bool) -> Report:
    subtitles, remarks = source.subtitles, source.remarks
    if target is None:
        return Report(source.path, subtitles, remarks, check_subtitles(subtitles, rules))
    fixed = fix_subtitles(subtitles, rules)
    found = fixed.remaining
    report = Report(source.path, fixed.subtitles, remarks, found, fixed.changes, target)
    if target == source.path and not fixed.changes:
        return replace(report, output=None)
    sources = [] if target == source.path else [source.path]
    out = open_target(target, None, sources, force=overwrite, quiet=True)
    write_result(fixed.subtitles, source, out)
    return report


# --- what is printed


def _print_for_programs(reports: Sequence[Report], rules: CueRules, *, as_json: bool) -> None:
    with console.printing():
        if as_json:
            listed = [_report_to_json(report) for report in reports]
            whole = {"style": rules.name, "source": rules.source, "files": listed}
            console.print_raw(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
            return
        for report in reports:
            path = report.output or report.path
            lines = find_cue_lines(path, report.subtitles)
            for line in annotate(path, report.violations, lines):
                console.print_raw(f"{line}\n")


def _print_for_people(
    reports: Sequence[Report], rules: CueRules, print_one: Callable[[str], None]
) -> None:
    with console.printing():
        for report in reports:
            for line in _report_to_lines(report, rules):
                print_one(line)


def _report_to_lines(report: Report, rules: CueRules) -> Iterator[str]:
    name = "standard input" if report.path == PIPE else str(report.path)
    for change in report.changes:
        rule = ", ".join(change.rules)
        yield f"{name}: cue {change.cue}: {change.message} ({rule})"
        yield f"    {change.before}"
        yield f"  → {change.after or 'nothing'}"
    for found in report.violations:
        at = compose_timecode(found.start)
        yield f"{name}: cue {found.cue} at {at}: {found.rule}: {found.message}: {found.text}"
    if report.output is not None and report.output != PIPE:
        yield f"{report.output}: repaired"
    counts = Counter(found.rule for found in report.violations)
    each = ", ".join(f"{rule} {counts[rule]}" for rule in Rule if counts[rule])
    left = " left" if report.changes else ""
    total = len(report.violations)
    summary = f"{total} violation{'' if total == 1 else 's'}{left}" if total else f"nothing{left}"
    cues = len(report.subtitles.cues)
    yield f"{name}: {cues} cues, {rules.name}: {summary}{f' ({each})' if each else ''}"


def _report_to_json(report: Report) -> dict[str, Any]:
    return {
        "file": str(report.path),
        "cues": len(report.subtitles.cues),
        "remarks": [{"line": remark.line, "text": remark.text} for remark in report.remarks],
        "changes": [
            {
                "cue": change.cue,
                "start": change.start,
                "rules": [str(rule) for rule in change.rules],
                "before": change.before,
                "after": change.after,
                "message": change.message,
            }
            for change in report.changes
        ],
        "output": str(report.output) if report.output else None,
        "violations": [
            {
                "cue": found.cue,
                "start": found.start,
                "rule": str(found.rule),
                "measured": found.measured,
                "limit": found.limit,
                "unit": found.unit,
                "message": found.message,
                "text": found.text,
            }
            for found in report.violations
        ],
    }


def _print_styles(*, as_json: bool) -> None:
    described = {rules.name: describe_rules(rules) for rules in STYLES}
    with console.printing():
        if as_json:
            console.print_raw(json.dumps(described, ensure_ascii=False, indent=1) + "\n")
            return
        for name, figures in described.items():
            console.print_line(name)
            for what, figure in figures.items():
                console.print_line(f"  {what}: {figure}")

"""What a person sees of a batch: progress, mistakes, a summary; and how Ctrl-C is heard."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from subtools import console
from subtools.batch import (
    Counts,
    Ending,
    Manifest,
    Mistake,
    Shard,
    State,
    add_counts,
    compose_report,
    save_report,
)
from subtools.core import Seconds
from subtools.errors import DocumentError, OutputError
from subtools.store import is_full
from subtools.timecode import compose_clock

_SHOWN_MISTAKES = 50
_PAUSES: tuple[Seconds, ...] = (1.0, 3.0, 6.0)  # before a report is written that found no room
_FULL = "the disk was full: free some space; the same command goes on where this one ended"


class BatchWatcher:
    """Shows in words how a batch goes."""

    def __init__(self, view: console.BatchView) -> None:
        self._view = view

    def moved(self, job: str, stage: str, done: float, total: float) -> None:
        """A step of ``job`` has come further."""
        self._view.move(job, stage, done, total)

    def ended(self, ending: Ending) -> None:
        """A job has ended."""
        self._view.end(ending.job.name, tell_ending(ending))

    def note(self, text: str) -> None:
        """Something a person should know."""
        self._view.say(text)


class Stop:
    """How urgently a person wants it to stop."""

    urgency = 0


@contextmanager
def listening() -> Iterator[Stop]:
    """Let Ctrl-C stop after the steps that are being done, and twice at once."""
    stop = Stop()

    def hear(_number: int, _frame: FrameType | None) -> None:
        stop.urgency += 1
        if stop.urgency == 1:
            console.print_note("ending after the running steps; Ctrl-C again ends at once")

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def refuse_mistakes(manifest: Manifest, given: Sequence[str], *, is_check: bool) -> None:
    """Say all that is wrong; go on only if nothing is but files that are missing.

    Raises:
        DocumentError: If something is wrong.
    """
    for mistake in manifest.mistakes[:_SHOWN_MISTAKES]:
        show = console.print_note if mistake.is_missing and not is_check else console.print_error
        show(_place(mistake, given))
    serious = [m for m in manifest.mistakes if is_check or not m.is_missing]
    if serious:
        count = console.count_things(len(serious), "mistake")
        raise DocumentError(f"{count}, so nothing was begun", hint="correct what is listed above")
    if not manifest.jobs:
        raise DocumentError("there are no jobs", hint="name some", path=given[0])


def _place(mistake: Mistake, given: Sequence[str]) -> str:
    where = f"{given[0]}:{mistake.line}" if len(given) == 1 else given[mistake.line - 1]
    return f"{where}: {mistake.text}"


def tell_ending(ending: Ending) -> str:
    """Return what became of a job, in words."""
    if ending.failure is None:
        length = "" if ending.seconds is None else f", {compose_clock(ending.seconds)} of sound"
        state = ending.state.value if ending.made else f"already {ending.state.value}"
        return f"{state}{length}{tell_counts(ending.counts)}"
    step = f" at {ending.failure.kind.value}" if ending.failure.kind else ""
    return f"{ending.state.value}{step}: {ending.failure.error}"


def tell_counts(counts: Counts | None) -> str:
    """Return how much of a text came out, to be put after something else; nothing if unknown.

    >>> tell_counts(Counts(2310, 12, 1)), tell_counts(Counts(40)), tell_counts(None)
    ('; 2310 words, 12 without a time, 1 finding', '; 40 words', '')
    """
    if counts is None:
        return ""
    untimed = f", {counts.untimed} without a time" if counts.untimed else ""
    findings = f", {console.count_things(counts.findings, 'finding')}" if counts.findings else ""
    return f"; {console.count_things(counts.words, 'word')}{untimed}{findings}"


def report_batch(
    endings: Sequence[Ending], library: Path, shard: Shard | None, *, quiet: bool, as_json: bool
) -> None:
    """Write the report of a batch, and print it or a summary, whether it can be written or not.

    Raises:
        OutputError: If it cannot be written.
    """
    files, problem = _try_to_save(endings, library, shard)
    with console.printing():
        if as_json:
            console.print_raw(compose_report(endings, library))
        elif not quiet:
            _print_table(endings)
            console.print_files(files)
    if any(ending.failure and ending.failure.is_full for ending in endings):
        console.print_error(_FULL)
    if problem is not None:
        raise problem


def _try_to_save(
    endings: Sequence[Ending], library: Path, shard: Shard | None
) -> tuple[list[Path], OutputError | None]:
    """Return where the report is, or why it is nowhere: a full disk may soon have room."""
    for pause in (*_PAUSES, None):
        try:
            return [save_report(endings, library, shard)], None
        except OutputError as error:
            if pause is None or not is_full(error):
                return [], error
            time.sleep(pause)
    raise AssertionError("the last try returns")


def _print_table(endings: Sequence[Ending]) -> None:
    """Print a summary: how many jobs ended how, and each that is not done."""
    rows = [
        (ending.job.name, ending.state.value, _step_of(ending), _error_of(ending))
        for ending in endings
        if ending.state is not State.DONE
    ]
    if rows:
        console.print_rows(("job", "state", "step", "why"), rows)
    counts = {state: sum(ending.state is state for ending in endings) for state in State}
    told = ", ".join(f"{count} {state.value}" for state, count in counts.items() if count)
    sound = compose_clock(sum(ending.seconds or 0.0 for ending in endings))
    made = sum(ending.made for ending in endings)
    text = tell_counts(add_counts(endings)) if any(ending.counts for ending in endings) else ""
    jobs, steps = console.count_things(len(endings), "job"), console.count_things(made, "step")
    console.print_note(f"{jobs}: {told}; {sound} of sound, {steps} made{text}")


def _step_of(ending: Ending) -> str:
    return ending.failure.kind.value if ending.failure and ending.failure.kind else ""


def _error_of(ending: Ending) -> str:
    return ending.failure.error if ending.failure else ""

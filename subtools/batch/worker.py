"""A worker process: takes one task after another, and keeps its models between them."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from subtools.batch.executing import Finished, Moved, Task
from subtools.batch.remote import StoredResults
from subtools.batch.results import FolderResults, LostError, Results
from subtools.batch.shortage import explain_failure
from subtools.batch.tools import Tools, Ways
from subtools.batch.values import Failure, Plain
from subtools.batch.working import run_step
from subtools.core import Progress, Seconds
from subtools.errors import FetchError, SubtoolsError

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux's prctl
_OFTEN = 0.2  # s between two messages about progress
_DRAFT = re.compile(r"\b([a-z]+)-[0-9a-f]{12}-[0-9a-f]{8}(/?)")  # as `results` names drafts
_ORPHANED = 70  # exit status; nobody is left to read it


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker is started with.

    Attributes:
        results: Folder of the results.
        drafts: Folder of this run's drafts.
        ways: How it reaches what is outside.
        store: Address of an object store that has the results instead of the folder.
    """

    results: Path
    drafts: Path
    ways: Ways
    store: str | None = None

    def open_results(self, private: Path) -> Results:
        """Return the results; of a store, copies are kept in the folder ``private``.

        Raises:
            OutputError: If there is no such store.
        """
        if self.store is None:
            return FolderResults(self.results, self.drafts)
        return StoredResults(self.store, private)


def serve_tasks(connection: Connection, lifeline: Connection, setup: Setup) -> None:
    """Do the tasks that come over ``connection`` until it ends.

    Args:
        connection: Brings a ``Task`` at a time; is told ``Moved`` and ``Finished``.
        lifeline: Ends when the process that started this one has ended, however.
        setup: What the tasks need.
    """
    _live_no_longer_than(lifeline)
    _ignore_interrupts()
    results = setup.open_results(setup.drafts / f"worker-{os.getpid()}")
    tools = Tools(setup.ways)
    while True:
        try:
            task: Task = connection.recv()
        except (EOFError, OSError):
            return
        forget_peak()
        connection.send(do_task(task, results, tools, _reporter(connection, task)))


def do_task(task: Task, results: Results, tools: Tools, progress: Progress) -> Finished:
    """Return what became of ``task``, done in this process."""
    begun, used = time.monotonic(), _processor_time()
    facts: Mapping[str, Plain] | None = None
    failure = None
    try:
        facts = run_step(task.step, task.inputs, results, tools, progress).facts
    except SubtoolsError as error:
        failure = explain_failure(task.step.kind, error, results.drafts)
        failure = failure or Failure(task.step.kind, _tell(error, results.drafts), _may_pass(error))
    except MemoryError:
        failure = Failure(task.step.kind, "there is not enough memory (give it more: --memory)")
    except Exception as error:  # noqa: BLE001 - a fault of ours in one job must not cost the others
        what = f"this is a fault of subtools: {type(error).__name__}: {error}"
        failure = explain_failure(task.step.kind, error, results.drafts)
        failure = failure or Failure(task.step.kind, " ".join(what.split()))
    seconds, cpu = time.monotonic() - begun, _processor_time() - used
    return Finished(task, facts, failure, seconds=seconds, cpu=cpu, peak=_peak())


def _tell(error: SubtoolsError, drafts: Path) -> str:
    """Return ``error`` in one line, without the names of drafts, which are gone and by chance."""
    text = " ".join(str(error).split())
    text = text.replace(f"{drafts}{os.sep}", "")
    return _DRAFT.sub(lambda found: "" if found[2] else found[1], text)


def _may_pass(error: SubtoolsError) -> bool:
    return isinstance(error, LostError) or (isinstance(error, FetchError) and error.may_pass)


def _reporter(connection: Connection, task: Task) -> Progress:
    """Return a callback that tells how far ``task`` is, but not too often."""
    last_stage, last_time = "", 0.0

    def report(stage: str, done: float, total: float, /) -> None:
        nonlocal last_stage, last_time
        now = time.monotonic()
        if stage != last_stage or now - last_time >= _OFTEN:
            last_stage, last_time = stage, now
            connection.send(Moved(task, stage, done, total))

    return report


def _ignore_interrupts() -> None:
    """Leave it to the parent what Ctrl-C means; ffmpeg, too, must not hear it."""
    if hasattr(os, "setsid"):
        os.setsid()  # a terminal signals its own session only
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _live_no_longer_than(lifeline: Connection) -> None:
    """End this process at once when the one that started it has ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)

    def watch() -> None:
        try:
            lifeline.recv()
        except (EOFError, OSError):
            os._exit(_ORPHANED)

    threading.Thread(target=watch, daemon=True).start()


def _processor_time() -> Seconds:
    """Return the processor time of this process and of the programs that it ran, in seconds."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def forget_peak() -> None:
    """Let the system measure the most memory anew, where it can (Linux)."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def _peak() -> int:
    """Return the most memory since ``forget_peak``, in bytes; 0 where nobody says."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    kilobytes = next((line.split()[1] for line in lines if line.startswith("VmHWM:")), "0")
    return int(kilobytes) << 10

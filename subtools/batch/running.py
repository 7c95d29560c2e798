"""A batch from beginning to end, on an engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from subtools.batch.courses import Rules, Watcher
from subtools.batch.executing import Executor
from subtools.batch.hashing import Hashes
from subtools.batch.journal import FileJournal
from subtools.batch.planning import Planner
from subtools.batch.publishing import Publisher
from subtools.batch.reasons import Reason, Record, Recorder, explain_plan
from subtools.batch.reporting import compose_report
from subtools.batch.results import FolderResults, Results
from subtools.batch.scheduling import Scheduler
from subtools.batch.shortage import has_space
from subtools.batch.values import Ending, Job
from subtools.batch.workplace import Workplace
from subtools.store import write_outputs

REPORT = "report.json"
_AT_ONCE = 2  # of `stopping`


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of the jobs of a batch, so that several machines share them without talking.

    Attributes:
        number: Which part, from 1.
        count: How many there are.
    """

    number: int
    count: int

    def choose(self, jobs: Sequence[Job]) -> tuple[Job, ...]:
        """Return the jobs of this part: every ``count``-th.

        >>> Shard(2, 3).choose([Job(str(k), "x") for k in range(5)])[1].name
        '4'
        """
        return tuple(jobs[self.number - 1 :: self.count])

    def __str__(self) -> str:
        """Return it as the user writes it."""
        return f"{self.number}/{self.count}"


def parse_shard(text: str) -> Shard:
    """Return the part that ``text`` names, such as ``2/8``.

    Raises:
        ValueError: If it names none.
    """
    first, _, last = text.partition("/")
    if not (first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last)):
        raise ValueError(f"{text!r} is no part of a batch; write 2/8 for the second of eight")
    return Shard(int(first), int(last))


def run_batch(
    jobs: Sequence[Job],
    workplace: Workplace,
    executor: Executor,
    *,
    watcher: Watcher,
    rules: Rules = Rules(),  # noqa: B008 - frozen
    shard: Shard | None = None,
    force: bool = False,
    results: Results | None = None,
    stopping: Callable[[], int] = lambda: 0,
) -> tuple[Ending, ...]:
    """Return what became of ``jobs``; `save_report` writes it down.

    Args:
        jobs: All jobs of the batch, each with another name.
        workplace: Where it works.
        executor: What does the steps; it is closed at the end.
        watcher: Told how it goes.
        rules: How failures are gone about.
        shard: The part of the jobs that is done.
        force: Whether files in the library that somebody has changed are overwritten.
        results: Where the results of steps are; None: in the work folder.
        stopping: Says how urgently to stop: 0 not, 1 after the steps that are being done, 2 now.
    """
    hashes = Hashes.load(workplace.hashes)
    journal = FileJournal(workplace.journal)
    results = results or FolderResults(workplace.results, workplace.drafts)
    recorder = Recorder(workplace.jobs)
    chosen = shard.choose(jobs) if shard else jobs
    scheduler = Scheduler(
        plan=Planner(workplace.library, hashes).plan,
        publish=Publisher(workplace.library, workplace.published, force, results.bring).publish,
        executor=executor,
        results=results,
        rules=rules,
        journal=journal,
        watcher=watcher,
        stopping=stopping,
        record=recorder,
        has_space=lambda: has_space(workplace.drafts),
    )
    is_clean = False
    try:
        recorder.begin(chosen)
        endings = scheduler.run(chosen)
        is_clean = stopping() < _AT_ONCE
    finally:
        executor.close(now=not is_clean)
        journal.close()
    hashes.save()
    return endings


def save_report(endings: Sequence[Ending], library: Path, shard: Shard | None = None) -> Path:
    """Write what became of the jobs to ``report.json`` in the library, and return where it is.

    Raises:
        OutputError: If it cannot be written; an older one stays as it is.
    """
    path = library / name_report(shard)
    write_outputs({path: compose_report(endings, library)}, force=True)
    return path


def name_report(shard: Shard | None) -> str:
    """Return the name of the report: runs on parts of a batch write one each."""
    return REPORT if shard is None else f"report-{shard.number}-of-{shard.count}.json"


def load_record(name: str, workplace: Workplace) -> Record:
    """Return what the job called ``name`` was made of when a run last came to it.

    Raises:
        OutputError: If there is no such job.
    """
    return Recorder(workplace.jobs).load(name)


def explain_job(
    job: Job, workplace: Workplace, record: Record | None, results: Results | None = None
) -> tuple[Reason, ...]:
    """Return what a run would do with the steps of a job, and why.

    Args:
        job: The job as it is now.
        workplace: Where it was done.
        record: What it was made of when a run last came to it; None if none did.
        results: Where the results of steps are; None: in the work folder.

    Raises:
        SubtoolsError: If it cannot be planned.
    """
    plan = Planner(workplace.library, Hashes.load(workplace.hashes)).plan(job)
    results = results or FolderResults(workplace.results, workplace.drafts)
    return explain_plan(plan, record, results)

"""Many talks: jobs as steps whose results are kept at addresses, on any engine.

manifest ──► jobs ──► plans (steps) ──► scheduler ──► executor (worker processes, a cluster)
                                            │              │
                                         journal        results (one folder a step)

A job is planned as a pure function of the job, the hashes of its files and the versions of
the packages. The scheduler asks the results what is missing and gives that to an executor.
"""

from subtools.batch.collecting import (
    Collection,
    compose_manifest,
    find_documents,
    match_documents,
    pair_given,
    plan_collection,
)
from subtools.batch.costs import (
    estimate_worker,
    parse_duration,
    parse_size,
    usable_memory,
    usual_limit,
)
from subtools.batch.courses import Rules, Watcher, no_limit
from subtools.batch.devices import SHARED_BY, DeviceChoice, choose_device
from subtools.batch.executing import Event, Executor, Finished, Moved, Task
from subtools.batch.hashing import Hashes
from subtools.batch.journal import FileJournal, Journal, no_journal, read_journal
from subtools.batch.local import LocalExecutor
from subtools.batch.manifest import Manifest, Mistake, make_jobs, parse_manifest
from subtools.batch.planning import Planner
from subtools.batch.publishing import Publisher
from subtools.batch.ray_engine import RayExecutor
from subtools.batch.reasons import Reason, Verdict
from subtools.batch.remote import StoredResults
from subtools.batch.reporting import add_counts, all_went_well, compose_report
from subtools.batch.results import FolderResults, Results
from subtools.batch.rows import Row
from subtools.batch.running import (
    Shard,
    explain_job,
    load_record,
    name_report,
    parse_shard,
    run_batch,
    save_report,
)
from subtools.batch.scheduling import Scheduler
from subtools.batch.tools import Tools, Ways
from subtools.batch.values import (
    Counts,
    Device,
    Done,
    Ending,
    Failure,
    Job,
    Kind,
    Plain,
    Plan,
    State,
    Step,
)
from subtools.batch.worker import Setup, do_task
from subtools.batch.working import run_step
from subtools.batch.workplace import Workplace, open_workplace, peek_workplace

__all__ = [
    "SHARED_BY",
    "Collection",
    "Counts",
    "Device",
    "DeviceChoice",
    "Done",
    "Ending",
    "Event",
    "Executor",
    "Failure",
    "FileJournal",
    "Finished",
    "FolderResults",
    "Hashes",
    "Job",
    "Journal",
    "Kind",
    "LocalExecutor",
    "Manifest",
    "Mistake",
    "Moved",
    "Plain",
    "Plan",
    "Planner",
    "Publisher",
    "RayExecutor",
    "Reason",
    "Results",
    "Row",
    "Rules",
    "Scheduler",
    "Setup",
    "Shard",
    "State",
    "Step",
    "StoredResults",
    "Task",
    "Tools",
    "Verdict",
    "Watcher",
    "Ways",
    "Workplace",
    "add_counts",
    "all_went_well",
    "choose_device",
    "compose_manifest",
    "compose_report",
    "do_task",
    "estimate_worker",
    "explain_job",
    "find_documents",
    "load_record",
    "make_jobs",
    "match_documents",
    "name_report",
    "no_journal",
    "no_limit",
    "open_workplace",
    "pair_given",
    "parse_duration",
    "parse_manifest",
    "parse_shard",
    "parse_size",
    "peek_workplace",
    "plan_collection",
    "read_journal",
    "run_batch",
    "run_step",
    "save_report",
    "usable_memory",
    "usual_limit",
]

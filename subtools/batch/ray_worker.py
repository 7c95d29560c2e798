"""What runs in a process of a Ray cluster: one step after another, its models kept between them."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path

from subtools.batch.executing import Finished, Moved, Task
from subtools.batch.killing import end_myself
from subtools.batch.recipes import find_version
from subtools.batch.results import Results
from subtools.batch.tools import Tools
from subtools.batch.values import Failure, Step
from subtools.batch.worker import Setup, do_task, forget_peak
from subtools.batch.workplace import private_folder
from subtools.errors import SubtoolsError
from subtools.store import explain_write

_VERSION = "version "  # what the settings of a step call the version of a package


class StepWorker:
    """Does steps; ``do`` in one thread, ``tell`` in another meanwhile.

    Attributes:
        setup: What the steps need.
    """

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self._open = ExitStack()
        self._there: tuple[Results, Tools] | None = None
        self._moved: Moved | None = None

    def do(self, task: Task) -> Finished:
        """Return what became of ``task``."""
        self._moved = None
        try:
            _compare_versions(task.step)
            results, tools = self._prepare()
        except SubtoolsError as error:  # of this node: another may do it
            return Finished(task, failure=Failure(task.step.kind, str(error), may_pass=True))

        def note(stage: str, done: float, total: float, /) -> None:
            self._moved = Moved(task, stage, done, total)

        forget_peak()
        return do_task(task, results, tools, note)

    def tell(self) -> tuple[str, Moved | None]:
        """Return the node this runs on, and how far the task is that is being done."""
        import ray

        return ray.get_runtime_context().get_node_id(), self._moved

    def end(self) -> None:
        """End this process and all that it has started, in the middle of what it is at."""
        end_myself()

    def _prepare(self) -> tuple[Results, Tools]:
        if self._there is None:
            self._there = self._open_results()
        return self._there

    def _open_results(self) -> tuple[Results, Tools]:
        """Return where results are and what steps need, on this node.

        Raises:
            SubtoolsError: If the library is not here, or the store cannot be reached.
        """
        setup = self.setup
        if setup.store is None:
            if not setup.drafts.is_dir():  # made by the run; making it here would hide the mistake
                raise explain_absence(setup.drafts)
            return setup.open_results(setup.drafts), Tools(setup.ways)
        place = Path(tempfile.gettempdir()) / f"subtools-{_user()}"
        try:
            private = self._open.enter_context(private_folder(place))
        except OSError as error:
            raise explain_write(error, place) from error
        ways = replace(setup.ways, unfinished=private / "fetching")
        return setup.open_results(private), Tools(ways)


def explain_absence(folder: Path) -> SubtoolsError:
    """Return why a worker cannot work without ``folder``."""
    hint = "put the library where all nodes see it under the same path, or give --store"
    return SubtoolsError("the run's folder is not on this node", hint=hint, path=folder)


def _compare_versions(step: Step) -> None:
    """Refuse a step whose result would not be what its address says.

    Raises:
        SubtoolsError: Naming the package.
    """
    for key, wanted in step.settings.items():
        if not key.startswith(_VERSION):
            continue
        package = key.removeprefix(_VERSION)
        try:
            found = find_version(package)
        except PackageNotFoundError:
            found = "none"
        if found != wanted:
            hint = "install the same versions on all nodes: pip install -c constraints.txt"
            raise SubtoolsError(f"this node has {package} {found} and not {wanted}", hint=hint)


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0

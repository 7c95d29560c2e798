"""Why a step is done again, or not: what decides it now, against what did when it was done."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from subtools.batch.freezing import freeze, thaw
from subtools.batch.results import Results
from subtools.batch.values import Ending, Job, Plan, State, Step
from subtools.errors import OutputError
from subtools.store import write_part

_SHOWN_DIGITS = 12  # of a hash
_HASH_DIGITS = 64


class Verdict(StrEnum):
    """What a run would do with a step."""

    KEPT = "kept"  # its result is there
    NOT_NEEDED = "not needed"  # its result is gone, and what was made of it is there
    AGAIN = "to be done again"
    FIRST = "to be done"


@dataclass(frozen=True, slots=True)
class Reason:
    """What a run would do with a step, and why.

    Attributes:
        step: The step.
        verdict: What it would do.
        changes: What is not as it was, in words.
    """

    step: Step
    verdict: Verdict
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SavedStep:
    """A step as it is kept in a record."""

    kind: str
    settings: Mapping[str, str | float | int | bool | None]
    inputs: Mapping[str, str]
    address: str


@dataclass(frozen=True, slots=True)
class Record:
    """What a job was made of when a run last came to it.

    Attributes:
        job: The job.
        state: What became of it.
        error: Why it is not done; empty if it is.
        steps: What it was made of; empty if it could not be planned.
    """

    job: Job
    state: State
    error: str = ""
    steps: tuple[SavedStep, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Recorder:
    """Keeps records in a folder.

    Attributes:
        folder: Where they are, one file a job.
    """

    folder: Path

    def __call__(self, plan: Plan | Job, ending: Ending) -> None:
        """Keep what ``ending`` is made of; a disk that refuses costs the record only."""
        steps = plan.steps if isinstance(plan, Plan) else ()
        saved = tuple(SavedStep(s.kind, s.settings, s.inputs, s.address) for s in steps)
        error = ending.failure.error if ending.failure else ""
        text = freeze(Record(ending.job, ending.state, error, saved)) + "\n"
        self._write(ending.job.name, text)

    def begin(self, jobs: Iterable[Job]) -> None:
        """Keep which jobs there are, so that a run killed before it comes to one has named it."""
        for job in jobs:
            if not self._place(job.name).exists():
                self(job, Ending(job, State.NOT_REACHED))

    def _place(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _write(self, name: str, text: str) -> None:
        path = self._place(name)
        with suppress(OSError):
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                write_part(path, text)

    def load(self, name: str) -> Record:
        """Return the record of the job called ``name``.

        Raises:
            OutputError: If there is none.
        """
        try:
            return thaw(Record, self._place(name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            known = sorted(path.stem for path in self.folder.glob("*.json"))
            there = f"there are {', '.join(known[:10])}"
            hint = there if known else "name its manifest with --manifest"
            raise OutputError(f"there is no job {name!r}", hint=hint) from error


def explain_plan(plan: Plan, record: Record | None, results: Results) -> tuple[Reason, ...]:
    """Return what a run would do with each step of ``plan``, and why."""
    before = {step.kind: step for step in record.steps} if record else {}
    needed = _needed(plan, results)
    found = []
    for step in plan.steps:
        there = results.find(step) is not None
        old = before.get(step.kind.value)
        changes = tuple(_compare(step, old, plan)) if old else ()
        if there or step.address not in needed:
            verdict = Verdict.KEPT if there else Verdict.NOT_NEEDED
            found.append(Reason(step, verdict))
        elif old is None:
            found.append(Reason(step, Verdict.FIRST))
        else:
            why = changes or ("its result is not there",)
            found.append(Reason(step, Verdict.AGAIN if changes else Verdict.FIRST, why))
    return tuple(found)


def _needed(plan: Plan, results: Results) -> set[str]:
    """Return the addresses of what has to be done for the goal."""
    steps = {step.address: step for step in plan.steps}
    needed: set[str] = set()
    waiting = [plan.goal]
    while waiting:
        step = waiting.pop()
        if step.address not in needed and results.find(step) is None:
            needed.add(step.address)
            waiting += [steps[address] for address in step.inputs.values()]
    return needed


def _compare(step: Step, old: SavedStep, plan: Plan) -> Iterator[str]:
    """Yield what decides ``step`` now and did not, or the other way about, in words."""
    for name in sorted({*step.settings, *old.settings}):
        now, then = step.settings.get(name), old.settings.get(name)
        if now != then:
            yield _tell(name, then, now)
    kinds = {one.address: one.kind.value for one in plan.steps}
    for role in sorted({*step.inputs, *old.inputs}):
        address, former = step.inputs.get(role), old.inputs.get(role)
        if address != former:
            name = kinds.get(address or "", role)
            yield f"{name} has changed" if address and former else f"{role} is new or gone"


def _tell(name: str, then: object, now: object) -> str:
    if name == "rules":
        return "the rules of its style have changed"
    if name.startswith("version "):
        return f"{name.removeprefix('version ')} is {now or 'gone'}, not {then or 'there'}"
    if _is_hash(then) or _is_hash(now):
        return f"the {name} has changed ({_short(then)} to {_short(now)})"
    return f"{name} is {_short(now)}, not {_short(then)}"


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and len(value) == _HASH_DIGITS


def _short(value: object) -> str:
    if value is None:
        return "none"
    return str(value)[:_SHOWN_DIGITS] if _is_hash(value) else json.dumps(value, ensure_ascii=False)

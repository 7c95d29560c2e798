"""Jobs to their ends: which step when, what is tried again, what is given up.

Steps are done when a job needs them: it begins at its goal, and goes back as far as results
are missing. One thread decides everything; engines only do tasks and tell what became of
them. The same steps run for two jobs once.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path

from subtools.batch.courses import Course, Rules, Watcher, sound_of
from subtools.batch.executing import Event, Executor, Finished, Moved, Task
from subtools.batch.journal import Journal
from subtools.batch.reporting import read_counts
from subtools.batch.results import Results
from subtools.batch.values import Done, Ending, Failure, Job, Kind, Plan, State, Step
from subtools.core import SAMPLE_RATE, Seconds
from subtools.errors import SubtoolsError

_TICK: Seconds = 0.5  # for which nobody need tell anything before Ctrl-C is looked for
_LARGE = (Kind.DECODE, Kind.ENCODE)  # results of 115 and 67 MB an hour, made again in minutes
_SHORT_TICK: Seconds = 0.02  # while files are being published
_AT_ONCE = 2  # of ``stopping``
_PUBLISHERS = 4  # threads: the disk flushes what several want in one go
_PUBLISHED_AT_ONCE = 16  # jobs
_CRASHES = 2  # of the process, from which on a step is poison


class Scheduler:
    """Brings jobs to their ends.

    Args:
        plan: Makes the plan of a job; raises ``SubtoolsError`` if it has none.
        publish: Puts a job's results where a person looks for them; returns the folder.
        executor: Does the steps.
        results: Where their results are.
        rules: How failures are gone about.
        journal: Told what is done.
        watcher: Told how it goes.
        stopping: Says how urgently to stop: 0 not, 1 after the steps that are being done, 2 now.
    """

    def __init__(
        self,
        *,
        plan: Callable[[Job], Plan],
        publish: Callable[[Job, Done], Path],
        executor: Executor,
        results: Results,
        rules: Rules,
        journal: Journal,
        watcher: Watcher,
        stopping: Callable[[], int] = lambda: 0,
        record: Callable[[Plan | Job, Ending], None] = lambda _plan, _ending: None,
    ) -> None:
        self._plan = plan
        self._publish = publish
        self._executor = executor
        self._results = results
        self._rules = rules
        self._journal = journal
        self._watcher = watcher
        self._stopping = stopping
        self._record = record
        self._courses: list[Course] = []
        self._running: dict[str, Task] = {}
        self._waiting: dict[str, Seconds] = {}  # until when a step is not tried again
        self._tries: Counter[str] = Counter()
        self._crashes: Counter[str] = Counter()
        self._publishing: dict[Future[Path], Course] = {}
        self._threads = ThreadPoolExecutor(_PUBLISHERS)
        self._endings: dict[int, Ending] = {}
        self._failures = 0
        self._left: Counter[tuple[object, ...]] = Counter()  # jobs that still want a sound

    def run(self, jobs: Sequence[Job]) -> tuple[Ending, ...]:
        """Return what became of ``jobs``, in their order."""
        self._left.update(map(sound_of, jobs))
        coming = iter(enumerate(jobs))
        with ThreadPoolExecutor(_PUBLISHERS) as self._threads:
            while self._stopping() < _AT_ONCE:
                self._admit(coming)
                self._start_steps()
                if self._is_over():
                    break
                for event in self._executor.wait(self._timeout()):
                    self._hear(event)
                self._end_published(0.0)
            self._end_published(None)
        for course in self._courses:
            self._note_unreached(course)
        for number, job in coming:
            self._endings[number] = Ending(job, State.NOT_REACHED)
        return tuple(self._endings[number] for number in sorted(self._endings))

    def _is_over(self) -> bool:
        """Return whether nothing is under way, and nothing more will be."""
        is_idle = not self._running and not self._publishing
        return is_idle and (not self._courses or self._ends())

    def _ends(self) -> bool:
        most = self._rules.max_failures
        return self._stopping() > 0 or (most is not None and self._failures >= max(1, most))

    def _admit(self, coming: Iterator[tuple[int, Job]]) -> None:
        """Set out with more jobs, as long as there is room for them."""
        while self._has_room() and not self._ends():
            found = next(coming, None)
            if found is None:
                return
            self._set_out(*found)

    def _has_room(self) -> bool:
        """Return whether another job may set out; those that are being published count apart."""
        waiting = len(self._publishing)
        return len(self._courses) - waiting < self._rules.ahead and waiting < _PUBLISHED_AT_ONCE

    def _set_out(self, number: int, job: Job) -> None:
        try:
            plan = self._plan(job)
        except Exception as error:  # noqa: BLE001 - a fault of ours in one job must not cost the others
            failure = Failure(None, _tell(error))
            self._end(number, job, Ending(job, State.FAILED, failure))
            return
        course = Course(number, plan, {step.address: step for step in plan.steps})
        self._courses.append(course)
        self._look(course)

    def _look(self, course: Course) -> None:
        """Find what of ``course`` is there and what is missing; end it if nothing is."""
        missing: dict[str, Step] = {}
        course.missing = None
        try:
            self._visit(course, course.plan.goal, missing)
        except SubtoolsError as error:
            self._look_later(course, _tell(error))
            return
        course.missing = list(missing.values())
        if not missing:
            self._finish(course)

    def _look_later(self, course: Course, error: str) -> None:
        """Put off a course about whose results nobody answers, or give it up in the end."""
        if not self._wait_for(_results_of(course), course.plan.job.name, error):
            self._leave(course, State.FAILED, Failure(None, error))

    def _visit(self, course: Course, step: Step, missing: dict[str, Step]) -> None:
        address = step.address
        if address in missing or address in course.done:
            return
        found = self._results.find(step)
        if found is not None:
            course.done[address] = found
            if address not in course.made:
                self._journal("found", job=course.plan.job.name, step=step.kind, address=address)
            return
        for before in step.inputs.values():
            self._visit(course, course.steps[before], missing)
        missing[address] = step

    def _start_steps(self) -> None:
        if self._ends():
            return
        now = time.monotonic()
        for course in list(self._courses):
            if course.missing is None and self._waiting.get(_results_of(course), 0.0) <= now:
                self._look(course)
            for step in course.missing or ():
                address = step.address
                if address in self._running or self._waiting.get(address, 0.0) > now:
                    continue
                if not all(before in course.done for before in step.inputs.values()):
                    continue
                self._try_to_start(course, step)

    def _try_to_start(self, course: Course, step: Step) -> None:
        samples = course.samples()
        inputs = {role: course.steps[before] for role, before in step.inputs.items()}
        seconds = None if samples is None else samples / SAMPLE_RATE
        task = Task(step, inputs, course.plan.job.name, seconds)
        if not self._executor.has_room(task):
            return
        self._running[step.address] = task
        self._journal("begun", job=task.job, step=step.kind, address=step.address)
        self._watcher.moved(task.job, step.kind.value, 0, 0)
        self._executor.start(task)

    def _timeout(self) -> Seconds:
        """Return how long nothing has to be begun."""
        now = time.monotonic()
        pauses = [until - now for until in self._waiting.values() if until > now]
        timeout = min([_TICK, *pauses])
        if self._running:
            return min(timeout, _SHORT_TICK) if self._publishing else timeout
        if self._publishing:  # an engine without tasks has nothing to wait for
            self._end_published(timeout)
        else:
            time.sleep(timeout)
        return 0.0

    def _hear(self, event: Event) -> None:
        task = event.task
        if isinstance(event, Moved):
            self._watcher.moved(task.job, event.stage, event.done, event.total)
            return
        address = task.step.address
        del self._running[address]
        failure = event.failure or self._miss(task.step)
        if failure is None:
            self._note_made(event)
        else:
            self._note_failure(event, failure)

    def _miss(self, step: Step) -> Failure | None:
        """Return that the result of a step that went well is not there; None if it is.

        File systems of several machines show it late; a store that is another one to each
        process never does, and the step would be done for ever.
        """
        try:
            if self._results.find(step) is not None:
                return None
        except SubtoolsError as error:
            return Failure(step.kind, _tell(error), may_pass=True)
        return Failure(step.kind, "its result is not to be found where it was put", may_pass=True)

    def _note_made(self, event: Finished) -> None:
        task = event.task
        address = task.step.address
        self._journal(
            "made",
            job=task.job,
            step=task.step.kind,
            address=address,
            seconds=round(event.seconds, 3),
            cpu=round(event.cpu, 3),
            peak=event.peak,
            sound=task.seconds,
        )
        self._waiting.pop(address, None)
        for course in self._waiting_for(address):
            course.made.add(address)
            course.missing = None
            self._look(course)

    def _note_failure(self, event: Finished, failure: Failure) -> None:
        task, address = event.task, event.task.step.address
        name = "crashed" if event.is_crash else "failed"
        self._journal(name, job=task.job, step=task.step.kind, address=address, error=failure.error)
        if event.is_crash:
            self._crashes[address] += 1
            if self._crashes[address] < _CRASHES:
                self._watcher.note(f"{task.job}: {failure.error}; it is tried once more")
                return
            error = f"poisoned: {failure.error}, {_CRASHES} times"
            failure = Failure(failure.kind, error, is_poison=True)
        elif failure.may_pass and self._may_try_again(task, failure):
            return
        for course in self._waiting_for(address):
            state = State.POISONED if failure.is_poison else State.FAILED
            self._leave(course, state, failure)

    def _may_try_again(self, task: Task, failure: Failure) -> bool:
        """Return whether a step is tried again, having noted when."""
        address = task.step.address
        if not self._wait_for(address, task.job, failure.error):
            return False
        for course in self._waiting_for(address):
            course.done.clear()  # it may be a result before it that is gone
            self._look(course)
        return True

    def _wait_for(self, what: str, job: str, error: str) -> bool:
        """Return whether ``what`` is tried again, having noted when."""
        self._tries[what] += 1
        tries = self._tries[what]
        if tries >= self._rules.tries:
            return False
        pause = min(self._rules.pause * 2 ** (tries - 1), self._rules.longest_pause)
        self._waiting[what] = time.monotonic() + pause
        self._watcher.note(f"{job}: {error}; tried again in {pause:.0f} s")
        return True

    def _waiting_for(self, address: str) -> list[Course]:
        """Return the courses that lack the result at ``address``."""
        return [
            course
            for course in self._courses
            if any(step.address == address for step in course.missing or ())
        ]

    def _finish(self, course: Course) -> None:
        """Publish a course whose goal is there; a thread does it, as it waits for the disk."""
        job, done = course.plan.job, course.done[course.plan.goal.address]
        self._publishing[self._threads.submit(self._publish, job, done)] = course

    def _end_published(self, timeout: Seconds | None) -> None:
        """End the courses that are published; wait for one, or with None for all of them."""
        if not self._publishing:
            return
        until = ALL_COMPLETED if timeout is None else FIRST_COMPLETED
        for future in wait(self._publishing, timeout, until).done:
            course = self._publishing.pop(future)
            try:
                folder = future.result()
            except Exception as error:  # noqa: BLE001 - as above
                failure = Failure(course.plan.goal.kind, _tell(error))
                self._leave(course, State.FAILED, failure)
            else:
                self._leave(course, State.DONE, None, folder)

    def _leave(
        self, course: Course, state: State, failure: Failure | None, folder: Path | None = None
    ) -> None:
        self._courses.remove(course)
        self._end(course.number, course.plan, self._ending(course, state, failure, folder))

    def _ending(
        self, course: Course, state: State, failure: Failure | None, folder: Path | None
    ) -> Ending:
        goal = course.done.get(course.plan.goal.address)
        seconds = goal.facts.get("seconds") if goal else None
        return Ending(
            course.plan.job,
            state,
            failure,
            folder,
            goal.files if goal and state is State.DONE else {},
            float(seconds) if isinstance(seconds, int | float) else None,
            read_counts(goal.facts) if goal else None,
            made=len(course.made),
            found=len(course.done) - len(course.made),
        )

    def _end(self, number: int, plan: Plan | Job, ending: Ending) -> None:
        self._endings[number] = ending
        self._failures += ending.state is not State.DONE
        self._left[sound_of(ending.job)] -= 1
        error = ending.failure.error if ending.failure else None
        self._journal("ended", job=ending.job.name, state=ending.state, error=error)
        self._record(plan, ending)
        if isinstance(plan, Plan) and ending.state is State.DONE and not self._rules.keep:
            self._drop(plan)
        self._watcher.ended(ending)

    def _drop(self, plan: Plan) -> None:
        """Remove what is large, if no other job wants it; a thread does it, as disks are slow."""
        if self._left[sound_of(plan.job)] > 0:
            return
        for step in plan.steps:
            if step.kind in _LARGE and self._miss(step) is None:
                self._journal("dropped", job=plan.job.name, step=step.kind, address=step.address)
                self._threads.submit(self._results.drop, step)

    def _note_unreached(self, course: Course) -> None:
        self._endings[course.number] = Ending(
            course.plan.job,
            State.NOT_REACHED,
            made=len(course.made),
            found=len(course.done) - len(course.made),
        )


def _results_of(course: Course) -> str:
    """Return the name under which it is kept that nobody answers about the results of a job."""
    return f"results of {course.number}"


def _tell(error: Exception) -> str:
    """Return ``error`` in one line; what is none of ours is a fault of ours."""
    is_ours = isinstance(error, SubtoolsError)
    what = (
        str(error) if is_ours else f"this is a fault of subtools: {type(error).__name__}: {error}"
    )
    return " ".join(what.split())

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
from subtools.batch.patience import Patience
from subtools.batch.reporting import read_counts
from subtools.batch.results import Results
from subtools.batch.shortage import explain_failure
from subtools.batch.values import Done, Ending, Failure, Job, Kind, Plan, State, Step
from subtools.core import SAMPLE_RATE, Seconds
from subtools.errors import SubtoolsError

_TICK: Seconds = 0.5  # for which nobody need tell anything before Ctrl-C is looked for
_LARGE = (Kind.DECODE, Kind.ENCODE)  # results of 115 and 67 MB an hour, made again in minutes
_SHORT_TICK: Seconds = 0.02  # while files are being published
_AT_ONCE = 2  # of ``stopping``
_PUBLISHERS = 4  # threads: the disk flushes what several want in one go
_PUBLISHED_AT_ONCE = 16  # jobs


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
        record: Told what a job was made of, and what became of it.
        has_space: Tells whether anything can be written.
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
        has_space: Callable[[], bool] = lambda: True,
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
        self._patience = Patience(rules, has_space)
        self._publishing: dict[Future[Path], Course] = {}
        self._delayed: list[Course] = []  # to be published again
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
                self._publish_again()
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
        if self._stopping() > 0 or self._patience.is_spent:
            return True
        return most is not None and self._failures >= max(1, most)

    def _admit(self, coming: Iterator[tuple[int, Job]]) -> None:
        """Set out with more jobs, as long as there is room for them."""
        while self._has_room() and not self._ends():
            if self._courses and self._patience.is_short():
                return  # what is under way is worked up first, and makes room
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
            self._look_later(course, error)
            return
        course.missing = list(missing.values())
        if not missing:
            self._finish(course)

    def _look_later(self, course: Course, error: SubtoolsError) -> None:
        """Put off a course about whose results nobody answers, or give it up in the end."""
        failure = Failure(None, _tell(error), may_pass=True)
        verdict = self._patience.judge(_results_of(course), failure, is_crash=False)
        if isinstance(verdict, Failure):
            self._leave(course, State.FAILED, verdict)
        else:
            self._tell_pause(course.plan.job.name, failure, verdict)

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
        for course in list(self._courses):
            if course.missing is None and not self._patience.is_waiting(_results_of(course)):
                self._look(course)
            for step in course.missing or ():
                if step.address in self._running or self._patience.is_waiting(step.address):
                    continue
                if step.kind is Kind.FETCH and self._patience.is_short():
                    continue
                if not all(before in course.done for before in step.inputs.values()):
                    continue
                self._try_to_start(course, step)

    def _try_to_start(self, course: Course, step: Step) -> None:
        samples = course.samples()
        inputs = {role: course.steps[before] for role, before in step.inputs.items()}
        seconds = None if samples is None else samples / SAMPLE_RATE
        limit = self._rules.limit(seconds)
        task = Task(step, inputs, course.plan.job.name, seconds, limit)
        if not self._executor.has_room(task):
            return
        self._running[step.address] = task
        self._journal("begun", job=task.job, step=step.kind, address=step.address)
        self._watcher.moved(task.job, step.kind.value, 0, 0)
        self._executor.start(task)

    def _timeout(self) -> Seconds:
        """Return how long nothing has to be begun."""
        pause = self._patience.pause()
        timeout = _TICK if pause is None else min(_TICK, pause)
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
        self._patience.note_made(address)
        for course in self._waiting_for(address):
            course.made.add(address)
            course.missing = None
            self._look(course)

    def _note_failure(self, event: Finished, failure: Failure) -> None:
        task, address = event.task, event.task.step.address
        name = "crashed" if event.is_crash else "failed"
        self._journal(name, job=task.job, step=task.step.kind, address=address, error=failure.error)
        verdict = self._patience.judge(address, failure, is_crash=event.is_crash)
        if isinstance(verdict, Failure):
            for course in self._waiting_for(address):
                self._leave(course, _state_of(verdict), verdict)
            return
        self._tell_pause(task.job, failure, verdict)
        if not event.is_crash:
            for course in self._waiting_for(address):
                course.done.clear()  # it may be a result before it that is gone
                self._look(course)

    def _tell_pause(self, job: str, failure: Failure, pause: Seconds) -> None:
        when = f"tried again in {pause:.0f} s" if pause else "it is tried once more"
        self._watcher.note(f"{job}: {failure.error}; {when}")

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
                self._note_unpublished(course, error)
            else:
                self._patience.note_made(course.plan.goal.address)
                self._leave(course, State.DONE, None, folder)

    def _note_unpublished(self, course: Course, error: Exception) -> None:
        goal, drafts = course.plan.goal, self._results.drafts
        place = error.path if isinstance(error, SubtoolsError) else None
        failure = explain_failure(goal.kind, error, Path(place or drafts))
        failure = failure or Failure(goal.kind, _tell(error))
        verdict = self._patience.judge(goal.address, failure, is_crash=False)
        if isinstance(verdict, Failure):
            self._leave(course, State.FAILED, verdict)
        else:
            self._tell_pause(course.plan.job.name, failure, verdict)
            self._delayed.append(course)

    def _publish_again(self) -> None:
        """Publish what could not be before, when its time has come."""
        delayed, self._delayed = self._delayed, []
        for course in delayed:
            if self._ends() or self._patience.is_waiting(course.plan.goal.address):
                self._delayed.append(course)
            else:
                self._finish(course)

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


def _state_of(failure: Failure) -> State:
    return State.POISONED if failure.is_poison else State.FAILED


def _results_of(course: Course) -> str:
    """Return the name under which it is kept that nobody answers about the results of a job."""
    return f"results of {course.number}"


def _tell(error: Exception) -> str:
    """Return ``error`` in one line; what is none of ours is a fault of ours."""
    what = str(error)
    if not isinstance(error, SubtoolsError):
        what = f"this is a fault of subtools: {type(error).__name__}: {error}"
    return " ".join(what.split())

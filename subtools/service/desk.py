"""The queue: tickets in order, what becomes of them, and how far they are.

Requests and the threads that work (`slots`) meet here. What changes is on the disk before
anybody is told; reading takes no lock, as values are frozen.
"""

from __future__ import annotations

import secrets
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from subtools.errors import OutputError
from subtools.service.problems import Problem, unknown_job
from subtools.service.records import Records
from subtools.service.values import Course, Limits, Stand, Ticket

_NO_COURSE = Course()
_LATER = {"Retry-After": "30"}


class Desk:
    """Takes jobs, gives them out, and knows where each stands.

    Args:
        records: Where tickets are kept.
        limits: How many it takes.
    """

    def __init__(self, records: Records, limits: Limits) -> None:
        self.records = records
        self.limits = limits
        self.urgency = 0  # of stopping, as the scheduler has it: 1 after the running steps, 2 now
        self._changed = threading.Condition()
        self._tickets: dict[str, Ticket] = {}
        self._courses: dict[str, Course] = {}
        self._cancelled: set[str] = set()
        self._waiting: deque[str] = deque()
        self._uploads = 0
        for ticket in records.open():
            is_over = ticket.stand.is_over
            self._tickets[ticket.id] = ticket if is_over else replace(ticket, stand=Stand.WAITING)
            if not is_over:
                self._waiting.append(ticket.id)
        self._number = max((ticket.number for ticket in self._tickets.values()), default=0)

    # --- what requests ask

    def find(self, name: str) -> Ticket:
        """Return the ticket of that id.

        Raises:
            Problem: If there is none.
        """
        ticket = self._tickets.get(name)
        if ticket is None or ticket.stand is Stand.DELETING:
            raise unknown_job()
        return ticket

    def list(self) -> tuple[Ticket, ...]:
        """Return all tickets, the newest first."""
        there = list(self._tickets.values())
        return tuple(t for t in reversed(there) if t.stand is not Stand.DELETING)

    def course(self, ticket: Ticket) -> Course:
        """Return how far it is."""
        return self._courses.get(ticket.id, _NO_COURSE)

    def ahead(self, ticket: Ticket) -> int:
        """Return how many jobs wait before it."""
        try:
            return self._waiting.index(ticket.id)
        except (ValueError, RuntimeError):  # not there any more, or just on its way out
            return 0

    def counts(self) -> Mapping[str, int]:
        """Return how many jobs there are, wait and run, and how many are being uploaded."""
        return {
            "jobs": len(self._tickets),
            "waiting": len(self._waiting),
            "running": len(self._courses),
            "uploads": self._uploads,
        }

    @contextmanager
    def receiving(self) -> Iterator[tuple[str, Path]]:
        """Return a context with a new id and an empty folder for what is uploaded.

        The folder is gone afterwards, unless the job was submitted. One thread does this, that
        of the requests: it must not wait for a disk that others write to.

        Raises:
            Problem: If too many jobs wait, or the service is ending.
        """
        self._refuse_more()
        self._uploads += 1
        name = secrets.token_hex(16)
        folder = self.records.incoming / name
        try:
            folder.mkdir()
            yield name, folder
        finally:
            self._uploads -= 1
            shutil.rmtree(folder, ignore_errors=True)

    def submit(self, name: str, base: str, title: str, cells: Mapping[str, str]) -> Ticket:
        """Return the ticket of a new job, whose files are in the incoming folder ``name``.

        Args:
            name: Its id.
            base: What its folder is to be called, as far as that name is free.
            title: What it is called, for people.
            cells: What is asked for.

        Raises:
            OutputError: If the disk refuses.
        """
        with self._changed:
            folder = self._free_name(base)
            self._number += 1
            ticket = Ticket(name, self._number, folder, title, dict(cells), created=time.time())
            self.records.save(ticket)
            try:
                self.records.settle(ticket)
            except OutputError:  # who asked is told so, and no ghost of it comes back later
                self.records.remove(ticket)
                raise
            self._tickets[name] = ticket
            self._waiting.append(name)
            self._changed.notify()
        return ticket

    def cancel(self, name: str) -> Ticket:
        """Return the ticket of a job that is done no more; one that runs ends within a second.

        Raises:
            Problem: If there is none, or it is over.
        """
        with self._changed:
            ticket = self.find(name)
            if ticket.stand.is_over:
                raise Problem(409, "is_over", f"the job is {ticket.stand.value} already")
            if ticket.stand is Stand.WAITING:
                self._waiting.remove(name)
                return self._change(ticket, stand=Stand.CANCELLED, ended=time.time())
            self._cancelled.add(name)
            return ticket

    def delete(self, name: str, forget: Callable[[Ticket], None]) -> None:
        """Remove a job and all its files.

        Args:
            name: Its id.
            forget: Removes what was made on the way to its results.

        Raises:
            Problem: If there is none, or it runs.
            OutputError: If the disk refuses.
        """
        with self._changed:
            ticket = self.find(name)
            if ticket.stand is Stand.RUNNING:
                raise Problem(409, "is_running", "the job is being done", "cancel it first")
            if ticket.stand is Stand.WAITING:
                self._waiting.remove(name)
            ticket = self._change(ticket, stand=Stand.DELETING)
        forget(ticket)
        self.records.remove(ticket)
        with self._changed:
            del self._tickets[name]

    # --- what the threads that work ask

    def take(self) -> Ticket | None:
        """Return the next job, as soon as there is one; None when the service ends."""
        with self._changed:
            self._changed.wait_for(lambda: self.urgency or self._waiting)
            if self.urgency:
                return None
            ticket = self._tickets[self._waiting.popleft()]
            self._courses[ticket.id] = Course()
            # Not on the disk: a job that was running waits again after a restart.
            self._tickets[ticket.id] = replace(ticket, stand=Stand.RUNNING)
            return self._tickets[ticket.id]

    def stopping(self, ticket: Ticket) -> int:
        """Return how urgently work on ``ticket`` is to stop: 0 not, 1 after its step, 2 now."""
        return 2 if ticket.id in self._cancelled else self.urgency

    def move(self, ticket: Ticket, **changes: object) -> None:
        """Note how far ``ticket`` is."""
        course = self._courses.get(ticket.id, _NO_COURSE)
        self._courses[ticket.id] = replace(course, **changes)  # type: ignore[arg-type]

    def finish(self, ticket: Ticket, **changes: object) -> None:
        """Note that ``ticket`` is over, and how; one that was not reached waits again."""
        with self._changed:
            if changes.get("stand") is Stand.WAITING:
                if ticket.id in self._cancelled:
                    changes = {"stand": Stand.CANCELLED}
                else:
                    self._waiting.appendleft(ticket.id)
            if changes["stand"] is not Stand.WAITING:
                changes["ended"] = time.time()
            with suppress(OutputError):  # a full disk: it is done again after a restart
                self._change(ticket, **changes)
            self._courses.pop(ticket.id, None)
            self._cancelled.discard(ticket.id)

    def close(self, urgency: int) -> None:
        """Let the threads that work come to an end."""
        with self._changed:
            self.urgency = max(self.urgency, urgency)
            self._changed.notify_all()

    def _refuse_more(self) -> None:
        if self.urgency:
            raise Problem(503, "ending", "the service is ending", headers=_LATER)
        if len(self._waiting) + self._uploads >= self.limits.waiting:
            hint = "try again later"
            raise Problem(429, "queue_full", "too many jobs are waiting", hint, _LATER)
        if len(self._tickets) >= self.limits.kept:
            raise Problem(429, "library_full", "too many jobs are kept", "delete old ones")

    def _free_name(self, base: str) -> str:
        """Return ``base``, with a number if a folder is called so already."""
        library = self.records.workplace.library
        taken = {ticket.name.casefold() for ticket in self._tickets.values()}
        name, number = base, 1
        while name.casefold() in taken or (library / name).exists():
            number += 1
            name = f"{base}-{number}"
        return name

    def _change(self, ticket: Ticket, **changes: object) -> Ticket:
        changed = replace(ticket, **changes)  # type: ignore[arg-type]
        self._tickets[ticket.id] = changed
        self.records.save(changed)
        return changed
